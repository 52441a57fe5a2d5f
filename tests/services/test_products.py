"""Products over a real book: what each sold, what is none yet, bundles, topics, claims, and the ladder."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import timedelta
from random import Random
from statistics import median
from typing import cast

import pytest
from sqlalchemy import select

from qunguan.domain.content import PostDraft
from qunguan.domain.errors import Ambiguous, BadInput, NotFound, Refused
from qunguan.domain.funnels import parse_steps
from qunguan.domain.orders import OrderLine
from qunguan.domain.products import LADDER, Kind, Product, Rung
from qunguan.services import content, earning, groups, history, members, orders, products, rules, trade_told
from qunguan.services.funnels import funnel
from qunguan.services.trade import trade
from qunguan.store.members import membership
from qunguan.store.orders import order_line
from tests.services.trade_kit import LAST, random_book, standing


def ago(days: int):
    return LAST - timedelta(days=days)


def add(desk, name: str, **more) -> Product:
    articles = more.pop("articles", ())
    made: Product = desk.write(products.add, Product(0, name, **more), articles)
    return made


def sold(desk, as_of=None, **more):
    rows = desk.read(products.catalogue, desk.clock, as_of, retired=True, **more)
    return {row.product.name: (row.sold.pieces, row.sold.net_fen, row.sold.buyers) for row in rows}


def buy(desk, who, fen, day, *lines, **more):
    return desk.write(orders.add_order, who, fen, day=day, lines=[OrderLine(*line) for line in lines], **more)


@pytest.fixture
def three(desk):
    return list(desk.write(members.add_many, ["甲子", "乙丑", "丙寅"], group_id=1, joined_on=ago(300)))


def test_what_was_sold_of_each_and_what_is_none_yet(desk, three):
    one, two, _ = three
    add(desk, "月度书单", rung="trial", price_fen=3000, articles=["书单（月度）"])
    add(desk, "书签", price_fen=1000)
    buy(desk, one, 2990, ago(5), ("月度书单 ",))
    both = buy(desk, two, 4000, ago(3), ("书单(月度)",), ("书签", "", 2))
    buy(desk, one, 800, ago(2), ("桂花乌龙", "", 3))
    assert sold(desk) == {"月度书单": (2, 2990 + 2400, 2), "书签": (2, 1600, 1)}
    (rest,) = desk.read(products.loose, desk.clock)
    assert (rest.item, rest.sold.pieces, rest.sold.net_fen, rest.sold.orders) == ("桂花乌龙", 3, 800, 1)
    desk.write(orders.refund_order, both.id, 1000, day=ago(2))
    assert sold(desk)["书签"] == (2, 1200, 1)
    desk.write(orders.refund_order, both.id, None, day=ago(1))
    assert sold(desk)["书签"] == (0, 0, 0)
    assert sold(desk, ago(2))["书签"] == (2, 1200, 1)
    assert sold(desk, ago(6)) == {"月度书单": (0, 0, 0), "书签": (0, 0, 0)}


def test_an_order_is_divided_by_what_the_shop_tells_first(desk, three):
    add(desk, "书", price_fen=9000)
    add(desk, "笔", price_fen=1000)
    buy(desk, three[0], 1000, ago(1), ("书", "", 1, 300), ("笔", "", 1, 700))
    assert [each[1] for each in sold(desk).values()] == [700, 300]
    add(desk, "赠品")
    buy(desk, three[1], 1001, ago(1), ("书", "", 3), ("赠品", "", 1))
    assert sold(desk)["书"][1] == 300 + 750
    assert sum(each[1] for each in sold(desk).values()) == 2001


def test_articles_move_and_come_off(desk, three):
    book = add(desk, "书单")
    pack = add(desk, "礼包")
    buy(desk, three[0], 500, ago(1), ("老书单",))
    done = desk.write(products.take_articles, book.id, ["老书单", "书单", "礼包"])
    assert (done.added, done.moved, done.already) == (("老书单",), (("礼包", "礼包"),), ("书单",))
    assert sold(desk)["书单"] == (1, 500, 1)
    desk.write(history.undo)
    assert sold(desk)["书单"] == (0, 0, 0)
    desk.write(products.drop_articles, pack.id, ["礼包"])
    with pytest.raises(NotFound):
        desk.write(products.drop_articles, pack.id, ["礼包"])
    with pytest.raises(BadInput):
        desk.write(products.take_articles, pack.id, [" "])
    renamed = desk.write(products.edit, replace(book, name="月书单"))
    assert desk.read(products.page, desk.clock, renamed.id).articles == ("书单", "月书单")


def test_what_a_catalogue_refuses(desk):
    book = add(desk, "书单", price_fen=100)
    for bad in (
        Product(0, "书单"), Product(0, "\u200b"), Product(0, "甲", kind=cast("Kind", "x")),
        Product(0, "乙", rung=cast("Rung", "x")), Product(0, "丙", price_fen=-1),
        Product(0, "丁", rung="free", price_fen=1), Product(0, "长" * 201),
    ):  # fmt: skip
        with pytest.raises(BadInput):
            desk.write(products.add, bad)
    with pytest.raises(NotFound):
        desk.write(products.add, Product(0, "戊", group_id=99))
    with pytest.raises(NotFound):
        desk.read(products.find, "没有")
    add(desk, "书单合集")
    assert desk.read(products.find, "合集").name == "书单合集"
    assert desk.read(products.find, "#1") == book
    with pytest.raises(Ambiguous, match="书单合集"):
        desk.read(products.find, "单")


def test_retired_and_offered_again(desk):
    book = add(desk, "书单")
    assert desk.write(products.retire, book.id).retired_on == LAST
    assert desk.read(products.catalogue, desk.clock) == ()
    assert len(desk.read(products.catalogue, desk.clock, ago(1))) == 1
    assert len(desk.read(products.catalogue, desk.clock, retired=True)) == 1
    desk.write(products.add_topics, book.id, ["书单"])
    assert desk.read(products.suggested, 1, ["本周书单"], LAST) == ()
    assert desk.write(products.reopen, book.id) == book
    assert desk.read(products.suggested, 1, ["本周书单"], LAST) == ((book, "书单"),)


def test_bundles(desk, three):
    book, mark = add(desk, "书单", price_fen=2990), add(desk, "书签*2", price_fen=500)
    pack = add(desk, "礼包", kind="bundle", price_fen=3500)
    parts = desk.read(products.parts_typed, ["书单", "书签*2", "书签*2*2"])
    assert parts == {book.id: 1, mark.id: 3}
    desk.write(products.set_parts, pack.id, parts)
    page = desk.read(products.page, desk.clock, pack.id)
    assert [(part.product.name, part.quantity) for part in page.parts] == [("书单", 1), ("书签*2", 3)]
    assert page.apart_fen == 2990 + 1500
    buy(desk, three[0], 7000, ago(1), ("礼包", "", 2))
    rows = {row.product.name: row for row in desk.read(products.catalogue, desk.clock)}
    assert (rows["书签*2"].sold.pieces, rows["书签*2"].in_bundles, rows["礼包"].sold.net_fen) == (0, 6, 7000)
    assert desk.read(products.page, desk.clock, mark.id).bundles == ("礼包",)
    with pytest.raises(Refused):
        desk.write(products.set_parts, book.id, {mark.id: 1})
    for bad in ({pack.id: 1}, {mark.id: 0}):
        with pytest.raises(BadInput):
            desk.write(products.set_parts, pack.id, bad)
    with pytest.raises(Refused):
        desk.write(products.edit, replace(pack, kind="goods"))
    with pytest.raises(Refused):
        desk.write(products.edit, replace(book, kind="bundle"))
    assert desk.write(products.set_parts, pack.id, {mark.id: 2})[0].quantity == 2
    desk.write(history.undo)
    assert len(desk.read(products.parts_of, pack.id)) == 2


def test_topics_lead_to_products(desk):
    other = desk.write(groups.create, "另一个群").id
    book, pack = add(desk, "敏感肌套装", kind="bundle"), add(desk, "面霜", group_id=other)
    for product in (book, pack):
        desk.write(products.add_topics, product.id, ["换季护肤"])
    assert desk.write(products.add_topics, book.id, ["护肤", " 护肤 "]) == ("护肤", "护肤")
    hits = desk.read(products.suggested, 1, ["周三：换季护肤怎么做", ""], LAST)
    assert [(product.name, topic) for product, topic in hits] == [("敏感肌套装", "换季护肤")]
    assert len(desk.read(products.suggested, other, ["换季护肤"], LAST)) == 2
    assert desk.read(products.suggested, 1, ["读书"], LAST) == ()
    post = desk.write(content.schedule, 1, PostDraft("周三聊一聊", "value", LAST, tags=("换季护肤",))).post
    assert desk.read(products.after, post) == hits
    assert desk.read(products.page, desk.clock, book.id).topics == ("换季护肤", "护肤")
    desk.write(products.drop_topics, book.id, ["护肤"])
    for wrong in ("护肤", "没有"):
        with pytest.raises(NotFound):
            desk.write(products.drop_topics, book.id, [wrong])
    with pytest.raises(BadInput):
        desk.write(products.add_topics, book.id, ["\u200b"])


def test_claims_are_looked_at_twice(desk):
    course = add(desk, "职场课", rung="course", price_fen=39_900)

    def judged(amount, of):
        return desk.write(products.add_claim, course.id, amount, of, "首周")

    told = judged(20_000_000, 1000)
    assert (told.buyers, round(told.share, 2), told.verdict) == (501, 0.50, "implausible")
    assert dict(told.why[0].values) | {"buyers": 501, "members": 1000, "percent": "50"} == dict(told.why[0].values)
    assert "S3-29" in str(told.why[1])
    assert judged(39_900 * 300, 1000).verdict == "doubtful"
    assert judged(39_900 * 250, 1000).verdict == "plausible"
    assert judged(39_900 * 11, 10).verdict == "implausible"
    desk.write(rules.change, "product.claim_implausible", 60)
    assert desk.read(products.page, desk.clock, course.id).claims[-1].verdict == "doubtful"
    desk.write(rules.switch, "product.claim_doubtful", enabled=False)
    assert desk.read(products.page, desk.clock, course.id).claims[-1].verdict == "plausible"
    desk.write(products.edit, replace(course, price_fen=None))
    assert {each.verdict for each in desk.read(products.page, desk.clock, course.id).claims} == {"unknown"}
    assert desk.read(products.page, desk.clock, course.id, ago(1)).claims == ()
    desk.write(products.drop_claim, told.claim.id)
    with pytest.raises(NotFound):
        desk.write(products.drop_claim, told.claim.id)
    for amount, of, day in ((0, 10, None), (100, 0, None), (100, 10, LAST + timedelta(days=1))):
        with pytest.raises(BadInput):
            desk.write(products.add_claim, course.id, amount, of, day=day)


def test_the_attach_rate_counts_kinds_of_products(desk, three):
    buy(desk, three[0], 100, ago(1), ("面膜",), ("面霜",))
    buy(desk, three[1], 100, ago(1), ("面膜",), ("杯子",))
    assert desk.read(trade, desk.clock).attach.rate.value == 1
    add(desk, "面膜", category="护肤")
    add(desk, "面霜", category="护肤")
    assert desk.read(trade, desk.clock).attach.rate.value == 0.5
    desk.write(trade_told.set_category, ["面霜"], "礼物")
    assert desk.read(trade, desk.clock).attach.rate.value == 1


def test_ladder(desk, three):
    one, two, three_ = three
    add(desk, "直播", rung="free")
    add(desk, "体验", rung="trial")
    add(desk, "系统课", rung="course")
    assert [row.buyers for row in desk.read(products.ladder, desk.clock).rows] == [None, 0, 0, None]
    desk.write(earning.record_deed, "campaign", [one, two, three_], day=ago(20), note="直播")
    buy(desk, one, 990, ago(18), ("体验",))
    buy(desk, two, 990, ago(16), ("体验",))
    buy(desk, two, 9900, ago(10), ("系统课",))
    buy(desk, three_, 9900, ago(10), ("系统课",))
    found = desk.read(products.ladder, desk.clock)
    assert [(row.buyers, row.everybody, row.median_days) for row in found.rows] == [
        (3, 3, None), (2, 2, 3), (1, 2, 6), (None, None, None)
    ]  # fmt: skip
    assert [row.step and (row.step.value, row.step.n) for row in found.rows] == [None, (2 / 3, 3), (1 / 2, 2), None]
    assert found.rows[2].cumulative.n == 3
    assert [row.buyers for row in desk.read(products.ladder, desk.clock, ago(11)).rows] == [3, 2, 0, None]
    assert [row.buyers for row in desk.read(products.ladder, desk.clock, window_days=5).rows] == [3, 2, 0, None]
    assert desk.read(products.ladder, desk.clock, first=ago(5)).rows[0].buyers == 0
    steps = desk.read(funnel, desk.clock, parse_steps("joined,rung:trial,rung:系统课"), first=ago(400), window_days=400)
    assert [each.n for each in steps.steps] == [3, 2, 1]
    with pytest.raises(BadInput):
        desk.read(products.ladder, desk.clock, first=LAST, last=ago(1))
    with pytest.raises(BadInput):
        desk.read(funnel, desk.clock, parse_steps("joined,rung:没有"))


def test_the_ladder_of_a_group_is_of_its_members(desk, three):
    other = desk.write(groups.create, "另一个群").id
    four = desk.write(members.add, "丁卯", group_id=other, joined_on=ago(30)).id
    stay = desk.read(lambda session: session.first(select(membership).where(membership.c.member_id == four)))
    desk.write(lambda session, clock: (session.step("-"), session.update(membership, stay.id, joined_on=None)))
    add(desk, "体验", rung="trial")
    add(desk, "私教", rung="personal", group_id=other)
    buy(desk, three[0], 100, ago(9), ("体验",))
    buy(desk, four, 100, ago(9), ("体验",), ("私教",))
    by_group = {each: desk.read(products.ladder, desk.clock, group_id=each) for each in (None, 1, other)}
    assert [[row.buyers for row in found.rows] for found in by_group.values()] == [
        [None, 2, None, 1], [None, 1, None, None], [None, 1, None, 1],
    ]  # fmt: skip
    assert by_group[other].group == "另一个群"
    assert sold(desk, group_id=1) == {"体验": (1, 100, 1)}
    assert sold(desk, group_id=other)["私教"] == (1, 50, 1)


@pytest.mark.parametrize("seed", [3, 11])
def test_a_random_book_against_an_independent_recount(desk, seed):
    table, refunds = random_book(desk, 150, seed)
    rung_of = {"面膜": "trial", "精华": "course", "杯子": "personal", "苹果": "course"}
    for item, rung in rung_of.items():
        add(desk, f"产品{item}", rung=rung, articles=[item])
    lines = desk.read(lambda session: session.rows(select(order_line.c.order_id, order_line.c.item)))
    of_order = defaultdict(list)
    for row in lines:
        of_order[row.order_id].append(row.item)
    dice = Random(seed)
    for day in (LAST, ago(30)):
        counting = standing(table, refunds, day)
        told = sold(desk, day)
        bought = defaultdict(list)  # item → (who, day)
        for row in counting.itertuples():
            for item in of_order[row.order]:
                bought[item].append((row.member, row.day))
        for item in rung_of:
            assert told[f"产品{item}"][0] == len(bought[item])
            assert told[f"产品{item}"][2] == len({who for who, _day in bought[item]})
        rest = {each.item: each.sold.net_fen for each in desk.read(products.loose, desk.clock, day)}
        assert rest.keys() == {"橙子"}
        assert sum(net for _n, net, _b in told.values()) + sum(rest.values()) == counting.net.sum()
        window, first = dice.choice((30, 90)), day - timedelta(days=364)
        found = desk.read(products.ladder, desk.clock, day, window_days=window)
        assert [(row.rung, row.buyers, row.median_days) for row in found.rows[1:]] == _climbed(
            bought, rung_of, first, day, window
        )


def _climbed(bought, rung_of, first, day, window):
    """The ladder by the plainest loop there is: one member after another."""
    waits: defaultdict[Rung, list[int]] = defaultdict(list)
    counts: defaultdict[Rung, int] = defaultdict(int)
    people = {who for pairs in bought.values() for who, _when in pairs}
    for who in people:
        until, before = day, None
        for rung in LADDER[1:]:
            own = sorted(when for item, pairs in bought.items() if rung_of.get(item) == rung
                         for each, when in pairs if each == who)  # fmt: skip
            if before is None:
                own = [when for when in own if first <= when <= day]
            else:
                own = [when for when in own if before <= when <= until]
            if not own:
                break
            if before is None:
                until = min(day, own[0] + timedelta(days=window))
            else:
                waits[rung].append((own[0] - before).days)
            before = own[0]
            counts[rung] += 1
    return [(rung, counts[rung], median(waits[rung]) if waits[rung] else None) for rung in LADDER[1:]]
