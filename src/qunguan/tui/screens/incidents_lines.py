"""How the 3T room is drawn: the clocks, the gauges, and a line for each stage, point, hat and moment."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, Final, Literal

from textual.content import Content

from qunguan.domain.clock import DayRule
from qunguan.domain.incident_clock import STAGES, UPDATE, Limits, Running, StageName, late_seconds
from qunguan.domain.incident_compensation import Compensation
from qunguan.domain.incident_playbooks import guide, playbook
from qunguan.domain.incidents import SEVERITIES, Gauges, Incident, IncidentView, Stage
from qunguan.domain.money import short_yuan
from qunguan.domain.sources import cited
from qunguan.domain.tasks import HATS
from qunguan.i18n import N_, _, ngettext
from qunguan.tui.incident_clocks import span
from qunguan.tui.text import joined, lines, literal
from qunguan.tui.widgets.meter import gauge
from qunguan.tui.widgets.paged_table import Cell, Column
from qunguan.tui.widgets.table_cells import CellStyle
from qunguan.values import frozen

Kind = Literal["heading", "stage", "check", "update", "role", "entry", "action", "amends"]
NUMBERS: Final = "①②③"
_NAMES: Final[dict[StageName, str]] = {
    "tell": N_("say what happened"), "time": N_("say what is done by when"), "trust": N_("make good"),
}  # fmt: skip
_METER = 12
_SPAN = 100  # keys a stage has for its points


@frozen
class Line:
    """One line of the room; `stage` says which stage it belongs to, `thing` what it is about."""

    key: int
    kind: Kind
    mark: str
    text: str
    when: str = ""
    said: str = ""
    style: CellStyle = ""
    stage: str = ""
    thing: Any = None


def columns() -> tuple[Column, ...]:
    """A mark, what it is, when, and how it stands."""
    return Column("", width=2), Column("", flex=1, minimum=30), Column(_("when"), width=14), Column("", width=11)


def cells(line: Line) -> tuple[Cell | str, ...]:
    """A line of the list."""
    late: CellStyle = "bad" if line.kind in ("stage", "entry") and line.said.startswith("+") else line.style
    return (Cell(line.mark, line.style), Cell(line.text, line.style), Cell(line.when, "dim"), Cell(line.said, late))


def steps(found: IncidentView, rule: DayRule) -> tuple[Line, ...]:
    """The stages with their points, the hats, what is to be done, and the timeline, newest first."""
    told: list[Line] = []
    for place, stage in enumerate(found.stages):
        told.extend(_stage(stage, place, found, rule))
        if place == 0 and found.next_update_at is not None:
            due = found.next_update_at
            told.append(Line(900, "update", "↻", _("next notice: how it goes, and when the next one comes"),
                             _by(due, found, rule), stage=UPDATE))  # fmt: skip
    told.append(_heading(1, _("── Hats"), _("e changes them")))
    worn = {role.hat: role.holder for role in found.roles}
    told += [
        Line(
            1000 + place,
            "role",
            "",
            f"{_(name)}  {worn.get(hat) or '—'}",
            style="" if hat in worn else "dim",
            thing=hat,
        )
        for place, (hat, name) in enumerate(HATS.items())
    ]
    if found.actions:
        told.append(_heading(2, _("── To be done"), ""))
        told += [
            Line(2000 + each.place, "action", "·", each.title, f"{each.due_on:%m-%d}", _(HATS[each.hat]))
            for each in found.actions
        ]
    told.append(_heading(3, _("── Timeline"), _("l writes a line")))
    for place, entry in reversed(list(enumerate(found.timeline))):
        late = f"+{span(entry.late_seconds)}" if entry.late_seconds else ""
        text = " ".join(entry.text.split())
        told.append(Line(10_000 + place, "entry", "·", text, _at(entry.at, found, rule), late, thing=entry))
    return tuple(told)


def next_key(told: Sequence[Line]) -> int:
    """The line to begin at: the next stage to be told, else the newest line of the timeline."""
    waiting = [line.key for line in told if line.kind == "stage" and not line.thing.done_at]
    return next(iter(waiting or [line.key for line in told if line.kind == "entry"]), told[0].key)


def _heading(place: int, text: str, keys: str) -> Line:
    return Line(-place, "heading", "", f"{text}  {keys}", style="strong")


def _stage(stage: Stage, place: int, found: IncidentView, rule: DayRule) -> Iterator[Line]:
    title = f"{NUMBERS[place]} {_(STAGES[stage.name])}  {_(_NAMES[stage.name])}"
    key = (place + 1) * _SPAN
    if stage.done_at is not None:
        said = f"+{span(stage.late_seconds)}" if stage.late_seconds else _("in time")
        where = f" · {stage.place}" if stage.place else ""
        yield Line(key, "stage", "✓", title + where, _at(stage.done_at, found, rule), said, "done", stage.name, stage)
    else:
        said = _("Enter tells it") if found.incident.open else _("never told")
        yield Line(key, "stage", "○", title, _by(stage.due_at, found, rule), said, "strong", stage.name, stage)
    for number, point in enumerate(stage.checks, start=1):
        done = point.done_at is not None
        when = _at(point.done_at, found, rule) if point.done_at else ""
        yield Line(key + number, "check", "", f"[{'✓' if done else ' '}] {point.text}", when, "", "dim" if done else "",
                   stage.name, point)  # fmt: skip


def _at(moment: datetime, found: IncidentView, rule: DayRule) -> str:
    local = rule.local(moment)
    same = local.date() == rule.local(found.incident.t0).date()
    return f"{local:%H:%M}" if same else f"{local:%m-%d %H:%M}"


def _by(moment: datetime, found: IncidentView, rule: DayRule) -> str:
    return _("by {time}", time=_at(moment, found, rule))


# -- above the list


def headline(found: Incident, group: str, rule: DayRule) -> Content:
    """What it is, how bad, since when; a drill says so before all else."""
    parts = [literal(_("【DRILL】"), "bold $text-warning")] if found.drill else []
    parts.append(literal(found.title, "bold"))
    style = {"critical": "bold $text-error", "major": "$text-warning", "minor": ""}[found.severity]
    parts.append(literal(_(SEVERITIES[found.severity]), style))
    name = playbook(found.playbook).name if found.playbook else ""
    parts += [literal(each, "$text-muted") for each in (name, group) if each]
    parts.append(literal(f"T0 {rule.local(found.t0):%m-%d %H:%M}", "$text-muted"))
    return Content("  ").join(parts)


def clocks(found: IncidentView, running: Running | None, now: datetime, rule: DayRule) -> Content:
    """The three stages and the next notice as clocks; of an incident that is closed, when it was."""
    parts = [_clock(number, stage, found, now, rule) for number, stage in zip(NUMBERS, found.stages, strict=True)]
    closed = found.incident.closed_at
    if closed is not None:
        parts.append(literal(_("closed {moment}", moment=f"{rule.local(closed):%m-%d %H:%M}"), "$text-muted"))
    elif running is not None and (due := running.next_update_at(now)) is not None:
        parts.append(_left(_("Update"), due, max(now, running.held_at)))
    elif all(stage.done_at for stage in found.stages):
        parts.append(literal(_("r writes the review, Del closes"), "$text-accent"))
    return Content("   ").join(parts)


def _clock(number: str, stage: Stage, found: IncidentView, now: datetime, rule: DayRule) -> Content:
    name = f"{number} {_(STAGES[stage.name])}"
    if stage.done_at is None and found.incident.open:
        return _left(name, stage.due_at, max(now, found.now))
    if stage.done_at is None:
        return literal(f"{name} {_('never told')}", "$text-error")
    late = f" +{span(stage.late_seconds)}" if stage.late_seconds else ""
    return joined((f"{name} ✓ {_at(stage.done_at, found, rule)}", "$text-success"), (late, "$text-error"))


def _left(name: str, due: datetime, now: datetime) -> Content:
    late = late_seconds(due, now)
    shown = span(-late) if late else span(int((due - now).total_seconds()))
    return joined(f"{name} ", (shown, "bold $text-error" if late else "bold $primary"))


def gauges(found: Gauges) -> Content:
    """Who left against the line that should not be passed, complaints, amends; what nobody knows is —."""
    rate = found.exit_rate
    over = rate is not None and rate > found.exit_limit
    share = "—" if rate is None else f"{100 * rate:.1f}% ({found.exits}/{found.members_at_t0})"
    left = joined(
        f"{_('left')} ", (gauge(rate, 2 * found.exit_limit, [(found.exit_limit, True)], _METER), ""), " ",
        (share, "bold $text-error" if over else "bold"), f" ≤{100 * found.exit_limit:g}%",
    )  # fmt: skip
    complaints = literal(_("complaints {open} open · {closed} closed", open=found.complaints_open,
                           closed=found.complaints_closed))  # fmt: skip
    return Content("   ").join((left, complaints, literal(amends_said(found))))


def amends_said(found: Gauges) -> str:
    """What was promised and how much of it was handed over."""
    sums = found.compensation
    if not sums.promised:
        return _("amends —")
    parts = [_("amends {done}/{n}", done=sums.delivered, n=sums.promised)]
    if sums.promised_fen:
        parts.append(f"¥{short_yuan(sums.delivered_fen)}/{short_yuan(sums.promised_fen)}")
    if sums.promised_points:
        parts.append(_("points {done}/{n}", done=sums.delivered_points, n=sums.promised_points))
    return " · ".join(parts)


# -- beside the list


def side(line: Line, found: IncidentView, rule: DayRule) -> Content:
    """What the line is about, whole; of a stage that is to come what to do first and what not to say."""
    if line.kind in ("stage", "check", "update"):
        return _stage_side(line, found, rule)
    if line.kind == "entry":
        entry = line.thing
        return Content("\n").join(
            [literal(f"{rule.local(entry.at):%Y-%m-%d %H:%M:%S}", "$text-muted"), lines(entry.text)]
        )
    return _plan(found)


def _stage_side(line: Line, found: IncidentView, rule: DayRule) -> Content:
    stage = next((each for each in found.stages if each.name == line.stage), None)
    if stage is None or stage.done_at is None:
        return _plan(found)
    told = f"{rule.local(stage.done_at):%m-%d %H:%M:%S}"
    parts = [
        joined((f"{_(STAGES[stage.name])} ", "bold"), (" · ".join(filter(None, (told, stage.place))), "$text-muted"))
    ]
    if stage.late_seconds:
        parts.append(literal(_("late by {span}", span=span(stage.late_seconds)), "$text-error"))
    return Content("\n").join([*parts, Content(""), lines(stage.evidence)])


def _plan(found: IncidentView) -> Content:
    plan = playbook(found.incident.playbook)
    parts = [literal(_("First"), "bold"), *(literal(f"· {each}") for each in plan.first), Content("")]
    parts += [literal(_("Not now"), "bold"), *(literal(f"· {each}", "$text-muted") for each in plan.avoid)]
    return Content("\n").join(parts)


# -- who gets what


def amends_columns() -> tuple[Column, ...]:
    """Whether they have it, who, what, when."""
    return (Column("", width=2), Column(_("member"), flex=1, minimum=12), Column(_("amends"), flex=1, minimum=14),
            Column(_("promised"), width=12, drop=1), Column(_("handed over"), width=12))  # fmt: skip


def amends_cells(one: Compensation, rule: DayRule) -> tuple[Cell | str, ...]:
    """A promise."""
    done = one.delivered_at is not None
    style: CellStyle = "done" if done else ""
    handed = f"{rule.local(one.delivered_at):%m-%d %H:%M}" if one.delivered_at else _("not handed over")
    promised = f"{rule.local(one.promised_at):%m-%d %H:%M}"
    return (Cell("✓" if done else "○", style), Cell(one.name, style), Cell(str(one.amends), style),
            Cell(promised, "dim"), Cell(handed, "dim" if done else "warn"))  # fmt: skip


def amends_side(one: Compensation) -> Content:
    """Who gets what, whole, and by which number of the owner's own list."""
    number = [literal(_("voucher {no}", no=one.amends.key), "$text-muted")] if one.amends.key else []
    key = _("Space: it was not handed over after all") if one.delivered_at else _("Space: it is handed over")
    parts = [literal(one.name, "bold"), literal(str(one.amends)), *number, Content(""), literal(key, "$text-muted")]
    return Content("\n").join(parts)


