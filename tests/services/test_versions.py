"""Files of every released version open in this one: updated after a backup, every row and balance as it was."""

from __future__ import annotations

import lzma
import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from qunguan.services import checkins, levels, members, orders, points
from qunguan.services.desk import Desk
from tests.conftest import FIXTURES, assert_sound

VERSIONS = sorted((FIXTURES / "versions").glob("v*.db.xz"))


@pytest.fixture(params=VERSIONS, ids=lambda path: path.name.partition(".")[0])
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A file as the program of that version left it: three members, a week of check-ins, a grant and a spend; from
    version 2 on a row in nearly every table.
    """
    path = tmp_path / "old.db"
    path.touch(0o600)
    path.write_bytes(lzma.decompress(request.param.read_bytes()))
    return path


def rows(path: Path, table: str) -> list[dict[str, object]]:
    with closing(sqlite3.connect(path)) as raw:
        raw.row_factory = sqlite3.Row
        return [dict(row) for row in raw.execute(f"SELECT * FROM {table} ORDER BY id")]


def every_table(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as raw:
        return [name for (name,) in raw.execute("SELECT name FROM sqlite_sequence")]


def test_an_older_file_is_updated_and_keeps_every_row(old, clock):
    kept = {table: rows(old, table) for table in every_table(old)}
    assert kept.keys() >= {"member", "alias", "checkin", "point_entry", "point_alloc", "step"}
    with Desk(old, clock) as desk:
        assert any("old-" in str(notice) for notice in desk.facts().notices)
        for table, before in kept.items():
            after = rows(old, table)
            assert [{name: row[name] for name in was} for was, row in zip(before, after, strict=True)] == before
        assert desk.read(points.balance, 2, date(2026, 3, 20)) == 30
        assert desk.read(checkins.board, clock, 1).rows[0].streak == 7
        assert_sound(desk)


def test_what_is_new_works_on_an_updated_file(old, clock):
    with Desk(old, clock) as desk:
        if not desk.read(levels.all_ladders):
            desk.write(levels.use_preset, "card")
        desk.write(orders.add_order, 1, 120_000)
        assert desk.read(levels.standings, clock)[1].level == "银卡"
        assert desk.read(members.names, [1]) == {1: "阿梨"}
        assert_sound(desk)
