"""Orders by hand: the form of an order and of a refund, and saying who a buyer is."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

from qunguan.domain.errors import BadInput
from qunguan.domain.members import label
from qunguan.domain.money import yuan
from qunguan.domain.orders import OrderLine, OrderRow, Unmatched
from qunguan.exchange.readers.cells import date_cell, money_cell
from qunguan.i18n import _
from qunguan.tui.screens.people import finder
from qunguan.tui.widgets.choose import Choice, Choose
from qunguan.tui.widgets.dialogs import Field, Form
from qunguan.tui.widgets.find_member import FindMember

if TYPE_CHECKING:
    from qunguan.services.order_edit import Who
    from qunguan.tui.screens.orders import OrdersScreen

_OTHER = "other"


async def order_form(screen: OrdersScreen, member_id: int) -> Form:
    """An order of a member. Its number is drawn now, so that Enter twice enters it once."""
    from qunguan.services import members

    name = (await screen.desk.read(members.names, [member_id]))[member_id]
    drawn = uuid4().hex[:8].upper()

    async def save(values: dict[str, str]) -> None:
        from qunguan.services import orders

        if not values["amount"]:
            raise BadInput("say how much was paid", hint="yuan, like 128 or 12.50")
        items = [OrderLine(item.strip()) for item in values["items"].replace("，", "、").split("、") if item.strip()]
        done = await screen.desk.write(
            orders.add_order, member_id, money_cell(values["amount"]), lines=items, number=values["number"] or drawn,
            freight_fen=money_cell(values["freight"]) if values["freight"] else 0,
            day=date_cell(values["day"]) if values["day"] else None, note=values["note"],
        )  # fmt: skip
        screen.say(_("Entered: {name} {yuan} yuan, points {points}", name=name, yuan=yuan(done.net_fen),
                     points=f"{done.points:+d}"))  # fmt: skip
        screen.aim(done.id)
        await screen.room.changed()

    fields = [
        Field("amount", _("paid (yuan)"), hint=_("freight in it, like 128 or 12.50")),
        Field("items", _("items"), hint=_("several with 、 between")),
        Field("freight", _("freight (yuan)"), hint=_("empty: none")),
        Field("day", _("day"), hint=_("today, {day}", day=screen.room.today), day="near"),
        Field("number", _("number"), hint=_("empty: one is drawn")),
        Field("note", _("note")),
    ]
    return Form(_("An order of {name}", name=name), fields, save)


def refund_form(screen: OrdersScreen, row: OrderRow) -> Form:
    """Money of an order back, all or a part; its points follow."""
    left = row.amount_fen - row.refund_fen

    async def save(values: dict[str, str]) -> None:
        from qunguan.services import orders

        sum_fen = money_cell(values["amount"]) if values["amount"] else None
        day = date_cell(values["day"]) if values["day"] else None
        done = await screen.desk.write(orders.refund_order, row.id, sum_fen, day=day, reason=values["reason"])
        screen.say(_("Gone back: {yuan} yuan; net {net}, points {points}", yuan=yuan(done.refund_fen - row.refund_fen),
                     net=yuan(done.net_fen), points=f"{done.points:+d}"))  # fmt: skip
        await screen.room.changed()

    fields = [
        Field("amount", _("back (yuan)"), yuan(left), _("empty: all that is left")),
        Field("reason", _("reason")),
        Field("day", _("day"), hint=_("today, {day}", day=screen.room.today), day="near"),
    ]
    title = _("Give money of the order {number} back ({yuan} yuan are left)", number=row.number, yuan=yuan(left))
    return Form(title, fields, save)


async def settle_buyer(screen: OrdersScreen, found: Unmatched) -> None:
    """Say who a buyer is: one of those it may be, somebody else, a new member, or nobody."""
    from qunguan.services import orders

    choices = [Choice(str(member_id), label(member_id, name)) for member_id, name in found.candidates]
    choices += [
        Choice(_OTHER, _("another member"), _("find them by initials")),
        Choice("new", _("a new member"), found.buyer),
        Choice("nobody", _("nobody"), _("the orders stay in the book without a member")),
    ]
    told = await screen.app.push_screen_wait(Choose(_("Who is {buyer}?", buyer=found.buyer), choices))
    if told == _OTHER:
        picked = await screen.app.push_screen_wait(FindMember(_("Who is {buyer}?", buyer=found.buyer), finder(screen)))
        told = None if picked is None else str(picked)
    if told is None:
        return
    who: Who = "new" if told == "new" else "nobody" if told == "nobody" else int(told)
    done = await screen.desk.write(orders.settle, found.buyer, who, phone=found.phone or None)
    screen.say(_("{buyer} is {name}: {n} orders, points {points}", buyer=done.buyer, name=done.name or _("nobody"),
                 n=done.orders, points=f"{done.points:+d}"))  # fmt: skip
    await screen.room.changed()
