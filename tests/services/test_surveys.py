"""Surveys: sets, sheets taken in once, whose the replies are, counts, tags, and how serious newcomers are."""

from __future__ import annotations

import sqlite3
from datetime import date, timedelta
from random import Random

import pytest

from qunguan.domain.clock import Clock
from qunguan.domain.errors import BadInput, NotFound, Refused
from qunguan.domain.surveys import SurveySheet, preset_typed, presets
from qunguan.domain.today import Line
from qunguan.exchange.readers.sheets import sheet_from_text
from qunguan.exchange.readers.surveys import read_survey
from qunguan.services import history, members, members_merge, rules, segments, surveys, today
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


def test_whose_a_reply_is_stays_told_and_a_name_is_told_once(desk, newcomer):
    desk.write(surveys.take_in, sheet(*ROWS))
    waits = desk.read(surveys.waiting, desk.clock)
    assert [(one.name, one.candidates) for one in waits] == [("阿黎", ((1, "阿梨"),))]
    done = desk.write(surveys.match, waits[0].reply_id, 3)
    assert (done.member, done.replies) == ("老陈", 1)
    again = desk.write(surveys.take_in, sheet(*ROWS))
    assert (again.same, dict(again.whose)) == (3, {"alias": 2, "hand": 1})
    more = desk.write(surveys.take_in, sheet(ROWS[2].replace("3,", "4,", 1)))
    assert (more.added, dict(more.whose)) == (1, {"hand": 1}), "the same name is the same person"
    desk.write(surveys.match, waits[0].reply_id, "nobody")
    assert not desk.read(surveys.waiting, desk.clock)
    assert desk.write(surveys.take_in, sheet(*ROWS)).replaced == 0, "nobody is not asked about again"
    with pytest.raises(NotFound):
        desk.write(surveys.match, 99, 1)


def test_a_name_that_is_corrected_is_looked_for_again(desk, newcomer):
    desk.write(surveys.take_in, sheet(*ROWS))
    fixed = desk.write(surveys.take_in, sheet(ROWS[2].replace("阿黎", "老陈")))
    assert (fixed.replaced, dict(fixed.whose)) == (1, {"alias": 1})
    assert not desk.read(surveys.waiting, desk.clock)


def test_a_phone_tells_and_one_that_contradicts_the_name_is_a_doubt(desk):
    desk.write(members.add, "阿梨", phone="13800000001", group_id=1)
    desk.write(members.add, "小满", phone="13800000002", group_id=1)
    head = "序号,昵称,手机号,1、好吗\n"
    rows = ("1,新名字,13800000001,好\n", "2,小满,13800000001,好\n", "3,,13800000002,好\n", "4,,13900000000,好\n")
    done = desk.write(surveys.take_in, sheet(*rows, head=head, name="好吗.csv"))
    assert (done.made, done.name) == (True, "好吗")
    told = {one.number: (one.name, one.member_id) for one in desk.read(surveys.voices, desk.clock, done.survey_id)}
    assert told["1"] == ("阿梨", 1)
    assert told["2"] == ("小满", None), "the name says one, the number another"
    assert told["3"] == ("小满", 2)
    assert told["4"] == ("139****0000", None), "no list shows a whole number"


def test_options_by_letter_and_several_in_a_cell(desk):
    made = desk.write(surveys.add, "去哪玩")
    question = desk.write(surveys.put_question, made, "去哪里玩", "many")
    for text in ("爬山", "书店", "看展"):
        desk.write(surveys.put_option, question, text)
    head = "序号,昵称,去哪里玩\n"
    desk.write(surveys.take_in, sheet("1,甲,A┋C\n", "2,乙,b\n".upper(), head=head), made)
    assert spread(desk, made, 1) == {"爬山": 1, "书店": 1, "看展": 1}
    desk.write(surveys.take_in, sheet('3,丙,"爬山,书店"\n', "4,丁,都想去\n", head=head), made)
    assert spread(desk, made, 1) == {"爬山": 2, "书店": 2, "看展": 1, "都想去": 1}
    with pytest.raises(Refused):
        desk.write(surveys.put_question, made, "", "one", question)


def test_numbers_for_options_keep_what_was_filled_in(desk):
    made = desk.write(surveys.add, "去哪玩")
    question = desk.write(surveys.ask, made, "去哪里玩", "one", "爬山 / 书店 / 其他")
    head = "序号,昵称,1、去哪里玩\n"
    desk.write(surveys.take_in, sheet("1,甲,1\n", "2,乙,3〖看海〗\n", "3,丙,3\n", head=head), made)
    assert spread(desk, made, 1) == {"爬山": 1, "书店": 0, "其他": 2}
    assert ("乙", "其他〖看海〗") in desk.read(surveys.words, made, question)


