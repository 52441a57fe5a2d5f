"""`qunguan insight rfm | funnel | trade | channel | articles`: documents for programs, lines for people."""

from __future__ import annotations

import json

import pytest

from tests.cli.shell import FIXTURES

FOLDER = FIXTURES / "orders"
EXPECTED = json.loads((FOLDER / "shop_orders_expected_small.json").read_text(encoding="utf-8"))
LINE = {"member_id", "key", "recency_days", "orders", "purchase_days", "net_fen", "r", "f", "m"}


@pytest.mark.parametrize("name", ["ktt", "youzan", "qunjielong"])
@pytest.mark.parametrize("new", ["create", "skip"])
def test_rfm_of_a_shop_is_as_expected(shell, name, new):
    told = EXPECTED[name]
    assert shell("order", "import", FOLDER / told["file"], "--new", new).code == 0
    found = shell("insight", "rfm", "--as-of", told["rfm_asof"], "--json").json
    assert found["as_of"] == told["rfm_asof"]
    assert {each["key"] for each in found["members"]} == set(told["rfm"])
    for each in found["members"]:
        assert each.keys() >= LINE
        wanted = told["rfm"][each["key"]]
        assert (each["recency_days"], each["orders"], each["net_fen"]) == (
            wanted["recency_days"], wanted["orders"], wanted["monetary_cents"],
        )  # fmt: skip
        assert (each["member_id"] is None) == (new == "skip")
    assert sum(each["n"] for each in found["segments"]) == len(found["members"])
    fifths = shell("insight", "rfm", "--as-of", told["rfm_asof"], "--method", "quintile", "--json").json
    assert (fifths["method"] == "quintile") == (fifths["fallback"] is None)
    assert len(shell("insight", "rfm", "--as-of", told["rfm_asof"], "--limit", "3").out.splitlines()) > 10


def test_funnels(shell):
    names = {each["id"] for each in shell("insight", "funnel", "--json").json["funnels"]}
    assert names == {"newcomer", "ladder", "modules", "social"}
    for name in names:
        found = shell("insight", "funnel", name, "--json").json
        assert found.keys() >= {"name", "from", "to", "window_days", "steps"}
        assert "—" in shell("insight", "funnel", name).out
    assert shell("order", "add", "阿梨", "100", "--item", "面膜").code == 0
    own = shell("insight", "funnel", "--steps", "order:面膜,checkin,reorder", "--from", "2026-01-01", "--json").json
    assert [(each["step"], each["n"]) for each in own["steps"]] == [("order:面膜", 1), ("checkin", 0), ("reorder", 0)]
    assert own["from"] == "2026-01-01"
    for bad in (("moon",), ("--steps", "joined"), ("modules", "--steps", "joined,order"), ("--steps", "x,y")):
        shell("insight", "funnel", *bad).refused()


def test_trade_and_what_the_owner_tells(shell):
    assert shell("order", "add", "阿梨", "100", "--item", "面膜", "--item", "精华").code == 0
    found = shell("insight", "trade", "--json").json
    assert (found["buyers"], found["aov_fen"], found["attach_rate"]) == (1, 10_000, {"value": 1.0, "n": 1})
    assert found["conversion"]["n"] == found["members"]
    assert found["ltv_aov"] == {"value": 1.0, "n": 1}
    assert "精华 + 面膜" in shell("insight", "trade").out
    assert (
        shell("insight", "articles", "面膜", "精华", "--category", "护肤", "--dry-run", "--json").json["changed"] == 2
    )
    assert shell("insight", "articles", "--json").json == {"articles": {}}
    assert shell("insight", "articles", "面膜", "精华", "--category", "护肤").code == 0
    assert shell("insight", "trade", "--json").json["attach_rate"]["value"] == 0
    assert "护肤" in shell("insight", "articles").out


def test_what_channels_cost(shell):
    assert "channel add" in shell("insight", "channels").out
    line = ("insight", "channel", "add", "抖音", "500", "--from", "2026-03-01", "--to", "2026-03-31")
    assert shell(*line, "--dry-run", "--json").json["cost_fen"] == 50_000
    done = shell(*line, "--json").json
    found = shell("insight", "channels", "--json").json
    assert [each["id"] for each in found["costs"]] == [done["id"]]
    assert [each["channel"] for each in found["channels"]] == ["抖音"]
    assert "抖音" in shell("insight", "channels").out
    assert shell("insight", "channel", "remove", done["id"]).code == 0
    assert shell("insight", "channels", "--json").json == {"channels": [], "costs": []}
    assert shell("undo").code == 0
    assert len(shell("insight", "channels", "--json").json["costs"]) == 1
    shell("insight", "channel", "remove", 99).refused()
    shell("insight", "channel", "add", "抖音", "-5").refused()
