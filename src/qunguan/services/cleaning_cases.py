"""What was decided about silent members and what came of it: worked out from dated rows, after 3 days and after 30."""

from __future__ import annotations

from datetime import date, timedelta

from qunguan.domain.cleaning import Case
from qunguan.domain.clock import Clock
from qunguan.services import groups, rules
from qunguan.store import cleaning_queries as queries
from qunguan.store.session import Session


def cases(session: Session, clock: Clock, group_id: int, as_of: date | None = None) -> tuple[Case, ...]:
    """Every decision of a group up to a day (None: today) with its outcome by then, newest first.

    The day of the decision counts: whoever answers at once is back. A member decided about twice is looked at from the
    earlier day on; a sign of life before the later one belongs to the earlier.
    """
    day = as_of or clock.today(groups.day_rule(session, group_id))
    rows = queries.cases(session, group_id, day)
    found: dict[int, Case] = {}
    pending = list(rows)
    while pending:  # one member's decisions one after the other; hardly anybody has more than two
        batch = {row.member_id: row for row in pending}
        since = {who: row.decided_on for who, row in batch.items()}
        back = queries.first_signs(session, group_id, since, day)
        bought = queries.first_orders(session, since, day)
        left = queries.first_leaves(session, group_id, since, day)
        for who, row in batch.items():
            found[row.id] = Case(
                row.id, who, row.name, row.decision, row.decided_on, row.review_on, row.reason, row.wake_name or "",
                back.get(who), bought.get(who), left.get(who),
            )  # fmt: skip
        pending = [row for row in pending if row.id not in found]
    return tuple(found[row.id] for row in rows)


def resting(session: Session, group_id: int, day: date) -> frozenset[int]:
    """Members whose newest decision still holds: they do not come up again yet.

    A wake letter rests until its later look is over, a kept member until the review; the slow group and "do not write"
    hold until the owner decides anew.
    """
    later = timedelta(days=rules.value(session, "clean.later_days"))
    newest: dict[int, bool] = {}
    for row in queries.cases(session, group_id, day):
        if row.member_id in newest:
            continue
        if row.decision == "wake":
            newest[row.member_id] = day <= row.decided_on + later
        elif row.decision == "keep":
            newest[row.member_id] = row.review_on is None or day < row.review_on
        else:
            newest[row.member_id] = row.decision != "remove"
    return frozenset(who for who, holds in newest.items() if holds)


def left_alone(session: Session, group_id: int, day: date) -> frozenset[int]:
    """Members of whom the newest decision says: do not write (C15)."""
    newest: dict[int, str] = {}
    for row in queries.cases(session, group_id, day):
        newest.setdefault(row.member_id, row.decision)
    return frozenset(who for who, decision in newest.items() if decision == "no_contact")
