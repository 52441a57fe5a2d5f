"""The desk beside its transactions: backups, what the file is, and going back to a backup."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from qunguan.domain.clock import Clock
from qunguan.domain.errors import StoreError
from qunguan.services import groups
from qunguan.services.desk import Desk, DeskThread, database


def test_a_backup_is_listed_newest_first_and_made_once(desk: Desk) -> None:
    made = desk.backup()
    again = desk.backup("import")
    desk.write(groups.create, "第二个群")
    second = desk.backup("import")

    assert made.verified
    assert made.reason == "manual"
    assert made.size == made.path.stat().st_size
    assert again == made  # nothing changed in between
    assert {found.path for found in desk.backups()} == {made.path, second.path}


def test_the_facts_name_the_real_file(desk: Desk) -> None:
    facts = desk.facts()

    assert facts.path == desk.path
    assert facts.size == desk.path.stat().st_size > 0


async def test_restoring_brings_the_old_state_back_and_keeps_the_new_one(tmp_path: Path, clock: Clock) -> None:
    thread = DeskThread(tmp_path / "q.db", clock)
    await thread.open(create=True)
    await thread.write(groups.create, "早起读书群")
    made = await thread.backup()
    await thread.write(groups.create, "第二个群")

    kept = await thread.restore(made.path)

    assert [group.name for group in await thread.read(groups.all_groups)] == ["早起读书群"]
    assert kept is not None
    assert (await thread.facts()).path == tmp_path / "q.db"
    assert kept in {found.path for found in await thread.backups()}
    await thread.close()


async def test_a_damaged_backup_is_refused_and_the_file_stays_open(tmp_path: Path, clock: Clock) -> None:
    thread = DeskThread(tmp_path / "q.db", clock)
    await thread.open(create=True)
    await thread.write(groups.create, "早起读书群")
    made = await thread.backup()
    made.path.write_bytes(made.path.read_bytes()[:5000])

    with pytest.raises(StoreError):
        await thread.restore(made.path)

    assert [group.name for group in await thread.read(groups.all_groups)] == ["早起读书群"]
    await thread.close()


async def test_whoever_asks_a_closed_desk_is_cancelled(tmp_path: Path, clock: Clock) -> None:
    thread = DeskThread(tmp_path / "q.db", clock)
    await thread.open(create=True)
    await thread.close()

    with pytest.raises(asyncio.CancelledError):
        await thread.read(groups.all_groups)
    await thread.close()


def test_the_environment_names_the_database_and_an_argument_outweighs_it(tmp_path, clock, monkeypatch):
    monkeypatch.setenv("QUNGUAN_DB", str(tmp_path / "named.db"))
    with Desk(None, clock, create=True) as desk:
        assert desk.path == tmp_path / "named.db"
    with Desk(tmp_path / "given.db", clock, create=True) as desk:
        assert desk.path == tmp_path / "given.db"
    assert {path.name for path in tmp_path.glob("*.db")} == {"named.db", "given.db"}
    monkeypatch.delenv("QUNGUAN_DB")
    assert database().parent.name == "qunguan"


def test_many_databases_are_made_in_one_folder_at_once(tmp_path, clock):
    def make(number: int) -> bool:
        with Desk(tmp_path / f"{number}.db", clock, create=True) as desk:
            desk.write(groups.create, f"群{number}")
            desk.backup()
        return True

    with ThreadPoolExecutor(8) as threads:
        assert all(threads.map(make, range(16)))
