"""Everything that can be wrong with a request: one line that says what, where and what to do; the file as it was."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

import pytest

from tests.cli.shell import Shell, chain

LONG = "长" * 10_000
ZERO_WIDTH = "\u200b\u200d\ufeff"


@pytest.fixture
def papers(tmp_path: Path) -> dict[str, Path]:
    """Files nobody can use."""
    contents = {
        "prose": "今天天气不错，大家早点休息。".encode(),
        "empty": b"",
        "blank": b"\n\n",
        "binary": bytes(range(256)) * 8,
        "nul": "1. 阿\0梨".encode(),
        "big5": "1. 張三 打卡\n2. 李四 打卡\n這是繁體中文的接龍，請大家繼續努力打卡".encode("big5"),
        "damaged": chain("阿梨 早安", "团团妈 打卡第三天").encode()[:-2] + b"\xff\xfe",
        "database": b"SQLite format 3\0" + bytes(100),
        "no_name_column": "甲,乙\n1,2\n3,4\n".encode(),
        "unclosed": '昵称,日期\n"阿梨,2026-03-01\n小明,2026-03-02\n'.encode(),
    }
    made = {}
    for name, data in contents.items():
        made[name] = tmp_path / f"{name}.txt"
        made[name].write_bytes(data)
    made["folder"] = tmp_path / "folder"
    made["folder"].mkdir()
    made["missing"] = tmp_path / "missing.txt"
    made["fifo"] = tmp_path / "fifo"
    os.mkfifo(made["fifo"])
    return made


FILES = ["prose", "empty", "blank", "binary", "nul", "big5", "damaged", "database", "folder", "missing", "fifo"]


@pytest.mark.parametrize("paper", FILES)
@pytest.mark.parametrize("command", [["checkin", "parse"], ["checkin", "record"]])
def test_what_is_no_jielong_is_refused(shell: Shell, papers, command, paper):
    before = shell.digest()
    said = shell(*command, papers[paper]).refused()
    assert papers[paper].name in said
    assert shell.digest() == before


@pytest.mark.parametrize("paper", [*FILES[1:], "no_name_column", "unclosed"])
@pytest.mark.parametrize("command", [["member", "import"], ["checkin", "import"], ["points", "import"]])
def test_what_is_no_table_is_refused(shell: Shell, papers, command, paper):
    before = shell.digest()
    said = shell(*command, papers[paper]).refused()
    assert papers[paper].name in said
    assert shell.digest() == before


def test_an_unreadable_file_is_refused(shell: Shell, papers):
    papers["prose"].chmod(0)
    if os.access(papers["prose"], os.R_OK):
        pytest.skip("this user may read everything")
    assert "prose.txt" in shell("checkin", "parse", papers["prose"]).refused()


def test_no_jielong_as_json_is_the_document_and_exit_1(blank: Shell, papers):
    said = blank("checkin", "parse", papers["prose"], "--json")
    assert said.refused()
    assert '"is_jielong": false' in said.out


REQUESTS: list[list[str]] = [
    ["member", "show", "无此人"],
    ["member", "show", ""],
    ["member", "show", "999999999999999999999"],
    ["member", "add", LONG],
    ["member", "add", ZERO_WIDTH],
    ["member", "add", "\x1b[31m红\x1b[0m"],
    ["member", "add", "小红", "--phone", "打不通"],
    ["member", "add", "小红", "--birthday", "13月40日"],
    ["member", "add", "小红", "--joined", "2026-02-30"],
    ["member", "add", "小红", "--group", "无此群"],
    ["member", "edit", "阿梨", "--name", LONG],
    ["member", "untag", "阿梨", "没有的标签"],
    ["member", "leave", "阿梨", "--day", "1999-01-01"],
    ["member", "rejoin", "阿梨"],
    ["member", "erase", "阿梨"],
    ["member", "import", "/dev/null", "--map", "nickname"],
    ["challenge", "add", "早起"],
    ["challenge", "add", ZERO_WIDTH],
    ["challenge", "add", "晚安", "--template", "无此模板"],
    ["challenge", "add", "晚安", "--cadence", "weekdays:890"],
    ["challenge", "add", "晚安", "--days", "0"],
    ["challenge", "add", "晚安", "--days", "many"],
    ["challenge", "add", "晚安", "--days", str(10**30)],
    ["challenge", "add", "晚安", "--start", "2026-13-01"],
    ["challenge", "add", "晚安", "--window", "25:00-26:00"],
    ["challenge", "add", "晚安", "--makeup-days=-3"],
    ["challenge", "add", "晚安", "--enrol", "tag:没有的标签"],
    ["challenge", "show", "无此营"],
    ["challenge", "enrol", "早起", "阿梨", "all"],
    ["challenge", "prompt", "早起", "0", "题目"],
    ["checkin", "mark", "无此人", "--state", "done"],
    ["checkin", "mark", "阿梨", "--state", "done", "--day", "2026-02-29"],
    ["checkin", "mark", "阿梨", "--state", "done", "--day", "2027-01-01"],
    ["checkin", "mark", "阿梨", "--state", "makeup", "--day", "2026-03-02"],
    ["checkin", "mark", "阿梨", "--state", "frozen", "--to", "2026-03-22"],
    ["checkin", "mark", "阿梨", "--state", "done", "--day", "2026-03-18", "--to", "2026-03-19"],
    ["checkin", "board", "--challenge", "无此营"],
    ["checkin", "board", "--day", "2026-04-31"],
    ["checkin", "board", "--day", "2026-03-19", "--as-of", "2026-03-18"],
    ["points", "grant", "阿梨", "0", "--reason", "x"],
    ["points", "grant", "阿梨", "-5", "--reason", "x"],
    ["points", "grant", "阿梨", "1.5", "--reason", "x"],
    ["points", "grant", "阿梨", "NaN", "--reason", "x"],
    ["points", "grant", "阿梨", "True", "--reason", "x"],
    ["points", "grant", "阿梨", "1000000001", "--reason", "x"],
    ["points", "grant", "阿梨", str(2**63), "--reason", "x"],
    ["points", "grant", "阿梨", str(10**30), "--reason", "x"],
    ["points", "grant", "阿梨", "5", "--reason", " \u200b"],
    ["points", "grant", "阿梨", "5", "--reason", "x", "--day", "2026-03-21"],
    ["points", "grant", "阿梨", "5", "--reason", "x", "--expires", "2026-03-19"],
    ["points", "grant", "无此人", "5", "--reason", "x"],
    ["points", "spend", "阿梨", "1", "--reason", "x"],
    ["points", "reverse", "999", "--reason", "x"],
    ["points", "reverse", "１.5", "--reason", "x"],
    ["points", "expiring", "--days", "-1"],
    ["points", "statement", "无此人"],
    ["points", "balance", "--as-of", "2026-02-30"],
    ["group", "add", "早起读书群"],
    ["group", "edit", "早起读书群", "--timezone", "Mars/Olympus"],
    ["rule", "set", "no.such.rule", "1"],
    ["redo"],
    ["export", "members", "--to", "out.pdf"],
    ["export", "members", "--to", "/no/such/folder/out.csv"],
    ["export", "members", "--to", "/"],
    ["export", "points", "--to", "out.csv", "--month", "2026-13"],
    ["backup", "restore", "nowhere.db", "--yes"],
    ["backup", "restore", "nowhere.db"],
]


@pytest.mark.parametrize("line", REQUESTS, ids=lambda line: " ".join(line)[:40])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_request_that_cannot_be_is_one_line_and_changes_nothing(shell: Shell, line, language, monkeypatch):
    monkeypatch.setenv("QUNGUAN_LANG", language)
    before = shell.digest()
    said = shell(*line).refused()
    assert said.startswith(("qunguan: ", "qunguan："))
    assert len(said) < 1000
    assert "\x1b" not in said
    assert shell.digest() == before


@pytest.mark.parametrize("day", ["2026-02-30", "yesterday", "03/04/05", "99999"])
def test_a_day_that_is_none_is_named(shell: Shell, day):
    assert day in shell("checkin", "board", "--day", day).refused()


def test_a_name_of_several_people_is_refused_with_the_candidates(shell: Shell):
    assert shell("member", "add", "阿梨").code == 0
    said = shell("points", "grant", "阿梨", "5", "--reason", "x").refused()
    assert "阿梨 (#1) / 阿梨 (#4)" in said
    assert shell("points", "grant", "4", "5", "--reason", "x").code == 0
    assert shell("points", "grant", "wx_ali001", "5", "--reason", "x").code == 0


HARMLESS = ["[red]阿红[/]", "=HYPERLINK(1)", "[link=https://x.example]点我[/link]", "'; DROP TABLE member;--", "A&B<b>"]


@pytest.mark.parametrize("name", HARMLESS)
def test_markup_and_formulas_are_names_like_others(shell: Shell, name):
    assert shell("member", "add", name).code == 0
    found = shell("member", "list", "--search", name, "--json").json["members"]
    assert [each["name"] for each in found] == [name]
    assert shell("member", "show", name).code == 0


def _not_a_database(db: Path) -> None:
    db.write_text("这是一封信" * 100, encoding="utf-8")


def _newer(db: Path) -> None:
    with sqlite3.connect(db) as conn:
        conn.execute("PRAGMA user_version = 9999")
    conn.close()


def _somebody_elses(db: Path) -> None:
    db.unlink()
    with sqlite3.connect(db) as conn:
        conn.execute("CREATE TABLE bookmarks (url TEXT)")
    conn.close()


def _truncated(db: Path) -> None:
    db.write_bytes(db.read_bytes()[: 4096 * 3 + 17])


def _emptied(db: Path) -> None:
    db.write_bytes(b"")


def _folder(db: Path) -> None:
    db.unlink()
    db.mkdir()


@pytest.mark.parametrize("damage", [_not_a_database, _newer, _somebody_elses, _truncated, _emptied, _folder])
@pytest.mark.parametrize("line", [["member", "list"], ["member", "add", "小红"], ["init", "--group", "x"], ["doctor"]])
def test_a_file_that_cannot_be_used_is_left_as_it_is(shell: Shell, damage, line):
    damage(shell.db)
    before = shell.digest()
    assert str(shell.db) in shell(*line).refused()
    assert shell.digest() == before


def test_a_file_that_somebody_writes_to_is_waited_for_and_then_refused(shell: Shell, monkeypatch):
    from qunguan.store import engine

    made = engine.make_engine
    monkeypatch.setattr("qunguan.store.files.make_engine", lambda path, **more: made(path, **{**more, "busy_ms": 50}))
    other = sqlite3.connect(shell.db, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    assert shell("member", "list").code == 0
    assert "writing to the file" in shell("member", "add", "小红").refused()
    other.execute("ROLLBACK")
    other.close()
    assert shell("member", "add", "小红").code == 0


@pytest.mark.parametrize("name", [ZERO_WIDTH, LONG, "\x1b[2J", ""])
def test_a_first_group_that_is_refused_leaves_no_file(blank: Shell, name):
    blank("init", "--group", name).refused()
    assert not blank.db.exists()


def test_what_a_name_lost_on_the_way_in_is_said_with_its_row(shell: Shell, tmp_path: Path):
    roster = tmp_path / "roster.csv"
    roster.write_text("昵称,手机号\n\x1b]52;c;aGk=\x07红,13800000001\n", encoding="utf-8")
    said = shell("member", "import", roster).out
    assert "\nrow 2: " in said
    assert "\x1b" not in said
