"""What was said of an incident in a hurry, put right in one step: title, severity, playbook, T0, hats."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from qunguan.domain.clock import Clock
from qunguan.domain.incident_playbooks import playbook_named
from qunguan.domain.incidents import TITLE_LIMIT, Incident
from qunguan.domain.names import typed_name
from qunguan.i18n import N_
from qunguan.services.incident_book import correct_t0, get, grade, note, still_open
from qunguan.services.incident_roles import assign
from qunguan.store.incidents import incident
from qunguan.store.session import Session
from qunguan.values import frozen


@frozen
class Changes:
    """What it is to be. `playbook` is an id or name, "" for none; `t0` None leaves T0; `hats` are those that change."""

    title: str
    severity: str
    playbook: str
    t0: datetime | None
    hats: Mapping[str, str]


def change(session: Session, clock: Clock, incident_id: int, changes: Changes) -> Incident:
    """Correct an incident that is open, as one step. Raises NotFound, BadInput, and Refused where it is closed or T0
    was corrected before.
    """
    found = still_open(session, incident_id)
    title = typed_name(changes.title, limit=TITLE_LIMIT)
    plan = playbook_named(changes.playbook).id if changes.playbook else ""
    session.step(N_("Corrected {title}"), title=found.title)
    if (title, plan) != (found.title, found.playbook):
        session.update(incident, incident_id, title=title, playbook=plan)
    if title != found.title:
        note(session, clock, incident_id, "title", f"{found.title} → {title}")
    grade(session, clock, incident_id, changes.severity)
    if changes.t0 is not None:
        correct_t0(session, clock, incident_id, changes.t0)
    for hat, holder in changes.hats.items():
        assign(session, clock, incident_id, hat, holder)
    return get(session, incident_id)
