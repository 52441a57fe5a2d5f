"""What trade asks the owner: what a channel cost, and which cost to take away."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from qunguan.domain.errors import BadInput
from qunguan.domain.money import yuan
from qunguan.domain.trade import Channel, ChannelCost
from qunguan.exchange.readers.cells import date_cell, money_cell
from qunguan.i18n import _
from qunguan.tui.screens.trade_lines import cost_text
from qunguan.tui.widgets.choose import Choice, Choose
from qunguan.tui.widgets.dialogs import Confirm, Field, Form

if TYPE_CHECKING:
    from qunguan.tui.screens.trade import TradeScreen


async def add_cost(screen: TradeScreen, channel: str) -> None:
    """Note what a channel cost in which days; the channels of members are offered."""
    from qunguan.services import trade_told

    room = screen.room
    known = await screen.desk.read(trade_told.known_channels)

    async def save(values: dict[str, str]) -> None:
        if not values["cost"]:
            raise BadInput("say what it cost", hint="yuan, like 128 or 12.50")
        first, last = (date_cell(values[name]) if values[name] else None for name in ("first", "last"))
        done = await screen.desk.write(
            trade_told.add_cost, values["channel"], money_cell(values["cost"]), from_day=first, to_day=last,
            group_id=room.group.id if room.group else None, note=values["note"],
        )  # fmt: skip
        screen.say(_("Noted: {channel} cost {yuan} yuan", channel=done.channel, yuan=yuan(done.cost_fen)))
        screen.turn_to("channels")
        await room.changed()

    fields = [
        Field("channel", _("channel"), channel, _("as on the members' cards"), tuple((each, each) for each in known)),
        Field("cost", _("cost (yuan)"), hint=_("like 128 or 12.50")),
        Field("first", _("from day"), hint=_("today, {day}", day=room.today), day="near"),
        Field("last", _("to day"), hint=_("empty: that one day"), day="near"),
        Field("note", _("note")),
    ]
    await screen.app.push_screen_wait(Form(_("What a channel cost"), fields, save))


async def remove_cost(screen: TradeScreen, channel: Channel, costs: Sequence[ChannelCost]) -> None:
    """Take a cost of a channel away: which, where there are several; then ask once."""
    from qunguan.services import trade_told

    chosen: str | None = str(costs[0].id)
    if len(costs) > 1:
        choices = [Choice(str(each.id), cost_text(each)) for each in costs]
        chosen = await screen.app.push_screen_wait(
            Choose(_("Which cost of {channel}?", channel=channel.channel), choices)
        )
    if chosen is None:
        return
    cost = next(each for each in costs if str(each.id) == chosen)
    asked = _("Take this cost of {channel} away?", channel=channel.channel)
    if await screen.app.push_screen_wait(Confirm(asked, [cost_text(cost)])):
        await screen.desk.write(trade_told.remove_cost, cost.id)
        screen.say(_("Taken away: {cost}. u brings it back", cost=cost_text(cost)))
        await screen.room.changed()
