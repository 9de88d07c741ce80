"""Members, the roles they share, and the small agreements between two of them."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core import clock
from portal.core.db import Base, EncryptedText, one_of
from portal.core.public_id import new_id
from portal.groups.models.types import (
    ClaimState,
    MemberState,
    RoleWay,
)


class Membership(Base):
    """How one person stands to one group.

    `ref` is a keyed hash of account and group: the table alone lists nobody. Open and closed groups also hold
    the account, so that members can be told something; in a discreet group the database refuses it.
    """

    __tablename__ = "group_membership"
    __table_args__ = (
        UniqueConstraint("group_id", "ref"),
        UniqueConstraint("group_id", "alias_skeleton"),
        # Rows about a member of a group point at both, so that they cannot belong to another group.
        UniqueConstraint("id", "group_id"),
        # Checked at the end of the transaction, since a group that becomes discreet changes both tables.
        ForeignKeyConstraint(
            ["group_id", "is_discreet"],
            ["neighbour_group.id", "neighbour_group.is_discreet"],
            ondelete="CASCADE",
            deferrable=True,
            initially="DEFERRED",
        ),
        CheckConstraint("NOT is_discreet OR account_id IS NULL", name="discreet_names_nobody"),
        CheckConstraint("state NOT IN ('member', 'paused') OR alias <> ''", name="members_have_a_name"),
        Index("ix_group_membership_in_state", "group_id", "state"),
        Index("ix_group_membership_of", "account_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(16), unique=True, default=lambda: new_id(12))
    group_id: Mapped[int]
    is_discreet: Mapped[bool]
    ref: Mapped[str] = mapped_column(String(64))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    # A member of a discreet group who wants neutral notices: the account, encrypted. Empty by default.
    reach: Mapped[str | None] = mapped_column(EncryptedText("group_membership.reach"))
    state: Mapped[MemberState] = mapped_column(one_of(MemberState, "state"))
    alias: Mapped[str] = mapped_column(EncryptedText("group_membership.alias"), default="")
    alias_skeleton: Mapped[str | None] = mapped_column(String(64))
    # Answers to the group's own questions, until the request is decided.
    answers: Mapped[str | None] = mapped_column(EncryptedText("group_membership.answers"))
    invited_by_id: Mapped[int | None] = mapped_column(ForeignKey("group_membership.id", ondelete="SET NULL"))
    asked_on: Mapped[date | None]
    decided_on: Mapped[date | None]
    reminded_on: Mapped[date | None]
    member_since: Mapped[date | None]
    paused_until: Mapped[date | None]
    # The group decided so (a review of the membership): not back before this day.
    barred_until: Mapped[date | None]
    charter_version: Mapped[int] = mapped_column(default=0)
    shown_publicly: Mapped[bool] = mapped_column(default=False)
    # Notices from this group say only that there is something new. (In discreet groups they always do.)
    quiet: Mapped[bool] = mapped_column(default=False)
    # Came in after asking: whoever came by a code needs no answer.
    waited: Mapped[bool] = mapped_column(default=False)

    roles: Mapped[list[RoleHolder]] = relationship(viewonly=True, lazy="select")


class GroupRole(Base):
    """A task a group shares out, under the name the group gave it."""

    __tablename__ = "group_role"
    __table_args__ = (
        UniqueConstraint("group_id", "key"),
        CheckConstraint("label <> ''", name="named"),
        CheckConstraint("term_months BETWEEN 1 AND 36", name="term"),
        CheckConstraint("max_holders >= 1", name="holders"),
        Index(
            "uq_group_role_starts",
            "group_id",
            unique=True,
            sqlite_where=text("starts_decisions"),
            postgresql_where=text("starts_decisions"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("neighbour_group.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(String(16), default=new_id)
    label: Mapped[str] = mapped_column(EncryptedText("group_role.label"))
    rights: Mapped[list[str]] = mapped_column(default=list)
    how: Mapped[RoleWay] = mapped_column(one_of(RoleWay, "how"), default=RoleWay.TRUST)
    term_months: Mapped[int] = mapped_column(default=12)
    max_holders: Mapped[int | None]
    # When nobody holds a required role, the group is without a leader and two members act together.
    is_required: Mapped[bool] = mapped_column(default=False)
    # The group decided that only this role begins decisions.
    starts_decisions: Mapped[bool] = mapped_column(default=False)

    holders: Mapped[list[RoleHolder]] = relationship(viewonly=True, lazy="select")


class RoleHolder(Base):
    """A member holds a role until a day."""

    __tablename__ = "group_role_holder"
    __table_args__ = (CheckConstraint("from_on < until_on", name="term"),)

    role_id: Mapped[int] = mapped_column(ForeignKey("group_role.id", ondelete="CASCADE"), primary_key=True)
    membership_id: Mapped[int] = mapped_column(
        ForeignKey("group_membership.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    how: Mapped[RoleWay] = mapped_column(one_of(RoleWay, "how"))
    from_on: Mapped[date] = mapped_column(default=clock.today)
    until_on: Mapped[date]
    reminded_on: Mapped[date | None]


class Trust(Base):
    """A member trusts another with a role. Survives the giver's leaving until the term ends."""

    __tablename__ = "group_trust"
    __table_args__ = (
        UniqueConstraint("role_id", "giver_ref", "receiver_id"),
        CheckConstraint("giver_id IS NULL OR giver_id <> receiver_id", name="not_oneself"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    role_id: Mapped[int] = mapped_column(ForeignKey("group_role.id", ondelete="CASCADE"))
    giver_id: Mapped[int | None] = mapped_column(ForeignKey("group_membership.id", ondelete="SET NULL"))
    giver_ref: Mapped[str] = mapped_column(String(64))
    receiver_id: Mapped[int] = mapped_column(
        ForeignKey("group_membership.id", ondelete="CASCADE"), index=True
    )
    on: Mapped[date] = mapped_column(default=clock.today)
    # The member no longer trusts them: enough of these end any role, however it was given.
    is_against: Mapped[bool] = mapped_column(default=False)


class RoleOffer(Base):
    """A member is asked to take on a role, and says yes or no. Nobody gets a role without their word."""

    __tablename__ = "group_role_offer"
    __table_args__ = (
        UniqueConstraint("role_id", "membership_id"),
        CheckConstraint("from_id IS NULL OR from_id <> membership_id", name="to_another"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(16), unique=True, default=lambda: new_id(12))
    role_id: Mapped[int] = mapped_column(ForeignKey("group_role.id", ondelete="CASCADE"))
    membership_id: Mapped[int] = mapped_column(
        ForeignKey("group_membership.id", ondelete="CASCADE"), index=True
    )
    # Who holds it until then (handing over, or the one before in turn); nobody when the group offers it.
    from_id: Mapped[int | None] = mapped_column(ForeignKey("group_membership.id", ondelete="SET NULL"))
    hands_over: Mapped[bool] = mapped_column(default=False)
    until_on: Mapped[date]


class RoleClaim(Base):
    """A member says "I will do it" for an empty role; without objection it counts after a week."""

    __tablename__ = "group_role_claim"
    __table_args__ = (
        CheckConstraint(
            "confirmed_by_id IS NULL OR confirmed_by_id <> membership_id", name="another_confirms"
        ),
        Index(
            "uq_group_role_claim_open",
            "role_id",
            "membership_id",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    role_id: Mapped[int] = mapped_column(ForeignKey("group_role.id", ondelete="CASCADE"), index=True)
    membership_id: Mapped[int] = mapped_column(ForeignKey("group_membership.id", ondelete="CASCADE"))
    state: Mapped[ClaimState] = mapped_column(one_of(ClaimState, "state"), default=ClaimState.OPEN)
    effective_on: Mapped[date]
    confirmed_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("group_membership.id", ondelete="SET NULL")
    )
    objected_by_id: Mapped[int | None] = mapped_column(ForeignKey("group_membership.id", ondelete="SET NULL"))


class PairAct(Base):
    """One member starts what a role could do, another confirms it within a week: groups without a leader."""

    __tablename__ = "group_pair_act"
    __table_args__ = (
        CheckConstraint("confirmed_by_id IS NULL OR confirmed_by_id <> started_by_id", name="two_people"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(16), unique=True, default=lambda: new_id(12))
    group_id: Mapped[int] = mapped_column(ForeignKey("neighbour_group.id", ondelete="CASCADE"), index=True)
    right: Mapped[str] = mapped_column(String(30))
    act: Mapped[str] = mapped_column(String(30))
    # What exactly, as JSON: it may hold words of the group.
    data: Mapped[str] = mapped_column(EncryptedText("group_pair_act.data"), default="{}")
    started_by_id: Mapped[int] = mapped_column(ForeignKey("group_membership.id", ondelete="CASCADE"))
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("group_membership.id", ondelete="CASCADE"))
    expires_at: Mapped[datetime]


class InviteCode(Base):
    """Three words on paper. Limited uses; dead when the inviter is removed."""

    __tablename__ = "group_invite_code"
    __table_args__ = (CheckConstraint("uses_left >= 0", name="uses"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("neighbour_group.id", ondelete="CASCADE"), index=True)
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("group_membership.id", ondelete="CASCADE"))
    uses_left: Mapped[int]
    expires_on: Mapped[date]
    revoked_on: Mapped[date | None]
