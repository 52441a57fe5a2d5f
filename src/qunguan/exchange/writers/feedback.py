"""Feedback out: a sheet of everything that was said, with what was done about it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from qunguan.domain.clock import DayRule
from qunguan.domain.feedback import KINDS, SEVERITIES, STATES, STEPS, Feedback, lasted
from qunguan.domain.feedback_categories import named
from qunguan.exchange.writers.tables import Column, Table
from qunguan.i18n import _


def feedback_table(found: Iterable[Feedback], rule: DayRule) -> Table:
    """A row for each, moments on the clock of `rule`; the sheet can be imported again."""
    columns = (
        Column("id", _("id"), "int"),
        Column("name", _("who said it")),
        Column("when", _("said at")),
        Column("kind", _("kind of feedback")),
        Column("text", _("what was said")),
        Column("category", _("category")),
        Column("severity", _("how urgent")),
        Column("channel", _("where it was said")),
        Column("state", _("state")),
        Column("answered", _("first answer after")),
        Column("settled", _("settled after")),
        Column("steps", _("what was done")),
    )
    rows = [_cells(one, rule) for one in found]
    return Table(_("Feedback"), columns, rows)


def _cells(one: Feedback, rule: DayRule) -> tuple[str | int, ...]:
    def at(moment: datetime) -> str:
        return f"{rule.local(moment):%Y-%m-%d %H:%M}"

    def after(moment: datetime | None) -> str:
        return "" if moment is None else lasted(int((moment - one.told_at).total_seconds()))

    done = "\n".join(f"{at(step.at)} {_(STEPS[step.kind])} {step.text}".rstrip() for step in one.steps)
    return (
        one.id, one.name, at(one.told_at), _(KINDS[one.kind]), one.text, named(one.category),
        _(SEVERITIES[one.severity]), one.channel, _(STATES[one.state]), after(one.answered_at),
        after(one.settled_at), done,
    )  # fmt: skip
