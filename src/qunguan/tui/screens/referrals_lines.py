"""How the fission book is drawn, and the words for it."""

from __future__ import annotations

from textual.content import Content

from qunguan.domain.campaigns import Campaign
from qunguan.domain.money import yuan
from qunguan.domain.referrals import STATES, Book, Node, State, dues, tree
from qunguan.domain.shares import with_base
from qunguan.i18n import _, labelled, ngettext
from qunguan.tui.text import joined, literal
from qunguan.tui.widgets.paged_table import Cell, Column
from qunguan.tui.widgets.table_cells import CellStyle
from qunguan.values import frozen

_MARKS: dict[State, str] = {"valid": "●", "waiting": "◐", "left": "○", "known": "·", "self": "×", "second": "·"}
_STYLES: dict[State, CellStyle] = {
    "valid": "good", "waiting": "warn", "left": "dim", "known": "dim", "self": "bad", "second": "dim",
}  # fmt: skip
_DEEPEST = 8  # waves that are indented


@frozen
class Row:
    """One line of the book: somebody at their depth in the tree. `key` is its place in the whole book."""

    key: int
    node: Node
    depth: int


def rows(book: Book) -> tuple[Row, ...]:
    """The book in the order of its tree."""
    found: list[Row] = []
    waiting = [(0, node) for node in reversed(tree(book.participants, book.invites))]
    while waiting:
        depth, node = waiting.pop()
        found.append(Row(len(found), node, depth))
        waiting += [(depth + 1, child) for child in reversed(node.children)]
    return tuple(found)


def headline(n: int) -> Content:
    """How many drives there are."""
    return literal(ngettext("{n} drive", "{n} drives", n), "bold")


def book_headline(book: Book) -> Content:
    """The figures that matter, in one line."""
    k = "—" if book.k is None else f"{book.k:.2f}"
    owed = len(dues(book))
    parts = [
        literal(book.name, "bold"),
        literal(_("{n} came", n=book.joins)),
        literal(ngettext("{n} counts", "{n} count", book.valid), "$text-success"),
        literal(_("{n} to be settled", n=book.count("waiting")), "$text-muted"),
        *([literal(_("r hands out {n}", n=owed), "$text-warning")] if owed else []),
        literal(f"K {k}"),
        literal(_("stayed {rate}", rate=with_base(book.keep_rate, book.settled))),
    ]
    return Content("   ").join(parts)


def drive_columns() -> tuple[Column, ...]:
    """Name, days, task, came, count, K, stayed."""
    return (
        Column(_("name"), flex=1, minimum=12),
        Column(_("from"), width=10, drop=2),
        Column(_("until"), width=10, drop=1),
        Column(_("took the task"), width=10, right=True, drop=3),
        Column(_("came along"), width=6, right=True),
        Column(_("those that count"), width=6, right=True),
        Column("K", width=6, right=True),
        Column(_("due"), width=6, right=True),
    )


def drive_cells(campaign: Campaign, book: Book) -> tuple[Cell | str, ...]:
    """The line of a drive; one put away is dim."""
    away = campaign.closed_on is not None or campaign.cancelled_on is not None
    owed = len(dues(book))
    return (
        Cell(campaign.name, "dim" if away else ""), Cell(campaign.from_day.isoformat(), "dim"),
        Cell(campaign.to_day.isoformat(), "dim"), Cell(str(len(book.participants) or "·"), "dim"),
        Cell(str(book.joins or "·")), Cell(str(book.valid or "·"), "strong"),
        Cell("—" if book.k is None else f"{book.k:.2f}"), Cell(str(owed or "·"), "warn" if owed else "dim"),
    )  # fmt: skip


