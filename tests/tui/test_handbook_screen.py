"""The handbook by key, and the page of a room under its help."""

from __future__ import annotations

from pathlib import Path

import pytest

from qunguan.domain.clock import Clock
from qunguan.domain.handbook import pages
from qunguan.services import groups
from qunguan.services.desk import Desk
from qunguan.tui.screens.help import HelpScreen
from qunguan.tui.widgets.dialogs import TextView
from tests.tui.desk_app import room


@pytest.fixture
def path(tmp_path: Path, clock: Clock) -> Path:
    with Desk(tmp_path / "q.db", clock, create=True) as desk:
        desk.write(groups.create, "早起读书群")
    return tmp_path / "q.db"


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
async def test_a_page_is_found_by_a_code_and_read_with_what_it_rests_on(path: Path, clock: Clock, size) -> None:
    async with room(path, clock, "0", size=size) as here:
        await here.turn_to("handbook")
        await here.sees(f"手册 {len(pages())} 页", "社群是什么")
        await here.press("/")
        await here.write("S4-30")
        await here.sees("手册 2 页", "预警")
        await here.press("enter")
        await here.opened(TextView)
        await here.sees("8%", "促销位就锁上", "S4-30")


async def test_the_paragraph_that_was_looked_for_stands_first(path: Path, clock: Clock) -> None:
    async with room(path, clock, "0") as here:
        await here.turn_to("handbook")
        await here.press("/")
        await here.write("促销位 8%")
        await here.sees("手册 1 页", "▸ 七天里走了超过 8% 的人")
        await here.press("enter")
        await here.opened(TextView)
        await here.sees("▸ 七天里走了超过 8% 的人")


async def test_where_no_page_is_beside_the_list_a_hit_says_where_it_stands(path: Path, clock: Clock) -> None:
    async with room(path, clock, "0", size=(80, 24)) as here:
        await here.turn_to("handbook")
        await here.sees("出处")
        await here.press("/")
        await here.write("8%")
        await here.sees("手册 4 页", "怎么说", "走了超过 8% 的人", "促销海报只有 8%")
        await here.press("escape")
        await here.sees(f"手册 {len(pages())} 页", "出处")


async def test_help_ends_with_the_page_of_its_room(path: Path, clock: Clock) -> None:
    async with room(path, clock, "0") as here:
        await here.turn_to("checkins")
        await here.press("?")
        await here.opened(HelpScreen)
        await here.press("end")
        await here.sees("有人看见，才有人坚持")


@pytest.mark.parametrize(("tongue", "says"), [("zh", "挑主场只问三句"), ("en", "Three questions choose the home")])
async def test_the_guide_to_platforms_is_under_the_help_of_the_settings(path, clock, monkeypatch, tongue, says) -> None:
    monkeypatch.setenv("QUNGUAN_LANG", tongue)
    async with room(path, clock, "0", (120, 200)) as here:
        await here.press("?")
        await here.opened(HelpScreen)
        await here.sees(says, "知识星球", "QQ")
