"""A shop's export into the book: the same file twice changes nothing, a longer one only what is new.

Orders are known by shop, series and number. What came later about an order (paid, refunded, cancelled) is dated on
the day it is heard of; what a file tells of an order for the first time is as old as the order.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from qunguan.domain.clock import Clock, DayRule
from qunguan.domain.errors import UserError
from qunguan.domain.money import yuan
from qunguan.domain.names import typed_name
from qunguan.domain.orders import MAX_FEN, OrderEntry, OrderImport, OrderSheet, Unmatched
from qunguan.domain.orders_book import Kept, Told, completed, follow
from qunguan.domain.rosters import Reason, RowNote
from qunguan.domain.text import match_key
from qunguan.i18n import N_
from qunguan.services import groups, order_points, order_scope
from qunguan.services.members_edit import add_many
from qunguan.services.members_index import reindex
from qunguan.services.order_match import Buyer, Found, Matching, full_phone, gathered
from qunguan.store import order_queries as queries
from qunguan.store.members import member
from qunguan.store.order_queries import WAITING
from qunguan.store.orders import order_line, order_refund, shop_order
from qunguan.store.session import Session

_Identity = tuple[str, str, str]
_Pair = tuple[OrderEntry, Any]
_LINE = ("item", "sku", "quantity", "amount_fen")


@dataclass(slots=True)
class _Planned:
    """An order of the file: the row the book has of it, what it becomes, and what that changes."""

    entry: OrderEntry
    row: Any
    told: Told
    day: date | None
    found: Found
    values: dict[str, Any] = field(default_factory=dict)
    lines: bool = False
    id: int = 0
    too_old: bool = False
    changed: bool = True

    def become(self, values: dict[str, Any]) -> None:
        """Take note of the columns from now on, and of whether the book is other than before."""
        self.values = values
        if self.row is not None and not self.lines and not self.told.refund_fen:
            before = self.row._mapping
            self.changed = any(before[name] != value for name, value in values.items())

    @property
    def grew(self) -> bool:
        """Whether points may be awarded that were not before: it counts, or is somebody's, or is worth more."""
        if self.row is None or self.told.refund_fen < 0:
            return True
        names = ("counts", "member_id", "amount_fen")
        return any(getattr(self.row, name) != self.values[name] for name in names)


def import_orders(
    session: Session, clock: Clock, sheet: OrderSheet, *, create: bool = False, award: bool = True
) -> OrderImport:
    """Bring the book in line with a sheet: one step.

    `create` makes members of buyers nobody is like; doubtful ones wait in any case. `award` False lets the orders that
    are new in it earn no points, now or later; those paid more than `order.points_within_days` days ago never do.
    """
    session.step(N_("Imported {n} orders"), n=len(sheet.entries))
    rule = groups.day_rule(session)
    today = clock.today(rule)
    rejected = list(sheet.rejected)
    pairs = list(_acceptable(_paired(session, sheet), sheet.lacks, rule, today, rejected))
    plan, stale = _plan(session, pairs, rule)
    new_members = _create(session, clock, plan) if create else 0
    terms = order_points.terms(session, today, award=award)
    for item in plan:
        item.become(_values(item, rule, today, terms))
    created, updated = _write(session, clock, plan, today)
    points = order_points.settle(
        session, clock, [item.id for item in plan if item.changed], fresh={item.id for item in plan if item.grew}
    )
    ids = [*(item.id for item in plan), *stale]
    paid, back, net = _sums(session, ids)
    return OrderImport(
        sheet.format, len(ids), sum(len(entry.lines) for entry, _row in pairs), created, updated,
        len(ids) - created - updated, paid, back, net, _unmatched(session, plan), tuple(sorted(rejected, key=_by_row)),
        points, sum(item.too_old for item in plan), new_members,
    )  # fmt: skip


def paid_day(moment: datetime | None, rule: DayRule) -> date | None:
    """The business day of a moment on the group's wall clock; midnight sharp is a day without a time."""
    if moment is None:
        return None
    return moment.date() if moment.time() == time() else (moment - timedelta(hours=rule.day_start)).date()


def _by_row(note: RowNote) -> int:
    return note.row


