"""What every command shares: its verbs, the open desk, and how it asks and answers."""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from qunguan.cli.parser import common_options
from qunguan.domain.clock import Clock
from qunguan.domain.errors import BadInput, Refused
from qunguan.domain.text import screen, show
from qunguan.i18n import _

if TYPE_CHECKING:
    from qunguan.cli.progress import Progress
    from qunguan.domain.groups import Group
    from qunguan.services.desk import Desk, Writer

P = ParamSpec("P")
T = TypeVar("T")

# JSON itself escapes only the ASCII controls; a terminal also obeys these, and no encoding takes lone surrogates.
_OBEYED = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def verbs(parser: argparse.ArgumentParser, *, required: bool = True) -> Callable[..., argparse.ArgumentParser]:
    """Start the verbs of a noun; call the result with name, command and help for each. A noun that says something
    without a verb does not require one.

    `writes` adds --dry-run; `as_of` says that the verb honours --as-of, which is refused elsewhere.
    """
    subparsers = parser.add_subparsers(metavar=_("VERB"), required=required, dest="verb", title=_("verbs"))

    def verb(
        name: str,
        command: Callable[[Context], int | None],
        text: str,
        *,
        writes: bool = False,
        as_of: bool = False,
    ) -> argparse.ArgumentParser:
        """Add a verb that runs `command`, with its line of help; its parser comes back for what it takes."""
        options = common_options(inner=True, as_of=as_of)
        child = subparsers.add_parser(name, help=text, description=text, parents=[options])
        child.set_defaults(command=command, honours_as_of=as_of)
        if writes:
            rehearsable(child)
        return child

    return verb


def rehearsable(parser: argparse.ArgumentParser) -> None:
    """Give a command --dry-run."""
    parser.add_argument("--dry-run", action="store_true", help=_("show what would change and save nothing"))


def group_argument(parser: argparse.ArgumentParser, text: str) -> None:
    """--group, which `Context.group` and `Context.group_id` read; `text` is its help: what is meant without it."""
    parser.add_argument("--group", metavar="GROUP", help=text)


class Context:
    """One command being carried out: its options, the clock, and the ways to ask and answer."""

    def __init__(self, options: argparse.Namespace, screens: Callable[[Path | None, Clock], int] | None = None) -> None:
        """`screens` opens the screens on a file; the one command that ends in them (demo) uses it."""
        self.options = options
        self.screens = screens
        self.clock = Clock.from_environment()
        self.json: bool = getattr(options, "json", False)
        self.db: Path | None = getattr(options, "db", None)
        self.as_of: date | None = getattr(options, "as_of", None)
        self.dry_run: bool = getattr(options, "dry_run", False)
        self._bar: Progress | None = None

    @contextmanager
    def desk(self, *, create: bool = False) -> Iterator[Desk]:
        """The database the options name, open. Raises StoreError or NotFound with what to do."""
        from qunguan.services.desk import Desk

        with Desk(self.db, self.clock, create=create) as desk:
            for notice in desk.facts().notices:
                self.note(notice)
            yield desk

    def write(self, desk: Desk, service: Writer[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a writing service; with --dry-run run it and take everything back."""
        carry_out = desk.rehearse if self.dry_run else desk.write
        return carry_out(service, *args, **kwargs)

    def group(self, desk: Desk) -> Group:
        """The group of --group, by id or name; without it the one in hand. Raises NotFound, Ambiguous."""
        from qunguan.services import groups

        return desk.read(groups.find, self.options.group)

    def group_id(self, desk: Desk) -> int | None:
        """The id of the group of --group; None without it, which is every group. Raises NotFound, Ambiguous."""
        return self.group(desk).id if self.options.group else None

    def whose(self, desk: Desk) -> str:
        """What a list is of, as the line above it says: the group of --group, or all groups. Raises NotFound,
        Ambiguous."""
        return self.group(desk).name if self.options.group else _("all groups")

    def past(self, desk: Desk, group_id: int | None = None) -> date | None:
        """The day that is asked about, None for today. Raises BadInput for one that has not come to the group yet."""
        from qunguan.services import groups

        today = self.clock.today(desk.read(groups.day_rule, group_id))
        if self.as_of and self.as_of > today:
            raise BadInput("{day} has not come yet", hint="today is {today}", day=self.as_of, today=today)
        return self.as_of

    def progress(self, stages: int) -> Progress:
        """A bar for a command of so many stages."""
        from qunguan.cli.progress import Progress

        self._bar = Progress(stages)
        return self._bar

    def answer(self, document: dict[str, Any], lines: Iterable[str] = ()) -> None:
        """Print the answer: the JSON document with --json, else the lines for people. A rehearsal says that it is."""
        if self.json:
            text = json.dumps(
                jsonable(document | ({"dry_run": True} if self.dry_run else {})), ensure_ascii=False, indent=2
            )
            print(_OBEYED.sub(lambda found: f"\\u{ord(found[0]):04x}", text))
            return
        for line in lines:
            print(show(line))
        if self.dry_run:
            print(_("This was a rehearsal: nothing was saved"))

    def note(self, text: str) -> None:
        """Tell the person something that is not the answer (stderr)."""
        if self._bar:
            self._bar.wipe()
        print(show(text), file=sys.stderr)

    def ask(self, question: str) -> str:
        """What the person types on the terminal. Raises Refused when they type nothing more (Ctrl-D)."""
        if self._bar:
            self._bar.hush(True)
        print(show(question), end=" ", file=sys.stderr, flush=True)
        answer = sys.stdin.readline()
        if self._bar:
            self._bar.hush(False)
        if not answer:
            print(file=sys.stderr)
            raise Refused("nothing was changed: the question was not answered")
        return answer.strip()

    def confirm(self, question: str) -> None:
        """Go on only when --yes was given or the person types y. Raises Refused otherwise."""
        if self.options.yes:
            return
        if not interactive():
            raise Refused("this asks first, and nobody is there to answer", hint="add --yes to say that you mean it")
        if self.ask(question + " [y/N]").lower() not in ("y", "yes", "ｙ", "是"):
            raise Refused("nothing was changed")


def interactive() -> bool:
    """Whether there is somebody to ask."""
    return sys.stdin.isatty() and sys.stderr.isatty()


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


def known(value: object) -> str:
    """A value in a table, `—` where it is not known."""
    return "—" if value is None or value == "" else str(value)
