"""What becomes of it: an accepted proposal gets its progress page; those concerned hear of news, grouped."""

from __future__ import annotations

from portal.accounts.events import AccountErased
from portal.core.events import subscribe
from portal.core.i18n import lazy_gettext as _l
from portal.core.permissions import can
from portal.core.subjects import SubjectKind, SubjectRef, register
from portal.core.text import plain_text
from portal.notifications.operations import notification_kind, notify
from portal.proposals.events import OutcomeMoved, StageChanged
from portal.proposals.models import OUTCOME_STAGES, OutcomeNews, Proposal, Stage
from portal.proposals.operations import begin_outcome, forget_reporter
from portal.proposals.queries import (
    all_concerned_ids,
    follower_ids,
    news_by_id,
    news_by_public_id,
    proposal_by_id,
    supporter_ids,
)


def _proposal(news: OutcomeNews) -> Proposal:
    proposal = proposal_by_id(news.proposal_id)
    assert proposal is not None, "news about a proposal that is not there"
    return proposal


register(
    SubjectKind(
        kind="proposal_news",
        label=_l("News"),
        load=news_by_id,
        load_public=news_by_public_id,
        public_id=lambda news: news.public_id,
        title=lambda news: _proposal(news).title,
        endpoint=lambda news: ("proposals.progress", {"pid": _proposal(news).public_id}),
        can_see=lambda actor, news: can(actor, "proposals.see", _proposal(news)),
        author_id=lambda news: news.author_id,
        district_id=lambda news: _proposal(news).district_id,
        language=lambda news: news.language,
        excerpt=lambda news: plain_text(news.text_md),
    )
)
notification_kind(
    "proposals.progress",
    label=_l("How accepted proposals go on that I wrote, support or follow"),
    text=_l("There is news about the work on “%(title)s”."),
    template="proposals/mail/progress",
    grouped=True,
)


@subscribe(StageChanged)
def open_progress(event: StageChanged) -> None:
    """From "accepted" on everybody can see what becomes of it."""
    if Stage(event.target) in OUTCOME_STAGES:
        proposal = proposal_by_id(event.proposal_id)
        assert proposal is not None
        begin_outcome(proposal)


@subscribe(OutcomeMoved)
def tell_of_progress(event: OutcomeMoved) -> None:
    """Authors, supporters and followers, each once until they have read it, whatever happens meanwhile."""
    proposal = proposal_by_id(event.proposal_id)
    assert proposal is not None
    told = {
        *proposal.author_ids,
        *supporter_ids(proposal),
        *follower_ids(proposal),
        *all_concerned_ids(proposal),
    }
    notify(told, "proposals.progress", subject=SubjectRef("proposal", proposal.id), actor_id=event.actor_id)


@subscribe(AccountErased)
def forget_them(event: AccountErased) -> None:
    """News stays; who wrote it is forgotten."""
    forget_reporter(event.account_id)
