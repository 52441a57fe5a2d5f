"""`qunguan task …` and `qunguan sop …` on the command line."""

from __future__ import annotations

from typing import Any

from tests.cli.shell import Shell


def listed(shell: Shell, *options: object) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = shell("task", "list", *options, "--json").json["tasks"]
    return found


def test_from_a_shipped_sop_to_the_last_tick(shell, monkeypatch):
    monkeypatch.setenv("QUNGUAN_NOW", "2026-03-20T09:00+08:00")
    assert "qunguan sop use PRESET" in shell("sop", "list").out
    assert "qunguan sop use" in shell("task", "list").out
    assert "Next: qunguan sop use daily" in shell("sop", "show", "daily").out
    assert shell("sop", "use", "daily", "--dry-run", "--json").json["dry_run"]
    (made,) = shell("sop", "use", "daily", "--json").json["sops"]
    assert (made["by"], made["on"], made["preset"], len(made["steps"])) == ("daily", True, "daily", 5)
    assert made["next"] == {"day": "2026-03-20", "at": "10:00", "title": "发早报"}
    shell("sop", "use", "daily").refused()
    assert [task["at"] for task in listed(shell)] == ["10:00", "15:00", "18:00", "20:00", "21:30"]
    assert [task["hat"] for task in listed(shell, "--hat", "service")] == ["service"]
    first = listed(shell)[0]
    assert first.keys() == {
        "id", "kind", "group_id", "group", "title", "hat", "day", "at", "due_on", "due_at", "state", "late", "reason",
        "settled_at", "origin", "source", "people", "text", "missing",
    }  # fmt: skip
    assert (first["id"], first["source"], first["missing"]) == (
        "sop:1.1:2026-03-20", "S0-27", ["news1", "news2", "news3"],
    )  # fmt: skip
    assert "早起读书群的Fri早报来了" in first["text"]
    done = shell("task", "done", "1.1", "--json").json
    assert (done["changed"], done["task"]["state"]) == (1, "done")
    assert "it was so already" in shell("task", "done", first["id"]).out
    assert "skipped" in shell("task", "skip", "话题", "--reason", "没空").out
    shell("task", "skip", "1.3").refused(2)
    moved = shell("task", "postpone", "1.3", "--at", "9:30", "--json").json["task"]
    assert (moved["day"], moved["at"], moved["due_on"], moved["due_at"]) == (
        "2026-03-21", "09:30", "2026-03-20", "18:00",
    )  # fmt: skip
    assert "Moved to 2026-03-21 10:00" in shell("task", "postpone", moved["id"], "--at", "10:00").out
    assert [task["state"] for task in listed(shell)] == ["done", "skipped", "postponed", "todo", "todo"]
    assert len(listed(shell, "--day", "2026-03-21")) == 6
    assert shell("task", "reopen", moved["id"], "--json").json["task"]["day"] == "2026-03-20"
    assert shell("undo").code == 0
    assert "10:00" in shell("task", "list").out
    hats = shell("task", "load", "--json").json
    assert (hats["from"], hats["to"]) == ("2026-03-16", "2026-03-22")
    assert [(each["hat"], each["done"], each["skipped"], each["moved"]) for each in hats["hats"]] == [
        ("owner", 0, 0, 0), ("content", 1, 1, 0), ("service", 0, 0, 1), ("analyst", 0, 0, 0),
    ]  # fmt: skip
    assert "writer" in shell("task", "load").out


def test_a_task_that_is_written_down(shell):
    made = shell(
        "task", "add", "买奖品", "--at", "21:00", "--hat", "service", "--text", "{group}的奖品", "--json"
    ).json["task"]
    assert (made["id"], made["hat"], made["text"]) == ("task:1", "service", "早起读书群的奖品")
    assert "Next: qunguan task done task:2" in shell("task", "add", "再买").out
    assert shell("task", "remove", "再买").code == 0
    assert len(listed(shell)) == 1
    shell("task", "add", "x", "--at", "25:00").refused()
    shell("task", "add", "x", "--hat", "老板").refused()
    shell("task", "done", "没有").refused()
    shell("task", "postpone", "task:1", "--to", "2026-03-01").refused()


def test_an_sop_of_ones_own_and_its_runs(shell):
    assert shell("sop", "add", "周会", "--by", "weekly").code == 0
    made = shell("sop", "step", "周会", "--title", "开会", "--on", "周五", "--at", "20:00", "--hat", "owner", "--json")
    (step,) = made.json["sop"]["steps"]
    assert (step["day"], step["at"], step["hat"]) == (5, "20:00", "owner")
    changed = shell("sop", "step", "1", "--id", step["id"], "--at", "21:00", "--private", "--json").json["sop"]["steps"]
    assert [(each["title"], each["at"], each["private"]) for each in changed] == [("开会", "21:00", True)]
    assert [task["title"] for task in listed(shell)] == ["开会"]
    assert shell("sop", "off", "周会").code == 0
    assert listed(shell) == []
    assert shell("sop", "on", "周会", "--json").json["sop"]["on"]
    assert shell("sop", "drop", "周会", step["id"], "--json").json["sop"]["steps"] == []
    shell("sop", "drop", "周会", 99).refused()
    shell("sop", "step", "周会", "--on", "9", "--title", "x").refused()
    shell("sop", "step", "周会", "--on", "3").refused()
    shell("sop", "add", "周会", "--by", "daily").refused()
    shell("sop", "add", "别的", "--by", "luck").refused()
    shell("sop", "start", "周会").refused()
    assert shell("sop", "end", "周会").code == 0
    shell("sop", "show", "周会").refused()
    assert shell("sop", "use", "wake_up").code == 0
    run = shell("sop", "start", "唤醒沉睡成员", "--member", "阿梨", "--json").json["run"]
    assert (run["member"], run["day"]) == ("阿梨", "2026-03-20")
    assert "阿梨" in shell("sop", "show", "wake_up").out
    assert len(listed(shell)) == 2
    assert shell("sop", "stop", run["id"]).code == 0
    assert listed(shell) == []
    shell("sop", "stop", 99).refused()
    assert shell("group", "add", "第二群").code == 0
    assert len(shell("sop", "use", "wake_up", "--everywhere", "--json").json["sops"]) == 1
    assert "Every group has it already" in shell("sop", "use", "wake_up", "--everywhere").out
    shell("sop", "show", "wake_up").refused()  # in both groups
    assert shell("sop", "show", "wake_up", "--group", "第二群").code == 0


def test_ids_of_two_days_in_one_list_are_told_apart(shell, monkeypatch):
    monkeypatch.setenv("QUNGUAN_NOW", "2026-03-18T09:00+08:00")
    shell("sop", "add", "接人", "--by", "join")
    shell("sop", "step", "接人", "--on", "0", "--at", "10:00", "--title", "欢迎")
    shell("member", "add", "阿梨", "--joined", "2026-03-18")
    monkeypatch.setenv("QUNGUAN_NOW", "2026-03-19T09:00+08:00")
    shell("member", "add", "小满", "--joined", "2026-03-19")
    ids = [line.split()[0] for line in shell("task", "list").out.splitlines() if "欢迎" in line]
    assert ids == ["sop:1.1:2026-03-18", "1.1"]
    assert [shell("task", "done", id_, "--json").json["task"]["due_on"] for id_ in ids] == ["2026-03-18", "2026-03-19"]
