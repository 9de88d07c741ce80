"""What a decision is about besides its words: what comes into force, whom it asks, what a role may do."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date

from portal.core.i18n import LazyString, format_date, format_money_cents
from portal.core.i18n import gettext as _
from portal.groups.models import DecisionOutcome, Group, GroupDecision, Method, Target
from portal.groups.models.labels import CHARTER_LABELS
from portal.groups.models.role_labels import role_name
from portal.groups.operations.deciding.drafting import own_method
from portal.groups.operations.living import kept_after_end
from portal.groups.queries import current_charter
from portal.groups.queries import decisions as queries
from portal.groups.queries.method_words import METHODS, USUAL_METHOD
from portal.groups.queries.texts import CharterText


@dataclass(frozen=True)
class About:
    """What an adopted decision changes, in words a reader can check before answering."""

    role: str = ""
    names: tuple[str, ...] = ()
    until: date | None = None
    changes: tuple[tuple[LazyString, str, str], ...] = ()
    undoes: GroupDecision | None = None
    starters: str = ""
    # So many days after its end the group is erased.
    erased_after: int = 0


def target_of(group: Group, decision: GroupDecision) -> About:
    """What comes into force when it is adopted. Charters: (field, before, after) of what differs."""
    data = json.loads(decision.target_data)
    if decision.undoes_id:
        return About(undoes=queries.decision_by_id(decision.undoes_id))
    if decision.target is Target.END:
        return About(erased_after=kept_after_end(group).days)
    if decision.target is Target.STARTERS:
        role, _names = queries.role_and_names(group, data.get("role", ""), ())
        return About(starters=role_name(role) if role else _("Every member"))
    if decision.target is Target.PAUSE and data.get("until"):
        return About(until=date.fromisoformat(data["until"]))
    if decision.target is Target.ROLE and data.get("role"):
        role, names = queries.role_and_names(group, data["role"], data["members"].values())
        return About(role=role_name(role) if role else "", names=tuple(names))
    if decision.target is Target.CHARTER and data.get("texts"):
        changes = charter_changes(current_charter(group), data["texts"])
        return About(changes=(*changes, *_method_change(group, data.get("method"))))
    return About()


def charter_changes(before: CharterText | None, texts: dict[str, str]) -> list[tuple[LazyString, str, str]]:
    """(field, before, after) of every field that differs."""
    old = before.texts if before else {}
    return [
        (label, old.get(name, ""), texts.get(name, ""))
        for name, label in CHARTER_LABELS.items()
        if old.get(name, "") != texts.get(name, "")
    ]


def _method_change(group: Group, method: str | None) -> list[tuple[LazyString, str, str]]:
    before, after = own_method(group), Method(method) if method else own_method(group)
    return [] if before is after else [(USUAL_METHOD, str(METHODS[before].name), str(METHODS[after].name))]


def limits_words(outcome: DecisionOutcome, group: Group) -> list[str]:
    """Which role got the task, and within which limits. Empty when no role did."""
    if outcome.role_key is None:
        return []
    role, _names = queries.role_and_names(group, outcome.role_key, ())
    name = role_name(role) if role else _("a role that does not exist any more")
    words = [_("You leave it to a role: %(role)s.", role=name)]
    if outcome.limit_cents is not None:
        amount = format_money_cents(outcome.limit_cents)
        words.append(_("It may spend %(amount)s at most.", amount=amount))
    if outcome.limit_on is not None:
        words.append(_("It may act until %(day)s.", day=format_date(outcome.limit_on)))
    return [*words, _("What goes beyond this comes back to all of you.")]
