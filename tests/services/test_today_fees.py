"""Today's line about fees of ads and deals that have been outstanding for long."""

from __future__ import annotations

from datetime import date, timedelta

from qunguan.domain.ads import AdDraft, RunDraft
from qunguan.domain.deals import DealDraft, Party
from qunguan.services import ads, deals, rules, today
from qunguan.services.today_fees import lines

TODAY = date(2026, 3, 20)
DAY = timedelta(days=1)


def test_one_line_tells_what_is_outstanding_for_longer_than_the_rule(desk):
    assert list(desk.read(told)) == []
    desk.write(ads.book, 1, AdDraft("小罐茶", 100_000), [RunDraft(TODAY - 15 * DAY)], posted=True)
    desk.write(deals.add, 1, DealDraft("服务包", "pack", seeker=Party("某厂"), fee_fen=300_000), stage="done",
               day=TODAY - 14 * DAY)  # fmt: skip
    (line,) = desk.read(told)
    assert (line.count, line.target.screen, line.kind) == (1, "ads", "fee")
    assert "1000" in str(line.text)
    desk.write(rules.change, "fee.late_days", 13)
    (line,) = desk.read(told)
    assert line.count == 2
    assert "小罐茶" in str(line.text)
    assert "4000" in str(line.text)
    assert line in desk.read(today.care, desk.clock)
    desk.write(ads.pay, 1, 100_000)
    (line,) = desk.read(told)
    assert line.target.screen == "deals"
    assert line.evidence[0].rule == "fee.late_days"


def told(session):
    return tuple(lines(session, session.clock))
