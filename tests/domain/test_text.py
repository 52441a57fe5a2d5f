"""Foreign text: nothing unsafe is stored or drawn, nothing honest is lost, equal names are found equal."""

from __future__ import annotations

import random
from unicodedata import category

import pytest

from qunguan.domain import text

ENGLAND = "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"
FAMILY = "👩\u200d👩\u200d👧"
RAINBOW = "🏳\ufe0f\u200d🌈"
UNSAFE = {ch for ch in map(chr, range(0x110000)) if category(ch) in ("Cc", "Cs")} | set(
    "\u061c\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff\u00ad"
)
POOL = [
    *"\x00\x07\x08\x1b[]0123456789;m\\\x9b\x9c\x90\x9d\u202e\u2066\u200b\ufeff\ud800\udfff\u0301\u0300\u0345e",
    *"\ufe0f\u200d\u200c\u20e3\u1100\u1161\u0130ﬁ\u212b\u3164\ue000\ufffe甲ｶﾞ 🏽👩🇨\U000e0067\U000e007f🏴",
    FAMILY,
    ENGLAND,
    "\r\n",
    "\t",
]


def is_unsafe(s: str) -> bool:
    return not UNSAFE.isdisjoint(s)


def hostile(count: int, longest: int) -> list[str]:
    dice = random.Random(20260301)
    return ["".join(dice.choices(POOL, k=dice.randint(0, longest))) for _ in range(count)]


@pytest.mark.parametrize("step", [9 * 256, pytest.param(256, marks=pytest.mark.long)])
def test_no_code_point_gets_through_unsafe(step: int) -> None:
    """All of them, or 124,000 and every block in which something unsafe is."""
    blocks = {*range(0, 0x110000, step), *(ord(ch) & ~255 for ch in UNSAFE if not "\ud800" <= ch <= "\udfff"), 0xD800}
    for start in sorted(blocks):
        s = "甲".join(map(chr, range(start, start + 256)))
        stored = text.clean(s, 1000)
        for safe in (stored, text.show(s), text.screen(s)):
            assert not is_unsafe(safe), hex(start)
            safe.encode()
        assert text.clean(stored, 1000) == stored, hex(start)


@pytest.mark.parametrize("count", [4000, pytest.param(200_000, marks=pytest.mark.long)])
def test_random_hostile_strings_become_safe_and_stay_as_they_are(count: int) -> None:
    for s in hostile(count, 90):
        stored, drawn, note = text.clean(s), text.screen(s), text.clean_lines(s, 40)
        assert text.clean(stored) == stored
        assert text.cleaned(stored) == (stored, ())
        assert text.screen(drawn) == drawn
        assert text.clean_lines(note, 40) == note
        assert len(stored) <= 64
        assert len(note) <= 40
        assert len(text.show(s)) == len(s)
        for safe in (stored, drawn, text.show(s), note.replace("\n", "")):
            assert not is_unsafe(safe), ascii(s)
            safe.encode()


@pytest.mark.parametrize(
    "name",
    ["张伟", "福利群-小明同学123", "[VIP]小明", "𠮷田", FAMILY, ENGLAND, RAINBOW, "🇨🇳小明", "❤\ufe0f", "1\ufe0f\u20e3",
     "👍🏽", "José", "ไทย", "می\u200cخواهم", "小明 🌸 同学", "李〇", "ㅤ"],
)  # fmt: skip
def test_an_honest_name_is_stored_as_it_is(name: str) -> None:
    assert text.cleaned(name) == (name, ())


@pytest.mark.parametrize(
    ("raw", "stored", "reasons"),
    [
        ("\x1b[31m小明", "[31m小明", (text.CONTROLS_REMOVED,)),
        ("\x1b]52;c;cm0=\x07x", "]52;c;cm0=x", (text.CONTROLS_REMOVED,)),
        ("小\u202e明", "小明", (text.INVISIBLE_REMOVED,)),
        ("张\u200d伟", "张伟", (text.INVISIBLE_REMOVED,)),
        ("小明\ufeff", "小明", (text.INVISIBLE_REMOVED,)),
        ("  小明\t\u3000同学\r\n", "小明 同学", (text.BLANKS_FOLDED,)),
        ("e\u0301", "é", (text.RECOMPOSED,)),
        ("甲" + "\u0301" * 60, "甲" + "\u0301" * 4, (text.MARKS_REMOVED,)),
        ("字" * 65, "字" * 64, (text.CUT,)),
        ("\ud800\udfff", "", (text.CONTROLS_REMOVED,)),
    ],
)
def test_every_change_is_told(raw: str, stored: str, reasons: tuple[str, ...]) -> None:
    assert text.cleaned(raw) == (stored, reasons)
    assert text.clean(raw) == stored


