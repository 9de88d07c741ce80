"""What people do in moderation, by what it is about."""

from portal.moderation.operations.casework import (
    add_note,
    claim_case,
    hand_over_case,
    open_own_case,
    put_aside,
    text_changed,
)
from portal.moderation.operations.deciding import Ruling, decide_case, hide_by_reports
from portal.moderation.operations.keeping import erase_old, forget_reporter, lift_expired, remind_overdue
from portal.moderation.operations.mailbox import write_to_mailbox
from portal.moderation.operations.objecting import answer_objection, object_to
from portal.moderation.operations.pattern import look_for_pattern
from portal.moderation.operations.reporting import Receipt, report_subject
from portal.moderation.operations.stopping import agree_to_stop, propose_stop, refuse_stop

__all__ = [
    "Receipt",
    "Ruling",
    "add_note",
    "agree_to_stop",
    "answer_objection",
    "claim_case",
    "decide_case",
    "erase_old",
    "forget_reporter",
    "hand_over_case",
    "hide_by_reports",
    "lift_expired",
    "look_for_pattern",
    "object_to",
    "open_own_case",
    "propose_stop",
    "put_aside",
    "refuse_stop",
    "remind_overdue",
    "report_subject",
    "text_changed",
    "write_to_mailbox",
]
