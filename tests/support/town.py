"""A town for tests: proposals of every kind, also those nobody may see in lists, feeds and files."""

from __future__ import annotations

from typing import Any

from portal.accounts.operations import staff_account_for
from portal.core import clock, search
from portal.core.db import session
from portal.proposals.models import Answer, Decision, Proposal, Stage
from portal.proposals.queries import documents_of
from tests.support.factories_proposals import make_proposal

# Words that may appear nowhere outside.
SECRETS = ("Geheimentwurf", "Verborgenes", "Zurückgenommenes", "Abgelaufenes", "Vereintes")


def findable(**columns: Any) -> Proposal:
    """A public proposal that search knows."""
    proposal = make_proposal(**columns)
    for one in documents_of([proposal]):
        search.put("proposal", one.id, one.language, one.title, one.body, weight_date=one.weight_date)
    return proposal


def make_secrets() -> None:
    """A draft, and a hidden, a withdrawn, an expired and a merged proposal, in the current transaction."""
    now = clock.now()
    draft, hidden, withdrawn, expired, merged = SECRETS
    make_proposal(title=draft, what=f"{draft} am Markt", published=False)
    target = make_proposal(title="Sammelvorschlag")
    make_proposal(title=hidden, what=f"{hidden} am Markt", hidden_at=now)
    make_proposal(title=withdrawn, what=f"{withdrawn} am Markt", withdrawn_at=now, withdrawn_reason="started")
    make_proposal(title=expired, what=f"{expired} am Markt", expired_at=now)
    make_proposal(title=merged, what=f"{merged} am Markt", merged_into_id=target.id)
    for secret in session.query(Proposal).filter(Proposal.title.in_((hidden, withdrawn))):
        make_answer(secret, text=f"Antwort auf {secret.title}")


def make_answer(
    proposal: Proposal, *, text: str = "Ja, im Frühjahr.", decision: str = "accepted", published: bool = True
) -> Answer:
    """The town's answer in the current transaction."""
    now, clerk = clock.now(), staff_account_for("rathaus@example.org", "Kraft Baku")
    answer = Answer(
        proposal_id=proposal.id,
        decision=Decision(decision),
        text_md=text,
        text_html=f"<p>{text}</p>",
        prepared_by_id=clerk.id,
        prepared_at=now,
        published_by_id=clerk.id if published else None,
        published_at=now if published else None,
        version_count=1 if published else 0,
    )
    session.add(answer)
    if published:
        proposal.answered_at = now
        proposal.stage = Stage(decision)
    session.flush()
    return answer
