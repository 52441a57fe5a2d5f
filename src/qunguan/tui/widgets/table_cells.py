"""What a table line is made of: columns, rows, and text that is exactly as wide as its column. No widgets here."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Literal

from rich.cells import cell_len, set_cell_size

from qunguan.domain.text import screen
from qunguan.values import frozen

GUTTER = 2
"""Cells at the left of every line: the cursor mark and the tick."""
GAP = 2
"""Cells between two columns."""
CURSOR, TICK, ELLIPSIS = "▸", "✓", "…"
DESCENDING, ASCENDING = "▾", "▴"

CellStyle = Literal["", "dim", "strong", "done", "good", "warn", "missed", "bad"]
Run = tuple[str, CellStyle]
"""A stretch of a line drawn in one style."""


@frozen
class Cell:
    """One value of a row, as the member or file wrote it; the table makes it safe to draw. With `runs_on` it takes the
    places of the empty values after it, too, as a heading among the rows does.
    """

    text: str
    style: CellStyle = ""
    runs_on: bool = False


@frozen
class Row:
    """One line: `key` says which thing it is (a row id) and stays the same over reloads, sorts and filters."""

    key: int
    cells: tuple[Cell | str, ...]


@frozen
class Column:
    """A column of a `PagedTable`; widths are terminal cells, a Hanzi takes two.

    A fixed column has `width`. A flexible one has `flex`, its weight in sharing what the others leave, and is never
    under `minimum`. In a narrow terminal the columns with the highest `drop` leave first; 0 always stays.
    """

    label: str
    width: int = 0
    flex: int = 0
    right: bool = False
    minimum: int = 8
    drop: int = 0

    @property
    def least(self) -> int:
        """The cells below which the column is not drawn."""
        return self.minimum if self.flex else self.width


@lru_cache(maxsize=64)
def column_widths(columns: tuple[Column, ...], view: int) -> tuple[int, ...]:
    """The width of each column in a view of `view` cells, 0 where the column is left out.

    The sum may exceed the view when the columns that stay do not fit: the table then scrolls sideways.
    """
    kept = list(range(len(columns)))
    for i in sorted(range(len(columns)), key=lambda i: (-columns[i].drop, -i)):
        if line_width([columns[k].least for k in kept]) <= view or not columns[i].drop:
            break
        kept.remove(i)
    spare = max(0, view - line_width([columns[k].least for k in kept]))
    weight = sum(columns[k].flex for k in kept)
    widths = [0] * len(columns)
    for k in kept:
        share = spare * columns[k].flex // weight if weight else 0
        spare, weight = spare - share, weight - columns[k].flex
        widths[k] = columns[k].least + share
    return tuple(widths)


def line_width(widths: Sequence[int]) -> int:
    """The cells a whole line takes, gutter and gaps included."""
    shown = [w for w in widths if w]
    return GUTTER + sum(shown) + GAP * max(0, len(shown) - 1)


def fit(text: str, width: int, right: bool = False) -> str:
    """`text` made safe and exactly `width` cells wide, padded or ended with an ellipsis."""
    limit = 8 * width + 64  # a name of ten thousand characters costs no more than a long one
    shown = screen(text[:limit])
    length = len(shown) if shown.isascii() else cell_len(shown)
    if length > width or len(text) > limit:
        return set_cell_size(shown, width - 1) + ELLIPSIS if width else ""
    padding = " " * (width - length)
    return padding + shown if right else shown + padding


def row_runs(row: Row, columns: Sequence[Column], widths: Sequence[int]) -> list[Run]:
    """The cells of `row` as one line without its gutter, neighbours of one style joined."""
    runs: list[Run] = []
    gap = ""
    taken = 0  # columns up to this one are under a cell that runs on
    for place, (value, column, width) in enumerate(zip(row.cells, columns, widths, strict=True)):
        if not width or place < taken:
            continue
        cell = Cell(value) if isinstance(value, str) else value
        if cell.runs_on:
            taken = next((i for i in range(place + 1, len(widths)) if row.cells[i]), len(widths))
            width = line_width(widths[place:taken]) - GUTTER
        text = gap + fit(cell.text, width, column.right)
        if runs and runs[-1][1] == cell.style:
            text = runs.pop()[0] + text
        runs.append((text, cell.style))
        gap = " " * GAP
    return runs


def header(columns: Sequence[Column], widths: Sequence[int], sort: tuple[int, bool] | None) -> str:
    """The heading line with its gutter; `sort` is a column index and whether it is descending."""
    cells = []
    for i, (column, width) in enumerate(zip(columns, widths, strict=True)):
        if not width:
            continue
        if sort is None or sort[0] != i:
            cells.append(fit(column.label, width, column.right))
            continue
        mark = DESCENDING if sort[1] else ASCENDING
        label = fit(column.label, min(width - 1, cell_len(screen(column.label)))) + mark
        cells.append(fit(label, width, column.right))
    return " " * GUTTER + (" " * GAP).join(cells)
