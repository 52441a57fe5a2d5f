"""Store tests read messages in English."""

from __future__ import annotations

import pytest

from qunguan.i18n import set_language


@pytest.fixture(autouse=True)
def in_english():
    set_language("en")
    yield
    set_language(None)
