"""What the tests of chat exports share: the bundled conversation, files of everybody's, and counting them."""

from __future__ import annotations

import json
import os
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from qunguan.domain.activity import ChatEvent, ChatInfo
from qunguan.domain.activity_counts import ActivityCounts, Tally
from qunguan.exchange.readers.chats import read_chat

EXPORTS = Path(__file__).parents[1] / "fixtures" / "chat_exports"
EXPECTED: dict[str, Any] = json.loads((EXPORTS / "expected.json").read_text(encoding="utf-8"))
BEGINS = date(2016, 7, 4)


def shared_fixtures() -> Path:
    """A folder of real files that are not ours to ship: QUNGUAN_SHARED_FIXTURES, or beside the repository.

    Skips the test where there is none.
    """
    beside = Path(__file__).parents[3] / "shared" / "fixtures"
    folder = Path(os.environ.get("QUNGUAN_SHARED_FIXTURES") or beside)
    if not folder.is_dir():
        pytest.skip("the real files are not here: set QUNGUAN_SHARED_FIXTURES to their folder")
    return folder


def events(path: Path, **options: Any) -> list[ChatEvent]:
    """All events of a file."""
    with read_chat(path, **options) as reading:
        return list(reading.events())


def counted(*paths: Path, **options: Any) -> tuple[ActivityCounts, ChatInfo]:
    """The sums over the files, and what the last one says about itself."""
    tally = Tally()
    for path in paths:
        with read_chat(path, **options) as reading:
            for event in reading.events():
                tally.add(event)
        info = reading.info
    return tally.counts(), info


def by_id(counts: ActivityCounts) -> dict[str, int]:
    """Messages by what people are known by."""
    return {member.speaker.id: member.messages for member in counts.by_member}


def by_name(counts: ActivityCounts) -> dict[str, int]:
    """Messages by the name shown last; people of one name are one."""
    sums: Counter[str] = Counter()
    for member in counts.by_member:
        sums[member.speaker.name] += member.messages
    return dict(sums)


def by_day(counts: ActivityCounts) -> dict[str, int]:
    """Messages by ISO day."""
    return {day.isoformat(): messages for day, messages in counts.by_day.items()}


def by_hour(counts: ActivityCounts) -> dict[str, int]:
    """Messages by two-digit hour."""
    return {f"{hour:02}": messages for hour, messages in counts.by_hour.items()}