def _paired(session: Session, sheet: OrderSheet) -> list[_Pair]:
    """Every order of the sheet with the row the book has of it, under the series it tells or one it was known under.

    A sheet without moments means the only order of that number and buyer; an order that is paid now may be one that
    was pending under another moment; a sheet saved again by a spreadsheet may have lost the seconds.
    """
    rows: dict[_Identity, Any] = {}
    by_buyer: dict[_Identity, list[Any]] = {}
    for row in queries.by_number(session, [(entry.shop, entry.number) for entry in sheet.entries]):
        rows[row.shop, row.series, row.number] = row
        by_buyer.setdefault((row.shop, row.buyer_key, row.number), []).append(row)
    dateless = "paid_at" in sheet.lacks
    pairs: list[_Pair] = []
    for entry in sheet.entries:
        known = (rows.get((entry.shop, series, entry.number)) for series in (entry.series, *entry.also))
        pairs.append((entry, next(filter(None, known), None)))
    taken = {row.id for _entry, row in pairs if row is not None}
    for place, (entry, row) in enumerate(pairs):
        same = by_buyer.get((entry.shop, match_key(entry.buyer), entry.number), ()) if row is None else ()
        may_be = [
            one for one in same
            if one.id not in taken and (dateless or one.status == "pending" or _but_seconds(entry.series, one.series))
        ]  # fmt: skip
        if len(may_be) == 1:
            pairs[place] = (entry, may_be[0])
            taken.add(may_be[0].id)
    return pairs


def _but_seconds(one: str, other: str) -> bool:
    """Whether two moments that name orders are one minute, told once without its seconds: 22:00:31 and 22:00."""
    minute = len("2026-03-20 22:00")
    return one[:minute] == other[:minute] and ":00" in (one[minute:], other[minute:])


def _acceptable(
    pairs: Iterable[_Pair], lacks: Collection[str], rule: DayRule, today: date, rejected: list[RowNote]
) -> Iterable[_Pair]:
    """The orders that can be booked, completed from their rows; the others go to `rejected`."""
    seen: dict[object, int] = {}
    for entry, row in pairs:
        identity = row.id if row is not None else (entry.shop, entry.series, entry.number)
        reason = _impossible(entry, rule, today)
        if reason is None and identity in seen:
            reason = Reason.of(N_("the same order as in row {other}"), other=seen[identity])
        if reason is None:
            seen[identity] = entry.rows[0]
            yield (completed(entry, row, lacks), row) if row is not None else (entry, None)
        else:
            rejected.append(RowNote(entry.rows[0], reason))


def _impossible(entry: OrderEntry, rule: DayRule, today: date) -> Reason | None:
    day = paid_day(entry.paid_at, rule)
    if not 0 <= entry.amount_fen <= MAX_FEN:
        return Reason.of(N_("the amount cannot be: {yuan}"), yuan=yuan(entry.amount_fen))
    if not 0 <= entry.refund_fen <= entry.amount_fen:
        return Reason.of(N_("more went back than was paid"))
    if not 0 <= entry.freight_fen <= entry.amount_fen:
        return Reason.of(N_("the freight is more than was paid"))
    if day is not None and day > today:
        return Reason.of(N_("paid on {day}, which has not come yet"), day=day)
    return None


def _plan(session: Session, pairs: Sequence[_Pair], rule: DayRule) -> tuple[list[_Planned], list[int]]:
    """What every order of the file becomes, and the ids of those of which the book knows more than the file."""
    matching = Matching(session, [Buyer.of(entry) for entry, row in pairs if _waits(row)])
    kept_lines = queries.lines_of(session, [row.id for _entry, row in pairs if row is not None])
    plan: list[_Planned] = []
    stale: list[int] = []
    for entry, row in pairs:
        kept = Kept(row.status, row.counts, row.amount_fen, row.told_fen, row.refunded_fen) if row else None
        day = paid_day(entry.paid_at, rule) or (row.biz_date if row else None)
        told = follow(kept, entry, dated=day is not None)
        if told is None:
            stale.append(row.id)
            continue
        found = matching.find(Buyer.of(entry), day) if _waits(row) else Found(row.matched_by, row.member_id)
        lines = row is not None and _tells_more(entry, kept_lines.get(row.id, ()))
        plan.append(_Planned(entry, row, told, day, found, lines=lines, id=row.id if row else 0))
    return plan, stale


def _waits(row: Any) -> bool:
    return row is None or row.matched_by in WAITING


def _tells_more(entry: OrderEntry, kept: Sequence[Any]) -> bool:
    """Whether the sheet's lines differ from those kept and say as much: another kind of export may know less."""
    told = [tuple(getattr(line, name) for name in _LINE) for line in entry.lines]
    have = [tuple(getattr(row, name) for name in _LINE) for row in kept]
    return told != have and bool(told) and _says(told) >= _says(have)


def _says(lines: Sequence[tuple[Any, ...]]) -> tuple[int, int]:
    """How many lines have a price, and how many an article number."""
    return sum(line[3] is not None for line in lines), sum(bool(line[1]) for line in lines)


