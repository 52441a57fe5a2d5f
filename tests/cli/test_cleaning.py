"""`qunguan clean` as it is typed."""

from __future__ import annotations

from tests.cli.shell import Shell

CHAT = "who,when\n阿梨,2025-10-01 08:00\n别人,2026-03-20 09:00\n"


def test_silent_members_are_listed_woken_and_looked_at_again(shell: Shell, tmp_path):
    file = tmp_path / "聊天.csv"
    file.write_text(CHAT, encoding="utf-8")
    assert shell("clean", "list", "--json").json["members"] == []
    shell("member", "add", "老陈", "--joined", "2025-01-01")
    assert shell("clean", "list", "--json").json["unknown"] > 0
    assert shell("activity", "import", str(file)).code == 0
    found = shell("clean", "list", "--json").json
    assert "老陈" in [one["name"] for one in found["members"]]
    assert "老陈" in shell("clean", "list").out
    before = shell.digest()
    assert shell("clean", "decide", "老陈", "--as", "wake", "--dry-run").code == 0
    assert shell.digest() == before
    done = shell("clean", "decide", "老陈", "--as", "wake", "--wake", "三月", "--json").json
    assert (done["decision"], done["members"], done["wake"]) == ("wake", ["老陈"], "三月")
    assert "老陈" not in [one["name"] for one in shell("clean", "list", "--json").json["members"]]
    assert "S4-33" in shell("clean", "why", "老陈").out
    assert shell("clean", "sent", "三月", "--json").json["contacted"] == 1
    (wake,) = shell("clean", "wakes", "--json").json["wakes"]
    assert (wake["size"], wake["contacted"], wake["back"]) == (1, 1, {"3": None, "30": None})
    assert "老陈" in shell("clean", "wakes", "三月").out
    (case,) = shell("clean", "results", "--json").json["cases"]
    assert (case["decision"], case["back_within"]) == ("wake", {"3": None, "30": None})
    assert "三月" in shell("clean", "results").out
    shell("clean", "decide", "没有这人", "--as", "keep").refused()
    shell("clean", "wakes", "没有").refused()
    shell("clean", "decide", "老陈", "--as", "eat").refused(2)
