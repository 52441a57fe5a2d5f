"""What was told the group in an incident, and when: the three stages, updates, checklists, typed lines (S4-18)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from qunguan.domain import incident_clock
from qunguan.domain.clock import Clock
from qunguan.domain.errors import BadInput, NotFound, Refused
from qunguan.domain.incident_clock import STAGES, UPDATE, Post, StageName
from qunguan.domain.incident_playbooks import playbook
from qunguan.domain.incidents import PLACE_LIMIT, Checkpoint, Incident, Stage, TimelineEntry, checked_text, typed_stage
from qunguan.domain.lint import Facts, findings
from qunguan.domain.scripts import whole
from qunguan.domain.text import clean, show
from qunguan.i18n import N_, _
from qunguan.services import reach
from qunguan.services.incident_book import held, note, said, still_open, writing_at
from qunguan.services.incident_running import limits
from qunguan.store import incident_queries as queries
from qunguan.store.incidents import incident_check, incident_post
from qunguan.store.session import Session

_LABELS: dict[str, str] = {
    "tell": N_("Tell is told: {title}"),
    "time": N_("Time is told: {title}"),
    "trust": N_("Trust is told: {title}"),
    UPDATE: N_("An update is told: {title}"),
}
_NO_TEXT = N_("nothing was told yet: a stage needs its text")


def tick(
    session: Session,
    clock: Clock,
    incident_id: int,
    stage: str,
    text: str,
    *,
    place: str = "",
    at: datetime | None = None,
) -> Stage:
    """Say that a stage was told: its text word for word, where, and when (None: now). The same text again changes
    nothing. What speaks against the text is in `findings`; it stops nothing.

    Raises NotFound, BadInput without a text, for one with blanks left (`scripts.Unfilled`), or for a moment before T0
    or to come, Refused when the stage has another text already or the incident is closed.
    """
    found, name = still_open(session, incident_id), typed_stage(stage)
    body = checked_text(text, _NO_TEXT)
    for row in queries.posts(session, incident_id):
        if row.stage == name and row.text == body:
            return _told(session, clock, found, name)
        if row.stage == name:
            raise Refused("{stage} was told already, with another text", hint="undo that, or tell this as an update",
                          stage=_(STAGES[name]))  # fmt: skip
    _post(session, clock, found, name, whole(body), place, at)
    return _told(session, clock, found, name)


def update(
    session: Session, clock: Clock, incident_id: int, text: str, *, place: str = "", at: datetime | None = None
) -> Post:
    """Say that a further notice was told; the next one counts from it. The same text at the same moment again changes
    nothing. Raises as `tick`.
    """
    found, body = still_open(session, incident_id), checked_text(text, _NO_TEXT)
    when = _moment(session, clock, found, at)
    for row in queries.posts(session, incident_id):
        if (row.stage, row.text, row.posted_at) == (UPDATE, body, when):
            return Post(row.stage, row.posted_at, row.text, row.place)
    return _post(session, clock, found, UPDATE, whole(body), place, when)


def check(session: Session, clock: Clock, incident_id: int, stage: str, item: str) -> Checkpoint:
    """Tick a point of a stage's checklist, by its name, number or text. Raises NotFound, BadInput, Refused of an
    incident that is closed.
    """
    return _marked(session, clock, incident_id, stage, (item,), done=True)[0]


def uncheck(session: Session, clock: Clock, incident_id: int, stage: str, item: str) -> Checkpoint:
    """Take the tick off a point. Raises as `check`."""
    return _marked(session, clock, incident_id, stage, (item,), done=False)[0]


def check_all(
    session: Session, clock: Clock, incident_id: int, stage: str, items: Iterable[str], *, done: bool = True
) -> Stage:
    """Tick several points at once, or with `done` False take their ticks off. Raises as `check`."""
    found, name = still_open(session, incident_id), typed_stage(stage)
    _marked(session, clock, incident_id, name, tuple(items), done=done)
    return next(
        each for each in stages(session, found, held(session, clock, incident_id)) if each.name == name
    )  # fmt: skip


def _marked(
    session: Session, clock: Clock, incident_id: int, stage: str, items: Sequence[str], *, done: bool
) -> list[Checkpoint]:
    found, name = still_open(session, incident_id), typed_stage(stage)
    wanted = {point.item: point for item in items for point in [_point(session, found, name, item)]}
    change = [point.item for point in wanted.values() if (point.done_at is not None) != done]
    if change:
        label = N_("Ticked points of {title}") if done else N_("Took ticks off {title}")
        session.step(label, title=found.title)
        now = writing_at(session, clock, incident_id)
        if done:
            for item in change:
                session.insert(incident_check, incident_id=incident_id, stage=name, item=item, at=now)
        else:
            for row in queries.checks(session, incident_id):
                if row.stage == name and row.item in change:
                    session.delete(incident_check, row.id)
    return [point for point in _points(session, found, name) if point.item in wanted]


def log(session: Session, clock: Clock, incident_id: int, text: str, at: datetime | None = None) -> TimelineEntry:
    """Write a line into the timeline, of what happened at a moment (None: now). Raises NotFound, BadInput, Refused."""
    found = still_open(session, incident_id)
    body = checked_text(text, N_("there is nothing in this line"))
    now = held(session, clock, incident_id)
    if at is not None and at > now:
        raise _to_come(session, found, at)
    session.step(N_("Wrote a line into {title}"), title=found.title)
    note(session, clock, incident_id, "note", body, at)
    return TimelineEntry(at or now, "note", body)


def told(session: Session, incident_id: int) -> tuple[Post, ...]:
    """Everything that was told, in the order it was posted."""
    return tuple(Post(row.stage, row.posted_at, row.text, row.place) for row in queries.posts(session, incident_id))


def stages(session: Session, found: Incident, now: datetime) -> tuple[Stage, ...]:
    """The three stages with their checklists, as of `now`."""
    clocks = incident_clock.stages(found.t0, told(session, found.id), now, limits(session))
    return tuple(
        Stage(
            each.name, each.due_at, each.post.at if each.post else None, each.late_seconds,
            each.post.text if each.post else "", each.post.place if each.post else "",
            _points(session, found, each.name),
        )
        for each in clocks
    )  # fmt: skip


def _told(session: Session, clock: Clock, found: Incident, name: StageName) -> Stage:
    stage = next(each for each in stages(session, found, held(session, clock, found.id)) if each.name == name)
    return replace(stage, findings=findings(stage.evidence, Facts(crisis=True)))


def _post(
    session: Session, clock: Clock, found: Incident, stage: str, body: str, place: str, at: datetime | None
) -> Post:
    when = _moment(session, clock, found, at)
    session.step(_LABELS[stage], title=found.title)
    now = writing_at(session, clock, found.id)
    where = clean(place, PLACE_LIMIT)
    session.insert(
        incident_post, incident_id=found.id, stage=stage, text=body, place=where, posted_at=when, written_at=now
    )
    return Post(stage, when, body, where)


def _moment(session: Session, clock: Clock, found: Incident, at: datetime | None) -> datetime:
    """When something was told: neither before T0 nor to come."""
    now = held(session, clock, found.id)
    when = at or now
    if when > now:
        raise _to_come(session, found, when)
    if when < found.t0:
        raise BadInput("{moment} lies before T0 of {title}", hint="T0 is {t0}; it can be corrected once",
                       moment=said(session, found.group_id, when), title=show(found.title),
                       t0=said(session, found.group_id, found.t0))  # fmt: skip
    return when


def _to_come(session: Session, found: Incident, at: datetime) -> BadInput:
    return BadInput("{moment} has not come yet", hint="say when it was told", moment=said(session, found.group_id, at))


def _points(session: Session, found: Incident, stage: StageName) -> tuple[Checkpoint, ...]:
    done = {row.item: row.at for row in queries.checks(session, found.id) if row.stage == stage}
    checks = playbook(found.playbook).sheet(stage).checks
    figures = reach.figures(session, found.group_id) if any("{" in text for _item, text in checks) else {}
    return tuple(Checkpoint(item, text.format_map(figures), done.get(item)) for item, text in checks)


def _point(session: Session, found: Incident, stage: StageName, item: str) -> Checkpoint:
    known = _points(session, found, stage)
    for place, point in enumerate(known, start=1):
        if item.strip() in (point.item, point.text, str(place)):
            return point
    raise NotFound("there is no point {item} in {stage}", hint="there are: {known}", item=show(item[:40]),
                   stage=_(STAGES[stage]), known=_(", ").join(point.item for point in known))  # fmt: skip
