"""The ad book out: a table of all ads, and the reckoning of one as text for the brand."""

from __future__ import annotations

from collections.abc import Sequence

from qunguan.domain.ads import INVOICES, STATES, Ad
from qunguan.domain.fees import share_said
from qunguan.domain.money import short_yuan
from qunguan.domain.text import show
from qunguan.exchange.writers.tables import Column, Table
from qunguan.i18n import _, ngettext


def ad_table(found: Sequence[Ad], title: str = "") -> Table:
    """A row for each ad: what was agreed, what came of it, what is due, paid and open."""
    columns = (
        Column("id", "#", "int"),
        Column("brand", _("brand")),
        Column("booked_on", _("booked on"), "date"),
        Column("state", _("state")),
        Column("price", _("price of a run"), "money"),
        Column("share", _("share of deals")),
        Column("runs", _("runs that are out"), "int"),
        Column("ahead", _("runs planned"), "int"),
        Column("deals", _("deals"), "int"),
        Column("deals_amount", _("worth of the deals"), "money"),
        Column("due", _("amount due"), "money"),
        Column("paid", _("received"), "money"),
        Column("open", _("outstanding"), "money"),
        Column("invoice", _("invoice")),
        Column("note", _("note")),
    )
    rows = [
        (each.id, each.brand, each.booked_on, _(STATES[each.state]), each.draft.price_fen,
         share_said(each.draft.share_bp), len(each.out), len(each.ahead), each.deals, each.deals_fen,
         each.account.due_fen, each.account.paid_fen, each.account.open_fen, _(INVOICES[each.invoice]),
         each.draft.note)
        for each in found
    ]  # fmt: skip
    return Table(title or _("Ad book"), columns, rows)


def reckoning(found: Ad) -> str:
    """What the brand owes and why, to be sent to it: runs with their days, deals, the sum, what was paid."""
    owed = found.account
    lines = [_("{brand}: reckoning of the ad", brand=show(found.brand))]
    if found.out:
        days = _(", ").join(str(run.out_on) for run in found.out)
        lines.append(
            ngettext("{n} run ({days}) × ¥{price} = ¥{sum}", "{n} runs ({days}) × ¥{price} = ¥{sum}", len(found.out),
                     days=days, price=short_yuan(found.draft.price_fen),
                     sum=short_yuan(len(found.out) * found.draft.price_fen))
        )  # fmt: skip
    if found.reports:
        lines.append(
            ngettext("{n} deal, ¥{worth} × {share} = ¥{sum}", "{n} deals, ¥{worth} × {share} = ¥{sum}", found.deals,
                     worth=short_yuan(found.deals_fen), share=share_said(found.draft.share_bp),
                     sum=short_yuan(found.share_fen))
        )  # fmt: skip
    lines.append(_("Due ¥{due}, paid ¥{paid}, open ¥{open}", due=short_yuan(owed.due_fen),
                   paid=short_yuan(owed.paid_fen), open=short_yuan(owed.open_fen)))  # fmt: skip
    return "\n".join(lines)
