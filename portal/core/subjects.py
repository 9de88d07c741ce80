"""Soft references: mechanisms that point at anything (reports, notices, audit) hold (kind, id) only.

Each package registers what it owns here; the mechanism asks for title, link and visibility without
importing the package.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from portal.core.actors import Actor
from portal.core.db import session


@dataclass(frozen=True)
class SubjectRef:
    """Points at one thing of any package."""

    kind: str
    id: int


@dataclass(frozen=True)
class Stopping:
    """How something people share is stopped for some days, and goes on. `stop` takes (thing, actor, days)."""

    can_stop: Callable[[Any], bool]
    is_stopped: Callable[[Any], bool]
    stop: Callable[[Any, Actor, int], None]
    go_on: Callable[[Any], None]


@dataclass(frozen=True)
class Copies:
    """How copies of one text are found among public things of a kind.

    `recent` takes (accounts made after, written after, how many at most); things of one `place`, such as a
    conversation, count once.
    """

    recent: Callable[[datetime, datetime, int], Iterable[Any]]
    words: Callable[[Any], str]
    place: Callable[[Any], int]


@dataclass(frozen=True)
class SubjectKind:
    """What a package tells about a kind of thing it owns. All callables take the loaded object."""

    kind: str
    label: Any
    load: Callable[[int], Any | None]
    load_public: Callable[[str], Any | None]
    public_id: Callable[[Any], str]
    title: Callable[[Any], str]
    endpoint: Callable[[Any], tuple[str, dict[str, Any]]]
    can_see: Callable[[Actor, Any], bool]
    author_id: Callable[[Any], int | None] = field(default=lambda thing: None)
    district_id: Callable[[Any], int | None] = field(default=lambda thing: None)
    language: Callable[[Any], str] = field(default=lambda thing: "")
    excerpt: Callable[[Any], str] = field(default=lambda thing: "")
    pictures: Callable[[Any], Iterable[Any]] = field(default=lambda thing: ())
    hide: Callable[[Any], None] | None = None
    restore: Callable[[Any], None] | None = None
    is_hidden: Callable[[Any], bool] = field(default=lambda thing: False)
    load_many: Callable[[Sequence[int]], dict[int, Any]] | None = None
    # How many of them became public since then, for figures.
    made_since: Callable[[datetime], int] = field(default=lambda since: 0)
    # Whether somebody may learn that a hidden thing stands here: its tombstone, and by which rule.
    can_see_place: Callable[[Actor, Any], bool] = field(default=lambda actor, thing: False)
    edit_endpoint: Callable[[Any], tuple[str, dict[str, Any]] | None] = field(default=lambda thing: None)
    # False where a report must not hold who made it: being able to report tells who belongs to something.
    names_reporters: Callable[[Any], bool] = field(default=lambda thing: True)
    # account id -> a Select of the ids it wrote, for lists about a person (what staff did about me).
    written_by: Callable[[int], Any] | None = None
    # Something many people answer for: who may read decisions about it, and object.
    speaks_for: Callable[[Actor, Any], bool] | None = None
    # (ids of things, accounts) -> (thing, account) of those who belong: nobody decides about their own.
    belonging: Callable[[Collection[int], Collection[int]], set[tuple[int, int]]] = field(
        default=lambda ids, accounts: set()
    )
    # What can be stopped as a whole: this thing (`stopping`), or what it stands in.
    stopping: Stopping | None = None
    stands_in: Callable[[Any], SubjectRef | None] = field(default=lambda thing: None)
    # Public texts that may be spread as copies; None where nobody compares, such as in rooms of groups.
    copies: Copies | None = None
    # What a measure means for this kind, where the common words do not fit.
    scopes: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Subject:
    """A thing together with what its package says about it."""

    kind: SubjectKind
    id: int
    thing: Any

    @property
    def title(self) -> str:
        """Its name as people know it."""
        return self.kind.title(self.thing)

    @property
    def endpoint(self) -> tuple[str, dict[str, Any]]:
        """Where it is shown: endpoint and values for url_for."""
        return self.kind.endpoint(self.thing)

    @property
    def author_id(self) -> int | None:
        """The account that wrote it."""
        return self.kind.author_id(self.thing)

    def visible_to(self, actor: Actor) -> bool:
        """Whether the actor may see it now."""
        return self.kind.can_see(actor, self.thing)


HELD, MOST_HELD = "subjects.held", 20

_kinds: dict[str, SubjectKind] = {}


def register(kind: SubjectKind) -> None:
    """A package registers one of its kinds at import."""
    if kind.kind in _kinds:
        raise ValueError(f"subject kind {kind.kind} is registered twice")
    _kinds[kind.kind] = kind


def kinds() -> list[SubjectKind]:
    """All registered kinds."""
    return list(_kinds.values())


def get_kind(name: str) -> SubjectKind | None:
    """The registered kind or None."""
    return _kinds.get(name)


def resolve(ref: SubjectRef) -> Subject | None:
    """The thing a reference points at, or None when it is gone."""
    kind = _kinds.get(ref.kind)
    thing = kind.load(ref.id) if kind else None
    # The session forgets what nobody holds: one request would read the same thing four times.
    session().info.setdefault(HELD, deque(maxlen=MOST_HELD)).append(thing)
    return Subject(kind, ref.id, thing) if kind and thing is not None else None


def resolve_many(refs: Iterable[SubjectRef]) -> dict[SubjectRef, Subject]:
    """The things these references point at, without those that are gone: for lists.

    One question per kind where the kind offers `load_many`, else one per thing.
    """
    by_kind: dict[str, set[int]] = {}
    for ref in refs:
        by_kind.setdefault(ref.kind, set()).add(ref.id)
    found: dict[SubjectRef, Subject] = {}
    for name, ids in by_kind.items():
        kind = _kinds.get(name)
        if kind is None:
            continue
        things = kind.load_many(sorted(ids)) if kind.load_many else {one: kind.load(one) for one in ids}
        found.update(
            {SubjectRef(name, i): Subject(kind, i, thing) for i, thing in things.items() if thing is not None}
        )
    return found


def resolve_public(kind_name: str, public_id: str) -> Subject | None:
    """The thing by kind and public id, or None."""
    kind = _kinds.get(kind_name)
    thing = kind.load_public(public_id) if kind else None
    return Subject(kind, thing.id, thing) if kind and thing is not None else None
