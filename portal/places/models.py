"""Districts and organisations."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Base
from portal.core.public_id import new_id


class District(Base):
    """A part of the town. Rows stay when a newer file no longer names them: others point at them."""

    __tablename__ = "district"
    __table_args__ = (CheckConstraint("slug <> '' AND name <> ''", name="named"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    geometry: Mapped[dict[str, Any]]
    label_lat: Mapped[float]
    label_lon: Mapped[float]
    position: Mapped[int] = mapped_column(default=0)
    retired_at: Mapped[datetime | None]


class Organization(Base):
    """A body that works in the town: an association, a service, an office."""

    __tablename__ = "organization"
    __table_args__ = (
        CheckConstraint("name <> ''", name="named"),
        CheckConstraint("website = '' OR website LIKE 'https://%'", name="website_https"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True, default=new_id)
    name: Mapped[str] = mapped_column(unique=True)
    description: Mapped[str] = mapped_column(default="")
    contact: Mapped[str] = mapped_column(default="")
    website: Mapped[str] = mapped_column(default="")
    language: Mapped[str] = mapped_column(default="de")
    created_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