@pytest.mark.parametrize(
    ("tail", "kept"),
    [(FAMILY, ""), (ENGLAND, ""), ("🇨🇳", ""), ("e" + "\u0304\u0301" * 2, ""), ("👍🏽", ""), ("甲乙丙", "甲")],
)
def test_a_cut_falls_between_characters(tail: str, kept: str) -> None:
    assert text.clean("字" * 63 + tail) == "字" * 63 + kept


def test_a_flag_that_fits_is_not_torn() -> None:
    assert text.clean("字" * 62 + "🇨🇳🇯🇵") == "字" * 62 + "🇨🇳"
    assert text.clean("👩\u200d" * 40) == "👩\u200d" * 31 + "👩"


def test_a_note_keeps_its_lines() -> None:
    assert text.clean_lines("一  二\r\n\r\n\r\n\r\n三\x1b\r四\n") == "一 二\n\n三\n四"
    assert text.clean_lines("一二\n三四", 3) == "一二"
    assert text.clean_lines("\u0958") == "\u0915\u093c"  # composed form is longer than what was written


def test_controls_are_drawn_as_pictures() -> None:
    assert text.show("\x1b[31m小明\x7f\x9b\u202e\t") == "␛[31m小明␡\ufffd\ufffd␉"
    assert text.show(FAMILY) == FAMILY


@pytest.mark.parametrize(
    ("raw", "drawn"),
    [
        (FAMILY, "👩"),
        (RAINBOW, "🏳"),
        ("❤\ufe0f", "❤"),
        ("1\ufe0f\u20e3", "1"),
        ("👍🏽", "👍"),
        ("🇨🇳", "CN"),
        (ENGLAND, "🏴"),
        ("🏽", text.UNSHOWN),
        ("\U0001fac8", text.UNSHOWN),
        ("小\u202e\u200b明", "小明"),
        ("\x1b小\t明", "␛小␉明"),
        ("𠮷小明①★“”", "𠮷小明①★“”"),
    ],
)
def test_the_screen_form_has_one_width(raw: str, drawn: str) -> None:
    assert text.screen(raw) == drawn


@pytest.mark.parametrize("s", ["", " \u3000", "\u200b\u200d", "ㅤ", "\u115f\u1160", "\u2800", "\ufe0f", "\x1b\x00"])
def test_blank_is_what_nobody_can_see(s: str) -> None:
    assert text.is_blank(s)
    assert text.match_key(s) == ""


@pytest.mark.parametrize("s", ["小", "🌸", ".", "\u0301x", "〇"])
def test_what_can_be_seen_is_not_blank(s: str) -> None:
    assert not text.is_blank(s)
    assert text.match_key(s)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("小明🌸", "小明"),
        ("小明 🌸❤\ufe0f 👍🏽", "小明"),
        ("Ａmy　Wang", "amy wang"),
        ("AMY", "amy"),
        ("e\u0301va", "Éva"),
        ("小\u200b明\ufeff", "小明"),
        ("❤\ufe0f", "❤"),
        ("👍🏽", "👍"),
        (" 小  明 ", "小 明"),
        ("ｶﾞ", "ガ"),
        ("Straße", "STRASSE"),
    ],
)
def test_the_same_name_written_differently(one: str, other: str) -> None:
    assert text.match_key(one) == text.match_key(other)


@pytest.mark.parametrize(
    ("one", "other"), [("🌸", "❤"), ("小明", "小 明"), ("🌸小明", "小明"), ("张○", "张"), ("小明1", "小明")]
)
def test_different_names_stay_different(one: str, other: str) -> None:
    assert text.match_key(one) != text.match_key(other)


def test_positions_lead_back_to_the_raw_text() -> None:
    raw = " 小\u200b明🌸 Ａe\u0301ß打卡"
    key, places = text.match_positions(raw)
    assert key == "小明🌸 aéss打卡"
    assert [raw[place] for place in places] == list("小明🌸 Ａeßß打卡")


def test_positions_agree_with_the_key() -> None:
    for s in hostile(2000, 30):
        key, places = text.match_positions(s)
        assert len(key) == len(places)
        assert list(places) == sorted(places)
        assert key.startswith(text.match_key(s))
