"""What `qunguan sop` prints: SOPs with their steps and runs, those in use and those to begin with."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from qunguan.cli.command import columns, known
from qunguan.domain import sops as words
from qunguan.domain.content import clock_said
from qunguan.domain.sops import TRIGGERS, Sop, SopPreset, Step
from qunguan.domain.tasks import HATS
from qunguan.i18n import _

_AHEAD = 60  # days in which the next step is looked for


def document(found: Sop, today: date | None) -> dict[str, Any]:
    """An SOP; without a day nothing is said of what comes next."""
    coming = words.next_due(found, today, _AHEAD) if today else None
    return {
        "id": found.id, "group_id": found.group_id, "name": found.name, "by": found.trigger, "on": found.on,
        "preset": found.preset or None, "source": found.source, "ended_on": found.ended_on,
        "next": {"day": coming.day, "at": clock_said(coming.step.at_minute) or None, "title": coming.step.title}
        if coming else None,
        "steps": [_step(each) for each in found.steps_now],
        "runs": [{"id": run.id, "day": run.anchor_on, "member_id": run.member_id, "member": run.name or None,
                  "ended_on": run.ended_on} for run in found.runs],
    }  # fmt: skip


def _step(each: Step) -> dict[str, Any]:
    return {
        "id": each.id, "day": each.day, "at": clock_said(each.at_minute) or None, "title": each.title,
        "hat": each.hat, "private": each.private, "text": each.text, "script": each.script or None,
        "source": each.source,
    }  # fmt: skip


def preset_document(told: SopPreset) -> dict[str, Any]:
    """A preset as JSON tells it: its id, what starts it, its source and its steps."""
    return {"id": told.id, "name": told.name, "about": told.about, "by": told.trigger, "source": told.source,
            "steps": [_step(each) for each in told.steps]}  # fmt: skip


def table(found: Sequence[Sop], names: dict[int, str], today: date) -> list[str]:
    """The SOPs in use, by group."""
    if not found:
        return [_("No SOP is in use. Next: qunguan sop use PRESET")]
    rows = []
    for each in found:
        coming = words.next_due(each, today, _AHEAD)
        when = f"{coming.day:%m-%d} {clock_said(coming.step.at_minute)}".strip() if coming else "—"
        rows.append((each.id, names.get(each.group_id, ""), each.name, _(TRIGGERS[each.trigger]),
                     _("on") if each.on else _("off"), len(each.steps_now), when))  # fmt: skip
    head = (_("id"), _("group"), _("SOP"), _("set off by"), _("state"), _("steps"), _("comes next"))
    return columns(head, rows, right=(0, 5))


def shipped(left: Sequence[SopPreset]) -> list[str]:
    """Those to begin with that nobody has taken up yet."""
    if not left:
        return []
    rows = [(each.id, each.name, _(TRIGGERS[each.trigger]), len(each.steps), each.about) for each in left]
    head = (_("preset"), _("SOP"), _("set off by"), _("steps"), _("about"))
    return ["", _("To begin with (qunguan sop use PRESET):"), *columns(head, rows, right=(3,))]


def preset_lines(told: SopPreset) -> list[str]:
    """A shipped SOP with its steps."""
    head = f"{told.id} · {told.name} · {_(TRIGGERS[told.trigger])}"
    return [head, told.about, *step_lines(told.trigger, told.steps), _("Next: qunguan sop use {id}", id=told.id)]


def step_lines(trigger: words.Trigger, steps: Sequence[Step]) -> list[str]:
    """Steps by day and hour."""
    if not steps:
        return [_("no steps yet")]
    rows = [(each.id or each.place, words.day_said(trigger, each.day), known(clock_said(each.at_minute)), each.title,
             _(HATS[each.hat]), each.source) for each in steps]  # fmt: skip
    return columns((_("step"), _("day"), _("time"), _("thing to do"), _("role"), _("source")), rows, right=(0,))
