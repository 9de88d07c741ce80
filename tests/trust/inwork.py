"""What stands inside groups of every privacy: posts, minutes, tasks, files, with canaries in their words."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from PIL import Image

from portal.core import clock, limits
from portal.core.db import transaction
from portal.groups.models import Grant, Group, GroupFile, GroupPost, Privacy
from portal.groups.operations import board, files, handing, joining, leaving, living, minutes, tasks
from portal.groups.operations.accompanying import agreeing, during
from tests.support.factories_groups import get_group, group_pid, make_group, member_of, settled

if TYPE_CHECKING:
    from tests.trust.things import Builder

MEMBERS = ("AU", "CO")
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def fill_inside(build: Builder) -> None:
    """The author holds the role there is, the co-author is a member.

    Of the closed group PA has said today that they look at the board, and RV has asked to come; the discreet
    one RV has left, where a third member has never written a word. The archived one can only be read.
    """
    for state in ("open", "closed", "discreet", "archived"):
        _Inside(build, state).fill()
    _leaderless(build)


def _picture() -> bytes:
    buffer = io.BytesIO()
    Image.linear_gradient("L").resize((320, 200)).convert("RGB").save(buffer, "JPEG")
    return buffer.getvalue()


class _Inside:
    """One group and what is in it."""

    def __init__(self, build: Builder, state: str) -> None:
        self.build, self.state, self.public = build, state, 0
        self.privacy = Privacy(state) if state in set(Privacy) else Privacy.CLOSED
        # Who reads the board, minutes, tasks and files. Who was there stays among the members.
        readers = {"closed": {*MEMBERS, "PA"}, "open": {*build.people.accounts, "V"}}
        self.readers = readers.get(state, set(MEMBERS))
        people = [build.actor("AU"), build.actor("CO"), settled(), build.actor("RV")]
        if state != "discreet":
            people.pop()
        limits.start_over()  # nobody begins as many groups on one day
        name = self.plant("name", set(MEMBERS)) if state == "discreet" else f"Gruppe {state}"
        self.group_id, self.people = make_group(people=people, privacy=self.privacy, name=name)
        self.pid = group_pid(self.group_id)
        build.put("inside group", state, pid=self.pid)

    def plant(self, place: str, allowed: Any) -> str:
        if "V" in allowed:
            self.public += 1
            return f"Für alle {self.public}"  # what everybody reads is no secret
        return self.build.canaries.plant(f"{place} in a group, {self.state}", allowed)

    @property
    def group(self) -> Group:
        return get_group(self.group_id)

    def fill(self) -> None:
        """Everything, in an order in which each finds what it needs."""
        self.names()
        self.posts()
        self.papers()
        self.sent()
        if self.state == "closed":
            self.odd_posts()
            self.around()
        if self.state == "discreet":
            self.former()
        if self.state == "archived":
            with transaction():
                living.archive(self.group)

    def names(self) -> None:
        """Outside nobody learns a name, also where everybody reads; in a discreet group not even inside."""
        with transaction():
            third = set() if self.state == "discreet" else set(MEMBERS)
            member_of(self.group_id, self.people[1]).alias = self.plant("name of a writer", set(MEMBERS))
            member_of(self.group_id, self.people[2]).alias = self.plant("name of a silent member", third)

    # ---------------------------------------------------------------- the board

    def thread(self, persona: str, state: str, readers: Any = None) -> GroupPost:
        """A conversation somebody begins."""
        allowed = self.readers if readers is None else readers
        title, text = self.plant(f"title of {state}", allowed), self.plant(f"words of {state}", allowed)
        post = board.begin_thread(self.group, actor=self.build.actor(persona), title=title, text=text)
        self.build.put("board post", state, pid=self.pid, post=post.public_id)
        return post

    def posts(self) -> None:
        """One of the author, one of the co-author; the first was handed to moderation."""
        with transaction():
            post = self.thread("AU", self.state)
            self.thread("CO", f"CO {self.state}")
            self.hand_over(post, self.state)

    def hand_over(self, post: GroupPost, state: str) -> None:
        copied = handing.hand_over_post(post, actor=self.build.actor("CO" if state != "hidden" else "AU"))
        self.build.put("handed-over post", state, excerpt=copied.public_id)
        if state == "hidden":
            handing.hide_post(copied)
        if state == "cut loose":
            copied.post_id = None

    def odd_posts(self) -> None:
        """An answer, a closed conversation, one taken out, one hidden, one whose copy was cut loose."""
        build, au, co = self.build, self.build.actor("AU"), self.build.actor("CO")
        with transaction():
            text = self.plant("words of an answer", self.readers)
            answer = board.answer(self.thread("AU", "answered"), actor=co, text=text)
            build.put("board post", "answer", pid=self.pid, post=answer.public_id)
            board.close_thread(self.thread("AU", "shut"), actor=au)
            taken = self.thread("CO", "taken out", ())
            board.answer(taken, actor=au, text="Schade")
            board.remove_post(taken, actor=co)
            self.hand_over(self.thread("AU", "copied"), "cut loose")
            hidden = self.thread("CO", "hidden", {"CO"})  # in the own copy of one's data
            alt = self.plant("description of a hidden picture", {"CO"})
            kept = files.add_picture(hidden, actor=co, data=_picture(), alt=alt)
            self.put_file("hidden", kept)
            self.hand_over(hidden, "hidden")

    def former(self) -> None:
        """RV has written and left; the words stay, and RV does not get back to them."""
        rv = self.build.actor("RV")
        with transaction():
            self.thread("RV", "former")
        with transaction():
            leaving.leave(self.group, actor=rv)

    def around(self) -> None:
        """RV asks to come; PA accompanies the group and says that they look at the board."""
        build, au, pa = self.build, self.build.actor("AU"), self.build.actor("PA")
        with transaction():
            joining.ask_to_join(self.group, actor=build.actor("RV"), alias="Rafik", answers=[])
            terms = agreeing.Terms(goal="Ein Raum", months=3, grants=(Grant.BOARD,))
            companion = build.people.accounts["PA"]
            made, _code = agreeing.ask_companion(self.group, terms, actor=au, companion=companion)
            agreeing.sign_as_companion(made, group=self.group, actor=pa)
            during.look_inside(made, Grant.BOARD, actor=pa)

    # ---------------------------------------------------------------- papers

    def papers(self) -> None:
        """Minutes with a decision and a task, a task of its own; one that is done."""
        words = ("title", "text", "decision", "task")
        title, text, line, todo = (self.plant(f"minutes: {one}", self.readers) for one in words)
        present = self.build.canaries.plant(f"who was at a meeting, {self.state}", set(MEMBERS))
        au, states = self.build.actor("AU"), {self.state: False}
        if self.state == "closed":
            states["done"] = True
        with transaction():
            sheet = minutes.write_minutes(
                self.group,
                actor=au,
                sheet=minutes.Sheet(
                    clock.today(), title, present, text, decisions=(line,), tasks=(minutes.TaskLine(todo),)
                ),
            )
            self.build.put("minutes", self.state, pid=self.pid, sheet=sheet.public_id)
            for state, is_done in states.items():
                doer = member_of(self.group_id, au if self.state == "discreet" else self.people[1])
                what = self.plant(f"task {state}", self.readers)
                task = tasks.add_task(self.group, actor=au, what=what, doers=[doer.public_id])
                if is_done:
                    tasks.finish_task(task, actor=au)
                self.build.put("group task", state, pid=self.pid, task=task.public_id)

    # ---------------------------------------------------------------- files

    def put_file(self, state: str, file: GroupFile) -> None:
        width = file.widths[0]["width"] if file.widths else 360
        self.build.put("group file", state, pid=self.pid, file=file.public_id, width=width, extension="webp")

    def sent(self) -> None:
        """Of the co-author: a PDF and a picture for the readers, one in a post, one without its words."""
        co, kinds = self.build.actor("CO"), {"paper": self.readers, "picture": self.readers}
        with transaction():
            for kind, allowed in kinds.items():
                name, data = self.plant(f"name of a {kind}", allowed), PDF if kind == "paper" else _picture()
                alt = self.plant("description of a picture", allowed)
                kept = files.add_file(self.group, actor=co, data=data, name=name, alt=alt)
                self.put_file(f"{kind} {self.state}", kept)
            post = board.begin_thread(self.group, actor=co, title="Bilder", text="Zwei Bilder")
            alt = self.plant("description of a picture in a post", self.readers)
            shown = files.add_picture(post, actor=co, data=_picture(), alt=alt)
            self.put_file(f"posted {self.state}", shown)
            if self.state == "open":
                self.put_file("wordless", files.add_picture(post, actor=co, data=_picture()))


def _leaderless(build: Builder) -> None:
    """Whoever held the role has left; a third member wrote what two others may take out together."""
    limits.start_over()
    people = [settled(), *(build.actor(one) for one in MEMBERS), settled()]
    group_id, _people = make_group(people=people, privacy=Privacy.CLOSED, name="Beet")
    with transaction():
        text = build.canaries.plant("words in a group without a leader", set(MEMBERS))
        post = board.begin_thread(get_group(group_id), actor=people[3], title="Beet", text=text)
        build.put("board post", "leaderless", pid=get_group(group_id).public_id, post=post.public_id)
    with transaction():
        leaving.leave(get_group(group_id), actor=people[0])
