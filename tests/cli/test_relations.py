"""`qunguan relation …` on the command line."""

from __future__ import annotations

import json

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


def chat(path, *messages):
    """A chat as ChatLab has it: who says something, and the message they answer."""
    told = [
        {"sender": f"wxid_{who}", "accountName": who, "type": 0, "content": f"第{n}句",
         "timestamp": 1773100000 + 90 * n, "platformMessageId": str(n), "replyToMessageId": to}
        for n, (who, to) in enumerate(messages)
    ]  # fmt: skip
    head = {"chatlab": {"version": "0.0.2"}, "meta": {"name": "早起读书群", "platform": "wechat"}}
    path.write_text(json.dumps(head | {"messages": told}), encoding="utf-8")
    return path


def test_who_answers_whom(shell, tmp_path):
    before = shell("relation", "answers", "--json").json
    assert (before["messages"], before["answers"], before["heard"], before["people"]) == (None, None, None, [])
    assert "qq-chat-exporter" in shell("relation", "answers").out
    said = [("小满", None), ("老陈", None), ("豆豆", "0"), ("豆豆", "1"), ("小满", "2"), *[("石榴", None)] * 5]
    shell("activity", "import", chat(tmp_path / "a.json", *said), "--new", "create")
    found = shell("relation", "answers", "--json").json
    assert (found["answers"], found["outside"], found["messages"]) == (3, 0, 10)
    assert found["heard"] == {"value": 0.0, "n": 1}
    pairs = {(one["who"]["name"], one["whom"]["name"], one["times"], one["back"]) for one in found["pairs"]}
    assert pairs == {("豆豆", "小满", 1, 1), ("豆豆", "老陈", 1, 0), ("小满", "豆豆", 1, 1)}
    assert [one["name"] for one in found["connectors"]] == ["豆豆"]
    assert [one["name"] for one in found["unanswered"]] == ["石榴"]
    assert found["most_answered"] == [], "once is not often"
    assert "豆豆" in shell("relation", "answers", "--limit", "1").out
    assert "--limit 0" in shell("relation", "answers", "--pairs", "--limit", "2").out
    assert "石榴" in shell("relation", "answers", "石榴", "--lang", "zh").out
    one = shell("relation", "answers", "豆豆", "--json").json["member"]
    assert {each["member"]["name"] for each in one["whom"]} == {"小满", "老陈"}
    assert shell("relation", "answers", "--as-of", "2026-01-01", "--json").json["people"] == []
    shell("relation", "answers", "--days", "0").refused(1)
