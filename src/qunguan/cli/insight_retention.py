"""`qunguan insight retention`: who came back N days or weeks after they began."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from qunguan.cli.command import Context, columns, known
from qunguan.cli.parser import day
from qunguan.domain.errors import BadInput
from qunguan.domain.text import show
from qunguan.i18n import N_, _

if TYPE_CHECKING:
    from qunguan.domain.checkin_outcomes import Rate
    from qunguan.domain.retention import CellWhy, Retention

_LINES = 30
_NAMES = 30
_SHARES = {
    "classic": N_("active on exactly that day"),
    "rolling": N_("active on that day or later"),
}


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
        if options.why:
            start, number, weekly = _cell(options.why)
            why = desk.read(service.why_cell, context.clock, group.id, start, number, kind=kind, cohort=cohort,
                            weekly=weekly, as_of=context.as_of)  # fmt: skip
            names = desk.read(members.names, [*why.kept, *why.lost, *why.waiting])
            context.answer(_why(why), _why_lines(why, names))
            return
        found = desk.read(service.retention, context.clock, group.id, kind, cohort, context.as_of, options.since)
    context.answer({"group": group.name, **document(found)}, lines(found, group.name))


def _cell(text: str) -> tuple[date, int, bool]:
    start, colon, number = text.replace("：", ":").rpartition(":")
    weekly = number[:1].lower() == "w"
    digits = number[1:] if weekly else number
    if not colon or not digits.isdecimal():
        raise BadInput("{text} is no cell of the table", hint="write it like 2026-03-01:7", text=show(text[:40]))
    return day(start), int(digits[:9]), weekly


def document(found: Retention) -> dict[str, Any]:
    """The cohorts as programs read them; a rate is null while nobody's day has passed."""
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
    }


def lines(found: Retention, group: str) -> list[str]:
    """The same for people: the newest cohorts, all of them together, both kinds side by side, and what to mind."""
    if not found.cohorts:
        return [_("Nobody whose first day is known: give members the day they joined"), *_notes(found)]
    weekly = found.cohort == "week"
    shown = found.cohorts[-_LINES:]
    header = [_("Week from") if weekly else _("Joined"), _("People"), *(f"D{n}" for n in found.overall)]
    header += [f"W{n}" for n in found.weeks] if weekly else []
    rows = [[each.start, each.size, *_cells(each.cells), *(_cells(each.weeks) if weekly else ())] for each in shown]
    size = sum(each.size for each in found.cohorts)
    rows.append([_("Together"), size, *_cells(found.overall), *(_cells(found.weeks) if weekly else ())])
    told = [_("{group}, {kind}, as of {day}", group=group, kind=_(_SHARES[found.kind]), day=found.as_of)]
    told += columns(header, rows, right=range(1, len(header)))
    if len(found.cohorts) > len(shown):
        told.append(_("{shown} of {total} cohorts: --json gives all", shown=len(shown), total=len(found.cohorts)))
    both = (found.overall, found.other) if found.kind == "classic" else (found.other, found.overall)
    told.append(_("D1 (that day): {classic}; D1 (then or later): {rolling}", classic=_rate(both[0][1]),
                  rolling=_rate(both[1][1])))  # fmt: skip
    return [*told, *_notes(found)]


def _notes(found: Retention) -> list[str]:
    notes = []
    if found.outside:
        said = N_("Without a join date, so in no cohort: {n}")
        if found.born == "first_seen":
            said = N_("Never active, so in no cohort: {n}")
        notes.append(_(said, n=found.outside))
    if found.told_from is None:
        if found.counts != "checkins":
            notes.append(_("No chats were imported: messages count nowhere"))
        return notes
    notes.append(_("Chats are known from {first} to {last}; cells outside lack messages", first=found.told_from,
                   last=found.told_to))  # fmt: skip
    if found.born == "first_seen":
        notes.append(_("In the first days of a chat everybody looks new: {first} and shortly after is no real cohort",
                       first=found.told_from))  # fmt: skip
    return notes


def _cells(rates: Mapping[int, Rate | None]) -> list[str]:
    return [_rate(rate) for rate in rates.values()]


def _rate(rate: Rate | None) -> str:
    return known(None if rate is None else f"{rate.value:.0%} ({rate.n})")


def _why(found: CellWhy) -> dict[str, Any]:
    return {
        "from": found.first, "to": found.last, "opens": found.opens, "closes": found.closes, "rate": found.rate,
        "active": found.kept, "not_active": found.lost, "waiting": found.waiting,
        "why": [str(each) for each in found.reasons],
    }  # fmt: skip


def _why_lines(found: CellWhy, names: Mapping[int, str]) -> list[str]:
    said = [f"{_(_SHARES[found.kind])}: {_rate(found.rate)}", *(str(each) for each in found.reasons)]
    for title, ids in ((_("active"), found.kept), (_("not active"), found.lost), (_("not over yet"), found.waiting)):
        if ids:
            some = "、".join(names.get(member_id, f"#{member_id}") for member_id in ids[:_NAMES])
            more = _(", and {n} others", n=len(ids) - _NAMES) if len(ids) > _NAMES else ""
            said.append(f"{title} ({len(ids)}): {some}{more}")
    return said
