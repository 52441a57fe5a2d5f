"""SOPs: what is done by the clock, from a date on, for whoever joins, on birthdays, or when the owner starts it.

A step's `day` is the weekday of a weekly SOP (1 is Monday), 0 of a daily one, else the days after the start: the day
somebody joined, the birthday, the day a run was started for. A negative day lies before it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

from qunguan.domain.clock import WEEKDAYS
from qunguan.domain.content import clock_said, minute_typed
from qunguan.domain.errors import BadInput, NotFound
from qunguan.domain.names import typed_name
from qunguan.domain.tasks import TEXT_LIMIT, TITLE_LIMIT, Hat, typed_hat
from qunguan.domain.text import clean_lines, match_key, show
from qunguan.i18n import N_, _, ngettext
from qunguan.values import frozen

_PRESET = Path(__file__).parents[1] / "presets" / "sops.toml"

Trigger = Literal["daily", "weekly", "date", "join", "birthday", "hand"]
TRIGGERS: Final[dict[Trigger, str]] = {
    "daily": N_("every day"),
    "weekly": N_("every week"),
    "join": N_("from joining on"),
    "birthday": N_("around birthdays"),
    "date": N_("around a date"),
    "hand": N_("started by hand"),
}
"""What sets an SOP off, with the message ID of each."""

STARTED: Final = frozenset({"date", "hand"})
"""Those that need a run: somebody says for which day."""
PERSONAL: Final = frozenset({"join", "birthday"})
"""Those that are due for each member apart."""

FIRST_DAY, LAST_DAY = -60, 366
_WEEK_SHORT = "一二三四五六日"


@frozen
class Step:
    """One step. `from_day` to the day before `ended_on` is when it holds; `id` 0 is of a step that is not kept yet.

    `private` is a text that goes to each member apart, not to the group.
    """

    day: int
    at_minute: int | None
    title: str
    hat: Hat
    text: str = ""
    script: str = ""
    private: bool = False
    source: str = ""
    place: int = 0
    id: int = 0
    from_day: date = date.min
    ended_on: date | None = None

    def holds(self, day: date) -> bool:
        """Whether the step is in force on a day."""
        return self.from_day <= day and (self.ended_on is None or day < self.ended_on)


@frozen
class Span:
    """Days something is in force: from `from_day` to the day before `ended_on`, None while it lasts."""

    from_day: date
    ended_on: date | None = None

    def holds(self, day: date) -> bool:
        """Whether a day is among them."""
        return self.from_day <= day and (self.ended_on is None or day < self.ended_on)


@frozen
class Run:
    """An SOP started for a day `anchor_on`, of a group or of one member; nothing before `started_on` is asked for."""

    id: int
    sop_id: int
    group_id: int
    member_id: int | None
    anchor_on: date
    started_on: date
    ended_on: date | None = None
    name: str = ""

    def holds(self, day: date) -> bool:
        """Whether the run asks for something on a day."""
        return day >= self.started_on and (self.ended_on is None or day < self.ended_on)


@frozen
class Sop:
    """An SOP of a group. `steps` are all it ever had; `spans` are the days it was switched on."""

    id: int
    group_id: int
    name: str
    trigger: Trigger
    preset: str = ""
    source: str = ""
    steps: tuple[Step, ...] = ()
    spans: tuple[Span, ...] = ()
    runs: tuple[Run, ...] = ()
    ended_on: date | None = None

    @property
    def on(self) -> bool:
        """Whether it is switched on."""
        return any(span.ended_on is None for span in self.spans)

    @property
    def steps_now(self) -> tuple[Step, ...]:
        """The steps that are not ended, by day and hour."""
        return tuple(sorted((step for step in self.steps if step.ended_on is None), key=step_order))

    def active(self, day: date) -> bool:
        """Whether it was switched on, on a day."""
        return any(span.holds(day) for span in self.spans)


@frozen
class SopPreset:
    """A shipped SOP."""

    id: str
    name: str
    about: str
    trigger: Trigger
    source: str
    steps: tuple[Step, ...]


@frozen
class Due:
    """A step that is due on a day. `anchor` is the day its SOP began: of a run, of a newcomer, of a birthday."""

    sop: Sop
    step: Step
    day: date
    anchor: date
    run: Run | None = None

    @property
    def key(self) -> str:
        """The key of the task: the run it belongs to is part of it."""
        base = f"sop:{self.sop.id}.{self.step.id}:{self.day}"
        return base if self.run is None else f"{base}:{self.run.id}"


def step_order(step: Step) -> tuple[int, bool, int, int]:
    """Where a step stands in its SOP: by day, by hour (without one it is first), as they were written."""
    return step.day, step.at_minute is not None, step.at_minute or 0, step.place


def due(sop: Sop, days: Iterable[date], said: Container[str] = ()) -> Iterator[Due]:
    """The steps due on these days. Of a personal SOP each is for the members whose own day is its anchor: the day they
    joined, their birthday. Of days when the SOP, the step or the run was off, those with keys in `said` all the same:
    what was ticked stays ticked.
    """
    for day in days:
        for one, holds in _due_on(sop, day):
            if holds or one.key in said:
                yield one


def _due_on(sop: Sop, day: date) -> Iterator[tuple[Due, bool]]:
    """The steps of a day, each with whether everything it hangs on is in force."""
    active = sop.active(day)
    for step in sop.steps:
        holds = active and step.holds(day)
        if sop.trigger == "daily" or (sop.trigger == "weekly" and step.day == day.isoweekday()):
            yield Due(sop, step, day, day), holds
        elif sop.trigger in PERSONAL:
            anchor = day - timedelta(days=step.day)
            yield Due(sop, step, day, anchor), holds and (sop.trigger == "birthday" or sop.active(anchor))
        elif sop.trigger in STARTED:
            for run in sop.runs:
                if run.anchor_on + timedelta(days=step.day) == day:
                    yield Due(sop, step, day, run.anchor_on, run), holds and run.holds(day)


def next_due(sop: Sop, today: date, days: int) -> Due | None:
    """The next step within so many days, by day and hour. Of a personal SOP nobody can know before somebody joins."""
    if sop.trigger in PERSONAL:
        return None
    found = due(sop, (today + timedelta(days=number) for number in range(days + 1)))
    return min(found, key=lambda one: (one.day, step_order(one.step)[1:]), default=None)


def running(sop: Sop, today: date) -> tuple[Run, ...]:
    """The runs that still ask for something, from today on."""
    last = max((step.day for step in sop.steps_now), default=0)
    return tuple(run for run in sop.runs if run.ended_on is None and run.anchor_on + timedelta(days=last) >= today)


@cache
def presets() -> Mapping[str, SopPreset]:
    """The shipped SOPs by id."""
    told = tomllib.loads(_PRESET.read_text(encoding="utf-8"))
    return {key: _preset(key, each) for key, each in told.items()}


def said_late(text: str) -> str:
    """What a shipped text says when its day is over (`late` in the presets); a text of the owner's own stays."""
    return _late().get(text.strip(), text)


