"""Why a balance is what it is: lot by lot, what came in, what took from it, what is left until when."""

from __future__ import annotations

from datetime import date

from textual.content import Content

from qunguan.domain.points_views import Account, LotView
from qunguan.exchange.writers.points import signed
from qunguan.i18n import N_, _, ngettext
from qunguan.tui.text import joined, literal

_USED_SHOWN = 40  # lots without anything left: the newest, the others are counted
_TAKES = {"SPEND": N_("spent"), "EXPIRE": N_("expired"), "REVERSE": N_("reversed"), "ADJUST": N_("adjusted")}


def lot_lines(account: Account) -> list[Content]:
    """The sum, then the lots in the order in which they are spent, then those used up, newest first; the rule last."""
    opened = account.open_lots
    used = sorted((lot for lot in account.lots if not lot.left), key=lambda lot: (lot.day, lot.entry_id), reverse=True)
    left = sum(lot.left for lot in opened)
    sums = _("balance {balance} = {left} left in lots − {debt} owed", balance=account.statement.balance, left=left,
             debt=account.debt)  # fmt: skip
    lines = [literal(sums, "bold"), Content("")]
    for lot in opened:
        lines += _lot(lot)
    if not opened:
        lines.append(literal(_("No lot has anything left."), "dim"))
    if used:
        count = ngettext("{n} lot is used up or expired", "{n} lots are used up or expired", len(used))
        lines += [Content(""), literal(count, "bold")]
        for lot in used[:_USED_SHOWN]:
            lines += _lot(lot)
        if len(used) > _USED_SHOWN:
            lines.append(literal("…", "dim"))
    rule = _("What expires first is spent first; points can be used through their last day (semantics 3.3).")
    return [Content("\n").join([*lines, Content(""), literal(rule, "dim")])]  # one widget, however long


def _lot(lot: LotView) -> list[Content]:
    until = _("through {day}", day=lot.expires_on) if lot.expires_on else _("for ever")
    told = _("left {left}, {until}", left=lot.left, until=until) if lot.left else until
    head = joined((f"{lot.day}  {signed(lot.amount)}", "bold" if lot.left else ""), f"  {lot.reason}", f"  {told}")
    return [head, *(_use(lot_use.day, lot_use.kind, lot_use.amount, lot_use.reason) for lot_use in lot.uses)]


def _use(day: date, kind: str, amount: int, reason: str) -> Content:
    word = _("given back") if amount < 0 else _(_TAKES.get(kind, kind))
    return literal(f"    {day}  {signed(-amount)}  {word}  {reason}", "dim")
