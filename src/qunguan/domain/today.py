"""Today: what an owner has to look at this morning, as lines that say why they are there."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import field, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Literal

from qunguan.i18n import N_, _, ngettext
from qunguan.values import frozen

if TYPE_CHECKING:
    from qunguan.domain.tasks import Tally

Kind = Literal[
    "crisis", "notice", "full", "alarm", "unanswered", "overdue", "checkin", "late", "answer", "task", "question",
    "nudge", "alert", "renewal", "birthday", "gift", "bonus", "lapsing", "code", "reward", "newcomer", "rise", "badge",
    "buyers", "fee", "referral", "thanks", "ended", "ending", "falling", "expiring", "upcoming", "ahead", "filling",
    "backup", "settled",
]  # fmt: skip
"""What a line is about, most urgent first; lines are ordered by it."""

KINDS: dict[Kind, str] = {
    "crisis": N_("crisis"),
    "notice": N_("file"),
    "full": N_("capacity"),
    "alarm": N_("alert"),
    "unanswered": N_("no answer"),
    "overdue": N_("overdue"),
    "checkin": N_("check-in"),
    "late": N_("late"),
    "answer": N_("to answer"),
    "task": N_("task"),
    "question": N_("question"),
    "nudge": N_("make-up"),
    "alert": N_("alert"),
    "renewal": N_("renewal"),
    "birthday": N_("birthday"),
    "gift": N_("birthday gift"),
    "bonus": N_("bonus day"),
    "lapsing": N_("points"),
    "code": N_("code ends"),
    "reward": N_("hand out"),
    "newcomer": N_("newcomers"),
    "rise": N_("level up"),
    "badge": N_("new badge"),
    "buyers": N_("buyers"),
    "fee": N_("fee due"),
    "referral": N_("invited"),
    "thanks": N_("thanks"),
    "ended": N_("ended"),
    "ending": N_("last days"),
    "falling": N_("at risk"),
    "expiring": N_("points"),
    "upcoming": N_("birthday"),
    "ahead": N_("bonus day"),
    "filling": N_("capacity"),
    "backup": N_("backup"),
    "settled": N_("dealt with"),
}
"""The message ID of each kind, in the order of urgency."""

Does = Literal["go", "close", "backup", "give", "thank", "look", "nothing"]
_NAMED = 5  # names in a line; whoever wants all of them opens it
_HOURS = (
    (5, N_("It is late.")),
    (11, N_("Good morning!")),
    (13, N_("Good day!")),
    (18, N_("Good afternoon!")),
    (23, N_("Good evening!")),
)


@frozen
class Said:
    """A message ID with the values of its places; `str` gives it in the language in force."""

    message: str
    values: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return _(self.message, **self.values)


@frozen
class Names:
    """Some people by name, as many as fit a line: 阿梨、小满等 7 人."""

    all: tuple[str, ...]

    def __str__(self) -> str:
        named = _(", ").join(self.all[:_NAMED])
        more = len(self.all) - _NAMED
        return named if more <= 0 else ngettext("{names} and {n} other", "{names} and {n} others", more, names=named)


@frozen
class Evidence:
    """Why a line is there: the numbers that met the rule, the rule by id ("" where none was asked), its source ID.

    `value` is the rule's value in force.
    """

    met: Said
    source: str
    rule: str = ""
    value: Any = None


@frozen
class Target:
    """Where Enter leads: a screen by its noun, what to show there by id, and the day to show it on."""

    screen: str
    subject: int | None = None
    day: date | None = None


@frozen
class Line:
    """One line of the agenda.

    `key` names it over reloads. `group` is the group's name where there are several groups, else "". `done` and `due`
    are the counts of a check-in, None elsewhere. `ready_text` is for the clipboard, "" when there is nothing to send.
    `does` tells what Enter does: go to the target, close the challenge `target.subject`, make a backup, give the
    birthday reward `target.subject` for `target.day`, settle referrals ("thank"), tell what it is ("look"), or nothing
    more because it was done.

    Of a task, `task` is its key, `at` the hour or the day it was due, said in the place of its kind, and `state` what
    became of it; `missing` are the places of its text that are still to be filled.
    """

    kind: Kind
    key: str
    text: Said
    target: Target
    evidence: tuple[Evidence, ...]
    group_id: int | None = None
    group: str = ""
    count: int = 0
    done: int | None = None
    due: int | None = None
    ready_text: str = ""
    does: Does = "go"
    task: str = ""
    at: Said | None = None
    state: Literal["", "todo", "done", "skipped", "postponed"] = ""
    missing: tuple[str, ...] = ()

    @property
    def settled(self) -> bool:
        """Whether it is a task that asks for nothing more today."""
        return self.state in ("done", "skipped", "postponed")


@frozen
class Share:
    """How many checked in yesterday, of how many who were due; `due` 0 means that nothing was."""

    challenge: str
    done: int
    due: int


@frozen
class Yesterday:
    """The group's day before. None is not known, which is not 0: the group was not kept here yet."""

    shares: tuple[Share, ...] = ()
    joined: int | None = None
    left: int | None = None
    granted: int | None = None
    spent: int | None = None
    tasks: Tally | None = None


