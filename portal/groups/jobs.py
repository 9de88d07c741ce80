"""What happens in groups by date. One tick; safe to run twice."""

from __future__ import annotations

from datetime import date
from typing import Any

from portal.core import clock
from portal.core.jobs import handler, periodic
from portal.groups.operations import board, files, handing, letters, living, minutes, reminding, roles, tasks
from portal.groups.operations.accompanying import during
from portal.groups.operations.deciding import again, closing, collecting, forgetting, outcomes
from portal.groups.operations.meetings import due
from portal.groups.operations.peace import appealing, reviewing, talking
from portal.groups.operations.reaching import deliver_neutral
from portal.groups.operations.together import moving
from portal.groups.queries.roles import leaderless_groups


def peace_by_date(today: date) -> None:
    """Reviews are heard, counted, take effect and end; groups that come together or part; forgetting."""
    reviewing.go_on_with_reviews(today)
    appealing.take_effect(today)
    appealing.forget_reviews(today)
    talking.forget_due(today)
    moving.settle_moves(today)


@periodic("groups.tick", every_minutes=60)
def tick() -> None:
    """Suspensions and terms end, pauses are over, silent groups are asked, rest, are archived, are erased."""
    today = clock.today()
    living.lift_due()
    reminding.come_back_due(today)
    living.end_terms(today)
    # Among those whose leader was locked some are free again.
    roles.see_who_leads(leaderless_groups())
    living.wake_due(today)
    living.check_in(today)
    reminding.remind(today)
    living.archive_silent(today)
    living.purge(today)
    peace_by_date(today)
    board.forget_old_posts(today)
    handing.forget_old_excerpts(today)
    files.forget_old_files(today)
    reminding.tidy(today)
    letters.forget_old_letters(today)
    minutes.forget_old_minutes(today)
    tasks.forget_old_tasks(today)
    tasks.remind_due(today)


@handler("groups.erase_files")
def erase_files(payload: dict[str, str]) -> None:
    """Delete what lies on the disk of a file that was removed."""
    files.erase_folder(payload["folder"])


@periodic("groups.sweep_files", every_minutes=24 * 60)
def sweep_files() -> None:
    """Delete folders of files without a row."""
    files.sweep_files()


@handler("groups.letter_arrived")
def letter_arrived(payload: dict[str, int]) -> None:
    """Tell the contact people, if there are any. In a job, so that no answer takes longer because of them."""
    letters.tell_contact_people(int(payload["letter_id"]))


@handler("groups.tell_neutrally")
def tell_neutrally(payload: dict[str, Any]) -> None:
    """One neutral notice, some minutes after what it is about."""
    deliver_neutral(int(payload["account_id"]), payload.get("once"))


@periodic("groups.meetings", every_minutes=60)
def meetings() -> None:
    """The next dates of meetings that come back, reminders, "did it take place?", and forgetting."""
    due.run(clock.today())


@periodic("groups.decisions", every_minutes=5)
def decisions() -> None:
    """Suggestions end, decisions close, who is missing is reminded, reviews are asked, answers forgotten."""
    now = clock.now()
    collecting.open_due(now)
    closing.close_due(now)
    again.remind_due(now)
    outcomes.ask_reviews(clock.today())
    forgetting.forget_answers(now)


@periodic("groups.accompaniment", every_minutes=60)
def accompaniment() -> None:
    """ "What next?" two weeks before an agreement ends, its end, and forgetting."""
    during.run(clock.today())
