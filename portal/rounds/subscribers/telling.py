"""The kind "round"; notices about withdrawn options and void votes; heads of the log for observers."""

from __future__ import annotations

from portal.core.events import subscribe
from portal.core.i18n import lazy_gettext as _l
from portal.core.permissions import can
from portal.core.subjects import SubjectKind, SubjectRef, register
from portal.notifications.operations import notification_kind, notify
from portal.rounds.events import OptionWithdrawn, RoundClosed, RoundOpened, RoundVoided
from portal.rounds.models import Round
from portal.rounds.operations.observing import mail_head
from portal.rounds.queries.showing import round_by_id, round_by_public_id, rounds_by_ids
from portal.rounds.queries.telling import could_take_part

register(
    SubjectKind(
        kind="round",
        label=_l("Vote"),
        load=round_by_id,
        load_public=round_by_public_id,
        public_id=lambda vote: vote.public_id,
        title=lambda vote: vote.title,
        endpoint=lambda vote: ("rounds.detail", {"pid": vote.public_id}),
        can_see=lambda actor, vote: can(actor, "rounds.see", vote),
        language=lambda vote: vote.language,
        load_many=rounds_by_ids,
    )
)
notification_kind(
    "rounds.option_withdrawn",
    label=_l("Something cannot be chosen any more in a vote that runs"),
    text=_l("In “%(title)s” an option cannot be chosen any more. You can change your ballot until the end."),
    template="rounds/mail/option_withdrawn",
    grouped=True,
)
notification_kind(
    "rounds.voided",
    label=_l("A vote was declared void"),
    text=_l("“%(title)s” was declared void. The reason stands on its page."),
    template="rounds/mail/voided",
)


def _round(round_id: int) -> Round:
    vote = round_by_id(round_id)
    assert vote is not None
    return vote


@subscribe(RoundOpened)
def opened(event: RoundOpened) -> None:
    """The first head goes out."""
    mail_head(_round(event.round_id))


@subscribe(OptionWithdrawn)
def option_withdrawn(event: OptionWithdrawn) -> None:
    """Everybody who could take part is told, whatever they chose and whether they voted."""
    vote = _round(event.round_id)
    place = SubjectRef("round", vote.id)
    notify(could_take_part(vote), "rounds.option_withdrawn", subject=place)
    mail_head(vote)


@subscribe(RoundVoided)
def voided(event: RoundVoided) -> None:
    """The same people, and the observers."""
    vote = _round(event.round_id)
    notify(could_take_part(vote), "rounds.voided", subject=SubjectRef("round", vote.id))
    mail_head(vote)


@subscribe(RoundClosed)
def closed(event: RoundClosed) -> None:
    """The last head of the voting goes out."""
    mail_head(_round(event.round_id))
