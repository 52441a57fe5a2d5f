"""Enter pressed once or ten times within a moment: what a form submits is done once, wherever it is (quality R40).

Forms are found through the table of actions, so a new one is held to it from its first day.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections import Counter
from collections.abc import Container
from contextlib import closing
from pathlib import Path

import pytest
from textual.widgets import Input

from qunguan.domain.actions import ACTIONS, SCREENS, Action, of, rooms
from qunguan.domain.clock import Clock
from qunguan.services import demo
from qunguan.tui.bindings import key_names
from qunguan.tui.screens.base import NounScreen
from qunguan.tui.widgets.choose import Choose
from qunguan.tui.widgets.dialogs import Dialog, Field, Form
from qunguan.tui.widgets.find_member import FindMember
from tests.conftest import NOW
from tests.tui.desk_app import Room, begun

ASKS = {
    "add", "amends", "archive", "benefit", "claim", "close", "consent", "cost", "count", "drill", "edit", "erase",
    "excuse", "handle", "lock", "move", "pay", "pick", "plan", "price", "refund", "rejoin", "remove", "renew", "report",
    "result", "sell", "spend", "split", "start", "sums", "tag", "terms", "use", "violation", "wake",
}  # fmt: skip
"""What an action that asks with a form is called, on whatever screen. The long trial tries every action of the table,
those too that open things, which few do with a form."""
WRITES_A_FILE = {"copy", "export"}
ON_THE_WAY = 4
"""Questions that may be asked before a form."""
SAVED = {
    "today": 1, "members": 4, "checkins": 1, "points": 5, "content": 5, "campaigns": 4, "revenue": 15, "insights": 4,
    "crisis": 4, "settings": 5,
}  # fmt: skip
"""How many forms of each screen, at least, take what the test fills in."""


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return demo.make_copy(tmp_path_factory.mktemp("sample") / "q.db", Clock(NOW))


def steps(path: Path) -> int:
    """How many operations the journal of the file holds."""
    with closing(sqlite3.connect(path)) as raw:
        return int(raw.execute("SELECT count(*) FROM step").fetchone()[0])


def filling(field: Field) -> str:
    """Something that an empty line of a form may take."""
    if field.choices:
        return field.choices[0][0]
    if field.day:
        return "2026-03-20"
    return "#1" if "编号" in field.hint else "3"


def is_words(field: Field) -> bool:
    """Whether something is written there that may be called otherwise."""
    return not field.choices and not field.day and field.value.isalpha()


def fill(form: Form, *, boldly: bool) -> None:
    """Something into the empty lines, and other words: into all of them, or only into the first empty one. The cursor
    into the last line, where Enter saves."""
    boxes = list(form.query(Input))
    lines = list(zip(form._fields, boxes, strict=True))
    for field, box in lines:
        box.value = field.shown or (filling(field) if boldly else "")
    if boldly:
        for field, box in [line for line in lines if is_words(line[0])][:1]:
            box.value = f"{field.value}新"
    else:
        for field, box in [line for line in lines if not line[0].value][:1]:
            box.value = filling(field)
    form.set_focus(boxes[-1])


async def submit(here: Room, form: Form, count: int) -> None:
    """So many Enters at once; where that refuses what stands there, as many with one line filled."""
    for boldly in (True, False):
        if form in here.app.screen_stack:
            fill(form, boldly=boldly)
            await here.burst(*["enter"] * count)
            await here.until(lambda: not form._busy or form not in here.app.screen_stack)


async def leave(here: Room, noun: str) -> None:
    """Out of every dialog and every line to type into, back to the room, filled."""
    while isinstance(here.app.screen, Dialog):
        await here.press("escape")
    await here.turn_to(noun)
    if isinstance(here.app.focused, Input):
        await here.press("escape")
    await here.until(lambda: isinstance(here.top, NounScreen) and here.top.filled)


async def form_of(here: Room, action: Action) -> Form | None:
    """The form that an action asks with, behind the questions before it; None where it asks with none."""
    await here.press(key_names(action).split(",")[0])
    for _question in range(ON_THE_WAY):
        if isinstance(here.top, Form) or not isinstance(here.top, Choose | FindMember):
            break
        await here.press("enter")
    return here.top if isinstance(here.top, Form) else None


async def submits_once(path: Path, clock: Clock, screen: str, counts: list[int], verbs: Container[str]) -> Counter[str]:
    """Submit every form of a screen by so many Enters at once; which of them wrote how many operations."""
    wrote = Counter[str]()
    async with begun(path, clock, (80, 24)) as here:
        for noun, _label in rooms(screen):
            await leave(here, noun)
            for action in of(noun):
                for count in counts if action.verb in verbs else ():
                    if form := await form_of(here, action):
                        before = steps(path)
                        await submit(here, form, count)
                        assert steps(path) - before <= 1, f"{action.id}: {count} times Enter"
                        wrote[action.id] += steps(path) - before
                    await leave(here, noun)
                    if not form:
                        break
        assert here.app.is_running
    return wrote


def copy_of(sample: Path, folder: Path) -> Path:
    return Path(shutil.copyfile(sample, folder / "q.db"))


@pytest.mark.parametrize("screen", [screen for screen, _key, _label in SCREENS])
async def test_a_form_submitted_by_many_enters_at_once_is_one_operation(sample, clock, tmp_path, screen):
    wrote = await submits_once(copy_of(sample, tmp_path), clock, screen, [10], ASKS)
    assert sum(each > 0 for each in wrote.values()) >= SAVED[screen], wrote


@pytest.mark.long
@pytest.mark.parametrize("screen", [screen for screen, _key, _label in SCREENS])
async def test_a_form_submitted_by_one_to_ten_enters_at_once_is_one_operation(sample, clock, tmp_path, screen):
    verbs = {action.verb for action in ACTIONS} - WRITES_A_FILE
    wrote = await submits_once(copy_of(sample, tmp_path), clock, screen, list(range(1, 11)), verbs)
    assert {action_id.partition(".")[2] for action_id in wrote} <= ASKS | {"open"}
