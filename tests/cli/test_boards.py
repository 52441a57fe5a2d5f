"""`qunguan board` as it is typed."""

from __future__ import annotations

import json

from tests.cli.shell import Shell


def test_the_board_is_printed_pasted_and_written(shell: Shell, tmp_path):
    for name, amount in (("阿梨", 30), ("2", 30), ("3", 10)):
        assert shell("points", "grant", name, amount, "--reason", "活动").code == 0
    found = shell("board", "--by", "points", "--period", "week", "--json").json
    assert [(row["rank"], row["member_id"], row["value"], row["tied"], row["behind"]) for row in found["rows"]] == [
        (1, 1, 30, True, 0), (1, 2, 30, True, 0), (3, 3, 10, False, 20),
    ]  # fmt: skip
    assert (found["first"], found["last"], found["unit"]) == ("2026-03-16", "2026-03-20", "point")
    assert "spending takes nothing off" in shell("board").out
    text = shell("board", "--text", "--top", "1").out
    assert text.count("🥇") == 2
    assert "Crystal" not in text
    assert "🥇" in shell("board", "--period", "all", "--text", "--json").json["text"]
    assert shell("rule", "set", "board.quiet", "on").code == 0
    assert shell("rule", "set", "board.quiet_top", "1").code == 0
    assert "Crystal" not in shell("board", "--text").out
    assert len(shell("board", "--json").json["rows"]) == 3
    own = shell("board", "--member", "3", "--json").json
    assert own["own"]["rank"] == 3
    assert "number 3" in own["text"]
    path = tmp_path / "榜.json"
    assert shell("board", "--to", path).code == 0
    assert [row["rank"] for row in json.loads(path.read_text(encoding="utf-8"))["rows"]] == [1, 1, 3]
    assert shell("board", "--by", "streak", "--period", "challenge", "--json").json["scope"] == "早起"
    assert shell("board", "--as-of", "2026-03-01", "--json").json["rows"] == []
    for by in ("checkins", "streak", "referrals"):
        assert shell("board", "--by", by, "--period", "month", "--group", "早起读书群", "--json").json["rows"] == []
    shell("board", "--by", "karma").refused(2)
    shell("board", "--top", "0").refused()
    shell("board", "--to", tmp_path / "榜.doc").refused()
