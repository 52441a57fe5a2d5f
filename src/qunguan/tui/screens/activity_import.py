"""The import of chats: an export or a paste, what it would do, Enter; then what it did, and the 接龙 found in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, cast

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Static

from qunguan.domain.activity_outcomes import ActivityImported
from qunguan.i18n import N_, _
from qunguan.tui.screens import activity_import_lines as drawing
from qunguan.tui.screens.activity_reading import (
    Look,
    Terms,
    Watch,
    choose_chat,
    choose_group,
    look,
    take_in,
    usual_terms,
)
from qunguan.tui.text import literal
from qunguan.tui.widgets.dialogs import TextView
from qunguan.tui.widgets.import_preview import RowsAndReason
from qunguan.tui.widgets.source_box import SourceBox, WorkDialog

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from qunguan.tui.app import QunguanApp
    from qunguan.tui.screens.base import NounScreen

SUFFIXES = (".csv", ".txt", ".json", ".jsonl", ".xlsx", ".tsv", ".gz")
_LOOKS = 0.2  # seconds from one look at the progress to the next


async def import_chat(screen: NounScreen) -> None:
    """Ask for an export, show what it would do, do it, say what it did, offer its 接龙. Must run in a worker."""
    room = screen.room
    terms = await usual_terms(room)
    found: Look | None = await room.push_screen_wait(ChatBox(room, terms))
    if found is None:
        return
    done = await room.push_screen_wait(ChatPreview(found))
    if done is None:
        return
    await room.changed()
    await room.push_screen_wait(TextView(_("Imported"), [*drawing.told(done), *await _next(room, done)]))
    if done.chains:
        from qunguan.tui.screens.activity_chains import offer_chains

        await offer_chains(room, done.chains)


async def _next(room: QunguanApp, done: ActivityImported) -> Iterator[Content]:
    """What is left to do."""
    from qunguan.services import activity_queue

    waiting = len(await room.desk.read(activity_queue.waiting, suggest=False))
    return drawing.next_steps(done, waiting)


class ChatBox(SourceBox[Look]):
    """Where an export is named or pasted; reading it says how far it is, Esc stops it."""

    TICK = _LOOKS

    def __init__(self, room: QunguanApp, terms: Terms) -> None:
        async def read(source: Path | str) -> Look:
            self._watch = Watch()
            return await look(room, source, terms, self._watch)

        notes = [
            _("Any export of a WeChat or QQ chat, or a table of who and when; or paste what WeChat shares as mail."),
            _("Only who and when is kept, never the words. The same messages again count once."),
        ]
        super().__init__(_("Import a chat"), read, notes, SUFFIXES)
        self._watch = Watch()

    def progress(self, what: str, seconds: float) -> str:
        """How much of the file is read."""
        return self._watch.told(what, seconds)

    def action_leave(self) -> None:
        """Esc: stop the reading, which then says so; else nothing was read."""
        if self.busy:
            self._watch.stopped = True
        else:
            super().action_leave()

    def on_unmount(self) -> None:
        """Nobody waits for it any more."""
        self._watch.stopped = True


class ChatPreview(WorkDialog[ActivityImported]):
    """What an import would do: Enter does it, the other keys say on which terms."""

    WIDE = True
    TICK = _LOOKS
    DEFAULT_CSS = """
    ChatPreview {
        & .counts { text-style: bold; }
        & .decided, & .keys { height: auto; }
        & PagedTable { margin: 1 0 0 0; }
    }
    """
    AUTO_FOCUS = "PagedTable"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,f2,ctrl+s", "apply", show=False, priority=True),
        Binding("n,ｎ,N,f4", "terms('new_members')", show=False),
        Binding("k,ｋ,K,f5", "terms('keep_questions')", show=False),
        Binding("g,ｇ,G,f6", "group", show=False),
    ]
    SHEET = (
        ("Enter · F2", N_("Make a backup, then import the chat")),
        ("n · F4", N_("Make members of people nobody is like, or let them wait")),
        ("k · F5", N_("Keep the words of questions, or of nothing")),
        ("g · F6", N_("Say which group's chat it is")),
        ("↑ ↓ PgUp PgDn", N_("Look through the rows")),
        ("Esc", N_("Stop what is being read; leave, and nothing is changed")),
    )

    def __init__(self, found: Look) -> None:
        keys = _("Enter import · n newcomers · k questions · g group · Esc leave")
        super().__init__(_("Import a chat: what it would do"), keys)
        self._found, self._watch = found, Watch()

    def contents(self) -> ComposeResult:
        """What the file is, what is new in it, what was decided, and what needs a look."""
        yield Static(classes="counts", markup=False)
        yield Static(classes="sums", markup=False)
        yield Static(classes="people", markup=False)
        yield Static(classes="decided muted", markup=False)
        yield RowsAndReason(drawing.columns(), empty=_("Everybody is known and every line is understood."))

    async def on_mount(self) -> None:
        await self._draw()

    def on_unmount(self) -> None:
        """Nobody waits for it any more."""
        self._watch.stopped = True

    async def _draw(self) -> None:
        outlook, terms = self._found.outlook, self._found.terms
        texts = (
            ("counts", drawing.counts(outlook.done)),
            ("sums", drawing.sums(outlook.done)),
            ("people", drawing.people(outlook.done)),
            ("decided", drawing.decided(outlook.done, terms)),
        )
        for name, text in texts:
            self.query_one(f".{name}", Static).update(literal(text))
        await self.query_one(RowsAndReason).show(drawing.Rows(outlook))

    def progress(self, what: str, seconds: float) -> str:
        """How much of the file is read."""
        return self._watch.told(what, seconds)

    def _begin(self, what: str, job: Callable[[], Awaitable[None]]) -> None:
        if not self.busy:
            self.wrong("")
            self._watch = Watch()
            self.start(what, job)

    async def _look(self, terms: Terms) -> None:
        """Read again on other terms; while they cannot be had, all stays as it was."""
        self._found = await look(self._room, self._found.source, terms, self._watch)
        await self._draw()

    @property
    def _room(self) -> QunguanApp:
        return cast("QunguanApp", self.app)

    def action_terms(self, which: str) -> None:
        """Decide otherwise, and look again."""
        terms = self._found.terms
        other = replace(terms, new_members=not terms.new_members)
        if which == "keep_questions":
            other = replace(terms, keep_questions=not terms.keep_questions)
        self._begin(_("reading…"), lambda: self._look(other))

    def action_group(self) -> None:
        """Say which group's chat it is, and which of several chats is meant."""
        self._begin(_("reading…"), self._another_group)

    async def _another_group(self) -> None:
        chats = self._found.outlook.chats
        chat = await choose_chat(self._room, chats) if len(chats) > 1 else next(iter(chats), "")
        group_id = await choose_group(self._room, chat) if chat is not None else None
        if chat is not None and group_id is not None:
            await self._look(replace(self._found.terms, chat=chat, group_id=group_id, whose=chat))

    def action_apply(self) -> None:
        """Back up and import, once."""

        async def imported() -> None:
            found = self._found
            if found.outlook.done.changed:
                await self._room.desk.backup("import")
            self.dismiss(await take_in(self._room, found.source, found.terms, self._watch))

        self._begin(_("importing…"), imported)

    def action_leave(self) -> None:
        """Esc: stop what is being read, with nothing written of it; else nothing is changed."""
        if self.busy:
            self._watch.stopped = True
        else:
            self.dismiss(None)
