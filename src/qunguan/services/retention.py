"""Retention of a group: cohorts by first join, classic and rolling, by day and by week (semantics 3.6, formats 14)."""

from __future__ import annotations

from datetime import date, timedelta

from qunguan.domain.clock import Clock
from qunguan.domain.errors import BadInput
from qunguan.domain.retention import (
    CELLS,
    DAYS,
    WEEKS,
    Born,
    Cell,
    CellWhy,
    Cohort,
    Counted,
    Counts,
    Kind,
    Retention,
    dark,
    line,
    lines,
    monday,
    week_of,
)
from qunguan.services import groups, presence
from qunguan.services.presence_read import use_rollups
from qunguan.store import presence_reads as reads
from qunguan.store.session import Session


def retention(
    session: Session,
    clock: Clock,
    group_id: int,
    kind: Kind = Kind.CLASSIC,
    cohort: Cohort = Cohort.DAY,
    as_of: date | None = None,
    since: date | None = None,
) -> Retention:
    """The cohorts of a group as of a day (None: today), those that began on `since` or after (None: all of them).

    Today is never over: a day counts as passed from the next one on. As of a past day all of that day is.
    """
    today = clock.today(groups.day_rule(session, group_id))
    when = as_of or today
    complete = _complete(today, when)
    start = since if since is None or cohort is Cohort.DAY else monday(since)
    counts, born = presence.definition(session)
    found = _counted(session, group_id, counts, born, today, when, start)
    told = presence.coverage(session, group_id)
    rolled = use_rollups(session, group_id, today, when)
    outside = (
        reads.outside_now(session, group_id) if rolled else reads.outside_then(session, group_id, counts, born, when)
    )
    known = _known_from(session, group_id, counts, told[0].first if told else None)
    together = line(complete, found, kind, complete, known)
    other = Kind.ROLLING if kind is Kind.CLASSIC else Kind.CLASSIC
    return Retention(
        group_id=group_id,
        kind=kind,
        cohort=cohort,
        as_of=when,
        complete=complete,
        counts=counts,
        born=born,
        cohorts=lines(found, kind, cohort, complete, known),
        overall=together.cells,
        other=line(complete, found, other, complete, known).cells,
        weeks=together.weeks,
        outside=outside,
        told_from=told[0].first if told else None,
        told_to=told[-1].last if told else None,
        known_from=known,
        partly=dark(found, known),
    )


def why_cell(
    session: Session,
    clock: Clock,
    group_id: int,
    start: date,
    number: int,
    *,
    kind: Kind = Kind.CLASSIC,
    cohort: Cohort = Cohort.DAY,
    weekly: bool = False,
    as_of: date | None = None,
) -> CellWhy:
    """Who stands behind one cell: `start` is the cohort's first day, `number` the day or (`weekly`) the week.

    Raises BadInput for a cell nobody counts.
    """
    if number not in (WEEKS if weekly else DAYS):
        raise BadInput("{number} is no column of the table", hint="use one of: {known}", number=number,
                       known=", ".join(map(str, WEEKS if weekly else DAYS)))  # fmt: skip
    cell = Cell(number, weekly)
    today = clock.today(groups.day_rule(session, group_id))
    when = as_of or today
    complete = _complete(today, when)
    first, last = (start, start) if cohort is Cohort.DAY else week_of(start)
    counts, born = presence.definition(session)
    bit = CELLS.index(cell) + 1
    kept: list[int] = []
    lost: list[int] = []
    waiting: list[int] = []
    untold: list[int] = []
    told = presence.coverage(session, group_id)
    known = _known_from(session, group_id, counts, told[0].first if told else None)
    for member_id, day, bits, later in reads.born_between(session, group_id, counts, born, first, last, when):
        hit = (bits if kind is Kind.CLASSIC else later) >> bit & 1
        if cell.ends(day) > complete:
            into = waiting
        elif known is None or cell.starts(day) < known:
            into = untold
        else:
            into = kept if hit else lost
        into.append(member_id)
    return CellWhy(
        cell, kind, counts, born, first, last, cell.starts(first), cell.ends(last), complete,
        tuple(kept), tuple(lost), tuple(waiting), tuple(untold), known,
    )  # fmt: skip


def _complete(today: date, as_of: date) -> date:
    """The last day that is over, as seen on `as_of`."""
    return min(as_of, today - timedelta(days=1))


def _known_from(session: Session, group_id: int, counts: Counts, chat_from: date | None) -> date | None:
    """The first day anything that counts as active is told of; None where nothing is. Before it all is unknown."""
    spoke = None if counts is Counts.CHECKINS else chat_from
    if counts is Counts.MESSAGES:
        return spoke
    return reads.told_from(session, group_id, counts, spoke)


def _counted(
    session: Session,
    group_id: int,
    counts: Counts,
    born: Born,
    today: date,
    as_of: date,
    since: date | None,
) -> list[Counted]:
    if use_rollups(session, group_id, today, as_of):
        return reads.cohorts_now(session, group_id, since or date.min)
    return reads.cohorts_then(session, group_id, counts, born, since, as_of)
