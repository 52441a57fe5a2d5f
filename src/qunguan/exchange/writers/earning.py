"""Bonus days in words for the group; bonus days, deeds and invitations as tables."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from qunguan.domain.clock import WEEKDAYS
from qunguan.domain.earning import DEEDS, INVITED, MULTIPLIED, BonusDay, Deed, Invitation, times_text
from qunguan.domain.sources import Brief
from qunguan.domain.text import show
from qunguan.exchange.writers.tables import Column, Table
from qunguan.i18n import _


def applies_text(bonus: BonusDay) -> str:
    """What a bonus day multiplies: all points, or those of its rules."""
    return "、".join(_(MULTIPLIED[rule_id]) for rule_id in bonus.applies) or _("all points")


def announcement(bonus: BonusDay, day: date, today: date) -> str:
    """A bonus day announced to the group: when it is, what it multiplies, what else it gives."""
    days = (day - today).days
    values = {"name": show(bonus.name), "day": f"{day:%m-%d} {_(WEEKDAYS[day.weekday()])}"}
    if not days:
        lines = [_("🎁 Today is {name}!", **values)]
    elif days == 1:
        lines = [_("🎁 Tomorrow, {day}, is {name}!", **values)]
    else:
        lines = [_("🎁 {name} is coming on {day}, in {n} days!", n=days, **values)]
    if bonus.multiplier_pct > 100:
        times = times_text(bonus.multiplier_pct)
        lines.append(
            _("Points {times} on that day, for: {what}", times=times, what=applies_text(bonus))
            if bonus.applies
            else _("All points {times} on that day", times=times)
        )
    if bonus.perk:
        lines.append(show(bonus.perk))
    return "\n".join(lines)


def bonus_table(days: Sequence[BonusDay], today: date) -> Table:
    """The bonus days, with the next of each."""
    columns = (
        Column("id", _("id"), "int"), Column("name", _("name")), Column("when", _("when")),
        Column("times", _("points")), Column("for", _("for")), Column("next", _("next day"), "date"),
        Column("on", _("on/off")), Column("perk", _("perk")), Column("source", _("source")),
    )  # fmt: skip
    cells = [
        (each.id, each.name, each.recurs.text(), times_text(each.multiplier_pct), applies_text(each), each.next(today),
         _("on") if each.enabled else _("off"), each.perk, str(Brief(each.source)))
        for each in days
    ]  # fmt: skip
    return Table(_("Bonus days"), columns, cells)


def deeds_table(deeds: Sequence[Deed]) -> Table:
    """The deeds, as they were recorded."""
    columns = (
        Column("id", _("id"), "int"), Column("day", _("day"), "date"), Column("member_id", _("member id"), "int"),
        Column("name", _("member")), Column("kind", _("kind")), Column("points", _("points"), "int"),
        Column("note", _("note")),
    )  # fmt: skip
    cells = [(d.id, d.day, d.member_id, d.name, _(DEEDS[d.kind]), d.points, d.note) for d in deeds]
    return Table(_("Deeds"), columns, cells)


def invitations_table(found: Sequence[Invitation]) -> Table:
    """Who was invited by whom, and how far that has come."""
    columns = (
        Column("invitee", _("invited")), Column("inviter", _("invited by")),
        Column("joined_on", _("joined on"), "date"), Column("counts_on", _("counts from"), "date"),
        Column("state", _("state")), Column("points", _("points"), "int"),
    )  # fmt: skip
    cells = [(i.invitee, i.inviter, i.joined_on, i.counts_on, _(INVITED[i.state]), i.points) for i in found]
    return Table(_("Invitations"), columns, cells)
