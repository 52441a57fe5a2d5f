"""Messages by the thousand are counted as they are one by one, whatever stands between them and was told before."""

from __future__ import annotations

import random
import sqlite3
from contextlib import closing
from functools import partial

import pytest

from qunguan.domain.activity import one_by_one
from qunguan.domain.clock import Clock
from qunguan.exchange.readers.chats import read_chat
from qunguan.services import activity, activity_seen, groups
from qunguan.services.desk import Desk
from tests.conftest import NOW
from tests.exchange import noise

TABLES = ("speech", "chat_hour", "chat_day", "chat_seen", "question", "speaker", "membership", "member", "alias")


def book(path, files, pieces, **group):
    """What the tables hold, and what was said, when the files came in one after the other."""
    with Desk(path, Clock(NOW), create=True) as desk:
        desk.write(groups.create, "群", **group)
        done = []
        for file in files:
            with read_chat(file) as reading:
                told, info = pieces(reading), partial(getattr, reading, "info")
                terms = {"name": file.name, "only": "大群", "keep_questions": True}
                done.append(desk.write(activity.import_chat, 1, told, info, **terms))
    with closing(sqlite3.connect(path)) as conn:
        return done, {table: conn.execute(f"SELECT * FROM {table} ORDER BY 1").fetchall() for table in TABLES}


@pytest.mark.parametrize("group", [{}, {"day_start": 4}, {"timezone": "America/New_York"}], ids=str)
@pytest.mark.parametrize("at_hand", [100, 100_000])
def test_chunks_count_as_their_events(group, at_hand, tmp_path, monkeypatch):
    monkeypatch.setattr(activity_seen, "KEYS_AT_HAND", at_hand)
    files = [tmp_path / name for name in ("a.csv", "b.csv", "c.txt")]
    for file, write, seed in zip(files, (noise.chatlog, noise.chatlog, noise.qq), (1, 2, 3), strict=True):
        write(file, random.Random(seed))
    lines = files[0].read_text(encoding="utf-8")
    files[1].write_text(lines + files[1].read_text(encoding="utf-8"), encoding="utf-8")  # overlaps
    by_the_thousand = book(tmp_path / "1.db", files, iter, **group)
    assert by_the_thousand == book(tmp_path / "2.db", files, one_by_one, **group)
    assert by_the_thousand[0][1].duplicates_skipped > 500
