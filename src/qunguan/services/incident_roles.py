"""Who wears which hat on a bad day (S0-24); the newest word on a hat holds."""

from __future__ import annotations

from qunguan.domain.clock import Clock
from qunguan.domain.incidents import Role
from qunguan.domain.tasks import HATS, typed_hat
from qunguan.domain.text import NAME_LIMIT, clean
from qunguan.i18n import N_
from qunguan.services.incident_book import still_open, writing_at
from qunguan.store import incident_queries as queries
from qunguan.store.incidents import incident_role
from qunguan.store.session import Session


def assign(session: Session, clock: Clock, incident_id: int, hat: str, holder: str) -> tuple[Role, ...]:
    """Give a hat to somebody, in the owner's words; "" takes it off. Who wears which now, by hat.

    Raises NotFound, BadInput for a hat that is none, Refused of an incident that is closed.
    """
    found, wanted = still_open(session, incident_id), typed_hat(hat)
    name = clean(holder, NAME_LIMIT)
    now = {role.hat: role.holder for role in roles(session, incident_id)}
    if now.get(wanted, "") != name:
        session.step(N_("Gave a hat of {title} to {name}"), title=found.title, name=name or "—")
        since = writing_at(session, clock, incident_id)
        session.insert(incident_role, incident_id=incident_id, hat=wanted, holder=name, since=since)
    return roles(session, incident_id)


def roles(session: Session, incident_id: int) -> tuple[Role, ...]:
    """Who wears which hat now, in the order of the hats; one nobody wears is left out."""
    newest = {row.hat: Role(row.hat, row.holder, row.since) for row in queries.roles(session, incident_id)}
    return tuple(newest[hat] for hat in HATS if hat in newest and newest[hat].holder)
