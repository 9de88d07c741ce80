"""Word by word: what changed, and whether it is more than wording."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.proposals.models import ProposalVersion
from portal.proposals.queries import changes_between, is_substance, word_diff
from portal.proposals.queries.comparing import changed_share


def version(what: str, title: str = "Eine Bank", place: str = "") -> ProposalVersion:
    return ProposalVersion(title=title, what_md=what, why_md="", for_whom_md="", place_words=place)


def test_words_that_came_and_went() -> None:
    parts = word_diff("eine rote Bank", "eine grüne Bank")
    assert parts == (("same", "eine "), ("removed", "rote"), ("added", "grüne"), ("same", " Bank"))


@given(st.text(max_size=60), st.text(max_size=60))
def test_both_texts_can_be_read_out_of_the_difference(before: str, after: str) -> None:
    parts = word_diff(before, after)
    assert "".join(text for kind, text in parts if kind != "removed") == after
    assert "".join(text for kind, text in parts if kind != "added") == before


def test_only_fields_that_differ_are_named() -> None:
    changes = changes_between(version("a", place="Markt"), version("b", place="Markt"))
    assert [change.field for change in changes] == ["what_md"]


def test_the_share_of_changed_words() -> None:
    assert changed_share("a b c d", "a b c x") == pytest.approx(0.25)
    assert changed_share("", "") == 0.0


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (version("Bitte eine Bank."), version("Bitte eine Bank!"), False),
        (version("bitte eine bank"), version("Bitte, eine BANK"), False),
        (version("Bitte eine Bank."), version("Bitte ein Parkhaus."), True),
        (version("Text"), version("Text", title="Ein Parkhaus"), True),
        (version("Text"), version("Text", place="Markt"), True),
        (version("w " * 40), version("w " * 40 + "mehr"), False),
    ],
)
def test_substance(before: ProposalVersion, after: ProposalVersion, expected: bool) -> None:
    assert is_substance(before, after) is expected


def test_long_texts_are_compared_in_time() -> None:
    before = " ".join(f"wort{n}" for n in range(3000))
    after = " ".join(f"wort{n}" for n in range(3000, 0, -1))
    start = time.perf_counter()
    word_diff(before, after)
    assert time.perf_counter() - start < 2
