"""The first line of defence: when complaints grow, the ready texts are rewritten (S4-29)."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from qunguan.domain.clock import Clock
from qunguan.domain.feedback import COMPLAINTS, Feedback
from qunguan.domain.feedback_categories import named, scripts_for
from qunguan.domain.tasks import Task
from qunguan.i18n import N_, _
from qunguan.services import alerts, groups, rules, tasks
from qunguan.services.feedback_read import change, feedback
from qunguan.store import feedback_queries
from qunguan.store.session import Session

ALERT = "complaints"
ORIGIN = f"alert:{ALERT}"
_NAMED = 3


def upgrade_scripts(session: Session, clock: Clock, group_id: int) -> Task:
    """Answer the alert on complaints: a task to rewrite the texts that were used most, due by the rule
    feedback.upgrade_days, and the alert is being handled. Asked for again while it fires, it is the task there is.
    Raises Refused when the alert does not fire.
    """
    group = groups.get(session, group_id)
    today = clock.today(group.day_rule)
    session.step(N_("Answers are to be rewritten: complaints grow"))
    fires = alerts.mark(session, clock, ALERT, group_id, "handling")
    known = feedback_queries.task_of(session, group_id, ORIGIN, fires.since)
    if known is not None:
        return tasks.find(session, clock, f"task:{known}")
    window = change(session, clock, group_id, as_of=fires.last)
    found = [one for one in feedback(session, group_id, first=window.first, last=window.last) if one.complaint]
    due = today + timedelta(days=int(rules.value(session, "feedback.upgrade_days")))
    return tasks.add(
        session, clock, group_id, _("Rewrite the answers: complaints {before} → {now}", now=window.complaints.now,
                                    before=window.complaints.before),
        due, hat="service", text=_to_do(found), origin=ORIGIN,
    )  # fmt: skip


def _to_do(found: list[Feedback]) -> str:
    """What people complain of most, and which texts answer that."""
    about = Counter(one.category for one in found)
    lines = []
    for category, n in about.most_common(_NAMED):
        texts = scripts_for(COMPLAINTS[0], category)
        lines.append(_("{category} ×{n}: {scripts}", category=named(category) or _("without a category"), n=n,
                       scripts=_(", ").join(texts)))  # fmt: skip
    return "\n".join([_("Read these complaints again, then rewrite the texts they are answered with:"), *lines])
