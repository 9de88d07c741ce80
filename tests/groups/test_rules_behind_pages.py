"""Rules that only decide what a page shows, or stand before an operation that would let more people pass."""

from __future__ import annotations

from dataclasses import replace

from portal.core.db import transaction
from portal.core.permissions import can
from portal.groups.models import Method
from portal.groups.operations.deciding import drafting
from tests.groups.conftest import Browse, Make, group
from tests.groups.papers import PDF, keep
from tests.groups.roles import path_of
from tests.groups.test_together import move, open_merge
from tests.support.factories_groups import make_group, member_of


def test_who_moderates_is_offered_to_delete_files_of_others(browse: Browse) -> None:
    group_id, people = make_group(3)
    keep(group_id, people[1], PDF)
    offered = [browse(one).get(path_of(group_id, "files")).text.count("/remove") for one in people]
    assert offered == [1, 1, 0]


def test_who_facilitates_goes_on_with_drafts_of_others(browse: Browse) -> None:
    group_id, people = make_group(3)
    with transaction():
        wish = drafting.Wish(title="Neue Tische?", method=Method.CONSENT)
        drafting.draft_decision(group(group_id), wish, actor=people[1])
    shown = ["Neue Tische?" in browse(one).get(path_of(group_id, "decisions")).text for one in people]
    assert shown == [True, True, False]


def test_whoever_may_only_read_neither_pauses_nor_chooses(make: Make) -> None:
    move_id, group_id, people, _other, _theirs = open_merge(make)
    with transaction(write=False):
        for rule, thing in (("groups.pause", group(group_id)), ("groups.choose_in_move", move(move_id))):
            may = [can(one, rule, thing) for one in (people[1], replace(people[1], suspended=True))]
            assert may == [True, False]


def test_members_see_who_is_in_their_group(browse: Browse) -> None:
    group_id, people = make_group(3)
    shown = browse(people[2]).get(path_of(group_id, "members")).text
    with transaction(write=False):
        names = [member_of(group_id, one).alias for one in people]
    assert [name for name in names if name and name in shown] == names
