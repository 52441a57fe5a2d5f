"""Reading the ledger: balances, statements, what will expire, and 对账. Nothing here writes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from qunguan.domain.clock import Clock
from qunguan.domain.errors import NotFound
from qunguan.domain.points import UNDO, Balance, Difference, Expiring, Reconciliation, Statement, StatementLine
from qunguan.services import rules
from qunguan.services.groups import day_rule
from qunguan.store import points_queries as queries
from qunguan.store.session import Session


def checked_name(session: Session, member_id: int) -> str:
    """The member's name. Raises NotFound when there is no such member."""
    found = queries.existing_members(session, (member_id,))
    if member_id not in found:
        raise NotFound("there is no member {text}", hint="see the list of members", text=f"#{member_id}")
    return found[member_id]


def balances(session: Session, clock: Clock, as_of: date | None = None) -> tuple[Balance, ...]:
    """Every member's points at the end of a day (None: today), most first; 0 for those without entries."""
    day = as_of or clock.today(day_rule(session))
    return tuple(Balance(row.id, row.name, row.balance) for row in queries.balances(session, day))


def balance(session: Session, member_id: int, as_of: date) -> int:
    """One member's points at the end of a day; negative while points are owed."""
    return queries.balance(session, member_id, as_of)


def statement(session: Session, clock: Clock, member_id: int, as_of: date | None = None) -> Statement:
    """Every entry of a member through a day (None: today) with the running balance.

    Expiries that are due but not posted yet are lines without an id, so that the last line's balance is the balance.
    Raises NotFound.
    """
    name = checked_name(session, member_id)
    day = as_of or clock.today(day_rule(session))
    rows = queries.entries_of(session, member_id, day)
    undone = {row.id for row in rows if row.source_type == UNDO}
    posted = [
        StatementLine(
            row.id, row.biz_date, row.kind, row.sign * row.amount, 0, row.expires_on, row.reason,
            f"{row.source_type}:{row.source_id}", row.reverses_id,
            row.source_type == UNDO and row.reverses_id in undone,
        )
        for row in rows
    ]  # fmt: skip
    due = [
        StatementLine(None, row.expires_on + timedelta(days=1), "EXPIRE", -row.left, 0, None, "", f"expiry:{row.id}")
        for row in queries.due_lots(session, day, member_id)
    ]
    lines = sorted(posted + due, key=lambda line: (line.biz_date, line.id is None, line.id or 0))
    return Statement(member_id, name, sum(line.amount for line in lines), tuple(_running(lines)))


def expiring(
    session: Session, clock: Clock, days: int | None = None, as_of: date | None = None
) -> tuple[Expiring, ...]:
    """Points whose last day is `as_of` (None: today) or within `days` from it (None: the rule), soonest first."""
    today = as_of or clock.today(day_rule(session))
    ahead = rules.value(session, "points.expiring_days") if days is None else days
    last = today + timedelta(days=min(ahead, (date.max - today).days))
    return tuple(
        Expiring(row.id, row.name, row.amount, row.expires_on) for row in queries.expiring(session, today, last, as_of)
    )


def reconcile(session: Session) -> Reconciliation:
    """对账: recompute everything from entries and allocations, on its own, and say what differs.

    Differences are named by member and entry, the earliest of each member first.
    """
    from qunguan.domain.points_audit import audit

    members = entries = 0
    differences: list[Difference] = []
    cut = queries.awarded_under_caps(session)
    for member_id, rows, allocs in queries.audit_rows(session):
        members += 1
        entries += len(rows)
        differences.extend(audit(member_id, rows, allocs, cut.get(member_id, {})))
    return Reconciliation(not differences, members, entries, tuple(differences))


def _running(lines: list[StatementLine]) -> list[StatementLine]:
    total = 0
    done: list[StatementLine] = []
    for line in lines:
        total += line.amount
        done.append(replace(line, balance_after=total))
    return done
