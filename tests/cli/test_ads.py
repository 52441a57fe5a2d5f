"""`qunguan ad …` on the command line."""

from __future__ import annotations

TODAY = "2026-03-20"


def test_from_the_booking_to_the_last_fen(shell, tmp_path):
    rehearsed = shell("ad", "book", "小罐茶", "--price", "1000", "--share", "20", "--dry-run", "--json").json
    assert rehearsed["dry_run"] is True
    assert shell("ad", "list", "--json").json["ads"] == []
    done = shell("ad", "book", "小罐茶", "--price", "1000", "--share", "20", "--fit", "good", "--day", "2026-03-02",
                 "--posted", "--json").json  # fmt: skip
    assert (done["ad"]["price_fen"], done["ad"]["share_bp"], done["ad"]["due_fen"]) == (100_000, 2_000, 100_000)
    assert done["quota"] == {"month": "2026-03-01", "used": 1, "limit": 2}
    assert "小罐茶" in done["ad"]["disclosure"]
    assert shell("ad", "report", "小罐茶", "12", "3600", "--json").json["ad"]["share_fen"] == 72_000
    assert shell("ad", "pay", "小罐茶", "1500", "--note", "转账", "--json").json["ad"]["open_fen"] == 22_000
    assert shell("ad", "pay", "小罐茶", "--json", "--", "-100").json["ad"]["open_fen"] == 32_000
    assert shell("ad", "invoice", "小罐茶", "sent", "--json").json["ad"]["invoice"] == "sent"
    told = shell("ad", "list", "--json").json
    assert told["total"] == {"due_fen": 172_000, "paid_fen": 140_000, "open_fen": 32_000}
    assert shell("ad", "list", "--as-of", "2026-03-01", "--json").json["ads"] == []
    assert shell("ad", "list", "--as-of", "2026-03-03", "--json").json["total"]["due_fen"] == 100_000
    text = shell("ad", "list").out
    assert "小罐茶" in text
    assert "320" in text
    reckoning = shell("ad", "show", "小罐茶", "--text").out
    assert "1720" in reckoning
    shown = shell("ad", "show", "1", "--json").json
    assert shown["effects"][0]["speakers"] == {"before": None, "after": None}
    assert "—" in shell("ad", "show", "1").out
    out = tmp_path / "广告.csv"
    assert shell("ad", "list", "--to", out, "--json").json["rows"] == 1
    assert "小罐茶" in out.read_text(encoding="utf-8-sig")


def test_a_run_goes_through_the_calendar(shell):
    for n in range(12):
        shell("content", "add", f"干货 {n}", "--kind", "value", "--day", TODAY)
    shell("ad", "book", "茶", "--price", "1000", "--day", "2026-03-22", "--day", "2026-03-24", "--kind", "value")
    line = shell("ad", "run", "茶", "--day", "2026-03-26", "--kind", "value").refused(1)
    assert "S3-31" in line
    assert "--accept --reason" in line
    done = shell("ad", "run", "茶", "--day", "2026-03-26", "--kind", "value", "--accept", "--reason", "老客户",
                 "--json").json  # fmt: skip
    assert len(done["ad"]["runs"]) == 3
    assert done["accepted"]
    posts = shell("content", "list", "--from", "2026-03-22", "--to", "2026-03-26", "--json").json["posts"]
    assert {each["sponsor"] for each in posts} == {"茶"}
    assert shell("ad", "run", "茶", "--out", "--json").json["ad"]["due_fen"] == 100_000
    gone = shell("ad", "cancel", "茶", "--json").json["ad"]
    assert [run["state"] for run in gone["runs"]] == ["posted", "dropped", "dropped"]
    shell("ad", "run", "茶", "--day", "2026-04-01").refused(1)
    assert shell("ad", "cancel", "茶", "--take-back", "--json").json["ad"]["cancelled_on"] is None


def test_what_cannot_be_is_one_line(shell):
    shell("ad", "book", "茶", "--price", "十").refused(1)
    shell("ad", "book", "茶", "--share", "200").refused(1)
    shell("ad", "book", "茶", "--fit", "nice").refused(1)
    shell("ad", "show", "没有").refused(1)
    shell("ad", "book", "茶", "--fit", "poor", "--fit-note", "学生群")
    shell("ad", "report", "茶").refused(1)
    shell("ad", "report", "茶", "--take-back", "9").refused(1)
    shell("ad", "invoice", "茶", "maybe").refused(1)
    shell("ad", "run", "茶").refused(2)
    assert "学生群" in shell("ad", "edit", "茶", "--price", "5").out


def test_several_ads_of_a_brand_are_named(shell):
    shell("ad", "book", "空牌")
    shell("ad", "book", "空牌")
    line = shell("ad", "cancel", "空牌").refused(1)
    assert "#1" in line
    assert "#2" in line
    assert shell("ad", "cancel", "#2", "--json").json["ad"]["cancelled_on"] == TODAY


def test_the_quota_is_that_of_today(shell):
    shell("ad", "book", "茶", "--price", "1000", "--day", "2026-03-22")
    assert len(shell("ad", "list").out.splitlines()) > 3
    assert shell("ad", "list", "--as-of", TODAY, "--json").json["quota"]["used"] == 1
    past = shell("ad", "list", "--as-of", "2026-03-05")
    assert "2026-03-05" in past.out
    assert len(past.out.splitlines()) == 2
    assert shell("ad", "list", "--as-of", "2026-03-05", "--json").json["quota"] is None
