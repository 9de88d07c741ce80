"""What the office and helping neighbours leave behind: prepared words, offers, pledges, questions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.core import clock
from portal.core.db import session, transaction
from portal.proposals import operations
from portal.proposals.models import Decision, NeedKind, Proposal, ProposalNeed, TextOffer, Verdict
from portal.proposals.operations.answering import Words
from portal.proposals.operations.assessing import Judgement
from tests.support.factories_proposals import make_support

if TYPE_CHECKING:
    from tests.trust.things import Builder


def fill_office(build: Builder) -> None:
    """A proposal with everything on it, one that lacks nothing, one merge asked and one done."""
    _worked(build)
    _needs(build)
    _texts(build)
    _merges(build)


def _worked(build: Builder) -> None:
    plant = build.canaries.plant
    with transaction():
        made = build.proposal("worked", title="Ein Brunnen für den Park")
        made.contact_account_id = build.people.id("PA")
        words = Words(Decision.ACCEPTED, plant("prepared answer", {"MO", "PL"}), "de")
        operations.prepare_answer(made, words, actor=build.actor("MO2"))
        judgement = Judgement(Verdict.FEASIBLE, plant("prepared assessment", {"PA"}), "de")
        operations.prepare_assessment(made, judgement, actor=build.actor("PA"))
        operations.offer_contact(made, actor=build.actor("RV"))


def need(build: Builder, state: str, *, words: str = "Helfer", pledged: int = 0) -> ProposalNeed:
    """Something that is missing from the proposal of this state."""
    found = session.get_one(Proposal, build.ids[f"proposal {state}"])
    made = ProposalNeed(
        public_id=f"need{state}",
        proposal_id=found.id,
        position=1,
        kind=NeedKind.HANDS,
        words=words,
        quantity=3,
        pledged=pledged,
        created_at=clock.now(),
    )
    found.need_count = 1
    session.add(made)
    session.flush()
    build.put("need", state, pid=found.public_id, nid=made.public_id)
    return made


def _needs(build: Builder) -> None:
    plant = build.canaries.plant
    with transaction():
        for state, allowed in (("hidden", {"AU", "CO", "MO"}), ("draft", {"AU", "CO"})):
            need(build, state, words=plant(f"{state} proposal: need", allowed))
        build.proposal("complete", title="Nichts fehlt mehr")
        need(build, "complete", pledged=3)
        made = need(build, "worked")
        operations.pledge(
            session.get_one(Proposal, build.ids["proposal worked"]),
            made,
            actor=build.actor("RV"),
            quantity=1,
            words=plant("note of a pledge", {"RV", "AU", "CO"}),
        )


def _texts(build: Builder) -> None:
    for state in ("worked", "hidden", "draft"):
        build.put("text", state, **build.things["proposal"][state], language="tr")
    with transaction():
        found = session.get_one(Proposal, build.ids["proposal worked"])
        fields = {
            "title": "A fountain",
            "what": build.canaries.plant("offered text", {"RV", "AU", "CO", "MO"}),
        }
        operations.write_text(found, "en", fields, actor=build.actor("RV"))
        offer = session.query(TextOffer).one()
        build.put("text offer", "waiting", pid=found.public_id, oid=offer.public_id)


def _merges(build: Builder) -> None:
    reason = build.canaries.plant("reason for putting together", {"AU", "CO", "MO", "PA"})
    with transaction():
        for name in ("source", "target", "joined", "joining"):
            build.proposal(name, title=f"Ein Spielplatz, {name}")
        make_support(session.get_one(Proposal, build.ids["proposal joined"]), build.people.id("RV"))
    for state, source, target in (("asked", "source", "target"), ("done", "joined", "joining")):
        with transaction():
            case = operations.ask_merge(
                session.get_one(Proposal, build.ids[f"proposal {source}"]),
                session.get_one(Proposal, build.ids[f"proposal {target}"]),
                actor=build.actor("MO2"),
                reason=reason,
            )
            build.put("merge", state, mid=case.merge.public_id)
            for author in ("AU", "CO") if state == "done" else ():
                operations.answer_merge(case, actor=build.actor(author), agree=True)
