"""One of everything, in every state it can be in, with a canary in every private field.

`World.things[kind][state]` holds what a URL of this kind needs.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any

from PIL import Image

from portal.content.operations import Place, add_picture, publish_page, report_barrier, save_video
from portal.core import clock
from portal.core.actors import VISITOR, Actor
from portal.core.db import session, transaction
from portal.core.public_id import new_id
from portal.core.subjects import SubjectRef, resolve
from portal.discussions.models import Comment, Thread
from portal.discussions.operations import add_comment, delete_comment, edit_comment, lock_thread
from portal.moderation import operations as moderation
from portal.moderation.models import Case, Category, Decision, Ground, Measure
from portal.moderation.operations import Ruling
from portal.proposals.models import Proposal, Stage, WithdrawnReason
from portal.proposals.operations import begin_outcome, invite_coauthor, suggest_change
from tests.support.factories import actor_of
from tests.support.factories_proposals import make_follow, make_proposal, make_support
from tests.support.videos import mp4
from tests.trust.accountwork import fill_accounts, fill_operation
from tests.trust.canaries import Canaries
from tests.trust.decisionwork import fill_decisions
from tests.trust.groupwork import fill_groups
from tests.trust.inwork import fill_inside
from tests.trust.meetingwork import fill_meetings
from tests.trust.officework import fill_office
from tests.trust.peacework import fill_peace
from tests.trust.people import People
from tests.trust.processwork import fill_processes
from tests.trust.rolework import fill_roles
from tests.trust.rollwork import fill_roll
from tests.trust.roundwork import fill_rounds

AUTHORS = ("AU", "CO")
# Who reads a hidden text: its authors, and moderators of the district. MO2 is MO's colleague.
HIDDEN = ("AU", "CO", "MO")
STAGES = tuple(str(stage) for stage in Stage if stage is not Stage.COLLECTING)


def photo() -> bytes:
    """A small JPEG."""
    buffer = io.BytesIO()
    Image.linear_gradient("L").resize((320, 200)).convert("RGB").save(buffer, "JPEG")
    return buffer.getvalue()


@dataclass
class Builder:
    """Fills an empty database."""

    people: People
    canaries: Canaries

    def __post_init__(self) -> None:
        self.things: dict[str, dict[str, dict[str, Any]]] = {"": {"-": {}}}
        self.ids: dict[str, Any] = {}
        # Asked once: a transaction inside another would end it.
        self.actors = {name: actor_of(account) for name, account in self.people.accounts.items()}

    def put(self, kind: str, state: str, /, **values: Any) -> None:
        """Remember what a URL needs."""
        self.things.setdefault(kind, {})[state] = values

    def actor(self, persona: str) -> Actor:
        """The persona as an actor."""
        return VISITOR if persona == "V" else self.actors[persona]

    def build(self) -> None:
        """Everything, in an order in which each finds what it needs."""
        self.proposals()
        self.draft()
        self.conversations()
        fill_office(self)
        fill_processes(self)
        self.hide_things()
        self.reports()
        self.pictures()
        self.videos()
        self.changes()
        self.pages()
        fill_accounts(self)
        fill_rounds(self)
        fill_roll(self)
        fill_decisions(self)
        fill_meetings(self)
        fill_inside(self)
        fill_roles(self)
        fill_groups(self)
        fill_peace(self)
        fill_operation(self)

    # ---------------------------------------------------------------- proposals

    def proposal(self, state: str, **given: Any) -> Proposal:
        """A proposal of the author, with co-author, in the north."""
        given.setdefault("author", self.people.id("AU"))
        given.setdefault("coauthors", (self.people.id("CO"),))
        given.setdefault("district_id", self.people.north)
        is_public = given.get("published", True)
        made = make_proposal(with_thread=is_public, indexed=is_public, **given)
        self.put("proposal", state, pid=made.public_id)
        self.ids[f"proposal {state}"] = made.id
        if made.thread_id:
            self.put("thread", state, tid=session.get_one(Thread, made.thread_id).public_id)
        return made

    def proposals(self) -> None:
        """Published in every stage, withdrawn, merged, expired; and two that will be hidden."""
        now = clock.now()
        with transaction():
            published = self.proposal("published", title="Mehr Bänke am Markt")
            make_support(published, self.people.id("RV"))
            for stage in STAGES:
                self.proposal(stage, stage=Stage(stage))
            begin_outcome(session.get_one(Proposal, self.ids["proposal accepted"]))
            self.put("outcome", "accepted", pid=self.things["proposal"]["accepted"]["pid"])
            self.proposal(
                "withdrawn", withdrawn_at=now, withdrawn_reason=WithdrawnReason.OTHER, withdrawn_note="Schade"
            )
            self.proposal("merged", merged_into_id=published.id)
            self.proposal("expired", expired_at=now)
            self.proposal("locked", title="Gespräch geschlossen")
            for state in ("hidden", "objected"):
                made = self.proposal(
                    state,
                    **{
                        name: self.canaries.plant(f"{state} proposal: {name}", HIDDEN)
                        for name in ("title", "what", "why", "for_whom", "place_words")
                    },
                )
                make_follow(made, self.people.id("R"))
                make_support(made, self.people.id("RV"))
        with transaction():
            found = session.get_one(Proposal, self.ids["proposal published"])
            self.put("invitation", "open", token=invite_coauthor(found, actor=self.actor("AU")))

    def draft(self) -> None:
        """A draft with everything in it; its title is the word of a public one, to be found as similar."""
        words = {
            name: self.canaries.plant(f"draft: {name}", AUTHORS)
            for name in ("title", "what", "why", "for_whom", "place_words")
        }
        words["title"] = f"Mehr Bänke am Markt {words['title']}"
        with transaction():
            self.proposal("draft", published=False, **words)

    # ---------------------------------------------------------------- conversations

    def _thread(self, state: str) -> Thread:
        return session.query(Thread).filter_by(public_id=self.things["thread"][state]["tid"]).one()

    def _comment(self, state: str, where: str, body: str, persona: str = "AU") -> None:
        with transaction():
            made = add_comment(self._thread(where), actor=self.actor(persona), body=body)
            self.put("comment", state, pid=made.public_id)
            self.ids[f"comment {state}"] = made.id

    def conversations(self) -> None:
        """Comments of the author: there to be read, about to be hidden, deleted, below something hidden."""
        plant = self.canaries.plant
        self._comment("visible", "published", "Das sehe ich auch so.")
        self._comment("hidden", "published", plant("first version of a hidden comment", {"AU", "MO"}))
        self._edit("hidden", plant("hidden comment", {"AU", "MO"}))
        self._comment("deleted", "published", plant("deleted comment"))
        with transaction():
            delete_comment(self._row(Comment, "comment deleted"), actor=self.actor("AU"))
        self._comment("in_hidden", "hidden", plant("comment below a hidden proposal", HIDDEN))
        with transaction():
            lock_thread(self._thread("locked"), actor=self.actor("MO2"))

    def _edit(self, state: str, body: str) -> None:
        with transaction():
            edit_comment(self._row(Comment, f"comment {state}"), actor=self.actor("AU"), body=body)

    def _row(self, model: Any, name: str) -> Any:
        return session.get_one(model, self.ids[name])

    # ---------------------------------------------------------------- moderation

    def _report(self, persona: str, kind: str, state: str, category: Category, **given: Any) -> Any:
        subject = resolve(SubjectRef(kind, self.ids[f"{kind} {state}"]))
        assert subject is not None
        return moderation.report_subject(
            subject, actor=self.actor(persona), category=category, language="de", **given
        )

    def _hide(self, kind: str, state: str, passage: str) -> Decision:
        subject = resolve(SubjectRef(kind, self.ids[f"{kind} {state}"]))
        assert subject is not None
        case = moderation.open_own_case(subject, actor=self.actor("MO2"))
        facts = self.canaries.plant(f"reasons for hiding the {state} {kind}", {"AU", "MO"})
        ruling = Ruling(Measure.HIDE, Ground.RULE, rule=1, passage=passage, facts=facts)
        decision = moderation.decide_case(case, actor=self.actor("MO2"), ruling=ruling)
        self.put("case", f"closed {kind} {state}", pid=case.public_id)
        return decision

    def hide_things(self) -> None:
        """MO2 hides two proposals and a comment; the author objects to one of the decisions."""
        with transaction():
            receipt = self._report(
                "RV",
                "proposal",
                "hidden",
                Category.INSULT,
                words=self.canaries.plant("words of a report", {"RV", "MO"}),
            )
            self.put("report", "of RV", pid=receipt.report.public_id)
            self.put("receipt", "of RV", code=receipt.code)
        for kind, state in (("proposal", "hidden"), ("proposal", "objected"), ("comment", "hidden")):
            with transaction():
                row = self._row(Proposal if kind == "proposal" else Comment, f"{kind} {state}")
                passage = row.what_md if kind == "proposal" else row.body_md
                decision = self._hide(kind, state, passage)
                name = "objected" if state == "objected" else f"hide {kind}"
                self.put("decision", name, pid=decision.public_id)
                self.ids[f"decision {name}"] = decision.id
        with transaction():
            words = self.canaries.plant("words of an objection", {"AU", "MO"})
            appeal = moderation.object_to(
                self._row(Decision, "decision objected"), actor=self.actor("AU"), words=words
            )
            self.put("appeal", "open", pid=appeal.public_id)

    def reports(self) -> None:
        """An open case with the reports of a visitor and a resident, and a note of the colleague."""
        plant = self.canaries.plant
        with transaction():
            self._report(
                "V",
                "proposal",
                "published",
                Category.SPAM,
                words=plant("words of a visitor's report", {"MO"}),
                email=f"{plant('address of a reporter')}@example.org",
            )
            receipt = self._report("RV", "proposal", "published", Category.OTHER)
            case = session.get_one(Case, receipt.report.case_id)
            moderation.add_note(case, actor=self.actor("MO2"), words=plant("note among moderators", {"MO"}))
            self.put("case", "open", pid=case.public_id)
        for kind, state, name in (
            ("proposal", "published", "proposal published"),
            ("proposal", "hidden", "proposal hidden"),
            ("proposal", "draft", "proposal draft"),
            ("comment", "visible", "comment visible"),
            ("comment", "hidden", "comment hidden"),
            ("comment", "deleted", "comment deleted"),
            ("comment", "in_hidden", "comment in_hidden"),
        ):
            self.put("subject", name, kind=kind, pid=self.things[kind][state]["pid"])

    # ---------------------------------------------------------------- pictures and pages

    def pictures(self) -> None:
        """Of the published, the hidden and the draft proposal, and one that waits for its description."""
        for state, alt in (
            ("published", "Eine Bank"),
            ("hidden", self.canaries.plant("description of a hidden photo", HIDDEN)),
            ("draft", self.canaries.plant("description of a photo of a draft", AUTHORS)),
            ("pending", ""),
        ):
            owner = self.ids[f"proposal {'draft' if state == 'pending' else state}"]
            with transaction():
                made = add_picture(self.actor("AU"), photo(), alt, SubjectRef("proposal", owner))
                session.get_one(Proposal, owner).picture_count += 1
                width = made.widths[0]["width"]
                self.put("picture", state, public_id=made.public_id, width=width, extension="webp")

    def videos(self) -> None:
        """Of the published, the hidden and the draft proposal; one of the examined without its words."""
        for state, words in (
            ("published", "Eine Bank"),
            ("hidden", self.canaries.plant("words of a hidden video", HIDDEN)),
            ("draft", self.canaries.plant("words of the video of a draft", AUTHORS)),
            ("pending", ""),
        ):
            owner = self.ids[f"proposal {'examined' if state == 'pending' else state}"]
            place = Place(SubjectRef("proposal", owner))
            with transaction():
                made = save_video(
                    self.actor("AU"), place, file=io.BytesIO(mp4()), poster=b"", words=words, language="de"
                )
                session.get_one(Proposal, owner).video_count = 1
                self.put("video", state, public_id=made.public_id, extension="mp4")

    def changes(self) -> None:
        """A neighbour suggests another wording of the published proposal."""
        with transaction():
            proposal = session.get_one(Proposal, self.ids["proposal published"])
            words = {
                "title": proposal.title,
                "what": self.canaries.plant("suggested change", (*AUTHORS, "R")),
            }
            made = suggest_change(proposal, words, actor=self.actor("R"))
            self.put("change", "published", pid=proposal.public_id, oid=made.public_id)

    def pages(self) -> None:
        """Two versions of the imprint; a barrier somebody reported."""
        with transaction():
            for number in (1, 2):
                seen = number - 1 or None
                texts = {"title": "Impressum", "body": f"Fassung {number}"}
                publish_page(self.actor("AD"), "imprint", "de", **texts, seen_version_id=seen)
            self.put("page", "imprint", page="imprint")
            self.put("page video", "imprint", page="imprint")
        self.put("person", "neighbour", public_id=self.people.accounts["RV"].public_id)
        self.put("person", "staff", public_id=self.people.accounts["PA"].public_id)
        self.put("page version", "first", page="imprint", version_id=1)
        with transaction():
            made = report_barrier(
                page="/de/proposals",
                text=self.canaries.plant("report of a barrier", {"AD"}),
                contact=self.canaries.plant("contact of a barrier's reporter", {"AD"}),
            )
            self.put("barrier", "open", public_id=made.public_id)
        self.put("district", "north", slug=self.people.north_slug)
        self.put("organization", "house", public_id=self.people.house_public_id)


def unknown(kind: str, values: dict[str, Any]) -> dict[str, Any]:
    """What a URL of this kind looks like for something that is not there."""
    made = dict(values)
    for name, value in values.items():
        if name in {"kind", "page", "width", "extension", "language"}:
            continue
        made[name] = 987_654_321 if isinstance(value, int) else new_id(max(len(str(value)), 8))
    return made
