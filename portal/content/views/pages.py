"""The site's own pages with their versions, and the form for reporting a barrier."""

from __future__ import annotations

from flask import Response, request

from portal.content.forms import BarrierForm
from portal.content.operations import path_of_page, report_barrier
from portal.content.queries import page_text, page_version, page_versions, show_version, video_of_page
from portal.content.settings import PAGES
from portal.content.views.section import section
from portal.core.errors import NotFound
from portal.core.i18n import current_language
from portal.core.i18n import lazy_gettext as _l
from portal.core.limits import declare_limit, hit, network_key
from portal.web.access import requires
from portal.web.navigation import register_nav
from portal.web.redirects import safe_back
from portal.web.render import render
from portal.web.responses import redirect_to

ANY_PAGE = "<any({}):page>".format(", ".join(f"'{page}'" for page in PAGES))
declare_limit("content.report_barrier", "10/hour")

for _order, (_page, _label) in enumerate(PAGES.items(), 10):
    register_nav("content.page", _label, icon="info", order=_order, area="footer", page=_page)
register_nav("content.barrier", _l("Report a barrier"), icon="flag", order=20, area="footer")


@section.get(f"/{ANY_PAGE}")
@requires("content.read_pages")
def page(page: str) -> Response:
    """Imprint, privacy, accessibility, rules of conduct, help, about plain language."""
    text = page_text(page, current_language().slug)
    return render("content/page.html", text=text, is_old=False, video=video_of_page(page))


@section.get(f"/{ANY_PAGE}/versions")
@requires("content.read_pages")
def versions(page: str) -> Response:
    """What the page said before, and since when."""
    slug = current_language().slug
    rows = page_versions(page, slug)
    return render("content/versions.html", page=page, versions=rows, text=page_text(page, slug))


@section.get(f"/{ANY_PAGE}/versions/<int:version_id>")
@requires("content.read_pages")
def version(page: str, version_id: int) -> Response:
    """One version as it was published."""
    found = page_version(page, current_language().slug, version_id)
    if found is None:
        raise NotFound
    return render("content/page.html", text=show_version(found), is_old=True)


@section.route("/report-barrier", methods=["GET", "POST"])
@requires("content.report_barrier")
def barrier() -> Response:
    """Say what did not work; the page it is about is filled in."""
    form = BarrierForm(page=path_of_page(request.args.get("page") or safe_back()))
    if form.validate_on_submit():
        hit("content.report_barrier", network_key(request.remote_addr))
        if form.attempt(lambda: report_barrier(**form.words())):
            return redirect_to("content.barrier_thanks")
    return render("content/barrier.html", status=form.status, form=form)


@section.get("/report-barrier/thanks")
@requires("content.report_barrier")
def barrier_thanks() -> Response:
    """It arrived, and what happens next."""
    return render("content/barrier_thanks.html")
