"""Votes: rounds with their options, roll, box, paper, log and result.

Revision: 0ed410e05a57
Follows: c3b7503370ec
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

# What models cannot say: frozen rounds and the append-only log. Copied here, since a migration must not change
# when the code does.
SQLITE_OBJECTS = (
    """CREATE TRIGGER voting_round_no_update BEFORE UPDATE ON voting_round WHEN OLD.state <> 'draft' AND (NEW.state = 'draft' OR (OLD.state = 'void' AND NEW.state <> 'void') OR OLD.public_id IS NOT NEW.public_id OR OLD.title IS NOT NEW.title OR OLD.question IS NOT NEW.question OR OLD.intro_md IS NOT NEW.intro_md OR OLD.intro_html IS NOT NEW.intro_html OR OLD.language IS NOT NEW.language OR OLD.influence IS NOT NEW.influence OR OLD.ballot_kind IS NOT NEW.ballot_kind OR OLD.max_choices IS NOT NEW.max_choices OR OLD.points_total IS NOT NEW.points_total OR OLD.points_per_option_max IS NOT NEW.points_per_option_max OR OLD.score_max IS NOT NEW.score_max OR OLD.rule IS NOT NEW.rule OR OLD.threshold IS NOT NEW.threshold OR OLD.majority_kind IS NOT NEW.majority_kind OR OLD.quorum IS NOT NEW.quorum OR OLD.winners_count IS NOT NEW.winners_count OR OLD.tie_order IS NOT NEW.tie_order OR OLD.budget_cents IS NOT NEW.budget_cents OR OLD.currency IS NOT NEW.currency OR OLD.lottery_source IS NOT NEW.lottery_source OR OLD.lottery_on IS NOT NEW.lottery_on OR OLD.receipts IS NOT NEW.receipts OR OLD.file_threshold IS NOT NEW.file_threshold OR OLD.level IS NOT NEW.level OR OLD.opens_at IS NOT NEW.opens_at OR OLD.closes_at IS NOT NEW.closes_at OR OLD.publish_after_hours IS NOT NEW.publish_after_hours OR OLD.rules_json IS NOT NEW.rules_json OR OLD.rules_sha256 IS NOT NEW.rules_sha256 OR OLD.opened_at IS NOT NEW.opened_at OR OLD.imported IS NOT NEW.imported) BEGIN SELECT RAISE(ABORT, 'the round is frozen'); END""",
    """CREATE TRIGGER voting_round_no_delete BEFORE DELETE ON voting_round WHEN OLD.state <> 'draft' BEGIN SELECT RAISE(ABORT, 'the round is frozen'); END""",
    """CREATE TRIGGER round_district_no_insert BEFORE INSERT ON round_district WHEN EXISTS (SELECT 1 FROM voting_round WHERE id = NEW.round_id AND state <> 'draft') BEGIN SELECT RAISE(ABORT, 'the round is frozen'); END""",
    """CREATE TRIGGER round_district_no_update BEFORE UPDATE ON round_district WHEN EXISTS (SELECT 1 FROM voting_round WHERE id = OLD.round_id AND state <> 'draft') OR EXISTS (SELECT 1 FROM voting_round WHERE id = NEW.round_id AND state <> 'draft') BEGIN SELECT RAISE(ABORT, 'the round is frozen'); END""",
    """CREATE TRIGGER round_district_no_delete BEFORE DELETE ON round_district WHEN EXISTS (SELECT 1 FROM voting_round WHERE id = OLD.round_id AND state <> 'draft') BEGIN SELECT RAISE(ABORT, 'the round is frozen'); END""",
    """CREATE TRIGGER round_log_entry_no_update BEFORE UPDATE ON round_log_entry BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END""",
    """CREATE TRIGGER round_log_entry_no_delete BEFORE DELETE ON round_log_entry BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END""",
    """CREATE TRIGGER round_option_no_insert BEFORE INSERT ON round_option WHEN EXISTS (SELECT 1 FROM voting_round WHERE id = NEW.round_id AND state <> 'draft') BEGIN SELECT RAISE(ABORT, 'the round is frozen'); END""",
    """CREATE TRIGGER round_option_no_update BEFORE UPDATE ON round_option WHEN EXISTS (SELECT 1 FROM voting_round WHERE id = OLD.round_id AND state <> 'draft') AND ((OLD.withdrawn_at IS NOT NULL AND NEW.withdrawn_at IS NULL) OR OLD.round_id IS NOT NEW.round_id OR OLD.code IS NOT NEW.code OR OLD.position IS NOT NEW.position OR OLD.proposal_version IS NOT NEW.proposal_version OR OLD.title IS NOT NEW.title OR OLD.summary IS NOT NEW.summary OR OLD.text_md IS NOT NEW.text_md OR OLD.text_html IS NOT NEW.text_html OR OLD.plain_text IS NOT NEW.plain_text OR OLD.language IS NOT NEW.language OR OLD.cost_cents IS NOT NEW.cost_cents OR OLD.category IS NOT NEW.category OR OLD.place_words IS NOT NEW.place_words OR OLD.district_id IS NOT NEW.district_id OR OLD.latitude IS NOT NEW.latitude OR OLD.longitude IS NOT NEW.longitude OR OLD.is_status_quo IS NOT NEW.is_status_quo OR OLD.exclusive_group IS NOT NEW.exclusive_group) BEGIN SELECT RAISE(ABORT, 'the round is frozen'); END""",
    """CREATE TRIGGER round_option_no_delete BEFORE DELETE ON round_option WHEN EXISTS (SELECT 1 FROM voting_round WHERE id = OLD.round_id AND state <> 'draft') BEGIN SELECT RAISE(ABORT, 'the round is frozen'); END""",
)
POSTGRES_OBJECTS = (
    """CREATE FUNCTION voting_round_guard() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF OLD.state <> 'draft' THEN IF TG_OP = 'DELETE' THEN RAISE EXCEPTION 'the round is frozen'; END IF; IF (NEW.state = 'draft' OR (OLD.state = 'void' AND NEW.state <> 'void') OR OLD.public_id IS DISTINCT FROM NEW.public_id OR OLD.title IS DISTINCT FROM NEW.title OR OLD.question IS DISTINCT FROM NEW.question OR OLD.intro_md IS DISTINCT FROM NEW.intro_md OR OLD.intro_html IS DISTINCT FROM NEW.intro_html OR OLD.language IS DISTINCT FROM NEW.language OR OLD.influence IS DISTINCT FROM NEW.influence OR OLD.ballot_kind IS DISTINCT FROM NEW.ballot_kind OR OLD.max_choices IS DISTINCT FROM NEW.max_choices OR OLD.points_total IS DISTINCT FROM NEW.points_total OR OLD.points_per_option_max IS DISTINCT FROM NEW.points_per_option_max OR OLD.score_max IS DISTINCT FROM NEW.score_max OR OLD.rule IS DISTINCT FROM NEW.rule OR OLD.threshold IS DISTINCT FROM NEW.threshold OR OLD.majority_kind IS DISTINCT FROM NEW.majority_kind OR OLD.quorum IS DISTINCT FROM NEW.quorum OR OLD.winners_count IS DISTINCT FROM NEW.winners_count OR OLD.tie_order IS DISTINCT FROM NEW.tie_order OR OLD.budget_cents IS DISTINCT FROM NEW.budget_cents OR OLD.currency IS DISTINCT FROM NEW.currency OR OLD.lottery_source IS DISTINCT FROM NEW.lottery_source OR OLD.lottery_on IS DISTINCT FROM NEW.lottery_on OR OLD.receipts IS DISTINCT FROM NEW.receipts OR OLD.file_threshold IS DISTINCT FROM NEW.file_threshold OR OLD.level IS DISTINCT FROM NEW.level OR OLD.opens_at IS DISTINCT FROM NEW.opens_at OR OLD.closes_at IS DISTINCT FROM NEW.closes_at OR OLD.publish_after_hours IS DISTINCT FROM NEW.publish_after_hours OR OLD.rules_json IS DISTINCT FROM NEW.rules_json OR OLD.rules_sha256 IS DISTINCT FROM NEW.rules_sha256 OR OLD.opened_at IS DISTINCT FROM NEW.opened_at OR OLD.imported IS DISTINCT FROM NEW.imported) THEN RAISE EXCEPTION 'the round is frozen'; END IF; END IF; IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$""",
    """CREATE TRIGGER voting_round_guard BEFORE UPDATE OR DELETE ON voting_round FOR EACH ROW EXECUTE FUNCTION voting_round_guard()""",
    """CREATE FUNCTION round_district_guard() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TG_OP <> 'INSERT' THEN IF EXISTS (SELECT 1 FROM voting_round WHERE id = OLD.round_id AND state <> 'draft') THEN RAISE EXCEPTION 'the round is frozen'; END IF; END IF; IF TG_OP <> 'DELETE' THEN IF EXISTS (SELECT 1 FROM voting_round WHERE id = NEW.round_id AND state <> 'draft') THEN RAISE EXCEPTION 'the round is frozen'; END IF; END IF; IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$""",
    """CREATE TRIGGER round_district_guard BEFORE INSERT OR UPDATE OR DELETE ON round_district FOR EACH ROW EXECUTE FUNCTION round_district_guard()""",
    """CREATE FUNCTION round_log_entry_guard() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'the log is append-only'; END $$""",
    """CREATE TRIGGER round_log_entry_guard BEFORE UPDATE OR DELETE ON round_log_entry FOR EACH ROW EXECUTE FUNCTION round_log_entry_guard()""",
    """CREATE FUNCTION round_option_guard() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TG_OP <> 'UPDATE' THEN IF TG_OP = 'INSERT' THEN IF EXISTS (SELECT 1 FROM voting_round WHERE id = NEW.round_id AND state <> 'draft') THEN RAISE EXCEPTION 'the round is frozen'; END IF; ELSIF EXISTS (SELECT 1 FROM voting_round WHERE id = OLD.round_id AND state <> 'draft') THEN RAISE EXCEPTION 'the round is frozen'; END IF; ELSIF EXISTS (SELECT 1 FROM voting_round WHERE id = OLD.round_id AND state <> 'draft') AND ((OLD.withdrawn_at IS NOT NULL AND NEW.withdrawn_at IS NULL) OR OLD.round_id IS DISTINCT FROM NEW.round_id OR OLD.code IS DISTINCT FROM NEW.code OR OLD.position IS DISTINCT FROM NEW.position OR OLD.proposal_version IS DISTINCT FROM NEW.proposal_version OR OLD.title IS DISTINCT FROM NEW.title OR OLD.summary IS DISTINCT FROM NEW.summary OR OLD.text_md IS DISTINCT FROM NEW.text_md OR OLD.text_html IS DISTINCT FROM NEW.text_html OR OLD.plain_text IS DISTINCT FROM NEW.plain_text OR OLD.language IS DISTINCT FROM NEW.language OR OLD.cost_cents IS DISTINCT FROM NEW.cost_cents OR OLD.category IS DISTINCT FROM NEW.category OR OLD.place_words IS DISTINCT FROM NEW.place_words OR OLD.district_id IS DISTINCT FROM NEW.district_id OR OLD.latitude IS DISTINCT FROM NEW.latitude OR OLD.longitude IS DISTINCT FROM NEW.longitude OR OLD.is_status_quo IS DISTINCT FROM NEW.is_status_quo OR OLD.exclusive_group IS DISTINCT FROM NEW.exclusive_group) THEN RAISE EXCEPTION 'the round is frozen'; END IF; IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$""",
    """CREATE TRIGGER round_option_guard BEFORE INSERT OR UPDATE OR DELETE ON round_option FOR EACH ROW EXECUTE FUNCTION round_option_guard()""",
)
POSTGRES_FUNCTIONS = (
    "voting_round_guard",
    "round_district_guard",
    "round_log_entry_guard",
    "round_option_guard",
)

revision = "0ed410e05a57"
down_revision = "c3b7503370ec"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "voting_round",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("process_id", sa.Integer(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "open",
                "closing",
                "closed",
                "published",
                "void",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("draft_key", sa.String(length=64), nullable=True),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("question", sa.String(length=300), nullable=False),
        sa.Column("intro_md", sa.Text(), nullable=False),
        sa.Column("intro_html", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column(
            "influence",
            sa.Enum(
                "information",
                "consultation",
                "cooperation",
                "decision",
                name="influence",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("contact_account_id", sa.Integer(), nullable=True),
        sa.Column(
            "ballot_kind",
            sa.Enum(
                "approval",
                "basket",
                "points",
                "score",
                "ranking",
                "yes_no",
                name="ballot_kind",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("max_choices", sa.Integer(), nullable=True),
        sa.Column("points_total", sa.Integer(), nullable=True),
        sa.Column("points_per_option_max", sa.Integer(), nullable=True),
        sa.Column("score_max", sa.Integer(), nullable=True),
        sa.Column(
            "rule",
            sa.Enum(
                "greedy",
                "greedy_no_skip",
                "greedy_threshold",
                "equal_shares",
                "equal_shares_add1",
                "majority",
                "approval",
                "score",
                "schulze",
                name="rule",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("threshold", sa.Integer(), nullable=True),
        sa.Column(
            "majority_kind",
            sa.Enum(
                "simple",
                "absolute",
                "two_thirds",
                name="majority_kind",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=True,
        ),
        sa.Column("quorum", sa.Integer(), nullable=True),
        sa.Column("winners_count", sa.Integer(), nullable=True),
        sa.Column("tie_order", sa.String(length=40), nullable=False),
        sa.Column("budget_cents", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("lottery_source", sa.Text(), nullable=False),
        sa.Column("lottery_on", sa.Date(), nullable=True),
        sa.Column("lottery_draw", sa.Text(), nullable=True),
        sa.Column("receipts", sa.Boolean(), nullable=False),
        sa.Column("file_threshold", sa.Integer(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("publish_after_hours", sa.Integer(), nullable=True),
        sa.Column("observers", sa.Text(), nullable=True),
        sa.Column("rules_json", sa.Text(), nullable=True),
        sa.Column("rules_sha256", sa.String(length=64), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("file_sha256", sa.String(length=64), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("void_reason", sa.Text(), nullable=False),
        sa.Column("voided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("imported", sa.Boolean(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(state = 'void') = (voided_at IS NOT NULL)", name=op.f("ck_voting_round_void_has_a_time")
        ),
        sa.CheckConstraint(
            "state <> 'published' OR published_at IS NOT NULL", name=op.f("ck_voting_round_published_once")
        ),
        sa.CheckConstraint(
            "state <> 'void' OR void_reason <> ''", name=op.f("ck_voting_round_void_has_a_reason")
        ),
        sa.CheckConstraint(
            "state = 'draft' OR (rules_sha256 IS NOT NULL AND rules_json IS NOT NULL AND opens_at IS NOT NULL AND closes_at IS NOT NULL AND opened_at IS NOT NULL)",
            name=op.f("ck_voting_round_frozen_when_open"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('closed', 'published') OR file_sha256 IS NOT NULL",
            name=op.f("ck_voting_round_closed_with_file"),
        ),
        sa.CheckConstraint("budget_cents > 0", name=op.f("ck_voting_round_budget")),
        sa.CheckConstraint("file_threshold >= 0", name=op.f("ck_voting_round_file_threshold")),
        sa.CheckConstraint("level BETWEEN 0 AND 3", name=op.f("ck_voting_round_level")),
        sa.CheckConstraint(
            "max_choices > 0 AND points_total > 0 AND points_per_option_max > 0",
            name=op.f("ck_voting_round_ballot_limits"),
        ),
        sa.CheckConstraint("opens_at < closes_at", name=op.f("ck_voting_round_opens_before_it_closes")),
        sa.CheckConstraint("publish_after_hours >= 0", name=op.f("ck_voting_round_publish_after")),
        sa.CheckConstraint("score_max BETWEEN 1 AND 100", name=op.f("ck_voting_round_score_max")),
        sa.CheckConstraint(
            "threshold >= 0 AND quorum >= 0 AND winners_count > 0",
            name=op.f("ck_voting_round_counting_limits"),
        ),
        sa.ForeignKeyConstraint(
            ["process_id"], ["process.id"], name=op.f("fk_voting_round_process_id_process")
        ),
        sa.ForeignKeyConstraint(
            ["contact_account_id"], ["account.id"], name=op.f("fk_voting_round_contact_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["account.id"], name=op.f("fk_voting_round_created_by_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_voting_round")),
        sa.UniqueConstraint("draft_key", name=op.f("uq_voting_round_draft_key")),
        sa.UniqueConstraint("public_id", name=op.f("uq_voting_round_public_id")),
    )
    with op.batch_alter_table("voting_round", schema=None) as batch_op:
        batch_op.create_index("ix_voting_round_of_state", ["state", "closes_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_voting_round_process_id"), ["process_id"], unique=False)

    op.create_table(
        "assisted_session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("helper_id", sa.Integer(), nullable=False),
        sa.Column("second_helper_id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=True),
        sa.Column("consent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_closed", sa.Boolean(), nullable=False),
        sa.Column("is_used", sa.Boolean(), nullable=False),
        sa.CheckConstraint("is_closed OR NOT is_used", name=op.f("ck_assisted_session_used_once")),
        sa.CheckConstraint("second_helper_id <> helper_id", name=op.f("ck_assisted_session_two_people")),
        sa.ForeignKeyConstraint(
            ["helper_id"], ["account.id"], name=op.f("fk_assisted_session_helper_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organization.id"],
            name=op.f("fk_assisted_session_organization_id_organization"),
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["voting_round.id"], name=op.f("fk_assisted_session_round_id_voting_round")
        ),
        sa.ForeignKeyConstraint(
            ["second_helper_id"], ["account.id"], name=op.f("fk_assisted_session_second_helper_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assisted_session")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_assisted_session_token_hash")),
    )
    with op.batch_alter_table("assisted_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_assisted_session_round_id"), ["round_id"], unique=False)
    op.create_table(
        "ballot",
        sa.Column("round_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("ballot_key", sa.String(length=64), nullable=False),
        sa.Column("tracking", sa.String(length=20), nullable=False),
        sa.Column(
            "channel",
            sa.Enum("online", "paper", name="channel", native_enum=False, create_constraint=True, length=30),
            nullable=False,
        ),
        sa.Column("content", sa.Text(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(channel = 'paper') = (content IS NULL)", name=op.f("ck_ballot_paper_has_no_content")
        ),
        sa.CheckConstraint("revision > 0", name=op.f("ck_ballot_revision")),
        sa.ForeignKeyConstraint(
            ["round_id"], ["voting_round.id"], name=op.f("fk_ballot_round_id_voting_round")
        ),
        sa.PrimaryKeyConstraint("round_id", "ballot_key", name=op.f("pk_ballot")),
        sa.UniqueConstraint("round_id", "tracking", name=op.f("uq_ballot_round_id_tracking")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "ballot_box",
        sa.Column("round_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("key_check", sa.String(length=64), nullable=False),
        sa.CheckConstraint("length(key_check) = 64", name=op.f("ck_ballot_box_key_check")),
        sa.ForeignKeyConstraint(
            ["round_id"], ["voting_round.id"], name=op.f("fk_ballot_box_round_id_voting_round")
        ),
        sa.PrimaryKeyConstraint("round_id", name=op.f("pk_ballot_box")),
    )
    op.create_table(
        "ballot_draft",
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("ciphertext", sa.LargeBinary(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["round_id"], ["voting_round.id"], name=op.f("fk_ballot_draft_round_id_voting_round")
        ),
        sa.PrimaryKeyConstraint("key_hash", name=op.f("pk_ballot_draft")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("ballot_draft", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ballot_draft_expires_on"), ["expires_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_ballot_draft_round_id"), ["round_id"], unique=False)

    op.create_table(
        "letter_batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("district_id", sa.Integer(), nullable=True),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("replaces_number", sa.Integer(), nullable=True),
        sa.Column("replaces_letter", sa.Integer(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "requested",
                "approved",
                "ready",
                "downloaded",
                "void",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("requested_by_id", sa.Integer(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approved_by_id", sa.Integer(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("payload", sa.Text(), nullable=True),
        sa.Column("downloaded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("downloaded_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "state = 'ready' OR payload IS NULL", name=op.f("ck_letter_batch_plain_codes_only_until_printed")
        ),
        sa.CheckConstraint(
            "state IN ('requested', 'void') OR approved_by_id IS NOT NULL",
            name=op.f("ck_letter_batch_four_eyes"),
        ),
        sa.CheckConstraint(
            "(approved_by_id IS NULL) = (approved_at IS NULL)", name=op.f("ck_letter_batch_approved")
        ),
        sa.CheckConstraint("approved_by_id <> requested_by_id", name=op.f("ck_letter_batch_two_people")),
        sa.CheckConstraint(
            "replaces_letter IS NULL OR replaces_number IS NOT NULL", name=op.f("ck_letter_batch_replaces")
        ),
        sa.CheckConstraint("size BETWEEN 1 AND 500", name=op.f("ck_letter_batch_size")),
        sa.ForeignKeyConstraint(
            ["approved_by_id"], ["account.id"], name=op.f("fk_letter_batch_approved_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["district_id"], ["district.id"], name=op.f("fk_letter_batch_district_id_district")
        ),
        sa.ForeignKeyConstraint(
            ["downloaded_by_id"], ["account.id"], name=op.f("fk_letter_batch_downloaded_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["requested_by_id"], ["account.id"], name=op.f("fk_letter_batch_requested_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["voting_round.id"], name=op.f("fk_letter_batch_round_id_voting_round")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter_batch")),
        sa.UniqueConstraint("public_id", name=op.f("uq_letter_batch_public_id")),
        sa.UniqueConstraint("round_id", "number", name=op.f("uq_letter_batch_round_id_number")),
    )
    op.create_table(
        "paper_batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(length=120), nullable=False),
        sa.Column("opened_by_id", sa.Integer(), nullable=False),
        sa.Column("witness_id", sa.Integer(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("handed_out", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=True),
        sa.Column("remarks", sa.Text(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(size IS NULL) = (closed_at IS NULL)", name=op.f("ck_paper_batch_counted_when_closed")
        ),
        sa.CheckConstraint(
            "handed_out = 0 OR witness_id IS NOT NULL", name=op.f("ck_paper_batch_nothing_without_a_second")
        ),
        sa.CheckConstraint("handed_out >= 0", name=op.f("ck_paper_batch_handed_out")),
        sa.CheckConstraint("opened_by_id <> witness_id", name=op.f("ck_paper_batch_two_people")),
        sa.CheckConstraint("size >= 0", name=op.f("ck_paper_batch_size")),
        sa.ForeignKeyConstraint(
            ["opened_by_id"], ["account.id"], name=op.f("fk_paper_batch_opened_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["voting_round.id"], name=op.f("fk_paper_batch_round_id_voting_round")
        ),
        sa.ForeignKeyConstraint(
            ["witness_id"], ["account.id"], name=op.f("fk_paper_batch_witness_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_batch")),
        sa.UniqueConstraint("public_id", name=op.f("uq_paper_batch_public_id")),
        sa.UniqueConstraint("round_id", "number", name=op.f("uq_paper_batch_round_id_number")),
    )
    op.create_table(
        "result_objection",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "state",
            sa.Enum("open", "answered", name="state", native_enum=False, create_constraint=True, length=30),
            nullable=False,
        ),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state <> 'answered' OR (answer <> '' AND answered_at IS NOT NULL)",
            name=op.f("ck_result_objection_answered"),
        ),
        sa.CheckConstraint("words <> ''", name=op.f("ck_result_objection_words")),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["account.id"], name=op.f("fk_result_objection_answered_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["author_id"], ["account.id"], name=op.f("fk_result_objection_author_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["voting_round.id"], name=op.f("fk_result_objection_round_id_voting_round")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_result_objection")),
        sa.UniqueConstraint("public_id", name=op.f("uq_result_objection_public_id")),
    )
    with op.batch_alter_table("result_objection", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_result_objection_author_id"), ["author_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_result_objection_round_id"), ["round_id"], unique=False)

    op.create_table(
        "round_district",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("district_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["district_id"], ["district.id"], name=op.f("fk_round_district_district_id_district")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"],
            ["voting_round.id"],
            name=op.f("fk_round_district_round_id_voting_round"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("round_id", "district_id", name=op.f("pk_round_district")),
    )
    with op.batch_alter_table("round_district", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_round_district_district_id"), ["district_id"], unique=False)

    op.create_table(
        "round_explanation",
        sa.Column("round_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["round_id"], ["voting_round.id"], name=op.f("fk_round_explanation_round_id_voting_round")
        ),
        sa.PrimaryKeyConstraint("round_id", name=op.f("pk_round_explanation")),
    )
    op.create_table(
        "round_file",
        sa.Column("round_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("file_sha256", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["round_id"], ["voting_round.id"], name=op.f("fk_round_file_round_id_voting_round")
        ),
        sa.PrimaryKeyConstraint("round_id", name=op.f("pk_round_file")),
    )
    op.create_table(
        "round_log_entry",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("prev", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.CheckConstraint("length(prev) = 64 AND length(hash) = 64", name=op.f("ck_round_log_entry_hashes")),
        sa.CheckConstraint("seq > 0", name=op.f("ck_round_log_entry_seq")),
        sa.ForeignKeyConstraint(
            ["round_id"], ["voting_round.id"], name=op.f("fk_round_log_entry_round_id_voting_round")
        ),
        sa.PrimaryKeyConstraint("round_id", "seq", name=op.f("pk_round_log_entry")),
        sa.UniqueConstraint("round_id", "prev", name=op.f("uq_round_log_entry_round_id_prev")),
    )
    op.create_table(
        "round_option",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=24), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=True),
        sa.Column("proposal_version", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("text_md", sa.Text(), nullable=False),
        sa.Column("text_html", sa.Text(), nullable=False),
        sa.Column("plain_text", sa.Text(), nullable=True),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("cost_cents", sa.BigInteger(), nullable=True),
        sa.Column("category", sa.String(length=40), nullable=False),
        sa.Column("place_words", sa.String(length=120), nullable=False),
        sa.Column("district_id", sa.Integer(), nullable=True),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("longitude", sa.Double(), nullable=True),
        sa.Column("picture_id", sa.Integer(), nullable=True),
        sa.Column("is_status_quo", sa.Boolean(), nullable=False),
        sa.Column("exclusive_group", sa.String(length=20), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_reason", sa.Text(), nullable=True),
        sa.CheckConstraint("title <> '' AND code <> ''", name=op.f("ck_round_option_named")),
        sa.CheckConstraint("withdrawn_reason <> ''", name=op.f("ck_round_option_reason_has_words")),
        sa.CheckConstraint(
            "(latitude IS NULL) = (longitude IS NULL)", name=op.f("ck_round_option_whole_point")
        ),
        sa.CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_reason IS NULL)",
            name=op.f("ck_round_option_withdrawn_with_reason"),
        ),
        sa.CheckConstraint("cost_cents >= 0", name=op.f("ck_round_option_cost")),
        sa.ForeignKeyConstraint(
            ["district_id"], ["district.id"], name=op.f("fk_round_option_district_id_district")
        ),
        sa.ForeignKeyConstraint(
            ["picture_id"],
            ["picture.id"],
            name=op.f("fk_round_option_picture_id_picture"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"],
            ["proposal.id"],
            name=op.f("fk_round_option_proposal_id_proposal"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["round_id"],
            ["voting_round.id"],
            name=op.f("fk_round_option_round_id_voting_round"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round_option")),
        sa.UniqueConstraint("round_id", "code", name=op.f("uq_round_option_round_id_code")),
        sa.UniqueConstraint("round_id", "proposal_id", name=op.f("uq_round_option_round_id_proposal_id")),
    )
    with op.batch_alter_table("round_option", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_round_option_picture_id"), ["picture_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_round_option_proposal_id"), ["proposal_id"], unique=False)

    op.create_table(
        "round_result",
        sa.Column("round_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("file_sha256", sa.String(length=64), nullable=False),
        sa.Column("engine", sa.String(length=40), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("outcome_sha256", sa.String(length=64), nullable=False),
        sa.Column("turnout", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.ForeignKeyConstraint(
            ["round_id"], ["voting_round.id"], name=op.f("fk_round_result_round_id_voting_round")
        ),
        sa.PrimaryKeyConstraint("round_id", name=op.f("pk_round_result")),
    )
    op.create_table(
        "round_voiding",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_by_id", sa.Integer(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_round_voiding_reason")),
        sa.CheckConstraint(
            "(confirmed_by_id IS NULL) = (confirmed_at IS NULL)", name=op.f("ck_round_voiding_confirmed")
        ),
        sa.CheckConstraint(
            "confirmed_at IS NULL OR taken_back_at IS NULL", name=op.f("ck_round_voiding_one_end")
        ),
        sa.CheckConstraint("confirmed_by_id <> asked_by_id", name=op.f("ck_round_voiding_two_people")),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["account.id"], name=op.f("fk_round_voiding_asked_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["confirmed_by_id"], ["account.id"], name=op.f("fk_round_voiding_confirmed_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["voting_round.id"], name=op.f("fk_round_voiding_round_id_voting_round")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round_voiding")),
    )
    with op.batch_alter_table("round_voiding", schema=None) as batch_op:
        batch_op.create_index(
            "uq_round_voiding_waiting",
            ["round_id"],
            unique=True,
            sqlite_where=sa.text("taken_back_at IS NULL"),
            postgresql_where=sa.text("taken_back_at IS NULL"),
        )

    op.create_table(
        "vouching",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=True),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column(
            "by_kind",
            sa.Enum(
                "staff", "resident", name="by_kind", native_enum=False, create_constraint=True, length=30
            ),
            nullable=False,
        ),
        sa.Column("code_hash", sa.String(length=64), nullable=True),
        sa.Column("first_voucher_id", sa.Integer(), nullable=True),
        sa.Column("second_voucher_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("counts_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "counts_at IS NULL OR (by_kind = 'staff' AND first_voucher_id IS NOT NULL AND second_voucher_id IS NULL) OR (by_kind = 'resident' AND first_voucher_id IS NOT NULL AND second_voucher_id IS NOT NULL)",
            name=op.f("ck_vouching_complete_when_it_counts"),
        ),
        sa.CheckConstraint(
            "account_id <> first_voucher_id AND account_id <> second_voucher_id",
            name=op.f("ck_vouching_not_oneself"),
        ),
        sa.CheckConstraint("counts_at IS NULL OR code_hash IS NULL", name=op.f("ck_vouching_the_code_ends")),
        sa.CheckConstraint("first_voucher_id <> second_voucher_id", name=op.f("ck_vouching_two_residents")),
        sa.CheckConstraint("level BETWEEN 1 AND 3", name=op.f("ck_vouching_level")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_vouching_account_id_account")),
        sa.ForeignKeyConstraint(
            ["first_voucher_id"], ["account.id"], name=op.f("fk_vouching_first_voucher_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["revoked_by_id"], ["account.id"], name=op.f("fk_vouching_revoked_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["voting_round.id"], name=op.f("fk_vouching_round_id_voting_round")
        ),
        sa.ForeignKeyConstraint(
            ["second_voucher_id"], ["account.id"], name=op.f("fk_vouching_second_voucher_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vouching")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_vouching_code_hash")),
        sa.UniqueConstraint("public_id", name=op.f("uq_vouching_public_id")),
    )
    with op.batch_alter_table("vouching", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_vouching_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_vouching_first_voucher_id"), ["first_voucher_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_vouching_second_voucher_id"), ["second_voucher_id"], unique=False
        )
    op.create_table(
        "town_identity",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("subject_hash", sa.String(length=64), nullable=False),
        sa.Column("district_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_town_identity_account_id_account"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["district_id"], ["district.id"], name=op.f("fk_town_identity_district_id_district")
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_town_identity")),
        sa.UniqueConstraint("subject_hash", name=op.f("uq_town_identity_subject_hash")),
    )
    op.create_table(
        "paper_sheet",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "typed_once",
                "agreed",
                "dispute",
                "decided",
                "invalid",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("first_by_id", sa.Integer(), nullable=False),
        sa.Column("first_content", sa.Text(), nullable=False),
        sa.Column("second_by_id", sa.Integer(), nullable=True),
        sa.Column("second_content", sa.Text(), nullable=True),
        sa.Column("third_by_id", sa.Integer(), nullable=True),
        sa.Column("third_content", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(state = 'typed_once') = (second_by_id IS NULL)", name=op.f("ck_paper_sheet_typed_once")
        ),
        sa.CheckConstraint(
            "state <> 'agreed' OR second_content = first_content", name=op.f("ck_paper_sheet_agreed_is_equal")
        ),
        sa.CheckConstraint(
            "state <> 'decided' OR third_content IS NOT NULL", name=op.f("ck_paper_sheet_decided_by_somebody")
        ),
        sa.CheckConstraint(
            "state <> 'dispute' OR (second_content <> first_content AND third_by_id IS NULL)",
            name=op.f("ck_paper_sheet_dispute_is_different"),
        ),
        sa.CheckConstraint(
            "state <> 'invalid' OR second_content = first_content OR third_content IS NOT NULL",
            name=op.f("ck_paper_sheet_invalid_by_two_or_a_third"),
        ),
        sa.CheckConstraint(
            "(second_by_id IS NULL) = (second_content IS NULL)", name=op.f("ck_paper_sheet_second")
        ),
        sa.CheckConstraint(
            "(third_by_id IS NULL) = (third_content IS NULL)", name=op.f("ck_paper_sheet_third")
        ),
        sa.CheckConstraint("second_by_id <> first_by_id", name=op.f("ck_paper_sheet_two_people")),
        sa.CheckConstraint("serial > 0", name=op.f("ck_paper_sheet_serial")),
        sa.CheckConstraint(
            "third_by_id <> first_by_id AND third_by_id <> second_by_id",
            name=op.f("ck_paper_sheet_a_third_person"),
        ),
        sa.CheckConstraint(
            "third_by_id IS NULL OR second_by_id IS NOT NULL", name=op.f("ck_paper_sheet_one_after_the_other")
        ),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["paper_batch.id"], name=op.f("fk_paper_sheet_batch_id_paper_batch")
        ),
        sa.ForeignKeyConstraint(
            ["first_by_id"], ["account.id"], name=op.f("fk_paper_sheet_first_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["second_by_id"], ["account.id"], name=op.f("fk_paper_sheet_second_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["third_by_id"], ["account.id"], name=op.f("fk_paper_sheet_third_by_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_sheet")),
        sa.UniqueConstraint("batch_id", "serial", name=op.f("uq_paper_sheet_batch_id_serial")),
    )
    op.create_table(
        "roll_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("person_hash", sa.String(length=64), nullable=True),
        sa.Column("code_mac", sa.String(length=64), nullable=True),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.Column("letter_number", sa.Integer(), nullable=True),
        sa.Column("district_id", sa.Integer(), nullable=True),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_reason", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(code_mac IS NULL) = (batch_id IS NULL) AND (batch_id IS NULL) = (letter_number IS NULL)",
            name=op.f("ck_roll_entry_codes_come_by_letter"),
        ),
        sa.CheckConstraint(
            "(person_hash IS NULL) <> (code_mac IS NULL)", name=op.f("ck_roll_entry_person_or_code")
        ),
        sa.CheckConstraint(
            "(revoked_at IS NULL) = (revoked_reason IS NULL)", name=op.f("ck_roll_entry_revoked")
        ),
        sa.CheckConstraint("level BETWEEN 0 AND 3", name=op.f("ck_roll_entry_level")),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["letter_batch.id"], name=op.f("fk_roll_entry_batch_id_letter_batch")
        ),
        sa.ForeignKeyConstraint(
            ["district_id"], ["district.id"], name=op.f("fk_roll_entry_district_id_district")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["voting_round.id"], name=op.f("fk_roll_entry_round_id_voting_round")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roll_entry")),
        sa.UniqueConstraint("batch_id", "letter_number", name=op.f("uq_roll_entry_batch_id_letter_number")),
        sa.UniqueConstraint("round_id", "code_mac", name=op.f("uq_roll_entry_round_id_code_mac")),
        sa.UniqueConstraint("round_id", "person_hash", name=op.f("uq_roll_entry_round_id_person_hash")),
    )
    connection = op.get_bind()
    objects = POSTGRES_OBJECTS if connection.dialect.name == "postgresql" else SQLITE_OBJECTS
    for statement in objects:
        connection.exec_driver_sql(statement)


def downgrade() -> None:
    op.drop_table("roll_entry")
    op.drop_table("town_identity")
    op.drop_table("paper_sheet")
    with op.batch_alter_table("vouching", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_vouching_second_voucher_id"))
        batch_op.drop_index(batch_op.f("ix_vouching_first_voucher_id"))
        batch_op.drop_index(batch_op.f("ix_vouching_account_id"))

    op.drop_table("vouching")
    with op.batch_alter_table("round_voiding", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_round_voiding_waiting",
            sqlite_where=sa.text("taken_back_at IS NULL"),
            postgresql_where=sa.text("taken_back_at IS NULL"),
        )

    op.drop_table("round_voiding")
    op.drop_table("round_result")
    with op.batch_alter_table("round_option", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_round_option_proposal_id"))
        batch_op.drop_index(batch_op.f("ix_round_option_picture_id"))

    op.drop_table("round_option")
    op.drop_table("round_log_entry")
    op.drop_table("round_file")
    op.drop_table("round_explanation")
    with op.batch_alter_table("round_district", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_round_district_district_id"))

    op.drop_table("round_district")
    with op.batch_alter_table("result_objection", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_result_objection_round_id"))
        batch_op.drop_index(batch_op.f("ix_result_objection_author_id"))

    op.drop_table("result_objection")
    op.drop_table("paper_batch")
    op.drop_table("letter_batch")
    with op.batch_alter_table("ballot_draft", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ballot_draft_round_id"))
        batch_op.drop_index(batch_op.f("ix_ballot_draft_expires_on"))

    op.drop_table("ballot_draft")
    op.drop_table("ballot_box")
    op.drop_table("ballot")
    with op.batch_alter_table("assisted_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_assisted_session_round_id"))

    op.drop_table("assisted_session")
    with op.batch_alter_table("voting_round", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_voting_round_process_id"))
        batch_op.drop_index("ix_voting_round_of_state")

    op.drop_table("voting_round")

    connection = op.get_bind()
    if connection.dialect.name == "postgresql":
        for name in POSTGRES_FUNCTIONS:
            connection.exec_driver_sql(f"DROP FUNCTION IF EXISTS {name}()")
