"""Challenges: the templates that are shipped, and what one challenge is made of (C18).

A challenge is a cadence, a length and its rewards. What it was made with stays with it: a template or a rule changed
later does not move a running challenge.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from qunguan.domain.cadence import Cadence
from qunguan.domain.checkins import Terms
from qunguan.domain.errors import BadInput, NotFound, Refused
from qunguan.domain.rules import checked, preset, tiers
from qunguan.domain.text import match_key, show
from qunguan.i18n import N_
from qunguan.late import pattern
from qunguan.values import frozen

_PRESET = Path(__file__).parents[1] / "presets" / "challenges.toml"
_TO = pattern(r"[-‐‑‒–—―－−﹣~～〜∼]+|[至到]")
MAX_DAYS = 3660
"""The longest challenge with an end: ten years. Longer is what no end is for."""
YEARS = range(1990, 2201)
"""The years a challenge can begin in; anything else is a slip of the keyboard."""

TEMPLATE_LABELS = {
    "daily": N_("Daily check-in"),
    "7day": N_("7-day challenge"),
    "21day": N_("21-day challenge"),
    "30day": N_("30-day camp"),
    "newcomer": N_("Newcomers' 3 days"),
    "weekly": N_("Weekly check-in"),
}


@frozen
class Template:
    """One shipped kind of challenge.

    `label` is a message ID, `name` what a challenge of this kind is called when nobody names it. `days` is the length
    in calendar days, None without end. `tiers` map a streak to its points, None leaves them to the rule. `prompts` are
    the curriculum, one a slot.
    """

    id: str
    name: str
    cadence: str
    source: str
    days: int | None = None
    tiers: Mapping[int, int] | None = None
    prompts: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """The message ID of the template's name."""
        return TEMPLATE_LABELS[self.id]


@frozen
class Challenge:
    """One challenge as it stands. Window times are minutes after local midnight; `closed_on` is its last day when it
    was ended by hand. `tiers` map a streak (in slots) to the points it earns."""

    id: int
    group_id: int
    name: str
    template: str
    starts_on: date
    ends_on: date | None
    cadence: Cadence
    window_from: int | None
    window_to: int | None
    makeup_days: int
    makeup_quota: int
    makeup_cost: int
    makeup_counts: bool
    points: int
    closed_on: date | None
    tiers: Mapping[int, int]

    @property
    def last_day(self) -> date | None:
        """The last day check-ins count, None while there is no end in sight."""
        ends = [day for day in (self.ends_on, self.closed_on) if day is not None]
        return min(ends, default=None)

    def terms(self, from_day: date | None = None, to_day: date | None = None) -> Terms:
        """What records are judged by, for a member enrolled over these days (None: as long as the challenge runs)."""
        last = self.last_day
        if to_day is not None:
            last = to_day if last is None else min(last, to_day)
        return Terms(self.cadence, max(self.starts_on, from_day or self.starts_on), last, self.makeup_counts)

    def is_open(self, today: date) -> bool:
        """Whether check-ins of today still count."""
        return self.last_day is None or today <= self.last_day

    def number(self, day: date) -> int:
        """Which slot of the challenge this day lies in, counted from 1; below 1 before the start."""
        return self.cadence.place(day) - self.cadence.place(self.starts_on - timedelta(days=1)) + self._first()

    def _first(self) -> int:
        """A week that has begun before the challenge is its first week."""
        before = self.starts_on - timedelta(days=1)
        return int(bool(self.cadence.times) and self.cadence.place(before) == self.cadence.place(self.starts_on))

    def check_day(self, day: date, today: date) -> None:
        """Raise Refused, one line, when nobody can check in for this day."""
        if day > today:
            raise Refused("{day} has not come yet", day=day)
        if day < self.starts_on:
            raise Refused(
                "{challenge} begins on {start}, after {day}", challenge=show(self.name), start=self.starts_on, day=day
            )
        if self.last_day is not None and day > self.last_day:
            raise Refused(
                "{challenge} ended on {end}, before {day}", challenge=show(self.name), end=self.last_day, day=day
            )
        if not self.cadence.due(day):
            raise Refused(
                "{challenge} is not due on {day}",
                hint="the nearest days are {before} and {after}",
                challenge=show(self.name),
                day=day,
                before=self.cadence.previous(day),
                after=self.cadence.next(day),
            )


@cache
def templates() -> Mapping[str, Template]:
    """Every shipped template by id, in the order of the file."""
    import tomllib  # what is listed of a challenge needs no template

    shipped = tomllib.loads(_PRESET.read_text(encoding="utf-8"))
    return {
        template_id: Template(
            id=template_id,
            name=fields["name"],
            cadence=fields["cadence"],
            source=fields["source"],
            days=fields.get("days"),
            tiers=tiers(fields["tiers"]) if "tiers" in fields else None,
            prompts=tuple(fields["prompts"]),
        )
        for template_id, fields in shipped.items()
    }


def template(text: str) -> Template:
    """The template that is meant, by id (`21day`) or by its Chinese name (`21天打卡`). Raises NotFound."""
    key = match_key(text)
    for found in templates().values():
        if key in (found.id, match_key(found.name)):
            return found
    raise NotFound(
        "there is no template {text}", hint="use one of: {known}", text=show(text[:40]), known=", ".join(templates())
    )


def checked_number(rule_id: str, value: int) -> int:
    """`value` where a rule's number stands in a challenge. Raises BadInput when the rule would not take it."""
    return int(checked(preset(rule_id), value))


def parse_window(text: str) -> tuple[int, int] | None:
    """Minutes after midnight of a daily window: 05:00-07:30, 5:00—7:30, 5：00 至 7：30.

    None for an empty text. Raises BadInput.
    """
    if not text.strip():
        return None
    ends = _TO().split(match_key(text).replace("：", ":"))
    minutes = [_minutes(end) for end in ends]
    if len(minutes) != 2 or None in minutes or not (minutes[0] or 0) < (minutes[1] or 0):
        raise BadInput("{text} is not a time of day from-to", hint="write it like 05:00-07:30", text=show(text[:40]))
    return minutes[0] or 0, minutes[1] or 0


def window_text(minutes: tuple[int | None, int | None]) -> str:
    """A daily window as people write it, "" where there is none."""
    begin, end = minutes
    if begin is None or end is None:
        return ""
    return f"{begin // 60:02}:{begin % 60:02}-{end // 60:02}:{end % 60:02}"


def _minutes(text: str) -> int | None:
    hour, colon, minute = text.strip().partition(":")
    if not (hour.isascii() and hour.isdecimal() and len(hour) <= 2):
        return None
    if colon and not (minute.isascii() and minute.isdecimal() and len(minute) == 2):
        return None
    found = int(hour) * 60 + int(minute or 0)
    return found if found <= 24 * 60 and int(minute or 0) < 60 else None
