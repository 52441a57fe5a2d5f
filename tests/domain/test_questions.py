"""What counts as a question of a member, and what only looks like one."""

from __future__ import annotations

import pytest

from qunguan.domain.questions import is_question


@pytest.mark.parametrize(
    "text",
    ["请问几点开始", "这个能退吗", "能退吗？", "怎么报名", "@团长 还有货么~", "有没有人一起", "Is it open?",
     "多少钱一斤", "还开团吗[哭]？？", "宝宝发烧了怎么办 在线等"],
)  # fmt: skip
def test_questions(text):
    assert is_question(text)


@pytest.mark.parametrize(
    "text",
    ["早", "？", "???", "@团长 ?", "好的", "https://example.com/a?b=1", "#接龙\n要吗？\n1. 阿明", "x" * 2001 + "？", "",
     "谢谢大家！"],
)  # fmt: skip
def test_no_questions(text):
    assert not is_question(text)
