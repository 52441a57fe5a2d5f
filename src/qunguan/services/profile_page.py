"""One member on one page, as of any day, and why each of its numbers is what it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from qunguan.domain import feedback as terms
from qunguan.domain.clock import Clock
from qunguan.domain.feedback import Feedback
from qunguan.domain.level_views import LevelCard
from qunguan.domain.members import next_birthday
from qunguan.domain.orders import OrderRow
from qunguan.domain.profiles import Complaints, Event, MemberPage, PageReasons, card_on
from qunguan.domain.rewards import Redemption
from qunguan.services import (
    badges,
    checkin_member,
    feedback_read,
    groups,
    levels,
    orders,
    plan_views,
    points,
    relations,
    rewards,
    segments,
)
from qunguan.services.members_view import card as card_of
from qunguan.services.profiles import base_events, standings_of
from qunguan.store.profile_queries import benefits_used, refunds_to, talk_of
from qunguan.store.session import Session

_WORDS = 40


def page(session: Session, clock: Clock, member_id: int, as_of: date | None = None) -> MemberPage:
    """Everything of one member at the end of a day (None: today). Raises NotFound."""
    day = as_of or clock.today(groups.day_rule(session))
    card = card_on(card_of(session, member_id), day)
    born = card.member.birthday
    redeemed = [each for each in rewards.redemptions(session, member_id=member_id) if each.day <= day]
    level = _level(session, clock, member_id, as_of)
    held = badges.held_by(session, member_id, day)
    told = feedback_read.of_member(session, member_id, day)
    events = [
        *base_events(session, card, day, None),
        *_money_events(session, member_id, day),
        *_redemption_events(redeemed, day),
        *(Event(each.since, "badge", each.badge.name) for each in held),
        *(_level_events(level) if level else ()),
        *(Event(row.day, "benefit", row.name, change=row.quantity) for row in benefits_used(session, member_id, day)),
        *(Event(each.day, "feedback", terms.short(each.text, _WORDS), each.kind) for each in told),
    ]
    return MemberPage(
        day=day,
        card=card,
        next_birthday=next_birthday(born, day) if born else None,
        level=level,
        account=points.account(session, clock, member_id, day),
        badges=held,
        near=badges.progress(session, member_id, day),
        standings=standings_of(session, clock, member_id, as_of),
        spending=orders.spendings(session, day, [member_id]).get(member_id),
        waiting=tuple(each for each in redeemed if _waits(each, day)),
        events=tuple(sorted(events, key=lambda event: event.day, reverse=True)),
        labels=segments.labels(session, clock, day, [member_id]).get(member_id, ()),
        rule_tags=segments.rule_tags(session, clock, day, [member_id]).get(member_id, ()),
        talk=talk_of(session, member_id, day),
        complaints=_complaints(session, told, day),
        memberships=plan_views.of_member(session, clock, member_id, day),
        ties=relations.of_member(session, clock, member_id, as_of=day),
    )


def reasons(session: Session, clock: Clock, member_id: int, as_of: date | None = None) -> PageReasons:
    """Why the numbers of a page are what they are. Raises NotFound."""
    day = as_of or clock.today(groups.day_rule(session))
    level = _level(session, clock, member_id, as_of)
    held = badges.held_by(session, member_id, day)
    return PageReasons(
        levels.why_member(session, clock, member_id, as_of) if level else (),
        tuple((each.badge.name, badges.why_badge(session, each.badge.id, member_id, day)) for each in held),
        tuple(
            checkin_member.why(session, clock, each.challenge_id, member_id, day)
            for each in standings_of(session, clock, member_id, as_of)
            if each.open
        ),
        bought(session, member_id, day),
    )


def bought(session: Session, member_id: int, day: date) -> tuple[OrderRow, ...]:
    """The orders of a member that were paid by a day, newest first."""
    ids = orders.order_ids(session, member_id=member_id, as_of=day)
    return tuple(row for row in orders.order_rows(session, ids, day) if row.day is not None)


def _level(session: Session, clock: Clock, member_id: int, as_of: date | None) -> LevelCard | None:
    """Where they stand on the ladder the screens show; None without one, and for days before it began."""
    ladder = levels.current(session)
    day = as_of or clock.today(groups.day_rule(session))
    if ladder is None or day < ladder.first_day:
        return None
    return levels.member(session, clock, member_id, as_of)


def _level_events(level: LevelCard) -> Iterator[Event]:
    for name, standing in level.path:
        if standing.rank != max(1, standing.was):
            yield Event(standing.from_day, "level", name, "up" if standing.rank > standing.was else "down")


def _money_events(session: Session, member_id: int, day: date) -> Iterator[Event]:
    for row in bought(session, member_id, day):
        if row.day is not None:
            yield Event(row.day, "order", row.items or row.number, row.status, fen=row.amount_fen)
    for back in refunds_to(session, member_id, day):
        yield Event(back.day, "refund", back.number, fen=-back.fen)


def _redemption_events(redeemed: list[Redemption], day: date) -> Iterator[Event]:
    for each in redeemed:
        yield Event(each.day, "redeemed", each.reward, change=-each.price)
        if each.fulfilled_on and each.fulfilled_on <= day:
            yield Event(each.fulfilled_on, "handed", each.reward)
        if each.cancelled_on and each.cancelled_on <= day:
            yield Event(each.cancelled_on, "cancelled", each.reward)


def _complaints(session: Session, told: Sequence[Feedback], day: date) -> Complaints | None:
    """How often they complained, and how many of it was open at the end of the day."""
    bad = [each for each in told if each.complaint]
    if not bad:
        return None
    rules = {each.group_id: groups.day_rule(session, each.group_id) for each in bad}
    still_open = 0
    for each in bad:
        done = [step for step in each.steps if rules[each.group_id].biz_date(step.at) <= day]
        still_open += terms.standing(each.kind, each.told_at, done)[2] is None
    return Complaints(len(bad), still_open)


def _waits(each: Redemption, day: date) -> bool:
    """Whether it was not handed out at the end of the day."""
    ends = (each.fulfilled_on, each.cancelled_on)
    return not any(end and end <= day for end in ends)
