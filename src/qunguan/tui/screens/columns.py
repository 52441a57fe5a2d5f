"""What the columns of a table mean: asked where the header says nothing, changed where it was understood wrong."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from qunguan.domain.rosters import FIELDS
from qunguan.i18n import _
from qunguan.tui.widgets.choose import Choice, Choose

if TYPE_CHECKING:
    from qunguan.exchange.readers.headers import Mapping, NeedsMapping
    from qunguan.tui.app import QunguanApp

_ASKED = ("name", "phone", "joined_on", "tags")
"""The fields of a roster that are asked for, one after the other, where a header says nothing."""
_SAMPLE = 3
_SHOWN = 20  # characters of a value shown beside its column
_EXTRA = "extra"

Rows = Sequence[Sequence[str]]
Labels = dict[str, str]


async def ask_fields(
    room: QunguanApp,
    needs: NeedsMapping,
    names: Labels = FIELDS,
    asked: Sequence[str] = _ASKED,
    needed: Sequence[str] = _ASKED[:1],
) -> Mapping | None:
    """What the columns mean, asked field by field with the first values of each column; None for Esc.

    `names` are the fields' labels; those `needed` must be there, the others may be none of the columns.
    """
    mapping = needs.guess
    for field in asked:
        free = [index for index, known in enumerate(mapping.fields) if not known]
        if field in mapping.fields or not free:
            continue
        choices = [Choice(str(index), mapping.header[index], _values(needs.sample, index)) for index in free]
        if field not in needed:
            choices.insert(0, Choice("", _("none of them")))
        chosen = await room.push_screen_wait(Choose(_("Which column holds: {field}?", field=_(names[field])), choices))
        if chosen is None:
            return None
        if chosen:
            mapping = mapping.told(int(chosen), field)
    return mapping


async def ask_column(room: QunguanApp, mapping: Mapping, sample: Rows) -> Mapping | None:
    """A column to be chosen, then what it means; None for Esc at either."""
    columns = [
        Choice(str(index), f"{head} = {_meaning(field)}", _values(sample, index))
        for index, (head, field) in enumerate(zip(mapping.header, mapping.fields, strict=True))
    ]
    column = await room.push_screen_wait(Choose(_("Which column means something else?"), columns))
    if column is None:
        return None
    from qunguan.exchange.readers.headers import IGNORED

    held = {field: head for head, field in zip(mapping.header, mapping.fields, strict=True)}
    meanings = [
        Choice(field, _(name), _("now: {column}", column=held[field]) if field in held else "")
        for field, name in FIELDS.items()
    ]
    meanings += [Choice(_EXTRA, _meaning("")), Choice(IGNORED, _meaning(IGNORED))]
    title = _("What does the column {column} hold?", column=mapping.header[int(column)])
    meant = await room.push_screen_wait(Choose(title, meanings))
    return None if meant is None else mapping.told(int(column), "" if meant == _EXTRA else meant)


def _meaning(field: str) -> str:
    if field in FIELDS:
        return _(FIELDS[field])
    return _("left out") if field else _("a free field")


def _values(sample: Rows, index: int) -> str:
    values = [row[index] for row in sample if index < len(row) and row[index].strip()]
    return " · ".join(value[:_SHOWN] for value in values[:_SAMPLE])
