"""The health card, the hours and the people of a group, against figures counted by hand."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from random import Random

import pytest

from qunguan.domain.errors import BadInput
from qunguan.domain.insights import Coverage, Figure, Health, best_cell, top_share
from qunguan.i18n import set_language
from qunguan.services import checkins, earning, groups, insights, members, orders, rules
from qunguan.services.desk import Desk
from qunguan.store import insight_queries as queries
from qunguan.store.members import membership
from tests.services.chat_kit import TODAY, Said, ago, crowd, leave, noon, span, spread, tell
from tests.services.order_kit import entry, sheet


@pytest.fixture(autouse=True)
def english():
    set_language("en")
    yield
    set_language(None)


def health(desk: Desk, as_of: date | None = None) -> Health:
    return desk.read(insights.health, desk.clock, 1, as_of)


def figure(desk, code, as_of=None) -> Figure:
    card = health(desk, as_of)
    return next(each for each in (*card.outcomes, *card.leading) if each.code == code)


def people(desk, **options):
    return desk.read(insights.people, desk.clock, 1, **options)


class TestActiveRate:
    def test_an_empty_group_knows_nothing(self, desk):
        card = health(desk)
        assert {each.value for each in (*card.outcomes, *card.leading)} == {None}
        assert all(bar.met is None for each in card.leading for bar in each.bars)
        assert card.covered_to is None

    def test_speakers_check_ins_and_deeds_of_those_present_count_once(self, desk):
        ids = crowd(desk, 10)
        tell(desk, ago(40), ago(1), spread(ids[:2], span(ago(3), ago(1))) | {("路人", ago(2)): 5})
        desk.write(checkins.start, "早起", who=ids[1:3], starts_on=ago(5))
        desk.write(checkins.tick, 1, ids[2], ago(3))
        desk.write(checkins.tick, 1, ids[1], ago(3))
        desk.write(earning.record_deed, "share", [ids[3]], day=ago(7))
        rate = figure(desk, "active_rate")
        assert (rate.value, rate.n, rate.first, rate.last) == (0.4, 10, ago(7), ago(1))
        assert rate.before == 0
        desk.write(rules.change, "activity.counts", "messages")
        assert figure(desk, "active_rate").value == 0.2
        desk.write(rules.change, "activity.counts", "checkins")
        assert figure(desk, "active_rate").value == 0.2

    def test_who_left_counts_no_more(self, desk):
        ids = crowd(desk, 10)
        tell(desk, ago(40), ago(1), spread(ids[:2], [ago(3)]))
        leave(desk, ids[:1], ago(2))
        rate = figure(desk, "active_rate")
        assert (rate.value, rate.n) == (1 / 9, 9)
        assert figure(desk, "active_rate", as_of=ago(3)).value == 0.2

    def test_bars_of_a_new_group_and_of_an_old_one(self, desk):
        ids = crowd(desk, 10, joined=ago(20))
        tell(desk, ago(20), ago(1), spread(ids[:2], [ago(3)]))
        bars = {bar.source: (bar.applies, bar.met) for bar in figure(desk, "active_rate").bars}
        assert health(desk).new
        assert bars == {"S0-07": (True, False), "S4-24": (False, True), "S4-01": (False, False)}
        crowd(desk, 1, joined=ago(400))
        assert not health(desk).new
        assert [bar.applies for bar in figure(desk, "active_rate").bars] == [False, True, False]
        assert health(desk).age_days == 400
        crowd(desk, 1, joined=date(1900, 1, 1))
        assert health(desk).age_days == 400, "what a spreadsheet writes for an empty cell is no day"

    def test_half_a_window_is_a_lower_bound_that_misses_no_bar(self, desk):
        ids = crowd(desk, 10)
        tell(desk, ago(3), ago(1), spread(ids[:2], [ago(2)]))
        rate = figure(desk, "active_rate")
        assert rate.value == 0.2
        assert [bar.met for bar in rate.bars] == [None, True, None]
        assert "at least so many" in str(rate.why[1])

    def test_old_chats_say_nothing_of_today(self, desk):
        ids = crowd(desk, 10)
        tell(desk, ago(60), ago(9), spread(ids, [ago(9)]))
        assert figure(desk, "active_rate").value is None
        assert figure(desk, "active_rate", as_of=ago(5)).value == 1

    def test_the_number_online_as_it_was_typed(self, desk):
        ids = crowd(desk, 10)
        tell(desk, ago(40), ago(1), spread(ids[:2], [ago(2)]))
        desk.write(rules.change, "insight.active_base", "online")
        assert figure(desk, "active_rate").value is None
        desk.write(insights.set_online, 1, 4)
        rate = figure(desk, "active_rate")
        assert (rate.value, rate.n) == (0.5, 4)
        desk.write(insights.set_online, 1, None)
        assert figure(desk, "active_rate").value is None
        with pytest.raises(BadInput):
            desk.write(insights.set_online, 1, -3)

    def test_against_a_plain_count_of_random_days(self, desk):
        draw = Random(4)
        ids = crowd(desk, 12)
        said: Said = {(who, ago(n)): 1 for who in ids for n in range(1, 40) if draw.random() < 0.12}
        tell(desk, ago(39), ago(1), said)
        stays: dict[int, list[tuple[date, date | None]]] = {who: [(ago(200), None)] for who in ids}
        for who in draw.sample(ids, 6):
            gone = draw.randrange(5, 35)
            leave(desk, [who], ago(gone))
            stays[who] = [(ago(200), ago(gone))]
            if gone > 12:
                desk.write(members.join, who, 1, ago(gone - 5))
                stays[who].append((ago(gone - 5), None))
        for window in (1, 3, 7):
            found = desk.read(queries.actives, 1, ago(30), ago(1), window, "any")
            for day in span(ago(30), ago(1)):
                inside = {who for who, own in stays.items() if any(a <= day and (b is None or day < b) for a, b in own)}
                spoke = {who for who, when in said if day - timedelta(days=window) < when <= day}
                assert found[day] == len(inside & spoke), (window, day)
            here = desk.read(queries.members, 1, ago(30), ago(1))
            assert here[ago(1)] == sum(own[-1][1] is None for own in stays.values())


class TestOtherFigures:
    def test_exits_against_both_lines(self, desk):
        ids = crowd(desk, 50)
        leave(desk, ids[:3], ago(7))
        leave(desk, ids[3:5], ago(8))
        rate = figure(desk, "exit_rate")
        assert (rate.value, rate.n, rate.before, rate.better) == (3 / 48, 48, 2 / 50, False)
        assert [(bar.source, bar.value, bar.met) for bar in rate.bars] == [
            ("C25", 0.05, False), ("S4-30, C25", 0.08, True),
        ]  # fmt: skip

    def test_today_is_not_in_it(self, desk):
        leave(desk, crowd(desk, 50)[:3], TODAY)
        assert figure(desk, "exit_rate").value == 0

    def test_outcomes_are_those_of_the_book(self, desk):
        crowd(desk, 2)
        bought = [
            entry(1, "甲", 100, "2026-02-01 10:00"), entry(2, "甲", 50, "2026-02-10 10:00"),
            entry(3, "乙", 60, "2026-03-01 10:00"), entry(4, "丙", 90, "2026-03-02 10:00", refund=90),
        ]  # fmt: skip
        desk.write(orders.import_orders, sheet(*bought), create=True)
        told = desk.read(orders.summary, desk.clock, ago(1))
        ratio, repeat, aov = (figure(desk, code) for code in ("ltv_ratio", "repeat_rate", "aov"))
        assert (ratio.value, ratio.n) == (3 / 2, 2)
        assert (repeat.value, repeat.n) == (told.repeat.value, told.repeat.n) == (0.5, 2)
        assert (aov.value, told.orders, told.buyers) == (told.aov_fen, 3, 2)
        assert ratio.value == pytest.approx(told.ltv_fen.value / (told.net_fen / told.orders))
        assert ratio.bars[0].met is False

    def test_only_members_of_the_group_where_there_are_several(self, desk):
        crowd(desk, 2)
        desk.write(orders.import_orders, sheet(entry(1, "甲", 100, "2026-02-01 10:00")), create=True)
        assert figure(desk, "aov").value == 10000
        desk.write(groups.create, "夜读")
        assert figure(desk, "aov").value is None

    def test_conversion_is_of_those_present(self, desk):
        ids = crowd(desk, 4)
        for number, who in enumerate(ids[:2]):
            desk.write(orders.add_order, who, 5000, day=ago(3 + number))
        assert (figure(desk, "conversion").value, figure(desk, "conversion").n) == (0.5, 4)
        leave(desk, ids[:1], ago(1))
        assert (figure(desk, "conversion").value, figure(desk, "conversion").n) == (1 / 3, 3)

    def test_who_bought_is_unknown_before_the_first_order_of_the_file(self, desk):
        ids = crowd(desk, 4)
        none = figure(desk, "conversion")
        assert (none.value, none.n, none.before, *map(str, none.why)) == (None, None, None, "no orders yet")
        desk.write(orders.add_order, ids[0], 5000, day=ago(3))
        begun = figure(desk, "conversion")
        assert (begun.value, begun.n, begun.before) == (0.25, 4, None)
        assert figure(desk, "conversion", as_of=ago(4)).value is None
        assert figure(desk, "conversion", as_of=ago(3)).value == 0.25
        desk.write(orders.add_order, ids[1], 5000, day=ago(150))
        assert (figure(desk, "conversion").value, figure(desk, "conversion").before) == (0.5, 0.25)

    def test_check_ins_by_due(self, desk):
        ids = crowd(desk, 2)
        desk.write(checkins.start, "早起", who=ids, starts_on=ago(4))
        desk.write(checkins.tick, 1, ids[0], ago(1))
        rate = figure(desk, "checkin_rate")
        assert (rate.value, rate.n, rate.before) == (1 / 8, 8, None)

    def test_check_ins_by_due_are_those_of_the_roll(self, desk):
        from qunguan.services import challenges
        from qunguan.services.checkin_due import roll

        ids = crowd(desk, 8)
        desk.write(checkins.start, "早起", who=ids, starts_on=ago(6))
        draw = Random(2)
        for who in ids:
            for back in range(1, 6):
                state = draw.choice(["done", "done", "excused", "frozen", None])
                if state:
                    desk.write(checkins.mark, 1, who, ago(back), state)
        leave(desk, ids[:2], ago(3))
        desk.write(members.join, ids[0], 1, ago(2))
        challenge = desk.read(challenges.get, 1)
        for back in range(1, 7):
            due = [each for each in desk.read(roll, challenge, ago(back)) if each.due]
            found = desk.read(queries.due_on, 1, 1, ago(back))
            assert found == (sum(each.done for each in due), len(due)), back

    def test_messages_and_speakers_a_day_with_their_change(self, desk):
        ids = crowd(desk, 3)
        tell(desk, ago(14), ago(1), spread(ids[:1], span(ago(14), ago(8)), 2) | spread(ids, span(ago(7), ago(1)), 2))
        messages, speakers = figure(desk, "messages"), figure(desk, "speakers")
        assert (messages.value, messages.before, messages.change) == (6, 2, 2)
        assert (speakers.value, speakers.before) == (3, 1)
        assert messages.better
        assert figure(desk, "messages", as_of=ago(2)).before is None

    def test_a_window_with_a_hole_is_unknown(self, desk):
        tell(desk, ago(14), ago(5))
        tell(desk, ago(3), ago(1))
        assert figure(desk, "messages").value is None

    def test_newcomers(self, desk):
        crowd(desk, 3, joined=ago(100))
        desk.write(members.add_many, ["新一", "新二"], group_id=1, joined_on=ago(7))
        desk.write(members.add_many, ["今天"], group_id=1, joined_on=TODAY)
        came = figure(desk, "new_members")
        assert (came.value, came.before) == (2, 0)


class TestHours:
    def test_the_best_hour_is_where_most_is_written(self, desk):
        tell(desk, ago(28), ago(1), spread(["甲"], span(ago(28), ago(1)), 6), hour=15)
        tell(desk, ago(28), ago(1), {("乙", ago(8)): 90}, hour=21)
        found = desk.read(insights.hours, desk.clock, 1)
        assert (found.best_hour, found.messages, found.known_days) == (15, 28 * 6 + 90, 28)
        assert found.by_hour[15] == 168
        assert found.best == (ago(8).weekday(), 21)
        assert "15:00" in str(found.advice[0])
        assert [(week.messages, week.people) for week in found.weeks] == [(42, 1), (42, 1), (132, 2)]
        assert found.weeks[-1].day == ago(11)

    def test_too_little_says_so(self, desk):
        assert "no chats" in str(desk.read(insights.hours, desk.clock, 1).advice[0])
        tell(desk, ago(3), ago(1), {("甲", ago(2)): 9})
        found = desk.read(insights.hours, desk.clock, 1)
        assert (found.best_hour, found.share, found.known_days) == (None, None, 3)
        assert [str(line).split(",")[0] for line in found.advice] == [
            "a best hour needs every weekday at least once; import more of the chat",
            "9 messages are too few to tell a best hour",
        ]
        assert found.days[-1].messages == 0
        assert found.days[0].messages is None

    def test_equal_hours_take_the_earlier(self):
        grid = [[0] * 24 for _ in range(7)]
        grid[1][9] = grid[0][20] = 4
        assert best_cell(grid, (1,) * 7) == (0, 20)
        assert best_cell(grid, (2, 1, 1, 1, 1, 1, 1)) == (1, 9)
        assert best_cell([[0] * 24] * 7, (1,) * 7) is None


class TestPeople:
    def test_without_chats_nothing_is_known(self, desk):
        found = people(desk)
        assert (found.messages, found.top_ten.value, found.new.count, found.net) == (None, None, None, None)

    def test_of_a_window_with_a_gap_the_days_that_are_told(self, desk):
        ids = crowd(desk, 3)
        tell(desk, ago(200), ago(20), spread(ids[:2], [ago(60), ago(25)], 10), own=ids[0])
        tell(desk, ago(11), ago(1), spread(ids[1:], [ago(5)], 5), replies=[(ids[1], ago(5))])
        tell(desk, ago(15), ago(15), {(ids[0], ago(15)): 100}, imported_at=noon(ago(15)))  # a day that was not over
        found = people(desk)
        assert (found.known_days, found.days, found.messages, found.speakers) == (20, 28, 30, 3)
        top = [(person.member_id, person.messages) for person in found.top]
        assert top == [(ids[1], 15), (ids[0], 10), (ids[2], 5)]
        shares = found.top_ten, found.owner, found.replies, found.mentions
        assert [(share.value, share.n) for share in shares] == [(1, 30), (1 / 3, 30), (1 / 10, 10), (0, 30)]
        assert all(str(share.why[-1]) == "20 of 28 days are told" for share in shares)
        assert (found.new.count, str(found.new.why[-1])) == (1, "20 of 28 days are told")
        assert (found.returning.value, found.reactivated.count, found.lost.count, found.net) == (None,) * 4
        assert [str(reason) for reason in found.returning.why] == ["20 of 28 days are told"]
        assert people(desk, days=11).top_ten.why == ()

    def test_top_ten_with_its_verdict(self, desk):
        ids = crowd(desk, 20)
        tell(desk, ago(200), ago(1), spread(ids, [ago(2)], 10))
        assert (people(desk).top_ten.value, people(desk).verdict) == (0.5, "usual")
        tell(desk, ago(200), ago(1), spread(ids[:1], [ago(3)], 400))
        found = people(desk)
        assert (found.top_ten.value, found.verdict) == (pytest.approx(500 / 600), "fragile")
        assert (found.top[0].member_id, found.top[0].messages, found.speakers) == (ids[0], 410, 20)
        assert top_share([]) is None

    def test_the_owner_by_role_or_by_an_export_of_their_own(self, desk):
        ids = crowd(desk, 3)
        tell(desk, ago(100), ago(1), spread(ids, [ago(2)], 10))
        assert people(desk).owner.value is None
        tell(desk, ago(100), ago(1), {("我", ago(2)): 20}, own="我")
        assert (people(desk).owner.value, people(desk).owner.n) == (0.4, 50)
        owner = desk.write(members.add, "群主本人", group_id=None).id
        desk.write(members.join, owner, 1, ago(50), role="群主")
        tell(desk, ago(100), ago(1), {(owner, ago(3)): 50})
        found = people(desk).owner
        assert (found.value, found.bars[0].met) == (0.7, False)

    def test_new_back_and_lost(self, desk):
        ids = crowd(desk, 6)
        old, back, nearly, lost, rare, new = ids
        said: Said = {
            (old, ago(150)): 1, (old, ago(40)): 1, (old, ago(5)): 1,
            (back, ago(120)): 1, (back, ago(29)): 0, (back, ago(28)): 1,
            (nearly, ago(118)): 1, (nearly, ago(28)): 1,
            (lost, ago(60)): 3, (lost, ago(30)): 1,
            (rare, ago(60)): 3,
            (new, ago(28)): 2, ("新来的", ago(3)): 1,
        }  # fmt: skip
        tell(desk, ago(160), ago(1), {key: n for key, n in said.items() if n})
        found = people(desk)
        assert [person.member_id for person in found.new.people] == [new, None]
        assert found.new.people[1].name == "新来的"
        assert [person.member_id for person in found.reactivated.people] == [back]
        assert [(person.member_id, person.messages) for person in found.lost.people] == [(lost, 4)]
        assert (found.new.count, found.reactivated.count, found.lost.count, found.net) == (2, 1, 1, 2)
        assert (found.returning.value, found.returning.n) == (0.5, 2)
        leave(desk, [lost], ago(1))
        assert people(desk).lost.people[0].gone
        assert people(desk, most=1).new.count == 2
        assert len(people(desk, most=1).new.people) == 1

    def test_what_lies_before_the_chats_is_unknown_not_new(self, desk):
        ids = crowd(desk, 2)
        tell(desk, ago(28), ago(1), spread(ids, [ago(2)]))
        found = people(desk)
        assert (found.new.count, found.reactivated.count, found.lost.count, found.net) == (None,) * 4
        tell(desk, ago(40), ago(29))
        found = people(desk)
        assert (found.new.count, found.lost.count, found.net) == (2, None, None)
        assert str(ago(40)) in str(found.new.why[0])

    def test_replies_only_of_exports_that_tell_them(self, desk):
        ids = crowd(desk, 2)
        tell(desk, ago(28), ago(1), {(ids[0], ago(2)): 6})
        assert people(desk).replies.value is None
        tell(desk, ago(28), ago(1), {(ids[1], ago(2)): 4}, replies=[(ids[1], ago(2))])
        assert (people(desk).replies.value, people(desk).replies.n) == (0.25, 4)

    def test_against_a_plain_count_of_random_chats(self, desk):
        draw = Random(7)
        ids: list[int | str] = [*crowd(desk, 15)]
        said: dict[tuple[int | str, date], int] = {}
        for who in ids:
            begin, end = sorted(draw.sample(range(1, 220), 2))
            said |= {(who, ago(n)): draw.randrange(1, 6) for n in range(begin, end) if draw.random() < 0.08}
        tell(desk, ago(230), ago(1), said)
        found = people(desk)
        inside: Counter[int | str] = Counter()
        for (who, day), n in said.items():
            inside[who] += n if day >= ago(28) else 0
        spoke = {who for who, n in inside.items() if n}
        days = {who: sorted(day for each, day in said if each == who) for who in ids}
        new = {who for who in spoke if days[who][0] >= ago(28)}
        back = set()
        for who in spoke - new:
            here = next(day for day in days[who] if day >= ago(28))
            last = max(day for day in days[who] if day < ago(28))
            back |= {who} if (here - last).days - 1 >= 90 else set()
        before = {who: sum(n for (each, day), n in said.items() if each == who and ago(118) <= day < ago(28))
                  for who in ids}  # fmt: skip
        lost = {who for who in ids if before[who] >= 4 and who not in spoke}
        told = [{person.member_id for person in crowd_.people} for crowd_ in (found.new, found.reactivated, found.lost)]
        assert told == [new, back, lost]
        assert found.messages == sum(inside.values())
        assert found.top_ten.value == sum(n for _, n in inside.most_common(10)) / sum(inside.values())


class TestSlumps:
    def test_each_campaign_with_what_followed(self, desk):
        (who,) = crowd(desk, 1)
        desk.write(earning.record_deed, "campaign", [who], day=ago(20))
        desk.write(earning.record_deed, "campaign", [who], day=ago(3))
        tell(desk, ago(40), ago(1), spread([who], span(ago(27), ago(21)), 10) | spread([who], [ago(19)], 35))
        late, early = desk.read(insights.slumps, desk.clock, 1)
        assert (late.day, late.slumped) == (ago(3), None)
        assert (early.before, early.after, early.ratio, early.slumped) == (10, 5, 0.5, True)
        assert desk.read(insights.slump, desk.clock, 1, ago(36)).slumped is None


class TestCoverage:
    def test_stretches_that_touch_are_one(self):
        found = Coverage.of([(ago(3), ago(1)), (ago(9), ago(8)), (ago(7), ago(6)), (ago(2), ago(4))])
        assert found.stretches == ((ago(9), ago(6)), (ago(3), ago(1)))
        assert found.holds(ago(8), ago(7))
        assert not found.holds(ago(6), ago(3))
        assert (found.last_before(ago(4)), found.last_before(ago(2))) == (ago(6), ago(2))
        assert (found.last_before(ago(10)), found.first) == (None, ago(9))
        assert Coverage().first is None
        assert found.within(ago(7), ago(2)) == ((ago(7), ago(6)), (ago(3), ago(2)))
        assert found.within(ago(5), ago(4)) == ()

    def test_a_day_on_which_the_export_was_taken_in_is_not_over(self, desk):
        tell(desk, ago(9), ago(2), imported_at=noon(ago(2)))
        assert health(desk).covered_to == ago(3)


def test_rows_of_members_without_a_join_day_are_always_there(desk):
    crowd(desk, 2)

    def forget(session, clock):
        session.step("forget")
        for row in session.rows(membership.select()):
            session.update(membership, row.id, joined_on=None)

    desk.write(forget)
    assert desk.read(queries.members, 1, date(2020, 1, 1), date(2020, 1, 2)) == {
        date(2020, 1, 1): 2, date(2020, 1, 2): 2,
    }  # fmt: skip
    assert figure(desk, "new_members").value is None


@pytest.mark.parametrize("seed", range(4))
def test_people_as_a_recount_by_hand_says(desk, seed):
    """New, back, lost, the top and the window before, with people nobody knows, against a recount day by day."""
    dice = Random(seed)
    ids = crowd(desk, 14)
    everybody: list[int | str] = [*ids, "路人甲", "路人乙", "路人丙"]
    begin, days, silent = ago(200), 10, 90
    said = {
        (who, day): dice.randint(1, 5)
        for who in everybody
        for rate in [dice.choice((0.005, 0.02, 0.2))]
        for day in span(begin, ago(1))
        if dice.random() < rate
    }
    tell(desk, begin, ago(1), said)
    first, last = ago(days), ago(1)

    def of(who, begin, end) -> int:
        return sum(n for (each, day), n in said.items() if each == who and begin <= day <= end)

    def days_of(who, begin, end) -> list[date]:
        return sorted(day for each, day in said if each == who and begin <= day <= end)

    now = {who: n for who in everybody if (n := of(who, first, last))}
    prior = {who: n for who in everybody if (n := of(who, ago(days + silent), ago(days + 1)))}
    earlier = {who: n for who in everybody if (n := of(who, ago(2 * days), ago(days + 1)))}
    before = {who: told[-1] for who in now if (told := days_of(who, begin, ago(days + 1)))}
    back = {who for who, was in before.items() if (days_of(who, first, last)[0] - was).days > silent}
    found = people(desk, days=days)
    assert (found.speakers, found.messages) == (len(now), sum(now.values()))
    assert found.new.count == len(now.keys() - before.keys())
    assert found.reactivated.count == len(back)
    assert {person.member_id for person in found.reactivated.people if person.member_id} == back & set(ids)
    assert found.lost.count == sum(n >= 4 and who not in now for who, n in prior.items())
    assert found.returning.n == (len(earlier) or None)
    if earlier:
        assert found.returning.value == len(earlier.keys() & now.keys()) / len(earlier)
        assert found.top_ten.before == top_share([*earlier.values()])
    assert found.top_ten.value == top_share([*now.values()])
    assert [person.messages for person in found.top] == sorted(now.values(), reverse=True)[:10]
    brief = people(desk, days=days, brief=True)
    assert (brief.top, brief.messages, brief.speakers) == (found.top, found.messages, found.speakers)
    assert (brief.new.count, brief.net, brief.returning.value) == (None, None, None)
