"""The wheel, installed in an environment of its own away from the checkout, is a whole portal."""

import os
import re
import shutil
import subprocess
import sys
import urllib.error
import urllib.request
import venv
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.services import die_with_parent, free_port, wait_for_port

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.packaging


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from the checkout as it is."""
    folder = tmp_path_factory.mktemp("dist")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    done = subprocess.run(build, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    (found,) = folder.glob("*.whl")
    return found


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The `bin` folder of a new environment that has the wheel; its dependencies are borrowed from ours."""
    place = tmp_path_factory.mktemp("installed")
    venv.create(place, with_pip=False, symlinks=True)
    python = place / "bin" / "python"
    if shutil.which("uv"):
        install = ["uv", "pip", "install", "--quiet", "--python", str(python)]
    else:
        install = [sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet"]
    subprocess.run([*install, "--no-deps", "--no-index", str(wheel)], check=True)
    ours = next(path for path in map(Path, sys.path) if path.name == "site-packages")
    (theirs,) = place.glob("lib/python*/site-packages")
    (theirs / "borrowed.pth").write_text(f"{ours}\n", encoding="utf-8")
    return python.parent


def run(program: Path, *arguments: str, folder: Path) -> str:
    """What a command of the installed wheel prints; run away from the checkout."""
    done = subprocess.run(
        [str(program), *arguments], cwd=folder, env=environment(folder), capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def environment(folder: Path, **settings: str) -> dict[str, str]:
    """No setting of the tests' own gets through."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("PORTAL_", "PYTHON"))}
    return {**clean, "PORTAL_INSTANCE": str(folder / "instance"), **settings}


@contextmanager
def serving(bin_folder: Path, folder: Path) -> Iterator[str]:
    """The installed portal at work; gives its address."""
    port = free_port()
    process = subprocess.Popen(
        [str(bin_folder / "portal"), "serve"],
        cwd=folder,
        env=environment(folder, PORTAL_PORT=str(port)),
        stdout=subprocess.DEVNULL,
        preexec_fn=die_with_parent(9),
    )
    try:
        wait_for_port(port, process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=60)


def get(url: str) -> tuple[str, str]:
    """Content type and text of a page that must be there."""
    with urllib.request.urlopen(url, timeout=20) as answer:
        return answer.headers["Content-Type"], answer.read().decode()


def test_the_wheel_carries_what_the_portal_opens(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    tops = {name.split("/")[2] for name in names if name.startswith("portal/_data/")}
    assert tops == {"migrations", "static", "templates", "translations"}
    assert {name for name in names if name.endswith((".po", ".pot"))} == set()
    catalogues = {name.split("/")[3] for name in names if name.endswith(".mo")}
    assert catalogues == {path.parts[-3] for path in ROOT.glob("translations/*/LC_MESSAGES/*.po")}
    foreign = [name for name in names if name.startswith(("tests/", "tools/", "benchmarks/", "instance/"))]
    assert foreign == []


def test_the_command_is_there(installed: Path, tmp_path: Path) -> None:
    words = run(installed / "portal", "--help", folder=tmp_path)
    assert "serve" in words
    assert run(installed / "portal", "--version", folder=tmp_path).strip().endswith("0.1.0")


def test_it_serves_pages_and_static_files_out_of_the_wheel(installed: Path, tmp_path: Path) -> None:
    where = run(installed / "python", "-c", "import portal; print(portal.__file__)", folder=tmp_path)
    assert where.startswith(str(installed.parent))
    run(installed / "portal", "db", "upgrade", folder=tmp_path)
    with serving(installed, tmp_path) as address:
        kind, page = get(f"{address}/de/")
        assert kind == "text/html; charset=utf-8"
        assert 'lang="de"' in page
        static = re.findall(r'(?:href|src)="(/static/[^"#]+)', page)
        assert static
        for url in set(static):
            get(address + url)
        with pytest.raises(urllib.error.HTTPError, match="404"):
            get(f"{address}/de/gibt-es-nicht")
