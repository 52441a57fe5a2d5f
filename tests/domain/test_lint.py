"""Texts for the group looked through: what is found, where, what the facts say to it, and what must not be found."""

from __future__ import annotations

from datetime import datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qunguan.domain.lint import LEVELS, Facts, findings, worst

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 3, 20, 20, 0, tzinfo=SHANGHAI)


def told(text: str, facts: Facts | None = None) -> list[tuple[str, str, str]]:
    return [(one.level, one.rule, one.text) for one in findings(text, facts)]


@pytest.mark.parametrize(
    ("text", "level", "rule", "said"),
    [
        ("这是国家级好茶", "forbidden", "superlative", "国家级"),
        ("全网最低价，闭眼入", "forbidden", "superlative", "全网最低价"),
        ("销量第一的面霜", "forbidden", "superlative", "销量第一"),
        ("口碑 Ｔｏｐ１ 的店", "forbidden", "superlative", "Ｔｏｐ１"),
        ("NO.1 之选", "forbidden", "superlative", "NO.1"),
        ("这是最好的面霜", "warn", "absolute", "最好"),
        ("这是最 好的面霜", "warn", "absolute", "最 好"),
        ("这是最·好的面霜", "warn", "absolute", "最·好"),
        ("最\u200b好的面霜", "warn", "absolute", "最\u200b好"),
        ("我们是第一", "warn", "absolute", "第一"),
        ("國家級工藝", "forbidden", "superlative", "國家級"),
        ("１００％有效", "forbidden", "medical", "１００％有效"),
        ("三天根治鼻炎", "forbidden", "medical", "根治"),
        ("有效率高达98%", "forbidden", "medical", "有效率高达98%"),
        ("月瘦20斤不是梦", "forbidden", "medical", "月瘦20斤"),
        ("跟着做，稳赚不赔", "forbidden", "finance", "稳赚不赔"),
        ("保本理财，年化8.5%", "forbidden", "finance", "保本"),
        ("在家月入过万", "forbidden", "finance", "月入过万"),
        ("报名就包过", "forbidden", "promise", "包过"),
        ("部队专用保温杯", "forbidden", "authority", "部队专用"),
        ("仅剩3个名额", "note", "scarce", "仅剩3个名额"),
        ("只剩 最后两席", "note", "scarce", "最后两席"),
        ("今晚截止", "note", "ends", "今晚截止"),
        ("今晚12点截止", "note", "ends", "今晚12点截止"),
        ("3月22日截止报名", "note", "ends", "3月22日截止"),
        ("今天秒杀", "note", "hurry", "秒杀"),
        ("群友推荐的这家店", "note", "softad", "群友推荐的"),
    ],
)
def test_what_is_found(text: str, level: str, rule: str, said: str) -> None:
    assert (level, rule, said) in told(text)
    for one in findings(text):
        assert one.text == text[one.start : one.end]
        assert one.source
        assert str(one.why)


@pytest.mark.parametrize(
    "text",
    [
        "打卡第一天",
        "第一次来的朋友",
        "第一名：阿梨",
        "第一步，打开小程序",
        "第一批团员",
        "第一时间告诉大家",
        "安全第一",
        "最近怎么样",
        "最后一天的早饭",
        "最后说一句",
        "最早八点",
        "最多带两个人",
        "最终结果",
        "最初的样子",
        "一等奖是保温杯",
        "最好提前十分钟到",
        "今天最大的收获是什么",
        "你最大的困难是什么",
        "最低3人成团",
        "最高可减50元",
        "最热的一条话题",
        "最美的夕阳",
        "最值得说的一件事",
        "今天很治愈",
        "不能代替药物",
        "唯一的遗憾",
        "绝对值",
        "100%纯棉",
        "不限量",
        "仅限本群",
        "不保证收益，不保本",
        "最后一个问题",
        "万能的群友",
        "完美收官",
        "第一、第二、第三",
        "明天最高气温18度",
        "最强大脑",
        "看这里 https://example.com/top1/no.1",
        "最\n好",
    ],
)
def test_what_is_no_finding(text: str) -> None:
    assert told(text) == []


