"""Fixtures of the command line: an empty place, and a community of four in a challenge."""

from __future__ import annotations

import io
from contextlib import redirect_stdout
from pathlib import Path

import pytest

from qunguan.cli.door import run
from qunguan.domain.clock import Clock
from qunguan.i18n import set_language
from tests.cli.shell import ROSTER, Shell


@pytest.fixture
def blank(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Shell:
    """Commands in English on a database that is not there yet."""
    monkeypatch.setenv("QUNGUAN_LANG", "en")
    return Shell(tmp_path / "q.db", capsys, monkeypatch)


@pytest.fixture
def peopled(tmp_path: Path, clock: Clock) -> Path:
    """The file of `shell`, as three commands make it."""
    path = tmp_path / "q.db"
    commands: tuple[tuple[object, ...], ...] = (
        ("init", "--group", "早起读书群"),
        ("member", "import", ROSTER),
        ("challenge", "add", "早起", "--start", "2026-03-01", "--enrol", "all"),
    )
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(io.TextIOWrapper(io.BytesIO(), "utf-8")):
        patch.setenv("QUNGUAN_LANG", "en")
        for words in commands:
            assert run(["--db", str(path), *map(str, words)], lambda _db, _clock: 0) == 0, words
    set_language(None)
    return path


@pytest.fixture
def shell(blank: Shell, peopled: Path) -> Shell:
    """A group with 阿梨 (1), 团团妈,二宝 (2), Crystal🍀 (3) in the challenge 早起 since the first of March."""
    assert blank.db == peopled
    return blank
