"""Move everything dated in a database by whole days, so that a packaged community ends yesterday.

Only for a copy nobody has opened yet: it also moves the dates inside the append-only ledger, whose triggers are taken
off for the while, and those inside keys and journal images, so that every check-in still finds its award. Then the
rows are sealed afresh.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

from sqlalchemy import JSON, Connection, Date, Table, func, select

from qunguan.domain.cadence import WEEK
from qunguan.store.base import Moment
from qunguan.store.checkins import challenge, checkin
from qunguan.store.dialect import append_only_triggers
from qunguan.store.schema import tables
from qunguan.store.seal_check import seal_all

_DAY = re.compile(r"\b\d{4}-\d{2}-\d{2}(?!\d)")
_KEYS = {  # text columns that carry dates: challenge:day, challenge:run_start:tier; the moment of an order; once:2026-…
    ("point_entry", "source_id"),
    ("point_cut", "source_id"),
    ("shop_order", "series"),
    ("bonus_day", "recurs"),
}
_FAR = 365_000  # days
_PEOPLE = {("member", "extra")}  # what members wrote is theirs


def last_day(conn: Connection) -> date:
    """The newest day anybody checked in."""
    found = conn.execute(select(func.max(checkin.c.day))).scalar()
    assert isinstance(found, date)
    return found


def shift_days(conn: Connection, days: int) -> None:
    """Move every date, moment and dated key by `days` inside the open transaction."""
    raw = conn.connection.driver_connection
    assert raw is not None
    raw.create_function("shifted", 2, shifted, deterministic=True)
    for step in (_FAR, days - _FAR):  # by way of a far century: row by row, a day may not meet its neighbour's
        for table in tables():
            if names := _dated(table):
                _move(conn, table, names, step)
    for row in conn.execute(select(challenge.c.id, challenge.c.cadence)).all():
        turned = turn(row.cadence, days)
        conn.execute(challenge.update().where(challenge.c.id == row.id).values(cadence=turned))
    seal_all(conn)


def shifted(text: str | None, days: int) -> str | None:
    """The text with every ISO day in it moved by `days`."""
    if text is None:
        return None
    return _DAY.sub(lambda found: (date.fromisoformat(found[0]) + timedelta(days=days)).isoformat(), text)


def turn(cadence: str, days: int) -> str:
    """A set of weekdays moved with the dates: weekdays:135 by two days is weekdays:357."""
    kind, colon, detail = cadence.partition(":")
    if kind != "weekdays":
        return cadence
    return kind + colon + "".join(sorted(str((int(one) - 1 + days) % WEEK + 1) for one in detail))


def _dated(table: Table) -> list[str]:
    return [
        column.name
        for column in table.c
        if (isinstance(column.type, Date | Moment | JSON) or (table.name, column.name) in _KEYS)
        and (table.name, column.name) not in _PEOPLE
    ]


def _move(conn: Connection, table: Table, names: list[str], days: int) -> None:
    triggers = append_only_triggers(table) if table.info.get("append_only") else []
    for trigger in triggers:
        conn.exec_driver_sql(f"DROP TRIGGER {_name_of(trigger)}")
    columns = ", ".join(f'"{name}" = shifted("{name}", ?)' for name in names)
    conn.exec_driver_sql(f'UPDATE "{table.name}" SET {columns}', (days,) * len(names))
    for trigger in triggers:
        conn.exec_driver_sql(trigger)


def _name_of(trigger: str) -> str:
    return trigger.split()[2]
