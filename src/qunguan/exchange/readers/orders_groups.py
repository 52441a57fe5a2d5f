"""Rows that speak of one order brought together: one row an article, merged cells, rows told twice."""

from __future__ import annotations

from collections.abc import Iterable

from qunguan.domain.errors import BadInput
from qunguan.domain.rosters import Reason, RowNote
from qunguan.exchange.readers.cells import folded
from qunguan.exchange.readers.headers import Mapping, check_width
from qunguan.exchange.readers.orders_cells import Cells
from qunguan.exchange.readers.orders_shapes import numbers_begin_again
from qunguan.exchange.readers.sheets import Row

Group = list[Cells]
_Key = tuple[str, ...]

_OF_THE_ORDER = ("buyer", "receiver", "amount", "paid_at", "ordered_at", "status")
_OF_AN_ARTICLE = ("sku", "quantity", "item_amount")


def one_row_an_article(mapping: Mapping) -> bool:
    """Whether each row is one article of an order, not the whole of it."""
    return any(field in mapping.fields for field in _OF_AN_ARTICLE)


def groups(rows: Iterable[Row], mapping: Mapping) -> tuple[list[Group], list[RowNote]]:
    """(the rows of each order in file order, the rows that name none with the reason).

    An article whose cells of the order are empty, because they are merged with those above, belongs to the order above.
    """
    found: dict[_Key, Group] = {}
    rejected: list[RowNote] = []
    again, by_article = numbers_begin_again(mapping), one_row_an_article(mapping)
    above: _Key | None = None
    last = 0
    for row in rows:
        cells = Cells.of(row, mapping)
        if not (above and by_article and row.number == last + 1 and _goes_on(cells, found[above])):
            try:
                above = _key(cells, again)
            except BadInput as error:
                rejected.append(RowNote(row.number, Reason.of("{problem}", problem=error)))
                above = None
                continue
        found.setdefault(above, []).append(cells)
        last = row.number
    return list(found.values()), rejected


def _goes_on(cells: Cells, group: Group) -> bool:
    number = cells.given("order_no")
    same = not number or folded(number) == folded(group[0].given("order_no"))
    return same and bool(cells.given("items")) and not any(cells.given(field) for field in _OF_THE_ORDER)


def _key(cells: Cells, again: bool) -> _Key:
    """What tells an order from the next: its number; where numbers begin again also its moment, or else its buyer."""
    check_width(cells.row, cells.mapping)
    number = cells.number()
    if not again:
        return number, cells.text("shop"), cells.text("series")
    moments = cells.code("ordered_at"), cells.code("paid_at")
    return number, *moments, "" if any(moments) else cells.text("buyer") or cells.text("receiver")
