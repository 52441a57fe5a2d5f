"""`qunguan insight retention`: who came back N days or weeks after they began."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from qunguan.cli.command import Context, columns
from qunguan.cli.parser import day
from qunguan.domain.errors import BadInput
from qunguan.domain.text import show
from qunguan.exchange.writers.retention import KINDS, both_kinds, notes, rate_text, why_lines
from qunguan.i18n import _

if TYPE_CHECKING:
    from qunguan.domain.checkin_outcomes import Rate
    from qunguan.domain.retention import CellWhy, Retention

_LINES = 30


def register(verb: Callable[..., argparse.ArgumentParser]) -> None:
    """The verb `retention`."""
    parser = verb("retention", retention, _("who came back after 1, 3, 7, 14 and 30 days, by cohort"), as_of=True)
    parser.add_argument("--kind", choices=("classic", "rolling"), default="classic",
                        help=_("active on exactly that day, or on that day or later"))  # fmt: skip
    parser.add_argument("--cohort", choices=("day", "week"), default="day",
                        help=_("a line for each day, or each week, on which somebody joined"))  # fmt: skip
    parser.add_argument("--since", type=day, metavar="DATE", help=_("only cohorts from this day on"))
    parser.add_argument("--why", metavar="DATE:N",
                        help=_("who stands behind one cell: 2026-03-01:7 is day 7, 2026-03-02:w4 week 4"))  # fmt: skip
    parser.add_argument("--group", metavar="GROUP", help=_("a group by id or name; without it the current one"))


def retention(context: Context) -> None:
    """Print the cohorts, or who stands behind one cell."""
    from qunguan.domain.retention import Cohort, Kind
    from qunguan.services import groups, members
    from qunguan.services import retention as service

    options = context.options
    kind, cohort = Kind(options.kind), Cohort(options.cohort)
    with context.desk() as desk:
        group = desk.read(groups.find, options.group)
        day = context.past(desk, group.id)
        if options.why:
            start, number, weekly = _cell(options.why)
            why = desk.read(service.why_cell, context.clock, group.id, start, number, kind=kind, cohort=cohort,
                            weekly=weekly, as_of=day)  # fmt: skip
            names = desk.read(members.names, [*why.kept, *why.lost, *why.waiting, *why.untold])
            context.answer(_why(why), why_lines(why, names))
            return
        found = desk.read(service.retention, context.clock, group.id, kind, cohort, day, options.since)
    context.answer({"group": group.name, **document(found)}, lines(found, group.name))


def _cell(text: str) -> tuple[date, int, bool]:
    start, colon, number = text.replace("：", ":").rpartition(":")
    weekly = number[:1].lower() == "w"
    digits = number[1:] if weekly else number
    if not colon or not digits.isdecimal():
        raise BadInput("{text} is no cell of the table", hint="write it like 2026-03-01:7", text=show(text[:40]))
    return day(start), int(digits[:9]), weekly


def document(found: Retention) -> dict[str, Any]:
    """The cohorts as programs read them; a rate is null where nobody's day has passed, or no record tells of it."""
    weekly = found.cohort == "week"
    return {
        "kind": found.kind,
        "cohort": found.cohort,
        "as_of": found.as_of,
        "complete": found.complete,
        "counts": found.counts,
        "from": found.born,
        "cohorts": [
            {"start": each.start, "size": each.size, "cells": each.cells} | ({"weeks": each.weeks} if weekly else {})
            for each in found.cohorts
        ],
        "overall": found.overall,
        **({"weeks": found.weeks} if weekly else {}),
        "outside": found.outside,
        "told": {"from": found.told_from, "to": found.told_to},
        "known_from": found.known_from,
    }


def lines(found: Retention, group: str) -> list[str]:
    """The same for people: the newest cohorts, all of them together, both kinds side by side, and what to mind."""
    if not found.cohorts:
        return [_("Nobody whose first day is known: give members the day they joined"), *notes(found)]
    weekly = found.cohort == "week"
    shown = found.cohorts[-_LINES:]
    header = [_("Week from") if weekly else _("Joined"), _("People"), *(f"D{n}" for n in found.overall)]
    header += [f"W{n}" for n in found.weeks] if weekly else []
    rows = [[each.start, each.size, *_cells(each.cells), *(_cells(each.weeks) if weekly else ())] for each in shown]
    size = sum(each.size for each in found.cohorts)
    rows.append([_("Together"), size, *_cells(found.overall), *(_cells(found.weeks) if weekly else ())])
    told = [_("{group}, {kind}, as of {day}", group=group, kind=_(KINDS[found.kind]), day=found.as_of)]
    told += columns(header, rows, right=range(1, len(header)))
    if len(found.cohorts) > len(shown):
        told.append(_("{shown} of {total} cohorts: --json gives all", shown=len(shown), total=len(found.cohorts)))
    told.append(both_kinds(found))
    return [*told, *notes(found)]


def _cells(rates: Mapping[int, Rate | None]) -> list[str]:
    return [rate_text(rate) for rate in rates.values()]


def _why(found: CellWhy) -> dict[str, Any]:
    return {
        "from": found.first, "to": found.last, "opens": found.opens, "closes": found.closes, "rate": found.rate,
        "active": found.kept, "not_active": found.lost, "waiting": found.waiting,
        "untold": found.untold, "known_from": found.known_from,
        "why": [str(each) for each in found.reasons],
    }  # fmt: skip
