"""The brokering book out: a table of all deals."""

from __future__ import annotations

from collections.abc import Sequence

from qunguan.domain.deals import KINDS, STAGES, Deal
from qunguan.exchange.writers.tables import Column, Table
from qunguan.i18n import _


def deal_table(found: Sequence[Deal], title: str = "") -> Table:
    """A row for each deal: who, what, how far, and the fee. It holds names of people: it is for the owner."""
    columns = (
        Column("id", "#", "int"),
        Column("title", _("deal")),
        Column("kind", _("kind")),
        Column("need", _("need")),
        Column("seeker", _("who asks for it")),
        Column("giver", _("who offers it")),
        Column("stage", _("stage")),
        Column("since", _("stage since"), "date"),
        Column("worth", _("worth"), "money"),
        Column("fee", _("fee"), "money"),
        Column("due", _("amount due"), "money"),
        Column("received", _("received"), "money"),
        Column("open", _("outstanding"), "money"),
        Column("consent", _("may be shown since"), "date"),
    )
    rows = [
        (each.id, each.title, _(KINDS[each.draft.kind]), each.draft.need, each.draft.seeker.name,
         each.draft.giver.name, _(STAGES[each.stage]), each.since, each.draft.worth_fen, each.fee_fen,
         each.account.due_fen, each.account.paid_fen, each.account.open_fen, each.consent_on)
        for each in found
    ]  # fmt: skip
    return Table(title or _("Brokering book"), columns, rows)
