"""`qunguan growth …` on the command line."""

from __future__ import annotations

from typing import Any


def box(told: dict[str, Any], code: str) -> dict[str, Any]:
    found: dict[str, Any] = next(each for each in told["boxes"] if each["code"] == code)
    return found


def test_the_plan(shell):
    told = shell("growth", "--json").json
    assert told.keys() == {
        "begins_on", "chosen", "today", "day", "stage", "left", "done", "of", "late", "boxes"
    }  # fmt: skip
    assert (told["begins_on"], told["chosen"], told["day"], told["left"]) == ("2026-03-20", False, 1, 89)
    assert box(told, "roster").keys() >= {"code", "stage", "day", "text", "done_on", "evidence", "by"}
    assert {each["stage"] for each in told["boxes"]} == {30, 60, 90}
    assert [each["day"] for each in told["boxes"]] == sorted(each["day"] for each in told["boxes"])
    told = shell("growth", "start", "2026-02-01", "--json").json
    assert (told["chosen"], told["day"], told["stage"]) == (True, 48, 60)
    assert "three" in told["late"]
    assert "Day 48, 42 days left" in shell("growth").out
    assert shell("growth", "start", "2026-01-01", "--dry-run", "--json").json["begins_on"] == "2026-01-01"
    assert shell("growth", "--json").json["begins_on"] == "2026-02-01"
    assert "begins on 2026-03-25" in shell("growth", "start", "2026-03-25").out
    assert "头 30 天" in shell("--lang", "zh", "growth").out
    shell("growth", "start", "2027-03-25").refused(1)
    shell("growth", "--as-of", "2026-03-21").refused(1)
    assert shell("growth", "--as-of", "2026-03-19", "--json").json["today"] == "2026-03-19"


def test_by_hand_and_by_what_was_done(shell):
    shell("growth", "tick", "three").refused(2)
    shell("growth", "tick", "three", "--note", " ").refused(1)
    shell("growth", "tick", "nothing", "--note", "x").refused(1)
    done = shell("growth", "tick", "three", "--note", "told Lu", "--day", "2026-03-18", "--json").json["box"]
    assert (done["by"], done["done_on"], done["note"], done["evidence"]) == ("hand", "2026-03-18", "told Lu", None)
    assert "◐" in shell("growth").out
    assert "Open again" in shell("growth", "untick", "three").out
    assert shell("sop", "use", "welcome").code == 0
    told = box(shell("growth", "--json").json, "routine")
    assert (told["by"], told["done_on"]) == ("data", "2026-03-20")
    assert told["evidence"].keys() == {"check", "day", "table", "row_id", "name", "group", "said"}
    assert told["evidence"]["table"] == "sop_span"
    assert "●" in shell("growth").out
    assert "ticked already" in shell("growth", "untick", "routine").refused(1)


def test_cases(shell, tmp_path):
    shipped = shell("growth", "case", "list", "--json").json
    assert shipped["cases"] == []
    assert len(shipped["shipped"]) == 10
    assert "501 buyers" in shell("growth", "case", "show", "blogger").out
    shell("growth", "case", "add").refused(1)
    shell("growth", "case", "add", "--from", "nothing").refused(1)
    made = shell("growth", "case", "add", "--from", "blogger", "--learned", "先算账", "--json").json["case"]
    assert (made["learned"], "501" in made["happened"], made["day"]) == ("先算账", True, "2026-03-20")
    own = shell("growth", "case", "add", "隔壁书店", "--place", "饭桌上", "--next", "试试", "--json").json["case"]
    changed = shell("growth", "case", "edit", own["id"], "--happened", "开了夜读", "--json").json["case"]
    assert (changed["happened"], changed["next"]) == ("开了夜读", "试试")
    assert "开了夜读" in shell("growth", "case", "show", "隔壁书店").out
    assert "隔壁书店" in shell("growth", "case", "list", "--search", "夜读").out
    assert "No case" in shell("growth", "case", "list", "--search", "没有").out
    path = tmp_path / "案例.md"
    assert shell("growth", "case", "export", "--to", path, "--json").json["cases"] == 2
    assert "## 隔壁书店" in path.read_text(encoding="utf-8")
    shell("growth", "case", "export", "--to", tmp_path / "x.pdf").refused(1)
    assert "out of the notebook" in shell("growth", "case", "remove", own["id"]).out
    shell("growth", "case", "show", own["id"]).refused(1)
