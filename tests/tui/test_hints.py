"""Errors as the screens say them: rooms and keys instead of commands and options."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from qunguan import services
from qunguan.cli.door import NOUNS
from qunguan.i18n import _, set_language
from qunguan.tui.hints import in_keys

_SOURCE = Path(services.__file__).parents[1]
_HINT = re.compile(r'hint=(?:N_\()?"([^"]*qunguan [a-z][^"]*)"')
_ELSEWHERE = {"init", "archive", "unarchive"}  # what is done before there are screens, or past them


@pytest.fixture(params=["zh_CN", "en"], autouse=True)
def language(request):
    set_language(request.param)
    yield request.param
    set_language(None)


def shipped() -> list[str]:
    texts = [path.read_text(encoding="utf-8") for floor in ("domain", "services") for path in _SOURCE.glob(f"{floor}/*")
             if path.suffix == ".py"]  # fmt: skip
    return sorted({hint for text in texts for hint in _HINT.findall(text)})


def test_no_hint_sends_an_owner_at_the_screens_to_the_shell():
    found = shipped()
    assert found
    nouns = NOUNS.keys() - _ELSEWHERE
    assert not [said for said in map(in_keys, map(_, found)) if nouns & set(re.findall(r"qunguan ([a-z]+)", said))]


def test_a_command_is_its_room_and_key_an_option_goes_and_a_rule_has_its_title(language):
    gate, chats = in_keys(_("answer them: qunguan campaign gate")), in_keys(
        _("Tell which exporter it is from (--format), or make a table with the columns who and when."))  # fmt: skip
    start = in_keys("x: qunguan campaign start")
    rule = in_keys("group.capacity_soft: -50")
    assert "--" not in chats
    if language == "en":
        assert gate == "answer them: 6 “Campaigns”"
        assert start == "x: 6 “Campaigns”, key s"
        assert rule.endswith(": -50")
        assert "capacity_soft" not in rule
    else:
        assert gate == "先回答：在 6「活动」里"
        assert start == "x: 在 6「活动」按 s"
        assert chats.endswith("的表格再来。")
    assert in_keys("qunguan 群管 a.b: -- x") == "qunguan 群管 a.b: -- x"
