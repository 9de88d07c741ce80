"""The tool for translations: compiles what changed, keeps what was translated, guesses nothing."""

import gettext
import os
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from tools import catalogues


def template(*messages: str | tuple[str, str]) -> Catalog:
    made = Catalog(charset="utf-8")
    for message in messages:
        made.add(message, None, [("portal/x.py", 1)])
    return made


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Catalogues of an Arabic town that knows three messages, two of them translated."""
    made = catalogues.update("ar", template("Save", "Cancel", ("%(n)s vote", "%(n)s votes")), tmp_path)
    made.get("Save").string = "حفظ"
    made.get("%(n)s vote").string = tuple(f"form {number} %(n)s" for number in range(6))
    catalogues.write_catalogue(made, catalogues.po_path("ar", tmp_path))
    return tmp_path


def test_translations_stay_new_messages_are_empty_and_old_ones_go(folder: Path) -> None:
    updated = catalogues.update("ar", template("Save", "Saved"), folder)
    assert updated.get("Save").string == "حفظ"
    # Close to "Save", yet nobody has translated it.
    assert not updated.get("Saved").string
    assert not updated.get("Saved").fuzzy
    assert [message.id for message in updated if message.id] == ["Save", "Saved"]
    assert not updated.obsolete


def test_writing_twice_changes_nothing(folder: Path) -> None:
    path = catalogues.po_path("ar", folder)
    before = path.read_text()
    again = template("Save", "Cancel", ("%(n)s vote", "%(n)s votes"))
    catalogues.write_catalogue(catalogues.update("ar", again, folder), path)
    assert path.read_text() == before


def test_only_newer_catalogues_are_compiled(folder: Path) -> None:
    (made,) = catalogues.compile_all(folder)
    assert catalogues.compile_all(folder) == []
    os.utime(made.with_suffix(".po"), (made.stat().st_mtime + 1,) * 2)
    assert catalogues.compile_all(folder) == [made]
    assert catalogues.compile_all(folder, force=True) == [made]


def test_the_compiled_catalogue_counts_in_arabic(folder: Path) -> None:
    catalogues.compile_all(folder)
    arabic = gettext.translation("messages", str(folder), ["ar"])
    numbers = [0, 1, 2, 3, 11, 100]
    assert [arabic.ngettext("%(n)s vote", "%(n)s votes", n) for n in numbers] == [
        f"form {number} %(n)s" for number in range(6)
    ]
    assert arabic.gettext("Save") == "حفظ"


def test_a_message_with_an_empty_plural_form_is_not_translated(folder: Path) -> None:
    made = catalogues.read_catalogue(catalogues.po_path("ar", folder))
    assert catalogues.is_translated(made.get("Save"))
    assert not catalogues.is_translated(made.get("Cancel"))
    votes = made.get("%(n)s vote")
    assert catalogues.is_translated(votes)
    votes.string = (*votes.string[:5], "")
    assert not catalogues.is_translated(votes)
