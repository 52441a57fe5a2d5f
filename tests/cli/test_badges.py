"""`qunguan badge` as it is typed."""

from __future__ import annotations

from tests.cli.shell import Shell, chain


def test_badges_are_added_held_and_told_why(shell: Shell):
    for number in range(14, 21):
        text = chain("阿梨").encode()
        assert shell("checkin", "record", "-", "--day", f"2026-03-{number}", stdin=text).code == 0
    before = shell.digest()
    assert len(shell("badge", "add", "--all", "--dry-run", "--json").json["badges"]) >= 10
    assert shell.digest() == before
    assert "1 have it" in shell("badge", "add", "七日坚持").out
    assert shell("badge", "add", "大客户", "--metric", "spend", "--at-least", "999.99").code == 0
    made = shell(
        "badge", "add", "三次早起", "--metric", "checkins", "--at-least", "3", "--challenge", "早起", "--json"
    ).json
    assert (made["badges"][0]["challenge_id"], made["badges"][0]["holders"]) == (1, 1)
    listed = shell("badge", "list", "--json").json
    assert {each["name"]: (each["at_least"], each["holders"]) for each in listed["badges"]} == {
        "七日坚持": (7, 1), "大客户": (99999, 0), "三次早起": (3, 1),
    }  # fmt: skip
    assert "习惯" in shell("badge", "list").out
    mine = shell("badge", "list", "--member", "阿梨", "--json").json
    assert [(each["badge"], each["since"]) for each in mine["held"]] == [
        ("七日坚持", "2026-03-20"), ("三次早起", "2026-03-16"),
    ]  # fmt: skip
    assert [(each["badge"], each["missing"]) for each in mine["next"]] == [("大客户", 99999)]
    assert "¥999.99" in shell("badge", "list", "--member", "阿梨").out
    assert shell("badge", "list", "--json", "--as-of", "2026-03-19").json["badges"][0]["holders"] == 0
    news = shell("badge", "list", "--since", "2026-03-20", "--json").json["holders"]
    assert [each["badge"] for each in news] == ["七日坚持"]
    assert "best streak: 7, it takes 7 (S4-36, S0-17)" in shell("badge", "why", "阿梨", "七日坚持").out
    assert "2026-03-20" in shell("badge", "show", "七日坚持").out


def test_titles_are_given_and_taken_with_a_reason(shell: Shell):
    assert shell("badge", "add", "体验官").code == 0
    done = shell(
        "badge", "award", "阿梨", "3", "体验官", "--reason", "首批试用", "--until", "2026-06-30", "--json"
    ).json
    assert [(each["name"], each["held"], each["changed"]) for each in done["members"]] == [
        ("阿梨", True, True), ("Crystal🍀", True, True),
    ]  # fmt: skip
    assert "had 体验官 already" in shell("badge", "award", "阿梨", "体验官", "--reason", "再来").out
    assert "does not have 体验官 any more" in shell("badge", "revoke", "阿梨", "体验官", "--reason", "退出").out
    assert "did not have 体验官" in shell("badge", "revoke", "阿梨", "体验官", "--reason", "退出").out
    assert shell("undo").code == 0
    assert len(shell("badge", "show", "体验官", "--json").json["holders"]) == 2
    assert "nobody has it" in shell("badge", "switch", "体验官", "off").out
    assert shell("badge", "remove", "体验官").code == 0
    for wrong in (
        ("badge", "add"), ("badge", "add", "甲", "--all"), ("badge", "add", "不是现成的"), ("badge", "show", "没有"),
        ("badge", "add", "甲", "--metric", "orders"), ("badge", "add", "甲", "--metric", "orders", "--at-least", "x"),
    ):  # fmt: skip
        shell(*wrong).refused()
    shell("badge", "award", "阿梨", "体验官").refused(2)
