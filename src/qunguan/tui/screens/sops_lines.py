"""How SOPs are drawn: a line each, and beside it the steps with their hours and texts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from textual.content import Content

from qunguan.domain.content import clock_said
from qunguan.domain.sops import TRIGGERS, Sop, Step, day_said, next_due, running, when_said
from qunguan.domain.sources import Brief, cited
from qunguan.domain.tasks import HATS
from qunguan.domain.today import near
from qunguan.i18n import _, ngettext
from qunguan.tui.text import joined, literal
from qunguan.tui.widgets.paged_table import Cell, Column

_AHEAD = 60  # days in which the next step is looked for


def columns() -> tuple[Column, ...]:
    """On or off, what it is, what sets it off, how many steps, what comes next and when."""
    return (
        Column("", width=1), Column(_("SOP"), flex=1, minimum=12), Column(_("set off by"), width=10, drop=2),
        Column(_("steps"), width=4, right=True, drop=3), Column(_("comes next"), width=14),
        Column(_("thing to do"), flex=1, minimum=12, drop=1),
    )  # fmt: skip


def cells(one: Sop, today: date, group: str) -> tuple[Cell | str, ...]:
    """The line of an SOP; `group` is told where it is not the one in hand."""
    name = f"{one.name} · {group}" if group else one.name
    coming = next_due(one, today, _AHEAD)
    when = f"{near(coming.day, today)} {clock_said(coming.step.at_minute)}".strip() if coming else "—"
    style = "strong" if one.on else "dim"
    return (
        Cell("●" if one.on else "○", "done" if one.on else "dim"), Cell(name, "strong" if style == "strong" else "dim"),
        Cell(_(TRIGGERS[one.trigger]), "dim"), str(len(one.steps_now)), when,
        Cell(coming.step.title if coming else _waits(one, today), "dim"),
    )  # fmt: skip


def _waits(one: Sop, today: date) -> str:
    """Why nobody can say what comes next."""
    if not one.on:
        return _("off: Space switches it on")
    if not one.steps_now:
        return _("no steps yet")
    if one.trigger == "join":
        return _("waits for the next newcomer")
    if one.trigger == "birthday":
        return _("waits for the next birthday")
    return _("waits to be started: s") if not running(one, today) else ""


def headline(found: Sequence[Sop], today: date) -> Content:
    """How many SOPs are on, how many off, and how many runs are under way."""
    on = sum(one.on for one in found)
    parts = [literal(ngettext("{n} SOP", "{n} SOPs", len(found)), "bold")]
    if found:
        parts.append(literal(f"● {_('on')} {on}", "$text-success"))
    if len(found) > on:
        parts.append(literal(f"○ {_('off')} {len(found) - on}", "$text-muted"))
    if runs := sum(len(running(one, today)) for one in found if one.on):
        parts.append(literal(ngettext("{n} run under way", "{n} runs under way", runs), "$text-muted"))
    return Content("   ").join(parts)


def side(one: Sop, today: date) -> Content:
    """What it is, its runs, and its steps by day and hour."""
    lines = [literal(one.name, "bold"), literal(_(TRIGGERS[one.trigger]), "$text-muted")]
    for run in running(one, today):
        whom = f" · {run.name}" if run.name else ""
        lines.append(literal(_("runs for {day}{whom}", day=near(run.anchor_on, today), whom=whom)))
    day: int | None = None
    for step in one.steps_now:
        if step.day != day and one.trigger != "daily":
            lines += [Content(""), literal(day_said(one.trigger, step.day), "$text-muted")]
            day = step.day
        lines.append(_step(step))
    if not one.steps_now:
        lines += [Content(""), literal(_("No steps yet: Enter adds the first."))]
    return Content("\n").join(lines)


def _step(step: Step) -> Content:
    hour = clock_said(step.at_minute) or "  ·  "
    return joined((f"{hour}  ", "$text-muted"), step.title, (f"  {_(HATS[step.hat])}", "$text-muted"))


def step_choice(one: Sop, step: Step) -> str:
    """A step where one is chosen."""
    return f"{when_said(one.trigger, step)}  {step.title}"


def why(one: Sop) -> Iterator[str]:
    """Where each step comes from."""
    yield from cited(one.source)
    yield ""
    for step in one.steps_now:
        source = f" — {Brief(step.source)}" if step.source else ""
        yield f"· {step_choice(one, step)} ({_(HATS[step.hat])}){source}"
        yield from (f"    {line}" for line in cited(step.source))


def as_text(one: Sop) -> str:
    """The SOP as text: its steps with what is sent at each."""
    parts = [f"【{one.name}】{_(TRIGGERS[one.trigger])}"]
    for step in one.steps_now:
        parts += ["", f"▍{when_said(one.trigger, step)} {step.title} · {_(HATS[step.hat])}", *step.text.splitlines()]
    return "\n".join(parts)


def empty_text() -> str:
    """What an empty list says."""
    return _("What is done every day, every week, for every newcomer?\n\na takes up a shipped SOP, such as the daily "
             "timetable or the newcomers' ladder, or begins one of your own.\nFrom then on each step stands on Today "
             "at its hour, its text ready to be copied.")  # fmt: skip
