"""A person's own drafts, proposals, support and follows."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import and_, case, or_, select

from portal.core.db import session
from portal.proposals.models import (
    CarryOver,
    ContactOffer,
    Follow,
    Merge,
    MergeConsent,
    Pledge,
    Proposal,
    ProposalAuthor,
    ProposalNeed,
    Support,
    TextOffer,
    TextWish,
)
from portal.proposals.queries.listing import COLUMNS, ProposalRow, row_of

MOST_SHOWN = 100
# What others wrote is shown only while everybody can read it; that the person supported it stays theirs.
READABLE = and_(Proposal.published_at.is_not(None), Proposal.hidden_at.is_(None))
TITLE_IF_READABLE = case((READABLE, Proposal.title), else_=None)


def _written_by(account_id: int) -> Any:
    joined = select(ProposalAuthor.proposal_id).where(ProposalAuthor.account_id == account_id)
    return or_(Proposal.author_id == account_id, Proposal.id.in_(joined))


def drafts_of(account_id: int) -> list[Proposal]:
    """Unpublished drafts this person writes or helps to write, last edited first."""
    query = select(Proposal).where(_written_by(account_id), Proposal.published_at.is_(None))
    return list(session.scalars(query.order_by(Proposal.edited_at.desc(), Proposal.id.desc())))


def resting_drafts(before: datetime, *, is_reminded: bool, most: int = 500) -> list[Proposal]:
    """Drafts last edited before this moment, the oldest first; whether their author was told since then."""
    told = and_(Proposal.draft_reminded_at.is_not(None), Proposal.draft_reminded_at > Proposal.edited_at)
    query = select(Proposal).where(
        Proposal.published_at.is_(None), Proposal.edited_at < before, told if is_reminded else ~told
    )
    return list(session.scalars(query.order_by(Proposal.edited_at, Proposal.id).limit(most)))


def published_of(account_id: int) -> list[Proposal]:
    """Everything this person has published, in whatever state it is now, newest first."""
    query = select(Proposal).where(_written_by(account_id), Proposal.published_at.is_not(None))
    return list(session.scalars(query.order_by(Proposal.published_at.desc(), Proposal.id.desc())))


def supported_by(account_id: int) -> list[ProposalRow]:
    """Readable proposals this person supports, last supported first."""
    return _related(Support, account_id)


def followed_by(account_id: int) -> list[ProposalRow]:
    """Readable proposals this person follows, last followed first."""
    return _related(Follow, account_id)


def _related(relation: type[Support] | type[Follow], account_id: int) -> list[ProposalRow]:
    query = (
        select(*COLUMNS)
        .join(relation, relation.proposal_id == Proposal.id)
        .where(relation.account_id == account_id)
        .where(READABLE)
        .order_by(relation.id.desc())
        .limit(MOST_SHOWN)
    )
    return [row_of(row) for row in session.execute(query).all()]


def export_of(account_id: int) -> list[dict[str, Any]]:
    """Everything the person wrote and did here, for their own export; words of others are left out."""
    written = drafts_of(account_id) + published_of(account_id)
    rows: list[dict[str, Any]] = [
        {
            "kind": "draft" if one.is_draft else "proposal",
            "title": one.title,
            "what": one.what_md,
            "why": one.why_md,
            "for_whom": one.for_whom_md,
            "place": one.place_words,
            "language": one.language,
            "stage": one.stage.value,
            "created_at": one.created_at.isoformat(),
            "published_at": one.published_at.isoformat() if one.published_at else None,
        }
        for one in written
    ]
    for kind, relation in (("support", Support), ("follow", Follow)):
        query = select(TITLE_IF_READABLE, relation.created_at).join(
            relation, relation.proposal_id == Proposal.id
        )
        found = session.execute(query.where(relation.account_id == account_id)).all()
        rows += [{"kind": kind, "title": title, "at": at.isoformat()} for title, at in found]
    pledges = (
        select(TITLE_IF_READABLE, Pledge.words, Pledge.quantity, Pledge.created_at)
        .join(ProposalNeed, ProposalNeed.proposal_id == Proposal.id)
        .join(Pledge, Pledge.need_id == ProposalNeed.id)
        .where(Pledge.account_id == account_id)
    )
    rows += [
        {"kind": "pledge", "title": title, "words": words, "quantity": quantity, "at": at.isoformat()}
        for title, words, quantity, at in session.execute(pledges).all()
    ]
    return rows


def export_of_help(account_id: int) -> list[dict[str, Any]]:
    """What the person offered and was asked about proposals of others, for their own export."""
    rows: list[dict[str, Any]] = []
    for kind, model in (("contact offer", ContactOffer), ("wish for a text", TextWish)):
        query = select(Proposal.title, model.created_at).join(model, model.proposal_id == Proposal.id)
        found = session.execute(query.where(model.account_id == account_id).order_by(model.id))
        rows += [{"kind": kind, "title": title, "at": at.isoformat()} for title, at in found]
    offers = select(TextOffer).where(TextOffer.account_id == account_id).order_by(TextOffer.id)
    rows += [
        {
            "kind": "translation",
            "language": one.language,
            "texts": dict(one.fields),
            "state": one.state.value,
            "at": one.created_at.isoformat(),
        }
        for one in session.scalars(offers)
    ]
    consents = (
        select(Proposal.title, MergeConsent.state, MergeConsent.answered_at)
        .join(MergeConsent, MergeConsent.proposal_id == Proposal.id)
        .where(MergeConsent.account_id == account_id)
        .order_by(MergeConsent.id)
    )
    carried = (
        select(Proposal.title, CarryOver.state, CarryOver.answered_at)
        .join(Merge, Merge.target_id == Proposal.id)
        .join(CarryOver, CarryOver.merge_id == Merge.id)
        .where(CarryOver.account_id == account_id)
        .order_by(CarryOver.id)
    )
    for kind, asked in (("asked about merging", consents), ("asked about support", carried)):
        rows += [
            {"kind": kind, "title": title, "answer": state.value, "at": at.isoformat() if at else None}
            for title, state, at in session.execute(asked)
        ]
    return rows
