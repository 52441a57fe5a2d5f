"""Fixtures of the command line: an empty place, and a community of four in a challenge."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.shell import ROSTER, Shell


@pytest.fixture
def blank(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Shell:
    """Commands in English on a database that is not there yet."""
    monkeypatch.setenv("QUNGUAN_LANG", "en")
    return Shell(tmp_path / "q.db", capsys, monkeypatch)


@pytest.fixture
def shell(blank: Shell) -> Shell:
    """A group with 阿梨 (1), 团团妈,二宝 (2), Crystal🍀 (3) in the challenge 早起 since the first of March."""
    assert blank("init", "--group", "早起读书群").code == 0
    assert blank("member", "import", ROSTER).code == 0
    assert blank("challenge", "add", "早起", "--start", "2026-03-01", "--enrol", "all").code == 0
    return blank