def _create(session: Session, clock: Clock, plan: Sequence[_Planned]) -> int:
    """Make members of the buyers nobody knows, one for each name; returns how many."""
    wanted: dict[str, list[_Planned]] = {}
    for item in plan:
        if item.found.by == "unknown" and (key := match_key(item.entry.buyer)):
            wanted.setdefault(key, []).append(item)
    named = [(name, items) for items in wanted.values() if (name := _name(items[0].entry.buyer))]
    if not named:
        return 0
    ids = add_many(session, clock, [name for name, _items in named])
    phones: list[dict[str, Any]] = []
    for member_id, (_called, items) in zip(ids, named, strict=True):
        told = {phone for item in items if (phone := full_phone(item.entry.phone))}
        if len(told) == 1:
            phones.append({"id": member_id, "phone": told.pop()})
        for item in items:
            item.found = Found("alias", member_id)
    session.update_many(member, phones)
    reindex(session, [row["id"] for row in phones])
    return len(ids)


def _name(buyer: str) -> str:
    """The buyer as a member's name, "" where it can be none."""
    try:
        return typed_name(buyer)
    except UserError:
        return ""


def _values(item: _Planned, rule: DayRule, today: date, terms: order_points.Terms) -> dict[str, Any]:
    """The columns of the order's row as they are from now on."""
    entry, row, told = item.entry, item.row, item.told
    first = told.counts and (row is None or not row.counts)
    frozen = {name: getattr(row, name, None) for name in ("unit_fen", "rate", "earning_fen")}
    if first and item.day is not None:
        frozen = dict(terms.frozen(entry.amount_fen, entry.freight_fen, item.day))
        item.too_old = terms.too_old(item.day)
    elif row is not None and row.rate is not None and row.amount_fen != entry.amount_fen:
        frozen["earning_fen"] = terms.frozen(entry.amount_fen, entry.freight_fen, today)["earning_fen"]
    paid_at = entry.paid_at.replace(tzinfo=ZoneInfo(rule.zone)) if entry.paid_at else getattr(row, "paid_at", None)
    return {
        "series": entry.series if row is None or not row.counts else row.series,
        "buyer": entry.buyer,
        "buyer_key": match_key(entry.buyer),
        "phone": entry.phone or getattr(row, "phone", None),
        "member_id": item.found.member_id,
        "matched_by": item.found.by,
        "paid_at": paid_at,
        "biz_date": item.day,
        "amount_fen": entry.amount_fen,
        "freight_fen": entry.freight_fen,
        "status": told.status,
        "status_text": entry.status_text,
        "counts": told.counts,
        "told_fen": told.told_fen,
        **frozen,
        "note": entry.note or getattr(row, "note", ""),
    }


def _write(session: Session, clock: Clock, plan: Sequence[_Planned], today: date) -> tuple[int, int]:
    """Write what changed; returns how many orders are new and how many are other than before."""
    now = clock.now()
    new = [item for item in plan if item.row is None]
    changed = [item for item in plan if item.row is not None and item.changed]
    ids = session.insert_many(
        shop_order,
        (
            {"shop": item.entry.shop, "number": item.entry.number, **item.values, "created_at": now}
            for item in new
        ),
    )  # fmt: skip
    for order_id, item in zip(ids, new, strict=True):
        item.id = order_id
    session.update_many(shop_order, ({"id": item.id, **item.values} for item in changed))
    replaced = [item for item in changed if item.lines]
    for rows in queries.lines_of(session, [item.id for item in replaced]).values():
        for row in rows:
            session.delete(order_line, row.id)
    session.insert_many(
        order_line,
        (
            {"order_id": item.id, **{name: getattr(line, name) for name in _LINE}}
            for item in [*new, *replaced]
            for line in item.entry.lines
        ),
    )
    session.insert_many(
        order_refund,
        (
            {"order_id": item.id, "amount_fen": item.told.refund_fen, "occurred_at": now,
             "biz_date": item.day if item.told.first else today, "reason": item.entry.status_text}
            for item in plan
            if item.told.refund_fen
        ),
    )  # fmt: skip
    return len(new), len(changed)


def _sums(session: Session, ids: Sequence[int]) -> tuple[int, int, int]:
    """Paid, gone back and net of those of the orders that count."""
    out = order_scope.freight_out(session)
    counted = [row for row in queries.by_ids(session, ids).values() if row.counts]
    net = sum(max(0, row.amount_fen - (row.freight_fen if out else 0) - row.refunded_fen) for row in counted)
    return sum(row.amount_fen for row in counted), sum(row.refunded_fen for row in counted), net


def _unmatched(session: Session, plan: Iterable[_Planned]) -> tuple[Unmatched, ...]:
    """The buyers of the file who wait, in its order."""
    waits = (item for item in plan if item.found.by in WAITING)
    return gathered(session, [(item.entry.buyer, item.entry.phone, item.found, _worth(item)) for item in waits])


def _worth(item: _Planned) -> int:
    back = (item.row.refunded_fen if item.row is not None else 0) + item.told.refund_fen
    return item.entry.amount_fen - back if item.told.counts else 0
