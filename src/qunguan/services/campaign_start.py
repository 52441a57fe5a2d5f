"""The gate before a campaign starts, and the start (C28 to C30, S1-11, S4-30)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from qunguan.domain.campaign_gate import WORDING, Answer, Asked, forbidden, questions
from qunguan.domain.campaigns import Campaign, tasks_of
from qunguan.domain.clock import Clock
from qunguan.domain.errors import BadInput, NotFound, Refused
from qunguan.domain.text import NOTE_LIMIT, clean, show
from qunguan.i18n import N_
from qunguan.services import alerts, groups
from qunguan.services.campaign_book import find_by_id, open_one, terms
from qunguan.store import campaign_queries as queries
from qunguan.store.campaigns import campaign, campaign_gate
from qunguan.store.session import Session

_ANSWERS = {"yes", "no", "not_so"}


def gate(session: Session, campaign_id: int) -> tuple[Asked, ...]:
    """What a campaign is asked before it starts, with what was answered so far. Raises NotFound."""
    found = find_by_id(session, campaign_id)
    told = terms(session, campaign_id)
    answered = queries.answers(session, campaign_id)
    asked = []
    for question in questions().values():
        if question.concerns(found, told):
            row = answered.get(question.code)
            asked.append(Asked(question, row.answer, row.note, row.answered_at) if row else Asked(question))
    return tuple(asked)


def answer(session: Session, clock: Clock, campaign_id: int, code: str, told: str, note: str = "") -> Asked:
    """Answer one question: yes, no or not_so (does not apply), with words for an answer that is not the right one.

    Raises NotFound, BadInput for an answer the question does not take.
    """
    found = find_by_id(session, campaign_id)
    open_one(found)
    here = {each.question.code: each for each in gate(session, campaign_id)}
    if code not in here:
        raise NotFound("this campaign is not asked {text}", hint="it is asked: {known}", text=show(code[:40]),
                       known=", ".join(here))  # fmt: skip
    question = here[code].question
    if told not in _ANSWERS or (told == "not_so" and not question.open):
        raise BadInput("{text} is no answer to this", hint="answer yes or no", text=show(told[:20]))
    session.step(N_("Answered before the start of {name}"), name=found.name)
    row = queries.answers(session, campaign_id).get(code)
    values = {"answer": told, "note": clean(note, NOTE_LIMIT)}
    if row is None:
        session.insert(campaign_gate, campaign_id=campaign_id, question=code, **values, answered_at=clock.now())
    elif (row.answer, row.note) != (values["answer"], values["note"]):
        session.update(campaign_gate, row.id, **values, answered_at=clock.now())
    return Asked(question, cast("Answer", told), values["note"], clock.now())


def answer_all(
    session: Session, clock: Clock, campaign_id: int, told: Sequence[tuple[str, str, str]]
) -> tuple[Asked, ...]:
    """Answer several questions in one step: (question, answer, words). Raises what `answer` does."""
    return tuple(answer(session, clock, campaign_id, *each) for each in told)


def start(session: Session, clock: Clock, campaign_id: int) -> Campaign:
    """Let a campaign go. Raises Refused while a question is open, answered wrongly without a word to it, while its
    texts say what is forbidden and nobody answered why, or promotion rests in the group; NotFound."""
    found = find_by_id(session, campaign_id)
    open_one(found)
    if found.started_at is not None:
        raise Refused("{name} has started already", name=found.name)
    asked = gate(session, campaign_id)
    stops = [each for each in asked if each.stops]
    if stops:
        raise Refused("{n} questions before the start of {name} are open: {first}", n=len(stops), name=found.name,
                      first=stops[0].question.text, hint="answer them: qunguan campaign gate")  # fmt: skip
    _refuse_forbidden(session, found, asked)
    lock = alerts.promo_locked(session, clock, found.group_id)
    if found.playbook.promo and lock.locked:
        raise Refused("promotion rests: {why}", hint="say known to the alert to go on: qunguan alert know exits",
                      why=lock.why[0])  # fmt: skip
    session.step(N_("Started the campaign {name}"), name=found.name)
    session.update(campaign, campaign_id, started_at=clock.now())
    return find_by_id(session, campaign_id)


def _refuse_forbidden(session: Session, found: Campaign, asked: Sequence[Asked]) -> None:
    if any(each.question.code == WORDING and not each.right for each in asked):
        return  # the owner says why it may stand
    group = groups.get(session, found.group_id)
    tasks = tasks_of(found, group.day_rule, group.name, terms(session, found.id))
    for word in forbidden(found, tasks):
        raise Refused(
            "the texts of {name} say {words}: {why}",
            hint="change its name, offer or terms; or answer no to whether the words were looked through, and say why",
            name=show(found.name), words=show(word.text), why=word.why,
        )  # fmt: skip
