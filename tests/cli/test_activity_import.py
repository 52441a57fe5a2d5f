"""`qunguan activity import`, `summary`, `list`, `chains`, `questions`: for programs and for people."""

from __future__ import annotations

import json
import signal
import subprocess
import sys

import pytest

from qunguan.services import activity
from qunguan.services.desk import Desk
from tests.cli.shell import FIXTURES, process

EXPORTS = FIXTURES / "chat_exports"
EXPECTED = json.loads((EXPORTS / "expected.json").read_text(encoding="utf-8"))
CHAT = "chatlog.csv"


@pytest.fixture
def group(blank):
    assert blank("init", "--group", EXPECTED["group"]).code == 0
    return blank


def test_an_import_says_what_was_new(group):
    told = group("activity", "import", EXPORTS / CHAT, "--json").json
    assert (told["format"], told["first"], told["last"]) == (
        "chatlog_csv",
        "2016-07-04T07:36:10",
        "2016-07-05T23:42:50",
    )
    assert (told["messages"], told["system"], told["recalled"], told["joins"]) == (421, 8, 3, 5)
    assert set(told["members"]) == {"matched", "new", "unresolved"}
    assert told["members"]["new"] >= 14
    assert (told["duplicates_skipped"], told["files"][0]["groups"]) == (0, [EXPECTED["group"]])
    again = group("activity", "import", EXPORTS / CHAT, EXPORTS / "weflow.xlsx", "--json").json
    assert (again["format"], again["messages"], again["duplicates_skipped"]) == ("mixed", 0, 858)
    assert again["members"] == {"matched": 0, "new": 0, "unresolved": 0}


def test_the_summary_of_what_was_imported(group):
    group("activity", "import", EXPORTS / CHAT)
    told = group("activity", "summary", "--json").json
    assert (told["messages"], told["speakers"]) == (421, 14)
    assert (told["by_day"], told["by_hour"]) == (EXPECTED["speech_by_day"], EXPECTED["speech_by_hour"])
    assert {one["key"]: one["messages"] for one in told["by_member"]} == EXPECTED["speech_by_wxid"]
    assert all(one["member_id"] for one in told["by_member"])
    assert told["covered"] == [{"first": "2016-07-04", "last": "2016-07-05"}]
    late = group("activity", "summary", "--from", "2016-07-05", "--group", EXPECTED["group"], "--json").json
    assert late["by_day"] == {"2016-07-05": EXPECTED["speech_by_day"]["2016-07-05"]}
    past = group("activity", "summary", "--as-of", "2016-07-04", "--json").json
    assert past["messages"] == EXPECTED["speech_by_day"]["2016-07-04"]
    unknown = group("activity", "summary", "--from", "2017-01-01", "--json").json
    assert (unknown["messages"], unknown["by_day"], unknown["by_hour"]) == (None, {}, {})
    assert "is after" in group("activity", "summary", "--from", "2016-07-05", "--to", "2016-07-04").refused()


def test_days_still_to_come_are_told_apart(group, tmp_path):
    paste = tmp_path / "chat.csv"
    paste.write_text("时间,发送者,内容\n2026-03-01 09:00:00,阿梨,早\n2099-01-01 09:00:00,阿梨,早\n", encoding="utf-8")
    assert group("activity", "import", paste).code == 0
    told = group("activity", "summary").out
    assert "Known: 2026-03-01 to 2026-" in told.splitlines()[0]
    assert "1 message has a day that is still to come" in told


def test_strangers_wait_when_nobody_is_to_be_added(group):
    told = group("activity", "import", EXPORTS / CHAT, "--new", "skip", "--json").json
    assert (told["members"]["new"], group("member", "list", "--json").json["members"]) == (0, [])
    people = group("activity", "summary", "--json").json["by_member"]
    assert {one["key"]: one["messages"] for one in people} == EXPECTED["speech_by_wxid"]
    assert {one["member_id"] for one in people} == {None}


def test_a_rehearsal_writes_nothing(group):
    before = group.digest()
    told = group("activity", "import", EXPORTS / CHAT, "--dry-run", "--json").json
    assert (told["messages"], told["dry_run"]) == (421, True)
    assert group.digest() == before


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", ("421 new messages", "1 接龙 stands in it")), ("zh", ("新增 421 条发言", "1 个接龙", "认出"))],
)
def test_tables_for_people(group, language, words):
    said = group("activity", "import", EXPORTS / CHAT, "--lang", language).out
    assert all(word in said for word in words)
    for verb in ("summary", "list"):
        said = group("activity", verb, "--lang", language)
        assert said.code == 0, said.err
        assert "421" in said.out


