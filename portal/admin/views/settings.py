"""Site settings: by group, each with its own form; colours with a preview; the logo."""

from __future__ import annotations

from flask import Response, url_for
from flask.typing import ResponseReturnValue

from portal.admin import operations
from portal.admin.forms import LogoForm, SettingsForm, settings_form
from portal.admin.queries.settings import (
    SettingGroup,
    measured_colours,
    setting_group,
    setting_groups,
    town_colours,
)
from portal.admin.views.section import section
from portal.content.models import Picture
from portal.content.queries import missing_facts
from portal.core.i18n import gettext as _
from portal.core.theme import preview
from portal.web.access import requires
from portal.web.context import current_actor
from portal.web.render import render
from portal.web.responses import flash_info, flash_success, redirect_to
from portal.web.uploads import accepts_upload

LOOK = "look"
LOGO_WIDTH = 360


@section.get("/staff/settings")
@requires("admin.change_settings")
def settings() -> Response:
    """Every group of settings, and what the legal pages still lack."""
    return render("admin/settings.html", groups=setting_groups(), missing=missing_facts())


def _group_page(group: SettingGroup, form: SettingsForm, logo: LogoForm | None = None) -> Response:
    values = form.values() if group.slug == LOOK else {}
    return render(
        "admin/setting_group.html",
        status=max(form.status, logo.status if logo else 200),
        group=group,
        form=form,
        logo=(logo or LogoForm(formdata=None)) if group.slug == LOOK else None,
        pairs=measured_colours(values) if group.slug == LOOK else [],
        previews=[preview(town_colours(values), one) for one in ("light", "dark")] if values else [],
    )


@section.get("/staff/settings/<slug>")
@requires("admin.change_settings", on=setting_group)
def settings_of(group: SettingGroup) -> Response:
    """The settings of one group."""
    return _group_page(group, settings_form(group))


@section.post("/staff/settings/<slug>")
@requires("admin.change_settings", on=setting_group)
def change_settings(group: SettingGroup) -> ResponseReturnValue:
    """Change what differs, all or nothing."""
    form = settings_form(group)
    changed = None
    if form.validate_on_submit():
        changed = form.attempt(lambda: operations.change_settings(current_actor(), form.values()))
    if changed is None:
        return _group_page(group, form)
    flash_success(_("Saved.")) if changed else flash_info(_("Nothing has changed."))
    return redirect_to("admin.settings_of", slug=group.slug)


@section.post("/staff/settings/<slug>/preview")
@requires("admin.change_settings", on=setting_group)
def preview_settings(group: SettingGroup) -> Response:
    """The same form with a picture of what it would look like; nothing is saved."""
    form = settings_form(group)
    form.validate_on_submit()
    return _group_page(group, form)


def _address(picture: Picture) -> str:
    return url_for("content.picture", public_id=picture.public_id, width=LOGO_WIDTH, extension="webp")


@section.post("/staff/settings/look/logo")
@requires("admin.change_settings")
@accepts_upload(6, photos=True)
def set_logo() -> ResponseReturnValue:
    """Another logo."""
    form = LogoForm()
    if form.validate_on_submit() and form.attempt(
        lambda: operations.set_logo(current_actor(), form.logo.data.read(), _address)
    ):
        flash_success(_("Saved."))
        return redirect_to("admin.settings_of", slug=LOOK, anchor="sign")
    return _look_with(form)


def _look_with(logo: LogoForm) -> Response:
    group = setting_group(LOOK)
    assert group is not None
    form = settings_form(group)
    form.process(None, data={name: field.object_data for name, field in form._fields.items()})
    return _group_page(group, form, logo)


@section.post("/staff/settings/look/logo/remove")
@requires("admin.change_settings")
def remove_logo() -> Response:
    """Back to the portal's own sign."""
    operations.remove_logo(current_actor())
    flash_success(_("Saved."))
    return redirect_to("admin.settings_of", slug=LOOK, anchor="sign")
