"""The box: ballots without a person and without a time, and drafts only one browser can open."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Base, one_of
from portal.rounds.models.types import Channel


class Ballot(Base):
    """One ballot. The key is an HMAC of the roll entry under the round's key, which is not in the database.

    No person, no time, no row id: nothing tells who cast it or when. A paper ballot has no content here; the
    sheet in the urn has, without a name.
    """

    __tablename__ = "ballot"
    __table_args__ = (
        UniqueConstraint("round_id", "tracking"),
        CheckConstraint("(channel = 'paper') = (content IS NULL)", name="paper_has_no_content"),
        CheckConstraint("revision > 0", name="revision"),
        {"sqlite_with_rowid": False},
    )

    round_id: Mapped[int] = mapped_column(
        ForeignKey("voting_round.id"), primary_key=True, autoincrement=False
    )
    ballot_key: Mapped[str] = mapped_column(String(64), primary_key=True)
    tracking: Mapped[str] = mapped_column(String(20))
    channel: Mapped[Channel] = mapped_column(one_of(Channel, "channel"), default=Channel.ONLINE)
    content: Mapped[str | None] = mapped_column(Text)
    revision: Mapped[int] = mapped_column(default=1)


class BallotBox(Base):
    """What tells the right key of a round from a wrong one, without telling the key.

    A wrong key file (an old backup, another machine) would make everybody look as if they had not voted yet:
    with this it is noticed, and no ballot is taken.
    """

    __tablename__ = "ballot_box"
    __table_args__ = (CheckConstraint("length(key_check) = 64", name="key_check"),)

    round_id: Mapped[int] = mapped_column(
        ForeignKey("voting_round.id"), primary_key=True, autoincrement=False
    )
    key_check: Mapped[str] = mapped_column(String(64))


class BallotDraft(Base):
    """A ballot being filled in, encrypted under a key that only its browser's cookie holds.

    `key_hash` finds it again: a hash of the cookie's key, the round and the right to vote.
    No person, no time.
    """

    __tablename__ = "ballot_draft"
    __table_args__ = ({"sqlite_with_rowid": False},)

    key_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("voting_round.id"), index=True)
    ciphertext: Mapped[bytes] = mapped_column(LargeBinary)
    # A day, not a time: it must not tell when somebody voted.
    expires_on: Mapped[date] = mapped_column(index=True)
