"""The profile of a group by key: card, welcome, rules, violations, a business preset; copied, undone."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from qunguan.domain.clock import Clock
from qunguan.domain.positioning_house import HouseRule, Violation
from qunguan.services import content_columns, groups, members, positioning, rules, sops
from qunguan.services.desk import Desk
from qunguan.tui.screens.positioning_forms import Preset
from qunguan.tui.widgets.choose import Choose
from qunguan.tui.widgets.dialogs import Confirm, Form, TextView
from qunguan.tui.widgets.find_member import FindMember
from qunguan.tui.widgets.text_box import TextBox
from tests.tui.desk_app import Room, pictured, room

HOSTILE = "[/][red]\u202e不发广告\u200b"


@pytest.fixture
def path(tmp_path: Path, clock: Clock) -> Path:
    with Desk(tmp_path / "q.db", clock, create=True) as desk:
        desk.write(groups.create, "早起读书群")
        desk.write(members.add_many, ["小满", "阿梨"], group_id=1, joined_on=date(2026, 3, 1))
    return tmp_path / "q.db"


@pytest.fixture
def full(path: Path, clock: Clock) -> Path:
    with Desk(path, clock) as desk:
        card = desk.read(positioning.card, 1)
        from dataclasses import replace

        desk.write(positioning.set_card, replace(card, kinds=("interest", "product"), persona="25–35 岁白领",
                                                 welcome="欢迎来{group}"))  # fmt: skip
        first = desk.write(positioning.add_rule, 1, HOSTILE)
        desk.write(positioning.add_rule, 1, "晚上七点到九点聊正题")
        desk.write(positioning.note_violation, 1, 1, first.id, note="[red]二维码")
        desk.write(content_columns.add_column_preset, 1, "talk")
    return path


def known(path: Path, clock: Clock) -> tuple[tuple[HouseRule, ...], tuple[Violation, ...]]:
    with Desk(path, clock) as desk:
        return desk.read(positioning.rules_of, 1), desk.read(positioning.violations, 1)


async def enter(here: Room) -> None:
    await here.turn_to("positioning")
    await here.sees("── 定位", "── 群规")


async def stand_on(here: Room, kind: str) -> None:
    screen = here.top
    lines = list(screen._lines.values())
    await here.table.move_to(next(place for place, line in enumerate(lines) if line.kind == kind))
    await here.pilot.pause()


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
async def test_everything_in_one_list(full, clock, size):
    async with room(full, clock, "0", size) as here:
        await enter(here)
        await here.sees("早起读书群", "25–35 岁白领", "兴趣 + 产品", "2 / 500 人", "[/][red]不发广告")
        assert "\u202e" not in here.text
        await here.press("end")
        await here.sees("话题时间", "19:00–21:00")
        await here.press("w")
        await here.opened(TextView)
        await here.sees("group.capacity_soft")


async def test_the_card_and_the_welcome(path, clock):
    async with room(path, clock, "0") as here:
        await enter(here)
        await here.press("e")
        await here.opened(Form)
        await here.write("宝妈")
        await here.press("down", "down")
        await here.write("吃瓜")
        await here.press("f2")
        await here.until(lambda: "吃瓜" in here.wrong)
        here.line.value = "兴趣+产品"
        await here.press("f2")
        await here.closed()
        await here.sees("宝妈", "兴趣 + 产品")
        await stand_on(here, "welcome")
        await here.press("enter")
        await here.opened(TextBox)
        await here.press("h", "i", "f2")
        await here.closed()
        await here.sees("hi")
        await here.press("u")
        await here.until(lambda: "hi" not in here.text.split("欢迎语")[1][:40])


async def test_rules_are_written_moved_and_removed(path, clock):
    async with room(path, clock, "0") as here:
        await enter(here)
        for text in ("不发广告", "不吵架"):
            await here.press("a")
            await here.opened(Form)
            await here.write(text)
            await here.press("enter")
            await here.closed()
            await here.sees(text)
        await here.until(lambda: here.top.rule and here.top.rule.text == "不吵架")
        await here.press("left_square_bracket")
        await here.until(lambda: here.top.rule and here.top.rule.place == 1)
        await here.press("delete")
        await here.opened(Confirm)
        await here.sees("不吵架")
        await here.press("y")
        await here.closed()
        await here.until(lambda: "不吵架" not in here.text)
    assert [rule.text for rule in known(path, clock)[0]] == ["不发广告"]


async def test_a_violation_is_noted_once_and_the_second_removes(full, clock):
    async with room(full, clock, "0") as here:
        await enter(here)
        await here.press("ｖ")
        await here.opened(FindMember)
        await here.write("小满")
        await here.until(lambda: "小满 (#1)" in here.text or "小满" in here.text)
        await here.press("enter")
        await here.opened(Form)
        await here.sees("建议：移出")
        await here.press("f2", "f2")
        await here.closed()
        await here.sees("移出")
        await here.told("请你离开")
    assert [each.step for each in known(full, clock)[1]] == ["removal", "warning"]


async def test_what_is_copied_goes_with_the_line(full, clock, copied):
    async with room(full, clock, "0") as here:
        await enter(here)
        await here.press("y")
        await here.until(lambda: copied)
        await stand_on(here, "rule")
        await here.press("y")
        await here.until(lambda: len(copied) == 2)
        await stand_on(here, "violation")
        await here.press("y")
        await here.until(lambda: len(copied) == 3)
        assert copied[0] == "欢迎来早起读书群"
        assert copied[1].startswith("【早起读书群 · 群规】\n1. ")
        assert copied[2].startswith("@小满 提醒一下")
        await here.press("enter")
        await here.opened(TextView)
        await here.sees("[red]二维码")


async def test_a_preset_is_shown_before_it_is_put_in_force(path, clock):
    async with room(path, clock, "0") as here:
        await enter(here)
        await here.press("p")
        await here.opened(Choose)
        await here.write("知识付费")
        await here.press("enter")
        await here.opened(Preset)
        await here.sees("知识付费：", "规则（所有群）")
        await here.press("enter")
        await here.closed()
        await here.press("p")
        await here.opened(Choose)
        await here.write("知识付费")
        await here.press("enter")
        await here.opened(Preset)
        await here.press("y", "y")
        await here.closed()
        await here.sees("提问带上背景")
        await here.told("已套用 知识付费")
    with Desk(path, clock) as desk:
        assert desk.read(rules.value, "alert.ads_month") == 1
        assert len(desk.read(sops.all_sops, 1)) == 4


async def test_what_cannot_be_done_says_why(path, clock):
    async with room(path, clock, "0") as here:
        await enter(here)
        await here.press("delete")
        await here.told("先把光标放到一条群规上")
        await here.press("y")
        await here.told("还没什么可复制")


def test_how_it_looks(snap_compare, full, clock):
    assert pictured(snap_compare, full, clock, enter)
