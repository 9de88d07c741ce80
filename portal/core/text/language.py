"""Which language a text is in, and in which direction it runs."""

import importlib
import re
import threading
import unicodedata
from typing import Any, cast

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
# Below this certainty (1 = sure) a guess about a short text is worse than the reader's own language.
_LEAST_CERTAINTY = 0.40


class _LazyIdentifier:
    """Holds the language model and loads it at the first question, once for all threads.

    The model needs numpy (57 MB); importing it costs a second that a page view without a new text
    should not pay. This is the one place where something is imported late, hence `importlib`.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._identifier: Any = None

    def get(self) -> Any:
        """The identifier restricted to GUESSABLE_LANGUAGES; loads it when it is not there yet."""
        with self._lock:
            if self._identifier is None:
                module = importlib.import_module("py3langid.langid")
                identifier = module.LanguageIdentifier.from_model_file(module.MODEL_FILE, norm_probs=True)
                identifier.set_languages(GUESSABLE_LANGUAGES)
                self._identifier = identifier
            return self._identifier


_identifier = _LazyIdentifier()


def guess_language(text: str, fallback: str) -> str:
    """The language code a text seems to be written in, or `fallback` when there is too little to tell.

    A guess for the writer to correct, not a fact. Reads at most the first 2,000 characters; links,
    addresses and numbers do not count. The first call loads the model (about half a second), later
    ones take well under a millisecond.
    """
    words = _NOT_WORDS.sub(" ", text[:2000]).strip()
    if sum(1 for character in words if character.isalpha()) < _ENOUGH_LETTERS:
        return fallback
    language, certainty = cast(tuple[str, float], _identifier.get().classify(words))
    if certainty < _LEAST_CERTAINTY:
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


def first_strong_direction(text: str) -> str:
    """The direction of the first letter that has one, as a browser decides for `dir="auto"`."""
    for character in text:
        kind = unicodedata.bidirectional(character)
        if kind == "L":
            return "ltr"
        if kind in ("R", "AL"):
            return "rtl"
    return "ltr"
