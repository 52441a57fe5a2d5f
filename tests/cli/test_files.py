"""Files in and out: mappings that are asked for once, exports that come back, backups, progress."""

from __future__ import annotations

import csv
import io
import json
import sys
import threading
import time

import pytest

from qunguan.cli import progress
from qunguan.services.desk import Desk
from tests.cli.shell import ROSTER, chain

UNKNOWN = "代号,联络,何时来的\n阿紫,13900000009,2026-03-01\n"


@pytest.fixture
def odd(tmp_path):
    """A roster whose header nobody could know."""
    path = tmp_path / "odd.csv"
    path.write_text(UNKNOWN, encoding="utf-8")
    return path


@pytest.fixture
def terminal(monkeypatch):
    """Somebody at a terminal, who types what is put in."""

    class Typed(io.StringIO):
        def isatty(self) -> bool:
            return True

    def typing(text: str) -> None:
        monkeypatch.setattr(sys, "stdin", Typed(text))
        monkeypatch.setattr(sys.stderr, "isatty", lambda: True)

    return typing


def names(shell):
    """Everybody on the roster."""
    return {each["name"] for each in shell("member", "list", "--json").json["members"]}


def test_an_unknown_header_names_the_header_and_the_option(shell, odd):
    said = shell("member", "import", odd).refused()
    assert "代号 | 联络 | 何时来的" in said
    assert "--map name=COLUMN" in said


def test_a_mapping_is_remembered(shell, odd):
    line = ("member", "import", odd, "--json")
    assert shell(*line, "--map", "name=代号,phone=联络,joined_on=何时来的").json["created"] == 1
    found = shell("member", "show", "阿紫", "--reveal", "--json").json
    assert (found["phone"], found["stays"][0]["joined_on"]) == ("13900000009", "2026-03-01")
    assert shell(*line).json["unchanged"] == 1


def test_a_column_that_was_understood_can_be_told_to_mean_something_else(shell, tmp_path):
    path = tmp_path / "roster.csv"
    path.write_text("昵称,备注,城市,编号\n小红,13900139000,杭州,8\n", encoding="utf-8")
    told = shell("member", "import", path, "--map", "phone=备注,extra=城市,ignore=编号", "--dry-run", "--json").json
    assert (told["columns"], told["unmapped"]) == ({"昵称": "name", "备注": "phone"}, ["城市"])
    assert shell("member", "import", path, "--map", "phone=备注,ignore=编号", "--json").json["created"] == 1
    again = shell("member", "import", path, "--json").json
    assert (again["columns"], again["unchanged"]) == ({"昵称": "name", "备注": "phone"}, 1)
    assert "--map name=" in shell("member", "import", path, "--map", "note=昵称").refused()


def test_a_rehearsal_remembers_no_mapping(shell, odd):
    assert shell("member", "import", odd, "--dry-run", "--map", "name=代号").code == 0
    shell("member", "import", odd).refused()


@pytest.mark.parametrize("told", ["name=没有", "nickname=代号", "name"])
def test_a_mapping_that_cannot_be_is_refused(shell, odd, told):
    shell("member", "import", odd, "--map", told).refused()
    assert "阿紫" not in names(shell)


@pytest.mark.parametrize("answer", ["1\n", "代号\n"])
def test_on_a_terminal_the_column_is_asked_for_once(shell, odd, terminal, answer):
    terminal(answer)
    said = shell("member", "import", odd)
    assert said.code == 0
    assert "Which column holds the nickname?" in said.err
    assert "阿紫" in names(shell)
    terminal("")
    assert "Which" not in shell("member", "import", odd).err


@pytest.mark.parametrize("answer", ["", "9\n", "没有\n", "\n"])
def test_an_answer_that_is_none_imports_nothing(shell, odd, terminal, answer):
    terminal(answer)
    assert shell("member", "import", odd).code == 1
    assert "阿紫" not in names(shell)


def test_an_import_that_changes_something_is_backed_up_first(shell, odd, tmp_path):
    before = shell("backup", "list", "--json").json["backups"]
    assert [each["reason"] for each in before] == ["import"]
    assert shell("member", "import", ROSTER).code == 0
    assert shell("backup", "list", "--json").json["backups"] == before
    assert shell("member", "import", odd, "--map", "name=代号").code == 0
    after = shell("backup", "list", "--json").json["backups"]
    assert len(after) == 2
    assert shell("backup", "restore", after[0]["path"].rpartition("/")[2], "--yes").code == 0
    assert "阿紫" not in names(shell)


