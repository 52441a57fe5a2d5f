"""A chat comes in at a real terminal: a clash of names, seven stages, why somebody sleeps, a wake list, tomorrow."""

from __future__ import annotations

import csv
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from qunguan.domain.clock import Clock
from qunguan.services import groups, members
from qunguan.services.desk import Desk
from tests.conftest import NOW
from tests.e2e.conftest import sound
from tests.e2e.window import DOWN, ENTER, ESC, F2, Window

TAB, SHIFT_TAB, PGDN = b"\t", b"\x1b[Z", b"\x1b[6~"
HEAD = ["localId", "TalkerId", "Type", "SubType", "IsSender", "CreateTime", "Status", "StrContent", "StrTime",
        "Remark", "NickName", "Sender"]  # fmt: skip
TOMORROW = {"QUNGUAN_NOW": (NOW + timedelta(days=1)).isoformat()}


def chat(path: Path, said: list[tuple[str, str, str, str]]) -> Path:
    """An export of WeChatMsg: (day, time, name, account) a line."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        table = csv.writer(file)
        table.writerow(HEAD)
        for number, (day, at, name, account) in enumerate(said, 1):
            when = datetime.fromisoformat(f"{day}T{at}+08:00")
            table.writerow([number, 7, 1, 0, 0, int(when.timestamp()), "", "在", f"{day} {at}", "", name, account])
    return path


@pytest.fixture
def community(tmp_path: Path) -> Path:
    """Three on the roster; the chat will have two accounts that call themselves 乐乐妈."""
    path = tmp_path / "data" / "q.db"
    path.parent.mkdir(mode=0o700)
    with Desk(path, Clock(NOW), create=True) as desk:
        desk.write(groups.create, "早起读书群")
        for name in ("乐乐妈", "老陈", "北北"):
            desk.write(members.add, name, group_id=1, joined_on=date(2025, 6, 1))
    return path


def take_in(window: Window, file: Path) -> None:
    """Import a chat on the overview, as far as its report."""
    window.press("8")
    window.sees("看板")
    window.press("i")
    window.sees("F3")
    window.press(str(file))
    window.press(F2)
    window.sees("新增", "条发言")
    window.press(F2)
    window.sees("导入完成")
    window.press(ESC)
    window.loses("导入完成")


@pytest.mark.slow
@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
def test_from_the_chat_to_the_wake_list_and_what_came_of_it(terminal, community, tmp_path, size):
    days = [str(NOW.date() - timedelta(days=n)) for n in range(60)]
    said = [("2025-09-01", "09:00", "老陈", "wxid_chen"), ("2025-09-02", "09:00", "北北", "wxid_bei")]
    said += [(day, "08:00", "北北", "wxid_bei") for day in days[:30]]
    said += [(day, "08:10", "乐乐妈", "wxid_le") for day in days[2:20]]
    said += [(day, "21:10", "乐乐妈", "wxid_other") for day in days[1:9]]
    file = chat(tmp_path / "群聊.csv", sorted(said))

    window: Window = terminal(community, columns=size[0], rows=size[1])
    window.sees("早起读书群")
    take_in(window, file)

    window.press("2")
    window.sees("[名册]")
    window.press(TAB, TAB)
    window.sees("[认人]", "2 人发言", "就叫这个名字")
    window.press(ENTER)
    window.sees("“乐乐妈”是谁？", "新成员")
    window.press(ENTER)
    window.sees("1 人发言", "叫这个名字，但用的")
    window.press(DOWN, ENTER)
    window.sees("“乐乐妈”是谁？", "另一个账号")
    window.press(DOWN, DOWN, ENTER)
    window.sees("0 人发言", "早起读书群 4人")

    window.press(SHIFT_TAB)
    window.sees("[分层]", "生命周期七段")
    window.press(*[DOWN] * 5)
    window.until(lambda: "休眠" in window.line("▸"))
    window.press(ENTER)
    window.sees("老陈", "Esc 回到各层")
    window.press("w")
    window.sees("Esc 关闭", "没互动≥30天：实际 200 天")
    window.press(PGDN)
    window.sees("出处", "S2-13")
    window.press(ESC)
    window.loses("Esc 关闭")
    window.press("r")
    window.sees("F2 保存")
    window.press("春天的信", F2)
    window.sees("进了唤醒名单「春天的信」")
    window.press(TAB, TAB)
    window.sees("[清洗]")
    window.press("f")
    window.sees("春天的信")
    window.press("b")
    window.sees("已写给「春天的信」里的 1 人")
    window.quit()
    sound(community)

    back = chat(
        tmp_path / "明天.csv", [*sorted(said), (str(NOW.date() + timedelta(days=1)), "09:30", "老陈", "wxid_chen")]
    )
    window = terminal(community, columns=size[0], rows=size[1], **TOMORROW)
    window.sees("早起读书群")
    take_in(window, back)
    window.press("2")
    window.sees("[名册]")
    window.press(TAB, TAB, TAB)
    window.sees("[清洗]")
    window.press("f")
    window.sees("春天的信", "目前 1 人")
    window.press(ENTER)
    window.until(lambda: window.line("老陈").count("2026-03-2") == 2)  # written to, and back the day after
    window.press("w")
    window.sees("目前回来 1 人", "Esc 关闭")
    window.press(ESC)
    window.loses("Esc 关闭")
    window.quit()
    sound(community)
