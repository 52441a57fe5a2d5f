"""Who has a badge since the last days. Everybody's badges are not worked out for it: who cannot have come over a bar in
those days is left out before.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from qunguan.domain.badges import Badge, Holding, winners
from qunguan.services import challenges, earning_referrals
from qunguan.services.badge_holders import new_badges
from qunguan.services.badge_rules import badges
from qunguan.store import care_queries as queries
from qunguan.store.badge_queries import stood
from qunguan.store.session import Session


def news(session: Session, since: date, today: date) -> tuple[Holding, ...]:
    """The badges reached from `since` to today and held today, the newest first: what `new_badges` says of everyone."""
    wanted = [each for each in badges(session) if each.enabled]
    ids = sorted(_candidates(session, wanted, since, today)) if wanted else []
    return new_badges(session, since, today, ids=ids) if ids else ()


def _candidates(session: Session, wanted: Sequence[Badge], since: date, today: date) -> set[int]:
    """Members who may have come over a bar: more than one step a day and challenge nobody makes."""
    asked = {each.metric for each in wanted}
    found = queries.moved_since(session, since, today)
    if asked & {"best_streak", "streak", "checkins"}:
        found |= _counted(session, wanted, since, (today - since).days + 1)
    if "referrals" in asked:
        found |= {each.inviter_id for each in earning_referrals.referrals(session, today) if each.counts_on >= since}
    if "first" in asked:
        found |= _finished(session, since, today)
    return found


def _counted(session: Session, wanted: Sequence[Badge], since: date, days: int) -> set[int]:
    """Who checked in since then and stands less than so many steps above a bar of a streak or a total."""
    rows = queries.counted_since(session, since)
    sums = queries.totals(session)
    many = len({row.challenge_id for row in rows})
    found = set()
    for badge in wanted:
        bar, one = badge.at_least or 1, badge.challenge_id
        for row in rows:
            if one not in (None, row.challenge_id):
                continue
            if badge.metric == "checkins":
                value, steps = (sums[row.member_id], days * many) if one is None else (row.total, days)
            elif badge.metric in ("best_streak", "streak"):
                value, steps = (row.best if badge.metric == "best_streak" else row.run), days
            else:
                continue
            if bar <= value < bar + steps:
                found.add(row.member_id)
    return found


def _finished(session: Session, since: date, today: date) -> set[int]:
    """Who came first in a challenge that was over in these days."""
    day = timedelta(days=1)
    over = [
        each.id
        for each in challenges.all_challenges(session)
        if each.last_day is not None and since <= each.last_day + day <= today
    ]
    return {member_id for standings in stood(session, over).values() for member_id in winners(standings)}
