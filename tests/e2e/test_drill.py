"""A whole drill at a real terminal, by keyboard only: start, tell, time, make good, trust, review, report."""

from __future__ import annotations

from functools import partial

import pytest

from qunguan.domain.clock import Clock
from qunguan.services import groups, members
from qunguan.services.desk import Desk
from tests.conftest import NOW
from tests.e2e.conftest import rows, sound
from tests.e2e.window import DOWN, ENTER, F2, UP, Window

PEOPLE = 30
KEYS_A_MINUTE = 60  # somebody who looks for every key
DELETE = b"\x1b[3~"
OWN = {"incident", "incident_post", "incident_check", "incident_line", "incident_role", "incident_review",
       "incident_action", "compensation", "mapping", "setting"}  # fmt: skip


@pytest.fixture
def community(tmp_path):
    path = tmp_path / "data" / "q.db"
    path.parent.mkdir(mode=0o700)
    with Desk(path, Clock(NOW), create=True) as desk:
        group = desk.write(groups.create, "早起读书群")
        for n in range(PEOPLE):
            desk.write(members.add, f"成员{n:02}", group_id=group.id)
    yield path
    sound(path)


class Counted:
    """The keys of a window, counted."""

    def __init__(self, window: Window) -> None:
        self.window, self.keys = window, 0

    def press(self, *keys: str | bytes) -> None:
        self.window.press(*keys)
        self.keys += sum(len(key) if isinstance(key, str) else 1 for key in keys)

    def tell(self, stage: str, blanks: int) -> None:
        """Enter on the stage; a word for each of the blanks only the owner can fill; it was posted just now."""
        self.press(ENTER)
        self.window.sees("的空")
        for _ in range(blanks):
            self.press("x", ENTER)
        self.window.sees("F2 复制")
        self.press(F2)
        self.window.sees("已在剪贴板")
        self.press(ENTER, ENTER)
        self.window.loses("已在剪贴板")
        self.window.sees(f"✓   {stage} ")

    def down_to(self, text: str) -> None:
        """Down to the line with this text."""
        for _ in range(20):
            before = self._cursor()
            if text in before:
                return
            self.press(DOWN)
            self.window.until(partial(self._differs, before))
        raise AssertionError(self.window.text)

    def _differs(self, before: str) -> bool:
        return self._cursor() not in ("", before)

    def _cursor(self) -> str:
        """The line of the list with the cursor, without what stands beside it."""
        return next((line.split("│")[0] for line in self.window.screen() if "▸" in line[:2]), "")


@pytest.mark.slow
@pytest.mark.parametrize(("columns", "lines"), [(120, 40), (80, 24)])
def test_a_whole_drill_by_keyboard(terminal, community, columns, lines):
    before = rows(community)
    window: Window = terminal(community, columns=columns, rows=lines)
    hand = Counted(window)
    window.sees("群管 · 早起读书群")
    hand.press("9")
    window.sees("给出事的那天用")
    hand.press("d")
    window.sees("开始一次演练")
    hand.press(ENTER)
    window.sees("【演练】", "危机演练")
    hand.press(UP)  # the Enter that closed the dialog, pressed again at once, would be the same press
    hand.tell("①", 3)
    hand.down_to("② 时间表  ")
    hand.tell("②", 5)

    hand.press("c")
    window.sees("F2")
    window.paste("昵称\t类型\t数值\n" + "\n".join(f"成员{n:02}\t积分\t50" for n in range(PEOPLE)))
    window.sees(f"成员{PEOPLE - 1}")
    hand.press(F2)
    window.sees("新答应 30 份，兑现 30 份")
    hand.press(ENTER)
    window.sees("滚动")
    hand.press(b"\x1b")
    window.sees("补偿 30/30 份")

    hand.down_to("③ 兑现  ")
    hand.tell("③", 5)
    hand.press("r")
    window.sees("的复盘")
    for words in ("装箱没有核对", "十二单", "说得快", "名单慢了", "都补到了", "找第二家仓库"):
        hand.press(words, ENTER)
    hand.press(F2)
    window.loses("的复盘")
    hand.press(DELETE)
    window.sees("结束「演练")
    hand.press("y")
    window.loses("危机演练")
    hand.press("x")
    window.sees(".html")
    hand.press(ENTER)
    window.sees("报告写在")
    window.quit()

    assert hand.keys <= 3 * KEYS_A_MINUTE, hand.keys
    report = (community.parent / "out" / "incident-1.html").read_text(encoding="utf-8")
    assert all(text in report for text in ("演练", "装箱没有核对", "成员29", "30/30"))
    after = rows(community)
    assert len(after["compensation"]) == PEOPLE
    assert {name: told for name, told in after.items() if name not in OWN} == {
        name: told for name, told in before.items() if name not in OWN
    }
