"""The owner's own growth: 30, 60 and 90 days of boxes, what ticked each, and cases taken apart (S4-27, S4-28, S4-23).

The boxes and the shipped cases are in presets/growth.toml. A box is ticked by what was done in qunguan, or by hand.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

from qunguan.domain.errors import BadInput, NotFound
from qunguan.domain.text import clean, clean_lines, is_blank, match_key, show
from qunguan.i18n import N_, _, ngettext
from qunguan.values import frozen

_PRESET = Path(__file__).parents[1] / "presets" / "growth.toml"

STAGES: Final[Mapping[int, str]] = {
    30: N_("first 30 days: the back office, routines, the basic numbers"),
    60: N_("by day 60: segments, campaigns, content"),
    90: N_("by day 90: growing, with others, what it costs and brings"),
}
"""The last day of each stage, with the message ID of what it is for (S4-27)."""
LAST_DAY: Final = max(STAGES)
NOTE_LIMIT: Final = 400
TITLE_LIMIT: Final = 200
TEXT_LIMIT: Final = 20_000

By = Literal["data", "hand", ""]
BY: Final[Mapping[By, str]] = {"data": N_("by what you did"), "hand": N_("by hand"), "": N_("not done so far")}
"""What ticked a box, with the message ID of each."""

Mark = Literal["data", "hand", "late", "open"]
MARKS: Final[Mapping[Mark, str]] = {"data": "●", "hand": "◐", "late": "!", "open": "○"}
"""The sign of each state of a box, to be told apart without colour."""


@frozen
class Box:
    """Something to have done: `day` is when it is due, 1 being the day of the start. `check` names what in the data
    ticks it, `need` how many times; "" is ticked by hand. `room` and `verb` say where it is done. `stars` is how hard
    (1 to 3), `months` when it pays ("1–3", "" where nobody said). `title`, `note`, `why` are message IDs.
    """

    code: str
    stage: int
    day: int
    title: str
    note: str
    why: str
    source: str
    room: str
    verb: str
    stars: int
    check: str = ""
    need: int = 1
    months: str = ""


@frozen
class Prompt:
    """A shipped case to take apart: what is told (`note`), what to ask of it (`why`), what its numbers are worth
    (`doubt`); all message IDs.
    """

    code: str
    title: str
    note: str
    why: str
    doubt: str
    source: str


@frozen
class Evidence:
    """What ticked a box: a row of the data and the business day it came about. `group` is "" where it is of none."""

    check: str
    day: date
    table: str
    row_id: int
    name: str
    group: str = ""

    def __str__(self) -> str:
        told = _(SAID[self.check], name=self.name)
        return _("[{group}] {text}", group=self.group, text=told) if self.group else told


SAID: Final[Mapping[str, str]] = {
    "member": N_("the roster has {name} and those before"),
    "house_rule": N_("the rule of the house: {name}"),
    "sop_on": N_("the SOP {name} was switched on"),
    "sop_run": N_("a run of the SOP {name} was ticked off to its last step"),
    "back_office": N_("{name} was brought in"),
    "goal": N_("the goal {name} was set"),
    "weekly_look": N_("a step of {name} was ticked off that week"),
    "alert_said": N_("the alert {name} was answered"),
    "segment_made": N_("made: {name}"),
    "timetable": N_("the column {name} has its place in the week"),
    "segment_used": N_("for one segment: {name}"),
    "wake_sent": N_("the wake list {name} went out"),
    "answered": N_("answered: {name}"),
    "counted_posts": N_("the post {name} went out, and at least one was counted"),
    "campaign_held": N_("the campaign {name} was held"),
    "campaign_review": N_("the review of {name} was written"),
    "case_note": N_("the case {name} was written down"),
    "contact": N_("there is another way to {name}"),
    "invite": N_("somebody came through {name}"),
    "channel_cost": N_("the cost of the channel {name} was noted"),
    "campaign_cost": N_("of a campaign, the cost of {name} was noted"),
    "product": N_("{name} stands in the catalogue"),
    "experiment": N_("{name} was decided"),
    "introduction": N_("two were introduced to each other: {name}"),
    "drill": N_("the drill {name} was closed with its review"),
}
"""How the evidence of each check is told: message IDs with the place {name}."""


@frozen
class BoxState:
    """A box on a day: when it is due, whether and when it was done, by what; `note` is the owner's own."""

    box: Box
    due: date
    done_on: date | None
    by: By
    evidence: Evidence | None
    note: str
    late: bool

    @property
    def mark(self) -> Mark:
        """Which of MARKS it has."""
        return self.by or ("late" if self.late else "open")


@frozen
class Plan:
    """The ninety days as of `today`. `chosen` is False while the owner has not said when they begin: then it is the day
    the first group was made. `day` counts from 1 and is 0 or less before the start.
    """

    begins_on: date
    chosen: bool
    today: date
    boxes: tuple[BoxState, ...]

    @property
    def day(self) -> int:
        """Which of the days it is."""
        return (self.today - self.begins_on).days + 1

    @property
    def left(self) -> int:
        """Days that are left after today, 0 when all are over."""
        return max(0, LAST_DAY - max(self.day, 0))

    @property
    def stage(self) -> int:
        """The stage of the day, the last one when all are over."""
        return next((stage for stage in STAGES if self.day <= stage), LAST_DAY)

    @property
    def done(self) -> tuple[BoxState, ...]:
        """The boxes that are done."""
        return tuple(each for each in self.boxes if each.done_on is not None)

    @property
    def late(self) -> tuple[BoxState, ...]:
        """The boxes past their day and not done."""
        return tuple(each for each in self.boxes if each.late)

    @property
    def next(self) -> BoxState | None:
        """The open box that is due first; None when all are done."""
        return min((each for each in self.boxes if each.done_on is None), key=lambda each: each.due, default=None)


