"""The report of an incident, as a document that becomes a file."""

from __future__ import annotations

from qunguan.domain.clock import Clock
from qunguan.domain.documents import Document
from qunguan.exchange.writers.incidents import Told, for_group, report
from qunguan.services import groups, incident_compensation
from qunguan.services.incident_view import view
from qunguan.store.session import Session

GROUP_SUFFIX = ".txt"
"""The kind of file that is for the group: one message, without names."""


def document(session: Session, clock: Clock, incident_id: int, suffix: str) -> Document:
    """What a file with this suffix says of an incident: everything, or as text what the group may read. Raises
    NotFound.
    """
    found = view(session, clock, incident_id)
    group = groups.get(session, found.incident.group_id)
    told = Told(found, group.name, group.day_rule, incident_compensation.of_incident(session, incident_id))
    return for_group(told) if suffix == GROUP_SUFFIX else report(told)
