"""Files of every released version open in this one: updated after a backup, every row and balance as it was."""

from __future__ import annotations

import lzma
import os
import signal
import sqlite3
from contextlib import closing
from datetime import date
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import Engine, event

from qunguan.domain.backups import GoingBack
from qunguan.domain.clock import Clock
from qunguan.services import checkins, levels, members, orders, points, settings
from qunguan.services.desk import Desk
from qunguan.store.migrate import Schema, migrate
from tests.conftest import FIXTURES, assert_sound
from tests.spoiled import past_the_guards, spoil

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
        return [dict(row) for row in raw.execute(f'SELECT * FROM "{table}" ORDER BY id')]


def every_table(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as raw:
        return [name for (name,) in raw.execute("SELECT name FROM sqlite_sequence")]


def assert_kept(path: Path, kept: dict[str, list[dict[str, object]]]) -> None:
    """Every row is there with every value it had."""
    for table, before in kept.items():
        after = rows(path, table)
        assert [{name: row[name] for name in was} for was, row in zip(before, after, strict=True)] == before


def test_an_older_file_is_updated_and_keeps_every_row(old, clock):
    kept = {table: rows(old, table) for table in every_table(old)}
    assert kept.keys() >= {"member", "alias", "checkin", "point_entry", "point_alloc", "step"}
    with Desk(old, clock) as desk:
        assert any("old-" in str(notice) for notice in desk.facts().notices)
        assert_kept(old, kept)
        assert desk.read(points.balance, 2, date(2026, 3, 20)) == 30
        assert desk.read(checkins.board, clock, 1).rows[0].streak == 7
        assert_sound(desk)


def test_a_backup_of_any_version_tells_its_steps(old, clock, tmp_path):
    at, bytes_then = tmp_path / "backup.db", old.read_bytes()
    at.write_bytes(bytes_then)
    with Desk(old, clock) as desk:
        assert desk.read(settings.going_back, at) == GoingBack((), ())
        desk.write(members.add, "团团")
        assert [str(step) for step in desk.read(settings.going_back, at).lost] == ["添加了成员 团团"]
    assert at.read_bytes() == bytes_then


def test_what_is_new_works_on_an_updated_file(old, clock):
    with Desk(old, clock) as desk:
        if not desk.read(levels.all_ladders):
            desk.write(levels.use_preset, "card")
        desk.write(orders.add_order, 1, 120_000)
        assert desk.read(levels.standings, clock)[1].level == "银卡"
        assert desk.read(members.names, [1]) == {1: "阿梨"}
        assert_sound(desk)


def without_rows(path: Path) -> None:
    """The file as that version makes it new: its tables and not a row."""
    with closing(sqlite3.connect(path)) as raw:
        marks = [raw.execute(f"PRAGMA {name}").fetchone()[0] for name in ("application_id", "user_version")]
        made = raw.execute(
            "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite!_%' ESCAPE '!'"
            " AND name NOT GLOB 'member_search_*' ORDER BY type = 'table' DESC, rowid"
        ).fetchall()
    path.unlink()
    path.touch(0o600)
    with closing(sqlite3.connect(path)) as raw:
        for (statement,) in made:
            raw.execute(statement)
        raw.execute(f"PRAGMA application_id={marks[0]}")
        raw.execute(f"PRAGMA user_version={marks[1]}")


def test_a_file_without_a_row_is_updated_to_what_a_new_one_is(old, clock):
    without_rows(old)
    with Desk(old, clock) as desk:
        assert desk.read(members.list_members) == ()
        assert_sound(desk)


HOSTILE = ("'; DROP TABLE member; --", "[/red]", "\x1b]52;c;x\x07", "　\u202e\u200b", "𠮷👨‍👩‍👧", "x" * 64, "=1+1")


def test_a_file_of_hostile_texts_is_updated_as_it_is(old, clock):
    assert spoil(old, HOSTILE) >= 10
    kept = {table: rows(old, table) for table in every_table(old)}
    with Desk(old, clock):
        pass
    assert_kept(old, kept)


@pytest.mark.long
def test_a_hundred_thousand_rows_are_updated_as_they_are(old, clock):
    with past_the_guards(old) as raw:
        names = [row[1] for row in raw.execute("PRAGMA table_info(checkin)") if row[1] not in ("id", "day")]
        raw.execute(
            f"WITH RECURSIVE n (n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM n WHERE n < 100000)"
            f" INSERT INTO checkin (day, {', '.join(names)})"
            f" SELECT date('1700-01-01', '+' || n || ' days'), {', '.join(f'c.{name}' for name in names)}"
            f" FROM n, (SELECT * FROM checkin WHERE day = '2026-03-15') c"
        )
    kept = {table: rows(old, table) for table in every_table(old)}
    assert len(kept["checkin"]) > 100_000
    with Desk(old, clock):
        pass
    assert_kept(old, kept)


def killed_at(path: Path, number: int, clock: Clock) -> bool:
    """Update the file in a process of its own that is killed before its `number`-th change; whether it was."""
    child = os.fork()
    if child == 0:
        seen = count(1)

        def on_execute(_conn: object, _cursor: object, statement: str, *_rest: object) -> None:
            if not statement.startswith(("SELECT", "PRAGMA")) and next(seen) == number:
                os.kill(os.getpid(), signal.SIGKILL)

        event.listen(Engine, "before_cursor_execute", on_execute)
        migrate(path, Schema.current(), clock)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) != 0


def killed_updates(old: Path, clock: Clock, step: int) -> int:
    """Kill the update at every `step`-th change: the file opens, as it was or at a later version, with every row."""
    Schema.current().text()
    sound = old.read_bytes()
    kept = {table: rows(old, table) for table in every_table(old)}
    number = 1
    while True:
        old.write_bytes(sound)
        if not killed_at(old, number, clock):
            return number // step
        with Desk(old, clock) as desk:
            assert_sound(desk)
        assert_kept(old, kept)
        for left in old.parent.glob("backups/*"):
            left.unlink()
        number += step


def test_an_update_that_is_killed_goes_on_at_the_next_opening(old, clock):
    assert killed_updates(old, clock, 170) >= 0


@pytest.mark.long
def test_an_update_that_is_killed_at_every_third_change_goes_on_at_the_next_opening(old, clock):
    assert killed_updates(old, clock, 3) > 30
