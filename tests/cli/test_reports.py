"""`qunguan report`: text, JSON, a file by its end; past periods; what is wrong in one line."""

from __future__ import annotations

import json

import pytest

from qunguan.domain.reports import KINDS
from tests.cli.shell import Shell

FIGURE = {"label", "span_days", "unit", "now", "before", "change", "better", "bars", "why"}


def test_a_week_as_text_and_as_json_with_stable_keys(shell: Shell):
    said = shell("--lang", "en", "report", "weekly")
    assert said.code == 0
    assert said.out.startswith("Weekly report: ")
    assert "2026-03-09 to 2026-03-15 · against 2026-03-02 to 2026-03-08" in said.out
    told = shell("report", "weekly", "--json").json
    assert list(told) == [
        "kind", "group_id", "group", "of", "first", "last", "until", "over", "as_of", "before", "outcomes", "leading",
        "happened", "causes", "unexplained", "suggestions", "keep", "plan", "daily_steps", "hats", "curves", "listings",
    ]  # fmt: skip
    assert (told["kind"], told["first"], told["until"], told["over"]) == ("weekly", "2026-03-09", "2026-03-15", True)
    assert told["outcomes"]["net_fen"]["now"] is None  # no order was ever there: unknown, and not 0
    assert told["leading"]["active_rate"]["now"] is None
    assert all(set(each) == FIGURE for each in (*told["outcomes"].values(), *told["leading"].values()))
    assert [each["hat"] for each in told["hats"]] == ["owner", "content", "service", "analyst"]
    assert len(told["suggestions"]) <= 3
    assert all(each["source"] for each in told["suggestions"])


def test_any_past_period_is_told_as_it_was(shell):
    assert shell("report", "daily", "--json").json["first"] == "2026-03-19"
    assert shell("report", "daily", "--day", "2026-03-20", "--json").json["over"] is True
    assert shell("report", "monthly", "--json").json["first"] == "2026-02-01"
    running = shell("report", "monthly", "--day", "2026-03-02", "--json").json
    assert (running["last"], running["until"], running["over"]) == ("2026-03-31", "2026-03-19", False)
    assert running["before"] == {"first": "2026-02-01", "until": "2026-02-19"}
    past = shell("--as-of", "2026-03-08", "report", "weekly", "--json").json
    assert (past["first"], past["until"]) == ("2026-03-02", "2026-03-08")
    past = shell("--as-of", "2026-03-10", "report", "weekly", "--day", "2026-03-09", "--json").json
    assert (past["until"], past["over"]) == ("2026-03-10", False)


def test_a_file_by_its_end(shell, tmp_path):
    for suffix in ("md", "html", "xlsx", "txt", "json"):
        path = tmp_path / f"week.{suffix}"
        said = shell("report", "weekly", "--to", path, "--json")
        assert said.json == {"kind": "weekly", "of": None, "path": str(path), "replaced": False}
        assert path.stat().st_mode & 0o077 == 0
    assert json.loads((tmp_path / "week.json").read_text(encoding="utf-8"))["kind"] == "weekly"
    assert (tmp_path / "week.txt").read_text(encoding="utf-8") == shell("report", "weekly").out
    assert "replaced" in shell("report", "weekly", "--to", tmp_path / "week.md").out


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (("weekly", "--to", "a.pdf"), ".md .html .xlsx .txt .json"),
        (("yearly",), "daily"),
        (("weekly", "--day", "2026-03-21"), "2026-03-21"),
        (("weekly", "--of", "早起"), "--of"),
        (("member",), "--of"),
        (("member", "--of", "查无此人"), "查无此人"),
        (("campaign", "--of", "没有"), "没有"),
        (("challenge", "--of", "早起", "--day", "2026-02-27"), "2026-03-01"),
        (("crisis",), ""),
    ],
)
def test_what_is_wrong_is_one_line(shell, words, part):
    said = shell("report", *words)
    assert said.code in (1, 2)
    assert said.out == ""
    assert len(said.err.strip().splitlines()) == 1
    assert part in said.err


def test_every_kind_has_its_help(shell):
    assert all(kind in shell("report", "--help").out for kind in KINDS)
