"""The content calendar's words: posts, the timetable's columns, what each is for and whom (S0-13 to S0-16, S3-11, C28).

Times of day are minutes after midnight of the group's own clock; days are business days.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal, TypeVar

from qunguan.domain.content_mix import KINDS, NAMES, Kind, MixPreset
from qunguan.domain.errors import BadInput, NotFound
from qunguan.domain.names import typed_name
from qunguan.domain.rosters import Reason
from qunguan.domain.text import clean, clean_lines, match_key, show
from qunguan.i18n import N_, _
from qunguan.late import pattern
from qunguan.values import frozen

_PRESET = Path(__file__).parents[1] / "presets" / "content.toml"
TITLE_LIMIT: Final = 200
TEXT_LIMIT: Final = 20_000
MINUTES: Final = 24 * 60
MOST_TAGS: Final = 20
COUPON: Final = "coupon"
_TIME = pattern(r"(\d{1,2})\s*[:：时点.]\s*(半|\d{1,2})?\s*分?")
_EARLIEST, _LATEST = 1900, 2999  # years: beyond them the days before and after run out of calendar

Key = TypeVar("Key", bound=str)
State = Literal["planned", "posted", "dropped"]
STATES: Final[Mapping[str, str]] = {"planned": N_("planned"), "posted": N_("posted"), "dropped": N_("dropped")}
Need = Literal["", "social", "information", "benefit"]
NEEDS: Final[Mapping[str, str]] = {
    "information": N_("information"), "social": N_("company"), "benefit": N_("a good deal"),
}  # fmt: skip
"""What a post serves."""
NEED_OF: Final[Mapping[Kind, Need]] = {"value": "information", "interactive": "social", "benefit": "benefit"}
Author = Literal["owner", "member"]
AUTHORS: Final[Mapping[str, str]] = {"owner": N_("owner (PGC)"), "member": N_("member (UGC)")}


@frozen
class SubKind:
    """What a post may be within its kind. `name` is data: it is shown as it is."""

    id: str
    kind: Kind
    name: str
    source: str


@frozen
class ColumnPreset:
    """A place of the timetable to begin with."""

    id: str
    name: str
    weekdays: str
    at: str
    kind: Kind
    source: str
    until: str = ""
    sub_kind: str = ""
    author: Author = "owner"
    prompt: str = ""


@frozen
class PostDraft:
    """A post as the owner plans it. `at_minute` None: some time that day. `sponsor` names who pays for it; then it is
    an ad and needs the words that say so in `disclosure`. `segments` are (scheme, bucket)."""

    title: str
    kind: Kind
    day: date
    at_minute: int | None = None
    sub_kind: str = ""
    need: Need = ""
    author: Author = "owner"
    author_id: int | None = None
    text: str = ""
    sponsor: str = ""
    disclosure: str = ""
    column_id: int | None = None
    campaign_id: int | None = None
    tags: tuple[str, ...] = ()
    segments: tuple[tuple[str, str], ...] = ()

    @property
    def is_ad(self) -> bool:
        """Whether somebody else pays for it (S3-31)."""
        return bool(self.sponsor)

    @property
    def promotes(self) -> bool:
        """Whether a promotion lock holds it back: a benefit or an ad (S4-30)."""
        return self.kind == "benefit" or self.is_ad


@frozen
class Post:
    """A post as it is kept. `draft` is what was planned of it; `author_name` "" where it is the owner's."""

    id: int
    group_id: int
    draft: PostDraft
    state: State = "planned"
    posted_at: datetime | None = None
    author_name: str = ""

    @property
    def day(self) -> date:
        """The day it is for."""
        return self.draft.day

    @property
    def at_minute(self) -> int | None:
        """Its time of day; None for some time."""
        return self.draft.at_minute

    @property
    def title(self) -> str:
        """Its title."""
        return self.draft.title

    @property
    def kind(self) -> Kind:
        """Its kind."""
        return self.draft.kind


@frozen
class ContentColumn:
    """A place of the timetable that comes again. `weekdays` are digits, 1 is Monday; hours of talk have an end.

    `ended_on` is its first day without.
    """

    id: int
    group_id: int
    name: str
    weekdays: str
    at_minute: int
    kind: Kind
    from_day: date
    until_minute: int | None = None
    sub_kind: str = ""
    need: Need = ""
    author: Author = "owner"
    prompt: str = ""
    script: str = ""
    source: str = ""
    ended_on: date | None = None

    def on(self, day: date) -> bool:
        """Whether it has a place on this day."""
        there = self.from_day <= day and (self.ended_on is None or day < self.ended_on)
        return there and str(day.isoweekday()) in self.weekdays


