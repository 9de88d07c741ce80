"""A proposal in other languages: which there are, writing one, wishing for one, and vouching for one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue

from portal.accounts.queries import account_names
from portal.content.models import TextState
from portal.content.queries import PLAIN, html_language, is_text_language, text_in, version_states
from portal.core.i18n import LANGUAGES
from portal.core.i18n import gettext as _
from portal.core.permissions import can
from portal.core.text import render_markdown
from portal.proposals import operations, queries
from portal.proposals.forms import TextForm, language_choices, language_name
from portal.proposals.models import ConsentState, Proposal, TextOffer
from portal.proposals.permissions import is_author
from portal.proposals.views.section import load_proposal, section
from portal.web.access import requires
from portal.web.context import current_actor
from portal.web.render import render
from portal.web.responses import flash_info, flash_success, redirect_to


@dataclass(frozen=True)
class OneLanguage:
    """A proposal and a language to write it in; permissions ask the proposal."""

    proposal: Proposal
    language: str

    def __getattr__(self, name: str) -> Any:
        return getattr(self.proposal, name)


@dataclass(frozen=True)
class Offered:
    """An offered text with its proposal; permissions ask the proposal."""

    offer: TextOffer
    proposal: Proposal

    def __getattr__(self, name: str) -> Any:
        return getattr(self.proposal, name)


def load_language(pid: str, language: str) -> OneLanguage | None:
    """The proposal and the language of the URL; the original's own is edited, not translated."""
    proposal = load_proposal(pid)
    if proposal is None or language == proposal.language or not is_text_language(language):
        return None
    return OneLanguage(proposal, language)


def load_offer(pid: str, oid: str) -> Offered | None:
    """The offered text of the URL."""
    proposal, offer = load_proposal(pid), queries.offer_by_public_id(oid)
    if proposal is None or offer is None or offer.proposal_id != proposal.id or offer.is_change:
        return None
    return Offered(offer, proposal)


@section.get("/proposals/<pid>/texts")
@requires("proposals.see_history", on=load_proposal)
def texts(proposal: Proposal) -> ResponseReturnValue:
    """Every language with its state; read, write or wish."""
    states = version_states("proposal", proposal.id, proposal.language)
    wishes = queries.wish_counts(proposal)
    return render(
        "proposals/texts.html",
        proposal=proposal,
        html_lang=html_language(proposal.language),
        rows=[_language_row(proposal, one, wishes) for one in states],
        wished=queries.wished_languages(proposal, current_actor().account_id),
        offers=_translations(proposal),
        suggested=suggested_changes(proposal),
        others=_other_languages(proposal, {one.language for one in states}),
    )


def _translations(proposal: Proposal) -> list[tuple[TextOffer, str, str]]:
    judges = can(current_actor(), "proposals.judge_text", proposal)
    return offer_rows(queries.waiting_offers(proposal)) if judges else []


def suggested_changes(proposal: Proposal) -> list[tuple[TextOffer, str, str]]:
    """Changes that wait for this author; nobody else is asked, and nobody else costs a query."""
    if not is_author(current_actor(), proposal):
        return []
    return offer_rows(queries.waiting_offers(proposal, is_change=True))


def _language_row(proposal: Proposal, one: Any, wishes: dict[str, int]) -> dict[str, Any]:
    value = "original" if one.is_source else one.language
    return {
        "language": one.language,
        "name": language_name(one.language),
        "html_lang": html_language(one.language),
        "state": "original" if one.is_source else one.state.value,
        "is_plain": one.language == PLAIN,
        "wishes": wishes.get(one.language, 0),
        "read_url": url_for("proposals.detail", pid=proposal.public_id, text=value)
        if one.state is not TextState.MISSING
        else None,
    }


def offer_rows(offers: list[TextOffer]) -> list[tuple[TextOffer, str, str]]:
    """Each with the name of its language and of whoever offers it."""
    names = account_names(one.account_id for one in offers)
    return [(one, language_name(one.language), names[one.account_id].name) for one in offers]


def _other_languages(proposal: Proposal, known: set[str]) -> list[tuple[str, str]]:
    return [one for one in language_choices() if one[0] not in {*known, *LANGUAGES, proposal.language}]


@section.get("/proposals/<pid>/texts/new")
@requires("proposals.translate", on=load_proposal)
def choose_language(proposal: Proposal) -> ResponseReturnValue:
    """From the list of further languages to the page for one of them."""
    language = request.args.get("language", "")
    if load_language(proposal.public_id, language) is None:
        return redirect_to("proposals.texts", pid=proposal.public_id)
    return redirect_to("proposals.write_text", pid=proposal.public_id, language=language)


