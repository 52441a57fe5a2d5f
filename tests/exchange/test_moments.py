"""Moments as they are typed: a time alone is one that was, with its day or its zone any."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qunguan.domain.clock import DayRule
from qunguan.domain.errors import BadInput
from qunguan.exchange.readers.moments import moment_typed

RULE = DayRule("Asia/Shanghai", 0)
DAY, MINUTE = datetime(2026, 1, 1, tzinfo=UTC), timedelta(minutes=1)


def said(text: str, now: str) -> str | None:
    at = moment_typed(text, RULE, datetime.fromisoformat(f"{now}+08:00"))
    return None if at is None else f"{RULE.local(at):%Y-%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("text", "now", "meant"),
    [
        ("", "2026-03-20T20:08", None),
        ("20:08", "2026-03-20T20:08", "2026-03-20 20:08"),
        ("8:00", "2026-03-20T20:08", "2026-03-20 08:00"),
        ("23:50", "2026-03-21T00:10", "2026-03-20 23:50"),
        ("21:30", "2026-03-21T09:00", "2026-03-20 21:30"),
        ("2026-03-19 21:30", "2026-03-20T20:08", "2026-03-19 21:30"),
        ("2026-03-20T12:05+00:00", "2026-03-20T20:08", "2026-03-20 20:05"),
    ],
)
def test_a_moment_is_the_one_that_is_meant(text, now, meant):
    assert said(text, now) == meant


@pytest.mark.parametrize("text", ["21:30", "23:50", "20:09"])
def test_a_time_still_to_come_is_refused_and_says_so(text):
    with pytest.raises(BadInput, match=rf"{text} .*20:08——.*2026-03-19 {text}"):
        said(text, "2026-03-20T20:08")


@given(st.integers(0, 1439), st.integers(0, 366 * 1440).map(lambda minutes: DAY + minutes * MINUTE))
def test_a_time_alone_is_never_to_come_nor_a_day_ago(minute, now):
    try:
        at = moment_typed(f"{minute // 60}:{minute % 60:02}", RULE, now)
    except BadInput:
        return
    assert at is not None
    assert timedelta() <= now - at < timedelta(days=1)
