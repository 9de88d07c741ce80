"""The tables of rounds. Words and constants in `types`, everything else by what it is about."""

from portal.rounds.models.box import Ballot, BallotBox, BallotDraft
from portal.rounds.models.frozen import FROZEN_OPTION, FROZEN_ROUND
from portal.rounds.models.log import NO_ENTRY_BEFORE, RoundLogEntry
from portal.rounds.models.paper import AssistedSession, PaperBatch, PaperSheet
from portal.rounds.models.result import FileRelease, ResultObjection, RoundExplanation, RoundFile, RoundResult
from portal.rounds.models.roll import LetterBatch, RollEntry, TownIdentity, Vouching
from portal.rounds.models.round import Round, RoundDistrict, RoundOption, RoundVoiding
from portal.rounds.models.types import (
    BUDGET_RULES,
    CODE_LENGTH,
    OPTION_LIMIT,
    QUESTION_LENGTH,
    REASON_LENGTH,
    RULES_FOR,
    TEXT_LENGTH,
    TITLE_LENGTH,
    TRANSITIONS,
    BallotKind,
    BatchState,
    Channel,
    MajorityKind,
    ObjectionState,
    RoundState,
    Rule,
    SheetState,
    VouchedBy,
)

__all__ = [
    "BUDGET_RULES",
    "CODE_LENGTH",
    "FROZEN_OPTION",
    "FROZEN_ROUND",
    "NO_ENTRY_BEFORE",
    "OPTION_LIMIT",
    "QUESTION_LENGTH",
    "REASON_LENGTH",
    "RULES_FOR",
    "TEXT_LENGTH",
    "TITLE_LENGTH",
    "TRANSITIONS",
    "AssistedSession",
    "Ballot",
    "BallotBox",
    "BallotDraft",
    "BallotKind",
    "BatchState",
    "Channel",
    "FileRelease",
    "LetterBatch",
    "MajorityKind",
    "ObjectionState",
    "PaperBatch",
    "PaperSheet",
    "ResultObjection",
    "RollEntry",
    "Round",
    "RoundDistrict",
    "RoundExplanation",
    "RoundFile",
    "RoundLogEntry",
    "RoundOption",
    "RoundResult",
    "RoundState",
    "RoundVoiding",
    "Rule",
    "SheetState",
    "TownIdentity",
    "VouchedBy",
    "Vouching",
]
