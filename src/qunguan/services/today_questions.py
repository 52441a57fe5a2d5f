"""The agenda's line about questions that wait for an answer, with what is left of the day's share (S3-38)."""

from __future__ import annotations

from collections.abc import Iterator

from qunguan.domain.clock import Clock
from qunguan.domain.today import Evidence, Line, Target, plural
from qunguan.i18n import N_
from qunguan.services import groups, questions, rules
from qunguan.store.session import Session

_RULE = "activity.questions_a_day"


def lines(session: Session, clock: Clock, *, named: bool) -> Iterator[Line]:
    """A line for each group in which questions wait; `named` says the group's name with it."""
    state = rules.state(session, _RULE)
    for group in groups.all_groups(session):
        told = questions.share(session, clock, group.id)
        if not told.waiting:
            continue
        values = {"used": told.used, "quota": told.quota}
        said = plural(N_("{n} question waits for an answer"), N_("{n} questions wait for an answer"), told.waiting)
        if told.quota is not None:
            said = plural(
                N_("{n} question waits for an answer; {used} of {quota} of today are taken up"),
                N_("{n} questions wait for an answer; {used} of {quota} of today are taken up"),
                told.waiting,
                **values,
            )
        yield Line(
            kind="question",
            key=f"question:{group.id}",
            text=said,
            target=Target("questions"),
            evidence=(Evidence(said, state.rule.source, _RULE, state.value),),
            group_id=group.id,
            group=group.name if named else "",
            count=told.waiting,
        )
