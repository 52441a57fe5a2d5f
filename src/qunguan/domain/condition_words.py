"""Conditions in the owner's words, both languages: `发言≥5/7天 且 (消费≥1000/365天 或 标签=VIP)`.

A leaf is what is looked at, `≥ > < ≤ =` (or 满, 以上, 以下, 超过, 不到), how much, and after a `/` over how many days.
`且 或 非` and brackets join them; 非 binds closest, then 且. Besides numbers there are `未消费`, `在群`, `已退群`,
`未入群`, `已退款`, `标签=VIP`, `渠道=小红书`, `资料 城市=上海`, `买过 面霜/90天`, `有 生日`, `距 预产期>0天`,
`自 宝宝生日<6个月` and `近90天消费≥1.5倍 前90天`. What `written` writes `condition_typed` reads back as it was.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from qunguan.domain.conditions import (
    AGES,
    DATED,
    KNOWABLE,
    Both,
    Condition,
    Either,
    Fact,
    Growth,
    Kind,
    Measure,
    Named,
    Not,
    Op,
    Unit,
    same_word,
)
from qunguan.domain.level_words import WORDS as LEVEL_WORDS
from qunguan.domain.money import short_yuan
from qunguan.i18n import language
from qunguan.values import frozen

Tongues = dict[str, tuple[str, ...]]

NUMBERS: Final[dict[Kind, Tongues]] = {
    "messages": {"zh": ("发言", "发言数", "消息"), "en": ("messages", "message")},
    "active_days": {"zh": ("活跃天数", "互动天数"), "en": ("active days",)},
    "checkins": LEVEL_WORDS["checkins"],
    "deeds": {"zh": ("分享和活动", "分享或活动"), "en": ("deeds",)},
    "shares": {"zh": ("分享", "好分享"), "en": ("shares",)},
    "campaigns": {"zh": ("参加活动", "活动"), "en": ("campaigns",)},
    "interactions": {"zh": ("互动", "互动次数"), "en": ("interactions",)},
    "orders": LEVEL_WORDS["orders"],
    "purchase_days": {"zh": ("购买天数", "消费天数"), "en": ("purchase days",)},
    "spent": {"zh": LEVEL_WORDS["spend"]["zh"], "en": ("spent", "spend")},
    "invites": {"zh": ("有效邀请", "邀请"), "en": ("invites", "referrals")},
    "last_message": {"zh": ("最近发言", "上次发言"), "en": ("last message",)},
    "last_checkin": {"zh": ("最近打卡", "上次打卡"), "en": ("last check-in", "last checkin")},
    "last_interaction": {"zh": ("最近互动", "上次互动"), "en": ("last interaction",)},
    "last_order": {"zh": ("最近下单", "上次下单", "最近消费", "上次消费"), "en": ("last order",)},
    "silent": {"zh": ("没互动", "未互动"), "en": ("silent",)},
    "joined": {"zh": ("加入", "入群", "加入天数"), "en": ("joined",)},
    "gone": {"zh": ("退群",), "en": ("gone",)},
    "camp": {"zh": ("开营", "开营天数"), "en": ("camp day",)},
    "points": {"zh": ("积分", "积分余额"), "en": ("points",)},
    "streak": LEVEL_WORDS["streak"],
    "best_streak": LEVEL_WORDS["best_streak"],
    "level": {"zh": ("等级",), "en": ("level",)},
}
"""What a number is called; the first of a language is the one that is written."""
EQUALS: Final[dict[Kind, Tongues]] = {
    "tag": {"zh": ("标签",), "en": ("tag",)},
    "channel": {"zh": ("渠道", "来源"), "en": ("channel",)},
    "left_reason": {"zh": ("退群原因",), "en": ("left reason", "reason for leaving")},
    "field": {"zh": ("资料",), "en": ("field",)},
}
"""What is compared with a word."""
YES: Final[dict[Kind, Tongues]] = {
    "present": {"zh": ("在群", "在群里"), "en": ("present",)},
    "left": {"zh": ("已退群", "退了群"), "en": ("left",)},
    "outside": {"zh": ("未入群", "没入群"), "en": ("never joined",)},
    "refunded": {"zh": ("已退款", "退了款"), "en": ("refunded",)},
    "orders": {"zh": ("未消费", "没消费", "没买过"), "en": ("never bought", "not bought")},
    "bought": {"zh": ("买过",), "en": ("bought",)},
    "known": {"zh": ("有",), "en": ("has",)},
}
"""What is yes or no; `orders` is none of them, the bucket of whoever never bought (C05)."""
DAYS_OF: Final[dict[Kind, Tongues]] = {
    "until": {"zh": ("距", "距离"), "en": ("until",)},
    "since": {"zh": ("自", "满"), "en": ("since",)},
}
"""The days or months from or to a date in the owner's own field, which follows."""
KNOWN_FIELDS: Final[dict[str, Tongues]] = {
    "@birthday": {"zh": ("生日",), "en": ("birthday",)},
    "@channel": {"zh": ("渠道",), "en": ("channel",)},
    "@phone": {"zh": ("电话", "手机", "手机号"), "en": ("phone",)},
}
"""What can be known beside the owner's own fields; one of those with such a name stands in quotes."""
JOINTS: Final[dict[str, tuple[str, str, str]]] = {"zh": (" 且 ", " 或 ", "非 "), "en": (" and ", " or ", "not ")}
SIGNS: Final[dict[Op, str]] = {">=": "≥", ">": ">", "<": "<", "<=": "≤", "=": "="}
_UNITS: Final[dict[str, dict[Unit, str]]] = {"zh": {"d": "天", "m": "个月"}, "en": {"d": "d", "m": "m"}}
BARE: Final = re.compile(r"""[^\s()（）<>=≥≤≧≦＞＜＝/／"“”「」且或非&|!！，,、:：]+""")
"""A word that needs no quotes."""
_JOINING = {"and", "or", "not"}


