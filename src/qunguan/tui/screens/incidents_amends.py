"""A list of amends taken in by the 3T room: pasted or a file, what it would do, Enter, what it did."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from qunguan.domain.incident_compensation import HANDS, CompensationOutcome, CompensationSheet, Hand
from qunguan.domain.incident_shares import left_line, share_lines
from qunguan.domain.incidents import Incident
from qunguan.domain.money import short_yuan
from qunguan.domain.rosters import RowNote
from qunguan.exchange.readers import words
from qunguan.exchange.readers.compensation import read_compensation
from qunguan.i18n import N_, _, ngettext
from qunguan.services.incident_compensation_list import import_list
from qunguan.tui.screens.table_in import TableKind, ask_table, remember
from qunguan.tui.text import joined, literal
from qunguan.tui.turns import next_of
from qunguan.tui.widgets.dialogs import TextView
from qunguan.tui.widgets.source_box import WorkDialog

if TYPE_CHECKING:
    from qunguan.tui.app import QunguanApp
    from qunguan.tui.screens.incidents import IncidentsScreen


_HANDS: Final[dict[Hand, str]] = {
    "own": N_("points now; money, coupons and goods wait until handed over is ticked (a row of 已发 has it)"),
    "all": N_("they have it all already"),
    "none": N_("promised only: nothing is handed over yet"),
}
FIELDS = {"name": N_("member"), "kind": N_("kind of amends"), "amount": N_("amount"), "reason": N_("what it is")}


async def take_in(screen: IncidentsScreen, incident: Incident) -> None:
    """Ask for the list, show what it would do, do it, say what it did."""
    room = screen.room

    notes = [_("A column for the member (成员 or 编号), the kind (积分, 券, 现金 or 实物) and the amount; "
               "without a kind 金额 is money and 积分 are points."),
             _("The same list twice pays nobody twice; a row of 状态 已发 has it, one of 待发 waits.")]  # fmt: skip
    title = _("Who gets what for {title}", title=incident.title)
    kind = TableKind("amends", words.AMENDS, read_compensation, FIELDS, ("name", "kind"))
    taken = await ask_table(room, title, notes, kind)
    if taken is None:
        return
    outlook = await room.desk.rehearse(import_list, incident.id, taken.found.rows)
    preview = AmendsPreview(room, incident, taken.found, outlook)
    done: CompensationOutcome | None = await room.push_screen_wait(preview)
    if done is None:
        return
    await remember(room, kind, taken)
    await room.changed()
    room.push_screen(TextView(_("Noted: {title}", title=title), told(taken.found, done, noted=True)))


class AmendsPreview(WorkDialog[CompensationOutcome]):
    """What a list would do: Enter does it, `p` goes round what is handed over."""

    WIDE = True
    DEFAULT_CSS = "AmendsPreview VerticalScroll { height: 1fr; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,f2,ctrl+s", "apply", show=False, priority=True),
        Binding("p,ｐ,P,f5", "promise", show=False),
    ]

    def __init__(
        self, room: QunguanApp, incident: Incident, sheet: CompensationSheet, outlook: CompensationOutcome
    ) -> None:
        drill = _("【DRILL】") if incident.drill else ""
        keys = _("Enter do it · p what they have already · Esc nothing is changed")
        super().__init__(f"{drill}{_('Amends: what the list would do')}", keys)
        self._room, self._incident, self._sheet, self._outlook = room, incident, sheet, outlook
        self._hand: Hand = HANDS[0]

    def contents(self) -> ComposeResult:
        """The counts, who gets what, then every row that is not taken."""
        with VerticalScroll():
            yield Static("", id="outlook", markup=False)

    def on_mount(self) -> None:
        self._draw()

    def _draw(self) -> None:
        lines = [literal(_(_HANDS[self._hand]), "$text-warning"), *told(self._sheet, self._outlook)]
        self.query_one("#outlook", Static).update(joined(Content("\n").join(lines)))

    def action_leave(self) -> None:
        """Esc: nothing is changed; once it is being written, it is seen to its end."""
        if not self.busy:
            super().action_leave()

    def action_promise(self) -> None:
        """The next of what can be handed over: what is ours to give, all, nothing."""

        async def look() -> None:
            hand = next_of(HANDS, self._hand)
            self._outlook = await self._room.desk.rehearse(import_list, self._incident.id, self._sheet.rows, hand=hand)
            self._hand = hand
            self._draw()

        self.start(_("reading…"), look)

    def action_apply(self) -> None:
        """Do it."""

        async def do() -> None:
            self.dismiss(await self._room.desk.write(
                import_list, self._incident.id, self._sheet.rows, hand=self._hand
            ))  # fmt: skip

        self.start(_("writing…"), do)


def told(sheet: CompensationSheet, outcome: CompensationOutcome, *, noted: bool = False) -> list[Content]:
    """What a list would do, or did when it is `noted`; who gets what; the rows that are not taken with why."""
    sums = outcome.sums
    counts = _("{promised} new promises, {delivered} handed over, {already} were there already",
               promised=outcome.promised, delivered=outcome.delivered, already=outcome.already)  # fmt: skip
    stand = _("{done} of {n} handed over; points {points}, money ¥{yuan}", done=sums.delivered, n=sums.promised,
              points=sums.delivered_points, yuan=short_yuan(sums.delivered_fen))  # fmt: skip
    missed = len(outcome.unresolved) + len(sheet.rejected) + len(outcome.rejected)
    left = ngettext("{n} row not taken: below", "{n} rows not taken: below", missed)
    lines = [
        joined((counts, "bold"), (f"   {left}", "bold $text-warning")) if missed else literal(counts, "bold"),
        literal(_("Now: {stand}", stand=stand) if noted else _("With it: {stand}", stand=stand)),
    ]
    gone = left_line(outcome.lines)
    if gone:
        lines.append(literal(gone, "$text-warning"))
    if outcome.lines:
        lines += [Content(""), *map(literal, share_lines(outcome.lines))]
    for title, rows in (
        (_("Nobody, or several, of this name: not taken"), outcome.unresolved),
        (_("Not taken"), (*sheet.rejected, *outcome.rejected)),
    ):
        if rows:
            lines += [
                Content(""),
                literal(_("{title}: {n}", title=title, n=len(rows)), "$text-warning"),
                *map(_row, rows),
            ]
    return lines


def _row(note: RowNote) -> Content:
    return literal(str(note))
