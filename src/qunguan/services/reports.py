"""Reports: one door; the rooms are `report_*`. Nothing of a report is kept: each is made of the rows when asked for."""

from __future__ import annotations

from datetime import date

from qunguan.domain.clock import Clock
from qunguan.domain.errors import BadInput
from qunguan.domain.groups import Group
from qunguan.domain.insights import DAY
from qunguan.domain.reports import Kind, Period, Report, newest, period
from qunguan.services import groups
from qunguan.services.report_group import of_group
from qunguan.store.session import Session


def report(
    session: Session,
    clock: Clock,
    kind: Kind,
    day: date | None = None,
    *,
    group_id: int | None = None,
    of: str | None = None,
    as_of: date | None = None,
) -> Report:
    """The report of a kind: of the day, week or month `day` lies in, or up to it (None: the last period that is over).

    `as_of` is the day that counts as today (None: today). `of` names a challenge, a campaign, a bad day or a member.
    Raises NotFound, Ambiguous, BadInput for a day to come.
    """
    group = groups.find(session) if group_id is None else groups.get(session, group_id)
    return of_group(session, clock, group, kind, period_of(clock, group, kind, day, as_of))


def period_of(clock: Clock, group: Group, kind: Kind, day: date | None, as_of: date | None = None) -> Period:
    """The period that is meant. Raises BadInput for a day to come."""
    today = clock.today(group.day_rule)
    today = today if as_of is None else min(as_of + DAY, today)  # of a past day all is over
    if day is None:
        return newest(kind, today)
    if day > today:
        raise BadInput("{day} has not come yet", hint="today is {today}", day=day, today=today)
    return period(kind, day, today)
