"""The fission book as JSON and as lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from qunguan.cli.command import columns, known
from qunguan.cli.sources import rejected, rejected_lines
from qunguan.domain.campaign_terms import fen_typed
from qunguan.domain.campaigns import Campaign
from qunguan.domain.money import yuan
from qunguan.domain.referrals import STATES, Book, Due, Node, Told, dues, tree
from qunguan.domain.rosters import RowNote
from qunguan.domain.shares import with_base
from qunguan.i18n import _


def fen(text: str) -> int:
    """Yuan as typed, in fen. Raises BadInput."""
    return fen_typed(text)


def rate(value: float | None, n: int) -> dict[str, Any] | None:
    """A rate with its base; None without one."""
    return None if value is None else {"value": value, "n": n}


def book_document(book: Book) -> dict[str, Any]:
    """The book as JSON has it."""
    return {
        "campaign_id": book.campaign_id,
        "name": book.name,
        "as_of": book.as_of,
        "participants": len(book.participants),
        "joins": book.joins,
        "new": book.new,
        "valid": book.valid,
        "waiting": book.count("waiting"),
        "k": rate(book.k, len(book.participants)),
        "keep_rate": rate(book.keep_rate, book.settled),
        "cost_fen": book.cost_fen,
        "cost_per_valid_fen": None if book.cost_per_valid_fen is None else round(book.cost_per_valid_fen),
        "cycle_days": book.cycle_days,
        "invites": [
            {
                "inviter": each.invite.inviter,
                "invitee": each.invite.invitee,
                "joined_on": each.invite.joined_on,
                "state": each.state,
                "settled_on": each.settled_on,
                "why": str(each.reason),
            }
            for each in book.invites
        ],
        "due": [due_document(each) for each in dues(book)],
        "tree": _nodes(tree(book.participants, book.invites)),
    }


def _nodes(roots: Sequence[Node]) -> list[dict[str, Any]]:
    """The tree, built from below: a branch may be longer than Python may call."""
    order = list(roots)
    for node in order:
        order += node.children
    made: dict[int, dict[str, Any]] = {}
    for node in reversed(order):
        state = node.judged.state if node.judged else None
        children = [made[id(child)] for child in node.children]
        made[id(node)] = {
            "member_id": node.member_id, "name": node.name, "state": state, "valid": node.valid, "children": children,
        }  # fmt: skip
    return [made[id(root)] for root in roots]


def due_document(each: Due) -> dict[str, Any]:
    """What is owed as JSON has it."""
    return {
        "member_id": each.member_id, "name": each.name, "tier": each.tier.invites, "what": each.tier.what,
        "points": each.tier.points, "valid": each.valid,
    }  # fmt: skip


def book_lines(book: Book) -> list[str]:
    """The book for people: the figures, the branches, who does not count and why."""
    facts = (
        (_("took the task"), len(book.participants)),
        (_("came along"), book.joins),
        (_("for the first time"), book.new),
        (_("those that count"), book.valid),
        (_("wait for the settlement"), book.count("waiting")),
        ("K", "—" if book.k is None else f"{book.k:.2f} (n={len(book.participants)})"),
        (_("stayed"), with_base(book.keep_rate, book.settled)),
        (_("cost so far"), "—" if book.cost_fen is None else yuan(book.cost_fen)),
        (_("cost of one"), "—" if book.cost_per_valid_fen is None else yuan(round(book.cost_per_valid_fen))),
        (_("days from task to joining"), "—" if book.cycle_days is None else f"{book.cycle_days:.1f}"),
    )
    lines = [_("{name} on {day}", name=book.name, day=book.as_of), *columns(("", ""), facts, right=(1,))[1:], ""]
    lines += list(branches(tree(book.participants, book.invites)))
    doubtful = [each for each in book.invites if each.state in ("self", "second", "known", "left")]
    if doubtful:
        rows = [(each.invite.inviter, each.invite.invitee, _(STATES[each.state]), each.reason) for each in doubtful]
        lines += ["", _("Not counted"), *columns((_("inviter"), _("invitee"), _("state"), _("why")), rows)]
    owed = len(dues(book))
    if owed:
        lines.append(_("{n} rewards are due. Next: qunguan referral handout {id}", n=owed, id=book.campaign_id))
    return lines


def branches(roots: Sequence[Node]) -> Iterator[str]:
    """The tree as lines, two blanks a wave."""
    waiting = [(0, root) for root in reversed(roots)]
    while waiting:
        depth, node = waiting.pop()
        said = f" · {_(STATES[node.judged.state])}" if node.judged else ""
        count = f"  {node.valid}" if node.children else ""
        yield f"{'  ' * min(depth, 20)}{node.name}{count}{said}"
        waiting += [(depth + 1, child) for child in reversed(node.children)]


def due_lines(owed: Sequence[Due]) -> list[str]:
    """What is owed, for people."""
    if not owed:
        return [_("Nothing is due")]
    header = (_("member"), _("valid"), _("tier"), _("what"), _("points"))
    rows = [(each.name, each.valid, each.tier.invites, known(each.tier.what), each.tier.points) for each in owed]
    return [*columns(header, rows, right=(1, 2, 4)), _("Next: qunguan referral handout")]


def told_document(done: Told, refused: Sequence[RowNote]) -> dict[str, Any]:
    """What came of a file as JSON has it."""
    return {
        "added": done.added, "already": done.already, "created": list(done.created), "rejected": rejected(refused),
    }  # fmt: skip


def told_lines(found: Campaign, done: Told, refused: Sequence[RowNote]) -> list[str]:
    """What came of a file, for people."""
    line = _("{name}: {n} invitations noted, {already} known before, {created} people added to the roster",
             name=found.name, n=done.added, already=done.already, created=len(done.created))  # fmt: skip
    return [line, *rejected_lines(refused), _("Next: qunguan referral show {id}", id=found.id)]


def drive_lines(found: Sequence[Campaign], books: Sequence[Book]) -> list[str]:
    """The drives for people."""
    if not found:
        return [_("No campaign of invitations yet. Next: qunguan campaign add NAME --form fission")]
    header = ("#", _("name"), _("from"), _("to"), _("took the task"), _("came along"), _("those that count"), "K")
    rows = [
        (each.id, each.name, each.from_day, each.to_day, len(book.participants), book.joins, book.valid,
         "—" if book.k is None else f"{book.k:.2f}")
        for each, book in zip(found, books, strict=True)
    ]  # fmt: skip
    return columns(header, rows, right=(0, 4, 5, 6, 7))
