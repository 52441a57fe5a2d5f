"""SOPs: take a shipped one, write one's own, change steps from today on, switch on and off, start and end runs."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from qunguan.domain import sops
from qunguan.domain.clock import Clock
from qunguan.domain.errors import BadInput, NotFound, Refused
from qunguan.domain.names import meant, only, typed_name
from qunguan.domain.sops import STARTED, Run, Sop, Step, Trigger
from qunguan.domain.text import match_key, show
from qunguan.i18n import N_
from qunguan.services import groups
from qunguan.store import task_queries as queries
from qunguan.store.members import member
from qunguan.store.session import Session
from qunguan.store.tasks import sop, sop_run, sop_span, sop_step

# -- reading


def all_sops(session: Session, group_id: int | None = None) -> tuple[Sop, ...]:
    """The SOPs of a group, or of every group, that were not put away."""
    ids = [group.id for group in groups.all_groups(session)] if group_id is None else [group_id]
    return queries.sops(session, ids)


def get(session: Session, sop_id: int) -> Sop:
    """One SOP. Raises NotFound."""
    found = queries.one_sop(session, sop_id)
    if found is None:
        raise NotFound("there is no SOP {text}", hint="see the list: qunguan sop list", text=f"#{sop_id}")
    return found


def find(session: Session, text: str, group_id: int | None = None) -> Sop:
    """The SOP that is meant, by id or name or the id of the shipped one it came from. Raises NotFound, Ambiguous."""
    known = all_sops(session, group_id)
    like = meant(known, text) or [each for each in known if each.preset == match_key(text)]
    found = only(like, N_("{text} means several SOPs"), text)
    if found is None:
        raise NotFound("there is no SOP {text}", hint="see the list: qunguan sop list", text=show(text[:40]))
    return found


# -- the SOPs themselves


def use(session: Session, clock: Clock, preset: str, group_id: int) -> Sop:
    """Begin with a shipped SOP in a group, from today on. Raises NotFound, Refused where the group has it already."""
    told = sops.preset(preset)
    _refuse_twin(session, group_id, told.name)
    session.step(N_("Took up the SOP {name}"), name=told.name)
    sop_id = _insert(session, clock, group_id, told.name, told.trigger, preset=told.id, source=told.source)
    today = _today(session, clock, group_id)
    for step in told.steps:
        session.insert(sop_step, sop_id=sop_id, from_day=today, **_columns(step))
    return get(session, sop_id)


def use_everywhere(session: Session, clock: Clock, preset: str) -> tuple[Sop, ...]:
    """Begin with a shipped SOP in every group that does not have it yet; those that were taken up. Raises NotFound."""
    told = sops.preset(preset)
    have = {each.group_id for each in all_sops(session) if match_key(each.name) == match_key(told.name)}
    missing = [group.id for group in groups.all_groups(session) if group.id not in have]
    return tuple(use(session, clock, told.id, group_id) for group_id in missing)


def add(session: Session, clock: Clock, group_id: int, name: str, trigger: str) -> Sop:
    """Write an SOP of one's own; its steps follow by `put_step`. Raises BadInput, Refused for a name that is taken."""
    known = typed_name(name)
    meant = sops.typed_trigger(trigger)
    _refuse_twin(session, group_id, known)
    session.step(N_("Wrote the SOP {name}"), name=known)
    return get(session, _insert(session, clock, group_id, known, meant))


def rename(session: Session, clock: Clock, sop_id: int, name: str) -> Sop:
    """Give an SOP another name. Raises BadInput, NotFound, Refused for a name that is taken."""
    found, known = get(session, sop_id), typed_name(name)
    _refuse_twin(session, found.group_id, known, found.id)
    session.step(N_("Renamed the SOP {name}"), name=known)
    session.update(sop, sop_id, name=known)
    return get(session, sop_id)


def switch(session: Session, clock: Clock, sop_id: int, *, enabled: bool) -> Sop:
    """Switch an SOP on or off from today on; nothing changes when it is so already. What was due before today stays."""
    found = _in_use(session, sop_id)
    if found.on == enabled:
        return found
    today = _today(session, clock, found.group_id)
    session.step(N_("Switched the SOP {name} on") if enabled else N_("Switched the SOP {name} off"), name=found.name)
    if enabled:
        _switch_on(session, sop_id, today)
    else:
        _switch_off(session, sop_id, today)
    return get(session, sop_id)


def end(session: Session, clock: Clock, sop_id: int) -> Sop:
    """Put an SOP away from today on. What was due before stays as it was. Raises NotFound, Refused when it is away."""
    found = _in_use(session, sop_id)
    today = _today(session, clock, found.group_id)
    session.step(N_("Put away the SOP {name}"), name=found.name)
    _switch_off(session, sop_id, today)
    session.update(sop, sop_id, ended_on=today)
    return get(session, sop_id)


# -- steps


def put_step(session: Session, clock: Clock, sop_id: int, step: Step) -> Sop:
    """Add a step, or (with its id) change one. A changed step ends and another begins: today, or tomorrow when today's
    is settled already; one that began today is changed in its place. Raises BadInput, NotFound.
    """
    found = _in_use(session, sop_id)
    wanted = sops.checked(found.trigger, step)
    today = _today(session, clock, found.group_id)
    if not step.id:
        session.step(N_("Added the step {step} to {name}"), step=wanted.title, name=found.name)
        place = max((each.place for each in found.steps), default=0) + 1
        session.insert(sop_step, sop_id=sop_id, from_day=today, **_columns(replace(wanted, place=place)))
        return get(session, sop_id)
    old = _step(found, step.id)
    columns = _columns(replace(wanted, place=old.place, source=old.source))
    if columns == _columns(old):
        return found
    session.step(N_("Changed the step {step} of {name}"), step=wanted.title, name=found.name)
    begins = _free_from(session, found, old, today)
    if old.from_day >= begins:
        session.update(sop_step, old.id, **columns)
    else:
        session.update(sop_step, old.id, ended_on=begins)
        session.insert(sop_step, sop_id=sop_id, from_day=begins, **columns)
    return get(session, sop_id)


