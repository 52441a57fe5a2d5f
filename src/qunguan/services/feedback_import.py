"""Feedback out of a sheet: each line once, however often the sheet is read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from qunguan.domain import feedback as terms
from qunguan.domain.clock import Clock, DayRule
from qunguan.domain.errors import Ambiguous, NotFound
from qunguan.domain.feedback import FeedbackRow, FeedbackTaken
from qunguan.domain.feedback_categories import severity_of, typed
from qunguan.domain.rosters import Reason, RowNote
from qunguan.domain.text import match_key
from qunguan.i18n import N_
from qunguan.services import groups, members
from qunguan.store import feedback_queries as queries
from qunguan.store.feedback import feedback
from qunguan.store.session import Session

_NOON = time(12)


def import_rows(session: Session, clock: Clock, group_id: int, rows: Sequence[FeedbackRow]) -> FeedbackTaken:
    """Write down the lines of a sheet, in one step. A line that is there already (the same words of the same person and
    kind on the same day) is passed over; a name nobody has is kept as it is. A line without a day is of today, one
    without a time of noon. Rejects moments to come.
    """
    group, now = groups.get(session, group_id), clock.now()
    whose = _namer(session)
    made: list[tuple[dict[str, Any], bool]] = []
    strangers: dict[str, None] = {}
    rejected = []
    for row in rows:
        at, day = _moment(row, group.day_rule, now)
        if at > now:
            rejected.append(RowNote(row.row, Reason.of(N_("{day} has not come yet"), day=day)))
            continue
        member_id = whose(row.who)
        if member_id is None and row.who:
            strangers.setdefault(row.who)
        category = typed(row.category)
        values = {
            "group_id": group_id, "member_id": member_id, "who": "" if member_id else row.who,
            "kind": terms.typed_kind(row.kind), "category": category, "severity": severity_of(category), "channel": "",
            "text": row.text, "told_at": at, "biz_date": day,
        }  # fmt: skip
        made.append((values, row.day is not None or row.at is not None))
    new = _new(session, group_id, made)
    if new:
        session.step(N_("Took in {n} lines of feedback"), n=len(new))
        session.insert_many(feedback, new)
    return FeedbackTaken(len(new), len(made) - len(new), tuple(strangers), tuple(rejected))


def _new(session: Session, group_id: int, made: Sequence[tuple[dict[str, Any], bool]]) -> list[dict[str, Any]]:
    """Those that are not there yet, each once. A line of no day is there when it was said on any."""
    days = [values["biz_date"] for values, _dated in made]
    whole = any(not dated for _values, dated in made)
    if not days:
        return []
    first, last = (None, None) if whole else (min(days), max(days))
    known = {
        key
        for row in queries.twins(session, group_id, first, last)
        for key in _keys(row.kind, row.text, row.member_id or match_key(row.who), row.biz_date)
    }
    new = []
    for values, dated in made:
        whose = values["member_id"] or match_key(values["who"])
        undated, exact = keys = _keys(values["kind"], values["text"], whose, values["biz_date"])
        if (exact if dated else undated) not in known:
            known.update(keys)
            new.append(values)
    return new


def _keys(kind: str, text: str, whose: int | str, day: date) -> tuple[tuple[object, ...], tuple[object, ...]]:
    """What a line is known by without its day, and with it."""
    said = kind, match_key(text), whose
    return said, (*said, day)


def _namer(session: Session) -> Callable[[str], int | None]:
    """Whose a name is; a name nobody or several people have stays a name."""
    resolve = members.resolver(session)

    def whose(name: str) -> int | None:
        try:
            return resolve(name) if name else None
        except (NotFound, Ambiguous):
            return None

    return whose


def _moment(row: FeedbackRow, rule: DayRule, now: datetime) -> tuple[datetime, date]:
    if row.at is not None:
        return row.at, rule.biz_date(row.at)
    today = rule.biz_date(now)
    if row.day is None or row.day == today:
        return now, today
    noon = datetime.combine(row.day, _NOON, ZoneInfo(rule.zone))
    return (noon if rule.biz_date(noon) == row.day else noon + timedelta(hours=12)), row.day
