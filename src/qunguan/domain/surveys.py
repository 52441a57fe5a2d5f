"""Surveys: question sets of a purpose, what can be answered, and what an answer says of who gave it (S3-04, S3-37)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final, Literal

from qunguan.domain.errors import BadInput, NotFound
from qunguan.domain.names import typed_name
from qunguan.domain.rosters import Reason, RowNote
from qunguan.domain.text import clean, is_blank, match_key, show
from qunguan.i18n import N_
from qunguan.values import frozen

_PRESET: Final = Path(__file__).parents[1] / "presets" / "surveys.toml"
QUESTION_LIMIT: Final = 400
ANSWER_LIMIT: Final = 2000
NAME_LIMIT: Final = 200
MOST_INTENT: Final = 100
INTENT_HIGH: Final = "survey.intent_high"
INTENT_LOW: Final = "survey.intent_low"
INTENT_DAYS: Final = "survey.intent_days"
FORGOTTEN: Final = "—"
"""The name, and the free text, of a reply whose person was forgotten: no import fills it again."""

Purpose = Literal["positioning", "newcomer", "wake_up", "other"]
Kind = Literal["one", "many", "number", "text"]
Level = Literal["high", "mid", "low"]
MatchedBy = Literal["id", "phone", "alias", "hand", "nobody", "doubtful", "unknown", "anonymous"]

PURPOSES: Final[dict[Purpose, str]] = {
    "positioning": N_("positioning"), "newcomer": N_("newcomers"), "wake_up": N_("wake-up"),
    "other": N_("something else"),
}  # fmt: skip
KINDS: Final[dict[Kind, str]] = {
    "one": N_("one answer"), "many": N_("several answers"), "number": N_("a number"), "text": N_("free text"),
}  # fmt: skip
LEVELS: Final[dict[Level, str]] = {"high": N_("high intent"), "mid": N_("middling intent"), "low": N_("low intent")}
WAITING: Final[tuple[MatchedBy, ...]] = ("doubtful", "unknown")
"""How a reply stands whose person is still to be said."""

_FILLED = re.compile(r"\s*〖[^〖〗]*〗\s*$")
HINTS: Final = re.compile(
    r"\s*[\[【(（]\s*(单选题?|多选题?|可多选|填空题?|问答题?|打分题?|评分题?|量表题?|必填|选填|必答)\s*[\]】)）]\s*"
)
"""What a form writes beside a question and is no word of it: 【多选题】, （必填）."""
_LABEL = re.compile(r"^\s*(?:[A-Za-z]|\d{1,2})\s*[、．)）.:：](?!\d)\s*(?=\S)")


@frozen
class Option:
    """What can be answered. Who answers so gets `tag` (`category:name`, or a name; "" none); `intent` says how serious
    they are.
    """

    id: int
    position: int
    text: str
    tag: str = ""
    intent: int = 0


@frozen
class Question:
    """A question of a survey; `position` counts from 1. A number and free text have no options."""

    id: int
    position: int
    text: str
    kind: Kind
    options: tuple[Option, ...] = ()

    def option(self, answer: str) -> Option | None:
        """The option an answer means: its words, whatever stands before them as `A.` or behind them as 〖…〗."""
        key = option_key(answer)
        return next((each for each in self.options if option_key(each.text) == key), None)


@frozen
class Survey:
    """A survey with how many replied; `waiting` replies name somebody who could not be told."""

    id: int
    name: str
    purpose: Purpose
    group_id: int | None
    intro: str
    created_at: datetime
    questions: int
    replies: int
    waiting: int
    last_day: date | None


@frozen
class Asked:
    """What one column of a sheet (or several, one an option) asks. `number` is the question's own, None without;
    `options` are those whose columns stand there; `kind` is None where the header does not say it.
    """

    number: int | None
    text: str
    kind: Kind | None = None
    options: tuple[str, ...] = ()


@frozen
class SheetReply:
    """A row: who as far as it tells, when, and the answers by the place of what was asked. A day without a time, or no
    day at all, leaves `at` empty.
    """

    row: int
    number: str
    name: str
    phone: str
    account: str
    at: datetime | None
    day: date | None
    answers: Mapping[int, tuple[str, ...]]


@frozen
class SurveySheet:
    """A sheet of replies as read; `left_out` are headers whose columns are not kept, `named` whether any column says
    who answered.
    """

    title: str
    asked: tuple[Asked, ...]
    replies: tuple[SheetReply, ...]
    named: bool
    rejected: tuple[RowNote, ...] = ()
    skipped: tuple[RowNote, ...] = ()
    left_out: tuple[str, ...] = ()
    notes: tuple[Reason, ...] = ()


@frozen
class SurveyTaken:
    """What an import did. `made`: the survey is new; `questions` that are new: (text, kind). Replies are `added`,
    `replaced` by another row of the same number, or the `same` as before. `whose` counts the replies of the sheet by
    how their person was told.
    """

    survey_id: int
    name: str
    made: bool
    questions: tuple[tuple[str, Kind], ...]
    added: int
    replaced: int
    same: int
    whose: Mapping[str, int]
    rejected: tuple[RowNote, ...]


@frozen
class Tagging:
    """A tag that answers give: who gets it, and who has it already, both (id, name)."""

    tag: str
    new: tuple[tuple[int, str], ...]
    already: tuple[tuple[int, str], ...]


@frozen
class Preset:
    """A shipped question set: `questions` are (text, kind, options as (text, tag, intent))."""

    id: str
    name: str
    purpose: Purpose
    source: str
    intro: str
    questions: tuple[tuple[str, Kind, tuple[tuple[str, str, int], ...]], ...]


@cache
def presets() -> Mapping[str, Preset]:
    """Every shipped question set by id."""
    import tomllib

    told: dict[str, dict[str, Any]] = tomllib.loads(_PRESET.read_text(encoding="utf-8"))
    return {
        name: Preset(name, each["name"], each["purpose"], each["source"], each["intro"].strip(), tuple(
            (one["text"], one["kind"], tuple(
                (option["text"], option.get("tag", ""), option.get("intent", 0)) for option in one.get("options", ())
            )) for one in each["questions"]
        )) for name, each in told.items()
    }  # fmt: skip


def preset_typed(text: str) -> Preset:
    """The question set that is meant, by id, name or purpose. Raises NotFound."""
    key = match_key(text)
    for each in presets().values():
        if key in (match_key(each.id), match_key(each.name), match_key(each.purpose)):
            return each
    known = " / ".join(f"{each.id} {each.name}" for each in presets().values())
    raise NotFound("there is no question set {text}", hint="choose one of: {known}", text=show(text[:40]), known=known)


@lru_cache(maxsize=4096)
def option_key(text: str) -> str:
    """What an option is compared by: without `A.` before it and 〖what was filled in〗 behind it."""
    bare = _FILLED.sub("", text)
    return match_key(_LABEL.sub("", bare)) or match_key(bare) or text


def unlabelled(text: str) -> str:
    """The text without the `A.` or `1、` that stands before it."""
    return _LABEL.sub("", text)


def unfilled(text: str) -> str:
    """The answer without 〖what was filled in〗 behind it."""
    return _FILLED.sub("", text) or text


def question_key(text: str) -> str:
    """What a question is compared by: blanks, （可多选） and the question mark at the end do not matter."""
    bare = "".join(HINTS.sub("", text).split()).rstrip("?？:：。.*")
    return match_key(bare) or match_key(text) or text


def typed_purpose(text: str) -> Purpose:
    """A purpose by its word. Raises BadInput."""
    for each in PURPOSES:
        if match_key(text) == each:
            return each
    raise BadInput("there is no purpose {text}", hint="choose one of: {known}", text=show(text[:40]),
                   known=", ".join(PURPOSES))  # fmt: skip


def typed_kind(text: str) -> Kind:
    """A kind of question by its word. Raises BadInput."""
    for each in KINDS:
        if match_key(text) == each:
            return each
    raise BadInput("there is no kind of question {text}", hint="choose one of: {known}", text=show(text[:40]),
                   known=", ".join(KINDS))  # fmt: skip


def typed_question(text: str) -> str:
    """The words of a question or an option as they are stored. Raises BadInput for nothing."""
    told = clean(" ".join(text.split()), QUESTION_LIMIT)
    if is_blank(told):
        raise BadInput("the question is empty", hint="write what was asked")
    return told


def typed_tag(text: str) -> str:
    """A tag as `category:name` or a name; "" for none. Raises BadInput for a name that cannot be."""
    group, colon, name = text.strip().replace("：", ":").partition(":")
    if not text.strip():
        return ""
    return f"{typed_name(group)}:{typed_name(name)}" if colon else typed_name(group)


def tag_parts(tag: str) -> tuple[str, str]:
    """(category, name) of a tag; the category is "" for none."""
    group, colon, name = tag.partition(":")
    return (group, name) if colon else ("", group)


def checked_intent(value: int) -> int:
    """An intent, -100 to 100. Raises BadInput."""
    if not -MOST_INTENT <= value <= MOST_INTENT:
        raise BadInput("an intent is a number from -{most} to {most}", hint="3 is very serious, 0 says nothing",
                       most=MOST_INTENT)  # fmt: skip
    return value


def level_of(total: int, high: int | None, low: int | None) -> Level:
    """How serious somebody is by the sum of their intents; a bound that is off is never reached (S3-37)."""
    if high is not None and total >= high:
        return "high"
    return "low" if low is not None and total <= low else "mid"