@section.route("/proposals/<pid>/texts/<language>", methods=["GET", "POST"])
@requires("proposals.translate", on=load_language)
def write_text(wanted: OneLanguage) -> ResponseReturnValue:
    """Write the proposal in this language, the original beside it."""
    proposal, language = wanted.proposal, wanted.language
    form = TextForm(proposal, data=_known_text(proposal, language))
    shown = None
    if form.validate_on_submit():
        shown = form.attempt(
            lambda: operations.write_text(proposal, language, form.fields(), actor=current_actor())
        )
    return _text_page(wanted, form) if shown is None else _after_text(wanted, is_public=shown)


def _known_text(proposal: Proposal, language: str) -> dict[str, str]:
    offer = queries.my_offer(proposal, language, current_actor().account_id)
    if offer is not None and offer.state is ConsentState.ASKED:
        return dict(offer.fields)
    version = text_in("proposal", proposal.id, language)
    return dict(version.fields) if version else {}


def _text_page(wanted: OneLanguage, form: TextForm) -> ResponseReturnValue:
    proposal, actor = wanted.proposal, current_actor()
    is_at_once = any(can(actor, f"proposals.{name}", proposal) for name in ("judge_text", "assess"))
    return render(
        "proposals/text_write.html",
        status=form.status,
        form=form,
        proposal=proposal,
        source=queries.texts_of(proposal),
        code=wanted.language,
        language_name=language_name(wanted.language),
        text_lang=html_language(wanted.language),
        html_lang=html_language(proposal.language),
        is_plain=wanted.language == PLAIN,
        is_at_once=is_at_once,
    )


def _after_text(wanted: OneLanguage, *, is_public: bool) -> ResponseReturnValue:
    pid = wanted.proposal.public_id
    if is_public:
        flash_success(_("Thank you. The text can be read now."))
        return redirect_to("proposals.detail", pid=pid, text=wanted.language)
    flash_success(_("Thank you. An author or a moderator looks at it, then everybody can read it."))
    return redirect_to("proposals.texts", pid=pid)


@section.get("/proposals/<pid>/texts/<language>/wish")
@requires("proposals.wish_text", on=load_language)
def wish_page(wanted: OneLanguage) -> ResponseReturnValue:
    """Where somebody comes back to after signing in: one button."""
    return render(
        "proposals/text_wish.html",
        proposal=wanted.proposal,
        html_lang=html_language(wanted.proposal.language),
        code=wanted.language,
        language_name=language_name(wanted.language),
        is_plain=wanted.language == PLAIN,
    )


@section.post("/proposals/<pid>/texts/<language>/wish")
@requires("proposals.wish_text", on=load_language)
def wish_text(wanted: OneLanguage) -> ResponseReturnValue:
    """Say that it is needed; counted once per person."""
    if operations.wish_for_text(wanted.proposal, wanted.language, actor=current_actor()):
        flash_success(_("Thank you. You hear from us when the text is there."))
    else:
        flash_info(_("You have asked for it already. You hear from us when the text is there."))
    return redirect_to("proposals.texts", pid=wanted.proposal.public_id)


@section.get("/proposals/<pid>/texts/offers/<oid>")
@requires("proposals.judge_text", on=load_offer)
def text_offer(found: Offered) -> ResponseReturnValue:
    """The offered text beside the original, and two buttons."""
    return render("proposals/text_offer.html", **_offer_context(found))


def _offer_context(found: Offered) -> dict[str, Any]:
    offer, source = found.offer, queries.texts_of(found.proposal)
    names = account_names([offer.account_id])
    pairs = [(text, str(offer.fields.get(name, ""))) for name, text in source.items() if text]
    return {
        "offer": offer,
        "proposal": found.proposal,
        "author": names[offer.account_id],
        "language_name": language_name(offer.language),
        "text_lang": html_language(offer.language),
        "html_lang": html_language(found.proposal.language),
        "pairs": [(render_markdown(before), render_markdown(after)) for before, after in pairs],
        "is_waiting": offer.state is ConsentState.ASKED,
    }


@section.post("/proposals/<pid>/texts/offers/<oid>")
@requires("proposals.judge_text", on=load_offer)
def judge_offer(found: Offered) -> ResponseReturnValue:
    """Let it stand, or not."""
    accept = request.form.get("answer") == "accept"
    operations.judge_offer(found.offer, found.proposal, actor=current_actor(), accept=accept)
    flash_success(_("The text can be read now.") if accept else _("The text is not shown."))
    return redirect_to("proposals.texts", pid=found.proposal.public_id)