def test_any_sheet_twice_changes_nothing(desk):
    draw = Random(20260320)
    cells = [
        "甲",
        "乙",
        "甲;乙",
        "A.甲",
        "甲┋丙",
        "1",
        "2",
        "",
        "(跳过)",
        "其他〖x〗",
        "=1+1",
        "🍀",
        "9.5",
        "-3",
        "同意\u200b",
    ]
    for turn in range(25):
        width = draw.randint(1, 4)
        titles = ["昵称", *(f"{n + 1}、问题{turn}{n}" for n in range(width))]
        if draw.random() < 0.5:
            titles.insert(0, "序号")
        lines = [titles]
        for n in range(draw.randint(1, 9)):
            row = [draw.choice(["阿梨", "小满", f"人{n}", ""]), *(draw.choice(cells) for _ in range(width))]
            lines.append(([str(n + 1)] if len(titles) > len(row) else []) + row)
        text = "\n".join(",".join(line) for line in lines) + "\n"
        found = sheet(text, head="", name=f"随手{turn}.csv")
        first = desk.write(surveys.take_in, found)
        again = desk.write(surveys.take_in, found)
        assert (again.survey_id, again.added, again.replaced, again.same) == (first.survey_id, 0, 0, first.added), text
        shown = desk.read(surveys.counted, desk.clock, first.survey_id)
        assert shown.replies == first.added
        for each in shown.spreads:
            assert each.n <= shown.replies
            assert all(bar.n <= each.n for bar in each.bars), text


def test_new_questions_find_their_kind(desk):
    head = "序号,昵称,1、几分,2、选哪个,3、都要,4、随便说\n"
    rows = [f"{n},人{n},{n % 3 + 7},{'甲乙'[n % 2]},{'甲┋丙' if n % 2 else '丙'},话{n}\n" for n in range(8)]
    done = desk.write(surveys.take_in, sheet(*rows, head=head))
    assert [kind for _text, kind in done.questions] == ["number", "one", "many", "text"]
    shown = desk.read(surveys.counted, desk.clock, done.survey_id)
    assert [bar.text for bar in shown.spreads[0].bars] == ["7", "8", "9"]
    assert shown.spreads[0].mean == pytest.approx(7.875)
    assert {bar.text: bar.n for bar in shown.spreads[2].bars} == {"丙": 8, "甲": 4}
    assert shown.spreads[2].bars[0].share == 1, "of those who answered, not of all ticks"


def test_who_replies_again_counts_once_by_the_newest_reply(desk, newcomer):
    again = ROWS[0].replace("1,2026/3/18", "9,2026/3/19").replace("A.朋友推荐", "门店里")
    desk.write(surveys.take_in, sheet(*ROWS, again))
    shown = desk.read(surveys.counted, desk.clock, newcomer)
    assert (shown.replies, shown.people) == (4, 3)
    first, second = shown.spreads[:2]
    assert {bar.text: bar.n for bar in first.bars if bar.n} == {"门店里": 1, "随手点进来的": 1, "刷到朋友圈": 1}
    assert (first.n, second.n, second.bars[0].n, second.bars[0].share) == (3, 3, 1, 1 / 3)
    aim, sure = second.question, "学会一件事"
    assert desk.read(surveys.chosen, newcomer, aim.id, sure) == ("阿梨",)
    assert [name for name, _words in desk.read(surveys.words, newcomer, first.question.id)].count("阿梨") == 1
    code = desk.read(segments.all_schemes)[0].code
    crossed = desk.read(surveys.counted, desk.clock, newcomer, None, code)
    assert [[bar.n for bar in each.bars] for each in crossed.spreads] == [
        [bar.n for bar in each.bars] for each in shown.spreads
    ]
    before = desk.read(surveys.counted, desk.clock, newcomer, date(2026, 3, 18))
    assert (before.replies, before.people) == (2, 2)
    assert {bar.text: bar.n for bar in before.spreads[0].bars}["朋友推荐"] == 1
    assert not desk.write(surveys.take_in, sheet(*ROWS, again)).replaced


def test_tags_follow_the_newest_reply_and_are_one_step(desk, newcomer):
    later = ROWS[0].replace("1,2026/3/18", "9,2026/3/19").replace("A.朋友推荐", "门店里")
    desk.write(surveys.take_in, sheet(*ROWS, later))
    plan = desk.rehearse(surveys.apply, newcomer)
    assert {each.tag: [name for _who, name in each.new] for each in plan if each.new}["来源:门店"] == ["阿梨"]
    assert not next(each for each in plan if each.tag == "来源:朋友推荐").new
    before = len(desk.read(history.recent))
    desk.write(surveys.apply, newcomer)
    assert len(desk.read(history.recent)) == before + 1
    assert not any(each.new for each in desk.write(surveys.apply, newcomer))
    desk.write(history.undo)
    assert desk.rehearse(surveys.apply, newcomer) == plan


