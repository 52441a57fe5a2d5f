"""`qunguan activity parse`: what chat exports say, for programs and for people, without a database."""

from __future__ import annotations

import json

import pytest

from tests.cli.shell import FIXTURES, process

EXPORTS = FIXTURES / "chat_exports"
EXPECTED = json.loads((EXPORTS / "expected.json").read_text(encoding="utf-8"))


def test_one_export_as_a_document(blank):
    told = blank("activity", "parse", EXPORTS / "chatlog.csv", "--json").json
    assert (told["format"], told["chat"]) == ("chatlog_csv", EXPECTED["group"])
    assert (told["first"], told["last"]) == ("2016-07-04T07:36:10", "2016-07-05T23:42:50")
    assert (told["messages"], told["system"], told["recalled"], told["joins"], told["leaves"]) == (421, 8, 3, 5, 0)
    assert (told["by_day"], told["by_hour"]) == (EXPECTED["speech_by_day"], EXPECTED["speech_by_hour"])
    assert {member["key"]: member["messages"] for member in told["by_member"]} == EXPECTED["speech_by_wxid"]
    owner = {"kind": "wxid", "key": "wxid_owner0001", "name": "🐑郑圆圆🐑", "messages": 200}
    assert told["by_member"][0] == owner
    assert told["joined"][0] == {"at": "2016-07-04T09:48:31", "name": "严西米 宝妈", "inviter": "🐑郑圆圆🐑"}
    assert told["files"] == [
        {"file": "chatlog.csv", "format": "chatlog_csv", "encoding": "utf-8", "rejected": 0, "rejections": []}
    ]
    assert not blank.db.exists(), "it needs no database and makes none"


def test_the_same_export_twice_and_one_of_another_tool(blank):
    files = [EXPORTS / name for name in ("qq_manager_24h.txt", "tim_shangwu_xiawu.txt")]
    told = blank("activity", "parse", *files, "--json").json
    assert (told["format"], told["messages"], told["duplicates_skipped"]) == ("qq_txt", 421, 429)
    mixed = blank("activity", "parse", EXPORTS / "weflow.txt", files[0], "--json").json
    assert (mixed["format"], mixed["chats"]) == ("mixed", [EXPECTED["group"]])


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh", ("421 条发言", "14 人发言", "5 人进群", "发言数")),
        ("en", ("421 messages", "14 speakers", "5 joined", "messages")),
    ],
)
def test_a_table_for_people(blank, language, words):
    said = blank("activity", "parse", EXPORTS / "qce_v5.json", "--lang", language)
    assert said.code == 0, said.err
    for word in (*words, "qq-chat-exporter", "🐑郑圆圆🐑", "10010105", "2016-07-05"):
        assert word in said.out


def test_a_text_without_years_asks_for_its_first_day(blank):
    path = EXPORTS / "chatlog.txt"
    assert "--day 2026-03-01" in blank("activity", "parse", path, "--lang", "en").refused()
    told = blank("activity", "parse", path, "--day", "2016-07-04", "--json").json
    assert told["by_day"] == EXPECTED["speech_by_day"]


def test_what_is_rejected_is_told(blank, tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("2024-13-01 08:00:00 '阿明'\n早\n\n2024-03-01 08:00:00 '阿明'\n早\n", encoding="utf-8")
    told = blank("activity", "parse", path, "--json", "--lang", "en").json
    assert (told["messages"], told["files"][0]["rejected"]) == (1, 1)
    assert told["files"][0]["rejections"][0]["line"] == 1
    assert "1 line was not understood" in blank("activity", "parse", path, "--lang", "en").out
    path.write_text("2024-13-01 08:00:00 '阿明'\n早\n", encoding="utf-8")
    assert "a.txt:1" in blank("activity", "parse", path, "--lang", "en").refused()


@pytest.mark.parametrize("name", ["pywxdump_users.json", "expected.json", "nowhere.txt"])
def test_what_is_no_chat_is_refused(blank, name):
    assert name in blank("activity", "parse", EXPORTS / name, "--lang", "en").refused()


def test_a_pipe_is_read_like_a_file():
    said = process("activity", "parse", "-", "--json", stdin=(EXPORTS / "weflow.txt").read_bytes())
    assert said.json["messages"] == 421
