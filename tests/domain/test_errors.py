"""What an owner reads when something is wrong: where, what and what to do, in one line of one language."""

from __future__ import annotations

import pytest

from qunguan.domain.errors import BadInput
from qunguan.i18n import set_language

WHAT, HINT = "{value} is out of range", "use {least} to {most}"


@pytest.fixture(autouse=True)
def _tongue():
    yield
    set_language(None)


def wrong(language: str, **kwargs: str) -> str:
    set_language(language)
    return str(BadInput(WHAT, value="{9}", least=1, most=8, **kwargs))


def test_a_chinese_error_is_joined_by_chinese_marks():
    assert wrong("zh", where="名单.xlsx:3", hint=HINT) == "名单.xlsx:3：{9} 超出范围——请填 1 到 8"
    assert wrong("zh", hint=HINT) == "{9} 超出范围——请填 1 到 8"
    assert wrong("zh", where="名单.xlsx:3") == "名单.xlsx:3：{9} 超出范围"
    assert wrong("zh") == "{9} 超出范围"


def test_an_english_error_is_joined_by_english_marks():
    assert wrong("en", where="roster.xlsx:3", hint=HINT) == "roster.xlsx:3: {9} is out of range — use 1 to 8"
    assert wrong("en") == "{9} is out of range"