def end_step(session: Session, clock: Clock, sop_id: int, step_id: int) -> Sop:
    """Take a step out from today on, or from tomorrow when today's is settled. Raises NotFound, Refused."""
    found = _in_use(session, sop_id)
    old = _step(found, step_id)
    session.step(N_("Took the step {step} out of {name}"), step=old.title, name=found.name)
    ends = _free_from(session, found, old, _today(session, clock, found.group_id))
    session.update(sop_step, old.id, ended_on=max(ends, old.from_day))
    return get(session, sop_id)


def _step(found: Sop, step_id: int) -> Step:
    step = next((each for each in found.steps_now if each.id == step_id), None)
    if step is None:
        raise NotFound("{name} has no step #{step}", name=found.name, step=step_id)
    return step


def _free_from(session: Session, found: Sop, step: Step, today: date) -> date:
    """The first day nothing was said of a step yet: today, or tomorrow."""
    said = queries.settled(session, f"sop:{found.id}.{step.id}:{today}", today)
    return today + timedelta(days=1) if said else today


# -- runs


def start(session: Session, clock: Clock, sop_id: int, day: date | None = None, member_id: int | None = None) -> Run:
    """Start an SOP for a day (None: today), of the group or of one member; steps before today are not asked for.

    Started again for the same day it is the run there is. An SOP that is off is switched on. Raises NotFound, and
    Refused for one that runs by itself.
    """
    found = _in_use(session, sop_id)
    if found.trigger not in STARTED:
        raise Refused("{name} runs by itself", hint="only those that are started by hand or around a date are started",
                      name=found.name)  # fmt: skip
    if member_id is not None and session.get(member, member_id) is None:
        raise NotFound("there is no member #{member}", member=member_id)
    today = _today(session, clock, found.group_id)
    anchor = day or today
    _refuse_past(found, anchor, today)
    for run in found.runs:
        if (run.member_id, run.anchor_on, run.ended_on) == (member_id, anchor, None) and found.on:
            return run
    session.step(N_("Started {name} for {day}"), name=found.name, day=anchor)
    if not found.on:
        _switch_on(session, sop_id, today)
    run_id = session.insert(
        sop_run, sop_id=sop_id, group_id=found.group_id, member_id=member_id, anchor_on=anchor, started_on=today,
        started_at=clock.now(),
    )  # fmt: skip
    return next(run for run in get(session, sop_id).runs if run.id == run_id)


def end_run(session: Session, clock: Clock, run_id: int) -> Run:
    """End a run from today on; ended again nothing changes. Raises NotFound."""
    row = session.get(sop_run, run_id)
    if row is None:
        raise NotFound("there is no run #{run}", run=run_id)
    found = get(session, row.sop_id)
    if row.ended_on is None:
        session.step(N_("Ended the run of {name} for {day}"), name=found.name, day=row.anchor_on)
        session.update(sop_run, run_id, ended_on=_today(session, clock, row.group_id))
    return next(run for run in get(session, row.sop_id).runs if run.id == run_id)


def _refuse_past(found: Sop, anchor: date, today: date) -> None:
    last = max((step.day for step in found.steps_now), default=None)
    if last is None:
        raise Refused("{name} has no steps yet", hint="add one first", name=found.name)
    if anchor + timedelta(days=last) < today:
        raise BadInput("for {day} every step of {name} is past", hint="choose a later day", day=anchor, name=found.name)


# -- what they share


def _insert(session: Session, clock: Clock, group_id: int, name: str, trigger: Trigger, **told: str) -> int:
    sop_id = session.insert(sop, group_id=group_id, name=name, starts_by=trigger, created_at=clock.now(), **told)
    _switch_on(session, sop_id, _today(session, clock, group_id))
    return sop_id


def _switch_on(session: Session, sop_id: int, today: date) -> None:
    """From today on; where it was switched off today it was never off."""
    row = session.first(queries.span_ended(sop_id, today))
    if row is not None:
        session.update(sop_span, row.id, ended_on=None)
    else:
        session.insert(sop_span, sop_id=sop_id, from_day=today)


def _switch_off(session: Session, sop_id: int, today: date) -> None:
    row = session.first(queries.span_open(sop_id))
    if row is not None:
        session.update(sop_span, row.id, ended_on=today)


def _in_use(session: Session, sop_id: int) -> Sop:
    found = get(session, sop_id)
    if found.ended_on is not None:
        raise Refused("{name} was put away", hint="undo brings it back", name=found.name)
    return found


def _refuse_twin(session: Session, group_id: int, name: str, own_id: int = 0) -> None:
    groups.get(session, group_id)
    if any(match_key(each.name) == match_key(name) and each.id != own_id for each in all_sops(session, group_id)):
        raise Refused("this group has an SOP {name} already", hint="give it another name", name=show(name))


def _today(session: Session, clock: Clock, group_id: int) -> date:
    return clock.today(groups.day_rule(session, group_id))


def _columns(step: Step) -> dict[str, Any]:
    names = ("place", "day", "at_minute", "title", "text", "script", "hat", "private", "source")
    return {name: getattr(step, name) for name in names}
