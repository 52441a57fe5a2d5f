"""The articles of an order: one a row, or all in one cell; and whether they add up to what the order says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from qunguan.domain.errors import BadInput
from qunguan.domain.money import yuan
from qunguan.domain.orders import OrderLine
from qunguan.domain.rosters import Reason, RowNote
from qunguan.exchange.readers.cells import int_cell
from qunguan.exchange.readers.orders_cells import Cells
from qunguan.exchange.readers.orders_groups import Group, one_row_an_article
from qunguan.exchange.readers.orders_items import item_lines
from qunguan.i18n import N_


def articles(group: Group, amount: int | None) -> tuple[tuple[OrderLine, ...], list[RowNote]]:
    """(the lines of the order that cost `amount` fen, notes on what does not add up).

    Raises `BadInput` for a quantity or an amount that is none.
    """
    if one_row_an_article(group[0].mapping):
        lines, notes = _settled([line for cells in group for line in _row_lines(cells)], group, amount)
    else:
        told = dict.fromkeys(cells.given("items") for cells in group)
        lines, notes = [line for text in told for line in item_lines(text)], []
    return tuple(lines), [*notes, *_kinds(group, lines)]


def _row_lines(cells: Cells) -> list[OrderLine]:
    """The article of a row; several where the row is a whole order whose pieces its quantity counts."""
    name, sku = cells.text("items"), cells.text("sku")
    quantity, amount = cells.quantity(), cells.money("item_amount")
    if not name:
        return []
    listed = item_lines(cells.given("items"))
    if not sku and (len(listed) > 1 or not cells.given("quantity")):
        if len(listed) == 1:
            return [replace(listed[0], amount_fen=amount)]
        if not cells.given("quantity") or sum(line.quantity for line in listed) == quantity:
            return list(listed)
    return [OrderLine(name, sku, quantity, amount)]


def _settled(lines: list[OrderLine], group: Group, amount: int | None) -> tuple[list[OrderLine], list[RowNote]]:
    """The lines with what each cost in all, as the order's own total shows: rows twice in the file, prices a piece."""
    if amount is None or not lines or any(line.amount_fen is None for line in lines):
        return lines, []
    once = list(dict.fromkeys(lines))
    if len(once) < len(lines) and not any(cells.given("amount") or cells.given("goods") for cells in group):
        problem = N_("the same article stands here twice, and both are counted")
        return lines, [RowNote(group[-1].row.number, Reason(problem))]
    by_piece = [replace(line, amount_fen=(line.amount_fen or 0) * line.quantity) for line in lines]
    for candidate in (lines, once, by_piece):
        if _sum(candidate) == amount:
            return candidate, []
    if _sum(lines) + (group[0].money("freight") or 0) - (group[0].money("discount") or 0) == amount:
        return lines, []
    problem = N_("the articles come to {sum} yuan, the order to {amount}; the order's own amount is taken")
    return lines, [RowNote(group[0].row.number, Reason.of(problem, sum=yuan(_sum(lines)), amount=yuan(amount)))]


def _sum(lines: Sequence[OrderLine]) -> int:
    return sum(line.amount_fen or 0 for line in lines)


def _kinds(group: Group, lines: Sequence[OrderLine]) -> list[RowNote]:
    """A note where the sheet counts more kinds of goods than it lists."""
    told = group[0].given("kinds")
    try:
        kinds = int_cell(told) if told else 0
    except BadInput:
        return []
    listed = len({line.item for line in lines})
    if not kinds or kinds in (listed, len(lines)):
        return []
    problem = N_("the sheet counts {kinds} kinds of goods and lists {listed}")
    return [RowNote(group[0].row.number, Reason.of(problem, kinds=kinds, listed=listed))]
