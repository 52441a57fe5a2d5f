"""Levels in the owner's words, a line a level: `银卡 = 消费≥1000/365天 或 订单≥6`. Read and written, in both languages.

A line is the name, `=`, and the ways that lead there with `或` (or) between them; a way is one condition or several
with `且` (and). A condition is what is looked at, `≥` (or `>=`, `满`), how much, and after a `/` over how many days.
The lowest level is a name alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any, Final
from unicodedata import normalize

from qunguan.domain.errors import BadInput
from qunguan.domain.level_terms import WINDOWED, Condition, Level, Metric, Policy, Terms, quantity, terms_from
from qunguan.domain.level_views import Benefit, NextLevel, Period
from qunguan.domain.levels import Cause, Measured
from qunguan.domain.money import short_yuan
from qunguan.domain.text import match_key, show
from qunguan.i18n import N_, _, language

PERIODS: Final[dict[Period, str]] = {"once": N_("in all"), "month": N_("a month"), "year": N_("a year")}
POLICIES: Final[dict[Policy, str]] = {
    "never": N_("a level is never lost"),
    "one_down": N_("one level down"),
    "by_value": N_("down to what the values give"),
}
CAUSES: Final[dict[Cause, str]] = {
    "start": N_("the ladder began"),
    "rise": N_("reached the bar"),
    "review": N_("the hold was over"),
    "rule": N_("the terms changed"),
    "strict": N_("something was taken back"),
    "lock": N_("set by hand"),
    "unlock": N_("the lock ended"),
}
"""Why a standing began, as message IDs."""
WORDS: Final[dict[Metric, dict[str, tuple[str, ...]]]] = {
    "spend": {"zh": ("消费", "消费额", "花费"), "en": ("spend", "spent")},
    "orders": {"zh": ("订单", "下单", "订单数"), "en": ("orders", "order")},
    "growth": {"zh": ("成长值", "成长"), "en": ("growth", "growth points")},
    "checkins": {"zh": ("打卡", "打卡数", "累计打卡"), "en": ("check-ins", "checkins", "check-in")},
    "best_streak": {"zh": ("最长连续", "最佳连续", "最长连续打卡"), "en": ("best streak", "best_streak")},
    "streak": {"zh": ("连续", "当前连续", "连续打卡"), "en": ("streak", "current streak")},
}
"""What each metric is called; the first of a language is the one that is written."""
_METRICS: Final[dict[str, Metric]] = {
    match_key(word): metric for metric, tongues in WORDS.items() for words in tongues.values() for word in words
}
_JOINTS = {"zh": (" 且 ", " 或 ", "天"), "en": (" and ", " or ", "d")}
_OR = re.compile(r"\s*(?:或者|或|\bor\b|\|+)\s*", re.IGNORECASE)
_AND = re.compile(r"\s*(?:并且|而且|且|\band\b|&+)\s*", re.IGNORECASE)
_IS = re.compile(r"(?<![>≥＞])[=＝](?![>＞])")
_CONDITION = re.compile(
    r"(?P<what>[^\d<>=≥]+?)\s*(?:>=|≥|≧|满|达到)\s*(?P<much>\d[\d,]*(?:\.\d+)?)\s*(?P<myriad>万?)\s*"
    r"(?:元|块|单|次|分|点|天|yuan|orders?|points?|times|days?)?"
    r"\s*(?P<window>/\s*(?P<days>\d+)\s*(?:天|日|days?|d)?)?",
    re.IGNORECASE,
)
_MYRIAD = 10_000
_DIGITS = 15


def written(level: Level) -> str:
    """A level as a line, in the language in force; `level_doc` reads it back."""
    both, either, _day = _JOINTS[language()]
    ways = either.join(both.join(_written(each) for each in way) for way in level.any_of)
    if ways:
        return f"{level.name} = {ways}"
    return f"{level.name} =" if _IS.search(level.name) else level.name


def terms_typed(lines: Iterable[str], *, hold_days: int, low_water_pct: int, policy: str, strict: bool) -> Terms:
    """Terms from lines as `written` writes them, lowest level first, empty ones left out. Raises BadInput, with the
    number of the line where a line is wrong.
    """
    typed = [line.strip() for line in lines if line.strip()]
    levels = [_level(line, number) for number, line in enumerate(typed, 1)]
    return terms_from({"levels": levels, "hold_days": hold_days, "low_water_pct": low_water_pct, "policy": policy,
                       "strict": strict})  # fmt: skip


def ways_said(level: Level) -> str:
    """What a level asks for, in words."""
    ways = [_(" and ").join(str(each.said()) for each in way) for way in level.any_of]
    return _(" or ").join(ways) if ways else _("everybody")


def kept_said(terms: Terms) -> str:
    """How long a level holds and what happens then, in words."""
    if terms.policy == "never":
        return _(POLICIES["never"])
    kept = _("held {days} days, then {policy}", days=terms.hold_days, policy=_(POLICIES[terms.policy]))
    if terms.low_water_pct < 100:
        kept += _("; {pct}% of the bar keeps it", pct=terms.low_water_pct)
    return kept


def quota_said(benefit: Benefit) -> str:
    """How often a benefit can be used, in words."""
    if benefit.quota is None:
        return _("without limit")
    return _("{n} times {period}", n=benefit.quota, period=_(PERIODS[benefit.period]))


def missing_said(way: Sequence[Measured]) -> str:
    """What is missing on one way to a level, in words: 200 yuan and 3 orders."""
    return _(" and ").join(str(quantity(each.condition.metric, each.missing)) for each in way if each.missing)


def nearest_said(ahead: NextLevel | None) -> str:
    """What is missing to the next level on the nearest way; "" at the top."""
    if ahead is None:
        return ""
    return _("{level}: {missing}", level=ahead.level, missing=missing_said(ahead.ways[0]) or "0")


def _written(condition: Condition) -> str:
    tongue = language()
    much = short_yuan(condition.at_least) if condition.metric == "spend" else str(condition.at_least)
    window = "" if condition.days is None else f"/{condition.days}{_JOINTS[tongue][2]}"
    return f"{WORDS[condition.metric][tongue][0]}≥{much}{window}"


def _level(line: str, number: int) -> dict[str, Any]:
    """A line as `terms_from` takes a level. The last `=` that is no `≥` ends the name."""
    where = _("level {n}", n=number)
    places = [found.start() for found in _IS.finditer(line)]
    if not places:
        return {"name": line, "any": []}
    name, asked = line[: places[-1]].strip(), normalize("NFKC", line[places[-1] + 1 :]).strip()
    if "(" in asked or ")" in asked:
        raise BadInput("brackets are not understood here", hint="write every way out: A 且 B 或 A 且 C", where=where)
    ways = _OR.split(asked) if asked else []
    return {"name": name, "any": [[_condition(each.strip(), where) for each in _AND.split(way)] for way in ways]}


def _condition(text: str, where: str) -> dict[str, Any]:
    found = _CONDITION.fullmatch(text)
    if found is None:
        raise BadInput("{text} is not a condition", hint="write it like 消费≥1000/365天 或 订单≥6 且 连续≥7",
                       where=where, text=show(text[:40]) or "—")  # fmt: skip
    what = found["what"].strip()
    metric = _METRICS.get(match_key(what))
    if metric is None:
        words = "、".join(tongues[language()][0] for tongues in WORDS.values())
        raise BadInput("{text} is nothing that is counted", hint="there are: {known}", where=where,
                       text=show(what[:40]), known=words)  # fmt: skip
    if found["window"] and metric not in WINDOWED:
        raise BadInput("{text} is not counted over days", where=where, hint="leave out what stands after the /",
                       text=show(what[:40]))  # fmt: skip
    asked: dict[str, Any] = {"metric": metric, **_bar(metric, found, where)}
    return {**asked, "days": int(found["days"][:_DIGITS])} if found["window"] else asked


def _bar(metric: Metric, found: re.Match[str], where: str) -> dict[str, Any]:
    digits, _dot, cents = found["much"].replace(",", "").partition(".")
    if metric == "spend":
        if found["myriad"]:
            digits, cents = f"{digits[:_DIGITS]}{cents[:4]:0<4}", cents[4:]
        return {"yuan": f"{digits[:_DIGITS]}.{cents or 0}"}
    if cents:
        raise BadInput("{value} is not a whole number", where=where, value=show(found["much"][:40]))
    return {"at_least": int(digits[:_DIGITS]) * (_MYRIAD if found["myriad"] else 1)}
