"""The owner's ninety days: when they began, what is ticked and by what; and the notebook of cases (S4-27, S4-28)."""

from __future__ import annotations

from datetime import date

from qunguan.domain import growth
from qunguan.domain.clock import Clock
from qunguan.domain.errors import BadInput, Refused
from qunguan.domain.growth import BoxState, Plan, box, checked_note
from qunguan.i18n import N_
from qunguan.services import groups
from qunguan.services.growth_cases import add_case as add_case
from qunguan.services.growth_cases import case as case
from qunguan.services.growth_cases import cases as cases
from qunguan.services.growth_cases import edit_case as edit_case
from qunguan.services.growth_cases import notebook as notebook
from qunguan.services.growth_cases import remove_case as remove_case
from qunguan.services.growth_evidence import evidence
from qunguan.store import growth_queries as queries
from qunguan.store.growth import growth_mark, growth_plan
from qunguan.store.session import Session


def plan(session: Session, clock: Clock, as_of: date | None = None) -> Plan:
    """The plan with its boxes, today or as of a past day: what came later does not count."""
    today = as_of or clock.today(groups.day_rule(session))
    begins_on, chosen = _start(session, today)
    marks = {row.box: (row.done_on, row.note) for row in queries.marks(session) if row.done_on <= today}
    boxes = growth.states(begins_on, today, evidence(session, today), marks)
    return Plan(begins_on, chosen, today, boxes)


def start(session: Session, clock: Clock, day: date | None = None) -> Plan:
    """Begin the ninety days on a day, today without one; what is ticked stays ticked. Raises BadInput for a day further
    off than the plan is long.
    """
    today = clock.today(groups.day_rule(session))
    begins_on = today if day is None else day
    if (begins_on - today).days > growth.LAST_DAY:
        raise BadInput("{day} is too far off to plan by", hint="begin today, or within {n} days", day=begins_on,
                       n=growth.LAST_DAY)  # fmt: skip
    row = queries.plan(session)
    if row is None or row.begins_on != begins_on:
        session.step(N_("The growth plan begins on {day}"), day=begins_on)
        if row is None:
            session.insert(growth_plan, begins_on=begins_on, made_at=clock.now())
        else:
            session.update(growth_plan, row.id, begins_on=begins_on, made_at=clock.now())
    return plan(session, clock)


def tick(session: Session, clock: Clock, code: str, note: str, day: date | None = None) -> BoxState:
    """Tick a box by hand, with a word on what was done; again, that word and day hold from then on. Raises NotFound,
    BadInput without a word or for a day that has not come, Refused where the data has ticked it already.
    """
    meant = box(code)
    today = clock.today(groups.day_rule(session))
    done_on, said = day or today, checked_note(note)
    if done_on > today:
        raise BadInput("{day} has not come yet", hint="today is {today}", day=done_on, today=today)
    _refuse_derived(_state(session, clock, meant.code))
    row = next((each for each in queries.marks(session) if each.box == meant.code), None)
    if row is None:
        session.step(N_("Ticked “{title}” in the growth plan"), title=meant.title)
        session.insert(growth_mark, box=meant.code, note=said, done_on=done_on, made_at=clock.now())
    elif (row.note, row.done_on) != (said, done_on):
        session.step(N_("Ticked “{title}” in the growth plan"), title=meant.title)
        session.update(growth_mark, row.id, note=said, done_on=done_on, made_at=clock.now())
    return _state(session, clock, meant.code)


def untick(session: Session, clock: Clock, code: str) -> BoxState:
    """Take a tick made by hand off; nothing changes where there is none. Raises NotFound, Refused where the data has
    ticked the box.
    """
    meant = box(code)
    row = next((each for each in queries.marks(session) if each.box == meant.code), None)
    if row is not None:
        session.step(N_("Took the tick off “{title}” in the growth plan"), title=meant.title)
        session.delete(growth_mark, row.id)
    else:
        _refuse_derived(_state(session, clock, meant.code))
    return _state(session, clock, meant.code)


def _state(session: Session, clock: Clock, code: str) -> BoxState:
    return next(each for each in plan(session, clock).boxes if each.box.code == code)


def _refuse_derived(found: BoxState) -> None:
    if found.evidence is not None:
        raise Refused("this box is ticked already: {why}", hint="it follows from your data and goes when that goes",
                      why=str(found.evidence))  # fmt: skip


def _start(session: Session, today: date) -> tuple[date, bool]:
    """The day the plan begins, and whether the owner chose it; else the day the first group was made, or today."""
    row = queries.plan(session)
    if row is not None:
        return row.begins_on, True
    first = queries.first_group(session)
    return (groups.day_rule(session, first.id).biz_date(first.created_at) if first else today), False
