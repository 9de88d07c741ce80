"""From what a person typed to what a database understands."""

from __future__ import annotations

from dataclasses import dataclass

from portal.core.text import tokens

LONGEST_QUESTION = 80  # characters
MOST_WORDS = 8
SHORTEST_PART = 3  # trigrams know nothing shorter


@dataclass(frozen=True)
class Question:
    """The folded words of a question; letters and digits only, so nothing in them can mean anything else."""

    words: tuple[str, ...]

    @classmethod
    def of(cls, typed: str) -> Question:
        """The first words of what was typed; a repeated word counts once."""
        words = list(dict.fromkeys(tokens(typed[:LONGEST_QUESTION])))
        # While somebody types, the last word is often a single letter; it says nothing beside real words.
        longer = [word for word in words if len(word) > 1 or word.isdigit()]
        return cls(tuple((longer or words)[:MOST_WORDS]))

    @property
    def can_be_part(self) -> bool:
        """Whether titles that contain the words inside other words can be looked up."""
        return any(len(word) >= SHORTEST_PART for word in self.words)

    def fts5(self) -> str:
        """For FTS5: each word as a prefix (a single character as a whole word), all of them."""
        return " AND ".join(f'"{word}"{"*" if len(word) > 1 else ""}' for word in self.words)

    def tsquery(self) -> str:
        """The same for PostgreSQL."""
        return " & ".join(f"'{word}'{':*' if len(word) > 1 else ''}" for word in self.words)

    def fts5_parts(self) -> str:
        """For the trigram index: the words that are long enough, anywhere."""
        return " AND ".join(f'"{word}"' for word in self.words if len(word) >= SHORTEST_PART)

    def patterns(self) -> list[str]:
        """LIKE patterns of all words."""
        return [f"%{escaped(word)}%" for word in self.words]


def escaped(word: str) -> str:
    r"""A word inside a LIKE pattern with ESCAPE '\'."""
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def trigrams(word: str, most: int) -> list[str]:
    """The different groups of three letters of a word, at most so many, spread over it."""
    found = list(dict.fromkeys(word[i : i + 3] for i in range(max(len(word) - 2, 0))))
    return found[:: max(1, -(-len(found) // most))]
