"""Every language that is shipped is whole: all messages, all plural forms, all placeholders, no guesses."""

import ast
import re
from collections import Counter
from functools import cache

import pytest
from babel.messages.catalog import Catalog, Message

from portal.core.i18n import LANGUAGES, SOURCE_LANGUAGE
from tools import catalogues

TRANSLATED = sorted({one.babel for one in LANGUAGES.values() if one.slug != SOURCE_LANGUAGE})
PLACEHOLDER = re.compile(r"%\((\w+)\)[a-z]|%%")
TAG = re.compile(r"</?[a-z][^>]*>")


@cache
def template() -> Catalog:
    """What code and templates say now."""
    return catalogues.extract()


@cache
def catalogue(language: str) -> Catalog:
    """A language as it is kept."""
    return catalogues.read_catalogue(catalogues.po_path(language))


def test_code_and_templates_are_both_read() -> None:
    places = {path.split("/")[0] for message in template() for path, _ in message.locations}
    assert places == {"portal", "templates"}


def messages(language: str) -> list[Message]:
    """The messages of a language, without its header."""
    return [message for message in catalogue(language) if message.id]


def key(message: Message) -> tuple[str | None, str]:
    """What a message is looked up by."""
    identifier = message.id if isinstance(message.id, str) else message.id[0]
    return message.context, identifier


def forms(value: object) -> list[str]:
    """Singular and plural forms alike, as a list."""
    return [str(one) for one in value] if isinstance(value, list | tuple) else [str(value or "")]


def placeholders(words: str) -> Counter[str]:
    """The placeholders of a text, each as often as it stands there."""
    return Counter(match.group(0) for match in PLACEHOLDER.finditer(words))


def test_the_tools_know_every_language_the_portal_speaks() -> None:
    assert sorted(catalogues.LANGUAGES) == TRANSLATED
    assert sorted(catalogues.PLURAL_FORMS) == TRANSLATED


def test_placeholders_have_names() -> None:
    # A translator has to move them; "%s of %s" and "{0} of {1}" cannot be moved.
    bare = re.compile(r"%(?![(%])|\{\d*\}")
    assert [key(m) for m in template() if m.id if any(bare.search(one) for one in forms(m.id))] == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_the_catalogue_is_up_to_date(language: str) -> None:
    wanted = {key(message) for message in template() if message.id}
    kept = {key(message) for message in messages(language)}
    assert wanted - kept == set(), "make messages"
    assert kept - wanted == set(), "make messages"


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_message_is_translated(language: str) -> None:
    assert [key(message) for message in messages(language) if not catalogues.is_translated(message)] == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_nothing_is_a_guess(language: str) -> None:
    assert [key(message) for message in messages(language) if message.fuzzy] == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_plural_forms_are_complete(language: str) -> None:
    number = catalogue(language).num_plurals
    assert catalogue(language).plural_forms == catalogues.PLURAL_FORMS[language].rstrip(";") + ";"
    wrong = [key(m) for m in messages(language) if m.pluralizable and len(forms(m.string)) != number]
    assert wrong == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_placeholders_fit(language: str) -> None:
    wrong = []
    for message in messages(language):
        allowed = [placeholders(one) for one in forms(message.id)]
        for form in forms(message.string):
            # "One comment" may say the number or leave it out, as may every form of another language.
            if message.pluralizable:
                known = set().union(*allowed)
                is_right = set(placeholders(form)) <= known and placeholders(form)["%%"] == allowed[0]["%%"]
                is_right = is_right and known - set(placeholders(form)) <= {
                    "%(n)s",
                    "%(num)s",
                    "%(n)d",
                    "%(num)d",
                }
            else:
                is_right = placeholders(form) == allowed[0]
            if form and not is_right:
                wrong.append((key(message), form))
    assert wrong == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_markup_fits(language: str) -> None:
    def tags(words: str) -> Counter[str]:
        return Counter(TAG.findall(words))

    wrong = [
        (key(message), form)
        for message in messages(language)
        for form in forms(message.string)
        if form and tags(form) not in [tags(one) for one in forms(message.id)]
    ]
    assert wrong == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_spaces_and_ends_fit(language: str) -> None:
    # A lost space glues two words together where a sentence goes on in a template.
    wrong = [
        key(message)
        for message in messages(language)
        for form in forms(message.string)
        if form
        and (form[0].isspace(), form[-1].isspace())
        not in {(one[0].isspace(), one[-1].isspace()) for one in forms(message.id)}
    ]
    assert wrong == []


def test_german_speaks_to_people_with_sie() -> None:
    # "du" and its kin; words inside words ("dur", "ein") do not count.
    familiar = re.compile(
        r"\b(?:du|dich|dir|dein|deine|deinen|deinem|deiner|deines|euch|euer|eure)\b", re.IGNORECASE
    )
    assert [key(m) for m in messages("de") if any(familiar.search(form) for form in forms(m.string))] == []


# What each function of portal.core.i18n hands to the catalogues.
CALLED = {
    name: catalogues.KEYWORDS[name]
    for name in (
        *("gettext", "ngettext", "pgettext", "npgettext", "lazy_gettext", "lazy_ngettext", "lazy_pgettext"),
        "N_",
    )
}


def names_nobody_extracts(source: str) -> list[str]:
    """Names under which this code calls a translating function, and which the extractor does not know so."""
    tree = ast.parse(source)
    given = [
        (alias.name, alias.asname or alias.name)
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "portal.core.i18n"
        for alias in node.names
    ] + [
        (node.value.id if isinstance(node.value, ast.Name) else node.value.attr, target.id)
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Name | ast.Attribute)
        for target in node.targets
        if isinstance(target, ast.Name)
    ]
    unknown = object()
    return [
        name
        for function, name in given
        if function in CALLED and catalogues.KEYWORDS.get(name, unknown) != CALLED[function]
    ]


def test_words_are_called_only_by_names_that_are_extracted() -> None:
    """Words behind `lazy_pgettext as _lp` stayed English in every language, and nothing said so."""
    found = {
        path.relative_to(catalogues.ROOT): names
        for path in sorted((catalogues.ROOT / "portal").rglob("*.py"))
        if (names := names_nobody_extracts(path.read_text()))
    }
    assert found == {}
    for bad in (
        "from portal.core.i18n import lazy_pgettext as _lp",
        "from portal.core.i18n import lazy_pgettext as _l",
        "from portal.core.i18n import gettext as __",
        "from portal.core import i18n\nsay = i18n.lazy_ngettext",
    ):
        assert names_nobody_extracts(bad), bad
    assert not names_nobody_extracts("from portal.core.i18n import lazy_pgettext as _pl, ngettext")
