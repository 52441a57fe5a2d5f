"""The fission book out: a sheet of every invitation, and how the drive stands as text for the group."""

from __future__ import annotations

from qunguan.domain.referrals import STATES, Book, tree
from qunguan.domain.text import show
from qunguan.exchange.writers.tables import Column, Table
from qunguan.i18n import _, ngettext

_NAMED = 20


def book_table(book: Book) -> Table:
    """Every invitation with what became of it."""
    columns = (
        Column("inviter", _("inviter")),
        Column("invitee", _("invitee")),
        Column("joined_on", _("joined"), "date"),
        Column("state", _("state")),
        Column("settled_on", _("settled"), "date"),
        Column("why", _("why")),
    )
    rows = [
        (each.invite.inviter, each.invite.invitee, each.invite.joined_on, _(STATES[each.state]), each.settled_on,
         str(each.reason))
        for each in book.invites
    ]  # fmt: skip
    return Table(_("{name} on {day}", name=book.name, day=book.as_of), columns, rows)


def standing_text(book: Book) -> str:
    """Who has brought how many that count, the first twenty, and what the next tier asks for."""
    counts: dict[str, int] = {}
    roots = list(tree(book.participants, book.invites))
    for node in roots:
        roots += node.children
        if node.valid:
            counts[f"{node.member_id}\t{node.name}"] = node.valid
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    lines = [_("{name}: {n} friends came and stayed so far", name=show(book.name), n=book.valid)]
    lines += [f"{place}. {show(who.partition(chr(9))[2])} {n}" for place, (who, n) in enumerate(ranked[:_NAMED], 1)]
    if len(ranked) > _NAMED:
        lines.append(ngettext("… and {n} other", "… and {n} others", len(ranked) - _NAMED))
    waiting = book.count("waiting")
    if waiting:
        lines.append(_("{n} more count once they have stayed a week", n=waiting))
    return "\n".join(lines)
