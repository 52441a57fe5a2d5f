"""`qunguan segment`: the documents other programs read, and an owner who sorts, asks why, and decides by hand."""

from __future__ import annotations

import json

import pytest


@pytest.fixture
def shop(blank, monkeypatch):
    """Three members: one spent 1200, one 600, one nothing. Commands in Chinese."""
    monkeypatch.setenv("QUNGUAN_LANG", "zh")
    blank("init", "--group", "早起读书群")
    for name, yuan in (("阿梨", 1200), ("团团妈", 600), ("张三", 0)):
        assert blank("member", "add", name).code == 0
        if yuan:
            assert blank("order", "add", name, yuan).code == 0
    return blank


def test_the_document_is_the_one_that_was_promised(shop):
    found = shop("segment", "show", "s1.amount", "--json").json
    assert found["scheme"] == "s1.amount"
    assert [(each["name"], each["n"], [one["name"] for one in each["members"]]) for each in found["buckets"]] == [
        ("高消费", 1, ["阿梨"]), ("中消费", 1, ["团团妈"]), ("低消费", 0, []), ("未消费", 1, ["张三"]),
    ]  # fmt: skip
    past = shop("segment", "show", "S1金额", "--as-of", "2026-03-01", "--json").json
    assert sum(each["n"] for each in past["buckets"]) == len(
        [one for each in past["buckets"] for one in each["members"]]
    )


def test_every_scheme_is_listed_with_its_source(shop):
    listed = {each["code"]: each for each in shop("segment", "list", "--json").json["schemes"]}
    assert {"s0.value", "s1.amount", "s1.frequency", "s1.activity", "s3.messages", "s3.grid", "life.4", "life.7",
            "stage.baby", "stage.maternity", "stage.camp", "need.strength", "rfm.segments"} == set(listed)  # fmt: skip
    assert all(each["source"] for each in listed.values())
    assert "发言≥5/7天" in shop("segment", "list").out
    assert "messages≥5/7d" in shop("segment", "list", "--lang", "en").out


def test_a_list_for_people_has_names_and_words(shop):
    told = shop("segment", "list").out
    assert "老：由 生命周期七段 的 有效、活跃、核心 合成" in told
    assert not [raw for raw in ("own choice", "semantics", "life.7 的") if raw in told]
    assert "S1-16, 我们定的" in told
    assert "semantics" not in shop("segment", "list", "--lang", "en").out
    assert "semantics" not in shop("segment", "why", "rfm", "阿梨").out


def test_what_helps_is_said_once(shop):
    told = shop("segment", "why", "rfm", "阿梨").out
    assert told.count("可以这样做") + told.count("该怎么做") == 1


def test_many_people_are_counted_as_people(shop):
    for number in range(12):
        assert shop("member", "add", f"新人{number}").code == 0
    assert "，另有 5 人" in shop("segment", "show", "s1.amount").out


def test_without_a_chat_nobody_is_called_silent(shop):
    found = shop("segment", "show", "s3.messages", "--json").json
    assert [each["n"] for each in found["buckets"]] == [0, 0, 0]
    assert found["unknown"]["n"] == 3


def test_two_schemes_crossed(shop):
    table = shop("segment", "cross", "s1.amount", "s1.frequency", "--json").json
    assert table["columns"] == ["高频", "中频", "偶尔", "未消费", None]
    cells = {row["name"]: row["n"] for row in table["rows"]}
    assert cells["高消费"] == [0, 1, 0, 0, 0]
    assert cells["未消费"] == [0, 0, 0, 1, 0]
    assert "未消费" in shop("segment", "cross", "s1.amount", "s1.frequency").out


def test_why_a_bucket_by_hand_and_back(shop):
    why = shop("segment", "why", "s1.amount", "团团妈", "--json").json
    assert why["bucket"] == "中消费"
    assert any("600" in line for line in why["why"])
    refused = shop("segment", "lock", "s1.amount", "团团妈", "没有", "--reason", "x").refused()
    assert "高消费" in refused
    rehearsed = shop("segment", "lock", "s1.amount", "团团妈", "高消费", "--reason", "团长", "--dry-run", "--json").json
    assert rehearsed["dry_run"]
    assert shop("segment", "why", "s1.amount", "团团妈", "--json").json["bucket"] == "中消费"
    shop("segment", "lock", "s1.amount", "团团妈", "高消费", "--reason", "团长")
    assert shop("segment", "why", "s1.amount", "团团妈", "--json").json["locked"]
    changes = shop("segment", "history", "s1.amount", "团团妈", "--days", "3", "--json").json["changes"]
    assert changes[-1]["now"] == "高消费"
    shop("undo")
    assert shop("segment", "unlock", "s1.amount", "团团妈").code == 1
    assert shop("segment", "why", "s1.amount", "团团妈", "--json").json["bucket"] == "中消费"


def test_a_bucket_changed_says_who_moves(shop):
    moved = shop("segment", "set", "s1.amount", "高消费", "消费≥500", "--reason", "我们客单低", "--json").json
    assert [(each["name"], each["was"], each["now"]) for each in moved["moves"]] == [("团团妈", "中消费", "高消费")]
    assert shop("segment", "show", "s1.amount", "--json").json["buckets"][0]["n"] == 2
    assert "花钱好多" in shop("segment", "set", "s1.amount", "高消费", "花钱好多").refused()
    shop("segment", "reset", "s1.amount")
    assert shop("segment", "show", "s1.amount", "--json").json["buckets"][0]["n"] == 1
    shop("segment", "switch", "s1.amount", "off")
    assert not {each["code"]: each for each in shop("segment", "list", "--json").json["schemes"]}["s1.amount"][
        "enabled"
    ]


def test_a_scheme_and_a_tag_of_ones_own(shop, tmp_path):
    made = shop("segment", "new", "大户", "大户 = 消费≥1000", "散户", "--json").json
    assert [(each["name"], each["n"]) for each in made["buckets"]] == [("大户", 1), ("散户", 2)]
    shop("segment", "export", made["scheme"], "--to", tmp_path / "大户.json")
    table = json.loads((tmp_path / "大户.json").read_text(encoding="utf-8"))
    assert [row["label"] for row in table["rows"]] == ["大户·大户", "散户·大户", "散户·大户"]
    shop("segment", "tag", "add", "习惯:买家", "消费≥500")
    tags = shop("segment", "tag", "list", "--json").json["tags"]
    assert [(each["tag"], each["n"], each["when"]) for each in tags] == [("习惯:买家", 2, "消费≥500")]
    assert shop("segment", "tag", "edit", "买家", "消费≥1000", "--json").json["n"] == 1
    listed = {each["name"]: each["rule_tags"] for each in shop("member", "list", "--json").json["members"]}
    assert sorted(listed.values()) == [[], [], ["习惯:买家"]]
    carrier = next(name for name, tags in listed.items() if tags)
    assert shop("member", "show", carrier, "--json").json["rule_tags"] == ["习惯:买家"]
    assert "习惯:买家" in shop("member", "list").out
    shop("segment", "tag", "remove", "买家")
    assert shop("segment", "tag", "list", "--json").json["tags"] == []
