"""What a running program keeps an eye on while an incident is open: that there is one, and that its clock goes on."""

from __future__ import annotations

from datetime import datetime

from qunguan.domain.clock import Clock
from qunguan.i18n import N_
from qunguan.store import incident_open
from qunguan.store.session import Session


def any_open(session: Session) -> bool:
    """Whether the clocks of any incident run, a drill's too."""
    return incident_open.any_open(session)


def set_back(session: Session, clock: Clock, believed: datetime) -> int:
    """The clock was set back while the program ran: `believed` is the moment it is by the seconds that went by.

    The timeline of every open incident says so, once until the clock has caught up; what is told from now on is not
    earlier than that. Returns how many timelines were written to.
    """
    from qunguan.store import incident_queries as queries
    from qunguan.store.incidents import incident_line

    now = clock.now()
    silent = [row for row in queries.open_ones(session) if not any(
        line.kind == "clock" and line.at > now for line in queries.lines(session, row.id)
    )]  # fmt: skip
    if silent:
        session.step(N_("Noted that the clock was set back"))
    for row in silent:
        session.insert(
            incident_line, incident_id=row.id, kind="clock", at=believed, text=now.isoformat(), written_at=believed
        )
    return len(silent)
