"""Lines over time in braille: two by four dots a cell, gaps where nothing is known."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.cells import cell_len
from textual.content import Content

from qunguan.domain.text import screen
from qunguan.tui.widgets.charts import axis
from qunguan.values import frozen

_BRAILLE = 0x2800
_DOTS = ((0x01, 0x02, 0x04, 0x40), (0x08, 0x10, 0x20, 0x80))  # by column, then by row of the cell
_DOWN, _OVER = 4, 2  # dots of a cell
_STYLES = ("$primary", "$text-accent", "$text-warning")
_MARKS = ("──", "╌╌", "┄┄")


@frozen
class Line:
    """One line of a chart: a value for each place on the axis, None where it is unknown."""

    name: str
    values: Sequence[float | None]


def line_chart(series: Sequence[Line], labels: Sequence[str], width: int, height: int) -> Content:
    """The lines over one axis from 0 up; a legend above when there are several, `labels` from end to end below."""
    most = max((value for line in series for value in line.values if value is not None), default=0) or 1
    legend = [_legend(series)] if len(series) > 1 else []
    plot = max(1, height - 2 - len(legend))
    ticks = axis(most, plot)
    gauge = cell_len(ticks[0])
    room = max(1, width - gauge - 2)
    cells = _cells(series, most, room, plot)
    rows = list(legend)
    for tick, row in zip(ticks, cells, strict=True):
        rows.append(Content.assemble((f"{tick} ┤", "$text-muted"), *_runs(row)))
    rows.append(Content.styled(" " * gauge + " └" + "─" * room, "$text-muted"))
    rows.append(Content.styled(" " * (gauge + 2) + _ends(labels, room), "$text-muted"))
    return Content("\n").join(rows)


def _legend(series: Sequence[Line]) -> Content:
    parts = [
        Content.assemble((_MARKS[place % len(_MARKS)] + " ", _STYLES[place % len(_STYLES)]), screen(line.name))
        for place, line in enumerate(series)
    ]
    return Content("   ").join(parts)


Cells = list[list[tuple[int, int]]]
"""By row and column: the dots that are set, and which line set them last."""


def _cells(series: Sequence[Line], most: float, room: int, plot: int) -> Cells:
    cells: Cells = [[(0, 0)] * room for _ in range(plot)]
    for number, line in enumerate(series):
        dashed = number % len(_MARKS)
        for x, y in _points(line.values, most, room * _OVER, plot * _DOWN):
            if dashed and x // _OVER % (dashed + 1) == dashed:  # told apart without colour too
                continue
            dots, _owner = cells[y // _DOWN][x // _OVER]
            cells[y // _DOWN][x // _OVER] = (dots | _DOTS[x % _OVER][y % _DOWN], number)
    return cells


def _points(values: Sequence[float | None], most: float, across: int, down: int) -> Iterator[tuple[int, int]]:
    """The dots of one line, with upright strokes where it is steep; nothing between an unknown value and its
    neighbours."""
    before: int | None = None
    for x in range(across):
        value = _at(values, x, across)
        if value is None:
            before = None
            continue
        y = down - 1 - round(value / most * (down - 1))
        start = y if before is None else before
        for each in range(min(y, start), max(y, start) + 1):
            yield x, each
        before = y


def _at(values: Sequence[float | None], x: int, across: int) -> float | None:
    if not values:
        return None
    place = x / max(1, across - 1) * (len(values) - 1)
    left = int(place)
    here = values[left]
    after = values[min(left + 1, len(values) - 1)]
    if place == left or here is None:
        return here
    if after is None:
        return here if place - left < 0.5 / max(1, across) else None
    return here + (after - here) * (place - left)


def _runs(row: list[tuple[int, int]]) -> Iterator[tuple[str, str]]:
    run, style = "", _STYLES[0]
    for dots, number in row:
        wanted = _STYLES[number % len(_STYLES)] if dots else style
        if wanted != style and run:
            yield run, style
            run = ""
        style = wanted
        run += chr(_BRAILLE + dots) if dots else " "
    yield run, style


def _ends(labels: Sequence[str], room: int) -> str:
    """Labels spread from the left end to the right end of the axis, as many as fit."""
    line = ""
    for place, label in enumerate(labels):
        text = screen(label)
        at = round(place / max(1, len(labels) - 1) * (room - cell_len(text)))
        if at >= cell_len(line) + bool(line) and at + cell_len(text) <= room:
            line += " " * (at - cell_len(line)) + text
    return line
