"""`qunguan incident` as it is typed."""

from __future__ import annotations

import pytest

from qunguan.cli.door import NOUNS

REVIEW = """# 原因
装箱没有核对
# 影响
12 单
# 做得好
说得快
# 做得不好
时间表晚了
# 行动
- 找第二家仓库 | 2026-03-25 | 客服
"""
KEYS = [
    "id", "title", "severity", "t0", "drill", "stages", "next_update_at", "exit_rate", "compensation", "timeline",
]  # fmt: skip


@pytest.fixture
def later(monkeypatch):
    """Sets the clock to a time of the day of the tests, on the group's clock."""
    return lambda time: monkeypatch.setenv("QUNGUAN_NOW", f"2026-03-20T{time}+08:00")


def test_the_noun_stands_at_the_door():
    assert "incident" in NOUNS


def test_a_bad_day_from_start_to_close(shell, tmp_path, later):
    begun = shell("incident", "start", "漏发了十二单", "--playbook", "delivery", "--json").json
    assert begun["incident"]["severity"] == "major"
    assert begun["due"]["tell"] == "2026-03-20T12:15:00+00:00"
    text, review = tmp_path / "tell.txt", tmp_path / "review.md"
    text.write_text("各位对不起，漏发了____单。\n{next}前再说。\n", encoding="gb18030")
    refused = shell("incident", "tick", "tell", "--text-file", text).refused(1)
    assert "漏发了____" in refused
    assert "when the next word comes" in refused
    text.write_text("各位对不起，漏发了十二单。\n20:35 前再说。\n", encoding="gb18030")
    review.write_text(REVIEW, encoding="utf-8")
    later("20:15:01")
    told = shell("incident", "tick", "tell", "--text-file", text, "--place", "群里", "--json").json
    assert (told["stage"]["late_seconds"], told["findings"]) == (1, [])
    assert shell("incident", "tick", "tell", "--text-file", text).code == 0  # the same again
    shell("incident", "tick", "tell", "--text", "另一段").refused(1)
    shell("incident", "update", "--text", "还在查，是快递的问题")
    shell("incident", "log", "打给了仓库", "--at", "20:10")
    shell("incident", "check", "tell", "1", "sorry")
    shell("incident", "role", "service", "阿梨")
    shell("incident", "grade", "critical")
    found = shell("incident", "show", "--json").json
    assert list(found) == KEYS
    tell, time, trust = found["stages"]
    assert tell == {
        "name": "tell", "due_at": "2026-03-20T12:15:00+00:00", "done_at": "2026-03-20T12:15:01+00:00",
        "late_seconds": 1, "evidence": "各位对不起，漏发了十二单。\n20:35 前再说。",
    }  # fmt: skip
    assert (time["done_at"], time["evidence"], trust["late_seconds"]) == (None, None, 0)
    assert found["next_update_at"] == "2026-03-20T12:35:01+00:00"
    assert found["exit_rate"] == {"value": 0.0, "n": 3}
    assert found["compensation"] == {
        "promised_fen": 0, "delivered_fen": 0, "promised_points": 0, "delivered_points": 0
    }  # fmt: skip
    assert [line["kind"] for line in found["timeline"]][:3] == ["start", "note", "tell"]
    rehearsed = shell("incident", "close", "--review-file", review, "--dry-run", "--json").json
    assert rehearsed["dry_run"] is True
    closed = shell("incident", "close", "--review-file", review, "--json").json
    assert [(each["title"], each["hat"], each["task_id"]) for each in closed["actions"]] == [
        ("找第二家仓库", "service", 1)
    ]  # fmt: skip
    assert "找第二家仓库" in shell("task", "list", "--day", "2026-03-25").out
    shell("incident", "log", "又一笔").refused(1)
    assert shell("incident", "list", "--json").json["incidents"][0]["closed_at"] is not None
    assert shell("incident", "show", "--json").json["id"] == 1  # none is open: the newest
    assert "told at 2026-03-20 20:15:01, 0:01 late" not in shell("incident", "show", "1").err
    assert shell("undo").code == 0
    assert shell("incident", "show").code == 0  # it is open again


