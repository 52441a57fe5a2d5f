"""What speaks for and against a plan, as it is told: days, hours, what else is on, the money, last time's words."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Literal

from qunguan.domain import festivals
from qunguan.domain.campaign_gate import forbidden
from qunguan.domain.campaign_terms import count_of, fen_of
from qunguan.domain.campaign_views import Outlook
from qunguan.domain.campaigns import Campaign, Caution, Draft, clock_text, minute_typed, playbook, playbooks, tasks_of
from qunguan.domain.clock import Clock, DayRule
from qunguan.domain.groups import Group
from qunguan.domain.money import short_yuan
from qunguan.domain.rosters import Reason
from qunguan.domain.text import show
from qunguan.i18n import N_
from qunguan.services import alerts, content, groups, insights, rules
from qunguan.services.campaign_book import all_campaigns, audience_of, drawn_up, to_come
from qunguan.store import campaign_queries as queries
from qunguan.store.session import Session

_MOST_FESTIVALS = 3  # that are told; a campaign of a season meets many
_HOUR, _EVENING = 60, 22 * 60  # minutes; when a campaign ends that nobody told the end of


def outlook(session: Session, clock: Clock, group_id: int, draft: Draft, own_id: int = 0) -> Outlook:
    """A plan before it is saved: how many it is for, its tasks, what speaks against it and for it.

    `own_id` is the campaign that is being changed; of a new one only the tasks still to come are told. Raises
    BadInput, NotFound for a draft that cannot be.
    """
    made, terms = drawn_up(session, group_id, draft)
    group = groups.get(session, group_id)
    here = len(queries.present(session, group_id))
    people = len(audience_of(session, clock, group_id, draft.scheme, draft.bucket))
    cautions = [
        *_people(people),
        *_days(made, clock.today(group.day_rule), int(rules.value(session, "campaign.warmup_days"))),
        *_festivals(made),
        *_hour(session, clock, made, group.day_rule),
        *_meets(session, made, group.day_rule, own_id),
        *_lock(session, clock, made),
        *_money(made, terms, people),
        *_words(session, made, own_id),
        *_forbidden(made, group, terms),
    ]
    order = {"warning": 0, "notice": 1, "good": 2}
    cautions.sort(key=lambda each: order[each.level])
    tasks = tasks_of(made, group.day_rule, group.name, terms)
    return Outlook(people, here, tasks if own_id else to_come(tasks, group.day_rule, clock.now()), tuple(cautions))


def blank_draft(session: Session, form: str, today: date, name: str = "") -> Draft:
    """A draft of a form as it usually is: the day that suits it, its hours, its length. Raises NotFound."""
    book = playbook(form)
    first = suggested_day(session, book.form, today)
    start = minute_typed(book.start)
    return Draft(name, book.form, first, start, first + timedelta(days=book.days - 1), max(_EVENING, start + _HOUR))


def suggested_day(session: Session, form: str, today: date) -> date:
    """The first day a form usually falls on, with time left to warm up: its weekday, its day of the month (C22: the
    last one of a short month), else the first day the warm-up leaves."""
    book, warm_up = playbooks()[form], int(rules.value(session, "campaign.warmup_days"))
    day = today + timedelta(days=warm_up)
    while not _fits(book.weekday, book.month_day, day):
        day += timedelta(days=1)
    return day


def _fits(weekday: int | None, month_day: int | None, day: date) -> bool:
    if month_day is not None:
        return day.day == min(month_day, monthrange(day.year, day.month)[1])
    return weekday is None or day.weekday() == weekday


def _forbidden(made: Campaign, group: Group, terms: Mapping[str, str]) -> Iterator[Caution]:
    for word in forbidden(made, tasks_of(made, group.day_rule, group.name, terms)):
        said = Reason.of(N_("{words} may not be said: {why}"), words=show(word.text), why=word.why)
        yield Caution("warning", said, word.source)


def _people(people: int) -> Iterator[Caution]:
    if not people:
        yield Caution("warning", Reason.of(N_("nobody is in this bucket now")), "S1-31")


def _days(made: Campaign, today: date, days: int) -> Iterator[Caution]:
    left = (made.from_day - today).days
    if left < 0:
        yield Caution("notice", Reason.of(N_("its first day is past: {day}"), day=made.from_day), "S0-28")
    elif not left:
        yield Caution("warning", Reason.of(N_("it begins today, a warm-up takes {days} days"), days=days), "S0-28")
    elif left < days:
        yield Caution(
            "warning", Reason.of(N_("{left} days are left, a warm-up takes {days}"), left=left, days=days), "S0-28"
        )


def _festivals(made: Campaign) -> Iterator[Caution]:
    """What its days belong to: kept away from, gone with, or only to know of (C24)."""
    levels: dict[str, Literal["good", "notice", "warning"]] = {"avoid": "warning", "with": "good", "": "notice"}
    found = festivals.between(made.from_day, made.to_day)
    first = sorted(found, key=lambda each: (each.stance != "avoid", not each.from_day <= made.from_day <= each.to_day))
    for each in first[:_MOST_FESTIVALS]:
        begun = each.from_day <= made.from_day
        level = levels[each.stance] if begun or each.stance != "avoid" else "notice"
        told = Reason.of(N_("{name}, {day}: {advice}"), name=each.name, day=_span(each), advice=each.advice)
        yield Caution(level, told, each.source)


def _span(found: festivals.Festival) -> str:
    if found.from_day == found.to_day:
        return found.day.isoformat()
    return f"{found.from_day}…{found.to_day}"


def _hour(session: Session, clock: Clock, made: Campaign, rule: DayRule) -> Iterator[Caution]:
    best = insights.hours(session, clock, made.group_id).best_hour
    if best is None:
        return
    start = rule.local(made.starts_at).hour
    said = Reason.of(N_("the group is liveliest at {best}:00, this begins at {start}:00"), best=best, start=start)
    if start == best:
        said = Reason.of(N_("it begins at the liveliest hour, {best}:00"), best=best)
    yield Caution("good" if start == best else "notice", said, "S0-35")


def _meets(session: Session, made: Campaign, rule: DayRule, own_id: int) -> Iterator[Caution]:
    """Other campaigns on the same days, and posts around its beginning (C23)."""
    apart = int(rules.value(session, "content.apart_minutes"))
    for row in queries.near(session, [made.group_id], made.from_day, made.to_day):
        if row.id == own_id or row.cancelled_on is not None or row.closed_on is not None:
            continue
        close = abs((row.starts_at - made.starts_at).total_seconds()) <= apart * 60
        what = N_("begins within {apart} minutes of {name}") if close else N_("{name} is on at the same time")
        yield Caution("warning" if close else "notice", Reason.of(what, name=row.name, apart=apart), "C23")
    start = _minute(rule, made.starts_at)
    for post in content.posts_between(session, [made.group_id], made.from_day, made.from_day):
        if post.at_minute is None or post.state == "dropped" or post.draft.campaign_id == (own_id or -1):
            continue
        if abs(post.at_minute - start) <= apart:
            said = Reason.of(N_("the post {title} stands at {time}, within {apart} minutes"), title=post.title,
                             time=clock_text(post.at_minute), apart=apart)  # fmt: skip
            yield Caution("warning", said, "C23")


def _minute(rule: DayRule, moment: datetime) -> int:
    local = rule.local(moment)
    return local.hour * 60 + local.minute


def _lock(session: Session, clock: Clock, made: Campaign) -> Iterator[Caution]:
    if made.playbook.promo and (lock := alerts.promo_locked(session, clock, made.group_id)).locked:
        yield from (Caution("warning", why, "S4-30") for why in lock.why)


def _money(made: Campaign, terms: Mapping[str, str], people: int) -> Iterator[Caution]:
    """What it costs at most, by its terms, beside the budget."""
    back = fen_of(terms, "cashback")
    if not made.offer and made.playbook.promo:
        yield Caution("notice", Reason.of(N_("the offer is not written yet")), "S1-31")
    if back is None:
        return
    cap, stock = fen_of(terms, "cap"), count_of(terms, "stock")
    most = (back if cap is None else min(back, cap)) * (people if stock is None else min(stock, people))
    told = Reason.of(N_("up to ¥{most} may go back to members"), most=short_yuan(most))
    if made.budget_fen is None:
        yield Caution("notice", told, "S3-22")
    elif most > made.budget_fen:
        said = Reason.of(N_("{most}, the budget is ¥{budget}"), most=told, budget=short_yuan(made.budget_fen))
        yield Caution("warning", said, "S1-31")


def _words(session: Session, made: Campaign, own_id: int) -> Iterator[Caution]:
    """What was written down for the next time when this form was last reviewed."""
    same = [each.id for each in all_campaigns(session, made.group_id) if each.form == made.form and each.id != own_id]
    written = queries.reviews(session, same)
    for campaign_id in same:
        if campaign_id in written and written[campaign_id].next_time:
            text = written[campaign_id].next_time
            yield Caution("good", Reason.of(N_("you wrote last time: {text}"), text=text), "S1-31")
            return