@cache
def _late() -> Mapping[str, str]:
    told = tomllib.loads(_PRESET.read_text(encoding="utf-8"))
    steps = (step for each in told.values() for step in each["step"])
    return {step["text"].strip(): step["late"].strip("\n") for step in steps if "late" in step}


def preset(text: str) -> SopPreset:
    """The shipped SOP that is meant, by id or name. Raises NotFound with those there are."""
    for each in presets().values():
        if match_key(text) in (match_key(each.id), match_key(each.name)):
            return each
    known = ", ".join(f"{each.id} ({each.name})" for each in presets().values())
    raise NotFound("there is no SOP {text} to begin with", hint="there are: {known}", text=show(text[:40]), known=known)


def _preset(key: str, told: Mapping[str, Any]) -> SopPreset:
    steps = tuple(
        Step(
            each.get("day", 0), minute_typed(each.get("at", "")), each["title"], each["hat"], each["text"].strip("\n"),
            each.get("script", ""), each.get("private", False), each["source"], place,
        )
        for place, each in enumerate(told["step"], 1)
    )  # fmt: skip
    return SopPreset(key, told["name"], told["about"], told["starts_by"], told["source"], steps)


def checked(trigger: Trigger, step: Step) -> Step:
    """A step as it is kept: its texts clean, its day inside what the trigger knows. Raises BadInput."""
    if trigger == "daily" and step.day:
        raise BadInput("a step of every day has no day of its own", hint="leave the day empty")
    if trigger == "weekly" and not 1 <= step.day <= len(WEEKDAYS):
        raise BadInput("{day} is not a weekday", hint="1 is Monday, 7 is Sunday", day=step.day)
    if not FIRST_DAY <= step.day <= LAST_DAY:
        raise BadInput("{day} days is too far from the start", hint="use {first} to {last}", day=step.day,
                       first=FIRST_DAY, last=LAST_DAY)  # fmt: skip
    if trigger == "join" and step.day < 0:
        raise BadInput("nobody knows who will join: a step for newcomers is on day 0 or later")
    title = typed_name(step.title, limit=TITLE_LIMIT)
    return replace(step, title=title, text=checked_text(step.text), hat=typed_hat(step.hat))


