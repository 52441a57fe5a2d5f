"""Broken text: what its damage proves is put right, what was lost is named, sound text stays as it is."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qunguan.domain.everyday import everyday
from qunguan.domain.repair import REASONS, repaired

# How a sound text comes to be broken. The last two lose what does not fit.
DAMAGE = {
    "latin": lambda text: text.encode().decode("latin-1"),
    "windows": lambda text: western(text.encode()),
    "twice": lambda text: text.encode().decode("latin-1").encode().decode("latin-1"),
    "thrice": lambda text: western(western(western(text.encode()).encode()).encode()),
    "gbk": lambda text: text.encode().decode("gbk"),
    "gbk twice": lambda text: text.encode().decode("gbk").encode().decode("gbk"),
    "gbk of latin": lambda text: text.encode().decode("latin-1").encode().decode("gbk"),
    "gbk as latin": lambda text: text.encode("gbk").decode("latin-1"),
    "gbk as windows": lambda text: western(text.encode("gbk")),
    "gbk with holes": lambda text: text.encode().decode("gbk", "replace"),
    "gbk with marks": lambda text: text.encode().decode("gbk", "replace").replace("\ufffd", "?"),
}
EVERYDAY = [
    bytes((lead, trail)).decode("gb2312", "ignore") for lead in range(0xB0, 0xD8) for trail in range(0xA1, 0xFF)
]
CHINESE = st.sampled_from([char for char in EVERYDAY if char])
EMOJI = st.sampled_from("😂💪🍀🎉👍🌈")
SENTENCES = st.text(
    st.one_of(CHINESE, CHINESE, CHINESE, st.sampled_from("，。！：、“”…·（）《》"), st.sampled_from("Crystal 0123")),
    max_size=24,
)
S3 = "社群運(yùn)營的質(zhì)量。獲?。簝?yōu)先推薦，質量?;顒舆\\(yùn)營，提高活躍度?;訖C(jī)會(huì)多，為(wèi)了大家"


def western(data: bytes) -> str:
    """`data` as Windows reads it in the West: five bytes mean nothing and stay."""
    return "".join(bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in data)


@pytest.mark.parametrize(
    ("broken", "whole", "why"),
    [
        ("運(yùn)營", "运营", ("pinyin", "simplified")),
        ("我們(men)都來(lái)學(xué)習(xí)", "我们都来学习", ("pinyin", "simplified")),
        ("長(cháng)期還(huán)款，綠(lǜ)色", "长期还款，绿色", ("pinyin", "simplified")),
        ("會(huì)議上著名的乾坤大挪移，看著乾淨", "会议上著名的乾坤大挪移，看着干净", ("pinyin", "simplified")),
        ("浣犲ソ", "你好", ("utf8_as_gbk",)),
        ("a浣犲ソ, ok", "a你好, ok", ("utf8_as_gbk",)),
        ("ä½\xa0å¥½", "你好", ("utf8_as_latin",)),
        ("“张三”说 ä½\xa0å¥½", "“张三”说 你好", ("utf8_as_latin",)),
        ("Itâ€™s fine", "It’s fine", ("utf8_as_latin",)),
        ("ðŸ˜‚", "😂", ("utf8_as_latin",)),
        ("ÄãºÃ ´ò¿¨", "你好 打卡", ("gbk_as_latin",)),
        ("ÔËÓª", "运营", ("gbk_as_latin",)),
        ("濮ｅ繐銇夐幍鎾冲幢", "每天打卡", ("utf8_as_gbk",)),
        ("大家好浣犲ソ今天", "大家好你好今天", ("utf8_as_gbk",)),
        ("张三：姣忓ぉ鎵撳崱，第3天馃槀。", "张三：每天打卡，第3天😂。", ("utf8_as_gbk",)),
        ("好浣犲ソ大家都好吗?", "好你好大家都好吗?", ("utf8_as_gbk",)),
        ("鎵撳崱？鎵撳崱。", "打卡？打卡。", ("utf8_as_gbk",)),
        ("大家好濮ｅ繐銇夐幍鎾冲幢了", "大家好每天打卡了", ("utf8_as_gbk",)),
        ("·ä½\xa0å¥½·张三", "·你好·张三", ("utf8_as_latin",)),
    ],
)
def test_damage_that_proves_what_stood_there_is_undone(broken: str, whole: str, why: tuple[str, ...]) -> None:
    found = repaired(broken)
    assert found.text == whole
    assert not found.doubts
    (change,) = found.changes
    assert (change.line, change.before, change.after) == (1, broken, whole)
    assert set(change.why) == set(why)


def test_the_three_torn_places_are_named_and_everything_around_them_is_repaired() -> None:
    found = repaired(S3)
    assert found.text == "社群运营的质量。获?。簝?yōu)先推荐，质量?;顒舆\\(yùn)营，提高活跃度?;訖C(jī)会多，为了大家"
    assert [doubt.why for doubt in found.doubts] == ["torn"] * 3
    torn = ("?。簝?yōu)", "?;顒舆\\(yùn)", "?;訖C(jī)")
    assert all(place in doubt.text for place, doubt in zip(torn, found.doubts, strict=True))


def test_every_note_of_a_long_text_is_taken_out() -> None:
    line = "運(yùn)優(yōu)動(dòng)機(jī)會(huì)質(zhì)為(wèi)們(men)個(gè)這(zhè)說(shuō)時(shí)開(kāi)對(duì)場(chǎng)"
    found = repaired("\n".join([line] * 24))
    assert found.text.count("(") == 0
    assert len(found.changes) == 24
    assert found.text.split("\n")[0] == "运优动机会质为们个这说时开对场"


@pytest.mark.parametrize(
    "sound",
    [
        "", "\n", "\r\n\r\n", "plain text (ok)", "社群運營，繁體字也是字", "微信(wechat)群(vip)，咖啡(café)",
        "床前明月光，疑(yí)是地上霜", "你(nǐ)好(hǎo)，我(wǒ)們(men)學(xué)習(xí)", "名字(míngzi)", "乾(qián)隆",
        "茅台", "隆重", "café Zoë naïve 你好", "»»»»公告»»»»", "······ ×××× °°°°", "ÀÈÌÒÙ", "¿Qué? ¡Sí!", "👩‍👩‍👧 🇨🇳 1️⃣",
        "油炸馃，好吃", "我叫椹瑰发呀", "ありがとう カタカナ", "안녕하세요", "“……”——《书》", "𠮷野家",
        "张三\u3000李四\xa0王五", "﹏﹏\u200b", "€5 €€€",
    ],
)  # fmt: skip
def test_sound_text_stays_as_it_is(sound: str) -> None:
    found = repaired(sound)
    assert found.text == sound
    assert not found.changes
    assert not found.doubts


def test_text_for_learners_keeps_its_pinyin_and_a_traditional_line_beside_noise_its_characters() -> None:
    learners = "兔(tù)子(zi)的(de)尾(wěi)巴(ba)，長(cháng)不了"
    assert repaired(learners).text == learners
    chat = "陳小姐：訂單到了\n林先生：謝謝\n轉發：社群運(yùn)營"
    assert repaired(chat).text == "陳小姐：訂單到了\n林先生：謝謝\n转发：社群运营"


def test_the_headings_of_a_text_that_came_broken_are_simplified_with_it() -> None:
    text = "營銷\r\n運(yùn)營方法\r\n質(zhì)量說(shuō)明\r\n"
    found = repaired(text)
    assert found.text == "营销\r\n运营方法\r\n质量说明\r\n"
    assert (found.changes[0].line, found.changes[0].before) == (1, "營銷")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("锟斤拷锟斤拷", "lost"),
        ("张\ufffd打卡", "lost"),
        ("浣犲ソ鍚\ufffd", "unread"),
        ("浣犲ソ鍚? 好", "unread"),
        ("大家好鏃╀笂濂\ufffd今天", "unread"),
        ("大家好鏃╀笂濂?今天", "unread"),
        ("ÄãºÃÂ", "unread"),
        ("ZoÃ«", "unread"),
        ("质量?;活动", "torn"),
        ("机訖C会", "torn"),
    ],
)
def test_what_was_lost_is_named_and_left(text: str, why: str) -> None:
    found = repaired(text)
    assert found.text == text
    assert not found.changes
    assert [doubt.why for doubt in found.doubts] == [why]


def test_a_place_is_shown_with_a_little_around_it_however_long_it_is() -> None:
    (doubt,) = repaired("好" * 50 + "锟斤拷" * 1000 + "好" * 50).doubts
    assert doubt.text.startswith("好" * 6 + "锟斤拷")
    assert len(doubt.text) == 60


def test_every_reason_can_be_said() -> None:
    assert all(REASONS.values())


@settings(max_examples=150, deadline=None)
@given(SENTENCES, st.sampled_from(sorted(DAMAGE)))
def test_each_stretch_of_damage_is_undone_or_left_never_made_worse(text: str, kind: str) -> None:
    try:
        broken = DAMAGE[kind](text)
    except UnicodeError:
        return  # this text cannot be broken this way
    found = repaired(broken).text
    assert repaired(found).text == found
    if found != broken:
        assert everyday(found) > everyday(broken)
        for word in found.replace("\ufffd", " ").replace("?", " ").split():
            assert word in text or word in broken or kind.startswith("gbk with"), (text, broken, found)


@settings(max_examples=150, deadline=None)
@given(st.lists(SENTENCES | st.text(EMOJI) | st.text(st.characters(max_codepoint=0x7E), max_size=12), max_size=6))
def test_sound_everyday_text_is_never_changed(words: list[str]) -> None:
    text = "".join(words)
    assert repaired(text).text == text


@settings(max_examples=150, deadline=None)
@given(
    st.text(
        st.characters() | st.sampled_from("運優機的(yùn)(jī)(de)?。;簝訖C\\Ã¤½ä½å¥浣犲ソ锟斤拷\ufffd\r\n"), max_size=40
    )
)
def test_repairing_twice_is_repairing_once_whatever_the_text(text: str) -> None:
    once = repaired(text)
    assert repaired(once.text).text == once.text
    assert once.text.count("\n") == text.count("\n")
    assert bool(once.changes) == (once.text != text)


@settings(max_examples=150, deadline=None)
@given(st.text(CHINESE, max_size=8), st.text(CHINESE, min_size=2, max_size=6), st.text(CHINESE, max_size=8))
def test_a_broken_word_beside_intact_ones_comes_back_or_stays(before: str, word: str, after: str) -> None:
    try:
        broken = word.encode().decode("gbk")
    except UnicodeError:
        return
    assert repaired(before + broken + after).text in (before + word + after, before + broken + after)


@settings(max_examples=60, deadline=None)
@given(st.text(CHINESE, min_size=2, max_size=12), st.sampled_from(["latin", "windows", "twice"]))
def test_chinese_read_as_western_always_comes_back(text: str, kind: str) -> None:
    assert repaired(DAMAGE[kind](text)).text == text
