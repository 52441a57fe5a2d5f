"""What the owner of the sample community offers, from the free reading hour to one-to-one, and a claim or two."""

from __future__ import annotations

from datetime import date, timedelta

from qunguan.domain.orders import OrderLine
from qunguan.domain.products import Product
from qunguan.services import earning, groups, orders, products
from qunguan.services.desk import Desk

_LIVE, _TRIAL, _CAMP, _PERSONAL = "周三读书直播", "月度书单", "30天共读营", "一对一读书规划"
_OFFER = (
    (Product(0, _LIVE, "service", "free", "课程", note="每周三晚八点，拆一本书，当场答疑。"), ()),
    (Product(0, _TRIAL, "service", "trial", "课程", 2990, note="四本书、四张导读卡，先试一个月。"), ()),
    (Product(0, _CAMP, "camp", "course", "课程", 19_900, note="三十天读完四本，每天有人点评。"), ("共读营报名",)),
    (Product(0, _PERSONAL, "service", "personal", "课程", 59_900, note="一小时语音，一份半年书单。"), ()),
    (Product(0, "精装好书", "goods", "other", "图书", 8800), ()),
    (Product(0, "桂花乌龙", "goods", "other", "茶", 5800), ()),
    (Product(0, "读书笔记本", "goods", "other", "文具", 3990), ()),
    (Product(0, "手作书签", "goods", "other", "文具", 1280), ()),
)
_SET = Product(0, "笔记礼包", "bundle", "other", "文具", 6400, note="本子配两枚书签，新人入门刚好。")
_TOPICS = ((_SET.name, ("读书笔记", "书桌")), (_CAMP, ("读不下去", "读完")), (_TRIAL, ("书单",)))
_GUESTS = 24  # of the free live; half of them bought the month, half the camp, some both


def bring(desk: Desk, last: date) -> None:
    """The catalogue, who came to the free live, three who went on to one-to-one, and a claim heard elsewhere."""
    for one, articles in _OFFER:
        desk.write(products.add, one, articles)
    inside = desk.read(products.parts_typed, ["读书笔记本", "手作书签*2"])
    desk.write(products.add, _SET, (), inside)
    for name, topics in _TOPICS:
        desk.write(products.add_topics, desk.read(products.find, name).id, topics)
    climbed(desk, last)
    course = desk.read(products.find, _CAMP).id
    desk.write(products.add_claim, course, 10_000_000, 1000, "同行群里说：首周卖了十万", last - timedelta(days=6))
    desk.write(products.add_claim, course, 358_200, 160, "朋友的读书群，一个月", last - timedelta(days=2))


def climbed(desk: Desk, last: date) -> None:
    """Who came to the live before they bought, as the owner's list has it; and orders that were paid by hand."""
    today = desk.clock.today(desk.read(groups.day_rule))
    trial, camp = (_buyers(desk, name) for name in (_TRIAL, "共读营报名"))
    first = last - timedelta(days=58)
    live = first - timedelta(days=(first.weekday() - 2) % 7)  # the Wednesday on or before the first order
    guests = sorted({*trial[: _GUESTS // 2], *camp[: _GUESTS // 2]})
    desk.write(earning.record_deed, "campaign", guests, day=live, note=_LIVE, amount=0)
    for place, member_id in enumerate([who for who in camp if who in trial][-3:]):
        lines = [OrderLine(_PERSONAL, quantity=1, amount_fen=59_900)]
        day = min(today, last - timedelta(days=3 - place))
        desk.write(orders.add_order, member_id, 59_900, lines=lines, number=f"YY-{place + 1:02}", day=day)


def _buyers(desk: Desk, item: str) -> list[int]:
    """The members who bought an article, the earliest first."""
    ids = desk.read(orders.order_ids, search=item).tolist()
    rows = desk.read(orders.order_rows, ids, desk.clock.today(desk.read(groups.day_rule)))
    mine = sorted((row.day, row.id, row.member_id) for row in rows if row.member_id is not None and row.day is not None)
    return list(dict.fromkeys(member_id for _day, _id, member_id in mine))
