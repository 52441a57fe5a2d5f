"""A small community in which everything a report tells of happens, each on a day that is known.

Four weeks up to Friday 2026-03-20: 20 people, a challenge and one before it, a group buy, a bad day, orders with a
refund, a membership, posts, tasks, chats that lack three days; and a name that would like to run.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from qunguan.domain.clock import Clock
from qunguan.domain.content import PostDraft
from qunguan.domain.feedback import FeedbackDraft
from qunguan.domain.incidents import ActionDraft, Review
from qunguan.domain.orders import OrderLine
from qunguan.domain.plans import PriceStep
from qunguan.services import (
    campaigns,
    checkins,
    content,
    feedback,
    goals,
    incidents,
    members,
    orders,
    plans,
    points,
    sops,
    tasks,
)
from qunguan.services.desk import Desk
from qunguan.store.session import Session
from tests.services.campaign_kit import running
from tests.services.chat_kit import span, spread, tell

EVIL = "=1+1|<b>*小坏*</b>"
NAMES = (EVIL, *(f"书友{number:02}" for number in range(2, 21)))
CAMPAIGN, CHALLENGE, CRISIS = "三人团[春]", "春日早起", "漏发了十二单"


def march(day: int) -> date:
    """A day of March."""
    return date(2026, 3, day)


def evening(day: date, hour: int = 20) -> Clock:
    """That hour of that day in Shanghai."""
    return Clock(datetime(day.year, day.month, day.day, hour - 8, tzinfo=UTC))


def go(desk: Desk, day: date, hour: int = 20) -> None:
    """Let it be that hour of that day."""
    desk.clock = evening(day, hour)


def community(desk: Desk) -> None:
    """All of it; the clock ends on the evening of 2026-03-20."""
    go(desk, date(2026, 2, 16), 9)
    desk.write(members.add_many, NAMES[:16], group_id=1, joined_on=date(2026, 2, 1))
    desk.write(sops.use, "daily", 1)
    desk.write(
        goals.add, "checkin_rate", "70", name="打卡七成", from_day=date(2026, 2, 16), to_day=march(31), group_id=1
    )
    _challenges(desk)
    _talk(desk)
    _campaign(desk)
    _money(desk)
    _arrivals(desk)
    _bad_day(desk)
    _to_come(desk)


def _challenges(desk: Desk) -> None:
    for name, first, days, people in (("冬日早起", date(2026, 2, 17), 7, 6), (CHALLENGE, march(2), 14, 8)):
        go(desk, first)
        made = desk.write(checkins.start, name, who=range(1, people + 1), starts_on=first, days=days)
        desk.write(_ticks, made.id, first, days, people)


def _ticks(session: Session, _clock: Clock, challenge_id: int, first: date, days: int, people: int) -> None:
    """Each as often as their number says, on the evening of each day."""
    for passed in range(days):
        day = first + timedelta(days=passed)
        for who in range(1, people + 1):
            if (who * 7 + passed * 3) % 10 > who - 2:
                checkins.tick(session, evening(day), challenge_id, who, day)


def _talk(desk: Desk) -> None:
    """Two to five messages a day of each who speaks; the 13th to the 15th were never exported."""
    go(desk, march(17))
    said: dict[tuple[int | str, date], int] = {}
    for place, day in enumerate(span(date(2026, 2, 16), march(12))):
        said |= spread(range(1, 6 + place % 5), [day], 2 + place % 4)
    tell(desk, date(2026, 2, 16), march(12), said)
    tell(desk, march(16), march(17), spread(range(1, 8), [march(16)], 4))


def _campaign(desk: Desk) -> None:
    go(desk, march(6), 9)
    made = running(
        desk, "group_buy", CAMPAIGN, first=march(6), last=march(8), goal="participants", goal_value=8,
        offer="三人成团价", budget_fen=20_000, terms={"team_size": "3"},
    )  # fmt: skip
    go(desk, march(7))
    desk.write(campaigns.paste, made.id, "1团：书友02、书友03、书友04\n2团：书友05、书友06")
    desk.write(campaigns.add_cost, made.id, "快递补贴", 3_000)
    go(desk, march(17))
    desk.write(
        campaigns.write_review, made.id, well="老成员愿意带新人", badly="第二个团没满", next_time="先问够三个人再开"
    )


def _money(desk: Desk) -> None:
    bought = (
        (1, 9_900, date(2026, 2, 18)), (2, 12_000, date(2026, 2, 20)), (3, 4_500, date(2026, 2, 27)),
        (2, 6_600, march(3)), (4, 9_900, march(6)), (5, 9_900, march(7)), (6, 3_300, march(7)), (1, 8_800, march(10)),
        (7, 15_000, march(11)), (2, 2_500, march(12)),
    )  # fmt: skip
    for place, (who, fen, day) in enumerate(bought):
        go(desk, day)
        lines = (OrderLine(("绘本", "书签", "台灯")[place % 3]),)
        desk.write(orders.add_order, who, fen, day=day, lines=lines, number=f"A{place + 1}")
    go(desk, march(13))
    desk.write(orders.refund_order, 5, 9_900, day=march(13), reason="重复下单")
    go(desk, march(2))
    draft = desk.read(plans.draft, "读书月卡")
    month = desk.write(plans.add, replace(draft, term_days=30, prices=(PriceStep(0, march(2), None, 9_900),)))
    desk.write(plans.sell, 3, month.id, day=march(2), group_id=1)
    desk.write(points.grant, 2, 80, reason="分享", expires_on=date(2026, 4, 10))


def _arrivals(desk: Desk) -> None:
    go(desk, march(9))
    desk.write(members.add_many, NAMES[16:], group_id=1, joined_on=march(9))
    go(desk, march(12))
    desk.write(members.leave, 16, 1, march(12))


def _bad_day(desk: Desk) -> None:
    go(desk, march(11), 10)
    found = desk.write(incidents.start, CRISIS, playbook="delivery")
    said = FeedbackDraft("complaint", "书还没到|<i>", member_id=7, category="delivery", incident_id=found.id)
    desk.write(feedback.add, 1, said)
    desk.write(incidents.tick, found.id, "tell", "对不起，漏发了十二单。\n10:30 前再说。", place="群公告")
    go(desk, march(11), 13)
    desk.write(incidents.tick, found.id, "time", "明天中午前补到。", place="群里")
    go(desk, march(12), 9)
    desk.write(incidents.tick, found.id, "trust", "都补到了。", place="群里")
    actions = (ActionDraft("每天对一遍发货数", march(18), "service"),)
    desk.write(incidents.close, found.id, Review("装箱没有核对", "12 单", "说得快", "时间表晚了", actions=actions))


def _to_come(desk: Desk) -> None:
    go(desk, march(10), 9)
    posted = PostDraft("精读：怎么记笔记", "value", march(10), 600)
    desk.write(content.schedule, 1, posted, posted=True)
    for draft in (
        PostDraft("接龙：下周读什么", "interactive", march(17), 20 * 60),
        PostDraft("长文：把书读进生活", "value", march(18), 20 * 60),
    ):
        desk.write(content.schedule, 1, draft)
    desk.write(tasks.add, 1, "对账", march(16), hat="analyst")
    desk.write(tasks.add, 1, "约嘉宾", date(2026, 4, 2), hat="owner")
    go(desk, march(20))
