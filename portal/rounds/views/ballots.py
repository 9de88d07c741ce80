"""What the pages of the ballot show: lines, the basket bar, problems, and where a button leads."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue

from portal.content.models import Picture
from portal.core.errors import NotFound
from portal.core.i18n import LANGUAGES, current_language, format_money_cents, format_number, ngettext
from portal.core.i18n import gettext as _
from portal.core.text import text_direction
from portal.places.queries import districts
from portal.proposals.models import TOPIC_LOOKS, Topic
from portal.rounds.forms.filling import BOX, Written, wanted_from
from portal.rounds.models import BallotKind, Round
from portal.rounds.operations.filling import Rules, Standing, Value, Values, fits, rules_of, standing_of
from portal.rounds.queries.filling import PER_PAGE, SEARCHED_FROM, Line, Sheet, Wanted, line_of, sheet_of
from portal.rounds.queries.wording import ballot_words, secrecy_promise, who_could_learn
from portal.rounds.views.box import Desk
from portal.rounds.views.section import link
from portal.web.context import current_actor
from portal.web.render import Page, render
from portal.web.responses import flash_success, fragment_or_redirect, redirect_to

MOST_RADIOS = 10


@dataclass(frozen=True)
class OptionView:
    """One option as a card draws it, with the box beside it."""

    code: str
    title: str
    summary: str
    plain: str
    text_html: str
    language: str
    dir: str
    cost: str
    place: str
    topic: str
    icon: str
    hue: int
    picture: Picture | None
    withdrawn_reason: str
    field: str
    value: Value | str | None
    problem: str


def option_view(vote: Round, line: Line, written: Written | None = None) -> OptionView:
    """A line of the ballot paper for a template. A text that moderation has hidden stays hidden."""
    option, hidden = line.option, line.shown.is_hidden
    language = LANGUAGES[option.language].html_lang if option.language in LANGUAGES else option.language
    look = TOPIC_LOOKS[Topic(option.category)] if option.category in set(Topic) else None
    names = {card.id: card.name for card in districts()}
    return OptionView(
        code=option.code,
        title=_("Option %(code)s", code=option.code) if hidden else option.title,
        summary=_("This text was hidden by moderation.") if hidden else option.summary,
        plain="" if hidden else option.plain_text or "",
        text_html="" if hidden else option.text_html,
        language=language,
        dir=text_direction(option.language),
        cost="" if option.cost_cents is None else format_money_cents(option.cost_cents, vote.currency),
        place=option.place_words or names.get(option.district_id or 0, ""),
        topic=str(look.label) if look else option.category,
        icon=look.icon if look else "bulb",
        hue=look.hue if look else 0,
        picture=line.shown.picture,
        withdrawn_reason=option.withdrawn_reason or "",
        field=BOX + option.code,
        value=written.typed.get(option.code, line.value) if written else line.value,
        problem=str(written.problems.get(option.code, "")) if written else "",
    )


def district_ids() -> dict[str, int]:
    """Name in addresses -> id."""
    return {card.slug: card.id for card in districts()}


def start_context(desk: Desk) -> dict[str, Any]:
    """The first page: what to do, who may vote, who could learn what."""
    step = desk.right.step
    url = None
    if step is not None:
        begun = "rounds.ballot" if desk.values is None else "rounds.check"
        back = url_for(begun, pid=desk.vote.public_id)
        named = {"pid": desk.vote.public_id} if step.for_round else {"next": back}
        url = link(step.endpoint, **named)
    return {
        "vote": desk.vote,
        "right": desk.right,
        "words": ballot_words(desk.vote),
        "step_url": url,
        "may_look": current_actor().is_visitor,
        **secrecy_context(),
    }


def secrecy_context() -> dict[str, Any]:
    """What is promised, and who could learn what all the same."""
    return {"promise": secrecy_promise(), "learners": who_could_learn()}


def box_context(rules: Rules, vote: Round) -> dict[str, Any]:
    """What the boxes beside options need to know."""
    score = rules.kind is BallotKind.SCORE and (rules.most_for_one or 0) <= MOST_RADIOS
    return {
        "vote": vote,
        "kind": rules.kind.value,
        "scale": list(range((rules.most_for_one or 0) + 1)) if score else [],
        "most": rules.most_for_one,
    }


def bar_context(vote: Round, rules: Rules, values: Values) -> dict[str, Any]:
    """The bar at the lower edge: what is used, what is left, and the rule that is broken, if one is."""
    standing = standing_of(rules, values)
    problem = fits(rules, values)
    return {
        "bar": bar_words(vote, rules, standing),
        "standing": standing,
        "problem": str(problem.message) if problem else "",
    }


def bar_words(vote: Round, rules: Rules, standing: Standing) -> str:
    """One short sentence: what is left, or how much too much it is."""
    if rules.budget_cents is not None:
        left = format_money_cents(abs(standing.left or 0), vote.currency)
        if (standing.left or 0) < 0:
            return _("%(amount)s too much", amount=left)
        return _("%(amount)s left", amount=left)
    if rules.points_total is not None:
        left_points = standing.left or 0
        if left_points < 0:
            return ngettext("%(num)s point too many", "%(num)s points too many", -left_points)
        return ngettext("%(num)s point left", "%(num)s points left", left_points)
    chosen, most = standing.chosen, standing.most_chosen
    if most is not None:
        return _("%(count)s of %(most)s chosen", count=format_number(chosen), most=format_number(most))
    if rules.kind is BallotKind.YES_NO:
        count, of = format_number(chosen), format_number(len(rules.costs))
        return _("%(count)s of %(all)s answered", count=count, all=of)
    return ngettext("%(num)s option chosen", "%(num)s options chosen", chosen)


def paper_context(
    desk: Desk, rules: Rules, wanted: Wanted, written: Written | None = None, values: Values | None = None
) -> dict[str, Any]:
    """The ballot paper at one page."""
    filled = desk.filled if values is None else values
    sheet = sheet_of(desk.vote, desk.seed, wanted, filled)
    return {
        **box_context(rules, desk.vote),
        **bar_context(desk.vote, rules, filled),
        "words": ballot_words(desk.vote),
        "options": [option_view(desk.vote, line, written) for line in sheet.lines],
        "page": Page(wanted.page, PER_PAGE, sheet.total),
        "sheet": sheet,
        "wanted": wanted,
        "search": sheet.all_count > SEARCHED_FROM,
        "choices": filter_choices(sheet),
        "action": address_of(desk.vote, wanted),
        "is_adopted": desk.is_adopted,
        "has_draft": desk.values is not None,
        "plain_first": current_language().slug == "leicht",
        "has_problems": bool(written and written.problems),
    }


def filter_choices(sheet: Sheet) -> dict[str, list[tuple[str, str, int | str]]]:
    """What can be chosen above the list: only districts and categories this ballot has."""
    known = [card for card in districts() if card.id in sheet.district_ids]
    labels = {topic.value: str(TOPIC_LOOKS[topic].label) for topic in Topic}
    return {
        "district": [(card.slug, card.name, card.id) for card in known] if len(known) > 1 else [],
        "category": [(one, labels.get(one, one), one) for one in sheet.categories]
        if len(sheet.categories) > 1
        else [],
    }


def address_of(vote: Round, wanted: Wanted) -> str:
    """The ballot paper with these filters at this page."""
    return url_for("rounds.ballot", **paper_values(vote, wanted))


def paper_values(vote: Round, wanted: Wanted) -> dict[str, Any]:
    """The same as values for url_for."""
    slugs = {card.id: card.slug for card in districts()}
    given = {
        "q": wanted.words,
        "district": slugs.get(wanted.district_id or 0),
        "category": wanted.category,
        "mine": 1 if wanted.only_chosen else None,
        "page": wanted.page if wanted.page > 1 else None,
    }
    return {"pid": vote.public_id, **{name: value for name, value in given.items() if value}}


def option_context(desk: Desk, code: str, written: Written | None = None) -> dict[str, Any]:
    """One option with its whole text and its box. NotFound for a code this round does not have."""
    rules, line = rules_of(desk.vote), line_of(desk.vote, code, desk.filled)
    if line is None:
        raise NotFound
    back = request.args.get("back", "1")
    page = int(back) if back.isascii() and back.isdigit() and len(back) < 4 else 1
    return {
        **box_context(rules, desk.vote),
        **bar_context(desk.vote, rules, desk.filled),
        "one": option_view(desk.vote, line, written),
        "action": address_of(desk.vote, Wanted(page=page)),
        "plain_first": current_language().slug == "leicht",
    }


def after_saving(desk: Desk, rules: Rules, written: Written, values: Values) -> ResponseReturnValue:
    """Where the pressed button leads; what cannot be read is shown where it was typed (422)."""
    vote, asked = desk.vote, wanted_from(request.args, district_ids())
    name, _separator, value = request.form.get("go", "").partition(":")
    if written.problems and name == "back":
        context = option_context(desk, next(iter(written.problems)), written)
        return render("rounds/ballot/option.html", status=422, **context)
    if written.problems:
        context = paper_context(desk, rules, asked, written, values)
        return render("rounds/ballot/paper.html", status=422, fragment="basket", **context)
    if name == "check":
        return redirect_to("rounds.check", pid=vote.public_id)
    if name == "option":
        return redirect_to("rounds.option", pid=vote.public_id, code=value, back=asked.page)
    if name == "stay":
        flash_success(_("Kept. Your ballot does not count before you cast it on the last page."))
    place = ("rounds.ballot", paper_values(vote, wanted_next(asked, name, value)))
    return fragment_or_redirect(
        "rounds/ballot/paper.html", "basket", place, lambda: saved_context(vote, rules, values)
    )


def saved_context(vote: Round, rules: Rules, values: Values) -> dict[str, Any]:
    """The bar alone, read out to people who do not see it change."""
    bar = bar_context(vote, rules, values)
    return {**box_context(rules, vote), **bar, "say": bar["bar"]}


def wanted_next(asked: Wanted, name: str, value: str) -> Wanted:
    """What to show after saving: another page, or the first one of a new search."""
    found = wanted_from(request.form, district_ids()) if "filter" in request.form else asked
    if replace(found, page=1) != replace(asked, page=1):
        return replace(found, page=1)
    page = int(value) if name == "page" and value.isdecimal() and len(value) < 4 else asked.page
    return replace(found, page=page)
