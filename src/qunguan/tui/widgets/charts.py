"""Charts drawn with characters: bars, columns, and the widget that draws any chart for the size it has.

Own drawings, because the libraries for it cannot measure Chinese labels or bring numpy. Each is a function from
figures and a size to `Content`; unknown values (None) leave a gap and are never drawn as 0. Every chart can be read
without colour.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rich.cells import cell_len, set_cell_size
from textual.content import Content
from textual.widget import Widget

from qunguan.domain.text import screen
from qunguan.values import frozen

UNKNOWN = "—"
_EIGHTHS_ACROSS = " ▏▎▍▌▋▊▉"
_EIGHTHS_UP = " ▁▂▃▄▅▆▇█"
_LABEL_SHARE = 3  # labels of bars take at most a third of the width
_TICK_EVERY = 3  # lines between the figures of an axis
Draw = Callable[[int, int], Content]
"""Draws a chart for a width and a height in cells."""


@frozen
class Bar:
    """One bar: its label, its length, and the figure as people read it. `value` None is unknown."""

    label: str
    value: float | None
    text: str
    style: str = "$primary"


class Chart(Widget):
    """A chart, drawn again when its size changes."""

    DEFAULT_CSS = "Chart { height: 1fr; }"
    ALLOW_SELECT = False

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id, classes=classes)
        self._draw: Draw | None = None

    def show(self, draw: Draw) -> None:
        """Draw this from now on."""
        self._draw = draw
        self.refresh()

    def render(self) -> Content:
        """The chart for the size the widget has."""
        width, height = self.size
        return self._draw(width, height) if self._draw is not None and width and height else Content("")


def fitted(text: str, width: int, *, right: bool = False) -> str:
    """`text` in exactly `width` cells, cut with … where it is longer."""
    text = screen(text)
    if cell_len(text) > width:
        return set_cell_size(text, max(0, width - 1)) + "…"[: max(0, width)]
    return " " * (width - cell_len(text)) + text if right else set_cell_size(text, width)


def bars(items: Sequence[Bar], width: int, height: int | None = None) -> Content:
    """Horizontal bars with labels at the left and figures at the right; as many as there are lines."""
    shown = list(items)[: height if height is not None else len(items)]
    if not shown:
        return Content("")
    labels = min(max(cell_len(screen(bar.label)) for bar in shown), max(4, width // _LABEL_SHARE))
    texts = max(cell_len(screen(bar.text)) for bar in shown)
    room = max(1, width - labels - texts - 2)
    most = max((bar.value or 0 for bar in shown), default=0) or 1
    lines = [
        Content.assemble(
            fitted(bar.label, labels), " ", (_across(bar.value, most, room), bar.style), " ",
            fitted(bar.text, texts, right=True),
        )
        for bar in shown
    ]  # fmt: skip
    return Content("\n").join(lines)


def columns(values: Sequence[float | None], labels: Sequence[str], width: int, height: int) -> Content:
    """Upright columns over an axis; `labels` stand under the columns they fit under, `—` where nothing is known."""
    most = max((value or 0 for value in values), default=0) or 1
    plot = max(1, height - 2)
    ticks = axis(most, plot)
    gauge = cell_len(ticks[0])
    room = max(1, width - gauge - 2)
    each = max(1, room // max(1, len(values)))
    rows = []
    for line, tick in zip(range(plot, 0, -1), ticks, strict=True):
        text = "".join(_up(value, most, plot, line, each) for value in values)
        rows.append(Content.assemble((f"{tick} ┤", "$text-muted"), (text, "$primary")))
    rows.append(Content.styled(" " * gauge + " └" + "─" * (each * len(values)), "$text-muted"))
    rows.append(Content.styled(" " * (gauge + 2) + spread(labels, each, room), "$text-muted"))
    return Content("\n").join(rows)


def axis(most: float, plot: int) -> list[str]:
    """The figures beside the lines of a chart of that height, from the top; all of one width, most of them blank."""
    ticks = [axis_figure(most * (plot - row) / plot) if row % _TICK_EVERY == 0 else "" for row in range(plot)]
    gauge = max(map(cell_len, ticks))
    return [fitted(tick, gauge, right=True) for tick in ticks]


def spread(labels: Sequence[str], each: int, room: int) -> str:
    """Labels at every `each` cells, leaving out those that would run into the one before or over the end."""
    line, end = "", 0
    for place, label in enumerate(labels):
        at, text = place * each, screen(label)
        if text and at >= end and at + cell_len(text) <= room:
            line += " " * (at - cell_len(line)) + text
            end = at + cell_len(text) + 1
    return line


def _across(value: float | None, most: float, room: int) -> str:
    if value is None:
        return UNKNOWN.ljust(room)
    eighths = round(max(0.0, value) / most * room * 8)
    if value > 0:
        eighths = max(1, eighths)
    full, rest = divmod(min(eighths, room * 8), 8)
    return ("█" * full + (_EIGHTHS_ACROSS[rest] if rest else "")).ljust(room)


def _up(value: float | None, most: float, plot: int, line: int, each: int) -> str:
    gap = " " if each > 1 else ""
    if value is None:
        mark = UNKNOWN if line == 1 else " "
        return mark.ljust(each - len(gap)) + gap
    eighths = max(1, round(value / most * plot * 8)) if value > 0 else 0
    level = min(8, max(0, eighths - (line - 1) * 8))
    return _EIGHTHS_UP[level] * (each - len(gap)) + gap


def axis_figure(value: float) -> str:
    """A figure of an axis, short."""
    if value >= 10_000:
        return f"{value / 10_000:.3g}万"
    return f"{value:,.0f}" if value >= 10 or value == int(value) else f"{value:.1f}"
