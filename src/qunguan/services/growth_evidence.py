"""Which row of the data ticks a box of the growth plan, and on what day (S4-27)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from itertools import islice
from typing import Any

from sqlalchemy import Row

from qunguan.domain.alert_words import TITLES
from qunguan.domain.clock import DayRule
from qunguan.domain.growth import Box, Evidence, boxes
from qunguan.domain.growth_runs import Reached, RunStep, Ticked, finished, weekly_looks
from qunguan.domain.text import clean
from qunguan.i18n import _
from qunguan.services import groups
from qunguan.store import growth_queries as queries
from qunguan.store.session import Session

_NAME = 40  # characters of a row's name that are told


def evidence(session: Session, last: date) -> dict[str, Evidence]:
    """What ticks each box by a day, by the code of the box; boxes nothing ticks are left out. What happened before the
    plan began counts: what one can do one has not forgotten.
    """
    reader = _Reader(session)
    found = ((box.code, reader.of(box)) for box in boxes() if box.check)
    return {code: told for code, told in found if told is not None and told.day <= last}


class _Reader:
    """Reads the checks, the ticked steps once for all boxes that go by them."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._groups = {group.id: group for group in groups.all_groups(session, archived=True)}
        self._day_rule = groups.day_rule(session)
        self._steps: tuple[RunStep, ...] | None = None
        self._ticks: tuple[Ticked, ...] = ()

    def of(self, box: Box) -> Evidence | None:
        """What ticks a box whenever it came about; None where nothing does."""
        if box.check in ("sop_run", "weekly_look"):
            return self._reached(box)
        rows = queries.counting(self._session, box.check, box.need)
        if len(rows) < box.need:
            return None
        told = self._told(box.check, rows[-1])
        return self._counted(told) if box.check == "counted_posts" else told

    def _told(self, check: str, row: Row[Any]) -> Evidence:
        table = getattr(row, "tbl", None) or queries.TABLES[check]
        name = _(TITLES.get(row.name, row.name)) if check == "alert_said" else row.name
        return Evidence(check, self._day(row.at, row.group_id), table, row.row_id, _short(name), self._group(row))

    def _counted(self, told: Evidence) -> Evidence | None:
        """Posts alone are half of it: somebody has looked at what came of one."""
        result = queries.first_result(self._session)
        if result is None:
            return None
        day = max(told.day, self._day(result.counted_at, None))
        return Evidence(told.check, day, told.table, told.row_id, told.name, told.group)

    def _reached(self, box: Box) -> Evidence | None:
        if self._steps is None:
            self._steps = tuple(map(_step, queries.step_rows(self._session)))
            self._ticks = tuple(map(_tick, queries.ticked_steps(self._session)))
        ways: dict[str, Iterator[Reached]] = {
            "sop_run": finished(self._steps, self._ticks),
            "weekly_look": weekly_looks(self._steps, self._ticks),
        }
        reached = next(islice(ways[box.check], box.need - 1, None), None)
        if reached is None:
            return None
        step = reached.step
        day, group = self._day(reached.tick.at, step.group_id), self._groups[step.group_id].name
        return Evidence(box.check, day, "task_mark", reached.tick.id, _short(step.sop), group)

    def _day(self, at: date | datetime, group_id: int | None) -> date:
        """The business day of a row: of a moment, in its group."""
        if not isinstance(at, datetime):
            return at
        rule: DayRule = self._groups[group_id].day_rule if group_id in self._groups else self._day_rule
        return rule.biz_date(at)

    def _group(self, row: Row[Any]) -> str:
        return self._groups[row.group_id].name if row.group_id in self._groups else ""


def _step(row: Row[Any]) -> RunStep:
    return RunStep(
        row.id, row.sop_id, row.name, row.group_id, row.starts_by, row.day, row.hat, row.from_day, row.ended_on
    )


def _tick(row: Row[Any]) -> Ticked:
    return Ticked(row.id, row.key, row.member_id, row.marked_at)


def _short(name: str) -> str:
    line = clean(name.replace("\n", " "), len(name) or 1)
    return line if len(line) <= _NAME else line[: _NAME - 1] + "…"
