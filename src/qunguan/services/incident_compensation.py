"""Amends for an incident: promised, handed over, taken back, or imported as a list; each exactly once (S4-20).

Points that are handed over are entries of the ledger under the source ("incident", "<incident>.<id>"), which no cap
cuts: they are owed. A drill writes its own rows only.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import Row

from qunguan.domain.clock import Clock
from qunguan.domain.errors import NotFound, Refused
from qunguan.domain.incident_compensation import (
    SOURCE,
    Amends,
    Compensation,
    CompensationSum,
    Delivered,
    checked,
    key_of,
    same,
    source_id,
)
from qunguan.domain.points import Award, AwardKey
from qunguan.domain.text import show
from qunguan.i18n import N_
from qunguan.services import members, points
from qunguan.services.groups import day_rule
from qunguan.services.points_awards import OWED_RULE
from qunguan.store import compensation_queries as queries
from qunguan.store.incidents import compensation, incident
from qunguan.store.session import Session


def of_incident(session: Session, incident_id: int) -> tuple[Compensation, ...]:
    """Every promise of an incident, in the order they were made."""
    return tuple(map(_compensation, queries.promises(session, incident_id)))


def sums(session: Session, incident_id: int) -> CompensationSum:
    """What was promised for an incident, and what of it was handed over."""
    return CompensationSum(*queries.sums(session, incident_id))


def promise(session: Session, clock: Clock, incident_id: int, member_id: int, amends: Amends) -> Compensation:
    """Promise a member something; the same again is the promise there is. Raises NotFound, BadInput, and Refused where
    the same number, or the same kind and words, was promised with another amount.
    """
    found, amends = incident_of(session, incident_id), checked(amends)
    name = members.get(session, member_id).name
    key = key_of(amends)
    kept = next(
        (one for one in of_incident(session, incident_id) if (one.member_id, one.key) == (member_id, key)), None
    )
    if kept is not None:
        refuse_other(kept, amends)
        return kept
    session.step(N_("Promised amends to {member}: {name}"), member=name, name=found.title)
    made = session.insert(compensation, **columns(clock, found.id, member_id, amends))
    return _these(session, incident_id, [made])[0]


def deliver(session: Session, clock: Clock, incident_id: int, ids: Collection[int] | None = None) -> Delivered:
    """Hand promises over, all that wait without `ids`: points go into the ledger, of the rest it is noted. Twice is
    once. Raises NotFound.
    """
    found = incident_of(session, incident_id)
    told = _these(session, incident_id, ids)
    waiting = [one for one in told if one.delivered_at is None]
    if not waiting:
        return Delivered((), len(told))
    session.step(N_("Made amends to {n} people: {name}"), n=len({one.member_id for one in waiting}), name=found.title)
    now = clock.now()
    session.update_many(compensation, [{"id": one.id, "delivered_at": max(now, one.promised_at)} for one in waiting])
    booked = 0 if found.drill else _book(session, clock, found, waiting)
    done = _these(session, incident_id, [one.id for one in waiting])
    return Delivered(done, len(told) - len(done), booked)


def take_back(session: Session, clock: Clock, incident_id: int, ids: Collection[int]) -> Delivered:
    """Note that promises were not handed over after all; points go back, as far as they are there by the rule
    points.reverse_policy. The promise stands. Raises NotFound.
    """
    found = incident_of(session, incident_id)
    told = _these(session, incident_id, ids)
    there = [one for one in told if one.delivered_at is not None]
    if not there:
        return Delivered((), len(told))
    session.step(N_("Took back amends of {n} people: {name}"), n=len({one.member_id for one in there}),
                 name=found.title)  # fmt: skip
    session.update_many(compensation, [{"id": one.id, "delivered_at": None} for one in there])
    keys = [_award_key(one) for one in there if one.points]
    stood = _standing(session, keys)
    waived = points.take_back(session, clock, keys).waived
    done = _these(session, incident_id, [one.id for one in there])
    return Delivered(done, len(told) - len(done), _standing(session, keys) - stood, waived)


def withdraw(session: Session, clock: Clock, incident_id: int, ids: Collection[int]) -> int:
    """Take out promises that were a mistake; returns how many. Raises NotFound, Refused for what was handed over."""
    found = incident_of(session, incident_id)
    told = _these(session, incident_id, ids)
    there = next((one for one in told if one.delivered_at is not None), None)
    if there is not None:
        raise Refused("{name} has had it already", hint="take it back first", name=show(there.name))
    if told:
        session.step(N_("Withdrew {n} promises: {name}"), n=len(told), name=found.title)
    for one in told:
        session.delete(compensation, one.id)
    return len(told)


def columns(clock: Clock, incident_id: int, member_id: int, amends: Amends) -> dict[str, Any]:
    """The row of a promise that is made now."""
    return {
        "incident_id": incident_id, "member_id": member_id, "key": key_of(amends), "kind": amends.kind,
        "points": amends.points, "fen": amends.fen, "what": amends.what, "promised_at": clock.now(),
    }  # fmt: skip


def refuse_other(kept: Compensation, amends: Amends) -> None:
    """Raise Refused where a promise that is kept does not say what is told again."""
    if not same(kept, amends):
        hint = N_("withdraw that promise, or give this one a number of its own (凭证号)")
        raise Refused("{name} was promised something else under this: {told}", hint=hint, name=show(kept.name),
                      told=kept.amends)  # fmt: skip


def incident_of(session: Session, incident_id: int) -> Row[Any]:
    """The incident's row. Raises NotFound."""
    found = session.get(incident, incident_id)
    if found is None:
        raise NotFound("there is no incident #{id}", hint="see the list of incidents", id=incident_id)
    return found


def _these(session: Session, incident_id: int, ids: Collection[int] | None) -> tuple[Compensation, ...]:
    """These promises (None: all). Raises NotFound for one that is not of the incident."""
    found = tuple(map(_compensation, queries.promises(session, incident_id, ids=ids)))
    missing = set(ids or ()) - {one.id for one in found}
    if missing:
        raise NotFound("there is no promise #{id} in this incident", hint="see the list of what was promised",
                       id=min(missing))  # fmt: skip
    return found


def _book(session: Session, clock: Clock, found: Row[Any], waiting: Collection[Compensation]) -> int:
    """Put the points into the ledger, each promise once; returns how many points stand for them."""
    today = clock.today(day_rule(session))
    awards = [
        Award(one.member_id, OWED_RULE, one.points, SOURCE, source_id(found.id, one.id), today, found.title)
        for one in waiting
        if one.points
    ]
    return sum(each.amount for each in points.award_many(session, clock, awards))


def _award_key(one: Compensation) -> AwardKey:
    return AwardKey(one.member_id, OWED_RULE, SOURCE, source_id(one.incident_id, one.id))


def _standing(session: Session, keys: Collection[AwardKey]) -> int:
    return sum(left for _award, left in points.standing_of(session, keys).values())


def _compensation(row: Row[Any]) -> Compensation:
    return Compensation(
        row.id, row.incident_id, row.member_id, row.name, row.key, row.kind, row.points, row.fen, row.what,
        row.promised_at, row.delivered_at,
    )  # fmt: skip
