"""`member show`: one page a person for the owner, for programs, as Markdown, and as a text for the member."""

from __future__ import annotations

import pytest

from tests.cli.shell import Shell


@pytest.fixture
def known(shell: Shell) -> Shell:
    """阿梨 with check-ins, points, an order, a level and a reward that waits."""
    for line in (
        ["level", "preset", "card", "--from", "2026-03-01"],
        ["badge", "add", "三连", "--metric", "best_streak", "--at-least", "3"],
        ["member", "edit", "阿梨", "--phone", "13800138000"],
        *(["checkin", "mark", "阿梨", "--state", "done", "--day", f"2026-03-{n}"] for n in ("16", "17", "18")),
        ["points", "grant", "阿梨", "50", "--reason", "活动", "--expires", "2026-03-25"],
        ["order", "add", "阿梨", "1000", "--day", "2026-03-10"],
        ["reward", "add", "一本书", "--price", "20"],
        ["redeem", "阿梨", "一本书"],
    ):
        said = shell(*line)
        assert said.code == 0, (line, said.err)
    return shell


def test_the_document_has_every_part(known):
    found = known("member", "show", "阿梨", "--json").json
    assert found["name"] == "阿梨"
    assert found["phone"] == "138****8000"
    assert found["level"]["level"] == "银卡"
    assert found["level"]["next"]["any"][0][0]["missing"] > 0
    assert found["points"]["lots"][0] == {"expires_on": "2026-03-25", "left": 30}
    assert found["points"]["balance"] == sum(lot["left"] for lot in found["points"]["lots"])
    assert [(each["badge"], each["since"]) for each in found["badges"]] == [("三连", "2026-03-18")]
    assert found["badges"][0]["why"]
    assert [(each["streak"], each["best"]) for each in found["streaks"]] == [(0, 3)]
    assert found["orders"] == {
        "count": 1, "net_fen": 100000, "aov_fen": 100000, "ltv_fen": 100000, "first_day": "2026-03-10",
        "last_day": "2026-03-10", "last_fen": 100000,
    }  # fmt: skip
    assert [each["reward"] for each in found["redemptions_waiting"]] == ["一本书"]
    kinds = {each["kind"] for each in found["timeline"]}
    assert kinds >= {"joined", "checkin", "points", "order", "level", "badge", "redeemed"}
    days = [each["day"] for each in found["timeline"]]
    assert days == sorted(days, reverse=True)


def test_the_phone_is_masked_until_it_is_asked_for(known):
    for form in ([], ["--markdown"], ["--json"], ["--text"]):
        assert "13800138000" not in known("member", "show", "阿梨", *form).out
    for form in ([], ["--markdown"], ["--json"]):
        assert "13800138000" in known("member", "show", "阿梨", "--reveal", *form).out


def test_as_of_a_day_gone_by(known):
    found = known("member", "show", "阿梨", "--as-of", "2026-03-09", "--json").json
    assert found["as_of"] == "2026-03-09"
    assert found["level"]["level"] == "普通"
    assert (found["orders"], found["badges"], found["redemptions_waiting"]) == (None, [], [])
    assert known("member", "show", "阿梨", "--as-of", "2026-02-01", "--json").json["level"] is None


def test_the_page_for_the_owner_says_what_is_missing(known):
    text = known("member", "show", "阿梨").out
    assert "银卡" in text
    assert "missing" in text
    assert "1 order, net 1000.00 yuan" in text
    assert "2026-03-10" in text


def test_the_private_text_and_the_markdown(known):
    text = known("member", "show", "阿梨", "--text").out
    assert text.startswith("Hi 阿梨,")
    assert "🏅 Level: 银卡" in text
    assert "30 of them can be used through 3/25" in text
    assert known("member", "show", "阿梨", "--markdown").out.startswith("# 阿梨 (#1)\n")
    assert "do not go together" in known("member", "show", "阿梨", "--text", "--markdown").refused(2)


def test_reading_changes_nothing(known):
    before = known.digest()
    for form in ([], ["--json"], ["--text"], ["--markdown", "--as-of", "2026-03-10"]):
        assert known("member", "show", "团团妈,二宝", *form).code == 0
    assert known.digest() == before
