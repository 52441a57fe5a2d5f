"""Surveys by hand: one of a shipped set or of one's own, its questions and options, who was spoken with."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

from sqlalchemy import Column, Table, select

from qunguan.domain.clock import Clock
from qunguan.domain.errors import BadInput, NotFound, Refused
from qunguan.domain.names import typed_name
from qunguan.domain.surveys import (
    NAME_LIMIT,
    Kind,
    Preset,
    Purpose,
    checked_intent,
    option_key,
    question_key,
    typed_question,
    typed_tag,
)
from qunguan.domain.text import clean_lines, match_key, show
from qunguan.i18n import N_
from qunguan.services import groups
from qunguan.store import survey_queries as queries
from qunguan.store.member_queries import IDS, in_chunks
from qunguan.store.session import Session
from qunguan.store.surveys import survey, survey_answer, survey_option, survey_question, survey_reply

_INTRO_LIMIT = 2000
_MOST_QUESTIONS = 200
_MOST_OPTIONS = 200
_BETWEEN = re.compile(r"\s*[/／┋]\s*")


def add(
    session: Session, clock: Clock, name: str, purpose: Purpose = "other", group_id: int | None = None, intro: str = ""
) -> int:
    """Make a survey without questions; returns its id. Raises BadInput for a name that is taken or none."""
    called = typed_name(name, limit=NAME_LIMIT)
    key = match_key(called)
    if session.first(select(survey.c.id).where(survey.c.key == key)) is not None:
        raise BadInput("there is already a survey {name}", hint="give it another name, or change that one",
                       name=show(called))  # fmt: skip
    session.step(N_("Made the survey {name}"), name=called)
    return session.insert(survey, group_id=group_id, name=called, key=key, purpose=purpose,
                          intro=clean_lines(intro, _INTRO_LIMIT), created_at=clock.now())  # fmt: skip


def add_preset(session: Session, clock: Clock, preset: Preset, name: str = "", group_id: int | None = None) -> int:
    """Make a survey of a shipped question set; returns its id. Raises BadInput for a name that is taken."""
    made = add(session, clock, name or preset.name, preset.purpose, group_id, preset.intro)
    for text, kind, options in preset.questions:
        question_id = put_question(session, clock, made, text, kind)
        for said, tag, intent in options:
            put_option(session, clock, question_id, said, tag=tag, intent=intent)
    return made


def put_question(
    session: Session, clock: Clock, survey_id: int, text: str, kind: Kind | None = None, question_id: int | None = None
) -> int:
    """Add a question (of one answer, unless `kind` says otherwise), or change one; returns its id. Raises NotFound;
    BadInput for one that is asked already; Refused where its answers stand in the way of the new kind.
    """
    row = session.get(survey, survey_id)
    if row is None:
        raise NotFound("there is no survey {text}", hint="see the list of surveys", text=f"#{survey_id}")
    known = queries.questions(session, survey_id)
    asked = typed_question(text) if text else ""
    twin = next((each for each in known if each.key == question_key(asked)), None) if asked else None
    if twin is not None and twin.id != question_id:
        raise BadInput("the survey asks this already: {question}", hint="change that question", question=show(asked))
    if question_id is None:
        if len(known) >= _MOST_QUESTIONS:
            raise Refused("a survey has {most} questions at most", hint="make a second one", most=_MOST_QUESTIONS)
        session.step(N_("Added a question to the survey {name}"), name=row.name)
        place = max((each.position for each in known), default=0) + 1
        return session.insert(survey_question, survey_id=survey_id, position=place, text=typed_question(text),
                              key=question_key(asked), kind=kind or "one")  # fmt: skip
    old = _question(session, question_id)
    if kind and (kind == "many") != (old.kind == "many") and queries.answered(session, question_id):
        raise Refused("this question was answered already, and one answer is not several",
                      hint="ask it anew as another question")  # fmt: skip
    session.step(N_("Changed a question of the survey {name}"), name=row.name)
    values: dict[str, Any] = {"kind": kind} if kind else {}
    if asked:
        values |= {"text": asked, "key": question_key(asked)}
    session.update(survey_question, question_id, **values)
    return question_id


def remove_question(session: Session, clock: Clock, question_id: int) -> int:
    """Take a question out with its options and answers; returns how many answers went. Raises NotFound."""
    row = _question(session, question_id)
    name = session.get(survey, row.survey_id)
    assert name is not None
    session.step(N_("Took a question out of the survey {name}"), name=name.name)
    gone = drop(session, survey_answer, _of(session, survey_answer.c.question_id, [question_id]))
    drop(session, survey_option, _of(session, survey_option.c.question_id, [question_id]))
    session.delete(survey_question, question_id)
    return gone


def put_option(
    session: Session,
    clock: Clock,
    question_id: int,
    text: str,
    *,
    tag: str | None = None,
    intent: int | None = None,
    option_id: int | None = None,
) -> int:
    """Add an option to a question, or change the one of these words or of this id: its words, its tag ("" none), what
    it says of how serious somebody is. Returns its id. Raises NotFound, BadInput.
    """
    asked = _question(session, question_id)
    own = session.rows(select(survey_option).where(survey_option.c.question_id == question_id))
    said = typed_question(text)
    key = option_key(said)
    old = next((each for each in own if (each.id == option_id if option_id else each.key == key)), None)
    if option_id is not None and old is None:
        raise NotFound("there is no option #{id}", hint="see the survey", id=option_id)
    if any(each.key == key and (old is None or each.id != old.id) for each in own):
        raise BadInput("there is already an option {text}", hint="change that one", text=show(said))
    values: dict[str, Any] = {"text": said, "key": key}
    values |= {"tag": typed_tag(tag)} if tag is not None else {}
    values |= {"intent": checked_intent(intent)} if intent is not None else {}
    name = session.get(survey, asked.survey_id)
    assert name is not None
    session.step(N_("Changed the options of the survey {name}"), name=name.name)
    if old is not None:
        session.update(survey_option, old.id, **(values if option_id else {**values, "text": old.text}))
        return int(old.id)
    if asked.kind in ("number", "text"):
        raise Refused("a question of this kind has no options", hint="change its kind first: one, or many")
    if len(own) >= _MOST_OPTIONS:
        raise Refused("a question has {most} options at most", hint="ask it in two questions", most=_MOST_OPTIONS)
    place = max((each.position for each in own), default=0) + 1
    values = {"tag": "", "intent": 0, **values}
    return session.insert(survey_option, question_id=question_id, position=place, **values)


def remove_option(session: Session, clock: Clock, option_id: int) -> None:
    """Take an option out; answers that said so stay as they were given. Raises NotFound."""
    row = session.get(survey_option, option_id)
    if row is None:
        raise NotFound("there is no option #{id}", hint="see the survey", id=option_id)
    asked = _question(session, row.question_id)
    name = session.get(survey, asked.survey_id)
    assert name is not None
    session.step(N_("Changed the options of the survey {name}"), name=name.name)
    session.delete(survey_option, option_id)


def remove(session: Session, clock: Clock, survey_id: int) -> int:
    """Take a survey away with all that was answered; returns how many replies went. Its tags stay. Raises NotFound."""
    row = session.get(survey, survey_id)
    if row is None:
        raise NotFound("there is no survey {text}", hint="see the list of surveys", text=f"#{survey_id}")
    session.step(N_("Took away the survey {name}"), name=row.name)
    asked = [each.id for each in queries.questions(session, survey_id)]
    replies = queries.reply_ids(session, survey_id)
    drop(session, survey_answer, _of(session, survey_answer.c.question_id, asked))
    drop(session, survey_reply, replies)
    drop(session, survey_option, _of(session, survey_option.c.question_id, asked))
    drop(session, survey_question, asked)
    session.delete(survey, survey_id)
    return len(replies)


def settle(session: Session, clock: Clock, reply_ids: Sequence[int], *, done: bool = True) -> int:
    """Note that the owner has spoken with who replied so (`done` False: not yet); returns how many changed. Raises
    NotFound.
    """
    rows = list(queries.reply_rows(session, set(reply_ids)))
    missing = set(reply_ids) - {row.id for row in rows}
    if missing:
        raise NotFound("there is no reply #{id}", hint="see who replied: qunguan survey show NAME --people",
                       id=min(missing))  # fmt: skip
    changed = [row for row in rows if (row.settled_on is not None) != done]
    if changed:
        today = clock.today(groups.day_rule(session))
        session.step(N_("Spoke with {n} people who answered a survey") if done else
                     N_("{n} people who answered a survey wait again"), n=len(changed))  # fmt: skip
        session.update_many(survey_reply, [{"id": row.id, "settled_on": today if done else None} for row in changed])
    return len(changed)


def _question(session: Session, question_id: int) -> Any:
    row = session.get(survey_question, question_id)
    if row is None:
        raise NotFound("there is no question #{id}", hint="see the list of questions", id=question_id)
    return row


def drop(session: Session, table: Table, ids: Iterable[int]) -> int:
    """Delete these rows of a table, those that stand in a row at once; returns how many."""
    gone = sorted(ids)
    for _place, run in groupby(enumerate(gone), key=lambda one: one[1] - one[0]):
        together = [row_id for _number, row_id in run]
        session.delete_range(table, together[0], together[-1])
    return len(gone)


def _of(session: Session, column: Column[Any], ids: Sequence[int]) -> list[int]:
    """The ids of the rows that belong to these."""
    query = select(column.table.c.id).where(column.in_(IDS))
    return [row.id for row in in_chunks(session, query, ids)]


def ask(session: Session, clock: Clock, survey_id: int, text: str, kind: Kind, options: str = "") -> int:
    """Add a question with its options, written one after the other with / between them; returns its id. Raises as
    `put_question` and `put_option`.
    """
    question_id = put_question(session, clock, survey_id, text, kind)
    for each in dict.fromkeys(part.strip() for part in _BETWEEN.split(options)):
        if each:
            put_option(session, clock, question_id, each)
    return question_id
