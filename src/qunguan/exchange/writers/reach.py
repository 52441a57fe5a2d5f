"""The reach list as a table: who can be written to how, a column for each channel. A reach import reads it back."""

from __future__ import annotations

from collections.abc import Sequence

from qunguan.domain.reach import ReachLine, channels
from qunguan.exchange.writers.tables import Column, Table, Value
from qunguan.i18n import _


def reach_table(lines: Sequence[ReachLine], title: str = "") -> Table:
    """These members with their ways; a channel nobody has is no column. Several values of one stand as 甲；乙."""
    there = [each for each in channels().values() if any(each.id in line.ways for line in lines)]
    columns = (
        Column("id", _("member id"), "int"),
        Column("name", _("name")),
        *(Column(each.id, each.words[0]) for each in there),
    )
    rows: list[tuple[Value, ...]] = [
        (line.member_id, line.name, *("；".join(line.ways.get(each.id, ())) for each in there)) for line in lines
    ]
    return Table(title or _("Reach list"), columns, rows)
