"""Which language a text is in, and in which direction it runs."""

import importlib
import re
import threading
from collections.abc import Callable
from typing import Any, cast

try:
    import pycld2
except ImportError:  # no wheel for this processor or Python: the heavier reader takes its place
    pycld2 = None

# What people in German towns write in. A closed list keeps short texts from being taken for
# Luxembourgish or Afrikaans; every code is known to the model.
GUESSABLE_LANGUAGES: tuple[str, ...] = (
    "ar", "bg", "cs", "de", "el", "en", "es", "fa", "fr", "hr", "hu", "it", "ku", "nl", "pl", "pt", "ro",
    "ru", "sk", "so", "sq", "sr", "tr", "uk", "vi", "zh",
)  # fmt: skip
_RIGHT_TO_LEFT = frozenset({"ar", "fa", "prs", "pes", "ur", "he", "yi", "ps", "ckb", "sd", "ug", "dv", "arc"})
_RIGHT_TO_LEFT_SCRIPTS = frozenset({"arab", "hebr", "thaa", "syrc", "nkoo"})

# Letters that the first language of a pair has and the ones the model mixes it up with have not.
_TELLING_LETTERS = {"uk": frozenset("ґєїіҐЄЇІ"), "fa": frozenset("پچژگ")}
_MIXED_UP = {"ru": "uk", "bg": "uk", "sr": "uk", "ar": "fa"}
_NOT_WORDS = re.compile(r"https?://\S+|www\.\S+|\S+@\S+|[\d\W_]+")
_ENOUGH_LETTERS = 4
# Below this certainty (1 = sure) the heavier reader's guess is worse than the reader's own language.
_LEAST_CERTAINTY = 0.40
# Languages of the light reader that are not on our list, and the neighbour short texts are taken for.
_NEAREST = {"mk": "bg", "bs": "hr"}


def read_lightly(words: str) -> str | None:
    """The language by Compact Language Detector 2 (3 MB); None when it is not sure of it."""
    sure, _, found = pycld2.detect(words, bestEffort=True)
    return _NEAREST.get(found[0][1], found[0][1]) if sure else None


class HeavyReader:
    """The language by py3langid, where there is no wheel of the light reader; loaded at the first question.

    It needs numpy (90 MB in all); importing it costs a second that a page view without a new text should
    not pay. This is the one place where something is imported late, hence `importlib`.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._identifier: Any = None

    def __call__(self, words: str) -> str | None:
        """None when it is not sure of it."""
        with self._lock:
            if self._identifier is None:
                module = importlib.import_module("py3langid.langid")
                identifier = module.LanguageIdentifier.from_model_file(module.MODEL_FILE, norm_probs=True)
                identifier.set_languages(GUESSABLE_LANGUAGES)
                self._identifier = identifier
        language, certainty = cast(tuple[str, float], self._identifier.classify(words))
        return language if certainty >= _LEAST_CERTAINTY else None


_read: Callable[[str], str | None] = read_lightly if pycld2 else HeavyReader()


def guess_language(text: str, fallback: str) -> str:
    """The language code a text seems to be written in, or `fallback` when there is too little to tell.

    A guess for the writer to correct, not a fact. Reads at most the first 2,000 characters; links,
    addresses and numbers do not count. Takes well under a millisecond (ADR 0014).
    """
    words = _NOT_WORDS.sub(" ", text[:2000]).strip()
    if sum(1 for character in words if character.isalpha()) < _ENOUGH_LETTERS:
        return fallback
    language = _read(words)
    if language not in GUESSABLE_LANGUAGES:
        return fallback
    neighbour = _MIXED_UP.get(language)
    if neighbour and _TELLING_LETTERS[neighbour].intersection(words):
        return neighbour
    return language


def text_direction(language: str) -> str:
    """`"rtl"` or `"ltr"` for a language code like `ar`, `de-simple`, `de@leicht` or `ku-Arab`."""
    parts = re.split(r"[-_@]", language.lower())
    if _RIGHT_TO_LEFT_SCRIPTS.intersection(parts[1:]):
        return "rtl"
    if {"latn", "cyrl"}.intersection(parts[1:]):
        return "ltr"
    return "rtl" if parts[0] in _RIGHT_TO_LEFT else "ltr"
