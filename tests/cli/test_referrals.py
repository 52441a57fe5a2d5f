"""`qunguan referral` as it is typed: a drive with a cheater, from file to ledger."""

from __future__ import annotations

import pytest

FILE = (
    "邀请人,被邀请人,时间\n{host},甲,2026-03-20\n{host},乙,2026-03-20\n{host},丙,2026-03-20\n{host},{host},2026-03-20\n"
)


@pytest.fixture
def drive(shell, tmp_path):
    """The shell on a group with a drive of three invitations for 30 points; and the name of a member."""
    name = shell("member", "list", "--json").json["members"][0]["name"]
    shell(
        "campaign", "add", "拉新", "--form", "fission", "--from", "2026-03-20", "--to", "2026-03-25",
        "--set", "invite_tiers=3", "--set", "tier_points=30",
    )  # fmt: skip
    path = tmp_path / "邀请.csv"
    path.write_text(FILE.format(host=name), "utf-8")
    return shell, name, path


def test_the_book_from_file_to_ledger(drive, monkeypatch):
    shell, name, path = drive
    rehearsed = shell("referral", "import", path, "--dry-run", "--json").json
    assert rehearsed["rejected"] == []
    assert (rehearsed["added"], rehearsed["created"]) == (4, ["甲", "乙", "丙"])
    assert shell("referral", "show", "--json").json["joins"] == 0
    assert shell("referral", "import", path, "--json").json["added"] == 4
    assert shell("referral", "import", path, "--json").json["already"] == 4
    told = shell("referral", "show", "拉新", "--as-of", "2026-03-20", "--json").json
    assert told.keys() >= {"participants", "joins", "new", "valid", "k", "keep_rate", "tree"}
    assert (told["participants"], told["joins"], told["new"], told["valid"]) == (1, 4, 3, 0)
    assert (told["k"], told["keep_rate"]) == ({"value": 0, "n": 1}, None)
    monkeypatch.setenv("QUNGUAN_NOW", "2026-03-29T20:00+08:00")
    later = shell("referral", "show", "--json").json
    assert (later["valid"], later["k"], later["keep_rate"]) == (3, {"value": 3, "n": 1}, {"value": 1, "n": 3})
    assert {each["state"] for each in later["invites"]} == {"valid", "self"}
    assert later["due"][0]["points"] == 30
    before = shell("points", "statement", name, "--json").json["balance"]
    assert shell("referral", "handout", "拉新", "--json").json["handed"][0]["name"] == name
    assert shell("referral", "handout", "拉新", "--json").json["handed"] == []
    assert shell("points", "statement", name, "--json").json["balance"] == before + 30
    assert name in shell("--lang", "en", "referral", "show").out


def test_without_a_drive_or_with_a_strange_one_it_is_one_line(shell, tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("阿梨 邀请 小满\n", "utf-8")
    for arguments in (("import", path), ("show",), ("show", "没有"), ("take", "没有", "谁")):
        shell("referral", *arguments).refused(1)


def test_lines_take_and_single_invitations(drive):
    shell, name, _path = drive
    assert shell("referral", "take", "拉新", name, "--json").json == {"new": 1}
    assert shell("referral", "import", "-", "--json", stdin=f"{name} 邀请 小新\n".encode()).json["created"] == ["小新"]
    assert shell("referral", "add", "拉新", name, "小二", "--json").json["added"] == 1
    assert shell("referral", "gather", "--json").json["added"] == 2
    assert shell("referral", "list", "--json").json["drives"][0]["joins"] == 2
    assert shell("referral", "due", "--json").json == {"due": []}