@cache
def _presets() -> Mapping[str, Mapping[str, Any]]:
    return tomllib.loads(_PRESET.read_text(encoding="utf-8"))


@cache
def mix_presets() -> Mapping[str, MixPreset]:
    """The shipped mixes by id."""
    return {
        preset_id: MixPreset(preset_id, tuple(each["weights"]), each["names"], each["raw"], each["source"])
        for preset_id, each in _presets()["mix"].items()
    }


@cache
def sub_kinds() -> Mapping[str, SubKind]:
    """What a post may be within its kind, by id."""
    return {each_id: SubKind(id=each_id, **each) for each_id, each in _presets()["sub_kind"].items()}


@cache
def column_presets() -> Mapping[str, ColumnPreset]:
    """The places of a timetable to begin with, by id."""
    return {each_id: ColumnPreset(id=each_id, **each) for each_id, each in _presets()["column"].items()}


def kind_typed(text: str) -> Kind:
    """The kind that is meant: by its code or by what any source calls it. Raises BadInput."""
    wanted = match_key(text)
    for kind in KINDS:
        called = {kind, *(names[kind] for names in NAMES.values()), *(_(names[kind]) for names in NAMES.values())}
        if wanted in {match_key(each) for each in called} | {match_key(each) for each in _ALIASES[kind]}:
            return kind
    raise BadInput("{text} is no kind of content", hint="say value, interactive or benefit", text=show(text[:40]))


# What people write, whatever language the program speaks
_ALIASES: Final[Mapping[Kind, tuple[str, ...]]] = {
    "value": ("价值", "价值型", "干货"),
    "interactive": ("互动", "互动型"),
    "benefit": ("利益", "利益型", "促销", "福利"),
}


def sub_kind_typed(text: str, kind: Kind) -> str:
    """The id of a shipped sub-kind, found by id or name; other words stay as they are typed. Raises BadInput for one of
    another kind."""
    wanted = match_key(text)
    for each in sub_kinds().values():
        if wanted and wanted in (match_key(each.id), match_key(each.name)):
            if each.kind != kind:
                raise BadInput("{text} is not of this kind", hint="it is: {kind}", text=each.name,
                               kind=Reason.of(NAMES["plain"][each.kind]))  # fmt: skip
            return each.id
    return clean(text)


def sub_kind_name(sub_kind: str) -> str:
    """What a sub-kind is called; what the owner typed is its own name."""
    known = sub_kinds().get(sub_kind)
    return known.name if known else sub_kind


def choice_typed(text: str, known: Mapping[Key, str], what: str) -> Key:
    """The key of `known` that is meant, by itself or its words. Raises BadInput with the message ID `what`."""
    wanted = match_key(text)
    for key, words in known.items():
        if wanted in (match_key(key), match_key(words), match_key(_(words))):
            return key
    raise BadInput(what, hint="say one of: {known}", text=show(text[:40]), known=", ".join(known))


def minute_typed(text: str) -> int | None:
    """Minutes after midnight from 9:30, 19点, 2030; "" is some time that day. Raises BadInput."""
    plain = text.strip().translate({0xFF10 + digit: str(digit) for digit in range(10)})
    if not plain:
        return None
    found = _TIME().fullmatch(plain) or re.fullmatch(r"(\d{2})(\d{2})", plain) or re.fullmatch(r"(\d{1,2})()", plain)
    hour, minute = (int(part.replace("半", "30") or 0) for part in found.groups("")) if found else (MINUTES, 0)
    if hour > 23 or minute > 59:
        raise BadInput("{text} is no time of day", hint="write it like 19:30", text=show(text[:20]))
    return hour * 60 + minute


def clock_said(minute: int | None) -> str:
    """19:30; "" for some time that day."""
    return "" if minute is None else f"{minute // 60:02}:{minute % 60:02}"


def weekdays_typed(text: str) -> str:
    """Weekdays as digits, 1 is Monday: from 135 or as people say it (工作日, 每周一三五, Mon Wed). Raises BadInput."""
    digits = set(text.strip())
    if digits and digits <= set("1234567"):
        return "".join(sorted(digits))
    from qunguan.domain.cadence import Cadence

    rhythm = Cadence.understand(text)
    if rhythm.times:
        raise BadInput("{text} does not say which weekdays", hint="write 135 (1 is Monday) or every day",
                       text=show(text[:40]))  # fmt: skip
    return "".join(map(str, rhythm.weekdays))


def weekdays_said(weekdays: str) -> str:
    """Weekdays as people say them."""
    from qunguan.domain.cadence import Cadence

    return Cadence(weekdays=tuple(map(int, weekdays))).spoken()


