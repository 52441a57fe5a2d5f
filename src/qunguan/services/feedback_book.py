"""Writing feedback down, and what was done about it: each service is one step of the journal.

A moment may be told (`at`): never before what is known of the matter already, and never in the future. Without one it
is now; a clock that was set back makes nothing earlier than what it follows (semantics 3.17).
"""

from __future__ import annotations

from datetime import datetime

from qunguan.domain import feedback as terms
from qunguan.domain.clock import Clock, DayRule
from qunguan.domain.errors import BadInput, NotFound, Refused
from qunguan.domain.feedback import Feedback, FeedbackDraft, StepKind, short
from qunguan.domain.feedback_categories import severity_of, typed
from qunguan.domain.incident_clock import held_now
from qunguan.domain.scripts import whole
from qunguan.domain.text import NAME_LIMIT, clean, show
from qunguan.i18n import N_
from qunguan.services import groups
from qunguan.services.feedback_read import get
from qunguan.store.feedback import feedback as feedback_table
from qunguan.store.feedback import feedback_step
from qunguan.store.incidents import incident
from qunguan.store.members import member
from qunguan.store.orders import shop_order
from qunguan.store.session import Session

_ADDED: dict[terms.Kind, str] = {
    "complaint": N_("Wrote down a complaint of {name}"),
    "review": N_("Wrote down a bad review of {name}"),
    "question": N_("Wrote down what {name} asked"),
    "suggestion": N_("Wrote down what {name} proposed"),
    "praise": N_("Wrote down the praise of {name}"),
}
_DONE: dict[StepKind, str] = {
    "reply": N_("Answered {name}"),
    "offer": N_("Offered {name} amends"),
    "amends": N_("Made it good to {name}"),
    "turned": N_("{name} turned the review"),
    "stays": N_("The review of {name} stays"),
    "resolved": N_("Settled what {name} said"),
    "reopened": N_("Opened again what {name} said"),
}
_NEEDS_WORDS = ("reply", "offer")


def add(session: Session, clock: Clock, group_id: int, draft: FeedbackDraft) -> Feedback:
    """Write down what somebody said. Raises BadInput for no words, an unknown kind or a moment to come, NotFound for a
    group, member, order or incident.
    """
    group = groups.get(session, group_id)
    kind, text = terms.typed_kind(draft.kind), terms.checked_text(draft.text)
    category = typed(draft.category)
    severity = terms.typed_severity(draft.severity) if draft.severity else severity_of(category)
    now = clock.now()
    at = draft.told_at or now
    if at > now:
        raise BadInput("{day} has not come yet", hint="say when it was said", day=_at(at, group.day_rule))
    name = _name(session, draft)
    _refuse_unknown(session, group_id, draft)
    session.step(_ADDED[kind], name=name or short(text))
    made = session.insert(
        feedback_table, group_id=group_id, member_id=draft.member_id, who="" if draft.member_id else name, kind=kind,
        category=category, severity=severity, channel=terms.word(draft.channel), text=text, told_at=at,
        biz_date=group.day_rule.biz_date(at), order_id=draft.order_id, incident_id=draft.incident_id,
    )  # fmt: skip
    return get(session, made)


def reply(session: Session, clock: Clock, feedback_id: int, text: str, at: datetime | None = None) -> Feedback:
    """Note what was answered; the same words again change nothing. Raises NotFound, BadInput for no words, for words
    with blanks left (`scripts.Unfilled`) or a moment that cannot be.
    """
    return _step(session, clock, feedback_id, "reply", text, at)


def offer(session: Session, clock: Clock, feedback_id: int, text: str, at: datetime | None = None) -> Feedback:
    """Note what was offered to make a complaint good. Raises as `reply`, Refused for what is no complaint."""
    _complaint(session, feedback_id)
    return _step(session, clock, feedback_id, "offer", text, at)


def make_good(session: Session, clock: Clock, feedback_id: int, text: str = "", at: datetime | None = None) -> Feedback:
    """Note that what was offered was delivered. Raises as `offer`, Refused while nothing was offered."""
    found = _complaint(session, feedback_id)
    if found.made_good is None:
        raise Refused("nothing was offered to {name} yet", hint="note first what you offer", name=_shown(found))
    return _step(session, clock, feedback_id, "amends", text, at)


