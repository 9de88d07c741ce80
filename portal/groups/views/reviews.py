"""Review of a membership: beginning one, being heard, voting, and asking somebody from outside."""

from __future__ import annotations

from typing import Any

from flask import request
from flask.typing import ResponseReturnValue
from wtforms.fields import SelectChoice  # type: ignore[attr-defined]

from portal.accounts.queries import account_names
from portal.core import clock
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l
from portal.core.permissions import can
from portal.groups.forms.peace import (
    AppealForm,
    ReviewForm,
    StatementForm,
    VerdictForm,
    VoteForm,
    review_form,
)
from portal.groups.models import (
    REVIEW_RUNS,
    AppealState,
    Group,
    MembershipReview,
    ReviewResult,
    ReviewState,
)
from portal.groups.operations.peace import appealing, reviewing
from portal.groups.permissions import membership_of
from portal.groups.permissions.peace import is_affected, looks_from_outside
from portal.groups.queries import member_lines
from portal.groups.queries.parts import Part, Place, register_part
from portal.groups.queries.peace import (
    elector_in,
    group_of_review,
    mediator_by_public_id,
    mediators,
    published_agreements,
    quorum_of,
    review_by_public_id,
    review_tallies,
    review_turnout,
    reviews_for,
)
from portal.groups.views.framing import group_page, register_tool
from portal.groups.views.quiet import quiet_page
from portal.groups.views.section import load_group, section
from portal.groups.views.talk_words import RESULT_WORDS, REVIEW_STANDS, choice_words
from portal.web.access import requires
from portal.web.context import current_actor
from portal.web.responses import flash_success, redirect_to

register_tool(
    "groups.reviews", _l("Talk about a membership, as the last resort"), permission="groups.leave",
    icon="people", order=80,
)  # fmt: skip
MONTH_DAYS = 30.5
# With fewer votes, or all of them alike, numbers would tell who voted what.
FEWEST_TO_SHOW = 5


def load_review(rid: str) -> MembershipReview | None:
    """The review of the URL, in whatever state; the permission decides who gets it."""
    return review_by_public_id(rid)


def _there(review: MembershipReview) -> ResponseReturnValue:
    return redirect_to("groups.review", rid=review.public_id)


@section.route("/groups/<pid>/reviews", methods=["GET", "POST"])
@requires("groups.leave", on=load_group)
def reviews(group: Group) -> ResponseReturnValue:
    """How it works, what runs, and beginning one."""
    form = review_form([one.alias for one in member_lines(group)])
    made = form.attempt(lambda: _propose(form, group)) if form.validate_on_submit() else None
    if made is not None:
        flash_success(_("Saved. Nothing happens before a second member joins."))
        return _there(made)
    shown = [(one, REVIEW_STANDS[one.state]) for one in reviews_for(group, current_actor())]
    begins = can(current_actor(), "groups.take_part", group)
    context: dict[str, Any] = {"form": form, "reviews": shown, "may_begin": begins}
    return group_page("groups/peace/reviews.html", group, status=form.status, **context)


def _propose(form: Any, group: Group) -> MembershipReview:
    filled: ReviewForm = form
    return reviewing.propose_review(
        group,
        actor=current_actor(),
        alias=form.alias.data or "",
        topic=filled.topic.data or "",
        measure=filled.measure.data or "",
        measure_days=filled.measure_days.data or 0,
        exclusion_days=round((filled.exclusion_months.data or 1) * MONTH_DAYS),
    )


@section.get("/groups/reviews/<rid>")
@requires("groups.see_review", on=load_review)
def review(review: MembershipReview) -> ResponseReturnValue:
    """What it is about, how the person sees it, where it stands."""
    return _page(review)


def _page(
    review: MembershipReview, *, vote: VoteForm | None = None, speech: StatementForm | None = None
) -> ResponseReturnValue:
    mine = is_affected(current_actor(), review)
    speaks = mine and review.state in (ReviewState.HEARING, ReviewState.VOTING)
    form = speech or vote
    return quiet_page(
        "groups/peace/review.html",
        status=form.status if form else 200,
        review=review,
        group=None if mine or looks_from_outside(current_actor(), review) else group_of_review(review),
        stands=REVIEW_STANDS[review.state],
        result=RESULT_WORDS[review.result] if review.result else "",
        mine=mine,
        speech=(speech or StatementForm(formdata=None, statement=review.statement, helper=review.helper))
        if speaks
        else None,
        vote=vote or _vote_form(review),
        standing=_standing(review),
        turnout=review_turnout(review),
        quorum=quorum_of(review_turnout(review)[1]),
        numbers=_numbers(review),
        may_appeal=mine and _may_appeal(review),
        looks=looks_from_outside(current_actor(), review),
        verdict=VerdictForm(formdata=None) if review.appeal is AppealState.LOOKING else None,
    )


def _standing(review: MembershipReview) -> str:
    """How the reader stands to it: "", "second", "began", "vote", "voted"."""
    actor, group = current_actor(), group_of_review(review)
    own = membership_of(actor, group) if group else None
    if own is None or not can(actor, "groups.carry_review", review):
        return ""
    if review.state is ReviewState.PROPOSED:
        return "began" if own.id == review.starter_id else "second"
    elector = elector_in(review, own.ref)
    if elector is not None and reviewing.is_voting(review):
        return "voted" if elector.voted else "vote"
    begun = own.id in (review.starter_id, review.second_id) and review.state is ReviewState.HEARING
    return "began" if begun else ""


def _vote_form(review: MembershipReview) -> VoteForm | None:
    if _standing(review) != "vote":
        return None
    return VoteForm([(one, choice_words(review, one)) for one in reviewing.choices_of(review)])