def test_who_is_serious_by_the_rule(desk, newcomer):
    desk.write(surveys.take_in, sheet(*ROWS))

    def levels() -> dict[str, str | None]:
        return {one.name: one.level for one in desk.read(surveys.voices, desk.clock, newcomer)}

    assert levels() == {"阿梨": "high", "小满": "low", "阿黎": "low"}
    desk.write(rules.change, "survey.intent_low", 0)
    assert levels() == {"阿梨": "high", "小满": "low", "阿黎": "mid"}
    desk.write(rules.switch, "survey.intent_high", enabled=False)
    assert levels()["阿梨"] == "mid"
    quiet = desk.write(surveys.add_preset, preset_typed("positioning"))
    desk.write(surveys.take_in, sheet("1,甲,上班\n", head="序号,昵称,你现在的日子主要围着什么转？\n"), quiet)
    assert desk.read(surveys.voices, desk.clock, quiet)[0].level is None, "nothing there says it"


def test_today_has_one_line_until_they_were_spoken_with(desk, newcomer):
    def line() -> list[Line]:
        return [each for each in desk.read(today.care, desk.clock) if each.key == "intent"]

    assert not line()
    desk.write(surveys.take_in, sheet(*ROWS))
    told = line()[0]
    assert (told.count, told.target.screen, told.target.subject) == (3, "surveys", newcomer)
    assert "1 位是认真的，2 位只是看看" in str(told.text)
    assert {each.rule for each in told.evidence} == {"survey.intent_high", "survey.intent_low"}
    ids = [one.reply_id for one in desk.read(surveys.voices, desk.clock, newcomer)]
    assert desk.write(surveys.settle, ids) == 3
    assert desk.write(surveys.settle, ids) == 0
    assert not line()
    desk.write(surveys.settle, ids[:1], done=False)
    assert line()[0].count == 1
    desk.clock = Clock(desk.clock.now() + timedelta(days=15))
    assert not line(), "after two weeks it is said no more"


def test_answers_crossed_with_segments_and_as_of_a_day(desk, newcomer):
    desk.write(surveys.take_in, sheet(*ROWS))
    code = desk.read(segments.all_schemes)[0].code
    shown = desk.read(surveys.counted, desk.clock, newcomer, None, code)
    for each in shown.spreads:
        for bar in each.bars:
            assert sum((bar.by or {}).values()) == bar.n
            assert set(bar.by or {}) <= shown.buckets.keys()
    assert desk.read(surveys.counted, desk.clock, newcomer, date(2026, 3, 18)).replies == 2
    assert desk.read(surveys.counted, desk.clock, newcomer, date(2026, 3, 1)).spreads[0].n == 0


def test_who_is_forgotten_leaves_choices_and_no_words(desk, newcomer):
    head = HEAD.replace("\n", ",7、还有什么想先告诉我的？\n")
    row = "3,2026/3/19 21:05:00,33秒,微信,N/A,1.2.3.4,阿梨,刷到朋友圈,其他〖找阿梨的表妹〗,只是好奇,我住在北京\n"
    desk.write(surveys.take_in, sheet(row.replace("我住在北京", "我住在上海"), head=head))
    desk.write(surveys.take_in, sheet(row, head=head))
    desk.write(members.erase, 1)
    desk.write(surveys.take_in, sheet(row, head=head))
    shown = desk.read(surveys.counted, desk.clock, newcomer)
    assert {bar.text: bar.n for bar in shown.spreads[0].bars}["刷到朋友圈"] == 1
    assert {bar.text: bar.n for bar in shown.spreads[1].bars}["其他"] == 1
    assert desk.read(surveys.voices, desk.clock, newcomer)[0].name == "#1"
    with sqlite3.connect(f"file:{desk.path}?mode=ro", uri=True) as file:
        dump = "\n".join(file.iterdump())
    for word in ("表妹", "我住在", "阿梨"):
        assert word not in dump


def test_two_people_who_are_one_have_their_replies_together(desk, newcomer):
    desk.write(surveys.take_in, sheet(*ROWS))
    desk.write(members_merge.merge, 1, 2)
    found = desk.read(surveys.voices, desk.clock, newcomer)
    assert [one.member_id for one in found] == [None, 1]


def test_a_survey_goes_with_all_that_was_said_and_comes_back(desk, newcomer):
    desk.write(surveys.take_in, sheet(*ROWS))
    before = desk.read(surveys.counted, desk.clock, newcomer)
    assert desk.write(surveys.remove, newcomer) == 3
    assert not desk.read(surveys.surveys)
    desk.write(history.undo)
    assert desk.read(surveys.counted, desk.clock, newcomer) == before
    with pytest.raises(BadInput):
        desk.write(surveys.add, "新人入群问卷")
