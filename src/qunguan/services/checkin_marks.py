"""One member's day by hand: tick, untick, make up, freeze, excuse; and many members over a range of days."""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from datetime import date, timedelta

from sqlalchemy import select

from qunguan.domain.challenges import Challenge
from qunguan.domain.checkin_outcomes import MarkOutcome, RangeOutcome
from qunguan.domain.checkins import AWAY, DONE, MAKEUP, NONE, PRESENT, STATES, Mark, streak
from qunguan.domain.clock import Clock
from qunguan.domain.errors import BadInput, Refused
from qunguan.domain.text import NOTE_LIMIT, clean, show
from qunguan.i18n import N_, _
from qunguan.services import challenges, groups, members
from qunguan.services.checkin_standing import terms_of
from qunguan.services.checkin_write import Entry, Written, write
from qunguan.store.checkin_queries import ENROLMENTS, makeups_between, state_on, states_between, states_of
from qunguan.store.checkins import checkin
from qunguan.store.session import Session

MAX_RANGE = 366
_LABELS = {
    "done": N_("Checked in {name} for {day}"),
    "makeup": N_("Made up {day} for {name}"),
    "frozen": N_("Froze {day} for {name}"),
    "excused": N_("Excused {name} on {day}"),
    "none": N_("Took away the check-in of {name} on {day}"),
}


def tick(session: Session, clock: Clock, challenge_id: int, member_id: int, day: date | None = None) -> MarkOutcome:
    """Check a member in for a day (None: today). Raises Refused for a day that does not count."""
    return mark(session, clock, challenge_id, member_id, day, DONE)


def untick(session: Session, clock: Clock, challenge_id: int, member_id: int, day: date | None = None) -> MarkOutcome:
    """Take a member's record of a day away, and what it earned."""
    return mark(session, clock, challenge_id, member_id, day, NONE)


def toggle(session: Session, clock: Clock, challenge_id: int, member_id: int, day: date | None = None) -> MarkOutcome:
    """Tick, or untick what is ticked: the space bar. A frozen or excused day is ticked."""
    found = challenges.get(session, challenge_id)
    when = day or _today(session, clock, found)
    state = state_on(session, challenge_id, member_id, when)
    return mark(session, clock, challenge_id, member_id, when, NONE if state in PRESENT else DONE)


def mark(
    session: Session,
    clock: Clock,
    challenge_id: int,
    member_id: int,
    day: date | None,
    state: Mark,
    reason: str = "",
) -> MarkOutcome:
    """Say what a member's day was (semantics 3.2); "none" removes the record.

    "done" for a past day is the owner's word and is taken: pasting yesterday's 接龙 today is normal. "makeup" follows
    the rules: the day is over, at most `makeup_days` ago, within the quota of the calendar month *of that day*, and
    paid where it costs points. A make-up earns the points of a check-in, dated today, never anything time-based. It
    needs a reason: without one "补卡" (in the language in force) is stored, so that it shows. Days can be frozen or
    excused ahead. Raises Refused, BadInput or NotFound, one line.
    """
    if state not in (*STATES, NONE):
        raise BadInput(
            "{state} is not a state",
            hint="use one of: {known}",
            state=show(state[:40]),
            known=", ".join((*STATES, NONE)),
        )
    found = challenges.get(session, challenge_id)
    name = members.get(session, member_id).name
    today = _today(session, clock, found)
    when = day or today
    _check_ahead(when, today)
    if state != NONE:
        found.check_day(when, max(today, when) if state in AWAY else today)
    before: Mark = state_on(session, challenge_id, member_id, when) or NONE
    if state == MAKEUP and before != MAKEUP:
        _check_makeup(session, found, member_id, name, when, today, before)
    session.step(_LABELS[state], name=name, day=when)
    said = clean(reason, NOTE_LIMIT) or (_("make-up") if state == MAKEUP else None)
    written = write(session, clock, found, [Entry(member_id, when, state, reason=said)])
    return _outcome(session, found, (member_id, name), when, today, state, written)


