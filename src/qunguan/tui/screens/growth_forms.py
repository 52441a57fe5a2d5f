"""What the growth plan asks the owner: a tick with a word on it, the first day, a case, a file."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from qunguan.domain.growth import BoxState, Case, CaseDraft, Prompt, begun, case_parts, prompt, prompts
from qunguan.domain.sources import Brief
from qunguan.exchange.readers.cells import date_cell
from qunguan.i18n import _
from qunguan.tui.clipboard import FOLDER
from qunguan.tui.screens import growth_lines as drawing
from qunguan.tui.widgets.choose import Choice, Choose
from qunguan.tui.widgets.dialogs import Confirm, Dialog, Field, Form
from qunguan.tui.widgets.text_box import TextBox

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qunguan.domain.documents import Document
    from qunguan.tui.screens.growth import GrowthScreen

_OWN = "own"
_PARTS = ("happened", "learned", "try_next")


class Look(Dialog[bool]):
    """Something to read that Enter goes on from."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "go_on", show=False)]

    def __init__(self, title: str, lines: Sequence[Content], goes: str) -> None:
        """`goes` says what Enter does."""
        super().__init__(title, _("Enter {goes} · ↑ ↓ scroll · Esc stay here", goes=goes))
        self._lines = lines

    def contents(self) -> ComposeResult:
        """The lines, scrolling."""
        with VerticalScroll():
            for line in self._lines:
                yield Static(line)

    def on_mount(self) -> None:
        for box in self.query(VerticalScroll):
            self.set_focus(box)

    def action_go_on(self) -> None:
        """Enter."""
        self.dismiss(True)


async def about(screen: GrowthScreen, each: BoxState) -> None:
    """What a box is about; on to the room where it is done."""
    look = Look(_(each.box.title), drawing.about(each)[1:], _("goes there"))
    if not await screen.app.push_screen_wait(look):
        return
    if each.box.room == screen.noun:
        await screen.turn("cases")
    else:
        screen.room.go(each.box.room)


async def tick(screen: GrowthScreen, each: BoxState) -> None:
    """What was done and when."""
    from qunguan.services import growth

    async def save(values: dict[str, str]) -> None:
        day = date_cell(values["day"], serials=False)
        await screen.desk.write(growth.tick, each.box.code, values["note"], day)
        await screen.room.changed()

    fields = [Field("note", _("what you did"), "", _("who, where, what came of it")),
              Field("day", _("day"), screen.room.today.isoformat(), day="near")]  # fmt: skip
    notes = [_(each.box.note)]
    if each.box.check:
        notes.append(_("It ticks itself once the data shows it; by hand is for what you did elsewhere."))
    await screen.app.push_screen_wait(Form(_(each.box.title), fields, save, notes))


async def start(screen: GrowthScreen) -> None:
    """The first of the ninety days."""
    from qunguan.services import growth

    plan = await screen.desk.read(growth.plan, screen.room.clock)

    async def save(values: dict[str, str]) -> None:
        await screen.desk.write(growth.start, date_cell(values["day"], serials=False))
        await screen.room.changed()

    now = plan.begins_on if plan.chosen else screen.room.today
    notes = [_("What is ticked stays ticked; the days boxes are due move along.")]
    await screen.app.push_screen_wait(
        Form(_("The ninety days begin"), [Field("day", _("day"), str(now), day="near")], save, notes)
    )


async def add(screen: GrowthScreen) -> None:
    """A case of one's own, or one begun with a shipped one."""
    own = Choice(_OWN, _("a case of your own"), _("something you read, heard or saw"))
    choices = [own, *(Choice(each.code, _(each.title), str(Brief(each.source))) for each in prompts())]
    chosen = await screen.app.push_screen_wait(Choose(_("Which case?"), choices))
    if chosen is not None:
        await _write(screen, CaseDraft("") if chosen == _OWN else begun(prompt(chosen)))


