"""`qunguan order`: the documents other programs read, and a shop's evening on the command line."""

from __future__ import annotations

import json

import pytest

from tests.cli.shell import FIXTURES

FOLDER = FIXTURES / "orders"
EXPECTED = json.loads((FOLDER / "shop_orders_expected_small.json").read_text(encoding="utf-8"))
IMPORT = {
    "format", "orders", "lines", "created", "updated", "unchanged", "paid_fen", "refunded_fen", "net_fen", "unmatched",
    "rejected",
}  # fmt: skip


@pytest.fixture
def csv(tmp_path):
    """A sheet of nobody's shop, its columns named as nobody names them."""
    path = tmp_path / "sheet.csv"

    def write(*lines: str):
        path.write_text("\n".join(("no,who,when,sum,back,state", *lines)) + "\n", encoding="utf-8")
        return path

    return write


MAP = ("--map", "order_no=no", "--map", "buyer=who,paid_at=when,amount=sum", "--map", "refund=back,status=state")


@pytest.mark.parametrize("name", ["ktt", "youzan", "qunjielong"])
def test_a_shop_twice(shell, name):
    expected = EXPECTED[name]
    line = ("order", "import", FOLDER / expected["file"], "--new", "create", "--json")
    rehearsed = shell(*line, "--dry-run").json
    first, again = shell(*line).json, shell(*line).json
    assert first.keys() >= IMPORT
    assert (rehearsed["created"], rehearsed["dry_run"]) == (first["created"], True)
    assert (first["format"], first["net_fen"], again["net_fen"]) == (name, *[expected["net_cents_valid"]] * 2)
    assert (again["created"], again["updated"], again["unchanged"]) == (0, 0, first["created"])
    assert (first["unmatched"], first["rejected"], first["points"]) == ([], [], 0)
    found = shell("order", "summary", "--as-of", expected["rfm_asof"], "--json").json
    assert (found["net_fen"], found["buyers"]) == (expected["net_cents_valid"], len(expected["rfm"]))
    assert found["aov_fen"] == (2 * found["net_fen"] + found["orders"]) // (2 * found["orders"])
    assert found["repeat_rate"].keys() >= {"value", "n"}
    assert found["ltv_fen"]["n"] == found["buyers"]


def test_an_empty_book(shell):
    found = shell("order", "summary", "--json").json
    assert (found["orders"], found["buyers"], found["net_fen"], found["aov_fen"]) == (0, 0, 0, None)
    assert (found["repeat_rate"]["value"], found["repeat_rate"]["n"]) == (None, 0)
    assert found["ltv_fen"] == {"value": None, "n": 0}
    assert "—" in shell("order", "summary").out
    assert shell("order", "waiting", "--json").json == {"waiting": []}
    assert shell("order", "list", "--json").json == {"orders": [], "total": 0}


def test_a_sheet_with_columns_of_its_own_is_remembered(shell, csv):
    path = csv("A1,阿梨,2026-03-18,100,0,已支付", "A2,路人,2026-03-19,50.5,0,已支付", "A3,阿梨,2026-03-19,20,0,待支付")
    assert "--map" in shell("order", "import", path).refused()
    found = shell("order", "import", path, *MAP, "--json").json
    assert (found["format"], found["created"], found["net_fen"], found["points"]) == ("generic", 3, 15050, 100)
    assert [(each["buyer"], each["doubtful"], each["net_fen"]) for each in found["unmatched"]] == [
        ("路人", False, 5050)
    ]
    path = csv("A1,阿梨,2026-03-18,100,40,已支付", "A3,阿梨,2026-03-20,20,0,已支付")
    again = shell("order", "import", path, "--json").json
    assert (again["created"], again["updated"], again["refunded_fen"], again["points"]) == (0, 2, 4000, -20)
    assert shell("points", "reconcile").code == 0


def test_without_points_nothing_is_earned(shell, csv):
    path = csv("A1,阿梨,2026-03-18,100,0,已支付")
    assert shell("order", "import", path, *MAP, "--no-points", "--json").json["points"] == 0
    why = shell("order", "show", "1", "--json").json["why"]
    assert any("no points" in line for line in why)


def test_who_waits_is_settled(shell, csv):
    path = csv("A1,路人,2026-03-18,100,0,已支付", "A2,过客,2026-03-18,30,0,已支付")
    said = shell("order", "import", path, *MAP)
    assert "settle" in said.out
    assert {each["buyer"] for each in shell("order", "waiting", "--json").json["waiting"]} == {"路人", "过客"}
    assert "路人" in shell("order", "waiting").out
    tried = shell("order", "settle", "路人", "阿梨", "--dry-run", "--json").json
    done = shell("order", "settle", "路人", "阿梨", "--json").json
    assert (tried["orders"], done["member_id"], done["orders"], done["points"]) == (1, 1, 1, 100)
    assert shell("order", "settle", "过客", "nobody", "--json").json["member_id"] is None
    assert shell("order", "waiting", "--json").json == {"waiting": []}
    made = shell("order", "settle", "过客", "new", "--json").json
    assert (made["name"], made["points"]) == ("过客", 30)
    shell("order", "settle", "没有这人", "阿梨").refused()


def test_by_hand(shell):
    done = shell("order", "add", "阿梨", "88.8", "--day", "2026-03-19", "--item", "书", "--json").json
    assert (done["amount_fen"], done["points"]) == (8880, 88)
    assert shell("order", "refund", "1", "--amount", "8.8", "--reason", "破损", "--json").json["net_fen"] == 8000
    shell("order", "refund", "1", "--amount", "80.01").refused()
    shell("order", "refund", "9").refused()
    shell("order", "refund", "x").refused()
    shell("order", "add", "阿梨", "1", "--day", "2026-03-21").refused()
    found = shell("order", "list", "--member", "阿梨", "--json").json["orders"]
    assert [(each["net_fen"], each["points"], each["items"]) for each in found] == [(8000, 80, "书")]
    assert shell("order", "show", "1", "--json").json["refunds"][0]["reason"] == "破损"
    assert shell("order", "refund", "1", "--json").json["net_fen"] == 0
    shell("order", "cancel", "1").refused()
    assert shell("undo").code == 0
    assert shell("order", "cancel", "1", "--json").json["points"] == -80
    assert "Order #1" in shell("order", "add", "阿梨", "1").out.replace("#2", "#1")
    assert shell("doctor").code == 0


@pytest.mark.parametrize("language", ["zh", "en"])
def test_people_read_it_in_their_language(shell, csv, language):
    path = csv("A1,阿梨,2026-03-18,300,50,已支付", "A2,路人,2026-03-18,30,0,已支付", "A3,阿梨,2025-03-18,30,0,已支付")
    said = shell("order", "import", path, *MAP, "--lang", language).out
    assert "360.00" in said
    assert "路人" in said
    assert ("净额" in said) == (language == "zh")
    for line in (("list",), ("show", "1"), ("summary",), ("waiting",), ("list", "--limit", "1")):
        assert shell("order", *line, "--lang", language).code == 0
    assert ("复购率" in shell("order", "summary", "--lang", language).out) == (language == "zh")
