"""A 500-item 接龙 against 5,000 members: `python benchmarks/chain.py [MEMBERS [ITEMS]]`.

From the pasted text to the preview, in a program that has just been started (nothing about the roster is known yet) and
again in one that goes on. Seven items of ten are names as the roster has them, two have a note behind them, and of the
rest every other one is a slip of the pen, the others nobody knows. Bar (quality 1): 150 ms, measured in time of this
process, so that a busy machine does not decide.
"""

from __future__ import annotations

import random
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

if __package__ in (None, ""):
    sys.path[0:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parents[1] / "src")]

from benchmarks.search import GIVEN, members
from qunguan.domain.clock import Clock
from qunguan.exchange.readers.jielong import parse
from qunguan.services import checkins, groups
from qunguan.services import members as roster
from qunguan.services.desk import Desk

BAR_MS = 150.0
STARTS, LATER = 5, 15
GROUP, CHALLENGE = 1, 1
NOTES = ("已打卡", "第3天", "读完了", "晨跑 5 公里", "+1")
DAY = date(2026, 3, 2)


def build(path: Path, count: int) -> None:
    """A group of `count` members, all in a challenge."""
    with Desk(path, Clock(), create=True) as desk:
        desk.write(groups.create, "五千人的群")
        desk.write(roster.add_many, [name for _, name, _ in members(count)], group_id=GROUP)
        desk.write(checkins.start, "早起", who="all", starts_on=date(2026, 3, 1))


def text(count: int, items: int) -> str:
    """The 接龙 of different members, one in ten of them misspelt or unknown."""
    dice = random.Random(20260302)
    lines = ["#接龙", "早起打卡", ""]
    for number, (_, name, _) in enumerate(dice.sample(list(members(count)), items), 1):
        if number % 10 == 0:
            name = name[:-1] + dice.choice(GIVEN) if number % 20 else "".join(dice.choices(GIVEN, k=3))
        elif number % 10 < 3:
            name = f"{name} {dice.choice(NOTES)}"
        lines.append(f"{number}. {name}")
    return "\n".join(lines)


def preview(desk: Desk, pasted: str) -> float:
    """Milliseconds from the text to its preview."""
    began = time.process_time()
    desk.read(checkins.preview, desk.clock, CHALLENGE, parse(pasted), DAY)
    return 1000 * (time.process_time() - began)


def started(path: Path, pasted: str) -> None:
    """Print the milliseconds of the first preview and of later ones in this process."""
    with Desk(path, Clock()) as desk:
        desk.read(checkins.board, desk.clock, CHALLENGE, DAY)
        times = [preview(desk, pasted) for _turn in range(1 + LATER)]
    print(times[0], statistics.median(times[1:]))


def main(count: int, items: int) -> int:
    """Print the table; 1 if the bar is missed."""
    with tempfile.TemporaryDirectory() as folder:
        path, chain = Path(folder) / "q.db", Path(folder) / "chain.txt"
        build(path, count)
        chain.write_text(text(count, items), encoding="utf-8")
        command = [sys.executable, __file__, "--started", str(path), str(chain)]
        runs = [subprocess.run(command, check=True, capture_output=True, text=True).stdout for _ in range(STARTS)]
    first, later = (statistics.median(times) for times in zip(*(map(float, run.split()) for run in runs), strict=True))
    for name, took in (("first preview of a program", first), ("later ones", later)):
        print(f"{name:<30}{took:>8.1f} ms   bar {BAR_MS:.0f} ms  {'ok' if took <= BAR_MS else 'MISSED'}")
    return int(first > BAR_MS or later > BAR_MS)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--started"]:
        started(Path(sys.argv[2]), Path(sys.argv[3]).read_text(encoding="utf-8"))
    else:
        numbers = [int(word) for word in sys.argv[1:]]
        sys.exit(main(*(numbers + [5_000, 500][len(numbers) :])))
