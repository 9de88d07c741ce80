"""Organisations: create, change, close. Districts: load a file after looking at it."""

from __future__ import annotations

from flask import Response
from flask.typing import ResponseReturnValue

from portal.admin import operations
from portal.admin.forms import DistrictsForm, OrganizationForm
from portal.admin.queries.districts import draft_map, pending_file
from portal.admin.views.section import section
from portal.core.errors import NotFound
from portal.core.i18n import current_language, ngettext
from portal.core.i18n import gettext as _
from portal.places.models import Organization
from portal.places.operations import (
    check_districts,
    close_organization,
    create_organization,
    describe_organization,
    reopen_organization,
)
from portal.places.queries import districts as districts_now
from portal.places.queries import map_picture, organization_by_public_id, organization_desk
from portal.web.access import requires
from portal.web.context import current_actor
from portal.web.render import render
from portal.web.responses import flash_success, redirect_to
from portal.web.uploads import accepts_upload


@section.get("/staff/organizations")
@requires("places.keep_organizations")
def organizations() -> Response:
    """Every organisation, closed ones too."""
    return render("admin/organizations.html", organizations=organization_desk())


def _organization_page(form: OrganizationForm, organization: Organization | None = None) -> Response:
    return render("admin/organization.html", status=form.status, form=form, organization=organization)


@section.get("/staff/organizations/new")
@requires("places.keep_organizations")
def new_organization() -> Response:
    """An empty form."""
    return _organization_page(OrganizationForm(formdata=None, language=current_language().slug))


@section.post("/staff/organizations/new")
@requires("places.keep_organizations")
def add_organization() -> ResponseReturnValue:
    """Create it."""
    form = OrganizationForm()
    if form.validate_on_submit() and form.attempt(
        lambda: create_organization(current_actor(), **form.facts())
    ):
        flash_success(_("Saved."))
        return redirect_to("admin.organizations")
    return _organization_page(form)


@section.get("/staff/organizations/<public_id>")
@requires("places.keep_organizations", on=organization_by_public_id)
def edit_organization(organization: Organization) -> Response:
    """Its facts, to be changed."""
    return _organization_page(OrganizationForm(formdata=None, obj=organization), organization)


@section.post("/staff/organizations/<public_id>")
@requires("places.keep_organizations", on=organization_by_public_id)
def change_organization(organization: Organization) -> ResponseReturnValue:
    """Change its facts."""
    form = OrganizationForm()
    if form.validate_on_submit() and form.attempt(lambda: _describe(organization, form)):
        flash_success(_("Saved."))
        return redirect_to("admin.organizations")
    return _organization_page(form, organization)


def _describe(organization: Organization, form: OrganizationForm) -> bool:
    describe_organization(current_actor(), organization, **form.facts())
    return True


@section.post("/staff/organizations/<public_id>/close")
@requires("places.keep_organizations", on=organization_by_public_id)
def close(organization: Organization) -> Response:
    """It works no longer."""
    close_organization(current_actor(), organization)
    flash_success(_("Closed. What points at it still finds its name."))
    return redirect_to("admin.organizations")


@section.post("/staff/organizations/<public_id>/reopen")
@requires("places.keep_organizations", on=organization_by_public_id)
def reopen(organization: Organization) -> Response:
    """It works again."""
    reopen_organization(current_actor(), organization)
    flash_success(_("Open again."))
    return redirect_to("admin.organizations")


@section.get("/staff/districts")
@requires("admin.load_districts")
def districts() -> Response:
    """The districts as they are, and the form for another file."""
    return _districts_page(DistrictsForm(formdata=None))


def _districts_page(form: DistrictsForm) -> Response:
    return render(
        "admin/districts.html",
        status=form.status,
        form=form,
        districts=districts_now(),
        picture=map_picture(),
    )


@section.post("/staff/districts")
@requires("admin.load_districts")
@accepts_upload(12)
def check_upload() -> ResponseReturnValue:
    """Put the file aside and show what it would do."""
    form, token = DistrictsForm(), None
    if form.validate_on_submit():
        token = form.attempt(lambda: operations.keep_upload(current_actor(), form.file.data.read()))
    if token is None:
        return _districts_page(form)
    return redirect_to("admin.checked_districts", token=token)


@section.get("/staff/districts/<token>")
@requires("admin.load_districts")
def checked_districts(token: str) -> Response:
    """What loading this file would do."""
    path = pending_file(token)
    if path is None:
        raise NotFound
    changes = check_districts(path)
    return render("admin/districts_check.html", token=token, changes=changes, picture=draft_map(changes))


@section.post("/staff/districts/<token>")
@requires("admin.load_districts")
def load_districts(token: str) -> Response:
    """Load it."""
    count = operations.load_upload(current_actor(), token)
    flash_success(ngettext("There is %(n)s district now.", "There are %(n)s districts now.", count))
    return redirect_to("admin.districts")
