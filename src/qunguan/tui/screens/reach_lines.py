"""How reach is drawn: a bar for each channel, who cannot be reached, every way, and the three lines of defence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, Literal

from textual.content import Content

from qunguan.domain.defence import MARKS, NAMES, STATES, Line, State
from qunguan.domain.reach import Contact, Cover, Coverage, channels
from qunguan.domain.shares import percent
from qunguan.domain.sources import Brief
from qunguan.i18n import N_, _, ngettext
from qunguan.tui.text import joined, lines, literal
from qunguan.tui.widgets.meter import gauge
from qunguan.tui.widgets.paged_table import Cell, Column

View = Literal["channels", "lost", "contacts"]
VIEWS: Final[dict[View, str]] = {
    "channels": N_("channel by channel"), "lost": N_("who cannot be reached at all"), "contacts": N_("every way"),
}  # fmt: skip
_ORIGINS: Final = {
    "told": N_("told to you"),
    "roster": N_("number of the roster"),
    "account": N_("account of the group"),
}
_COLOURS: Final[dict[State, str]] = {
    "holds": "$text-success", "fires": "$text-error", "answered": "$text-warning", "unknown": "$text-muted",
    "off": "$text-muted",
}  # fmt: skip
_BAR = 24


def columns(view: View) -> tuple[Column, ...]:
    """The columns of a view."""
    if view == "channels":
        return (
            Column("", width=1), Column(_("channel"), flex=1, minimum=12), Column(_("coverage"), width=_BAR, drop=2),
            Column(_("share"), width=8, right=True), Column(_("people"), width=6, right=True),
            Column(_("refused"), width=6, right=True, drop=1),
        )  # fmt: skip
    if view == "lost":
        return (Column(_("member"), flex=1, minimum=12),)
    return (
        Column("", width=1), Column(_("member"), flex=1, minimum=10), Column(_("channel"), width=16),
        Column(_("number or account"), width=24), Column(_("where from"), width=14, drop=1),
    )  # fmt: skip


def cover_cells(each: Cover, members: int) -> tuple[Cell | str, ...]:
    """The line of a channel: its bar, its share with the people behind it."""
    style: Literal["good", "dim", ""] = "dim" if not each.n else "good" if each.outside else ""
    bar = gauge(each.n, members, [], _BAR) if members else ""
    return (
        Cell("●" if each.outside else "○", style), Cell(each.name, "strong" if each.n else "dim"), Cell(bar, style),
        Cell(percent(each.rate), style), str(each.n), Cell(str(each.refused or "—"), "warn" if each.refused else "dim"),
    )  # fmt: skip


def lost_cells(who: tuple[int, str]) -> tuple[Cell | str, ...]:
    """The line of somebody who cannot be reached."""
    return (Cell(who[1]),)


def contact_cells(one: Contact) -> tuple[Cell | str, ...]:
    """The line of a way."""
    style: Literal["dim", ""] = "" if one.agreed else "dim"
    return (
        Cell("●" if one.agreed else "✗", style or "good"), Cell(one.name, style),
        Cell(channels()[one.channel].name, style), Cell(one.shown, style), Cell(_(_ORIGINS[one.origin]), "dim"),
    )  # fmt: skip


def headline(found: Coverage, view: View) -> Content:
    """How many of how many have a way of one's own, against the target; who has none."""
    style = {True: "$text-success", False: "$text-error", None: ""}[found.met]
    own = _("own ground {n}/{members} {rate}", n=found.backup, members=found.members, rate=percent(found.backup_rate))
    parts = [literal(own, f"bold {style}".strip())]
    if found.target is not None:
        parts.append(literal(_("target {target} %", target=found.target), "$text-muted"))
    if found.unreachable:
        told = ngettext("{n} cannot be reached", "{n} cannot be reached", len(found.unreachable))
        parts.append(literal(told, "$text-warning"))
    if view != "channels":
        parts.append(literal(_(VIEWS[view]), "$text-accent"))
    return Content("   ").join(parts)


def channel_side(each: Cover, found: Coverage, defence: Sequence[Line]) -> Content:
    """What a channel is good for, and the three lines."""
    stands = _("stands when the group's platform is closed") if each.outside else _("falls with the group's platform")
    parts = [
        literal(each.name, "bold"),
        literal(_("{n} of {members} people, {rate}", n=each.n, members=found.members, rate=percent(each.rate))),
        literal(("● " if each.outside else "○ ") + stands, "$text-success" if each.outside else "$text-warning"),
        Content(""),
        lines(each.advice),
        Content(""),
        *defence_lines(defence),
    ]
    return Content("\n").join(parts)


def contact_side(name: str, own: Iterable[Contact]) -> Content:
    """Every way to one member."""
    parts = [literal(name, "bold"), Content("")]
    for one in own:
        mark = ("● ", "$text-success") if one.agreed else ("✗ ", "$text-error")
        parts.append(joined(mark, f"{channels()[one.channel].name}  ", one.shown))
        if not one.agreed:
            parts.append(literal("  " + _("does not want to be written to this way"), "$text-muted"))
    if len(parts) == 2:
        parts.append(literal(_("There is no way to them besides the group. a notes one."), "$text-muted"))
    return Content("\n").join(parts)


def defence_lines(found: Sequence[Line]) -> list[Content]:
    """The three lines of defence, each with its figure and, where it is broken, what is done."""
    parts = [literal(_("Three lines of defence"), "bold")]
    for line in found:
        style = _COLOURS[line.state]
        parts.append(
            joined(
                (f"{MARKS[line.state]} {line.number} ", style),
                _(NAMES[line.id]),
                (f" · {_(STATES[line.state])}", style),
            )
        )
        parts.append(literal(f"  {line.said} ({Brief(line.source)})", "$text-muted"))
        if line.today_said:
            parts.append(literal(f"  {line.today_said}", "$text-warning"))
        if line.state in ("fires", "answered"):
            parts.append(literal("  → " + _(line.does)))
    return parts


def empty_text(view: View, members: int) -> str:
    """What an empty list says."""
    if not members:
        return _("Nobody is in this group yet: bring the roster in first (2).")
    if view == "lost":
        return _("Everybody here can be reached by some way besides the group.\nf shows the channels again.")
    return _("No way to anybody is known besides the group.\n\ni takes in a table (手机号, 邮箱, QQ号 …), a notes one "
             "by hand: before the day the group is closed.")  # fmt: skip
