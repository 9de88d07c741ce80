"""The translation catalogues: `python tools/catalogues.py compile` or `extract`.

English is the source language and has no catalogue. Every other language is a folder
`translations/<locale>/LC_MESSAGES/messages.po`. Needs Babel and nothing of the portal, since the
build hook of the wheel runs it too.
"""

import argparse
import io
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
TRANSLATIONS = ROOT / "translations"
LANGUAGES = ("de", "de@leicht", "tr", "uk", "ar")

# The forms of CLDR. Babel would give Turkish one form, which cannot say "this comment" and "5 comments".
PLURAL_FORMS = {
    "de": "nplurals=2; plural=(n != 1);",
    "de@leicht": "nplurals=2; plural=(n != 1);",
    "tr": "nplurals=2; plural=(n != 1);",
    "uk": "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : "
    "n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) ? 1 : 2);",
    "ar": "nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : "
    "n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5);",
}

KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "_l": None,
    "_pl": ((1, "c"), 2),
    "N_": None,
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
    "lazy_ngettext": (1, 2),
    "NN_": (1, 2),
    "pgettext": ((1, "c"), 2),
    "lazy_pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}


def po_path(language: str, folder: Path = TRANSLATIONS) -> Path:
    """Where the catalogue of one language is kept."""
    return folder / language / "LC_MESSAGES" / "messages.po"


def read_catalogue(path: Path) -> Catalog:
    """One .po file; a mistake in the file is an error, not a warning."""
    with path.open("rb") as source:
        return read_po(source, abort_invalid=True)


def compile_all(folder: Path = TRANSLATIONS, force: bool = False) -> list[Path]:
    """Writes a .mo beside every .po that is newer than it; returns those written."""
    written = []
    for po in sorted(folder.glob("*/LC_MESSAGES/*.po")):
        mo = po.with_suffix(".mo")
        if not force and mo.exists() and mo.stat().st_mtime >= po.stat().st_mtime:
            continue
        buffer = io.BytesIO()
        write_mo(buffer, read_catalogue(po))
        # Renamed into place, so that a server starting meanwhile never reads half a file.
        half = mo.with_suffix(".mo.new")
        half.write_bytes(buffer.getvalue())
        half.replace(mo)
        written.append(mo)
    return written


def extract() -> Catalog:
    """Every message of the code and the templates as they are now, in a stable order."""
    catalogue = Catalog(project="Nachbarnetz", charset="utf-8")
    for filename, line, message, comments, context in _found():
        catalogue.add(message, None, [(filename, line)], auto_comments=comments, context=context)
    return catalogue


def _found() -> Iterator[tuple[str, int, str | tuple[str, ...], list[str], str | None]]:
    with (ROOT / "babel.cfg").open(encoding="utf-8") as config:
        methods, options = parse_mapping_cfg(config)  # type: ignore[no-untyped-call]
    for name in ("portal", "templates"):
        for path, line, message, comments, context in extract_from_dir(
            ROOT / name,
            methods,
            options,
            keywords=KEYWORDS,
            comment_tags=("Translators:",),
            strip_comment_tags=True,
        ):
            yield f"{name}/{path}", line, message, comments, context


def is_translated(message: Message) -> bool:
    """Whether the message, in each of its plural forms, has words."""
    forms = message.string if isinstance(message.string, (list, tuple)) else [message.string]
    return all(forms)


def update(language: str, template: Catalog, folder: Path = TRANSLATIONS) -> Catalog:
    """Brings one language up to the code: new messages come in empty, gone ones go, nothing is guessed."""
    path = po_path(language, folder)
    catalogue = read_catalogue(path) if path.exists() else _begin(language)
    # A fuzzy guess would be shown to nobody, yet has to be found and corrected by somebody.
    catalogue.update(
        template, no_fuzzy_matching=True, update_header_comment=False, update_creation_date=False
    )
    catalogue.obsolete.clear()
    return catalogue


def _begin(language: str) -> Catalog:
    catalogue = Catalog(
        project="Nachbarnetz",
        version="1",
        header_comment=f"# Nachbarnetz, {language}. English is the source. Update: make messages",
        msgid_bugs_address="see CONTRIBUTING.md",
        last_translator="Nachbarnetz",
        language_team=language,
        charset="utf-8",
        fuzzy=False,
    )
    headers = [
        (k, v) for k, v in catalogue.mime_headers if k not in {"Language", "Language-Team", "Plural-Forms"}
    ]
    catalogue.mime_headers = [*headers, ("Language", language), ("Plural-Forms", PLURAL_FORMS[language])]
    return catalogue


def write_catalogue(catalogue: Catalog, path: Path) -> None:
    """Writes a .po without line numbers, so that moving code does not change six files."""
    path.parent.mkdir(parents=True, exist_ok=True)
    buffer = io.BytesIO()
    write_po(buffer, catalogue, width=100, sort_by_file=True, include_lineno=False, ignore_obsolete=True)
    path.write_bytes(buffer.getvalue())


def main(arguments: list[str]) -> int:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("command", choices=("compile", "extract"))
    chosen = parser.parse_args(arguments)
    if chosen.command == "compile":
        compile_all()
        return 0
    template = extract()
    for language in LANGUAGES:
        catalogue = update(language, template)
        write_catalogue(catalogue, po_path(language))
        empty = sum(1 for message in catalogue if message.id and not is_translated(message))
        print(f"{language:10} {len(catalogue)} messages, {empty} to translate")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
