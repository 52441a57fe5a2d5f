"""The bad day: an incident from T0 to its review, as everything above the store sees it (S4-18 to S4-22)."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Final, Literal

from qunguan.domain.errors import BadInput
from qunguan.domain.incident_clock import STAGES, StageName
from qunguan.domain.incident_compensation import CompensationSum
from qunguan.domain.text import clean_lines, is_blank, match_key, show
from qunguan.i18n import N_, _
from qunguan.values import frozen

if TYPE_CHECKING:
    from qunguan.domain.lint import Finding
    from qunguan.domain.tasks import Hat

Severity = Literal["minor", "major", "critical"]
SEVERITIES: Final[dict[Severity, str]] = {"minor": N_("minor"), "major": N_("major"), "critical": N_("critical")}
"""How bad it is, with the message ID of each; who is unsure takes the higher one."""

_GRADES: Final[dict[Severity, tuple[str, ...]]] = {
    "minor": ("low", "sev3", "低", "轻", "一般"),
    "major": ("medium", "normal", "sev2", "中", "重", "较重"),
    "critical": ("high", "severe", "sev1", "高", "紧急", "特别严重"),
}
"""How else people say it."""

_STAGES: Final[dict[StageName, tuple[str, ...]]] = {
    "tell": ("告知", "说明"),
    "time": ("时间表", "方案"),
    "trust": ("信任", "兑现"),
}
"""How else the stages are called."""

TEXT_LIMIT: Final = 20_000
TITLE_LIMIT: Final = 200
PLACE_LIMIT: Final = 200


@frozen
class Incident:
    """One bad day, or a drill of it. `t0` is when it was noticed, `first_t0` what was said at first where that was
    corrected; `biz_date` is the day of T0 in its group. `playbook` is an id of presets/crisis.toml, "" for none.
    """

    id: int
    group_id: int
    title: str
    severity: Severity
    playbook: str
    t0: datetime
    biz_date: date
    first_t0: datetime | None
    drill: bool
    opened_at: datetime
    closed_at: datetime | None

    @property
    def open(self) -> bool:
        """Whether its clocks still run."""
        return self.closed_at is None


@frozen
class Checkpoint:
    """A point of a stage's checklist; `done_at` None while it is not ticked."""

    item: str
    text: str
    done_at: datetime | None = None


@frozen
class Stage:
    """Tell, Time or Trust: when it was due and when it was told (None: not yet), by how many seconds it was or is late,
    and word for word what was posted, and where. `findings` is what speaks against the text.
    """

    name: StageName
    due_at: datetime
    done_at: datetime | None
    late_seconds: int
    evidence: str
    place: str
    checks: tuple[Checkpoint, ...]
    findings: tuple[Finding, ...] = ()


@frozen
class Gauges:
    """How it goes. `exits` of the `members_at_t0` have left since; `exit_rate` is their share, None where nobody was
    there, and `exit_limit` the share it should not pass (S4-22).
    """

    members_at_t0: int
    exits: int
    exit_rate: float | None
    exit_limit: float
    complaints_open: int
    complaints_closed: int
    compensation: CompensationSum


@frozen
class TimelineEntry:
    """One line of what happened, in the language in force. `kind` is what it is about; late by so many seconds."""

    at: datetime
    kind: str
    text: str
    late_seconds: int = 0


@frozen
class Role:
    """Who wears a hat, since when."""

    hat: Hat
    holder: str
    since: datetime


@frozen
class ActionDraft:
    """Something to be done so that it does not happen again."""

    title: str
    due_on: date
    hat: Hat = "owner"


@frozen
class Action:
    """What is to be done, with the task that came of it; none in a drill."""

    place: int
    title: str
    due_on: date
    hat: Hat
    task_id: int | None


@frozen
class Review:
    """What is written before an incident is closed; `message` is what the group is told at the end."""

    cause: str
    impact: str
    went_well: str
    went_badly: str
    actions: tuple[ActionDraft, ...] = ()
    message: str = ""


@frozen
class IncidentView:
    """An incident as it stands at `now`, which is never before what is known of it."""

    incident: Incident
    stages: tuple[Stage, ...]
    next_update_at: datetime | None
    roles: tuple[Role, ...]
    gauges: Gauges
    timeline: tuple[TimelineEntry, ...]
    review: Review | None
    actions: tuple[Action, ...]
    now: datetime


def typed_severity(text: str) -> Severity:
    """The severity that is meant, by its code or its name in any language. Raises BadInput."""
    wanted = match_key(text)
    for severity, name in SEVERITIES.items():
        if wanted in {match_key(each) for each in (severity, name, _(name), *_GRADES[severity])}:
            return severity
    known = ", ".join(f"{each} ({_(name)})" for each, name in SEVERITIES.items())
    raise BadInput("{text} is no severity", hint="use one of: {known}", text=show(text[:40]), known=known)


def typed_stage(text: str) -> StageName:
    """The stage that is meant, by its code or its name in any language. Raises BadInput."""
    wanted = match_key(text)
    for stage, name in STAGES.items():
        if wanted in {match_key(each) for each in (stage, name, _(name), *_STAGES[stage])}:
            return stage
    known = ", ".join(f"{each} ({_(name)})" for each, name in STAGES.items())
    raise BadInput("{text} is no stage", hint="use one of: {known}", text=show(text[:40]), known=known)


def ready_title(at: datetime, *, drill: bool = False) -> str:
    """What an incident is called until somebody says what happened: by its T0 on the clock of the group."""
    return _("Drill {time}", time=f"{at:%H:%M}") if drill else _("Emergency {time}", time=f"{at:%H:%M}")


def checked_text(text: str, empty: str, hint: str = N_("write what was told, word for word")) -> str:
    """A text as it may be stored. Raises BadInput when nothing can be seen of it (`empty` says so, `hint` what to
    write) or it is too long.
    """
    if is_blank(text):
        raise BadInput(empty, hint=hint)
    body = clean_lines(text, len(text) + 1)
    if len(body) > TEXT_LIMIT:
        raise BadInput("the text is too long: {length} characters", hint="use {limit} characters at most",
                       length=len(body), limit=TEXT_LIMIT)  # fmt: skip
    return body
