"""What moderation sees of a post in a group: the copy a member handed over."""

from __future__ import annotations

from portal.core.i18n import lazy_gettext as _l
from portal.core.subjects import SubjectKind, register
from portal.groups.operations.handing import hide_post, restore_post
from portal.groups.queries import excerpts

# The post itself is no subject of anything.
register(
    SubjectKind(
        kind="group_post",
        label=_l("Post in a group"),
        load=excerpts.excerpt_by_id,
        load_many=excerpts.excerpts_by_id,
        load_public=excerpts.excerpt_by_public_id,
        public_id=lambda excerpt: excerpt.public_id,
        title=excerpts.heading_of,
        endpoint=lambda excerpt: ("groups.handed_over", {"excerpt": excerpt.public_id}),
        can_see=excerpts.shows_in,
        author_id=excerpts.author_of_excerpt,
        written_by=excerpts.excerpts_written_by,
        district_id=excerpts.district_of_excerpt,
        language=lambda excerpt: excerpt.language,
        excerpt=lambda excerpt: excerpt.text,
        hide=hide_post,
        restore=restore_post,
        is_hidden=excerpts.is_post_hidden,
        can_see_place=excerpts.shows_in,
        made_since=excerpts.posts_since,
        names_reporters=excerpts.names_reporters,
    )
)
