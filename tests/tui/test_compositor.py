"""Notices float over the edges of what lies under them: no Chinese letter of theirs may be cut in two."""

from __future__ import annotations

import pytest
from rich.console import Console
from textual._compositor import ChopsUpdate
from textual.geometry import Region
from textual.widgets._toast import Toast

from qunguan.domain.clock import Clock
from qunguan.tui.app import QunguanApp
from qunguan.tui.widgets.paged_table import PagedTable
from tests.conftest import NOW
from tests.tui.checkin_app import community, opened
from tests.tui.waiting import until

TEXT = "记了三人打卡新成员三人发了十五分还有九十九人没打"


@pytest.fixture
async def board(tmp_path, clock):
    community(tmp_path / "q.db", clock, history=False)
    app = QunguanApp(tmp_path / "q.db", Clock(NOW))
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await opened(pilot)
        yield app, pilot


@pytest.mark.parametrize("before", ["", "x"])  # one of the two has a letter lying across the side panel's edge
async def test_a_notice_keeps_every_letter(board, before):
    app, pilot = board
    app.screen.say(before + TEXT)
    await until(pilot, lambda: any(toast.region for toast in app.screen.query(Toast)))
    drawn = "\n".join(strip.text for strip in app.screen._compositor.render_strips())
    assert before + TEXT in drawn

    app.screen._compositor._dirty_regions = {app.screen.query_one(PagedTable).region}
    update = app.screen._compositor.render_partial_update()
    assert isinstance(update, ChopsUpdate)
    assert before + TEXT in update.render_segments(Console())


async def test_beside_a_notice_lines_are_cut_as_ever(board):
    app, pilot = board
    app.screen.say(TEXT)
    await until(pilot, lambda: any(toast.region for toast in app.screen.query(Toast)))
    notice, table = app.screen.query_one(Toast).region, app.screen.query_one(PagedTable).region
    cuts = app.screen._compositor.cuts
    assert table.right in cuts[table.y]
    assert not [cut for cut in cuts[notice.y] if notice.x < cut < notice.right]
    assert app.screen._compositor.cuts is cuts
    assert Region(0, 0, 120, 40).contains_region(notice)
