"""One row of a roster as a person: every text clean, every change said, nothing dropped in silence."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from qunguan.domain import text as texts
from qunguan.domain.errors import BadInput
from qunguan.domain.rosters import CellWarning, Reason, RosterEntry, RosterFormat
from qunguan.domain.tags import split_tags
from qunguan.exchange.readers import words
from qunguan.exchange.readers.birthdays import birthday_cell
from qunguan.exchange.readers.cells import ERRORS, code_cell, date_cell, is_nothing, phone_cell, text_cell
from qunguan.exchange.readers.headers import IGNORED, Mapping, check_width
from qunguan.exchange.readers.sheets import Row
from qunguan.i18n import N_

T = TypeVar("T")

_CLEANED = N_("{column}: {change}")
_LONGEST = 10_000  # as long as a cell may be; a name is measured after cleaning and refused, never cut


def person(row: Row, mapping: Mapping, kind: RosterFormat) -> RosterEntry:
    """The person in `row`; a cell that is not what its column holds is left out with a warning.

    Raises `BadInput` when there is no usable name, or the row has more cells than the header.
    """
    cells = _Cells(row, mapping)
    name = cells.name("remark" if kind == "wechatmsg_contacts" else None)
    joined_on, left_on = cells.read("joined_on", date_cell), cells.read("left_on", date_cell)
    if joined_on and left_on and left_on < joined_on:
        problem = N_("left on {left}, before joining on {joined}; neither day is taken")
        cells.warn("left_on", Reason.of(problem, left=left_on, joined=joined_on))
        joined_on = left_on = None
    tags, extra = cells.rest(kind)
    return RosterEntry(
        name=name,
        rows=(row.number,),
        wechat_id=cells.code("wechat_id"),
        wxid=cells.code("wxid"),
        phone=cells.read("phone", phone_cell) or "",
        joined_on=joined_on.isoformat() if joined_on else None,
        left_on=left_on.isoformat() if left_on else None,
        channel=cells.text("channel"),
        birthday=cells.read("birthday", birthday_cell),
        note=texts.clean_lines(cells.given("note")),
        tags=(*split_tags(cells.text("tags", texts.NOTE_LIMIT)), *tags),
        remark=cells.text("remark"),
        inviter=cells.text("inviter"),
        extra=extra,
        notes=tuple(cells.notes),
        warnings=tuple(cells.warnings),
    )


def plain_name(raw: str, column: str, notes: list[Reason]) -> str:
    """The name a member can be stored under; what was cleaned off it goes to `notes`.

    Raises `BadInput` for an empty name, one of invisible marks only, a failed formula and one above `NAME_LIMIT`.
    """
    name, changes = texts.cleaned(raw.strip(), _LONGEST)
    if not raw.strip():
        raise BadInput("there is no name")
    if not name or texts.is_blank(name):
        raise BadInput("the name has nothing to be seen in it")
    if name.upper() in ERRORS:
        raise BadInput("{name} is a failed formula, not a name", name=name)
    if len(name) > texts.NAME_LIMIT:
        raise BadInput("the name is longer than {limit} characters", limit=texts.NAME_LIMIT)
    notes.extend(Reason.of(_CLEANED, column=column, change=Reason(change)) for change in changes)
    return name


class _Cells:
    """The cells of one row by field, and what is to be told about them."""

    def __init__(self, row: Row, mapping: Mapping) -> None:
        self.row, self.mapping = row, mapping
        self.notes: list[Reason] = []
        self.warnings: list[CellWarning] = []
        check_width(row, mapping)

    def raw(self, field: str) -> str:
        """The text of a field as it stands in the cell, "" without a column."""
        column = self.mapping.column(field)
        return text_cell(self.row.cell(column)) if column is not None else ""

    def given(self, field: str) -> str:
        """The text of a field, "" where the cell only says that there is none."""
        raw = self.raw(field)
        if not raw or not is_nothing(raw):
            return raw
        if code_cell(raw).upper() in ERRORS:
            self.warn(field, Reason(N_("a failed formula")))
        return ""

    def header(self, field: str) -> str:
        """The head of a field's column, the field's own name without one."""
        column = self.mapping.column(field)
        return self.mapping.header[column] if column is not None else field

    def name(self, fallback: str | None) -> str:
        """The name, or where it is blank what the column of `fallback` says."""
        raw = self.raw("name")
        if fallback and not raw.strip():
            return plain_name(self.raw(fallback), self.header(fallback), self.notes)
        return plain_name(raw, self.header("name"), self.notes)

    def text(self, field: str, limit: int = texts.NAME_LIMIT) -> str:
        """The text of a field, cleaned."""
        return self.tidy(self.given(field), self.header(field), limit)

    def code(self, field: str) -> str:
        """The text of a field that is an ID or a number, cleaned."""
        return self.tidy(code_cell(self.given(field)), self.header(field), texts.NAME_LIMIT)

    def tidy(self, raw: str, column: str, limit: int) -> str:
        """A text without what cannot be stored; what was changed is noted."""
        if not raw:
            return ""
        value, changes = texts.cleaned(raw.strip(), limit)
        for change in changes:
            told = Reason.of(change, limit=limit) if change == texts.CUT else Reason(change)
            self.notes.append(Reason.of(_CLEANED, column=column, change=told))
        return value

    def read(self, field: str, cell: Callable[[str], T]) -> T | None:
        """What `cell` makes of the text of a field; None for an empty one, and for a bad one with a warning."""
        raw = self.given(field)
        try:
            return cell(raw) if raw else None
        except BadInput as error:
            self.warn(field, Reason.of("{problem}", problem=error))
            return None

    def warn(self, field: str, reason: Reason) -> None:
        """Say that the cell of a field is not taken."""
        value = texts.clean(self.raw(field).strip())
        self.warnings.append(CellWarning(self.row.number, self.header(field), value, reason))

    def rest(self, kind: RosterFormat) -> tuple[tuple[tuple[str, str], ...], dict[str, str]]:
        """(tags, extra) of the columns that are no field; WeCom's tag groups are columns of their own."""
        tags: list[tuple[str, str]] = []
        extra: dict[str, str] = {}
        for index, (column, field) in enumerate(zip(self.mapping.header, self.mapping.fields, strict=True)):
            raw = text_cell(self.row.cell(index))
            if field or field == IGNORED or not raw.strip():
                continue
            group = words.WECOM_TAG_GROUP.fullmatch(column) if kind == "wecom_customers" else None
            if group:
                tags.extend(split_tags(self.tidy(raw, column, texts.NOTE_LIMIT), group.group(1).strip()))
            else:
                extra[texts.clean(column)] = self.tidy(raw, column, texts.NOTE_LIMIT)
        return tuple(tags), extra