@frozen
class CaseDraft:
    """What is written down of a case: what it is called, where it was read or heard, what happened, what the owner
    learned of it, what they try next.
    """

    title: str
    place: str = ""
    happened: str = ""
    learned: str = ""
    try_next: str = ""


@frozen
class Case:
    """A case in the notebook; `day` is when it was written down."""

    id: int
    day: date
    draft: CaseDraft


@cache
def boxes() -> tuple[Box, ...]:
    """Every box, by stage and the day it is due."""
    found = (Box(code=code, **told) for code, told in _table()["box"].items())
    return tuple(sorted(found, key=lambda each: (each.stage, each.day)))


@cache
def prompts() -> tuple[Prompt, ...]:
    """The shipped cases."""
    return tuple(Prompt(code=code, **told) for code, told in _table()["case"].items())


def box(text: str) -> Box:
    """The box that is meant, by its code or its title in the language in force. Raises NotFound."""
    wanted = match_key(text)
    for each in boxes():
        if wanted in (match_key(each.code), match_key(each.title), match_key(_(each.title))):
            return each
    raise NotFound("there is no box {text} in the growth plan", hint="the list names them: qunguan growth",
                   text=show(text[:40]))  # fmt: skip


def prompt(text: str) -> Prompt:
    """The shipped case that is meant, by its code or its title in the language in force. Raises NotFound."""
    wanted = match_key(text)
    for each in prompts():
        if wanted in (match_key(each.code), match_key(each.title), match_key(_(each.title))):
            return each
    raise NotFound("there is no shipped case {text}", hint="qunguan growth case list shows them", text=show(text[:40]))


def begun(of: Prompt) -> CaseDraft:
    """A case of one's own that begins with a shipped one: what is told and what its numbers are worth stand there."""
    return CaseDraft(_(of.title), _("shipped case {code}", code=of.source), "\n".join((_(of.note), _(of.doubt))))


def states(
    begins_on: date, today: date, found: Mapping[str, Evidence], marks: Mapping[str, tuple[date, str]]
) -> tuple[BoxState, ...]:
    """The boxes as of a day, from what the data says (`found`) and what was ticked by hand (day and note), by code.
    What the data says counts for more: it names its row.
    """
    return tuple(_state(each, begins_on, today, found.get(each.code), marks.get(each.code)) for each in boxes())


def _state(each: Box, begins_on: date, today: date, found: Evidence | None, mark: tuple[date, str] | None) -> BoxState:
    due = begins_on + timedelta(days=each.day - 1)
    marked_on, note = mark or (None, "")
    by: By = "data" if found else "hand" if marked_on else ""
    done_on = found.day if found else marked_on
    return BoxState(each, due, done_on, by, found, note, done_on is None and due < today)


def headline(found: Plan) -> str:
    """The plan in one line, in the language in force: which day it is, how much is left, done, late."""
    done = _("{n} of {all} done", n=len(found.done), all=len(found.boxes))
    if found.day < 1:
        return _("It begins on {day}; {done}", day=found.begins_on, done=done)
    left = ngettext("{n} day left", "{n} days left", found.left) if found.left else _("the ninety days are over")
    late = ngettext("{n} late", "{n} late", len(found.late))
    return _("Day {n}, {left}; {done}, {late}", n=found.day, left=left, done=done, late=late)


def checked_note(text: str) -> str:
    """What the owner says they did, as it is kept. Raises BadInput where they say nothing."""
    said = clean(text.replace("\n", " "), NOTE_LIMIT)
    if is_blank(said):
        raise BadInput("say in a few words what you did", hint="who, where, what came of it: one line is enough")
    return said


def checked_case(draft: CaseDraft) -> CaseDraft:
    """A case as it is kept. Raises BadInput for one without a title, or one that is too long."""
    title = clean(draft.title.replace("\n", " "), TITLE_LIMIT)
    if is_blank(title):
        raise BadInput("the case has no title", hint="one line that tells you next year which one it was")
    texts = [clean_lines(each, TEXT_LIMIT + 1) for each in (draft.happened, draft.learned, draft.try_next)]
    if any(len(each) > TEXT_LIMIT for each in texts):
        raise BadInput("the text is too long: {length} characters", hint="use {limit} characters at most",
                       length=max(map(len, texts)), limit=TEXT_LIMIT)  # fmt: skip
    return CaseDraft(title, clean(draft.place.replace("\n", " "), TITLE_LIMIT), *texts)


def case_parts(draft: CaseDraft) -> tuple[tuple[str, str], ...]:
    """What is written of a case, each with what it is in the language in force; "" where nothing is."""
    return (
        (_("what happened"), draft.happened),
        (_("what I learned"), draft.learned),
        (_("what I try next"), draft.try_next),
    )


@cache
def _table() -> dict[str, dict[str, Any]]:
    return tomllib.loads(_PRESET.read_text(encoding="utf-8"))
