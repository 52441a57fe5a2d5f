"""A text on its way out: what is open in it is asked about before it is copied, whoever copies it."""

from __future__ import annotations

from functools import partial

import pytest

from qunguan.services import groups
from qunguan.services.desk import Desk
from qunguan.tui.outgoing import send_out
from qunguan.tui.widgets.dialogs import Confirm
from tests.tui.desk_app import room


@pytest.fixture
def path(tmp_path, clock):
    with Desk(tmp_path / "q.db", clock, create=True) as desk:
        desk.write(groups.create, "早起读书群")
    return tmp_path / "q.db"


def copied_so_far(copied: list[str], count: int) -> bool:
    return len(copied) == count


async def test_what_is_open_is_copied_only_after_a_yes(path, clock, copied):
    async with room(path, clock, "2") as here:
        for key, copies in (("n", 0), ("y", 1)):
            await send_out(here.app, "{nick}，{deadline}前来，暗号 ____", "letter")
            await here.opened(Confirm)
            await here.sees("还有 3 处空没填", "昵称", "暗号____")
            assert not copied
            await here.press(key)
            await here.closed()
            await here.until(partial(copied_so_far, copied, copies))
        await send_out(here.app, "今晚八点见", "letter")
        await here.until(lambda: copied[-1] == "今晚八点见")
