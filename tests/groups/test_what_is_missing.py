"""What is left out or is nonsense in the forms of a decision: said at once, at its field, nothing is lost."""

from __future__ import annotations

import pytest

from portal.core.db import session, transaction
from portal.groups.models import GroupDecision, Method, QuorumKind
from tests.groups.circles import OPTIONS, Circle, fields
from tests.groups.conftest import Browse


@pytest.fixture
def circle(browse: Browse) -> Circle:
    """Three neighbours who may decide."""
    return Circle(browse)


def test_a_date_poll_without_anything_names_both_fields(circle: Circle) -> None:
    client, new = circle.of(0), f"/de/groups/{circle.pid}/decisions/new/"
    empty = client.post(f"{new}date", data={"title": ""})
    assert empty.status_code == 422
    assert '<a href="#title">Was soll entschieden werden? – Bitte füllen Sie das aus.</a>' in empty.text
    assert '<a href="#start_1">Termin 1 – Bitte wählen Sie mindestens einen Termin' in empty.text
    assert client.post(f"{new}date", data={"title": "Wann?", "collecting": "y"}).status_code == 303
    choice = client.post(f"{new}choice", data={"title": "", "options": " \n "})
    assert '<a href="#title">' in choice.text
    assert '<a href="#options">' in choice.text


def test_whoever_wants_a_number_of_people_says_how_many(circle: Circle) -> None:
    client, new = circle.of(0), f"/de/groups/{circle.pid}/decisions/new/majority"
    rules = str(client.post(new, data={"title": "Hecke?"}).location)
    page = client.get(rules).text
    label = page.partition('<label for="quorum">')[2].partition("</label>")[0]
    assert label == "Wie viel Prozent, oder wie viele Menschen?"
    given = fields(page)
    for typed, said in {
        "": "Bitte schreiben Sie, wie viel Prozent oder wie viele Menschen es sein müssen.",
        "abc-٥": "Bitte schreiben Sie eine ganze Zahl in Ziffern, von 1 bis 10.000.",
        "5,5": "Bitte schreiben Sie eine ganze Zahl in Ziffern, von 1 bis 10.000.",
        "-1": "Bitte geben Sie eine Zahl von 1 bis 10.000 ein.",
        "99999999999999999999": "Bitte geben Sie eine Zahl von 1 bis 10.000 ein.",
        "101": "So viele können nicht mitmachen. Bitte wählen Sie eine kleinere Zahl.",
    }.items():
        answer = client.post(rules, data={**given, "quorum_kind": "percent", "quorum": typed})
        assert answer.status_code == 422
        assert f'<a href="#quorum">Wie viel Prozent, oder wie viele Menschen? – {said}</a>' in answer.text
        assert f'value="{typed}"' in answer.text.partition('id="quorum"')[2].partition(">")[0]
        assert "<details open><summary>Die anderen Regeln ändern</summary>" in answer.text
    assert client.post(rules, data={**given, "quorum_kind": "percent", "quorum": " ٥٠ "}).status_code == 303
    with transaction(write=False):
        decision = session.query(GroupDecision).one()
        assert (decision.quorum_kind, decision.quorum) == (QuorumKind.PERCENT, 50)


def test_rules_with_a_good_answer_are_told_and_folded(circle: Circle) -> None:
    """One or two questions stand open; the others say how they are answered, and none of them is lost."""
    client, new = circle.of(0), f"/en/groups/{circle.pid}/decisions/new/"
    rules = str(client.post(f"{new}majority", data={"title": "A hedge?"}).location)
    page = client.get(rules).text
    shown, _, folded = page.partition("<details><summary>Change the other rules</summary>")
    folded, _, after = folded.partition("</details>")
    names = ("secret", "majority", "results_shown", "quorum_kind", "quorum", "electorate", "reasons")
    assert [name for name in names if f'name="{name}"' in shown + after] == ["secret", "majority"]
    assert [name for name in names if f'name="{name}"' in folded] == list(names[2:])
    assert "<dt>When are the answers shown?</dt><dd>At the end</dd>" in shown
    assert "<dt>May people say why?</dt><dd>Yes, whoever wants to</dd>" in shown
    assert "How many percent" not in shown
    assert (
        client.post(rules, data={**fields(page), "quorum_kind": "people", "quorum": "2"}).status_code == 303
    )
    told = client.get(rules).text.partition("<details>")[0]
    assert "<dd>A number of people</dd>" in told
    assert "<dt>How many percent, or how many people?</dt><dd>2</dd>" in told
    choice = client.post(f"{new}choice", data={"title": "Which?", "options": "A\nB"}).location
    told, _, folded = client.get(str(choice)).text.partition("<details>")
    assert "<dt>If it is still equal then, the lot decides</dt><dd>No</dd>" in told
    assert 'name="lots"' in folded


def test_an_end_in_the_year_one_is_no_crash(circle: Circle) -> None:
    """The town's clocks have no such day: reckoning with it overflowed."""
    client, new = circle.of(0), f"/de/groups/{circle.pid}/decisions/new/majority"
    asking = client.post(new, data={"title": "Hecke?"}).location.replace("/rules", "/open")
    answer = client.post(asking, data={"closes_on": "0001-01-01", "closes_hour": "0"})
    assert answer.status_code == 422
    assert '<a href="#closes_on">Bis zu welchem Tag? – Bitte geben Sie einen Tag ein' in answer.text
    assert 'value="0001-01-01"' in answer.text


def test_a_refused_draft_leaves_nothing_behind(circle: Circle) -> None:
    """The form comes back with its key; sent again, it is the decision that was meant."""
    client, new = circle.of(0), f"/de/groups/{circle.pid}/decisions/new/dots"
    given = {**fields(client.get(new).text), "title": "Welcher Baum?"}
    refused = client.post(new, data={**given, "options": "Linde\nLinde"})
    assert '<a href="#options">' in refused.text
    with transaction(write=False):
        assert session.query(GroupDecision).count() == 0
    assert client.post(new, data={**given, "options": "Linde\nAhorn"}).status_code == 303
    with transaction(write=False):
        assert [one.text for one in session.query(GroupDecision).one().options] == ["Linde", "Ahorn"]


def test_nonsense_in_an_answer_stays_beside_its_sentence(circle: Circle) -> None:
    circle.begin(Method.DOTS, **OPTIONS)
    answer = circle.of(1).post(circle.url("/answer"), data={"go": "check", "p-1": 'dr"ei', "p-2": "٣"})
    assert answer.status_code == 422
    assert 'value="dr&#34;ei" aria-invalid="true" aria-describedby="p-1-problem"' in answer.text
    assert 'value="3"' in answer.text
