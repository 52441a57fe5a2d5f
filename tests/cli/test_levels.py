"""`qunguan level`: what it answers, to people and as JSON, and what it refuses."""

from __future__ import annotations

import json

import pytest

GROWTH = {
    "name": "成长",
    "levels": [
        {"name": "新芽"},
        {"name": "小树", "any": [[{"metric": "growth", "at_least": 5}], [{"metric": "spend", "yuan": "999.99"}]]},
        {"name": "大树", "any": [[{"metric": "checkins", "at_least": 3}, {"metric": "best_streak", "at_least": 3}]]},
    ],
    "policy": "one_down",
    "benefits": [{"level": "小树", "name": "红包", "quota": 1, "period": "month"}],
}


@pytest.fixture
def own(shell, tmp_path):
    """A community whose first member has checked in once, and a ladder of its own."""
    assert shell("checkin", "mark", "阿梨", "--day", "2026-03-19", "--state", "done").code == 0
    file = tmp_path / "own.json"
    file.write_text(json.dumps(GROWTH, ensure_ascii=False), encoding="utf-8")
    assert shell("level", "set", file, "--from", "2026-03-01").code == 0
    return shell


def test_show_lists_levels_and_who_moved(own):
    said = own("level", "show", "--json").json
    assert said["ladder"] == "成长"
    assert [(level["name"], level["members"]) for level in said["levels"]] == [("新芽", 2), ("小树", 1), ("大树", 0)]
    assert [(move["name"], move["from"], move["to"], move["day"]) for move in said["rises"]] == [
        ("阿梨", "新芽", "小树", "2026-03-19")
    ]
    assert said["falls"] == []
    assert said["terms"]["levels"][1]["any"][1] == [{"metric": "spend", "at_least": 99_999}]
    before = own("level", "show", "--as-of", "2026-03-18", "--json").json
    assert [level["members"] for level in before["levels"]] == [3, 0, 0]
    told = own("level", "show").out
    assert "↑ 2026-03-19 阿梨 (#1) 新芽 → 小树, reached the bar" in told


def test_preview_of_a_preset_of_a_file_and_of_the_terms_in_force_saves_nothing(own, tmp_path):
    assert own("level", "preview", "--ladder", "card", "--json").json["rises"] == []
    harder = {**GROWTH, "levels": [{"name": "新芽"}, {"name": "大树", "any": [[{"metric": "growth", "at_least": 99}]]}]}
    del harder["benefits"]
    file = tmp_path / "harder.json"
    file.write_text(json.dumps(harder), encoding="utf-8")
    said = own("level", "preview", file, "--json").json
    assert [(move["name"], move["to"], move["benefits_lost"]) for move in said["falls"]] == [("阿梨", "新芽", ["红包"])]
    assert "↓ 2026-03-20 阿梨 (#1) 小树 → 新芽, the terms changed; loses 红包" in own("level", "preview", file).out
    same = own("level", "preview", "--json").json
    assert (same["ladder"], same["rises"], same["falls"]) == ("成长", [], [])
    assert own("level", "show", "--json").json["levels"][1]["members"] == 1


def test_set_changes_terms_with_a_reason_and_rehearses(own, tmp_path):
    file = tmp_path / "changed.toml"
    file.write_text('name = "成长"\n[[levels]]\nname = "新芽"\n[[levels]]\nname = "小树"\n'
                    'any = [[{ metric = "growth", at_least = 9 }]]\n', encoding="utf-8")  # fmt: skip
    assert "the reason is empty" in own("level", "set", file).refused()
    assert own("level", "set", file, "--reason", "少一级", "--dry-run", "--json").json["dry_run"] is True
    assert len(own("level", "show", "--json").json["levels"]) == 3
    said = own("level", "set", file, "--reason", "少一级", "--json").json["ladder"]
    assert said["versions"][-1] == {"from_day": "2026-03-20", "reason": "少一级"}
    assert said["terms"]["hold_days"] == 365
    assert [level["members"] for level in own("level", "show", "--json").json["levels"]] == [3, 0]
    assert own("undo").code == 0
    assert len(own("level", "show", "--json").json["levels"]) == 3


def test_presets_are_listed_and_taken(shell):
    assert "take a preset: qunguan level preset card" in shell("level", "show").refused()
    first = shell("level", "preview", "--json").json
    assert (first["ladder"], [level["members"] for level in first["levels"]]) == ("银卡金卡", [3, 0, 0, 0])
    listed = shell("level", "list").out
    assert "card: 银卡金卡 (S1-23, S1-24, S1-25, S1-14, S0-10, our own choice, to be changed as you like)" in listed
    assert "1000 yuan spent in 365 days or 6 orders in 365 days" in listed
    assert shell("level", "preset", "card", "--json").json["ladder"]["current"] is True
    assert shell("level", "preset", "medal", "--name", "勋章").code == 0
    assert shell("level", "show", "--json").json["ladder"] == "勋章"
    assert shell("level", "choose", "银卡金卡").code == 0
    assert [level["name"] for level in shell("level", "show", "--json").json["levels"]] == [
        "普通",
        "银卡",
        "金卡",
        "钻石",
    ]
    assert "no preset" in shell("level", "preset", "铂金").refused()


