"""`qunguan repair`: broken text in, whole text out. Needs no database."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from qunguan.cli.command import Context
from qunguan.domain.text import show
from qunguan.i18n import _, ngettext

if TYPE_CHECKING:
    from qunguan.domain.repair import Repair

_TOLD = 20  # lines, and doubtful places, told one by one to a person; --json has them all


def register(parser: argparse.ArgumentParser, noun: str) -> None:
    """One file in, and where it goes."""
    parser.add_argument("file", metavar="FILE", help=_("a text file, or - for standard input"))
    parser.add_argument("--to", type=Path, metavar="FILE", help=_("write it here, in the encoding it came in; without "
                        "it the text is printed as UTF-8"))  # fmt: skip
    parser.add_argument("--yes", action="store_true", help=_("do not ask"))
    parser.set_defaults(command=repair)


def repair(context: Context) -> None:
    """Print or write the repaired text; say which lines changed and why, and which places only a person can settle."""
    from qunguan.domain.repair import repaired
    from qunguan.exchange.readers.broken import read_broken
    from qunguan.exchange.writers.encoded import write_text

    source, target = context.options.file, context.options.to
    read = read_broken(source)
    found = repaired(read.text)
    document = {"encoding": read.encoding, "changes": found.changes, "doubts": found.doubts}
    if target is None:
        _print(context, found, document | {"text": found.text})
        return
    replaced = target.exists()
    if replaced and source != "-" and target.samefile(source):
        context.confirm(_("Write the repaired text over {path} itself?", path=target))
    write_text(target, found.text, read.encoding)
    lines = [*_report(found), _("Wrote {path}", path=target)]
    if replaced:
        lines[-1] = _("Wrote {path}; the file that was there is replaced", path=target)
    context.answer(document | {"path": str(target), "replaced": replaced}, lines)


def _print(context: Context, found: Repair, document: dict[str, object]) -> None:
    """The text on stdout, byte for byte where it is piped; the report on stderr."""
    if context.json:
        context.answer(document)
        return
    if sys.stdout.isatty():
        for line in found.text.splitlines():
            print(show(line))
    else:
        sys.stdout.flush()
        sys.stdout.buffer.write(found.text.encode())
    for line in _report(found):
        context.note(line)


def _report(found: Repair) -> Iterator[str]:
    from qunguan.domain.repair import REASONS

    if not found.changes and not found.doubts:
        yield _("Nothing is broken")
        return
    for change in found.changes[:_TOLD]:
        yield _("line {line}: {why}", line=change.line, why=_(", ").join(_(REASONS[why]) for why in change.why))
    for doubt in found.doubts[:_TOLD]:
        yield _("line {line}: “{text}” — {why}", line=doubt.line, text=doubt.text, why=_(REASONS[doubt.why]))
    n = len(found.changes)
    repaired = ngettext("{n} line repaired", "{n} lines repaired", n)
    n = len(found.doubts)
    left = ngettext("{n} place left for you to look at", "{n} places left for you to look at", n)
    more = max(len(found.changes), len(found.doubts)) > _TOLD
    yield _("{repaired}, {left}", repaired=repaired, left=left) + (_(" (--json lists all of them)") if more else "")
