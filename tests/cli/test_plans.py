"""`qunguan plan` and `qunguan membership`."""

from __future__ import annotations

import pytest

from tests.cli.shell import Shell


@pytest.fixture
def sold(shell: Shell) -> Shell:
    """A yearly plan with two early places; 阿梨 (1) joined today, 团团妈 (2) a year ago tomorrow."""
    made = shell("plan", "add", "年卡", "--price", "299", "--early", 2, "--gift", "一本书", "--benefit", "课程=12",
                 "--scarce", "外拍＝3", "--benefit", "折扣", "--json").json["plan"]  # fmt: skip
    assert (made["term_days"], made["refund_days"], made["grace_days"]) == (365, 3, 30)
    assert [(each["name"], each["scarce"], each["quota"]) for each in made["benefits"]] == [
        ("课程", False, 12), ("折扣", False, None), ("外拍", True, 3),
    ]  # fmt: skip
    shell("membership", "sell", "#1", "年卡")
    shell("membership", "sell", "#2", "年卡", "--day", "2025-03-21", "--price", "199")
    return shell


def test_sell_renew_and_refund_answer_with_the_term_and_the_membership(sold: Shell) -> None:
    new = sold("membership", "sell", "#3", "年卡", "--json").json
    assert new["term"]["early"] is False
    assert new["early_left"] == 0
    assert (new["term"]["starts_on"], new["term"]["ends_on"]) == ("2026-03-20", "2027-03-19")
    assert new["membership"]["status"] == "new"
    rehearsed = sold("membership", "renew", "#2", "--dry-run", "--json").json
    assert rehearsed["dry_run"]
    done = sold("membership", "renew", "#2", "--json").json
    assert done["term"]["starts_on"] == "2026-03-21"
    assert (done["fen"], done["membership"]["until"]) == (29900, "2027-03-20")
    back = sold("membership", "refund", "#3", "--json").json
    assert (back["fen"], back["membership"]["status"], back["term"]["refunded_on"]) == (
        -29900,
        "refunded",
        "2026-03-20",
    )
    assert "renew" in sold("membership", "sell", "#2", "年卡").refused()
    assert sold("undo").code == 0
    assert sold("membership", "show", "#3", "--json").json["memberships"][0]["status"] == "new"


def test_due_is_asked_as_of_any_day(sold: Shell) -> None:
    found = sold("membership", "due", "--json", "--as-of", "2026-03-13").json
    assert found["as_of"] == "2026-03-13"
    assert [(each["member_id"], each["stage"], each["days"], each["today"]) for each in found["due"]] == [
        (2, "plan.due_near", -7, True)
    ]
    assert sold("membership", "due", "--json", "--today").json["due"][0]["stage"] == "plan.due_end"
    text = sold("membership", "due", "--text", "--as-of", "2026-03-13").out
    assert "runs through 2026-03-20, 7 days from now" in text
    assert "Another term is 299 yuan." in text
    assert sold("membership", "due", "--as-of", "2026-03-01", "--today").out.startswith("all groups\nNo renewal is due")
    assert sold("membership", "due", "--json").json["renewal_rate"] == {
        "from": None, "to": "2026-03-20", "due": 1, "renewed": 0, "open": 1, "rate": 0.0,
    }  # fmt: skip
    assert "has not come yet" in sold("membership", "due", "--as-of", "2026-04-01").refused()


def test_a_refund_after_the_days_needs_a_word_and_a_reason(sold: Shell) -> None:
    assert "--late --reason" in sold("membership", "refund", "#2").refused()
    assert "--late --reason" in sold("membership", "refund", "#2", "--late").refused()
    done = sold("membership", "refund", "#2", "--late", "--reason", "搬家", "--amount", "100", "--json").json
    assert (done["fen"], done["term"]["reason"]) == (-10000, "搬家")


def test_benefits_are_counted_down_and_gifts_handed_over(sold: Shell) -> None:
    used = sold("membership", "use", "#1", "外拍", "--times", 2, "--json").json
    assert (used["used"], used["left"]) == (2, 1)
    assert "1 of 3" in sold("membership", "use", "#1", "外拍", "--times", 2).refused()
    back = sold("membership", "use", "#1", "外拍", "--back", "--json").json
    assert (back["times"], back["used"], back["left"]) == (-2, 0, 3)
    assert "has not used" in sold("membership", "use", "#1", "外拍", "--back").refused()
    assert "折扣 1" in sold("membership", "use", "#1", "折扣").out
    assert "课程" in sold("membership", "use", "#1", "游泳").refused()
    shown = sold("plan", "show", "年卡", "--json").json["plan"]
    assert [each["member_id"] for each in shown["gifts_owed"]] == [2, 1]
    assert "一本书" in sold("membership", "gift", "#1").out
    assert "owed" in sold("membership", "gift", "#1").refused()
    assert [each["member_id"] for each in sold("plan", "list", "--json").json["plans"][0]["gifts_owed"]] == [2]


