"""Replies out of a sheet: each once, however often the sheet is read; a row of the same number takes the place of the
old one. What a survey does not ask yet becomes a question of it, what is said by number is put into the option's words.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from qunguan.domain.clock import Clock, DayRule
from qunguan.domain.rosters import Reason, RowNote
from qunguan.domain.survey_counts import apart, choices, kind_of
from qunguan.domain.surveys import (
    ANSWER_LIMIT,
    FORGOTTEN,
    Asked,
    Kind,
    MatchedBy,
    Option,
    Purpose,
    Question,
    SheetReply,
    SurveySheet,
    SurveyTaken,
    option_key,
    question_key,
    unfilled,
)
from qunguan.domain.text import match_key
from qunguan.i18n import N_
from qunguan.services import groups
from qunguan.services.survey_edit import add, drop, put_option, put_question
from qunguan.services.survey_whose import People, called
from qunguan.store import survey_queries as queries
from qunguan.store.session import Session
from qunguan.store.surveys import survey, survey_answer, survey_reply

_SETTLED: Final = ("hand", "nobody")  # the owner's word, which no sheet takes back
_PARTS = re.compile(r"[;；,，、\n|/]")
_NOON = time(12)

Answers = Mapping[int, tuple[str, ...]]
"""Question → what was answered."""


def aim(session: Session, sheet: SurveySheet) -> int | None:
    """The survey a sheet belongs to when nobody says it: the one that asks most of its questions, half of them at
    least; of several the newest. None for a survey that is not there yet.
    """
    keys = {question_key(each.text) for each in sheet.asked}
    shared: Counter[int] = Counter(row.survey_id for row in queries.questions(session) if row.key in keys)
    best = max(((n, survey_id) for survey_id, n in shared.items()), default=(0, 0))
    return best[1] if 2 * best[0] >= len(keys) and best[0] else None


def take_in(
    session: Session,
    clock: Clock,
    sheet: SurveySheet,
    survey_id: int | None = None,
    group_id: int | None = None,
    *,
    name: str = "",
    purpose: Purpose = "other",
) -> SurveyTaken:
    """Write down the replies of a sheet, as one step: into a survey; or (None) into the one called `name`, or without a
    name into the one `aim` finds; or into a new one, called so, or as the file is. Nothing is changed by a sheet that
    was read before. Rows of days to come, and a second row of one number, are not taken. Raises NotFound.
    """
    target = survey_id
    if target is None:
        target = queries.named(session, match_key(name)) if name else aim(session, sheet)
    known = session.get(survey, target) if target is not None else None
    here = known.group_id if known is not None else group_id
    called_so = known.name if known is not None else name or sheet.title
    session.step(N_("Took in the answers to {name}"), name=called_so)
    made = known is None
    if known is None:
        target = add(session, clock, called_so, purpose, group_id)
    assert target is not None
    rule = groups.day_rule(session, here)
    replies, rejected = _timed(sheet, rule, clock.now())
    asked, fresh = _questions(session, clock, target, sheet)
    work = _Taking(session, target, People(session, [each for each, _at, _day in replies]))
    by_code = {place: _coded(place, asked[place], sheet) for place in asked}
    for reply, at, day in replies:
        given = {
            asked[place].id: _worded(told, asked[place], coded=by_code[place]) for place, told in reply.answers.items()
        }
        work.take(reply, at, day, given)
    work.write()
    title = called_so if known is not None else session.get(survey, target).name  # type: ignore[union-attr]
    return SurveyTaken(target, title, made, fresh, work.added, work.replaced, work.same, dict(work.whose),
                       (*sheet.rejected, *rejected))  # fmt: skip


def _timed(
    sheet: SurveySheet, rule: DayRule, now: datetime
) -> tuple[list[tuple[SheetReply, datetime, date]], list[RowNote]]:
    """The replies that may be taken with their moment and day; of today where the sheet tells none."""
    found, rejected = [], []
    rows: dict[str, int] = {}
    for reply in sheet.replies:
        at = reply.at or _noon(reply.day, rule) or now
        if at > now:
            rejected.append(RowNote(reply.row, Reason.of(N_("{day} has not come yet"), day=reply.day or at.date())))
        elif reply.number in rows:
            rejected.append(RowNote(reply.row, Reason.of(N_("the same number as row {other}"),
                                                         other=rows[reply.number])))  # fmt: skip
        else:
            rows[reply.number] = reply.row
            found.append((reply, at, rule.biz_date(at)))
    return found, rejected


def _noon(day: date | None, rule: DayRule) -> datetime | None:
    if day is None:
        return None
    noon = datetime.combine(day, _NOON, ZoneInfo(rule.zone))
    return noon if rule.biz_date(noon) == day else noon + timedelta(hours=12)


def _questions(
    session: Session, clock: Clock, survey_id: int, sheet: SurveySheet
) -> tuple[dict[int, Question], tuple[tuple[str, Kind], ...]]:
    """The question of each column by its place in the sheet, and those that are new. Columns that have nothing but a
    number and an option are the question that has these options.
    """
    from qunguan.services.surveys import questions

    known = questions(session, survey_id)
    by_key = {question_key(each.text): each for each in known}
    found: dict[int, int] = {}
    fresh: list[tuple[str, Kind]] = []
    for place, each in enumerate(sheet.asked):
        question = by_key.get(question_key(each.text))
        if question is None and each.text == str(each.number):
            question = _by_options(each, known)
        if question is None:
            kind, options = _new(place, each, sheet)
            question_id = put_question(session, clock, survey_id, each.text or str(place + 1), kind)
            for text in options:
                put_option(session, clock, question_id, text)
            question = Question(question_id, place + 1, each.text, kind)
            fresh.append((each.text, kind))
            by_key[question_key(each.text)] = question
        found[place] = question.id
    now = {each.id: each for each in questions(session, survey_id)}
    return {place: now[question_id] for place, question_id in found.items()}, tuple(fresh)


def _by_options(asked: Asked, known: Sequence[Question]) -> Question | None:
    """The question most of these options are of; None where they are of none."""
    shared = [(sum(each.option(text) is not None for text in asked.options), each) for each in known]
    n, best = max(shared, key=lambda one: one[0], default=(0, None))
    return best if 2 * n >= max(1, len(asked.options)) else None


def _new(place: int, asked: Asked, sheet: SurveySheet) -> tuple[Kind, list[str]]:
    """The kind and the options of a question nobody asked before, by how it was answered."""
    given = [reply.answers[place] for reply in sheet.replies if place in reply.answers]
    kind = asked.kind or kind_of(given)
    if kind not in ("one", "many"):
        return kind, []
    words = list(asked.options) or choices(apart(given) if kind == "many" else given)
    return kind, list({option_key(text): text for text in words}.values())


def _coded(place: int, question: Question, sheet: SurveySheet) -> Mapping[str, Option]:
    """Where a column says the number or the letter of the option in place of its words: which is which; else empty."""
    if not question.options:
        return {}
    said = {unfilled(text).strip() for reply in sheet.replies for text in reply.answers.get(place, ())}
    by_number = {str(place): each for place, each in enumerate(question.options, 1)}
    by_letter = {chr(ord("A") + place): each for place, each in enumerate(question.options[:26])}
    words = {option_key(each.text) for each in question.options}
    for codes in (by_number, by_letter, {code.lower(): each for code, each in by_letter.items()}):
        if said <= codes.keys() and not words & {option_key(text) for text in said}:
            return codes
    return {}


def _worded(told: tuple[str, ...], question: Question, *, coded: Mapping[str, Option]) -> tuple[str, ...]:
    """Answers in the words of the options, where they mean one; several of them in one cell are taken apart."""
    if coded:
        return tuple(dict.fromkeys(coded[bare.strip()].text + text[len(bare) :] for text in told
                                   if (bare := unfilled(text))))  # fmt: skip
    parts: list[str] = []
    for text in told:
        pieces = [piece.strip() for piece in _PARTS.split(text) if piece.strip()]
        apart = question.kind == "many" and question.option(text) is None and len(pieces) > 1
        parts += pieces if apart and all(question.option(piece) for piece in pieces) else [text]
    found = (option.text if (option := question.option(text)) and "〖" not in text else text for text in parts)
    answers = tuple(dict.fromkeys(text[:ANSWER_LIMIT] for text in found))
    return answers if question.kind == "many" else ("┋".join(answers)[:ANSWER_LIMIT],)


class _Taking:
    """The replies of a sheet being written: what is known of the survey's, and what is new."""

    def __init__(self, session: Session, survey_id: int, people: People) -> None:
        self._session, self._survey_id, self._people = session, survey_id, people
        self._known = {row.number: row for row in queries.replies(session, survey_id)}
        self._given: dict[int, dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
        self._rows: dict[int, list[int]] = defaultdict(list)
        for row in queries.answers_of(session, queries.reply_ids(session, survey_id)):
            self._given[row.reply_id][row.question_id].append(row.text)
            self._rows[row.reply_id].append(row.id)
        self._new: list[tuple[dict[str, Any], Answers]] = []
        self._anew: list[tuple[int, Answers]] = []
        self._changed: list[dict[str, Any]] = []
        self.added = self.replaced = self.same = 0
        self.whose: Counter[str] = Counter()

    def take(self, reply: SheetReply, at: datetime, day: date, given: Answers) -> None:
        """One reply: a new one, one that was changed, or the same again."""
        old = self._known.get(reply.number)
        if old is not None and old.name == FORGOTTEN:
            self.same += 1
            return
        name = called(reply)
        by, who = self._whose(reply, day, old, name)
        self.whose[by] += 1
        values: dict[str, Any] = {"name": name, "member_id": who, "matched_by": by}
        if old is None:
            self.added += 1
            self._new.append(({**values, "survey_id": self._survey_id, "number": reply.number, "biz_date": day,
                               "occurred_at": at}, given))  # fmt: skip
            return
        if reply.at is not None or reply.day is not None:
            values |= {"biz_date": day, "occurred_at": at}
        answers = {question: tuple(texts) for question, texts in self._given[old.id].items()}
        said = {question: given.get(question) for question in answers.keys() | given.keys()}
        other = {question for question, texts in said.items() if texts != answers.get(question)}
        differs = any(getattr(old, field) != value for field, value in values.items())
        self.replaced, self.same = self.replaced + bool(other or differs), self.same + (not other and not differs)
        if differs:
            self._changed.append({"id": old.id, **values})
        if other:
            self._anew.append((old.id, given))

    def _whose(self, reply: SheetReply, day: date, old: Any, name: str) -> tuple[MatchedBy, int | None]:
        """The owner's word holds as long as the name does; so does a person once found, however they are called now."""
        again = old is not None and match_key(old.name) == match_key(name)
        if again and (old.matched_by in _SETTLED or old.member_id is not None):
            return old.matched_by, old.member_id
        return self._people.find(reply, day)

    def write(self) -> None:
        """Write what is new and what changed."""
        session = self._session
        drop(session, survey_answer, (row_id for reply_id, _given in self._anew for row_id in self._rows[reply_id]))
        keys = ("id", "name", "member_id", "matched_by", "biz_date", "occurred_at")
        for dated in (True, False):
            rows = [row for row in self._changed if ("occurred_at" in row) == dated]
            session.update_many(survey_reply, [{key: row[key] for key in keys if key in row} for row in rows])
        ids: Sequence[int] = session.insert_many(survey_reply, [values for values, _given in self._new])
        fresh = [(reply_id, given) for reply_id, (_values, given) in zip(ids, self._new, strict=True)]
        session.insert_many(
            survey_answer,
            [
                {"reply_id": reply_id, "question_id": question_id, "text": text}
                for reply_id, given in (*self._anew, *fresh)
                for question_id, texts in given.items()
                for text in texts
            ],
        )
