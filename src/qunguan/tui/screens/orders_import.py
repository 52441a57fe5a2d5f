"""The import of orders: an export or a paste, what it would do, Enter; then what it did, and who rose by it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar, cast

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Static

from qunguan.domain.members import label
from qunguan.domain.money import yuan
from qunguan.domain.orders import SHOP_LABELS, OrderImport, OrderSheet, Unmatched
from qunguan.domain.rosters import RowNote
from qunguan.exchange.writers.text import and_more
from qunguan.i18n import N_, _
from qunguan.tui.screens.table_in import TableKind, Taken, ask_table, remember
from qunguan.tui.text import joined, literal
from qunguan.tui.widgets.dialogs import TextView
from qunguan.tui.widgets.import_preview import RowsAndReason
from qunguan.tui.widgets.paged_table import Cell, Column, Row
from qunguan.tui.widgets.source_box import WorkDialog
from qunguan.values import frozen

if TYPE_CHECKING:
    from qunguan.domain.level_views import MemberLevel
    from qunguan.tui.app import QunguanApp

FIELDS = {
    "order_no": N_("order number"),
    "buyer": N_("buyer"),
    "amount": N_("amount paid"),
    "paid_at": N_("paid at"),
    "status": N_("order status"),
    "refund": N_("money gone back"),
    "items": N_("articles"),
}
_MOVES = 20  # names in the answer: a screenful


@frozen
class Terms:
    """What the owner wants of an import: members made of unknown buyers, points for what is new."""

    create: bool = False
    award: bool = True


def _kind() -> TableKind[OrderSheet]:
    from qunguan.exchange.readers import words
    from qunguan.exchange.readers.orders import NEEDED, read_orders

    return TableKind("orders", words.ORDERS, read_orders, FIELDS, NEEDED)


async def import_orders(room: QunguanApp) -> None:
    """Ask for an export, show what it would do, do it, say what it did. Must run in a worker."""

    notes = [_("An export of 快团团, 群接龙 or 有赞, or any sheet with order number, buyer and amount."),
             _("The same file twice, or a longer one that overlaps, changes only what is new.")]  # fmt: skip
    taken = await ask_table(room, _("Import orders"), notes, _kind())
    if taken is None:
        return
    outlook = await rehearsed(room, taken.found, Terms())
    before = await _levels(room)
    done = await room.push_screen_wait(OrdersPreview(taken, outlook))
    if done is not None:
        await room.changed()
        room.push_screen(TextView(_("Imported"), [*told(done), *await _moves(room, before), *_last_line()]))


async def rehearsed(room: QunguanApp, sheet: OrderSheet, terms: Terms) -> OrderImport:
    """What the import would do on these terms."""
    from qunguan.services import orders

    return await room.desk.rehearse(orders.import_orders, sheet, create=terms.create, award=terms.award)


class OrdersPreview(WorkDialog[OrderImport]):
    """What an import would do: Enter does it, `n` makes members of unknown buyers, `p` leaves points out."""

    WIDE = True
    DEFAULT_CSS = """
    OrdersPreview {
        & .counts { text-style: bold; }
        & PagedTable { margin: 1 0 0 0; }
    }
    """
    AUTO_FOCUS = "PagedTable"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,f2,ctrl+s", "apply", show=False, priority=True),
        Binding("n,ｎ,N,f4", "terms('create')", show=False),
        Binding("p,ｐ,P,f5", "terms('award')", show=False),
    ]
    SHEET = (
        ("Enter · F2", N_("Make a backup, then import what is listed")),
        ("n · F4", N_("Make members of buyers nobody is like, or let them wait")),
        ("p · F5", N_("Let the new orders earn points, or not")),
        ("↑ ↓ PgUp PgDn", N_("Look through the rows")),
        ("Esc", N_("Leave; nothing is changed")),
    )

    def __init__(self, taken: Taken[OrderSheet], outlook: OrderImport) -> None:
        keys = _("Enter import · n new members · p points · Esc nothing is changed")
        super().__init__(_("Import orders: what it would do"), keys)
        self._taken, self._outlook, self._terms = taken, outlook, Terms()

    def contents(self) -> ComposeResult:
        """The counts and sums, what was decided, and what needs a look."""
        yield Static(classes="counts", markup=False)
        yield Static(classes="sums", markup=False)
        yield Static(classes="decided muted", markup=False)
        columns = (Column(_("row"), width=6, right=True), Column("", width=8), Column(_("details"), flex=1, minimum=20))
        yield RowsAndReason(columns, empty=_("Every buyer is known and every row is understood."))

    async def on_mount(self) -> None:
        await self._draw()

    async def _draw(self) -> None:
        found = self._outlook
        for name, text in (("counts", counts(found)), ("sums", sums(found)), ("decided", self._decided())):
            self.query_one(f".{name}", Static).update(literal(text))
        await self.query_one(RowsAndReason).show(DoubtSource(found, self._taken.found.notes))

    def _decided(self) -> str:
        found, terms = self._outlook, self._terms
        people = _("unknown buyers become members: {n} (n)", n=found.new_members)
        if not terms.create:
            people = _("unknown buyers wait (n makes members of them)")
        earned = _("points {points} (p)", points=f"{found.points:+d}") if terms.award else _("no points (p)")
        if terms.award and found.too_old:
            earned += " · " + _("{n} orders are too old to earn", n=found.too_old)
        return f"{people} · {earned}"

    def action_terms(self, which: str) -> None:
        """Decide otherwise, and look again."""
        terms = replace(self._terms, **{which: not getattr(self._terms, which)})

        async def looked() -> None:
            self._outlook = await rehearsed(cast("QunguanApp", self.app), self._taken.found, terms)
            self._terms = terms
            await self._draw()

        self.start(_("reading…"), looked)

    def action_apply(self) -> None:
        """Back up and import, once."""

        async def imported() -> None:
            self.dismiss(await self._apply())

        self.start(_("importing…"), imported)

    async def _apply(self) -> OrderImport:
        from qunguan.services import orders

        room = cast("QunguanApp", self.app)
        await remember(room, _kind(), self._taken)
        desk = room.desk
        if self._outlook.changed:
            await desk.backup("import")
        return await desk.write(
            orders.import_orders, self._taken.found, create=self._terms.create, award=self._terms.award
        )  # fmt: skip

    def action_leave(self) -> None:
        """Esc: nothing. What is being written is finished."""
        if not self.busy:
            self.dismiss(None)


class DoubtSource:
    """What needs a look, one line each: buyers who wait, rows that are refused, notes."""

    def __init__(self, found: OrderImport, notes: Sequence[RowNote]) -> None:
        self._rows: list[tuple[str, Cell, str]] = [
            *(("", Cell(_("waits"), "warn"), _buyer(one)) for one in found.unmatched),
            *((str(one.row), Cell(_("rejected"), "bad"), str(one.reason)) for one in found.rejected),
            *((str(one.row), Cell(_("note"), "dim"), str(one.reason)) for one in notes),
        ]

    @property
    def count(self) -> int:
        """How many."""
        return len(self._rows)

    async def fetch(self, start: int, size: int) -> list[Row]:
        """The lines of a page."""
        return [Row(place, cells) for place, cells in enumerate(self._rows[start : start + size], start)]


def _buyer(found: Unmatched) -> str:
    may = " / ".join(label(*one) for one in found.candidates) or _("nobody like it")
    return _("{buyer} {phone}: {n} orders, {yuan} yuan — {may}", buyer=found.buyer, phone=found.phone, n=found.orders,
             yuan=yuan(found.net_fen), may=may)  # fmt: skip


def counts(found: OrderImport) -> str:
    """How many orders are new, changed, as before, and refused."""
    return _("{shop}: new {new} · changed {changed} · as before {same} · rejected rows {rejected}",
             shop=_(SHOP_LABELS[found.format]), new=found.created, changed=found.updated, same=found.unchanged,
             rejected=len(found.rejected))  # fmt: skip


def sums(found: OrderImport) -> str:
    """What was paid, what went back, and what is left."""
    back, net = yuan(found.refunded_fen), yuan(found.net_fen)
    return _("paid {paid} · gone back {back} · net {net} yuan", paid=yuan(found.paid_fen), back=back, net=net)


def told(done: OrderImport) -> list[Content]:
    """What was done: counts, sums, points, and what is left to do."""
    lines = [literal(counts(done), "bold"), literal(sums(done))]
    lines.append(literal(_("Points: {points}", points=f"{done.points:+d}")))
    if done.unmatched:
        waits = _("{n} buyers wait: f f shows them, Enter says who it is.", n=len(done.unmatched))
        lines += [Content(""), literal(waits, "$text-warning")]
    return lines


async def _levels(room: QunguanApp) -> dict[int, MemberLevel]:
    """Where everybody stands now; nothing while there is no ladder."""
    from qunguan.services import levels

    return await room.desk.read(levels.standings, room.clock)


async def _moves(room: QunguanApp, before: dict[int, MemberLevel]) -> list[Content]:
    """Who stands on another level than before, by name."""
    from qunguan.services import members

    after = await _levels(room)
    ranks = {member_id: (before[member_id].rank if member_id in before else 1) for member_id in after}
    moved = [one for one in after.values() if one.rank != ranks[one.member_id]]
    if not moved:
        return []
    names = await room.desk.read(members.names, [one.member_id for one in moved])
    lines = [Content(""), literal(_("On another level now:"), "bold")]
    for one in sorted(moved, key=lambda one: (-one.rank, names[one.member_id]))[:_MOVES]:
        sign = "▲" if one.rank > ranks[one.member_id] else "▼"
        old = before[one.member_id].level if one.member_id in before else "—"
        lines.append(joined(f"{sign} {names[one.member_id]}  ", (f"{old} → {one.level}", "bold")))
    if len(moved) > _MOVES:
        lines.append(literal(and_more(len(moved) - _MOVES), "dim"))
    return lines


def _last_line() -> list[Content]:
    return [Content(""), literal(_("u takes it all back."), "dim")]
