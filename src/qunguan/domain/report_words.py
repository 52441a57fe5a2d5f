"""Figures of a report as people read them."""

from __future__ import annotations

from typing import Final

from qunguan.domain.money import yuan
from qunguan.domain.reports import LABELS, Cause, Figure
from qunguan.domain.shares import percent
from qunguan.i18n import N_, _, ngettext

UNKNOWN: Final = "—"
UP, DOWN = "▲", "▼"


def said(unit: str, value: float | None) -> str:
    """A value: 12.5 %, ¥3.00, 1.8, 48; — where it is unknown."""
    if value is None:
        return UNKNOWN
    if unit == "share":
        return percent(value)
    if unit == "fen":
        return f"¥{yuan(round(value))}".replace("¥-", "-¥")
    return f"{value:.1f}" if unit in ("ratio", "per_day") else f"{value:g}" if abs(value) < 1 else f"{round(value)}"


def label(figure: Figure) -> str:
    """What it is called, and of which days where these are not the period's."""
    name = _(LABELS[figure.code])
    if figure.span is None:
        return name
    if not figure.span:
        return _("{label} (ever)", label=name)
    return ngettext("{label} (last day)", "{label} (last {n} days)", figure.span, label=name)


def points_said(points: float, *, narrow: bool = False) -> str:
    """Percentage points without a sign: 3.2pp; `narrow` is as short as the language can say it."""
    return _(N_("{n} pp") if narrow else N_("{n}pp"), n=f"{points:.1f}")


def change_said(figure: Figure) -> str:
    """What it has changed by: ▲ 3.2pp, ▼ 12%; "▲ from 0"; ±0 where it is the same, — where nobody can say."""
    if figure.value is None or figure.before is None:
        return UNKNOWN
    if not figure.moved:
        return "±0"
    arrow, change = arrow_of(figure.moved), figure.change
    if change is None:  # more than nothing is no percentage
        return _("{arrow} from 0", arrow=arrow)
    if figure.unit == "share":
        return f"{arrow} {points_said(100 * abs(change))}"
    return f"{arrow} {abs(change):.1f}" if figure.unit == "ratio" else f"{arrow} {abs(change):.0%}"


def arrow_of(way: int) -> str:
    """▲ for more, ▼ for less, — for unknown."""
    return {1: UP, -1: DOWN}.get(way, UNKNOWN)


def cause_said(each: Cause) -> str:
    """A fact and the figures it may have moved."""
    moved = _(", ").join(f"{_(LABELS[code])} {arrow_of(way)}" if way else _(LABELS[code]) for code, way in each.figures)
    words = N_("{fact}: so there is no telling {figures}") if all(way == 0 for _code, way in each.figures) \
        else N_("in the period before: {fact}; that it is over may be why {figures}") if each.fact.before \
        else N_("{fact}: it may be why {figures}")  # fmt: skip
    return _(words, fact=str(each.fact.text), figures=moved)
