"""`qunguan insight health | hours | people` and `qunguan alert`: the documents, the tables, a quiet week."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

LAST = date(2026, 3, 19)  # the day before the fixed clock's


@pytest.fixture
def chat(tmp_path):
    """A sheet of who wrote when, for so many days up to the last one that is over."""
    path = tmp_path / "chat.csv"

    def write(*counts: int, hour: int = 15):
        lines = ["who,when"]
        for back, count in enumerate(reversed(counts)):
            day = LAST - timedelta(days=back)
            lines += [f"阿梨,{day} {hour:02d}:{n % 60:02d}:{n // 60:02d}" for n in range(count)]
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return path

    return write


def test_an_empty_group(shell):
    card = shell("insight", "health", "--json").json
    assert card["outcomes"].keys() == {"ltv_ratio", "repeat_rate", "aov", "conversion"}
    assert card["leading"]["active_rate"]["value"] is None
    assert card["leading"]["open_rate"]["value"] is None
    assert card["leading"]["open_rate"]["why"]
    assert card["outcomes"]["conversion"]["value"] is None
    ever = {code for code, each in card["outcomes"].items() if each["window"] is None}
    assert ever == {"ltv_ratio", "aov", "conversion"}
    assert {bar["source"] for bar in card["leading"]["active_rate"]["bars"]} == {"S0-07", "S4-24", "S4-01"}
    assert "—" in shell("insight", "health").out
    hours = shell("insight", "hours", "--json").json
    assert (hours["best_hour"], hours["messages"], hours["by_hour"], hours["grid"]) == (None, None, None, None)
    assert shell("insight", "people", "--json").json["top_ten"]["value"] is None
    for verb in ("hours", "people", "slump"):
        assert shell("insight", verb).code == 0
    assert shell("insight", "slump", "--json").json == {"slumps": []}
    assert shell("alert", "list", "--json").json == {"alerts": []}
    assert "nothing fires" in shell("alert", "list").out


@pytest.mark.parametrize("verb", ["health", "hours", "people", "slump", "retention", "rfm", "trade", "channels"])
def test_a_day_that_has_not_come_is_refused(shell, verb):
    assert "has not come yet" in shell("insight", verb, "--as-of", "2026-03-21").refused()
    assert "has not come yet" in shell("insight", "funnel", "newcomer", "--as-of", "2026-03-21").refused()
    assert shell("insight", verb, "--as-of", "2026-03-20").code == 0


def test_a_quiet_week_from_the_first_sign_to_the_last_word(shell, chat):
    assert shell("activity", "import", chat(60, 49, 50, 49, 48, 47)).code == 0
    before = shell("alert", "list", "--as-of", "2026-03-18", "--json").json["alerts"]
    assert [alert["rule"] for alert in before if alert["rule"] == "quiet"] == []
    (alert,) = [each for each in shell("alert", "list", "--json").json["alerts"] if each["rule"] == "quiet"]
    wanted = {"rule", "severity", "state", "value", "threshold", "window", "source", "suggestion"}
    assert wanted <= alert.keys()
    assert (alert["severity"], alert["state"], alert["value"], alert["threshold"]) == ("warning", "fired", 47, 50)
    assert alert["window"] == {"first": "2026-03-17", "last": "2026-03-19", "days": 3}
    assert alert["source"] == "S4-25"
    assert "topic day" in alert["suggestion"]
    rehearsed = shell("alert", "handle", "quiet", "--note", "周五话题", "--dry-run", "--json").json
    assert (rehearsed["state"], rehearsed["dry_run"]) == ("handling", True)
    assert "being handled" in shell("alert", "handle", "quiet", "--note", "周五话题").out
    assert "being handled" in shell("alert", "list").out
    why = shell("alert", "why", "quiet", "--json").json["why"]
    assert any("2026-03-19: 47 < 50" in line for line in why)
    assert shell("alert", "close", "quiet").code == 0
    assert [each["state"] for each in shell("alert", "list", "--json").json["alerts"] if each["rule"] == "quiet"] == [
        "closed"
    ]
    assert shell("undo").code == 0
    assert "being handled" in shell("alert", "list").out
    assert "does not fire" in shell("alert", "know", "exits").refused()
    assert "no alert" in shell("alert", "why", "nonsense").refused()


def test_hours_and_people_of_a_month(shell, chat):
    assert shell("activity", "import", chat(*[10] * 40)).code == 0
    hours = shell("insight", "hours", "--json").json
    assert (hours["best_hour"], hours["messages"], hours["by_hour"]["15"]) == (15, 280, 280)
    assert hours["share"] == {"value": 1.0, "n": 280}
    assert "15:00" in shell("insight", "hours").out
    assert shell("insight", "hours", "--days", "7", "--json").json["messages"] == 70
    assert "number of days" in shell("insight", "hours", "--days", "0").refused()
    people = shell("insight", "people", "--json").json
    assert (people["messages"], people["speakers"], people["top_ten"]["verdict"]) == (280, 1, "fragile")
    assert people["new"]["n"] == 0
    assert "阿梨 (#1)" in shell("insight", "people").out
    card = shell("insight", "health", "--json").json
    assert (card["leading"]["messages"]["value"], card["leading"]["speakers"]["value"]) == (10, 1)
    assert card["leading"]["active_rate"]["n"] == 3


def test_people_of_a_month_that_is_told_in_part(shell, chat):
    assert shell("activity", "import", chat(*[10] * 20)).code == 0
    people = shell("insight", "people", "--json").json
    assert (people["known_days"], people["messages"], people["top_ten"]["n"]) == (20, 200, 200)
    assert people["returning"]["value"] is None
    assert "20 of 28 days are told" in shell("insight", "people").out


def test_the_number_online(shell, chat):
    assert shell("activity", "import", chat(*[10] * 40)).code == 0
    assert shell("rule", "set", "insight.active_base", "online").code == 0
    assert shell("insight", "online", "4", "--json").json == {"group_id": 1, "online": 4}
    rate = shell("insight", "health", "--json").json["leading"]["active_rate"]
    assert (rate["value"], rate["n"]) == (0.25, 4)
    assert shell("insight", "online", "0").code == 0


def test_the_rules_say_that_every_figure_is_recorded(shell):
    rules = {rule["rule"]: rule for rule in shell("alert", "rules", "--json").json["rules"]}
    assert rules["exits"]["threshold"] == 0.08
    assert (rules["complaints"]["known"], rules["ads"]["known"], rules["quiet"]["known"]) == (True, True, True)
    assert shell("rule", "set", "alert.exit_pct", "12").code == 0
    changed = shell("alert", "rules", "--json").json["rules"]
    assert next(rule for rule in changed if rule["rule"] == "exits")["threshold"] == 0.12
    assert "not recorded yet" not in shell("alert", "rules").out
