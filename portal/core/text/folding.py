"""One spelling for searching and comparing: what looks alike or is typed alike becomes equal.

The search index holds only folded text and both databases search it as it is, so that the same
question finds the same things on SQLite and on PostgreSQL.
"""

import re
import unicodedata

# Letters that Unicode does not decompose but that people type without their stroke or in the other
# national form: Polish ł, Croatian đ, Danish ø; Turkish dotless i; Arabic hamza and Persian forms;
# Ukrainian ґ.
_SAME_LETTER = {
    "ł": "l", "đ": "d", "ð": "d", "ø": "o", "ħ": "h", "ŧ": "t", "æ": "ae", "œ": "oe", "þ": "th", "ı": "i",
    "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ی": "ي", "ې": "ي", "ے": "ي", "ئ": "ي", "ؤ": "و",
    "ة": "ه", "ہ": "ه", "ۀ": "ه", "ە": "ه", "ک": "ك", "ڪ": "ك",
    "ґ": "г",
}  # fmt: skip
_APOSTROPHES = "'’‘ʼʹ`´′＇ʻ"
_TATWEEL = "ـ"
# Joiners and other format characters are typed or left out at will and never carry meaning in a search.
_FORMAT = "\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\u061c"

_TABLE = {ord(letter): same for letter, same in _SAME_LETTER.items()}
_DROPPED = re.compile(f"[{_FORMAT}{_TATWEEL}{_APOSTROPHES}]")
_WORD = re.compile(r"[^\W_]+")


def _without_marks(text: str) -> str:
    """The text decomposed and without combining marks: umlaut dots, accents, harakat, vowel signs."""
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(c for c in decomposed if c.isascii() or unicodedata.category(c)[0] != "M")


def _digits(text: str) -> str:
    return "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in text)


def fold(value: str) -> str:
    """The spelling under which a text is searched and compared; folding twice changes nothing.

    Case, accents, umlaut dots, harakat, tatweel, apostrophes, invisible characters and the scripts'
    own digits make no difference: `"Straße"` and `"STRASSE"`, `"İzmir"` and `"izmir"`, `"أحمد"` and
    `"احمد"` are equal. About 0.1 ms for a text of 100 words.
    """
    if value.isascii():
        return _DROPPED.sub("", value.lower())
    text = unicodedata.normalize("NFKC", value).casefold()
    text = _DROPPED.sub("", _without_marks(text)).translate(_TABLE)
    # Decomposing splits Hangul syllables into letters; put them together again before comparing.
    return _digits(unicodedata.normalize("NFC", text)).lower()


def tokens(value: str) -> list[str]:
    """The folded words and numbers of a text, in their order, repeated ones included."""
    return _WORD.findall(fold(value))
