"""The video in sign language of a proposal: sending it, its words, taking it away."""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from portal.content.forms import VideoForm
from portal.content.models import Video
from portal.content.queries import video_of
from portal.content.settings import MOST_VIDEO_MEGABYTES
from portal.core.i18n import gettext as _
from portal.core.subjects import SubjectRef
from portal.proposals import operations
from portal.proposals.models import Proposal
from portal.proposals.views.section import load_proposal, section
from portal.web.access import requires
from portal.web.context import current_actor
from portal.web.render import render
from portal.web.responses import flash_info, flash_success, redirect_to
from portal.web.uploads import accepts_upload


def known_video(proposal: Proposal, *, with_pending: bool = False) -> Video | None:
    """Its video; no query when there is none."""
    ref = SubjectRef("proposal", proposal.id)
    return video_of(ref, with_pending=with_pending) if proposal.video_count else None


@section.route("/proposals/<pid>/video", methods=["GET", "POST"])
@requires("proposals.sign_video", on=load_proposal)
@accepts_upload(MOST_VIDEO_MEGABYTES + 6)
def video(proposal: Proposal) -> ResponseReturnValue:
    """Send the video, or change its words. An upload whose words are missing is kept and waits for them."""
    known = known_video(proposal, with_pending=True)
    form = VideoForm(data={"words": known.text_md if known else ""})
    saved = form.attempt(lambda: _save(proposal, form)) if form.validate_on_submit() else None
    if saved is None:
        return render("proposals/video.html", status=form.status, form=form, proposal=proposal, video=known)
    if saved.is_pending:
        return redirect_to("proposals.video", pid=proposal.public_id)
    flash_success(_("The video can be seen now."))
    return redirect_to("proposals.detail", pid=proposal.public_id, anchor="sign-language")


def _save(proposal: Proposal, form: VideoForm) -> Video:
    file, poster = form.files()
    return operations.save_sign_video(
        proposal, actor=current_actor(), file=file, poster=poster, words=form.words.data or ""
    )


@section.post("/proposals/<pid>/video/remove")
@requires("proposals.sign_video", on=load_proposal)
def remove_video(proposal: Proposal) -> ResponseReturnValue:
    """Take it away."""
    operations.remove_sign_video(proposal, actor=current_actor())
    flash_info(_("The video is deleted."))
    return redirect_to("proposals.detail", pid=proposal.public_id)
