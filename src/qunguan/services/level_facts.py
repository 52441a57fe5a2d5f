"""The facts members are judged by: purchases and points from the ledgers, streaks as the challenges count them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import cast

from sqlalchemy import select

from qunguan.domain.challenges import Challenge
from qunguan.domain.checkins import PRESENT, Records, Terms, kept_slots, settled_on
from qunguan.domain.levels import Facts, Metric, Series
from qunguan.services import challenges, rules
from qunguan.services.checkin_standing import terms_of
from qunguan.store import level_queries as queries
from qunguan.store.checkin_queries import ENROLMENTS, all_records, states_of
from qunguan.store.checkins import enrolment
from qunguan.store.member_queries import in_chunks
from qunguan.store.session import Session

_DAY = timedelta(days=1)
_STREAKS: frozenset[Metric] = frozenset({"checkins", "best_streak", "streak"})
_ENROLLED = select(enrolment)
Steps = list[tuple[date, int]]  # from this day on, this value
Kept = dict[int, dict[Metric, list[Steps]]]


def facts(
    session: Session, metrics: frozenset[Metric], day: date, ids: Sequence[int] | None = None
) -> Mapping[int, Facts]:
    """Everything these metrics say of these members (None: of all) up to a day; who has nothing is left out.

    The number of statements grows with the challenges, never with the members.
    """
    found: dict[int, dict[Metric, Series]] = {}
    columns: list[tuple[Metric, Mapping[int, Series]]] = []
    if metrics & {"spend", "orders"}:
        out = rules.value(session, "order.freight") == "out"
        spend, orders = queries.purchases(session, day, ids, freight_out=out)
        columns += [("spend", spend), ("orders", orders)]
    if "growth" in metrics:
        columns.append(("growth", queries.growth(session, day, ids)))
    if metrics & _STREAKS:
        columns += list(_checkins(session, day, ids).items())
    for metric, series in columns:
        if metric in metrics:
            for member_id, told in series.items():
                found.setdefault(member_id, {})[metric] = told
    return cast("Mapping[int, Facts]", found)


def _checkins(session: Session, day: date, ids: Sequence[int] | None) -> dict[Metric, dict[int, Series]]:
    present: dict[int, dict[date, int]] = {}
    streaks: dict[int, list[Steps]] = {}
    bests: dict[int, list[Steps]] = {}
    for found in challenges.all_challenges(session):
        for member_id, records, terms in _records(session, found, day, ids):
            days = present.setdefault(member_id, {})
            for each, state in records.items():
                if state in PRESENT and terms.first <= each and (terms.last is None or each <= terms.last):
                    days[each] = days.get(each, 0) + 1
            run, best = _runs(records, terms, day)
            streaks.setdefault(member_id, []).append(run)
            bests.setdefault(member_id, []).append(best)
    return {
        "checkins": {who: Series(sorted(days), [days[each] for each in sorted(days)]) for who, days in present.items()},
        "streak": {who: _highest(steps) for who, steps in streaks.items()},
        "best_streak": {who: _highest(steps) for who, steps in bests.items()},
    }


def _records(
    session: Session, found: Challenge, day: date, ids: Sequence[int] | None
) -> Iterable[tuple[int, Records, Terms]]:
    """(member, their records of the challenge up to a day, the terms they are judged by)."""
    if ids is None:
        records: Mapping[int, Records] = all_records(session, found.id, day)
        enrolled = session.rows(_ENROLLED.where(enrolment.c.challenge_id == found.id))
    else:
        records = states_of(session, found.id, ids)
        enrolled = list(in_chunks(session, ENROLMENTS, ids, challenge_id=found.id))
    terms = {row.member_id: terms_of(found, row) for row in enrolled}
    for member_id, mine in records.items():
        told = {each: state for each, state in mine.items() if each <= day}
        yield member_id, told, terms.get(member_id) or found.terms()


def _runs(records: Records, terms: Terms, day: date) -> tuple[Steps, Steps]:
    """The current streak and the best one of a challenge, as steps: what `checkins.standing` gives on each day.

    A run that a missed slot ended is 0 from the day after that slot: on the day itself it is still open.
    """
    cadence = terms.cadence
    kept = kept_slots(records, terms, day)
    steps: Steps = []
    best: Steps = []
    run = 0
    for place in sorted(kept):
        if place - 1 not in kept:
            run = 0
        run += kept[place]
        slot = cadence.slot_at(place)
        if kept[place]:
            since = settled_on(slot, records, terms)
            steps.append((since, run))
            if run > (best[-1][1] if best else 0):
                best.append((since, run))
        if place + 1 not in kept:
            over = _over(terms, place + 1)
            if over is not None and run:
                steps.append((over, 0))
    return steps, best


def _over(terms: Terms, place: int) -> date | None:
    """The day from which a slot counts as missed, None when it lies beyond the terms."""
    last = terms.latest(terms.cadence.slot_end(terms.cadence.slot_at(place)))
    if last is None or last < place:
        return None
    end = terms.cadence.slot_end(terms.cadence.slot_at(place))
    return (end if terms.last is None else min(end, terms.last)) + _DAY


def _highest(challenges_of: list[Steps]) -> Series:
    """The highest of several step functions, as changes."""
    days = sorted({day for steps in challenges_of for day, _value in steps})
    changes: dict[date, int] = {}
    before = 0
    for day in days:
        value = max(_at(steps, day) for steps in challenges_of)
        if value != before:
            changes[day] = value - before
            before = value
    return Series(list(changes), list(changes.values()), taken=False)


def _at(steps: Steps, day: date) -> int:
    place = bisect_right(steps, day, key=lambda step: step[0])
    return steps[place - 1][1] if place else 0
