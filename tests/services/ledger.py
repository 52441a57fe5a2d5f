"""A ledger to try things on: members in a fresh database in memory, a clock to move, one step per call."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, StaticPool, create_engine, event, insert, select

from qunguan.domain.clock import Clock
from qunguan.domain.points import Statement, StepReversal
from qunguan.services import points, rules
from qunguan.store.journal import step
from qunguan.store.members import alias, member
from qunguan.store.schema import create_schema
from qunguan.store.seal_check import broken_rows
from qunguan.store.seals import Unsealed
from qunguan.store.session import Session

START = date(2026, 1, 1)
T = TypeVar("T")


def day(number: int) -> date:
    """The day `number` days after the start."""
    return START + timedelta(days=number)


def clock_on(number: int) -> Clock:
    """Noon UTC of that day, the evening in Shanghai."""
    return Clock(datetime.combine(day(number), datetime.min.time(), UTC) + timedelta(hours=12))


def memory_engine() -> Engine:
    """The whole schema in memory, with the PRAGMAs that hold the ledger."""
    engine = create_engine("sqlite://", poolclass=StaticPool)

    @event.listens_for(engine, "connect")
    def _connect(dbapi: sqlite3.Connection, _record: object) -> None:
        dbapi.isolation_level = None
        dbapi.execute("PRAGMA foreign_keys=ON")
        dbapi.execute("PRAGMA recursive_triggers=ON")

    @event.listens_for(engine, "begin")
    def _begin(conn: Connection) -> None:
        conn.exec_driver_sql("BEGIN")

    with engine.begin() as conn:
        create_schema(conn)
    return engine


class Rig:
    """Calls services as the desk does: each call is a unit of work with its own session, at the rig's day."""

    def __init__(self, conn: Connection, members: int = 2) -> None:
        self.conn = conn
        self.today = 0
        people = [
            {"id": number, "name": f"成员{number}", "extra": {}, "created_at": self.clock.now()}
            for number in range(1, members + 1)
        ]
        with self.sealed():
            names = [
                {"member_id": each["id"], "kind": "name", "text": each["name"], "key": each["name"]} for each in people
            ]
            for table, rows in ((member, people), (alias, names)):
                conn.execute(insert(table), rows)
                Unsealed.of(conn).added(table, range(1, members + 1))

    @property
    def clock(self) -> Clock:
        return clock_on(self.today)

    def session(self) -> Session:
        return Session(self.conn, self.clock)

    def call(self, service: Callable[..., T], *args: Any, **kwargs: Any) -> T:
        """Call a writing service in a savepoint: refused means nothing was written."""
        with self.conn.begin_nested(), self.sealed():
            return service(self.session(), self.clock, *args, **kwargs)

    @contextmanager
    def sealed(self) -> Iterator[None]:
        """What is written meanwhile is sealed, as at the end of every unit of work."""
        self.conn.info.pop("unsealed", None)
        yield
        Unsealed.of(self.conn).flush()

    def rule(self, rule_id: str, value: Any) -> None:
        self.call(rules.change, rule_id, value)

    def undo(self, step_id: int) -> StepReversal:
        """Reverse a step's entries in a step of its own, as undo does."""
        with self.conn.begin_nested(), self.sealed():
            session = self.session()
            session.step("undo", undoes=step_id)
            return points.reverse_step(session, self.clock, step_id)

    def last_step(self) -> int:
        return int(self.conn.scalars(select(step.c.id).order_by(step.c.id.desc()).limit(1)).one())

    def balance(self, member_id: int = 1, on: int | None = None) -> int:
        return points.balance(self.session(), member_id, day(self.today if on is None else on))

    def statement(self, member_id: int = 1, on: int | None = None) -> Statement:
        return points.statement(self.session(), self.clock, member_id, None if on is None else day(on))

    def adds_up(self) -> None:
        found = points.reconcile(self.session())
        assert found.ok, [difference.message for difference in found.differences]

    def reconciled(self) -> None:
        """It adds up, and every row of the file is sealed."""
        self.adds_up()
        self.is_sealed()

    def is_sealed(self) -> None:
        assert list(broken_rows(self.conn)) == []


@contextmanager
def rig(engine: Engine | None = None, members: int = 2) -> Iterator[Rig]:
    """A rig whose rows are rolled back at the end; one without an engine of its own is gone then."""
    used = engine or memory_engine()
    with used.connect() as conn:
        transaction = conn.begin()
        yield Rig(conn, members)
        transaction.rollback()
    if engine is None:
        used.dispose()
