"""What people do with proposals: write, publish, change, withdraw, support, follow, write together."""

from portal.proposals.operations.coauthors import (
    accept_invitation,
    decline_invitation,
    invite_coauthor,
    is_open_invitation,
    leave_proposal,
)
from portal.proposals.operations.drafting import (
    STEPS,
    add_need,
    choose_similar,
    delete_draft,
    ignore_similar,
    remember_step,
    remove_need,
    save_language,
    save_place,
    save_text,
    save_title,
    start_draft,
)
from portal.proposals.operations.importing import ImportedProposal, import_proposals
from portal.proposals.operations.moving import change_stage
from portal.proposals.operations.picturing import add_photo, describe_photo, remove_photo
from portal.proposals.operations.publishing import (
    Texts,
    edit_proposal,
    ensure_editable,
    expire_proposal,
    publish_proposal,
    withdraw_proposal,
)
from portal.proposals.operations.supporting import (
    confirm_support,
    follow_proposal,
    note_comments,
    revoke_support,
    start_answer_clock,
    support_proposal,
    unfollow_proposal,
)
from portal.proposals.operations.visibility import forget_person, hide_proposal, restore_proposal

__all__ = [
    "STEPS",
    "ImportedProposal",
    "Texts",
    "accept_invitation",
    "add_need",
    "add_photo",
    "change_stage",
    "choose_similar",
    "confirm_support",
    "decline_invitation",
    "delete_draft",
    "describe_photo",
    "edit_proposal",
    "ensure_editable",
    "expire_proposal",
    "follow_proposal",
    "forget_person",
    "hide_proposal",
    "ignore_similar",
    "import_proposals",
    "invite_coauthor",
    "is_open_invitation",
    "leave_proposal",
    "note_comments",
    "publish_proposal",
    "remember_step",
    "remove_need",
    "remove_photo",
    "restore_proposal",
    "revoke_support",
    "save_language",
    "save_place",
    "save_text",
    "save_title",
    "start_answer_clock",
    "start_draft",
    "support_proposal",
    "unfollow_proposal",
    "withdraw_proposal",
]
