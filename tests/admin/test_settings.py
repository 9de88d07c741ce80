"""Settings in the browser: typed, limited, audited; colours that cannot be read are refused."""

from __future__ import annotations

import io

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import select

from portal.admin.errors import UnreadableColours
from portal.admin.operations import change_settings
from portal.admin.queries.settings import problem_words, setting_groups, unreadable
from portal.content.models import Picture
from portal.core.audit import AuditEntry
from portal.core.db import session, transaction
from portal.core.errors import NotFound
from portal.core.i18n import use_language
from portal.core.site_settings import SiteSetting, declarations, site
from portal.core.theme import TOWN_COLOURS, contrast, measure, style_of, tokens
from tests.admin.conftest import Desk
from tests.support.factories import actor_of, make_staff

LOOK = {
    "site__name": "Auenportal",
    "site__tagline": "Lindental",
    "site__colour_brand": "#0a5450",
    "site__colour_bar": "#073f3d",
    "site__colour_sun": "#ffc83d",
    "site__colour_ink": "#17292b",
    "site__contact_email": "",
}


def png(mode: str = "RGBA", size: tuple[int, int] = (300, 300)) -> bytes:
    buffer = io.BytesIO()
    Image.new(mode, size, "navy").save(buffer, "PNG")
    return buffer.getvalue()


def stored() -> dict[str, object]:
    """What the table holds now."""
    with transaction(write=False):
        return {row.key: row.value["value"] for row in session.scalars(select(SiteSetting))}


def test_every_declared_setting_has_a_field(admin: Desk) -> None:
    shown = {one.key for group in setting_groups() for one in group.declarations}
    assert shown == {one.key for one in declarations() if one.kind != "picture"}
    for group in setting_groups():
        page = admin.get(f"/de/staff/settings/{group.slug}").text
        assert [one.key for one in group.declarations if one.key.replace(".", "__") not in page] == []


def test_a_name_is_changed_shown_and_audited(admin: Desk) -> None:
    admin.post("/de/staff/settings/look", **LOOK | {"site__name": "  Auen\tportal "})
    assert stored() == {"site.name": "Auen portal", "site.tagline": "Lindental"}
    assert "<bdi>Auen portal</bdi>" in admin.get("/de/").text
    with transaction(write=False):
        rows = session.scalars(select(AuditEntry).where(AuditEntry.name == "core.setting_changed")).all()
        assert {row.data["key"] for row in rows} == {"site.name", "site.tagline"}
        assert {row.actor_id for row in rows} == {admin.account.id}
        assert "Auen" not in str([row.data for row in rows])


def test_numbers_stay_within_their_limits(admin: Desk) -> None:
    fields = {"proposals__support_threshold": 50, "proposals__answer_days": 60}
    rest = {"proposals__ask_supporters_from": 5, "proposals__collecting_days": 0}
    for one in setting_groups():
        if one.slug == "proposals":
            for declared in one.declarations:
                name = declared.key.replace(".", "__")
                if name not in fields and declared.kind == "int":
                    rest.setdefault(name, declared.default)
    for wrong in ("0", "100001", "-1", "abc", "", "1e9"):
        given = {**fields, **rest, "proposals__support_threshold": wrong}
        answer = admin.post("/de/staff/settings/proposals", 422, **given)
        assert 'id="errors"' in answer.text
    assert stored() == {}
    admin.post(
        "/de/staff/settings/proposals",
        **{**fields, **rest, "proposals__support_threshold": 80},
        proposals__check_first="y",
    )
    assert stored()["proposals.support_threshold"] == 80
    assert stored()["proposals.check_first"] is True


def test_all_or_nothing(admin: Desk) -> None:
    given = LOOK | {"site__name": "Anders", "site__colour_brand": "blue"}
    answer = admin.post("/de/staff/settings/look", 422, **given)
    assert 'value="Anders"' in answer.text
    assert stored() == {}


@pytest.mark.parametrize(
    ("field", "colour"),
    [
        ("site__colour_brand", "#ffee00"),
        ("site__colour_bar", "#88aa88"),
        ("site__colour_sun", "#333333"),
        ("site__colour_ink", "#777777"),
    ],
)
def test_colours_that_cannot_be_read_are_refused_with_the_ratio(admin: Desk, field: str, colour: str) -> None:
    answer = admin.post("/en/staff/settings/look", 422, **LOOK | {field: colour})
    assert "the contrast is " in answer.text
    assert f'name="{field}"' in answer.text
    assert stored() == {}
    with pytest.raises(UnreadableColours), transaction():
        change_settings(admin.actor, {field.replace("__", "."): colour})
    assert stored() == {}


def test_the_measured_ratio_is_said(admin: Desk) -> None:
    # White words on #777777: (1 + 0.05) / (0.1845 + 0.05) = 4.48, below 4.5, and never rounded up to it.
    assert 4.47 < contrast("#777777", "#ffffff") < 4.48
    with admin.app.test_request_context("/"), use_language("en"):
        said = [problem_words(pair) for pair in unreadable({"site.colour_brand": "#777777"})]
    needed = "by day: the contrast is 4.4 to 1, but 4.5 to 1 is needed."
    assert f"Words on buttons on links and buttons, {needed}" in said
    page = admin.post("/en/staff/settings/look", 422, **LOOK | {"site__colour_brand": "#777777"}).text
    assert said[0] in page


