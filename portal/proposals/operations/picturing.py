"""Photos of a proposal: at most six, each with a description; and its video in sign language."""

from __future__ import annotations

from typing import BinaryIO

from portal.content.models import Picture, Video
from portal.content.operations import (
    Place,
    add_picture,
    describe_picture,
    remove_picture,
    remove_video_of,
    save_video,
)
from portal.content.queries import picture_by_public_id
from portal.core.actors import Actor
from portal.core.permissions import ensure
from portal.core.subjects import SubjectRef
from portal.proposals.errors import TooManyPictures
from portal.proposals.models import Proposal

MOST_PICTURES = 6


def add_photo(proposal: Proposal, *, actor: Actor, data: bytes, alt: str) -> Picture:
    """Take in a photo. Raises TooManyPictures after six, and what content says about files and quotas."""
    _ensure(proposal, actor)
    if proposal.picture_count >= MOST_PICTURES:
        raise TooManyPictures
    picture = add_picture(actor, data, alt, SubjectRef("proposal", proposal.id), language=proposal.language)
    proposal.picture_count += 1
    return picture


def describe_photo(proposal: Proposal, *, actor: Actor, public_id: str, alt: str) -> bool:
    """Change what is said about a photo; False for one of another proposal."""
    picture = _own_picture(proposal, actor, public_id)
    if picture is not None:
        describe_picture(actor, picture, alt)
    return picture is not None


def remove_photo(proposal: Proposal, *, actor: Actor, public_id: str) -> bool:
    """Take a photo away; False for one of another proposal."""
    picture = _own_picture(proposal, actor, public_id)
    if picture is not None:
        remove_picture(picture)
        proposal.picture_count = max(0, proposal.picture_count - 1)
    return picture is not None


def _own_picture(proposal: Proposal, actor: Actor, public_id: str) -> Picture | None:
    _ensure(proposal, actor)
    picture = picture_by_public_id(public_id)
    is_ours = picture is not None and (picture.owner_kind, picture.owner_id) == ("proposal", proposal.id)
    return picture if is_ours else None


def _ensure(proposal: Proposal, actor: Actor) -> None:
    ensure(actor, "proposals.edit_draft" if proposal.is_draft else "proposals.edit", proposal)


def save_sign_video(
    proposal: Proposal, *, actor: Actor, file: BinaryIO | None, poster: bytes, words: str
) -> Video:
    """Take in the video in sign language, or change its words. Raises what content says about files."""
    ensure(actor, "proposals.sign_video", proposal)
    place = Place(SubjectRef("proposal", proposal.id))
    video = save_video(actor, place, file=file, poster=poster, words=words, language=proposal.language)
    proposal.video_count = 1
    return video


def remove_sign_video(proposal: Proposal, *, actor: Actor) -> None:
    """Take the video away; without one nothing happens."""
    ensure(actor, "proposals.sign_video", proposal)
    remove_video_of(SubjectRef("proposal", proposal.id))
    proposal.video_count = 0
