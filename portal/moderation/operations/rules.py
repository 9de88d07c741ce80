"""The rules of conduct and what happens to those who break them, as plain values."""

from __future__ import annotations

from typing import Any

from portal.core.i18n import current_language
from portal.core.site_settings import site
from portal.moderation.models import BY_TWO, Category, Measure
from portal.moderation.operations.deciding import redress
from portal.moderation.settings import (
    CATEGORY_LABELS,
    MEASURE_LABELS,
    PATTERN_SENTENCE,
    PROCEDURE_SENTENCE,
    RULES,
)


def rules_for_machines(page: str) -> dict[str, Any]:
    """What the page of the rules says, in the language of the moment; `page` is its address."""
    return {
        "language": current_language().html_lang,
        "page": page,
        "rules": [{"number": one.number, "sentence": str(one.sentence)} for one in RULES],
        "reports": [{"category": str(one), "label": str(CATEGORY_LABELS[one])} for one in Category],
        "measures": [
            {"measure": str(one), "label": str(MEASURE_LABELS[one]), "needs_two_people": one in BY_TWO}
            for one in Measure
            if one in MEASURE_LABELS
        ],
        "automated": [str(PROCEDURE_SENTENCE), str(PATTERN_SENTENCE)],
        "reports_that_hide": site("moderation.reports_to_hide"),
        "review_within_hours": site("moderation.auto_review_hours"),
        "objection_months": site("moderation.objection_months"),
        "objection_answered_within_days": site("moderation.objection_answer_days"),
        "redress": redress(),
    }
