"""The settings are searched as other lists are; "/" where there is nothing to search lets no letter do anything."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from qunguan.domain.clock import Clock
from qunguan.i18n import set_language
from qunguan.services import groups, history
from qunguan.services.desk import Desk
from tests.tui.desk_app import Room, room


@pytest.fixture(autouse=True)
def language() -> Iterator[None]:
    """A test that switches the language does not switch it for the next."""
    yield
    set_language(None)


@pytest.fixture
def path(tmp_path: Path, clock: Clock) -> Path:
    with Desk(tmp_path / "q.db", clock, create=True) as desk:
        desk.write(groups.create, "早起读书群")
    return tmp_path / "q.db"


def names(here: Room) -> list[str]:
    """What the lines of the list are called."""
    return [getattr(cell, "text", cell) for cell in (line.cells[1] for line in here.top._source.lines)]


@pytest.mark.parametrize("typed", ["补卡期限", "bukaqixian", "bkqx", "checkin.makeup_days"])
async def test_a_rule_is_found_by_name_pinyin_initials_and_id(path: Path, clock: Clock, typed: str) -> None:
    async with room(path, clock, "0") as here:
        whole = len(names(here))
        await here.press("/", *typed)
        await here.until(lambda: 0 < len(names(here)) < 10)
        assert any("补卡期限" in name for name in names(here))
        await here.press("enter")  # the first of them
        await here.press("escape", "escape")
        await here.until(lambda: len(names(here)) == whole)


async def test_a_rule_is_found_by_what_its_source_speaks_of(path: Path, clock: Clock) -> None:
    async with room(path, clock, "0") as here:
        await here.press("/", "冻", "结")
        await here.until(lambda: 1 < len(names(here)) < 100)
        assert "补卡期限（天）" in names(here)


async def test_a_search_without_success_says_so_and_the_way_back(path: Path, clock: Clock) -> None:
    async with room(path, clock, "0") as here:
        await here.press("/", *"xyzzy")
        await here.sees("没有找到“xyzzy”", "Esc")
        await here.press("escape")
        await here.sees("早起读书群", "── 规则")


async def test_letters_behind_a_slash_are_no_commands_where_nothing_is_searched(path: Path, clock: Clock) -> None:
    async with room(path, clock, "0") as here:
        await here.press("1")
        await here.until(lambda: here.top.noun == "today")
        await here.press("/", *"bukau", "enter")
        await here.sees("这里没有可搜索的内容")
        assert here.top.noun == "today"
        await here.press("0")
        await here.until(lambda: here.top.noun == "settings")
    with Desk(path, clock) as desk:
        assert [str(step) for step in desk.read(history.recent)] == ["新建了群 早起读书群"]


async def test_the_rooms_speak_the_new_language_at_once(path: Path, clock: Clock) -> None:
    async with room(path, clock, "0") as here:
        await here.sees("群档", "成长计划", "下一间")
        await here.press("l")
        await here.sees("Group profile", "Growth plan", "next room")
        assert "成长计划" not in here.text
