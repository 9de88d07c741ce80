"""What happens to groups, for packages above and for this package's own subscribers."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class GroupBegun:
    """A founding circle came together. `origin`: the proposal or idea it grew out of."""

    group_id: int
    origin_kind: str
    origin_id: int | None


@dataclass(frozen=True)
class GroupFounded:
    """The founders decided: the group is active."""

    group_id: int


@dataclass(frozen=True)
class JoinRequested:
    """Somebody asks to become a member."""

    group_id: int
    membership_id: int


@dataclass(frozen=True)
class MemberJoined:
    """Somebody is a member now."""

    group_id: int
    membership_id: int


@dataclass(frozen=True)
class RequestDeclined:
    """The group said no, without reasons."""

    group_id: int
    membership_id: int


@dataclass(frozen=True)
class MemberGone:
    """Somebody left or was removed."""

    group_id: int
    membership_id: int


@dataclass(frozen=True)
class GroupLeaderless:
    """A required role is empty: two members together can do what it could."""

    group_id: int


@dataclass(frozen=True)
class RoleTaken:
    """A member holds a role from now on. `own`: they said so themselves just now."""

    group_id: int
    role_id: int
    membership_id: int
    own: bool = False


@dataclass(frozen=True)
class RoleOffered:
    """A member is asked to take on a role; it counts when they say yes."""

    group_id: int
    membership_id: int


@dataclass(frozen=True)
class StartedTogether:
    """One member started what a second has to confirm. `membership_id`: who started."""

    group_id: int
    membership_id: int


@dataclass(frozen=True)
class RoleClaimed:
    """A member claims an empty role; members may object."""

    group_id: int
    claim_id: int


@dataclass(frozen=True)
class CharterWritten:
    """A version of the charter waits to be acknowledged."""

    group_id: int
    version: int


@dataclass(frozen=True)
class GroupProfileChanged:
    """Name, aim, languages or privacy are others now."""

    group_id: int


@dataclass(frozen=True)
class GroupChangedState:
    """Active, resting, archived, suspended: packages above release what they hold for it."""

    group_id: int
    before: str
    after: str


@dataclass(frozen=True)
class GroupTightened:
    """The group is more private from now on. `privacy`: how private."""

    group_id: int
    privacy: str


@dataclass(frozen=True)
class MediationMoved:
    """Something changed in a mediation. `reach`: accounts to tell, already without the one who did it."""

    mediation_id: int
    reach: tuple[int, ...]


@dataclass(frozen=True)
class MediatorAsked:
    """Somebody is asked to help others talk, or to look at a decision about a membership."""

    account_id: int


@dataclass(frozen=True)
class ReviewMoved:
    """A review of a membership begins, is voted on, is decided, takes effect. `step` says which."""

    group_id: int
    review_id: int
    step: str


@dataclass(frozen=True)
class GroupsMoved:
    """A merge or split opened a new group, ended, or was called off. `step` says which."""

    move_id: int
    step: str


@dataclass(frozen=True)
class RelationAsked:
    """A group asks another whether they belong together."""

    group_id: int
    relation_id: int


@dataclass(frozen=True)
class DecisionOpened:
    """Members are asked."""

    group_id: int
    decision_id: int


@dataclass(frozen=True)
class DecisionReopened:
    """Members are asked again, or longer.

    `why`: no_quorum, new_text, new_option, asked_for, run_off, fallback or once_more.
    """

    group_id: int
    decision_id: int
    why: str


@dataclass(frozen=True)
class DecisionClosed:
    """It has been counted."""

    group_id: int
    decision_id: int
    status: str


@dataclass(frozen=True)
class PostWritten:
    """A member wrote on the board. `thread_id`: the first post of the conversation, perhaps this one."""

    group_id: int
    post_id: int
    thread_id: int
    membership_id: int


@dataclass(frozen=True)
class MinutesWritten:
    """There are new minutes."""

    group_id: int
    minutes_id: int
    membership_id: int


@dataclass(frozen=True)
class TaskDue:
    """A task somebody took is due in two days at the latest; said once."""

    group_id: int
    task_id: int


@dataclass(frozen=True)
class MeetingPlanned:
    """There is a new date (`date_id`), or several of which it is the first. `membership_id`: who planned."""

    group_id: int
    date_id: int
    membership_id: int = 0


@dataclass(frozen=True)
class MeetingChanged:
    """A date was moved, cancelled, or takes place after all. `how`: moved, cancelled, restored."""

    group_id: int
    date_id: int
    how: str
    membership_id: int = 0


@dataclass(frozen=True)
class MeetingHeld:
    """A member says that it took place."""

    group_id: int
    date_id: int


@dataclass(frozen=True)
class MeetingTomorrow:
    """The date is tomorrow."""

    group_id: int
    date_id: int


@dataclass(frozen=True)
class MeetingAsked:
    """The date is over, and nobody has said yet whether it took place."""

    group_id: int
    date_id: int


@dataclass(frozen=True)
class SuggestionsWanted:
    """Members may add what there is to choose from, before everybody is asked."""

    group_id: int
    decision_id: int


@dataclass(frozen=True)
class AnswersMissing:
    """It ends within a day; those who have not answered are reminded."""

    group_id: int
    decision_id: int


@dataclass(frozen=True)
class ObjectionsStand:
    """Somebody objects: the facilitator writes a text that takes the objections up."""

    group_id: int
    decision_id: int


@dataclass(frozen=True)
class DecisionCancelled:
    """The facilitator stopped it, with a reason."""

    group_id: int
    decision_id: int


@dataclass(frozen=True)
class OutcomeWritten:
    """Who does what by when stands there."""

    group_id: int
    decision_id: int


@dataclass(frozen=True)
class ReviewDue:
    """It is the day to ask whether something still holds."""

    group_id: int
    decision_id: int


@dataclass(frozen=True)
class CarriedOut:
    """What was adopted is in force: a charter, a role, a date, a merger, a pause, or its end."""

    group_id: int
    decision_id: int
    target: str


@dataclass(frozen=True)
class AccompanimentNews:
    """Something about accompaniment concerns one side. `what`: proposed, agreed, next, word, over, …"""

    group_id: int
    accompaniment_id: int
    what: str
    side: str
