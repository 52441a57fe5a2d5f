"""Questions members asked: kept of chats, pasted as a 接龙 or written down; a few a day are answered (S3-38),
and what was answered may become a post for everybody (S3-12, S3-15).
"""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from sqlalchemy import Row

from qunguan.domain.activity_outcomes import QuestionRow, QuestionSettled, QuestionsTaken, QuestionState, Share
from qunguan.domain.clock import Clock
from qunguan.domain.content import PostDraft
from qunguan.domain.content_plan import Scheduled
from qunguan.domain.errors import BadInput, NotFound, Refused
from qunguan.domain.questions import TEXT_LIMIT, post_text, post_title
from qunguan.domain.text import clean, clean_lines, is_blank, match_key
from qunguan.i18n import N_, _
from qunguan.services import groups, members_find, rules
from qunguan.store import activity_queries as queries
from qunguan.store.activity import question
from qunguan.store.members import member
from qunguan.store.session import Session

QUOTA: Final = "activity.questions_a_day"
_STEPS: dict[QuestionState, str] = {
    "open": N_("Put the question “{text}” back"),
    "picked": N_("Picked the question “{text}”"),
    "answered": N_("Answered the question “{text}”"),
    "dropped": N_("Dropped the question “{text}”"),
}
_SHORT = 20
_ANSWER_LIMIT = 4000


def questions(
    session: Session, group_id: int | None = None, *, state: QuestionState | None = None, most: int | None = None
) -> tuple[QuestionRow, ...]:
    """Questions that were kept, the newest first; `state` None: of any."""
    return tuple(map(_question, queries.questions(session, group_id, state, -1 if most is None else most)))


def get(session: Session, question_id: int) -> QuestionRow:
    """One question. Raises NotFound."""
    row = next(iter(queries.questions(session, None, None, 1, question_id)), None)
    if row is None:
        raise NotFound("there is no question #{id}", hint="see the list of questions", id=question_id)
    return _question(row)


def share(session: Session, clock: Clock, group_id: int) -> Share:
    """How many questions wait in a group, and how many of today's share were picked or answered."""
    today = clock.today(groups.get(session, group_id).day_rule)
    counts = queries.question_counts(session, group_id)
    return Share(
        counts.get("open", 0), counts.get("picked", 0), queries.picked_on(session, group_id, today),
        rules.limit(session, QUOTA),
    )  # fmt: skip


def settle_question(session: Session, clock: Clock, question_id: int, state: QuestionState) -> QuestionSettled:
    """Say what becomes of a question. Raises NotFound.

    `over` says how many were picked or answered that day where the rule activity.questions_a_day is exceeded (S3-38).
    """
    found = get(session, question_id)
    changed = found.state != state
    today = clock.today(groups.get(session, found.group_id).day_rule)
    if changed:
        session.step(_STEPS[state], text=_short(found.text))
        session.update(question, question_id, state=state, state_on=None if state == "open" else today)
    return QuestionSettled(question_id, found.text, state, changed, _over(session, found.group_id, today, state))


def answer(session: Session, clock: Clock, question_id: int, text: str) -> QuestionSettled:
    """Answer a question; said again it is the answer from then on. Raises NotFound, BadInput for an empty answer."""
    found = get(session, question_id)
    body = clean_lines(text, _ANSWER_LIMIT)
    if is_blank(body):
        raise BadInput("the answer is empty", hint="write what you would say to whoever asked")
    today = clock.today(groups.get(session, found.group_id).day_rule)
    changed = (found.state, found.answer) != ("answered", body)
    if changed:
        session.step(_STEPS["answered"], text=_short(found.text))
        day = found.state_on if found.state == "answered" else today
        session.update(question, question_id, state="answered", state_on=day, answer=body)
    return QuestionSettled(
        question_id, found.text, "answered", changed, _over(session, found.group_id, today, "answered")
    )


def add(
    session: Session, clock: Clock, group_id: int, text: str, member_id: int | None = None, day: date | None = None
) -> QuestionRow:
    """Write down a question that was asked, today or on a day; one that waits already is the one there is. Raises
    BadInput, NotFound.
    """
    body = _checked(text)
    group = groups.get(session, group_id)
    if member_id is not None and session.get(member, member_id) is None:
        raise NotFound("there is no member {text}", hint="see the roster", text=f"#{member_id}")
    twin = _waiting(session, group_id).get(match_key(body))
    if twin is not None:
        return get(session, twin)
    session.step(N_("Wrote down the question “{text}”"), text=_short(body))
    asked = day or clock.today(group.day_rule)
    return get(session, session.insert(question, group_id=group_id, member_id=member_id, day=asked, text=body))


