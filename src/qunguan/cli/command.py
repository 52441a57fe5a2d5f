"""What every command shares: its parser, its options, the open desk, and how it answers."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from qunguan.domain.clock import Clock
from qunguan.domain.errors import BadInput
from qunguan.domain.text import screen
from qunguan.i18n import LANGUAGES, _

if TYPE_CHECKING:
    from qunguan.services.desk import Desk


class Parser(argparse.ArgumentParser):
    """argparse with one-line usage errors (exit 2)."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong and where to look, in one line."""
        hint = _("{command} --help tells how", command=self.prog)
        print(f"qunguan: {message} — {hint}", file=sys.stderr)
        raise SystemExit(2)


def common_options(*, inner: bool = False) -> Parser:
    """The options every command takes, before its noun or after it. Absent ones leave no attribute."""
    parser = Parser(prog="qunguan", add_help=False, argument_default=argparse.SUPPRESS, allow_abbrev=False)
    if not inner:
        parser.add_argument("--version", action="store_true")
        parser.add_argument("--help", "-h", action="store_true")
    parser.add_argument("--db", type=Path, metavar="PATH", help=_("the database file"))
    parser.add_argument("--lang", choices=LANGUAGES, help=_("language of the answer"))
    parser.add_argument("--as-of", type=day, metavar="DATE", dest="as_of", help=_("the state on a past day"))
    parser.add_argument("--json", action="store_true", help=_("answer with one JSON document"))
    return parser


def verbs(parser: argparse.ArgumentParser) -> Callable[..., argparse.ArgumentParser]:
    """Start the verbs of a noun; call the result with name, command and help for each."""
    subparsers = parser.add_subparsers(metavar=_("VERB"), required=True, dest="verb")

    def verb(name: str, command: Callable[[Context], int | None], text: str) -> argparse.ArgumentParser:
        child = subparsers.add_parser(
            name, help=text, description=text, parents=[common_options(inner=True)], allow_abbrev=False
        )
        child.set_defaults(command=command)
        return child

    return verb


def day(text: str) -> date:
    """A calendar day as an argument: 2026-03-01 (2026/3/1 and 2026年3月1日 are understood)."""
    from qunguan.exchange.readers.cells import date_cell

    try:
        return date_cell(text, serials=False)
    except BadInput as error:
        raise argparse.ArgumentTypeError(str(error)) from None


class Context:
    """One command being carried out: its options, the clock, and the ways to answer."""

    def __init__(self, options: argparse.Namespace, screens: Callable[[Path | None, Clock], int] | None = None) -> None:
        """`screens` opens the screens on a file; the one command that ends in them (demo) uses it."""
        self.options = options
        self.screens = screens
        self.clock = Clock.from_environment()
        self.json: bool = getattr(options, "json", False)
        self.db: Path | None = getattr(options, "db", None)
        self.as_of: date | None = getattr(options, "as_of", None)

    def desk(self, *, create: bool = False) -> Desk:
        """Open the database the options name. Raises StoreError or NotFound with what to do."""
        from qunguan.services.desk import Desk

        return Desk(self.db, self.clock, create=create)

    def answer(self, document: Any, lines: Iterable[str] = ()) -> None:
        """Print the answer: the JSON document with --json, else the lines for people."""
        if self.json:
            print(json.dumps(jsonable(document), ensure_ascii=False, indent=2))
        else:
            print("\n".join(lines))

    def note(self, text: str) -> None:
        """Tell the person something that is not the answer (stderr)."""
        print(text, file=sys.stderr)


def jsonable(value: Any) -> Any:
    """Dataclasses, dates and tuples as JSON has them: objects, ISO text, arrays."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: jsonable(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, dict):
        return {str(key): jsonable(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset | range):
        return [jsonable(item) for item in value]
    return value.isoformat() if isinstance(value, date | datetime) else value


def columns(header: Sequence[str], rows: Iterable[Sequence[object]], *, right: Iterable[int] = ()) -> list[str]:
    """A table for people: cells padded to the width a terminal gives them, numbers to the right."""
    from wcwidth import wcswidth

    table = [[screen(str(cell)) for cell in row] for row in [header, *rows]]
    widths = [max(wcswidth(row[place]) for row in table) for place in range(len(header))]
    numbers = set(right)

    def padded(cell: str, place: int) -> str:
        blanks = " " * (widths[place] - wcswidth(cell))
        return blanks + cell if place in numbers else cell + blanks

    return ["  ".join(padded(cell, place) for place, cell in enumerate(row)).rstrip() for row in table]
