"""`qunguan report KIND`: what happened, what changed and why it may have, what to do, what comes next."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from qunguan.cli.command import Context, group_argument
from qunguan.cli.parser import day
from qunguan.domain.reports import KINDS, OF
from qunguan.i18n import _


def register(parser: argparse.ArgumentParser, noun: str) -> None:
    """The kinds are the only argument; all of them take the same options."""
    parser.add_argument("kind", metavar="KIND", type=_kind, help=" | ".join(KINDS))
    parser.add_argument(
        "--day", type=day, metavar="D",
        help=_(
            "a day of the period; without it the last one that is over, "
            "of a challenge, a campaign or a crisis up to today"
        ),
    )  # fmt: skip
    parser.add_argument("--of", metavar="NAME", help=_("which one, of: {kinds}", kinds=" | ".join(OF)))
    parser.add_argument(
        "--to", type=Path, metavar="FILE",
        help=_("a file that ends in .md, .html, .xlsx, .txt or .json; one that is there is replaced"),
    )  # fmt: skip
    group_argument(parser, _("a group by id or name; without it the one in hand"))
    parser.set_defaults(command=report, honours_as_of=True)


def _kind(text: str) -> str:
    from qunguan.domain.errors import BadInput

    if text not in KINDS:
        known = ", ".join(f"{each} ({_(name)})" for each, name in KINDS.items())
        raise BadInput("there is no report {text}", hint="there are: {known}", text=text[:40], known=known)
    return text


def report(context: Context) -> None:
    """Print the text, or with --json the document, or write the file. Raises what `reports.report` and writing do."""
    from qunguan.exchange.writers.report_json import as_json
    from qunguan.exchange.writers.reports import suffix_of, text, write_report
    from qunguan.services import reports, rules

    options = context.options
    path: Path | None = options.to
    if path is not None:
        suffix_of(path)
    with context.desk() as desk:
        group_id = context.group_id(desk)
        found = desk.read(
            reports.report, context.clock, options.kind, options.day, group_id=group_id, of=options.of,
            as_of=context.past(desk, group_id),
        )  # fmt: skip
        limit = int(desk.read(rules.value, "board.text_limit"))
    if path is None:
        context.answer(as_json(found) if context.json else {}, text(found, limit).splitlines())
        return
    replaced = path.exists()
    write_report(path, found, limit)
    told: dict[str, Any] = {"kind": found.kind, "of": found.of or None, "path": str(path), "replaced": replaced}
    line = _("The report is in {path}", path=path)
    if replaced:
        line = _("The report is in {path}; the file that was there is replaced", path=path)
    context.answer(told, [line])
