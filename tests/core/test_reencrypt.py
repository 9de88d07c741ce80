"""After a rotation every text stands under the new key, also where a primary key has several columns."""

from __future__ import annotations

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import Text as PlainText
from sqlalchemy import select, text, type_coerce

from portal.cli import main, running
from portal.core import crypto, reencrypt
from portal.core.db import session, transaction
from portal.core.settings import current_settings
from portal.groups.models import Charter, GroupText
from portal.groups.operations import founding
from tests.support.factories import make_resident
from tests.support.factories_groups import get_group, make_group


def texts() -> tuple[list[str], list[str]]:
    """Charters and group texts, readable."""
    with transaction(write=False):
        charters = session.scalars(select(Charter.texts).order_by(Charter.group_id, Charter.version)).all()
        words = session.scalars(
            select(GroupText.texts).order_by(GroupText.group_id, GroupText.language)
        ).all()
        return list(charters), list(words)


@pytest.mark.parametrize("step", [1, 2, 200])
def test_every_row_of_a_table_with_several_key_columns(
    both: Flask, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    """One group has many charters and many languages: the first column of the key is the same for all."""
    for _ in range(2):
        group_id, people = make_group(3, founded=False)
        with transaction():
            for number in range(3):
                founding.write_charter(get_group(group_id), actor=people[0], texts={"goal": f"Ziel {number}"})
            session.add_all(
                GroupText(group_id=group_id, language=language, texts=f"{group_id} {language}")
                for language in ("ar", "de", "en", "tr", "uk")
            )
    before = texts()
    assert len(set(before[0])) >= 4
    monkeypatch.setattr(reencrypt, "STEP", step)
    new = crypto.rotate_keys()
    written = dict(reencrypt.reencrypt_all())
    assert written["group_charter.texts"] == len(before[0])
    assert written["group_text.texts"] == len(before[1])
    assert texts() == before
    with transaction(write=False):
        for table, column in reencrypt.encrypted_columns():
            stored = session.scalars(select(type_coerce(column, PlainText)).where(column.is_not(None)))
            assert all(one.startswith(f"{new}:") for one in stored), f"{table.name}.{column.name}"
        assert session.execute(text("SELECT count(*) FROM group_charter")).scalar() == len(before[0])
    assert not any(dict(reencrypt.reencrypt_all()).values())


@pytest.mark.parametrize("command", ["serve", "worker"])
def test_nothing_starts_without_the_key_of_what_is_there(
    app: Flask, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    """Half a restore: no new key is made in silence. An empty database and the right key start."""
    started: list[str] = []
    monkeypatch.setattr(running, "open_app", lambda: app)
    monkeypatch.setattr(running.migrate, "is_behind", lambda: False)
    monkeypatch.setattr(running, "serve_http", lambda wsgi, settings: started.append("serve"))
    monkeypatch.setattr(running.Worker, "run", lambda self: started.append("worker"))
    monkeypatch.setattr(running.Worker, "start", lambda self: None)
    monkeypatch.setattr(running.signal, "signal", lambda number, handler: None)
    assert CliRunner().invoke(main, [command]).exit_code == 0
    make_resident(email="amsel@example.org")
    assert CliRunner().invoke(main, [command]).exit_code == 0
    assert started == [command, command]
    key = current_settings().instance / "keys" / "data.key"
    kept = key.read_bytes()
    key.unlink()
    refused = CliRunner().invoke(main, [command])
    assert (refused.exit_code, started, key.exists()) == (1, [command, command], False)
    assert f"their key is not in {key}" in refused.output
    key.write_bytes(b"0000aaaa:" + kept.partition(b":")[2])
    assert CliRunner().invoke(main, [command]).exit_code == 1
    key.write_bytes(kept)
    assert CliRunner().invoke(main, [command]).exit_code == 0
