"""Questions that wait: by hand, of a 接龙, a share a day, answers, and the post one becomes."""

from __future__ import annotations

from datetime import date

import pytest

from qunguan.domain.errors import BadInput, NotFound, Refused
from qunguan.services import content, history, members, questions, rules
from qunguan.services.desk import Desk

GROUP = 1
DAY = date(2026, 3, 20)
CHAIN = """#接龙
今天想问什么？每人一个问题

1. 阿梨 怎么养成早起的习惯？
2. 小满：第一次带团要准备什么
3. 没见过的人 请问几点开始？
4. 阿梨
"""


@pytest.fixture
def people(desk: Desk) -> dict[str, int]:
    return {name: desk.write(members.add, name, group_id=GROUP).id for name in ("阿梨", "小满")}


def texts(desk: Desk) -> dict[str, tuple[str, str]]:
    return {one.text: (one.name, one.state) for one in desk.read(questions.questions, GROUP)}


def test_one_written_down_waits_once(desk, people):
    made = desk.write(questions.add, GROUP, "怎么 早起？\n求教", people["阿梨"])
    assert (made.name, made.day, made.state, made.text, made.answer) == ("阿梨", DAY, "open", "怎么 早起？\n求教", "")
    assert desk.write(questions.add, GROUP, "怎么 早起？\n求教").id == made.id
    desk.write(questions.settle_question, made.id, "dropped")
    assert desk.write(questions.add, GROUP, "怎么 早起？\n求教").id != made.id
    desk.write(history.undo)
    assert len(texts(desk)) == 1
    for text in ("", " \n", "\u200b"):
        with pytest.raises(BadInput):
            desk.write(questions.add, GROUP, text)
    with pytest.raises(NotFound):
        desk.write(questions.add, GROUP, "问题", 99)
    with pytest.raises(NotFound):
        desk.write(questions.add, 99, "问题")


def test_a_chain_of_questions_and_the_same_grown(desk, people):
    done = desk.write(questions.paste, GROUP, CHAIN)
    assert (done.added, done.again, done.bare) == (3, 0, 1)
    assert texts(desk) == {
        "怎么养成早起的习惯？": ("阿梨", "open"),
        "第一次带团要准备什么": ("小满", "open"),
        "没见过的人 请问几点开始？": ("", "open"),
    }
    grown = desk.write(questions.paste, GROUP, CHAIN + "5. 小满 下雨怎么办\n")
    assert (grown.added, grown.again, grown.bare) == (1, 3, 1)
    same = desk.write(questions.paste, GROUP, CHAIN)
    assert (same.added, same.again) == (0, 3)
    desk.write(history.undo)
    desk.write(history.undo)
    assert texts(desk) == {}
    with pytest.raises(BadInput, match="接龙"):
        desk.write(questions.paste, GROUP, "早上好")


def test_the_share_of_a_day(desk, clock):
    ids = [desk.write(questions.add, GROUP, f"问题 {n}").id for n in range(5)]
    over = [desk.write(questions.settle_question, one, "picked").over for one in ids[:4]]
    assert over == [None, None, None, 4]
    told = desk.read(questions.share, clock, GROUP)
    assert (told.open, told.picked, told.used, told.quota, told.waiting) == (1, 4, 4, 3, 5)
    desk.write(questions.settle_question, ids[0], "open")
    assert desk.read(questions.share, clock, GROUP).used == 3
    desk.write(rules.switch, questions.QUOTA, enabled=False)
    assert desk.read(questions.share, clock, GROUP).quota is None
    assert desk.write(questions.settle_question, ids[0], "picked").over is None


def test_answered_once_and_better(desk):
    one = desk.write(questions.add, GROUP, "几点开始？").id
    assert desk.write(questions.answer, one, "八点").changed
    assert not desk.write(questions.answer, one, "八点").changed
    assert desk.write(questions.answer, one, "八点半").changed
    found = desk.read(questions.get, one)
    assert (found.state, found.state_on, found.answer) == ("answered", DAY, "八点半")
    with pytest.raises(BadInput):
        desk.write(questions.answer, one, " ")
    with pytest.raises(NotFound):
        desk.write(questions.answer, 99, "好")
    desk.write(history.undo)
    assert desk.read(questions.get, one).answer == "八点"


def test_it_becomes_one_post(desk, people):
    one = desk.write(questions.add, GROUP, "怎么早起？", people["阿梨"]).id
    desk.write(questions.answer, one, "早点睡")
    made = desk.write(questions.make_post, one, DAY, 600).post
    draft = made.draft
    assert (draft.title, draft.kind, draft.need, draft.author_id, draft.at_minute) == (
        "怎么早起？", "value", "information", people["阿梨"], 600,
    )  # fmt: skip
    assert "怎么早起？" in draft.text
    assert "早点睡" in draft.text
    assert desk.read(questions.get, one).post_id == made.id
    assert desk.write(questions.make_post, one, DAY).post.id == made.id
    desk.write(content.drop, made.id)
    again = desk.write(questions.make_post, one, DAY).post
    assert again.id != made.id
    desk.write(history.undo)
    assert desk.read(questions.get, one).post_id == made.id
    assert len(desk.read(content.posts_between, [GROUP], DAY, DAY)) == 0
    desk.write(questions.settle_question, one, "dropped")
    with pytest.raises(Refused):
        desk.write(questions.make_post, one, DAY)


def test_a_question_without_an_answer_leaves_its_place_open(desk):
    one = desk.write(questions.add, GROUP, "长" * 300).id
    made = desk.write(questions.make_post, one, DAY).post
    assert len(made.title) == 60
    assert made.draft.text.endswith("{answer}")


def test_forgetting_a_member_forgets_question_and_answer(desk, people):
    one = desk.write(questions.add, GROUP, "阿梨的问题", people["阿梨"]).id
    desk.write(questions.answer, one, "阿梨，早点睡")
    desk.write(members.erase, people["阿梨"])
    found = desk.read(questions.get, one)
    assert "阿梨" not in found.text + found.answer
