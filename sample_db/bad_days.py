"""The bad day of the sample community: parcels that did not go out; and what its people said before and after."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from qunguan.domain.clock import Clock
from qunguan.domain.incidents import ActionDraft, Review
from qunguan.exchange.readers.compensation import read_compensation
from qunguan.exchange.readers.feedback import read_feedback
from qunguan.exchange.readers.reach import read_contacts
from qunguan.exchange.readers.sheets import read_sheet
from qunguan.services import feedback, incidents, reach
from qunguan.services.desk import Desk
from qunguan.services.incident_compensation_list import import_list

_ZONE = ZoneInfo("Asia/Shanghai")
_UPDATE = "update"
_TOLD = (
    (9, "tell", "这批绘本还没发出去，是我们的错：仓库换班漏了单。我在查每一单，八点五十五分再来说一次。"),
    (27, _UPDATE, "正在一单一单对，已经对完一半。八点五十五分说结果。"),
    (52, "time", "查清了：一共 26 单。明早十点全部发顺丰，单号中午前私信给你；晚一天补一次，补偿明晚七点前到账。"),
    (70, _UPDATE, "顺丰约好了，明早十点上门。还没报地址变更的，今晚发给小鹿。"),
    (88, _UPDATE, "26 单的面单都打好了。"),
    (106, _UPDATE, "今晚先到这里，明早十点发出后再来说。"),
    (22 * 60 + 40, "trust", "26 单都发出去了，单号已经私信。补偿也到账了：积分、券和退的运费，谁没收到直接找我。"),
)


def parcels(desk: Desk, group_id: int, first: date, day: date, sources: Path) -> None:
    """An evening of complaints, told twice in time; amends from a list on the next day; on the third the review."""
    t0 = datetime.combine(first, time(20, 6), _ZONE)
    if day == first:
        desk.clock = Clock(t0)
        made = desk.write(incidents.start, "绘本晚发，群里在问", group_id=group_id, playbook="delivery")
        desk.write(incidents.assign, made.id, "service", "小鹿")
        tell(desk, made.id, t0, day)
    elif day == first + timedelta(days=1):
        made = desk.read(incidents.find)
        desk.clock = Clock(t0 + timedelta(hours=22))
        rows = read_compensation(read_sheet(sources / "补偿名单_发货延误.csv")).rows
        desk.write(import_list, made.id, rows)
        tell(desk, made.id, t0, day)
    elif day == first + timedelta(days=2):
        desk.write(incidents.close, desk.read(incidents.find).id, review(first))


def tell(desk: Desk, incident_id: int, t0: datetime, day: date) -> None:
    """What the group was told on a day, minute by minute; the points of a stage are ticked as it is told."""
    for minutes, stage, text in _TOLD:
        at = t0 + timedelta(minutes=minutes)
        if at.date() != day:
            continue
        desk.clock = Clock(at)
        if stage == _UPDATE:
            desk.write(incidents.update, incident_id, text, place="群公告")
            continue
        told = desk.write(incidents.tick, incident_id, stage, text, place="群公告")
        desk.write(incidents.check_all, incident_id, stage, [point.item for point in told.checks])


def review(first: date) -> Review:
    """What the owner wrote when it was over."""
    return Review(
        cause="仓库换班，纸质单漏交；没有人每天对一遍发货数。",
        impact="26 单晚了三到五天，三位群友在群里追问，没有人因此退群。",
        went_well="九分钟就出面说了，时间表说到做到。",
        went_badly="三条追问都是通报之后才一一回的，看群的人手不够。",
        actions=(ActionDraft("每天下班前对一遍发货数", first + timedelta(days=5), "service"),),
        message="让大家等了，对不起。以后每天对一遍发货数，晚一天就主动说。",
    )


def voices(desk: Desk, group_id: int, sources: Path) -> None:
    """What members said, as the owner noted it; most of it is answered by now."""
    told = read_feedback(read_sheet(sources / "意见登记.csv"), "Asia/Shanghai")
    desk.write(feedback.import_rows, group_id, told.rows)
    noted = desk.read(feedback.feedback, group_id)
    for one in noted:
        if one.kind != "praise" and one.told_at < desk.clock.now() - timedelta(days=3):
            desk.write(feedback.reply, one.id, "收到，谢谢你说出来，我来处理。", at=one.told_at + timedelta(minutes=25))
            desk.write(feedback.resolve, one.id, at=one.told_at + timedelta(hours=20))


def ways(desk: Desk, sources: Path) -> None:
    """How some of them can be reached when the group is gone."""
    desk.write(reach.import_contacts, read_contacts(read_sheet(sources / "备用联系方式.csv")).rows)