@frozen
class Duties:
    """The tasks of the day as lines of the agenda, and what became of those of yesterday in the group in hand (None
    where there were none).
    """

    lines: tuple[Line, ...]
    yesterday: Tally | None


@frozen
class Upkeep:
    """What the open file tells of itself: notices of its opening, and when it was last backed up (UTC; None: never)."""

    notices: tuple[str, ...] = ()
    last_backup: datetime | None = None


@frozen
class Agenda:
    """Everything for today, most urgent first. `yesterday` is of the group in hand, None without one."""

    lines: tuple[Line, ...]
    yesterday: Yesterday | None
    hour: int

    def along(self, lines: Sequence[Line], group_id: int | None) -> Agenda:
        """The agenda with further lines in their places; `group_id` is the group in hand."""
        return replace(self, lines=ordered((*self.lines, *lines), group_id))


def folded(lines: Sequence[Line], kept: Container[str] = ()) -> tuple[Line, ...]:
    """The lines without the tasks that are settled, which are counted in one line at the end; those of which `kept` has
    the key stay where they are.
    """
    away = [line for line in lines if line.settled and line.key not in kept]
    shown = tuple(line for line in lines if not line.settled or line.key in kept)
    if not away:
        return shown
    counts = {state: sum(line.state == state for line in away) for state in ("done", "skipped", "postponed")}
    text = Said(N_("{done} done today, {skipped} skipped, {moved} moved"),
                {"done": counts["done"], "skipped": counts["skipped"], "moved": counts["postponed"]})  # fmt: skip
    return (*shown, Line("settled", "settled", text, Target("sops"), (), count=len(away), does="look"))


def plural(one: str, many: str, n: int, **values: Any) -> Said:
    """One of two message IDs by `n`, which is a place of both."""
    return Said(one if n == 1 else many, {"n": n, **values})


def near(day: date, today: date) -> Said:
    """A day as people call it: yesterday, today, tomorrow, or its month and day."""
    known = {-1: N_("yesterday"), 0: N_("today"), 1: N_("tomorrow")}
    message = known.get((day - today).days)
    return Said(message) if message else Said(N_("{month}/{day}"), {"month": day.month, "day": day.day})


def greeting(hour: int) -> str:
    """The message ID of a greeting for this hour (0-23) of the local day."""
    return next((message for end, message in _HOURS[1:] if _HOURS[0][0] <= hour < end), _HOURS[0][1])


def ordered(lines: Sequence[Line], group_id: int | None) -> tuple[Line, ...]:
    """By urgency; among lines of a kind the group in hand first, otherwise as they came."""
    places = {kind: place for place, kind in enumerate(KINDS)}
    return tuple(sorted(lines, key=lambda line: (places[line.kind], line.group_id != group_id)))
