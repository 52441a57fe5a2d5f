"""A chat by key: named or pasted, looked at, imported once; its 接龙 recorded; nothing written before Enter."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from textual.widgets import TextArea

from qunguan.domain.clock import Clock
from qunguan.services import activity, activity_queue, checkins, groups, history, members, questions
from qunguan.services.desk import Desk
from qunguan.tui.flow import begin
from qunguan.tui.screens.activity_import import ChatBox, ChatPreview, import_chat
from qunguan.tui.screens.activity_reading import Stopped, Watch
from qunguan.tui.widgets.choose import Choose
from qunguan.tui.widgets.dialogs import Form, TextView
from tests.conftest import FIXTURES
from tests.tui.desk_app import Room, room

CHATS = FIXTURES / "chat_exports"
HOSTILE = "[/][red]‮甲\x1b[2J"
SHEET = f"""who,when,text
阿梨,2026-03-18 10:00,早
阿梨,2026-03-18 10:01,今天怎么打卡？
阿狸,2026-03-18 10:02,在
{HOSTILE},2026-03-19 09:00,好
生人,2026-03-19 09:01,好
"""
MAIL = """微信群"早起读书群"的聊天记录如下:

—————  2026-03-18  —————


阿梨  07:36

早

阿梨  07:40

#接龙
3月18日早起打卡