def checked_day(day: date) -> date:
    """A day a community can have. Raises BadInput."""
    if not _EARLIEST <= day.year <= _LATEST:
        raise BadInput("{day} is no day of this community", hint="use a year from {first} to {last}", day=day,
                       first=_EARLIEST, last=_LATEST)  # fmt: skip
    return day


def checked_draft(draft: PostDraft) -> PostDraft:
    """A draft as it may be stored, its texts clean and its need filled in. Raises BadInput.

    An ad without the words that say so is refused (C28); words without a sponsor are kept and do no harm.
    """
    if draft.kind not in KINDS:
        raise BadInput("{text} is no kind of content", hint="say value, interactive or benefit", text=draft.kind)
    checked_day(draft.day)
    if draft.at_minute is not None and not 0 <= draft.at_minute < MINUTES:
        raise BadInput("{text} is no time of day", hint="write it like 19:30", text=draft.at_minute)
    if len(draft.text) > TEXT_LIMIT:
        raise BadInput("the text is too long: {length} characters", hint="use {limit} characters at most",
                       length=len(draft.text), limit=TEXT_LIMIT)  # fmt: skip
    sponsor, disclosure = clean(draft.sponsor), clean(draft.disclosure, TITLE_LIMIT)
    if sponsor and not disclosure:
        raise BadInput(
            "an ad has to say that it is one: it is paid for by {sponsor}", sponsor=show(sponsor),
            hint="write the words that say so, for example: {words}", words=suggested_disclosure(sponsor),
        )  # fmt: skip
    return replace(
        draft, title=typed_name(draft.title, limit=TITLE_LIMIT), text=clean_lines(draft.text, TEXT_LIMIT),
        sub_kind=clean(draft.sub_kind), need=draft.need or NEED_OF[draft.kind], sponsor=sponsor,
        disclosure=disclosure, tags=tags_typed(draft.tags), segments=tuple(dict.fromkeys(draft.segments)),
        author="member" if draft.author_id is not None else draft.author,
    )  # fmt: skip


def suggested_disclosure(sponsor: str) -> str:
    """Words that say who pays, for the owner to confirm (C28)."""
    return _("[Ad] This post is sponsored by {sponsor}", sponsor=sponsor)


def tags_typed(tags: Iterable[str]) -> tuple[str, ...]:
    """Tags as they are stored, each once. Raises BadInput for a name nobody can see, or too many."""
    found = tuple(dict.fromkeys(typed_name(each) for each in tags if each.strip()))
    if len(found) > MOST_TAGS:
        raise BadInput("{n} tags are too many for one post", hint="use {limit} at most", n=len(found), limit=MOST_TAGS)
    return found


def checked_column(column: ContentColumn) -> ContentColumn:
    """A column as it may be stored. Raises BadInput."""
    until = column.until_minute
    checked_day(column.from_day)
    if not 0 <= column.at_minute < MINUTES or (until is not None and not column.at_minute < until <= MINUTES):
        raise BadInput("the end {last} is not after the beginning {first}", hint="write it like 19:00 and 21:00",
                       first=clock_said(column.at_minute), last=clock_said(until))  # fmt: skip
    if column.ended_on is not None and column.ended_on < column.from_day:
        raise BadInput("{last} is before {first}", hint="give the first day, then the last", first=column.from_day,
                       last=column.ended_on)  # fmt: skip
    return replace(
        column, name=typed_name(column.name), weekdays=weekdays_typed(column.weekdays),
        sub_kind=clean(column.sub_kind), need=column.need or NEED_OF[column.kind],
        prompt=clean_lines(column.prompt), script=clean(column.script), source=clean(column.source),
    )  # fmt: skip


def column_preset(text: str) -> ColumnPreset:
    """The shipped place that is meant, by id or name. Raises NotFound with those there are."""
    for each in column_presets().values():
        if match_key(text) in (match_key(each.id), match_key(each.name)):
            return each
    known = ", ".join(f"{each.id} ({each.name})" for each in column_presets().values())
    raise NotFound("there is no preset {text}", hint="there are: {known}", text=show(text[:40]), known=known)


def ready_text(draft: PostDraft) -> str:
    """What goes into the group: an ad says so first, unless its text does; without a text it is the title."""
    body = draft.text or draft.title
    if draft.disclosure and draft.disclosure not in body:
        return f"{draft.disclosure}\n{body}"
    return body


def benefit_said(title: str) -> str:
    """The word of a title by which it is a benefit; "" without one (S0-15)."""
    found = re.search(_presets()["title"]["benefit"], title)
    return found[0] if found else ""


def text_key(draft: PostDraft) -> str:
    """By what two posts are the same: the text, without blanks and case, or the title where there is none."""
    return "".join((draft.text or draft.title).split()).casefold()
