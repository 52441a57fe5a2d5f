"""The review of an incident as a text file has it: headings as people write them, errors with their line."""

from __future__ import annotations

from datetime import date

import pytest

from qunguan.domain.errors import BadInput
from qunguan.domain.incidents import ActionDraft
from qunguan.exchange.readers.incident_review import read_review, template
from qunguan.i18n import set_language

TODAY = date(2026, 3, 20)
WHOLE = """# 漏发复盘

## 一、原因
装箱没有核对。
两个人交接少了一张单。
## 影响
12 单，退款 360 元，3 人退群
【做得好】
十分钟内就说了
做得不好：
时间表写晚了
## 时间线
15:00 发现
# 行动
- 找第二家仓库 | 2026-03-25 | 客服
2. 写一份装箱单（内容官）| 3月22日
* 每周抽检｜7天内
- [ ] 复盘发到管理群，2026/3/21
# 给群里的话
谢谢大家等我们
"""


@pytest.fixture(params=["zh", "en"], autouse=True)
def language(request):
    set_language(request.param)
    yield
    set_language(None)


def test_a_review_is_read_as_people_write_it():
    told = read_review(WHOLE, TODAY)
    assert told.cause == "装箱没有核对。\n两个人交接少了一张单。"
    assert (told.impact, told.went_well, told.went_badly) == (
        "12 单，退款 360 元，3 人退群", "十分钟内就说了", "时间表写晚了"
    )  # fmt: skip
    assert told.message == "谢谢大家等我们"
    assert told.actions == (
        ActionDraft("找第二家仓库", date(2026, 3, 25), "service"),
        ActionDraft("写一份装箱单", date(2026, 3, 22), "content"),
        ActionDraft("每周抽检", date(2026, 3, 27)),
        ActionDraft("复盘发到管理群", date(2026, 3, 21)),
    )


def test_parts_may_stand_on_one_line_and_nothing_to_do_is_said():
    told = read_review("原因：价格少了一个零\n影响: 8 单\n做得好：改得快\n做得不好：没有复核\n行动：无", TODAY)
    assert (told.cause, told.impact, told.actions) == ("价格少了一个零", "8 单", ())


def test_english_headings_are_read_too():
    told = read_review(
        "# Cause\na\n# Impact\nb\n# What went well\nc\n# went badly\nd\n# Actions\n- e | 2026-04-01", TODAY
    )
    assert told.actions == (ActionDraft("e", date(2026, 4, 1)),)


def test_the_template_has_every_part_and_is_not_a_review_yet():
    with pytest.raises(BadInput):
        read_review(template(), TODAY, "复盘.md")
    filled = "\n".join(
        f"{line}\n- 好 | 2026-03-30" if line.startswith("# ") else line for line in template().splitlines()
    )
    assert read_review(filled, TODAY).actions[0].due_on == date(2026, 3, 30)


@pytest.mark.parametrize(
    ("change", "line"),
    [
        (("- 找第二家仓库 | 2026-03-25 | 客服", "- 找第二家仓库 | 客服"), "复盘.md:15"),
        (("2026-03-25", "2026-02-30"), "复盘.md:15"),
        (("2026-03-25", "2026-03-19"), "复盘.md:15"),
        (("- 找第二家仓库 |", "- |"), "复盘.md:15"),
        (("## 影响", "## 天气"), "复盘.md:6"),
        (("# 漏发复盘", "漏发了"), "复盘.md:1"),
        (("12 单，退款 360 元，3 人退群", " "), "复盘.md"),
        (("装箱没有核对。\n两个人交接少了一张单。", ""), "复盘.md"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(change, line):
    with pytest.raises(BadInput) as caught:
        read_review(WHOLE.replace(*change), TODAY, "复盘.md")
    assert str(caught.value).startswith((f"{line}: ", f"{line}："))