1. 阿梨
2. 没人认得的人
"""


@pytest.fixture
def path(tmp_path: Path, clock: Clock) -> Path:
    """阿梨 in one group, with a challenge that runs."""
    with Desk(tmp_path / "q.db", clock, create=True) as desk:
        desk.write(groups.create, "早起读书群")
        desk.write(members.add, "阿梨", group_id=1)
        desk.write(checkins.start, "早起打卡", who="all", starts_on=date(2026, 3, 1))
    return tmp_path / "q.db"


async def offer(here: Room, text: str) -> None:
    """Bring a chat as far as it goes without an answer."""
    begin(here.app.screen, import_chat(here.app.screen))  # type: ignore[arg-type]
    await here.opened(ChatBox)
    here.app.screen.query_one(TextArea).insert(text)
    await here.press("f2")


def spoken(path: Path, clock: Clock) -> int | None:
    with Desk(path, clock) as desk:
        return desk.read(activity.summary).messages


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
async def test_a_file_comes_in_after_a_look_and_can_be_taken_back(path, clock, tmp_path, size):
    (tmp_path / "chat.csv").write_text(SHEET)
    async with room(path, clock, "2", size) as here:
        await offer(here, str(tmp_path / "chat.csv"))
        await here.opened(ChatPreview)
        await here.sees("chat.csv", "2026-03-18 到 2026-03-19", "早起读书群", "新增 5 条发言", "生人", "待认", "阿狸")
        await here.burst("enter", "enter")
        await here.opened(TextView)
        await here.sees("导入完成", "新增 5 条发言", "1 人待认")
        await here.press("escape")
        await here.closed()
        assert spoken(path, clock) == 5
    with Desk(path, clock) as desk:
        assert [one.name for one in desk.read(activity_queue.waiting)] == ["阿狸"]
        assert len(desk.read(activity.imports)) == 1
        desk.write(history.undo)
        assert desk.read(activity.summary).messages is None


async def test_the_terms_are_decided_in_the_preview(path, clock, tmp_path):
    (tmp_path / "chat.csv").write_text(SHEET)
    async with room(path, clock, "2") as here:
        await offer(here, str(tmp_path / "chat.csv"))
        await here.opened(ChatPreview)
        await here.sees("新面孔直接加为成员")
        await here.press("n")
        await here.sees("新面孔先待认", "待认 3")
        await here.press("ｋ")
        await here.sees("留下 1 个提问")
        await here.press("f2")
        await here.opened(TextView)
        await here.press("escape")
    with Desk(path, clock) as desk:
        assert len(desk.read(activity_queue.waiting)) == 3
        assert len(desk.read(questions.questions)) == 1


async def test_esc_leaves_everything_as_it_was(path, clock, tmp_path):
    (tmp_path / "chat.csv").write_text(SHEET)
    async with room(path, clock, "2") as here:
        await offer(here, str(tmp_path / "chat.csv"))
        await here.opened(ChatPreview)
        await here.press("escape")
        await here.closed()
    assert spoken(path, clock) is None


async def test_a_shared_text_is_pasted_and_its_solitaire_recorded_with_its_doubts(path, clock):
    async with room(path, clock, "2") as here:
        await offer(here, MAIL)
        await here.opened(ChatPreview)
        await here.sees("粘贴的文字", "微信", "3月18日早起打卡")
        await here.press("enter")
        await here.opened(TextView)
        await here.sees("1 份接龙")
        await here.press("escape")
        await here.opened(Choose)
        await here.sees("3月18日早起打卡", "2 行")
        await here.press("enter")
        await here.sees("记到哪个挑战", "早起打卡", "不记")
        await here.press("down", "up", "enter")
        await here.opened(TextView)
        await here.sees("记了 1 人打卡", "? 没人认得的人")
        await here.press("escape")
        await here.closed()
    with Desk(path, clock) as desk:
        shown = desk.read(checkins.board, clock, 1, date(2026, 3, 18))
        assert shown.done == 1


async def test_a_solitaire_need_not_be_recorded(path, clock):
    async with room(path, clock, "2") as here:
        await offer(here, MAIL)
        await here.opened(ChatPreview)
        await here.press("enter")
        await here.opened(TextView)
        await here.press("escape")
        await here.opened(Choose)
        await here.press("enter")
        await here.sees("记到哪个挑战")
        await here.press("up", "enter")
        await here.closed()
    with Desk(path, clock) as desk:
        assert desk.read(checkins.board, clock, 1, date(2026, 3, 18)).done == 0


async def test_a_chat_of_another_name_goes_where_the_owner_says(path, clock):
    with Desk(path, clock) as desk:
        desk.write(groups.create, "桂花里")
    async with room(path, clock, "2") as here:
        await offer(here, str(CHATS / "wechat_mail_share.txt"))
        await here.opened(Choose)
        await here.sees("“桂花里团购2群”是哪个群的聊天？")
        await here.press("escape")
        await here.until(lambda: "什么都没导入" in here.wrong)
        await here.press("f2")
        await here.opened(Choose)
        await here.press("enter")  # the group whose name is like the chat's comes first
        await here.sees("→ 桂花里")
        await here.press("g")
        await here.opened(Choose)
        await here.write("早起")
        await here.press("enter")
        await here.sees("→ 早起读书群")
        await here.press("f2")
        await here.opened(TextView)
        await here.press("escape")
        await here.opened(Choose)  # its 接龙
        await here.press("escape")
        await here.closed()
        await offer(here, str(CHATS / "wechat_mail_share.txt"))
        await here.opened(ChatPreview)  # said once, it is not asked again
        await here.sees("→ 早起读书群")
    with Desk(path, clock) as desk:
        assert [one.group for one in desk.read(activity.imports)] == ["早起读书群"]


async def test_one_of_several_chats_is_chosen(path, clock, tmp_path):
    head = "MsgSvrID,type_name,is_sender,talker,msg,src,CreateTime,room_name\n"
    rows = [f"{n},文本,0,wxid_{n},早,,2026-03-18 10:0{n}:00,{n % 2}@chatroom" for n in range(4)]
    (tmp_path / "all.csv").write_text(head + "\n".join(rows))
    async with room(path, clock, "2") as here:
        await offer(here, str(tmp_path / "all.csv"))
        await here.opened(Choose)
        await here.sees("2 个聊天", "0@chatroom", "1@chatroom")
        await here.press("escape")
        await here.until(lambda: "对不上群" in here.wrong)
        await here.press("f2")
        await here.opened(Choose)
        await here.press("enter")
        await here.opened(ChatPreview)
        await here.sees("新增 2 条发言")


async def test_the_day_of_a_text_without_a_year_is_asked(path, clock):
    async with room(path, clock, "2") as here:
        await offer(here, str(CHATS / "chatlog.txt"))
        await here.opened(Form)
        await here.write("2025-07-04")
        await here.press("f2")
        await here.opened(ChatPreview)
        await here.sees("2025-07-04")


async def test_what_is_no_chat_is_said_and_the_text_stays(path, clock):
    async with room(path, clock, "2") as here:
        await offer(here, "随便写写\n第二行")
        await here.until(lambda: "认不出" in here.wrong)
        assert here.app.screen.query_one(TextArea).text.startswith("随便写写")
        await here.press("escape")
        await here.closed()


async def test_a_reading_can_be_stopped_and_says_how_far_it_is(path, clock, tmp_path, monkeypatch):
    (tmp_path / "chat.csv").write_text(SHEET)

    def stopped_at_once(self: Watch, done: int, whole: int) -> None:
        self.stopped = True
        raise Stopped

    async with room(path, clock, "2") as here:
        monkeypatch.setattr(Watch, "step", stopped_at_once)
        await offer(here, str(tmp_path / "chat.csv"))
        await here.until(lambda: "已停下" in here.wrong)
        monkeypatch.undo()
        await here.press("f2")
        await here.opened(ChatPreview)
    assert spoken(path, clock) is None
    watch = Watch()
    watch.step(41, 100)
    assert "41%" in watch.told("", 3)
