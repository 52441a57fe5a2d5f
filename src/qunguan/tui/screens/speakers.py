"""Who is who: the people of the chats, whom they may be, and the owner's word on it."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from datetime import date
from typing import cast

from textual.content import Content

from qunguan.domain.activity_people import SpeakerRow, Waiting, WhySpeaker
from qunguan.i18n import N_, _
from qunguan.tui.bindings import bindings
from qunguan.tui.flow import begin
from qunguan.tui.screens import speakers_lines as drawing
from qunguan.tui.screens.listing import IdPages, Lines, Listing, ListScreen
from qunguan.tui.widgets.dialogs import TextView

_OF_SPEAKER = {"open", "add", "remove", "why"}


class SpeakersScreen(ListScreen):
    """The speakers of the group in hand: who waits, most messages first; `f` shows who is known, then who is nobody."""

    noun = "speakers"
    KEEPS = ("_view",)
    BINDINGS = bindings("speakers")
    SEARCH_HINT = N_("name or account · ↑ ↓ choose · Enter says who it is · Esc done")

    def __init__(self) -> None:
        super().__init__()
        self._view: drawing.View = "waiting"
        self._listed: Sequence[Waiting | SpeakerRow] = ()

    # -- what is shown

    def aim(self, subject: int | None = None, day: date | None = None) -> None:
        """Come to who waits."""
        super().aim(subject, day)
        self._view = "waiting"

    async def listing(self) -> Listing:
        """The speakers, as far as the search finds them. Whom they may be is looked for where it is seen."""
        from qunguan.services import activity_queue

        view, search = self._view, self.search
        group = self.room.group.id if self.room.group else 0
        waiting = await self.desk.read(activity_queue.waiting, suggest=False)
        here = [one for one in waiting if one.group_id == group]
        everybody: Sequence[Waiting | SpeakerRow] = here
        if view != "waiting":
            everybody = await self.desk.read(activity_queue.settled, group, view)
        self._listed = listed = [one for one in everybody if drawing.finds(search, one)]
        headline = drawing.headline(view, listed, len(here), len(waiting) - len(here), search)
        source: IdPages[Waiting] | Lines[SpeakerRow]
        if view == "waiting":
            source = IdPages(array("q", [one.speaker_id for one in listed]), self._waiting, drawing.waiting_row)
        else:
            rows = cast("Sequence[SpeakerRow]", listed)
            source = Lines(rows, lambda one: one.speaker_id, lambda one: drawing.settled_row(one).cells)
        return Listing(drawing.columns(view), source, headline, drawing.empty_text(view))

    async def _waiting(self, ids: Sequence[int]) -> Sequence[Waiting]:
        from qunguan.services import activity_queue

        return await self.desk.read(activity_queue.waiting, only=set(ids))

    async def beside(self, key: int) -> Content:
        """What says who it is, or whom it may be."""
        return drawing.side(await self._why(key), self._view)

    async def _why(self, speaker_id: int) -> WhySpeaker:
        from qunguan.services import activity_queue

        return await self.desk.read(activity_queue.why_speaker, speaker_id)

    @property
    def speaker(self) -> Waiting | SpeakerRow | None:
        """Who is under the cursor."""
        return next((one for one in self._listed if one.speaker_id == self.key), None)

    # -- actions

    def blocked(self, verb: str) -> str:
        """All but importing need a speaker; who is somebody already is no new member."""
        if verb in _OF_SPEAKER and self.speaker is None:
            return _("the list is empty: i imports a chat, f shows the others")
        if verb == "add" and self._view == "matched":
            return _("the speaker is known: Enter says that it is somebody else")
        if verb == "remove" and self._view == "aside":
            return _("the speaker is set aside already: Enter says who it is after all")
        return ""

    async def do_filter(self) -> None:
        """Who waits, who is known, who was set aside."""
        self._view = drawing.next_view(self._view)
        await self.show(keep=False)

    async def do_open(self) -> None:
        """Say who it is."""
        from qunguan.tui.screens.speakers_settle import say_who

        begin(self, say_who(self, cast("Waiting | SpeakerRow", self.speaker)))

    async def do_add(self) -> None:
        """The speaker is somebody new."""
        from qunguan.tui.screens.speakers_settle import add_new

        begin(self, add_new(self, cast("Waiting | SpeakerRow", self.speaker)))

    async def do_remove(self) -> None:
        """The speaker is nobody's member."""
        from qunguan.tui.screens.speakers_settle import set_aside

        begin(self, set_aside(self, cast("Waiting | SpeakerRow", self.speaker)))

    async def do_import(self) -> None:
        """Take over an export of a chat."""
        from qunguan.tui.screens.activity_import import import_chat

        begin(self, import_chat(self))

    async def do_why(self) -> None:
        """What says who it is, whole."""
        found = await self._why(cast("Waiting | SpeakerRow", self.speaker).speaker_id)
        title = _("{speaker} → {member}", speaker=found.name or "—", member=found.member or _("not known yet"))
        self.app.push_screen(TextView(title, drawing.why(found)))


SCREEN = SpeakersScreen
