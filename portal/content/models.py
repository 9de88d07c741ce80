"""Pictures, videos, text versions, site pages and reports of barriers."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Base, EncryptedText
from portal.core.i18n import LANGUAGES
from portal.core.public_id import new_id


class Picture(Base):
    """A picture in its widths. Without alt text it is pending: kept, shown in the form, but not in public."""

    __tablename__ = "picture"
    __table_args__ = (
        Index("ix_picture_owner", "owner_kind", "owner_id", "position"),
        Index("ix_picture_quota", "uploader_id", "created_at"),
        CheckConstraint("bytes > 0", name="bytes"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True, default=lambda: new_id(12))
    owner_kind: Mapped[str] = mapped_column(default="")
    owner_id: Mapped[int] = mapped_column(default=0)
    uploader_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    folder: Mapped[str]
    alt: Mapped[str] = mapped_column(default="")
    language: Mapped[str] = mapped_column(default="")
    widths: Mapped[list[Any]]
    color: Mapped[str] = mapped_column(default="")
    bytes: Mapped[int]
    sha256: Mapped[str]
    position: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]

    @property
    def is_pending(self) -> bool:
        """Whether its description is still missing."""
        return not self.alt.strip()

    @property
    def sizes(self) -> list[dict[str, int]]:
        """The widths that differ, smallest first: a small photo has the same file under several names."""
        return list({one["w"]: one for one in reversed(self.widths)}.values())[::-1]

    @property
    def address(self) -> str:
        """Where its middle width is, for places that know no endpoints."""
        widths = [int(one["width"]) for one in self.widths]
        return f"/pictures/{self.public_id}/{sorted(widths)[len(widths) // 2]}.jpg"

    @property
    def html_lang(self) -> str:
        """The language of the description for the attribute `lang`, "" if nobody knows."""
        return LANGUAGES[self.language].html_lang if self.language in LANGUAGES else self.language


class Video(Base):
    """The sign-language video of a thing or of a page of the site; one each.

    Without its words it is pending: kept, shown in the form, but not in public.
    """

    __tablename__ = "video"
    __table_args__ = (
        # `page` names a page of the site and is "" for everything else.
        UniqueConstraint("owner_kind", "owner_id", "page"),
        Index("ix_video_quota", "uploader_id", "created_at"),
        CheckConstraint("bytes > 0", name="bytes"),
        CheckConstraint("extension IN ('mp4', 'webm')", name="extension"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True, default=lambda: new_id(12))
    owner_kind: Mapped[str]
    owner_id: Mapped[int] = mapped_column(default=0)
    page: Mapped[str] = mapped_column(default="")
    uploader_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    folder: Mapped[str]
    extension: Mapped[str]
    seconds: Mapped[int | None]
    bytes: Mapped[int]
    has_poster: Mapped[bool] = mapped_column(default=False)
    text_md: Mapped[str] = mapped_column(Text, default="")
    text_html: Mapped[str] = mapped_column(Text, default="")
    language: Mapped[str]
    created_at: Mapped[datetime]

    @property
    def is_pending(self) -> bool:
        """Whether its words are still missing."""
        return not self.text_md.strip()

    @property
    def megabytes(self) -> float:
        """Its size as people compare it."""
        return max(0.1, round(self.bytes / 1_000_000, 1))

    @property
    def length(self) -> str:
        """Minutes and seconds, "" if nobody knows."""
        return "" if self.seconds is None else f"{self.seconds // 60}:{self.seconds % 60:02}"

    @property
    def html_lang(self) -> str:
        """The language of its words for the attribute `lang`."""
        return LANGUAGES[self.language].html_lang if self.language in LANGUAGES else self.language


class TextState(StrEnum):
    """missing: asked for. outdated: the original has changed since. current: fits the original."""

    MISSING = "missing"
    OUTDATED = "outdated"
    CURRENT = "current"


class TextVersion(Base):
    """An object's texts in one language. `fields` holds the words as typed, `html` the safe rendering."""

    __tablename__ = "text_version"
    __table_args__ = (UniqueConstraint("kind", "object_id", "language"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    object_id: Mapped[int]
    language: Mapped[str]
    fields: Mapped[dict[str, Any]]
    html: Mapped[dict[str, Any]]
    source_hash: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(default=TextState.CURRENT)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"), index=True)
    requested_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class SitePage(Base):
    """One published version of a page of the site in one language. Rows are added, never changed."""

    __tablename__ = "site_page"
    __table_args__ = (Index("ix_site_page_latest", "page", "language", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    page: Mapped[str]
    language: Mapped[str]
    title: Mapped[str]
    body: Mapped[str]
    note: Mapped[str] = mapped_column(default="")
    author_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    created_at: Mapped[datetime]


class BarrierReport(Base):
    """Something on a page that somebody could not use; answered within four weeks."""

    __tablename__ = "barrier_report"
    __table_args__ = (Index("ix_barrier_report_open", "answered_at", "due_on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True, default=new_id)
    page: Mapped[str]
    text: Mapped[str]
    contact: Mapped[str | None] = mapped_column(EncryptedText("barrier_report.contact"))
    language: Mapped[str]
    created_at: Mapped[datetime]
    due_on: Mapped[date]
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    answer: Mapped[str] = mapped_column(default="")
