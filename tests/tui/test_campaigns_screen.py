"""Campaigns by key: a group buy from the plan to its review, gate, sheet, draw, and what may go wrong."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from textual.widgets import OptionList, TextArea

from qunguan.domain.campaigns import Draft
from qunguan.domain.clock import Clock
from qunguan.services import campaigns, groups, members
from qunguan.services.desk import Desk
from qunguan.tui.screens.campaigns_gate import GateBox
from qunguan.tui.screens.campaigns_wizard import Wizard
from qunguan.tui.widgets.choose import Choose
from qunguan.tui.widgets.dialogs import Confirm, Form, TextView
from qunguan.tui.widgets.text_box import TextBox
from tests.services.campaign_kit import let_go
from tests.tui.desk_app import Room, pictured, room

TODAY = date(2026, 3, 20)
HOSTILE = "[/][red]\u202e甲" + "\u200d" * 4
NAMES = ("阿梨", "小王", "老陈", HOSTILE)


@pytest.fixture
def path(tmp_path: Path, clock: Clock) -> Path:
    with Desk(tmp_path / "q.db", clock, create=True) as desk:
        desk.write(groups.create, "早起读书群")
        for name in NAMES:
            desk.write(members.add, name, group_id=1, joined_on=date(2025, 1, 1))
    return tmp_path / "q.db"


def planned(path: Path, clock: Clock, form: str, name: str, *, start: bool = True, **more: object) -> int:
    """A campaign of today, made past the screens."""
    with Desk(path, clock) as desk:
        draft = Draft(name, form, TODAY, 9 * 60, TODAY, 24 * 60, **more)  # type: ignore[arg-type]
        made = desk.write(campaigns.add, 1, draft)
        if start:
            let_go(desk, made.id)
    return made.id


async def enter(here: Room) -> None:
    await here.turn_to("campaigns")
    await here.pilot.pause()


async def retype(here: Room, text: str) -> None:
    here.line.value = ""
    await here.write(text)


async def step(here: Room, title: str) -> None:
    """Wait until the planning dialog stands at this step."""
    await here.sees(title)
    await here.pilot.pause()


async def answer_all(here: Room) -> None:
    """Answer every question of the gate rightly, by Space and the arrows."""
    await here.opened(GateBox)
    box = here.on(GateBox)
    for _each in range(30):
        if not any(one.stops for one in box._now()):
            return
        await here.press("space")
        await here.press("down")
    raise AssertionError("questions stay open")


async def test_answers_and_words_typed_at_once_go_to_their_questions(path, clock):
    planned(path, clock, "flash", "快闪", start=False)
    async with room(path, clock, "6") as here:
        await enter(here)
        await here.press("s")
        await here.opened(GateBox)
        listing, asked = here.on(GateBox).query_one(OptionList), here.on(GateBox)._asked
        first = listing.highlighted or 0
        await here.burst("n", "enter", *"one", "enter", "down", "n", "enter", *"two", "f2")
        await here.until(lambda: "开场检查还差" in here.wrong)
        told = here.on(GateBox)._told
        assert told[asked[first].question.code] == ("no", "one")
        assert [each for each in told.values() if each[1]] == [("no", "one"), ("no", "two")]
        assert listing.highlighted is not None


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
async def test_the_empty_room_teaches(path, clock, size):
    async with room(path, clock, "6", size) as here:
        await enter(here)
        await here.sees("按 a 一步一步策划")
        await here.press("s")
        await here.told("还没有活动")


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
async def test_a_group_buy_of_three_goes_from_plan_to_review_by_keys_alone(path, clock, size):
    async with room(path, clock, "6", size) as here:
        await enter(here)
        await here.press("a")
        await here.opened(Wizard)
        await step(here, "这次为了什么？")
        for _each in range(3):  # revenue
            await here.press("down")
        await here.press("enter")
        await step(here, "用什么形式？")
        await here.sees("拼团")
        await here.press("enter")  # the first form that is for revenue
        await step(here, "给谁？")
        await here.sees("按价值高低（S0价值）", "高净值 / 潜力 / 沉睡")
        await here.press("escape")
        await step(here, "用什么形式？")
        await here.press("enter")
        await step(here, "给谁？")
        await here.press("enter")
        await step(here, "什么时候？")
        await here.sees("2026-03-23", "20:00")
        await retype(here, "2026-03-20")
        await here.sees("预热要 3 天")
        await here.press("enter")
        await retype(here, "9点")
        await here.press("enter")
        await retype(here, "2026-03-19")
        await here.press("f2")
        await here.until(lambda: "还没开始就结束" in here.text)
        await retype(here, "2026-03-20")
        await here.press("f2")
        await step(here, "什么条件？")
        await here.sees("几人成团", "3")
        await here.press("down", "down", "down", "down")
        await here.write("洗衣液 99 元三袋")
        await here.press("f2")
        await step(here, "名字和目标")
        await here.sees("没定目标数")
        here.line.value = ""
        await here.press("f2")
        await here.until(lambda: "给活动起个名字" in here.text)
        await retype(here, "三人拼团")
        await here.press("enter")
        await here.write("300")
        await here.press("enter")
        await here.closed()
        await here.told("「三人拼团」策划好了")
        await here.sees("三人拼团", "筹备")
        await here.press("i")
        await here.told("还没开始")
        await here.press("s")
        await here.opened(GateBox)
        await here.press("f2")
        await here.until(lambda: "开场检查还差" in here.wrong)
        assert "按空格作答" in here.wrong
        assert "qunguan" not in here.wrong
        await answer_all(here)
        await here.press("f2")
        await here.closed()
        await here.told("「三人拼团」开始了")
        await here.sees("进行")
        await here.press("i")
        await here.opened(Choose)
        await here.press("enter")
        await here.opened(TextBox)
        here.app.screen.query_one(TextArea).insert("A团：阿梨、小王、老陈")
        await here.press("f2")
        await here.closed()
        await here.told("加了或改了 3 行")
        await here.press("f")
        await here.sees("1 团里成了 1 团", "阿梨", "A团")
        await here.press("escape")
        await here.press("c")
        await here.opened(Form)
        await here.write("快递")
        await here.press("enter")
        await here.write("12.5")
        await here.press("enter")
        await here.closed()
        await here.told("记下了")
        await here.press("up")  # a second Enter at once would be taken for the one that closed the dialog
        await here.press("enter")
        await here.opened(TextView)
        await here.sees("三人拼团 · 拼团 · 进行", "几人成团 3")
        await here.press("escape")
        await here.closed()
        await here.press("v")
        await here.opened(TextView)
        await here.sees("目前：— / ¥300", "营收还不知道", "1 团里成了 1 团")
        await here.press("escape")
        await here.opened(Choose)
        await here.sees("03-20 22:00 才结束")
        await here.press("up", "enter")  # the last one: the lessons already
        await here.opened(Form)
        await here.write("人凑得快")
        await here.press("enter", "enter")
        await here.write("早三天预热")
        await here.press("enter")
        await here.closed()
        await here.told("写好了")
    with Desk(path, clock) as desk:
        told = desk.read(campaigns.review, clock, 1)
    assert (told.written.well, told.written.next_time) == ("人凑得快", "早三天预热")
    assert (told.card.line.figures.participants, told.card.line.figures.cost_fen) == (3, 1_250)


async def test_what_the_rules_are_against_is_named_and_nothing_breaks(path, clock):
    planned(path, clock, "flash", "秒杀[/]", terms={"stock": "1"})
    async with room(path, clock, "6") as here:
        await enter(here)
        await here.sees("秒杀[/]")
        await here.press("i")
        await here.opened(Choose)
        await here.press("enter")
        await here.opened(TextBox)
        here.app.screen.query_one(TextArea).insert(f"{HOSTILE}\n阿梨")
        await here.press("f2")
        await here.opened(Confirm)
        await here.sees("没加：阿梨", "1 份里只剩 0 份")
        await here.press("escape")
        await here.opened(TextBox)
        area = here.app.screen.query_one(TextArea)
        assert area.text.endswith("阿梨")  # what was pasted is there to be corrected
        area.clear()
        area.insert("不存在的人😀")
        await here.press("f2")
        await here.opened(Confirm)
        await here.sees("不在名单里：不存在的人😀")
        await here.press("escape")
        await here.opened(TextBox)
        here.app.screen.query_one(TextArea).clear()
        here.app.screen.query_one(TextArea).insert(HOSTILE)
        await here.press("f2")
        await here.closed()
        await here.press("i")
        await here.opened(Choose)
        await here.press("enter")
        await here.opened(TextBox)
        here.app.screen.query_one(TextArea).insert("阿梨")
        await here.press("f2")
        await here.until(lambda: "1 份里只剩 0 份" in here.wrong)
        await here.press("escape")
        await here.closed()
        await here.press("f")
        await here.sees("[/][red]甲")
        assert "\u202e" not in here.text
        await here.press("delete")
        await here.opened(Form)
        await here.write("退了")
        await here.press("enter")
        await here.closed()
        await here.sees("✗ 退了")
        await here.press("u")
        await here.until(lambda: "✗ 退了" not in here.text)


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
async def test_a_wrong_answer_needs_words(path, clock, size):
    planned(path, clock, "debate", "辩论", start=False)
    async with room(path, clock, "6", size) as here:
        await enter(here)
        await here.press("s")
        await here.opened(GateBox)
        box = here.on(GateBox)
        for place, asked in enumerate(box._now()):
            assert box.query_one(OptionList).highlighted == place
            await here.sees(asked.question.why[:12])
            await here.press("down")
        await answer_all(here)
        here.on(GateBox).query_one(OptionList).highlighted = 0
        await here.press("y")
        await here.press("f2")
        await here.until(lambda: "还差 1 条" in here.wrong)
        await here.press("enter")
        await here.write("只是文字登记")
        await here.press("enter", "f2")
        await here.closed()
        await here.told("开始了")


async def test_a_draw_is_copied_with_all_it_takes_to_count_it_again(path, clock):
    one = planned(path, clock, "anniversary", "周年")
    with Desk(path, clock) as desk:
        desk.write(campaigns.paste, one, "阿梨\n小王\n老陈")
    async with room(path, clock, "6") as here:
        await enter(here)
        await here.press("D")
        await here.opened(Form)
        await here.write("3245.67")
        await here.press("enter")
        await retype(here, "1")
        await here.press("enter")
        await here.opened(TextView)
        await here.sees("种子：3245.67", "名单指纹")
        copied = here.app.clipboard
        await here.press("escape")
        await here.closed()
        await here.press("Ｄ")
        await here.opened(Confirm)
        await here.press("escape")
        await here.closed()
        await here.press("r")
        await here.opened(Confirm)
        await here.press("y")
        await here.told("1 份登记为已发")
    assert "抽奖池名单" in copied
    assert sum(f"m{n}" in copied for n in (1, 2, 3)) == 3


async def test_what_is_doubtful_in_a_text_is_told_when_it_is_copied(path, clock):
    planned(path, clock, "flash", "秒杀", start=False, offer="全国第一的洗衣液")
    async with room(path, clock, "6") as here:
        await enter(here)
        await here.press("y")
        await here.told("全国第一")


async def test_why_nothing_is_handed_out_is_said(path, clock):
    one = planned(path, clock, "group_buy", "拼团")
    with Desk(path, clock) as desk:
        desk.write(campaigns.paste, one, "A团：阿梨、小王、老陈")
    async with room(path, clock, "6") as here:
        await enter(here)
        await here.press("r")
        await here.told("成团每人多送")


async def test_calling_off_asks_and_undo_brings_it_back(path, clock):
    planned(path, clock, "flash", "秒杀")
    async with room(path, clock, "6") as here:
        await enter(here)
        await here.press("delete")
        await here.opened(Confirm)
        await here.press("enter")
        await here.closed()
        await here.sees("进行")
        await here.press("delete")
        await here.opened(Confirm)
        await here.press("y")
        await here.sees("取消")
        await here.press("i")
        await here.told("不能这样做")
        await here.press("u")
        await here.sees("进行")


async def test_an_edit_goes_through_the_same_steps_and_keeps_the_form(path, clock):
    planned(path, clock, "debate", "辩论", start=False)
    async with room(path, clock, "6") as here:
        await enter(here)
        await here.press("e")
        await here.opened(Wizard)
        await step(here, "给谁？")
        await here.press("enter")
        await step(here, "什么时候？")
        await here.press("f2")
        await step(here, "什么条件？")
        await retype(here, "甲")
        await here.press("f2")
        await here.until(lambda: "至少要有两边" in here.text)
        await retype(here, "合理、不合理")
        await here.press("f2")
        await step(here, "名字和目标")
        await here.press("f2")
        await here.closed()
        await here.told("辩论")
        await here.press("y")
        await here.told("复制")
        await here.press("w")
        await here.opened(TextView)
        await here.sees("S3-14")


async def test_leaving_the_plan_saves_nothing(path, clock):
    async with room(path, clock, "6") as here:
        await enter(here)
        await here.press("ａ")
        await here.opened(Wizard)
        await here.press("enter", "escape", "escape")
        await here.closed()
        await here.sees("按 a 一步一步策划")


def test_the_room(path, clock, snap_compare):

    planned(path, clock, "flash", "午间秒杀", start=False, goal="orders", goal_value=20)
    one = planned(
        path, clock, "group_cashback", "三人拼团", goal="participants", goal_value=6, offer="洗衣液 99 元三袋"
    )
    with Desk(path, clock) as desk:
        desk.write(campaigns.paste, one, "A团：阿梨、小王、老陈\nB团：外面的朋友")
        desk.write(campaigns.add_cost, one, "快递", 1_250)

    async def arrive(here: Room) -> None:
        await here.turn_to("campaigns")
        await here.sees("三人拼团", "A团 3")

    assert pictured(snap_compare, path, clock, arrive)


async def test_enter_twice_plans_once_and_undo_takes_it_back(path, clock):
    async with room(path, clock, "6") as here:
        await enter(here)
        await here.press("a")
        await here.opened(Wizard)
        await here.press("enter")
        await step(here, "用什么形式？")
        await here.press("enter")
        await step(here, "给谁？")
        await here.press("enter")
        await step(here, "什么时候？")
        await here.press("f2")
        await step(here, "什么条件？")
        await here.press("f2")
        await step(here, "名字和目标")
        await here.press("enter")
        await here.burst("enter", "enter")
        await here.closed()
        await here.sees("筹备 1")
        await here.press("u")
        await here.sees("按 a 一步一步策划")
    with Desk(path, clock) as desk:
        assert desk.read(campaigns.all_campaigns) == ()


async def test_a_campaign_for_a_bucket_says_how_many_that_are(path, clock):
    async with room(path, clock, "6") as here:
        await enter(here)
        await here.press("a")
        await here.opened(Wizard)
        await here.press("enter", "enter")
        await step(here, "给谁？")
        await here.press("down", "enter")
        await step(here, "其中哪一类？")
        await here.sees(" 人")
        await here.press("enter")
        await step(here, "什么时候？")
        await here.sees("5/7")
        await here.press("escape")
        await step(here, "其中哪一类？")
