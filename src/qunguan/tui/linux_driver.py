"""Textual's Linux driver with another input thread; imported through `driver.driver_class` only."""

from __future__ import annotations

import os
import selectors
from codecs import getincrementaldecoder
from functools import partial
from typing import IO, Any

from textual._time import get_time
from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver

from qunguan.tui.driver import HUNG_UP

_CHUNK = 4096
_ESC = "\x1b"
_GOES_ON = f"[]OPX^_{_ESC}"  # what may come after the Esc that begins a sequence of a key or an answer of the terminal


class QuickDriver(LinuxDriver):
    """Reads the terminal as Textual 8.2 does, except for four things.

    - Textual looks at its parser every 100 ms, so Esc takes that long whatever ESCDELAY says. Here the thread wakes
      when the parser's own wait is over, and otherwise only for input: an idle program does not wake at all.
    - Esc and another key soon after are two keys: Textual takes them for Alt and the key, and both are lost. They are
      one only when the terminal sends them together, as it does for Alt.
    - When the terminal goes away without a hang-up (a dropped ssh, a closed container), Textual reads the end of
      file for ever at 100 % of a core. Here it ends the app.
    - Leaving (quit, Ctrl+Z) does not wait for the next look: a byte through a pipe wakes the thread.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._file: IO[str] = _MayVanish(self._file)  # type: ignore[assignment]
        self._wake_out = self._wake_in = -1

    def start_application_mode(self) -> None:
        """Take the terminal; again after each Ctrl+Z."""
        self._wake_out, self._wake_in = os.pipe()
        super().start_application_mode()  # type: ignore[no-untyped-call]

    def run_input_thread(self) -> None:
        """Feed what the terminal sends to the app until told to leave, or until there is no terminal."""
        parser = XTermParser(self._debug)
        decode = getincrementaldecoder("utf-8")("replace").decode
        before = ""
        with selectors.SelectSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            selector.register(self._wake_out, selectors.EVENT_READ)
            while True:
                ready = [key.fd for key, _ in selector.select(_time_left(parser))]
                if self._wake_out in ready:
                    os.read(self._wake_out, 1)
                    return
                if self.fileno in ready:
                    data = _read(self.fileno)
                    if not data:
                        self._app.call_later(partial(self._app.exit, return_code=HUNG_UP))
                        return
                    text = decode(data)
                    if not text:
                        continue  # the first bytes of a character; to the parser it would be the end
                    if not before.strip(_ESC) and text[0] not in _GOES_ON:
                        self._end_wait(parser)
                    for message in parser.feed(text):
                        self.process_message(message)
                    before = text
                    continue  # a wait that ended meanwhile has not ended if there is more to read
                for message in parser.tick():
                    self.process_message(message)

    def _end_wait(self, parser: XTermParser) -> None:
        """Take the Esc the parser waits at, if it does, for the key."""
        if parser._timeout_time is not None:
            parser._timeout_time = 0.0
            for message in parser.tick():
                self.process_message(message)

    def disable_input(self) -> None:
        """Wake the input thread so that the join in Textual's own part is immediate."""
        if self._key_thread is not None and self._key_thread.is_alive():
            os.write(self._wake_in, b".")
        super().disable_input()

    def close(self) -> None:
        """Give the terminal back, after the writer has written its last."""
        super().close()
        if self._wake_in >= 0:
            os.close(self._wake_in)
            os.close(self._wake_out)
            self._wake_in = self._wake_out = -1


class _MayVanish:
    """The terminal as a file. Once it is gone, writing does nothing: else Textual's writer thread dies of it, its
    queue fills, and the app waits for ever to say goodbye."""

    def __init__(self, file: IO[str]) -> None:
        self._file = file
        self._gone = False

    def write(self, text: str) -> None:
        """Write, unless the terminal is gone."""
        self._try(partial(self._file.write, text))

    def flush(self) -> None:
        """Flush, unless the terminal is gone."""
        self._try(self._file.flush)

    def fileno(self) -> int:
        """The number of the file behind it."""
        return self._file.fileno()

    def isatty(self) -> bool:
        """Whether the file behind it is a terminal."""
        return self._file.isatty()

    def _try(self, act: partial[int] | Any) -> None:
        if self._gone:
            return
        try:
            act()
        except OSError:
            self._gone = True


def _time_left(parser: XTermParser) -> float | None:
    """Seconds until the parser takes a lone Esc for the key, or None when it is not in the middle of anything."""
    until = parser._timeout_time
    return None if until is None else max(0.0, until - get_time())


def _read(fileno: int) -> bytes:
    """What the terminal has sent; nothing when it is gone."""
    try:
        return os.read(fileno, _CHUNK)
    except OSError:
        return b""
