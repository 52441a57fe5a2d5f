"""What stands above and beside the balances: the headline, and the member under the cursor."""

from __future__ import annotations

from datetime import date

from textual.content import Content

from qunguan.domain.points import Reconciliation
from qunguan.domain.points_views import Account, Outstanding
from qunguan.exchange.writers.points import kind_word, signed
from qunguan.i18n import _, ngettext
from qunguan.tui.text import joined, literal

_LOTS = 8
_ENTRIES = 12


def side(account: Account) -> Content:
    """Name and balance, what is left until when, what happened last."""
    told = account.statement
    lines = [joined((told.name, "bold"), f"  {told.balance}")]
    if account.debt:
        lines.append(literal(_("owed {n}", n=account.debt), "$text-error"))
    opened = account.open_lots
    lines += [Content(""), literal(_("Left, first to expire first"), "$text-muted")]
    for lot in opened[:_LOTS]:
        until = _("through {day}", day=lot.expires_on) if lot.expires_on else _("for ever")
        lines.append(joined((f"{lot.left:>6}", "bold"), f"  {until}"))
    if not opened:
        lines.append(literal(_("nothing"), "dim"))
    elif len(opened) > _LOTS:
        more = len(opened) - _LOTS
        lines.append(literal(ngettext("…and {n} more lot", "…and {n} more lots", more), "dim"))
    lines += [Content(""), literal(_("Newest entries"), "$text-muted")]
    for line in list(reversed(told.entries))[:_ENTRIES]:
        why = line.reason or _(kind_word(line))
        style = "dim" if line.id is None else "$text-success" if line.amount > 0 else ""
        lines.append(joined(f"{line.biz_date:%m-%d} ", (f"{signed(line.amount):>6}", style), f"  {why}"))
    if not told.entries:
        lines.append(literal(_("none yet"), "dim"))
    return Content("\n").join(lines)


def headline(sums: Outstanding, checked: Reconciliation | None, day: date | None) -> Content:
    """What is held, owed and about to expire, on `day` (None: today), and whether the ledger added up."""
    parts: list[Content] = []
    if day is not None:
        parts.append(literal(_("as of {day}", day=day), "$text-warning"))
    parts.append(literal(_("outstanding {n}", n=sums.points), "bold"))
    parts.append(literal(ngettext("{n} holder", "{n} holders", sums.holders)))
    if sums.debt:
        parts.append(literal(_("owed {n}", n=sums.debt), "$text-error"))
    soon = _("{amount} expire in {days} days ({n})", amount=sums.expiring, days=sums.days, n=sums.expiring_members)
    parts.append(literal(soon, "$text-warning" if sums.expiring else "$text-muted"))
    return Content("   ").join([*parts, _badge(checked)])


def _badge(checked: Reconciliation | None) -> Content:
    """Whether the ledger added up; None when something was written since."""
    if checked is None:
        return literal(_("reconcile: r"), "$text-muted")
    if checked.ok:
        return literal(_("reconciled ✓ {n}", n=checked.entries), "$text-success")
    return literal(_("reconciled ✗ {n}", n=len(checked.differences)), "$text-error")
