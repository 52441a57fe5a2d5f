"""Roster lines and cards carry what a member did and has."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from qunguan.domain.members import Birthday
from qunguan.domain.profiles import Event
from qunguan.exchange.writers.card_lines import said
from qunguan.services import checkins, history, members, points, profiles
from qunguan.services.desk import Desk

TODAY = date(2026, 3, 20)


def people(desk: Desk) -> list[int]:
    group = 1
    return list(desk.write(members.add_many, ["阿梨", "团团妈", "陈·伊敏"], group_id=group, joined_on=date(2026, 3, 1)))


def test_a_line_has_points_as_of_today_and_the_longest_streak_that_goes_on(desk: Desk) -> None:
    first, second, third = people(desk)
    daily = desk.write(checkins.start, "早起", who=[first, second], starts_on=date(2026, 3, 18), tiers={})
    weekly = desk.write(checkins.start, "周记", who=[first], template_id="weekly", starts_on=date(2026, 3, 2), points=0)
    for day in (18, 19, 20):
        desk.write(checkins.tick, daily.id, first, date(2026, 3, day))
    desk.write(checkins.tick, weekly.id, first, date(2026, 3, 17))
    desk.write(points.grant, second, 30, reason="分享", expires_on=date(2026, 3, 31))
    desk.write(points.spend, second, 10, reason="换书")
    lines = desk.read(profiles.roster_lines, desk.clock, [third, second, first], 1)
    assert [line.member.name for line in lines] == ["陈·伊敏", "团团妈", "阿梨"]
    assert [line.streak for line in lines] == [None, 0, 3]
    assert lines[1].points == 20
    assert {line.member.id: line.points for line in lines} == {
        balance.member_id: balance.balance for balance in desk.read(points.balances, desk.clock)
    }


def test_points_that_expired_unposted_do_not_count(desk: Desk) -> None:
    first, *_others = people(desk)
    desk.write(points.grant, first, 30, reason="分享", expires_on=date(2026, 3, 20))
    assert desk.read(points.balances_of, [first], date(2026, 3, 20)) == {first: 30}
    assert desk.read(points.balances_of, [first], date(2026, 3, 21)) == {first: 0}
    assert desk.read(points.balances_of, [], TODAY) == {}


def test_the_card_tells_what_happened_newest_first(desk: Desk) -> None:
    first, *_others = people(desk)
    daily = desk.write(checkins.start, "早起", who=[first], starts_on=date(2026, 3, 18))
    desk.write(checkins.tick, daily.id, first, date(2026, 3, 19))
    person = desk.read(members.get, first)
    desk.write(members.edit, replace(person, name="阿梨🍐", birthday=Birthday(2, 4, lunar=True)))
    found = desk.read(profiles.profile, desk.clock, first)
    assert found.card.member.name == "阿梨🍐"
    assert found.next_birthday == date(2026, 3, 22)
    assert found.points == desk.read(points.balance, first, TODAY)
    assert [(each.challenge, each.open, each.streak, each.total) for each in found.standings] == [("早起", True, 1, 1)]
    assert found.streak == 1
    assert [event.day for event in found.events] == sorted((event.day for event in found.events), reverse=True)
    assert {event.kind for event in found.events} == {"alias", "checkin", "points", "joined"}


def test_a_challenge_that_is_over_is_told_but_does_not_count_as_a_streak(desk: Desk) -> None:
    first, *_others = people(desk)
    old = desk.write(checkins.start, "旧", who=[first], starts_on=date(2026, 3, 2), days=3, template_id="7day")
    for day in (2, 3, 4):
        desk.write(checkins.mark, old.id, first, date(2026, 3, day), "done")
    found = desk.read(profiles.profile, desk.clock, first)
    assert not found.standings[0].open
    assert found.streak is None
    assert desk.read(profiles.roster_lines, desk.clock, [first])[0].streak is None


def test_points_on_the_card_say_where_they_come_from(desk: Desk) -> None:
    first, *_others = people(desk)
    daily = desk.write(checkins.start, "早起", who=[first], starts_on=date(2026, 3, 18))
    desk.write(checkins.tick, daily.id, first, date(2026, 3, 19))
    desk.write(points.grant, first, 7, reason="分享")
    desk.write(points.spend, first, 3)
    desk.write(history.undo)
    gift = desk.write(points.grant, first, 9).entry_id
    desk.write(points.reverse, gift)

    def told() -> list[str]:
        found = desk.read(profiles.profile, desk.clock, first)
        return sorted(said(event) for event in found.events if event.kind == "points")

    by_hand = ["+7 积分  分享", "+9 积分  获得", "-9 积分  冲正"]
    assert told() == ["+5 积分  早起", *by_hand], "what was undone did not happen"
    desk.write(history.undo)
    desk.write(history.redo)
    assert told() == ["+5 积分  早起", *by_hand], "what was done again happened once"
    desk.write(checkins.untick, daily.id, first, date(2026, 3, 19))
    assert told() == sorted(["+5 积分  早起", *by_hand, "-5 积分  撤销 早起"]), "taken back on a later day"
    bare = Event(date(2026, 3, 1), "points", "", "EXPIRE", -3, "expiry")
    assert said(bare) == "-3 积分  过期"
    assert said(replace(bare, state="EARN", change=5, source="checkin")) == "+5 积分  打卡"
