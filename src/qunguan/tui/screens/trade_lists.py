"""The lists of trade beside RFM: what each reads, what stands beside it, why, and how it goes out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from textual.content import Content

from qunguan.domain import funnels
from qunguan.domain.funnels import FunnelResult
from qunguan.domain.text import match_key
from qunguan.domain.trade import Channel, ChannelCost, Trade
from qunguan.exchange.writers import trade as words
from qunguan.exchange.writers.tables import Table
from qunguan.exchange.writers.trade import TradeFigure
from qunguan.i18n import _
from qunguan.tui.screens import trade_lines as drawing
from qunguan.tui.screens.listing import Lines, Listing
from qunguan.tui.text import literal

if TYPE_CHECKING:
    from qunguan.tui.screens.trade import TradeScreen


class TradeList(Protocol):
    """One list of the screen. Keys of lines that are not there any more have nothing beside them."""

    async def listing(self) -> Listing:
        """Read it, and nothing else."""
        ...

    def has(self, key: int) -> bool:
        """Whether a line with this key is there."""
        ...

    async def side(self, key: int) -> Content:
        """What stands beside the line."""
        ...

    async def why(self, key: int) -> tuple[str, list[Content]]:
        """Where the line comes from: a title, and rule, numbers, source."""
        ...

    def text(self) -> str:
        """The list as text."""
        ...

    async def table(self) -> Table:
        """The list as a table, all of it."""
        ...


class FigureList:
    """What the purchases add up to."""

    def __init__(self, screen: TradeScreen) -> None:
        self._screen = screen
        self._trade: Trade | None = None
        self._figures: list[TradeFigure] = []

    async def listing(self) -> Listing:
        """Every figure with its base."""
        from qunguan.services import trade

        screen = self._screen
        self._trade = found = await screen.desk.read(
            trade.trade, screen.room.clock, screen.past_day, group_id=screen.group_id
        )
        self._figures = words.figures(found) if found.ltv_fen else []
        lines = Lines(self._figures, self._figures.index, drawing.figure_cells)
        head = screen.headline(_("{first} to {last}", first=found.first, last=found.as_of))
        return Listing(drawing.figure_columns(), lines, head, drawing.empty_text("figures"))

    def has(self, key: int) -> bool:
        """Whether there is such a figure."""
        return 0 <= key < len(self._figures)

    async def side(self, key: int) -> Content:
        """The figure in full, and the cohorts."""
        assert self._trade is not None
        return drawing.figure_side(self._trade, self._figures[key])

    async def why(self, key: int) -> tuple[str, list[Content]]:
        """What it counts and where it comes from; of what buyers leave, all months at all ages."""
        assert self._trade is not None
        one = self._figures[key]
        months = drawing.month_lines(self._trade) if one.code.startswith("ltv") else []
        return one.label, [*drawing.figure_lines(one), *months]

    def text(self) -> str:
        """The figures."""
        assert self._trade is not None
        return words.figures_text(self._trade)

    async def table(self) -> Table:
        """The figures."""
        assert self._trade is not None
        return words.figures_table(self._trade)


class StepList:
    """How far members get, step by step; `place` is that of the funnel among the shipped ones."""

    def __init__(self, screen: TradeScreen) -> None:
        self._screen = screen
        self.place = 0
        self._funnel: FunnelResult | None = None

    @property
    def found(self) -> FunnelResult:
        """What was read last."""
        assert self._funnel is not None
        return self._funnel

    def turn(self) -> None:
        """The next of the shipped funnels."""
        self.place = (self.place + 1) % len(funnels.presets())

    async def listing(self) -> Listing:
        """The steps of the funnel."""
        from qunguan.services import funnels as service

        screen, wanted = self._screen, list(funnels.presets().values())[self.place]
        self._funnel = found = await screen.desk.read(
            service.funnel, screen.room.clock, wanted, screen.past_day, group_id=screen.group_id
        )
        lines = Lines(found.steps, found.steps.index, lambda one: drawing.step_cells(found, one))
        return Listing(drawing.step_columns(), lines, screen.headline(words.funnel_about(found)), "")

    def has(self, key: int) -> bool:
        """Whether there is such a step."""
        return self._funnel is not None and 0 <= key < len(self.found.steps)

    async def side(self, key: int) -> Content:
        """The step with its bases."""
        return drawing.step_side(self.found, self.found.steps[key])

    async def why(self, key: int) -> tuple[str, list[Content]]:
        """How a funnel counts."""
        told = [words.funnel_about(self.found), *drawing.funnel_why(self.found)]
        return self.found.funnel.name, [literal(each) for each in told]

    def text(self) -> str:
        """The funnel."""
        return words.funnel_text(self.found)

    async def table(self) -> Table:
        """The steps."""
        return words.funnel_table(self.found)


class ChannelList:
    """What the members of each channel cost and leave."""

    def __init__(self, screen: TradeScreen) -> None:
        self._screen = screen
        self._channels: tuple[Channel, ...] = ()
        self._costs: tuple[ChannelCost, ...] = ()
        self._days = 0

    async def listing(self) -> Listing:
        """The channels, those of lowest CAC first."""
        from qunguan.services import rules, trade, trade_told

        screen = self._screen
        self._channels = await screen.desk.read(trade.channels, screen.day, screen.group_id)
        self._costs = await screen.desk.read(trade_told.costs, screen.day, screen.group_id)
        self._days = int(await screen.desk.read(rules.value, "trade.valid_days"))
        lines = Lines(self._channels, self._channels.index, drawing.channel_cells)
        return Listing(drawing.channel_columns(), lines, screen.headline(), drawing.empty_text("channels"))

    def has(self, key: int) -> bool:
        """Whether there is such a channel."""
        return 0 <= key < len(self._channels)

    def paid(self, key: int | None) -> tuple[Channel, list[ChannelCost]] | None:
        """A channel with the costs that were noted of it."""
        if key is None or not self.has(key):
            return None
        one = self._channels[key]
        return one, [each for each in self._costs if match_key(each.channel) == match_key(one.channel)]

    async def side(self, key: int) -> Content:
        """Its costs, and how its figures are counted."""
        one = self._channels[key]
        paid = self.paid(key)
        return drawing.channel_side(one, paid[1] if paid else [], self._days)

    async def why(self, key: int) -> tuple[str, list[Content]]:
        """Its costs, and how its figures are counted."""
        return self._channels[key].channel, [await self.side(key)]

    def text(self) -> str:
        """The channels."""
        return words.channels_text(self._channels)

    async def table(self) -> Table:
        """The channels."""
        return words.channels_table(self._channels)
