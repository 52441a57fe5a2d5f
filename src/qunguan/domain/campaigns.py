"""Campaigns: their forms (playbooks), the plan of one, its tasks before, on and after the day (S1-31, S0-28)."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import field
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

from qunguan.domain.clock import DayRule
from qunguan.domain.errors import BadInput, NotFound
from qunguan.domain.rosters import Reason
from qunguan.domain.text import match_key, show
from qunguan.i18n import N_
from qunguan.values import frozen

_PRESET = Path(__file__).parents[1] / "presets" / "playbooks.toml"
_MINUTES = 24 * 60
MOST_DAYS: Final = 366

Kind = Literal["join", "order", "vote", "submit", "attend", "gift", "win"]
State = Literal["planned", "running", "review", "over", "cancelled"]
TermKind = Literal["count", "money", "text", "list"]
Hat = Literal["owner", "content", "service", "analyst"]
Unit = Literal["people", "count", "fen", "percent"]

KINDS: dict[Kind, str] = {
    "join": N_("signed up"), "order": N_("bought"), "vote": N_("voted"), "submit": N_("handed in"),
    "attend": N_("came"), "gift": N_("was given"), "win": N_("won"),
}  # fmt: skip
STATES: dict[State, str] = {
    "planned": N_("being prepared"), "running": N_("running"), "review": N_("waits for its review"),
    "over": N_("over"), "cancelled": N_("cancelled"),
}  # fmt: skip
TO_OPEN = N_("waits to open")
"""What is said of a campaign that was started, on the days before its own."""
CARRIERS: dict[str, str] = {
    "group": N_("text in the group"), "link": N_("an external link"), "mini": N_("a mini program"),
    "live": N_("a live"), "offline": N_("on the spot"),
}  # fmt: skip
GOALS: dict[str, tuple[str, Unit]] = {
    "participants": (N_("people who take part"), "people"),
    "entries": (N_("lines of the sheet"), "count"),
    "orders": (N_("campaign orders"), "count"),
    "revenue": (N_("revenue"), "fen"),
    "conversion": (N_("conversion"), "percent"),
    "new_members": (N_("new members"), "people"),
    "attend": (N_("people who come"), "people"),
}
"""What a campaign may be for: name and unit; percent is kept in hundredths of a percent, money in fen."""


@frozen
class Term:
    """A number or word a form asks for; `value` is what it is at first, "" when nothing need be told."""

    name: str
    label: str
    kind: TermKind
    value: str
    source: str


@frozen
class Step:
    """A task of the playbook. `day` counts from the first day (or the last, `of_end`); `at` is a time of day, or
    minutes from the start or the end."""

    code: str
    day: int
    at: str
    hat: Hat
    title: str
    text: str = ""
    of_end: bool = False


@frozen
class Playbook:
    """One form of campaign. `entry` is what a line of its sheet usually is, `kinds` what it may be; `columns` are the
    fields of the sheet and their headings; `promo` forms rest while the promo lock holds; `stocked` is the kind of line
    that uses up the stock ("": `entry`). `weekday` (Monday is 0) and `month_day` are the days it usually falls on.
    """

    form: str
    name: str
    about: str
    goals: tuple[str, ...]
    entry: Kind
    kinds: tuple[Kind, ...]
    days: int
    start: str
    source: str
    metrics: tuple[str, ...]
    columns: Mapping[str, str]
    terms: tuple[Term, ...]
    steps: tuple[Step, ...]
    promo: bool = False
    teams: str = ""
    stocked: str = ""
    carrier: str = "group"
    weekday: int | None = None
    month_day: int | None = None

    def term(self, name: str) -> Term:
        """One of its terms. Raises BadInput with those there are."""
        for each in self.terms:
            if match_key(name) in (match_key(each.name), match_key(each.label)):
                return each
        known = ", ".join(f"{each.name} ({each.label})" for each in self.terms)
        raise BadInput("this form has no term {text}", hint="there are: {known}", text=show(name[:40]), known=known)


@frozen
class Campaign:
    """A campaign as it is stored. Moments are aware; `goal_value` is in the goal's unit (GOALS), None: no number.

    `scheme` and `bucket` say whom it is for, "" everyone present; who that was is frozen (`audience` people).
    """

    id: int
    group_id: int
    name: str
    form: str
    goal: str
    goal_value: int | None
    starts_at: datetime
    ends_at: datetime
    from_day: date
    to_day: date
    scheme: str = ""
    bucket: str = ""
    occasion: str = ""
    offer: str = ""
    budget_fen: int | None = None
    carrier: str = "group"
    started_at: datetime | None = None
    closed_on: date | None = None
    cancelled_on: date | None = None
    note: str = ""

    @property
    def playbook(self) -> Playbook:
        """Its form."""
        return playbook(self.form)

    def state(self, now: datetime) -> State:
        """Where it stands at a moment."""
        if self.cancelled_on is not None:
            return "cancelled"
        if self.closed_on is not None:
            return "over"
        if self.started_at is None:
            return "planned"
        return "running" if now < self.ends_at else "review"


@frozen
class Draft:
    """A campaign as it is told, before it is stored. Times are of the group's own clock.

    `terms` are texts as typed, for what is not as in the playbook. `goal_value` is as in Campaign.
    """

    name: str
    form: str
    first: date
    start_minute: int
    last: date
    end_minute: int
    goal: str = ""
    goal_value: int | None = None
    scheme: str = ""
    bucket: str = ""
    occasion: str = ""
    offer: str = ""
    budget_fen: int | None = None
    carrier: str = ""
    note: str = ""
    terms: Mapping[str, str] = field(default_factory=dict)


@frozen
class CampaignTask:
    """Something to do for a campaign on a day: `at_minute` of the group's clock, `text` ready to copy ("" for none)."""

    key: str
    campaign_id: int
    campaign: str
    group_id: int
    step: str
    day: date
    at_minute: int
    hat: Hat
    title: str
    text: str


