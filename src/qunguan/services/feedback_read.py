"""Reading feedback: lists, who waits, what it comes to, and the ready texts to answer with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Row

from qunguan.domain import feedback as terms
from qunguan.domain.clock import Clock
from qunguan.domain.errors import BadInput, NotFound
from qunguan.domain.feedback import Feedback, FeedbackChange, FeedbackCounts, FeedbackStep, KindChange, Limits
from qunguan.domain.feedback_categories import scripts_for
from qunguan.domain.scripts import everyday, fill
from qunguan.i18n import _
from qunguan.services import groups, rules, scripts
from qunguan.store import feedback_queries as queries
from qunguan.store.checkin_queries import nicks
from qunguan.store.session import Session
from qunguan.values import frozen

DAYS = "alert.complaints_days"
_DAY = timedelta(days=1)
_QUOTED = 60
_MOST_DAYS = 3660


@frozen
class Answer:
    """A ready text to answer with: the script's name, the text with what is known filled in, the places still open."""

    name: str
    text: str
    missing: tuple[str, ...]


def feedback(
    session: Session,
    group_id: int | None = None,
    *,
    kind: terms.Kind | None = None,
    incident_id: int | None = None,
    still_open: bool = False,
    first: date | None = None,
    last: date | None = None,
    most: int | None = None,
) -> tuple[Feedback, ...]:
    """What was said in a group (None: in all), newest first: of one kind, from a day to a day, what is not settled.
    What belongs to a drill is only told where its incident is asked for.
    """
    return _loaded(session, queries.rows(session, group_id, kind=kind, incident_id=incident_id, still_open=still_open,
                                         first=first, last=last, most=most))  # fmt: skip


def get(session: Session, feedback_id: int) -> Feedback:
    """One of them. Raises NotFound."""
    found = _loaded(session, queries.by_ids(session, [feedback_id]))
    if not found:
        raise NotFound("there is no feedback #{id}", hint="see the list: qunguan feedback list", id=feedback_id)
    return found[0]


def of_member(session: Session, member_id: int, day: date | None = None) -> tuple[Feedback, ...]:
    """What a member ever said (up to a day), newest first, without drills; steps of later days included."""
    return _loaded(session, queries.rows(session, member_id=member_id, last=day))


def waiting(session: Session, clock: Clock, group_id: int | None = None) -> tuple[Feedback, ...]:
    """Who waits for an answer in a group (None: in all that are not put away), the longest first."""
    found = _loaded(session, queries.by_ids(session, queries.waiting_ids(session, group_id)))
    return tuple(sorted(found, key=lambda one: (one.waiting_since or one.told_at, one.id)))


def among(session: Session, clock: Clock, ids: Iterable[int], group_id: int | None = None) -> tuple[Feedback, ...]:
    """Those of these that are there, of a group (None: of all), whatever became of them."""
    found = _loaded(session, queries.by_ids(session, ids))
    return tuple(one for one in found if group_id in (None, one.group_id))


def limits(session: Session) -> Limits:
    """Within what time somebody is answered and a complaint settled, by the rules in force."""

    def told(rule_id: str, unit: timedelta) -> timedelta | None:
        value = rules.limit(session, rule_id)
        return None if value is None else value * unit

    minute, hour = timedelta(minutes=1), timedelta(hours=1)
    return Limits(told("feedback.reply_minutes", minute), told("feedback.urgent_minutes", minute),
                  told("feedback.settle_hours", hour))  # fmt: skip


def counts(session: Session, group_ids: Iterable[int], first: date, last: date) -> FeedbackCounts:
    """What was said in these groups from a day to a day, and how long the answers took. Drills never count."""
    found = [one for group_id in dict.fromkeys(group_ids)
             for one in feedback(session, group_id, first=first, last=last)]  # fmt: skip
    kinds = Counter(one.kind for one in found)
    reply, settle = terms.medians(found, limits(session))
    about = Counter(one.category for one in found if one.category)
    return FeedbackCounts(
        first, last, {kind: kinds[kind] for kind in terms.KINDS}, tuple(about.most_common()), reply, settle
    )


def change(
    session: Session, clock: Clock, group_id: int, days: int | None = None, as_of: date | None = None
) -> FeedbackChange:
    """The last complete days of a group against the equal window before, by kind; `days` None is what the rule
    alert.complaints_days says. As of a past day that day is the last one. Raises NotFound, BadInput for no days.
    """
    span = int(rules.value(session, DAYS)) if days is None else days
    if not 1 <= span <= _MOST_DAYS:
        raise BadInput("{n} days cannot be compared", hint="say 1 to {most}", n=span, most=_MOST_DAYS)
    group = groups.get(session, group_id)
    last = as_of or clock.today(group.day_rule) - _DAY
    first = last - (span - 1) * _DAY
    before_last, before_first = first - _DAY, first - span * _DAY
    now = queries.kinds(session, [group_id], first, last)
    before = queries.kinds(session, [group_id], before_first, before_last)
    told = tuple(KindChange(kind, now.get(kind, 0), before.get(kind, 0)) for kind in terms.KINDS)
    bad = [each for each in told if each.kind in terms.COMPLAINTS]
    return FeedbackChange(
        span, first, last, before_first, before_last, told,
        KindChange("complaints", sum(each.now for each in bad), sum(each.before for each in bad)),
    )  # fmt: skip


def answers(session: Session, clock: Clock, one: Feedback) -> tuple[Answer, ...]:
    """The ready texts to answer somebody with, the best one first, filled with what is known."""
    names = scripts_for(one.kind, one.category)
    texts = scripts.texts(session, names)
    group = groups.get(session, one.group_id)
    called = nicks(session, [one.member_id]).get(one.member_id) if one.member_id is not None else None
    said = terms.short(one.text, _QUOTED)
    values = everyday(group.name, clock.today(group.day_rule)) | {
        "nick": called or one.name or _("Hello"), "question": said, "quote": said,
    }  # fmt: skip
    filled = ((name, fill(texts[name], values)) for name in names if name in texts)
    return tuple(Answer(name, done.text, done.missing) for name, done in filled)


def _loaded(session: Session, found: Sequence[Row[Any]]) -> tuple[Feedback, ...]:
    done = queries.steps(session, (row.id for row in found))
    return tuple(_feedback(row, done.get(row.id, ())) for row in found)


def _feedback(row: Row[Any], done: Iterable[Row[Any]]) -> Feedback:
    steps = tuple(FeedbackStep(each.id, each.kind, each.at, each.text) for each in done)
    return Feedback(
        row.id, row.group_id, row.member_id, row.name, row.kind, row.category, row.severity, row.channel, row.text,
        row.told_at, row.biz_date, row.order_id, row.incident_id, bool(row.drill), steps,
        *terms.standing(row.kind, row.told_at, steps),
    )  # fmt: skip
