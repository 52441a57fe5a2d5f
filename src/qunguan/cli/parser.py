"""argparse with our manners: one-line usage errors (exit 2), help in the language in force, nothing raw printed."""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path
from typing import Any, NoReturn

from qunguan.i18n import LANGUAGES, N_, _

# What argparse says, and how we say it. A Python that words it differently is shown in its own words.
_SAID = (
    (r"the following arguments are required: (?P<names>.+)", N_("{names} is missing")),
    (r"one of the arguments (?P<names>.+) is required", N_("one of these is missing: {names}")),
    (
        r"argument (?P<name>.+?): not allowed with argument (?P<other>.+)",
        N_("{name} and {other} do not go together"),
    ),
    (r"unrecognized arguments: (?P<names>--.+)", N_("no option of this command: {names}")),
    (r"unrecognized arguments: (?P<names>.+)", N_("not understood: {names}")),
    (
        r"argument (?P<name>.+?): invalid choice: (?P<value>.+) \(choose from (?P<known>.+)\)",
        N_("{name} cannot be {value}, use one of: {known}"),
    ),
    (r"argument (?P<name>.+?): expected (?:one|at least one) argument", N_("{name} needs a value")),
    (r"argument (?P<name>.+?): (?P<said>.+)", N_("{said}")),  # what our own types say is whole without the name
)
_EARLIEST, _LATEST = 1900, 2999  # years
_HEADINGS = {"options": N_("options"), "positional arguments": N_("arguments")}


class _Formatter(argparse.HelpFormatter):
    """Help with translated headings, each of them once."""

    def format_help(self) -> str:
        """The whole help; the colon behind a heading is one of its language."""
        return re.sub(r"(?m)^(\S.*):$", lambda found: _("{heading}:", heading=found[1]), super().format_help())

    def start_section(self, heading: str | None) -> None:
        """argparse's own headings in the language in force."""
        super().start_section(_(_HEADINGS[heading]) if heading in _HEADINGS else heading)

    def add_usage(self, usage: str | None, actions: Any, groups: Any, prefix: str | None = None) -> None:
        """argparse's own “usage: ” in the language in force."""
        super().add_usage(usage, actions, groups, _("usage: ") if prefix is None else prefix)

    def _format_action(self, action: argparse.Action) -> str:
        """Verbs stand under their heading, without a line that says “VERB” again."""
        if isinstance(action, argparse._SubParsersAction):
            return "".join(map(super()._format_action, action._get_subactions()))
        return super()._format_action(action)

    def _get_help_string(self, action: argparse.Action) -> str | None:
        return (action.help or "").replace("%", "%%")  # our texts mean a per cent sign where they write one


class Parser(argparse.ArgumentParser):
    """A parser of commands or of common options. What begins with a dash and no letter is a value, not an option."""

    def __init__(self, *, add_help: bool = True, **settings: Any) -> None:
        super().__init__(add_help=False, allow_abbrev=False, formatter_class=_Formatter, **settings)
        if add_help:
            shown = _("show this help")
            self.add_argument("-h", "--help", action="help", default=argparse.SUPPRESS, help=shown)

    def error(self, message: str) -> NoReturn:
        """Say what is wrong and where to look, in one line."""
        from qunguan.domain.text import show

        hint = _("{command} --help tells how", command=self.prog)
        if re.match(r"unrecognized arguments: -(?!-)", message):
            hint = _("{command} --help tells how; a value that begins with a dash goes behind --", command=self.prog)
        elif message.endswith("expected one argument"):
            hint = _("a value that begins with a dash is written with its option: --reason=-TEXT")
        line = _("{what} — {hint}", what=show(_in_our_words(message)), hint=hint)
        print(_("{where}: {what}", where="qunguan", what=line), file=sys.stderr)
        raise SystemExit(2)


def common_options(*, inner: bool = False, as_of: bool = True) -> Parser:
    """The options every command takes, before its noun or after it. Absent ones leave no attribute.

    The help of a command that has no use for --as-of does not show it (`as_of` False).
    """
    parser = Parser(prog="qunguan", add_help=False, argument_default=argparse.SUPPRESS)
    if not inner:
        parser.add_argument("--version", action="store_true")
        parser.add_argument("--help", "-h", action="store_true")
    parser.add_argument("--db", type=Path, metavar="PATH", help=_("the database file"))
    parser.add_argument("--lang", choices=LANGUAGES, help=_("language of the answer"))
    past = _("the state on a past day") if as_of else argparse.SUPPRESS
    parser.add_argument("--as-of", type=day, metavar="DATE", dest="as_of", help=past)
    parser.add_argument("--json", action="store_true", help=_("answer with one JSON document"))
    return parser


def day(text: str) -> Any:
    """A calendar day as an argument: 2026-03-01 (2026/3/1 and 2026年3月1日 are understood). Raises BadInput."""
    from qunguan.domain.errors import BadInput
    from qunguan.exchange.readers.cells import date_cell

    found = date_cell(text, serials=False)
    if not _EARLIEST <= found.year <= _LATEST:  # beyond it days before and after run out of calendar
        raise BadInput("{day} is no day of this community", hint="use a year from {first} to {last}", day=found,
                       first=_EARLIEST, last=_LATEST)  # fmt: skip
    return found


def whole(text: str) -> int:
    """A whole number as an argument; full-width digits are understood. Raises BadInput."""
    from qunguan.exchange.readers.cells import int_cell

    return int_cell(text)


def row_limit(text: str) -> int:
    """How many rows at the most; what 0 means is said where it is asked for. Raises BadInput."""
    from qunguan.domain.errors import BadInput

    number = whole(text)
    if number < 0:
        raise BadInput("{value} is not a number of rows", hint="use 0 or more", value=number)
    return number


def _in_our_words(message: str) -> str:
    for pattern, said in _SAID:
        found = re.fullmatch(pattern, message, re.DOTALL)
        if found:
            values = found.groupdict()
            if "known" in values:
                values["known"] = values["known"].replace("'", "")
            return _(said, **values)
    return message