def test_positions_are_code_points_of_the_text_as_it_is():
    text = "🎉 早上好\r\n今天的 最 好 吃 法来啦"
    (one,) = findings(text)
    assert (one.start, one.end, text[one.start : one.end]) == (11, 14, "最 好")


def test_the_graver_of_two_that_overlap_is_told():
    assert told("全国第一") == [("forbidden", "superlative", "全国第一")]
    assert told("全网最低") == [("forbidden", "superlative", "全网最低")]
    assert told("治愈率高达99%") == [("forbidden", "medical", "治愈率高达99%")]


def test_what_is_left_is_counted():
    text = "仅剩3个名额"
    assert told(text, Facts(stock=3)) == []
    (one,) = findings(text, Facts(stock=10))
    assert (one.level, one.rule) == ("error", "scarce")
    assert "10" in str(one.why)
    assert told(text, Facts(stock=2))[0][0] == "error"
    assert told("只剩三席", Facts(stock=3)) == []
    assert told("限量秒杀", Facts(stock=50)) == []


@pytest.mark.parametrize(
    ("text", "deadline", "level"),
    [
        ("今晚截止", "20 23:59", None),
        ("今晚截止", "21 00:00", None),  # midnight is the end of the day before
        ("今晚截止", "23 20:00", "error"),
        ("明天截止", "21 18:00", None),
        ("明天截止", "20 23:00", "error"),
        ("最后两天", "22 00:00", None),
        ("最后2天", "27 00:00", "error"),
        ("最后3小时", "20 23:00", None),
        ("最后3小时", "20 21:00", "error"),
        ("3月22日截止", "22 22:00", None),
        ("3/22截止", "25 22:00", "error"),
        ("限时抢购", "25 22:00", None),
        ("限时", "20 19:00", "error"),  # it is over
        ("今晚截止", "20 19:00", "error"),
    ],
)
def test_when_it_ends_is_looked_up(text: str, deadline: str, level: str | None) -> None:
    ends = datetime.fromisoformat(f"2026-03-{deadline}").replace(tzinfo=SHANGHAI)
    found = findings(text, Facts(deadline=ends, now=NOW))
    assert [one.level for one in found] == ([] if level is None else [level])


def test_a_date_needs_no_now_and_tonight_does():
    deadline = datetime(2026, 3, 22, 22, 0, tzinfo=SHANGHAI)
    assert told("3月22日截止", Facts(deadline=deadline)) == []
    assert told("今晚截止", Facts(deadline=deadline))[0][0] == "note"


def test_a_sponsor_has_to_be_named_as_one():
    (one,) = findings("周末去 小红 花 店逛逛", Facts(sponsor="小红花店"))
    assert (one.level, one.rule, one.text) == ("forbidden", "sponsor", "小红 花 店")
    assert "小红花店" in str(one.why)
    (bare,) = findings("周末去逛逛", Facts(sponsor="小红花店"))
    assert (bare.start, bare.end, bare.text) == (0, 0, "")
    for words in ("【广告】", "本条为合作推广", "感谢小红花店赞助"):
        assert told(words + "周末去逛逛", Facts(sponsor="小红花店")) == []
    assert told("本群不发广告，周末去逛逛", Facts(sponsor="小红花店"))[0][1] == "sponsor"


@pytest.mark.parametrize("act", ["邀请好友", "签到打卡", "集赞38个", "转发到朋友圈", "找人助力"])
def test_a_reward_for_sharing_behind_a_link(act: str) -> None:
    ((level, rule, _said),) = told(f"{act}就送你红包，戳链接 https://example.com/打卡")
    assert (level, rule) == ("forbidden", "link")
    assert told(f"{act}就送你积分") == []
    assert told(f"{act}，戳链接 https://example.com/a") == []


