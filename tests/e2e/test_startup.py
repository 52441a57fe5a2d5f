"""What is loaded before there is something to show, what happens while nobody does anything, and no network."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterable

import pytest

from tests.cli.shell import process
from tests.e2e.window import Window

pytestmark = pytest.mark.slow
HEAVY = {"sqlalchemy", "openpyxl", "xlsxwriter", "pyperclip", "lunar_python", "defusedxml"}
NETWORK = {
    "http.client",
    "http.server",
    "ftplib",
    "smtplib",
    "telnetlib",
    "xmlrpc",
    "ssl",
    "urllib.request",
    "requests",
}


def loaded(code: str) -> set[str]:
    """The modules a fresh interpreter has after running `code`; the code's own output does not count."""
    tail = "\nimport sys; print('\\n'.join(sys.modules), file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", code + tail], capture_output=True, text=True, check=True)
    return set(done.stderr.splitlines())


def of(modules: Iterable[str], packages: Iterable[str]) -> set[str]:
    """Those of the packages that are among the modules."""
    return {package for package in packages if any(m == package or m.startswith(package + ".") for m in modules)}


def door(*arguments: str) -> str:
    """A command line, in the interpreter's own process."""
    return f"import sys; sys.argv[1:] = {list(arguments)!r}; from qunguan.__main__ import main; main()"


@pytest.mark.parametrize(
    "line", [["--version"], ["--help"], ["member", "--help"], ["points"], ["checkin", "board", "-h"]]
)
def test_help_and_version_load_neither_the_screens_nor_the_store(line):
    assert of(loaded(door(*line)), HEAVY | {"textual", "rich", "platformdirs"}) == set()


def test_the_screens_import_nothing_heavy_before_the_first_frame():
    code = (
        "from qunguan.tui.environment import prepare_environment; prepare_environment()\n"
        "from qunguan.tui.app import QunguanApp\n"
        "app = QunguanApp(); app.noun_screen('today')"
    )
    assert of(loaded(code), HEAVY | {"_ssl"}) == set()


NOT_FOR_ROWS = (
    *("orders", "points", "points_book", "points_views", "rosters", "member_import", "history", "badges", "levels"),
    "money",
)
"""Nouns of the domain that the first rows of the roster do without."""


def test_the_first_rows_of_the_roster_load_what_they_show(small):
    code = f"""
from pathlib import Path
import qunguan.tui.screens.members
from qunguan.services import groups, incident_watch, profiles, settings
from qunguan.services.desk import Desk
from qunguan.services.members_view import view_ids
with Desk(Path({str(small)!r})) as desk:
    desk.read(settings.language)
    assert not desk.read(incident_watch.any_open)
    group = desk.read(groups.current)
    desk.read(groups.present, group)
    assert desk.read(profiles.roster_lines, desk.clock, desk.read(view_ids, group_id=group.id), group.id)
"""
    unneeded = {f"qunguan.domain.{noun}" for noun in NOT_FOR_ROWS}
    unneeded |= {f"qunguan.store.{noun}" for noun in ("schema", "orders", "badges", "rewards", "earning", "incidents")}
    unneeded |= {f"qunguan.services.{noun}" for noun in ("history", "members", "points", "levels", "profile_page")}
    unneeded |= {"qunguan.exchange", "qunguan.tui.widgets.dialogs", "qunguan.store.migrate", "tomllib"}
    unneeded |= HEAVY - {"sqlalchemy"}
    assert of(loaded(code), unneeded) == set()


def test_a_look_at_today_opens_no_book_to_write_in(small):
    """Reading rooms alone, and no OpenSSL: what only a key asks for would stay in memory all day."""
    code = f"""
from qunguan.tui.environment import prepare_environment
prepare_environment()
from pathlib import Path
from qunguan.services import today
from qunguan.services.desk import Desk
with Desk(Path({str(small)!r})) as desk:
    for read in (today.agenda, today.duties, today.care):
        desk.read(read, desk.clock)
"""
    unneeded = {f"qunguan.services.{noun}" for noun in ("points", "points_posting", "orders", "order_points", "trade")}
    unneeded |= {f"qunguan.services.{noun}" for noun in ("earning", "content", "alerts", "activity", "surveys")}
    unneeded |= {f"qunguan.domain.{noun}" for noun in ("points_book", "points_audit", "matching", "rfm")}
    assert of(loaded(code), unneeded | {"_hashlib", "statistics", "secrets"}) == set()


def test_every_command_but_the_screens_does_without_textual(small):
    for line in (["doctor"], ["checkin", "board", "--challenge", "早起"]):
        assert of(loaded(door("--db", str(small), *line)), {"textual", "rich"}) == set()


def test_nobody_imports_the_network():
    """Textual brings what it brings; nothing of ours adds to it, and no command loads any of it."""
    base = of(loaded("import textual.app, textual.widgets, sqlalchemy, openpyxl, xlsxwriter"), NETWORK)
    ours = (
        "import pkgutil, importlib, qunguan\n"
        "names = [m.name for m in pkgutil.walk_packages(qunguan.__path__, 'qunguan.')]\n"
        "[importlib.import_module(name) for name in names if not name.endswith('__main__')]"
    )
    assert of(loaded(ours), NETWORK) <= base


def test_no_command_and_no_screen_opens_a_socket(terminal, small, tmp_path):
    """A site hook ends the process at any connection; what runs under it works."""
    hook = tmp_path / "hook"
    hook.mkdir()
    (hook / "sitecustomize.py").write_text(
        "import sys\n"
        "def refuse(event, args):\n"
        "    if event in ('socket.connect', 'socket.getaddrinfo', 'socket.bind', 'socket.sendto'):\n"
        "        import os; os._exit(77)\n"
        "sys.addaudithook(refuse)\n",
        encoding="utf-8",
    )
    for line in (
        ["member", "list"],
        ["backup", "make"],
        ["export", "board", "--to", str(tmp_path / "b.xlsx")],
        ["doctor"],
    ):
        assert process("--db", small, *line, PYTHONPATH=str(hook)).code == 0
    window: Window = terminal(small, PYTHONPATH=str(hook))
    window.sees("群管 · 早起读书群 8人")
    for key in "234567890":
        window.press(key)
        window.sees(f"[{key} ")
    window.press("3")
    window.sees("已打卡 0 / 8")
    window.press("y")
    window.sees("已复制")
    window.quit()


def test_an_idle_program_writes_nothing(terminal, small):
    window: Window = terminal(small)
    window.sees("群管 · 早起读书群 8人")
    window.press("3")
    window.sees("已打卡 0 / 8")
    window.drain(0.6, 10)  # until the last of the drawing has come
    stamp, size = small.stat().st_mtime_ns, len(window.seen)
    window.drain(2.5, 2.5)
    assert bytes(window.seen[size:]) == b""
    assert small.stat().st_mtime_ns == stamp
    window.quit()
