"""`qunguan question …` on the command line."""

from __future__ import annotations

CHAIN = "#接龙\n今天想问什么\n\n1. 阿梨 怎么早起？\n2. 没见过的人 几点开始？\n"


def test_from_the_chain_to_the_post(shell, tmp_path):
    file = tmp_path / "问.txt"
    file.write_text(CHAIN, encoding="utf-8")
    assert shell("question", "paste", file, "--dry-run", "--json").json["added"] == 2
    assert shell("question", "paste", file, "--json").json == {"added": 2, "again": 0, "bare": 0}
    assert "2 were in the queue already" in shell("question", "paste", file).out
    told = shell("question", "list", "--json").json
    assert told["questions"][0].keys() == {
        "id", "group_id", "member_id", "name", "asked_at", "day", "text", "state", "state_on", "answer", "post_id",
    }  # fmt: skip
    assert told["shares"] == [
        {"group_id": 1, "group": "早起读书群", "open": 2, "picked": 0, "waiting": 2, "used": 0, "quota": 3}
    ]
    assert "2 wait, 0 of 3" in shell("question", "list").out
    one = next(each["id"] for each in told["questions"] if each["name"] == "阿梨")
    assert "Next: qunguan question answer" in shell("question", "pick", one).out
    done = shell("question", "answer", one, "--text", "早点睡", "--json").json
    assert (done["state"], done["question"]["answer"], done["share"]["used"]) == ("answered", "早点睡", 1)
    post = shell("question", "post", one, "--day", "2026-03-21", "--at", "10:00", "--json").json
    assert (post["day"], post["title"], "早点睡" in post["text"]) == ("2026-03-21", "怎么早起？", True)
    assert "dropped" in shell("question", "drop", one).out
    shell("question", "post", one).refused(1)
    assert "still waits" in shell("question", "reopen", one).out


def test_one_by_hand(shell):
    made = shell("question", "add", "下雨怎么办", "--member", "阿梨", "--json").json["question"]
    assert (made["name"], made["state"], made["day"]) == ("阿梨", "open", "2026-03-20")
    assert "waits" in shell("question", "add", "去哪里集合").out
    shell("question", "add", " ").refused(1)
    shell("question", "pick", 99).refused(1)
    for number in (1, 2):
        shell("question", "pick", number)
    shell("question", "add", "三")
    shell("question", "add", "四")
    shell("question", "pick", 3)
    assert "more than the rule" in shell("question", "pick", 4).out
