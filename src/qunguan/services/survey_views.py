"""Surveys as they are read: which there are, what they ask, what was answered, how serious the answers are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from typing import Any

from qunguan.domain.clock import Clock
from qunguan.domain.errors import NotFound
from qunguan.domain.names import meant
from qunguan.domain.survey_counts import Spread, Voice, intent_of, spread, weights
from qunguan.domain.surveys import (
    INTENT_HIGH,
    INTENT_LOW,
    WAITING,
    Option,
    Question,
    Survey,
    level_of,
    option_key,
)
from qunguan.domain.text import show
from qunguan.i18n import N_
from qunguan.services import rules
from qunguan.store import survey_queries as queries
from qunguan.store.session import Session
from qunguan.values import frozen


@frozen
class Shown:
    """A survey counted: its `replies` up to the day asked for, the `people` they are of (who replied again counts once,
    by the newest), and each question with their answers. `buckets` are the codes of the scheme the answers are crossed
    with → their names; empty without one.
    """

    survey: Survey
    replies: int
    people: int
    spreads: tuple[Spread, ...]
    buckets: Mapping[str, str]


def surveys(session: Session, group_id: int | None = None) -> tuple[Survey, ...]:
    """Every survey, the newest first; with a group those of it and those of no group."""
    return tuple(
        Survey(
            row.id, row.name, row.purpose, row.group_id, row.intro, row.created_at, row.questions, row.replies,
            row.waiting, row.last_day,
        )
        for row in queries.surveys(session, WAITING)
        if group_id is None or row.group_id in (None, group_id)
    )  # fmt: skip


def get(session: Session, survey_id: int) -> Survey:
    """One survey. Raises NotFound."""
    return find(session, f"#{survey_id}")


def find(session: Session, text: str) -> Survey:
    """The survey that is meant, by #id or name. Raises NotFound."""
    known = surveys(session)
    found = meant(known, text)
    if not found:
        names = " / ".join(show(each.name) for each in known)
        hint = N_("there are: {known}") if names else N_("make one: qunguan survey preset newcomer")
        raise NotFound("there is no survey {text}", hint=hint, text=show(text[:40]), known=names)
    return found[0]


def questions(session: Session, survey_id: int) -> tuple[Question, ...]:
    """What a survey asks, in order, with the options."""
    own: dict[int, list[Option]] = defaultdict(list)
    for row in queries.options(session, survey_id):
        own[row.question_id].append(Option(row.id, row.position, row.text, row.tag, row.intent))
    return tuple(
        Question(row.id, row.position, row.text, row.kind, tuple(own[row.id]))
        for row in queries.questions(session, survey_id)
    )


def counted(
    session: Session, clock: Clock, survey_id: int, as_of: date | None = None, scheme: str | None = None
) -> Shown:
    """The answers to a survey by question, of replies up to the end of a day (None: of all); with a `scheme` crossed by
    the bucket each member is in on that day. Of a member who replied again the newest reply counts. Raises NotFound.
    """
    found = get(session, survey_id)
    given: dict[int, list[tuple[str, str, int]]] = defaultdict(list)
    codes: Mapping[int, str] = {}
    buckets: dict[str, str] = {}
    if scheme is None:
        for row in queries.tally(session, survey_id, as_of):
            given[row.question_id].append((row.text, "", row.n))
    else:
        whose = {row.id: row.member_id for row in queries.replies(session, survey_id, as_of)}
        codes, buckets = _crossed(session, clock, scheme, as_of, [who for who in whose.values() if who])
        for row in queries.answers(session, survey_id, as_of):
            given[row.question_id].append((row.text, codes.get(whose[row.reply_id] or 0, ""), 1))
    answered = queries.answered_by(session, survey_id, as_of)
    spreads = tuple(spread(each, given[each.id], answered.get(each.id, 0)) for each in questions(session, survey_id))
    return Shown(found, *queries.reply_count(session, survey_id, as_of), spreads, buckets)


def _crossed(
    session: Session, clock: Clock, scheme: str, as_of: date | None, ids: list[int]
) -> tuple[Mapping[int, str], dict[str, str]]:
    """Member → code of their bucket, and the names of the buckets in their order; "" is who is in none."""
    from qunguan.services.segment_labels import buckets_of, placed
    from qunguan.services.segment_schemes import find as find_scheme
    from qunguan.services.segment_schemes import today

    found = find_scheme(session, scheme)
    day = as_of or today(session, clock)
    told = placed(session, clock, found, day, ids=sorted(set(ids)))
    names = {each.code: each.name for each in sorted(buckets_of(found, day), key=lambda one: one.rank)}
    return told.codes, {**names, "": ""}


def voices(
    session: Session, clock: Clock, survey_id: int, as_of: date | None = None, since: date | None = None
) -> tuple[Voice, ...]:
    """Everybody who replied (from `since` on) with how serious they are, the newest first. Of a person who replied
    again only the newest reply counts. Raises NotFound.
    """
    get(session, survey_id)
    high, low = rules.limit(session, INTENT_HIGH), rules.limit(session, INTENT_LOW)
    weighed = weights(questions(session, survey_id))
    given: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for row in queries.answers(session, survey_id, as_of, since) if weighed else ():
        given[row.reply_id].append((row.question_id, row.text))
    found: list[Voice] = []
    seen: set[int] = set()
    for row in reversed(queries.replies(session, survey_id, as_of, since)):
        if row.member_id in seen:
            continue
        if row.member_id is not None:
            seen.add(row.member_id)
        intent = intent_of(given[row.id], weighed)
        level = None if intent is None else level_of(intent, high, low)
        found.append(Voice(row.id, row.number, row.member or row.name, row.member_id, row.matched_by, row.biz_date,
                           intent, level, row.settled_on))  # fmt: skip
    return tuple(found)


def reply(session: Session, reply_id: int) -> tuple[tuple[Question, tuple[str, ...]], ...]:
    """What one reply says, question by question; those it leaves open have no answers. Raises NotFound."""
    row: Any = next(iter(queries.reply_rows(session, [reply_id])), None)
    if row is None:
        raise NotFound(
            "there is no reply #{id}", hint="see who replied: qunguan survey show NAME --people", id=reply_id
        )
    given: dict[int, list[str]] = defaultdict(list)
    for each in queries.answers_of(session, [reply_id]):
        given[each.question_id].append(each.text)
    return tuple((each, tuple(given[each.id])) for each in questions(session, row.survey_id))


def chosen(
    session: Session, survey_id: int, question_id: int, answer: str, as_of: date | None = None
) -> tuple[str, ...]:
    """The names of those whose newest reply answers a question so, the newest first; "" of who named nobody."""
    key = option_key(answer)
    said = {
        row.reply_id
        for row in queries.answers(session, survey_id, as_of)
        if row.question_id == question_id and option_key(row.text) == key
    }
    return tuple(
        row.member or row.name for row in reversed(queries.replies(session, survey_id, as_of)) if row.id in said
    )


def words(session: Session, survey_id: int, question_id: int) -> tuple[tuple[str, str], ...]:
    """(name, words) of what was answered to a question, the newest first; of a member what they said last."""
    names = {row.id: row.member or row.name for row in queries.replies(session, survey_id)}
    order = {reply_id: place for place, reply_id in enumerate(names)}
    said = [row for row in queries.answers(session, survey_id) if row.question_id == question_id]
    said.sort(key=lambda row: -order[row.reply_id])
    return tuple((names[row.reply_id], row.text) for row in said)
