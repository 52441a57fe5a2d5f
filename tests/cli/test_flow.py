"""The main job from an empty folder to undo, each command in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.shell import ROSTER, Said, chain, process


@pytest.mark.slow
def test_from_an_empty_folder_to_the_board_and_back(tmp_path):
    db, text = tmp_path / "q.db", tmp_path / "jielong.txt"
    text.write_text(chain("阿梨 早", "Crystal🍀", "路人甲 第一天"), encoding="utf-8")

    def type_(*arguments: object) -> Said:
        said = process("--db", db, *arguments)
        assert said.code == 0, said.err
        return said

    assert "早起读书群" in type_("init", "--group", "早起读书群").out
    imported = type_("member", "import", ROSTER, "--json").json
    assert (imported["created"], imported["encoding"]) == (3, "gb18030")
    type_("challenge", "add", "早起", "--template", "21day", "--start", "2026-03-14", "--enrol", "all")

    first = type_("checkin", "record", text, "--challenge", "早起", "--new", "create", "--json").json
    assert [each["name"] for each in first["recorded"]] == ["阿梨", "Crystal🍀", "路人甲"]
    assert [each["name"] for each in first["missing"]] == ["团团妈,二宝"]
    again = type_("checkin", "record", text, "--challenge", "早起", "--new", "create", "--json").json
    assert again["recorded"] == []
    assert len(again["already"]) == 3

    board = type_("checkin", "board", "--challenge", "早起", "--text").out
    assert "🥇 阿梨" in board
    assert "@团团妈,二宝" in type_("checkin", "missing", "--challenge", "早起", "--text").out
    assert type_("points", "grant", "阿梨", "20", "--reason", "帮忙").out.strip().startswith("阿梨 +20")
    assert _balance(type_, "阿梨") == 25

    type_("undo")
    assert _balance(type_, "阿梨") == 5
    type_("undo")
    assert _balance(type_, "阿梨") == 0
    type_("redo", "2")
    assert _balance(type_, "阿梨") == 25
    assert type_("doctor", "--json").json["ok"]
    assert type_("points", "reconcile", "--json").json["ok"]


def _balance(type_, name: str) -> int:
    found = type_("points", "balance", "--json").json["balances"]
    return int(next(each["balance"] for each in found if each["name"] == name))


@pytest.mark.slow
def test_a_pipe_in_any_encoding_and_a_reader_that_goes_away(tmp_path: Path):
    said = process("checkin", "parse", "-", "--json", stdin=chain("阿梨 早").encode("gb18030"))
    assert said.json["items"] == [{"number": 1, "text": "阿梨 早"}]
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run([sys.executable, "-m", "qunguan", "--help"], stdout=full, stderr=subprocess.PIPE)
    assert done.returncode == 1
    assert done.stderr.count(b"\n") == 1
