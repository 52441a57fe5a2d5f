"""How rewards and redemptions are drawn, and the words for them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Literal

from textual.content import Content

from qunguan.domain.rewards import KINDS, OCCASIONS, STATES, Redemption, RewardRow
from qunguan.domain.text import match_key
from qunguan.i18n import N_, _, ngettext
from qunguan.tui.text import joined, lines, literal
from qunguan.tui.turns import next_of
from qunguan.tui.widgets.paged_table import Cell, Column
from qunguan.tui.widgets.table_cells import CellStyle

View = Literal["catalogue", "waiting", "all"]
_VIEWS: dict[View, str] = {
    "catalogue": N_("catalogue"),
    "waiting": N_("to be handed out"),
    "all": N_("all redemptions"),
}
_MARKS = {"requested": "○", "fulfilled": "●", "cancelled": "×"}
_NEWEST = 12


def next_view(view: View) -> View:
    """What `f` shows after this."""
    return next_of(_VIEWS, view)


def finds(search: str, found: Redemption) -> bool:
    """Whether the search means this redemption: its member, its reward or its code."""
    return any(match_key(search) in match_key(text) for text in (found.name, found.reward, found.code))


def finds_reward(search: str, row: RewardRow) -> bool:
    """Whether the search means this reward."""
    return match_key(search) in match_key(row.reward.name)


def headline(rows: Sequence[RewardRow], view: View, search: str) -> Content:
    """Which list it is, how many rewards are on the shelf and how many redemptions wait."""
    shelf = sum(row.reward.closed_on is None for row in rows)
    waiting = sum(row.waiting for row in rows)
    parts = [
        literal(_(_VIEWS[view]), "bold"),
        literal(ngettext("{n} reward on the shelf", "{n} rewards on the shelf", shelf)),
        literal(ngettext("{n} waits to be handed out", "{n} wait to be handed out", waiting),
                "$text-warning" if waiting else "$text-muted"),
    ]  # fmt: skip
    if search:
        parts.append(literal(_("search: {text}", text=search), "$text-muted"))
    return Content("   ").join(parts)


def reward_columns() -> tuple[Column, ...]:
    """Reward, kind, price, what is left, who waits, until when."""
    return (
        Column(_("reward"), flex=1, minimum=14),
        Column(_("kind"), width=8, drop=2),
        Column(_("points"), width=7, right=True),
        Column(_("remaining"), width=9, right=True),
        Column(_("waiting"), width=7, right=True),
        Column(_("closes"), width=10, drop=1),
    )


def reward_cells(row: RewardRow, today: date) -> tuple[Cell | str, ...]:
    """The line of a reward; what cannot be had today is dim."""
    found = row.reward
    able = found.open(today) and row.left != 0
    style: CellStyle = "" if able else "dim"
    left = _("any number") if row.left is None else str(row.left)
    end = _("off the shelf") if found.closed_on else found.valid_to.isoformat() if found.valid_to else "—"
    return (
        Cell(found.name, style), Cell(_(KINDS[found.kind]), "dim"), Cell(str(found.price), "strong" if able else "dim"),
        Cell(left, "warn" if row.left == 0 else style), Cell(str(row.waiting or "·"), "warn" if row.waiting else "dim"),
        Cell(end, "dim"),
    )  # fmt: skip


def paper_columns() -> tuple[Column, ...]:
    """State, member, reward, points, code, day, last day."""
    return (
        Column("", width=2),
        Column(_("member"), flex=1, minimum=10),
        Column(_("reward"), flex=1, minimum=10),
        Column(_("points"), width=7, right=True, drop=2),
        Column(_("code"), width=8),
        Column(_("day"), width=10, drop=1),
        Column(_("state"), width=12),
        Column(_("good through"), width=10, drop=3),
    )


def paper_cells(found: Redemption, today: date) -> tuple[Cell | str, ...]:
    """The line of a redemption."""
    style: CellStyle = "warn" if found.state == "requested" else "dim" if found.state == "cancelled" else ""
    state = _("ran out") if found.overdue(today) else _(STATES[found.state])
    return (
        Cell(_MARKS[found.state], style), Cell(found.name, "dim" if found.state == "cancelled" else ""), found.reward,
        Cell(str(found.price), "dim"), Cell(found.code, "strong"), Cell(found.day.isoformat(), "dim"),
        Cell(state, "bad" if found.overdue(today) else style),
        Cell(found.expires_on.isoformat() if found.expires_on else "—", "dim"),
    )  # fmt: skip


def reward_side(row: RewardRow, taken: Sequence[Redemption], today: date) -> Content:
    """The terms of a reward, and who had it last."""
    found = row.reward
    facts = [
        (_("kind"), _(KINDS[found.kind])),
        (_("price"), _("{price} points", price=found.price) if found.price else _("free")),
        (_("stock"), _("any number") if found.stock is None else
         _("{left} of {n} left", left=row.left, n=found.stock)),
        (_("each member"), _("any number") if found.member_limit is None else _("at most {n}", n=found.member_limit)),
        (_("from"), found.valid_from or ""),
        (_("closes"), found.valid_to or ""),
        (_("code good for"), ngettext("{n} day", "{n} days", found.code_days) if found.code_days else ""),
        (_("given for"), _(OCCASIONS[found.occasion]) if found.occasion else ""),
    ]  # fmt: skip
    told = [literal(found.name, "bold")]
    told += [joined((f"{label} ", "$text-muted"), str(value)) for label, value in facts if value]
    if found.note:
        told.append(lines(found.note))
    told += [Content(""), literal(_("Newest redemptions"), "$text-muted")]
    told += [joined(f"{one.day:%m-%d} {_MARKS[one.state]} ", one.name) for one in taken[:_NEWEST]]
    if not taken:
        told.append(literal(_("nobody yet: r redeems it for a member"), "dim"))
    return Content("\n").join(told)


def paper_side(found: Redemption, story: Sequence[str]) -> Content:
    """The story of a redemption."""
    told = [literal(found.reward, "bold"), literal(found.name), Content("")]
    return Content("\n").join([*told, *(lines(line) for line in story)])


def empty_text(view: View) -> str:
    """What an empty list says: what it is for, and which key to press."""
    if view == "catalogue":
        return _(
            "Rewards make points worth something: a small gift, a coupon, half an hour of your time.\n"
            "a puts the first one on the shelf; r then redeems it for a member."
        )
    return _("Nobody waits for anything.\nf shows the other lists; in the catalogue r redeems a reward for a member.")
