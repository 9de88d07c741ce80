"""Display names: every real name passes, every borrowed authority and every trick is refused."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.core.names import NameProblem, NameProblemCode, check_display_name, is_reserved, skeleton

NAMES = json.loads((Path(__file__).parent / "display_names.json").read_text(encoding="utf-8"))
REAL = [(language, name) for language, names in NAMES["real"].items() for name in names]
BAD = [(entry["name"], entry["why"]) for entry in NAMES["bad"]]


def _problem(name: str) -> str | None:
    try:
        check_display_name(name)
    except NameProblem as problem:
        return problem.code.value
    return None


def test_list_is_as_large_as_promised() -> None:
    assert len(NAMES["real"]) >= 25
    assert len(REAL) >= 200
    assert len(BAD) >= 40
    assert len({name for _, name in REAL}) == len(REAL)


def test_real_names_are_accepted() -> None:
    refused = [(language, name, _problem(name)) for language, name in REAL if _problem(name)]
    assert refused == []


@pytest.mark.parametrize(("name", "why"), BAD)
def test_bad_names_are_refused_for_their_reason(name: str, why: str) -> None:
    assert _problem(name) == why


def test_name_comes_back_composed_and_with_single_spaces() -> None:
    assert check_display_name("  Zoe\u0308 \u00a0  Mu\u0308ller ") == "Zoë Müller"


def test_persian_name_keeps_its_joiner_and_latin_name_may_not_have_one() -> None:
    assert check_display_name("علی\u200cرضا") == "علی\u200cرضا"
    assert _problem("An\u200cna") == NameProblemCode.INVISIBLE
    assert _problem("علی\u200c") == NameProblemCode.INVISIBLE


def test_word_boundaries_matter_for_short_reserved_words() -> None:
    assert check_display_name("Joe Root") == "Joe Root"
    assert check_display_name("Ahmad Mina") == "Ahmad Mina"
    assert check_display_name("Pervez Musharraf") == "Pervez Musharraf"
    assert check_display_name("پرویز مشرف") == "پرویز مشرف"
    assert _problem("Root") == NameProblemCode.RESERVED


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Anna", "Аnna"),
        ("Anna", "ANNA"),
        ("Anna", "Ánna"),
        ("Anna", "An na"),
        ("Bernd", "Bemd"),
        ("Olaf", "0laf"),
        ("Ela", "EIa"),
        ("Inga", "lnga"),
        ("paco", "расо"),
        ("Νίκος", "νικος"),
        ("Світлана", "СВІТЛАНА"),
        ("محمد", "مُحَمَّد"),
    ],
)
def test_names_that_look_alike_share_a_skeleton(one: str, other: str) -> None:
    assert skeleton(one) == skeleton(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Alla", "Alia"),
        ("Lia", "Ila"),
        ("Mila", "Mia"),
        ("Anna", "Hanna"),
        ("محمد", "محمود"),
        ("Ivan", "Iwan"),
    ],
)
def test_different_names_have_different_skeletons(one: str, other: str) -> None:
    assert skeleton(one) != skeleton(other)


def test_real_names_hardly_ever_collide() -> None:
    skeletons = [skeleton(name) for _, name in REAL]
    assert all(skeletons)
    assert len(set(skeletons)) == len(skeletons)


@pytest.mark.parametrize(
    "word", ["Admin", "moderation", "Stadtverwaltung", "Администратор", "المشرف", "Yönetici"]
)
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_decorated_reserved_words_stay_reserved(word: str, data: st.DataObject) -> None:
    decorated = "".join(
        data.draw(st.sampled_from([letter, letter.upper(), letter.lower()])) for letter in word
    )
    before = data.draw(st.sampled_from(["", "Die ", "Ihre ", "-", "xX "]))
    after = data.draw(st.sampled_from(["", "!", "1", " 24", ".", " Nord"]))
    assert is_reserved(before + decorated + after)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=80))
def test_any_text_is_either_refused_or_accepted_for_good(text: str) -> None:
    try:
        name = check_display_name(text)
    except NameProblem:
        return
    assert check_display_name(name) == name
    assert name
    assert len(name) <= 60
    assert skeleton(name)
