"""`qunguan earn` and `qunguan bonus` as they are typed."""

from __future__ import annotations

from tests.cli.shell import Shell


def test_a_share_is_recorded_listed_removed_and_undone(shell: Shell):
    before = shell.digest()
    assert shell("earn", "share", "阿梨", "--note", "拆书笔记", "--dry-run", "--json").json["amount"] == 10
    assert shell.digest() == before
    done = shell("earn", "share", "阿梨", "3", "--note", "拆书笔记", "--json").json
    assert [(each["name"], each["amount"]) for each in done["deeds"]] == [("阿梨", 10), ("Crystal🍀", 10)]
    assert shell("earn", "campaign", "阿梨", "--points", "30", "--note", "直播", "--day", "2026-03-08").out.startswith(
        "阿梨 +30: campaign on 2026-03-08"
    )
    listed = shell("earn", "list", "--member", "阿梨", "--json").json["deeds"]
    assert [(each["kind"], each["points"], each["note"]) for each in listed] == [
        ("share", 10, "拆书笔记"), ("campaign", 30, "直播"),
    ]  # fmt: skip
    assert len(shell("earn", "list", "--as-of", "2026-03-08", "--kind", "campaign", "--json").json["deeds"]) == 1
    assert "points are taken back" in shell("earn", "remove", listed[0]["id"]).out
    assert shell("points", "balance", "--json").json["balances"][0]["balance"] == 30
    assert shell("undo").code == 0
    assert shell("points", "reconcile").code == 0
    assert "拆书笔记" in shell("earn", "list").out
    assert "99" in shell("earn", "remove", "99").refused()
    shell("earn", "share", "阿梨").refused(2)


def test_days_that_multiply_are_added_changed_and_told(shell: Shell):
    assert "会员日" in shell("bonus", "list").out
    made = shell("bonus", "add", "会员日", "--json").json["bonus_day"]
    assert (made["recurs"], made["multiplier_pct"], made["next"]) == ("monthly:8", 200, "2026-04-08")
    own = ("bonus", "add", "周五", "--every", "每周五", "--times", "1.5", "--rule", "earning.share_points")
    assert "×1.5" in shell(*own, "--perk", "试用装", "--from", "2026-03-01", "--to", "2026-12-31").out
    assert shell("earn", "share", "阿梨", "--note", "好文", "--json").json["deeds"][0]["multiplier_pct"] == 150
    why = shell("bonus", "why", "2026-05-08", "--json").json["multipliers"]
    assert {each["rule"]: each["percent"] for each in why}["earning.share_points"] == 200
    assert "the largest of them holds" in shell("bonus", "why", "2026-05-08").out
    assert (
        shell("bonus", "edit", "周五", "--times", "3", "--name", "周五加倍", "--json").json["bonus_day"]["name"]
        == "周五加倍"
    )
    assert "is off now" in shell("bonus", "switch", "会员日", "off").out
    assert shell("bonus", "remove", "1").code == 0
    found = shell("bonus", "list", "--json").json
    assert [each["name"] for each in found["bonus_days"]] == ["周五加倍"]
    assert {"id", "name", "recurs", "perk"} <= found["presets"][0].keys()
    for wrong in (
        ("bonus", "add", "不知道哪天"), ("bonus", "add", "甲", "--every", "每月40日"), ("bonus", "switch", "甲", "on"),
        ("bonus", "edit", "周五加倍", "--rule", "x"), ("bonus", "add", "甲", "--every", "3-8", "--from", "2026-03-08",
         "--to", "2026-03-01"),
    ):  # fmt: skip
        shell(*wrong).refused()
    shell("bonus", "add", "甲", "--every", "3-8", "--times", "0.5").refused()


def test_referrals_are_rewarded_once(shell: Shell, tmp_path):
    roster = tmp_path / "名单.csv"
    roster.write_text("昵称,入群时间,邀请人\n新人,2026-03-02,阿梨\n刚来,2026-03-18,阿梨\n", encoding="utf-8")
    assert shell("member", "import", roster).code == 0
    said = shell("earn", "referrals", "--dry-run")
    assert "Would book 20 points" in said.out
    done = shell("earn", "referrals", "--json").json
    assert [(each["inviter"], each["invitee"], each["counts_on"]) for each in done["rewarded"]] == [
        ("阿梨", "新人", "2026-03-09")
    ]
    assert (done["amount"], done["cut"], done["taken_back"]) == (20, 0, [])
    assert "No invitation is waiting" in shell("earn", "referrals", "--since", "2026-03-01").out
