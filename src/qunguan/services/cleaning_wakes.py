"""Wake lists and what came of them: who was written to, who came back within 3 days and within 30 (S3-20)."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Row

from qunguan.domain.cleaning import Wake, Woken
from qunguan.domain.clock import Clock
from qunguan.domain.errors import NotFound
from qunguan.domain.names import meant
from qunguan.domain.rosters import Reason
from qunguan.domain.rules import preset
from qunguan.domain.text import show
from qunguan.i18n import N_
from qunguan.services import groups, rules
from qunguan.services.cleaning_decide import get_wake
from qunguan.store import cleaning_queries as queries
from qunguan.store.session import Session


def wakes(session: Session, clock: Clock, group_id: int, as_of: date | None = None) -> tuple[Wake, ...]:
    """The wake lists of a group with their outcome up to a day (None: today), newest first."""
    day = as_of or clock.today(groups.day_rule(session, group_id))
    return tuple(_wake(session, row, day) for row in queries.wakes(session, group_id))


def get(session: Session, clock: Clock, wake_id: int, as_of: date | None = None) -> Wake:
    """One wake list. Raises NotFound."""
    row = get_wake(session, wake_id)
    return _wake(session, row, as_of or clock.today(groups.day_rule(session, row.group_id)))


def find(session: Session, clock: Clock, group_id: int, text: str, as_of: date | None = None) -> Wake:
    """The wake list that is meant, by id ("#2") or name. Raises NotFound."""
    found = meant(wakes(session, clock, group_id, as_of), text)
    if not found:
        raise NotFound("there is no wake list {text}", hint="see the wake lists", text=show(text[:40]))
    return found[0]


def why_wake(session: Session, told: Wake) -> tuple[Reason, ...]:
    """How the rate of a wake list is counted, and the source's own example beside it."""
    days, later = rules.value(session, "clean.wake_days"), rules.value(session, "clean.later_days")
    lines = [
        Reason.of(N_("on the list {n}, written to {m}"), n=len(told.members), m=len(told.contacted)),
        Reason.of(N_("back: a message, check-in, deed or purchase on the day of the letter or the {n} days after it"),
                  n=days),
    ]  # fmt: skip
    for span in (days, later):
        rate = told.rate(span)
        if rate is None:
            lines.append(Reason.of(N_("within {days} days: not over yet, {n} back so far"), days=span,
                                   n=told.so_far(span)))  # fmt: skip
        else:
            lines.append(Reason.of(N_("within {days} days: {n} of {m} came back"), days=span, n=rate[0], m=rate[1]))
    lines.append(Reason.of(N_("the source's own example: {percent} % within {days} days ({source})"),
                           percent=rules.value(session, "clean.wake_pct"), days=days,
                           source=preset("clean.wake_days").source))  # fmt: skip
    return tuple(lines)


def _wake(session: Session, row: Row[Any], day: date) -> Wake:
    on_it = queries.woken(session, row.id)
    since = {one.member_id: one.contacted_on for one in on_it if one.contacted_on and one.contacted_on <= day}
    back = queries.first_signs(session, row.group_id, since, day)
    bought = queries.first_orders(session, since, day)
    members = tuple(
        Woken(one.member_id, one.name, since.get(one.member_id), back.get(one.member_id), bought.get(one.member_id))
        for one in on_it
    )
    return Wake(row.id, row.name, row.text, row.sent_on, day, members)
