"""`qunguan incident defence`: where the three lines of defence stand."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

from qunguan.cli.command import Context
from qunguan.domain.defence import MARKS, NAMES, STATES, Line
from qunguan.domain.sources import Brief
from qunguan.i18n import _, labelled


def register(verb: Callable[..., argparse.ArgumentParser]) -> None:
    """The verb of the three lines, among those of `incident`."""
    ask = verb("defence", defence, _("the three lines of defence: what each measures, and whether it holds"))
    ask.add_argument("--group", metavar="GROUP", help=_("without it the current group"))


def defence(context: Context) -> None:
    """Print the three lines. Raises NotFound."""
    from qunguan.services import defence as service
    from qunguan.services import groups

    with context.desk() as desk:
        group = desk.read(groups.find, context.options.group)
        found = desk.read(service.lines, context.clock, group.id)
    document = {"group": {"id": group.id, "name": group.name}, "lines": list(map(_document, found))}
    context.answer(document, [group.name, *(text for line in found for text in _lines(line))])


def _document(line: Line) -> dict[str, Any]:
    return {
        "line": line.number,
        "id": line.id,
        "state": line.state,
        "value": line.value,
        "op": line.op,
        "threshold": line.threshold,
        "n": line.n,
        "now": line.now,
        "before": line.before,
        "today": line.today,
        "rule": line.rule,
        "source": line.source,
        "promotion_rests": line.holds_back,
        "incident": line.incident_id,
        "said": str(line.said),
        "does": _(line.does),
    }


def _lines(line: Line) -> list[str]:
    state = _(STATES[line.state])
    told = [
        labelled(f"{MARKS[line.state]} {line.number} {_(NAMES[line.id])}", state),
        f"    {line.said} ({Brief(line.source)})",
    ]
    if line.today_said:
        told.append(f"    {line.today_said}")
    if line.state in ("fires", "answered"):
        told.append(f"    → {_(line.does)}")
    return told
