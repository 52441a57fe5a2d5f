"""How alerts and their rules are drawn, and the words for them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Literal

from textual.content import Content

from qunguan.domain.alert_words import SEVERITIES, STATES, SUGGESTIONS, TITLES, quantity, said
from qunguan.domain.alerts import Alert, AlertRule, State
from qunguan.domain.sources import cited
from qunguan.i18n import N_, _, ngettext
from qunguan.tui.text import joined, literal
from qunguan.tui.turns import next_of
from qunguan.tui.widgets.paged_table import Cell, Column
from qunguan.tui.widgets.table_cells import CellStyle

View = Literal["firing", "all", "rules"]
_VIEWS: dict[View, str] = {
    "firing": N_("what fires"), "all": N_("with what has recovered"), "rules": N_("every rule"),
}  # fmt: skip
FIRING: tuple[State, ...] = ("fired", "known", "handling")
_MARKS: dict[State, tuple[str, CellStyle]] = {
    "fired": ("●", "bad"), "known": ("◐", "warn"), "handling": ("◐", "good"), "closed": ("○", "dim"),
    "recovered": ("✓", "done"),
}  # fmt: skip
_STYLES: dict[str, CellStyle] = {"alarm": "bad", "warning": "warn", "notice": ""}


def next_view(view: View) -> View:
    """What `f` shows after this."""
    return next_of(_VIEWS, view)


def headline(view: View, alerts: Sequence[Alert], rules: Sequence[AlertRule], day: date, *, today: bool) -> Content:
    """Which list it is, how many fire, and as of when."""
    fires = sum(one.state in FIRING for one in alerts)
    parts = [
        literal(_(_VIEWS[view]), "bold"),
        literal(ngettext("{n} alert fires", "{n} alerts fire", fires), "$text-warning" if fires else "$text-success"),
        literal(_("as of {day}", day=day), "$text-muted" if today else "$text-warning"),
    ]
    if view == "rules":
        deaf = sum(not one.readable for one in rules)
        parts.append(literal(_("{n} rules, {deaf} of them wait for figures nobody tells yet", n=len(rules), deaf=deaf)))
    return Content("   ").join(parts)


def alert_columns() -> tuple[Column, ...]:
    """State, what it is, what was measured, since when."""
    return (
        Column("", width=2), Column(_("alert"), width=14), Column(_("measured"), flex=3, minimum=20),
        Column(_("since"), width=10), Column(_("state"), width=8, drop=1), Column(_("severity"), width=6, drop=2),
    )  # fmt: skip


def alert_cells(one: Alert) -> tuple[Cell | str, ...]:
    """The line of an alert."""
    mark, style = _MARKS[one.state]
    return (
        Cell(mark, style), Cell(_(TITLES[one.rule]), "strong" if one.state in FIRING else "dim"), str(said(one)),
        str(one.since), Cell(_(STATES[one.state]), style), Cell(_(SEVERITIES[one.severity]), _STYLES[one.severity]),
    )  # fmt: skip


def rule_columns() -> tuple[Column, ...]:
    """On or off, what it is, the bar it waits for, the source."""
    return (
        Column("", width=2), Column(_("alert"), width=18), Column(_("bar"), width=14, right=True),
        Column(_("what to do"), flex=3, minimum=16), Column(_("source"), width=18, drop=1),
    )  # fmt: skip


def rule_cells(one: AlertRule) -> tuple[Cell | str, ...]:
    """The line of a rule; one that cannot be measured yet is dim."""
    style: CellStyle = "" if one.enabled and one.readable else "dim"
    mark = "○" if not one.enabled else "●" if one.readable else "·"
    bar = f"{one.terms.op} {quantity(one.terms.threshold, one.unit)}"
    return (
        Cell(mark, style), Cell(_(TITLES[one.shipped.id]), style or "strong"), Cell(bar, style),
        Cell(_(SUGGESTIONS[one.shipped.id]), "dim"), Cell(one.source, "dim"),
    )  # fmt: skip


def alert_side(one: Alert) -> Content:
    """What was measured, over which days, what was said to it, and what to do."""
    facts = [
        (_("measured"), str(said(one))),
        (_("window"), _("{first} to {last}", first=one.first, last=one.last)),
        (_("bar"), f"{one.op} {quantity(one.threshold, one.unit)}"),
        (_("base"), f"n={one.n}" if one.n is not None else ""),
        (_("since"), str(one.since)),
        (_("recovered"), str(one.recovered_on or "")),
        (_("state"), _(STATES[one.state])),
        (_("note"), one.note),
    ]
    told = [literal(_(TITLES[one.rule]), "bold")]
    told += [joined((f"{label}  ", "$text-muted"), value) for label, value in facts if value]
    told += [Content(""), literal(_("What to do"), "$text-muted"), literal(_(SUGGESTIONS[one.rule]))]
    return Content("\n").join([*told, Content(""), *(literal(line, "dim") for line in cited(one.source))])


def rule_side(one: AlertRule) -> Content:
    """What a rule waits for, and whether anything tells its figure."""
    told = [
        literal(_(TITLES[one.shipped.id]), "bold"),
        literal(f"{one.terms.op} {quantity(one.terms.threshold, one.unit)}"),
        literal(_("rule {rule}, in Settings (0)", rule=one.shipped.threshold), "$text-muted"),
    ]
    if not one.enabled:
        told.append(literal(_("it is switched off"), "$text-warning"))
    elif not one.readable:
        told.append(literal(_("nothing in the file tells this figure yet"), "$text-warning"))
    told += [Content(""), literal(_(SUGGESTIONS[one.shipped.id]))]
    return Content("\n").join([*told, Content(""), *(literal(line, "dim") for line in cited(one.source))])


def said_text(one: Alert) -> str:
    """What is noted of an alert now."""
    return _("{alert}: {state}", alert=_(TITLES[one.rule]), state=_(STATES[one.state]))


def empty_text(view: View) -> str:
    """What an empty list says."""
    if view == "firing":
        return _("Nothing fires. Good.\n\nf shows what has recovered, and every rule with the number it waits for.")
    return _("Nothing has fired lately.\n\nf shows every rule with the number it waits for.")
