"""Minutes, tasks and files of a test."""

from __future__ import annotations

from typing import Any

from portal.core import clock
from portal.core.actors import Actor
from portal.core.db import session, transaction
from portal.groups.models import GroupFile, GroupMinutes, GroupTask
from portal.groups.operations import files, tasks
from portal.groups.operations import minutes as writing
from portal.groups.operations.minutes import Sheet
from tests.groups.conftest import group

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def sheet_of(minutes_id: int) -> GroupMinutes:
    """The sheet as it is stored now."""
    return session.get_one(GroupMinutes, minutes_id, populate_existing=True)


def task_of(task_id: int) -> GroupTask:
    """The task as it is stored now."""
    return session.get_one(GroupTask, task_id, populate_existing=True)


def write(group_id: int, actor: Actor, **given: Any) -> int:
    """Minutes in a transaction of their own; returns their id."""
    form_key = given.pop("form_key", "")
    given.setdefault("met_on", clock.today())
    with transaction():
        return writing.write_minutes(group(group_id), actor=actor, sheet=Sheet(**given), form_key=form_key).id


def add(group_id: int, actor: Actor, what: str = "Stoff holen", **given: Any) -> int:
    """A task in a transaction of its own; returns its id."""
    with transaction():
        return tasks.add_task(group(group_id), actor=actor, what=what, **given).id


def keep(group_id: int, actor: Actor, data: bytes, name: str = "Plan.pdf", **given: Any) -> int:
    """A file in a transaction of its own; returns its id."""
    with transaction():
        return files.add_file(group(group_id), actor=actor, data=data, name=name, **given).id


def file_of(file_id: int) -> GroupFile:
    """The file as it is stored now."""
    return session.get_one(GroupFile, file_id, populate_existing=True)
