"""How ads are drawn: a line each, the money, the quota of the month, and beside it what the group did after a run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final, Literal

from textual.content import Content

from qunguan.domain.ads import FITS, INVOICES, STATES, Ad, Change, Effect, Quota, Run, State
from qunguan.domain.content import clock_said
from qunguan.domain.fees import Account, share_said
from qunguan.domain.money import short_yuan
from qunguan.domain.today import near
from qunguan.i18n import N_, _
from qunguan.tui.text import joined, lines, literal
from qunguan.tui.widgets.paged_table import Cell, Column
from qunguan.tui.widgets.table_cells import CellStyle

Which = Literal["open", "owed", "all"]
WHICH: Final[dict[Which, str]] = {
    "open": N_("those that go on"), "owed": N_("what is to be paid"), "all": N_("all of them"),
}  # fmt: skip
MARKS: Final[dict[State, tuple[str, CellStyle, str]]] = {
    "booked": ("○", "", ""), "running": ("◐", "strong", "$text-accent"), "owed": ("●", "warn", "$text-warning"),
    "settled": ("✓", "done", "$text-success"), "cancelled": ("·", "dim", "$text-muted"),
}  # fmt: skip
_RUNS: Final[dict[str, str]] = {"planned": "○", "posted": "●", "dropped": "·"}
_MOST_DOTS = 10


def chosen(found: Sequence[Ad], which: Which) -> list[Ad]:
    """Those asked for, the newest first."""
    if which == "owed":
        return [each for each in found if each.account.open_fen]
    return [each for each in found if which == "all" or each.goes_on]


def columns() -> tuple[Column, ...]:
    """Where it stands, the brand, its runs, deals, and the money."""
    return (
        Column("", width=1), Column(_("brand"), flex=1, minimum=12), Column(_("aired"), width=6),
        Column(_("run on"), width=8, drop=2), Column(_("deals"), width=5, right=True, drop=4),
        Column(_("amount due"), width=10, right=True), Column(_("received"), width=9, right=True, drop=3),
        Column(_("outstanding"), width=11, right=True), Column(_("state"), width=10, drop=1),
    )  # fmt: skip


def cells(one: Ad, today: date) -> tuple[Cell | str, ...]:
    """The line of an ad."""
    mark, style, _colour = MARKS[one.state]
    brand = f"{one.brand} !" if one.draft.fit == "poor" else one.brand
    runs = f"{len(one.out)}/{len(one.out) + len(one.ahead)}"
    owed = one.account
    when = one.ahead[0].day if one.ahead else one.out[-1].out_on if one.out else None
    state = _(STATES[one.state])
    if one.invoice != "none":
        state += " ✉" if one.invoice == "asked" else " ✓✉"
    return (
        Cell(mark, style), Cell(brand, style), runs, Cell(str(near(when, today)) if when else "—", "dim"),
        Cell(str(one.deals or "·"), "dim"), short_yuan(owed.due_fen), Cell(short_yuan(owed.paid_fen), "dim"),
        Cell(short_yuan(owed.open_fen) if owed.open_fen else "·", "warn" if owed.open_fen else "dim"),
        Cell(state, "dim"),
    )  # fmt: skip


def headline(found: Sequence[Ad], quota: Quota, which: Which) -> Content:
    """The quota of the month, and what is due and open together."""
    parts = [quota_meter(quota.used, quota.limit), money_said([each.account for each in found])]
    if which != "open":
        parts.append(literal(_(WHICH[which]), "$text-accent"))
    return Content("   ").join(parts)


def quota_meter(used: int, most: int | None) -> Content:
    """The ads of the month as dots, readable without colour: ●○ 1/2."""
    if most is None:
        return literal(_("ads of the month {n}", n=used))
    dots = ""
    if most <= _MOST_DOTS:
        dots = "●" * min(used, most) + "○" * max(most - used, 0) + " "
    style = "$text-error" if used > most else "$text-warning" if used == most else "$text-success"
    told = _("ads of the month {n}/{quota}", n=used, quota=most)
    return joined((dots, style), (f"{told} !" if used > most else told, style if used > most else ""))


def money_said(accounts: Sequence[Account]) -> Content:
    """Due and open, all together."""
    due, left = sum(each.due_fen for each in accounts), sum(each.open_fen for each in accounts)
    parts = [literal(_("due ¥{fen}", fen=short_yuan(due)))]
    if left:
        parts.append(literal(_("open ¥{fen}", fen=short_yuan(left)), "$text-warning"))
    return Content("   ").join(parts)


def account_lines(owed: Account, today: date) -> Iterator[Content]:
    """Due, paid, open, and for how long."""
    yield joined((_("amount due"), "$text-muted"), f" ¥{short_yuan(owed.due_fen)}  ", (_("received"), "$text-muted"),
                 f" ¥{short_yuan(owed.paid_fen)}")  # fmt: skip
    if owed.open_fen:
        yield literal(_("open ¥{fen}, for {days} days", fen=short_yuan(owed.open_fen), days=owed.waits(today)),
                      "$text-warning")  # fmt: skip
    elif owed.over_fen:
        yield literal(_("¥{fen} more than is due", fen=short_yuan(owed.over_fen)), "$text-accent")


def side(one: Ad, effects: Sequence[Effect], today: date) -> Content:
    """One ad whole: terms, runs, deals, money, and what the group did after the newest run."""
    mark, _style, colour = MARKS[one.state]
    parts = [
        joined((f"{mark} ", colour), (one.brand, "bold"), (f"  {_(STATES[one.state])}", "$text-muted")),
        joined(_("¥{price} a run + {share} of the deals", price=short_yuan(one.draft.price_fen),
                 share=share_said(one.draft.share_bp))),
        joined((_(FITS[one.draft.fit]), "$text-error" if one.draft.fit == "poor" else ""),
               (f" · {_(INVOICES[one.invoice])}", "$text-muted")),
    ]  # fmt: skip
    if one.draft.fit_note:
        parts.append(literal(one.draft.fit_note, "$text-muted"))
    parts += [literal(one.draft.disclosure, "$text-muted"), Content(""), *account_lines(one.account, today)]
    if one.runs:
        parts += [Content(""), *(_run_line(run, today) for run in one.runs)]
    if one.reports:
        told = _("{n} deals, ¥{worth}: {share} is ¥{fen}", n=one.deals, worth=short_yuan(one.deals_fen),
                 share=share_said(one.draft.share_bp), fen=short_yuan(one.share_fen))  # fmt: skip
        parts += [Content(""), literal(told)]
    if one.draft.note:
        parts += [Content(""), lines(one.draft.note)]
    for effect in reversed(effects):
        parts += [Content(""), *effect_lines(effect, today)]
    return Content("\n").join(parts)


def _run_line(run: Run, today: date) -> Content:
    when = f"{near(run.out_on or run.day, today)} {clock_said(run.at_minute)}".strip()
    return joined(f"{_RUNS[run.state]} {when}  ", (run.title, "$text-muted"))


def effect_lines(found: Effect, today: date) -> Iterator[Content]:
    """Before → after of a run; what is not known is —."""
    day = near(found.run.out_on or found.run.day, today)
    yield literal(_("{days} days before {day} → after it", days=found.days, day=day), "bold")
    changes = (
        (_("speakers a day"), found.speakers, ".1f"), (_("messages a day"), found.messages, ".1f"),
        (_("left"), found.exits, ".0f"), (_("orders"), found.orders, ".0f"),
    )  # fmt: skip
    for label, change, form in changes:
        yield joined((f"{label}  ", "$text-muted"), f"{_value(change.before, form)} → {_value(change.after, form)}",
                     (_ratio(change), "$text-muted"))  # fmt: skip
    yield from (literal(str(why), "$text-muted") for why in found.why)
    yield from (literal(f"! {why}", "$text-error") for why in found.warnings)


def _value(value: float | None, form: str) -> str:
    return "—" if value is None else format(value, form)


def _ratio(change: Change) -> str:
    return "" if change.ratio is None else f"  {change.ratio:.0%}"


def empty_text(any_other: bool) -> str:
    """What an empty list says."""
    if any_other:
        return _("None of these. f shows the others.")
    return _("Does a brand pay for announcements in your group?\n\na books one: brand, price, day. It stands in the "
             "calendar then, with the words that say it is an ad;\none or two a month are enough (S3-31). What is due "
             "and paid is counted here.")  # fmt: skip
