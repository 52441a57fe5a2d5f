"""The two lists of RFM: everybody who bought with their scores, and the named segments."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.content import Content

from qunguan.domain.rfm import Method, RfmBook, RfmLine, Segment, segments
from qunguan.exchange.writers import trade as words
from qunguan.exchange.writers.tables import Table
from qunguan.tui.screens import trade_rfm_lines as drawing
from qunguan.tui.screens.listing import Lines, Listing
from qunguan.tui.screens.trade_lines import empty_text
from qunguan.tui.text import literal

if TYPE_CHECKING:
    from qunguan.tui.screens.trade import TradeScreen


class Scores:
    """The RFM of the day, which buyers and segments share. `method` None follows the rule."""

    def __init__(self, screen: TradeScreen) -> None:
        self._screen = screen
        self.method: Method | None = None
        self._book: RfmBook | None = None

    @property
    def book(self) -> RfmBook:
        """What was read last."""
        assert self._book is not None
        return self._book

    async def read(self) -> RfmBook:
        """Read it for the day, the group and the method in hand."""
        from qunguan.services import rfm

        screen = self._screen
        self._book = await screen.desk.read(
            rfm.rfm, screen.room.clock, screen.past_day, self.method, group_id=screen.group_id
        )
        return self._book

    async def lines(self, places: Sequence[int]) -> Sequence[RfmLine]:
        """The buyers at these places."""
        from qunguan.services import rfm

        return await self._screen.desk.read(rfm.lines_at, self.book, places)

    def turn(self) -> None:
        """The other method than the one that was asked for."""
        asked = "quintile" if self.book.fallback else self.book.method
        self.method = "fixed" if asked == "quintile" else "quintile"

    def how(self) -> list[str]:
        """How the scores were made."""
        from qunguan.services import rfm_why

        return [str(each) for each in rfm_why.how(self.book)]

    def text(self) -> str:
        """Segments with their numbers."""
        from qunguan.services import rfm_why

        return words.rfm_text(self.book, rfm_why.how(self.book))


class BuyerList:
    """Everybody who bought, or those of one segment, as far as the search finds them."""

    def __init__(self, screen: TradeScreen, scores: Scores) -> None:
        self._screen, self._scores = screen, scores
        self.segment: Segment | None = None
        self._places: Sequence[int] = ()

    async def listing(self) -> Listing:
        """Who spent most first."""
        from qunguan.services import rfm

        screen, segment = self._screen, self.segment
        book = await self._scores.read()
        places = await screen.desk.read(rfm.places, book, segment.id if segment else "", screen.search)
        self._places = places
        head = screen.headline(*drawing.buyers_head(book, segment))
        source = drawing.BuyerPages(book, places, self._scores.lines)
        return Listing(drawing.buyer_columns(), source, head, empty_text("buyers"))

    def has(self, key: int) -> bool:
        """Whether they bought by the day."""
        return drawing.place_of(self._scores.book, key) is not None

    async def _line(self, key: int) -> RfmLine:
        place = drawing.place_of(self._scores.book, key)
        assert place is not None
        return (await self._scores.lines([place]))[0]

    async def side(self, key: int) -> Content:
        """Who it is, why they are called that, what they do beside buying."""
        from qunguan.services import rfm_social

        screen, line = self._screen, await self._line(key)
        social = None
        if line.member_id is not None:
            wanted = [line.member_id]
            found = await screen.desk.read(rfm_social.social, screen.room.clock, screen.past_day, wanted)
            social = found[line.member_id]
        return drawing.buyer_side(line, self._why(line), social)

    def _why(self, line: RfmLine) -> list[str]:
        from qunguan.services import rfm_why

        return [str(each) for each in rfm_why.why_line(self._scores.book, line)]

    async def why(self, key: int) -> tuple[str, list[Content]]:
        """The figures of each score and its bars."""
        line = await self._line(key)
        return f"{line.name or line.key} · {line.segment}", [literal(each) for each in self._why(line)]

    def text(self) -> str:
        """Segments with their numbers."""
        return self._scores.text()

    async def table(self) -> Table:
        """Every buyer of the list."""
        return words.rfm_table(self._scores.book, await self._scores.lines(self._places))


class SegmentList:
    """The named segments as bars."""

    def __init__(self, screen: TradeScreen, scores: Scores) -> None:
        self._screen, self._scores = screen, scores

    async def listing(self) -> Listing:
        """The segments in the order in which they are tried."""
        book = await self._scores.read()
        counts, every = book.counts(), segments()
        lines = Lines(every if len(book) else (), every.index, lambda one: drawing.segment_cells(book, counts, one))
        head = self._screen.headline(*drawing.segments_head(book))
        return Listing(drawing.segment_columns(), lines, head, empty_text("segments"))

    def has(self, key: int) -> bool:
        """Whether it is one of them."""
        return 0 <= key < len(segments())

    async def side(self, key: int) -> Content:
        """What it asks for and what helps."""
        return drawing.segment_side(self._scores.book, segments()[key], self._scores.how())

    async def why(self, key: int) -> tuple[str, list[Content]]:
        """What it asks for, and how the scores were made."""
        one = segments()[key]
        told = [*drawing.asks(one), *self._scores.how(), drawing.never_bought()]
        return one.name, [literal(each) for each in told]

    def text(self) -> str:
        """Segments with their numbers."""
        return self._scores.text()

    async def table(self) -> Table:
        """The segments."""
        return words.segments_table(self._scores.book)
