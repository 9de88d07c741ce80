"""The database keeps open rounds frozen: triggers on rounds, options and districts, for both databases."""

from __future__ import annotations

from portal.rounds.models.round import Round, RoundDistrict, RoundOption
from portal.rounds.models.types import guard

# What nobody changes once a round is no draft any more. A picture and the link to a proposal may go (law,
# erasure); the option's words stay.
FROZEN_ROUND = [
    "public_id",
    "title",
    "question",
    "intro_md",
    "intro_html",
    "language",
    "influence",
    "ballot_kind",
    "max_choices",
    "points_total",
    "points_per_option_max",
    "score_max",
    "rule",
    "threshold",
    "majority_kind",
    "quorum",
    "winners_count",
    "tie_order",
    "budget_cents",
    "currency",
    "lottery_source",
    "lottery_on",
    "receipts",
    "file_threshold",
    "level",
    "opens_at",
    "closes_at",
    "publish_after_hours",
    "rules_json",
    "rules_sha256",
    "opened_at",
    "imported",
]
FROZEN_OPTION = [
    "round_id",
    "code",
    "position",
    "proposal_version",
    "title",
    "summary",
    "text_md",
    "text_html",
    "plain_text",
    "language",
    "cost_cents",
    "category",
    "place_words",
    "district_id",
    "latitude",
    "longitude",
    "is_status_quo",
    "exclusive_group",
]
REFUSE = "BEGIN SELECT RAISE(ABORT, 'the round is frozen'); END"
RAISE = "RAISE EXCEPTION 'the round is frozen';"


def _changed(columns: list[str], word: str) -> str:
    return " OR ".join(f"OLD.{one} {word} NEW.{one}" for one in columns)


def _is_frozen(row: str) -> str:
    return f"EXISTS (SELECT 1 FROM voting_round WHERE id = {row}.round_id AND state <> 'draft')"  # noqa: S608


def _turned_back(word: str) -> str:
    back = "NEW.state = 'draft' OR (OLD.state = 'void' AND NEW.state <> 'void')"
    return f"({back} OR {_changed(FROZEN_ROUND, word)})"


def _rewritten(word: str) -> str:
    return f"((OLD.withdrawn_at IS NOT NULL AND NEW.withdrawn_at IS NULL) OR {_changed(FROZEN_OPTION, word)})"


def _sqlite(table: str, verb: str, when: str) -> str:
    name = f"{table}_no_{verb.lower()}"
    return f"CREATE TRIGGER {name} BEFORE {verb} ON {table} WHEN {when} {REFUSE}"


def _postgres(table: str, verbs: str, body: str) -> tuple[str, str]:
    end = "IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW;"
    return (
        f"CREATE FUNCTION {table}_guard() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} {end} END $$",
        f"CREATE TRIGGER {table}_guard BEFORE {verbs} ON {table}"
        f" FOR EACH ROW EXECUTE FUNCTION {table}_guard()",
    )


guard(
    Round.__table__,
    "sqlite",
    _sqlite("voting_round", "UPDATE", f"OLD.state <> 'draft' AND {_turned_back('IS NOT')}"),
    _sqlite("voting_round", "DELETE", "OLD.state <> 'draft'"),
)
guard(
    RoundOption.__table__,
    "sqlite",
    _sqlite("round_option", "INSERT", _is_frozen("NEW")),
    _sqlite("round_option", "UPDATE", f"{_is_frozen('OLD')} AND {_rewritten('IS NOT')}"),
    _sqlite("round_option", "DELETE", _is_frozen("OLD")),
)
guard(
    RoundDistrict.__table__,
    "sqlite",
    _sqlite("round_district", "INSERT", _is_frozen("NEW")),
    _sqlite("round_district", "UPDATE", f"{_is_frozen('OLD')} OR {_is_frozen('NEW')}"),
    _sqlite("round_district", "DELETE", _is_frozen("OLD")),
)
guard(
    Round.__table__,
    "postgresql",
    *_postgres(
        "voting_round",
        "UPDATE OR DELETE",
        f"IF OLD.state <> 'draft' THEN IF TG_OP = 'DELETE' THEN {RAISE} END IF;"
        f" IF {_turned_back('IS DISTINCT FROM')} THEN {RAISE} END IF; END IF;",
    ),
)
guard(
    RoundOption.__table__,
    "postgresql",
    *_postgres(
        "round_option",
        "INSERT OR UPDATE OR DELETE",
        f"IF TG_OP <> 'UPDATE' THEN IF TG_OP = 'INSERT' THEN IF {_is_frozen('NEW')} THEN {RAISE} END IF;"
        f" ELSIF {_is_frozen('OLD')} THEN {RAISE} END IF;"
        f" ELSIF {_is_frozen('OLD')} AND {_rewritten('IS DISTINCT FROM')} THEN {RAISE} END IF;",
    ),
)
guard(
    RoundDistrict.__table__,
    "postgresql",
    *_postgres(
        "round_district",
        "INSERT OR UPDATE OR DELETE",
        f"IF TG_OP <> 'INSERT' THEN IF {_is_frozen('OLD')} THEN {RAISE} END IF; END IF;"
        f" IF TG_OP <> 'DELETE' THEN IF {_is_frozen('NEW')} THEN {RAISE} END IF; END IF;",
    ),
)
