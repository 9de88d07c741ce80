"""Server-side parts in the real app: health without database, request ids, no personal data in logs."""

import logging


def test_health_and_static_files_need_no_database(app, tmp_path):
    with app.app_context():
        pass
    database = tmp_path / "instance" / "portal.db"
    database.unlink()
    database.mkdir()  # whoever opens it now fails
    client = app.test_client()
    assert client.get("/healthz").text == "ok\n"
    assert client.get("/static/0/none.js").status_code == 404
    answer = client.get("/de/nowhere")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "10"
    assert "Bitte versuchen Sie es" in answer.text


def test_every_answer_has_an_id_and_the_log_names_the_route_only(app, caplog):
    caplog.set_level(logging.DEBUG, "portal")
    answer = app.test_client().get("/healthz?who=kanarie")
    assert len(answer.headers["X-Request-Id"]) == 8
    (record,) = [record for record in caplog.records if record.name == "portal.access"]
    assert "route=healthz" in record.getMessage()
    assert "kanarie" not in caplog.text
