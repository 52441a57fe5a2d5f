"""Trade: who buys how (RFM), what it adds up to, how far people get, and what a channel's members cost."""

from __future__ import annotations

from textual.content import Content

from qunguan.domain.rfm import Method, Segment, segments
from qunguan.exchange.writers.tables import Table
from qunguan.i18n import N_, _
from qunguan.tui.bindings import bindings
from qunguan.tui.clipboard import copy_out
from qunguan.tui.export import export
from qunguan.tui.flow import begin
from qunguan.tui.screens import trade_lines as drawing
from qunguan.tui.screens.listing import Listing
from qunguan.tui.screens.past_day import PastDayScreen
from qunguan.tui.screens.people import open_card
from qunguan.tui.screens.trade_lists import ChannelList, FigureList, StepList, TradeList
from qunguan.tui.screens.trade_rfm import BuyerList, Scores, SegmentList
from qunguan.tui.widgets.dialogs import TextView

_OF_A_LINE = {"open", "why", "copy", "export"}


class TradeScreen(PastDayScreen):
    """Five lists of one day, `f` goes through them; what takes long to read comes beside the keys."""

    DEFAULT_CSS = """
    TradeScreen .headline { text-wrap: nowrap; text-overflow: ellipsis; }
    """
    noun = "trade"
    KEEPS = ("past_day", "looked_at")
    BINDINGS = bindings("trade")
    SEARCH_HINT = N_("name · ↑ ↓ choose · Enter opens · Esc done")

    def __init__(self) -> None:
        super().__init__()
        self._view: drawing.View = "buyers"
        self._ready = False
        self._scores = Scores(self)
        self._buyers = BuyerList(self, self._scores)
        self._steps, self._channels = StepList(self), ChannelList(self)
        self._lists: dict[drawing.View, TradeList] = {
            "buyers": self._buyers, "segments": SegmentList(self, self._scores), "figures": FigureList(self),
            "funnel": self._steps, "channels": self._channels,
        }  # fmt: skip

    # -- what is shown

    @property
    def group_id(self) -> int | None:
        """The group in hand; None is everybody."""
        return self.room.group.id if self.room.group else None

    def headline(self, *parts: Content | str) -> Content:
        """Which list it is, as of when, and what it adds up to."""
        return drawing.headline(self._view, self.whose, parts, self.day, today=self.past_day is None)

    @property
    def looked_at(self) -> tuple[drawing.View, Method | None, Segment | None, int]:
        """The list, how RFM is scored, whose buyers alone, which funnel."""
        return self._view, self._scores.method, self._buyers.segment, self._steps.place

    @looked_at.setter
    def looked_at(self, looked_at: tuple[drawing.View, Method | None, Segment | None, int]) -> None:
        self._view, self._scores.method, self._buyers.segment, self._steps.place = looked_at

    @property
    def _list(self) -> TradeList:
        return self._lists[self._view]

    def turn_to(self, view: drawing.View) -> None:
        """Show this list the next time something is read."""
        self._view, self._buyers.segment, self._ready = view, None, False

    async def load(self) -> None:
        """Read beside the keys, so that a large book does not hold them."""
        self.show_soon()

    async def show(self, *, keep: bool = True) -> None:
        """Read and show; until then nothing can be done with the lines that are there."""
        self._ready = False
        await super().show(keep=keep)

    def show_soon(self, *, keep: bool = True) -> None:
        """Read and show beside the keys; from this moment on the lines that are there are old."""
        self._ready = False
        super().show_soon(keep=keep)

    def stands(self) -> None:
        """The lines can be used as soon as they are seen, not only when what is beside them was read."""
        self._ready = True
        self.offer()

    async def listing(self) -> Listing:
        """The list of the view; nothing else is read."""
        return await self._list.listing()

    async def beside(self, key: int) -> Content:
        """What the line is made of, and how it is counted."""
        return await self._list.side(key) if self._list.has(key) else Content("")

    # -- actions

    def blocked(self, verb: str) -> str:
        """Each list has its own actions; nothing is done with what is still on its way."""
        if told := super().blocked(verb):
            return told
        if verb == "sort" and self._view in ("figures", "channels"):
            return _("this is for RFM and funnels: f shows another list")
        if verb == "search" and self._view != "buyers":
            return _("this is for the buyers: f shows them")
        if verb == "remove" and self._view != "channels":
            return _("put the cursor on a channel with a cost: f shows them")
        if verb in _OF_A_LINE | {"remove", "sort"} and not self._ready:
            return _("the figures are still being read")
        if verb in _OF_A_LINE | {"remove"} and (self.key is None or not self._list.has(self.key)):
            return _("the list is empty: f shows another one")
        if verb == "open" and self._view == "buyers" and self.key is not None and self.key < 0:
            return _("this buyer is nobody's member yet: say who it is in Revenue (7, f)")
        return ""

    async def do_filter(self) -> None:
        """Buyers, segments, figures, a funnel, channels."""
        if self.search:
            await super().leave()
        self.turn_to(drawing.next_view(self._view))
        self.show_soon(keep=False)

    async def do_sort(self) -> None:
        """Fixed cut points or fifths; the next funnel."""
        if self._view == "funnel":
            self._steps.turn()
        else:
            self._scores.turn()
        self.show_soon(keep=self._view != "funnel")

    async def do_open(self) -> None:
        """The member's card; who is in the segment; of all else, how it is counted."""
        assert self.key is not None
        if self._view == "buyers":
            open_card(self, self.key)
        elif self._view == "segments":
            segment = segments()[self.key]
            self.turn_to("buyers")
            self._buyers.segment = segment
            self.show_soon(keep=False)
        else:
            await self.do_why()

    async def leave(self) -> None:
        """Esc: the search, then from the buyers of a segment back to the segments."""
        segment = self._buyers.segment
        if not self.search and segment is not None:
            self._aimed = segments().index(segment)
            self.turn_to("segments")
            self.show_soon()
        await super().leave()

    async def do_add(self) -> None:
        """Note what a channel cost."""
        from qunguan.tui.screens.trade_forms import add_cost

        paid = self._channels.paid(self.key) if self._view == "channels" else None
        begin(self, add_cost(self, paid[0].channel if paid else ""))

    async def do_remove(self) -> None:
        """Take a cost of the channel away."""
        from qunguan.tui.screens.trade_forms import remove_cost

        paid = self._channels.paid(self.key)
        assert paid is not None
        begin(self, remove_cost(self, *paid))

    async def turned(self) -> None:
        """Show the other day, beside the keys."""
        self.show_soon()

    async def do_copy(self) -> None:
        """What is shown as text."""
        await copy_out(self.room, self._list.text(), f"trade-{self._view}-{self.day}")

    async def do_export(self) -> None:
        """What is shown to a file, all of it."""
        shown = self._list

        async def made() -> Table:
            return await shown.table()

        export(self.room, _("Export the list"), f"trade-{self._view}-{self.day}", made)

    async def do_why(self) -> None:
        """Where the line comes from: rule, numbers, source."""
        assert self.key is not None
        await self.app.push_screen(TextView(*await self._list.why(self.key)))


SCREEN = TradeScreen