@frozen
class Caution:
    """What speaks against a plan, or for it (`level` good); the owner decides."""

    level: Literal["good", "notice", "warning"]
    reason: Reason
    source: str


@cache
def playbooks() -> Mapping[str, Playbook]:
    """Every form by code, in the order of the file."""
    document = tomllib.loads(_PRESET.read_text(encoding="utf-8"))
    common = document.pop("common")["steps"]
    return {form: _playbook(form, fields, common) for form, fields in document.items()}


def _playbook(form: str, fields: dict[str, Any], common: Sequence[dict[str, Any]]) -> Playbook:
    terms = tuple(Term(**each) for each in fields.pop("terms", ()))
    lists: dict[str, Any] = {name: tuple(fields.pop(name)) for name in ("goals", "kinds", "metrics")}
    steps = sorted(map(_step, [*fields.pop("steps"), *common]), key=lambda each: (each.of_end, each.day))
    return Playbook(form=form, terms=terms, steps=tuple(steps), **lists, **fields)


def _step(fields: dict[str, Any]) -> Step:
    values = dict(fields)
    return Step(of_end=values.pop("from", "start") == "end", **values)


def playbook(form: str) -> Playbook:
    """A form by code or name. Raises NotFound with those there are."""
    for each in playbooks().values():
        if match_key(form) in (match_key(each.form), match_key(each.name)):
            return each
    known = ", ".join(f"{each.form} ({each.name})" for each in playbooks().values())
    raise NotFound("there is no campaign form {text}", hint="there are: {known}", text=show(form[:40]), known=known)


def goal_unit(goal: str) -> Unit:
    """The unit of a goal. Raises NotFound with those there are."""
    if goal not in GOALS:
        raise NotFound("a campaign has no goal {text}", hint="there are: {known}", text=show(goal[:40]),
                       known=", ".join(GOALS))  # fmt: skip
    return GOALS[goal][1]


def checked_dates(first: date, start_minute: int, last: date, end_minute: int) -> None:
    """Raises BadInput for days and times a campaign cannot have."""
    for minute in (start_minute, end_minute):
        if not 0 <= minute <= _MINUTES:
            raise BadInput("{minute} is no minute of a day", minute=minute)
    if (last, end_minute) < (first, start_minute):
        raise BadInput("the campaign ends before it begins: {first} to {last}", first=first, last=last)
    if (last - first).days >= MOST_DAYS:
        raise BadInput("a campaign lasts {most} days at most", most=MOST_DAYS)


