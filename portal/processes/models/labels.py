"""How the words of this package are called in the interface."""

from __future__ import annotations

from dataclasses import dataclass

from portal.core.i18n import LazyString
from portal.core.i18n import lazy_gettext as _l
from portal.core.i18n import lazy_pgettext as _pl
from portal.processes.models.types import Influence, PhaseKind, ProcessKind


@dataclass(frozen=True)
class KindLook:
    """A kind of process: its name, its icon, and how people are invited to propose something for it."""

    label: LazyString
    icon: str
    propose: LazyString


@dataclass(frozen=True)
class InfluenceLook:
    """A level of influence: its name, and as a promise in plain words."""

    label: LazyString
    promise: LazyString


@dataclass(frozen=True)
class PhaseLook:
    """A kind of phase: its name, its icon, and what people can do while it runs."""

    label: LazyString
    icon: str
    open: LazyString


KIND_LOOKS: dict[ProcessKind, KindLook] = {
    ProcessKind.BUDGET: KindLook(
        _pl("process", "Participatory budget"), "money", _l("Propose something for this budget")
    ),
    ProcessKind.QUESTION: KindLook(
        _pl("process", "Question"), "help", _l("Propose something for this question")
    ),
    ProcessKind.SURVEY: KindLook(
        _pl("process", "Survey of options"), "list", _l("Propose something for this survey")
    ),
}

INFLUENCE_LOOKS: dict[Influence, InfluenceLook] = {
    Influence.INFORMATION: InfluenceLook(
        _pl("influence", "Information"),
        _l("The town tells you what it plans. The decision is already made."),
    ),
    Influence.CONSULTATION: InfluenceLook(
        _pl("influence", "Consultation"),
        _l("The town asks for your opinion. The town decides, and says why."),
    ),
    Influence.COOPERATION: InfluenceLook(
        _pl("influence", "Co-operation"),
        _l("Residents and the town work out the solution together. The council has the last word."),
    ),
    Influence.DECISION: InfluenceLook(
        _pl("influence", "Decision"),
        _l("Residents decide. The town does what the result says."),
    ),
}

LEVEL_WORDS: dict[int, LazyString] = {
    0: _l("Everyone with an e-mail address"),
    1: _l("Everyone who is known here in person: confirmed at a counter or by two residents"),
    2: _l("Everyone who has a letter with a code from the town"),
    3: _l("Everyone who signs in with the town's own sign-in"),
}

PHASE_LOOKS: dict[PhaseKind, PhaseLook] = {
    PhaseKind.INFORMATION: PhaseLook(
        _pl("phase", "Information"), "info", _l("You can read what it is about and ask questions.")
    ),
    PhaseKind.PROPOSALS: PhaseLook(
        _pl("phase", "Proposals"), "bulb", _l("You can propose something and support proposals.")
    ),
    PhaseKind.DISCUSSION: PhaseLook(
        _pl("phase", "Discussion"), "comment", _l("You can discuss the proposals and support them.")
    ),
    PhaseKind.EXAMINATION: PhaseLook(
        _pl("phase", "Examination"),
        "search",
        _l("The town examines what is possible and what it costs. You can read along and comment."),
    ),
    PhaseKind.VOTING: PhaseLook(_pl("phase", "Vote"), "check", _l("You can vote.")),
    PhaseKind.RESULT: PhaseLook(
        _pl("phase", "Result"), "star", _l("You can read the result and how it came about.")
    ),
    PhaseKind.REALISATION: PhaseLook(
        _pl("phase", "Realisation"),
        "wrench",
        _l("What was decided is being made real. You can follow how far it is."),
    ),
}
