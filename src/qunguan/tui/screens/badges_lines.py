"""How badges and their holders are drawn, and the words for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Literal

from textual.content import Content

from qunguan.domain.badges import HAND, Badge, Holding
from qunguan.domain.sources import cited
from qunguan.domain.text import match_key
from qunguan.exchange.writers.badges import HOW, asks_text, kind_text
from qunguan.i18n import N_, _, ngettext
from qunguan.tui.text import joined, lines, literal
from qunguan.tui.widgets.paged_table import Cell, Column

View = Literal["badges", "new", "holders"]
_VIEWS: dict[View, str] = {"badges": N_("badges"), "new": N_("newly earned"), "holders": N_("who holds it")}
_NEWEST = 12
_BITS = 32  # a badge's id stands above a member's in the key of a line


@dataclass(frozen=True)
class Cabinet:
    """Every badge and who holds it at the end of `today`; `challenges` are names by id."""

    badges: tuple[Badge, ...]
    held: tuple[Holding, ...]
    challenges: Mapping[int, str]
    today: date

    @cached_property
    def by_badge(self) -> Mapping[int, tuple[Holding, ...]]:
        """Badge → who holds it, the newest first."""
        found: dict[int, list[Holding]] = {each.id: [] for each in self.badges}
        for each in sorted(self.held, key=lambda one: -one.since.toordinal()):
            found[each.badge.id].append(each)
        return {badge_id: tuple(own) for badge_id, own in found.items()}

    @cached_property
    def newest(self) -> tuple[Holding, ...]:
        """Everything that is held, the newest first."""
        return tuple(sorted(self.held, key=lambda one: (-one.since.toordinal(), one.badge.id, one.member_id)))

    def of(self, member_id: int) -> list[Holding]:
        """What one member holds."""
        return [each for each in self.held if each.member_id == member_id]

    def asks(self, badge: Badge) -> str:
        """What a badge asks for, with its challenge."""
        return asks_text(badge, self.challenges.get(badge.challenge_id or 0, ""))


def key(held: Holding) -> int:
    """The key of a holder's line."""
    return held.badge.id << _BITS | held.member_id


def next_view(view: View) -> View:
    """What `f` shows after this."""
    return "new" if view == "badges" else "badges"


def finds(search: str, *names: str) -> bool:
    """Whether the search means one of these names."""
    return any(match_key(search) in match_key(name) for name in names)


def headline(cabinet: Cabinet, view: View, badge: Badge | None, search: str) -> Content:
    """Which list it is, how many badges are on and how many members hold one."""
    on = sum(each.enabled for each in cabinet.badges)
    people = len({each.member_id for each in cabinet.held})
    parts = [
        literal(f"{badge.name} · {_(_VIEWS[view])}" if badge else _(_VIEWS[view]), "bold"),
        literal(ngettext("{n} badge is on", "{n} badges are on", on)),
        literal(ngettext("{n} member has one", "{n} members have one", people)),
    ]
    if view != "badges" and cabinet.held:
        newest = sum(each.since == cabinet.today for each in cabinet.held)
        parts.append(literal(_("{n} today", n=newest), "$text-success" if newest else "$text-muted"))
    if search:
        parts.append(literal(_("search: {text}", text=search), "$text-muted"))
    return Content("   ").join(parts)


def badge_columns() -> tuple[Column, ...]:
    """On or off, badge, kind, what it asks for, how many hold it, the newest day."""
    return (
        Column("", width=2),
        Column(_("badge"), flex=2, minimum=16),
        Column(_("kind"), width=6, drop=3),
        Column(_("asks for"), flex=3, minimum=16),
        Column(_("holders"), width=7, right=True),
        Column(_("newest"), width=10, drop=2),
    )


def badge_cells(cabinet: Cabinet, badge: Badge) -> tuple[Cell | str, ...]:
    """The line of a badge; one that is off is dim."""
    held = cabinet.by_badge[badge.id]
    style: Literal["", "dim"] = "" if badge.enabled else "dim"
    return (
        Cell("●" if badge.enabled else "○", style), Cell(badge.name, "strong" if badge.enabled else "dim"),
        Cell(kind_text(badge), "dim"), Cell(cabinet.asks(badge), style),
        Cell(str(len(held)) if badge.enabled else _("off"), style), Cell(str(held[0].since) if held else "—", "dim"),
    )  # fmt: skip


def holder_columns(view: View) -> tuple[Column, ...]:
    """Since when, who, which badge, how, the reason."""
    badge = (Column(_("badge"), flex=2, minimum=12),) if view == "new" else ()
    return (
        Column(_("since"), width=10),
        Column(_("member"), flex=2, minimum=12),
        *badge,
        Column(_("how"), width=8, drop=1),
        Column(_("reason"), flex=2, minimum=10, drop=2),
    )


def holder_cells(view: View, held: Holding, today: date) -> tuple[Cell | str, ...]:
    """The line of a holder; what came today stands out."""
    reason = held.reason or (_("through {day}", day=held.until) if held.until else "")
    badge = (Cell(held.badge.name),) if view == "new" else ()
    return (
        Cell(str(held.since), "good" if held.since == today else "dim"), Cell(held.name, "strong"), *badge,
        Cell(_(HOW[held.by]), "dim"), Cell(reason, "dim"),
    )  # fmt: skip


def badge_side(cabinet: Cabinet, badge: Badge) -> Content:
    """The terms of a badge, and who got it last."""
    told = [literal(badge.name, "bold"), *map(literal, badge_terms(cabinet, badge))]
    held = cabinet.by_badge[badge.id]
    told += [Content(""), literal(_("Newest holders"), "$text-muted")]
    told += [joined((f"{each.since}  ", "$text-muted"), each.name) for each in held[:_NEWEST]]
    if not badge.enabled:
        told.append(literal(_("switched off: nobody has it"), "dim"))
    elif not held:
        told.append(literal(_("nobody yet: r gives it to somebody"), "dim"))
    return Content("\n").join(told)


def badge_terms(cabinet: Cabinet, badge: Badge) -> list[str]:
    """What a badge is, asks for and comes from, line by line."""
    told = [f"{kind_text(badge)} · {cabinet.asks(badge)}"]
    if badge.note:
        told.append(badge.note)
    if badge.metric == HAND:
        told.append(_("you give it and take it; no rule does"))
    else:
        told.append(_("held from the day the number is reached, lost with its ground"))
    return [*told, *cited(badge.source)]


def holder_side(cabinet: Cabinet, held: Holding, why: Sequence[str]) -> Content:
    """Why somebody has the badge, and what else they have."""
    told = [literal(held.name, "bold"), literal(held.badge.name), Content("")]
    told += [lines(line) for line in why]
    others = [each for each in cabinet.of(held.member_id) if each.badge.id != held.badge.id]
    if others:
        told += [Content(""), literal(_("Also theirs"), "$text-muted")]
        told += [joined((f"{each.since}  ", "$text-muted"), each.badge.name) for each in others]
    return Content("\n").join(told)


def empty_text(view: View) -> str:
    """What an empty list says: what it is for, and which key to press."""
    if view == "badges":
        return _(
            "A badge shows what somebody did well: seven days in a row, five good shares, three friends invited.\n"
            "a adds the first one; whoever has earned it already has it at once."
        )
    return _("Nobody has it yet.\nr gives it to a member; Esc goes back to the badges.")
