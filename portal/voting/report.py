"""The recount in plain English, for a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from portal.voting.facts import Option

if TYPE_CHECKING:
    from portal.voting.logbook import Roll
    from portal.voting.recount import Recount

_NAME = 50
_MOST_NOTES = 20
_REASONS = {
    "withdrawn": "withdrawn",
    "excluded_by": "excluded by {by}",
    "no_votes": "nobody voted for it",
    "below_threshold": "{missing} below the threshold of {threshold}",
    "too_few_votes": "too few votes: all shares behind it leave {missing_cents:money} missing",
    "money_spent": "after winner {round} its supporters had {money_left_cents:money}, "
    "{missing_cents:money} too little",
    "final_step": "with {next_share_cents:money} each it would be in, "
    "but all together cost {would_cost_cents:money}",
    "does_not_fit": "{missing_cents:money} more than was left",
    "ended_before": "the list ended at {ended_at}",
    "lottery": "equal with {lost_to}, which came first by lot or in the file",
    "tie": "equal with {lost_to}, which came first by {decided_by}",
    "fewer_votes": "{missing} behind the last winner",
    "not_enough_yes": "{yes} yes, {no} no: {missing} missing",
    "quorum_missed": "{cast} votes of {quorum} that are needed",
    "loses_duel": "loses against {to}, {for} to {against}",
    "weaker_path": "its path to {to} has {own_path}, the other way {its_path}",
    "worse_than_status_quo": "more resistance than the status quo",
    "higher_resistance": "{more} more resistance",
    "fewer_can_come": "{missing} fewer can come",
}
_FINDINGS = {
    "file_is_another": "The log names another file than this one.",
    "seed_differs": "The seed in the log does not follow from the file and the draw.",
    "lottery_differs": "The lottery order of the file is not the one that was drawn.",
    "result_differs": "The result in the log is not the one counted here.",
    "more_ballots_than_roll": "There are more ballots than entries in the roll.",
    "roll_changed_unsaid": "The roll at the end is not the one that the batches of letters in the log make.",
}


class _Money(float):
    """A number of cents that formats itself as money."""

    def __format__(self, spec: str) -> str:
        return money(self) if spec == "money" else f"{float(self):g}"


def money(cents: float) -> str:
    """Cents as money: "1,234.50"."""
    return f"{cents / 100:,.2f}"


def plain(text: str) -> str:
    """Foreign text for a terminal: one line, nothing that steers it."""
    return "".join(c if c.isprintable() else " " for c in text)


def text(found: Recount) -> str:
    """Everything a reader needs: file, rule, winners with prices, ties, losers, the verdict."""
    return "\n".join(_lines(found))


def _lines(found: Recount) -> Iterator[str]:
    file, outcome = found.file, found.outcome
    yield f"SHA-256   {file.sha256}"
    yield f"Vote      {plain(file.meta.get('description', ''))}"
    yield f"Rule      {plain(found.named_rule)} (counted as {found.rule})"
    if found.named_rule == "unknown":
        yield "          The file does not tell its rule; most such votes were counted greedily."
    yield f"Ballots   {outcome.voters:,}" + (f" and {outcome.blank:,} blank" if outcome.blank else "")
    if outcome.budget_cents is not None:
        yield f"Budget    {money(outcome.budget_cents)}, spent {money(outcome.spent_cents)}"
    if outcome.first_share is not None and outcome.final_share is not None:
        first, last = money(float(outcome.first_share)), money(float(outcome.final_share))
        yield f"Share     {first} each" + (
            f", in the end {last} ({outcome.runs} counts)" if first != last else ""
        )
    yield ""
    yield f"Winners ({len(outcome.winners)})"
    names = file.names
    for place, bought in enumerate(outcome.purchases, 1):
        price = f", {money(float(bought.price))} per vote or point" if bought.price is not None else ""
        yield (
            f"{place:4} {_named(bought.project, names)}  {bought.score:,} votes or points, "
            f"{money(bought.cost_cents)}{price}"
        )
    losers = [option for option in found.explanation.options if not option.won]
    if losers:
        yield ""
        yield "Not elected, and how close"
        for option in losers:
            yield f"     {_named(option.id, names)}  {option.score:,} votes or points: {_why(option)}"
    yield ""
    yield from _ties(found)
    yield from _notes(found)
    yield from _verdict(found)


def _named(one: str, names: dict[str, str]) -> str:
    name = plain(names.get(one, ""))
    short = name if len(name) <= _NAME else name[: _NAME - 1] + "…"
    return f"{plain(one)} {short}".strip()


def _why(option: Option) -> str:
    facts: dict[str, Any] = {
        name: _Money(value) if isinstance(value, int | float) else value
        for name, value in option.facts.items()
    }
    words = plain(_REASONS.get(option.reason, option.reason).format(**facts))
    support = option.effective_support_percent
    return words if support is None else f"{words}; effective support {support} %"


def _ties(found: Recount) -> Iterator[str]:
    if not found.outcome.ties:
        yield "Ties      none that mattered"
        return
    for tie in found.outcome.ties:
        yield f"Tie       {', '.join(map(plain, tie.projects))}: the first by {tie.decided_by}"
    yield f"          broken by {found.ties_by}"


def _notes(found: Recount) -> Iterator[str]:
    notes = found.file.notes
    for note in notes[:_MOST_NOTES]:
        where = f"line {note.line}: " if note.line else ""
        yield f"Note      {where}{note.code.replace('_', ' ')} {plain(note.detail)}".rstrip()
    if len(notes) > _MOST_NOTES:
        yield f"Note      … and {len(notes) - _MOST_NOTES} more"


def _roll(roll: Roll) -> Iterator[str]:
    if roll.could_take_part is None:
        yield "Roll      the first entry of the log does not say how large it was"
    elif roll.by != "letters":
        yield f"Roll      {roll.could_take_part:,} could take part when the vote was opened"
    if roll.at_closing is not None:
        entries = "codes in letters" if roll.by == "letters" else "entries in the roll"
        ballots = "" if roll.ballots is None else f", {roll.ballots:,} ballots"
        yield f"Roll      {roll.at_closing:,} {entries} at the end{ballots}"


def _verdict(found: Recount) -> Iterator[str]:
    log = found.log
    if log is not None:
        whole = "whole" if log.is_whole else "BROKEN" if log.entries else "EMPTY"
        yield f"Log       {log.entries} entries, chain {whole}, head {plain(log.head)}"
        for problem in log.problems[:_MOST_NOTES]:
            yield f"          line {problem.line}: {problem.code.replace('_', ' ')} {plain(problem.detail)}"
        yield from _roll(log.roll)
    for finding in found.findings:
        yield f"          {_FINDINGS[finding]}"
    published, won = found.file.published, set(found.outcome.winners)
    if published is None:
        yield "Published nothing in this file to compare with"
    elif found.is_equal:
        yield f"EQUAL     the {len(published)} published winners are those counted here"
    else:
        more = ", ".join(map(plain, sorted(won - set(published)))) or "none"
        fewer = ", ".join(map(plain, sorted(set(published) - won))) or "none"
        yield f"DIFFERENT counted but not published: {more}; published but not counted: {fewer}"
