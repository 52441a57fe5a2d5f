"""The fission book: the drives, and in one of them who brought whom, who counts, and what is owed."""

from __future__ import annotations

from datetime import date
from typing import Literal

from textual.content import Content

from qunguan.domain.campaigns import Campaign
from qunguan.domain.referrals import Book, dues
from qunguan.domain.text import match_key
from qunguan.exchange.writers.referrals import book_table, standing_text
from qunguan.exchange.writers.tables import Table
from qunguan.i18n import N_, _, ngettext
from qunguan.tui.bindings import bindings
from qunguan.tui.clipboard import copy_out
from qunguan.tui.export import export
from qunguan.tui.flow import begin
from qunguan.tui.screens import referrals_lines as drawing
from qunguan.tui.screens.listing import Lines, Listing, ListScreen
from qunguan.tui.widgets.dialogs import Confirm, TextView

_OPEN = {"import", "add", "gather", "give"}
View = Literal["drives", "book"]


class ReferralsScreen(ListScreen):
    """The campaigns of invitations; Enter opens the book of one, Esc goes back."""

    noun = "referrals"
    KEEPS = ("_view", "_of")
    BINDINGS = bindings("referrals")
    SEARCH_HINT = N_("campaign or person · ↑ ↓ choose · Enter opens · Esc done")

    def __init__(self) -> None:
        super().__init__()
        self._view: View = "drives"
        self._of: int | None = None  # the campaign whose book is open
        self._drives: tuple[tuple[Campaign, Book], ...] = ()
        self._rows: tuple[drawing.Row, ...] = ()

    @property
    def group_id(self) -> int | None:
        """The group in hand."""
        return self.room.group.id if self.room.group else None

    def aim(self, subject: int | None = None, day: date | None = None) -> None:
        """Another screen leads to the book of a campaign."""
        super().aim(None, day)
        if subject is not None:
            self._view, self._of = "book", subject

    async def listing(self) -> Listing:
        """The drives, or everybody in the book of one, each below who brought them."""
        from qunguan.services import referrals

        found = await self.desk.read(referrals.books, self.room.clock, self.group_id)
        self._drives = tuple(found)
        known = {campaign.id: book for campaign, book in self._drives}
        if self._view == "book" and self._of in known:
            book = known[self._of]
            self._rows = drawing.rows(book)
            wanted = match_key(self.search)
            seen = [row for row in self._rows if wanted in match_key(row.node.name)]
            people = Lines(seen, lambda row: row.key, drawing.person_cells)
            return Listing(drawing.person_columns(), people, drawing.book_headline(book), drawing.empty_book())
        self._view, self._of = "drives", None
        wanted = match_key(self.search)
        shown = [each for each in self._drives if wanted in match_key(each[0].name)]
        source = Lines(shown, lambda each: each[0].id, lambda each: drawing.drive_cells(*each))
        headline = drawing.headline(len(self._drives))
        return Listing(drawing.drive_columns(), source, headline, drawing.empty_drives())

    async def beside(self, key: int) -> Content:
        """The figures of the drive, or what became of a person's invitations."""
        if self._view == "book":
            return drawing.person_side(next(row for row in self._rows if row.key == key), self.book)
        return drawing.drive_side(next(book for campaign, book in self._drives if campaign.id == key))

    @property
    def _current(self) -> tuple[Campaign, Book] | None:
        """The campaign that is open, or under the cursor, with its book; None before it is read."""
        wanted = self._of if self._view == "book" else self.key
        return next((each for each in self._drives if each[0].id == wanted), None)

    @property
    def drive(self) -> Campaign:
        """The campaign that is open, or under the cursor."""
        assert self._current is not None
        return self._current[0]

    @property
    def book(self) -> Book:
        """Its book."""
        assert self._current is not None
        return self._current[1]

    def blocked(self, verb: str) -> str:
        """Everything is about a drive, and one put away takes nothing more."""
        if verb == "search":
            return ""
        if self._current is None:
            return _("there is no drive yet: plan one of the form 裂变 in Campaigns")
        if verb in _OPEN and (self.drive.closed_on is not None or self.drive.cancelled_on is not None):
            return _("the campaign was put away")
        if verb == "open" and self._view == "book" and self.key is None:
            return _("nobody is in the book yet: i imports, a notes one")
        if verb == "give" and not dues(self.book):
            given = _("nothing is due: all that was earned has been handed out")
            return given if self.book.handed else _("nothing is due: nobody has brought enough yet")
        return ""

    async def do_open(self) -> None:
        """Open the book; in it, what became of a person's invitations."""
        if self._view == "book":
            row = next(row for row in self._rows if row.key == self.key)
            await self.app.push_screen(TextView(row.node.name, [drawing.person_side(row, self.book)]))
            return
        self._view, self._of = "book", self.key
        await self.show(keep=False)

    async def leave(self) -> None:
        """Esc: clear the search, then back to the drives."""
        if not self.search and self._view == "book":
            campaign = self._of
            self._view, self._of = "drives", None
            self._aimed = campaign
            await self.show(keep=False)
        await super().leave()

    async def do_why(self) -> None:
        """What counts and what does not."""
        await self.app.push_screen(TextView(_("What counts"), drawing.why(self.book)))

    async def do_add(self) -> None:
        """Note one invitation, or who took the task."""
        from qunguan.tui.screens import referrals_forms as forms

        self.app.push_screen(forms.one(self, self.drive))

    async def do_import(self) -> None:
        """A table or lines."""
        from qunguan.tui.screens import referrals_forms as forms

        begin(self, forms.import_invites(self, self.drive))

    async def do_gather(self) -> None:
        """The joinings the chats told."""
        from qunguan.services import referrals

        done = await self.desk.write(referrals.gather, self.drive.id)
        self.say(_("{n} joinings taken in, {already} were in the book", n=done.added, already=done.already))
        await self.room.changed()

    async def do_give(self) -> None:
        """Hand out what is due, after asking."""
        begin(self, self._give())

    async def _give(self) -> None:
        from qunguan.services import referrals

        owed = dues(self.book)
        points = sum(each.tier.points for each in owed)
        details = [
            f"{each.name} · {ngettext('{n} counts', '{n} count', each.tier.invites)} · {each.tier.what or '—'}"
            for each in owed[:12]
        ]
        if len(owed) > len(details):
            details.append(_("… and {n} more", n=len(owed) - len(details)))
        details.append(_("{n} points go into the ledger", n=points))
        asked = ngettext("Hand out {n} reward?", "Hand out {n} rewards?", len(owed))
        if await self.app.push_screen_wait(Confirm(asked, details)):
            done = await self.desk.write(referrals.hand_out, self.drive.id)
            self.say(_("Handed out {n}; points are in the ledger", n=len(done)))
            await self.room.changed()

    async def do_copy(self) -> None:
        """The standing for the group."""
        await copy_out(self.room, standing_text(self.book), f"referrals-{self.book.campaign_id}")

    async def do_export(self) -> None:
        """The book as a file."""
        book = self.book

        async def made() -> Table:
            return book_table(book)

        export(self.room, _("Export the book"), f"referrals-{book.campaign_id}", made)


SCREEN = ReferralsScreen
