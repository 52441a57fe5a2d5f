"""What members ask, complain of, propose and praise, and what was done about it (S0-39, S1-21, S1-22, S1-32).

Who waits, since when and what became of it follows from the steps; nothing of it is stored.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Final, Literal, TypeVar

from qunguan.domain.errors import BadInput
from qunguan.domain.orders import Rate
from qunguan.domain.rosters import RowNote
from qunguan.domain.text import clean, clean_lines, is_blank, match_key, show
from qunguan.i18n import N_, _
from qunguan.values import frozen

Kind = Literal["complaint", "review", "question", "suggestion", "praise"]
KINDS: Final[dict[Kind, str]] = {
    "complaint": N_("complaint"), "review": N_("bad review"), "question": N_("question asked"),
    "suggestion": N_("suggestion"), "praise": N_("praise"),
}  # fmt: skip
"""The kinds with the message ID of each; a bad review is a complaint everybody can read."""
COMPLAINTS: Final[tuple[Kind, ...]] = ("complaint", "review")
"""What counts as a complaint (S4-29)."""
ASKING: Final[tuple[Kind, ...]] = ("complaint", "review", "question", "suggestion")
"""What waits for an answer; praise asks for nothing."""

Severity = Literal["low", "normal", "high"]
SEVERITIES: Final[dict[Severity, str]] = {"low": N_("can wait"), "normal": N_("usual"), "high": N_("urgent")}

StepKind = Literal["reply", "offer", "amends", "turned", "stays", "resolved", "reopened"]
STEPS: Final[dict[StepKind, str]] = {
    "reply": N_("answered"), "offer": N_("amends offered"), "amends": N_("made good"),
    "turned": N_("the review was turned"), "stays": N_("the review stays"), "resolved": N_("resolved"),
    "reopened": N_("reopened"),
}  # fmt: skip
_ANSWERS: Final = frozenset({"reply", "offer", "amends", "turned", "stays"})

State = Literal["waiting", "answered", "closed"]
STATES: Final[dict[State, str]] = {
    "waiting": N_("waits for an answer"), "answered": N_("answered, not resolved"), "closed": N_("settled"),
}  # fmt: skip

TEXT_LIMIT: Final = 20_000
WORD_LIMIT: Final = 30
"""Code points a category of one's own and a channel may have."""
_MINUTE, _HOUR, _DAY = 60, 3600, 86_400
T = TypeVar("T", bound=str)


@frozen
class FeedbackDraft:
    """What somebody said, as it is written down. `who` is what they are called where no member is known. `category` is
    an id or a name of presets/feedback.toml, or a word of one's own; `severity` "" is that of its category. `told_at`
    None is now.
    """

    kind: str
    text: str
    member_id: int | None = None
    who: str = ""
    category: str = ""
    severity: str = ""
    channel: str = ""
    told_at: datetime | None = None
    order_id: int | None = None
    incident_id: int | None = None


@frozen
class FeedbackStep:
    """What was done about it at a moment, in which words."""

    id: int
    kind: StepKind
    at: datetime
    text: str


@frozen
class Feedback:
    """One thing that was said, with everything done about it since, oldest first.

    `name` is the member's, or what they were called. `answered_at` is when they first heard anything (None: never);
    `waiting_since` is when they asked, or asked again, with nothing said to them since; `settled_at` is when it was
    closed, for good so far. `drill` tells that it belongs to a drill and counts nowhere.
    """

    id: int
    group_id: int
    member_id: int | None
    name: str
    kind: Kind
    category: str
    severity: Severity
    channel: str
    text: str
    told_at: datetime
    day: date
    order_id: int | None
    incident_id: int | None
    drill: bool
    steps: tuple[FeedbackStep, ...]
    answered_at: datetime | None
    waiting_since: datetime | None
    settled_at: datetime | None

    @property
    def state(self) -> State:
        """Where it stands."""
        if self.settled_at is not None:
            return "closed"
        return "answered" if self.waiting_since is None else "waiting"

    @property
    def complaint(self) -> bool:
        """Whether it counts as a complaint."""
        return self.kind in COMPLAINTS

    @property
    def made_good(self) -> StepKind | None:
        """How far it was made good: offered, delivered, and what became of the review. None: not begun."""
        return next((step.kind for step in reversed(self.steps) if step.kind in _GOOD), None)

    @property
    def newest(self) -> datetime:
        """The last moment known of it."""
        return max((self.told_at, *(step.at for step in self.steps)))