def test_lock_unlock_and_the_member_who_is_told_why(own):
    assert own("level", "lock", "Crystal", "大树", "--reason", "老朋友", "--json").json["level"] == "大树"
    said = own("level", "member", "Crystal", "--json").json
    assert (said["level"], said["cause"], said["reason"], said["next"]) == ("大树", "lock", "老朋友", None)
    assert "reason: 老朋友" in own("level", "member", "Crystal").out
    assert own("level", "unlock", "Crystal", "--json").json["level"] == "新芽"
    assert "not set by hand" in own("level", "unlock", "Crystal").refused()
    assert "there is no level 铂金" in own("level", "lock", "Crystal", "铂金", "--reason", "x").refused()
    other = own("level", "member", "阿梨")
    assert "2 check-ins missing of 3 check-ins in all and 2 in a row missing of a best streak of 3" in other.out
    assert own("level", "member", "阿梨", "--json").json["next"]["any"][0][0]["missing"] == 2


def test_benefits_are_listed_added_used_and_closed(own):
    assert [each["name"] for each in own("level", "benefit", "list", "--json").json["benefits"]] == ["红包"]
    assert own("level", "benefit", "use", "阿梨", "红包", "--json").json["left"] == 0
    assert "has 0 of 红包 left" in own("level", "benefit", "use", "阿梨", "红包").refused()
    assert "does not have 红包" in own("level", "benefit", "use", "Crystal", "红包").refused()
    made = own("level", "benefit", "add", "大树", "沙龙", "--quota", "2", "--period", "year", "--json").json["benefit"]
    assert (made["level"], made["quota"], made["period"]) == ("大树", 2, "year")
    assert own("level", "benefit", "close", made["benefit_id"]).code == 0
    assert "2026-03-20" in own("level", "benefit", "list").out


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{", "this is not a ladder in JSON"),
        ("[]", "a table with names and values"),
        ('{"levels": [{"name": "a"}]}', "levels: a ladder has 2 to 20 levels"),
        ('{"levels": [{"name": "a"}, {"name": "b"}]}', "levels[2].any: a level above the lowest asks"),
        ('{"levels": [{"name": "a"}, {"name": "b", "any": [[{"metric": "money", "at_least": 1}]]}]}',
         "levels[2].any[1][1].metric: money is not a choice"),
        ('{"levels": [{"name": "a"}, {"name": "b", "any": [[{"metric": "spend", "yuan": 1.005}]]}]}',
         "levels[2].any[1][1].yuan: 1.005 is not an amount"),
        ('{"levels": [{"name": "a"}, {"name": "b", "any": [[{"metric": "spend", "yuan": Infinity}]]}]}',
         "is not an amount"),
        ('{"levels": [{"name": "a"}, {"name": "b", "any": [[{"metric": "orders", "at_least": 0}]]}]}',
         "levels[2].any[1][1].at_least: 0 is out of range"),
        ('{"levels": [{"name": "a"}, {"name": "b", "any": [[{"metric": "streak", "at_least": 3, "days": 9}]]}]}',
         "streak is not counted over days"),
        ('{"levels": [{"name": "a"}, {"name": "Ａ", "any": [[{"metric": "orders", "at_least": 1}]]}]}',
         "levels[2].name: two levels are called"),
        ('{"levels": [{"name": "a"}, {"name": "b", "any": [[{"metric": "orders", "at_least": 1}]]}], "hold": 3}',
         "hold is not known here"),
        ('{"levels": [{"name": "a"}, {"name": "b", "any": [[{"metric": "orders", "at_least": 1}]]}], "policy": "x"}',
         "policy: x is not a choice"),
        ('{"hold_days": true, "levels": [{"name": "a"}, {"name": "b", "any": [[{"metric": "spend", "yuan": 1}]]}]}',
         "hold_days: True is not a whole number"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_ladder_is_refused_in_one_line_with_its_place(shell, tmp_path, text, says):
    file = tmp_path / "bad.json"
    file.write_text(text, encoding="utf-8")
    assert says in shell("level", "set", file).refused()


def test_a_preview_of_a_day_and_days_out_of_the_calendar(own):
    assert own("level", "preview", "--as-of", "2026-03-20", "--json").json["ladder"]
    for command in (("member", "show", "阿梨"), ("order", "summary"), ("bonus", "list"), ("level", "show")):
        for day in ("9999-12-31", "0001-01-01"):
            assert "1900" in own(*command, "--as-of", day).refused(own(*command, "--as-of", day).code)


@pytest.mark.parametrize("listing", ["level list", "rule list", "alert rules", "bonus list", "insight funnel"])
def test_where_a_rule_comes_from_is_said_in_the_language_of_the_owner(shell, listing):
    said = shell(*listing.split(), "--lang", "zh").out
    assert "own choice" not in said
    assert "S" in said
    assert "own choice" not in shell(*listing.split()).out.replace("our own choice, to be changed as you like", "")