def _numbers(review: MembershipReview) -> list[tuple[str, int]]:
    """What was voted, once it is over and if it tells nobody's vote."""
    if review.result not in (ReviewResult.NO_CHANGE, ReviewResult.MEASURE, ReviewResult.EXCLUSION):
        return []
    tallies = review_tallies(review)
    alike = max(tallies.values(), default=0) == sum(tallies.values())
    if sum(tallies.values()) < FEWEST_TO_SHOW or alike:
        return []
    return [(choice_words(review, one), many) for one, many in tallies.items()]


def _may_appeal(review: MembershipReview) -> bool:
    lasts = review.appeal_until is not None and clock.today() <= review.appeal_until
    stands = review.state in (ReviewState.DECIDED, ReviewState.IN_FORCE)
    return lasts and stands and review.appeal in (AppealState.NONE, AppealState.ASKED)


@section.post("/groups/reviews/<rid>/join")
@requires("groups.carry_review", on=load_review)
def join_review(review: MembershipReview) -> ResponseReturnValue:
    """A second member joins, or one of the two takes it back."""
    if request.form.get("step") == "withdraw":
        group = group_of_review(review)
        reviewing.withdraw_review(review, actor=current_actor())
        flash_success(_("Taken back."))
        return redirect_to("groups.reviews", pid=group.public_id if group else "")
    reviewing.second_review(review, actor=current_actor())
    flash_success(_("The person is told, and has seven days to say how they see it."))
    return _there(review)


@section.post("/groups/reviews/<rid>/statement")
@requires("groups.speak_in_review", on=load_review)
def speak_in_review(review: MembershipReview) -> ResponseReturnValue:
    """The person it is about says how they see it."""
    form = StatementForm()
    words, helper = form.statement.data or "", form.helper.data or ""
    if form.validate_on_submit():
        actor = current_actor()
        reviewing.speak(review, actor=actor, statement=words, helper=helper)
        flash_success(_("Saved. Everybody who may vote reads it."))
        return _there(review)
    return _page(review, speech=form)


@section.post("/groups/reviews/<rid>/vote")
@requires("groups.carry_review", on=load_review)
def vote_in_review(review: MembershipReview) -> ResponseReturnValue:
    """One secret vote, final."""
    form = VoteForm([(one, choice_words(review, one)) for one in reviewing.choices_of(review)])
    if form.validate_on_submit():
        reviewing.vote(review, ReviewResult(form.choice.data), actor=current_actor())
        flash_success(_("Your vote is counted. Nobody can see what it was, and nobody can change it."))
        return _there(review)
    return _page(review, vote=form)


@section.route("/groups/reviews/<rid>/outside", methods=["GET", "POST"])
@requires("groups.speak_in_review", on=load_review)
def ask_outside(review: MembershipReview) -> ResponseReturnValue:
    """Ask somebody from outside to look at the decision, once."""
    form, cards = AppealForm(), mediators()
    form.mediator.choices = [SelectChoice(one.public_id, one.name) for one in cards]
    if form.validate_on_submit() and form.attempt(lambda: _ask_outside(form, review)):
        flash_success(_("Asked. Until the person says yes you can still ask somebody else."))
        return _there(review)
    return quiet_page("groups/peace/outside.html", status=form.status, form=form, review=review, cards=cards)


def _ask_outside(form: AppealForm, review: MembershipReview) -> bool:
    offer = mediator_by_public_id(form.mediator.data or "")
    if offer is None:
        return False
    name = account_names([offer.account_id])[offer.account_id].name
    appealing.ask_outside(review, offer, actor=current_actor(), name=name, words=form.words.data or "")
    return True


@section.post("/groups/reviews/<rid>/look")
@requires("groups.look_at_appeal", on=load_review)
def look_at_review(review: MembershipReview) -> ResponseReturnValue:
    """The person from outside takes it on, or says what they found."""
    answer = request.form.get("answer")
    if answer in ("yes", "no"):
        appealing.answer_appeal(review, answer == "yes", actor=current_actor())
        flash_success(_("Saved."))
        return redirect_to("groups.talks") if answer == "no" else _there(review)
    form = VerdictForm()
    if form.validate_on_submit():
        stands = form.outcome.data == "stands"
        appealing.settle_appeal(review, stands=stands, actor=current_actor(), words=form.words.data or "")
        flash_success(_("Saved. The group and the person are told."))
        return _there(review)
    return quiet_page("groups/peace/verdict.html", status=form.status, form=form, review=review)


# ---- what members see on the pages of their group


def waiting_for_me(group: Group, actor: Any) -> Part | None:
    """A hearing or a vote runs: everybody in the group learns of it on its page."""
    if not can(actor, "groups.leave", group):
        return None
    running = [one for one in reviews_for(group, actor) if one.state in (ReviewState.PROPOSED, *REVIEW_RUNS)]
    if not running:
        return None
    context = {"reviews": [(one, REVIEW_STANDS[one.state]) for one in running]}
    return Part(_("The group talks about a membership"), "groups/peace/_running.html", context, urgent=True)


def agreements(group: Group, actor: Any) -> Part | None:
    """What parties of a mediation wanted the group to read."""
    if not can(actor, "groups.leave", group):
        return None
    found = published_agreements(group)
    if not found:
        return None
    return Part(_("Agreements after a talk"), "groups/peace/_agreements.html", {"found": found})


register_part(Place.OVERVIEW, "review", waiting_for_me, order=5)
register_part(Place.ABOUT, "agreements", agreements, order=80)