def test_the_gravest_level():
    assert worst(findings("今晚截止，国家级")) == "forbidden"
    assert worst(findings("早上好")) is None
    assert list(LEVELS) == ["error", "forbidden", "warn", "note"]


@given(
    st.text(st.sampled_from("最第一好佳仅剩3个名额今晚截止 ·\n广告送https://a.链接\u200b国家级１％ｔop"), max_size=60)
)
@settings(max_examples=200, deadline=None)
def test_any_text_gives_places_that_are_in_it_and_apart(text: str) -> None:
    words = [one for one in findings(text, Facts(stock=3)) if one.rule not in ("link", "sponsor")]
    for one in words:
        assert one.text == text[one.start : one.end]
        assert one.text
    for one, other in pairwise(words):
        assert one.end <= other.start


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("是快递的问题", "blame"),
        ("这是平台的责任，不是我们的责任", "blame"),
        ("与我们无关", "blame"),
        ("与 我们·无关", "blame"),
        ("只有你一个人这样，别人都没问题", "blame"),
        ("临时工弄的，已经开除", "blame"),
        ("找快递赔吧", "blame"),
        ("都怪厂家发错", "blame"),
        ("責任不在我們", "blame"),
        ("请大家耐心等待", "cold"),
        ("我们会尽快处理", "cold"),
        ("稍后回复大家", "cold"),
        ("不要再问了，等通知", "cold"),
        ("无可奉告", "cold"),
        ("不满意可以退群", "cold"),
        ("我们决定冷处理", "cold"),
        ("没办法，只能冷处理", "cold"),
        ("等热度过去就好", "cold"),
        ("拖一拖就过去了", "cold"),
        ("过几天大家就忘了", "cold"),
        ("把负面的都删帖", "cold"),
        ("大家散了吧", "cold"),
        ("保留追究法律责任", "cold"),
        ("我们保留依法追究相关人员法律责任的权利", "cold"),
        ("请勿传播", "cold"),
        ("不要对外扩散", "cold"),
        ("要怪就怪快递", "blame"),
        ("还不是快递的问题", "blame"),
        ("要不是快递的问题，早到了", "blame"),
        ("供货商推诿", "blame"),
        ("这是平台在甩锅", "blame"),
        ("个别客户理解有误", "blame"),
        ("是大家误会我们了", "blame"),
        ("厂家发的货", "blame"),
        ("货是厂家直接发的", "blame"),
    ],
)
def test_a_statement_of_a_bad_day_neither_goes_cold_nor_blames(text, rule):
    found = findings(text, Facts(crisis=True))
    assert (rule, "S4-21") in {(one.rule, one.source) for one in found}
    assert "S4-21" not in {one.source for one in findings(text)}  # of any other text nobody asks it


@pytest.mark.parametrize(
    "text",
    [
        "对不起，这次漏发是我没有核对，责任在我。",
        "不管是不是快递的问题，都由我来补。",
        "我不会推给快递，已经去追。",
        "17:30 前我再来说一次进展，有没有结果都会说。",
        "问题出在我们装箱这一步。",
        "不会让大家干等通知，每 20 分钟说一次。",
        "这不是小问题，我会负责到底。",
        "我去找快递赔，不用你操心。",
        "这件事不是个别现象，我们在逐单查。",
        "平台把群封了，我已经提交申诉。",
        "没收到的请告诉我，我一个一个联系。",
        "这不是快递的责任，是我没有核对。",
        "不能怪厂家，是我们没验货。",
        "这不是你们的问题。",
        "要怪就怪我。",
        "我们不冷处理、不删帖、不甩锅。",
        "绝不推诿，也不会拖一拖就算了。",
        "不会删帖、禁言，有话都可以说。",
        "请勿传播当事人的照片。",
        "是我没写清楚，让大家理解有误。",
        "厂家的新货明天到，我先验一遍再发。",
    ],
)
def test_who_takes_it_on_is_left_alone(text):
    assert "S4-21" not in {one.source for one in findings(text, Facts(crisis=True))}
