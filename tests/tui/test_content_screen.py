"""The calendar by key: planned under the meter, stopped and passed, posted, counted; timetable, weeks, the month."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from textual.widgets import Input

from qunguan.domain.clock import Clock
from qunguan.domain.content import Post, PostDraft
from qunguan.domain.content_results import Counted
from qunguan.services import campaigns, content, groups, members, scripts
from qunguan.services.desk import Desk
from qunguan.tui.screens.content_columns import ColumnsView
from qunguan.tui.screens.content_forms import PostForm
from qunguan.tui.screens.content_month import MonthView
from qunguan.tui.screens.content_text import AudienceView
from qunguan.tui.widgets.choose import Choose
from qunguan.tui.widgets.dialogs import Confirm, Form, TextView
from qunguan.tui.widgets.source_box import SourceBox
from qunguan.tui.widgets.text_box import TextBox
from tests.services.campaign_kit import running
from tests.tui.desk_app import Room, pictured, room

TODAY = date(2026, 3, 20)  # a Friday, 20:00
DAY = timedelta(days=1)
HOSTILE = "[/][red]\u202e" + "\u200b" * 10_000 + "怪题"
ESCAPES = "\x1b]0;x\x07怪题"


def plan(desk: Desk, title: str, kind: str = "value", day: date = TODAY, at: int | None = None, **told: object) -> Post:
    posted = bool(told.pop("posted", False))
    draft = PostDraft(title, kind, day, at, **told)  # type: ignore[arg-type]
    return desk.write(content.schedule, 1, draft, posted=posted).post


@pytest.fixture
def empty(tmp_path: Path, clock: Clock) -> Path:
    with Desk(tmp_path / "q.db", clock, create=True) as desk:
        desk.write(groups.create, "早起读书群")
        desk.write(members.add_many, ["甲子", "乙丑"], group_id=1, joined_on=TODAY - 60 * DAY)
        desk.write(members.tag, [1], "书友")
    return tmp_path / "q.db"


@pytest.fixture
def path(empty: Path, clock: Clock) -> Path:
    """Twelve posts of the days before, a timetable of two places, and four posts of this week."""
    with Desk(empty, clock) as desk:
        for place in ("morning", "topic"):
            desk.write(content.add_column_preset, 1, place)
        for back in range(5, 17):
            kind = "value" if back % 3 else "interactive"
            plan(desk, f"旧文 {back}", kind, TODAY - back * DAY, 600, posted=True)
        plan(desk, "三件事", day=TODAY, at=600, text="一\n二", tags=("书友",))
        plan(desk, HOSTILE, "interactive", TODAY, 1260)
        plan(desk, "周末券", "benefit", TODAY + DAY, 1200, sub_kind="coupon")
        plan(desk, "上周的", "value", TODAY - 4 * DAY, 700, posted=True)
    return empty


def told(path: Path, clock: Clock) -> dict[str, Post]:
    with Desk(path, clock) as desk:
        posts = desk.read(content.posts_between, None, TODAY - 90 * DAY, TODAY + 90 * DAY, dropped=True)
        return {each.title: each for each in posts}


async def to(here: Room, title: str) -> None:
    """The cursor on the line with this title."""
    await here.press("home")
    for _ in range(40):
        if any("▸" in line and title in line for line in here.lines()):
            return
        await here.press("down")
    raise AssertionError("\n".join(here.lines()))


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
async def test_the_week_under_its_meter(path, clock, size):
    async with room(path, clock, "5", size) as here:
        await here.sees("03-16 周一", "三件事", "怪题", "「每日话题」等你", "周末券", "目标 60 %")
        assert "\u202e" not in here.text
        assert any("▸ 03-20" in line for line in here.lines())
        await here.sees("! ", "○", "●")
        if size[0] > 100:
            await here.sees("给谁看：书友", "一")
        await here.press("[")
        await here.sees("旧文 5", "03-09")
        await here.press("]", "]")
        await here.sees("03-23 周一 – 03-29", "等你填")
        await here.press(".")
        await here.sees("三件事")


async def test_a_headline_that_is_too_long_says_that_there_is_more(path, clock):
    async with room(path, clock, "5", size=(60, 24)) as here:
        await here.sees("配比达标")
        assert next(line for line in here.lines() if "配比达标" in line).rstrip().endswith("…")


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
async def test_what_members_handed_in_becomes_a_post_of_theirs(path, clock, size):
    with Desk(path, clock) as desk:
        desk.write(members.add, "甲子", group_id=1)  # a second one of this name: the author is known all the same
        made = running(desk, "story", "故事征集")
        desk.write(campaigns.add_entry, made.id, "#1", kind="submit", note="第一次早起[/]读完一本书")
    async with room(path, clock, "5", size) as here:
        await here.sees("三件事")
        await here.press("s")
        await here.opened(Choose)
        await here.sees("甲子 第一次早起[/]读完一本书", "故事征集")
        await here.press("enter")
        await here.opened(PostForm)
        await here.sees("第一次早起", "甲子")
        await here.burst("f2", "f2")
        await here.sees("》排在")
        await here.press("ｓ")
        await here.sees("没有在等的")
    post = told(path, clock)["第一次早起[/]读完一本书"]
    assert (post.draft.author_id, post.draft.author, post.draft.campaign_id) == (1, "member", made.id)


async def test_a_post_is_planned_with_the_meter_beside_it(path, clock):
    async with room(path, clock, "5", (80, 24)) as here:
        await here.sees("三件事")
        await here.press("a")
        await here.opened(PostForm)
        await here.sees("排一条内容", "→", "目标 60 %")
        here.line.value = "干货"  # as another source calls it
        await here.sees("62.5 % → 64.7 %")
        await here.press("down")
        await here.write("新书试读")
        await here.press("down", "down")
        await here.write("10:10")
        await here.sees("三件事》在 10:00：前后 30 分钟以内")
        await here.burst("f2", "f2")
        await here.told("《新书试读》排在 03-20 周五 10:10")
        await here.closed()
        await here.until(lambda: any("▸" in line and "新书试读" in line for line in here.lines()))
        await here.press("u")
        await here.until(lambda: "新书试读" not in here.text)
    assert "新书试读" not in told(path, clock)


async def test_the_fourth_promotion_is_stopped_and_passed_with_a_reason(path, clock):
    with Desk(path, clock) as desk:
        for number in range(2):
            plan(desk, f"券 {number}", "benefit", TODAY + DAY, at=720 + 120 * number)
    async with room(path, clock, "5") as here:
        await here.sees("三件事")
        await here.press("a")
        await here.opened(PostForm)
        here.line.value = "利益"
        await here.press("down")
        await here.write("第四券")
        await here.sees("✗ 利益会占")
        await here.press("f2")
        await here.until(lambda: "仍要发的理由" in here.wrong)
        assert here.line.id == "field-reason"
        await here.write("周年庆")
        await here.burst("enter", "enter")
        await here.closed()
        await here.sees("第四券", "多 ")
    assert told(path, clock)["第四券"].kind == "benefit"


async def test_what_is_wrong_is_said_and_the_form_stays(path, clock):
    async with room(path, clock, "5") as here:
        await here.sees("三件事")
        await here.press("a")
        await here.opened(PostForm)
        await here.press("f2")
        await here.until(lambda: "标题还是空的" in here.wrong)
        await here.press("down")
        here.line.value = ESCAPES
        for _ in range(8):
            await here.press("down")
        await here.write("某书店")
        await here.press("f2")
        await here.until(lambda: here.wrong)
        await here.press("escape", "escape")
        await here.closed()
    assert len(told(path, clock)) == 16


async def test_a_post_says_the_need_it_serves_and_its_campaign(path, clock):
    with Desk(path, clock) as desk:
        draft = desk.read(campaigns.blank_draft, "topic_pk", TODAY)
        run = desk.write(campaigns.add, 1, replace(draft, name="选书投票"))
    async with room(path, clock, "5") as here:
        await here.sees("三件事")
        await here.press("a")
        await here.opened(PostForm)
        await here.sees("满足的需求", "属于活动")
        await here.press("down")
        await here.write("下周读哪本")
        here.app.screen.query_one("#field-need", Input).value = "资讯"
        here.app.screen.query_one("#field-campaign", Input).value = "选书"
        await here.press("f2")
        await here.closed()
        await here.sees("满足：资讯")
    made = told(path, clock)["下周读哪本"].draft
    assert (made.need, made.campaign_id) == ("information", run.id)


async def test_an_empty_place_is_filled(path, clock):
    async with room(path, clock, "5") as here:
        await here.sees("三件事")
        await to(here, "「每日话题」等你")
        await here.sees("抛一个人人都接得上话的小问题")
        await here.press("enter")
        await here.opened(PostForm)
        await here.sees("每日话题", "15:00", "话题讨论")
        await here.press("f2")
        await here.closed()
        await here.told("《每日话题》排在")
    assert told(path, clock)["每日话题"].draft.column_id == 2


async def test_a_place_with_a_script_begins_with_its_text(path, clock):
    with Desk(path, clock) as desk:
        script = desk.read(scripts.library)[0]
        place = desk.read(content.find_column, clock, 1, "每日话题")
        desk.write(content.edit_column, replace(place, script=script.name))
    async with room(path, clock, "5") as here:
        await here.sees("三件事")
        await to(here, "「每日话题」")
        await here.press("enter")
        await here.opened(PostForm)
        await here.press("f2")
        await here.told("《每日话题》排在")
    assert told(path, clock)["每日话题"].draft.text.split("\n")[0][:4] == script.text.split("\n")[0][:4]


async def test_a_post_goes_out_is_counted_and_cannot_be_dropped_then(path, clock, copied):
    async with room(path, clock, "5") as here:
        await here.sees("三件事")
        await to(here, "三件事")
        await here.press("y")
        await here.until(lambda: copied == ["一\n二"])
        await here.press("space")
        await here.told("《三件事》已发")
        await here.press("delete")
        await here.told("已经发了")
        await here.press("ｒ")
        await here.opened(Form)
        assert here.line.value == "2"  # the members present
        here.line.value = "10"
        await here.press("down")
        await here.write("4")
        await here.press("f2")
        await here.told("《三件事》打开率 40%")
        await here.closed()
        await here.sees("40")
        await here.press("space")
        await here.told("已有效果数据")
        await here.press("enter")
        await here.opened(TextView)
        await here.sees("打开率 40 % (n=10)")
        await here.press("escape")
        await here.closed()
        await here.press("v")
        await here.opened(Choose)
        await here.press("enter")
        await here.sees("达标线", "✓")


async def test_a_post_is_changed_dropped_and_planned_again(path, clock):
    async with room(path, clock, "5") as here:
        await here.sees("周末券")
        await to(here, "周末券")
        await here.press("e")
        await here.opened(PostForm)
        await here.press("down")
        here.line.value = "周日券"
        await here.press("down")
        here.line.value = str(TODAY + 2 * DAY)
        await here.press("f2")
        await here.closed()
        await here.sees("周日券")
        await here.press("delete")
        await here.opened(Confirm)
        await here.press("delete", "y")
        await here.closed()
        await here.told("取消了")
        await here.until(lambda: any("✗" in line and "周日券" in line for line in here.lines()))
        await here.press("e")
        await here.told("已经取消了")
        await here.press("delete")
        await here.opened(Confirm)
        await here.press("y")
        await here.told("重新排上了")
        await here.until(lambda: not any("✗" in line and "周日券" in line for line in here.lines()))
        await here.press("t")
        await here.opened(TextBox)
        await here.press("a", "b", "f2")
        await here.told("正文存好了")
    assert told(path, clock)["周日券"].draft.text == "ab"


async def test_search_filter_and_audience(path, clock, copied):
    async with room(path, clock, "5") as here:
        await here.sees("三件事")
        await here.press("f", "f", "f")
        await here.sees("只看利益", "周末券")
        assert "三件事" not in here.text
        await here.press("f", "/")
        await here.write("旧文 1")
        await here.sees("旧文 16", "找到 7 条")
        await here.press("escape")
        await here.until(lambda: "找到" not in here.text)
        await to(here, "三件事")
        await here.press("A")
        await here.opened(AudienceView)
        await here.sees("2 人里的 1 人", "书友  1", "甲子")
        await here.press("y")
        await here.until(lambda: copied == ["甲子"])
        await here.press("escape")
        await here.closed()
        await here.press("w")
        await here.opened(TextView)
        await here.sees("前后 30 分钟以内", "内容配比怎么算", "个点")


async def test_the_month_leads_to_a_week(path, clock):
    async with room(path, clock, "5", (80, 24)) as here:
        await here.sees("三件事")
        await here.press("m")
        await here.opened(MonthView)
        await here.sees("2026 年 3 月", "[20]", "■1")
        await here.press("up", "up", "left")
        await here.sees("[5]")
        await here.press("]")
        await here.sees("2026 年 4 月", "[5]")
        await here.press("[", "enter")
        await here.sees("03-02 周一 – 03-08", "旧文 15")


async def test_a_week_tells_its_festivals_and_what_to_do_about_them(path, clock):
    async with room(path, clock, "5") as here:
        for _week in range(7):
            await here.press("]")
        await here.sees("母亲节", "周日")


async def test_the_timetable_is_made_changed_and_ended(empty, clock):
    async with room(empty, clock, "5") as here:
        await here.sees("还没有安排")
        await here.press("p")
        await here.opened(ColumnsView)
        await here.sees("还没有栏目")
        await here.press("a")
        await here.opened(Choose)
        await here.press("enter")
        await here.told("「早间资讯」排进时间表了")
        await here.sees("10:00", "每天")
        await here.press("a")
        await here.opened(Choose)
        await here.write("自己")
        await here.press("enter")
        await here.opened(Form)
        await here.press("f2")
        await here.until(lambda: "栏目要有时间" in here.wrong)
        await here.write("夜聊")
        await here.press("down", "down")
        await here.write("21点")
        await here.press("f2")
        await here.told("「夜聊」排进时间表了")
        await here.sees("21:00")
        await here.press("down", "enter")
        await here.opened(Form)
        here.line.value = "夜读"
        await here.press("f2")
        await here.sees("夜读")
        await here.press("delete")
        await here.opened(Confirm)
        await here.press("y")
        await here.until(lambda: "夜读" not in here.text)
        await here.press("escape")
        await here.sees("「早间资讯」等你填")


async def test_a_file_of_results_and_the_week_before_copied(path, clock):
    async with room(path, clock, "5") as here:
        await here.sees("三件事")
        await here.press("i")
        await here.opened(SourceBox)
        rows = (f"{TODAY - 4 * DAY},上周的,价值,20,5", f"{TODAY - DAY},补记的,互动,20,9", f"{TODAY},没有,,1,1")
        text = "\n".join(("日期,标题,类型,触达,阅读", *rows))
        here.app.screen.query_one("TextArea").text = text  # type: ignore[attr-defined]
        await here.press("f2")
        await here.opened(Confirm)
        await here.sees("记 2 条内容的效果", "补记 1 条", "第 4 行")
        await here.press("y")
        await here.told("2 条记了效果")
        await here.closed()
        await here.sees("补记的", "25")
        await here.press("]", "c")
        await here.opened(Confirm)
        await here.press("y")
        await here.told("排了 5 条")
        await here.closed()
        await here.press("c")
        await here.told("没有这一周还缺的内容")
    with Desk(path, clock) as desk:
        noted = desk.read(content.posts_between, [1], TODAY - DAY, TODAY - DAY)
    assert [(each.title, each.state) for each in noted] == [("补记的", "posted")]


async def test_another_room_leads_to_a_post(path, clock):
    post = told(path, clock)["旧文 16"]
    async with room(path, clock, "5") as here:
        await here.sees("三件事")
        here.app.screen.aim(post.id)  # type: ignore[attr-defined]
        await here.app.screen.reload()  # type: ignore[attr-defined]
        await here.until(lambda: any("▸" in line and "旧文 16" in line for line in here.lines()))


async def test_a_text_with_gaps_asks_before_it_is_copied(path, clock, copied):
    with Desk(path, clock) as desk:
        plan(desk, "话题帖", day=TODAY, at=1290, text="{group}聊 {topic}\n{news1}")
    async with room(path, clock, "5") as here:
        await here.sees("话题帖")
        await to(here, "话题帖")
        await here.press("y")
        await here.opened(Form)
        here.line.value = "第三章"
        await here.press("f2")
        await here.until(lambda: bool(copied))
        assert copied == ["早起读书群聊 第三章"]


async def test_without_a_group_the_calendar_says_so(tmp_path, clock):
    with Desk(tmp_path / "q.db", clock, create=True):
        pass
    async with room(tmp_path / "q.db", clock, "5") as here:
        await here.press("a")
        await here.told("还没有群")


def test_the_calendar_as_it_is_drawn(path, clock, snap_compare):
    with Desk(path, clock) as desk:
        done = plan(
            desk, "书店赞助", day=TODAY - DAY, at=1170, sponsor="某书店", disclosure="【广告】某书店赞助", posted=True
        )
        desk.write(content.record, done.id, Counted(120, 43))

    async def arrive(here: Room) -> None:
        await here.press("5")
        await here.sees("三件事", "35.8", "给谁看：书友")

    assert pictured(snap_compare, path, clock, arrive)