def test_restore_asks_and_keeps_what_it_replaces(shell, terminal):
    made = shell("backup", "make", "--json").json["path"]
    shell("member", "add", "小红")
    terminal("n\n")
    assert shell("backup", "restore", made).code == 1
    assert "小红" in names(shell)
    terminal("y\n")
    said = shell("backup", "restore", made)
    assert said.code == 0
    assert "kept as" in said.out
    assert "小红" not in names(shell)
    kept = shell("backup", "list", "--json").json["backups"][0]["path"]
    assert shell("backup", "restore", kept, "--yes").code == 0
    assert "小红" in names(shell)


def test_a_restore_that_cannot_be_is_not_asked_about(shell, terminal, clock):
    made = shell("backup", "make", "--json").json["path"]
    terminal("y\n")
    with Desk(shell.db, clock):
        said = shell("backup", "restore", made)
        assert said.code != 0
        assert "another window" in said.err
        assert "[y/N]" not in said.out + said.err


def test_a_database_that_cannot_be_opened_can_still_be_restored(shell):
    made = shell("backup", "make", "--json").json["path"]
    shell.db.write_bytes(b"nonsense" * 1000)
    shell("member", "list").refused()
    assert shell("backup", "list").code == 0
    document = shell("backup", "restore", made, "--yes", "--json").json
    assert document["kept"].endswith(".damaged")
    assert names(shell) == {"阿梨", "团团妈,二宝", "Crystal🍀"}


@pytest.fixture
def busy(shell, tmp_path):
    """A community with check-ins, points and names that could hurt."""
    for name in ("=1+1", "[red]红[/]", "a|b"):
        assert shell("member", "add", name).code == 0
    path = tmp_path / "chain.txt"
    path.write_text(chain("阿梨", "Crystal🍀"), encoding="utf-8")
    assert shell("checkin", "record", path).code == 0
    assert shell("checkin", "mark", "2", "--state", "excused", "--reason", "生病").code == 0
    return shell


@pytest.mark.parametrize("what", ["members", "checkins", "points", "board"])
@pytest.mark.parametrize("suffix", [".csv", ".xlsx", ".json", ".md"])
def test_exports(busy, tmp_path, what, suffix):
    path = tmp_path / f"out{suffix}"
    first = busy("export", what, "--to", path, "--json").json
    assert first["rows"] == {"members": 6, "checkins": 3, "points": 2, "board": 3}[what]
    assert not first["replaced"]
    assert path.stat().st_mode & 0o777 == 0o600
    assert "is replaced" in busy("export", what, "--to", path).out
    if suffix == ".json":
        assert len(json.loads(path.read_bytes())["rows"]) == first["rows"]
    if suffix == ".csv":
        cells = [cell for row in csv.reader(io.StringIO(path.read_text("utf-8-sig"))) for cell in row]
        assert not any(cell.startswith(("=", "@", "+")) for cell in cells)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_what_was_exported_comes_back(busy, tmp_path, blank, language, suffix, capsys, monkeypatch):
    from tests.cli.shell import Shell

    roster, records = tmp_path / f"roster{suffix}", tmp_path / f"records{suffix}"
    assert busy("--lang", language, "export", "members", "--to", roster).code == 0
    assert busy("--lang", language, "export", "checkins", "--to", records).code == 0
    other = Shell(tmp_path / "other.db", capsys, monkeypatch)
    assert other("init", "--group", "早起读书群").code == 0
    assert other("member", "import", roster, "--json").json["created"] == 6
    assert names(other) == names(busy)
    assert other("member", "import", roster, "--json").json["unchanged"] == 6
    assert other("challenge", "add", "早起", "--start", "2026-03-01", "--enrol", "all").code == 0
    assert other("checkin", "import", records, "--json").json["recorded"] == 3

    def told(shell):
        rows = shell("checkin", "board", "--json").json["rows"]
        return {row["name"]: (row["state"], row["streak"], row["best"], row["total"]) for row in rows if row["total"]}

    assert told(other) == told(busy)


def test_exports_of_a_month_and_of_a_past_day(busy, tmp_path):
    def rows(*line):
        return busy("export", *line, "--to", tmp_path / "out.csv", "--json").json["rows"]

    assert rows("checkins", "--month", "2026-03") == 3
    assert rows("checkins", "--month", "2026-02") == 0
    assert rows("points", "--as-of", "2026-03-19") == 0
    assert rows("members", "--as-of", "2024-03-07") == 2
    assert rows("members", "--group", "早起读书群") == 6
    assert rows("board", "--day", "2026-03-19") == 3


