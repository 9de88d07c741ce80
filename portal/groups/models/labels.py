"""What kinds, states and privacies are called, with the icons and tones that stand beside the words."""

from __future__ import annotations

from dataclasses import dataclass

from portal.core.i18n import LazyString
from portal.core.i18n import lazy_gettext as _l
from portal.core.i18n import lazy_pgettext as _pl
from portal.groups.models.letters import Topic
from portal.groups.models.types import GroupKind, GroupState, JoinWay, MemberState, Preset, Privacy


@dataclass(frozen=True)
class Look:
    """A word with its icon and tone; `words` says more in one sentence."""

    label: LazyString
    icon: str
    tone: str = ""
    words: LazyString | str = ""


KIND_LOOKS: dict[GroupKind, Look] = {
    GroupKind.INITIATIVE: Look(
        _l("Neighbourhood initiative"), "tree", "", _l("We do something for our neighbourhood.")
    ),
    GroupKind.SELF_HELP: Look(
        _l("Self-help group"), "heart", "", _l("We share something and support each other.")
    ),
    GroupKind.PROJECT: Look(_l("Project"), "wrench", "", _l("We have a goal, and stop when it is reached.")),
    GroupKind.PROFESSIONALS: Look(
        _l("Network of professionals"), "people", "", _l("We work on the same things in different places.")
    ),
}
STATE_LOOKS: dict[GroupState, Look] = {
    GroupState.FOUNDING: Look(_pl("group", "Being founded"), "plus", "info"),
    GroupState.ACTIVE: Look(_pl("group", "Active"), "check", "good"),
    GroupState.DORMANT: Look(_pl("group", "Resting"), "pause", "wait"),
    GroupState.ARCHIVED: Look(_pl("group", "Archived"), "book"),
    GroupState.MERGED: Look(_pl("group", "Merged"), "merge"),
    GroupState.SUSPENDED: Look(_pl("group", "Stopped for now"), "alert", "bad"),
}
PRIVACY_LOOKS: dict[Privacy, Look] = {
    Privacy.OPEN: Look(
        _pl("group", "Open"), "eye", "", _l("Everybody can read what we write. Joining is easy.")
    ),
    Privacy.CLOSED: Look(
        _pl("group", "Closed"),
        "lock",
        "",
        _l("Everybody can find us and read what we are for. The rest is for members."),
    ),
    Privacy.DISCREET: Look(
        _pl("group", "Discreet"),
        "eye-off",
        "",
        _l("Nobody outside can see that we exist. People come to us with a code on paper."),
    ),
}
JOIN_LOOKS: dict[JoinWay, Look] = {
    JoinWay.FREE: Look(_l("Anybody can join at once."), "plus"),
    JoinWay.REQUEST: Look(_l("You ask, and the group answers within 14 days."), "send"),
    JoinWay.CODE: Look(_l("You need a code from somebody in the group."), "key"),
    JoinWay.CONTACT: Look(_l("You write to the contact person first."), "mail"),
}
PRESET_LOOKS: dict[Preset, Look] = {
    Preset.EVERYONE: Look(
        _l("Everybody together"), "people", "", _l("Every member may do everything. Good for small groups.")
    ),
    Preset.CONTACT: Look(
        _l("With a contact person"),
        "user",
        "",
        _l("One or two people answer questions and take in new members."),
    ),
    Preset.CIRCLE: Look(
        _l("With a circle or board"), "shield", "", _l("Up to seven people look after the group together.")
    ),
}
STANDING_LOOKS: dict[MemberState, Look] = {
    MemberState.INTERESTED: Look(_pl("member", "Interested"), "star", "info"),
    MemberState.REQUESTED: Look(_pl("member", "Asked to join"), "clock", "wait"),
    MemberState.WAITING: Look(_pl("member", "On the waiting list"), "clock", "wait"),
    MemberState.MEMBER: Look(_pl("member", "You are in it"), "check", "good"),
    MemberState.PAUSED: Look(_pl("member", "You are pausing"), "pause", "wait"),
    MemberState.DECLINED: Look(_pl("member", "Not this time"), "info"),
    MemberState.LEFT: Look(_pl("member", "You left"), "info"),
    MemberState.REMOVED: Look(_pl("member", "You are not in it any more"), "info"),
}
TOPIC_LABELS: dict[Topic, LazyString] = {
    Topic.HEALTH: _l("Living with an illness or a disability"),
    Topic.ADDICTION: _l("Getting free of an addiction"),
    Topic.FAMILY: _l("Family, children, caring for somebody"),
    Topic.GRIEF: _l("Grief and saying goodbye"),
    Topic.VIOLENCE: _l("Violence"),
    Topic.ORIENTATION: _l("Whom I love, who I am"),
    Topic.MONEY: _l("Debts and money"),
    Topic.OTHER: _l("Something else"),
}
CHARTER_LABELS: dict[str, LazyString] = {
    "goal": _l("What we want to reach"),
    "for_whom": _l("Who we are there for"),
    "what_we_do": _l("What we do"),
    "what_we_do_not": _l("What we do not do"),
    "confidentiality": _l("What stays in the group"),
    "rules": _l("How we treat each other"),
    "how_we_decide": _l("How we decide"),
    "roles_rotation": _l("Who does what, and for how long"),
    "money": _l("Money"),
    "with_professionals": _l("Working with professionals"),
}
