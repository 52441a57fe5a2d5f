"""Levels in words: where a member stands as a private text, and everybody as a table."""

from __future__ import annotations

from collections.abc import Sequence

from qunguan.domain.level_views import LevelCard, LevelLine
from qunguan.domain.level_words import CAUSES, missing_said, nearest_said, quota_said
from qunguan.domain.text import show
from qunguan.exchange.writers.tables import Column, Table
from qunguan.i18n import _


def member_text(card: LevelCard) -> str:
    """A member's level as a private text to them: since when, how long, what is missing to the next, what it gives."""
    now = card.now
    lines = [_("Hi {name}, you are {level}! 🎉", name=show(card.name), level=show(now.level))]
    if now.standing.until is not None:
        lines.append(_("It is yours through {day}.", day=now.standing.until))
    if card.next is not None:
        ways = _(" or ").join(missing_said(way) for way in card.next.ways)
        lines.append(_("To {level} there is missing: {missing}.", level=show(card.next.level), missing=ways))
    if card.benefits:
        lines.append(_("What you have of it:"))
    for each in card.benefits:
        told = quota_said(each.benefit)
        if each.left is not None:
            told = _("{quota}, {n} left", quota=told, n=each.left)
        note = f" · {show(each.benefit.note)}" if each.benefit.note else ""
        lines.append(f"· {show(each.benefit.name)} ({told}){note}")
    return "\n".join(lines)


def levels_table(rows: Sequence[LevelLine], ladder: str) -> Table:
    """Members with their levels, and why they are on them."""
    columns = (
        Column("member_id", _("member id"), "int"), Column("name", _("member")), Column("rank", _("rank"), "int"),
        Column("level", _("level")), Column("since", _("since"), "date"), Column("until", _("held through"), "date"),
        Column("cause", _("why")), Column("reason", _("reason")), Column("missing", _("missing to the next")),
    )  # fmt: skip
    cells = []
    for row in rows:
        at, standing = row.stands, row.stands.standing
        cells.append((at.member_id, row.name, at.rank, at.level, at.since, standing.until, _(CAUSES[standing.cause]),
                      standing.reason, nearest_said(row.next)))  # fmt: skip
    return Table(_("Levels: {ladder}", ladder=ladder), columns, cells)
