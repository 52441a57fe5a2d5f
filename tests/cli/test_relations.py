"""`qunguan relation …` on the command line."""

from __future__ import annotations

SHEET = "昵称,技能,需求\n阿梨,摄影、剪辑,设计\nCrystal,平面设计,\n没有这人,唱歌,\n"


def test_skills_needs_matches_and_an_introduction(shell, tmp_path):
    file = tmp_path / "技能.csv"
    file.write_text(SHEET, encoding="utf-8")
    assert shell("relation", "import", file, "--dry-run", "--json").json["added"] == 4
    done = shell("relation", "import", file, "--json").json
    assert (done["added"], [each["row"] for each in done["unresolved"]]) == (4, [4])
    made = shell("relation", "need", "Crystal", "婚礼摄影", "--note", "五月", "--json").json
    assert (made["kind"], made["text"], made["note"]) == ("need", "婚礼摄影", "五月")
    assert "拍照" in shell("relation", "skill", "阿梨", "拍照").out
    assert len(shell("relation", "list", "--member", "阿梨", "--json").json["notes"]) == 4
    page = shell("member", "show", "阿梨", "--json").json
    assert (page["skills"], page["needs"]) == (["摄影", "剪辑", "拍照"], ["设计"])
    assert "摄影、剪辑、拍照" in shell("member", "show", "阿梨", "--lang", "zh").out
    assert [each["text"] for each in shell("relation", "list", "--kind", "need", "--json").json["notes"]] == [
        "设计", "婚礼摄影",
    ]  # fmt: skip
    assert shell("relation", "list", "--as-of", "2026-01-01", "--json").json["notes"] == []
    found = shell("relation", "match", "--json").json
    assert found["needs"] == 2
    told = {each["need"]["member"]["name"]: each["candidates"][0]["member"]["name"] for each in found["matches"]}
    assert told == {"阿梨": "Crystal🍀", "Crystal🍀": "阿梨"}
    assert "平面设计" in shell("relation", "match", "--member", "阿梨").out
    assert "--limit 0" in shell("relation", "match", "--limit", "1").out
    met = shell("relation", "introduce", "阿梨", "Crystal", "--about", "设计", "--json").json
    assert "「平面设计」" in met["text"]
    assert met["missing"] == []
    assert "Crystal" in shell("relation", "log").out
    assert shell("relation", "outcome", met["id"], "成了", "--json").json["outcome"] == "worked"
    assert [each["outcome"] for each in shell("relation", "log", "--json").json["introductions"]] == ["worked"]
    assert shell("relation", "match", "--json").json["needs"] == 1
    assert "Crystal" in shell("relation", "thanks").out
    assert shell("relation", "drop", made["id"], "--json").json["text"] == "婚礼摄影"
    shell("relation", "drop", made["id"]).refused(1)
    shell("relation", "introduce", "阿梨", "阿梨", "--about", "设计").refused(1)
    shell("relation", "outcome", 99, "成了").refused(1)


def test_the_tree_partners_and_thanks(shell):
    assert shell("relation", "tree", "--json").json["trees"] == []
    assert "—" in shell("relation", "tree").out or "n=" in shell("relation", "tree").out
    assert shell("relation", "tree", "阿梨", "--json").json["tree"][0]["people"] == 0
    assert "●" in shell("relation", "tree", "阿梨").out
    assert "--role" in shell("relation", "partners").out
    shell("member", "edit", "阿梨", "--role", "共创合伙人")
    (one,) = shell("relation", "partners", "--json").json["partners"]
    assert (one["member"]["name"], one["brought"]) == ("阿梨", 0)
    assert "阿梨" in shell("relation", "partners").out
    assert shell("relation", "thanks", "--json").json["owed"] == []
    shell("relation", "thank", "阿梨").refused(1)
    assert "整理书单" in shell("relation", "owe", "阿梨", "整理书单").out
    (owed,) = shell("relation", "thanks", "--json").json["owed"]
    assert (owed["member"]["name"], owed["reasons"][0]["kind"]) == ("阿梨", "noted")
    said = shell("relation", "thank", "阿梨", "--how", "私聊", "--json").json
    assert "整理书单" in said["text"]
    assert [(each["reason"], each["how"]) for each in said["thanked"]] == [("整理书单", "私聊")]
    assert "私聊" in shell("relation", "thanks", "--said").out
    assert shell("relation", "thanks", "--json").json["owed"] == []
    shell("relation", "owe", "阿梨", " ").refused(1)


def test_a_table_nobody_knows_is_explained_once(shell, tmp_path):
    file = tmp_path / "表.csv"
    file.write_text("甲,乙\n阿梨,摄影\n阿梨," + "长" * 61 + "\n,唱歌\n", encoding="utf-8")
    assert "--map" in shell("relation", "import", file).refused(1)
    done = shell("relation", "import", file, "--map", "name=甲,skill=乙", "--json").json
    assert (done["added"], [each["row"] for each in done["rejected"]]) == (1, [3, 4])
    again = shell("relation", "import", file, "--json").json
    assert (again["added"], again["already"]) == (0, 1)
