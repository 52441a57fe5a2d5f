"""From the command to the first frame and to the rows of the roster: `python benchmarks/startup.py [ROUNDS]`.

Bars, against a Textual app with one `Static` started in turn with ours: first frame at most 1.2 times, the roster's
real rows 2.5 times (2.0 is the aim). `qunguan --version` and `--help`: at most 6 times the CPU of `python -c pass`,
and neither textual nor sqlalchemy loaded. The sample open: 75 MiB resident, under 0.5 % of a core while nobody types.

Wall times are a person's, CPU times are what a busy machine leaves comparable. A bar is judged by the CPU of the
quickest quarter: other tenants only ever add.
"""

from __future__ import annotations

import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

if __package__ in (None, ""):
    sys.path[0:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parents[1] / "src")]

from benchmarks.terminal import Terminal, percentile
from qunguan.domain.clock import Clock
from qunguan.services import demo, groups, members, profiles
from qunguan.services.desk import Desk

FIRST_FRAME, ROWS, COMMAND, MIB, IDLE = 1.2, 2.5, 6.0, 75.0, 0.5
ROUNDS, IDLE_SECONDS = 15, 30
BASELINE = """
from textual.app import App
from textual.widgets import Static

class Baseline(App):
    def compose(self):
        yield Static("群管在这里")

Baseline().run()
"""
PYTHON = sys.executable
COMMANDS = {"--version": (PYTHON, "-m", "qunguan", "--version"), "--help": (PYTHON, "-m", "qunguan", "--help")}
Took = dict[str, list[tuple[float, float]]]
"""Wall and CPU seconds of every run, by what was waited for."""


def first_line(database: Path) -> str:
    """What only the roster shows: the day its first member joined."""
    with Desk(database) as desk:
        group = desk.read(groups.current)
        assert group is not None
        ids = desk.read(members.view_ids, group_id=group.id, sort="name", present=True)
        lines = desk.read(profiles.roster_lines, desk.clock, ids[:10], group.id)
        return next(line.member.joined_on.isoformat() for line in lines if line.member.joined_on)


def until(terminal: Terminal, marker: str) -> tuple[float, float]:
    """Seconds from the start until `marker` was written, and the CPU seconds used by then."""
    return terminal.wait_for(marker.encode()), terminal.cpu()


def start_baseline(took: Took) -> None:
    with Terminal([PYTHON, "-c", BASELINE]) as terminal:
        took["baseline"].append(until(terminal, "群管在这里"))


def start_ours(took: Took, database: Path, first: str) -> None:
    with Terminal([PYTHON, "-m", "qunguan", "--db", str(database)]) as terminal:
        took["first frame"].append(until(terminal, "今日"))
        terminal.send(b"2")
        took["roster rows"].append(until(terminal, first))


def command_seconds(command: tuple[str, ...]) -> float:
    """CPU seconds of one run of a command."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def loads(command: tuple[str, ...]) -> set[str]:
    """Which of the heavy packages a command imports."""
    told = subprocess.run((PYTHON, "-X", "importtime", *command[1:]), capture_output=True, text=True, check=True)
    return {line.rsplit("|", 1)[-1].strip() for line in told.stderr.splitlines()} & {"textual", "sqlalchemy", "rich"}


def told(label: str, figure: float, unit: str, bar: float) -> bool:
    """Print one bar; whether it is met."""
    print(f"{label:<34}{figure:8.2f} {unit:<4} bar {bar:<5g} {'met' if figure <= bar else 'MISSED'}")
    return figure <= bar


def screens(rounds: int, database: Path) -> bool:
    """Measure and print the starts."""
    took: Took = {"baseline": [], "first frame": [], "roster rows": []}
    first = first_line(database)
    starts: list[Callable[[], None]] = [lambda: start_baseline(took), lambda: start_ours(took, database, first)]
    for _ in range(rounds):
        for start in random.sample(starts, len(starts)):
            start()
    quick = {name: percentile([cpu for _, cpu in runs], 0.25) for name, runs in took.items()}
    base = [statistics.median(column) for column in zip(*took["baseline"], strict=True)]
    for name, runs in took.items():
        wall, cpu = (statistics.median(column) for column in zip(*runs, strict=True))
        print(f"{name:<12} median wall {wall * 1000:5.0f} ms ({wall / base[0]:4.2f}×), CPU {cpu * 1000:5.0f} ms"
              f" ({cpu / base[1]:4.2f}×); quickest quarter {quick[name] * 1000:5.0f} ms CPU")  # fmt: skip
    bars = (("first frame", FIRST_FRAME), ("roster rows", ROWS))
    met = [told(f"{name}, CPU by baseline", quick[name] / quick["baseline"], "×", bar) for name, bar in bars]
    return all(met)


def commands(rounds: int) -> bool:
    """Measure and print what needs no screens."""
    every = {"pass": (PYTHON, "-c", "pass"), **COMMANDS}
    times: dict[str, list[float]] = {name: [] for name in every}
    for _ in range(rounds):
        for name in random.sample(list(every), len(every)):
            times[name].append(command_seconds(every[name]))
    cpu = {name: statistics.median(each) for name, each in times.items()}
    met = [told(f"{name}, CPU by python -c pass", cpu[name] / cpu["pass"], "×", COMMAND) for name in COMMANDS]
    heavy = {name: found for name, command in COMMANDS.items() if (found := loads(command))}
    print(f"heavy packages loaded: {heavy or 'none'}")
    return all(met) and not heavy


def at_rest(database: Path) -> bool:
    """Measure and print what the program takes while nobody types. The group's name is there with the first rows."""
    with Desk(database) as desk:
        found = desk.read(groups.current)
        group = found.name if found else ""
    with Terminal([PYTHON, "-m", "qunguan", "--db", str(database)]) as terminal:
        terminal.wait_for(group.encode())
        terminal.rest()
        resident, before, began = terminal.rss(), terminal.cpu(), time.perf_counter()
        terminal.drain(IDLE_SECONDS, IDLE_SECONDS)
        idle = 100 * (terminal.cpu() - before) / (time.perf_counter() - began)
    return all([told("resident, the sample open", resident, "MiB", MIB), told("idle", idle, "%", IDLE)])


def main(arguments: list[str]) -> int:
    """Measure, print; 1 if a bar is missed."""
    rounds = int(arguments[0]) if arguments else ROUNDS
    with tempfile.TemporaryDirectory() as folder:
        database = demo.make_copy(Path(folder) / "sample.db", Clock())
        met = [screens(rounds, database), commands(2 * rounds), at_rest(database)]
    return int(not all(met))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
