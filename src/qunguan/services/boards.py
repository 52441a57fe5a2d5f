"""Leaderboards as of a day: points, check-ins, streaks, referrals; of a day, a week, a month, a challenge, or ever."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from sqlalchemy import select

from qunguan.domain.boards import (
    COUNTS,
    MEDAL_SHARED_BY,
    By,
    Kept,
    Leaderboard,
    Period,
    Unit,
    first_day,
    is_over,
    kept_longest,
    longest_in,
    ranked,
)
from qunguan.domain.challenges import Challenge
from qunguan.domain.clock import Clock
from qunguan.domain.errors import BadInput
from qunguan.domain.rosters import Reason
from qunguan.domain.rules import preset
from qunguan.domain.sources import Brief
from qunguan.i18n import N_
from qunguan.services import challenges, earning, groups, members, rules
from qunguan.services.checkin_standing import terms_of
from qunguan.store import board_queries as queries
from qunguan.store.checkin_queries import all_records, nicks, states_of
from qunguan.store.checkins import enrolment
from qunguan.store.session import Session

_WHOLE = 50  # from this many members on, reading the whole challenge is quicker than reading each member
_UNITS: dict[By, Unit] = {"points": "point", "checkins": "checkin", "streak": "day", "referrals": "referral"}
_SOURCES: dict[By, str] = {
    "points": "semantics 3.3",
    "checkins": "semantics 3.2",
    "streak": "semantics 3.2",
    "referrals": "semantics 3.11",
}


def leaderboard(
    session: Session,
    clock: Clock,
    by: By,
    period: Period,
    *,
    group_id: int | None = None,
    as_of: date | None = None,
    challenge_id: int | None = None,
    top: int | None = None,
) -> Leaderboard:
    """Who is where at the end of `as_of` (None: today), of those who are there that day.

    With a group its members, its challenges and the invitations into it count (points belong to the person). A
    `challenge_id` limits check-ins, streaks and points to that challenge, with any period; the period "challenge" is
    from its first day to its last and needs one. Equal values share a rank. Raises BadInput and NotFound.
    """
    found = None if challenge_id is None else challenges.get(session, challenge_id)
    if period == "challenge" and found is None:
        raise BadInput("which challenge is meant is missing", hint="name one, or choose another period")
    group_id = found.group_id if found else group_id
    today = clock.today(groups.day_rule(session, group_id))
    last, first = _span(period, found, as_of or today)
    leaders = _leaders(session, by, (first, last), today, group_id, found, top)
    if leaders is not None:
        lines = ranked(leaders, queries.people(session, group_id, last, leaders))
    else:
        values = _values(session, by, (first, last), today, group_id, found)
        lines = ranked(values, queries.people(session, group_id, last))
    lines = [line for line in lines if top is None or line.rank <= top]
    ids = [line.member_id for line in lines]
    names, known = members.names(session, ids), nicks(session, ids)
    scope = found.name if found else groups.get(session, group_id).name if group_id is not None else ""
    unit = "week" if by == "streak" and found and found.cadence.unit == "week" else _UNITS[by]
    return Leaderboard(
        by, period, first, last, unit, scope,
        tuple(replace(line, name=names[line.member_id], nick=known.get(line.member_id, "")) for line in lines),
        quiet_top(session),
        is_over(period, last, today),
    )  # fmt: skip


def quiet_top(session: Session) -> int | None:
    """How many ranks the group may see: the rule board.quiet_top while the quiet mode is on, None while it is off."""
    quiet = rules.state(session, "board.quiet")
    return rules.limit(session, "board.quiet_top") if quiet.enabled and quiet.value == "on" else None


def set_quiet(session: Session, clock: Clock, *, quiet: bool) -> int | None:
    """Switch the quiet mode on or off for every group; how many ranks are shown from now on (None: all)."""
    session.step(N_("Switched the quiet mode on") if quiet else N_("Switched the quiet mode off"))
    if quiet:
        for rule_id in ("board.quiet", "board.quiet_top"):
            rules.switch(session, clock, rule_id, enabled=True)
    rules.change(session, clock, "board.quiet", "on" if quiet else "off")
    return quiet_top(session)


def why_board(board: Leaderboard) -> tuple[Reason, ...]:
    """How a board is counted: the figure, its days, how equals are ranked, and what the quiet mode hides."""
    lines = [
        Reason.of(N_("{how} ({source})"), how=Reason.of(COUNTS[board.by]), source=Brief(_SOURCES[board.by])),
        Reason.of(N_("from {first} to {last}"), first=board.first, last=board.last)
        if board.first
        else Reason.of(N_("everything to {last}"), last=board.last),
        Reason.of(N_("equal values share a rank, the next one is left out: 1, 1, 3")),
        Reason.of(
            N_("a medal is shared by {n} at most; with more on one place they have its number"), n=MEDAL_SHARED_BY
        ),
        Reason.of(N_("who has nothing yet is not on the board, nor is who has left")),
    ]
    if board.quiet_top is not None:
        source = preset("board.quiet").source
        label = N_("quiet mode: the group sees the first {n} ranks ({source})")
        lines.append(Reason.of(label, n=board.quiet_top, source=source))
    return tuple(lines)


def _span(period: Period, found: Challenge | None, day: date) -> tuple[date, date | None]:
    """The last and first day that count."""
    if period != "challenge" or found is None:
        return day, first_day(period, day)
    last = day if found.last_day is None else min(day, found.last_day)
    return max(last, found.starts_on), found.starts_on


def _values(
    session: Session, by: By, days: tuple[date | None, date], today: date, group_id: int | None, found: Challenge | None
) -> Mapping[int, int]:
    first, last = days
    challenge_id = found.id if found else None
    if by == "points":
        return queries.earned(session, first, last, challenge_id)
    if by == "checkins":
        return queries.checkins(session, first, last, group_id=group_id, challenge_id=challenge_id)
    if by == "streak":
        return _streaks(session, days, today, group_id, found)
    counts: dict[int, int] = {}
    for each in earning.referrals(session, last, group_id):
        if first is None or each.counts_on >= first:
            counts[each.inviter_id] = counts.get(each.inviter_id, 0) + 1
    return counts


def _leaders(
    session: Session,
    by: By,
    days: tuple[date | None, date],
    today: date,
    group_id: int | None,
    found: Challenge | None,
    top: int | None,
) -> dict[int, int] | None:
    """The first of a board that an index tells without the others: the longest streaks ever, as of today."""
    first, last = days
    if by != "streak" or top is None or first is not None or last < today:
        return None
    several = _streak_challenges(session, group_id, found)
    if any(each.cadence.times for each in several):  # of weeks the records tell
        return None
    return queries.best_streaks(session, [each.id for each in several], group_id, last, top)


def _streak_challenges(session: Session, group_id: int | None, found: Challenge | None) -> list[Challenge]:
    """The challenge that is meant, or every one whose streaks are days."""
    if found is not None:
        return [found]
    return [each for each in challenges.all_challenges(session, group_id) if each.cadence.unit == "day"]


def _streaks(
    session: Session, days: tuple[date | None, date], today: date, group_id: int | None, found: Challenge | None
) -> dict[int, int]:
    """The longest streak of any challenge; weekly ones count for themselves only, weeks are not days (C19)."""
    first, last = days
    several = _streak_challenges(session, group_id, found)
    over = first is not None and first < today
    longest: dict[int, int] = {}
    for each in several:
        for member_id, value in _longest(session, each, first, last, over).items():
            longest[member_id] = max(value, longest.get(member_id, 0))
    return longest


def _longest(session: Session, found: Challenge, first: date | None, last: date, over: bool) -> dict[int, int]:
    """The longest streak of everyone in one challenge.

    The stored standing tells it for most: the records are read only of those it does not tell enough of.
    """
    terms, longest = {}, {}
    for row in session.rows(select(enrolment).where(enrolment.c.challenge_id == found.id)):
        mine = terms_of(found, row)
        value = kept_longest(Kept(row.run, row.best, row.last_day), mine, first, last, over=over)
        if value is None:
            terms[row.member_id] = mine
        else:
            longest[row.member_id] = value
    many = len(terms) >= _WHOLE
    records = all_records(session, found.id, last) if many else states_of(session, found.id, list(terms))
    for member_id, mine in terms.items():
        told = {day: state for day, state in records.get(member_id, {}).items() if day <= last}
        longest[member_id] = longest_in(told, mine, first, last, over=over)
    return longest