def test_prices_change_by_day_and_by_places(sold: Shell) -> None:
    sold("plan", "price", "年卡", "249", "--places", 1)
    assert sold("plan", "list", "--json").json["plans"][0]["price_fen"] == 29900  # 阿梨 joined today: it is taken
    sold("plan", "price", "年卡", "249", "--places", 2)
    row = sold("plan", "list", "--json").json["plans"][0]
    assert (row["price_fen"], row["places_left"]) == (24900, 1)
    assert sold("membership", "sell", "#3", "年卡", "--json").json["fen"] == 24900
    steps = sold("plan", "show", "年卡", "--json").json["plan"]["prices"]
    assert sold("plan", "price", "年卡", "--remove", steps[-1]["id"]).code == 0
    assert "no price #99" in sold("plan", "price", "年卡", "--remove", 99).refused()
    assert "say a price" in sold("plan", "price", "年卡").refused()


def test_a_plan_is_changed_taken_off_sale_and_put_back(sold: Shell) -> None:
    assert sold("plan", "edit", "年卡", "--until", "2026-12-31", "--json").json["plan"]["term_days"] is None
    assert "not allowed" not in sold("plan", "edit", "年卡", "--days", 30).out
    sold("plan", "benefit", "年卡", "沙龙", "--quota", 2, "--scarce")
    sold("plan", "benefit", "年卡", "折扣", "--remove")
    brought = sold("plan", "show", "年卡", "--json").json["plan"]["benefits"]
    assert {each["name"]: each["retired_on"] for each in brought}["折扣"] == "2026-03-20"
    assert "off sale" in sold("plan", "retire", "年卡").out
    assert "not on sale" in sold("membership", "renew", "#2").refused()
    assert sold("plan", "list", "--json").json["plans"] == []
    assert len(sold("plan", "list", "--all", "--json").json["plans"]) == 1
    assert "on sale" in sold("plan", "retire", "年卡", "--back").out
    assert "already" in sold("plan", "add", "年卡 ").refused()


def test_lists_are_for_people_too(sold: Shell) -> None:
    sold("membership", "sell", "#3", "年卡", "--price", 0, "--starts", "2026-04-01")
    lines = sold("membership", "list").out
    assert "not begun" in lines
    assert "last day" not in lines
    assert [
        each["guest"] for each in sold("membership", "list", "--status", "pending", "--json").json["memberships"]
    ] == [True]
    assert "as a guest" in sold("membership", "show", "#3").out
    months = sold("membership", "rate", "--from", "2026-01-15", "--json").json
    assert [each["from"] for each in months["months"]] == ["2026-01-15", "2026-02-01", "2026-03-01"]
    assert months["total"]["due"] == 1
    assert "2026-03" in sold("membership", "rate").out
    assert "joining costs 299" in sold("plan", "show", "#1").out


def test_what_cannot_be_is_one_line(sold: Shell) -> None:
    assert "has not come yet" in sold("membership", "sell", "#3", "年卡", "--day", "2026-04-01").refused()
    assert "no plan" in sold("membership", "sell", "#3", "月卡").refused()
    assert "no such membership" in sold("membership", "renew", "#3").refused()
    assert "order #9" in sold("membership", "sell", "#3", "年卡", "--order", 9).refused()
    assert "before it is paid" in sold("membership", "sell", "#3", "年卡", "--starts", "2026-03-01").refused()
    assert "no price" in sold("membership", "sell", "#3", "年卡", "--day", "2025-01-01").refused()
    sold("plan", "add", "两年", "--days", 730, "--price", "500")
    sold("membership", "sell", "#1", "两年")
    refused = sold("membership", "refund", "#1").refused()
    assert "several plans" in refused
    assert "(#1)" in refused
    assert "(#2)" in refused
    assert sold("membership", "refund", "#1", "两年").code == 0


def test_a_term_paid_by_an_order_is_the_money_of_that_order(sold: Shell) -> None:
    made = sold("order", "add", "#3", "299", "--item", "年卡", "--day", "2026-03-19", "--json").json
    order_id = made.get("id") or made["order"]["id"]
    done = sold("membership", "sell", "#3", "年卡", "--order", order_id, "--json").json
    assert (done["fen"], done["term"]["day"]) == (29900, "2026-03-19")
    assert "already" in sold("membership", "sell", "#1", "年卡", "--order", order_id).refused()
    sold("membership", "refund", "#3", "--reason", "不合适")
    assert sold("order", "show", order_id, "--json").json["refund_fen"] == 29900


def test_a_plan_that_is_over_already_is_noted_with_a_warning(sold: Shell) -> None:
    told = sold("plan", "add", "去年卡", "--price", "99", "--until", "2026-03-19").out.splitlines()
    assert [line for line in told if "2026-03-19" in line] == [
        "Mind: 2026-03-19 is past: nobody can join 去年卡 any more"
    ]
    assert "Mind" not in sold("plan", "add", "今天为止", "--until", "2026-03-20").out
