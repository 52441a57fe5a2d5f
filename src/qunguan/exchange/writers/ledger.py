"""The points ledger as a table."""

from __future__ import annotations

from collections.abc import Sequence

from qunguan.domain.exports import LedgerLine
from qunguan.exchange.writers.points import stored_kind
from qunguan.exchange.writers.tables import Column, Table
from qunguan.i18n import _


def ledger_table(lines: Sequence[LedgerLine], title: str) -> Table:
    """One row an entry, oldest first; amounts are signed."""
    columns = (
        Column("id", _("id"), "int"),
        Column("member_id", _("member id"), "int"),
        Column("name", _("nickname")),
        Column("biz_date", _("date"), "date"),
        Column("kind", _("kind")),
        Column("amount", _("change"), "int"),
        Column("expires_on", _("last day"), "date"),
        Column("reason", _("reason")),
        Column("source", _("source")),
        Column("reverses_id", _("reverses"), "int"),
    )
    rows = [
        (
            line.id,
            line.member_id,
            line.name,
            line.biz_date,
            stored_kind(line.kind),
            line.amount,
            line.expires_on,
            line.reason,
            line.source,
            line.reverses_id,
        )
        for line in lines
    ]
    return Table(title, columns, rows)
