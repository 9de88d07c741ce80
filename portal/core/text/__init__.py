"""What people type: cleaning, folding for search, Markdown to safe HTML, language of a text.

Pure functions without database or request. The rules for display names live in `portal.core.names`
and are offered here as well, so that callers need one import for everything about text.
"""

from portal.core.names import NameProblem, NameProblemCode, check_display_name, skeleton
from portal.core.text.cleaning import ascii_digits, clean_line, clean_text, excerpt
from portal.core.text.folding import fold, tokens
from portal.core.text.language import GUESSABLE_LANGUAGES, guess_language, text_direction
from portal.core.text.markdown import MAX_MARKDOWN_CHARACTERS, plain_text, render_markdown

__all__ = [
    "GUESSABLE_LANGUAGES",
    "MAX_MARKDOWN_CHARACTERS",
    "NameProblem",
    "NameProblemCode",
    "ascii_digits",
    "check_display_name",
    "clean_line",
    "clean_text",
    "excerpt",
    "fold",
    "guess_language",
    "plain_text",
    "render_markdown",
    "skeleton",
    "text_direction",
    "tokens",
]