def mark_range(
    session: Session,
    clock: Clock,
    challenge_id: int,
    member_ids: Iterable[int],
    state: Mark,
    first: date,
    last: date,
    reason: str = "",
) -> RangeOutcome:
    """Freeze or excuse every due day from `first` to `last` for these members, or take that away again ("none").

    Check-ins and make-ups in the range are never touched. Raises BadInput for a range that cannot be, Refused when
    nothing is due in it.
    """
    if state not in (*AWAY, NONE):
        raise BadInput("only frozen, excused or none can hold for a range of days", hint="mark check-ins one by one")
    if last < first:
        raise BadInput("the end is before the beginning: {first} to {last}", first=first, last=last)
    if (last - first).days >= MAX_RANGE:
        raise BadInput("{first} to {last} is too long", hint="use at most a year", first=first, last=last)
    found = challenges.get(session, challenge_id)
    _check_ahead(last, _today(session, clock, found))
    ids = list(dict.fromkeys(member_ids))
    for member_id in ids:
        members.get(session, member_id)
    terms = found.terms()
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    due = [day for day in days if terms.due(day)]
    if not due:
        raise Refused("nothing is due from {first} to {last}", first=first, last=last)
    known = states_between(session, challenge_id, first, last)
    note = clean(reason, NOTE_LIMIT) or None
    entries, kept = [], 0
    for member_id in ids:
        own = known.get(member_id, {})
        kept += sum(own.get(day) in PRESENT for day in due)
        entries += [Entry(member_id, day, state, reason=note) for day in due if own.get(day) not in PRESENT]
    label = N_("Cleared {first} to {last}") if state == NONE else N_("Marked {first} to {last} for {n} members")
    session.step(label, first=first, last=last, n=len(ids))
    written = write(session, clock, found, entries)
    return RangeOutcome(len({entry.member_id for entry in written.changed}), len(written.changed), kept)


def _today(session: Session, clock: Clock, found: Challenge) -> date:
    return clock.today(groups.day_rule(session, found.group_id))


def _check_ahead(day: date, today: date) -> None:
    if (day - today).days >= MAX_RANGE:
        raise Refused("{day} is too far ahead", hint="days can be frozen for a year at most", day=day)


def _check_makeup(
    session: Session, found: Challenge, member_id: int, name: str, day: date, today: date, before: Mark
) -> None:
    if before == DONE:
        raise Refused("{name} has checked in on {day} already", name=show(name), day=day)
    if day >= today:
        raise Refused("{day} is not over yet", hint="check in instead of making up", day=day)
    if (today - day).days > found.makeup_days:
        raise Refused(
            "{day} can no longer be made up",
            hint="make-ups are open for {n} days",
            day=day,
            n=found.makeup_days,
        )
    first = day.replace(day=1)
    last = day.replace(day=calendar.monthrange(day.year, day.month)[1])
    used = makeups_between(session, found.id, member_id, first, last)
    if used >= found.makeup_quota:
        raise Refused(
            "{name} has no make-up left in {month}",
            hint="{n} a month are allowed",
            name=show(name),
            month=f"{day:%Y-%m}",
            n=found.makeup_quota,
        )


def _outcome(
    session: Session,
    found: Challenge,
    who: tuple[int, str],
    day: date,
    today: date,
    state: Mark,
    written: Written,
) -> MarkOutcome:
    member_id, name = who
    if written.book is not None and member_id in written.book.terms:
        terms, records = written.book.terms[member_id], written.book.records[member_id]
    else:
        enrolled = session.first(ENROLMENTS, {"challenge_id": found.id, "ids": [member_id]})
        terms = found.terms() if enrolled is None else terms_of(found, enrolled)
        records = states_of(session, found.id, [member_id]).get(member_id, {})
    current = streak(records, terms, today)
    earned = written.points.get(member_id, 0)
    return MarkOutcome(
        member_id, name, day, state, bool(written.changed), current, earned, member_id in written.enrolled
    )


def reason_of(session: Session, challenge_id: int, member_id: int, day: date) -> str:
    """Why a day was made up, frozen or excused, "" when nothing was said."""
    query = select(checkin.c.reason).where(
        checkin.c.challenge_id == challenge_id, checkin.c.member_id == member_id, checkin.c.day == day
    )
    return session.scalar(query) or ""
