"""The brokering book: who needs what, who has it, how far it is, the fee (S3-35)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from qunguan.domain.fees import Payment
from qunguan.store import fee_queries
from qunguan.store.deals import deal, deal_payment
from qunguan.store.session import Session


def payments(session: Session, first: date, last: date, group_id: int | None = None) -> Sequence[Payment]:
    """What came in for brokering from a day to a day, in a group or in all (None), by day; what was paid back is
    negative."""
    return fee_queries.between(session, deal_payment, deal_payment.c.deal_id, deal.c.title, first, last, group_id)