def amends_empty() -> str:
    """What an empty list of promises says."""
    return _("Nothing is promised yet.\n\nc takes in a list: 成员, 类型 (积分, 券, 现金, 实物), 金额. "
             "It is shown before anything is written,\nand the same list twice pays nobody twice. v goes back to the "
             "steps.")  # fmt: skip


def empty_text(times: Limits) -> str:
    """What the room says before there ever was an incident."""
    return _(
        "For the bad day: food that made somebody ill, a wrong price, a lost parcel.\n\n"
        "! starts the clocks from any screen, Enter is enough:\n"
        "say what happened within {tell} minutes, by when it is solved within {time} minutes,\n"
        "and make good within {trust} hours. The texts, checklists and amends are here.\n\n"
        "d starts a drill: it touches no real number.\nHalf an hour on a quiet day is the best insurance.",
        tell=minutes(times.tell), time=minutes(times.time), trust=minutes(times.trust) // 60,
    )  # fmt: skip


def noted(one: Incident) -> str:
    """What is said of an incident in a list of them: its day, whether it is open, whether it was a drill."""
    state = _("open") if one.open else _("closed")
    return " · ".join(filter(None, (one.biz_date.isoformat(), state, _("drill") if one.drill else "")))


def why(found: IncidentView | None, times: Limits) -> list[Content]:
    """The times, the exit rate and the severities, each with where it comes from."""
    told = [
        _("Tell: {n} minutes after T0; Time: {time}; Trust: {trust}.", n=minutes(times.tell), time=minutes(times.time),
          trust=minutes(times.trust)),
        _("Until {until} minutes after T0 a notice every {n} minutes, each saying when the next one comes.",
          until=minutes(times.updates_for), n=minutes(times.update)),
        *cited("S4-18"), *cited("S4-19"), *cited("S4-20"), *cited("semantics 3.17"), "",
    ]  # fmt: skip
    if found is not None:
        g = found.gauges
        told.append(_("Left since T0: {n} of {members} who were there; not more than {limit}%.", n=g.exits,
                      members=g.members_at_t0, limit=f"{100 * g.exit_limit:g}"))  # fmt: skip
        told += [*cited("S4-22"), *cited("C25"), ""]
    parts = [literal(each) for each in told]
    for grade in guide():
        parts.append(literal(_(SEVERITIES[grade.severity]), "bold"))
        parts += [literal(f"· {sign}") for sign in grade.signs]
        parts += [literal(f"→ {grade.means}", "$text-muted"), Content("")]
    return [*parts, literal(_("Who is unsure takes the higher one."), "bold")]


def minutes(span_: timedelta) -> int:
    """A span in whole minutes."""
    return int(span_.total_seconds()) // 60


def waiting(found: Sequence[Compensation]) -> str:
    """How many promises wait."""
    left = sum(one.delivered_at is None for one in found)
    return ngettext("{n} promise waits", "{n} promises wait", left)