def paste(session: Session, clock: Clock, group_id: int, text: str) -> QuestionsTaken:
    """Take the questions of a 接龙 into the queue: one a line, each with its member where the name is known. Lines that
    are in the queue already, and lines without a word behind the name, are told and left. Raises BadInput for what is
    no 接龙.
    """
    from qunguan.domain.matching import Matcher
    from qunguan.domain.pinyin import sound
    from qunguan.exchange.readers.jielong import parse

    today = clock.today(groups.get(session, group_id).day_rule)
    chain = parse(text)
    if not chain.is_jielong:
        raise BadInput("this is no 接龙: {why}", hint="copy the whole message, from #接龙 to the last line",
                       why=_("; ").join(map(str, chain.notes)) or "—")  # fmt: skip
    matcher = Matcher(members_find.alias_rows(session, group_id), sound)
    known = set(map(match_key, queries.question_texts(session, group_id)))
    rows: list[dict[str, Any]] = []
    again, bare = 0, 0
    for item in chain.items:
        found = matcher.match(item.text, item.user)
        said = found.rest if found.status == "matched" else item.text  # an unknown name stays before the question
        body = clean_lines(said, TEXT_LIMIT)
        if is_blank(body) or (found.status != "matched" and is_blank(found.rest)):
            bare += 1
        elif match_key(body) in known:
            again += 1
        else:
            known.add(match_key(body))
            rows.append({"group_id": group_id, "member_id": found.member_id, "day": today, "text": body})
    if rows:
        session.step(N_("Took {n} questions from a 接龙"), n=len(rows))
        session.insert_many(question, rows)
    return QuestionsTaken(len(rows), again, bare)


def make_post(
    session: Session,
    clock: Clock,
    question_id: int,
    day: date,
    at_minute: int | None = None,
    *,
    accept: bool = False,
    reason: str = "",
) -> Scheduled:
    """Plan the question and its answer as a post that is worth knowing, its member named as the author of the question
    (S3-12). Made already it is the post there is, unless that was dropped. Raises as `content.schedule`, NotFound.
    """
    from qunguan.services import content  # nothing else of questions needs the calendar

    found = get(session, question_id)
    if found.state == "dropped":
        raise Refused("the question was dropped", hint="take it up again first")
    if found.post_id is not None and (old := content.get(session, found.post_id)).state != "dropped":
        return Scheduled(old)
    session.step(N_("The question “{text}” becomes a post"), text=_short(found.text))
    draft = PostDraft(
        post_title(found.text), "value", day, at_minute, need="information", author="member", author_id=found.member_id,
        text=post_text(found.text, found.answer),
    )  # fmt: skip
    made = content.schedule(session, clock, found.group_id, draft, accept=accept, reason=reason)
    session.update(question, question_id, post_id=made.post.id)
    return made


def _over(session: Session, group_id: int, today: date, state: QuestionState) -> int | None:
    most = rules.limit(session, QUOTA)
    taken = queries.picked_on(session, group_id, today)
    return taken if most is not None and taken > most and state in ("picked", "answered") else None


def _waiting(session: Session, group_id: int) -> dict[str, int]:
    """The questions that wait for an answer, by the key of their text."""
    found = [each for state in ("open", "picked") for each in queries.questions(session, group_id, state, -1)]
    return {match_key(each.text): each.id for each in found}


def _checked(text: str) -> str:
    body = clean_lines(text, TEXT_LIMIT)
    if is_blank(body):
        raise BadInput("the question is empty", hint="write what was asked")
    return body


def _short(text: str) -> str:
    line = clean(text.replace("\n", " "), TEXT_LIMIT)
    return line if len(line) <= _SHORT else line[:_SHORT] + "…"


def _question(row: Row[Any]) -> QuestionRow:
    return QuestionRow(
        row.id, row.group_id, row.member_id, row.asker, row.asked_at, row.day, row.text, row.state, row.state_on,
        row.answer, row.post_id,
    )  # fmt: skip
