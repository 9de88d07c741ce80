"""What categories of other cities' files mean here: words of a category -> topic."""

from __future__ import annotations

from collections.abc import Iterable

from portal.core.text import fold
from portal.proposals.models import Topic

# Beginnings of folded words, in the languages of the files we know and of our neighbours.
WORDS: dict[Topic, tuple[str, ...]] = {
    Topic.STREETS: (
        "street", "road", "transit", "transport", "traffic", "sidewalk", "mobil", "verkehr", "strass",
        "rad", "drogi", "ulic", "kozlek", "eco-mobil", "parkplat", "gehweg", "openbare ruimte",
    ),
    Topic.GREEN: (
        "green", "nature", "environment", "park", "tree", "grun", "natur", "umwelt", "klima", "zielen",
        "groen", "zold", "vegetal",
    ),
    Topic.PLAY: ("sport", "play", "recreation", "spiel", "child", "kinder", "jugend", "youth", "freizeit"),
    Topic.MEETING: (
        "public space", "meeting", "communit", "treff", "begegn", "nachbar", "cadre de vie", "platz",
    ),
    Topic.CULTURE: ("cultur", "kultur", "art", "kunst", "music", "musik", "sztuk"),
    Topic.LEARNING: ("educat", "bildung", "school", "schule", "learn", "edukac", "librar", "biblio"),
    Topic.HEALTH: ("health", "gesund", "welfare", "sozial", "social", "pflege", "zdrow", "inklus"),
    Topic.SAFETY: ("safe", "sicher", "police", "beleucht", "bezpiecz", "light"),
    Topic.HOUSING: ("hous", "wohn", "facilit", "building", "gebaud", "miet"),
}  # fmt: skip


def topic_of(categories: Iterable[str]) -> Topic | None:
    """The topic of the first category that says something to us; OTHER for unknown words, None for none."""
    named = [fold(category).strip() for category in categories if category.strip()]
    for category in named:
        exact = next((topic for topic in Topic if topic.value == category), None)
        if exact:
            return exact
        for topic, beginnings in WORDS.items():
            if _begins(category, beginnings):
                return topic
    return Topic.OTHER if named else None


def _begins(category: str, beginnings: tuple[str, ...]) -> bool:
    words = category.replace("&", " ").replace("/", " ").split()
    return any(category.startswith(one) or any(word.startswith(one) for word in words) for one in beginnings)
