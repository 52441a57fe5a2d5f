"""`qunguan campaign` as it is typed: from a plan to its review."""

from __future__ import annotations

import hashlib

import pytest

from tests.cli.shell import Shell


@pytest.fixture
def people(shell: Shell) -> Shell:
    for name in ("阿梨", "小王", "老陈"):
        if shell("member", "show", name).code:
            shell("member", "add", name)
    return shell


def let_go(shell: Shell, name: str) -> None:
    told = shell("campaign", "gate", name, "--json").json
    answers = [part for each in told["gate"] for part in ("--answer", each["question"], each["right"])]
    assert shell("campaign", "gate", name, *answers, "--json").json["stops"] == 0
    assert shell("campaign", "start", name).code == 0


def test_a_group_buy_goes_from_plan_to_review(people: Shell, tmp_path):
    shell = people
    before = shell.digest()
    made = ("campaign", "add", "三人拼团", "--form", "拼团", "--from", "2026-03-20", "--to", "2026-03-20", "--start",
            "9点",
            "--offer", "洗衣液 99 元", "--goal", "orders", "--target", "3", "--set", "team_size=3")  # fmt: skip
    assert shell(*made, "--dry-run").code == 0
    assert shell.digest() == before
    added = shell(*made, "--json").json
    assert (added["campaign"]["form"], added["campaign"]["goal_value"]) == ("group_buy", 3)
    assert any(each["source"] == "S0-28" for each in added["warnings"])
    assert shell("campaign", "start", "三人拼团").refused()
    plan = shell("campaign", "plan", "三人拼团", "--json").json
    assert {each["step"] for each in plan["tasks"]} >= {"warm", "start", "review"}
    assert "洗衣液 99 元" in shell("campaign", "plan", "三人拼团", "--json").out
    shell("campaign", "entry", "三人拼团", "阿梨").refused()
    let_go(shell, "三人拼团")
    file = tmp_path / "接龙.txt"
    file.write_text("A团：阿梨、小王\n", encoding="utf-8")
    assert shell("campaign", "entry", "三人拼团", "--paste", file, "--json").json["added"] == 2
    assert shell("campaign", "entry", "三人拼团", "--paste", file, "--json").json["again"] == 2
    shell("campaign", "entry", "三人拼团", "阿梨", "--team", "B团").refused()
    file.write_text("B团：不存在的人😀\n", encoding="utf-8")
    paste = ("campaign", "entry", "三人拼团", "--paste", file, "--dry-run")
    assert "不存在的人😀" in shell(*paste).out
    assert shell(*paste, "--json").json["strangers"] == ["不存在的人😀"]
    entry = shell("campaign", "entry", "三人拼团", "老陈", "--team", "A团", "--amount", "99", "--json").json["entry"]
    assert entry["amount_fen"] == 9_900
    card = shell("campaign", "show", "三人拼团", "--json").json
    assert [(each["complete"], len(each["people"])) for each in card["teams"]] == [(True, 3)]
    assert "● A团" in shell("campaign", "show", "三人拼团").out
    assert shell("campaign", "entry", "三人拼团", "--void", entry["id"], "--reason", "退了").code == 0
    assert shell("campaign", "entry", "三人拼团", "--json").json["entries"][2]["void_reason"] == "退了"
    assert shell("campaign", "cost", "三人拼团", "快递", "12.5", "--json").json["cost_fen"] == 1_250
    assert shell("campaign", "cost", "三人拼团", "--remove", "1", "--json").json["cost_fen"] == 0
    shell("campaign", "cost", "三人拼团", "快递").refused()
    assert "2/" in shell("campaign", "show", "三人拼团").out
    told = shell("campaign", "review", "三人拼团", "--next", "早点开团", "--json").json
    assert told["written"]["next_time"] == "早点开团"
    assert told["figures"]["conversion"]["n"] > 0
    assert shell("campaign", "review", "三人拼团").code == 0
    assert shell("campaign", "close", "三人拼团").code == 0
    (line,) = shell("campaign", "list", "--json").json["campaigns"]
    assert (line["state"], line["reached"]) == ("over", 2)
    assert shell("campaign", "close", "三人拼团", "--reopen").code == 0
    assert shell("campaign", "edit", "三人拼团", "--name", "四人拼团", "--set", "team_size=4", "--json").code == 0
    assert shell("campaign", "show", "四人拼团", "--json").json["terms"]["team_size"] == "4"
    assert shell("campaign", "cancel", "四人拼团").code == 0
    assert "cancelled" in shell("campaign", "list", "--json").json["campaigns"][0]["state"]
    assert "四人拼团" in shell("campaign", "list").out


