"""`qunguan reward`, `redeem`, `redemption`: from the shelf to the member's hands, and back."""

from __future__ import annotations

import pytest

from tests.cli.shell import Shell


@pytest.fixture
def shop(shell: Shell) -> Shell:
    assert shell("points", "grant", "阿梨", "100", "--reason", "欢迎").code == 0
    terms = ("--price", "80", "--stock", "1", "--limit", "1", "--code-days", "30")
    assert shell("reward", "add", "桂花乌龙", *terms).code == 0
    return shell


def test_from_the_shelf_to_the_hands_and_back(shop):
    done = shop("redeem", "阿梨", "桂花乌龙", "--key", "k1", "--json").json
    assert (done["balance"], done["left"], done["already"]) == (20, 0, False)
    assert done["redemption"]["expires_on"] == "2026-04-18"
    code = done["redemption"]["code"]
    assert shop("redeem", "阿梨", "1", "--key", "k1", "--json").json["already"]
    assert code in shop("redemption", "list").out
    assert "with 阿梨 since 2026-03-20" in shop("redemption", "fulfil", code.lower()).out
    assert "80 points went back, balance 100" in shop("redemption", "cancel", "1", "--reason", "碎了").out
    assert "before" in shop("redemption", "cancel", "#1").out
    assert shop("reward", "list", "--json").json["rewards"][0]["left"] == 1


def test_a_rehearsal_redeems_nothing(shop):
    assert "rehearsal" in shop("redeem", "阿梨", "桂花乌龙", "--dry-run").out
    assert shop("redemption", "list", "--json").json == {"redemptions": []}


def test_a_gift_costs_nothing(shop):
    done = shop("redeem", "Crystal🍀", "桂花乌龙", "--gift", "--reason", "生日快乐", "--json").json
    assert (done["redemption"]["price"], done["redemption"]["entry_id"], done["balance"]) == (0, None, 0)


def test_terms_are_changed_and_the_shelf_is_cleared(shop):
    assert shop("reward", "edit", "1", "--price", "60", "--occasion", "birthday").code == 0
    assert shop("reward", "close", "桂花乌龙").code == 0
    assert shop("reward", "list", "--json").json == {"rewards": []}
    [reward] = shop("reward", "list", "--all", "--json").json["rewards"]
    assert (reward["price"], reward["occasion"], reward["stock"]) == (60, "birthday", 1)
    assert "off the shelf since 2026-03-20" in shop("redeem", "阿梨", "1").err
    assert shop("reward", "reopen", "1").code == 0
    assert shop("redeem", "阿梨", "1").code == 0


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("redeem 阿梨 没有", "no reward 没有"),
        ("redeem 没人 桂花乌龙", "没人"),
        ("redemption fulfil 9", "no redemption #9"),
        ("redemption cancel ABCDEFGH", "the code ABCDEFGH"),
        ("redemption cancel 甲!", "neither the number nor the code"),
        ("reward add 桂花乌龙 --price 1", "already a reward"),
        ("reward add 贵 --price 9999999999999", "too large a number"),
    ],
)
def test_what_is_wrong_is_one_line_and_nothing_is_written(shop, line, said):
    done = shop(*line.split())
    assert done.code == 1
    assert done.out == ""
    assert said in done.err
    assert done.err.count("\n") == 1
