"""`qunguan group card | rules | violation | preset | festivals`."""

from __future__ import annotations

import pytest


@pytest.fixture
def person(shell) -> str:
    shell("member", "add", "小满", "--joined", "2026-03-01")
    return "小满"


def test_the_card(shell):
    empty = shell("group", "card", "show", "--json").json
    assert [each["source"] for each in empty["advice"]] == ["S3-02", "S3-02", "S3-02, S3-03", "S2-20", "S0-26"]
    assert empty["business"] is None
    shell("group", "card", "set").refused()
    shell("group", "card", "set", "--kinds", "吃瓜").refused()
    made = shell("group", "card", "set", "--kinds", "产品+兴趣", "--persona", "25–35 岁白领", "--json").json["card"]
    assert (made["kinds"], made["persona"]) == (["interest", "product"], "25–35 岁白领")
    rehearsed = shell("group", "card", "set", "--welcome", "欢迎来{group}", "--dry-run", "--json").json
    assert rehearsed["dry_run"]
    assert shell("group", "card", "show", "--json").json["card"]["welcome"] == ""
    shell("group", "card", "set", "--welcome", "欢迎来{group}")
    assert "欢迎来早起读书群" in shell("group", "card", "show").out
    shell("group", "card", "show", "--group", "没有").refused()


def test_the_rules(shell):
    shell("group", "rules", "text").refused()
    for text in ("不发广告", "晚上七点到九点聊正题"):
        shell("group", "rules", "add", text)
    shell("group", "rules", "add", "不发广告").refused()
    assert [rule["text"] for rule in shell("group", "rules", "move", 2, 1, "--json").json["rules"]] == [
        "晚上七点到九点聊正题", "不发广告",
    ]  # fmt: skip
    assert "2. 不发广告和二维码" in shell("group", "rules", "edit", 2, "不发广告和二维码").out
    assert "1. 晚上七点" in shell("group", "rules", "text", "--lang", "zh").out
    assert shell("group", "rules", "remove", 1, "--json").json["rules"][0]["place"] == 1
    shell("group", "rules", "remove", 9).refused()
    assert len(shell("group", "rules", "list", "--json").json["rules"]) == 1


def test_a_violation_and_what_follows_from_it(shell, person):
    shell("group", "rules", "add", "不发广告")
    first = shell("group", "violation", "add", person, "--rule", 1, "--note", "发了二维码", "--json").json
    assert (first["violation"]["step"], first["suggested"]) == ("warning", "warning")
    assert "小满" in first["text"]
    rehearsed = shell("group", "violation", "add", person, "--rule", 1, "--dry-run", "--json").json
    assert rehearsed["violation"]["step"] == "removal"
    assert len(shell("group", "violation", "list", "--json").json["violations"]) == 1
    second = shell("group", "violation", "add", person, "--rule", 1).out
    assert "小满" in second
    assert shell("member", "show", person, "--json").code == 0
    shell("group", "violation", "add", person).refused()
    assert len(shell("group", "violation", "list", "--member", person, "--json").json["violations"]) == 2
    assert "发了二维码" in shell("group", "violation", "list").out
    shell("group", "violation", "add", "没有这个人").refused()
    shell("undo")
    assert shell("group", "violation", "add", person, "--step", "warning", "--json").json["suggested"] == "removal"
    shell("group", "violation", "add", person, "--step", "ban").refused()


def test_a_preset_is_shown_before_it_applies(shell):
    known = shell("group", "preset", "list", "--json").json["presets"]
    assert [each["name"] for each in known][:8] == [
        "电商", "知识付费", "本地生活", "品牌", "教育", "美妆", "餐饮", "服务",
    ]  # fmt: skip
    shown = shell("group", "preset", "show", "电商", "--json").json
    rehearsed = shell("group", "preset", "apply", "电商", "--dry-run", "--json").json
    assert rehearsed["changes"] == shown["changes"]
    assert shell("sop", "list", "--json").json["sops"] == []
    done = shell("group", "preset", "apply", "ecommerce", "--json").json
    assert (done["changes"], done["kept"]) == (shown["changes"], 0)
    again = shell("group", "preset", "apply", "电商", "--json").json
    assert (again["new"], again["changed"], again["kept"]) == (0, 0, 0)
    shell("rule", "set", "order.repeat_days", 45)
    kept = shell("group", "preset", "apply", "电商", "--json").json
    assert (kept["kept"], kept["changed"]) == (1, 0)
    assert shell("group", "preset", "apply", "电商", "--force", "--json").json["changed"] == 1
    shell("group", "preset", "show", "挖矿").refused()


def test_festivals(shell):
    found = shell("group", "festivals", "--from", "2026-05-01", "--to", "2026-05-31", "--json").json
    assert [(each["name"], each["stance"]) for each in found["festivals"]] == [
        ("劳动节", "avoid"), ("母亲节", "with"), ("520", "with"),
    ]  # fmt: skip
    shell("group", "festivals", "--from", "2026-05-02", "--to", "2026-05-01").refused()
    assert "劳动节" in shell("group", "festivals").out


def test_who_the_owner_is(shell, person):
    assert shell("member", "edit", person, "--role", "群主").code == 0
    assert shell("member", "show", person, "--lang", "zh").out.count("群主")
    assert shell("member", "edit", person, "--role", "none").code == 0
    assert "群主" not in shell("member", "show", person, "--lang", "zh").out
