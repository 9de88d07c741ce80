"""The road through a draft: which page follows which, and what all of them share."""

from __future__ import annotations

from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue

from portal.core.i18n import gettext as _
from portal.core.i18n import pgettext
from portal.proposals import operations
from portal.proposals.models import Proposal
from portal.proposals.operations import STEPS
from portal.proposals.views.purpose import purpose_of_draft
from portal.web.forms import Form
from portal.web.render import render
from portal.web.responses import flash_success, redirect_to

ENDPOINTS = {step: f"proposals.draft_{step}" for step in STEPS} | {"preview": "proposals.preview"}


def step_labels() -> list[str]:
    """The names of the pages, in their order."""
    return [
        pgettext("step", "Title"),
        pgettext("step", "Similar"),
        pgettext("step", "What"),
        pgettext("step", "Why"),
        pgettext("step", "For whom"),
        pgettext("step", "Where"),
        pgettext("step", "Missing"),
        pgettext("step", "Photos"),
        pgettext("step", "Language"),
        pgettext("step", "Publish"),
    ]


def wizard_page(
    template: str, step: str, draft: Proposal | None, *, form: Form | None = None, **context: Any
) -> ResponseReturnValue:
    """A page of the road: 422 when the form came back with errors, everything typed kept."""
    position = STEPS.index(step)
    back = STEPS[position - 1] if position else None
    return render(
        f"proposals/draft/{template}.html",
        status=form.status if form else 200,
        form=form,
        draft=draft,
        step=position + 1,
        step_name=step,
        steps=step_labels(),
        back_url=url_for(ENDPOINTS[back], pid=draft.public_id)
        if back and draft
        else url_for("proposals.mine"),
        next_url=step_url(draft, following(step)) if draft else None,
        **{"purpose": purpose_of_draft(draft), **context},
    )


def following(step: str) -> str:
    """The page after this one."""
    return STEPS[min(STEPS.index(step) + 1, len(STEPS) - 1)]


def step_url(draft: Proposal, step: str) -> str:
    """The address of a page of this draft."""
    return url_for(ENDPOINTS.get(step, ENDPOINTS["title"]), pid=draft.public_id)


def go_on(draft: Proposal, step: str) -> ResponseReturnValue:
    """To the next page, or away when the person wants to stop for now."""
    target = following(step)
    operations.remember_step(draft, target)
    if "stop" in request.form:
        flash_success(_("Saved. You can go on at any time."))
        return redirect_to("proposals.mine")
    return redirect_to(ENDPOINTS[target], pid=draft.public_id)
