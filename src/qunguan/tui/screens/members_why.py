"""Why each number of a member's card is what it is: points lot by lot, level, badges, streaks, orders."""

from __future__ import annotations

from collections.abc import Iterator

from textual.content import Content

from qunguan.domain.level_terms import quantity
from qunguan.domain.level_views import NextLevel
from qunguan.domain.money import yuan
from qunguan.domain.orders import STATUS_LABELS, OrderRow
from qunguan.domain.profiles import MemberPage, PageReasons
from qunguan.i18n import _
from qunguan.tui.screens.checkins_marks import trail_text
from qunguan.tui.screens.points_why import lot_lines
from qunguan.tui.text import joined, literal
from qunguan.tui.widgets.dialogs import TextView

_ORDERS_SHOWN = 40


class WhyView(TextView):
    """The reasons, as wide as the card they explain."""

    WIDE = True

    def __init__(self, page: MemberPage, reasons: PageReasons) -> None:
        super().__init__(_("Why: {name}", name=page.card.member.name), why_lines(page, reasons))


def why_lines(page: MemberPage, reasons: PageReasons) -> list[Content]:
    """Everything behind the page, a section for each of its numbers."""
    blocks = [
        (_("Points: {n}", n=page.points), lot_lines(page.account)),
        *([(_("Level: {level}", level=page.level.now.level), list(_level(page, reasons)))] if page.level else []),
        *((_("Badge: {name}", name=name), [literal(str(line)) for line in told]) for name, told in reasons.badges),
        (_("Orders"), list(_orders(page, reasons.orders))),
        *((_("{challenge}: streak {n}", challenge=trail.challenge.name, n=trail.streak), trail_text(trail))
          for trail in reasons.trails),
    ]  # fmt: skip
    lines: list[Content] = []
    for title, told in blocks:
        lines += [*([Content("")] if lines else []), literal(title, "bold $primary"), *told]
    return lines


def _level(page: MemberPage, reasons: PageReasons) -> Iterator[Content]:
    assert page.level is not None  # only then is it asked for
    yield from (literal(str(line)) for line in reasons.level)
    if page.level.next is not None:
        yield from _ways(page.level.next)


def _ways(ahead: NextLevel) -> Iterator[Content]:
    """Each way to the next level: what it asks for, what there is, what is missing."""
    for number, way in enumerate(ahead.ways):
        head = _("{level} asks for:", level=ahead.level) if not number else _("or for:")
        yield literal(head, "$text-muted")
        for each in way:
            metric = each.condition.metric
            there = _("there is {value}", value=quantity(metric, each.value))
            missing = _("{amount} missing", amount=quantity(metric, each.missing)) if each.missing else _("reached")
            mark = "○" if each.missing else "●"
            yield joined(f"  {mark} {each.condition.said()}", (f"  {there} · {missing}", "$text-muted"))


def _orders(page: MemberPage, rows: tuple[OrderRow, ...]) -> Iterator[Content]:
    found = page.spending
    if found is not None:
        sums = _("net {net} yuan ÷ {n} orders = {aov} yuan an order; given back whole is no order (semantics 3.8)",
                 net=yuan(found.net_fen), n=found.orders, aov=yuan(found.aov_fen))  # fmt: skip
        yield literal(sums)
    elif not rows:
        yield literal(_("nothing bought yet"), "$text-muted")
    for row in rows[:_ORDERS_SHOWN]:
        back = _(" − {yuan} back", yuan=yuan(row.refund_fen)) if row.refund_fen else ""
        points = _("  {n} points", n=row.points) if row.points else ""
        head = f"{row.day}  {yuan(row.amount_fen)}{back} = {yuan(row.net_fen)}"
        tail = f"{points}  {_(STATUS_LABELS[row.status])}  {row.items or row.number}"
        yield joined(head, (tail, "$text-muted"))
    if len(rows) > _ORDERS_SHOWN:
        yield literal("…", "dim")
