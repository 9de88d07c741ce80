"""What happens to rounds by time: closing, publishing, and working out why each option won or lost."""

from __future__ import annotations

import logging
from typing import Any

from portal.core.actors import SYSTEM
from portal.core.db import session, transaction
from portal.core.jobs import enqueue, handler, periodic
from portal.rounds.models import Round
from portal.rounds.operations import closing, counting, publishing
from portal.rounds.queries.counting import due_rounds

log = logging.getLogger("portal.rounds")


@periodic("rounds.by_time", every_minutes=1)
def by_time() -> None:
    """Ask for what is due; the work is done in jobs of its own, step by step."""
    for round_id in due_rounds():
        enqueue("rounds.close", {"id": round_id})
    for round_id in publishing.due_to_publish():
        enqueue("rounds.publish", {"id": round_id})


@handler("rounds.close", slow=True)
def close(payload: dict[str, Any]) -> None:
    """All steps of closing that can be taken now; each in its own transaction."""
    state = closing.close_round(payload["id"])
    log.info("round_closing id=%s state=%s", payload["id"], state.value)


@handler("rounds.publish")
def publish(payload: dict[str, Any]) -> None:
    """By itself, after the hours that were said before voting; not while something does not match."""
    vote = session.get_one(Round, payload["id"])
    if publishing.checks_of(vote).is_ready:
        publishing.publish(vote, actor=SYSTEM)


@handler("rounds.explain", slow=True)
def explain(payload: dict[str, Any]) -> None:
    """Computed outside of a transaction, written in a short one."""
    with transaction(write=False):
        content = counting.explanation_of(payload["id"], what_ifs=True)
    if content is not None:
        with transaction():
            counting.keep_explanation(payload["id"], content)