def test_a_link_is_replaced_and_not_followed(busy, tmp_path):
    target, link = tmp_path / "target.csv", tmp_path / "link.csv"
    target.write_text("mine", encoding="utf-8")
    link.symlink_to(target)
    assert busy("export", "members", "--to", link).code == 0
    assert target.read_text(encoding="utf-8") == "mine"


class Watched(io.StringIO):
    """A terminal that remembers what was drawn on it."""

    def isatty(self) -> bool:
        return True

    def shows(self, text: str) -> bool:
        """Whether the text is drawn within a few seconds."""
        deadline = time.monotonic() + 5
        while text not in self.getvalue() and time.monotonic() < deadline:
            threading.Event().wait(0.001)
        return text in self.getvalue()


def test_what_takes_long_shows_a_bar_and_wipes_it(monkeypatch):
    screen = Watched()
    monkeypatch.setattr(progress, "PATIENCE", 0.0)
    monkeypatch.setattr(progress, "EVERY", 0.001)
    monkeypatch.setattr(sys, "stderr", screen)
    with progress.Progress(2) as stage:
        stage("Reading")
        stage("Writing")
        assert screen.shows("██████▒░░░░░ Writing")
        stage.hush(True)
        assert screen.getvalue().endswith(" \r")
    assert screen.getvalue().endswith(" \r")


def test_where_stderr_is_no_terminal_a_line_now_and_then_says_that_work_goes_on(monkeypatch):
    log = Watched()
    monkeypatch.setattr(log, "isatty", lambda: False)
    monkeypatch.setattr(progress, "LINES", 0.001)
    monkeypatch.setattr(sys, "stderr", log)
    with progress.Progress(1) as stage:
        stage("Reading")
        assert log.shows("Reading 0 s\n")
    assert "\r" not in log.getvalue()


def test_where_nobody_watches_there_is_no_bar(capsys, monkeypatch):
    monkeypatch.setattr(progress, "PATIENCE", 0.0)
    with progress.Progress(1) as stage:
        stage("Reading")
    assert capsys.readouterr().err == ""


def test_phone_numbers_in_a_chain_are_masked_for_people(shell, tmp_path):
    chain = tmp_path / "接龙.txt"
    chain.write_text("#接龙\n\n1. 新来的 13812340001\n2. 老人13812340002\n", encoding="utf-8")
    for line in (("parse", chain), ("record", chain, "--challenge", "早起")):
        told = shell("checkin", *line)
        assert "138****0001" in told.out
        assert "1234000" not in told.out + told.err
    doubts = shell("checkin", "record", chain, "--challenge", "早起", "--json").json["new"]
    assert [each["name"] for each in doubts] == ["新来的", "老人"]


def test_columns_without_a_year_are_of_the_year_of_the_camp_or_asked_for_by_option(shell, tmp_path):
    wide = tmp_path / "卡.csv"
    wide.write_text("昵称,3/1,3月2日\n阿梨,√,补卡\n", encoding="utf-8")
    refused = shell("checkin", "import", wide, "--challenge", "早起")
    assert (refused.code, refused.out) == (1, "")
    assert "卡.csv:1: the column 3/1 does not say its year" in refused.err
    assert "--year 2026" in refused.err
    shell("challenge", "add", "训练营", "--template", "21day", "--start", "2026-03-01", "--enrol", "all")
    assert shell("checkin", "import", wide, "--challenge", "训练营", "--json").json["recorded"] == 2
    rows = shell("checkin", "board", "--challenge", "训练营", "--day", "2026-03-02", "--json").json["rows"]
    assert [row["state"] for row in rows if row["name"] == "阿梨"] == ["makeup"]


def test_a_second_column_of_names_finds_the_member_and_signs_for_them(shell, tmp_path):
    roster = tmp_path / "名单.csv"
    roster.write_text("姓名,群昵称\n王小明,明明\n李雷,李雷\n", encoding="utf-8")
    assert shell("member", "import", roster, "--json").json["created"] == 2
    (found,) = shell("member", "list", "--search", "wxm", "--json").json["members"]
    assert (found["name"], found["aliases"]) == ("明明", ["王小明"])
    (same,) = shell("member", "list", "--search", "李雷", "--json").json["members"]
    assert same["aliases"] == []
    chain = tmp_path / "接龙.txt"
    chain.write_text("#接龙\n\n1. 王小明 打卡\n2. 李雷 打卡\n", encoding="utf-8")
    told = shell("checkin", "record", chain, "--challenge", "早起", "--json").json
    assert [each["name"] for each in told["recorded"]] == ["明明", "李雷"]
    roster.write_text("姓名,手机号\n王小明,13800000009\n", encoding="utf-8")
    assert shell("member", "import", roster, "--json").json["updated"] == 1