def checked_text(text: str) -> str:
    """A ready text as it is kept: lines stay lines, what no screen can show goes. Raises BadInput for one too long."""
    if len(text) > TEXT_LIMIT:
        raise BadInput("the text has {n} characters", hint="use {most} characters at most", n=len(text),
                       most=TEXT_LIMIT)  # fmt: skip
    return clean_lines(text, TEXT_LIMIT)


def typed_trigger(text: str) -> Trigger:
    """What sets an SOP off, by its code or name. Raises BadInput."""
    for trigger, name in TRIGGERS.items():
        if match_key(text) in (match_key(trigger), match_key(name), match_key(_(name))):
            return trigger
    known = ", ".join(f"{trigger} ({_(name)})" for trigger, name in TRIGGERS.items())
    raise BadInput("{text} is nothing that sets an SOP off", hint="use one of: {known}", text=show(text[:40]),
                   known=known)  # fmt: skip


def typed_day(trigger: Trigger, text: str) -> int:
    """A step's day as it is typed: empty for every day, 3 or 周三 for a weekly one, 3, -3, +1 for the others."""
    plain = text.strip().replace("－", "-").replace("＋", "+")
    if trigger == "daily":
        if plain not in ("", "0"):
            raise BadInput("a step of every day has no day of its own", hint="leave the day empty")
        return 0
    if trigger == "weekly":
        named = plain.removeprefix("星期").removeprefix("周").replace("天", "日")
        if named and named in _WEEK_SHORT:
            return _WEEK_SHORT.index(named) + 1
    try:
        return int(plain or ("" if trigger == "weekly" else "0"))
    except ValueError:
        raise BadInput("{text} is not a day of this SOP", hint="write a weekday as 1 to 7, else the days after the "
                       "start such as 0, 3 or -3", text=show(text[:40])) from None  # fmt: skip


def day_said(trigger: Trigger, day: int) -> str:
    """A step's day in the language in force: 周三, 第 3 天, 提前 3 天, 当天."""
    if trigger == "daily":
        return _("every day")
    if trigger == "weekly":
        return _(WEEKDAYS[day - 1])
    if trigger == "join":
        return ngettext("{n} day after joining", "{n} days after joining", day) if day else _("the day they join")
    if day == 0:
        return _("on the day")
    if day < 0:
        return ngettext("{n} day before", "{n} days before", -day)
    return ngettext("{n} day after", "{n} days after", day)


def when_said(trigger: Trigger, step: Step) -> str:
    """A step's day and hour."""
    return " ".join(filter(None, (day_said(trigger, step.day), clock_said(step.at_minute))))
