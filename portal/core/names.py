"""Which display names are possible: real names of every language yes, tricks and borrowed authority no.

The rules follow what was measured on our stack (hostile inputs H26 to H39) and the ContextJ rules of
RFC 5892, appendix A for the two joiners.
"""

import re
import unicodedata
from enum import StrEnum

from portal.core.confusables import LETTER_PAIRS, LETTERS_FOR_FIGURES, LOOKALIKE_CAPITALS, LOOKALIKES
from portal.core.errors import DomainError
from portal.core.i18n import lazy_gettext
from portal.core.reserved_names import RESERVED_ANYWHERE, RESERVED_FIRST, RESERVED_PARTS, RESERVED_WHOLE

MAX_NAME_CHARACTERS = 60
MAX_MARKS_ON_A_LETTER = 3

_ZWNJ, _ZWJ = "\u200c", "\u200d"
_VIRAMA_CLASS = 9
# Without ink although Unicode calls them letters, marks or symbols.
_BLANK = frozenset("\u115f\u1160\u3164\uffa0\u2800\u034f\u17b4\u17b5\u180b\u180c\u180d\u180f\u061c")
_VARIATION_SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_SPACES = re.compile("[ \u00a0\u2007\u202f\u3000]+")
_PUNCTUATION = frozenset("-'’‘ʼʻ`´.,·&()/_!?־׳״‐‑・․॰،‧")
# Compatibility characters that are ordinary in names: Spanish Mª, Catalan ŀ, Dutch ĳ, Croatian ǆ ǉ ǌ, ŉ.
_ORDINARY_COMPATIBILITY = frozenset("ªºŀĿĳĲŉǄǅǆǇǈǉǊǋǌ")
# A word has one script, except that these are mixed in honest names: "LINEさん", "김K".
_MIXABLE_SCRIPTS = frozenset(
    {"LATIN", "CJK", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA", "IDEOGRAPHIC", "BOPOMOFO", "HANGUL"}
)
_LINK = re.compile(
    r"://|\bwww\.|@|[\w-]{2}\.(?:com|net|org|info|de|eu|at|ch|io|app|dev|ru|ua|tr|xyz|online|site|example)\b",
    re.IGNORECASE,
)
_WORD_BREAK = re.compile(r"[\W_]+")
_REPEATED = re.compile(r"(.)\1+")
_FIGURES = re.compile(r"[0-9]+")
_FIGURE_BEFORE_LETTER = re.compile("[" + re.escape("".join(LETTERS_FOR_FIGURES)) + r"](?=\w)")
_VOWELS_AND_L = frozenset("aeiouyl")


class NameProblemCode(StrEnum):
    """Why a display name is refused; the form has a sentence for each."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    INVISIBLE = "invisible"
    SYMBOL = "symbol"
    STYLED = "styled"
    MARKS = "marks"
    MIXED_SCRIPTS = "mixed_scripts"
    RESERVED = "reserved"
    LINK = "link"


_MESSAGES = {
    NameProblemCode.EMPTY: lazy_gettext("Please choose a name with at least one letter."),
    NameProblemCode.TOO_LONG: lazy_gettext("Please choose a shorter name, at most 60 characters."),
    NameProblemCode.INVISIBLE: lazy_gettext("This name has invisible characters. Please type it again."),
    NameProblemCode.SYMBOL: lazy_gettext("Please use letters, numbers and simple punctuation only."),
    NameProblemCode.STYLED: lazy_gettext("Please type the name with ordinary letters."),
    NameProblemCode.MARKS: lazy_gettext("This name has too many marks on a letter."),
    NameProblemCode.MIXED_SCRIPTS: lazy_gettext("Please write each word of the name in one alphabet."),
    NameProblemCode.RESERVED: lazy_gettext("This name sounds like an office. Please choose another one."),
    NameProblemCode.LINK: lazy_gettext("A name cannot be a web address. Please choose another one."),
}


class NameProblem(DomainError):
    """A display name that cannot be used; `code` says why, the message says it to the person."""

    field = "display_name"

    def __init__(self, code: NameProblemCode, *, field: str | None = None) -> None:
        super().__init__(_MESSAGES[code], field=field)
        self.code = code


def check_display_name(value: str) -> str:
    """The name as it is stored (NFC, single spaces); raises NameProblem when it cannot be used.

    Refused are control and invisible characters, blank-looking and over-marked letters, letters
    styled by symbols, words mixed from look-alike scripts, links, and words that lend the authority
    of staff or of the town, also when they are disguised.
    """
    if len(value) > 4 * MAX_NAME_CHARACTERS:
        raise NameProblem(NameProblemCode.TOO_LONG)
    name = _SPACES.sub(" ", unicodedata.normalize("NFC", value)).strip(" ")
    if len(name) > MAX_NAME_CHARACTERS:
        raise NameProblem(NameProblemCode.TOO_LONG)
    for position, character in enumerate(name):
        problem = _problem_of(name, position, character)
        if problem is not None:
            raise NameProblem(problem)
    if not any(unicodedata.category(character).startswith("L") for character in name):
        raise NameProblem(NameProblemCode.EMPTY)
    if _has_too_many_marks(name):
        raise NameProblem(NameProblemCode.MARKS)
    if _LINK.search(name):
        raise NameProblem(NameProblemCode.LINK)
    if any(_mixes_scripts(word) for word in re.split(r"[\s\-‐‑/&(),]+", name)):
        raise NameProblem(NameProblemCode.MIXED_SCRIPTS)
    if is_reserved(name):
        raise NameProblem(NameProblemCode.RESERVED)
    return name


def _problem_of(name: str, position: int, character: str) -> NameProblemCode | None:
    """What is wrong with one character of a name, if anything."""
    category = unicodedata.category(character)
    if character in (_ZWJ, _ZWNJ):
        return None if _joiner_is_at_home(name, position) else NameProblemCode.INVISIBLE
    if character in _BLANK or _VARIATION_SELECTORS.match(character):
        return NameProblemCode.INVISIBLE
    if category[0] == "C" or category in ("Zl", "Zp"):
        return NameProblemCode.INVISIBLE
    if category == "Zs":
        return None if character == " " else NameProblemCode.INVISIBLE
    if category == "Me":
        return NameProblemCode.MARKS
    if category[0] == "M":
        return NameProblemCode.MARKS if position == 0 or name[position - 1] == " " else None
    if _is_styled(character):
        return NameProblemCode.STYLED
    if category[0] == "L" or category == "Nd" or character in _PUNCTUATION:
        return None
    return NameProblemCode.SYMBOL


def _joiner_is_at_home(name: str, position: int) -> bool:
    """Whether a ZWJ or ZWNJ stands where writing needs it: after a virama, or inside an Arabic word."""
    if position == 0 or position == len(name) - 1:
        return False
    before, after = name[position - 1], name[position + 1]
    if unicodedata.combining(before) == _VIRAMA_CLASS:
        return True
    return _script(before) == "ARABIC" and _script(after) == "ARABIC"


def _is_styled(character: str) -> bool:
    """Whether this is a Latin letter or figure in disguise: 𝐀, Ａ, ⓐ, ᵃ, ﬁ."""
    if character.isascii() or character in _ORDINARY_COMPATIBILITY:
        return False
    plain = unicodedata.normalize("NFKC", character)
    return plain != character and any(letter.isascii() and letter.isalnum() for letter in plain)


def _has_too_many_marks(name: str) -> bool:
    """Whether more than three marks are stacked on one letter, counted after decomposition."""
    run = 0
    for character in unicodedata.normalize("NFD", name):
        run = run + 1 if unicodedata.category(character) == "Mn" else 0
        if run > MAX_MARKS_ON_A_LETTER:
            return True
    return False


def _script(character: str) -> str:
    """The script of a letter, by its Unicode name: LATIN, CYRILLIC, ARABIC, …; empty for non-letters."""
    if unicodedata.category(character)[0] != "L":
        return ""
    if character in "ªº":
        return "LATIN"
    return unicodedata.name(character, "").split(" ", 1)[0]


def _mixes_scripts(word: str) -> bool:
    """Whether the letters of a word come from scripts that no honest word mixes, like Latin and Cyrillic."""
    scripts = {_script(character) for character in word} - {"", "MODIFIER"}
    return len(scripts) > 1 and not scripts <= _MIXABLE_SCRIPTS


def skeleton(value: str) -> str:
    """What a name looks like: two names with the same skeleton can be taken for each other.

    Case, accents, spaces, punctuation, look-alike letters of other scripts, figures for letters (0 for
    o, 1 for l) and letter pairs (rn for m) make no difference. `"Anna"` with a Cyrillic А, `"anna"` and
    `"Ánna"` are one; `"Alla"`, `"Alia"` and `"Aila"` are three. For a UNIQUE column, never for display.
    """
    text = unicodedata.normalize("NFKC", _without_joiners(value))
    text = "".join(_word_shape(part) for part in re.split(r"(\s+)", text))
    return _joined(text)


def _without_joiners(value: str) -> str:
    return "".join(character for character in value if unicodedata.category(character) != "Cf")


def _word_shape(word: str) -> str:
    """A word with capital I and figure 1 read as the small l they imitate inside a word, and back."""
    return "".join(_shape(word, position) for position in range(len(word)))


def _shape(word: str, position: int) -> str:
    """One character of a word as it is read beside its neighbours.

    An initial small l before a consonant is a disguised capital I ("lnga"): no name begins like that.
    """
    character = word[position]
    after = word[position + 1 : position + 2]
    neighbours = word[max(0, position - 1) : position] + after
    if character == "I" and position and any(letter.islower() for letter in neighbours):
        return "l"
    if character in "01" and any(letter.isalpha() for letter in neighbours):
        return "l" if character == "1" else "o"
    if character == "l" and position == 0 and after.isalpha():
        return "l" if unicodedata.normalize("NFD", after.lower())[0] in _VOWELS_AND_L else "i"
    return character


def _joined(text: str) -> str:
    """The letters and figures of a text in their Latin look, without case, marks and anything else."""
    text = "".join(LOOKALIKE_CAPITALS.get(character, character) for character in text)
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    letters = (c for c in decomposed if unicodedata.category(c)[0] in "LN")
    looks = "".join(LOOKALIKES.get(c) or LOOKALIKE_CAPITALS.get(c, c) for c in letters)
    for pair, letter in LETTER_PAIRS:
        looks = looks.replace(pair, letter)
    return looks


def _disguise_off(text: str) -> str:
    """The coarsest look, for comparing with reserved words only: i and l are one letter, double letters
    of longer words count once.
    """
    looks = _joined(unicodedata.normalize("NFKC", _without_joiners(text))).replace("l", "i")
    return _REPEATED.sub(r"\1", looks) if len(looks) > 5 else looks


def _words(name: str) -> list[str]:
    """The words of a name without disguise; letters typed apart ("a d m i n") are put together."""
    words: list[str] = []
    run = ""
    for word in _WORD_BREAK.split(name):
        if len(word) == 1:
            run += word
            continue
        words += [run, word]
        run = ""
    return [_disguise_off(word) for word in [*words, run] if word]


def _readings(name: str) -> list[list[str]]:
    """The ways to read a name's figures and signs: as the letters they imitate, and as decoration."""
    plain = unicodedata.normalize("NFKC", _without_joiners(name))
    as_letters = _FIGURE_BEFORE_LETTER.sub(lambda match: LETTERS_FOR_FIGURES[match.group()], plain)
    return [_words(_FIGURES.sub("", as_letters)), _words(_FIGURES.sub("", plain))]


_ANYWHERE = frozenset(_disguise_off(word) for word in RESERVED_ANYWHERE)
_FIRST = frozenset(_disguise_off(word) for word in RESERVED_FIRST)
_WHOLE = frozenset(_disguise_off(word) for word in RESERVED_WHOLE)
_PARTS = frozenset(_disguise_off(word) for word in RESERVED_PARTS)


def is_reserved(name: str) -> bool:
    """Whether a name claims to be staff, the town or the portal itself, however it is spelt."""
    return any(_claims_authority(words) for words in _readings(name) if words)


def _claims_authority(words: list[str]) -> bool:
    whole = _disguise_off("".join(words))
    return (
        whole in _WHOLE | _ANYWHERE
        or words[0] in _FIRST
        or any(word in _ANYWHERE for word in words)
        or any(part in whole for part in _PARTS)
    )
