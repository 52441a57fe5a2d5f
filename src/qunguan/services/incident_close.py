"""The end of a bad day: the review, which has to be whole, and what is to be done, as tasks with their days."""

from __future__ import annotations

from dataclasses import replace

from qunguan.domain.clock import Clock
from qunguan.domain.errors import BadInput, Refused
from qunguan.domain.incidents import TITLE_LIMIT, ActionDraft, Incident, Review, checked_text
from qunguan.domain.names import typed_name
from qunguan.domain.tasks import typed_hat
from qunguan.domain.text import clean_lines, show
from qunguan.i18n import N_
from qunguan.services import groups, tasks
from qunguan.services.incident_book import get, still_open, writing_at
from qunguan.services.incident_view import review as written
from qunguan.store import incident_queries as queries
from qunguan.store.incidents import incident, incident_action, incident_review
from qunguan.store.session import Session

_LACKING = {
    "cause": N_("the review does not say what caused it"),
    "impact": N_("the review does not say whom it hurt and how much"),
    "went_well": N_("the review does not say what went well"),
    "went_badly": N_("the review does not say what went badly"),
}


def review(session: Session, clock: Clock, incident_id: int, told: Review) -> Review:
    """Write the review, in the place of an earlier one. Raises NotFound, BadInput where a part is empty or a day lies
    before today, Refused of an incident that is closed.
    """
    found, made = still_open(session, incident_id), _checked(session, clock, incident_id, told)
    if made == written(session, incident_id):
        return made
    session.step(N_("Wrote the review of {title}"), title=found.title)
    words = {name: getattr(made, name) for name in (*_LACKING, "message")}
    now = writing_at(session, clock, incident_id)
    row = queries.review(session, incident_id)
    if row is None:
        session.insert(incident_review, incident_id=incident_id, **words, written_at=now)
    else:
        session.update(incident_review, row.id, **words, written_at=now)
    for old in queries.actions(session, incident_id):
        session.delete(incident_action, old.id)
    for place, each in enumerate(made.actions, start=1):
        session.insert(
            incident_action, incident_id=incident_id, place=place, title=each.title, due_on=each.due_on, hat=each.hat,
            task_id=None,
        )  # fmt: skip
    return made


def close(session: Session, clock: Clock, incident_id: int, told: Review | None = None) -> Incident:
    """Close an incident, with its review (None: the one that is written); its clocks stop. What is to be done becomes
    tasks of its group; not in a drill. Raises as `review`, and Refused while there is none.
    """
    found = still_open(session, incident_id)
    label = N_("Closed the drill {title}") if found.drill else N_("Closed the incident {title}")
    session.step(label, title=found.title)
    if told is not None:
        review(session, clock, incident_id, told)
    if written(session, incident_id) is None:
        raise Refused("{title} has no review yet", hint="write it first: qunguan incident review-template shows how",
                      title=show(found.title))  # fmt: skip
    now = writing_at(session, clock, incident_id)
    if not found.drill:
        for row in queries.actions(session, incident_id):
            made = tasks.add(session, clock, found.group_id, row.title, row.due_on, hat=row.hat,
                             origin=f"incident:{incident_id}")  # fmt: skip
            session.update(incident_action, row.id, task_id=made.subject)
    session.update(incident, incident_id, closed_at=now)
    return get(session, incident_id)


def _checked(session: Session, clock: Clock, incident_id: int, told: Review) -> Review:
    part = N_("a sentence is enough; where there is nothing to say, say so")
    texts = {name: checked_text(getattr(told, name), empty, part) for name, empty in _LACKING.items()}
    today = clock.today(groups.get(session, get(session, incident_id).group_id).day_rule)
    done = []
    for each in told.actions:
        if each.due_on < today:
            raise BadInput("{day} is past", where=show(each.title[:40]), hint="say by which day it will be done",
                           day=each.due_on)  # fmt: skip
        done.append(ActionDraft(typed_name(each.title, limit=TITLE_LIMIT), each.due_on, typed_hat(each.hat)))
    return replace(told, **texts, message=clean_lines(told.message, len(told.message) + 1), actions=tuple(done))
