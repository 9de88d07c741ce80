"""Groups: who belongs to them, what they talk about and decide, whom they meet and how they part.

Revision: fcd31ca77fdf
Follows: 5b7e1c94d2a6
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "fcd31ca77fdf"
down_revision = "5b7e1c94d2a6"
branch_labels = None
depends_on = None


def _choice(name: str, *words: str) -> sa.Enum:
    """A column that holds one of these words; the database refuses any other."""
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=30)


def upgrade() -> None:
    op.create_table(
        "group_mediation_fact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "subject_kind",
            _choice("subject_kind", "between_people", "rules", "how_we_work", "with_professional"),
            nullable=False,
        ),
        sa.Column(
            "outcome",
            _choice(
                "outcome",
                "asked",
                "parties_asked",
                "accepted",
                "scheduled",
                "running",
                "declined",
                "agreed",
                "no_agreement",
                "withdrawn",
            ),
            nullable=False,
        ),
        sa.Column("quarter", sa.String(length=7), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_mediation_fact")),
    )
    op.create_table(
        "group_idea",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("district_id", sa.Integer(), nullable=True),
        sa.Column("form_key", sa.String(length=64), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("hidden_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.CheckConstraint("title <> ''", name=op.f("ck_group_idea_titled")),
        sa.ForeignKeyConstraint(
            ["author_id"], ["account.id"], name=op.f("fk_group_idea_author_id_account"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["district_id"], ["district.id"], name=op.f("fk_group_idea_district_id_district")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_idea")),
        sa.UniqueConstraint("form_key", name=op.f("uq_group_idea_form_key")),
        sa.UniqueConstraint("public_id", name=op.f("uq_group_idea_public_id")),
    )
    op.create_index(op.f("ix_group_idea_author_id"), "group_idea", ["author_id"])

    op.create_table(
        "group_me_too",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject_kind", sa.String(length=20), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_group_me_too_account_id_account"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_me_too")),
        sa.UniqueConstraint(
            "subject_kind",
            "subject_id",
            "account_id",
            name=op.f("uq_group_me_too_subject_kind_subject_id_account_id"),
        ),
    )
    op.create_index(op.f("ix_group_me_too_account_id"), "group_me_too", ["account_id"])

    op.create_table(
        "group_mediator",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("is_professional", sa.Boolean(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("languages", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("since_on", sa.Date(), nullable=False),
        sa.CheckConstraint("about <> ''", name=op.f("ck_group_mediator_says_something")),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_group_mediator_account_id_account"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_group_mediator")),
        sa.UniqueConstraint("public_id", name=op.f("uq_group_mediator_public_id")),
    )
    op.create_table(
        "group_purge",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "kind", _choice("kind", "initiative", "self_help", "project", "professionals"), nullable=False
        ),
        sa.Column("topic", sa.String(length=40), nullable=False),
        sa.Column("district_id", sa.Integer(), nullable=True),
        sa.Column("active_months", sa.Integer(), nullable=False),
        sa.Column("meetings_count", sa.Integer(), nullable=False),
        sa.Column("quarter", sa.String(length=7), nullable=False),
        sa.ForeignKeyConstraint(
            ["district_id"], ["district.id"], name=op.f("fk_group_purge_district_id_district")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_purge")),
    )
    op.create_table(
        "neighbour_group",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column(
            "kind", _choice("kind", "initiative", "self_help", "project", "professionals"), nullable=False
        ),
        sa.Column(
            "state",
            _choice("state", "founding", "active", "dormant", "archived", "merged", "suspended"),
            nullable=False,
        ),
        sa.Column("privacy", _choice("privacy", "open", "closed", "discreet"), nullable=False),
        sa.Column("is_discreet", sa.Boolean(), nullable=False),
        sa.Column("join_way", _choice("join_way", "free", "request", "code", "contact"), nullable=False),
        sa.Column("preset", _choice("preset", "everyone", "contact", "circle"), nullable=False),
        sa.Column("member_rights", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("aim", sa.Text(), nullable=False),
        sa.Column("contact_way", sa.Text(), nullable=False),
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("form_key", sa.String(length=64), nullable=True),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("languages", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("district_id", sa.Integer(), nullable=True),
        sa.Column("topic", sa.String(length=40), nullable=False),
        sa.Column("takes_letters", sa.Boolean(), nullable=False),
        sa.Column("questions", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=True),
        sa.Column("min_size", sa.Integer(), nullable=False),
        sa.Column("meeting_interval_days", sa.Integer(), nullable=True),
        sa.Column("default_method", sa.String(length=20), nullable=False),
        sa.Column("origin_kind", sa.String(length=20), nullable=False),
        sa.Column("origin_id", sa.Integer(), nullable=True),
        sa.Column("created_on", sa.Date(), nullable=False),
        sa.Column("founded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_sign_on", sa.Date(), nullable=False),
        sa.Column("checkin_sent_on", sa.Date(), nullable=True),
        sa.Column("checkins_unanswered", sa.Integer(), nullable=False),
        sa.Column("leaderless_since", sa.Date(), nullable=True),
        sa.Column("loosened_on", sa.Date(), nullable=True),
        sa.Column("dormant_on", sa.Date(), nullable=True),
        sa.Column("pause_until", sa.Date(), nullable=True),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("purge_on", sa.Date(), nullable=True),
        sa.Column(
            "state_before",
            _choice("state_before", "founding", "active", "dormant", "archived", "merged", "suspended"),
            nullable=True,
        ),
        sa.Column("suspended_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("merged_into_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(origin_kind = '') = (origin_id IS NULL)", name=op.f("ck_neighbour_group_whole_origin")
        ),
        sa.CheckConstraint(
            "(state = 'merged') = (merged_into_id IS NOT NULL)", name=op.f("ck_neighbour_group_merged_into")
        ),
        sa.CheckConstraint(
            "(state = 'suspended') = (state_before IS NOT NULL)",
            name=op.f("ck_neighbour_group_suspended_from"),
        ),
        sa.CheckConstraint(
            "(state = 'suspended') = (suspended_until IS NOT NULL)",
            name=op.f("ck_neighbour_group_suspended_until"),
        ),
        sa.CheckConstraint(
            "is_discreet = (privacy = 'discreet')", name=op.f("ck_neighbour_group_discreet_by_privacy")
        ),
        sa.CheckConstraint(
            "state <> 'archived' OR archived_at IS NOT NULL", name=op.f("ck_neighbour_group_archived")
        ),
        sa.CheckConstraint(
            "state NOT IN ('active', 'dormant') OR founded_at IS NOT NULL",
            name=op.f("ck_neighbour_group_founded"),
        ),
        sa.CheckConstraint("capacity >= min_size", name=op.f("ck_neighbour_group_capacity")),
        sa.CheckConstraint("meeting_interval_days > 0", name=op.f("ck_neighbour_group_meeting_interval")),
        sa.CheckConstraint("merged_into_id <> id", name=op.f("ck_neighbour_group_not_into_itself")),
        sa.CheckConstraint("min_size >= 2", name=op.f("ck_neighbour_group_min_size")),
        sa.ForeignKeyConstraint(
            ["district_id"], ["district.id"], name=op.f("fk_neighbour_group_district_id_district")
        ),
        sa.ForeignKeyConstraint(
            ["merged_into_id"],
            ["neighbour_group.id"],
            name=op.f("fk_neighbour_group_merged_into_id_neighbour_group"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_neighbour_group")),
        sa.UniqueConstraint("form_key", name=op.f("uq_neighbour_group_form_key")),
        sa.UniqueConstraint("id", "is_discreet", name=op.f("uq_neighbour_group_id_is_discreet")),
        sa.UniqueConstraint("public_id", name=op.f("uq_neighbour_group_public_id")),
    )
    op.create_index(op.f("ix_neighbour_group_district_id"), "neighbour_group", ["district_id"])
    op.create_index("ix_neighbour_group_listed", "neighbour_group", ["state", "privacy", "last_sign_on"])
    op.create_index("ix_neighbour_group_origin", "neighbour_group", ["origin_kind", "origin_id"])

    op.create_table(
        "group_charter",
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("texts", sa.Text(), nullable=False),
        sa.Column("adopted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.CheckConstraint("version >= 1", name=op.f("ck_group_charter_version")),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["neighbour_group.id"],
            name=op.f("fk_group_charter_group_id_neighbour_group"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("group_id", "version", name=op.f("pk_group_charter")),
    )
    op.create_table(
        "group_history",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("seen", _choice("seen", "public", "members"), nullable=False),
        sa.Column("who", sa.String(length=40), nullable=False),
        sa.Column("data", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["neighbour_group.id"],
            name=op.f("fk_group_history_group_id_neighbour_group"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_history")),
    )
    op.create_index("ix_group_history_read", "group_history", ["group_id", "id"])

    op.create_table(
        "group_letter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("writer_ref", sa.String(length=64), nullable=False),
        sa.Column("reach", sa.Text(), nullable=True),
        sa.Column("group_id", sa.Integer(), nullable=True),
        sa.Column(
            "topic",
            _choice(
                "topic", "health", "addiction", "family", "grief", "violence", "orientation", "money", "other"
            ),
            nullable=True,
        ),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("form_key", sa.String(length=64), nullable=True),
        sa.Column("begun_on", sa.Date(), nullable=False),
        sa.Column("delete_on", sa.Date(), nullable=False),
        sa.CheckConstraint(
            "(group_id IS NULL) = (topic IS NOT NULL)", name=op.f("ck_group_letter_to_somebody")
        ),
        sa.CheckConstraint("begun_on <= delete_on", name=op.f("ck_group_letter_ends")),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["neighbour_group.id"],
            name=op.f("fk_group_letter_group_id_neighbour_group"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_letter")),
        sa.UniqueConstraint("form_key", name=op.f("uq_group_letter_form_key")),
        sa.UniqueConstraint("public_id", name=op.f("uq_group_letter_public_id")),
    )
    op.create_index(op.f("ix_group_letter_delete_on"), "group_letter", ["delete_on"])
    op.create_index(op.f("ix_group_letter_group_id"), "group_letter", ["group_id"])
    op.create_index("ix_group_letter_topic", "group_letter", ["topic", "delete_on"])
    op.create_index(op.f("ix_group_letter_writer_ref"), "group_letter", ["writer_ref"])

    op.create_table(
        "group_mediation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=True),
        sa.Column("link_hash", sa.String(length=64), nullable=True),
        sa.Column(
            "subject_kind",
            _choice("subject_kind", "between_people", "rules", "how_we_work", "with_professional"),
            nullable=False,
        ),
        sa.Column(
            "wanted",
            _choice("wanted", "other_group", "volunteer", "professional", "external"),
            nullable=False,
        ),
        sa.Column(
            "state",
            _choice(
                "state",
                "asked",
                "parties_asked",
                "accepted",
                "scheduled",
                "running",
                "declined",
                "agreed",
                "no_agreement",
                "withdrawn",
            ),
            nullable=False,
        ),
        sa.Column("opening", sa.Text(), nullable=False),
        sa.Column("external", sa.Text(), nullable=False),
        sa.Column("meets_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("agreement", sa.Text(), nullable=False),
        sa.Column("agreement_version", sa.Integer(), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("delete_on", sa.Date(), nullable=True),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "(state IN ('declined', 'agreed', 'no_agreement', 'withdrawn')) = (ended_on IS NOT NULL)",
            name=op.f("ck_group_mediation_ended"),
        ),
        sa.CheckConstraint(
            "published_on IS NULL OR state = 'agreed'", name=op.f("ck_group_mediation_published_agreement")
        ),
        sa.CheckConstraint(
            "state <> 'agreed' OR agreement_version > 0", name=op.f("ck_group_mediation_agreed_on_a_text")
        ),
        sa.CheckConstraint(
            "state <> 'scheduled' OR meets_at IS NOT NULL",
            name=op.f("ck_group_mediation_scheduled_with_a_date"),
        ),
        sa.CheckConstraint(
            "(ended_on IS NULL) = (delete_on IS NULL)", name=op.f("ck_group_mediation_deleted_some_day")
        ),
        sa.CheckConstraint("delete_on > ended_on", name=op.f("ck_group_mediation_deleted_later")),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["neighbour_group.id"],
            name=op.f("fk_group_mediation_group_id_neighbour_group"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_mediation")),
        sa.UniqueConstraint("link_hash", name=op.f("uq_group_mediation_link_hash")),
        sa.UniqueConstraint("public_id", name=op.f("uq_group_mediation_public_id")),
    )
    op.create_index("ix_group_mediation_delete", "group_mediation", ["delete_on"])
    op.create_index("ix_group_mediation_in_group", "group_mediation", ["group_id", "state"])

    op.create_table(
        "group_meeting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("form_key", sa.String(length=64), nullable=True),
        sa.Column("follows_id", sa.Integer(), nullable=True),
        sa.Column(
            "repeats",
            _choice(
                "repeats", "once", "weekly", "fortnightly", "monthly_weekday", "monthly_last", "monthly_date"
            ),
            nullable=False,
        ),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("made_until", sa.Date(), nullable=False),
        sa.Column("starts", sa.Text(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("seen", _choice("seen", "members", "guests", "everybody"), nullable=False),
        sa.Column("called_off", sa.Boolean(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("changed_on", sa.Date(), nullable=False),
        sa.CheckConstraint(
            "repeats <> 'once' OR until_on IS NULL", name=op.f("ck_group_meeting_once_has_no_end")
        ),
        sa.CheckConstraint("made_until >= first_on", name=op.f("ck_group_meeting_made")),
        sa.CheckConstraint("minutes BETWEEN 5 AND 1440", name=op.f("ck_group_meeting_length")),
        sa.CheckConstraint("sequence >= 0", name=op.f("ck_group_meeting_sequence")),
        sa.CheckConstraint("until_on >= first_on", name=op.f("ck_group_meeting_span")),
        sa.ForeignKeyConstraint(
            ["follows_id"],
            ["group_meeting.id"],
            name=op.f("fk_group_meeting_follows_id_group_meeting"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["neighbour_group.id"],
            name=op.f("fk_group_meeting_group_id_neighbour_group"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_meeting")),
        sa.UniqueConstraint("group_id", "form_key", name=op.f("uq_group_meeting_group_id_form_key")),
        sa.UniqueConstraint("public_id", name=op.f("uq_group_meeting_public_id")),
    )
    op.create_index("ix_group_meeting_to_extend", "group_meeting", ["called_off", "made_until"])

    op.create_table(
        "group_membership",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("is_discreet", sa.Boolean(), nullable=False),
        sa.Column("ref", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("reach", sa.Text(), nullable=True),
        sa.Column(
            "state",
            _choice(
                "state",
                "interested",
                "requested",
                "waiting",
                "member",
                "paused",
                "declined",
                "left",
                "removed",
            ),
            nullable=False,
        ),
        sa.Column("alias", sa.Text(), nullable=False),
        sa.Column("alias_skeleton", sa.String(length=64), nullable=True),
        sa.Column("answers", sa.Text(), nullable=True),
        sa.Column("invited_by_id", sa.Integer(), nullable=True),
        sa.Column("asked_on", sa.Date(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("reminded_on", sa.Date(), nullable=True),
        sa.Column("member_since", sa.Date(), nullable=True),
        sa.Column("paused_until", sa.Date(), nullable=True),
        sa.Column("barred_until", sa.Date(), nullable=True),
        sa.Column("charter_version", sa.Integer(), nullable=False),
        sa.Column("shown_publicly", sa.Boolean(), nullable=False),
        sa.Column("quiet", sa.Boolean(), nullable=False),
        sa.Column("waited", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "state NOT IN ('member', 'paused') OR alias <> ''",
            name=op.f("ck_group_membership_members_have_a_name"),
        ),
        sa.CheckConstraint(
            "NOT is_discreet OR account_id IS NULL", name=op.f("ck_group_membership_discreet_names_nobody")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_group_membership_account_id_account"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["group_id", "is_discreet"],
            ["neighbour_group.id", "neighbour_group.is_discreet"],
            name=op.f("fk_group_membership_group_id_neighbour_group"),
            ondelete="CASCADE",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["invited_by_id"],
            ["group_membership.id"],
            name=op.f("fk_group_membership_invited_by_id_group_membership"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_membership")),
        sa.UniqueConstraint(
            "group_id", "alias_skeleton", name=op.f("uq_group_membership_group_id_alias_skeleton")
        ),
        sa.UniqueConstraint("group_id", "ref", name=op.f("uq_group_membership_group_id_ref")),
        sa.UniqueConstraint("id", "group_id", name=op.f("uq_group_membership_id_group_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_group_membership_public_id")),
    )
    op.create_index("ix_group_membership_in_state", "group_membership", ["group_id", "state"])
    op.create_index("ix_group_membership_of", "group_membership", ["account_id", "state"])

    op.create_table(
        "group_move",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("kind", _choice("kind", "merge", "split"), nullable=False),
        sa.Column("state", _choice("state", "drafted", "asked", "open", "done", "off"), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("aim", sa.Text(), nullable=False),
        sa.Column("privacy", _choice("privacy", "open", "closed", "discreet"), nullable=False),
        sa.Column("charter", sa.Text(), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=True),
        sa.Column("target_id", sa.Integer(), nullable=True),
        sa.Column("created_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("delete_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "(state IN ('done', 'off')) = (delete_on IS NOT NULL)",
            name=op.f("ck_group_move_deleted_some_day"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('open', 'done') OR target_id IS NOT NULL",
            name=op.f("ck_group_move_leads_somewhere"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('open', 'done') OR until_on IS NOT NULL", name=op.f("ck_group_move_dated")
        ),
        sa.ForeignKeyConstraint(
            ["target_id"],
            ["neighbour_group.id"],
            name=op.f("fk_group_move_target_id_neighbour_group"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_move")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_group_move_code_hash")),
        sa.UniqueConstraint("public_id", name=op.f("uq_group_move_public_id")),
    )
    op.create_index(op.f("ix_group_move_target_id"), "group_move", ["target_id"])

    op.create_table(
        "group_relation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("low_id", sa.Integer(), nullable=False),
        sa.Column("low_discreet", sa.Boolean(), nullable=False),
        sa.Column("high_id", sa.Integer(), nullable=False),
        sa.Column("high_discreet", sa.Boolean(), nullable=False),
        sa.Column("kind", _choice("kind", "part_of", "partner", "shares_room", "same_topic"), nullable=False),
        sa.Column("state", _choice("state", "asked", "accepted", "ended"), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("part_id", sa.Integer(), nullable=True),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("changed_on", sa.Date(), nullable=False),
        sa.CheckConstraint(
            "(kind = 'part_of') = (part_id IS NOT NULL)", name=op.f("ck_group_relation_part_of_whom")
        ),
        sa.CheckConstraint(
            "kind = 'shares_room' OR state = 'ended' OR NOT (low_discreet OR high_discreet)",
            name=op.f("ck_group_relation_discreet_groups_stand_alone"),
        ),
        sa.CheckConstraint(
            "asked_by_id IN (low_id, high_id)", name=op.f("ck_group_relation_asked_by_one_of_them")
        ),
        sa.CheckConstraint("low_id < high_id", name=op.f("ck_group_relation_two_groups")),
        sa.CheckConstraint(
            "part_id IS NULL OR part_id IN (low_id, high_id)",
            name=op.f("ck_group_relation_part_is_one_of_them"),
        ),
        sa.ForeignKeyConstraint(
            ["high_id", "high_discreet"],
            ["neighbour_group.id", "neighbour_group.is_discreet"],
            name="fk_group_relation_high",
            ondelete="CASCADE",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["low_id", "low_discreet"],
            ["neighbour_group.id", "neighbour_group.is_discreet"],
            name="fk_group_relation_low",
            ondelete="CASCADE",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_relation")),
        sa.UniqueConstraint("public_id", name=op.f("uq_group_relation_public_id")),
    )
    op.create_index("ix_group_relation_high", "group_relation", ["high_id", "state"])
    op.create_index(
        "uq_group_relation_lasting",
        "group_relation",
        ["low_id", "high_id", "kind"],
        unique=True,
        sqlite_where=sa.text("state <> 'ended'"),
        postgresql_where=sa.text("state <> 'ended'"),
    )

    op.create_table(
        "group_role",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("rights", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("how", _choice("how", "trust", "decision", "rotation", "claim"), nullable=False),
        sa.Column("term_months", sa.Integer(), nullable=False),
        sa.Column("max_holders", sa.Integer(), nullable=True),
        sa.Column("is_required", sa.Boolean(), nullable=False),
        sa.CheckConstraint("label <> ''", name=op.f("ck_group_role_named")),
        sa.CheckConstraint("max_holders >= 1", name=op.f("ck_group_role_holders")),
        sa.CheckConstraint("term_months BETWEEN 1 AND 36", name=op.f("ck_group_role_term")),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["neighbour_group.id"],
            name=op.f("fk_group_role_group_id_neighbour_group"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_role")),
        sa.UniqueConstraint("group_id", "key", name=op.f("uq_group_role_group_id_key")),
    )
    op.create_table(
        "group_text",
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("texts", sa.Text(), nullable=False),
        sa.Column("changed_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["neighbour_group.id"],
            name=op.f("fk_group_text_group_id_neighbour_group"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("group_id", "language", name=op.f("pk_group_text")),
    )
    op.create_table(
        "group_accompaniment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("kind", _choice("kind", "professional", "peer"), nullable=False),
        sa.Column(
            "state",
            _choice("state", "proposed", "agreed", "ending", "ended", "terminated", "declined"),
            nullable=False,
        ),
        sa.Column("asked_by", _choice("asked_by", "group", "companion"), nullable=False),
        sa.Column("renewal_of_id", sa.Integer(), nullable=True),
        sa.Column("ref", sa.String(length=64), nullable=True),
        sa.Column("reach", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=True),
        sa.Column("group_word", sa.Text(), nullable=False),
        sa.Column("goal", sa.Text(), nullable=False),
        sa.Column("scope", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("grants", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("meetings", sa.Integer(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=True),
        sa.Column("proposed_on", sa.Date(), nullable=False),
        sa.Column("signed_by_group_on", sa.Date(), nullable=True),
        sa.Column("signed_by_companion_on", sa.Date(), nullable=True),
        sa.Column("first_signer_id", sa.Integer(), nullable=True),
        sa.Column("asked_on", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("ended_by", _choice("ended_by", "group", "companion"), nullable=True),
        sa.CheckConstraint(
            "(state IN ('ended', 'terminated', 'declined')) = (ended_on IS NOT NULL)",
            name=op.f("ck_group_accompaniment_ended"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('agreed', 'ending', 'ended', 'terminated') OR (from_on IS NOT NULL AND ref IS NOT NULL AND signed_by_group_on IS NOT NULL AND signed_by_companion_on IS NOT NULL)",
            name=op.f("ck_group_accompaniment_both_signed"),
        ),
        sa.CheckConstraint("days BETWEEN 1 AND 184", name=op.f("ck_group_accompaniment_at_most_six_months")),
        sa.CheckConstraint("meetings BETWEEN 0 AND 60", name=op.f("ck_group_accompaniment_meetings")),
        sa.CheckConstraint(
            "ref IS NOT NULL OR code_hash IS NOT NULL OR ended_on IS NOT NULL",
            name=op.f("ck_group_accompaniment_to_somebody"),
        ),
        sa.ForeignKeyConstraint(
            ["first_signer_id"],
            ["group_membership.id"],
            name=op.f("fk_group_accompaniment_first_signer_id_group_membership"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["neighbour_group.id"],
            name=op.f("fk_group_accompaniment_group_id_neighbour_group"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["renewal_of_id"],
            ["group_accompaniment.id"],
            name=op.f("fk_group_accompaniment_renewal_of_id_group_accompaniment"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_accompaniment")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_group_accompaniment_code_hash")),
        sa.UniqueConstraint("public_id", name=op.f("uq_group_accompaniment_public_id")),
    )
    op.create_index("ix_group_accompaniment_of", "group_accompaniment", ["group_id", "state"])
    op.create_index("ix_group_accompaniment_ref", "group_accompaniment", ["ref"])

    op.create_table(
        "group_calendar_address",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("membership_id", sa.Integer(), nullable=True),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.CheckConstraint(
            "(account_id IS NULL) <> (membership_id IS NULL)", name=op.f("ck_group_calendar_address_whose")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_group_calendar_address_account_id_account"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["membership_id"],
            ["group_membership.id"],
            name=op.f("fk_group_calendar_address_membership_id_group_membership"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_calendar_address")),
        sa.UniqueConstraint("account_id", name=op.f("uq_group_calendar_address_account_id")),
        sa.UniqueConstraint("membership_id", name=op.f("uq_group_calendar_address_membership_id")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_group_calendar_address_token_hash")),
    )
    op.create_table(
        "group_date_wish",
        sa.Column("membership_id", sa.Integer(), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["membership_id"],
            ["group_membership.id"],
            name=op.f("fk_group_date_wish_membership_id_group_membership"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("membership_id", name=op.f("pk_group_date_wish")),
    )
    op.create_table(
        "group_decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("form_key", sa.String(length=64), nullable=True),
        sa.Column(
            "state",
            _choice("state", "draft", "collecting", "open", "integrating", "closed", "cancelled"),
            nullable=False,
        ),
        sa.Column(
            "method",
            _choice(
                "method",
                "consent",
                "consensus",
                "majority",
                "choice",
                "dots",
                "score",
                "ranking",
                "resistance",
                "date",
                "lots",
            ),
            nullable=False,
        ),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column(
            "target",
            _choice("target", "free", "charter", "role", "date", "merge", "pause", "review", "privacy"),
            nullable=False,
        ),
        sa.Column("target_data", sa.Text(), nullable=False),
        sa.Column("secret", sa.Boolean(), nullable=False),
        sa.Column(
            "results_shown", _choice("results_shown", "at_closing", "after_own", "live"), nullable=False
        ),
        sa.Column("electorate", _choice("electorate", "at_opening", "at_closing"), nullable=False),
        sa.Column("quorum_kind", _choice("quorum_kind", "none", "percent", "people"), nullable=False),
        sa.Column("quorum", sa.Integer(), nullable=False),
        sa.Column("majority", sa.String(length=20), nullable=False),
        sa.Column("run_off_below_half", sa.Boolean(), nullable=False),
        sa.Column("lots_on_tie", sa.Boolean(), nullable=False),
        sa.Column("max_choices", sa.Integer(), nullable=True),
        sa.Column("points_total", sa.Integer(), nullable=True),
        sa.Column("points_each", sa.Integer(), nullable=True),
        sa.Column(
            "fallback_method",
            _choice(
                "fallback_method",
                "consent",
                "consensus",
                "majority",
                "choice",
                "dots",
                "score",
                "ranking",
                "resistance",
                "date",
                "lots",
            ),
            nullable=True,
        ),
        sa.Column("facilitator_id", sa.Integer(), nullable=True),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("extended", sa.Boolean(), nullable=False),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("lot_secret", sa.Text(), nullable=True),
        sa.Column("result", sa.Text(), nullable=True),
        sa.Column(
            "status",
            _choice(
                "status", "adopted", "not_adopted", "no_quorum", "tie", "run_off", "withdrawn", "changed"
            ),
            nullable=True,
        ),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancel_reason", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("carried_out_on", sa.Date(), nullable=True),
        sa.Column("undo_data", sa.Text(), nullable=True),
        sa.Column("undoes_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(quorum_kind = 'none') = (quorum = 0)", name=op.f("ck_group_decision_whole_quorum")
        ),
        sa.CheckConstraint(
            "NOT secret OR method NOT IN ('consent', 'date', 'lots')",
            name=op.f("ck_group_decision_secret_methods"),
        ),
        sa.CheckConstraint(
            "NOT secret OR results_shown = 'at_closing'", name=op.f("ck_group_decision_secret_until_the_end")
        ),
        sa.CheckConstraint(
            "carried_out_on IS NULL OR (status IS NOT NULL AND status = 'adopted')",
            name=op.f("ck_group_decision_carried_out_when_adopted"),
        ),
        sa.CheckConstraint(
            "electorate = 'at_opening' OR method = 'date'",
            name=op.f("ck_group_decision_open_electorate_for_dates"),
        ),
        sa.CheckConstraint(
            "quorum >= 0 AND (quorum_kind <> 'percent' OR quorum <= 100)",
            name=op.f("ck_group_decision_quorum"),
        ),
        sa.CheckConstraint(
            "state <> 'cancelled' OR cancel_reason <> ''",
            name=op.f("ck_group_decision_cancelled_with_reason"),
        ),
        sa.CheckConstraint(
            "state = 'draft' OR (opens_at IS NOT NULL AND closes_at IS NOT NULL)",
            name=op.f("ck_group_decision_dated"),
        ),
        sa.CheckConstraint("max_choices > 0", name=op.f("ck_group_decision_choices")),
        sa.CheckConstraint("opens_at < closes_at", name=op.f("ck_group_decision_span")),
        sa.CheckConstraint("points_total > 0 AND points_each > 0", name=op.f("ck_group_decision_points")),
        sa.CheckConstraint("round BETWEEN 1 AND 20", name=op.f("ck_group_decision_round")),
        sa.CheckConstraint("undoes_id <> id", name=op.f("ck_group_decision_undoes_another")),
        sa.ForeignKeyConstraint(
            ["facilitator_id"],
            ["group_membership.id"],
            name=op.f("fk_group_decision_facilitator_id_group_membership"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["neighbour_group.id"],
            name=op.f("fk_group_decision_group_id_neighbour_group"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["undoes_id"],
            ["group_decision.id"],
            name=op.f("fk_group_decision_undoes_id_group_decision"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_decision")),
        sa.UniqueConstraint("group_id", "form_key", name=op.f("uq_group_decision_group_id_form_key")),
        sa.UniqueConstraint("public_id", name=op.f("uq_group_decision_public_id")),
    )
    op.create_index("ix_group_decision_listed", "group_decision", ["group_id", "state", "closes_at"])
    op.create_index(op.f("ix_group_decision_undoes_id"), "group_decision", ["undoes_id"])

    op.create_table(
        "group_invite_code",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("uses_left", sa.Integer(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("revoked_on", sa.Date(), nullable=True),
        sa.CheckConstraint("uses_left >= 0", name=op.f("ck_group_invite_code_uses")),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["neighbour_group.id"],
            name=op.f("fk_group_invite_code_group_id_neighbour_group"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["made_by_id"],
            ["group_membership.id"],
            name=op.f("fk_group_invite_code_made_by_id_group_membership"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_invite_code")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_group_invite_code_code_hash")),
    )
    op.create_index(op.f("ix_group_invite_code_group_id"), "group_invite_code", ["group_id"])

    op.create_table(
        "group_letter_text",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("letter_id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=True),
        sa.Column("thread", sa.String(length=64), nullable=False),
        sa.Column("from_group", sa.Boolean(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.CheckConstraint(
            "NOT from_group OR group_id IS NOT NULL", name=op.f("ck_group_letter_text_groups_sign")
        ),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["neighbour_group.id"],
            name=op.f("fk_group_letter_text_group_id_neighbour_group"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["letter_id"],
            ["group_letter.id"],
            name=op.f("fk_group_letter_text_letter_id_group_letter"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_letter_text")),
    )
    op.create_index(op.f("ix_group_letter_text_group_id"), "group_letter_text", ["group_id"])
    op.create_index("ix_group_letter_text_read", "group_letter_text", ["letter_id", "group_id", "id"])

    op.create_table(
        "group_mediation_person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mediation_id", sa.Integer(), nullable=False),
        sa.Column("part", _choice("part", "asker", "other", "mediator"), nullable=False),
        sa.Column("ref", sa.String(length=64), nullable=False),
        sa.Column("reach", sa.Text(), nullable=True),
        sa.Column("alias", sa.Text(), nullable=False),
        sa.Column("says_yes", sa.Boolean(), nullable=True),
        sa.Column("accepts_mediator", sa.Boolean(), nullable=True),
        sa.Column("agrees_to", sa.Integer(), nullable=False),
        sa.Column("publishes", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "part <> 'mediator' OR accepts_mediator IS NULL",
            name=op.f("ck_group_mediation_person_not_judge_of_oneself"),
        ),
        sa.ForeignKeyConstraint(
            ["mediation_id"],
            ["group_mediation.id"],
            name=op.f("fk_group_mediation_person_mediation_id_group_mediation"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_mediation_person")),
        sa.UniqueConstraint("mediation_id", "ref", name=op.f("uq_group_mediation_person_mediation_id_ref")),
    )
    op.create_index(op.f("ix_group_mediation_person_ref"), "group_mediation_person", ["ref"])
    op.create_index(
        "uq_group_mediation_one_mediator",
        "group_mediation_person",
        ["mediation_id"],
        unique=True,
        sqlite_where=sa.text("part = 'mediator'"),
        postgresql_where=sa.text("part = 'mediator'"),
    )

    op.create_table(
        "group_meeting_date",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("original_on", sa.Date(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("starts", sa.Text(), nullable=True),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("place", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("status", _choice("status", "planned", "cancelled"), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("held", _choice("held", "unknown", "held", "not_held"), nullable=False),
        sa.Column("people", sa.Integer(), nullable=True),
        sa.Column("asked_on", sa.Date(), nullable=True),
        sa.Column("reminded_on", sa.Date(), nullable=True),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("changed_on", sa.Date(), nullable=False),
        sa.CheckConstraint(
            "people IS NULL OR (people >= 1 AND held = 'held')", name=op.f("ck_group_meeting_date_people")
        ),
        sa.CheckConstraint(
            "status <> 'cancelled' OR held = 'unknown'",
            name=op.f("ck_group_meeting_date_cancelled_is_not_held"),
        ),
        sa.CheckConstraint("minutes BETWEEN 5 AND 1440", name=op.f("ck_group_meeting_date_length")),
        sa.CheckConstraint("sequence >= 0", name=op.f("ck_group_meeting_date_sequence")),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["neighbour_group.id"],
            name=op.f("fk_group_meeting_date_group_id_neighbour_group"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"],
            ["group_meeting.id"],
            name=op.f("fk_group_meeting_date_meeting_id_group_meeting"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_meeting_date")),
        sa.UniqueConstraint(
            "meeting_id", "original_on", name=op.f("uq_group_meeting_date_meeting_id_original_on")
        ),
        sa.UniqueConstraint("public_id", name=op.f("uq_group_meeting_date_public_id")),
    )
    op.create_index("ix_group_meeting_date_due", "group_meeting_date", ["on", "status", "held"])
    op.create_index("ix_group_meeting_date_listed", "group_meeting_date", ["group_id", "on"])

    op.create_table(
        "group_minutes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("met_on", sa.Date(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("present", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("written_by_id", sa.Integer(), nullable=True),
        sa.Column("written_on", sa.Date(), nullable=False),
        sa.Column("changed_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("form_key", sa.String(length=64), nullable=True),
        sa.Column("delete_on", sa.Date(), nullable=False),
        sa.CheckConstraint("delete_on > written_on", name=op.f("ck_group_minutes_ends")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_group_minutes_version")),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["neighbour_group.id"],
            name=op.f("fk_group_minutes_group_id_neighbour_group"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["written_by_id"],
            ["group_membership.id"],
            name=op.f("fk_group_minutes_written_by_id_group_membership"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_minutes")),
        sa.UniqueConstraint("group_id", "form_key", name=op.f("uq_group_minutes_group_id_form_key")),
        sa.UniqueConstraint("public_id", name=op.f("uq_group_minutes_public_id")),
    )
    op.create_index("ix_group_minutes_ends", "group_minutes", ["delete_on"])
    op.create_index("ix_group_minutes_listed", "group_minutes", ["group_id", "met_on"])

    op.create_table(
        "group_move_thing",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("move_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("goes", _choice("goes", "stays", "goes", "shared"), nullable=False),
        sa.ForeignKeyConstraint(
            ["move_id"],
            ["group_move.id"],
            name=op.f("fk_group_move_thing_move_id_group_move"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_move_thing")),
        sa.UniqueConstraint("move_id", "number", name=op.f("uq_group_move_thing_move_id_number")),
    )
    op.create_table(
        "group_pair_act",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("right", sa.String(length=30), nullable=False),
        sa.Column("act", sa.String(length=30), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("started_by_id", sa.Integer(), nullable=False),
        sa.Column("confirmed_by_id", sa.Integer(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "confirmed_by_id IS NULL OR confirmed_by_id <> started_by_id",
            name=op.f("ck_group_pair_act_two_people"),
        ),
        sa.ForeignKeyConstraint(
            ["confirmed_by_id"],
            ["group_membership.id"],
            name=op.f("fk_group_pair_act_confirmed_by_id_group_membership"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["neighbour_group.id"],
            name=op.f("fk_group_pair_act_group_id_neighbour_group"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["started_by_id"],
            ["group_membership.id"],
            name=op.f("fk_group_pair_act_started_by_id_group_membership"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_pair_act")),
        sa.UniqueConstraint("public_id", name=op.f("uq_group_pair_act_public_id")),
    )
    op.create_index(op.f("ix_group_pair_act_group_id"), "group_pair_act", ["group_id"])

    op.create_table(
        "group_post",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("thread_id", sa.Integer(), nullable=True),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("alias", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("written_on", sa.Date(), nullable=False),
        sa.Column("edited_on", sa.Date(), nullable=True),
        sa.Column("removed_by", _choice("removed_by", "author", "group"), nullable=True),
        sa.Column("hidden_on", sa.Date(), nullable=True),
        sa.Column("pinned_on", sa.Date(), nullable=True),
        sa.Column("closed", sa.Boolean(), nullable=False),
        sa.Column("answers", sa.Integer(), nullable=False),
        sa.Column("last_id", sa.Integer(), nullable=True),
        sa.Column("last_on", sa.Date(), nullable=True),
        sa.Column("form_key", sa.String(length=64), nullable=True),
        sa.Column("delete_on", sa.Date(), nullable=False),
        sa.CheckConstraint(
            "(removed_by IS NULL) = (text IS NOT NULL)", name=op.f("ck_group_post_removed_is_empty")
        ),
        sa.CheckConstraint(
            "(title IS NOT NULL) = (thread_id IS NULL AND removed_by IS NULL)",
            name=op.f("ck_group_post_conversations_have_titles"),
        ),
        sa.CheckConstraint("answers >= 0", name=op.f("ck_group_post_answers")),
        sa.CheckConstraint("delete_on > written_on", name=op.f("ck_group_post_ends")),
        sa.CheckConstraint(
            "removed_by IS NULL OR pinned_on IS NULL", name=op.f("ck_group_post_nothing_empty_is_pinned")
        ),
        sa.CheckConstraint("thread_id <> id", name=op.f("ck_group_post_not_its_own_answer")),
        sa.CheckConstraint(
            "thread_id IS NULL OR (pinned_on IS NULL AND NOT closed)",
            name=op.f("ck_group_post_answers_are_no_threads"),
        ),
        sa.ForeignKeyConstraint(
            ["author_id"],
            ["group_membership.id"],
            name=op.f("fk_group_post_author_id_group_membership"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["neighbour_group.id"],
            name=op.f("fk_group_post_group_id_neighbour_group"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["thread_id", "group_id"],
            ["group_post.id", "group_post.group_id"],
            name=op.f("fk_group_post_thread_id_group_post"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_post")),
        sa.UniqueConstraint("group_id", "form_key", name=op.f("uq_group_post_group_id_form_key")),
        sa.UniqueConstraint("id", "group_id", name=op.f("uq_group_post_id_group_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_group_post_public_id")),
    )
    op.create_index(op.f("ix_group_post_author_id"), "group_post", ["author_id"])
    op.create_index("ix_group_post_ends", "group_post", ["delete_on"])
    op.create_index("ix_group_post_listed", "group_post", ["group_id", "thread_id", "last_id"])
    op.create_index("ix_group_post_thread", "group_post", ["thread_id", "id"])

    op.create_table(
        "group_review",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("affected_id", sa.Integer(), nullable=False),
        sa.Column("starter_id", sa.Integer(), nullable=True),
        sa.Column("second_id", sa.Integer(), nullable=True),
        sa.Column(
            "state",
            _choice("state", "proposed", "hearing", "voting", "decided", "in_force", "over"),
            nullable=False,
        ),
        sa.Column("alias", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("measure", sa.Text(), nullable=False),
        sa.Column("measure_days", sa.Integer(), nullable=False),
        sa.Column("exclusion_days", sa.Integer(), nullable=False),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("helper", sa.Text(), nullable=False),
        sa.Column("begun_on", sa.Date(), nullable=True),
        sa.Column("hearing_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("exclusion_possible", sa.Boolean(), nullable=False),
        sa.Column(
            "result",
            _choice("result", "no_change", "measure", "exclusion", "no_quorum", "left", "withdrawn"),
            nullable=True,
        ),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("effective_on", sa.Date(), nullable=True),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("appeal", _choice("appeal", "none", "asked", "looking", "stands", "anew"), nullable=False),
        sa.Column("appeal_until", sa.Date(), nullable=True),
        sa.Column("appeal_words", sa.Text(), nullable=False),
        sa.Column("appeal_ref", sa.String(length=64), nullable=True),
        sa.Column("appeal_reach", sa.Text(), nullable=True),
        sa.Column("appeal_name", sa.Text(), nullable=False),
        sa.Column("appeal_answer", sa.Text(), nullable=False),
        sa.Column("delete_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "(appeal = 'none') = (appeal_ref IS NULL)", name=op.f("ck_group_review_appeal_to_somebody")
        ),
        sa.CheckConstraint(
            "(result IS NOT NULL) = (state IN ('decided', 'in_force', 'over'))",
            name=op.f("ck_group_review_decided_with_result"),
        ),
        sa.CheckConstraint(
            "state = 'proposed' OR (hearing_until IS NOT NULL AND closes_at IS NOT NULL)",
            name=op.f("ck_group_review_dated"),
        ),
        sa.CheckConstraint("exclusion_days BETWEEN 1 AND 366", name=op.f("ck_group_review_exclusion_ends")),
        sa.CheckConstraint("hearing_until < closes_at", name=op.f("ck_group_review_heard_first")),
        sa.CheckConstraint("measure_days BETWEEN 0 AND 92", name=op.f("ck_group_review_measure_ends")),
        sa.CheckConstraint("round BETWEEN 1 AND 2", name=op.f("ck_group_review_round")),
        sa.CheckConstraint(
            "starter_id <> affected_id AND second_id <> affected_id",
            name=op.f("ck_group_review_not_about_oneself"),
        ),
        sa.CheckConstraint("starter_id <> second_id", name=op.f("ck_group_review_two_people")),
        sa.ForeignKeyConstraint(
            ["affected_id"],
            ["group_membership.id"],
            name=op.f("fk_group_review_affected_id_group_membership"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["neighbour_group.id"],
            name=op.f("fk_group_review_group_id_neighbour_group"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["second_id"],
            ["group_membership.id"],
            name=op.f("fk_group_review_second_id_group_membership"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["starter_id"],
            ["group_membership.id"],
            name=op.f("fk_group_review_starter_id_group_membership"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_review")),
        sa.UniqueConstraint("public_id", name=op.f("uq_group_review_public_id")),
    )
    op.create_index(op.f("ix_group_review_affected_id"), "group_review", ["affected_id"])
    op.create_index(op.f("ix_group_review_appeal_ref"), "group_review", ["appeal_ref"])
    op.create_index("ix_group_review_due", "group_review", ["state", "closes_at"])
    op.create_index(op.f("ix_group_review_group_id"), "group_review", ["group_id"])
    op.create_index(
        "uq_group_review_open",
        "group_review",
        ["group_id"],
        unique=True,
        sqlite_where=sa.text("state IN ('proposed', 'hearing', 'voting', 'decided')"),
        postgresql_where=sa.text("state IN ('proposed', 'hearing', 'voting', 'decided')"),
    )

    op.create_table(
        "group_role_claim",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("role_id", sa.Integer(), nullable=False),
        sa.Column("membership_id", sa.Integer(), nullable=False),
        sa.Column("state", _choice("state", "open", "effective", "objected", "withdrawn"), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("confirmed_by_id", sa.Integer(), nullable=True),
        sa.Column("objected_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "confirmed_by_id IS NULL OR confirmed_by_id <> membership_id",
            name=op.f("ck_group_role_claim_another_confirms"),
        ),
        sa.ForeignKeyConstraint(
            ["confirmed_by_id"],
            ["group_membership.id"],
            name=op.f("fk_group_role_claim_confirmed_by_id_group_membership"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["membership_id"],
            ["group_membership.id"],
            name=op.f("fk_group_role_claim_membership_id_group_membership"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["objected_by_id"],
            ["group_membership.id"],
            name=op.f("fk_group_role_claim_objected_by_id_group_membership"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["role_id"],
            ["group_role.id"],
            name=op.f("fk_group_role_claim_role_id_group_role"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_role_claim")),
    )
    op.create_index(op.f("ix_group_role_claim_role_id"), "group_role_claim", ["role_id"])
    op.create_index(
        "uq_group_role_claim_open",
        "group_role_claim",
        ["role_id", "membership_id"],
        unique=True,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )

    op.create_table(
        "group_role_holder",
        sa.Column("role_id", sa.Integer(), nullable=False),
        sa.Column("membership_id", sa.Integer(), nullable=False),
        sa.Column("how", _choice("how", "trust", "decision", "rotation", "claim"), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("reminded_on", sa.Date(), nullable=True),
        sa.CheckConstraint("from_on < until_on", name=op.f("ck_group_role_holder_term")),
        sa.ForeignKeyConstraint(
            ["membership_id"],
            ["group_membership.id"],
            name=op.f("fk_group_role_holder_membership_id_group_membership"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["role_id"],
            ["group_role.id"],
            name=op.f("fk_group_role_holder_role_id_group_role"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("role_id", "membership_id", name=op.f("pk_group_role_holder")),
    )
    op.create_index(op.f("ix_group_role_holder_membership_id"), "group_role_holder", ["membership_id"])

    op.create_table(
        "group_role_offer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("role_id", sa.Integer(), nullable=False),
        sa.Column("membership_id", sa.Integer(), nullable=False),
        sa.Column("from_id", sa.Integer(), nullable=True),
        sa.Column("hands_over", sa.Boolean(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.CheckConstraint(
            "from_id IS NULL OR from_id <> membership_id", name=op.f("ck_group_role_offer_to_another")
        ),
        sa.ForeignKeyConstraint(
            ["from_id"],
            ["group_membership.id"],
            name=op.f("fk_group_role_offer_from_id_group_membership"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["membership_id"],
            ["group_membership.id"],
            name=op.f("fk_group_role_offer_membership_id_group_membership"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["role_id"],
            ["group_role.id"],
            name=op.f("fk_group_role_offer_role_id_group_role"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_role_offer")),
        sa.UniqueConstraint("public_id", name=op.f("uq_group_role_offer_public_id")),
        sa.UniqueConstraint(
            "role_id", "membership_id", name=op.f("uq_group_role_offer_role_id_membership_id")
        ),
    )
    op.create_index(op.f("ix_group_role_offer_membership_id"), "group_role_offer", ["membership_id"])

    op.create_table(
        "group_trust",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("role_id", sa.Integer(), nullable=False),
        sa.Column("giver_id", sa.Integer(), nullable=True),
        sa.Column("giver_ref", sa.String(length=64), nullable=False),
        sa.Column("receiver_id", sa.Integer(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("is_against", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "giver_id IS NULL OR giver_id <> receiver_id", name=op.f("ck_group_trust_not_oneself")
        ),
        sa.ForeignKeyConstraint(
            ["giver_id"],
            ["group_membership.id"],
            name=op.f("fk_group_trust_giver_id_group_membership"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["receiver_id"],
            ["group_membership.id"],
            name=op.f("fk_group_trust_receiver_id_group_membership"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["role_id"], ["group_role.id"], name=op.f("fk_group_trust_role_id_group_role"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_trust")),
        sa.UniqueConstraint(
            "role_id", "giver_ref", "receiver_id", name=op.f("uq_group_trust_role_id_giver_ref_receiver_id")
        ),
    )
    op.create_index(op.f("ix_group_trust_receiver_id"), "group_trust", ["receiver_id"])

    op.create_table(
        "proposal_group",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("is_discreet", sa.Boolean(), nullable=False),
        sa.Column("part", _choice("part", "author", "carries"), nullable=False),
        sa.Column("group_answers", sa.Boolean(), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("agreed_on", sa.Date(), nullable=True),
        sa.CheckConstraint("NOT is_discreet", name=op.f("ck_proposal_group_never_discreet")),
        sa.ForeignKeyConstraint(
            ["group_id", "is_discreet"],
            ["neighbour_group.id", "neighbour_group.is_discreet"],
            name=op.f("fk_proposal_group_group_id_neighbour_group"),
            ondelete="CASCADE",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"],
            ["proposal.id"],
            name=op.f("fk_proposal_group_proposal_id_proposal"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal_group")),
        sa.UniqueConstraint(
            "proposal_id", "group_id", "part", name=op.f("uq_proposal_group_proposal_id_group_id_part")
        ),
        sa.UniqueConstraint("public_id", name=op.f("uq_proposal_group_public_id")),
    )
    op.create_index("ix_proposal_group_of", "proposal_group", ["group_id", "agreed_on"])

    op.create_table(
        "group_accompaniment_substitute",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("accompaniment_id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=64), nullable=False),
        sa.Column("reach", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("accepted_on", sa.Date(), nullable=True),
        sa.CheckConstraint("from_on <= until_on", name=op.f("ck_group_accompaniment_substitute_span")),
        sa.ForeignKeyConstraint(
            ["accompaniment_id"],
            ["group_accompaniment.id"],
            name=op.f("fk_group_accompaniment_substitute_accompaniment_id_group_accompaniment"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_accompaniment_substitute")),
        sa.UniqueConstraint(
            "accompaniment_id", "ref", name=op.f("uq_group_accompaniment_substitute_accompaniment_id_ref")
        ),
    )
    op.create_index(op.f("ix_group_accompaniment_substitute_ref"), "group_accompaniment_substitute", ["ref"])

    op.create_table(
        "group_attendance",
        sa.Column("date_id", sa.Integer(), nullable=False),
        sa.Column("membership_id", sa.Integer(), nullable=False),
        sa.Column("answer", _choice("answer", "yes", "maybe", "no"), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("needs", sa.Text(), nullable=True),
        sa.CheckConstraint("people BETWEEN 1 AND 5", name=op.f("ck_group_attendance_people")),
        sa.ForeignKeyConstraint(
            ["date_id"],
            ["group_meeting_date.id"],
            name=op.f("fk_group_attendance_date_id_group_meeting_date"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["membership_id"],
            ["group_membership.id"],
            name=op.f("fk_group_attendance_membership_id_group_membership"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("date_id", "membership_id", name=op.f("pk_group_attendance")),
    )
    op.create_index(op.f("ix_group_attendance_membership_id"), "group_attendance", ["membership_id"])

    op.create_table(
        "group_companion_word",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("accompaniment_id", sa.Integer(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("side", _choice("side", "group", "companion"), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["accompaniment_id"],
            ["group_accompaniment.id"],
            name=op.f("fk_group_companion_word_accompaniment_id_group_accompaniment"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_companion_word")),
    )
    op.create_index(
        op.f("ix_group_companion_word_accompaniment_id"), "group_companion_word", ["accompaniment_id"]
    )

    op.create_table(
        "group_decision_option",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("is_status_quo", sa.Boolean(), nullable=False),
        sa.Column("added_in_round", sa.Integer(), nullable=False),
        sa.Column("dropped", sa.Boolean(), nullable=False),
        sa.Column("local_start", sa.String(length=16), nullable=True),
        sa.CheckConstraint("number >= 1", name=op.f("ck_group_decision_option_number")),
        sa.ForeignKeyConstraint(
            ["decision_id"],
            ["group_decision.id"],
            name=op.f("fk_group_decision_option_decision_id_group_decision"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_decision_option")),
        sa.UniqueConstraint(
            "decision_id", "number", name=op.f("uq_group_decision_option_decision_id_number")
        ),
    )
    op.create_index(op.f("ix_group_decision_option_decision_id"), "group_decision_option", ["decision_id"])

    op.create_table(
        "group_elector",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=64), nullable=False),
        sa.Column("voted", sa.Boolean(), nullable=False),
        sa.Column("asks_longer", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["decision_id"],
            ["group_decision.id"],
            name=op.f("fk_group_elector_decision_id_group_decision"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_elector")),
        sa.UniqueConstraint("decision_id", "ref", name=op.f("uq_group_elector_decision_id_ref")),
    )
    op.create_table(
        "group_excerpt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("handed_on", sa.Date(), nullable=False),
        sa.Column("delete_on", sa.Date(), nullable=False),
        sa.CheckConstraint("delete_on > handed_on", name=op.f("ck_group_excerpt_ends")),
        sa.ForeignKeyConstraint(
            ["post_id"],
            ["group_post.id"],
            name=op.f("fk_group_excerpt_post_id_group_post"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_excerpt")),
        sa.UniqueConstraint("public_id", name=op.f("uq_group_excerpt_public_id")),
    )
    op.create_index("ix_group_excerpt_ends", "group_excerpt", ["delete_on"])
    op.create_index("ix_group_excerpt_post", "group_excerpt", ["post_id", "id"])

    op.create_table(
        "group_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=24), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=True),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("alias", sa.Text(), nullable=False),
        sa.Column("kind", _choice("kind", "picture", "pdf"), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("alt", sa.Text(), nullable=False),
        sa.Column("folder", sa.String(length=24), nullable=False),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("widths", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("bytes", sa.Integer(), nullable=False),
        sa.Column("added_on", sa.Date(), nullable=False),
        sa.Column("form_key", sa.String(length=64), nullable=True),
        sa.Column("delete_on", sa.Date(), nullable=False),
        sa.CheckConstraint(
            "post_id IS NULL OR kind = 'picture'", name=op.f("ck_group_file_posts_hold_pictures")
        ),
        sa.CheckConstraint("bytes > 0", name=op.f("ck_group_file_bytes")),
        sa.CheckConstraint("delete_on > added_on", name=op.f("ck_group_file_ends")),
        sa.ForeignKeyConstraint(
            ["author_id"],
            ["group_membership.id"],
            name=op.f("fk_group_file_author_id_group_membership"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["neighbour_group.id"],
            name=op.f("fk_group_file_group_id_neighbour_group"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["post_id", "group_id"],
            ["group_post.id", "group_post.group_id"],
            name=op.f("fk_group_file_post_id_group_post"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_file")),
        sa.UniqueConstraint("folder", name=op.f("uq_group_file_folder")),
        sa.UniqueConstraint("group_id", "form_key", name=op.f("uq_group_file_group_id_form_key")),
        sa.UniqueConstraint("public_id", name=op.f("uq_group_file_public_id")),
    )
    op.create_index(op.f("ix_group_file_author_id"), "group_file", ["author_id"])
    op.create_index("ix_group_file_ends", "group_file", ["delete_on"])
    op.create_index("ix_group_file_listed", "group_file", ["group_id", "post_id", "id"])
    op.create_index("ix_group_file_post", "group_file", ["post_id"])

    op.create_table(
        "group_look",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("accompaniment_id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column(
            "what",
            _choice("what", "board", "events", "member_count", "room_bookings", "attend"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["accompaniment_id"],
            ["group_accompaniment.id"],
            name=op.f("fk_group_look_accompaniment_id_group_accompaniment"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["neighbour_group.id"],
            name=op.f("fk_group_look_group_id_neighbour_group"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_look")),
        sa.UniqueConstraint(
            "accompaniment_id", "ref", "on", "what", name=op.f("uq_group_look_accompaniment_id_ref_on_what")
        ),
    )
    op.create_index("ix_group_look_read", "group_look", ["group_id", "on"])

    op.create_table(
        "group_mediation_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mediation_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["mediation_id"],
            ["group_mediation.id"],
            name=op.f("fk_group_mediation_note_mediation_id_group_mediation"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["group_mediation_person.id"],
            name=op.f("fk_group_mediation_note_person_id_group_mediation_person"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_mediation_note")),
    )
    op.create_index(op.f("ix_group_mediation_note_mediation_id"), "group_mediation_note", ["mediation_id"])
    op.create_index(op.f("ix_group_mediation_note_person_id"), "group_mediation_note", ["person_id"])

    op.create_table(
        "group_minutes_decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("minutes_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("decision_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("number BETWEEN 1 AND 60", name=op.f("ck_group_minutes_decision_number")),
        sa.ForeignKeyConstraint(
            ["decision_id"],
            ["group_decision.id"],
            name=op.f("fk_group_minutes_decision_decision_id_group_decision"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["minutes_id"],
            ["group_minutes.id"],
            name=op.f("fk_group_minutes_decision_minutes_id_group_minutes"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_minutes_decision")),
        sa.UniqueConstraint("minutes_id", "number", name=op.f("uq_group_minutes_decision_minutes_id_number")),
    )
    op.create_index(op.f("ix_group_minutes_decision_decision_id"), "group_minutes_decision", ["decision_id"])

    op.create_table(
        "group_move_side",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("move_id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("state", _choice("state", "asked", "adopted", "declined"), nullable=False),
        sa.Column("decision_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["decision_id"],
            ["group_decision.id"],
            name=op.f("fk_group_move_side_decision_id_group_decision"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["neighbour_group.id"],
            name=op.f("fk_group_move_side_group_id_neighbour_group"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["move_id"],
            ["group_move.id"],
            name=op.f("fk_group_move_side_move_id_group_move"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_move_side")),
        sa.UniqueConstraint("move_id", "group_id", name=op.f("uq_group_move_side_move_id_group_id")),
    )
    op.create_index(op.f("ix_group_move_side_group_id"), "group_move_side", ["group_id"])

    op.create_table(
        "group_outcome",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("review", sa.String(length=12), nullable=False),
        sa.Column("review_asked_on", sa.Date(), nullable=True),
        sa.Column("written_by_id", sa.Integer(), nullable=True),
        sa.Column("confirmed_by_id", sa.Integer(), nullable=True),
        sa.Column("needs_confirmation", sa.Boolean(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "confirmed_by_id IS NULL OR confirmed_by_id <> written_by_id",
            name=op.f("ck_group_outcome_two_people"),
        ),
        sa.ForeignKeyConstraint(
            ["confirmed_by_id"],
            ["group_membership.id"],
            name=op.f("fk_group_outcome_confirmed_by_id_group_membership"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["decision_id"],
            ["group_decision.id"],
            name=op.f("fk_group_outcome_decision_id_group_decision"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["written_by_id"],
            ["group_membership.id"],
            name=op.f("fk_group_outcome_written_by_id_group_membership"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_outcome")),
        sa.UniqueConstraint("decision_id", "version", name=op.f("uq_group_outcome_decision_id_version")),
    )
    op.create_table(
        "group_review_elector",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("review_id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=64), nullable=False),
        sa.Column("voted", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["review_id"],
            ["group_review.id"],
            name=op.f("fk_group_review_elector_review_id_group_review"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_review_elector")),
        sa.UniqueConstraint("review_id", "ref", name=op.f("uq_group_review_elector_review_id_ref")),
    )
    op.create_table(
        "group_review_tally",
        sa.Column("review_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column(
            "choice",
            _choice("choice", "no_change", "measure", "exclusion", "no_quorum", "left", "withdrawn"),
            nullable=False,
        ),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.CheckConstraint("count >= 0", name=op.f("ck_group_review_tally_count")),
        sa.ForeignKeyConstraint(
            ["review_id"],
            ["group_review.id"],
            name=op.f("fk_group_review_tally_review_id_group_review"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("review_id", "round", "choice", name=op.f("pk_group_review_tally")),
    )
    op.create_table(
        "group_secret_reason",
        sa.Column("id", sa.String(length=24), nullable=False),
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["decision_id"],
            ["group_decision.id"],
            name=op.f("fk_group_secret_reason_decision_id_group_decision"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_secret_reason")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_group_secret_reason_decision_id"), "group_secret_reason", ["decision_id"])

    op.create_table(
        "group_secret_tally",
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("key", sa.String(length=24), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.CheckConstraint("count >= 0", name=op.f("ck_group_secret_tally_count")),
        sa.ForeignKeyConstraint(
            ["decision_id"],
            ["group_decision.id"],
            name=op.f("fk_group_secret_tally_decision_id_group_decision"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("decision_id", "round", "key", name=op.f("pk_group_secret_tally")),
    )
    op.create_table(
        "group_task",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("minutes_id", sa.Integer(), nullable=True),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("state", _choice("state", "open", "done", "dropped"), nullable=False),
        sa.Column("written_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("reminded_on", sa.Date(), nullable=True),
        sa.Column("form_key", sa.String(length=64), nullable=True),
        sa.Column("delete_on", sa.Date(), nullable=False),
        sa.CheckConstraint("(state = 'open') = (ended_on IS NULL)", name=op.f("ck_group_task_ended")),
        sa.CheckConstraint("delete_on > written_on", name=op.f("ck_group_task_ends")),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["neighbour_group.id"],
            name=op.f("fk_group_task_group_id_neighbour_group"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["minutes_id"],
            ["group_minutes.id"],
            name=op.f("fk_group_task_minutes_id_group_minutes"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_task")),
        sa.UniqueConstraint("group_id", "form_key", name=op.f("uq_group_task_group_id_form_key")),
        sa.UniqueConstraint("id", "group_id", name=op.f("uq_group_task_id_group_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_group_task_public_id")),
    )
    op.create_index("ix_group_task_due", "group_task", ["state", "due_on"])
    op.create_index("ix_group_task_ends", "group_task", ["delete_on"])
    op.create_index("ix_group_task_listed", "group_task", ["group_id", "state", "due_on"])
    op.create_index(op.f("ix_group_task_minutes_id"), "group_task", ["minutes_id"])

    op.create_table(
        "group_ballot",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("elector_id", sa.Integer(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("is_draft", sa.Boolean(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["elector_id"],
            ["group_elector.id"],
            name=op.f("fk_group_ballot_elector_id_group_elector"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_ballot")),
        sa.UniqueConstraint("elector_id", name=op.f("uq_group_ballot_elector_id")),
    )
    op.create_table(
        "group_lot_word",
        sa.Column("elector_id", sa.Integer(), nullable=False),
        sa.Column("word", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["elector_id"],
            ["group_elector.id"],
            name=op.f("fk_group_lot_word_elector_id_group_elector"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("elector_id", name=op.f("pk_group_lot_word")),
    )
    op.create_table(
        "group_move_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("side_id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=64), nullable=False),
        sa.Column("choice", _choice("choice", "stays", "goes", "both"), nullable=False),
        sa.ForeignKeyConstraint(
            ["side_id"],
            ["group_move_side.id"],
            name=op.f("fk_group_move_answer_side_id_group_move_side"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_move_answer")),
        sa.UniqueConstraint("side_id", "ref", name=op.f("uq_group_move_answer_side_id_ref")),
    )
    op.create_table(
        "group_objection",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("elector_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("state", _choice("state", "open", "integrated", "withdrawn", "upheld"), nullable=False),
        sa.ForeignKeyConstraint(
            ["decision_id"],
            ["group_decision.id"],
            name=op.f("fk_group_objection_decision_id_group_decision"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["elector_id"],
            ["group_elector.id"],
            name=op.f("fk_group_objection_elector_id_group_elector"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_objection")),
        sa.UniqueConstraint(
            "decision_id", "round", "elector_id", name=op.f("uq_group_objection_decision_id_round_elector_id")
        ),
    )
    op.create_table(
        "group_task_doer",
        sa.Column("task_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("membership_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["membership_id", "group_id"],
            ["group_membership.id", "group_membership.group_id"],
            name=op.f("fk_group_task_doer_membership_id_group_membership"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["task_id", "group_id"],
            ["group_task.id", "group_task.group_id"],
            name=op.f("fk_group_task_doer_task_id_group_task"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("task_id", "membership_id", name=op.f("pk_group_task_doer")),
    )
    op.create_index("ix_group_task_doer_member", "group_task_doer", ["membership_id"])

    op.add_column("proposal", sa.Column("group_count", sa.Integer(), server_default="0", nullable=False))


def downgrade() -> None:
    op.drop_column("proposal", "group_count")
    op.drop_table("group_task_doer")
    op.drop_table("group_objection")
    op.drop_table("group_move_answer")
    op.drop_table("group_lot_word")
    op.drop_table("group_ballot")
    op.drop_table("group_task")
    op.drop_table("group_secret_tally")
    op.drop_table("group_secret_reason")
    op.drop_table("group_review_tally")
    op.drop_table("group_review_elector")
    op.drop_table("group_outcome")
    op.drop_table("group_move_side")
    op.drop_table("group_minutes_decision")
    op.drop_table("group_mediation_note")
    op.drop_table("group_look")
    op.drop_table("group_file")
    op.drop_table("group_excerpt")
    op.drop_table("group_elector")
    op.drop_table("group_decision_option")
    op.drop_table("group_companion_word")
    op.drop_table("group_attendance")
    op.drop_table("group_accompaniment_substitute")
    op.drop_table("proposal_group")
    op.drop_table("group_trust")
    op.drop_table("group_role_offer")
    op.drop_table("group_role_holder")
    op.drop_table("group_role_claim")
    op.drop_table("group_review")
    op.drop_table("group_post")
    op.drop_table("group_pair_act")
    op.drop_table("group_move_thing")
    op.drop_table("group_minutes")
    op.drop_table("group_meeting_date")
    op.drop_table("group_mediation_person")
    op.drop_table("group_letter_text")
    op.drop_table("group_invite_code")
    op.drop_table("group_decision")
    op.drop_table("group_date_wish")
    op.drop_table("group_calendar_address")
    op.drop_table("group_accompaniment")
    op.drop_table("group_text")
    op.drop_table("group_role")
    op.drop_table("group_relation")
    op.drop_table("group_move")
    op.drop_table("group_membership")
    op.drop_table("group_meeting")
    op.drop_table("group_mediation")
    op.drop_table("group_letter")
    op.drop_table("group_history")
    op.drop_table("group_charter")
    op.drop_table("neighbour_group")
    op.drop_table("group_purge")
    op.drop_table("group_mediator")
    op.drop_table("group_me_too")
    op.drop_table("group_idea")
    op.drop_table("group_mediation_fact")
