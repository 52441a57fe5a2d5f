"""`qunguan insight goals | goal …` on the command line."""

from __future__ import annotations


def test_goals_from_setting_to_closing(shell):
    assert "first_month" in shell("insight", "goals").out
    assert shell("insight", "goal", "add", "first_month", "--dry-run", "--json").json["dry_run"]
    made = shell("insight", "goal", "add", "first_month", "--json").json["goal"]
    assert (made["metric"], made["target"], made["source"]) == ("active_rate", 6000, "S0-07")
    own = shell("insight", "goal", "add", "members", "300", "--to", "2026-06-30", "--everybody", "--json").json["goal"]
    assert (own["group_id"], own["target"], own["to_day"]) == (None, 300, "2026-06-30")
    (first, second) = shell("insight", "goals", "--json").json["goals"]
    assert first.keys() >= {"baseline", "wanted", "expected", "actual", "state", "why", "done"}
    assert (second["metric"], second["baseline"], second["state"]) == ("members", second["actual"], "on_track")
    assert "members" in shell("insight", "goals").out
    changed = shell("insight", "goal", "edit", own["id"], "--target", "200", "--baseline", "1", "--json").json["goal"]
    assert (changed["target"], changed["baseline"]) == (200, 1)
    assert "baseline" in shell("insight", "goal", "show", own["id"]).out
    assert shell("insight", "goal", "close", own["id"]).code == 0
    assert len(shell("insight", "goals", "--open", "--json").json["goals"]) == 1
    assert shell("insight", "goal", "close", own["id"], "--reopen").code == 0
    shell("insight", "goal", "close", 99).refused()
    shell("insight", "goal", "add", "members").refused()
    shell("insight", "goal", "add", "luck", "1").refused(2)
    shell("insight", "goal", "add", "net", "1", "--kind", "points").refused()


def test_percentage_points_instead_of_percent(shell):
    made = shell("insight", "goal", "add", "repurchase", "--kind", "points", "--json").json["goal"]
    assert (made["kind"], made["target"]) == ("points", 3000)
