"""Boards and missing lists as text for the group."""

from __future__ import annotations

from datetime import date

import pytest

from qunguan.domain.cadence import Cadence
from qunguan.domain.challenges import Challenge
from qunguan.domain.checkin_outcomes import Board, BoardRow, Rate
from qunguan.domain.checkins import Mark
from qunguan.exchange.writers.boards import board_text, missing_text
from qunguan.i18n import set_language


@pytest.fixture(autouse=True)
def english():
    set_language("en")
    yield
    set_language(None)


def line(name: str, streak: int, state: Mark = "done", nick: str = "") -> BoardRow:
    return BoardRow(streak + 1, name, nick, state, True, streak, streak, streak)


def board(*rows: BoardRow, cadence: str = "daily", prompt: str | None = None, today: date = date(2026, 3, 9)) -> Board:
    rhythm, start = Cadence.parse(cadence), date(2026, 3, 1)
    challenge = Challenge(1, 1, "21天早起", "21day", start, None, rhythm, None, None, 3, 2, 0, True, 5, None, {})
    done = sum(row.state == "done" for row in rows)
    return Board(
        challenge, date(2026, 3, 9), 9, len(rows), done, Rate.of(done, len(rows)), Rate(0.71, 128), 7,
        sum(row.streak >= 7 for row in rows), prompt, rows, today,
    )  # fmt: skip


def test_a_board_has_title_rate_medals_and_ties():
    text = board_text(board(line("阿梨", 9), line("团团", 9, nick="团团妈"), line("张三", 8), line("李四", 3)), 1800)
    assert text.splitlines() == [
        "21天早起 · day 9（2026-03-09）",
        "Checked in 4 / 4, 100% (last time 71%)",
        "",
        "🥇 阿梨 9 days in a row",
        "🥇 团团妈 9 days in a row",
        "🥉 张三 8 days in a row",
        "4. 李四 3 days in a row",
        "",
        "3 people with 7 days in a row or more",
    ]


def test_nobody_is_ranked_with_nothing():
    text = board_text(board(line("阿梨", 1), line("李四", 0, "none")), 1800)
    assert "李四" not in text
    assert "1 day in a row" in text


def test_a_long_board_is_cut_to_the_limit_and_says_how_many_are_left_out():
    rows = [line(f"成员{n}", 300 - n) for n in range(300)]
    text = board_text(board(*rows, prompt="今天读什么？"), 500)
    assert len(text) <= 500
    shown = sum("in a row" in part for part in text.splitlines()) - 1
    assert f"…and {300 - shown} others" in text
    assert text.endswith("今天读什么？")


def test_weeks_are_called_weeks():
    assert "🥇 阿梨 3 weeks in a row" in board_text(board(line("阿梨", 3), cadence="weekly:1"), 1800)
    assert "· week 9（" in board_text(board(line("阿梨", 3), cadence="weekly:1"), 1800)


def test_the_missing_are_called_by_nickname():
    text = missing_text(board(line("阿梨", 9), line("团团", 2, "none", "团团妈"), line("李四", 0, "none")), 1800)
    assert text.splitlines()[0] == "21天早起 · day 9"
    assert text.splitlines()[-1] == "@团团妈 @李四"


def test_nobody_missing_is_good_news():
    assert "Well done" in missing_text(board(line("阿梨", 9)), 1800)


@pytest.mark.parametrize(
    ("today", "said"),
    [
        (date(2026, 3, 9), "There is still time"),
        (date(2026, 3, 10), "can be made up until 2026-03-12"),
        (date(2026, 3, 12), "can be made up until 2026-03-12"),
        (date(2026, 3, 13), "can no longer be made up"),
    ],
)
def test_the_missing_of_a_past_day_are_told_what_is_still_true(today, said):
    text = missing_text(board(line("阿梨", 9), line("李四", 0, "none"), today=today), 1800)
    assert said in text
    assert ("still time" in text) == (today == date(2026, 3, 9))
    assert text.endswith("@李四")


def test_of_a_day_nobody_has_a_record_of_nobody_is_called_and_no_rate_is_made_up():
    untold = board(line("阿梨", 9, "none"), line("李四", 0, "frozen"), today=date(2026, 3, 10))
    assert "@" not in missing_text(untold, 1800)
    assert "has been entered" in missing_text(untold, 1800)
    assert "has been entered" in board_text(untold, 1800)
    assert "%" not in board_text(untold, 1800)


def test_nobody_missing_on_a_past_day_is_not_said_of_today():
    assert "on that day" in missing_text(board(line("阿梨", 9), today=date(2026, 3, 20)), 1800)


def test_a_name_cannot_move_the_cursor():
    assert "\x1b" not in board_text(board(line("a\x1b[2J", 9)), 1800)


def test_a_long_missing_list_is_cut_between_names():
    text = missing_text(board(*(line(f"成员{n}", 0, "none") for n in range(300))), 200)
    assert len(text) <= 200
    assert "others" in text
