"""The agenda's lines about members who wait for an answer, each with how long and a text ready to send (S0-39)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import groupby

from qunguan.domain.clock import Clock
from qunguan.domain.feedback import KINDS, Feedback, Limits, answer_due, lasted, short
from qunguan.domain.today import Evidence, Kind, Line, Said, Target, plural
from qunguan.i18n import N_, _
from qunguan.services import feedback_read, groups, rules
from qunguan.store.session import Session

_WORDS = 24


def lines(session: Session, clock: Clock, *, named: bool) -> Iterator[Line]:
    """A line for each of those who have waited longest in a group, and one for the others; who waited too long comes
    among what is wrong. `named` says the group's name with it.
    """
    found = feedback_read.waiting(session, clock)
    if not found:
        return
    limits, now = feedback_read.limits(session), clock.now()
    most = rules.limit(session, "feedback.today_lines")
    called = {group.id: group.name if named else "" for group in groups.all_groups(session)}
    for group_id, own in groupby(sorted(found, key=lambda one: one.group_id), key=lambda one: one.group_id):
        waiting = list(own)
        shown = waiting[:most]
        for one in shown:
            yield _line(session, clock, one, limits, now, called[group_id])
        if more := waiting[len(shown) :]:
            yield _others(more, limits, now, called[group_id])


def _line(session: Session, clock: Clock, one: Feedback, limits: Limits, now: datetime, group: str) -> Line:
    ready = next(iter(feedback_read.answers(session, clock, one)), None)
    values = {"name": one.name or _("somebody"), "time": _waited(one, now), "text": short(one.text, _WORDS)}
    rule_id = "feedback.urgent_minutes" if one.severity == "high" else "feedback.reply_minutes"
    state = rules.state(session, rule_id)
    met = Said(N_("{kind} of {name}, without an answer for {time}"), {**values, "kind": _(KINDS[one.kind])})
    return Line(
        kind=_kind(one, limits, now),
        key=f"feedback:{one.id}",
        text=Said(N_("{name} has waited {time}: {text}"), values),
        target=Target("feedback", one.id),
        evidence=(Evidence(met, state.rule.source, rule_id, state.value),),
        group_id=one.group_id,
        group=group,
        count=1,
        ready_text=ready.text if ready else "",
        missing=ready.missing if ready else (),
    )


def _others(more: list[Feedback], limits: Limits, now: datetime, group: str) -> Line:
    kinds = {_kind(one, limits, now) for one in more}
    said = plural(
        N_("{n} more waits for an answer, the longest for {time}"),
        N_("{n} more wait for an answer, the longest for {time}"),
        len(more),
        time=_waited(more[0], now),
    )
    return Line(
        kind="unanswered" if "unanswered" in kinds else "answer",
        key=f"feedback-more:{more[0].group_id}",
        text=said,
        target=Target("feedback"),
        evidence=(Evidence(said, "S0-39"),),
        group_id=more[0].group_id,
        group=group,
        count=len(more),
    )


def _kind(one: Feedback, limits: Limits, now: datetime) -> Kind:
    due = answer_due(one, limits)
    return "unanswered" if due is not None and now > due else "answer"


def _waited(one: Feedback, now: datetime) -> str:
    since = one.waiting_since or one.told_at
    return lasted(max(0, int((now - since).total_seconds())))
