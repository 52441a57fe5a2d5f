"""How bonus days, deeds and invitations are drawn, and the words for them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Literal

from textual.content import Content

from qunguan.domain.clock import WEEKDAYS
from qunguan.domain.earning import (
    DEEDS,
    INVITED,
    MULTIPLIED,
    BonusDay,
    Deed,
    DueBonus,
    Invitation,
    InvitedState,
    Multiplier,
    times_text,
)
from qunguan.domain.sources import cited
from qunguan.domain.text import match_key
from qunguan.exchange.writers.earning import applies_text
from qunguan.i18n import N_, _, ngettext
from qunguan.tui.text import joined, lines, literal
from qunguan.tui.turns import next_of
from qunguan.tui.widgets.paged_table import Cell, Column
from qunguan.tui.widgets.table_cells import CellStyle

View = Literal["days", "deeds", "referrals"]
_VIEWS: dict[View, str] = {"days": N_("bonus days"), "deeds": N_("good deeds"), "referrals": N_("invitations")}
_MARKS: dict[InvitedState, tuple[str, CellStyle]] = {
    "due": ("○", "warn"), "lost": ("×", "bad"), "waiting": ("◐", ""), "rewarded": ("●", "dim"),
    "reversed": ("×", "dim"), "cut": ("·", "dim"), "off": ("·", "dim"), "left": ("·", "dim"), "known": ("·", "dim"),
}  # fmt: skip
_DATES = 4


def next_view(view: View) -> View:
    """What `f` shows after this."""
    return next_of(_VIEWS, view)


def finds(search: str, *texts: str) -> bool:
    """Whether the search means one of these texts."""
    return any(match_key(search) in match_key(text) for text in texts)


def headline(view: View, upcoming: DueBonus | None, found: Sequence[Invitation], today: date, search: str) -> Content:
    """Which list it is, the next bonus day, and how many invitations wait for their points."""
    due = sum(each.state == "due" for each in found)
    parts = [literal(_(_VIEWS[view]), "bold")]
    if upcoming:
        values = {"name": upcoming.bonus.name, "times": times_text(upcoming.bonus.multiplier_pct)}
        text = _("today is {name} {times}", **values) if upcoming.day == today else _(
            "next: {name} {times} on {day}, in {n} days", day=f"{upcoming.day:%m-%d}", n=(upcoming.day - today).days,
            **values)  # fmt: skip
        parts.append(literal(text, "$text-success" if upcoming.day == today else ""))
    parts.append(literal(ngettext("{n} invitation waits for its points", "{n} invitations wait for their points", due),
                         "$text-warning" if due else "$text-muted"))  # fmt: skip
    if search:
        parts.append(literal(_("search: {text}", text=search), "$text-muted"))
    return Content("   ").join(parts)


def day_columns() -> tuple[Column, ...]:
    """On or off, name, when, times, the next day, for what."""
    return (
        Column("", width=2),
        Column(_("name"), flex=2, minimum=10),
        Column(_("when"), flex=2, minimum=14),
        Column(_("points"), width=6, right=True),
        Column(_("next day"), width=16),
        Column(_("for"), flex=2, minimum=10, drop=1),
    )


def day_cells(bonus: BonusDay, today: date) -> tuple[Cell | str, ...]:
    """The line of a bonus day; one that is off or past is dim."""
    day = bonus.next(today)
    style: CellStyle = "" if day else "dim"
    what = bonus.perk if bonus.multiplier_pct == 100 else applies_text(bonus)
    when = _("off") if not bonus.enabled else "—" if day is None else _dated(day)
    return (
        Cell("●" if bonus.enabled else "○", style), Cell(bonus.name, "strong" if day else "dim"),
        Cell(bonus.recurs.text(), style), Cell(times_text(bonus.multiplier_pct), style),
        Cell(when, "good" if day == today else style), Cell(what, "dim"),
    )  # fmt: skip


def _dated(day: date) -> str:
    return f"{day} {_(WEEKDAYS[day.weekday()])}"


def day_side(bonus: BonusDay, today: date) -> Content:
    """The terms of a bonus day, and the days it falls on next."""
    facts = [
        (_("when"), bonus.recurs.text()),
        (_("points"), times_text(bonus.multiplier_pct)),
        (_("for"), applies_text(bonus)),
        (_("from"), str(bonus.from_day or "")),
        (_("to"), str(bonus.to_day or "")),
    ]
    told = [literal(bonus.name, "bold")]
    told += [joined((f"{label}  ", "$text-muted"), value) for label, value in facts if value]
    if bonus.perk:
        told.append(lines(bonus.perk))
    told += [literal(line, "dim") for line in cited(bonus.source)]
    told += [Content(""), literal(_("Next days"), "$text-muted")]
    days = _next_days(bonus, today)
    told += [literal(_dated(day)) for day in days] or [literal(_("none: it is off, or past"), "dim")]
    return Content("\n").join(told)


def _next_days(bonus: BonusDay, today: date) -> list[date]:
    found: list[date] = []
    day = bonus.next(today)
    while day is not None and len(found) < _DATES:
        found.append(day)
        day = bonus.next(day + timedelta(days=1))
    return found


def deed_columns() -> tuple[Column, ...]:
    """Day, member, what kind, points, note."""
    return (
        Column(_("day"), width=10),
        Column(_("member"), flex=2, minimum=12),
        Column(_("kind"), width=10),
        Column(_("points"), width=6, right=True),
        Column(_("note"), flex=3, minimum=12, drop=1),
    )


def deed_cells(told: Deed) -> tuple[Cell | str, ...]:
    """The line of a deed."""
    return (
        Cell(str(told.day), "dim"), Cell(told.name, "strong"), Cell(_(DEEDS[told.kind])), Cell(str(told.points)),
        Cell(told.note, "dim"),
    )  # fmt: skip


def deed_side(told: Deed, why: Sequence[str]) -> Content:
    """A deed and why it earned what it did."""
    head = [literal(told.name, "bold"), joined((f"{told.day}  ", "$text-muted"), _(DEEDS[told.kind]))]
    note = [lines(told.note)] if told.note else []
    return Content("\n").join([*head, *note, Content(""), *(lines(line) for line in why)])


def invitation_columns() -> tuple[Column, ...]:
    """State, who came, by whom, when, from when it counts, points."""
    return (
        Column("", width=2),
        Column(_("invited"), flex=2, minimum=10),
        Column(_("invited by"), flex=2, minimum=10),
        Column(_("joined on"), width=10, drop=2),
        Column(_("counts from"), width=10, drop=1),
        Column(_("state"), flex=2, minimum=18),
        Column(_("points"), width=6, right=True),
    )


def invitation_cells(found: Invitation) -> tuple[Cell | str, ...]:
    """The line of an invitation."""
    mark, style = _MARKS[found.state]
    return (
        Cell(mark, style), Cell(found.invitee, "" if style == "dim" else "strong"), Cell(found.inviter),
        Cell(str(found.joined_on or "—"), "dim"), Cell(str(found.counts_on or "—"), "dim"),
        Cell(_(INVITED[found.state]), style), Cell(str(found.points or "·"), style),
    )  # fmt: skip


def invitation_why(found: Invitation, days: int, points: int, source: str) -> list[str]:
    """Why an invitation earns points or not: the rule, its days, where that comes from."""
    told = [
        _("{invitee} came on {day}, invited by {inviter}", invitee=found.invitee, inviter=found.inviter,
          day=found.joined_on or "—"),
        _("it counts when they are still there {n} days later: {day}", n=days, day=found.counts_on or "—"),
        _("only the first stay ever counts, once, for one inviter"),
        _(INVITED[found.state]),
    ]  # fmt: skip
    if found.points:
        told.append(ngettext("{n} point", "{n} points", found.points))
    return [*told, _("the rule gives {n} points", n=points), *cited(source)]


def invitation_side(found: Invitation, why: Sequence[str]) -> Content:
    """An invitation and why it earns points or not."""
    head = [literal(found.invitee, "bold"), Content("")]
    return Content("\n").join([*head, *(lines(line) for line in why)])


def day_why(day: date, found: Sequence[tuple[Multiplier, Sequence[str]]], stacking: str, source: str) -> list[Content]:
    """What points are multiplied by on a day, rule by rule, and how several days are stacked."""
    told = [literal(_("On {day}", day=_dated(day)), "bold")]
    names = [literal(_(MULTIPLIED[each.rule_id])) for each, _why in found]
    room = max((name.cell_length for name in names), default=0) + 2
    for name, (each, why) in zip(names, found, strict=True):
        label = name.plain + " " * (room - name.cell_length)
        told.append(joined((label, "$text-muted"), (times_text(each.percent), "bold"), f"  {'; '.join(why)}"))
    told += [Content(""), literal(_("Several days on one: {how}", how=stacking), "$text-muted")]
    return [*told, *(literal(line, "dim") for line in cited(source))]


def empty_text(view: View) -> str:
    """What an empty list says: what it is for, and which key to press."""
    if view == "days":
        return _(
            "A member day makes points worth more: every 8th ×2, a festival, your group's birthday.\n"
            "a adds one; y then announces it to the group."
        )
    if view == "deeds":
        return _(
            "A good share or a helping hand in a campaign earns points too.\n"
            "r records it for one member or several; the points are booked at once."
        )
    return _(
        "Who brings a friend that stays earns points.\n"
        "Say who invited whom in the roster (2); here r then rewards them all."
    )
