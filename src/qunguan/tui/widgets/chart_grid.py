"""Figures in a grid, shaded by their size: hours by weekday, cohorts by age."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from textual.content import Content

from qunguan.domain.text import screen
from qunguan.tui.widgets.charts import UNKNOWN, fitted
from qunguan.values import frozen

_SHADES = " ░▒▓█"
_NOTHING = "·"
_HUE = "$primary"
_NARROW, _WIDE = 2, 4  # cells of a square
_LABELS_EVERY = 3
_GAP = 1


@frozen
class Share:
    """A share of a cohort: `part` of `whole`, or unripe while `part` is None."""

    part: int | None
    whole: int


def heat_map(
    rows: Sequence[str], columns: Sequence[str], values: Sequence[Sequence[float | None]], width: int = 80
) -> Content:
    """A square for each value, darker for more; `·` where nothing is known, blank for none."""
    most = max((value for row in values for value in row if value is not None), default=0) or 1
    labels = max((cell_len(screen(row)) for row in rows), default=0)
    cell = min(_WIDE, max(_NARROW, (width - labels - 1) // max(1, len(columns))))
    lines = [
        Content.assemble(fitted(label, labels), " ", *(_square(value, most, cell) for value in row))
        for label, row in zip(rows, values, strict=True)
    ]
    lines.append(Content.styled(" " * (labels + 1) + _below(columns, cell), "$text-muted"))
    return Content("\n").join(lines)


def _square(value: float | None, most: float, cell: int) -> tuple[str, str]:
    if value is None:
        return _NOTHING * cell, "$text-muted"
    darkest = len(_SHADES) - 1
    shade = 0 if value <= 0 else min(darkest, 1 + int(value / most * darkest))
    return _SHADES[shade] * cell, _HUE


def _below(columns: Sequence[str], cell: int) -> str:
    line = ""
    for place, column in enumerate(columns):
        if place % _LABELS_EVERY == 0:
            line += " " * (cell * place - cell_len(line)) + screen(column)
    return line


def triangle(
    heads: Sequence[str], rows: Sequence[tuple[str, Sequence[Share]]], *, label: int = 14, cell: int = 6
) -> Content:
    """Cohorts downwards, age across: percentages on a ground that deepens with them; `—` where the day is not over."""
    head = Content.styled(" " * label + "".join(fitted(each, cell, right=True) + " " * _GAP for each in heads),
                          "$text-muted")  # fmt: skip
    lines = [
        Content.assemble(fitted(name, label), *(part for share in shares for part in _share(share, cell)))
        for name, shares in rows
    ]
    return Content("\n").join([head, *lines])


def _share(share: Share, cell: int) -> tuple[tuple[str, str], str]:
    if share.part is None or not share.whole:
        return (fitted(UNKNOWN, cell, right=True), "$text-muted"), " " * _GAP
    percent = 100 * share.part / share.whole
    depth = min(80, max(0, round(percent * 0.8)))
    return (fitted(f"{percent:.0f}%", cell, right=True), f"on $primary {depth}%" if depth else ""), " " * _GAP
