"""Large bodies are taken only where a route says so."""

from __future__ import annotations

import pytest
from flask import Flask, request

from portal.web.uploads import accepts_upload


@pytest.fixture
def routes(app: Flask) -> Flask:
    """Two routes that take files, one of them large ones. (No CSRF: that is tested elsewhere.)"""
    app.config["WTF_CSRF_ENABLED"] = False

    def size() -> str:
        upload = request.files.get("file")
        return str(len(upload.read()) if upload else len(request.form.get("text", "")))

    def small() -> str:
        return size()

    @accepts_upload(2)
    def large() -> str:
        return size()

    app._got_first_request = False
    app.add_url_rule("/small", "small", small, methods=["POST"])
    app.add_url_rule("/large", "large", large, methods=["POST"])
    return app


def post(app: Flask, path: str, size: int, text: int = 0) -> tuple[int, str]:
    """A form with a file of so many bytes and a text of so many letters."""
    parts = (
        b'--x\r\nContent-Disposition: form-data; name="text"\r\n\r\n' + b"t" * text,
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="x.jpg"\r\n\r\n' + b"f" * size,
        b"--x--\r\n",
    )
    body, kind = b"\r\n".join(parts), "multipart/form-data; boundary=x"
    answer = app.test_client().post(path, data=body, content_type=kind)
    return answer.status_code, answer.text if answer.status_code == 200 else ""


def test_each_route_has_its_limit(routes: Flask) -> None:
    assert post(routes, "/small", 200_000) == (200, "200000")
    assert post(routes, "/small", 300_000) == (413, "")
    assert post(routes, "/large", 1_900_000) == (200, "1900000")
    assert post(routes, "/large", 2_100_000) == (413, "")


def test_text_stays_small_even_where_files_may_be_large(routes: Flask) -> None:
    assert post(routes, "/large", 1_000, text=200_000) == (200, "1000")
    assert post(routes, "/large", 1_000, text=300_000) == (413, "")