_GOOD: Final = frozenset({"offer", "amends", "turned", "stays"})


@frozen
class Limits:
    """Within what time somebody is answered, and a complaint settled; None where the rule is switched off."""

    reply: timedelta | None
    urgent: timedelta | None
    settle: timedelta | None

    def reply_of(self, one: Feedback) -> timedelta | None:
        """Within what time this one is answered: what is urgent sooner."""
        return self.urgent if one.severity == "high" else self.reply

    def settle_of(self, one: Feedback) -> timedelta | None:
        """Within what time this one is settled: complaints only."""
        return self.settle if one.complaint else None


@frozen
class Clocked:
    """One clock of a feedback: when it runs out (None: the rule is off), when it was stopped (None: it runs), and the
    seconds it was or is late.
    """

    due_at: datetime | None
    done_at: datetime | None
    late_seconds: int


@frozen
class Median:
    """Of so many, the middle of the seconds it took (None of none); `in_time` is the share within the limit, None
    where there is no limit or nothing to count.
    """

    seconds: int | None
    n: int
    in_time: Rate | None


@frozen
class KindChange:
    """How often something was said in a window and in the equal one before. `change` is None where there was nothing
    before: then it is new, not so many percent.
    """

    kind: Kind | Literal["complaints"]
    now: int
    before: int

    @property
    def change(self) -> Rate | None:
        """The growth as a share of what there was before: 0.5 is half as many again."""
        return Rate((self.now - self.before) / self.before, self.before) if self.before else None

    @property
    def new(self) -> bool:
        """Whether there was nothing of it before."""
        return self.now > 0 and self.before == 0


@frozen
class FeedbackCounts:
    """What was said from a day to a day, drills left out: by kind, by category (most first), and how long it took to
    answer and to settle it.
    """

    first: date
    last: date
    kinds: Mapping[Kind, int]
    categories: tuple[tuple[str, int], ...]
    reply: Median
    settle: Median

    @property
    def complaints(self) -> int:
        """Complaints and bad reviews."""
        return sum(self.kinds[kind] for kind in COMPLAINTS)


@frozen
class FeedbackChange:
    """Period on period: the last `days` complete days against those before them, by kind, and all complaints."""

    days: int
    first: date
    last: date
    before_first: date
    before_last: date
    kinds: tuple[KindChange, ...]
    complaints: KindChange


@frozen
class FeedbackRow:
    """A line of a sheet: who said what and when; `at` or only `day` where the sheet tells no time."""

    row: int
    who: str
    kind: str
    text: str
    day: date | None = None
    at: datetime | None = None
    category: str = ""


@frozen
class FeedbackTaken:
    """What a sheet brought: lines written down, those that were there already, names nobody in the roster has (they are
    kept as they are), and the rows that could not be read.
    """

    added: int
    again: int
    strangers: tuple[str, ...]
    rejected: tuple[RowNote, ...]


def standing(
    kind: str, told_at: datetime, steps: Iterable[FeedbackStep]
) -> tuple[datetime | None, datetime | None, datetime | None]:
    """When they were first answered, since when they wait, and when it was settled; None where it is not so.

    A question is settled by its answer, praise by being said. The newest of resolved and reopened holds.
    """
    answered: datetime | None = None
    since = told_at if kind in ASKING else None
    settled = None if kind in ASKING else told_at
    for step in steps:
        if step.kind == "reopened":
            since, settled = step.at, None
            continue
        since = None
        if step.kind in _ANSWERS:
            answered = answered or step.at
        if step.kind == "resolved" or (kind == "question" and step.kind == "reply"):
            settled = step.at
    return answered, since, settled


def reply_clock(one: Feedback, limits: Limits, now: datetime) -> Clocked:
    """The clock of the first answer. Exactly on the second is in time."""
    return _clocked(one.told_at, limits.reply_of(one), one.answered_at or one.settled_at, now)


def settle_clock(one: Feedback, limits: Limits, now: datetime) -> Clocked:
    """The clock of a complaint until it is settled."""
    return _clocked(one.told_at, limits.settle_of(one), one.settled_at, now)


def answer_due(one: Feedback, limits: Limits) -> datetime | None:
    """When whoever waits has waited long enough; None when nobody waits or no rule says."""
    limit = limits.reply_of(one)
    return None if limit is None or one.waiting_since is None else one.waiting_since + limit


