"""Surveys: sets, sheets taken in once, whose the replies are, counts, tags, and how serious newcomers are."""

from __future__ import annotations

import pytest

from qunguan.domain.surveys import SurveySheet, preset_typed, presets
from qunguan.exchange.readers.sheets import sheet_from_text
from qunguan.exchange.readers.surveys import read_survey
from qunguan.services import history, members, surveys
from qunguan.services.desk import Desk

ZONE = "Asia/Shanghai"
HEAD = (
    "序号,提交答卷时间,所用时间,来源,来源详情,来自IP,1、您的群昵称是？,2、你是怎么找到我们的？,"
    "3、你想在这里得到什么？（可多选）,4、这件事你现在走到哪一步？\n"
)
ROWS = (
    "1,2026/3/18 9:05:11,45秒,微信,N/A,1.2.3.4,阿梨,A.朋友推荐,学会一件事┋有人一起坚持,正在做，想做得更好\n",
    "2,2026/3/18 9:15:11,41秒,微信,N/A,1.2.3.4,小满,随手点进来的,先看看再说,只是好奇\n",
    "3,2026/3/19 21:05:00,33秒,微信,N/A,1.2.3.4,阿黎,刷到朋友圈,其他〖想找人拼团〗,想开始，还没动手\n",
)


def sheet(*rows: str, head: str = HEAD, name: str = "12345678_按文本_新人问卷_3_3.csv") -> SurveySheet:
    return read_survey(sheet_from_text(head + "".join(rows), name), ZONE)


@pytest.fixture
def newcomer(desk: Desk) -> int:
    desk.write(members.add_many, ["阿梨", "小满", "老陈"], group_id=1)
    return desk.write(surveys.add_preset, preset_typed("newcomer"), group_id=1)


def spread(desk: Desk, survey_id: int, place: int) -> dict[str, int]:
    shown = desk.read(surveys.counted, desk.clock, survey_id)
    return {bar.text: bar.n for bar in shown.spreads[place - 1].bars}


def test_every_shipped_set_can_be_made(desk):
    for each in presets().values():
        made = desk.write(surveys.add_preset, each)
        asked = desk.read(surveys.questions, made)
        assert [one.text for one in asked] == [text for text, _kind, _options in each.questions]
        assert all(one.options for one in asked if one.kind in ("one", "many"))


def test_a_sheet_is_taken_in_once_and_a_corrected_row_replaces(desk, newcomer):
    done = desk.write(surveys.take_in, sheet(*ROWS))
    assert (done.survey_id, done.made, done.added, done.questions) == (newcomer, False, 3, ())
    assert dict(done.whose) == {"alias": 2, "doubtful": 1}
    before = len(desk.read(history.recent))
    again = desk.write(surveys.take_in, sheet(*ROWS))
    assert (again.added, again.replaced, again.same) == (0, 0, 3)
    assert len(desk.read(history.recent)) == before, "nothing changed, so there is no step"
    fixed = desk.write(surveys.take_in, sheet(ROWS[1].replace("只是好奇", "做过，没坚持下来")))
    assert (fixed.added, fixed.replaced, fixed.same) == (0, 1, 0)
    assert spread(desk, newcomer, 3) == {
        "正在做，想做得更好": 1,
        "做过，没坚持下来": 1,
        "想开始，还没动手": 1,
        "只是好奇": 0,
    }
    assert spread(desk, newcomer, 2)["其他"] == 1
    desk.write(history.undo)
    assert spread(desk, newcomer, 3)["只是好奇"] == 1
