"""Who hears of barriers, what is kept of people who go, and nothing else."""

from __future__ import annotations

from portal.accounts.events import AccountErased
from portal.accounts.operations.own_data import register_export_section
from portal.accounts.queries import staff_with_role
from portal.content.events import BarrierReported
from portal.content.operations import forget_author, forget_uploader, forget_video_sender
from portal.content.queries import export_pictures, export_texts, export_videos
from portal.core.actors import StaffRole
from portal.core.events import subscribe
from portal.core.i18n import lazy_gettext as _l
from portal.notifications.operations import notification_kind, notify

notification_kind(
    "content.barrier_reported",
    label=_l("Somebody reported a barrier"),
    text=_l("Somebody reported a barrier. Please answer within four weeks."),
    template="content/mail/barrier_reported",
    staff=True,
)


@subscribe(BarrierReported)
def tell_administrators(event: BarrierReported) -> None:
    """The people who can mend the site."""
    notify(
        staff_with_role(StaffRole.ADMINISTRATOR),
        "content.barrier_reported",
        dedupe_key=f"barrier-{event.report_id}",
    )


@subscribe(AccountErased)
def erased(event: AccountErased) -> None:
    """Texts, pictures and videos of things that stay lose the name; loose pictures go."""
    forget_author(event.account_id)
    forget_uploader(event.account_id)
    forget_video_sender(event.account_id)


register_export_section("pictures", export_pictures)
register_export_section("videos", export_videos)
register_export_section("texts", export_texts)
