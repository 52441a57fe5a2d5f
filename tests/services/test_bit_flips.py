"""A bit that turns over in the file does no harm, is refused on opening, or is named by the doctor."""

from __future__ import annotations

import random
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from qunguan.domain.clock import Clock
from qunguan.domain.errors import StoreError
from qunguan.services import doctor
from qunguan.services.desk import Desk
from qunguan.store.engine import make_engine, read_transaction
from qunguan.store.gate import inspect
from qunguan.store.integrity import check_file
from qunguan.store.seal_check import broken_rows
from qunguan.store.session import Session
from tests.conftest import NOW
from tests.services.test_presence import tell
from tests.services.work import operations, prepared

SEED = 20260320
Rows = dict[str, list[tuple[Any, ...]]]


def every_row(path: Path) -> Rows:
    """Every row of every table, what is kept for the search included; not the ids that come next, nor the FTS index."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as raw:
        raw.text_factory = bytes
        names = [row[0].decode() for row in raw.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        kept = [name for name in names if not name.startswith(("sqlite_", "member_search_"))]
        return {name: raw.execute(f'SELECT * FROM "{name}"').fetchall() for name in kept}


@dataclass
class Community:
    """A file of an owner's evening, and what stands in it."""

    path: Path
    rows: Rows
    engine: Engine

    def outcome(self, offset: int, bit: int) -> str:
        """What the program says of the file with that bit turned over; the bit is turned back."""
        with self.path.open("r+b") as file:
            file.seek(offset)
            byte = file.read(1)[0]
            file.seek(offset)
            file.write(bytes([byte ^ 1 << bit]))
        try:
            return self._judged()
        finally:
            with self.path.open("r+b") as file:
                file.seek(offset)
                file.write(bytes([byte]))

    def _judged(self) -> str:
        if not inspect(self.path).ok:
            return "refused"
        try:
            if self.named():
                return "named"
        except StoreError:
            return "refused"
        finally:
            self.engine.dispose()
        return "harmless" if every_row(self.path) == self.rows else "silent"

    def named(self) -> bool:
        """Whether `doctor --deep` names anything. What it counts again it need not, where every row is as it was."""
        with read_transaction(self.engine) as conn:
            if not all(found.ok for found in check_file(conn, deep=True)) or any(broken_rows(conn)):
                return True
            if every_row(self.path) == self.rows:
                return False
            found = doctor.check(Session(conn, Clock(NOW), writable=False), deep=True)
        return not all(check.ok for check in found)


@pytest.fixture(scope="module")
def community(tmp_path_factory: pytest.TempPathFactory, memory: Path | None) -> Iterator[Community]:
    folder = tmp_path_factory.mktemp("flips") if memory is None else memory
    path = folder / f"flips-{tmp_path_factory.getbasetemp().name}.db"
    prepared(path)
    with Desk(path, Clock(NOW)) as desk:
        for operation in operations(70):
            operation(desk)
        today = NOW.date()
        desk.write(tell, [(1 + n % 8, today - timedelta(days=n % 19), 1 + n % 30) for n in range(150)])
        assert all(check.ok for check in desk.read(doctor.check, deep=True))
    yield Community(path, every_row(path), make_engine(path))
    for left in folder.glob(f"{path.name}*"):
        left.unlink() if left.is_file() else None


def flipped(community: Community, count: int, seed: int) -> Counter[str]:
    """What became of `count` flips; one that changes a row in silence fails."""
    dice, size = random.Random(seed), community.path.stat().st_size
    written = [place for place, byte in enumerate(community.path.read_bytes()) if byte]
    found: Counter[str] = Counter()
    for turn in range(count):  # by turns anywhere, and where something is written
        offset, bit = dice.choice(written) if turn % 2 else dice.randrange(size), dice.randrange(8)
        outcome = community.outcome(offset, bit)
        assert outcome != "silent", f"byte {offset} (page {offset // 4096 + 1}), bit {bit}"
        found[outcome] += 1
    print(f"seed {seed}, {size} bytes:", dict(found))
    return found


@pytest.mark.slow
def test_600_flipped_bits_change_no_row_in_silence(community):
    found = flipped(community, 600, SEED)
    assert found["named"] > 30, "flips must have hit rows"


@pytest.mark.long
def test_20_000_flipped_bits_change_no_row_in_silence(community):
    flipped(community, 20_000, SEED + 1)