def test_the_list_of_imports(group):
    assert group("activity", "list", "--json").json == {"imports": []}
    assert "No chat was imported yet" in group("activity", "list").out
    group("activity", "import", EXPORTS / CHAT)
    row = group("activity", "list", "--json").json["imports"][0]
    assert (row["name"], row["first"], row["messages"]) == (CHAT, "2016-07-04T07:36:10", 421)


def test_chains_need_no_database_and_can_be_recorded(blank, tmp_path):
    told = blank("activity", "chains", EXPORTS / "weflow.txt", "--json").json["chains"]
    assert [(one["title"], one["items"], one["versions"]) for one in told] == [("阳光玫瑰 29.9元/份", 12, 12)]
    assert "12. 🐑郑圆圆🐑 3份" in blank("activity", "chains", EXPORTS / "weflow.txt").out
    assert not blank.db.exists()
    blank("init", "--group", EXPECTED["group"])
    blank("challenge", "add", "早起", "--start", "2016-07-01", "--days", "31")
    told = blank(
        "activity", "import", EXPORTS / "weflow.txt", "--checkin", "早起", "--chain", "阳光玫瑰", "--json"
    ).json
    assert [(one["day"], one["recorded"] > 0, one["refused"]) for one in told["recorded"]] == [
        ("2016-07-05", True, None)
    ]
    said = blank("activity", "import", EXPORTS / "weflow.txt", "--checkin", "早起")
    assert "Nothing new" in said.out
    assert "add --checkin" in blank("activity", "import", EXPORTS / "weflow.txt", "--chain", "x").refused()


def test_questions_are_kept_listed_and_settled(group):
    assert "No question waits" in group("question", "list").out
    kept = group("activity", "import", EXPORTS / CHAT, "--questions", "--json").json["questions"]
    rows = group("question", "list", "--limit", "0", "--json").json["questions"]
    assert len(rows) == kept > 0
    done = group("question", "answer", rows[0]["id"], "--json").json
    assert (done["state"], done["changed"]) == ("answered", True)
    assert len(group("question", "list", "--state", "answered", "--json").json["questions"]) == 1
    assert "no question #9999" in group("question", "reopen", 9999).refused()


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (None, "there is no such file"),
        (b"", "the file is empty"),
        (b"abc def", "no chat export"),
        ("2024-13-01 08:00:00 '阿明'\n早\n".encode(), "a.txt:1"),
        (b"\x00\x01\x02", "a.txt"),
    ],
)
def test_a_bad_file_is_one_line_and_changes_nothing(group, tmp_path, content, word):
    before = group.digest()
    path = tmp_path / "a.txt"
    if content is not None:
        path.write_bytes(content)
    for files in ([path], [EXPORTS / CHAT, path]):
        assert word in group("activity", "import", *files).refused()
        assert group.digest() == before


def test_several_unknown_chats_are_listed_with_what_to_do(group, tmp_path):
    path = tmp_path / "all.txt"
    text = "消息记录（此消息记录为文本格式，不支持重新导入）\n\n"
    for chat in ("甲群", "乙群"):
        text += "=" * 64 + f"\n消息对象:{chat}\n" + "=" * 64 + "\n\n2024-03-01 08:00:00 阿明(10001)\n早\n\n"
    path.write_text(text, encoding="utf-8")
    said = group("activity", "import", path).refused()
    assert "甲群、乙群" in said
    assert "--chat" in said
    assert group("activity", "import", path, "--chat", "乙群", "--json").json["messages"] == 1


def test_a_pipe_is_imported_like_a_file(group):
    said = process("--db", group.db, "activity", "import", "-", "--json", stdin=(EXPORTS / "weflow.txt").read_bytes())
    assert said.json["messages"] == 421


@pytest.mark.slow
@pytest.mark.parametrize("stop", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
def test_an_import_that_is_stopped_leaves_nothing(group, tmp_path, stop):
    path = tmp_path / "big.txt"
    lines = (f"2024-03-{1 + n // 4000:02} {n % 24:02}:{n % 60:02}:00 '成员{n % 300}'\n第{n}句\n" for n in range(40_000))
    path.write_text("\n".join(lines), encoding="utf-8")
    command = [sys.executable, "-m", "qunguan", "--db", str(group.db), "activity", "import", str(path)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as run:
        backups = group.db.parent / "backups"
        while run.poll() is None and not list(backups.glob("*import*")):  # the backup is made, so the writing begins
            pass
        run.send_signal(stop)
        assert run.stderr is not None
        said = run.stderr.read().decode()
    assert run.returncode != 0
    assert "Traceback" not in said
    with Desk(group.db) as desk:
        assert desk.read(activity.imports) == ()
    assert group("doctor").code == 0
