"""The health card in words, as text and as a table: what faces share."""

from __future__ import annotations

from collections.abc import Iterator

from qunguan.domain.insights import FIGURES, Bar, Figure, Health
from qunguan.domain.money import yuan
from qunguan.domain.report_words import points_said
from qunguan.domain.shares import percent
from qunguan.domain.text import show
from qunguan.exchange.writers.tables import Column, Table, Value
from qunguan.i18n import N_, _

UNKNOWN = "—"
VERDICTS = {
    "spread": N_("spread over many"),
    "usual": N_("as usual"),
    "close": N_("more than usual"),
    "fragile": N_("fragile: it hangs on ten people"),
}
"""What the share of the ten most active says: message IDs."""
_MET = {True: N_("met"), False: N_("not met"), None: N_("unknown")}


def quantity(value: float | None, unit: str) -> str:
    """A figure as people read it; — where it is unknown."""
    if value is None:
        return UNKNOWN
    if unit == "share":
        return percent(value)
    if unit == "fen":
        return yuan(round(value))
    return f"{value:.1f}" if unit in ("ratio", "per_day") else f"{value:g}"


def change_text(figure: Figure, *, narrow: bool = False) -> str:
    """What it has changed by since the window before: ▲ 3.2pp, ▼ 12%; 0% without an arrow; "" where nobody can say.
    `narrow` takes the shortest word there is for percentage points.
    """
    change = figure.change
    if change is None:
        return ""
    size = _size(figure.unit, change, narrow=narrow)
    return size if size == _size(figure.unit, 0, narrow=narrow) else f"{'▲' if change > 0 else '▼'} {size}"


def change_good(figure: Figure) -> bool | None:
    """Whether the change is for the good; None without one, or where it is too small for `change_text` to tell."""
    change = figure.change
    told = change is None or _size(figure.unit, change) != _size(figure.unit, 0)
    return figure.better if told else None


def _size(unit: str, change: float, *, narrow: bool = False) -> str:
    """How big a change is, without its sign."""
    if unit == "share":
        return points_said(100 * abs(change), narrow=narrow)
    return f"{abs(change):.1f}" if unit == "ratio" else f"{abs(change):.0%}"


def bar_text(figure: Figure, bar: Bar) -> str:
    """A line it is held against: ≥60%, ≤8%."""
    value = f"{round(100 * bar.value, 1):g}%" if figure.unit == "share" else f"{bar.value:g}"
    return f"{'≥' if figure.rising else '≤'}{value}"


def goal_bar(figure: Figure) -> Bar | None:
    """The line that applies to this group; None where there is none."""
    return next((bar for bar in figure.bars if bar.applies), None)


def met_text(met: bool | None) -> str:
    """Whether a line is met, in a word."""
    return _(_MET[met])


def health_text(card: Health) -> str:
    """The card as lines to paste: each figure with its base, its change and the line it is held against."""
    lines = [_("{group}, figures as of {day}", group=show(card.group), day=card.as_of)]
    for title, figures in ((_("Outcomes"), card.outcomes), (_("What leads to them"), card.leading)):
        lines.append(f"【{title}】")
        lines += [_line(each) for each in figures if each.value is not None]
    unknown = [_(FIGURES[each.code]) for each in (*card.outcomes, *card.leading) if each.value is None]
    if unknown:
        lines.append(_("not known: {figures}", figures="、".join(unknown)))
    return "\n".join(lines)


def _line(figure: Figure) -> str:
    bar = goal_bar(figure)
    parts = [f"{_(FIGURES[figure.code])} {quantity(figure.value, figure.unit)}"]
    if figure.n is not None:
        parts.append(f"n={figure.n}")
    parts.append(change_text(figure))
    if bar is not None:
        parts.append(f"{bar_text(figure, bar)} {met_text(bar.met)}")
    return " · ".join(filter(None, parts))


def health_table(card: Health) -> Table:
    """A line for each figure: what it is and was, its base, its days, the line that applies and whether it is met."""
    columns = (
        Column("code", _("code")), Column("figure", _("key figure")), Column("value", _("value"), "int"),
        Column("unit", _("unit")), Column("n", _("base n"), "int"), Column("before", _("window before"), "int"),
        Column("first", _("from day"), "date"), Column("last", _("to day"), "date"),
        Column("bar", _("bar"), "int"), Column("met", _("verdict")), Column("source", _("source")),
        Column("why", _("how it is counted")),
    )  # fmt: skip
    return Table(_("Overview"), columns, list(_rows(card)))


def _rows(card: Health) -> Iterator[tuple[Value, ...]]:
    for each in (*card.outcomes, *card.leading):
        bar = goal_bar(each)
        yield (
            each.code, _(FIGURES[each.code]), _plain(each.value), each.unit, each.n, _plain(each.before),
            None if each.ever else each.first, each.last, bar.value if bar else None,
            met_text(bar.met) if bar else "", bar.source if bar else "",
            _("; ").join(map(str, each.why)),
        )  # fmt: skip


def _plain(value: float | None) -> float | None:
    return None if value is None else round(value, 6)
