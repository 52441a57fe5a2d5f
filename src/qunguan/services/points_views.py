"""Points for the screens: balances a page at a time, the headline, one member's account. Nothing here writes.

Points belong to the person: the lists are of everyone, whatever group they are in.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from datetime import date, timedelta

from qunguan.domain.clock import Clock
from qunguan.domain.points import Expiring
from qunguan.domain.points_views import Account, BalanceRow, LotUse, LotView, Outstanding
from qunguan.services import rules
from qunguan.services.groups import day_rule
from qunguan.services.members_view import view_ids
from qunguan.services.points_reading import expiring, statement
from qunguan.store import points_views as queries
from qunguan.store.session import Session


def balance_ids(session: Session, day: date, *, search: str = "", by_name: bool = False) -> array[int]:
    """Ids of all members: most points on `day` first, or by name; of a search the best hit first."""
    if search.strip():
        return view_ids(session, search=search, sort="name" if by_name else "", present=None)
    if by_name:
        return view_ids(session, sort="name", present=None)
    return queries.ids_by_balance(session, day)


def balance_rows(session: Session, ids: Sequence[int], day: date) -> tuple[BalanceRow, ...]:
    """The lines of these members on `day`, in the order given, in one query; ids of nobody are left out."""
    found = queries.page(session, ids, day, _until(session, day))
    rows = (found[member_id] for member_id in ids if member_id in found)
    return tuple(BalanceRow(row.id, row.name, row.balance, row.expiring, row.last_day) for row in rows)


def outstanding(session: Session, day: date) -> Outstanding:
    """The headline: what is held and owed on `day`, and what of it expires within the rule's days."""
    held = queries.sums(session, day)
    until = _until(session, day)
    soon = queries.expiring_sums(session, day, until)
    return Outstanding(held.points, held.holders, held.debt, soon.points, soon.members, (until - day).days)


def expiring_rows(session: Session, clock: Clock, search: str = "") -> tuple[Expiring, ...]:
    """What expires within the rule's days, soonest first; of the members a search finds."""
    rows = expiring(session, clock)
    if not search.strip():
        return rows
    wanted = set(view_ids(session, search=search, present=None))
    return tuple(row for row in rows if row.member_id in wanted)


def account(session: Session, clock: Clock, member_id: int, as_of: date | None = None) -> Account:
    """A member's statement and lots through a day (None: today). Raises NotFound."""
    day = as_of or clock.today(day_rule(session))
    told = statement(session, clock, member_id, day)
    uses: dict[int, list[LotUse]] = {}
    for row in queries.lot_uses(session, member_id, day):
        uses.setdefault(row.lot_id, []).append(LotUse(row.entry_id, row.biz_date, row.kind, row.amount, row.reason))
    lots = tuple(
        LotView(
            row.id, row.biz_date, row.kind, row.amount, 0 if _dead(row.expires_on, day) else row.left, row.expires_on,
            row.reason, f"{row.source_type}:{row.source_id}", tuple(uses.get(row.id, ())),
        )
        for row in queries.lots(session, member_id, day)
    )  # fmt: skip
    return Account(told, lots, sum(lot.left for lot in lots) - told.balance)


def _dead(expires_on: date | None, day: date) -> bool:
    return expires_on is not None and expires_on < day


def _until(session: Session, day: date) -> date:
    days = int(rules.value(session, "points.expiring_days"))
    return day + timedelta(days=min(days, (date.max - day).days))
