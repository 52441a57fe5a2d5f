"""The sample community: a fresh copy whose last day is yesterday."""

from __future__ import annotations

import lzma
from datetime import timedelta
from pathlib import Path

from qunguan.domain.clock import Clock, DayRule
from qunguan.domain.errors import Refused
from qunguan.exchange.writers.atomic import atomic_write

SAMPLE = Path(__file__).parents[1] / "presets" / "sample.db.xz"


def default_path() -> Path:
    """Where a copy goes when no place is named: beside the user's own database, never over it."""
    from qunguan.store.files import default_path as own

    return own().with_name("demo.db")


def make_copy(path: Path, clock: Clock, *, replace: bool = False) -> Path:
    """Write a fresh copy of the sample to `path`, dated so that its last day is yesterday; returns the path.

    Raises Refused when something is there already, unless `replace` says that it is an earlier copy of ours.
    """
    from qunguan.store.disk import private_folder
    from qunguan.store.lock import StoreLock

    if path.exists() and not replace:
        raise Refused("there is a file already", where=str(path), hint="name another place with --to")
    private_folder(path.parent)
    lock = StoreLock(path)
    lock.acquire_alone()  # an earlier copy may still be open in another window
    fresh = path.with_name(f".{path.name}.part")
    try:
        atomic_write(fresh, lzma.decompress(SAMPLE.read_bytes()))
        _bring_up_to_date(fresh, clock)
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)
        lock.release()
    return path


def _bring_up_to_date(fresh: Path, clock: Clock) -> None:
    from qunguan.services import presence
    from qunguan.services.checkins import rebuild_cache
    from qunguan.store.engine import make_engine, write_transaction
    from qunguan.store.history import forget
    from qunguan.store.session import Session
    from qunguan.store.shift import last_day, shift_days

    engine = make_engine(fresh, journal="MEMORY")  # the copy is nobody's yet, and no journal is left beside it
    try:
        with write_transaction(engine) as conn:
            yesterday = clock.today(DayRule()) - timedelta(days=1)
            shift_days(conn, (yesterday - last_day(conn)).days)
            session = Session(conn, clock)
            rebuild_cache(session, clock)  # moved days fall into other weeks
            presence.rebuild(session)
            forget(session)
    finally:
        engine.dispose()