def turned(
    session: Session,
    clock: Clock,
    feedback_id: int,
    text: str = "",
    at: datetime | None = None,
    *,
    stays: bool = False,
) -> Feedback:
    """Note that a bad review was turned, or that it stays; with it the matter is settled (S1-32). Raises as `offer`,
    Refused for what is no review and for somebody nobody has answered.
    """
    found = _complaint(session, feedback_id)
    if found.kind != "review":
        raise Refused("only a bad review is turned", hint="a complaint is resolved")
    if found.answered_at is None:
        raise Refused("{name} was not answered yet", hint="answer first, and offer to make it good",
                      name=_shown(found))  # fmt: skip
    kind: StepKind = "stays" if stays else "turned"
    if found.made_good == kind and found.settled_at is not None:
        return found  # said again
    done = _step(session, clock, feedback_id, kind, text, at)
    return _step(session, clock, feedback_id, "resolved", "", at) if done.settled_at is None else done


def resolve(session: Session, clock: Clock, feedback_id: int, text: str = "", at: datetime | None = None) -> Feedback:
    """Note that the matter is settled, and how; what is settled stays as it is. Raises NotFound, BadInput."""
    found = get(session, feedback_id)
    return found if found.settled_at is not None else _step(session, clock, feedback_id, "resolved", text, at)


def reopen(session: Session, clock: Clock, feedback_id: int, text: str = "", at: datetime | None = None) -> Feedback:
    """Open again what was settled: whoever said it waits again. Raises NotFound, Refused for what is not settled
    and for praise, which asks for nothing.
    """
    found = get(session, feedback_id)
    if found.kind not in terms.ASKING:
        raise Refused("praise asks for nothing: there is nothing to open again")
    if found.settled_at is None:
        raise Refused("what {name} said is not settled", hint="there is nothing to open again", name=_shown(found))
    return _step(session, clock, feedback_id, "reopened", text, at)


def _step(session: Session, clock: Clock, feedback_id: int, kind: StepKind, text: str, at: datetime | None) -> Feedback:
    found = get(session, feedback_id)
    body = terms.checked_text(text, needed=kind in _NEEDS_WORDS)
    last = found.steps[-1] if found.steps else None
    if last is not None and (last.kind, last.text) == (kind, body):
        return found  # said again
    if kind in _NEEDS_WORDS:
        whole(body)
    rule, moment = groups.day_rule(session, found.group_id), _moment(session, clock, found, at)
    session.step(_DONE[kind], name=found.name or short(found.text))
    session.insert(
        feedback_step, feedback_id=feedback_id, kind=kind, at=moment, biz_date=rule.biz_date(moment), text=body
    )
    return get(session, feedback_id)


def _moment(session: Session, clock: Clock, found: Feedback, at: datetime | None) -> datetime:
    now = held_now(clock.now(), (found.newest,))
    if at is None:
        return now
    rule = groups.day_rule(session, found.group_id)
    if at > now:
        raise BadInput("{day} has not come yet", hint="say when it was done", day=_at(at, rule))
    if at < found.newest:
        raise BadInput("{at} is before what was noted last, at {newest}", hint="give a later moment",
                       at=_at(at, rule), newest=_at(found.newest, rule))  # fmt: skip
    return at


def _complaint(session: Session, feedback_id: int) -> Feedback:
    found = get(session, feedback_id)
    if not found.complaint:
        raise Refused("this is no complaint: there is nothing to make good", hint="answer it")
    return found


def _name(session: Session, draft: FeedbackDraft) -> str:
    if draft.member_id is None:
        return clean(draft.who, NAME_LIMIT)
    person = session.get(member, draft.member_id)
    if person is None:
        raise NotFound("there is no member {text}", hint="see the roster", text=f"#{draft.member_id}")
    return str(person.name)


def _refuse_unknown(session: Session, group_id: int, draft: FeedbackDraft) -> None:
    if draft.order_id is not None and session.get(shop_order, draft.order_id) is None:
        raise NotFound("there is no order #{order}", hint="see the list of orders", order=draft.order_id)
    if draft.incident_id is None:
        return
    found = session.get(incident, draft.incident_id)
    if found is None:
        raise NotFound("there is no incident #{id}", hint="see the list: qunguan incident list", id=draft.incident_id)
    if found.group_id != group_id:
        raise BadInput("incident #{id} is of another group", hint="name its group", id=draft.incident_id)


def _at(moment: datetime, rule: DayRule) -> str:
    return f"{rule.local(moment):%Y-%m-%d %H:%M}"


def _shown(found: Feedback) -> str:
    return show(found.name or f"#{found.id}")
