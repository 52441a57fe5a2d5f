"""Goals: set, changed, closed, and how far each got as of any day (S0-07, C06). Figures are the health card's."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from qunguan.domain import goals
from qunguan.domain.clock import Clock
from qunguan.domain.errors import NotFound, Refused
from qunguan.domain.goals import Goal, Measured, Progress
from qunguan.domain.names import typed_name
from qunguan.i18n import N_, _
from qunguan.services import groups, rules
from qunguan.services.goal_metrics import Figures
from qunguan.store.goals import goal as table
from qunguan.store.session import Session

_DEFAULT_DAYS = 30


def add(
    session: Session,
    clock: Clock,
    metric: str,
    target: str,
    *,
    kind: goals.Kind = "value",
    name: str = "",
    baseline: str | None = None,
    from_day: date | None = None,
    to_day: date | None = None,
    group_id: int | None = None,
    source: str = "",
) -> Goal:
    """Set a goal: `target` as it is typed, from a day (None: today) to a day (None: 30 days on).

    `baseline` as it is typed; None is measured on the first day. Raises BadInput, NotFound.
    """
    first = from_day or clock.today(groups.day_rule(session, group_id))
    wanted = goals.typed(metric, kind, target)
    started = None if baseline is None else goals.typed(metric, "value", baseline)
    last = to_day or first + timedelta(days=_DEFAULT_DAYS)
    shown = typed_name(name or _(goals.METRICS[metric][0]))
    made = Goal(0, group_id, shown, metric, kind, started, wanted, first, last, source)
    goals.checked(made)
    session.step(N_("Set the goal {name}"), name=shown)
    goal_id = session.insert(table, **_columns(made), created_at=clock.now())
    return replace(made, id=goal_id)


def add_preset(
    session: Session,
    clock: Clock,
    preset: str,
    *,
    from_day: date | None = None,
    group_id: int | None = None,
    points: bool = False,
) -> Goal:
    """Set a shipped goal, from a day (None: today) on. `points` takes its percent as percentage points (semantics 3.7).

    Raises NotFound for a preset, BadInput where points make no sense of it.
    """
    told = goals.preset(preset)
    first = from_day or clock.today(groups.day_rule(session, group_id))
    kind: goals.Kind = "points" if points else told.kind
    return add(session, clock, told.metric, told.target, kind=kind, name=told.name, from_day=first,
               to_day=first + timedelta(days=told.days), group_id=group_id, source=told.source)  # fmt: skip


def edit(session: Session, clock: Clock, goal: Goal) -> Goal:
    """Write a goal as it is given: take it, `dataclasses.replace` what changes. Raises NotFound, BadInput."""
    get(session, goal.id)
    named = replace(goal, name=typed_name(goal.name))
    goals.checked(named)
    session.step(N_("Changed the goal {name}"), name=named.name)
    session.update(table, goal.id, **_columns(named))
    return get(session, goal.id)


def close(session: Session, clock: Clock, goal_id: int, *, reopen: bool = False) -> Goal:
    """Put a goal aside from today on, or take it up again. Raises NotFound, Refused when it is so already."""
    found = get(session, goal_id)
    if (found.closed_on is None) == reopen:
        raise Refused(N_("{name} is open already") if reopen else N_("{name} is closed already"), name=found.name)
    session.step(N_("Took up the goal {name}") if reopen else N_("Closed the goal {name}"), name=found.name)
    day = clock.today(groups.day_rule(session, found.group_id))
    session.update(table, goal_id, closed_on=None if reopen else day)
    return get(session, goal_id)


def get(session: Session, goal_id: int) -> Goal:
    """One goal. Raises NotFound."""
    row = session.get(table, goal_id)
    if row is None:
        raise NotFound("there is no goal #{goal}", hint="see the list: qunguan insight goals", goal=goal_id)
    return _goal(row)


def all_goals(session: Session, group_id: int | None = None, *, closed: bool = True) -> tuple[Goal, ...]:
    """The goals of a group, with those of everybody, or all; by their last day."""
    query = select(table).order_by(table.c.to_day, table.c.id)
    if group_id is not None:
        query = query.where((table.c.group_id == group_id) | table.c.group_id.is_(None))
    if not closed:
        query = query.where(table.c.closed_on.is_(None))
    return tuple(_goal(row) for row in session.rows(query))


def progress(session: Session, clock: Clock, goal: Goal, as_of: date | None = None) -> Progress:
    """How far a goal got by a day (None: today)."""
    return _progress(Figures(session, clock), goal, as_of)


def progresses(
    session: Session, clock: Clock, as_of: date | None = None, group_id: int | None = None, *, closed: bool = True
) -> tuple[Progress, ...]:
    """The same of every goal; figures of one group and day are read once."""
    figures = Figures(session, clock)
    return tuple(_progress(figures, each, as_of) for each in all_goals(session, group_id, closed=closed))


def measured(session: Session, clock: Clock, goal: Goal, day: date) -> Measured:
    """What a goal is about, as of one day of its way."""
    return Figures(session, clock).of(goal.metric, goal.group_id, day)


def _progress(figures: Figures, goal: Goal, as_of: date | None) -> Progress:
    session = figures.session
    today = figures.clock.today(groups.day_rule(session, goal.group_id))
    day = as_of or today
    start = figures.of(goal.metric, goal.group_id, goal.from_day) if goal.baseline is None and goal.from_day <= day \
        else goals.Measured(None)  # fmt: skip
    end = min(day, goal.to_day)
    now = figures.of(goal.metric, goal.group_id, end) if end >= goal.from_day else goals.Measured(None)
    return goals.progress(goal, day, start, now, int(rules.value(session, "goal.slack_pct")))


def _columns(goal: Goal) -> dict[str, Any]:
    names = ("group_id", "name", "metric", "kind", "baseline", "target", "from_day", "to_day", "source", "closed_on")
    return {name: getattr(goal, name) for name in names}


def _goal(row: Any) -> Goal:
    return Goal(row.id, row.group_id, row.name, row.metric, row.kind, row.baseline, row.target, row.from_day,
                row.to_day, row.source, row.closed_on)  # fmt: skip
