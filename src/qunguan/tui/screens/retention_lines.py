"""How cohorts are drawn: a column that grows with the share in every cell, `—` where the day is not over or untold."""

from __future__ import annotations

from textual.content import Content

from qunguan.domain.checkin_outcomes import Rate
from qunguan.domain.retention import Cell as Span
from qunguan.domain.retention import CohortLine, Retention
from qunguan.domain.rules import preset
from qunguan.domain.sources import cited
from qunguan.exchange.writers.retention import KINDS, UNKNOWN, both_kinds, known_text, notes, rate_text
from qunguan.i18n import N_, _, ngettext
from qunguan.tui.text import joined, literal
from qunguan.tui.widgets.paged_table import Cell, Column
from qunguan.tui.widgets.table_cells import CellStyle

_STEPS = "▁▂▃▄▅▆▇█"
_GOOD, _FAIR = 0.4, 0.15  # where the colour of a cell changes; the figure is what counts
_WIDTH = 6
_COUNTS = {
    "any": N_("active: a message, check-in, order or good deed"),
    "messages": N_("active: a message"),
    "checkins": N_("active: a check-in"),
}
_BORN = {
    "joined": N_("a cohort: those who first joined then"),
    "first_seen": N_("a cohort: those who were first active then"),
}


def rates(found: Retention, line: CohortLine) -> dict[str, Rate | None]:
    """The cells of a line under their heads: D1, D3 …, of week cohorts W1, W2 … too."""
    by_day = {f"D{number}": rate for number, rate in line.cells.items()}
    return by_day | {f"W{number}": rate for number, rate in line.weeks.items()} if found.cohort == "week" else by_day


def columns(found: Retention) -> tuple[Column, ...]:
    """When they joined, how many, and a column for each day and week; the later weeks leave a narrow terminal first."""
    heads = [f"D{number}" for number in found.overall]
    weeks = [f"W{number}" for number in found.weeks] if found.cohort == "week" else []
    return (
        Column(_("Week from") if weeks else _("Joined"), width=10),
        Column(_("People"), width=5, right=True),
        *(Column(head, width=_WIDTH, right=True) for head in heads),
        *(Column(head, width=_WIDTH, right=True, drop=place + 1) for place, head in enumerate(weeks)),
    )


def cells(found: Retention, line: CohortLine) -> tuple[Cell | str, ...]:
    """The line of a cohort."""
    return (str(line.start), str(line.size), *(_cell(rate) for rate in rates(found, line).values()))


def _cell(rate: Rate | None) -> Cell:
    if rate is None:
        return Cell(UNKNOWN, "dim")
    style: CellStyle = "good" if rate.value >= _GOOD else "" if rate.value >= _FAIR else "dim"
    step = _STEPS[min(len(_STEPS) - 1, int(rate.value * len(_STEPS)))]
    return Cell(f"{step} {rate.value:.0%}", style)


def share(found: Retention, line: CohortLine, head: str, rate: Rate | None) -> str:
    """A share with its base; where there is none, that no record tells of its day or that the day is not over."""
    if rate is not None:
        return rate_text(rate)
    begins = Span(int(head[1:]), head.startswith("W")).starts(line.start)
    return _("no record") if found.known_from is None or begins < found.known_from else _("not over yet")


def cohort_text(found: Retention, line: CohortLine) -> str:
    """A cohort by its name: when, and how many."""
    said = N_("week from {start}, {n} people") if found.cohort == "week" else N_("joined {start}, {n} people")
    return _(said, start=line.start, n=line.size)


def headline(found: Retention) -> Content:
    """Which kind it is, as of when, from when on it is known, D1 of both kinds."""
    parts = [
        literal(_(KINDS[found.kind]), "bold"),
        literal(_("as of {day}", day=found.as_of)),
        literal(ngettext("{n} cohort", "{n} cohorts", len(found.cohorts))),
        literal(both_kinds(found), "$text-muted"),
    ]
    if known := known_text(found):
        parts.insert(2, literal(known, "$text-warning"))
    return Content("   ").join(parts)


def side(found: Retention, line: CohortLine | None) -> Content:
    """All cohorts together beside the one under the cursor, with their bases; then what to mind."""
    told = [literal(_("Together"), "bold")]
    own = rates(found, line) if line else {}
    whole = {f"D{number}": rate for number, rate in found.overall.items()}
    if found.cohort == "week":
        whole |= {f"W{number}": rate for number, rate in found.weeks.items()}
    for head, rate in whole.items():
        mine = f"{_('here')} {rate_text(own[head])}" if own.get(head) else ""
        told.append(joined((f"{head:<4}", "$text-muted"), f"{rate_text(rate):<14}", (mine, "$text-muted")))
    return Content("\n").join([*told, Content(""), *(literal(each, "$text-muted") for each in notes(found))])


def why(found: Retention) -> list[str]:
    """What counts, who is in a cohort, what is not ripe, and the sources."""
    return [
        _(KINDS[found.kind]),
        _(_COUNTS[found.counts]),
        _(_BORN[found.born]),
        _("who left stays in the base; a cell nobody's day has passed for is unknown, never 0"),
        _("days are over through {day}", day=found.complete),
        both_kinds(found),
        *notes(found),
        *cited(preset("activity.counts").source),
    ]


def empty_text(found: Retention) -> str:
    """What an empty list says."""
    if found.outside:
        return _("Of {n} members nobody knows when they joined.\n\nGive them the day in the roster (2, e), import a "
                 "roster with dates (i),\nor count from the first activity: rule insight.cohort in Settings (0).",
                 n=found.outside)  # fmt: skip
    return _("Nobody has joined yet.\n\nWhen members come, this shows who was still active after 1, 7, 30 days.")
