"""Points in words: a statement as a private message to the member, and as a table."""

from __future__ import annotations

from collections.abc import Sequence

from qunguan.domain.points import StatementLine
from qunguan.domain.points_views import Account
from qunguan.domain.text import show
from qunguan.exchange.writers.tables import Column, Table, Value
from qunguan.exchange.writers.text import fit_text
from qunguan.i18n import N_, _, ngettext

_KINDS = {
    "EARN": N_("earned"),
    "SPEND": N_("spent"),
    "EXPIRE": N_("expired"),
    "REVERSE": N_("reversed"),
    "ADJUST": N_("adjusted"),
}
_SOURCES = {
    "checkin": N_("check-in"),
    "streak": N_("streak reward"),
    "deed": N_("good deed"),
    "referral": N_("referral"),
    "import": N_("imported"),
    "undo": N_("undone"),
}
_REDONE = N_("redone")
_TOLD = 12  # entries in a message: what a phone shows without scrolling far


def kind_word(line: StatementLine) -> str:
    """What kind of entry it is: a message ID."""
    if line.id is None:
        return N_("expiry due")
    if line.redone:
        return _REDONE
    return _SOURCES["undo"] if line.source.startswith("undo:") else _KINDS[line.kind]


def stored_kind(kind: str) -> str:
    """A kind of the ledger in words: EARN is earned."""
    return _(_KINDS[kind])


def signed(amount: int) -> str:
    """An amount with its sign: +5, -80."""
    return f"{amount:+d}"


def reason_words(line: StatementLine) -> str:
    """Why: the owner's reason, or else where the entry comes from; what a reversal reverses stands before it."""
    said = line.reason or origin_words(line.source)
    if line.reverses_id is not None:
        return f"↩#{line.reverses_id} {said}".rstrip()
    return said


def origin_words(source: str, kind: str = "") -> str:
    """Where an entry of this source ("checkin:12") comes from, or else what `kind` it is; "" when neither says."""
    word = _SOURCES.get(source.partition(":")[0]) or _KINDS.get(kind)
    return _(word) if word else ""


def statement_text(account: Account, limit: int) -> str:
    """A member's points as a warm private message of at most `limit` characters: what there is, what expires next,
    the newest entries.
    """
    told = account.statement
    head = [_("Hi {name}, here are your points:", name=show(told.name)), _points_line(told.balance)]
    if soon := next((lot for lot in account.open_lots if lot.expires_on), None):
        amount = sum(lot.left for lot in account.open_lots if lot.expires_on == soon.expires_on)
        head.append(_("{amount} of them can be used through {day}, don't forget!", amount=amount, day=soon.expires_on))
    entries = _folded(told.entries)
    newest = entries[:_TOLD]
    if newest:
        head += ["", _("Newest entries")]
    rest = len(entries) - len(newest)
    lines = [_said(line) for line in newest] + ([_more(rest)] if rest else [])
    foot = ["", _("If something looks wrong, just tell me.")]
    return fit_text(lines, limit, head=head, foot=foot, more=lambda cut: _more(cut - 1 + rest if rest else cut))


def _folded(entries: Sequence[StatementLine]) -> list[StatementLine]:
    """The entries, newest first, without what undo took back whole and the undo of it: for the member it never was."""
    by_id = {line.id: line for line in entries}
    gone: set[int | None] = set()
    for line in reversed(entries):
        taken = by_id.get(line.reverses_id) if line.reverses_id is not None else None
        undo = line.source.startswith("undo:") and line.id not in gone
        if undo and taken is not None and taken.id not in gone and taken.amount == -line.amount:
            gone |= {line.id, taken.id}
    return [line for line in reversed(entries) if line.id is None or line.id not in gone]


def _points_line(balance: int) -> str:
    if balance < 0:
        return _("You are {n} points short; the next ones you earn make up for it.", n=-balance)
    return ngettext("You have {n} point", "You have {n} points", balance)


def _more(count: int) -> str:
    return ngettext("…and {n} earlier entry", "…and {n} earlier entries", count)


def _said(line: StatementLine) -> str:
    reason = line.reason or _(kind_word(line))
    return f"{line.biz_date:%m-%d}  {signed(line.amount)}  {show(reason)}"


def statement_table(account: Account) -> Table:
    """A member's statement, oldest entry first."""
    told = account.statement
    columns = (
        Column("id", _("id"), "int"),
        Column("biz_date", _("date"), "date"),
        Column("kind", _("kind")),
        Column("amount", _("change"), "int"),
        Column("balance_after", _("balance"), "int"),
        Column("expires_on", _("last day"), "date"),
        Column("reason", _("reason")),
        Column("source", _("source")),
    )
    return Table(_("Points of {name}", name=show(told.name)), columns, list(map(_row, told.entries)))


def _row(line: StatementLine) -> tuple[Value, ...]:
    kind = _(kind_word(line))
    return (
        line.id,
        line.biz_date,
        kind,
        line.amount,
        line.balance_after,
        line.expires_on,
        line.reason,
        origin_words(line.source) or line.source,
    )
