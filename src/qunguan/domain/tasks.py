"""Tasks: what is due on a day, in which hat, and what became of it (S0-24, S0-27, S0-28).

A task is derived: from an SOP, a planned post, a campaign, or a line the owner wrote. Its key names it for ever; what
the owner did with it is a mark on that key. Minutes are after midnight on the clock of the group.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field, replace
from datetime import date, datetime, time, timedelta
from typing import Final, Literal, get_args
from zoneinfo import ZoneInfo

from qunguan.domain.clock import DayRule
from qunguan.domain.errors import BadInput
from qunguan.domain.text import match_key, show
from qunguan.i18n import N_, _
from qunguan.late import pattern
from qunguan.values import frozen

Hat = Literal["owner", "content", "service", "analyst"]
HATS: Final[dict[Hat, str]] = {
    "owner": N_("owner"),
    "content": N_("writer"),
    "service": N_("customer care"),
    "analyst": N_("analyst"),
}
"""The four roles one person wears (S0-24, C33), with the message ID of each."""

Kind = Literal["sop", "post", "campaign", "task"]
State = Literal["todo", "done", "skipped", "postponed"]
STATES: Final[dict[State, str]] = {
    "todo": N_("to do"),
    "done": N_("ticked off"),
    "skipped": N_("skipped"),
    "postponed": N_("moved"),
}
TITLE_LIMIT: Final = 200
TEXT_LIMIT: Final = 20_000
GAP: Final = "____"
"""What stands in a text where nobody said what belongs there."""
_PLACE = re.compile(r"\{(\w+)\}")
_NUMBERED = pattern(r"\s*(?:\d{1,2}|[一二三四五六七八九十]{1,3})\s*[、.．)）]")


@frozen
class Person:
    """Whom a task is for, by the name the group knows."""

    member_id: int
    name: str


@frozen
class Mark:
    """What the owner said of a task: by its key, and of one member where each has their own. `day` is the day it was
    due at first, `at` the moment it was said; `to_day` and `to_minute` are where it was moved to.
    """

    id: int
    key: str
    member_id: int | None
    day: date
    state: State
    at: datetime
    to_day: date | None = None
    to_minute: int | None = None
    reason: str = ""


@frozen
class Task:
    """One thing to do. `day` and `at_minute` are when it was due at first, `on_day` and `on_minute` when it is due now,
    after any moving; a minute of None is some time that day. `text` is ready to send, its places filled; `missing`
    names those that nobody could fill. `origin` is what it came of, by name, and `subject` that thing's id.

    `people` are those it is for: one tick is for all of them. `late` says that it is past its hour and not done, or
    was done past it. `daily` is what comes again tomorrow: missed, it is not carried over. Shown on a day it was moved
    away from, its state is postponed. `planned_on` is the day somebody thought of it, None where that cannot be after
    it was due.
    """

    key: str
    kind: Kind
    group_id: int
    group: str
    day: date
    at_minute: int | None
    title: str
    hat: Hat
    on_day: date
    on_minute: int | None
    text: str = ""
    missing: tuple[str, ...] = ()
    origin: str = ""
    subject: int | None = None
    source: str = ""
    daily: bool = False
    people: tuple[Person, ...] = ()
    state: State = "todo"
    late: bool = False
    settled_at: datetime | None = None
    reason: str = ""
    planned_on: date | None = None

    @property
    def belated(self) -> bool:
        """Whether it was thought of only after its day: nobody could have done it then."""
        return self.planned_on is not None and self.planned_on > self.on_day

    @property
    def id(self) -> str:
        """Its key, told apart from what became of the same task for other members."""
        return self.key if self.state == "todo" else f"{self.key}:{self.state}:{self.on_day}"

    @property
    def moved(self) -> bool:
        """Whether it is due at another time than at first."""
        return (self.on_day, self.on_minute) != (self.day, self.at_minute)

    @property
    def order(self) -> tuple[bool, int, int, str, bool]:
        """Where it stands in a day: by its hour, what has none behind."""
        return self.on_minute is None, self.on_minute or 0, self.group_id, self.key, self.state != "todo"


@frozen
class Tally:
    """What became of tasks: `done` in all, `late` of them, `skipped`, `moved` to another day, `open` still to be done,
    `missed` past their day and never done.
    """

    done: int = 0
    late: int = 0
    skipped: int = 0
    moved: int = 0
    open: int = 0
    missed: int = 0

    @property
    def planned(self) -> int:
        """How many were due, those moved away not counted."""
        return self.done + self.skipped + self.open + self.missed


@frozen
class Load:
    """What one hat had to do in some days."""

    hat: Hat
    tally: Tally = field(default_factory=Tally)


def due_at(day: date, minute: int | None, rule: DayRule) -> datetime:
    """The moment a task is due: its minute on that business day, or the end of the day for one without (semantics 3.1).

    Where the day begins at 4 o'clock, 01:30 is the night after.
    """
    start = rule.day_start * 60
    if minute is None:
        day, minute = day + timedelta(days=1), start
    elif minute < start:
        day += timedelta(days=1)
    return datetime.combine(day, time(minute // 60, minute % 60), ZoneInfo(rule.zone))


def is_late(day: date, minute: int | None, rule: DayRule, grace: int, at: datetime) -> bool:
    """Whether a task due then is late at a moment: more than `grace` minutes past its hour, or past its day."""
    slack = timedelta(0) if minute is None else timedelta(minutes=grace)
    due = due_at(day, minute, rule)
    return at >= due if minute is None else at > due + slack


def marked(task: Task, mark: Mark | None, rule: DayRule, grace: int, now: datetime) -> Task:
    """A derived task with what the owner said of it. A post knows by itself what became of it; what was said of a step
    whose campaign has moved since is no longer about this day.
    """
    on_day, on_minute = task.day, task.at_minute
    state, settled_at, reason = task.state, task.settled_at, ""
    if mark is not None and mark.day == task.day:
        if mark.to_day is not None:
            on_day, on_minute = mark.to_day, mark.to_minute
        reason = mark.reason
        if state == "todo" and mark.state != "postponed":
            state, settled_at = mark.state, mark.at
    late = state in ("todo", "done") and is_late(on_day, on_minute, rule, grace, settled_at or now)
    told = replace(
        task, on_day=on_day, on_minute=on_minute, state=state, late=late, settled_at=settled_at, reason=reason
    )
    return replace(told, late=False) if late and told.belated else told


def tally(tasks: Iterable[Task], today: date) -> Tally:
    """What became of them, as of today: one still to do whose day is past was missed. What is for five newcomers is
    one task. What was planned for a day that was over does not count for it.
    """
    found = Counter[str]()
    for task in tasks:
        if task.belated:
            continue
        if task.state == "todo":
            found["missed" if task.on_day < today else "open"] += 1
        else:
            found[task.state] += 1
            found["late"] += task.late and task.state == "done"
    return Tally(found["done"], found["late"], found["skipped"], found["postponed"], found["open"], found["missed"])


def workload(tasks: Iterable[Task], today: date) -> tuple[Load, ...]:
    """What each hat had to do (S0-24, C33), in the order of HATS; a hat without a task has an empty tally."""
    by_hat: dict[Hat, list[Task]] = {hat: [] for hat in HATS}
    for task in tasks:
        by_hat[task.hat].append(task)
    return tuple(Load(hat, tally(own, today)) for hat, own in by_hat.items())


def filled(text: str, values: dict[str, str]) -> tuple[str, tuple[str, ...]]:
    """A text with its places filled: `{nick}` by `values["nick"]`; and the names of those nobody knows, which stay."""
    missing = tuple(dict.fromkeys(name for name in places(text) if name not in values))
    return _PLACE.sub(lambda found: values.get(found[1], found[0]), text), missing


def completed(text: str, missing: Iterable[str], values: Mapping[str, str]) -> tuple[str, tuple[str, ...]]:
    """A text with its missing places filled; and the names of those that stay a gap. What has no value is a GAP, and a
    line that says nothing but such places, numbered or not, is left out.
    """
    wanted = {name: values.get(name, "") for name in missing}
    lines, gaps = [], dict[str, None]()
    for line in text.split("\n"):
        empty = [name for name in places(line) if not wanted.get(name, name)]
        rest = _PLACE.sub(lambda found: wanted.get(found[1], found[0]), _NUMBERED().sub("", line, count=1))
        if empty and not any(sign.isalpha() for sign in rest):
            continue
        gaps.update(dict.fromkeys(empty))
        lines.append(_PLACE.sub(lambda found: wanted.get(found[1], found[0]) or GAP, line))
    return "\n".join(lines), tuple(gaps)


def gapped(text: str, missing: Iterable[str]) -> str:
    """A text that shows its missing places as a GAP each, every line of it."""
    wanted = frozenset(missing)
    return _PLACE.sub(lambda found: GAP if found[1] in wanted else found[0], text)


def places(text: str) -> Iterator[str]:
    """The names of the places in a text."""
    return (found[1] for found in _PLACE.finditer(text))


def typed_hat(text: str) -> Hat:
    """The hat that is meant, by its code or its name in any language. Raises BadInput."""
    wanted = match_key(text)
    for hat in get_args(Hat):
        if wanted in (match_key(hat), match_key(HATS[hat]), match_key(_(HATS[hat]))):
            return hat  # type: ignore[no-any-return]
    known = ", ".join(f"{hat} ({_(name)})" for hat, name in HATS.items())
    raise BadInput("{text} is none of the four hats", hint="use one of: {known}", text=show(text[:40]), known=known)
