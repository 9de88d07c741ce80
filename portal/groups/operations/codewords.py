"""Codes of three words that can be read aloud in any language: two syllables each, without a list of words.

14 consonants and 5 vowels make 70 syllables, 4,900 words and 1.2e11 codes (36 bits).
"""

from __future__ import annotations

import secrets

# Without c, h, q, w, x, y and j: read differently in German, Turkish and English, or easily misheard.
CONSONANTS = "bdfgklmnprstvz"
VOWELS = "aeiou"
WORDS_IN_A_CODE = 3
# Two-syllable words that mean something unkind in one of the portal's languages.
_NOT_THESE = frozenset(
    {"kaka", "popo", "pipi", "puta", "nazi", "pedo", "dumu", "bobo", "mama", "papa", "fiki"}
)


def code_words() -> list[str]:
    """Three words by chance: "bomi", "saru", "teva"."""
    return [_word() for _ in range(WORDS_IN_A_CODE)]


def _word() -> str:
    while True:
        word = "".join(secrets.choice(CONSONANTS) + secrets.choice(VOWELS) for _ in range(2))
        if word not in _NOT_THESE:
            return word
