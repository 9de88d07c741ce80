"""Comments as things that can be reported and linked, and what happens to them when an account ends."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from portal.accounts.events import AccountErased
from portal.accounts.operations import register_export_section
from portal.core.events import subscribe
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l
from portal.core.permissions import can
from portal.core.subjects import Copies, SubjectKind, SubjectRef, register, resolve
from portal.core.text import plain_text
from portal.discussions import operations, queries
from portal.discussions.models import Comment


@subscribe(AccountErased)
def forget_author(event: AccountErased) -> None:
    """Do with the comments what the person chose."""
    operations.forget_author(event.account_id, keep_comments=event.keep_comments)


def _title(comment: Comment) -> str:
    subject = resolve(SubjectRef(comment.thread.subject_kind, comment.thread.subject_id))
    return _("Comment on “%(title)s”", title=subject.title if subject else "…")


def _district_id(comment: Comment) -> int | None:
    subject = resolve(SubjectRef(comment.thread.subject_kind, comment.thread.subject_id))
    return subject.kind.district_id(subject.thing) if subject else None


def _edit_endpoint(comment: Comment) -> tuple[str, dict[str, Any]] | None:
    return None if comment.deleted_at is not None else ("discussions.edit", {"pid": comment.public_id})


register(
    SubjectKind(
        kind="comment",
        label=_l("Comment"),
        load=queries.comment_by_id,
        load_many=queries.comments_by_id,
        load_public=queries.comment_by_public_id,
        public_id=lambda comment: comment.public_id,
        title=_title,
        endpoint=lambda comment: ("discussions.comment", {"pid": comment.public_id}),
        can_see=lambda actor, comment: can(actor, "discussions.read_comment", comment),
        author_id=lambda comment: comment.author_id,
        written_by=lambda account_id: select(Comment.id).where(Comment.author_id == account_id),
        district_id=_district_id,
        language=lambda comment: comment.language,
        excerpt=lambda comment: plain_text(comment.body_md),
        hide=operations.hide_comment,
        restore=operations.restore_comment,
        is_hidden=lambda comment: comment.hidden_at is not None and comment.deleted_at is None,
        can_see_place=lambda actor, comment: can(actor, "discussions.read", comment.thread),
        edit_endpoint=_edit_endpoint,
        made_since=queries.count_since,
        copies=Copies(
            recent=queries.by_new_accounts,
            words=lambda comment: comment.body_md,
            place=lambda comment: comment.thread_id,
        ),
    )
)


def _exported(account_id: int) -> list[dict[str, Any]]:
    return [
        {
            "written_at": comment.created_at.isoformat(),
            "edited_at": comment.edited_at.isoformat() if comment.edited_at else None,
            "text": comment.body_md,
            "language": comment.language,
            "mark": comment.stance,
            "hidden": comment.hidden_at is not None,
            "earlier_texts": [version.body_md for version in comment.versions],
        }
        for comment in queries.comments_of(account_id)
    ]


register_export_section("comments", _exported)
