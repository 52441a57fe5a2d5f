"""Leaderboards: what they count, for whom, over which days, and that they agree with a recount."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import event

from qunguan.domain.boards import By, Period
from qunguan.domain.errors import BadInput, NotFound
from qunguan.exchange.writers.leaderboards import leaderboard_table, leaderboard_text, own_rank_text
from qunguan.exchange.writers.tables import write_table
from qunguan.i18n import set_language
from qunguan.services import boards, checkins, earning, groups, history, members, points, rules
from qunguan.services.desk import Desk
from tests.services.checkin_kit import TODAY, challenge, day, go, people, tick_days
from tests.services.ledger import START, clock_on, memory_engine, rig
from tests.services.ledger import day as ledger_day


def board(desk: Desk, by: By = "points", period: Period = "all", **which):
    return desk.read(boards.leaderboard, desk.clock, by, period, **which)


def told(desk: Desk, by: By = "points", period: Period = "all", **which) -> list[tuple[int, str, int]]:
    return [(each.rank, each.name, each.value) for each in board(desk, by, period, **which).lines]


def test_points_are_those_earned_without_what_was_taken_back(desk):
    ali, bao, _cai = people(desk, "阿梨", "阿宝", "阿彩")
    first = desk.write(points.grant, ali, 100, day=day(2))
    desk.write(points.grant, ali, 30, day=day(17))
    desk.write(points.grant, bao, 30, day=TODAY)
    desk.write(points.spend, ali, 60, day=day(18))
    assert told(desk) == [(1, "阿梨", 130), (2, "阿宝", 30)], "what is spent was earned all the same"
    assert told(desk, period="week") == [(1, "阿宝", 30), (1, "阿梨", 30)]
    assert told(desk, period="today") == [(1, "阿宝", 30)]
    assert told(desk, period="week", as_of=day(15)) == []
    back = desk.write(points.reverse, first.entry_id, amount=80)
    assert told(desk) == [(1, "阿梨", 50), (2, "阿宝", 30)]
    assert told(desk, period="week") == [(1, "阿宝", 30), (1, "阿梨", 30)], "it was earned before the week"
    assert told(desk, as_of=day(19))[0] == (1, "阿梨", 130), "nothing was taken back on that day yet"
    desk.write(points.reverse, back.entry_ids[0])
    assert told(desk)[0] == (1, "阿梨", 130)


def test_check_ins_and_streaks_of_a_period(desk):
    ali, bao = people(desk, "阿梨", "阿宝")
    early, late = challenge(desk), challenge(desk, "晚读")
    tick_days(desk, (early, ali), range(2, 12))
    tick_days(desk, (late, ali), [18])
    tick_days(desk, (early, bao), [17, 18, 19, 20])
    assert told(desk, "checkins") == [(1, "阿梨", 11), (2, "阿宝", 4)]
    assert told(desk, "checkins", "week") == [(1, "阿宝", 4), (2, "阿梨", 1)]
    assert told(desk, "checkins", "all", challenge_id=late) == [(1, "阿梨", 1)]
    assert told(desk, "streak") == [(1, "阿梨", 10), (2, "阿宝", 4)]
    assert told(desk, "streak", "today") == [(1, "阿宝", 4)]
    assert told(desk, "streak", "week") == [(1, "阿宝", 4), (2, "阿梨", 1)]
    assert told(desk, "streak", "today", as_of=day(11)) == [(1, "阿梨", 10)]
    assert told(desk, "streak", "today", as_of=day(12)) == [], "that day is over and was missed"
    shown = desk.read(checkins.board, desk.clock, early, day(12))
    assert all(row.streak == 0 for row in shown.rows), "as the challenge's own board has it"
    assert told(desk, "points", "all", challenge_id=late) == [(1, "阿梨", 5)]


def test_a_whole_challenge_is_a_period(desk):
    (ali,) = people(desk, "阿梨")
    week = challenge(desk, "一周", days=7, starts_on=day(2))
    tick_days(desk, (week, ali), range(2, 9))
    found = board(desk, "checkins", "challenge", challenge_id=week)
    assert (found.first, found.last, found.scope) == (day(2), day(8), "一周")
    assert [each.value for each in found.lines] == [7]
    assert told(desk, "points", "challenge", challenge_id=week) == [(1, "阿梨", 55)]
    with pytest.raises(BadInput):
        board(desk, "points", "challenge")
    with pytest.raises(NotFound):
        board(desk, "points", "all", challenge_id=9)


def test_weeks_are_ranked_among_themselves(desk):
    """C19."""
    (ali,) = people(desk, "阿梨")
    weekly = challenge(desk, "每周", cadence="weekly:1", tiers={})
    tick_days(desk, (weekly, ali), [3, 10, 17])
    assert told(desk, "streak") == []
    found = board(desk, "streak", challenge_id=weekly)
    assert (found.unit, [each.value for each in found.lines]) == ("week", [3])


def test_referrals_count_from_the_day_they_are_valid(desk):
    ali, bao = people(desk, "阿梨", "阿宝")
    for name, inviter, on in (("甲", ali, 2), ("乙", ali, 10), ("丙", bao, 11)):
        new = desk.write(members.add, name).id
        desk.write(members.join, new, 1, day(on), inviter_id=inviter)
    assert told(desk, "referrals") == [(1, "阿梨", 2), (2, "阿宝", 1)]
    assert told(desk, "referrals", "week") == [(1, "阿宝", 1), (1, "阿梨", 1)]
    assert told(desk, "referrals", "all", as_of=day(16)) == [(1, "阿梨", 1)]


def test_a_group_has_its_own_people_and_challenges_and_who_left_is_not_shown(desk):
    ali, bao = people(desk, "阿梨", "阿宝")
    other = desk.write(groups.create, "二群").id
    cai = desk.write(members.add, "阿彩", group_id=other).id
    elsewhere = desk.write(checkins.start, "二群早起", group_id=other, who="all", starts_on=day(1)).id
    early = challenge(desk)
    tick_days(desk, (early, ali), [18, 19])
    tick_days(desk, (elsewhere, cai), [18])
    desk.write(points.grant, cai, 500)
    assert told(desk, "checkins", group_id=1) == [(1, "阿梨", 2)]
    assert told(desk, "checkins", group_id=other) == [(1, "阿彩", 1)]
    assert [each[1] for each in told(desk)] == ["阿彩", "阿梨"]
    assert board(desk, group_id=other).scope == "二群"
    desk.write(points.grant, bao, 5)
    desk.write(members.leave, bao, 1, TODAY)
    assert "阿宝" not in [each[1] for each in told(desk)]
    desk.write(history.undo)
    assert "阿宝" in [each[1] for each in told(desk)]


# -- what goes out


def test_the_text_for_the_group_has_medals_and_honest_ties(desk):
    for who, name in zip(people(desk, "阿梨", "阿宝", "[red]丙", "阿丁"), (30, 30, 20, 10), strict=True):
        desk.write(points.grant, who, name)
    found = board(desk, period="week", group_id=1)
    assert leaderboard_text(found, 500).splitlines() == [
        "早起读书群 · 本周 · 积分榜", "2026-03-16 – 2026-03-20", "", "🥇 阿宝 30 分", "🥇 阿梨 30 分",
        "🥉 [red]丙 20 分", "4. 阿丁 10 分",
    ]  # fmt: skip
    short = leaderboard_text(found, 500, 1).splitlines()
    assert short[3:] == ["🥇 阿宝 30 分", "🥇 阿梨 30 分", "", "还有 2 人在榜上"]
    assert len(leaderboard_text(found, 60)) <= 60
    assert "谁来开个头" in leaderboard_text(board(desk, "referrals"), 500)


def test_quiet_mode_shows_the_top_and_tells_the_rest_in_private(desk):
    """C20, S4-37."""
    ids = people(desk, *(f"成员{n}" for n in range(6)))
    for place, who in enumerate(ids):
        desk.write(points.grant, who, 100 - 10 * place)
    desk.write(rules.change, "board.quiet", "on")
    desk.write(rules.change, "board.quiet_top", 2)
    found = board(desk, period="week")
    text = leaderboard_text(found, 500)
    assert ("成员1" in text, "成员2" in text, "私聊" in text) == (True, False, True)
    assert "成员1" not in leaderboard_text(found, 500, 1)
    assert len(leaderboard_table(found, public=True).rows) == 2
    assert len(found.lines) == 6, "the owner sees everybody"
    assert own_rank_text(found, ids[3]).splitlines() == [
        "成员3，你的名次（本周 · 积分榜）：第 4 名，70 分。", "再多 10 就追上前一名了，加油！",
    ]  # fmt: skip
    assert "太棒了" in own_rank_text(found, ids[0])
    assert "还没上榜" in own_rank_text(found, 99, "新来的")
    set_language("en")
    assert any("quiet mode" in str(line) for line in boards.why_board(found))
    set_language(None)
    desk.write(rules.switch, "board.quiet", enabled=False)
    assert board(desk).quiet_top is None


@pytest.mark.parametrize("suffix", [".md", ".xlsx", ".csv", ".json"])
def test_the_table_is_written_in_every_format(desk, tmp_path, suffix):
    (ali,) = people(desk, "=1+1|阿梨")
    desk.write(points.grant, ali, 10)
    path = tmp_path / f"榜单{suffix}"
    write_table(path, leaderboard_table(board(desk)))
    assert path.stat().st_size > 20


def test_the_statements_do_not_grow_with_the_members(desk):
    ids = people(desk, *(f"成员{n}" for n in range(30)))
    early = challenge(desk)

    def count(by: By) -> int:
        statements: list[str] = []

        def ask(session) -> None:
            event.listen(session.conn, "before_cursor_execute", lambda *args: statements.append(args[2]))
            boards.leaderboard(session, desk.clock, by, "week")

        desk.read(ask)
        return len(statements)

    kinds: tuple[By, ...] = ("points", "checkins", "streak", "referrals")
    tick_days(desk, (early, ids[0]), [18])
    desk.write(earning.record_deed, "share", ids[:2])
    few = [count(by) for by in kinds]
    for each in ids[1:8]:
        tick_days(desk, (early, each), [18])
    desk.write(earning.record_deed, "share", ids)
    go(desk, TODAY)
    assert [count(by) for by in kinds] == few


# -- an independent recount

ENGINE = memory_engine()
EVENTS = st.lists(
    st.tuples(st.sampled_from(["grant", "spend", "reverse"]), st.integers(1, 3), st.integers(1, 40), st.integers(0, 3)),
    max_size=25,
)


@settings(max_examples=40, deadline=None)
@given(EVENTS, st.integers(0, 30), st.integers(0, 40))
def test_points_earned_equal_a_naive_recount(events, start, length):
    with rig(ENGINE, members=3) as ledger:
        ledger.call(groups.create, "群")
        ledger.conn.exec_driver_sql(
            "INSERT INTO membership (member_id, group_id, joined_on) SELECT id, 1, '2020-01-01' FROM member"
        )
        earned: list[tuple[int, int, int]] = []  # id, member, day
        taken: list[tuple[int, int, int]] = []  # entry, day, amount
        for kind, who, amount, wait in events:
            ledger.today += wait
            if kind == "grant":
                earned.append((ledger.call(points.grant, who, amount).entry_id, who, ledger.today))
                taken.append((earned[-1][0], ledger.today, -amount))
            elif kind == "spend":
                if ledger.balance(who) >= amount:
                    ledger.call(points.spend, who, amount)
            elif earned:
                entry, _who, _day = earned[amount % len(earned)]
                left = -sum(each[2] for each in taken if each[0] == entry)
                if left:
                    part = min(left, amount)
                    ledger.call(points.reverse, entry, amount=part)
                    taken.append((entry, ledger.today, part))
        as_of = start + length
        month = (START + timedelta(days=as_of)).replace(day=1)
        expected: dict[Period, dict[int, int]] = {"all": {}, "month": {}}
        for entry, who, when in earned:
            if when <= as_of:
                left = -sum(each[2] for each in taken if each[0] == entry and each[1] <= as_of)
                for period in expected:
                    if period == "all" or ledger_day(when) >= month:
                        expected[period][who] = expected[period].get(who, 0) + left
        for period, values in expected.items():
            found = boards.leaderboard(
                ledger.session(), clock_on(200), "points", period, as_of=START + timedelta(days=as_of)
            )
            assert {each.member_id: each.value for each in found.lines} == {
                who: value for who, value in values.items() if value > 0
            }


def test_the_day_is_the_group_s(desk):
    assert board(desk, period="today").last == TODAY == date(2026, 3, 20)


def test_quiet_mode_is_one_step_and_works_where_its_rules_were_off(desk):
    desk.write(rules.switch, "board.quiet_top", enabled=False)
    assert desk.write(boards.set_quiet, quiet=True) == 3
    assert board(desk).quiet_top == 3
    desk.write(history.undo)
    assert board(desk).quiet_top is None
    desk.write(history.redo)
    assert board(desk).quiet_top == 3
    assert desk.write(boards.set_quiet, quiet=False) is None


def test_a_week_that_is_over_is_called_so(desk):
    [ali] = people(desk, "阿梨")
    desk.write(points.grant, ali, 10, day=day(10))
    past = board(desk, period="week", as_of=day(15))
    assert past.over
    assert leaderboard_text(past, 500).startswith("当周 · 积分榜\n2026-03-09 – 2026-03-15")
    assert "2026-03-09 – 2026-03-15 · 积分榜" in own_rank_text(past, ali)
    assert not board(desk, period="week").over
    assert "没有上榜" in own_rank_text(board(desk, period="today", as_of=day(9)), ali, "阿梨")


@pytest.mark.parametrize("by", ["streak", "checkins", "points"])
def test_the_first_ranks_are_those_of_the_whole_board(desk, by):
    ids = people(desk, *(f"成员{n}" for n in range(12)))
    early, late = challenge(desk), challenge(desk, "晚读")
    for number, member_id in enumerate(ids):
        tick_days(desk, (early, member_id), range(2, 4 + number % 5))
        tick_days(desk, (late, member_id), range(10, 11 + number % 4))
    desk.write(members.leave, ids[4], 1, TODAY)
    asked: tuple[dict[str, Any], ...] = ({}, {"group_id": 1}, {"challenge_id": late})
    for top in (1, 2, 3, 7, 50):
        for which in asked:
            whole = board(desk, by, **which)
            assert board(desk, by, top=top, **which).lines == whole.public(top)
