"""Orders in: 快团团, 群接龙 and 有赞 as they export, and any other table by its columns (formats 11, 13).

Every row below the header is part of an order, or is listed with the reason: nothing is lost in silence.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping as Table
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from qunguan.domain import text as texts
from qunguan.domain.errors import BadInput
from qunguan.domain.orders import SHOP_LABELS, OrderEntry, OrderSheet, OrderStatus, Shop
from qunguan.domain.rosters import Reason, RowNote
from qunguan.exchange.readers.headers import Mapping
from qunguan.exchange.readers.orders_build import UNTOLD, Terms, order
from qunguan.exchange.readers.orders_groups import Group, groups
from qunguan.exchange.readers.orders_shapes import (
    NEEDED,
    find_columns,
    lacking,
    not_an_order,
    numbers_begin_again,
    shop_of,
    title_of,
)
from qunguan.exchange.readers.sheets import Row, Sheet
from qunguan.i18n import N_, _

__all__ = ["NEEDED", "read_orders", "shop_of"]

_LACKS = {
    "amount": N_("the sheet has no amounts: orders known already keep theirs, new ones cost nothing yet"),
    "paid_at": N_("the sheet does not say when orders were paid: without a day they do not count yet"),
    "status": N_("the sheet has no status: all its orders are taken as paid"),
    "buyer": N_("the sheet does not name the buyers: those who receive the goods are taken for them"),
}


def read_orders(
    sheet: Sheet,
    mapping: Mapping | None = None,
    *,
    shop: Shop | None = None,
    series: str | None = None,
    day: date | None = None,
    statuses: Table[str, OrderStatus] | None = None,
) -> OrderSheet:
    """The orders in `sheet`, of the `shop` its columns give away or the owner names.

    `mapping` says what the columns mean where the owner has been asked, `statuses` what unknown status words mean;
    `series` names the list whose numbers these are, `day` the day of orders in a sheet that has none. Raises
    `NeedsMapping` when the order number, buyer or amount is not found, `BadInput` when `mapping` is for another header.
    """
    found_shop = shop_of(sheet)
    if shop is not None and found_shop not in (shop, "generic"):
        raise BadInput("these are the columns of {found}, not of {told}", where=sheet.name,
                       hint="leave the format out, or give the one it is", found=_(SHOP_LABELS[found_shop]),
                       told=_(SHOP_LABELS[shop]))  # fmt: skip
    shop = shop or found_shop
    top, mapping = find_columns(sheet, shop, mapping)
    header, lacks = sheet.rows[top], lacking(mapping)
    rows, notes = _data(sheet, top, mapping)
    found, rejected = groups(rows, mapping)
    named = texts.clean(series.strip()) if series is not None else None
    terms = Terms(shop, numbers_begin_again(mapping), lacks, title_of(sheet, top), named, day, statuses or {})
    entries: list[OrderEntry] = []
    for group in found:
        try:
            entry, about = order(group, terms)
        except BadInput as error:
            rejected.extend(_refused(group, error, terms))
            continue
        entries.append(entry)
        notes.extend(about)
    entries, doubled = _told_once(_with_series(entries))
    notes.extend(RowNote(header.number, said) for said in _about(sheet, terms, entries))
    return OrderSheet(
        format=shop,
        encoding=sheet.encoding,
        entries=tuple(entries),
        rejected=tuple(sorted((*rejected, *doubled), key=lambda note: note.row)),
        notes=tuple(sorted(notes, key=lambda note: note.row)),
        lacks=lacks,
        columns=mapping.columns(),
        unmapped=mapping.unmapped(),
    )


def _data(sheet: Sheet, top: int, mapping: Mapping) -> tuple[list[Row], list[RowNote]]:
    """(rows below the header that should be orders, notes on those that are not meant to be)."""
    rows: list[Row] = []
    notes: list[RowNote] = []
    for row in sheet.rows[top + 1 :]:
        other = not_an_order(row, sheet.rows[top], mapping)
        if other:
            notes.append(RowNote(row.number, other))
        else:
            rows.append(row)
    return rows, notes


def _refused(group: Group, error: BadInput, terms: Terms) -> list[RowNote]:
    """All rows of an order that cannot be taken, each with the reason: its own, or the row that it depends on."""
    own = {cells.row.number for cells in group if str(_problem([cells], terms)) == str(error)}
    problem = Reason.of("{problem}", problem=error)
    other = Reason.of(N_("the order cannot be taken because of row {row}"), row=min(own, default=0))
    return [RowNote(cells.row.number, problem if not own or cells.row.number in own else other) for cells in group]


def _problem(group: Group, terms: Terms) -> BadInput | None:
    try:
        order(group, terms)
    except BadInput as error:
        return error
    return None


def _with_series(entries: list[OrderEntry]) -> list[OrderEntry]:
    """A series for a list that has neither name nor moments: the fingerprint of its first order, by number.

    A longer export of the same list begins with the same order; another list begins with another one.
    """
    untold = [entry for entry in entries if entry.series == UNTOLD]
    if not untold:
        return entries
    first = min(untold, key=lambda entry: (len(entry.number), entry.number))
    told = "\x1f".join((first.number, texts.match_key(first.buyer), *(line.item for line in first.lines)))
    print_ = hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:12]
    return [replace(entry, series=print_) if entry.series == UNTOLD else entry for entry in entries]


def _told_once(entries: Sequence[OrderEntry]) -> tuple[list[OrderEntry], list[RowNote]]:
    """(each order once, the rows that tell one of them again and differently)."""
    kept: dict[tuple[str, str, str], OrderEntry] = {}
    doubled: list[RowNote] = []
    for entry in entries:
        identity = (entry.shop, entry.series, entry.number)
        known = kept.setdefault(identity, entry)
        if known is entry:
            continue
        if replace(known, rows=()) == replace(entry, rows=()):
            kept[identity] = replace(known, rows=(*known.rows, *entry.rows))
            continue
        problem = Reason.of(N_("row {row} already tells this order, and differently"), row=known.rows[0])
        doubled.extend(RowNote(row, problem) for row in entry.rows)
    return list(kept.values()), doubled


def _about(sheet: Sheet, terms: Terms, entries: Sequence[OrderEntry]) -> list[Reason]:
    """What is to be said of the sheet as a whole."""
    said = list(sheet.notes)
    for name, problem in _LACKS.items():
        if (
            name in terms.lacks
            and not (name == "paid_at" and terms.day)
            and not (name == "status" and "amount" in terms.lacks)
        ):
            said.append(Reason(problem))
    if terms.again and terms.series is None and "paid_at" in terms.lacks and "amount" not in terms.lacks and entries:
        problem = N_("the numbers count within one list, which goes by “{series}” here; name it yourself to be sure")
        said.append(Reason.of(problem, series=entries[0].series))
    return said
