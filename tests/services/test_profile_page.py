"""One page a person: every number of it is what the ledgers say on that day, and says why."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from qunguan.domain.errors import NotFound
from qunguan.domain.level_terms import Condition, Level, Terms
from qunguan.domain.members import Birthday, DatedAlias, Member, MemberCard, Stay
from qunguan.domain.profiles import Talk, card_on
from qunguan.domain.rewards import Reward
from qunguan.exchange.writers.cards import card_markdown, card_text
from qunguan.i18n import set_language
from qunguan.services import badges, checkins, history, levels, members, orders, points, profiles, rewards
from qunguan.services.desk import Desk
from qunguan.store.journal import step
from qunguan.store.profile_queries import talk_of
from tests.services import chat_kit
from tests.services.checkin_kit import TODAY, challenge, day, go, people, tick_days

YUAN = 100
LADDER = Terms((Level("普通"), Level("银卡", ((Condition("spend", 200 * YUAN),),)),
                Level("金卡", ((Condition("spend", 1000 * YUAN),), (Condition("orders", 9),)))))  # fmt: skip


@pytest.fixture(autouse=True)
def english():
    set_language("en")
    yield
    set_language(None)


def settled(desk: Desk) -> int:
    """Somebody with something of everything; the id."""
    ali, _other = people(desk, "阿梨", "小满")
    early = challenge(desk, tiers={})
    desk.write(levels.create, "会员", LADDER, from_day=day(1), reason="开始")
    desk.write(badges.add_badge, "三连", "best_streak", 3)
    desk.write(badges.add_badge, "百次", "checkins", 100)
    tick_days(desk, (early, ali), [3, 4, 5, 19])
    desk.write(orders.add_order, ali, 150 * YUAN, day=day(6), number="A1")
    desk.write(orders.add_order, ali, 100 * YUAN, day=day(10), number="A2")
    desk.write(points.grant, ali, 300, reason="活动", expires_on=day(25))
    book = desk.write(rewards.add, Reward(0, "一本书", "goods", 40, code_days=5)).id
    desk.write(rewards.redeem, ali, book, code=lambda: "ABCD2345")
    return ali


def page(desk: Desk, member_id: int, as_of: date | None = None):
    return desk.read(profiles.page, desk.clock, member_id, as_of)


def test_every_number_is_what_its_own_ledger_says(desk):
    ali = settled(desk)
    found = page(desk, ali)
    assert found.points == desk.read(points.balance, ali, TODAY)
    assert sum(amount for _day, amount in found.lots) == found.points
    assert found.lots[0] == (day(25), 260)
    assert found.level.now.level == "银卡"
    assert found.level.next.ways[0][0].missing == 750 * YUAN
    assert [(each.badge.name, each.since) for each in found.badges] == [("三连", day(5))]
    assert [(each.badge.name, each.missing) for each in found.near] == [("百次", 96)]
    assert [(each.challenge, each.streak, each.best, each.total) for each in found.standings] == [("早起", 1, 3, 4)]
    bought = found.spending
    assert (bought.orders, bought.net_fen, bought.aov_fen, bought.last_day) == (2, 25000, 12500, day(10))
    assert [(each.reward, each.code) for each in found.waiting] == [("一本书", "ABCD2345")]
    assert {event.kind for event in found.events} == {"checkin", "points", "order", "level", "badge", "redeemed"}
    assert [event.day for event in found.events] == sorted((event.day for event in found.events), reverse=True)


def test_the_page_of_a_day_gone_by_knows_nothing_of_what_came_later(desk):
    ali = settled(desk)
    then = page(desk, ali, day(9))
    assert then.day == day(9)
    assert then.level.now.level == "普通"
    assert then.spending.net_fen == 150 * YUAN
    assert then.points == desk.read(points.balance, ali, day(9))
    assert then.waiting == ()
    assert max(event.day for event in then.events) <= day(9)
    assert [(each.streak, each.best, each.total, each.last_day) for each in then.standings] == [(0, 3, 3, day(5))]
    before = page(desk, ali, day(1) - timedelta(days=1))
    assert (before.level, before.spending, before.badges, before.standings, before.points) == (None, None, (), (), 0)


def test_a_streak_of_a_past_day_is_that_of_the_board_of_the_day(desk):
    ali = settled(desk)
    for n in range(1, 21):
        (there,) = page(desk, ali, day(n)).standings
        board = next(row for row in desk.read(checkins.board, desk.clock, 1, day(n)).rows if row.member_id == ali)
        assert (there.streak, there.best, there.total) == (board.streak, board.best, board.total), n


def test_refunds_cancelled_rewards_and_used_benefits_are_on_the_timeline(desk):
    ali = settled(desk)
    desk.write(orders.refund_order, 1, 50 * YUAN, reason="坏了一个")
    desk.write(rewards.cancel, 1)
    desk.write(levels.add_benefit, 1, 2, "9.8折", quota=2, period="month")
    desk.write(levels.use_benefit, ali, 1)
    found = page(desk, ali)
    told = {event.kind: event for event in found.events if event.day == TODAY}
    assert (told["refund"].fen, told["refund"].what) == (-50 * YUAN, "A1")
    assert told["cancelled"].what == "一本书"
    assert (told["benefit"].what, told["benefit"].change) == ("9.8折", 1)
    assert found.level.benefits[0].left == 1
    assert found.spending.net_fen == 200 * YUAN
    assert found.waiting == ()


def test_undo_takes_a_number_back_from_the_page(desk):
    ali = settled(desk)
    before = page(desk, ali)
    desk.write(orders.add_order, ali, 800 * YUAN, number="A3")
    assert page(desk, ali).level.now.level == "金卡"
    desk.write(history.undo)
    after = page(desk, ali)
    assert (after.level, after.spending, after.points) == (before.level, before.spending, before.points)
    desk.write(history.redo)
    assert page(desk, ali).level.now.level == "金卡"


def test_somebody_who_did_nothing_has_an_empty_page(desk):
    (bare,) = people(desk, "新来的")
    found = page(desk, bare)
    assert (found.level, found.badges, found.near, found.standings, found.spending, found.waiting) == (
        None, (), (), (), None, ())  # fmt: skip
    assert (found.points, found.lots) == (0, ())
    assert "nothing bought yet" in card_markdown(found)
    assert "⭐ Points: 0" in card_text(found, 500)
    with pytest.raises(NotFound):
        page(desk, 99)


def test_the_reasons_name_rule_numbers_and_source(desk):
    ali = settled(desk)
    why = desk.read(profiles.reasons, desk.clock, ali)
    assert any("asked: 200 yuan" in str(line) and "250 yuan" in str(line) for line in why.level)
    assert [name for name, _told in why.badges] == ["三连"]
    assert "it takes 3" in str(why.badges[0][1][0])
    assert [(trail.challenge.name, trail.streak) for trail in why.trails] == [("早起", 1)]
    assert [(row.number, row.net_fen) for row in why.orders] == [("A2", 100 * YUAN), ("A1", 150 * YUAN)]


def test_reading_a_page_writes_nothing(desk):
    ali = settled(desk)
    before = desk.read(lambda session: session.rows(step.select()))
    page(desk, ali)
    desk.read(profiles.reasons, desk.clock, ali)
    assert desk.read(lambda session: session.rows(step.select())) == before


def test_the_private_text_is_short_warm_and_keeps_what_is_the_owners(desk):
    ali = settled(desk)
    person = desk.read(members.get, ali)
    desk.write(members.edit, replace(person, phone="13800138000", note="脾气急", birthday=Birthday(2, 4, lunar=True)))
    text = card_text(page(desk, ali), 1800)
    assert text.splitlines() == [
        "Hi 阿梨, here is how far you have come:",
        "",
        "🏅 Level: 银卡",
        "   750 yuan more and you reach 金卡",
        f"⭐ Points: {page(desk, ali).points}",
        "   260 of them can be used through 3/25, don't forget!",
        "🎖 Badges: 三连",
        "🔥 早起: 1 in a row, 4 in all",
        "🎁 一本书 waits for you, code ABCD2345, good through 2026-03-24",
        "",
        "Thank you for being here. Questions or wishes? Just tell me.",
    ]
    assert len(card_text(page(desk, ali), 120)) <= 120


def test_the_markdown_page_has_everything_dated_and_masks_the_phone_when_asked(desk):
    ali = settled(desk)
    desk.write(members.edit, replace(desk.read(members.get, ali), phone="13800138000", note="[x](y) *急*"))
    found = page(desk, ali)
    text = card_markdown(found)
    assert "13800138000" in text
    assert "\\[x\\](y) \\*急\\*" in text
    assert "13800138000" not in card_markdown(found, reveal=False)
    days = [line[:10] for line in text.split("## Timeline\n\n- ")[1].split("\n- ")]
    assert days == [str(each) for each in sorted({event.day for event in found.events}, reverse=True)]


def test_a_level_locked_below_what_was_reached_says_so(desk):
    ali = settled(desk)
    desk.write(levels.lock, 1, ali, 1, reason="先观察")
    found = page(desk, ali)
    assert found.level.now.level == "普通"
    assert "set by hand" in card_markdown(found)
    assert "more and you reach" not in card_text(found, 500)


def test_names_and_stays_of_a_day():
    card = MemberCard(
        Member(1, "阿梨"),
        (
            DatedAlias("name", "小梨", None, day(10)),
            DatedAlias("name", "阿梨", day(10)),
            DatedAlias("nick", "梨", day(15)),
        ),
        (Stay(1, 1, "群", day(2), day(12), "搬家"), Stay(2, 1, "群", day(18), None)),
        (),
    )  # fmt: skip
    then = card_on(card, day(9))
    assert [(each.text, each.valid_to) for each in then.aliases] == [("小梨", None)]
    assert [(each.left_on, each.left_reason) for each in then.stays] == [(None, "")]
    assert [each.valid_to for each in card_on(card, day(10)).aliases] == [day(10), None]
    assert [each.left_on for each in card_on(card, day(12)).stays] == [day(12)]
    assert card_on(card, day(20)) == card


@pytest.mark.parametrize("name", ["[/]", "‮abc", "a" + "​" * 200, "{name}", "👨‍👩‍👧"])
def test_hostile_names_pass_through_every_text(desk, name):
    ali = desk.write(members.add, name, group_id=1).id
    desk.write(
        levels.create, "会员{x}", Terms((Level("{level}"), Level("[b]", ((Condition("spend", 1),),)))), reason="r"
    )
    desk.write(badges.add_badge, "{badge}[/]", "spend", 1)
    desk.write(orders.add_order, ali, 100)
    go(desk, TODAY)
    found = page(desk, ali)
    for text in (card_text(found, 1800), card_markdown(found)):
        assert "\x1b" not in text
        assert "‮" not in text


def test_what_somebody_wrote_by_a_day(desk):
    writer, silent = chat_kit.crowd(desk, 2)
    ago = chat_kit.ago
    chat_kit.tell(desk, ago(9), ago(1), {(writer, ago(5)): 3, (writer, ago(3)): 4, (writer, ago(1)): 9})
    assert desk.read(talk_of, writer, ago(2)) == Talk(7, 2, ago(3))
    assert desk.read(talk_of, silent, ago(2)) is None
