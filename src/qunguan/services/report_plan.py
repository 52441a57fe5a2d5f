"""What stands in the next period: tasks and posts, campaigns, challenges, festivals, memberships that end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date

from sqlalchemy import Table

from qunguan.domain import festivals
from qunguan.domain.reports import Planned
from qunguan.domain.rosters import Reason
from qunguan.domain.tasks import HATS, Task
from qunguan.i18n import N_
from qunguan.services import challenges, plans, tasks
from qunguan.services.campaign_book import all_campaigns
from qunguan.services.campaign_figures import as_they_were
from qunguan.services.report_asked import Asked
from qunguan.store import task_queries
from qunguan.store.campaigns import campaign
from qunguan.store.content import post


def plan(asked: Asked, first: date, last: date) -> tuple[tuple[Planned, ...], int]:
    """What is planned from a day to a day as it was known at the end of the period, by day; and how many tasks more
    come every day.
    """
    due = _due(asked, first, last)
    found = [*_tasks(due), *_campaigns(asked, first, last), *_challenges(asked, first, last),
             *_renewals(asked, first, last), *_festivals(first, last)]  # fmt: skip
    daily = sum(each.daily for each in due)
    return tuple(sorted(found, key=lambda each: (each.day, _ORDER.index(each.kind), each.title))), daily


_ORDER = ("festival", "campaign", "challenge", "renewal", "action", "post", "task")


def _due(asked: Asked, first: date, last: date) -> list[Task]:
    """The tasks of these days that somebody had thought of by the end of the period."""
    due = tasks.between(asked.session, asked.clock, first, last, asked.group.id)
    found = [each for each in due if each.state != "postponed"]
    made = {kind: _made(asked, table, found, kind) for kind, table in (("post", post), ("campaign", campaign))}
    until = asked.period.until

    def planned_on(each: Task) -> date:
        """The day it was thought of; a step of an SOP was always there."""
        return made[each.kind].get(each.subject or 0, until) if each.kind in made else each.planned_on or until

    return [each for each in found if planned_on(each) <= until]


def _made(asked: Asked, table: Table, found: Iterable[Task], kind: str) -> dict[int, date]:
    """The days on which the posts, or the campaigns, of these tasks were planned."""
    ids = [each.subject for each in found if each.kind == kind and each.subject is not None]
    moments = task_queries.made_at(asked.session, table, ids)
    return {number: asked.group.day_rule.biz_date(at) for number, at in moments.items()}


def _tasks(due: Iterable[Task]) -> Iterator[Planned]:
    """Tasks that do not come every day; what is due twice on a day, for two campaigns, is one line."""
    counted = Counter(
        ("post" if each.kind == "post" else "task", each.on_day, each.title, each.hat) for each in due if not each.daily
    )
    for (kind, day, title, hat), n in counted.items():
        worn = Reason.of(HATS[hat])
        note = Reason.of(N_("as {hat}, {n} times"), hat=worn, n=n) if n > 1 else Reason.of(N_("as {hat}"), hat=worn)
        yield Planned(kind, day, title, note)


def _campaigns(asked: Asked, first: date, last: date) -> Iterator[Planned]:
    those = as_they_were(asked.session, all_campaigns(asked.session, asked.group.id), asked.period.until)
    for each in those:
        if each.cancelled_on is None and each.from_day <= last and each.to_day >= first:
            note = Reason.of(N_("{first} to {last}"), first=each.from_day, last=each.to_day)
            yield Planned("campaign", max(each.from_day, first), each.name, note)


def _challenges(asked: Asked, first: date, last: date) -> Iterator[Planned]:
    for each in challenges.all_challenges(asked.session, asked.group.id):
        if first <= each.starts_on <= last:
            yield Planned("challenge", each.starts_on, each.name, Reason.of(N_("it begins")))
        ends = each.last_day
        if ends is not None and first <= ends <= last:
            yield Planned("challenge", ends, each.name, Reason.of(N_("it ends")))


def _renewals(asked: Asked, first: date, last: date) -> Iterator[Planned]:
    """Paid memberships that end then."""
    for each in plans.memberships(asked.session, asked.clock, asked.period.until, group_id=asked.group.id):
        until = each.standing.until
        if until is not None and first <= until <= last and each.standing.status in ("new", "current"):
            yield Planned("renewal", until, each.name, Reason.of("{plan}", plan=each.plan))


def _festivals(first: date, last: date) -> Iterator[Planned]:
    for each in festivals.between(first, last):
        if first <= each.day <= last:
            yield Planned("festival", each.day, each.name, Reason.of(festivals.STANCES[each.stance]))
