"""What became of the talk after a campaign: the days after it against those before (S4-11, semantics 3.13)."""

from __future__ import annotations

from datetime import date

from qunguan.domain.clock import Clock
from qunguan.domain.insights import DAY, Slump
from qunguan.domain.rosters import Reason
from qunguan.i18n import N_
from qunguan.services import earning_days, rules
from qunguan.services.insight_window import Frame, frame
from qunguan.store import campaign_queries
from qunguan.store import insight_queries as queries
from qunguan.store.session import Session

_LISTED_DAYS = 90


def slump(
    session: Session, clock: Clock, group_id: int | None, day: date, as_of: date | None = None, *, what: str = ""
) -> Slump:
    """Messages a day after `day` against those before it. Unknown until the days after are over and known."""
    found = frame(session, clock, group_id, as_of)
    return _measured(found, day, Reason.of("{what}", what=what) if what else Reason.of(N_("campaign")))


def slumps(session: Session, clock: Clock, group_id: int | None = None, as_of: date | None = None) -> tuple[Slump, ...]:
    """What followed each campaign day of the last months, newest first."""
    found = frame(session, clock, group_id, as_of)
    days = campaign_days(found, found.last - _LISTED_DAYS * DAY, found.last)
    return tuple(_measured(found, day, what) for day, what in sorted(days.items(), reverse=True))


def campaign_days(found: Frame, first: date, last: date) -> dict[date, Reason]:
    """The days on which something was on: campaigns members took part in, the last day of each campaign
    of the group, and bonus days, with what it was."""
    session = found.session
    days = dict.fromkeys(queries.campaign_days(session, found.group_id, first, last), Reason.of(N_("campaign")))
    ended = campaign_queries.last_days(session, found.group_id, first, last)
    days.update((day, Reason.of("{what}", what=name)) for day, name in ended.items())
    for bonus in earning_days.bonus_days(session):
        for day in queries.days_of(first, last) if bonus.enabled else ():
            if bonus.falls_on(day):
                days[day] = Reason.of("{what}", what=bonus.name)
    return days


def _measured(found: Frame, day: date, what: Reason) -> Slump:
    span = found.days("alert.slump_days")
    first, last = day - span * DAY, day + span * DAY
    if last > found.last:
        why = Reason.of(N_("the {span} days after it are not over yet"), span=span)
        return Slump(day, what, None, None, None, None, (why,))
    if not (found.coverage.holds(first, day - DAY) and found.coverage.holds(day + DAY, last)):
        why = Reason.of(N_("the chats of {span} days before and after it are not known whole"), span=span)
        return Slump(day, what, None, None, None, None, (why,))
    told = found.speech_days(first, last)
    before = sum(n for told_day, (n, _people) in told.items() if told_day < day) / span
    after = sum(n for told_day, (n, _people) in told.items() if told_day > day) / span
    ratio = after / before if before else None
    bar = int(rules.value(found.session, "alert.slump_pct")) / 100
    return Slump(day, what, before, after, ratio, None if ratio is None else ratio < bar)
