"""Store tests read messages in English and write to memory where there is such a folder: syncs cost nothing there."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from qunguan.i18n import set_language

MEMORY = Path("/dev/shm")


@pytest.fixture(autouse=True)
def in_english():
    set_language("en")
    yield
    set_language(None)


@pytest.fixture
def tmp_path():
    with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as folder:
        yield Path(folder)
