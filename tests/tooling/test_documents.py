"""What the documents say is true of the code: links, commands, settings, figures in publiccode.yml."""

import re
from pathlib import Path

import click
import pytest
import yaml

from portal import __version__
from portal.cli import main
from portal.core.i18n import LANGUAGES
from portal.core.settings import Settings

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
MANDATORY = {
    *("publiccodeYmlVersion", "name", "url", "platforms", "developmentStatus", "softwareType"),
    *("description", "categories", "legal", "maintenance", "localisation"),
}
CATEGORIES = {
    "collaboration",
    "digital-citizenship",
    "online-community",
}  # of the standard's list, those used
SCOPES = {"local-authorities", "society", "welfare"}


def text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_somewhere(path: Path) -> None:
    targets = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", text(path))
    missing = [one for one in targets if "://" not in one and not (path.parent / one).exists()]
    assert missing == []


def test_every_make_target_that_is_named_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", text(ROOT / "Makefile"), re.MULTILINE))
    named = {
        word
        for path in DOCUMENTS
        for command in re.findall(r"(?:`|^)make ((?:[a-z]+ ?)+)", text(path), re.MULTILINE)
        for word in command.split()
    }
    assert named
    assert named <= targets


def command(name: str) -> click.Command | None:
    """The command of this name; its file is read when somebody asks."""
    return main.get_command(click.Context(main), name)


def commands() -> set[str]:
    """The names of all commands, `db upgrade` and the like included."""
    found = set()
    for name in main.list_commands(click.Context(main)):
        found.add(name)
        if isinstance(group := command(name), click.Group):
            found |= {f"{name} {inner}" for inner in group.commands}
    return found


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_every_command_that_is_named_exists(path: Path) -> None:
    known = commands()
    named = re.findall(r"(?:`|bin/|-m |ExecStart=\S+)portal ([a-z]+(?: [a-z]+)?)", text(path))
    unknown = [one for one in named if one not in known and one.split()[0] not in known]
    unknown += [one for one in named if isinstance(command(one.split()[0]), click.Group) and one not in known]
    assert unknown == []


def test_the_settings_are_all_described_and_no_others() -> None:
    described = set(re.findall(r"PORTAL_[A-Z_]+", text(ROOT / "docs" / "operating.md")))
    assert described == {f"PORTAL_{name.upper()}" for name in Settings.__dataclass_fields__}


def test_publiccode_yml_follows_the_standard() -> None:
    code = yaml.safe_load(text(ROOT / "publiccode.yml"))
    assert set(code) >= MANDATORY
    for words in code["description"].values():
        assert len(words["shortDescription"]) <= 150
        assert 150 <= len(words["longDescription"]) <= 10_000
        assert words["features"]
    assert set(code["categories"]) <= CATEGORIES
    assert set(code["intendedAudience"]["scope"]) <= SCOPES
    assert code["maintenance"]["contacts"][0]["name"]
    assert code["softwareVersion"] == __version__
    spoken = {language.babel.partition("@")[0] for language in LANGUAGES.values()}
    assert set(code["localisation"]["availableLanguages"]) == spoken


def test_the_decisions_are_listed() -> None:
    folder = ROOT / "docs" / "adr"
    written = {path.name for path in folder.glob("0*.md")}
    assert set(re.findall(r"\]\((0[^)]+)\)", text(folder / "README.md"))) == written
    for name in written:
        assert re.search(
            r"^Status: (proposed|accepted|replaced by \d{4})$", text(folder / name), re.MULTILINE
        )
