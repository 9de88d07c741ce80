"""Codes people type from paper: Crockford's 32 characters and one check letter at the end.

Source: Douglas Crockford, "Base 32" (no I, L, O, U; O reads as 0, I and L as 1). His check symbol needs five
signs that stand on no letter; ours is a character of the same 32, a weighted sum in the field GF(32): the
character at place i counts times 2^(i+1) (x^5 = x^2 + 1). The 31 powers of 2 all differ and none of them is 1
up to place 29, so every wrong character and every pair of swapped ones is noticed, in codes of up to 30.
"""

from __future__ import annotations

import re
import secrets
import unicodedata

from portal.core.text import ascii_digits

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LONGEST = 30
# Letters of other alphabets that look like ours: a phone's keyboard may be in another language.
_LOOK_ALIKES = str.maketrans("АВЕКМНОРСТХЅЈΑΒΕΖΗΙΚΜΝΟΡΤΥΧOIL", "ABEKMH0PCTXSJABEZH1KMN0PTYX011")
_SEPARATORS = re.compile(r"[\s\-‐-―−_./·]+")


def new_code(length: int) -> str:
    """A random code of `length` characters (5 bits each) with its check letter behind: `length` + 1 long."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(length))
    return body + check_letter(body)


def check_letter(body: str) -> str:
    """The letter that shows a slip of the pen. Example: `check_letter("7") == "E"` (7 times 2 is 14)."""
    if not 0 < len(body) <= LONGEST:
        raise ValueError("a code has 1 to 30 characters")
    total, weight = 0, 2
    for character in body:
        total ^= _times(ALPHABET.index(character), weight)
        weight = _times(weight, 2)
    return ALPHABET[total]


def read_code(typed: str, length: int) -> str | None:
    """The code as it was printed, from what somebody typed; None if it cannot be one.

    Small letters, spaces, dashes, the digits of every script, O for 0 and I for 1 are all fine. None means a
    slip (wrong length, a sign that is no letter, a check letter that does not fit), never "unknown".
    """
    if len(typed) > 200:
        return None
    text = ascii_digits(unicodedata.normalize("NFKC", typed)).upper().translate(_LOOK_ALIKES)
    text = "".join(sign for sign in _SEPARATORS.sub("", text) if unicodedata.category(sign) != "Cf")
    if len(text) != length + 1 or any(sign not in ALPHABET for sign in text):
        return None
    return text if check_letter(text[:-1]) == text[-1] else None


def grouped(code: str, size: int = 4) -> str:
    """For reading: `grouped("7K2M9PQRSTVWX") == "7K2M-9PQR-STVWX"`; no character stands alone."""
    parts = [code[start : start + size] for start in range(0, len(code), size)]
    if len(parts) > 1 and len(parts[-1]) == 1:
        parts[-2:] = [parts[-2] + parts[-1]]
    return "-".join(parts)


def _times(one: int, other: int) -> int:
    """The product in GF(32) with x^5 = x^2 + 1, whose element 2 has order 31."""
    product = 0
    while other:
        if other & 1:
            product ^= one
        one <<= 1
        if one & 32:
            one ^= 0b100101
        other >>= 1
    return product
