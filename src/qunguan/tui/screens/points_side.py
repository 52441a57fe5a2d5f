"""The panel beside the balances: the lots of the member under the cursor, and the newest entries."""

from __future__ import annotations

from textual.content import Content

from qunguan.domain.points_views import Account
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