def _clocked(start: datetime, limit: timedelta | None, done: datetime | None, now: datetime) -> Clocked:
    if limit is None:
        return Clocked(None, done, 0)
    due = start + limit
    return Clocked(due, done, max(0, int(((done or now) - due).total_seconds())))


def medians(found: Sequence[Feedback], limits: Limits) -> tuple[Median, Median]:
    """How long the first answer took, and until a complaint was settled: of those that were, with the share of them
    that was in time.
    """
    replies = [(one, one.answered_at) for one in found if one.kind in ASKING and one.answered_at is not None]
    settled = [(one, one.settled_at) for one in found if one.complaint and one.settled_at is not None]
    return (
        _median([(at - one.told_at, limits.reply_of(one)) for one, at in replies]),
        _median([(at - one.told_at, limits.settle_of(one)) for one, at in settled]),
    )


def _median(took: Sequence[tuple[timedelta, timedelta | None]]) -> Median:
    from statistics import median

    limited = [took_so <= limit for took_so, limit in took if limit is not None]
    in_time = Rate(sum(limited) / len(limited), len(limited)) if limited else None
    middle = int(median(span.total_seconds() for span, _limit in took)) if took else None
    return Median(middle, len(took), in_time)


def lasted(seconds: int) -> str:
    """A time as people say it: 3 min, 2 h 5 min, 4 d 2 h."""
    if seconds < _HOUR:
        return _("{n} min", n=seconds // _MINUTE)
    if seconds < _DAY:
        hours, minutes = divmod(seconds // _MINUTE, 60)
        return _("{n} h {m} min", n=hours, m=minutes) if minutes else _("{n} h", n=hours)
    days, hours = divmod(seconds // _HOUR, 24)
    return _("{n} d {m} h", n=days, m=hours) if hours else _("{n} d", n=days)


def typed_kind(text: str) -> Kind:
    """The kind that is meant, by its code or its name; in a sheet also 客诉, 售后, 差评, 咨询 … Raises BadInput."""
    wanted = match_key(text)
    for word, kind in _WORDS:
        if wanted == match_key(word):
            return kind
    return _typed(text, KINDS, N_("{text} is no kind of feedback"))


def typed_severity(text: str) -> Severity:
    """The severity that is meant, by its code or its name. Raises BadInput."""
    return _typed(text, SEVERITIES, N_("{text} is no severity"))


def _typed(text: str, known: Mapping[T, str], wrong: str) -> T:
    wanted = match_key(text)
    for code, label in known.items():
        if wanted in {match_key(each) for each in (code, label, _(label))}:
            return code
    choices = ", ".join(f"{code} ({_(label)})" for code, label in known.items())
    raise BadInput(wrong, hint="use one of: {known}", text=show(text[:40]), known=choices)


_WORDS: Final[tuple[tuple[str, Kind], ...]] = (
    ("客诉", "complaint"), ("投诉", "complaint"), ("抱怨", "complaint"), ("售后", "complaint"), ("退款", "complaint"),
    ("不满", "complaint"), ("差评", "review"), ("中差评", "review"), ("负面评价", "review"), ("咨询", "question"),
    ("提问", "question"), ("疑问", "question"), ("问题", "question"), ("建议", "suggestion"), ("意见", "suggestion"),
    ("需求", "suggestion"), ("表扬", "praise"), ("好评", "praise"), ("夸奖", "praise"), ("感谢", "praise"),
    ("点赞", "praise"),
)  # fmt: skip
"""What sheets call the kinds."""


def checked_text(text: str, *, needed: bool = True) -> str:
    """Words as they are stored. Raises BadInput for none where some are `needed`, and for too many."""
    body = clean_lines(text, TEXT_LIMIT + 1)
    if is_blank(body):
        if needed:
            raise BadInput("the text is empty", hint="write what was said")
        return ""
    if len(body) > TEXT_LIMIT:
        raise BadInput("the text is too long: {length} characters", hint="use {limit} characters at most",
                       length=len(text), limit=TEXT_LIMIT)  # fmt: skip
    return body


def word(text: str) -> str:
    """A category of one's own or a channel, clean and short."""
    return clean(text, WORD_LIMIT)


def short(text: str, limit: int = 20) -> str:
    """The beginning of what was said, on one line."""
    line = clean(" ".join(text[: 4 * limit].split()), limit + 1)
    return line if len(line) <= limit else line[:limit] + "…"
