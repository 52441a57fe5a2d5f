"""Reports: one door; the rooms are `report_*`. Nothing of a report is kept: each is made of the rows when asked for."""

from __future__ import annotations

from datetime import date

from qunguan.domain.clock import Clock
from qunguan.domain.errors import BadInput
from qunguan.domain.groups import Group
from qunguan.domain.insights import DAY
from qunguan.domain.reports import KINDS, OF, Kind, Period, Report, Subject, newest, period
from qunguan.i18n import N_, _
from qunguan.services import campaigns, challenges, groups, incidents
from qunguan.services.members_find import resolve
from qunguan.services.report_campaign import of_campaign
from qunguan.services.report_challenge import of_challenge
from qunguan.services.report_crisis import of_crisis
from qunguan.services.report_group import of_group
from qunguan.services.report_member import of_member
from qunguan.services.report_money import of_money
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
    """The report of a kind: of the day, week or month `day` lies in, told up to the last day of it that is over (None:
    the last period that is over); of a challenge, a campaign and a bad day as they stood at the end of `day`.

    `as_of` is the day that counts as today (None: today). `of` names the challenge, the campaign, the bad day or the
    member. Raises NotFound, Ambiguous, Refused before it was there, BadInput for a day to come.
    """
    group = groups.find(session) if group_id is None else groups.get(session, group_id)
    if of is not None and kind not in OF:
        raise BadInput("{kind} is of the whole group: --of means nothing here", kind=_(KINDS[kind]))
    if kind == "challenge":
        return of_challenge(session, clock, challenges.find(session, clock, of), _up_to(clock, group, day, as_of))
    if kind == "crisis":
        return of_crisis(session, clock, incidents.find(session, of), _up_to(clock, group, day, as_of))
    if kind == "campaign":
        return of_campaign(session, clock, campaigns.find(session, _named(of, kind)), _up_to(clock, group, day, as_of))
    found = period_of(clock, group, kind, day, as_of)
    if kind == "member":
        return of_member(session, clock, group, resolve(session, _named(of, kind)), found)
    return of_money(session, clock, group, found) if kind == "money" else of_group(session, clock, group, kind, found)


def subjects(session: Session, group_id: int) -> tuple[Subject, ...]:
    """What there is a report of in a group: the four of time, then challenges, campaigns and bad days, newest first; a
    member is left to be named.
    """
    begun = [each for each in campaigns.all_campaigns(session, group_id) if each.started_at is not None]
    own = (
        *(Subject("challenge", each.id, each.name, each.starts_on)
          for each in challenges.all_challenges(session, group_id)),
        *(Subject("campaign", each.id, each.name, each.from_day) for each in begun),
        *(Subject("crisis", each.id, each.title, each.biz_date)
          for each in incidents.all_incidents(session, group_id)),
    )  # fmt: skip
    told = sorted(own, key=lambda each: each.day or date.min, reverse=True)
    times = (Subject(kind) for kind in KINDS if kind not in OF)
    return (*times, *(each for kind in OF for each in told if each.kind == kind))


def period_of(clock: Clock, group: Group, kind: Kind, day: date | None, as_of: date | None = None) -> Period:
    """The period that is meant. Raises BadInput for a day to come."""
    today = clock.today(group.day_rule)
    today = today if as_of is None else min(as_of + DAY, today)  # of a past day all is over
    if day is None:
        return newest(kind, today)
    _refuse_to_come(day, today)
    return period(kind, day, today)


def _up_to(clock: Clock, group: Group, day: date | None, as_of: date | None) -> date | None:
    """The past day something is told up to; None for now. Raises BadInput for a day to come."""
    today = clock.today(group.day_rule)
    told = day or as_of
    if told is None:
        return None
    _refuse_to_come(told, today if as_of is None else min(as_of, today))
    return None if told == today else told


def _refuse_to_come(day: date, today: date) -> None:
    if day > today:
        raise BadInput("{day} has not come yet", hint="today is {today}", day=day, today=today)


def _named(of: str | None, kind: Kind) -> str:
    if of is None:
        hint = N_("add --of NAME")
        raise BadInput("{kind}: say whose it is", hint=hint, kind=_(KINDS[kind]))
    return of
