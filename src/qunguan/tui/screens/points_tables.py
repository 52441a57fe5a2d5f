"""How points are drawn: the lists of balances, of what expires, of a statement; and the words for them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from qunguan.domain.points import Expiring, StatementLine
from qunguan.domain.points_views import BalanceRow
from qunguan.exchange.writers.points import kind_word, reason_words, signed
from qunguan.i18n import _, ngettext
from qunguan.tui.widgets.paged_table import Cell, Column, Row
from qunguan.tui.widgets.table_cells import CellStyle

_SOON = 7  # days in which an expiry is drawn as urgent
_MEMBERS = 1_000_000_000  # more than any member id


def balance_columns() -> tuple[Column, ...]:
    """Name, balance, what of it expires soon, day of the newest entry."""
    return (
        Column(_("name"), flex=1, minimum=12),
        Column(_("balance"), width=9, right=True),
        Column(_("expiring"), width=8, right=True, drop=1),
        Column(_("newest entry"), width=10, drop=2),
    )


def expiring_columns() -> tuple[Column, ...]:
    """Name, points, their last day, days until then."""
    return (
        Column(_("name"), flex=1, minimum=12),
        Column(_("points"), width=9, right=True),
        Column(_("last day"), width=10),
        Column(_("days left"), width=9, right=True),
    )


def statement_columns() -> tuple[Column, ...]:
    """Day, kind, change, balance after it, last day of the points, reason, where it comes from."""
    return (
        Column(_("date"), width=10),
        Column(_("kind"), width=8),
        Column(_("change"), width=8, right=True),
        Column(_("balance"), width=8, right=True),
        Column(_("expires"), width=10, drop=1),
        Column(_("reason"), flex=1, minimum=12),
        Column("#", width=6, right=True, drop=2),
    )


def balance_row(row: BalanceRow) -> Row:
    """The line of a balance with its key."""
    return Row(row.member_id, _balance_cells(row))


def _balance_cells(row: BalanceRow) -> tuple[Cell | str, ...]:
    style: CellStyle = "bad" if row.balance < 0 else "strong" if row.balance else "dim"
    return (
        row.name,
        Cell(str(row.balance), style),
        Cell(str(row.expiring), "warn") if row.expiring else Cell("·", "dim"),
        Cell(row.last_day.isoformat() if row.last_day else "—", "dim"),
    )


def expiring_cells(row: Expiring, today: date) -> tuple[Cell | str, ...]:
    """The line of what expires; the last days stand out."""
    left = (row.expires_on - today).days
    told = ngettext("{n} day", "{n} days", left) if left else _("today")
    return (row.name, str(row.amount), row.expires_on.isoformat(), Cell(told, "warn" if left <= _SOON else ""))


def expiring_key(row: Expiring) -> int:
    """Which line it is: a member's points of one last day."""
    return row.expires_on.toordinal() * _MEMBERS + row.member_id


def member_of(key: int) -> int:
    """The member of a line, of the balances or of what expires."""
    return key % _MEMBERS


class StatementSource:
    """A member's entries, newest first. Expiries that are due but not posted have keys below 0."""

    def __init__(self, lines: Sequence[StatementLine]) -> None:
        self.lines = tuple(reversed(lines))

    @property
    def count(self) -> int:
        """How many entries."""
        return len(self.lines)

    async def fetch(self, start: int, size: int) -> list[Row]:
        """The lines of a page."""
        return [
            Row(line.id or -place, _statement_cells(line))
            for place, line in enumerate(self.lines[start : start + size], start + 1)
        ]


def _statement_cells(line: StatementLine) -> tuple[Cell | str, ...]:
    virtual = line.id is None
    colour: CellStyle = "good" if line.amount > 0 else "bad" if line.balance_after < 0 else ""
    cells = (
        (line.biz_date.isoformat(), ""),
        (_(kind_word(line)), ""),
        (signed(line.amount), colour),
        (str(line.balance_after), "strong"),
        (line.expires_on.isoformat() if line.expires_on else "—", "dim"),
        (reason_words(line), ""),
        ("" if virtual else str(line.id), "dim"),
    )
    return tuple(Cell(text, "dim" if virtual else style) for text, style in cells)  # type: ignore[arg-type]


def empty_text(*, soon: bool) -> str:
    """What a list without rows says: what it is for, and which key to press."""
    if soon:
        return _("No points expire soon.\nf shows the balances again.")
    return _(
        "Points show who keeps going, and can be spent on thanks.\n"
        "Check-ins earn them by themselves once there are members: 2, then i imports a roster.\n"
        "Here a grants some, and i takes over a spreadsheet of points."
    )
