"""Small numbers in Chinese: 八, 十二, 廿三, 三十."""

from __future__ import annotations

_DIGITS = {ch: number for number, ch in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
NUMERAL = "[零〇一二两三四五六七八九十]"
"""A character of such a number, for a regular expression."""
UNITS = "份个箱斤袋盒瓶包件套位人桶罐条把束串提筐块杯张本只双桌枚颗支台"
"""Measure words that make a number a quantity."""


_LUNAR_MONTHS = "正二三四五六七八九十冬腊"
_LUNAR_TENS = ("初", "十", "廿")


def numeral(text: str) -> int:
    """1 to 99 from `十二`, `廿三`, `三十`, `5`; 0 for what is none."""
    if text.isdecimal():
        return int(text)
    spelled = text.replace("廿", "二十").replace("卅", "三十")
    tens, ten, units = spelled.rpartition("十")
    if not ten:
        return _DIGITS.get(spelled, 0)
    return 10 * (_DIGITS.get(tens, 0) if tens else 1) + (_DIGITS.get(units, 0) if units else 0)


def lunar_words(month: int, day: int) -> tuple[str, str]:
    """A lunar month (1–12) and day (1–30) as people say them: 腊 and 初八, 三 and 廿一."""
    if day % 10:
        said = _LUNAR_TENS[day // 10] + "零一二三四五六七八九"[day % 10]
    else:
        said = {10: "初十", 20: "二十", 30: "三十"}[day]
    return _LUNAR_MONTHS[month - 1], said
