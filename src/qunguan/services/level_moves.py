"""Who rose and who fell, who would under other terms, and who is about to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta

from qunguan.domain.clock import Clock
from qunguan.domain.errors import Refused
from qunguan.domain.level_views import AtRisk, Benefit, Ladder, Move, Moves, Overview, Preview, Survey, given
from qunguan.domain.levels import Standing, Terms, Version, standing_at
from qunguan.domain.names import typed_name
from qunguan.domain.text import show
from qunguan.services import rules
from qunguan.services.level_benefits import all_benefits
from qunguan.services.level_ladders import current, find, get, today
from qunguan.services.level_paths import Path, counted, known_of, paths, replayed
from qunguan.store import level_queries as queries
from qunguan.store.session import Session

_DAY = timedelta(days=1)


def changes(session: Session, clock: Clock, first: date, last: date, ladder_id: int | None = None) -> Moves:
    """Who rose and who fell from `first` to `last`, both included. A start above the base level is a rise."""
    found = get(session, ladder_id) if ladder_id is not None else find(session)
    people = queries.people(session, last if last < today(session, clock) else None)
    return _overview(session, found, first, last, people).moves


def overview(session: Session, clock: Clock, as_of: date | None = None, ladder: str | None = None) -> Overview:
    """A ladder on a day (None: today): members by level, and the moves of the days the rule level.recent_days says.

    Raises NotFound for the ladder, Refused for a day before it began.
    """
    found = find(session, ladder)
    day = as_of or today(session, clock)
    if day < found.first_day:
        raise Refused("{ladder} begins on {start}, after {day}", ladder=show(found.name), start=found.first_day,
                      day=day)  # fmt: skip
    back = max(1, rules.limit(session, "level.recent_days") or 1)
    return _overview(session, found, day - timedelta(days=back - 1), day, queries.people(session, as_of))


def preview(
    session: Session,
    clock: Clock,
    terms: Terms,
    ladder_id: int | None = None,
    *,
    day: date | None = None,
    first: date | None = None,
    name: str = "",
    benefits: Sequence[Benefit] = (),
) -> Preview:
    """What putting these terms in force on a day (None: today) would do: who rises, who falls, what they would lose.

    With `first`, a day before, they are in force since then and `day` is when it is looked at.

    `ladder_id` is the ladder they would change; None is a ladder that is yet to be made, called `name`, with its
    `benefits`. Nothing is written.
    """
    when = day or today(session, clock)
    before = None if ladder_id is None else get(session, ladder_id)
    people = queries.people(session, None)
    versions = (*(before.judged if before else ()), Version(first or when, terms))
    known = known_of(session, before, versions, when, None)
    old = dict(replayed(known, before.judged, when, list(people), when)) if before else {}
    new = replayed(known, versions, when, list(people), when)
    names = before.terms(when) if before else terms
    own = all_benefits(session, before.id) if before else tuple(benefits)
    ranks: list[int] = []
    moves: list[Move] = []
    for member_id, told in new:
        now, then = standing_at(told, when), standing_at(old.get(member_id, ()), when)
        if now is None:
            continue
        ranks.append(min(now.rank, len(terms.levels)))
        was = then.rank if then else 1
        if now.rank != was:
            moves.append(_move(member_id, people[member_id], now, was, (names, terms), own))
    shown = before.name if before else typed_name(name or "—")
    rises, falls = _split(moves)
    return Preview(shown, when, counted(terms, ranks), rises, falls)


def soon(session: Session, clock: Clock, days: int | None = None, ladder_id: int | None = None) -> tuple[AtRisk, ...]:
    """Whose level will be lost within `days` (None: the rule level.soon_days) if nothing comes in, soonest first."""
    found = current(session) if ladder_id is None else get(session, ladder_id)
    if found is None:
        return ()
    now = today(session, clock)
    ahead = (rules.limit(session, "level.soon_days") or 0) if days is None else days
    last = now + timedelta(days=min(max(ahead, 0) + 1, (date.max - now).days))
    people = queries.people(session, None)
    told = paths(session, found, last, list(people), everyone=True, known=now, why_from=now)
    return _soonest(_at_risk(found, people, each, now) for each in told)


def survey(session: Session, clock: Clock, ladder_id: int | None = None) -> Survey | None:
    """A ladder (None: the current one) today, in one replay: ranks, the moves of the last days, the levels about to be
    lost, as the rules level.recent_days and level.soon_days say. None while there is no ladder.
    """
    found = current(session) if ladder_id is None else get(session, ladder_id)
    if found is None:
        return None
    now = today(session, clock)
    back = max(1, rules.limit(session, "level.recent_days") or 1)
    ahead = max(0, rules.limit(session, "level.soon_days") or 0)
    first = now - timedelta(days=back - 1)
    people = queries.people(session, None)
    own = all_benefits(session, found.id)
    ranks: dict[int, int] = {}
    moves: list[Move] = []
    risks: list[AtRisk | None] = []
    last = now + timedelta(days=ahead + 1)
    for member_id, told in paths(session, found, last, list(people), everyone=True, known=now, why_from=first):
        here = standing_at(told, now)
        if here is not None:
            ranks[member_id] = min(here.rank, len(found.terms(now).levels))
            moves += _moved(found, people, (member_id, told), (first, now), own)
            risks.append(_at_risk(found, people, (member_id, told), now))
    rises, falls = _split(moves)
    levels = counted(found.terms(now), list(ranks.values()))
    return Survey(found, now, levels, ranks, Moves(first, now, rises, falls), _soonest(risks), back, ahead)


def _at_risk(found: Ladder, people: Mapping[int, str], each: tuple[int, Path], now: date) -> AtRisk | None:
    """The fall that a path from today on holds, if nothing comes in."""
    member_id, told = each
    here = standing_at(told, now)
    fall = next((each for each in told if each.from_day > now and each.rank < each.was), None)
    if here is None or fall is None or here.rank == 1:
        return None
    terms = found.terms(fall.from_day)
    return AtRisk(member_id, people[member_id], found.terms(now).name(here.rank), fall.from_day - _DAY,
                  terms.name(fall.rank), fall.cause, fall.why)  # fmt: skip


def _soonest(risks: Iterable[AtRisk | None]) -> tuple[AtRisk, ...]:
    there = [risk for risk in risks if risk is not None]
    return tuple(sorted(there, key=lambda risk: (risk.last_day, risk.name, risk.member_id)))


def _overview(session: Session, found: Ladder, first: date, last: date, people: Mapping[int, str]) -> Overview:
    own = all_benefits(session, found.id)
    terms = found.terms(last)
    ranks: list[int] = []
    moves: list[Move] = []
    for member_id, told in paths(session, found, last, list(people), everyone=True, why_from=first):
        if told:
            ranks.append(min(told[-1].rank, len(terms.levels)))
        moves += _moved(found, people, (member_id, told), (first, last), own)
    rises, falls = _split(moves)
    return Overview(found.name, last, counted(terms, ranks), Moves(first, last, rises, falls))


def _moved(
    found: Ladder,
    people: Mapping[int, str],
    path: tuple[int, Path],
    days: tuple[date, date],
    own: Sequence[Benefit],
) -> Iterator[Move]:
    """The moves on a path between two days, both included."""
    member_id, told = path
    first, last = days
    for each in told:
        if first <= each.from_day <= last and each.rank != max(1, each.was):
            names = found.terms(each.from_day - _DAY), found.terms(each.from_day)
            yield _move(member_id, people[member_id], each, max(1, each.was), names, own)


def _move(
    member_id: int, name: str, standing: Standing, was: int, names: tuple[Terms, Terms], own: Sequence[Benefit]
) -> Move:
    before, after = names
    day = standing.from_day
    lost: tuple[str, ...] = ()
    if standing.rank < was:
        kept = {each.name for each in given(own, standing.rank, day)}
        lost = tuple(each.name for each in given(own, was, day) if each.name not in kept)
    return Move(
        member_id, name, day, was, before.name(was), standing.rank, after.name(standing.rank), standing.cause,
        standing.why, lost, standing.reason,
    )  # fmt: skip


def _split(moves: list[Move]) -> tuple[tuple[Move, ...], tuple[Move, ...]]:
    moves.sort(key=lambda move: (move.day, move.name, move.member_id))
    return tuple(move for move in moves if move.up), tuple(move for move in moves if not move.up)