def written(condition: Condition, tongue: str | None = None) -> str:
    """A condition as it is written, in the language in force or in one ("zh", "en")."""
    return _written(condition, tongue or language())


def kind_said(kind: Kind, tongue: str | None = None) -> str:
    """What a fact is called: 发言, 消费."""
    for words in (NUMBERS, EQUALS, DAYS_OF, YES):
        if kind in words:
            return words[kind][tongue or language()][0]
    raise KeyError(kind)


def known_words(tables: Iterable[dict[Kind, Tongues]] = (NUMBERS, EQUALS, YES, DAYS_OF)) -> tuple[str, ...]:
    """Everything a condition can look at, in the language in force."""
    return tuple(tongues[language()][0] for words in tables for tongues in words.values())


@frozen
class Written:
    """A condition as a place in a message: written in the language then in force."""

    condition: Condition

    def __str__(self) -> str:
        return written(self.condition)


def _written(condition: Condition, tongue: str) -> str:
    both, either, no = JOINTS[tongue]
    if isinstance(condition, Both):
        return both.join(_inside(part, tongue, (Both, Either)) for part in condition.parts)
    if isinstance(condition, Either):
        return either.join(_inside(part, tongue, (Either,)) for part in condition.parts)
    if isinstance(condition, Not):
        return no + _inside(condition.part, tongue, (Both, Either))
    if isinstance(condition, Measure):
        return _measure(condition, tongue)
    if isinstance(condition, Growth):
        return _growth(condition, tongue)
    if isinstance(condition, Named):
        return f"{_called(condition.fact, tongue)}={quoted(condition.word)}"
    return _holds(condition.fact, tongue)


def _inside(part: Condition, tongue: str, bracketed: tuple[type, ...]) -> str:
    text = _written(part, tongue)
    return f"({text})" if isinstance(part, bracketed) else text


def _measure(leaf: Measure, tongue: str) -> str:
    fact = leaf.fact
    if fact.kind == "orders" and (leaf.op, leaf.bar, fact.before) == ("=", 0, 0):
        return YES["orders"][tongue][0] + _window(fact.days, tongue)
    much = short_yuan(leaf.bar) if fact.kind == "spent" else str(leaf.bar)
    if fact.kind in AGES:
        much += _UNITS[tongue]["d"]
    elif fact.kind in DATED:
        much += _UNITS[tongue][fact.unit]
    else:
        much += _window(fact.days, tongue)
    return f"{_called(fact, tongue)}{SIGNS[leaf.op]}{much}"


def _growth(leaf: Growth, tongue: str) -> str:
    times = f"{leaf.pct // 100}.{leaf.pct % 100:02d}".rstrip("0").rstrip(".")
    what, sign = NUMBERS[leaf.kind][tongue][0], SIGNS[leaf.op]
    if tongue == "zh":
        return f"近{leaf.days}天{what}{sign}{times}倍 前{leaf.past}天"
    return f"last {leaf.days}d {what}{sign}{times}x prior {leaf.past}d"


def _holds(fact: Fact, tongue: str) -> str:
    if fact.kind == "tag":
        group, colon, name = fact.name.rpartition(":")
        name = f"{quoted(group)}:{quoted(name)}" if colon and name.strip() else quoted(fact.name)
        return f"{EQUALS['tag'][tongue][0]}={name}"
    word = YES[fact.kind][tongue][0]
    if fact.kind == "known":
        return f"{word} {_known(fact.name, tongue)}"
    return f"{word} {quoted(fact.name)}{_window(fact.days, tongue)}" if fact.kind == "bought" else word


def _known(name: str, tongue: str) -> str:
    if name in KNOWABLE:
        return KNOWN_FIELDS[name][tongue][0]
    taken = any(
        same_word(name) == word for tongues in KNOWN_FIELDS.values() for words in tongues.values() for word in words
    )
    return in_quotes(name) if taken else quoted(name)


def _called(fact: Fact, tongue: str) -> str:
    if fact.kind in DATED:
        return f"{DAYS_OF[fact.kind][tongue][0]} {quoted(fact.name)}"
    if fact.kind == "field":
        return f"{EQUALS['field'][tongue][0]} {quoted(fact.name)}"
    return (NUMBERS[fact.kind] if fact.kind in NUMBERS else EQUALS[fact.kind])[tongue][0]


def _window(days: int | None, tongue: str) -> str:
    return "" if days is None else f"/{days}{_UNITS[tongue]['d']}"


def quoted(word: str) -> str:
    """A word as it stands in a condition: in quotes where it could be taken for something else."""
    plain = BARE.fullmatch(word) and not word.isdecimal() and word.casefold() not in _JOINING
    return word if plain else in_quotes(word)


def in_quotes(word: str) -> str:
    """A word in quotes, its own doubled."""
    return '"' + word.replace('"', '""') + '"'