def drive_side(book: Book) -> Content:
    """The figures of a drive, with their bases."""
    facts = (
        (_("took the task"), str(len(book.participants))),
        (_("came along"), str(book.joins)),
        (_("for the first time"), str(book.new)),
        (_("those that count"), str(book.valid)),
        (_("wait for the settlement"), str(book.count("waiting"))),
        (_("left again"), str(book.count("left"))),
        ("K", "—" if book.k is None else f"{book.k:.2f} (n={len(book.participants)})"),
        (_("stayed"), with_base(book.keep_rate, book.settled)),
        (_("cost so far"), "—" if book.cost_fen is None else yuan(book.cost_fen)),
        (_("cost of one"), "—" if book.cost_per_valid_fen is None else yuan(round(book.cost_per_valid_fen))),
        (_("days from task to joining"), "—" if book.cycle_days is None else f"{book.cycle_days:.1f}"),
    )
    told = [literal(book.name, "bold"), *(joined((f"{label} ", "$text-muted"), value) for label, value in facts)]
    told.append(Content(""))
    for tier in book.tiers:
        gift = " · ".join(part for part in (tier.what, _("{n} points", n=tier.points) if tier.points else "") if part)
        told.append(joined(_("from {n} on: ", n=tier.invites), gift or "—"))
    return Content("\n").join(told)


def person_columns() -> tuple[Column, ...]:
    """Mark, name at its depth, brought, count, state."""
    return (
        Column("", width=2),
        Column(_("member"), flex=1, minimum=16),
        Column(_("brought"), width=7, right=True),
        Column(_("those that count"), width=6, right=True),
        Column(_("joined"), width=10, drop=1),
        Column(_("state"), flex=1, minimum=12),
    )


def person_cells(row: Row) -> tuple[Cell | str, ...]:
    """The line of a person."""
    node, judged = row.node, row.node.judged
    state = judged.state if judged else None
    style: CellStyle = _STYLES[state] if state else ""
    indent = "  " * min(row.depth, _DEEPEST)
    return (
        Cell(_MARKS[state] if state else "", style), Cell(f"{indent}{node.name}", "" if state != "self" else "bad"),
        Cell(str(len(node.children) or "·"), "dim"), Cell(str(node.valid or "·"), "strong" if node.valid else "dim"),
        Cell(judged.invite.joined_on.isoformat() if judged else "", "dim"),
        Cell(_(STATES[state]) if state else "", style),
    )  # fmt: skip


def person_side(row: Row, book: Book) -> Content:
    """What became of somebody's invitations, and how they came themselves."""
    node = row.node
    told = [literal(node.name, "bold")]
    if node.judged:
        told += [literal(_("brought by {name}", name=node.judged.invite.inviter), "$text-muted"),
                 literal(labelled(_(STATES[node.judged.state]), node.judged.reason)), Content("")]  # fmt: skip
    told.append(literal(ngettext("{n} counts", "{n} count", node.valid)))
    owed = [each for each in dues(book) if each.member_id == node.member_id]
    told += [literal(_("due: {what}", what=each.tier.what or _("{n} points", n=each.tier.points)), "$text-warning")
             for each in owed]  # fmt: skip
    handed = [each for each in book.handed if each.member_id == node.member_id]
    told += [literal(_("handed out on {day}: {what}", day=each.given_on, what=each.what or "—")) for each in handed]
    told.append(Content(""))
    for child in node.children:
        if child.judged:
            told.append(
                joined(f"{_MARKS[child.judged.state]} {child.name} ", (str(child.judged.reason), "$text-muted"))
            )
    return Content("\n").join(told)


def why(book: Book) -> list[Content]:
    """What counts, with how many there are of each, and why those do not count that do not."""
    told = [
        joined((f"{_MARKS[state]} {_(label)} ", "bold"), str(book.count(state)))
        for state, label in STATES.items()
        if book.count(state)
    ]
    told.append(Content(""))
    told += [
        joined(f"{each.invite.invitee} ", (str(each.reason), "$text-muted"))
        for each in book.invites
        if each.state in ("self", "second", "known", "left")
    ]
    return told


def empty_drives() -> str:
    """What an empty list of drives says."""
    return _(
        "A drive lets members bring friends: so many who come and stay earn a reward.\n"
        "Plan a campaign of the form 裂变 in the room before this one; its book then stands here."
    )


def empty_book() -> str:
    """What an empty book says."""
    return _(
        "Nobody is in the book yet.\n"
        "i imports who brought whom, a notes one, t takes in the joinings whose inviter the chats told."
    )
