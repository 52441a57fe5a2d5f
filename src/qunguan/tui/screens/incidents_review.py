"""What the 3T room asks at the end: the review, and the file the report goes to."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from textual.widgets import Input

from qunguan.domain.incidents import ActionDraft, Incident, IncidentView, Review
from qunguan.domain.lint import Facts, findings
from qunguan.exchange.readers.cells import day_to_come
from qunguan.exchange.writers.documents import SUFFIXES, suffix_of, write_document
from qunguan.i18n import _
from qunguan.tui.clipboard import FOLDER
from qunguan.tui.outgoing import summed_up
from qunguan.tui.widgets.dialogs import Field, Form

if TYPE_CHECKING:
    from qunguan.domain.documents import Document
    from qunguan.tui.screens.incidents import IncidentsScreen

_ACTIONS = 3  # lines for what is to be done; more become tasks by hand
_WEEK = 7


class ReviewForm(Form):
    """What was typed is given to `keep` where the form is left."""

    def __init__(
        self,
        title: str,
        fields: Sequence[Field],
        save: Callable[[dict[str, str]], Awaitable[None]],
        keep: Callable[[dict[str, str]], None],
    ) -> None:
        super().__init__(title, fields, save, [_("Esc keeps what you typed; r goes on with it.")])
        self._keep = keep

    def action_leave(self) -> None:
        """Esc: not saved, and not lost."""
        self._keep({field.id: self.query_one(f"#field-{field.id}", Input).value for field in self._fields})
        self.dismiss(None)


async def write(screen: IncidentsScreen, found: IncidentView) -> None:
    """Cause, impact, what went well and badly, what is to be done by when, and what the group is told."""
    from qunguan.services import incidents

    incident, before = found.incident, found.review
    done = before.actions if before else ()

    async def save(values: dict[str, str]) -> None:
        review = Review(
            values["cause"], values["impact"], values["well"], values["badly"],
            tuple(_actions(values, done, screen.room.today)), values["message"],
        )  # fmt: skip
        await screen.desk.write(incidents.review, incident.id, review)
        for field in fields:
            screen.drafts.pop((incident.id, f"review {field.id}"), None)
        if told := findings(review.message, Facts(crisis=True)):
            screen.say(summed_up(told), "warning")
        await screen.room.changed()
        screen.say(_("The review is written: Del closes, x writes the report"))

    def keep(typed: dict[str, str]) -> None:
        screen.drafts.update({(incident.id, f"review {name}"): text for name, text in typed.items()})

    first = before or Review("", "", "", "")
    fields = [
        Field("cause", _("cause"), first.cause, _("what led to it, without names to blame")),
        Field("impact", _("impact"), first.impact if before else _impact(found)),
        Field("well", _("went well"), first.went_well),
        Field("badly", _("went badly"), first.went_badly),
        Field("message", _("told the group"), first.message, _("the last word to the group; may stay empty")),
    ]
    by = date.fromordinal(screen.room.today.toordinal() + _WEEK).isoformat()
    for place in range(_ACTIONS):
        known = done[place] if place < len(done) else None
        label = _("to do {n}", n=place + 1)
        fields.append(Field(f"do{place}", label, known.title if known else "", _("becomes a task; may stay empty")))
        fields.append(Field(f"by{place}", _("by which day"), known.due_on.isoformat() if known else by))
    title = f"{_('【DRILL】') if incident.drill else ''}{_('Review of {title}', title=incident.title)}"
    fields = [
        replace(field, value=screen.drafts.get((incident.id, f"review {field.id}"), field.value)) for field in fields
    ]
    await screen.app.push_screen_wait(ReviewForm(title, fields, save, keep))


def _actions(values: dict[str, str], known: tuple[ActionDraft, ...], today: date) -> list[ActionDraft]:
    """What was typed, with the hats there were; those beyond the lines of the form stay."""
    told = []
    for place in range(_ACTIONS):
        if values[f"do{place}"]:
            hat = known[place].hat if place < len(known) else "owner"
            told.append(ActionDraft(values[f"do{place}"], day_to_come(values[f"by{place}"], today), hat))
    return [*told, *known[_ACTIONS:]]


def _impact(found: IncidentView) -> str:
    gauges = found.gauges
    return _("{exits} left, {complaints} complaints, {n} promises", exits=gauges.exits,
             complaints=gauges.complaints_open + gauges.complaints_closed, n=gauges.compensation.promised)  # fmt: skip


async def report(screen: IncidentsScreen, incident: Incident) -> None:
    """Ask for a file and write the report there: its end says the format."""
    from qunguan.services import incident_report

    room = screen.room
    assert room.desk.path is not None
    folder = room.desk.path.parent / FOLDER

    async def save(values: dict[str, str]) -> None:
        path = Path(values["path"]).expanduser()
        document = await room.desk.read(incident_report.document, room.clock, incident.id, suffix_of(path))
        await room.desk.call(_write, path, document, folder)
        screen.say(_("The report is in {path}", path=path))

    notes = [_("The end of the name says the format: {suffixes}", suffixes=" ".join(SUFFIXES)),
             _(".txt is for the group: it fits one message and names nobody.")]  # fmt: skip
    fields = [Field("path", _("file"), str(folder / f"incident-{incident.id}.html"))]
    await screen.app.push_screen_wait(Form(_("Report of {title}", title=incident.title), fields, save, notes))


def _write(path: Path, document: Document, folder: Path) -> None:
    if path.parent == folder:
        folder.mkdir(mode=0o700, exist_ok=True)
    write_document(path, document)
