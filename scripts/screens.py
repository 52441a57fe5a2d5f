"""Picture the screens: the sample community on a fixed evening, each screen as SVG in docs/screens.

python scripts/screens.py
"""

from __future__ import annotations

import asyncio
import re
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from qunguan.tui.environment import prepare_environment

prepare_environment()

from textual.pilot import Pilot  # noqa: E402 - it reads the environment when it is imported

from qunguan.domain.actions import nouns  # noqa: E402
from qunguan.domain.clock import Clock  # noqa: E402
from qunguan.services import demo  # noqa: E402
from qunguan.tui.app import QunguanApp  # noqa: E402

FOLDER = Path(__file__).parents[1] / "docs" / "screens"
SIZE = (120, 34)
KEY, SHOWN = 0.05, 0.4  # seconds: between two looks, until what was found is drawn
EVENING = datetime(2026, 3, 20, 12, 14, tzinfo=UTC)  # 20:14 in Shanghai
PASTE = """#接龙
21天早起 第14天
例 昵称 几点起 做了什么

1. 傅雨静 6:02 读书半小时
2. 北北同学 5:50 跑步
3. 阿月 6:30 晨间日记
4. 新来的小禾 第一天报到
5. 可乐² 6:41 抄了一页字"""


async def shoot(folder: Path) -> None:
    """Open the sample and save a picture of each screen."""
    clock = Clock(EVENING)
    app = QunguanApp(demo.make_copy(folder / "demo.db", clock), clock)
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        while not app.desk.ready or app.version == 0:
            await pilot.pause(KEY)
        for noun, _title in nouns():
            app.go(noun)
            await done(app, pilot)
            if noun == "checkins":
                await pilot.press(*["down", "space"] * 6)
                await done(app, pilot)
            save(app, noun)
        await picture_card(app, pilot)
        app.go("checkins")
        await pilot.press("i")
        await done(app, pilot)
        app.screen.query_one("TextArea").load_text(PASTE)  # type: ignore[attr-defined]
        await pilot.press("f2")
        await done(app, pilot)
        save(app, "paste")
        await pilot.press("escape")
        await picture_drill(app, pilot)


async def picture_drill(app: QunguanApp, pilot: Pilot[int]) -> None:
    """The 3T room of a drill, told once: last, because its clocks run over every screen."""
    app.go("incidents")
    await done(app, pilot)
    await pilot.press("d")
    await done(app, pilot)
    await pilot.press("f2")
    await done(app, pilot)
    await pilot.press("down", "space", "down", "space")
    await done(app, pilot)
    save(app, "incidents")


async def picture_card(app: QunguanApp, pilot: Pilot[int]) -> None:
    """The card of the member who has the most points."""
    app.go("members")
    await pilot.press("slash", *"zhubo", "enter")
    await done(app, pilot)
    save(app, "card")
    await pilot.press("escape", "escape")


async def done(app: QunguanApp, pilot: Pilot[int]) -> None:
    """Wait until what is seen is filled: nothing is on its way to it any more, however slow the machine."""
    await pilot.pause(SHOWN)
    while any(worker.node is app.screen and not worker.is_finished for worker in app.workers):
        await pilot.pause(KEY)
    await pilot.pause(SHOWN)


def save(app: QunguanApp, name: str) -> None:
    """Write one picture, blanks kept as blanks and nothing that changes from run to run."""
    svg = app.export_screenshot(title="群管 qunguan")
    svg = re.sub(r"terminal-\d+", f"terminal-{name}", svg).replace("<text ", '<text xml:space="preserve" ')
    (FOLDER / f"{name}.svg").write_text(svg, encoding="utf-8")


def main() -> int:
    """Save every picture."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(shoot(Path(folder)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
