"""What the owner of the sample community earns beside the shop: an ad that ran, one that is booked, three deals."""

from __future__ import annotations

from datetime import date, timedelta

from qunguan.domain.ads import AdDraft, RunDraft
from qunguan.domain.deals import DealDraft, Party, Stage
from qunguan.services import ads, deals, members
from qunguan.services.desk import Desk

_DAY = timedelta(days=1)
_LAMP = AdDraft("慢光阅读灯", 80_000, 1_500, "good", "早起读书的人用得上，阿岚自己先用了两周",
                note="一次群公告，看反响再谈下一次")  # fmt: skip
_PAPER = AdDraft("纸间文具", 60_000, 1_000, "fair", "抄书的人不多，先试一次")

_ROAD: tuple[tuple[int, Stage, str], ...] = (
    (25, "introduced", "拉了三人小群"),
    (21, "talking", "书店列了书单"),
    (16, "agreed", "价格谈定，书店管送"),
    (10, "done", "书到了，验过收了"),
)
"""Days before the last one, the stage it came to then, what was said."""


def bring(desk: Desk, group_id: int, last: date) -> None:
    """Both books, as they stand on the last day."""
    _ads(desk, group_id, last)
    _deals(desk, group_id, last)


def _ads(desk: Desk, group_id: int, last: date) -> None:
    """One announcement with what the brand reported and paid; the next is booked for the week after."""
    ran = RunDraft(last - 11 * _DAY, 20 * 60, "群友推荐的阅读灯，清晨看书不晃眼", kind="value")
    lamp = desk.write(ads.book, group_id, _LAMP, [ran], posted=True).ad
    desk.write(ads.report, lamp.id, 9, 116_100, last - 6 * _DAY, "品牌后台截图")
    desk.write(ads.pay, lamp.id, 80_000, last - 8 * _DAY, "播出费，转账")
    desk.write(ads.invoice, lamp.id, "asked")
    ahead = RunDraft(last + 20 * _DAY, 20 * 60, "抄书用的纸，群友试写", kind="value")
    desk.write(ads.book, group_id, _PAPER, [ahead])


def _deals(desk: Desk, group_id: int, last: date) -> None:
    """One that came about and may be shown, one in talks, one that has just come up."""
    buyer, writer, mother = (Party(member_id=desk.read(members.resolve, name)) for name in ("姚懿熙", "梧桐", "熊欣刚"))
    books = DealDraft("二手绘本进社区书屋", "match", "社区书屋要两百册二手绘本，六月前到", buyer, Party("老街旧书店"),
                      worth_fen=1_200_000)  # fmt: skip
    done = desk.write(deals.add, group_id, books, day=last - 27 * _DAY)
    for back, stage, note in _ROAD:
        desk.write(deals.move, done.id, stage, last - back * _DAY, note)
    desk.write(deals.pay, done.id, 24_000, last - 9 * _DAY, "两边各付一半")
    desk.write(deals.case, done.id, consent=True)
    editor = DealDraft("找公众号编辑", "hiring", "每周一篇书评，能写早起这群人的故事", Party("晨光出版"), writer,
                       fee_fen=150_000)  # fmt: skip
    talk = desk.write(deals.add, group_id, editor, day=last - 8 * _DAY)
    desk.write(deals.move, talk.id, "introduced", last - 7 * _DAY)
    desk.write(deals.move, talk.id, "talking", last - 4 * _DAY, "试写了一篇")
    pack = DealDraft("亲子共读服务包", "pack", "想给单位妈妈群办四次共读，要方案和带读", mother, fee_fen=99_900)
    desk.write(deals.add, group_id, pack, day=last - _DAY)
