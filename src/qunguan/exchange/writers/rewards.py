"""Rewards in words: the catalogue for the group, a code for its owner, and both lists as tables."""

from __future__ import annotations

from collections.abc import Sequence

from qunguan.domain.rewards import KINDS, STATES, Redemption, RewardRow
from qunguan.domain.text import show
from qunguan.exchange.writers.tables import Column, Table
from qunguan.exchange.writers.text import fit_text
from qunguan.i18n import _


def catalogue_text(rows: Sequence[RewardRow], limit: int) -> str:
    """What points can be spent on, for the group, in at most `limit` characters; what is gone is left out."""
    lines = [_line(row) for row in rows if row.left != 0]
    return fit_text(
        lines, limit, head=[_("🎁 What your points are good for:")], foot=[_("Tell me which one you want!")]
    )


def _line(row: RewardRow) -> str:
    found = row.reward
    parts = [_("{price} points", price=found.price) if found.price else _("free")]
    if row.left is not None:
        parts.append(_("{n} left", n=row.left))
    if found.valid_to:
        parts.append(_("until {day}", day=found.valid_to))
    return f"· {show(found.name)}  {' · '.join(parts)}"


def code_text(found: Redemption) -> str:
    """A redemption as a private message to the member."""
    lines = [_("Hi {name}, your {reward} is reserved! 🎁", name=show(found.name), reward=show(found.reward))]
    lines.append(_("Code: {code}", code=found.code))
    if found.expires_on:
        lines.append(_("It is good through {day}, don't forget!", day=found.expires_on))
    return "\n".join(lines)


def rewards_table(rows: Sequence[RewardRow]) -> Table:
    """The catalogue as a table."""
    columns = (
        Column("id", _("id"), "int"), Column("name", _("reward")), Column("kind", _("kind")),
        Column("price", _("points"), "int"), Column("stock", _("stock"), "int"), Column("taken", _("taken"), "int"),
        Column("left", _("remaining"), "int"), Column("waiting", _("waiting"), "int"),
        Column("valid_from", _("from"), "date"), Column("valid_to", _("to"), "date"),
    )  # fmt: skip
    cells = [
        (r.reward.id, r.reward.name, _(KINDS[r.reward.kind]), r.reward.price, r.reward.stock, r.taken, r.left,
         r.waiting, r.reward.valid_from, r.reward.valid_to)
        for r in rows
    ]  # fmt: skip
    return Table(_("Rewards"), columns, cells)


def redemptions_table(rows: Sequence[Redemption]) -> Table:
    """The redemptions as a table."""
    columns = (
        Column("id", _("id"), "int"), Column("day", _("day"), "date"), Column("member_id", _("member id"), "int"),
        Column("name", _("member")), Column("reward", _("reward")), Column("price", _("points"), "int"),
        Column("code", _("code")), Column("state", _("state")), Column("expires_on", _("good through"), "date"),
        Column("fulfilled_on", _("handed out"), "date"), Column("cancelled_on", _("cancelled"), "date"),
        Column("reason", _("reason")),
    )  # fmt: skip
    cells = [
        (r.id, r.day, r.member_id, r.name, r.reward, r.price, r.code, _(STATES[r.state]), r.expires_on,
         r.fulfilled_on, r.cancelled_on, r.reason)
        for r in rows
    ]  # fmt: skip
    return Table(_("Redemptions"), columns, cells)
