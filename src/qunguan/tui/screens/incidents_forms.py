"""What the 3T room asks: the title of a new one, what was told and when, corrections, a line, the review, closing."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from qunguan.domain.incident_clock import STAGES, UPDATE
from qunguan.domain.incident_playbooks import playbooks
from qunguan.domain.incidents import SEVERITIES, Incident, IncidentView, ready_title
from qunguan.domain.lint import Facts
from qunguan.domain.scripts import whole
from qunguan.domain.tasks import HATS
from qunguan.exchange.readers.moments import moment_typed
from qunguan.i18n import _, ngettext
from qunguan.tui.gaps import filled_in
from qunguan.tui.outgoing import send_out, summed_up
from qunguan.tui.widgets.dialogs import Confirm, Field, Form
from qunguan.tui.widgets.text_box import TextBox

if TYPE_CHECKING:
    from qunguan.domain.clock import DayRule
    from qunguan.tui.app import QunguanApp
    from qunguan.tui.screens.incidents import IncidentsScreen

_CRISIS = Facts(crisis=True)


async def start(app: QunguanApp, *, drill: bool = False) -> None:
    """Ask for the title, which is there already: Enter is enough. T0 is the moment this was asked for."""
    from qunguan.services import incidents

    group, at = app.group, app.clock.now()
    assert group is not None  # without one the action is blocked

    made: list[Incident] = []

    async def save(values: dict[str, str]) -> None:
        made.append(await app.desk.write(incidents.start, values["title"], group_id=group.id, at=at, drill=drill))

    async def there(values: dict[str, str] | None) -> None:
        if values is not None:
            app.noun_screen("incidents").aim(made[0].id)
            app.go("incidents")
            await app.changed()

    local = app.day_rule.local(at)
    title = ready_title(local, drill=drill)
    notes = [_("T0 is {time}. Title, severity, playbook and T0 can be corrected in the room.", time=f"{local:%H:%M}")]
    if drill:
        notes.append(_("A drill: its clocks run as on the day, and nothing outside it changes."))
    asked_for = _("Start a drill") if drill else _("Something went wrong: start the clocks")
    await app.push_screen(Form(asked_for, [Field("title", _("title"), title)], save, notes), there)


async def tell(screen: IncidentsScreen, found: IncidentView, stage: str) -> None:
    """Write what is told at a stage, or as a further notice; it is copied, then where and when it went is noted. One
    with blanks left is not copied.
    """
    incident = found.incident
    if stage == "trust" and not await _all_given(screen, found):
        return
    draft = screen.drafts.get((incident.id, stage))
    text = draft if draft is not None else await statement(screen, incident, stage)
    if text is None:
        return
    name = _("next notice") if stage == UPDATE else _(dict(STAGES)[stage])  # type: ignore[index]

    async def copied(written: str) -> None:
        screen.drafts[incident.id, stage] = written
        whole(written)
        await send_out(screen.room, written, f"incident-{incident.id}-{stage}", _CRISIS)

    notes = [_("F2 copies it: post it in the group, then say here where and when.")]
    written = await screen.app.push_screen_wait(
        TextBox(_titled(incident, name), text, copied, notes, _("Enter new line · F2 (or Ctrl+S) copy · Esc leave"))
    )
    if written is None:
        return
    await _posted(screen, incident, stage, name, written)


async def _all_given(screen: IncidentsScreen, found: IncidentView) -> bool:
    """Whether the last word may be said: everything promised was handed over, or the owner says it all the same."""
    sums = found.gauges.compensation
    left = sums.promised - sums.delivered
    if not left:
        return True
    details = [
        _("handed over: {done} of {all}", done=sums.delivered, all=sums.promised),
        _("The ready text says that everything was handed over: c notes who got what, or put the text right."),
    ]
    title = ngettext("{n} promise was not handed over. Tell Trust all the same?",
                     "{n} promises were not handed over. Tell Trust all the same?", left)  # fmt: skip
    yes = await screen.app.push_screen_wait(Confirm(title, details))
    return bool(yes)


async def _posted(screen: IncidentsScreen, incident: Incident, stage: str, name: str, written: str) -> None:
    from qunguan.services import incidents

    async def save(values: dict[str, str]) -> None:
        at, where = _moment(screen, values["at"]), values["place"]
        if stage == UPDATE:
            await screen.desk.write(incidents.update, incident.id, written, place=where, at=at)
        else:
            done = await screen.desk.write(incidents.tick, incident.id, stage, written, place=where, at=at)
            if done.findings:
                screen.say(summed_up(done.findings), "warning")
        screen.drafts.pop((incident.id, stage), None)
        await screen.room.changed()

    fields = [Field("place", _("posted where"), _("group announcement")),
              Field("at", _("posted when"), "", _("empty: now; else 14:05"))]  # fmt: skip
    notes = [_("It is on the clipboard. Enter twice when it stands in the group; Esc keeps the draft.")]
    await screen.app.push_screen_wait(Form(_titled(incident, name), fields, save, notes))


async def statement(screen: IncidentsScreen, incident: Incident, stage: str) -> str | None:
    """The statement of a stage with its places filled, those only the owner knows asked for; None where they leave."""
    from qunguan.services import incidents

    told = await screen.desk.read(incidents.statement, screen.room.clock, incident.id, stage)
    ready = await filled_in(screen.room, told.text, told.missing, incident.title)
    if ready is None:
        return None
    return f"{_('【DRILL】')}\n{ready[0]}" if incident.drill else ready[0]


async def copy(screen: IncidentsScreen, found: IncidentView, stage: str) -> None:
    """Copy what was told at a stage, the draft of it, or its statement."""
    told = next((each.evidence for each in found.stages if each.name == stage), "")
    text = told or screen.drafts.get((found.incident.id, stage)) or await statement(screen, found.incident, stage)
    if text is not None:
        await send_out(screen.room, text, f"incident-{found.incident.id}-{stage}", _CRISIS)


async def note(screen: IncidentsScreen, incident: Incident) -> None:
    """A line of the timeline."""
    from qunguan.services import incidents

    async def save(values: dict[str, str]) -> None:
        await screen.desk.write(incidents.log, incident.id, values["text"], _moment(screen, values["at"]))
        await screen.room.changed()

    fields = [Field("text", _("what happened")), Field("at", _("when"), "", _("empty: now; else 14:05"))]
    await screen.app.push_screen_wait(Form(_titled(incident, _("a line of the timeline")), fields, save))


async def edit(screen: IncidentsScreen, found: IncidentView, rule: DayRule) -> None:
    """Title, severity, playbook, T0 and who wears which hat, in one step."""
    from qunguan.services.incident_edit import Changes, change

    incident, worn = found.incident, {role.hat: role.holder for role in found.roles}
    t0 = f"{rule.local(incident.t0):%Y-%m-%d %H:%M}"

    async def save(values: dict[str, str]) -> None:
        at = None if values["t0"] == t0 else _moment(screen, values["t0"])
        hats: dict[str, str] = {hat: values[hat] for hat in HATS if values[hat] != worn.get(hat, "")}
        changes = Changes(values["title"], values["severity"], values["playbook"], at, hats)
        await screen.desk.write(change, incident.id, changes)
        await screen.room.changed()

    severities = tuple((each, _(words)) for each, words in SEVERITIES.items())
    plans = (("", _("none of them")), *((each.id, each.name) for each in playbooks().values()))
    fields = [
        Field("title", _("title"), incident.title),
        Field("severity", _("how bad"), incident.severity, choices=severities),
        Field("playbook", _("playbook"), incident.playbook, choices=plans),
        Field("t0", "T0", t0),
        *(Field(hat, _(name), worn.get(hat, ""), _("who wears this hat")) for hat, name in HATS.items()),
    ]
    notes = [_("T0 can be corrected once; who is unsure how bad it is takes the higher one.")]
    await screen.app.push_screen_wait(Form(_titled(incident, _("correct")), fields, save, notes))


async def close(screen: IncidentsScreen, found: IncidentView) -> None:
    """Ask, naming what is still open, and close."""
    from qunguan.services import incidents

    incident = found.incident
    silent = [_(STAGES[each.name]) for each in found.stages if each.done_at is None]
    sums = found.gauges.compensation
    left = sums.promised - sums.delivered
    details = [_("Never told: {stages}", stages=_(", ").join(silent))] if silent else []
    if left:
        details.append(ngettext("{n} promise was not handed over", "{n} promises were not handed over", left))
    if found.gauges.complaints_open:
        details.append(_("complaints still open: {n}", n=found.gauges.complaints_open))
    details.append(_("Its clocks stop; u opens it again."))
    if await screen.app.push_screen_wait(Confirm(_("Close {title}?", title=incident.title), details)):
        await screen.desk.write(incidents.close, incident.id)
        await screen.room.changed()
        screen.say(_("Closed: x writes the report"))


def _titled(incident: Incident, what: str) -> str:
    return f"{_('【DRILL】') if incident.drill else ''}{incident.title} · {what}"


def _moment(screen: IncidentsScreen, typed: str) -> datetime | None:
    return moment_typed(typed, screen.rule, screen.room.clock.now())
