"""What the group was promised is what the clock holds."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from qunguan.domain.clock import DayRule
from qunguan.domain.incident_promise import counted_from
from tests.conftest import NOW

UPDATE, MINUTE = timedelta(minutes=20), timedelta(minutes=1)


@pytest.mark.parametrize(
    ("text", "posted", "counts"),
    [
        ("20:25前我会再来说一次进展", 8, 5),
        ("下一次我 20：25 之前来说", 8, 5),
        ("20:40前说", 8, 8),  # later than the rule
        ("20:05前下单的都退", 8, 8),  # went by
        ("明天 18:00前到账，20:18前再说", 8, -2),
        ("没有钟点", 8, 8),
        ("120:25前、20:75前", 8, 8),
        ("00:05前再说", 230, 225),  # over midnight
    ],
)
def test_the_next_notice_counts_from_what_was_promised(text, posted, counts):
    assert counted_from(text, NOW + posted * MINUTE, UPDATE, DayRule()) == NOW + counts * MINUTE


def test_a_promise_of_this_very_minute_has_gone_by():
    at: datetime = NOW + 8 * MINUTE
    assert counted_from("20:08前", at, UPDATE, DayRule()) == at
