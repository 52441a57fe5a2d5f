"""`qunguan script …` and `qunguan lint` on the command line."""

from __future__ import annotations

import io
import sys
from types import SimpleNamespace


def test_from_the_list_to_a_ready_text(shell):
    known = shell("script", "list", "--json").json["scripts"]
    assert known[0].keys() == {"name", "kind", "text", "title", "source", "own", "shipped", "places"}
    assert "入群欢迎" in shell("script", "list", "--kind", "welcome").out
    assert "No script is found" in shell("script", "list", "绝没有").out
    assert "Places: nick (nickname)" in shell("script", "show", "入群欢迎").out
    told = shell("script", "copy", "rqhy", "--set", "nick=小满", "--set", "{benefit}=半价券", "--json").json
    assert told["missing"] == ["deadline"]
    assert "欢迎 小满 来到「早起读书群」" in told["text"]
    ready = shell("script", "copy", "入群欢迎", "--set", "nick=小满", "--set", "benefit=最好的券")
    assert ready.out.startswith("欢迎 小满")
    assert "deadline" in ready.err
    assert "最好" in ready.err
    shell("script", "copy", "入群欢迎", "--set", "小满").refused(1)
    wrong = shell("script", "copy", "入群欢迎", "--set", "nosuch=1", "--set", "nick=小满")
    assert "has no such place: nosuch" in wrong.err
    shell("script", "copy", "活动").refused(1)


def test_own_scripts(shell, monkeypatch):
    assert shell("script", "add", "开业", "--text", "x{nick}", "--dry-run", "--json").json["dry_run"]
    monkeypatch.setattr(sys, "stdin", io.StringIO("国家级好店\n{nick}来坐坐"))
    made = shell("script", "add", "开业", "--kind", "shop", "--text", "-", "--json").json
    assert (made["script"]["kind"], made["script"]["places"], made["findings"][0]["level"]) == (
        "shop", ["nick"], "forbidden",
    )  # fmt: skip
    assert "your own" in shell("script", "edit", "开业", "--title", "那天").out
    assert "changed by you" in shell("script", "edit", "群规", "--text", "好好说话").out
    assert "shipped" in shell("script", "reset", "群规").out
    assert "Taken off" in shell("script", "remove", "开业").out
    shell("script", "remove", "群规").refused(1)
    assert shell("undo").code == 0
    assert "开业" in shell("script", "list").out


def test_lint_answers_with_places_in_the_text(shell, tmp_path):
    file = tmp_path / "稿.txt"
    file.write_text("早上好🌷\n这是最 好的面霜，仅剩3个名额\n今晚截止", encoding="utf-8")
    told = shell("lint", file, "--json")
    assert told.code == 0
    assert [(one["level"], one["text"], one["start"], one["end"], one["rule"]) for one in told.json["findings"]] == [
        ("warn", "最 好", 7, 10, "absolute"),
        ("note", "仅剩3个名额", 14, 20, "scarce"),
        ("note", "今晚截止", 21, 25, "ends"),
    ]
    assert told.json["findings"][0].keys() == {"level", "text", "start", "end", "rule", "why", "source"}
    checked = shell("lint", file, "--stock", "10", "--ends", "2026-03-20", "--json").json["findings"]
    assert [(one["level"], one["rule"]) for one in checked] == [("warn", "absolute"), ("error", "scarce")]
    assert "10 are left" in shell("lint", file, "--stock", "10").out
    assert shell("lint", file, "--sponsor", "小红", "--json").json["findings"][0]["rule"] == "sponsor"


def test_lint_reads_standard_input_without_a_database(shell, monkeypatch, tmp_path):
    monkeypatch.setenv("QUNGUAN_DB", str(tmp_path / "none" / "q.db"))
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO("早上好".encode()), isatty=lambda: False))
    assert "Nothing speaks against it" in shell("lint", "-").out
    shell("lint", tmp_path / "not there").refused(1)
    assert "ends with 0" in shell("lint", "--help").out
