"""Charts, drawn by hand: an SVG that stands in a page, bars and a spark line of text. Nothing of another's is needed.

What is unknown has no bar and no point; 0 has a line on the ground.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from math import ceil, floor, log10
from typing import Final

from qunguan.domain.documents import UNKNOWN, Chart, NumberKind
from qunguan.domain.money import short_yuan
from qunguan.domain.shares import percent
from qunguan.domain.text import show
from qunguan.i18n import _

_WIDE, _HIGH = 640, 190
_LEFT, _RIGHT, _TOP, _BOTTOM = 56, 8, 22, 24
_MOST_LABELS: Final = 12
_BLOCKS: Final = "▁▂▃▄▅▆▇█"
_BAR: Final = 12
_NOW, _THEN, _GRID, _INK = "#3b6ea5", "#c2692f", "#ddd", "#555"


def number_said(kind: NumberKind, value: float | None) -> str:
    """A number of a chart as people read it."""
    if value is None:
        return UNKNOWN
    if kind == "rate":
        return percent(value)
    return f"¥{short_yuan(round(value))}" if kind == "money" else f"{value:.10g}"


def told_values(chart: Chart) -> Iterator[tuple[str, ...]]:
    """Each label with its numbers, as texts."""
    for place, label in enumerate(chart.labels):
        yield label, *(number_said(chart.kind, line.values[place]) for line in chart.lines)


def bar_of(chart: Chart) -> Iterator[str]:
    """A bar of blocks for each value of the first line, the longest for the largest; nothing below 0 or unknown."""
    most = max(_known(chart.lines[0].values), default=0)
    for value in chart.lines[0].values:
        yield "█" * round(_BAR * max(value, 0) / most) if value is not None and most > 0 else ""


def spark(chart: Chart) -> str:
    """A chart in one line of text: a block for each value of the first line, · where it is unknown."""
    values = chart.lines[0].values
    known = _known(values)
    most = max(known, default=0)
    blocks = "".join("·" if value is None else _block(value, most) for value in values)
    first, last = (show(chart.labels[place]) for place in (0, -1)) if chart.labels else ("", "")
    return _("{title} {first}…{last}: {blocks} most {most}", title=show(chart.title), first=first, last=last,
             blocks=blocks, most=number_said(chart.kind, max(known)) if known else UNKNOWN)  # fmt: skip


def _block(value: float, most: float) -> str:
    return _BLOCKS[min(len(_BLOCKS) - 1, floor(len(_BLOCKS) * max(value, 0) / most))] if most > 0 else _BLOCKS[0]


def svg(chart: Chart, text: Callable[[str], str]) -> str:
    """A chart as SVG: bars for the first line, points on a line for the others. `text` makes foreign text safe."""
    return "".join(_drawn(chart, text))


def _drawn(chart: Chart, text: Callable[[str], str]) -> Iterator[str]:
    values = [value for line in chart.lines for value in _known(line.values)]
    low, high, step = _scale(min(values, default=0), max(values, default=0), whole=chart.kind == "int")
    yield f'<svg viewBox="0 0 {_WIDE} {_HIGH}" role="img" aria-label="{text(chart.title)}">'

    def y(value: float) -> float:
        return round(_HIGH - _BOTTOM - (value - low) / (high - low) * (_HIGH - _TOP - _BOTTOM), 1)

    for n in range(round((high - low) / step) + 1):
        value = low + n * step
        told = number_said(chart.kind, round(value, 10)).replace(".0 %", " %")
        yield f'<path d="M{_LEFT} {y(value)}H{_WIDE - _RIGHT}" stroke="{_GRID}"/>'
        yield f'<text x="{_LEFT - 6}" y="{y(value) + 4:.1f}" text-anchor="end" fill="{_INK}">{text(told)}</text>'
    slot = (_WIDE - _LEFT - _RIGHT) / max(len(chart.labels), 1)
    middles = [_LEFT + slot * (n + 0.5) for n in range(len(chart.labels))]
    if chart.lines:
        yield from _bars(chart.lines[0].values, middles, min(slot * 0.64, 40), y)
    for line in chart.lines[1:]:
        yield from _points(line.values, middles, y)
    every = max(ceil(len(chart.labels) / _MOST_LABELS), 1)
    for place in range(0, len(chart.labels), every):
        told = text(chart.labels[place])
        yield f'<text x="{middles[place]:.1f}" y="{_HIGH - 7}" text-anchor="middle" fill="{_INK}">{told}</text>'
    yield from _legend([text(line.label) for line in chart.lines])
    yield "</svg>"


def _bars(values: Sequence[float | None], middles: Sequence[float], width: float, y: Callable[[float], float]
          ) -> Iterator[str]:  # fmt: skip
    for value, middle in zip(values, middles, strict=True):
        if value is not None:
            top, high = min(y(value), y(0)), max(abs(y(0) - y(value)), 1)
            left = f"{middle - width / 2:.1f}"
            yield f'<rect x="{left}" y="{top}" width="{width:.1f}" height="{high:.1f}" fill="{_NOW}"/>'


def _points(values: Sequence[float | None], middles: Sequence[float], y: Callable[[float], float]) -> Iterator[str]:
    """A line through the known values, broken where one is unknown, and a point at each of them."""
    pen, path = "M", ""
    for value, middle in zip(values, middles, strict=True):
        if value is None:
            pen = "M"
            continue
        path += f"{pen}{middle:.1f} {y(value)}"
        pen = "L"
        yield f'<circle cx="{middle:.1f}" cy="{y(value)}" r="2.5" fill="{_THEN}"/>'
    yield f'<path d="{path}" fill="none" stroke="{_THEN}" stroke-width="1.5"/>' if path else ""


def _legend(labels: Sequence[str]) -> Iterator[str]:
    if len(labels) <= 1:  # one line needs no telling apart
        return
    for place, (label, color) in enumerate(zip(labels, (_NOW, _THEN), strict=False)):
        x = _LEFT + place * 150
        yield f'<rect x="{x}" y="4" width="10" height="10" fill="{color}"/>'
        yield f'<text x="{x + 15}" y="13" fill="{_INK}">{label}</text>'


def _scale(low: float, high: float, *, whole: bool) -> tuple[float, float, float]:
    """Where the ground and the top of a chart lie, and how far its lines are apart: 1, 2 or 5 of some size."""
    low, high = min(low, 0.0), max(high, 0.0)
    rough = (high - low) / 4 or 1.0
    size = 10.0 ** floor(log10(rough))
    step = next(size * n for n in (1, 2, 5, 10) if size * n >= rough)
    if whole:
        step = max(ceil(step), 1)
    return floor(low / step) * step, max(ceil(high / step) * step, step), step


def _known(values: Sequence[float | None]) -> list[float]:
    return [value for value in values if value is not None]
