"""Points from money: floor(net / unit) * rate, the day's multiplier, the caps; a refund takes back its share once.

Unit, rate and what of the amount earns are frozen on the order when it first counts, the multiplier in the ledger's
entry: a rule changed later rewrites no history. After refunds exactly what the net now earns stands, at most what was
awarded (semantics 3.3).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from qunguan.domain.clock import Clock
from qunguan.domain.orders_book import points_of
from qunguan.domain.points import Award, AwardKey
from qunguan.i18n import _
from qunguan.services import earning, points, rules
from qunguan.services.order_scope import freight_out
from qunguan.store import order_queries as queries
from qunguan.store.checkin_ledger import booked_since
from qunguan.store.points_queries import last_entry_id
from qunguan.store.session import Session
from qunguan.values import frozen

RULE, SOURCE = queries.POINTS_RULE, queries.POINTS_SOURCE


@frozen
class Terms:
    """The rules of points from money in force: `rate` 0 earns nothing; `since` is the first day that still earns."""

    unit_fen: int
    rate: int
    freight_out: bool
    since: date

    def too_old(self, paid_on: date) -> bool:
        """Whether an order would earn if it had been paid later."""
        return self.rate > 0 and paid_on < self.since

    def frozen(self, amount_fen: int, freight_fen: int, paid_on: date) -> dict[str, int]:
        """The columns of an order that counts from now on."""
        earning_fen = amount_fen - freight_fen if self.freight_out else amount_fen
        rate = 0 if self.too_old(paid_on) else self.rate
        return {"unit_fen": self.unit_fen, "rate": rate, "earning_fen": earning_fen}


def terms(session: Session, today: date, *, award: bool = True) -> Terms:
    """The rules in force for orders entered today; without `award` nothing is earned."""
    unit = int(rules.value(session, "order.points_unit"))
    rate = rules.limit(session, "order.points_rate") or 0
    within = rules.limit(session, "order.points_within_days")
    since = date.min if within is None else today - timedelta(days=min(within, (today - date.min).days))
    return Terms(max(unit, 1), rate if award and unit else 0, freight_out(session), since)


def settle(
    session: Session,
    clock: Clock,
    ids: Iterable[int],
    *,
    fresh: Collection[int] = (),
    former: Mapping[int, int] | None = None,
) -> int:
    """Bring the points of these orders in line with what they are now; returns the signed change of the ledger.

    `fresh` ones may be awarded for the first time: they are new, somebody's since now, or worth more than before.
    `former` is order → the member it belonged to until now, who keeps nothing of it.
    """
    before = last_entry_id(session)
    rows = queries.by_ids(session, set(ids))
    earning_rows = {n: row for n, row in rows.items() if row.counts and row.rate}
    left = {key_of(n, member_id) for n, member_id in (former or {}).items()}
    own = {key_of(n, row.member_id): row for n, row in earning_rows.items() if row.member_id is not None}
    booked = points.standing_of(session, own.keys())
    standing = {key: _target(own[key], award.multiplier_pct) for key, (award, _stands) in booked.items()}
    standing.update(dict.fromkeys(left - own.keys(), 0))
    points.keep_many(session, clock, standing, _("The order changed"))
    new = {key: row for key, row in own.items() if key not in booked and row.id in fresh}
    percents = earning.multipliers(session, RULE, {row.biz_date for row in new.values()}) if new else {}
    points.award_many(session, clock, [_award(row, percents.get(row.biz_date, 100)) for row in new.values()])
    return sum(booked_since(session, before, {key.member_id for key in (*own, *left)}).values())


def key_of(order_id: int, member_id: int) -> AwardKey:
    """What the points of an order are booked under."""
    return AwardKey(member_id, RULE, SOURCE, str(order_id))


def _target(row: Any, percent: int) -> int:
    return points_of(row.earning_fen, row.refunded_fen, row.unit_fen, row.rate, percent)


def _award(row: Any, percent: int) -> Award:
    base = points_of(row.earning_fen, row.refunded_fen, row.unit_fen, row.rate)
    reason = _("Order {number}", number=row.number)
    return Award(row.member_id, RULE, base, SOURCE, str(row.id), row.biz_date, reason, percent)


def differences(session: Session) -> list[str]:
    """Where the ledger does not hold what the orders earn, or refunds are more than an order; [] when all agrees.

    Less may have been taken back than a refund's share where points had expired or the rule let spent ones go.
    """
    wrong = [f"#{row.id}: {row.refunded_fen} / {row.amount_fen}" for row in queries.over_refunded(session)]
    orders = queries.earning_orders(session)
    awarded = {(row.member_id, int(row.source_id)): row for row in queries.awarded(session)}
    taken = _taken(session, awarded.values())
    waived = any(change.value == "waive" for change in rules.history(session, "points.reverse_policy"))
    for (member_id, order_id), row in awarded.items():
        order = orders.get(order_id)
        target = _target(order, row.multiplier_pct) if order is not None and order.member_id == member_id else 0
        share = max(0, row.amount - target)
        by_program, by_hand = taken.get(row.id, (0, 0))
        short = by_program + by_hand < share and not (waived or row.expires_on)
        if by_program > share or short:
            wrong.append(f"#{order_id}: {row.amount} − {by_program} − {by_hand} ≠ {min(target, row.amount)}")
    return wrong


def _taken(session: Session, rows: Iterable[Any]) -> dict[int, tuple[int, int]]:
    """Entry → what of it the program took back, and what the owner did."""
    from qunguan.domain.points import UNDO
    from qunguan.store.points_queries import reversals

    found = list(rows)
    back = reversals(session, {row.member_id for row in found}) if found else {}

    def stands(entry: Any) -> int:
        return int(entry.amount) - sum(map(stands, back.get(entry.id, ())))

    def part(entry_id: int, by_program: bool) -> int:
        return sum(stands(one) for one in back.get(entry_id, ()) if (one.source_type == UNDO) == by_program)

    return {row.id: (part(row.id, True), part(row.id, False)) for row in found}