def test_past_days_can_be_asked_for_and_nothing_is_written_on_them(people: Shell):
    dates = ("--from", "2026-03-18", "--to", "2026-03-20")
    assert people("campaign", "add", "闪", "--form", "flash", *dates).code == 0
    let_go(people, "闪")
    assert people("campaign", "entry", "闪", "阿梨", "--day", "2026-03-20", "--amount", "10").code == 0
    then = ("--as-of", "2026-03-19")
    (line,) = people("campaign", "list", *then, "--json").json["campaigns"]
    assert (line["figures"]["orders"], line["state"]) == (0, "planned")
    assert people("campaign", "show", "闪", *then, "--json").json["entries"] == []
    assert people("campaign", "review", "闪", *then, "--json").json["figures"]["orders"] == 0
    assert people("campaign", "list", "--as-of", "2026-03-01", "--json").json["campaigns"] == []
    people("campaign", "show", "闪", "--as-of", "2026-03-01").refused()
    people("campaign", "review", "闪", "--well", "好", *then).refused()
    assert people("campaign", "review", "闪", "--json").json["figures"]["orders"] == 1


def test_the_goal_is_told_back_and_of_a_group_buy_it_is_people(people: Shell):
    added = people("campaign", "add", "拼一拼", "--form", "拼团", "--target", "12", "--json").json["campaign"]
    assert (added["goal"], added["goal_value"]) == ("participants", 12)
    edited = people("campaign", "edit", "拼一拼", "--goal", "revenue", "--target", "1200").out
    assert "1200" in edited


def test_forms_are_held_against_each_other_by_runs_that_are_over(people: Shell):
    for name, form in (("甲", "flash"), ("乙", "debate")):
        days = ("--from", "2026-03-20", "--to", "2026-03-20")
        assert people("campaign", "add", name, "--form", form, *days).code == 0
        let_go(people, name)
        if form == "flash":
            assert people("campaign", "entry", name, "阿梨").code == 0
        assert people("campaign", "close", name).code == 0
    told = people("campaign", "list", "--json").json
    assert [each["runs"] for each in told["by_form"]] == [1, 1]
    assert {each["revenue_fen"] for each in told["by_form"]} == {None, 0}
    assert "进行中" not in people("campaign", "list").out


def test_a_draw_can_be_counted_again_from_what_is_printed(people: Shell):
    shell = people
    shell("campaign", "add", "周年", "--form", "anniversary", "--from", "2026-03-20")
    let_go(shell, "周年")
    for name in ("阿梨", "小王", "老陈"):
        assert shell("campaign", "entry", "周年", name).code == 0
    told = shell("campaign", "draw", "周年", "--seed", "种子7", "--winners", "1", "--json").json
    best = min(told["keys"], key=lambda key: hashlib.sha256(f"种子7:{key}".encode()).hexdigest())
    assert told["winners"][0]["key"] == best
    assert told["pool_digest"] == hashlib.sha256("\n".join(told["keys"]).encode()).hexdigest()
    assert told["pool"] == 3
    shell("campaign", "draw", "周年", "--seed", "8", "--winners", "1").refused()
    assert shell("campaign", "draw", "周年", "--seed", "8", "--winners", "1", "--again").code == 0
    assert shell("campaign", "entry", "周年", "--hand-out", "--json").json["added"] == 2
    again = shell("campaign", "entry", "周年", "--hand-out", "--json").json
    assert (again["added"], bool(again["why"])) == (0, True)


def test_a_plan_can_be_looked_at_before_it_is_saved(people: Shell):
    before = people.digest()
    told = people("campaign", "plan", "--form", "live", "--json").json
    assert told["from"] == "2026-03-25"
    assert "live" in people("campaign", "forms").out
    assert len(people("campaign", "forms", "--json").json["forms"]) == 16
    assert people.digest() == before
    people("campaign", "plan").refused()
    people("campaign", "add", "甲", "--form", "没有").refused()
    people("campaign", "add", "甲", "--form", "live", "--set", "xx").refused()
    people("campaign", "show", "没有").refused()
    people("campaign", "add", "甲", "--form", "flash", "--target", "许多").refused()
    assert people("campaign", "list").code == 0
