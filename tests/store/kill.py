"""Kill a real process at a random moment, many times, and let a checker look at what it left behind."""

from __future__ import annotations

import os
import random
import select
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[2]


def kill_trials(
    worker_source: str,
    n: int,
    *,
    prepare: Callable[[int], list[str]],
    check: Callable[[int, list[str]], None],
    longest: float = 0.15,
    seed: int = 1,
) -> int:
    """Run `worker_source` `n` times, killing it (SIGKILL) at a random moment; how many were killed before their end.

    `prepare(number)` gives the arguments of the trial. The worker prints "ready" when it starts and a line after every
    commit; the moment is drawn from `longest` seconds after "ready". `check(number, lines)` sees the lines after it.
    """
    print(f"kill trials with seed {seed}")
    chance = random.Random(seed)
    environment = {**os.environ, "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}", "QUNGUAN_LANG": "en"}
    killed = 0
    for number in range(n):
        command = [sys.executable, "-c", worker_source, *prepare(number)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment, text=True) as worker:
            assert worker.stdout is not None
            assert worker.stdout.readline() == "ready\n", "the worker did not start"
            wait_until(time.monotonic() + chance.random() * longest, worker)
            worker.kill()
            lines = worker.stdout.read().splitlines(keepends=True)
            killed += worker.wait() < 0
        check(number, [line.rstrip("\n") for line in lines if line.endswith("\n")])
    return killed


def wait_until(deadline: float, worker: subprocess.Popen[str]) -> None:
    """Wait for the moment, or for the worker's end."""
    handle = os.pidfd_open(worker.pid) if hasattr(os, "pidfd_open") else None
    try:
        if handle is not None:
            select.select([handle], [], [], max(0.0, deadline - time.monotonic()))
        else:
            while time.monotonic() < deadline and worker.poll() is None:
                select.select([], [], [], 0.001)
    finally:
        if handle is not None:
            os.close(handle)
