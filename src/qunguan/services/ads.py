"""The ad book: who booked what, when it ran, what it brought, what is due and paid (S3-30, S3-31)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from qunguan.domain.fees import Payment
from qunguan.store import fee_queries
from qunguan.store.ads import ad, ad_payment
from qunguan.store.session import Session


def payments(session: Session, first: date, last: date, group_id: int | None = None) -> Sequence[Payment]:
    """What came in for ads from a day to a day, in a group or in all (None), by day; what was paid back is negative."""
    return fee_queries.between(session, ad_payment, ad_payment.c.ad_id, ad.c.brand, first, last, group_id)
