"""`qunguan lint FILE|-`: a text looked through before it goes out. Needs no database."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from qunguan.cli.command import Context, columns, known
from qunguan.cli.parser import day, whole
from qunguan.domain.clock import DayRule
from qunguan.domain.lint import LEVELS, Facts, Finding, findings
from qunguan.i18n import _, ngettext


def register(parser: argparse.ArgumentParser, noun: str) -> None:
    """A file, and what is known of the matter."""
    parser.epilog = _("It ends with 0 whether or not anything is found.")
    parser.add_argument("file", metavar="FILE", help=_("a text file; - reads standard input"))
    parser.add_argument("--stock", type=whole, metavar="N", help=_("how many are left: urgency is checked by it"))
    parser.add_argument("--ends", type=day, metavar="DATE", help=_("its last day: urgency is checked by it"))
    parser.add_argument("--sponsor", metavar="NAME", default="", help=_("who pays for the text; without it nobody"))
    parser.add_argument("--crisis", action="store_true",
                        help=_("it is a statement of a bad day: it may neither go cold nor blame"))  # fmt: skip
    parser.set_defaults(command=look_through)


def look_through(context: Context) -> None:
    """Print what is doubtful in a text. Raises NotFound, BadInput for a file that is no text."""
    options, rule = context.options, DayRule()
    deadline = None
    if options.ends is not None:  # through its last moment
        deadline = datetime.combine(options.ends + timedelta(days=1), time(), ZoneInfo(rule.zone))
    text = _text(options.file)
    facts = Facts(options.stock, deadline, rule.local(context.clock.now()), options.sponsor, options.crisis)
    found = findings(text, facts)
    context.answer({"findings": document(found)}, _lines(text, found))


def document(found: Iterable[Finding]) -> list[dict[str, Any]]:
    """Findings as the answer of a program has them; `start` and `end` count code points."""
    return [
        {"level": one.level, "text": one.text, "start": one.start, "end": one.end, "rule": one.rule,
         "why": str(one.why), "source": one.source}
        for one in found
    ]  # fmt: skip


def _text(name: str) -> str:
    from qunguan.exchange.readers.decode import decode, read_bytes

    return decode(read_bytes(name), where=name).text


def _lines(text: str, found: Sequence[Finding]) -> list[str]:
    if not found:
        return [_("Nothing speaks against it.")]
    rows = []
    for one in found:
        line = text.count("\n", 0, one.start) + 1
        rows.append((line, _(LEVELS[one.level]), known(one.text), one.why))
    told = columns((_("line"), _("level"), _("words"), _("why")), rows, right=(0,))
    head = ngettext("{n} place is to be looked at:", "{n} places are to be looked at:", len(found))
    return [head, *told]
