"""Pages of the office: the work list, prepared answers with one page to confirm, texts people wait for."""

from __future__ import annotations

from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue

from portal.accounts.queries import account_names
from portal.content.queries import html_language
from portal.core.i18n import LazyString, format_date, ngettext
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l
from portal.core.i18n import lazy_pgettext as _pl
from portal.core.permissions import can
from portal.places.queries import district_names
from portal.proposals import operations, queries
from portal.proposals.forms import language_name
from portal.proposals.models import DECISION_LABELS, STAGE_LOOKS, VERDICT_LABELS, Answer, Proposal, Verdict
from portal.proposals.queries import Work, WorkRow
from portal.proposals.queries.office import COUNT_UP_TO, PER_PAGE
from portal.proposals.views.section import section
from portal.web.access import requires
from portal.web.context import current_actor
from portal.web.navigation import register_nav
from portal.web.render import Page, page_number, render
from portal.web.responses import flash_error, flash_success, redirect_to

MOST_AT_ONCE = 100
WORK_LABELS: dict[Work, LazyString] = {
    Work.NEW: _pl("work", "New"),
    Work.DUE: _pl("work", "Answer due"),
    Work.OVERDUE: _pl("work", "Overdue"),
    Work.ASSESS: _pl("work", "To assess"),
    Work.CONTACT: _pl("work", "Without contact"),
    Work.TEXTS: _pl("work", "Texts wanted"),
}

register_nav(
    "proposals.desk", _l("Proposals"), icon="bulb", order=10, area="staff", permission="proposals.work"
)
register_nav(
    "proposals.prepared",
    _l("Prepared answers"),
    icon="send",
    order=11,
    area="staff",
    permission="proposals.publish_batch",
)
register_nav(
    "proposals.wanted_texts",
    _l("Texts wanted"),
    icon="easy",
    order=12,
    area="staff",
    permission="proposals.work",
)


@section.get("/office/proposals")
@requires("proposals.work")
def desk() -> ResponseReturnValue:
    """What needs somebody; the first tab with something in it, unless one is chosen."""
    districts = _chosen_districts()
    counts = queries.work_counts(districts)
    work = _chosen_work(counts)
    found = queries.work_page(work, districts, page=page_number())
    page = Page(page_number(), PER_PAGE, found.total)
    return render("proposals/office/desk.html", page=page, **_desk(work, counts, found.rows))


def _chosen_districts() -> tuple[int, ...] | None:
    """The person's own districts, or the one of them that was chosen."""
    own = queries.districts_of(current_actor())
    raw = request.args.get("district", "")
    if not (raw.isascii() and raw.isdigit() and len(raw) < 10):
        return own
    return (int(raw),) if own is None or int(raw) in own else own


def _chosen_work(counts: dict[Work, int]) -> Work:
    if request.args.get("work") in set(Work):
        return Work(request.args["work"])
    urgent = (Work.OVERDUE, Work.NEW, Work.DUE, Work.ASSESS, Work.TEXTS, Work.CONTACT)
    return next((one for one in urgent if counts[one]), Work.NEW)


def _desk(work: Work, counts: dict[Work, int], rows: list[WorkRow]) -> dict[str, Any]:
    own = queries.districts_of(current_actor())
    names = district_names()
    offered = [(str(one), name) for one, name in names.items() if own is None or one in own]
    chosen = request.args.get("district", "")
    contacts = account_names(row.contact_account_id for row in rows)
    return {
        "work": work.value,
        "title": WORK_LABELS[work],
        "tabs": [(_tab(one, counts[one]), _desk_url(one, chosen), one is work) for one in Work],
        "districts": [(value, name, value == chosen) for value, name in offered],
        "rows": [_work_row(row, names, contacts) for row in rows],
    }


def _tab(work: Work, count: int) -> str:
    number = f"{COUNT_UP_TO}+" if count > COUNT_UP_TO else str(count)
    return f"{WORK_LABELS[work]} ({number})"


def _desk_url(work: Work, district: str) -> str:
    return url_for("proposals.desk", work=work.value, district=district or None)


def _work_row(row: WorkRow, districts: dict[int, str], contacts: dict[int, Any]) -> dict[str, Any]:
    look = STAGE_LOOKS[row.stage]
    verdict = VERDICT_LABELS[Verdict(row.verdict)][0] if row.verdict else None
    contact = contacts.get(row.contact_account_id or 0)
    return {
        "title": row.title,
        "html_lang": html_language(row.language),
        "url": url_for("proposals.detail", pid=row.public_id),
        "answer_url": url_for("proposals.answer", pid=row.public_id),
        "badge": (look.label, look.icon, look.tone),
        "district": districts.get(row.district_id or 0) or _("The whole town"),
        "supports": row.support_count,
        "due": format_date(row.due_on) if row.due_on else None,
        "days": _days_words(row),
        "is_late": row.days_over > 0,
        "contact": contact.name if contact else None,
        "notes": _notes(row, verdict),
    }