def test_t0_and_the_times_of_evidence(shell, later):
    shell("incident", "start", "价格错了", "--at", "19:30")
    assert shell("incident", "show", "--json").json["t0"] == "2026-03-20T11:30:00+00:00"
    shell("incident", "tick", "tell", "--text", "说了", "--at", "19:29").refused(1)
    shell("incident", "tick", "tell", "--text", "说了", "--at", "2026-03-21 09:00").refused(1)
    shell("incident", "tick", "tell", "--text", "说了", "--at", "半夜").refused(1)
    assert "2026-03-19 21:30" in shell("incident", "t0", "21:30").refused(1)  # still to come: nothing was corrected
    assert shell("incident", "t0", "19:20", "--json").json["incident"]["first_t0"] == "2026-03-20T11:30:00+00:00"
    shell("incident", "t0", "19:25").refused(1)
    done = shell("incident", "tick", "tell", "--text", "说了", "--at", "19:35", "--json").json
    assert done["stage"]["late_seconds"] == 0
    late = shell("incident", "tick", "time", "--text", "时间表", "--at", "2026-03-20T12:20:01+00:00").refused(1)
    assert "20:20" in late
    later("20:20:01")
    assert shell("incident", "tick", "time", "--text", "时间表", "--json").json["stage"]["late_seconds"] == 1


def test_a_drill_says_that_it_is_one(shell, tmp_path):
    shell("incident", "start", "演练", "--drill", "--playbook", "食品安全")
    assert shell("incident", "show", "--json").json["drill"] is True
    assert "drill" in shell("incident", "list").out
    review = tmp_path / "review.md"
    review.write_text(REVIEW, encoding="utf-8")
    told = shell("incident", "close", "--review-file", review, "--json").json
    assert told["actions"][0]["task_id"] is None
    assert "找第二家仓库" not in shell("task", "list", "--day", "2026-03-25").out


def test_statements_hand_over_and_playbooks(shell):
    shell("incident", "start", "吃坏肚子", "--playbook", "food")
    told = shell("incident", "statement", "tell", "--set", "batch=三月批", "--json").json
    assert "三月批" in told["text"]
    assert told["missing"] == ["phone"]
    said = shell("incident", "statement", "tell")
    assert "your phone" in said.err
    assert "phone" not in shell("incident", "statement", "tell", "--set", "batch=a", "--set", "phone=1").err
    assert "吃坏肚子" in shell("incident", "handover").out
    assert len(shell("incident", "playbook", "--json").json["playbooks"]) == 7
    assert shell("incident", "playbook", "谣言", "--json").json["playbook"]["id"] == "rumour"
    assert [each["severity"] for each in shell("incident", "grade", "--json").json["guide"]] == [
        "minor", "major", "critical"
    ]  # fmt: skip
    assert "# Cause" in shell("incident", "review-template").out


def test_a_review_says_where_it_is_wrong(shell, tmp_path):
    shell("incident", "start", "漏发了")
    review = tmp_path / "review.md"
    review.write_text(REVIEW.replace(" | 2026-03-25", ""), encoding="utf-8")
    assert f"{review}:10: " in shell("incident", "close", "--review-file", review).refused(1)
    shell("incident", "close").refused(1)
    assert shell("incident", "show", "--json").json["id"] == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ("show",),
        ("show", "没有"),
        ("tick", "tell", "--text", "说了"),
        ("start", " "),
        ("start", "出事", "--severity", "terrible"),
        ("start", "出事", "--playbook", "没有"),
        ("start", "出事", "--at", "2027-01-01 10:00"),
        ("playbook", "没有"),
        ("log", "记"),
        ("handover",),
    ],
)
def test_bad_input_is_one_line(shell, arguments):
    shell("incident", *arguments).refused(1)


def test_hostile_titles_stay_words(shell):
    title = "[red]{id}[/] =1+1 \u202e倒"
    shell("incident", "start", title)
    for verb in (("show",), ("list",), ("handover",)):
        assert "\u202e" not in shell("incident", *verb).out
    assert shell("incident", "show", "--json").json["title"].startswith("[red]{id}[/] =1+1")


def test_any_text_can_be_looked_through_as_a_statement(blank, tmp_path):
    text = tmp_path / "a.txt"
    text.write_text("是快递的问题，请耐心等待", encoding="utf-8")
    assert blank("lint", text, "--json").json["findings"] == []
    told = blank("lint", text, "--crisis", "--json").json["findings"]
    assert [one["rule"] for one in told] == ["blame", "cold"]


def test_trust_says_who_still_waits_for_amends(shell):
    shell("incident", "start", "漏发了")
    shell("incident", "compensation", "add", "1", "阿梨", "money", "20")
    assert "1 promise of amends waits still" in shell("incident", "tick", "trust", "--text", "都补上了").err