def test_contrast_by_the_definition() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21.0)
    assert contrast("#123456", "#123456") == 1.0
    assert contrast("#ff0000", "#ffffff") == pytest.approx(3.998, abs=0.001)


def test_the_colours_that_come_with_the_portal_can_be_read() -> None:
    pairs = measure({token: tokens("light")[token] for token in TOWN_COLOURS})
    assert [one for one in pairs if not one.is_readable] == []
    assert {one.scheme for one in pairs} == {"light", "dark"}
    assert {one.setting for one in pairs} == set(TOWN_COLOURS.values())


def test_default_colours_add_no_byte() -> None:
    assert style_of({token: tokens("light")[token] for token in TOWN_COLOURS}) == ""


def test_own_colours_reach_every_page_and_the_policy_allows_them(admin: Desk) -> None:
    admin.post("/de/staff/settings/look", **LOOK | {"site__colour_bar": "#4a0d2b"})
    visitor = admin.app.test_client()
    page = visitor.get("/de/")  # the checked client compares the style sheet with the policy's hash
    assert "--brand-2:#4a0d2b" in page.text
    assert 'name="theme-color" content="#4a0d2b"' in page.text
    file = visitor.get("/healthz")
    assert "sha256" not in file.headers["Content-Security-Policy"]


def test_looking_first_saves_nothing(admin: Desk) -> None:
    given = LOOK | {"site__colour_brand": "#5b1a72"}
    page = admin.post("/de/staff/settings/look/preview", 200, **given).text
    assert page.count('fill="#5b1a72"') >= 2
    assert 'value="#5b1a72"' in page
    assert stored() == {}
    refused = admin.post("/de/staff/settings/look/preview", 422, **LOOK | {"site__colour_brand": "#ffee00"})
    assert 'fill="#ffee00"' in refused.text


def test_languages_are_ticked_and_ordered(admin: Desk) -> None:
    name = "web__languages"
    places = {f"{name}-place-{slug}": 9 for slug in ("leicht", "en", "tr", "uk")}
    admin.post(
        "/de/staff/settings/language",
        **{name: ["de", "ar", "en"], f"{name}-place-ar": 1, f"{name}-place-de": 2, **places},
    )
    assert stored()["web.languages"] == ["ar", "de", "en"]
    assert admin.app.test_client().get("/").location == "/ar/"
    admin.post("/ar/staff/settings/language", 422, **places)
    assert stored()["web.languages"] == ["ar", "de", "en"]


def test_a_choice_and_a_day_are_checked(admin: Desk) -> None:
    fields = {
        "content__accessibility_status": "full",
        "content__accessibility_barriers": "Das Video der Stadt\n- Der Plan als PDF",
        "content__accessibility_date": "2026-05-04",
        "content__accessibility_contact": "Zimmer 7",
        "content__accessibility_body": "Schlichtungsstelle Beispiel",
    }
    for wrong in ({"content__accessibility_status": "best"}, {"content__accessibility_date": "4. Mai"}):
        admin.post("/de/staff/settings/accessibility", 422, **fields | wrong)
    assert stored() == {}
    admin.post("/de/staff/settings/accessibility", **fields)
    page = admin.get("/de/accessibility").text
    assert "<li>Das Video der Stadt</li>\n<li>Der Plan als PDF</li>" in page
    for words in ("4. Mai 2026", "Zimmer 7", "Schlichtungsstelle Beispiel"):
        assert words in page
    assert "The portal meets EN 301 549" in admin.get("/en/accessibility").text


def test_a_logo_is_re_encoded_stored_and_served(admin: Desk) -> None:
    data = png()
    admin.post("/de/staff/settings/look/logo", logo=(io.BytesIO(data), "x.png"))
    address = str(stored()["site.logo_url"])
    visitor = admin.app.test_client()
    assert f'src="{address}"' in visitor.get("/de/").text
    served = visitor.get(address)
    assert served.status_code == 200
    assert served.mimetype == "image/webp"
    assert served.data[:4] == b"RIFF"
    admin.post("/de/staff/settings/look/logo", logo=(io.BytesIO(png(size=(80, 80))), "y.png"))
    assert visitor.get(address).status_code == 404
    with transaction(write=False):
        assert len(session.scalars(select(Picture)).all()) == 1
    admin.post("/de/staff/settings/look/logo/remove")
    assert stored()["site.logo_url"] == ""
    assert "static" in visitor.get("/de/").text


@pytest.mark.parametrize("data", [b"", b"GIF89a" + bytes(50), b"<svg xmlns='http://www.w3.org/2000/svg'/>"])
def test_what_is_no_photo_is_no_logo(admin: Desk, data: bytes) -> None:
    answer = admin.post("/de/staff/settings/look/logo", 422, logo=(io.BytesIO(data), "x.png"))
    assert 'id="errors"' in answer.text
    assert stored() == {}


def test_nobody_else_changes_settings(app: Flask) -> None:
    for role in ("moderator", "professional", "planner"):
        with pytest.raises(NotFound), transaction():
            change_settings(actor_of(make_staff(role)), {"site.name": "X"})
    assert stored() == {}
    assert site("site.name") == "Nachbarnetz"
