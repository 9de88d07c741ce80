"""Questions about organisations."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import Select, func, select

from portal.core.db import session
from portal.core.search import Document
from portal.places.models import Organization


def open_organizations() -> Select[Organization]:
    """Organisations at work, by name."""
    return (
        select(Organization).where(Organization.closed_at.is_(None)).order_by(func.lower(Organization.name))
    )


def organization_page(number: int, per_page: int) -> tuple[list[Organization], int]:
    """One page of the organisations at work, by name, and how many there are in all."""
    query = open_organizations()
    total = session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
    return list(session.scalars(query.limit(per_page).offset((number - 1) * per_page))), total


def organization_desk() -> list[Organization]:
    """Every organisation, those at work first, by name."""
    query = select(Organization).order_by(
        Organization.closed_at.is_not(None), func.lower(Organization.name), Organization.id
    )
    return list(session.scalars(query))


def organization_by_public_id(public_id: str) -> Organization | None:
    """One organisation by the id in its address, closed ones too, or None."""
    return session.scalar(select(Organization).where(Organization.public_id == public_id))


def organization_names(ids: Iterable[int]) -> dict[int, str]:
    """id -> name of these organisations, in one query."""
    rows = session.execute(
        select(Organization.id, Organization.name).where(Organization.id.in_(list(ids)))
    ).all()
    return {row.id: row.name for row in rows}


def search_documents(after_id: int, limit: int) -> Sequence[Document]:
    """What search knows of the next organisations at work, by id; nothing of closed ones."""
    query = select(Organization).where(Organization.closed_at.is_(None), Organization.id > after_id)
    return [document_of(one) for one in session.scalars(query.order_by(Organization.id).limit(limit))]


def document_of(organization: Organization) -> Document:
    """The searchable words of one organisation: never how to reach its people."""
    return Document(organization.id, organization.language, organization.name, organization.description)
