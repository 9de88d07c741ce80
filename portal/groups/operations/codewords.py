"""Codes of three words that can be read aloud in any language: two syllables each, without a list of words.

14 consonants and 5 vowels make 70 syllables, 4,900 words and 1.2e11 codes (36 bits).
"""

from __future__ import annotations

import secrets

# Without c, h, q, w, x, y and j: read differently in German, Turkish and English, or easily misheard.
CONSONANTS = "bdfgklmnprstvz"
VOWELS = "aeiou"
WORDS_IN_A_CODE = 3
# Enough for many words, so that one that is left out costs nothing.
_BITS = 256
# Two-syllable words that mean something unkind in one of the portal's languages.
_NOT_THESE = frozenset(
    {"kaka", "popo", "pipi", "puta", "nazi", "pedo", "dumu", "bobo", "mama", "papa", "fiki"}
)


def code_words(number: int | None = None) -> list[str]:
    """Three words by chance: "bomi", "saru", "teva". From a number of many bits always the same ones."""
    left = secrets.randbits(_BITS) if number is None else number
    words: list[str] = []
    while len(words) < WORDS_IN_A_CODE:
        word = ""
        for letters in (CONSONANTS, VOWELS, CONSONANTS, VOWELS):
            left, at = divmod(left, len(letters))
            word += letters[at]
        if word not in _NOT_THESE:
            words.append(word)
    return words
