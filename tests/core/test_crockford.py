"""Codes from paper: a wrong letter and two swapped ones are noticed; every way of typing is read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.crockford import ALPHABET, LONGEST, check_letter, grouped, new_code, read_code

bodies = st.text(ALPHABET, min_size=1, max_size=LONGEST)


@given(bodies, st.data())
def test_one_wrong_letter_is_noticed(body: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(body) - 1))
    other = data.draw(st.sampled_from([one for one in ALPHABET if one != body[place]]))
    assert check_letter(body[:place] + other + body[place + 1 :]) != check_letter(body)


@given(bodies.filter(lambda body: len(set(body)) > 1), st.data())
def test_two_swapped_letters_are_noticed(body: str, data: st.DataObject) -> None:
    pairs = [(i, j) for i in range(len(body)) for j in range(i) if body[i] != body[j]]
    one, other = data.draw(st.sampled_from(pairs))
    letters = list(body)
    letters[one], letters[other] = letters[other], letters[one]
    assert check_letter("".join(letters)) != check_letter(body)


def test_a_wrong_check_letter_is_noticed_also_when_swapped_with_its_neighbour() -> None:
    code = "7K2M9PQRSTVW" + check_letter("7K2M9PQRSTVW")
    assert read_code(code, 12) == code
    assert read_code(code[:-2] + code[-1] + code[-2], 12) is None
    assert [letter for letter in ALPHABET if read_code(code[:-1] + letter, 12)] == [code[-1]]


def test_worked_example() -> None:
    assert check_letter("7") == "E"
    assert grouped("7K2M9PQRSTVWX") == "7K2M-9PQR-STVWX"
    assert grouped("7K2M9PQR") == "7K2M-9PQR"


@pytest.mark.parametrize(
    "change",
    [
        str.lower,
        grouped,
        lambda code: " ".join(code),
        lambda code: f"  {grouped(code).replace('-', ' – ')}\n",
        lambda code: code.replace("0", "O").replace("1", "l"),
        lambda code: code.replace("0", "о").replace("1", "I"),
        lambda code: code.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")),
        lambda code: code.translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")),
        lambda code: "\u200f" + code + "\u200e",
        lambda code: "".join(chr(ord(sign) + 0xFEE0) for sign in code),
    ],
)
def test_what_people_type_is_read(change: object) -> None:
    for body in ("0123456789AB", "K1M0P7QRSTVW"):
        code = body + check_letter(body)
        assert read_code(change(code), 12) == code  # type: ignore[operator]


@pytest.mark.parametrize(
    "typed", ["", "7", "U" * 13, "7K2M-9PQR-STVW", "A" * 10_000, "7K2M9PQRSTV\x00W", "😀" * 13]
)
def test_what_cannot_be_a_code_is_none(typed: str) -> None:
    assert read_code(typed, 12) is None


def test_new_codes_are_valid_and_differ() -> None:
    codes = {new_code(12) for _ in range(500)}
    assert len(codes) == 500
    assert all(read_code(code, 12) == code for code in codes)


def test_no_code_is_longer_than_the_powers_reach() -> None:
    with pytest.raises(ValueError):
        check_letter("7" * (LONGEST + 1))
