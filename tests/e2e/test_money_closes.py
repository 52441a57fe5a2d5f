"""Done means: each month of the sample closes to the fen against an independent recount of its raw rows."""

from __future__ import annotations

from datetime import date

from qunguan.domain.clock import Clock
from qunguan.domain.revenue import end_of, months_to
from qunguan.services import revenue
from qunguan.services.desk import Desk
from tests.conftest import NOW
from tests.services.revenue_kit import recount


def test_each_month_of_the_sample_closes_to_the_fen(sample):
    today = NOW.date()
    with Desk(sample, Clock(NOW)) as desk:
        months = [(day, min(end_of(day), today)) for day in months_to(today, 4)]
        found = [desk.read(revenue.revenue, Clock(NOW), first=first, last=last) for first, last in months]
    assert found[-1].total.orders
    for told, (first, last) in zip(found, months, strict=True):
        rows = recount(sample, first, last)
        for stream in told.rows:
            own = [row for row in rows if row[0] == stream.key]
            assert (stream.gross_fen, stream.refunds_fen) == (sum(row[4] for row in own), sum(row[5] for row in own))
            assert stream.buyers == len({row[1] for row in own if row[4]})
        assert told.total.net_fen == sum(row[4] - row[5] for row in rows)
        assert told.total.buyers == len({row[1] for row in rows if row[4]})
    assert date(today.year, today.month, 1) == months[-1][0]
