"""Third-party files are the pinned ones or none at all."""

import sys
from pathlib import Path

import pytest

from tools import assets

# Stands for an installer: does what it is told with the folder after --target.
PRETEND = (
    "import sys, pathlib;"
    "place = pathlib.Path(sys.argv[sys.argv.index('--target') + 1], {member!r});"
    "place.parent.mkdir(parents=True); place.write_text({words!r})"
)


def pretend(words: str) -> list[list[str]]:
    return [[sys.executable, "-c", PRETEND.format(member=assets.MEMBER, words=words)]]


def test_a_file_that_is_not_the_pinned_one_is_not_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(assets, "installers", lambda: pretend("alert(1)"))
    with pytest.raises(assets.AssetsUnavailable, match="not the pinned file"):
        assets.fetch(tmp_path / "htmx.min.js")
    assert list(tmp_path.iterdir()) == []


def test_the_pinned_file_is_taken_and_known_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assets, "FILE_SHA256", assets.hashlib.sha256(b"htmx").hexdigest())
    monkeypatch.setattr(assets, "installers", lambda: pretend("htmx"))
    target = tmp_path / "vendor" / "htmx.min.js"
    assert not assets.is_current(target)
    assets.fetch(target)
    assert assets.is_current(target)
    target.write_text("htmx, changed")
    assert not assets.is_current(target)


def test_without_a_network_set_up_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(assets, "is_current", lambda path=tmp_path: False)
    monkeypatch.setattr(assets, "installers", lambda: [[sys.executable, "-c", "raise SystemExit('no way')"]])
    assert assets.main() == 0
    words = capsys.readouterr().out
    assert "no way" in words
    assert "make assets" in words


def test_the_file_of_this_checkout_is_the_pinned_one() -> None:
    # `make test` has fetched it; a stale file would be measured and tested in place of the pinned one.
    assert not assets.TARGET.exists() or assets.is_current()