def minute_typed(text: str) -> int:
    """Minutes after midnight of a time of day as it is typed: 20:00, 8点, 20点30; 24:00 is the end. Raises BadInput."""
    told = match_key(text).replace("：", ":").replace("点", ":").replace("时", ":").removesuffix("分")
    hour, _sign, minute = told.partition(":")
    if hour.isdecimal() and len(hour) <= 2 and (not minute or (minute.isdecimal() and len(minute) <= 2)):
        value = int(hour) * 60 + int(minute or 0)
        if int(minute or 0) < 60 and value <= _MINUTES:
            return value
    raise BadInput("{text} is no time of day", hint="write it like 20:00", text=show(text[:20]))


def clock_text(minute: int) -> str:
    """A minute of the day as people write it: 20:00."""
    return f"{minute // 60:02d}:{minute % 60:02d}"


def tasks_of(campaign: Campaign, rule: DayRule, group: str, terms: Mapping[str, str]) -> tuple[CampaignTask, ...]:
    """Everything to do for a campaign, by day and time; ready texts are filled. One that was cancelled has none left
    from that day on, one that was closed none after that day but the look at the days after it (S0-28)."""
    values = texts_of(campaign, rule, group, terms)
    found = []
    for step in campaign.playbook.steps:
        day, minute = _when(step, campaign, rule)
        if campaign.cancelled_on is not None and day >= campaign.cancelled_on:
            continue
        if campaign.closed_on is not None and day > campaign.closed_on and step.code != "week":
            continue
        text = filled(step.text, values)
        title = filled(step.title, values) or step.title
        found.append(CampaignTask(f"campaign:{campaign.id}:{step.code}", campaign.id, campaign.name, campaign.group_id,
                                  step.code, day, minute, step.hat, title, text))  # fmt: skip
    return tuple(sorted(found, key=lambda each: (each.day, each.at_minute)))


def _when(step: Step, campaign: Campaign, rule: DayRule) -> tuple[date, int]:
    day = (campaign.to_day if step.of_end else campaign.from_day) + timedelta(days=step.day)
    for name, moment, own in (
        ("start", campaign.starts_at, campaign.from_day),
        ("end", campaign.ends_at, campaign.to_day),
    ):
        if step.at.startswith(name):
            minute = _minute_of(rule.local(moment), own) + int(step.at.removeprefix(name) or 0)
            return day, min(max(minute, 0), _MINUTES - 1)
    return day, minute_typed(step.at)


def _minute_of(local: datetime, day: date) -> int:
    """Minutes after the midnight a day begins with; 24:00 where the moment is the midnight that ends it."""
    return min((local.date() - day).days * _MINUTES + local.hour * 60 + local.minute, _MINUTES)


def texts_of(campaign: Campaign, rule: DayRule, group: str, terms: Mapping[str, str]) -> dict[str, str]:
    """What the places of ready texts stand for; what nobody told is missing."""
    start, end = rule.local(campaign.starts_at), rule.local(campaign.ends_at)
    values = {
        "name": campaign.name, "group": group, "offer": campaign.offer,
        "date": f"{campaign.from_day.month}月{campaign.from_day.day}日",
        "end_date": f"{campaign.to_day.month}月{campaign.to_day.day}日",
        "time": clock_text(start.hour * 60 + start.minute),
        "end_time": clock_text(_minute_of(end, campaign.to_day)),
    }  # fmt: skip
    values["end"] = f"{values['end_date']} {values['end_time']}"
    return {name: value for name, value in {**terms, **values}.items() if value}


def filled(text: str, values: Mapping[str, str]) -> str:
    """A ready text with its places filled; a line with a place nobody told of is left out."""
    lines = []
    for line in text.splitlines():
        for name, value in values.items():
            line = line.replace(f"{{{name}}}", value)
        if "{" not in line or "}" not in line:
            lines.append(line)
    return "\n".join(lines)
