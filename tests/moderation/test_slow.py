"""A slow conversation: decided with reasons, one comment a person and interval, said in plain words."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from portal.core import audit, clock
from portal.core.actors import Actor
from portal.core.db import session, transaction
from portal.core.i18n import format_date, use_language
from portal.discussions import operations as discussions
from portal.discussions.errors import ConversationSlow
from portal.discussions.models import Comment, Thread
from portal.moderation.models import Decision, Measure, Outcome
from portal.moderation.operations import lift_expired
from portal.notifications.models import Notice
from tests.moderation.people import answer, decide, make_town, object_to, open_case, settled
from tests.support.factories import actor_of, sign_in
from tests.support.leaflets import Leaflet, Wall


def write(leaflet: Leaflet, actor: Actor, body: str = "Und noch etwas.") -> int:
    """A comment; its id."""
    with transaction():
        thread = session.get_one(Thread, leaflet.thread_id)
        comment = discussions.add_comment(thread, actor=actor, body=body)
        session.flush()
        return comment.id


def test_everybody_writes_once_in_a_while_and_the_clock_decides(wall: Wall) -> None:
    town = make_town(wall)
    one, other = actor_of(settled()), actor_of(settled())
    write(town.leaflet, one)
    write(town.leaflet, one)  # free until somebody decides
    open_case(town.leaflet, town.moderator)
    decide(town.leaflet, town.moderator, Measure.SLOW)
    with pytest.raises(ConversationSlow):
        write(town.leaflet, one)
    write(town.leaflet, other)
    with pytest.raises(ConversationSlow):
        write(town.leaflet, other)
    with time_machine.travel(clock.now() + timedelta(minutes=14)), pytest.raises(ConversationSlow):
        write(town.leaflet, one)
    with time_machine.travel(clock.now() + timedelta(minutes=16)):
        write(town.leaflet, one)
        with pytest.raises(ConversationSlow):
            write(town.leaflet, one)


def test_deleting_does_not_buy_another_turn(wall_sqlite: Wall) -> None:
    town, one = make_town(wall_sqlite), actor_of(settled())
    open_case(town.leaflet, town.moderator)
    decide(town.leaflet, town.moderator, Measure.SLOW)
    comment_id = write(town.leaflet, one)
    with transaction():
        discussions.delete_comment(session.get_one(Comment, comment_id), actor=one)
    with pytest.raises(ConversationSlow):
        write(town.leaflet, one)


def test_other_conversations_go_on(wall_sqlite: Wall) -> None:
    town, one = make_town(wall_sqlite), actor_of(settled())
    open_case(town.leaflet, town.moderator)
    decide(town.leaflet, town.moderator, Measure.SLOW)
    elsewhere = wall_sqlite.pin()
    for leaflet in (town.leaflet, elsewhere, elsewhere):
        write(leaflet, one)


def test_it_has_its_statement_and_can_be_objected_to(wall: Wall) -> None:
    town = make_town(wall)
    open_case(town.leaflet, town.moderator)
    made = decide(town.leaflet, town.moderator, Measure.SLOW)
    with transaction(write=False):
        decision = session.get_one(Decision, made)
        assert (decision.measure, decision.until) == ("slow", None)
        assert decision.redress
        assert decision.facts
        told = session.scalars(select(Notice.account_id).where(Notice.kind == "moderation.statement"))
        assert list(told) == [town.author.id]
        public = [one.name for one in audit.entries_for("leaflet", town.leaflet.id, visibilities=("public",))]
        assert public == ["discussions.thread_slowed"]
    answer(object_to(made, town.author), town.colleague, Outcome.OVERTURNED)
    with transaction(write=False):
        assert not session.get_one(Thread, town.leaflet.thread_id).is_slow
    one = actor_of(settled())
    write(town.leaflet, one)
    write(town.leaflet, one)


def test_the_page_says_it_and_keeps_the_text(wall_sqlite: Wall, app: Flask) -> None:
    town, writer = make_town(wall_sqlite), settled()
    open_case(town.leaflet, town.moderator)
    decide(town.leaflet, town.moderator, Measure.SLOW)
    write(town.leaflet, actor_of(writer))
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()
    sign_in(client, writer)
    with transaction(write=False):
        thread_id = session.get_one(Thread, town.leaflet.thread_id).public_id
    answered = client.post(f"/en/threads/{thread_id}/comments", data={"body": "Wichtig und lang."})
    assert answered.status_code == 422
    assert "Wichtig und lang." in answered.text
    assert "This conversation goes slowly for now. You can write again from:" in answered.text


def test_it_ends_on_its_day_and_the_reasons_say_so(wall: Wall) -> None:
    """After the chosen days: on the minute for readers, tidied up by the job, said in the statement."""
    town, one = make_town(wall), actor_of(settled())
    open_case(town.leaflet, town.moderator)
    made = decide(town.leaflet, town.moderator, Measure.SLOW, days=3)
    write(town.leaflet, one)
    with transaction(write=False):
        ends = session.get_one(Thread, town.leaflet.thread_id).slow_until
        assert ends is not None
        assert timedelta(days=2, hours=23) < ends - clock.now() <= timedelta(days=3)
        with use_language("de"):
            assert format_date(ends) in session.get_one(Decision, made).scope
    with time_machine.travel(ends - timedelta(minutes=1)):
        write(town.leaflet, one)
        with pytest.raises(ConversationSlow):
            write(town.leaflet, one)
    with time_machine.travel(ends + timedelta(minutes=1)):
        write(town.leaflet, one)
        with transaction():
            assert lift_expired() == 1
            assert session.get_one(Thread, town.leaflet.thread_id).slow_at is None
        with transaction():
            assert lift_expired() == 0


def test_a_slow_conversation_always_has_an_end(wall_sqlite: Wall) -> None:
    town = make_town(wall_sqlite)
    open_case(town.leaflet, town.moderator)
    decide(town.leaflet, town.moderator, Measure.SLOW)
    with transaction(write=False):
        ends = session.get_one(Thread, town.leaflet.thread_id).slow_until
        assert ends is not None
        assert timedelta(days=6, hours=23) < ends - clock.now() <= timedelta(days=7)
