"""State machines: a StrEnum, one table of transitions, and the permission each needs."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from portal.core.actors import Actor
from portal.core.errors import Conflict
from portal.core.i18n import lazy_gettext
from portal.core.permissions import can, ensure


class TransitionNotAllowed(Conflict):
    """The thing cannot go from where it is to there."""

    message = lazy_gettext("This step is not possible from where it stands now.")


@dataclass(frozen=True)
class StateMachine:
    """What may follow what, and by whom. `transitions` maps (from, to) to a permission name."""

    name: str
    transitions: dict[tuple[StrEnum, StrEnum], str]

    def check(self, actor: Actor, subject: Any, source: StrEnum, target: StrEnum) -> None:
        """Raise TransitionNotAllowed for a step that does not exist; NotFound or NotAllowed as declared."""
        permission = self.transitions.get((source, target))
        if permission is None:
            raise TransitionNotAllowed
        ensure(actor, permission, subject)

    def targets(self, actor: Actor, subject: Any, source: StrEnum) -> list[StrEnum]:
        """The steps this actor may take from here, in the order of the table."""
        return [
            target
            for (start, target), permission in self.transitions.items()
            if start is source and can(actor, permission, subject)
        ]
