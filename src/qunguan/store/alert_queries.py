"""What was said to alerts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row, select

from qunguan.store.alerts import alert_note
from qunguan.store.session import Session


def notes(session: Session, since: date, until: date) -> Sequence[Row[Any]]:
    """Every note said from `since` to `until`, in the order they were said."""
    wanted = select(alert_note).where(alert_note.c.biz_date.between(since, until))
    return session.rows(wanted.order_by(alert_note.c.id))
