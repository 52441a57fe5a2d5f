"""The driver on a real pty: what a lone Esc costs, and what happens when the terminal goes away."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.terminal import Terminal
from qunguan.tui import driver, environment

APP = """
import os
from qunguan.tui.environment import prepare_environment
prepare_environment()
from textual.app import App
from textual.widgets import Static
from qunguan.tui import linux_driver
from qunguan.tui.driver import driver_class

read = linux_driver._read
def read_and_tell(fileno):
    data = read(fileno)
    if data:
        os.write(2, b"<took %s>" % data.hex().encode())
    return data
linux_driver._read = read_and_tell

class Small(App):
    BINDINGS = [
        ("escape", "say('escaped')"), ("up", "say('up')"), ("x", "busy"), ("q", "quit"), ("slash", "say('slashed')"),
        ("alt+z", "say('with alt')"), ("É", "say('accented')"),
    ]
    said = ""
    def compose(self):
        yield Static("started")
    def action_say(self, text):
        self.said = f"{self.said} {text}"[-30:]
        self.query_one(Static).update(self.said)
    def action_busy(self):
        self.set_interval(0.001, lambda: self.query_one(Static).update(str(__import__("time").monotonic_ns()) * 200))

app = Small(driver_class=driver_class())
app.run()
raise SystemExit(app.return_code or 0)
"""

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the driver is for Linux")


@pytest.fixture
def terminal():
    with Terminal([sys.executable, "-c", APP]) as running:
        running.wait_for(b"started")
        yield running


def test_escape_is_a_key_of_its_own_and_arrows_stay_whole(terminal):
    terminal.key(b"\x1b", b"escaped")
    terminal.key(b"\x1b[A", b"up")


@pytest.fixture
def patient(monkeypatch):
    """A terminal in which Esc waits long for what may follow it."""
    monkeypatch.setenv("ESCDELAY", "5000")
    with Terminal([sys.executable, "-c", APP]) as running:
        running.wait_for(b"started")
        yield running


def test_escape_and_a_key_soon_after_are_two_keys_and_alt_is_one(patient):
    patient.key(b"\x1b", b"<took 1b>")
    patient.key(b"/", b"escaped slashed")
    patient.key(b"\x1b", b"<took 1b>")
    patient.key(b"[A", b"up")
    patient.key(b"\x1bz", b"with alt")


def test_a_character_that_comes_byte_by_byte_is_one(terminal):
    terminal.key(b"\xc3", b"<took c3>")
    terminal.key(b"\x89", b"accented")


def test_five_hanzi_at_once_and_broken_bytes_do_no_harm(terminal):
    terminal.send("群管中文字".encode() + b"\xff\xfe\xe7")
    terminal.key(b"\x1b[A", b"up")


def test_quitting_ends_the_program_and_restores_the_terminal(terminal):
    terminal.send(b"q")
    assert terminal.wait_end(10) == 0
    assert b"\x1b[?1049l" in terminal.seen
    assert b"\x1b[?25h" in terminal.seen


@pytest.mark.parametrize("busy", [False, True])
def test_a_terminal_that_goes_away_ends_the_program(terminal, busy):
    if busy:
        terminal.key(b"x", b"<took 78>")
    terminal.vanish()
    assert terminal.wait_end(10) == driver.HUNG_UP


def test_without_our_driver_the_choice_is_textuals(monkeypatch):
    assert driver.driver_class() is not None
    monkeypatch.setenv("TEXTUAL_DRIVER", "some.module:Driver")
    assert driver.driver_class() is None
    monkeypatch.delenv("TEXTUAL_DRIVER")
    monkeypatch.setattr(sys, "platform", "win32")
    assert driver.driver_class() is None


def test_the_environment_is_prepared_before_textual_and_the_users_word_counts(monkeypatch):
    for name in environment._SETTINGS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TEXTUAL_FPS", "30")
    environment.prepare_environment()
    assert os.environ["TEXTUAL_DISABLE_KITTY_KEY"] == "1"
    assert os.environ["TEXTUAL_FPS"] == "30"
    code = (
        "import sys; from qunguan.tui.environment import prepare_environment as p; import qunguan.tui.driver; p();"
        "sys.exit(any(m.split('.')[0] in ('textual', 'rich') for m in sys.modules))"
    )
    root = Path(driver.__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", code], env={**os.environ, "PYTHONPATH": str(root)}, check=False)
    assert done.returncode == 0


def test_what_no_screen_asks_for_is_loaded_when_it_is_asked_for():
    code = (
        "import sys; from qunguan.tui.environment import prepare_environment as p; p(); import textual.app, sqlalchemy;"
        "assert not {'email', 'zipfile', '_hashlib'} & set(sys.modules);"
        "import importlib.metadata, ipaddress; from importlib.metadata import entry_points;"
        "assert importlib.metadata.version('textual') and ipaddress.ip_address('::1').version == 6;"
        "import hashlib; assert hashlib.sha256(b'').hexdigest().startswith('e3b0c442');"
        "assert {'email', 'zipfile'} < set(sys.modules) and sys.modules['ipaddress'].ip_address is ipaddress.ip_address"
    )
    root = Path(driver.__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", code], env={**os.environ, "PYTHONPATH": str(root)}, check=False)
    assert done.returncode == 0
