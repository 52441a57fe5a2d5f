"""`qunguan feedback …` on the command line."""

from __future__ import annotations

import json

import pytest

SHEET = """反馈人,反馈时间,类型,内容,分类
阿梨,2026-03-18 09:30,投诉,一收到就蔫了,质量问题
路人甲,2026-03-19,表扬,好看,
,,没这种,x,
"""


def add(shell, kind="complaint", text="花一收到就蔫了", *more):
    return shell("feedback", "add", kind, text, *more, "--json").json["feedback"]


def test_from_the_complaint_to_the_turned_review(shell):
    made = add(
        shell, "差评", "难吃", "--member", "阿梨", "--category", "质量问题", "--at", "17:30", "--channel", "评价区"
    )
    assert made.keys() == {
        "id", "group_id", "member_id", "who", "kind", "category", "category_name", "severity", "channel", "text",
        "told_at", "day", "state", "waiting_since", "waiting_seconds", "first_reply", "resolution", "made_good",
        "order_id", "incident_id", "drill", "steps",
    }  # fmt: skip
    assert (made["who"], made["kind"], made["category"], made["category_name"]) == (
        "阿梨",
        "review",
        "quality",
        "质量问题",
    )
    assert (made["told_at"], made["waiting_seconds"]) == ("2026-03-20T09:30:00+00:00", 9000)
    assert made["first_reply"] == {"due_at": "2026-03-20T11:30:00+00:00", "done_at": None, "late_seconds": 1800}
    number = str(made["id"])
    assert "too long" in shell("feedback", "list", "--waiting").out
    shell("feedback", "amends", number).refused(1)
    shell("feedback", "turned", number).refused(1)
    done = shell("feedback", "reply", number, "--text", "我来查", "--at", "19:00", "--json").json["feedback"]
    assert (done["state"], done["first_reply"]["done_at"]) == ("answered", "2026-03-20T11:00:00+00:00")
    assert shell("feedback", "offer", number, "--text", "重发一份", "--dry-run", "--json").json["dry_run"]
    assert shell("feedback", "offer", number, "--text", "重发一份").code == 0
    assert shell("feedback", "amends", number, "--json").json["feedback"]["made_good"] == "amends"
    turned = shell("feedback", "turned", number, "--json").json["feedback"]
    assert (turned["made_good"], turned["state"]) == ("turned", "closed")
    assert shell("feedback", "reopen", number, "--text", "又坏了", "--json").json["feedback"]["state"] == "waiting"
    settled = shell("feedback", "resolve", number, "--json").json["feedback"]
    assert (settled["state"], settled["steps"][-1]["kind"]) == ("closed", "resolved")
    shell("undo")
    assert shell("feedback", "show", number, "--json").json["feedback"]["state"] == "waiting"


def test_lists_are_filtered_and_written_to_a_file(shell, tmp_path):
    add(shell)
    add(shell, "question", "几点开始", "--who", "路人")
    add(shell, "praise", "真好看", "--at", "2026-03-19 10:00")
    assert len(shell("feedback", "list", "--json").json["feedback"]) == 3
    assert [one["kind"] for one in shell("feedback", "list", "--open", "--json").json["feedback"]] == [
        "question", "complaint",
    ]  # fmt: skip
    told = shell("feedback", "list", "--kind", "咨询", "--json").json
    assert ([one["text"] for one in told["feedback"]], told["waiting"]) == (["几点开始"], 2)
    assert "Nothing here" in shell("feedback", "list", "--kind", "review").out
    assert len(shell("feedback", "list", "--limit", "1", "--json").json["feedback"]) == 1
    file = tmp_path / "反馈.csv"
    assert shell("feedback", "list", "--to", file, "--json").json["rows"] == 3
    again = shell("feedback", "import", file, "--json").json
    assert (again["added"], again["again"], again["rejected"]) == (0, 3, [])
    shell("feedback", "list", "--open", "--waiting").refused(2)


def test_one_of_them_with_texts_to_answer_with(shell):
    number = add(shell, "complaint", "蔫了", "--category", "quality", "--who", "小满")["id"]
    told = shell("feedback", "show", number, "--json").json["feedback"]
    assert told["answers"][0]["name"] == "质量问题"
    assert told["answers"][0]["missing"] == ["deadline"]
    assert "Ready to answer with (质量问题)" in shell("feedback", "show", number).out
    shell("feedback", "show", "99").refused(1)
    assert any(each["id"] == "quality" for each in shell("feedback", "categories", "--json").json["categories"])


