"""What is on hand of two periods: campaigns, festivals, bonus days, challenges, bad days, ads, gaps in the chats."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from qunguan.domain import festivals
from qunguan.domain.campaigns import Campaign
from qunguan.domain.insights import DAY
from qunguan.domain.reports import Fact
from qunguan.domain.rosters import Reason
from qunguan.i18n import N_
from qunguan.services import challenges, earning, incidents, insights
from qunguan.services.campaign_book import all_campaigns
from qunguan.services.campaign_figures import as_they_were
from qunguan.services.report_asked import Asked, Window, days_after
from qunguan.store import content_queries
from qunguan.store import insight_queries as queries


def facts(asked: Asked) -> tuple[Fact, ...]:
    """What happened, by its day; then what happened in the period before and not in this one."""
    found = [*_campaigns(asked), *_challenges(asked), *_incidents(asked), *_festivals(asked), *_bonus(asked),
             *_ads(asked), *_gaps(asked)]  # fmt: skip
    return tuple(sorted(found, key=lambda each: (each.before, each.day, each.kind)))


def campaigns(asked: Asked) -> tuple[Campaign, ...]:
    """The campaigns of the group as they were at the end of the period, those that went ahead."""
    those = all_campaigns(asked.session, asked.group.id)
    known = as_they_were(asked.session, those, asked.period.until)
    return tuple(each for each in known if each.started_at is not None and each.cancelled_on is None)


def meets(window: Window, first: date, last: date) -> bool:
    """Whether a stretch of days has one in the window."""
    return first <= window[1] and last >= window[0]


def _in(asked: Asked, first: date, last: date) -> tuple[bool, bool]:
    """Whether a stretch has a day in this period, and in the one before."""
    inside = [meets(window, first, last) for window in asked.windows]
    return inside[0], len(inside) > 1 and inside[1]


def _campaigns(asked: Asked) -> Iterator[Fact]:
    days = int(asked.rule("campaign.exit_days").value)
    for each in campaigns(asked):
        now, then = _in(asked, each.from_day, each.to_day)
        text = Reason.of(N_("the campaign {name} ran from {first} to {last}"), name=each.name, first=each.from_day,
                         last=each.to_day)  # fmt: skip
        if now or then:
            kind = "campaign" if now != then else "campaign_goes_on"
            yield Fact(kind, each.from_day, text, not now, each.name)
        begin, end = days_after(each.to_day, days)
        now, then = _in(asked, begin, end)
        if now != then:
            words = N_("these are the {days} days after the campaign {name}") if now \
                else N_("before were the {days} days after the campaign {name}")  # fmt: skip
            yield Fact("exits_after", begin, Reason.of(words, days=days, name=each.name), not now, each.name)
        if now:
            yield from _slump(asked, each)


def _slump(asked: Asked, each: Campaign) -> Iterator[Fact]:
    told = insights.slump(asked.session, asked.clock, asked.group.id, each.to_day, asked.period.until, what=each.name)
    if told.slumped:
        text = Reason.of(N_("after the campaign {name} the talk fell to {pct} % of what it was"), name=each.name,
                         pct=round(100 * (told.ratio or 0)))  # fmt: skip
        yield Fact("slump", each.to_day + DAY, text, name=each.name)


def _challenges(asked: Asked) -> Iterator[Fact]:
    for each in challenges.all_challenges(asked.session, asked.group.id):
        now, then = _in(asked, each.starts_on, each.starts_on)
        if now:
            text = Reason.of(N_("the challenge {name} began on {day}"), name=each.name, day=each.starts_on)
            yield Fact("challenge_began", each.starts_on, text, name=each.name)
        last = each.last_day
        now, then = _in(asked, last, last) if last else (False, False)
        if last and (now or then):
            text = Reason.of(N_("the challenge {name} ended on {day}"), name=each.name, day=last)
            yield Fact("challenge_ended" if now else "challenge_gone", last, text, not now, each.name)


def _incidents(asked: Asked) -> Iterator[Fact]:
    for each in incidents.all_incidents(asked.session, asked.group.id):
        now, then = _in(asked, each.biz_date, each.biz_date)
        if (now or then) and not each.drill:
            text = Reason.of(N_("a bad day: {title}, {day}"), title=each.title, day=each.biz_date)
            kind = "incident" if _weighs(asked.windows[0 if now else 1], each.biz_date) else "incident_late"
            yield Fact(kind, each.biz_date, text, not now, each.title)


def _weighs(window: Window, day: date) -> bool:
    """Whether what lasts from a day on can move an average over a window: its days are as many of it as one of a week.

    A bad day on the 30th has emptied the group by the 31st, and says nothing of how the month was talked through.
    """
    first, last = window
    return ((last - day).days + 1) * 7 >= (last - first).days + 1


def _festivals(asked: Asked) -> Iterator[Fact]:
    first, last = min(each[0] for each in asked.windows), asked.period.until
    for each in festivals.between(first, last):
        now, then = _in(asked, each.day, each.day)
        if now or then:
            text = Reason.of(N_("{name} was on {day}"), name=each.name, day=each.day)
            yield Fact(each.kind, each.day, text, not now, each.name)


def _bonus(asked: Asked) -> Iterator[Fact]:
    """Days that multiply points, where only one of the periods has them: what comes every week explains nothing."""
    for bonus in earning.bonus_days(asked.session):
        days = [[day for day in queries.days_of(*window) if bonus.falls_on(day)] for window in asked.windows]
        now, then = days[0], days[1] if len(days) > 1 else []
        if bonus.enabled and bool(now) != bool(then):
            day = (now or then)[0]
            text = Reason.of(N_("{name} multiplied points on {day}"), name=bonus.name, day=day)
            yield Fact("bonus", day, text, not now, bonus.name)


def _ads(asked: Asked) -> Iterator[Fact]:
    for place, window in enumerate(asked.windows):
        told = content_queries.tallies(asked.session, asked.group.id, *window)
        days = [each.day for each in told if each.ads and each.state == "posted"]
        n = sum(each.ads for each in told if each.state == "posted")
        if days:
            text = Reason.of(N_("ads went out on {day} and later: {n}"), n=n, day=days[0])
            yield Fact("ad", days[0], text, bool(place))


def _gaps(asked: Asked) -> Iterator[Fact]:
    if not asked.has_chats:
        return
    for place, window in enumerate(asked.windows):
        every, known = queries.days_of(*window), asked.known_days(*window)
        missing = [day for day in every if day not in set(known)]
        if missing:
            words = N_("the chats of {n} of {days} days are not in the file: {day} and on")
            text = Reason.of(words, n=len(missing), days=len(every), day=missing[0])
            yield Fact("gap", missing[0], text, bool(place))
