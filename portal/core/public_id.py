"""Short public ids for URLs and letters, without letters that are confused with others."""

from __future__ import annotations

import secrets

# No 0/o, 1/l/i, u/v, and no vowels but e: neither misread nor a word by accident.
ALPHABET = "23456789abcdefghjkmnpqrstwxyz"


def new_id(length: int = 8) -> str:
    """A random id; 8 characters are 5e11 possibilities. Uniqueness is the column's constraint."""
    return "".join(secrets.choice(ALPHABET) for _ in range(length))
