"""From a reported card to a stopped group and back, on the pages people use."""

from __future__ import annotations

from flask import Flask

from portal.core.actors import Actor, StaffRole
from portal.core.db import session, transaction
from portal.groups.models import GroupState, Privacy
from portal.moderation.models import Appeal, Decision
from tests.groups.conftest import Browse, group
from tests.support.factories import actor_of, make_staff
from tests.support.factories_groups import AIM, NAME, group_pid, make_group

STOP = {"measure": "stop", "ground": "rule:2", "passage": AIM, "facts": "Aufruf zu Gewalt.", "days": "3"}
HIDE = {"measure": "hide", "ground": "rule:2", "passage": NAME, "facts": "Hetze im Namen."}


def moderator() -> Actor:
    return actor_of(make_staff(StaffRole.MODERATOR))


def test_two_moderators_stop_a_group_and_a_third_answers(app: Flask, browse: Browse) -> None:
    group_id, people = make_group(3, privacy=Privacy.OPEN)
    pid, visitor = group_pid(group_id), app.test_client()
    first, second, third = (browse(moderator()) for _ in range(3))
    assert f"/de/report/group/{pid}" in visitor.get(f"/de/groups/{pid}").text
    assert "Als Moderation" in first.get(f"/de/report/group/{pid}").text
    path = first.post(f"/de/moderation/open/group/{pid}").location
    # Somebody proposes; the page says that nothing has happened yet, and offers it to the colleague only.
    assert first.post(path, data={**STOP, "ground": "rule:5"}).status_code == 422
    assert first.post(path, data=STOP).status_code == 303
    assert "/stop" not in first.get(path).text
    offered = second.get(path).text
    assert AIM in offered
    assert f"{path}/stop" in offered
    assert visitor.get(f"/de/groups/{pid}").status_code == 200
    assert first.post(f"{path}/stop").status_code == 404
    assert second.post(f"{path}/stop").status_code == 303
    assert visitor.get(f"/de/groups/{pid}").status_code == 404
    # Members read the reasons and object; somebody else answers.
    member = browse(people[2])
    with transaction(write=False):
        decision = session.query(Decision).one().public_id
    page = member.get(f"/de/groups/{pid}").text
    assert f"/de/decisions/{decision}" in page
    reasons = member.get(f"/de/decisions/{decision}").text
    for words in (AIM, "Aufruf zu Gewalt.", f"/de/decisions/{decision}/objection"):
        assert words in reasons
    assert visitor.get(f"/de/decisions/{decision}").status_code in (302, 303, 404)
    sent = member.post(f"/de/decisions/{decision}/objection", data={"words": "Das war ein Zitat."})
    assert sent.status_code == 303
    with transaction(write=False):
        appeal = f"/de/moderation/objections/{session.query(Appeal).one().public_id}"
    answer = {"outcome": "overturned", "reply": "Das stimmt."}
    assert [one.post(appeal, data=answer).status_code for one in (first, second, third)] == [404, 404, 303]
    with transaction(write=False):
        assert group(group_id).state is GroupState.ACTIVE
    assert visitor.get(f"/de/groups/{pid}").status_code == 200
    assert "Das stimmt." in member.get(f"/de/decisions/{decision}").text


def test_a_hidden_page_is_gone_for_all_but_members(app: Flask, browse: Browse) -> None:
    group_id, people = make_group(3, privacy=Privacy.OPEN)
    pid, visitor, first = group_pid(group_id), app.test_client(), browse(moderator())
    path = first.post(f"/de/moderation/open/group/{pid}").location
    assert first.post(path, data=HIDE).status_code == 303
    unknown = visitor.get("/de/groups/zzzzzzzzzzzz")
    for page in ("", "/about", "/board"):
        assert visitor.get(f"/de/groups/{pid}{page}").status_code == unknown.status_code == 404
    assert NAME not in visitor.get("/de/groups").text
    assert NAME not in visitor.get(f"/de/search?q={NAME}").text.replace(f'value="{NAME}"', "")
    member = browse(people[1])
    page = member.get(f"/de/groups/{pid}").text
    assert "/de/decisions/" in page
    assert f"/de/report/group/{pid}" not in page
    # From the decided case a moderator takes it up again, and shows it.
    again = f"/de/moderation/open/group/{pid}"
    assert again in first.get(path).text
    path = first.post(again).location
    shown = {"measure": "restore", "ground": "no_breach", "facts": "Gut so."}
    assert first.post(path, data=shown).status_code == 303
    assert visitor.get(f"/de/groups/{pid}").status_code == 200


def test_a_colleague_says_no(app: Flask, browse: Browse) -> None:
    group_id, _ = make_group(3)
    pid, first, second = group_pid(group_id), browse(moderator()), browse(moderator())
    path = first.post(f"/de/moderation/open/group/{pid}").location
    first.post(path, data=STOP)
    assert second.post(f"{path}/no-stop").location == path
    assert 'name="measure"' in second.get(path).text
    with transaction(write=False):
        assert group(group_id).state is GroupState.ACTIVE