async def look_into(screen: GrowthScreen, shipped: Prompt) -> None:
    """A shipped case in full; on to taking it apart."""
    look = Look(_(shipped.title), drawing.prompt_lines(shipped), _("takes it apart"))
    if await screen.app.push_screen_wait(look):
        await _write(screen, begun(shipped))


async def _write(screen: GrowthScreen, draft: CaseDraft) -> None:
    """Title and place, what was learned and what is next in a line each; `e` writes more."""
    from qunguan.services import growth

    async def save(values: dict[str, str]) -> None:
        made = await screen.desk.write(growth.add_case, replace(draft, **values))
        screen.aim(made.id)
        await screen.turn("cases")
        await screen.room.changed()
        screen.say(_("It is in the notebook: e writes more of it"))

    happened = [] if draft.happened else [Field("happened", _("what happened"))]
    fields = [
        Field("title", _("title"), draft.title),
        Field("place", _("where it is from"), draft.place, _("where you read or heard it")), *happened,
        Field("learned", _("what I learned")), Field("try_next", _("what I try next")),
    ]  # fmt: skip
    await screen.app.push_screen_wait(Form(_("A case to take apart"), fields, save))


async def edit(screen: GrowthScreen, case: Case) -> None:
    """Its title and place, or one of its texts."""
    from qunguan.services import growth

    draft = case.draft
    choices = [Choice("title", _("title and place"), draft.title)]
    parts = dict(zip(_PARTS, case_parts(draft), strict=True))
    choices += [Choice(part, label, text.partition("\n")[0]) for part, (label, text) in parts.items()]
    chosen = await screen.app.push_screen_wait(Choose(_("What of it?"), choices))

    async def put(values: dict[str, str]) -> None:
        await screen.desk.write(growth.edit_case, case.id, replace(draft, **values))
        await screen.room.changed()

    async def put_text(text: str) -> None:
        assert chosen is not None
        await put({chosen: text})

    if chosen == "title":
        fields = [Field("title", _("title"), draft.title), Field("place", _("where it is from"), draft.place)]
        await screen.app.push_screen_wait(Form(_("A case to take apart"), fields, put))
    elif chosen in parts:
        label, text = parts[chosen]
        await screen.app.push_screen_wait(TextBox(label, text, put_text))


async def remove(screen: GrowthScreen, case: Case) -> None:
    """Out of the notebook."""
    from qunguan.services import growth

    if await screen.app.push_screen_wait(Confirm(_("Take the case “{title}” out?", title=case.draft.title))):
        await screen.desk.write(growth.remove_case, case.id)
        await screen.room.changed()


async def export(screen: GrowthScreen, view: str) -> None:
    """The plan or the notebook to a file: its end says the format."""
    from qunguan.exchange.writers.documents import SUFFIXES, suffix_of
    from qunguan.services import growth, growth_paper

    room = screen.room
    assert room.desk.path is not None
    folder = room.desk.path.parent / FOLDER

    async def save(values: dict[str, str]) -> None:
        path = Path(values["path"]).expanduser()
        suffix_of(path)
        if view == "plan":
            document = await room.desk.read(growth_paper.plan_document, room.clock)
        else:
            document = await room.desk.read(growth.notebook, screen.search)
        await room.desk.call(_write_document, path, document, folder)
        screen.say(_("It is in {path}", path=path))

    title = _("The plan as a file") if view == "plan" else _("The notebook as a file")
    stem = "growth" if view == "plan" else "cases"
    notes = [_("The end of the name says the format: {suffixes}", suffixes=" ".join(SUFFIXES))]
    fields = [Field("path", _("file"), str(folder / f"{stem}.md"))]
    await screen.app.push_screen_wait(Form(title, fields, save, notes))


def _write_document(path: Path, document: Document, folder: Path) -> None:
    from qunguan.exchange.writers.documents import write_document

    if path.parent == folder:
        folder.mkdir(mode=0o700, exist_ok=True)
    write_document(path, document)
