"""The packaged sample is what its papers give, and a copy of it ends yesterday with everything still adding up."""

from __future__ import annotations

import lzma
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from qunguan.domain.clock import Clock
from qunguan.domain.errors import Refused
from qunguan.services import checkins, demo, groups, history, members
from qunguan.services.desk import Desk
from qunguan.store.shift import shifted, turn
from sample_db.build import build
from tests.conftest import NOW, assert_sound


def dump(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as conn:
        return sorted(conn.iterdump())  # indexes are made in any order


def test_the_papers_give_the_packaged_sample(tmp_path):
    build(tmp_path / "built.db")
    packaged = tmp_path / "packaged.db"
    packaged.write_bytes(lzma.decompress(demo.SAMPLE.read_bytes()))
    assert dump(tmp_path / "built.db") == dump(packaged)


@pytest.mark.parametrize("days", [0, 1, 3, 245, 800])
def test_a_copy_ends_yesterday_and_is_sound(tmp_path, days):
    clock = Clock(NOW + timedelta(days=days))
    path = demo.make_copy(tmp_path / "demo.db", clock)
    yesterday = NOW.date() + timedelta(days=days - 1)
    with Desk(path, clock) as desk:
        assert_sound(desk)
        assert len(desk.read(groups.all_groups)) == 2
        assert 240 <= len(desk.read(members.list_members)) <= 270
        daily = desk.read(checkins.find, clock, "每日签到")
        assert (yesterday - daily.starts_on).days == 119
        assert desk.read(checkins.board, clock, daily.id, yesterday).done > 40
        assert desk.read(checkins.board, clock, daily.id, yesterday + timedelta(days=1)).done == 0


def test_steps_of_a_copy_can_be_undone(tmp_path):
    clock = Clock(datetime(2027, 1, 5, 3, 0, tzinfo=UTC))
    with Desk(demo.make_copy(tmp_path / "demo.db", clock), clock) as desk:
        for _step in range(8):
            desk.write(history.undo)
        assert_sound(desk)


def test_a_file_that_is_there_is_not_replaced(tmp_path, clock):
    path = tmp_path / "mine.db"
    path.write_text("mine")
    with pytest.raises(Refused):
        demo.make_copy(path, clock)
    assert path.read_text() == "mine"


def test_days_inside_keys_and_images_move_too():
    assert shifted("3:2026-03-31", 1) == "3:2026-04-01"
    assert shifted('{"at":"2026-03-31T22:00:00Z","n":20260331}', -31) == '{"at":"2026-02-28T22:00:00Z","n":20260331}'
    assert shifted(None, 5) is None
    assert turn("weekdays:135", 5) == "weekdays:136"
    assert turn("weekly:3", 5) == "weekly:3"
