"""What came of posts: by hand, from a file twice, compared against the bars of their kind; who should see a post."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from qunguan.domain.content import PostDraft
from qunguan.domain.content_mix import Kind
from qunguan.domain.content_results import Counted
from qunguan.domain.errors import BadInput, NotFound, Refused
from qunguan.exchange.readers.content_results import read_results
from qunguan.exchange.readers.headers import NeedsMapping
from qunguan.exchange.readers.sheets import sheet_from_bytes
from qunguan.services import alerts, content, history, insights, members, members_merge, segments

TODAY = date(2026, 3, 20)
DAY = timedelta(days=1)


def plan(desk, title: str, kind: Kind = "value", *, back: int = 1, posted: bool = True, **told: Any):
    made = desk.write(content.schedule, 1, PostDraft(title, kind, TODAY - back * DAY, **told)).post
    return desk.write(content.mark_posted, made.id) if posted else made


def sheet(text: str):
    return read_results(sheet_from_bytes(text.encode(), "results.csv"))


def test_rates_have_their_own_base_and_none_without_one():
    told: Any = Counted(audience=200, reads=94, clicks=12)
    assert (told.open_rate.value, told.open_rate.n) == (0.47, 200)
    assert told.ctr.value == 0.06
    assert told.ctor.value == pytest.approx(12 / 94)
    assert Counted(audience=0, reads=0).open_rate is None
    assert Counted(reads=5).open_rate is None
    nobody: Any = Counted(audience=9, reads=0)
    assert nobody.open_rate.value == 0.0


def test_counted_by_hand_the_newest_holds(desk):
    made = plan(desk, "作业点评", posted=False)
    desk.write(content.record, made.id, Counted(100, 40), TODAY - DAY)
    found = desk.write(content.record, made.id, Counted(100, 47))
    assert (found.counted, found.counted_on) == (Counted(100, 47), TODAY)
    assert desk.read(content.get, made.id).state == "posted"
    assert desk.read(content.outcomes, desk.clock, 1, as_of=TODAY - DAY)[0].counted == Counted(100, 40)
    steps = len(desk.read(history.recent))
    desk.write(content.record, made.id, Counted(100, 47))
    assert len(desk.read(history.recent)) == steps
    for wrong in (Counted(), Counted(10, 11), Counted(-1)):
        with pytest.raises(BadInput):
            desk.write(content.record, made.id, wrong)
    with pytest.raises(BadInput):
        desk.write(content.record, made.id, Counted(9), TODAY - 9 * DAY)
    desk.write(content.drop, plan(desk, "算了", posted=False).id)
    with pytest.raises(Refused):
        desk.write(content.record, made.id + 1, Counted(9))


FILE = """发布日期,标题,类型,触达,阅读,点击,回复,订单
2026-03-19,作业点评,干货,200,94,,5,
2026/3/18,促销海报,促销,200,16,4,-,2
2026-03-17,没有的帖子,干货,1,1,1,1,1
2026-03-17,没有的帖子二,,1,1,1,1,1
2026-03-19,作业点评,干货,9,9,9,9,9
2026-03-18,促销海报,,很多,,,,
合计,,,400,110,,,
"""


def test_a_file_is_taken_in_once(desk):
    plan(desk, "作业点评")
    plan(desk, "促销海报", "benefit", back=2)
    done = desk.write(content.take_in, 1, sheet(FILE))
    assert (done.added, done.changed, done.same, done.made) == (2, 0, 0, 0)
    assert [note.row for note in done.rejected] == [4, 5, 6, 7]
    assert [note.row for note in done.skipped] == [8]
    again = desk.write(content.take_in, 1, sheet(FILE))
    assert (again.added, again.changed, again.same) == (0, 0, 2)
    found = {each.title: each for each in desk.read(content.outcomes, desk.clock, 1)}
    assert found["作业点评"].counted == Counted(200, 94, None, 5, None)
    assert found["促销海报"].counted == Counted(200, 16, 4, None, 2)
    changed = desk.write(content.take_in, 1, sheet(FILE.replace("200,94", "200,95")))
    assert (changed.changed, changed.same) == (1, 1)
    desk.write(history.undo)
    desk.write(history.undo)
    assert not any(each.counted.known for each in desk.read(content.outcomes, desk.clock, 1))


def test_a_rehearsal_and_a_file_that_notes_posts(desk):
    assert desk.rehearse(content.take_in, 1, sheet(FILE), make=True).made == 3
    assert desk.read(content.posts_between, [1], TODAY - 9 * DAY, TODAY) == ()
    done = desk.write(content.take_in, 1, sheet(FILE), make=True)
    assert (done.made, done.added, [note.row for note in done.rejected]) == (3, 3, [5, 6, 7])
    found = desk.read(content.mix, desk.clock, 1)
    assert (found.posted, found.counts["value"], found.counts["benefit"]) == (3, 2, 1)


def test_posts_by_number_and_what_cannot_be_told_apart(desk):
    first, second = plan(desk, "早报", back=1), plan(desk, "早报", back=2)
    by_number = desk.write(content.take_in, 1, sheet(f"编号,阅读\n{second.id},7\n#99,1\n"))
    assert (by_number.added, len(by_number.rejected)) == (1, 1)
    assert desk.write(content.take_in, 1, sheet("标题,阅读\n早报,7\n")).rejected != ()
    assert desk.write(content.take_in, 1, sheet("标题,日期,阅读\n早报,2026-03-19,8\n")).added == 1
    assert desk.read(content.outcome, desk.clock, first.id).counted.reads == 8
    with pytest.raises(NeedsMapping):
        sheet("甲,乙\n1,2\n")


def test_compared_by_kind_with_the_bar_of_coupons(desk):
    desk.write(content.record, plan(desk, "作业点评").id, Counted(200, 94))
    desk.write(content.record, plan(desk, "书单", back=2).id, Counted(None, 10))
    desk.write(content.record, plan(desk, "券", "benefit", sub_kind="coupon", back=3).id, Counted(200, 16))
    plan(desk, "没数过", back=4)
    value, benefit = desk.read(content.compare, desk.clock, 1)
    assert (value.key, value.n, value.counted, value.reads) == ("value", 3, 2, 104)
    assert (value.open_rate.value, value.open_rate.n) == (0.47, 200)  # the one without a base is left out
    assert (value.bar.value, value.bar.met) == (0.1, True)
    assert (benefit.open_rate.value, benefit.bar.value, benefit.bar.met) == (0.08, 0.05, True)
    assert [each.key for each in desk.read(content.compare, desk.clock, 1, "sub_kind")] == ["", "coupon"]
    assert desk.read(content.compare, desk.clock, 1, "campaign")[0].n == 4


def test_alerts_read_the_calendar(desk):
    for number in range(10):
        plan(desk, f"第 {number}")
    plan(desk, "第 11", back=2)
    ad: dict[str, Any] = {"sponsor": "某书店", "disclosure": "广告"}
    for number in range(3):
        plan(desk, f"广告 {number}", back=2, **ad)
    coupon = plan(desk, "券", "benefit", sub_kind="coupon", back=2)
    desk.write(content.record, coupon.id, Counted(100, 4))
    found = {each.rule: each for each in desk.read(alerts.alerts, desk.clock, 1)}
    assert (found["touches"].now, found["touches"].threshold) == (10, 10)
    assert found["ads"].now == 3
    assert (found["coupon_open"].now, found["coupon_open"].n) == (0.04, 100)
    assert found["content_open"].now == 0.04


def test_the_health_card_tells_the_open_rate(desk):
    def card():
        return next(each for each in desk.read(insights.health, desk.clock, 1).leading if each.code == "open_rate")

    assert (card().value, card().bars[0].met) == (None, None)
    desk.write(content.record, plan(desk, "作业点评").id, Counted(100, 47))
    desk.write(content.record, plan(desk, "促销海报", "benefit", back=2).id, Counted(100, 8))
    desk.write(content.record, plan(desk, "今天的", back=0).id, Counted(100, 100))  # today is not over
    desk.write(content.record, plan(desk, "上上周的", back=9).id, Counted(100, 20))
    assert (card().value, card().n, card().before) == (0.275, 200, 0.2)
    assert [(bar.value, bar.met, bar.applies) for bar in card().bars] == [(0.1, True, True), (0.05, True, False)]


def test_without_a_calendar_alerts_know_nothing(desk):
    plan(desk, "还没发", posted=False)
    assert desk.read(alerts.alerts, desk.clock, 1) == ()


def test_who_should_see_it(desk):
    ids = [desk.write(members.add, name, group_id=1).id for name in ("甲子", "乙丑", "丙寅")]
    desk.write(members.tag, ids[:1], "书友")
    desk.write(segments.add_tag_rule, "新人", "入群<30天")
    everyone = desk.read(content.audience, desk.clock, plan(desk, "大家看").id)
    assert (everyone.everyone, everyone.present, len(everyone.members)) == (True, 3, 3)
    some = desk.read(content.audience, desk.clock, plan(desk, "书友看", tags=("书友",)).id)
    assert (some.everyone, [name for _id, name in some.members]) == (False, ["甲子"])
    assert some.parts == (("书友", 1),)
    by_rule = desk.read(content.audience, desk.clock, plan(desk, "新人看", tags=("新人", "没人")).id)
    assert dict(by_rule.parts) == {"新人": len(by_rule.members), "没人": 0}
    code = desk.read(segments.all_schemes)[0].code
    shown = desk.read(segments.show, desk.clock, code, None, 1)
    filled = max(shown.buckets, key=lambda each: len(each.members))
    made = plan(desk, "分层看", segments=((code, filled.bucket.name),))
    assert made.draft.segments == ((code, filled.bucket.code),)
    assert desk.read(content.audience, desk.clock, made.id).members == filled.members
    for wrong in ((code, "没有这一层"), ("没有这个", "x")):
        with pytest.raises((BadInput, NotFound)):
            plan(desk, "错", segments=(wrong,))


def test_a_piece_of_a_member_goes_with_them(desk):
    author, other = (desk.write(members.add, name, group_id=1).id for name in ("甲子", "乙丑"))
    made = plan(desk, "我的故事", author_id=author, text="甲子的一天")
    assert (made.draft.author, made.author_name) == ("member", "甲子")
    desk.write(members_merge.merge, other, author)
    assert desk.read(content.get, made.id).draft.author_id == other
    desk.write(members.erase, other)
    found = desk.read(content.get, made.id)
    assert (found.title, found.draft.text) == ("—", "")
