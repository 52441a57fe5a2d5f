"""`qunguan insight revenue | ltv | cac`: documents for programs, lines for people."""

from __future__ import annotations

import pytest

SUMS = {"gross_fen", "refunds_fen", "net_fen", "orders", "buyers"}


@pytest.fixture
def earned(shell):
    """A hundred yuan in February, fifty in March, forty of the first back in March, 阿梨 both; 抖音 cost ten."""
    for line in (("add", "阿梨", "100", "--day", "2026-02-10"), ("add", "阿梨", "50", "--day", "2026-03-02"),
                 ("refund", "1", "--amount", "40", "--day", "2026-03-05")):  # fmt: skip
        assert shell("order", *line).code == 0
    return shell


def test_money_of_the_month_by_stream(earned):
    found = earned("insight", "revenue", "--json").json
    assert found.keys() >= {"rows", "total", "from", "to", "terms"}
    assert (found["from"], found["to"], found["by"], found["group"]) == ("2026-03-01", "2026-03-20", "stream", None)
    assert [each["key"] for each in found["rows"]] == ["orders", "memberships", "ads", "deals"]
    assert all(each.keys() == SUMS | {"key"} for each in found["rows"])
    assert found["total"] == {"gross_fen": 5000, "refunds_fen": 4000, "net_fen": 1000, "orders": 1, "buyers": 1}
    told = earned("insight", "revenue").out
    assert "Money from 2026-03-01 to 2026-03-20" in told
    assert "10.00" in told
    assert "each of them once in the total" in told


def test_money_by_month_group_and_channel_as_of_any_day(earned):
    asked = ("insight", "revenue", "--from", "2026-01-01", "--json")
    rows = earned(*asked, "--by", "month").json["rows"]
    assert [(each["key"], each["net_fen"]) for each in rows] == [("2026-02", 10_000), ("2026-03", 1000)]
    assert earned(*asked, "--as-of", "2026-03-04").json["total"]["net_fen"] == 15_000
    assert earned(*asked, "--to", "2026-02-28").json["total"]["net_fen"] == 10_000
    assert [each["key"] for each in earned(*asked, "--by", "group").json["rows"]] == ["早起读书群"]
    assert earned(*asked, "--by", "channel").json["rows"][0]["key"] == "(none)"
    assert "channel not told" in earned("insight", "revenue", "--by", "channel").out
    assert earned(*asked, "--group", "早起读书群").json["group"] == "早起读书群"
    assert "Next:" in earned("insight", "revenue", "--as-of", "2026-01-05").out


@pytest.mark.parametrize("wrong", [
    ("--from", "2026-03-02", "--to", "2026-03-01"), ("--from", "2026-04-01"), ("--as-of", "2026-04-01"),
    ("--group", "没有"),
])  # fmt: skip
def test_what_cannot_be(shell, wrong):
    shell("insight", "revenue", *wrong).refused()
    shell("insight", "revenue", "--by", "moon").refused(2)


def test_ltv_and_cac(earned):
    assert "Next:" in earned("insight", "ltv", "--as-of", "2026-01-05").out
    assert earned("insight", "channel", "add", "抖音", "10", "--from", "2026-01-01").code == 0
    found = earned("insight", "ltv", "--cohort", "month", "--json").json
    assert (found["buyers"], found["purchases"], found["ltv_fen"], found["aov_fen"], found["ltv_aov"]) == (
        1, 2, {"value": 11_000.0, "n": 1}, 5500, {"value": 2.0, "n": 1},
    )  # fmt: skip
    assert [(each["month"], each["size"]) for each in found["cohorts"]] == [("2026-02", 1)]
    assert found["ltv_simple"] is None
    assert [each["channel"] for each in found["channels"]] == ["抖音"]
    told = earned("insight", "ltv").out
    assert "2.0 average purchases" in told
    assert "抖音" in told
    assert earned("insight", "cac", "--json").json == earned("insight", "channels", "--json").json
    assert earned("insight", "cac", "--as-of", "2025-12-31", "--json").json == {"channels": [], "costs": []}
    assert earned("order", "add", "Crystal", "30", "--day", "2026-01-03").code == 0
    found = earned("insight", "ltv", "--as-of", "2026-02-28", "--json").json["ltv_simple"]
    assert (found["estimate"], found["monthly_churn"], found["months"]) == (True, 1.0, 2)
    assert "estimate, not observed" in earned("insight", "ltv").out
