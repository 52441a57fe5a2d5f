"""The pick-up queue: what members handed in waits until a post holds it, or one was dropped (S3-12)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from qunguan.domain.content_shared import Shared
from qunguan.services import campaigns, content, history, rules
from tests.services.campaign_kit import people, running
from tests.services.checkin_kit import TODAY, challenge, day, go, paste

LONG = "今天读完了第三章，最喜欢主人公走出山里的那一段。"


def waiting(desk) -> list[Shared]:
    return list(desk.read(content.to_pick_up, desk.clock, 1))


def shared(text: str, name: str = "甲子", **more) -> Shared:
    return Shared("checkin", 1, 7, name, day(1), "早起", text, **more)


def test_words_of_a_check_in_and_lines_handed_in_wait_newest_first(desk):
    names = people(desk, "甲子", "乙丑", "丙寅")
    reading = challenge(desk)
    today = TODAY
    paste(desk, reading, f"#接龙\n早起打卡\n\n1. 甲子：{LONG}\n2. 乙丑 打卡", today)
    made = running(desk, "story")
    desk.write(campaigns.add_entry, made.id, "丙寅", kind="submit", note="第一次早起")
    desk.write(campaigns.add_entry, made.id, "乙丑", kind="submit")  # nothing was said with it
    found = {each.name: each for each in waiting(desk)}
    assert found.keys() == {"甲子", "丙寅"}
    assert (found["甲子"].body, found["甲子"].source, found["甲子"].campaign_id) == (LONG, "checkin", None)
    told = found["丙寅"]
    assert (told.body, told.place, told.campaign_id, told.member_id) == (
        "第一次早起",
        made.name,
        made.id,
        names["丙寅"],
    )


def test_what_became_a_post_waits_no_more_and_a_dropped_one_says_not_this(desk):
    people(desk, "甲子", "乙丑")
    today = TODAY
    paste(desk, challenge(desk), f"#接龙\n早起打卡\n\n1. 甲子 {LONG}\n2. 乙丑 {LONG}还想再读", today)
    one, two = sorted(waiting(desk), key=lambda each: each.name, reverse=True)
    post = desk.write(content.schedule, 1, one.draft("value", today)).post
    assert (post.author_name, post.draft.author, post.draft.text) == (one.name, "member", one.body)
    assert waiting(desk) == [two], "the same words of somebody else are theirs"
    desk.write(content.edit, replace(post, draft=replace(post.draft, text="改了字")))
    assert waiting(desk) == [two], "its title is still the piece's"
    desk.write(content.drop, post.id)
    assert waiting(desk) == [two]
    for _step in range(3):
        desk.write(history.undo)
    assert len(waiting(desk)) == 2


def test_days_and_length_are_rules(desk):
    people(desk, "甲子")
    today = TODAY
    paste(desk, challenge(desk), f"#接龙\n早起打卡\n\n1. 甲子 {LONG}", today)
    desk.write(rules.change, "content.shared_chars", 200)
    assert waiting(desk) == []
    desk.write(rules.reset, "content.shared_chars")
    assert len(waiting(desk)) == 1
    go(desk, TODAY + timedelta(days=28))
    assert waiting(desk) == []


def test_a_piece_says_its_words_without_the_name_and_its_title_is_short():
    assert shared("甲子 ~ 好书").body == "好书"
    assert shared("甲子").body == "甲子"
    assert shared("好书").body == "好书"
    long = shared("甲子：" + "好" * 90 + "\n二")
    assert long.title == "好" * 39 + "…"
    assert long.draft("value", day(1)).text.endswith("\n二")
