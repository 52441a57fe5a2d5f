"""Incidents as programs and people read them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from qunguan.cli.command import columns, known
from qunguan.cli.lint import document as lint_document
from qunguan.domain.incident_clock import STAGES, lasting
from qunguan.domain.incident_handover import figure_lines
from qunguan.domain.incidents import SEVERITIES
from qunguan.domain.lint import LEVELS
from qunguan.domain.tasks import HATS
from qunguan.i18n import _, ngettext

if TYPE_CHECKING:
    from qunguan.domain.clock import DayRule
    from qunguan.domain.groups import Group
    from qunguan.domain.incident_playbooks import Grade, Playbook
    from qunguan.domain.incidents import Incident, IncidentView, Role, Stage
    from qunguan.domain.lint import Finding


def moment(at: datetime | None) -> datetime | None:
    """A moment as a program reads it, in UTC."""
    return None if at is None else at.astimezone(UTC)


def document(view: IncidentView) -> dict[str, Any]:
    """An incident whole, as `incident show --json` answers."""
    found, told, amends = view.incident, view.gauges, view.gauges.compensation
    return {
        "id": found.id,
        "title": found.title,
        "severity": found.severity,
        "t0": moment(found.t0),
        "drill": found.drill,
        "stages": [stage(each) for each in view.stages],
        "next_update_at": moment(view.next_update_at),
        "exit_rate": {"value": told.exit_rate, "n": told.members_at_t0},
        "compensation": {
            "promised_fen": amends.promised_fen,
            "delivered_fen": amends.delivered_fen,
            "promised_points": amends.promised_points,
            "delivered_points": amends.delivered_points,
        },
        "timeline": [
            {"at": moment(each.at), "kind": each.kind, "text": each.text, "late_seconds": each.late_seconds}
            for each in view.timeline
        ],
    }


def stage(each: Stage) -> dict[str, Any]:
    """A stage, as a program reads it; `evidence` is the text that was posted, null before."""
    return {
        "name": each.name,
        "due_at": moment(each.due_at),
        "done_at": moment(each.done_at),
        "late_seconds": each.late_seconds,
        "evidence": each.evidence or None,
    }


def head(found: Incident) -> dict[str, Any]:
    """An incident in a list."""
    return {
        "id": found.id,
        "group_id": found.group_id,
        "title": found.title,
        "severity": found.severity,
        "playbook": found.playbook or None,
        "t0": moment(found.t0),
        "first_t0": moment(found.first_t0),
        "drill": found.drill,
        "opened_at": moment(found.opened_at),
        "closed_at": moment(found.closed_at),
    }


def list_lines(found: Sequence[tuple[Incident, Group]]) -> list[str]:
    """Incidents as a table."""
    if not found:
        return [_("There was none yet. Next: qunguan incident start TITLE --drill tries it out")]
    rows = [
        (
            each.id,
            time(each.t0, group.day_rule),
            group.name,
            each.title,
            _(SEVERITIES[each.severity]),
            _state(each, group.day_rule),
        )
        for each, group in found
    ]
    return columns(("ID", "T0", _("group"), _("title"), _("severity"), _("state")), rows, right=(0,))


def _state(found: Incident, rule: DayRule) -> str:
    state = _("going on") if found.closed_at is None else _("closed {moment}", moment=time(found.closed_at, rule))
    return _("drill, {state}", state=state) if found.drill else state


def show_lines(view: IncidentView, rule: DayRule) -> Iterator[str]:
    """An incident for people."""
    found = view.incident
    since, state = time(found.t0, rule), _state(found, rule)
    yield f"#{found.id} {found.title} · {_(SEVERITIES[found.severity])} · T0 {since} · {state}"
    yield from stage_lines(view.stages, rule)
    if view.next_update_at:
        yield _("Next word to the group by {moment}", moment=time(view.next_update_at, rule))
    yield from figure_lines(view.gauges)
    yield from role_lines(view.roles)
    yield _("Timeline")
    rows = [
        (time(each.at, rule), each.text.replace("\n", " "), lasting(each.late_seconds) if each.late_seconds else "")
        for each in view.timeline
    ]
    yield from ("  " + line for line in columns((_("when"), _("what happened"), _("late by")), rows))


def stage_lines(stages: Iterable[Stage], rule: DayRule) -> list[str]:
    """The three stages as a table."""
    rows = [
        (_(STAGES[each.name]), time(each.due_at, rule), known(each.done_at and time(each.done_at, rule)),
         lasting(each.late_seconds) if each.late_seconds else "",
         f"{sum(point.done_at is not None for point in each.checks)}/{len(each.checks)}", known(each.place))
        for each in stages
    ]  # fmt: skip
    names = (_("stage"), _("due by"), _("told"), _("late by"), _("ticked points"), _("where"))
    return columns(names, rows)


def role_lines(roles: Iterable[Role]) -> list[str]:
    """Who wears which hat."""
    return [_("{hat}: {name}", hat=_(HATS[role.hat]), name=role.holder) for role in roles]


def told_line(each: Stage, rule: DayRule) -> str:
    """When a stage was told, and whether that was in time."""
    name, at = _(STAGES[each.name]), time(each.done_at or each.due_at, rule)
    if each.late_seconds:
        return _("{stage}: told at {at}, {late} late", stage=name, at=at, late=lasting(each.late_seconds))
    return _("{stage}: told at {at}, in time", stage=name, at=at)


def check_lines(each: Stage) -> list[str]:
    """The checklist of a stage, numbered."""
    return [
        f"  {'✓' if point.done_at else '·'} {place} {point.text} ({point.item})"
        for place, point in enumerate(each.checks, start=1)
    ]


def doubt_lines(found: Sequence[Finding]) -> list[str]:
    """What speaks against a text."""
    if not found:
        return []
    first = ngettext(
        "{n} place in the text is to be looked at:", "{n} places in the text are to be looked at:", len(found)
    )
    return [first, *(f"  {_(LEVELS[one.level])} · {one.text or '—'} · {one.why}" for one in found)]


def doubts(found: Sequence[Finding]) -> list[dict[str, Any]]:
    """What speaks against a text, as a program reads it."""
    return lint_document(found)


def playbook(found: Playbook) -> dict[str, Any]:
    """A playbook, as a program reads it."""
    return {
        "id": found.id,
        "name": found.name,
        "about": found.about,
        "severity": found.severity,
        "first": list(found.first),
        "avoid": list(found.avoid),
        "stages": [
            {"name": name, "checks": [{"item": item, "text": text} for item, text in sheet.checks],
             "statement": sheet.statement}
            for name, sheet in found.sheets.items()
        ],
        "source": found.source,
    }  # fmt: skip


def shelf_lines(found: Iterable[Playbook]) -> list[str]:
    """The playbooks as a table."""
    rows = [(each.id, each.name, _(SEVERITIES[each.severity]), each.about) for each in found]
    return columns(("ID", _("name"), _("severity"), _("for")), rows)


def guide_lines(grades: Iterable[Grade]) -> Iterator[str]:
    """How bad is how bad."""
    for each in grades:
        yield f"{_(SEVERITIES[each.severity])} ({each.severity})"
        yield from (f"  · {sign}" for sign in each.signs)
        yield f"  → {each.means}"
    yield _("When in doubt, take the higher one.")


def playbook_lines(found: Playbook) -> Iterator[str]:
    """A playbook for people."""
    yield f"{found.name} · {found.about} · {_(SEVERITIES[found.severity])}"
    yield _("First:")
    yield from (f"  {line}" for line in found.first)
    for name, title in STAGES.items():
        sheet = found.sheets[name]
        yield _(title)
        yield from (f"  · {text} ({item})" for item, text in sheet.checks)
        yield from (f"  > {line}" for line in sheet.statement.splitlines())
    yield _("Mind:")
    yield from (f"  {line}" for line in found.avoid)


def time(at: datetime, rule: DayRule) -> str:
    """A moment for people, on the group's clock."""
    return f"{rule.local(at):%Y-%m-%d %H:%M:%S}"
