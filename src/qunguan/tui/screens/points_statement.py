"""A member's statement: every entry with the running balance; reverse one, copy it for the member, export it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, ClassVar, cast

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Static

from qunguan.domain.actions import of, shown
from qunguan.domain.errors import Refused
from qunguan.domain.points import ReverseOutcome, StatementLine
from qunguan.domain.points_views import Account
from qunguan.exchange.writers.points import kind_word, signed, statement_table, statement_text
from qunguan.exchange.writers.tables import Table
from qunguan.i18n import N_, _, ngettext
from qunguan.tui.bindings import key_names
from qunguan.tui.clipboard import copy_out
from qunguan.tui.export import export
from qunguan.tui.flow import begin, unless_gone
from qunguan.tui.screens.points_tables import StatementSource, statement_columns
from qunguan.tui.screens.points_why import lot_lines
from qunguan.tui.text import literal, notice
from qunguan.tui.widgets.dialogs import Confirm, Dialog, TextView
from qunguan.tui.widgets.paged_table import PagedTable

if TYPE_CHECKING:
    from qunguan.tui.app import QunguanApp

_VERBS = ("remove", "copy", "export", "why")


class StatementScreen(Dialog[None]):
    """The statement of one member as of `day` (None: today). Nothing is written while a past day is shown."""

    WIDE = True
    AUTO_FOCUS = "PagedTable"
    BINDINGS: ClassVar[list[BindingType]] = [
        *(Binding(key_names(a), f"do('{a.verb}')", show=False) for a in of("points") if a.verb in _VERBS),
        Binding("u,ｕ", "app.do('undo')", show=False),
        Binding("ctrl+r", "app.do('redo')", show=False),
    ]

    SHEET = (
        *((shown(a.keys), a.help) for a in of("points") if a.verb in _VERBS),
        ("u", N_("Take back the newest change")),
        ("Ctrl+R", N_("Do what was undone again")),
        ("↑ ↓", N_("From entry to entry")),
        ("Esc", N_("Close the statement")),
    )

    def __init__(self, member_id: int, name: str, day: date | None = None) -> None:
        super().__init__(
            _("Points of {name}", name=name),
            _("Del reverse · u undo · y copy for the member · x export · w lot by lot · Esc close"),
        )
        self._member_id, self._day = member_id, day
        self._account: Account | None = None
        self._source = StatementSource(())

    @property
    def room(self) -> QunguanApp:
        """The app, with its own type."""
        return cast("QunguanApp", self.app)

    def contents(self) -> ComposeResult:
        """The balance in one line, and the entries."""
        yield Static("", classes="line muted", id="standing", markup=False)
        yield PagedTable(
            statement_columns(), empty=_("No entries yet.\na grants points, check-ins earn them by themselves.")
        )

    async def on_mount(self) -> None:
        await self.reload()

    async def reload(self) -> None:
        """Read the account again: when it opens, and when the data has changed."""
        from qunguan.services import points

        found = await self.room.desk.read(points.account, self.room.clock, self._member_id, self._day)
        self._account, self._source = found, StatementSource(found.statement.entries)
        with unless_gone(self):
            self.query_one("#standing", Static).update(literal(_standing(found, self._day)))
            await self.query_one(PagedTable).set_source(self._source)

    async def action_do(self, verb: str) -> None:
        """Carry out one of the actions of the points table that make sense here."""
        begin(self, getattr(self, f"_{verb}")())

    # -- what can be done

    @property
    def _line(self) -> StatementLine:
        if not self._source.lines:
            raise Refused("there is no entry here yet")
        return self._source.lines[self.query_one(PagedTable).cursor_row]

    async def _remove(self) -> None:
        from qunguan.services import points

        line = self._line
        if self._day is not None:
            raise Refused("a past day is only looked at", hint="press . for today")
        if line.id is None:
            raise Refused("this expiry is due but not booked yet: there is nothing to reverse")
        outlook = await self.room.desk.rehearse(points.reverse, line.id)
        if not outlook.entry_ids:
            notice(self.app, _waived(outlook), "warning")
            return
        title = _("Reverse {kind} {amount} of {day} ({name})?", kind=_(kind_word(line)), amount=signed(line.amount),
                  day=line.biz_date, name=outlook.name)  # fmt: skip
        if await self.app.push_screen_wait(Confirm(title, _outlook_lines(line, outlook))):
            done = await self.room.desk.write(points.reverse, line.id)
            told = _("Reversed: {name} now has {balance}", name=done.name, balance=done.balance)
            notice(self.app, told if done.entry_ids else _waived(done))
            await self.room.changed()

    async def _copy(self) -> None:
        assert self._account is not None
        await copy_statement(self.room, self._account)

    async def _export(self) -> None:
        assert self._account is not None
        table = statement_table(self._account)

        async def made() -> Table:
            return table

        export(self.room, _("Export the statement"), f"points-{self._member_id}-{self.room.today}", made)

    async def _why(self) -> None:
        assert self._account is not None
        title = _("Where the points of {name} come from", name=self._account.statement.name)
        self.app.push_screen(TextView(title, lot_lines(self._account)))


async def copy_statement(room: QunguanApp, account: Account) -> None:
    """Put a member's statement on the clipboard and into a file, as a message to the member."""
    from qunguan.services import rules

    limit = int(await room.desk.read(rules.value, "board.text_limit"))
    await copy_out(room, statement_text(account, limit), f"points-{account.statement.member_id}")


def _standing(account: Account, day: date | None) -> str:
    told = account.statement
    parts = [_("balance {n}", n=told.balance)]
    if day is not None:
        parts.insert(0, _("as of {day}", day=day))
    if account.debt:
        parts.append(_("owed {n}", n=account.debt))
    soon = next((lot for lot in account.open_lots if lot.expires_on), None)
    if soon is not None:
        parts.append(_("{n} through {day}", n=soon.left, day=soon.expires_on))
    parts.append(ngettext("{n} entry", "{n} entries", len(told.entries)))
    return " · ".join(parts)


def _waived(done: ReverseOutcome) -> str:
    """That a reversal takes nothing: all of it is spent, and the rule lets that go (semantics 3.3)."""
    return _("Nothing could be taken back: {n} points are spent already and let go (waive); {name} keeps {balance}",
             n=done.waived, name=done.name, balance=done.balance)  # fmt: skip


def _outlook_lines(line: StatementLine, outlook: ReverseOutcome) -> list[str]:
    """What the reversal will do, from the rehearsal of it."""
    lines = [_("Reason: {reason}", reason=line.reason)] if line.reason else []
    if outlook.amount:
        lines.append(_("The reversing entry books {amount}; the balance is {balance} then.",
                       amount=signed(outlook.amount), balance=outlook.balance))  # fmt: skip
    if outlook.debt:
        lines.append(_("{n} are spent already and will be owed until the next points come in (debt).", n=outlook.debt))
    if outlook.waived:
        lines.append(_("{n} are spent already and will be let go (waive).", n=outlook.waived))
    if outlook.expired:
        lines.append(_("{n} come back to a lot that has expired, and are lost again.", n=outlook.expired))
    if outlook.reinstated:
        lines.append(_("{n} come back as a lot of their own, for the days of grace.", n=outlook.reinstated))
    return [*lines, _("Nothing is deleted: both entries stay in the ledger, and u takes the reversal back.")]
