"""One transaction per request: what commits, what rolls back, what runs again, what is kept."""

from __future__ import annotations

import threading

import pytest
from flask import Flask, flash, request
from sqlalchemy import func, select

from portal.core import clock, permissions
from portal.core.db import session, transaction
from portal.core.errors import Conflict, NotFound
from portal.core.jobs import Job
from portal.web import access
from portal.web.blueprints import Section
from portal.web.forms import Form
from portal.web.render import render

runs: list[str] = []
try_out = Section("try_out", __name__)
permissions.declare("try_out.see", permissions.predicate(lambda actor, thing: thing == "open"), visitors=True)
permissions.declare("try_out.enter", permissions.resident)


def add_job(key: str | None = None) -> None:
    now = clock.now()
    session.add(Job(kind="try", payload={}, created_at=now, run_at=now, unique_key=key))


@try_out.route("/write", methods=["GET", "POST"])
@access.public
def write() -> str:
    add_job()
    session.flush()
    return "written"


@try_out.post("/break")
@access.public
def break_down() -> str:
    add_job()
    session.flush()
    raise ZeroDivisionError


@try_out.post("/refuse")
@access.public
def refuse() -> str:
    add_job()
    session.flush()
    raise Conflict


@try_out.post("/refuse-in-a-form")
@access.public
def refuse_in_a_form() -> tuple[str, int]:
    """The page is shown again, as after every answer a view returns."""
    form = Form()
    form.attempt(refuse)
    return str(form.form_errors[0]), form.status


@try_out.post("/race")
@access.public
def race() -> str:
    """The first run does not know of the other request's row yet, the second does."""
    flash("said once")
    runs.append(request.form["text"])
    if len(runs) == 1:
        add_job("taken")
        session.flush()
    return f"ran {len(runs)} times"


@try_out.post("/always")
@access.public
def always() -> str:
    runs.append("")
    add_job("taken")
    session.flush()
    return "never"


@try_out.get("/thing/<name>")
@access.requires("try_out.see", on=lambda name: name if name != "unknown" else None)
def thing(name: str) -> str:
    return name


@try_out.get("/inside/<name>")
@access.requires("try_out.enter", on=lambda name: (_ for _ in ()).throw(NotFound))
def inside(name: str) -> str:
    return name


@try_out.get("/page")
@access.public
def page():
    return render("errors/404.html")


@pytest.fixture
def portal(both: Flask) -> Flask:
    runs.clear()
    both._got_first_request = False
    both.testing = False
    both.config["WTF_CSRF_ENABLED"] = False
    both.register_blueprint(try_out)
    return both


def count() -> int:
    with transaction(write=False):
        return session.scalar(select(func.count()).select_from(Job)) or 0


def test_a_returned_answer_commits(portal: Flask) -> None:
    assert portal.test_client().post("/de/write").text == "written"
    assert count() == 1


def test_reading_never_writes(portal: Flask) -> None:
    for method in ("get", "head"):
        assert getattr(portal.test_client(), method)("/de/write").status_code == 200
    assert count() == 0


def test_an_exception_rolls_back_and_keeps_the_text(portal: Flask) -> None:
    text = "Eine Bank vor der Kita, bitte!"
    response = portal.test_client().post("/de/break", data={"text": text, "csrf_token": "old"})
    assert response.status_code == 500
    assert f'name="text" value="{text}"' in response.text
    assert 'value="old"' not in response.text
    assert count() == 0


def test_a_domain_error_outside_a_form_is_a_409(portal: Flask) -> None:
    response = portal.test_client().post("/de/refuse", data={"text": "x"})
    assert response.status_code == 409
    assert count() == 0


def test_what_a_form_refuses_is_not_half_kept(portal: Flask) -> None:
    response = portal.test_client().post("/en/refuse-in-a-form")
    assert (response.status_code, response.text[:16]) == (422, "This has changed")
    assert count() == 0


def test_a_lost_race_runs_the_view_once_more(portal: Flask) -> None:
    with transaction():
        add_job("taken")
    client = portal.test_client()
    assert client.post("/de/race", data={"text": "typed"}).text == "ran 2 times"
    assert runs == ["typed", "typed"]
    with client.session_transaction() as cookie:
        assert len(cookie["_flashes"]) == 1


def test_a_race_lost_twice_is_a_kind_409(portal: Flask) -> None:
    with transaction():
        add_job("taken")
    assert portal.test_client().post("/de/always").status_code == 409
    assert len(runs) == 2


def test_a_busy_database_says_so_and_keeps_the_text(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portal.core.sqlite.WRITER_TIMEOUT_SECONDS", 0.1)
    app.testing = False
    app.config["WTF_CSRF_ENABLED"] = False
    app.register_blueprint(try_out)
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        with app.app_context(), transaction():
            add_job()
            session.flush()
            held.set()
            done.wait(30)

    holder = threading.Thread(target=hold)
    holder.start()
    held.wait(5)
    response = app.test_client().post("/de/write", data={"text": "Bitte nicht verlieren, danke!"})
    done.set()
    holder.join()
    assert response.status_code == 503
    assert response.headers["Retry-After"] == "10"
    assert "Bitte nicht verlieren, danke!" in response.text


def test_hidden_and_unknown_answer_alike(portal: Flask) -> None:
    client = portal.test_client()
    unknown, hidden = client.get("/de/thing/unknown"), client.get("/de/thing/secret")
    assert unknown.status_code == hidden.status_code == 404
    assert unknown.data == hidden.data
    without_number = [{**dict(one.headers), "X-Request-Id": ""} for one in (unknown, hidden)]
    assert without_number[0] == without_number[1]
    assert client.get("/de/thing/open").text == "open"


def test_a_visitor_is_asked_to_sign_in_before_anything_is_looked_up(portal: Flask) -> None:
    assert portal.test_client().get("/de/inside/x").status_code in {302, 303, 401}


def test_another_site_cannot_act_in_our_name(portal: Flask) -> None:
    client = portal.test_client()
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}, {"Origin": "null"}):
        assert client.post("/de/write", headers=headers).status_code == 403
    assert count() == 0
    good = {"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost"}
    assert client.post("/de/write", headers=good).status_code == 200


def test_an_undeclared_route_stops_the_start(app: Flask) -> None:
    app.add_url_rule("/planted", "planted", lambda: "x")
    with pytest.raises(access.UndeclaredRoute, match="planted"):
        access.check_routes(app)


def test_an_unknown_permission_stops_the_start(app: Flask) -> None:
    app.add_url_rule("/planted", "planted", access.requires("no.such")(lambda: "x"))
    with pytest.raises(KeyError):
        access.check_routes(app)
