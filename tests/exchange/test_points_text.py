"""A statement as a message to the member: warm, short, true."""

from __future__ import annotations

from datetime import date, timedelta

from qunguan.domain.points import Statement, StatementLine
from qunguan.domain.points_views import Account, LotView
from qunguan.exchange.writers.points import kind_word, reason_words, statement_table, statement_text

START = date(2026, 1, 1)


def line(number: int, amount: int = 5, **more: object) -> StatementLine:
    values = {"kind": "EARN", "expires_on": None, "reason": "打卡", "source": "checkin:1:2026-01-01", **more}
    return StatementLine(number, START + timedelta(days=number), amount=amount, balance_after=0, **values)  # type: ignore[arg-type]


def account(lines: tuple[StatementLine, ...], balance: int, lots: tuple[LotView, ...] = (), debt: int = 0) -> Account:
    return Account(Statement(1, "阿梨", balance, lines), lots, debt)


def lot(number: int, left: int, expires_on: date | None) -> LotView:
    return LotView(number, START, "EARN", 50, left, expires_on, "", "manual:x")


def test_it_says_what_there_is_what_expires_first_and_the_newest_entries() -> None:
    lots = (lot(1, 20, date(2026, 6, 30)), lot(2, 5, date(2026, 6, 30)), lot(3, 50, None))
    said = statement_text(account(tuple(line(n) for n in range(1, 21)), 75, lots), 1800)

    assert said.splitlines()[:3] == [
        "阿梨，你好呀，这是你的积分：",
        "现在一共有 75 分",
        "其中 25 分 2026-06-30 前有效，记得用哦",
    ]
    assert "01-21  +5  打卡" in said
    assert "01-10" in said
    assert "01-09" not in said
    assert "更早的还有 8 笔" in said


def test_a_debt_is_said_kindly_and_nothing_at_all_too() -> None:
    assert "现在还差 30 分" in statement_text(account((line(1),), -30, debt=30), 1800)
    assert "最近几笔" not in statement_text(account((), 0), 1800)


def test_it_fits_whatever_the_limit_and_counts_what_is_left_out() -> None:
    lines = tuple(line(n, reason="很长的原因" * 20) for n in range(1, 21))
    said = statement_text(account(lines, 100), 300)

    assert len(said) <= 300
    shown = said.count("很长的原因" * 20)
    assert f"更早的还有 {20 - shown} 笔" in said


def undo(number: int, of: int, amount: int, **more: object) -> StatementLine:
    return line(number, amount, kind="REVERSE", reason="", source=f"undo:{of}.1", reverses_id=of, **more)


def test_what_the_owner_undid_and_did_again_is_told_the_member_once_or_not_at_all() -> None:
    there = (line(1, reason="留下的"), line(2, reason="反复的"), undo(3, 2, -5), undo(4, 3, 5, redone=True))
    said = statement_text(account(there, 10), 1800)
    assert said.count("反复的") == said.count("留下的") == 1
    assert "-5" not in said

    said = statement_text(account((*there, undo(5, 4, -5)), 5), 1800)
    assert "反复的" not in said
    assert "留下的" in said

    part = (line(1, 20), undo(2, 1, -5))  # the rest was spent: the member sees what became of it
    assert "-5" in statement_text(account(part, 15), 1800)
    assert kind_word(there[3]) == "redone"


def test_words_of_a_line_without_a_reason() -> None:
    assert reason_words(line(1, reason="", source="manual:x")) == ""
    assert reason_words(line(1, reason="", source="streak:1")) == "连续奖励"
    assert reason_words(line(2, -5, reason="", kind="REVERSE", source="reverse:1.1", reverses_id=1)) == "↩#1"
    assert kind_word(line(2, -5, kind="REVERSE", source="undo:1.1", reverses_id=1)) == "undone"


def test_a_hostile_name_and_reason_stay_text() -> None:
    hostile = Account(Statement(1, "\x1b[31m红", 5, (line(1, reason="\u202e倒"),)), (), 0)

    assert "\x1b" not in statement_text(hostile, 1800)
    assert "\u202e" not in statement_text(hostile, 1800)
    assert "\x1b" not in statement_table(hostile).title
