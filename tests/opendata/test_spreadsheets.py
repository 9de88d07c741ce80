"""Every CSV of the portal opened by a real spreadsheet: nothing that people typed becomes a formula.

Runs where LibreOffice is installed (Debian: apt-get install --no-install-recommends libreoffice-calc).
Elsewhere tests/core/test_csvsafe.py and test_files.py read the same cells with Python's own reader.
"""

from __future__ import annotations

import csv
import io
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from flask import Flask

from portal.core import audit
from portal.core.actors import SYSTEM
from portal.core.csvsafe import csv_rows
from portal.core.db import transaction
from tests.support.factories import make_staff, sign_in
from tests.support.factories_proposals import make_proposal

OFFICE = shutil.which("soffice")
FORMULA = re.compile(r"table:formula=")
STARTS = (
    "=",
    "+",
    "-",
    "@",
    "\t=",
    "\r=",
    "\n=",
    " =",
    "\u00a0=",
    "\u200e=",
    "＝",
    "＋",
    "－",
    "＠",
    "'=",
    "\x00=",
    "|",
    "%",
)
TAILS = (
    'HYPERLINK("http://evil.example";"x")',
    "1+1",
    "cmd|' /C calc'!A0",
    'WEBSERVICE("http://evil.example")',
)
HOSTILE = [start + tail for start in STARTS for tail in TAILS]

pytestmark = pytest.mark.skipif(
    OFFICE is None, reason="LibreOffice is not installed: no spreadsheet to open with"
)


def opened(folder: Path, name: str, content: bytes) -> str:
    """The file as LibreOffice understood it, in its own XML, with a profile of its own."""
    assert OFFICE is not None
    (folder / name).write_bytes(content)
    profile = f"-env:UserInstallation=file://{folder}/profile"
    command = [
        OFFICE,
        profile,
        "--headless",
        "--convert-to",
        "fods",
        "--outdir",
        str(folder),
        str(folder / name),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return (folder / name).with_suffix(".fods").read_text(encoding="utf-8")


def test_the_spreadsheet_does_run_what_is_not_guarded(tmp_path: Path) -> None:
    """Else the other tests would show nothing."""
    raw = io.StringIO()
    csv.writer(raw).writerows([[one] for one in ("=1+1", '=HYPERLINK("http://evil.example";"x")')])
    assert len(FORMULA.findall(opened(tmp_path, "raw.csv", raw.getvalue().encode()))) == 2


def test_no_cell_we_write_is_a_formula(tmp_path: Path) -> None:
    content = "".join(csv_rows(["words", "again"], [[one, one] for one in HOSTILE]))
    sheet = opened(tmp_path, "cells.csv", content.encode())
    assert FORMULA.findall(sheet) == []
    assert sheet.count("HYPERLINK(") >= len(STARTS)


def test_open_data_in_a_spreadsheet(app: Flask, tmp_path: Path) -> None:
    with transaction():
        for one in HOSTILE:
            clean = one.replace("\x00", "")
            make_proposal(title=clean[:150], what=clean, why=clean, for_whom=clean, place_words=clean[:120])
    content = app.test_client().get("/de/open-data/proposals.csv", buffered=True).data
    sheet = opened(tmp_path, "proposals.csv", content)
    assert FORMULA.findall(sheet) == []
    assert sheet.count("HYPERLINK(") >= len(STARTS)


def test_the_log_of_staff_in_a_spreadsheet(app: Flask, tmp_path: Path) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    admin = make_staff("administrator", display_name="Frau Amt")
    audit.schema("tests.hostile", fields=("words",), visibility="staff")
    with transaction():
        for number, one in enumerate(HOSTILE, start=1):
            audit.record(
                "tests.hostile", actor=SYSTEM, subject=("log", number), words=one.replace("\x00", "")
            )
    client = app.test_client()
    sign_in(client, admin)
    answer = client.post("/en/staff/log.csv")
    assert answer.status_code == 200
    sheet = opened(tmp_path, "log.csv", answer.data)
    assert FORMULA.findall(sheet) == []
    assert "tests.hostile" in sheet