def test_a_sheet_comes_in_once(shell, tmp_path):
    file = tmp_path / "投诉.csv"
    file.write_text(SHEET, encoding="utf-8")
    assert shell("feedback", "import", file, "--dry-run", "--json").json["added"] == 2
    told = shell("feedback", "import", file, "--json").json
    assert (told["added"], told["again"], told["strangers"]) == (2, 0, ["路人甲"])
    assert [one["row"] for one in told["rejected"]] == [4]
    assert shell("feedback", "import", file, "--json").json["again"] == 2
    kept = shell("feedback", "list", "--kind", "complaint", "--json").json["feedback"][0]
    assert (kept["who"], kept["told_at"], kept["category"]) == ("阿梨", "2026-03-18T01:30:00+00:00", "quality")


def test_a_sheet_with_headers_of_its_own_is_told_once_which_column_is_which(shell, tmp_path):
    file = tmp_path / "表.csv"
    file.write_text("谁呀,说了啥\n阿梨,蔫了\n", encoding="utf-8")
    shell("feedback", "import", file).refused(1)
    assert shell("feedback", "import", file, "--map", "name=谁呀,text=说了啥", "--json").json["added"] == 1
    assert shell("feedback", "import", file, "--json").json["again"] == 1


def test_period_on_period_and_the_task_when_complaints_grow(shell):
    empty = shell("feedback", "counts", "--json").json
    assert (empty["complaints"], empty["first_reply"]) == (
        {"kind": "complaints", "now": 0, "before": 0, "change": None, "new": False},
        {"median_seconds": None, "n": 0, "in_time": None},
    )
    shell("feedback", "upgrade").refused(1)
    for number in range(4):
        add(shell, "complaint", f"坏{number}", "--at", f"2026-03-19 0{number}:00")
    for number in range(2):
        add(shell, "review", f"旧{number}", "--at", "2026-03-10 09:00")
    told = shell("feedback", "counts", "--json").json
    assert told["window"] == {"first": "2026-03-13", "last": "2026-03-19", "days": 7}
    assert told["complaints"] == {"kind": "complaints", "now": 4, "before": 2, "change": {"value": 1.0, "n": 2},
                                  "new": False}  # fmt: skip
    assert (told["waiting"], told["open"], told["today"]) == (6, 6, 0)
    assert "+100.0 %" in shell("feedback", "counts").out
    fires = [one for one in shell("alert", "list", "--json").json["alerts"] if one["rule"] == "complaints"]
    assert (fires[0]["value"], fires[0]["source"], fires[0]["action"]) == (1.0, "S4-29", "upgrade_scripts")
    task = shell("feedback", "upgrade", "--json").json["task"]
    assert task["day"] == "2026-03-22"
    assert shell("feedback", "upgrade", "--json").json["task"]["key"] == task["key"]
    assert shell("feedback", "counts", "--days", "3", "--as-of", "2026-03-10", "--json").json["complaints"]["now"] == 2


def test_a_drill_counts_nowhere(shell):
    drill = shell("incident", "start", "演练", "--drill", "--json").json["incident"]["id"]
    add(shell, "complaint", "假的", "--incident", drill)
    assert shell("feedback", "list", "--json").json == {"feedback": [], "waiting": 0}
    (one,) = shell("feedback", "list", "--incident", drill, "--json").json["feedback"]
    assert one["drill"]


@pytest.mark.parametrize(
    "arguments",
    [("add", "x", "y"), ("add", "complaint", " "), ("add", "complaint", "蔫了", "--at", "25:00"),
     ("add", "complaint", "蔫了", "--at", "2026-03-21 10:00"), ("add", "complaint", "蔫了", "--at", "2026-03-19"),
     ("add", "complaint", "蔫了", "--at", "2026-99-99T10:00"), ("add", "complaint", "蔫了", "--member", "没有这人"),
     ("add", "complaint", "蔫了", "--order", "99"), ("reply", "99", "--text", "好"), ("list", "--kind", "x"),
     ("counts", "--days", "0"), ("counts", "--as-of", "2026-03-21"), ("list", "--incident", "99")],
)  # fmt: skip
def test_what_is_wrong_is_one_line(shell, arguments):
    shell("feedback", *arguments).refused(1)


def test_hostile_words_come_out_tame(shell):
    made = add(shell, "complaint", "[/]\x1b[31m\u202e难吃", "--who", "\x1b]0;x\x07名字")
    for answer in (shell("feedback", "list"), shell("feedback", "show", made["id"])):
        assert "\x1b" not in answer.out
        assert "\u202e" not in answer.out
    assert json.loads(shell("feedback", "list", "--json").out)
