"""From the export alone a group can work out again what it decided."""

from __future__ import annotations

import csv
import hashlib
import hmac
import json
from io import BytesIO, StringIO
from typing import Any
from zipfile import ZipFile

from flask import Flask

from portal.core.db import transaction
from portal.groups.models import DecisionOption, GroupDecision, Method, Privacy
from portal.groups.queries.counting import count_secret
from portal.groups.queries.export_counts import tallies_from
from tests.groups.conftest import Browse
from tests.groups.deciding import ask, close, loaded, say, word
from tests.groups.test_board_pages import asked as questions_of
from tests.support.factories_groups import group_pid, make_group

OPTIONS = ("Tische", "Stühle", "Lampen")
# (method, wish, what five people answer)
CASES: list[tuple[Method, dict[str, Any], list[dict[str, Any]]]] = [
    (Method.CONSENSUS, {}, [word(said) for said in ("yes", "yes", "yes", "abstain", "no")]),
    (Method.MAJORITY, {"secret": True}, [word(said) for said in ("yes", "yes", "no", "yes", "abstain")]),
    (Method.CHOICE, {"max_choices": 2}, [{"choices": c} for c in (["1"], ["1", "2"], ["2"], ["2", "3"])]),
    (Method.DOTS, {"points_total": 5, "points_each": 3},
     [{"points": p} for p in ({"1": 3, "2": 2}, {"3": 1}, {"1": 1, "3": 3}, {"2": 3})]),
    (Method.SCORE, {}, [{"points": p} for p in ({"1": 5, "2": 2}, {"1": 4}, {"1": 0, "2": 3, "3": 5})]),
    (Method.RANKING, {}, [{"order": o} for o in ([["1"], ["2"], ["3"]], [["2"], ["1"]], [["3"], ["2"]])]),
    (Method.RANKING, {"secret": True}, [{"order": [[a], [b]]} for a, b in ("12", "12", "31", "23", "21")]),
    (Method.RESISTANCE, {"secret": True},
     [{"points": dict(zip("1234", p, strict=True))} for p in
      ((0, 3, 9, 5), (2, 2, 8, 6), (1, 10, 3, 4), (0, 0, 0, 7), (4, 5, 6, 7))]),
    (Method.DATE, {"local_starts": ("2026-12-01T18:00", "2026-12-02T18:00")},
     [{"points": p} for p in ({"1": 2, "2": 0}, {"1": 1}, {"2": 2})]),
]  # fmt: skip
ONE_TEXT = (Method.CONSENSUS, Method.MAJORITY, Method.DATE)


def taken(app: Flask, browse: Browse, group_id: int, member: Any) -> tuple[str, list[Any], list[Any]]:
    """(the page, rows of decisions, rows of counts)."""
    sent = browse(member).post(f"/en/groups/{group_pid(group_id)}/export")
    with ZipFile(BytesIO(sent.data)) as archive:
        tables = [
            list(csv.DictReader(StringIO(archive.read(f"{name}.csv").decode("utf-8-sig"))))
            for name in ("decisions", "counts")
        ]
        return archive.read("index.html").decode(), tables[0], tables[1]


def again(method: Method, wish: dict[str, Any], row: dict[str, str], counts: list[dict[str, str]]) -> Any:
    """The decision of one row of the file, counted once more from nothing but the file."""
    numbers = json.loads(row["numbers"])
    names = row["options"].splitlines()
    options = [
        DecisionOption(number=n, text=one, is_status_quo=numbers.get("status_quo") == n, dropped=False)
        for n, one in enumerate(names, 1)
    ]
    decision = GroupDecision(
        method=method, round=1, run_off_below_half=False, majority=numbers.get("majority", "simple")
    )
    tallies = tallies_from(
        (one["option"], one["answer"], one["count"]) for one in counts if one["decision"] == row["decision"]
    )
    eligible, cast = numbers.get("eligible", 5), int(row["answered"])
    return count_secret(decision, options, tallies, eligible=eligible, cast=cast)


def test_every_method_can_be_counted_again_from_the_file(app: Flask, browse: Browse) -> None:
    group_id, people = make_group(5)
    stored = []
    for method, wish, answers in CASES:
        options = () if method in ONE_TEXT else OPTIONS
        made = ask(group_id, people[0], method, options=options, **wish)
        for person, content in zip(people, answers, strict=False):
            say(group_id, made, person, content)
        stored.append(json.loads(close(made).result or ""))
    page, decisions, counts = taken(app, browse, group_id, people[1])
    assert len(decisions) == len(CASES)
    for (method, wish, _), row, result in zip(CASES, decisions, stored, strict=True):
        found = again(method, wish, row, counts).to_json()
        assert found["status"] == result["status"], method
        assert found["winners"] == result["winners"], method
        assert found["order"] == result["order"], method
        assert row["why"], method
    for words in ("Tische before Stühle: 3 to 2", "Average resistance", "Acceptance in percent"):
        assert words in page


def test_a_draw_can_be_worked_out_from_the_file(app: Flask, browse: Browse) -> None:
    group_id, people = make_group(3)
    result = json.loads(close(ask(group_id, people[0], Method.LOTS, options=OPTIONS)).result or "")
    page, (row,), _ = taken(app, browse, group_id, people[1])
    facts = json.loads(row["numbers"])
    assert hashlib.sha256(facts["secret"].encode()).hexdigest() == facts["commitment"]
    assert facts["secret"] in page

    def lot(number: int) -> str:
        said = f"{facts['words']}‖{number}".encode()
        return hmac.new(bytes.fromhex(facts["secret"]), said, hashlib.sha256).hexdigest()

    assert sorted((1, 2, 3), key=lot) == result["order"]


def test_what_the_page_does_not_show_the_file_does_not_hold(app: Flask, browse: Browse) -> None:
    """Secret votes that were few or alike; the size of a discreet group; who answered."""
    group_id, people = make_group(5, privacy=Privacy.DISCREET)
    alike = ask(group_id, people[0], Method.MAJORITY, secret=True)
    shown = ask(group_id, people[0], Method.MAJORITY, majority="absolute")
    for made, said in ((alike, ("yes",) * 5), (shown, ("yes", "no", "yes"))):
        for person, answer in zip(people, said, strict=False):
            say(group_id, made, person, word(answer))
    close(alike)
    page, (first, second), counts = taken(app, browse, group_id, people[1])
    assert (json.loads(first["numbers"])["veiled"], second["result"]) == (True, "not_adopted")
    assert {(one["decision"], one["answer"], one["count"]) for one in counts} == {
        ("2", "yes", "2"),
        ("2", "no", "1"),
    }
    assert not {"eligible", "needed"} & set(json.loads(second["numbers"]))
    assert "Nadel" not in page


def test_questions_do_not_grow_with_decisions(app: Flask, browse: Browse) -> None:
    group_id, people = make_group(5)
    path, member = f"/de/groups/{group_pid(group_id)}/export", browse(people[1])

    def fill(count: int) -> None:
        for number in range(count):
            made = ask(group_id, people[0], Method.CHOICE, options=OPTIONS, secret=bool(number % 2))
            for person in people:
                say(group_id, made, person, {"choices": ["1"]})
            close(made)
            with transaction(write=False):
                assert loaded(made).result

    fill(2)
    member.post(path)
    few = questions_of(lambda: member.post(path))
    fill(2)
    assert questions_of(lambda: member.post(path)) == few
