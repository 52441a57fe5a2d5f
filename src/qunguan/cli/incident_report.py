"""`qunguan incident report`: the report of an incident as Markdown, HTML, or a text for the group."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from qunguan.cli.command import Context
from qunguan.i18n import _, labelled


def register(verb: Callable[..., argparse.ArgumentParser]) -> None:
    """The verb `report`, among those of `incident`."""
    parser = verb("report", report, _("write the report of an incident to a file"))
    parser.add_argument(
        "incident", metavar="ID", nargs="?", help=_("an incident by number or title; without it the one that is open")
    )
    parser.add_argument(
        "--to", required=True, type=Path, metavar="FILE",
        help=_("a file that ends in .md or .html, or in .txt for the group; one that is there is replaced"),
    )  # fmt: skip


def report(context: Context) -> None:
    """Write it. Raises BadInput for another kind of file, NotFound, and what writing raises."""
    from qunguan.domain.lint import Facts, findings
    from qunguan.exchange.writers.documents import suffix_of, write_document
    from qunguan.exchange.writers.plain import plain
    from qunguan.services import incident_report, incidents

    path: Path = context.options.to
    suffix = suffix_of(path)
    with context.desk() as desk:
        found = desk.read(incidents.find, context.options.incident)
        document = desk.read(incident_report.document, context.clock, found.id, suffix)
    replaced = path.exists()
    write_document(path, document)
    doubts = findings(plain(document), Facts(crisis=True)) if suffix == incident_report.GROUP_SUFFIX else ()
    for each in doubts:
        context.note(labelled(each.text or "—", each.why))
    line = _("The report is in {path}", path=path)
    if replaced:
        line = _("The report is in {path}; the file that was there is replaced", path=path)
    context.answer({"incident": found.id, "drill": found.drill, "path": str(path), "replaced": replaced}, [line])
