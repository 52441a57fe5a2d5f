"""`qunguan reach …` on the command line."""

from __future__ import annotations

WIDE = (
    "昵称,手机号,邮箱,QQ号,同意\n阿梨,138-0000-0001,li@example.com,,是\nCrystal,,,12345,拒绝\n没有这人,13800000009,,,\n"
    "阿梨,,坏的,,\n"
)


def test_coverage_import_and_the_list(shell, tmp_path):
    empty = shell("reach", "coverage", "--json").json
    assert empty["members"] == 3
    file = tmp_path / "联系.csv"
    file.write_text(WIDE, encoding="utf-8")
    assert shell("reach", "import", file, "--dry-run", "--json").json["added"] >= 2
    done = shell("reach", "import", file, "--json").json
    assert [each["row"] for each in done["unresolved"]] == [4]
    assert [each["row"] for each in done["rejected"]] == [5]
    again = shell("reach", "import", file, "--json").json
    assert (again["added"], again["changed"]) == (0, 0)
    told = shell("reach", "coverage", "--json").json
    counts = {each["channel"]: each for each in told["channels"]}
    assert (counts["email"]["n"], counts["email"]["rate"], counts["email"]["outside"]) == (1, 1 / 3, True)
    assert (counts["qq"]["n"], counts["qq"]["refused"]) == (0, 1)
    assert told["backup"]["target"] == 0.8
    assert told["backup"]["source"] == "S4-31"
    assert told["unreachable"]["n"] == len(told["unreachable"]["members"])
    text = shell("reach", "coverage").out
    assert "邮箱" in text
    assert "cannot be reached at all" in text or not told["unreachable"]["n"]
    out = tmp_path / "名单.csv"
    wrote = shell("reach", "export", "--to", out, "--json").json
    assert wrote["rows"] == told["reachable"]
    content = out.read_text(encoding="utf-8-sig")
    assert "li@example.com" in content
    assert "12345" not in content, "who refused is not in it"
    assert shell("reach", "export", "--to", out, "--channel", "邮箱", "--json").json["rows"] == 1
    shell("reach", "export", "--to", out, "--channel", "飞鸽").refused(1)


def test_one_by_hand(shell):
    made = shell("reach", "add", "阿梨", "QQ", "55555", "--json").json
    assert (made["channel"], made["value"], made["agreed"], made["origin"]) == ("qq", "55555", True, "told")
    assert "55555" in shell("reach", "list", "--channel", "qq").out
    assert [
        each["id"] for each in shell("reach", "list", "--member", "阿梨", "--json").json["contacts"] if each["id"]
    ] == [1]
    assert "not written to" in shell("reach", "refuse", "阿梨", "qq").out
    assert (
        shell("reach", "list", "--member", "阿梨", "--channel", "qq", "--json").json["contacts"][0]["agreed"] is False
    )
    assert "taken out" in shell("reach", "end", 1).out
    assert "No way is known yet" in shell("reach", "list", "--channel", "qq").out
    shell("reach", "end", 1).refused(1)
    shell("reach", "refuse", "阿梨", "app").refused(1)
    shell("reach", "add", "阿梨", "email", "nothing").refused(1)
    shell("reach", "add", "阿梨", "飞鸽", "x").refused(1)


def test_the_three_lines(shell):
    told = shell("incident", "defence", "--json").json
    assert told["group"] == {"id": 1, "name": "早起读书群"}
    assert [each["id"] for each in told["lines"]] == ["complaints", "exits", "reach"]
    assert {
        "line",
        "state",
        "value",
        "op",
        "threshold",
        "n",
        "rule",
        "source",
        "promotion_rests",
        "said",
        "does",
    } <= set(told["lines"][1])
    assert [each["rule"] for each in told["lines"]] == ["alert.complaints_pct", "alert.exit_pct", "reach.target"]
    text = shell("incident", "defence").out
    assert "ways of one's own" in text
    assert "S4-31" in text
