"""The words a group's columns may hold, and what may follow what."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

NAME_LENGTH = 80
AIM_LENGTH = 200
CHARTER_FIELD_LENGTH = 600
ALIAS_LENGTH = 40
LABEL_LENGTH = 40
QUESTION_LENGTH = 160
MOST_QUESTIONS = 3
# How long three words on paper let somebody in.
CODE_LASTS = timedelta(days=60)
# Fewer cannot share the work; a discreet group may begin with two.
FEWEST_FOUNDERS = 3
FEWEST_FOUNDERS_DISCREET = 2


class GroupKind(StrEnum):
    """What a group is for."""

    INITIATIVE = "initiative"
    SELF_HELP = "self_help"
    PROJECT = "project"
    PROFESSIONALS = "professionals"


class GroupState(StrEnum):
    """Where a group stands in its life."""

    FOUNDING = "founding"
    ACTIVE = "active"
    DORMANT = "dormant"
    ARCHIVED = "archived"
    MERGED = "merged"
    SUSPENDED = "suspended"


class Privacy(StrEnum):
    """Who outside learns what. From left to right less; tightening is always possible."""

    OPEN = "open"
    CLOSED = "closed"
    DISCREET = "discreet"


class JoinWay(StrEnum):
    """How somebody becomes a member."""

    FREE = "free"
    REQUEST = "request"
    CODE = "code"
    CONTACT = "contact"


class MemberState(StrEnum):
    """How a person stands to a group. Left and removed rows keep only what a repeat must know."""

    INTERESTED = "interested"
    REQUESTED = "requested"
    WAITING = "waiting"
    MEMBER = "member"
    PAUSED = "paused"
    DECLINED = "declined"
    LEFT = "left"
    REMOVED = "removed"


class Right(StrEnum):
    """What a role may do. The list is fixed, so that a rule can ask for it; groups combine as they like."""

    ACCEPT_MEMBERS = "accept_members"
    EDIT_PROFILE = "edit_profile"
    START_EVENTS = "start_events"
    BOOK_ROOM = "book_room"
    MODERATE = "moderate"
    FACILITATE_DECISION = "facilitate_decision"
    ASSIGN_ROLES = "assign_roles"
    ANSWER_CONTACT = "answer_contact"
    SEE_MEMBERS = "see_members"
    KEEP_MINUTES = "keep_minutes"
    MONEY = "money"


class Preset(StrEnum):
    """How a new group shares its work; it may change everything later."""

    EVERYONE = "everyone"
    CONTACT = "contact"
    CIRCLE = "circle"


class RoleWay(StrEnum):
    """How somebody comes to hold a role."""

    TRUST = "trust"
    DECISION = "decision"
    ROTATION = "rotation"
    CLAIM = "claim"


class ClaimState(StrEnum):
    """A claim of an empty role: open for objections, then in force, objected to, or taken back."""

    OPEN = "open"
    EFFECTIVE = "effective"
    OBJECTED = "objected"
    WITHDRAWN = "withdrawn"


class Seen(StrEnum):
    """Who reads a line of a group's history."""

    PUBLIC = "public"
    MEMBERS = "members"


# (from, to) -> permission. Dates and decisions act as the system.
TRANSITIONS: dict[tuple[StrEnum, StrEnum], str] = {
    (GroupState.FOUNDING, GroupState.ACTIVE): "groups.found",
    (GroupState.FOUNDING, GroupState.ARCHIVED): "groups.by_rule",
    (GroupState.ARCHIVED, GroupState.FOUNDING): "groups.open_again",
    (GroupState.ARCHIVED, GroupState.ACTIVE): "groups.by_rule",
    (GroupState.ACTIVE, GroupState.DORMANT): "groups.by_rule",
    (GroupState.ACTIVE, GroupState.ARCHIVED): "groups.by_rule",
    (GroupState.ACTIVE, GroupState.MERGED): "groups.by_rule",
    (GroupState.DORMANT, GroupState.ACTIVE): "groups.wake",
    (GroupState.DORMANT, GroupState.ARCHIVED): "groups.by_rule",
    (GroupState.FOUNDING, GroupState.SUSPENDED): "groups.suspend",
    (GroupState.ACTIVE, GroupState.SUSPENDED): "groups.suspend",
    (GroupState.DORMANT, GroupState.SUSPENDED): "groups.suspend",
    (GroupState.SUSPENDED, GroupState.FOUNDING): "groups.by_rule",
    (GroupState.SUSPENDED, GroupState.ACTIVE): "groups.by_rule",
    (GroupState.SUSPENDED, GroupState.DORMANT): "groups.by_rule",
}
