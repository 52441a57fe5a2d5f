"""What is written to members whose paid membership ends, and the list of members as a table."""

from __future__ import annotations

from collections.abc import Sequence

from qunguan.domain.money import short_yuan
from qunguan.domain.plan_words import used_text
from qunguan.domain.plans import STATUSES, Membership
from qunguan.domain.text import show
from qunguan.domain.today import near
from qunguan.exchange.writers.tables import Column, Table, Value
from qunguan.i18n import _


def renewal_note(one: Membership, price_fen: int | None) -> str:
    """A private note to one member: until when, what was used and what is left, the price; as of its day."""
    until, days = one.standing.until, one.days_left
    name, plan = show(one.name), show(one.plan)
    if until is None or days is None:
        return _("{name}, your {plan} was paid back. If you would like to come again, tell me.", name=name, plan=plan)
    if days < 0:
        first = _("{name}, your {plan} ended on {day}.", name=name, plan=plan, day=until)
    elif days <= 1:
        first = _("{name}, your {plan} runs through {day}.", name=name, plan=plan, day=near(until, one.day))
    else:
        first = _("{name}, your {plan} runs through {day}, {n} days from now.", name=name, plan=plan, day=until, n=days)
    lines = [first]
    taken = [used_text(used) for used in one.used if used.used]
    left = [used_text(used) for used in one.used if used.left and days >= 0]
    if taken:
        lines.append(_("Used so far: {benefits}.", benefits=_(", ").join(taken)))
    if left:
        lines.append(_("Still yours until then: {benefits}.", benefits=_(", ").join(left)))
    if price_fen:
        lines.append(_("Another term is {yuan} yuan.", yuan=short_yuan(price_fen)))
    lines.append(_("Renewed before the end it goes on without a gap.") if days >= 0 else
                 _("Renewed now it begins today."))  # fmt: skip
    lines.append(_("Stay with us? Just tell me."))
    return "\n".join(lines)


def renewal_notes(found: Sequence[tuple[Membership, int | None]], limit: int) -> str:
    """The notes to several, one under the other, as many as fit whole; the price goes with each."""
    notes: list[str] = []
    for one, price in found:
        note = renewal_note(one, price)
        if notes and sum(map(len, notes)) + len(note) + 2 * len(notes) > limit:
            break
        notes.append(note)
    return "\n\n".join(notes)


def membership_table(found: Sequence[Membership], title: str) -> Table:
    """The members of the plans as a table, one membership a row; money in fen as the writers take it."""
    columns = (
        Column("id", _("member id"), "int"),
        Column("name", _("name")),
        Column("plan", _("membership")),
        Column("status", _("status")),
        Column("joined_on", _("member since"), "date"),
        Column("until", _("runs until"), "date"),
        Column("days_left", _("days left"), "int"),
        Column("paid", _("paid in all"), "money"),
        Column("benefits", _("benefits")),
        Column("gift_owed", _("gift owed")),
    )
    rows: list[tuple[Value, ...]] = [
        (
            one.member_id, one.name, one.plan, _(STATUSES[one.standing.status]), one.standing.joined_on,
            one.standing.until, one.days_left, one.paid_fen, _(", ").join(map(used_text, one.used)),
            one.gift if one.gift_owed else "",
        )
        for one in found
    ]  # fmt: skip
    return Table(title, columns, rows)
