"""Taking out of a text what nobody typed on purpose: control characters, tricks, stray space."""

import re
import unicodedata

# Bidirectional overrides, embeddings and isolates can make a text read differently from what it is
# (Trojan Source, CVE-2021-42574); the page sets dir="auto" instead. LRM, RLM and the joiners stay:
# Arabic, Persian and emoji need them and they reorder nothing by themselves.
_BIDI_CONTROLS = "\u202a-\u202e\u2066-\u2069\u206a-\u206f"
# Zero-width space and byte order mark, word joiner and the invisible operators, soft hyphen,
# interlinear annotation marks, tag characters, Hangul and Braille "letters" without ink.
_INVISIBLE = "\u200b\ufeff\u2060-\u2064\u00ad\ufff9-\ufffb\U000e0001-\U000e007f\u115f\u1160\u3164\uffa0\u2800"
# Lone surrogates cannot be stored in UTF-8; U+FFFE and U+FFFF are no characters at all.
_UNSTORABLE = "\ud800-\udfff\ufffe\uffff"
_CONTROLS_BUT_NEWLINE_AND_TAB = "\x00-\x08\x0b-\x1f\x7f-\x9f"

_DROPPED = re.compile(f"[{_CONTROLS_BUT_NEWLINE_AND_TAB}{_BIDI_CONTROLS}{_INVISIBLE}{_UNSTORABLE}]")
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_SPACE_RUN = re.compile(r"\s+")
_BLANK_LINES = re.compile(r"\n{3,}")


def clean_text(value: str) -> str:
    """A text of several lines as it is stored: NFC, line ends as LF, no control characters.

    Blank lines come at most one at a time, space at the ends of lines is dropped, indentation stays.
    """
    text = _LINE_ENDS.sub("\n", value)
    text = _DROPPED.sub("", text)
    text = unicodedata.normalize("NFC", text)
    # Line by line: the obvious pattern for "space before a line end" takes quadratic time on long runs.
    text = "\n".join(line.rstrip() for line in text.split("\n"))
    return _BLANK_LINES.sub("\n\n", text).strip("\n")


def clean_line(value: str) -> str:
    """A text of one line as it is stored: NFC, no control characters, every run of space one space."""
    text = _LINE_ENDS.sub(" ", value)
    text = _DROPPED.sub("", text)
    return _SPACE_RUN.sub(" ", unicodedata.normalize("NFC", text)).strip()


def ascii_digits(value: str) -> str:
    """The text with the decimal digits of every script as 0 to 9: `"٤٢"` and `"۴۲"` become `"42"`."""
    if value.isascii():
        return value
    return "".join(
        str(unicodedata.decimal(character)) if character.isdecimal() else character for character in value
    )


def excerpt(value: str, length: int) -> str:
    """The beginning of a plain text on one line, at most `length` characters, cut between words.

    A word that alone is too long is cut, but never between a letter and its combining marks.
    """
    text = clean_line(value)
    if len(text) <= length:
        return text
    if length < 2:
        return text[:length]
    cut = length - 1
    head = text[:cut]
    if not text[cut].isspace():
        space = head.rfind(" ")
        # Scripts without spaces, and one very long word: better a cut word than an empty excerpt.
        if space >= cut // 2:
            head = head[:space]
        else:
            while head and unicodedata.category(text[len(head)]).startswith("M"):
                head = head[:-1]
    return head.rstrip(" ,;:–—-") + "…"