def _days_words(row: WorkRow) -> str:
    if row.days_over > 0:
        return ngettext("%(num)s day late", "%(num)s days late", row.days_over)
    return ngettext("%(num)s day left", "%(num)s days left", -row.days_over)


def _notes(row: WorkRow, verdict: LazyString | None) -> list[str]:
    """What is there already or waits beside the main thing."""
    found = []
    if row.has_draft_answer:
        found.append(_("Answer prepared"))
    if verdict:
        found.append(str(verdict))
    if row.offers:
        found.append(
            ngettext("%(num)s person offers to be contact", "%(num)s people offer to be contact", row.offers)
        )
    if row.wishes:
        found.append(ngettext("%(num)s wish for a text", "%(num)s wishes for texts", row.wishes))
    return found


@section.get("/office/answers")
@requires("proposals.publish_batch")
def prepared() -> ResponseReturnValue:
    """Answers that wait: choose some, publish them together."""
    found = queries.prepared_answers(queries.districts_of(current_actor()))
    mine = [(answer, one) for answer, one in found if can(current_actor(), "proposals.publish_answer", one)]
    return render("proposals/office/answers.html", answers=[_prepared_row(*pair) for pair in mine])


def _prepared_row(answer: Answer, proposal: Proposal) -> dict[str, Any]:
    label, icon, tone = DECISION_LABELS[answer.decision]
    return {
        "pid": proposal.public_id,
        "title": proposal.title,
        "title_lang": html_language(proposal.language),
        "badge": (label, icon, tone),
        "html": answer.text_html,
        "html_lang": html_language(answer.language),
        "at": answer.prepared_at,
        "supports": proposal.support_count,
        "edit_url": url_for("proposals.answer", pid=proposal.public_id),
    }


def _chosen_answers(values: list[str]) -> list[tuple[Answer, Proposal]]:
    """The chosen ones that are still waiting; anything else is left out, the page shows what is left."""
    wanted = set(values[:MOST_AT_ONCE])
    found = queries.prepared_answers(queries.districts_of(current_actor()))
    return [
        (answer, one)
        for answer, one in found
        if one.public_id in wanted and can(current_actor(), "proposals.publish_answer", one)
    ]


@section.get("/office/answers/confirm")
@requires("proposals.publish_batch")
def confirm_answers() -> ResponseReturnValue:
    """Everything once more before it is public: this cannot be taken back, only reworded."""
    chosen = _chosen_answers(request.args.getlist("answer"))
    if not chosen:
        flash_error(_("Please choose at least one answer."))
        return redirect_to("proposals.prepared")
    return render("proposals/office/confirm.html", answers=[_prepared_row(*pair) for pair in chosen])


@section.post("/office/answers/publish")
@requires("proposals.publish_batch")
def publish_answers() -> ResponseReturnValue:
    """Publish what was confirmed; one that cannot be does not stop the others. Twice is once."""
    chosen = [proposal for _answer, proposal in _chosen_answers(request.form.getlist("answer"))]
    done = operations.publish_batch(chosen, actor=current_actor())
    if done.published:
        flash_success(
            ngettext("%(num)s answer is public now.", "%(num)s answers are public now.", len(done.published))
        )
    for proposal, error in done.refused:
        flash_error(_("“%(title)s”: %(reason)s", title=proposal.title, reason=str(error)))
    return redirect_to("proposals.prepared")


@section.get("/office/texts")
@requires("proposals.work")
def wanted_texts() -> ResponseReturnValue:
    """Texts people wait for, and translations that wait for a yes."""
    districts = queries.districts_of(current_actor())
    return render(
        "proposals/office/texts.html",
        wishes=[_wish_row(one) for one in queries.open_wishes(districts)],
        offers=[
            (offer, proposal, language_name(offer.language), html_language(proposal.language))
            for offer, proposal in queries.open_offers(districts)
        ],
    )


def _wish_row(row: queries.WishRow) -> dict[str, Any]:
    return {
        "title": row.proposal.title,
        "html_lang": html_language(row.proposal.language),
        "language": language_name(row.language),
        "count": row.count,
        "since": row.since,
        "url": url_for("proposals.write_text", pid=row.proposal.public_id, language=row.language),
    }
