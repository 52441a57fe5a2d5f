"""What ticked steps of SOPs add up to: runs that were carried through, weeks that were looked at (S4-27, S0-24)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta

from qunguan.values import frozen

_KEY = re.compile(r"sop:\d+\.(?P<step>\d+):(?P<day>\d{4}-\d{2}-\d{2})(?::(?P<run>\d+))?")


@frozen
class RunStep:
    """A step with what its SOP is: `trigger` is what starts it, `hat` who does it, the days it is in force."""

    id: int
    sop_id: int
    sop: str
    group_id: int
    trigger: str
    day: int
    hat: str
    from_day: date
    ended_on: date | None

    def due(self, anchor: date) -> date:
        """The day it is due in the run that begins on `anchor`."""
        if self.trigger == "daily":
            return anchor
        return anchor + timedelta(days=self.day - 1 if self.trigger == "weekly" else self.day)

    def anchor(self, day: date) -> date:
        """The first day of the run in which it is due on `day`: of a week its Monday."""
        if self.trigger == "daily":
            return day
        if self.trigger == "weekly":
            return day - timedelta(days=day.weekday())
        return day - timedelta(days=self.day)

    def holds(self, day: date) -> bool:
        """Whether it is in force on a day."""
        return self.from_day <= day and (self.ended_on is None or day < self.ended_on)


@frozen
class Ticked:
    """A step of an SOP that was ticked off: the id of the mark, the task's key, for whom, when."""

    id: int
    key: str
    member_id: int | None
    at: datetime


@frozen
class Reached:
    """The tick that made something whole, and the step it was of."""

    tick: Ticked
    step: RunStep


def finished(steps: Iterable[RunStep], ticks: Iterable[Ticked]) -> Iterator[Reached]:
    """Each run whose every step was ticked off, at the tick that made it whole. `ticks` are in their order."""
    by_id = {step.id: step for step in steps}
    of_sop: defaultdict[int, list[RunStep]] = defaultdict(list)
    for step in by_id.values():
        of_sop[step.sop_id].append(step)
    done: defaultdict[tuple[object, ...], set[int]] = defaultdict(set)
    for tick, step, day, run in _read(by_id, ticks):
        anchor = step.anchor(day)
        had = done[step.sop_id, anchor, run, tick.member_id]
        wanted = {each.id for each in of_sop[step.sop_id] if each.holds(each.due(anchor))}
        if step.id not in had and wanted <= had | {step.id} and not (wanted and wanted <= had):
            yield Reached(tick, step)
        had.add(step.id)


def weekly_looks(steps: Iterable[RunStep], ticks: Iterable[Ticked]) -> Iterator[Reached]:
    """Each week in which the analyst's step of a weekly SOP was ticked off, at the first such tick."""
    by_id = {step.id: step for step in steps if step.trigger == "weekly" and step.hat == "analyst"}
    weeks = set[date]()
    for tick, step, day, _run in _read(by_id, ticks):
        week = step.anchor(day)
        if week not in weeks:
            weeks.add(week)
            yield Reached(tick, step)


def _read(by_id: Mapping[int, RunStep], ticks: Iterable[Ticked]) -> Iterator[tuple[Ticked, RunStep, date, str | None]]:
    """The ticks of known steps, with the day the step was due and its run."""
    for tick in ticks:
        found = _KEY.fullmatch(tick.key)
        if found and int(found["step"]) in by_id:
            yield tick, by_id[int(found["step"])], date.fromisoformat(found["day"]), found["run"]
