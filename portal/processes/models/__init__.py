"""The tables of processes. Words and limits in `types`, how they are called in `labels`."""

from portal.processes.models.labels import (
    INFLUENCE_LOOKS,
    KIND_LOOKS,
    LEVEL_WORDS,
    PHASE_LOOKS,
    InfluenceLook,
    KindLook,
    PhaseLook,
)
from portal.processes.models.process import Phase, PreviewLink, Process, ProcessDistrict
from portal.processes.models.types import (
    HIGHEST_BUDGET_CENTS,
    MOST_PHASES,
    PHASE_TEXT_LENGTH,
    SUMMARY_LENGTH,
    TEXT_LENGTH,
    TITLE_LENGTH,
    Influence,
    PhaseKind,
    ProcessKind,
    ProcessState,
)

__all__ = [
    "HIGHEST_BUDGET_CENTS",
    "INFLUENCE_LOOKS",
    "KIND_LOOKS",
    "LEVEL_WORDS",
    "MOST_PHASES",
    "PHASE_LOOKS",
    "PHASE_TEXT_LENGTH",
    "SUMMARY_LENGTH",
    "TEXT_LENGTH",
    "TITLE_LENGTH",
    "Influence",
    "InfluenceLook",
    "KindLook",
    "Phase",
    "PhaseKind",
    "PhaseLook",
    "PreviewLink",
    "Process",
    "ProcessDistrict",
    "ProcessKind",
    "ProcessState",
]
