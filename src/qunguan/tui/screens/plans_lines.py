"""How memberships and plans are drawn: a line each, beside it the terms, the benefits and what follows from them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final, Literal

from textual.content import Content

from qunguan.domain.money import short_yuan
from qunguan.domain.plan_words import (
    early_text,
    left_text,
    length,
    price_text,
    reasons,
    stage_text,
    used_text,
)
from qunguan.domain.plans import RUNNING, STATUSES, Due, Membership, PlanRow, RenewalRate, Status, Used
from qunguan.domain.shares import with_base
from qunguan.domain.text import match_key
from qunguan.i18n import N_, _, ngettext
from qunguan.tui.text import joined, literal
from qunguan.tui.turns import next_of
from qunguan.tui.widgets.paged_table import Cell, Column
from qunguan.tui.widgets.table_cells import CellStyle

View = Literal["members", "due", "over", "plans"]
VIEWS: Final[dict[View, str]] = {
    "members": N_("members now"), "due": N_("renewals due"), "over": N_("over or paid back"), "plans": N_("the plans"),
}  # fmt: skip
_MARKS: Final[dict[Status, tuple[str, CellStyle, str]]] = {
    "new": ("●", "good", "$text-success"), "current": ("●", "", ""), "pending": ("○", "dim", "$text-muted"),
    "grace": ("◐", "warn", "$text-warning"), "expired": ("·", "dim", "$text-muted"),
    "refunded": ("−", "dim", "$text-muted"),
}  # fmt: skip
_BAR = 12  # cells of a bar of uses


def next_view(view: View) -> View:
    """What `f` shows after this."""
    return next_of(VIEWS, view)


def chosen(found: Sequence[Membership], due: Sequence[Due], view: View, search: str) -> list[Membership]:
    """The memberships of a view, as far as the search finds member or plan."""
    if view == "due":
        kept = [one.membership for one in due]
    else:
        kept = [one for one in found if (one.standing.status in ("expired", "refunded")) == (view == "over")]
    wanted = match_key(search)
    return [one for one in kept if wanted in match_key(f"{one.name} {one.plan}")]


def columns() -> tuple[Column, ...]:
    """Mark, member, plan, status, until, days left, benefits."""
    return (
        Column("", width=1), Column(_("member"), flex=2, minimum=10),
        Column(_("membership"), flex=1, minimum=8, drop=2), Column(_("status"), width=10),
        Column(_("runs until"), width=10), Column(_("days left"), width=11),
        Column(_("benefits used"), flex=2, minimum=10, drop=1),
    )  # fmt: skip


def cells(one: Membership, due: Due | None) -> tuple[Cell | str, ...]:
    """The line of a membership; what is due today is strong."""
    mark, style, _color = _MARKS[one.standing.status]
    days: CellStyle = "strong" if due is not None and due.today else "warn" if due is not None else style
    uses = " ".join(used_text(used) for used in one.used if used.benefit.quota is not None or used.used)
    return (
        Cell(mark, style), Cell(one.name + (" 🎁" if one.gift_owed else ""), style), Cell(one.plan, "dim"),
        Cell(_(STATUSES[one.standing.status]), style), Cell(str(one.standing.until or "—"), style),
        Cell(_days(one), days), Cell(uses or "—", "dim"),
    )  # fmt: skip


def _days(one: Membership) -> str:
    """How many days are left, as a column of that name says it."""
    days = one.days_left
    return ngettext("{n} day", "{n} days", days) if days is not None and days > 0 else left_text(one)


def plan_columns() -> tuple[Column, ...]:
    """Plan, term, price, places, members, money, early places."""
    return (
        Column("", width=1), Column(_("membership"), flex=2, minimum=10), Column(_("term"), width=17, drop=1),
        Column(_("price"), width=8, right=True), Column(_("members"), width=7, right=True),
        Column(_("in grace"), width=8, right=True, drop=2), Column(_("net"), width=10, right=True),
        Column(_("early places"), width=10, right=True),
    )  # fmt: skip


def plan_cells(row: PlanRow) -> tuple[Cell | str, ...]:
    """The line of a plan."""
    one = row.plan
    style: CellStyle = "dim" if one.retired_on else ""
    early = "—" if row.early_left is None else f"{row.early_left}/{one.early_places}"
    return (
        Cell("·" if one.retired_on else "●", style), Cell(one.name, style), Cell(length(one), "dim"),
        Cell(price_text(row.price_fen), style), Cell(str(row.members), style), Cell(str(row.grace), "dim"),
        Cell(short_yuan(row.net_fen), style), Cell(early, "dim"),
    )  # fmt: skip


def headline(
    view: View, whose: str, found: Sequence[Membership], due: Sequence[Due], rate: RenewalRate, past: date | None
) -> Content:
    """Which list it is, of whose members, how many run, are in grace and are due, the renewal rate with its n."""
    running = sum(one.standing.status in RUNNING for one in found)
    grace = sum(one.standing.status == "grace" for one in found)
    parts = [
        joined((_(VIEWS[view]), "bold"), f" · {whose}"),
        literal(ngettext("{n} member runs", "{n} members run", running)),
    ]
    if grace:
        parts.append(literal(_("{n} in grace", n=grace), "$text-warning"))
    if due:
        parts.append(literal(ngettext("{n} is due", "{n} are due", len(due)), "$text-accent"))
    if rate.due:
        parts.append(literal(_("renewed {rate}", rate=with_base(rate.rate, rate.due)), "$text-muted"))
    if past is not None:
        parts.append(literal(_("as of {day}", day=past), "$text-warning"))
    return Content("   ").join(parts)


def side(one: Membership, due: Due | None) -> Content:
    """Who it is, what was used with a bar each, why it stands as it does."""
    mark, _style, color = _MARKS[one.standing.status]
    head = f"{mark} {one.name} · {one.plan}"
    parts: list[Content] = [literal(head, color or "bold"), literal(left_text(one), "$text-muted"), Content("")]
    if due is not None:
        parts[1] = literal(f"{left_text(one)} · {stage_text(due)}", "$text-accent")
    if one.used:
        parts += [*map(_bar, one.used), Content("")]
    if one.gift_owed:
        parts += [literal(_("Owed: {gift}. Space notes that it was handed over.", gift=one.gift or _("the early gift")),
                          "$text-accent"), Content("")]  # fmt: skip
    parts += [literal(line, "" if line[0] != " " else "$text-muted") for line in reasons(one)]
    parts += [Content(""), literal(_("paid in all: {yuan} yuan", yuan=short_yuan(one.paid_fen)), "$text-muted")]
    return Content("\n").join(parts)


def _bar(used: Used) -> Content:
    """A benefit with how much of it was used; a scarce one is marked."""
    name = ("★ " if used.benefit.scarce else "") + used_text(used)
    if not used.benefit.quota:
        return literal(name)
    full = min(_BAR, round(_BAR * used.used / used.benefit.quota))
    return joined(("█" * full, "$text-success"), ("░" * (_BAR - full), "$text-muted"), f" {name}")


def plan_side(row: PlanRow) -> Content:
    """A plan: its terms, prices, benefits, early places and the gifts that are owed."""
    return Content("\n").join(_plan_lines(row))


def _plan_lines(row: PlanRow) -> Iterator[Content]:
    one = row.plan
    yield literal(one.name, "bold")
    yield literal(length(one) + (" · " + _("off sale") if one.retired_on else ""), "$text-muted")
    yield literal(_("paid back within {refund} days, grace of {grace} days", refund=one.refund_days,
                    grace=one.grace_days), "$text-muted")  # fmt: skip
    yield Content("")
    yield literal(_("Prices"), "bold")
    for step in one.prices:
        places = "" if step.places is None else " · " + _("the first {n}", n=step.places)
        yield literal(_("from {day}: {price}", day=step.from_day, price=price_text(step.price_fen)) + places)
    if not one.prices:
        yield literal(_("none yet: p sets one"), "$text-muted")
    yield Content("")
    yield literal(_("Benefits"), "bold")
    for each in one.benefits:
        if each.retired_on is None:
            quota = _("{n} in one term", n=each.quota) if each.quota else _("uncounted")
            yield literal(f"{'★ ' if each.scarce else ''}{each.name} · {quota}")
    if not any(each.retired_on is None for each in one.benefits):
        yield literal(_("none yet: c adds one"), "$text-muted")
    if row.early_left is not None:
        yield Content("")
        yield literal(early_text(row), "$text-accent")
    if row.gifts_owed:
        yield literal(_("early gifts owed to {names}", names="、".join(name for _id, name in row.gifts_owed)))
    if one.note:
        yield Content("")
        yield literal(one.note, "$text-muted")


def empty_text(view: View, any_plan: bool) -> str:
    """What an empty list says."""
    if not any_plan:
        return _("Paid membership: a yearly card, a season, what it brings, who renews.\n\nn makes the first plan, "
                 "with its price and the gift for the first so many.")  # fmt: skip
    if view == "members":
        return _("Nobody is a member of a plan yet.\n\na sells the first one; f shows what is due, what is over, and "
                 "the plans.")  # fmt: skip
    return _("None of these. f shows the others.")
