"""The cells of one row of an order sheet, by field: numbers of orders, money, moments, quantities, names."""

from __future__ import annotations

import re
from datetime import datetime, time

from qunguan.domain import text as texts
from qunguan.domain.errors import BadInput
from qunguan.domain.orders import MAX_FEN
from qunguan.exchange.readers.cells import code_cell, datetime_cell, folded, int_cell, is_nothing, money_cell, text_cell
from qunguan.exchange.readers.headers import IGNORED, Mapping
from qunguan.exchange.readers.orders_items import MAX_QUANTITY
from qunguan.exchange.readers.sheets import Row
from qunguan.i18n import N_
from qunguan.values import frozen

_YEARS = range(1990, 2201)
_POINT_ZERO = re.compile(r"(\d+)\.0+", re.ASCII)
_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?e\+?\d+", re.ASCII | re.IGNORECASE)
_SHORTENED = re.compile(r"\d{15}0{3,}", re.ASCII)  # Excel keeps 15 digits of a number
_NO_REFUND = frozenset(("无退款", "未退款", "没有退款", "不退款"))
_RETYPE = N_("Format the column as text in the spreadsheet and enter the number again.")


@frozen
class Cells:
    """One row under its header. `values` are the cells that say something, by field, their guards off."""

    row: Row
    mapping: Mapping
    values: dict[str, str]

    @classmethod
    def of(cls, row: Row, mapping: Mapping) -> Cells:
        """The cells of `row`; one that only says that there is nothing says nothing."""
        values = {}
        for field, cell in zip(mapping.fields, row.cells, strict=False):
            if cell and field and field != IGNORED:
                raw = text_cell(cell).strip()
                if raw and not is_nothing(raw):
                    values[field] = raw
        return cls(row, mapping, values)

    def has(self, field: str) -> bool:
        """Whether the sheet has a column for `field`."""
        return field in self.mapping.fields

    def head(self, field: str) -> str:
        """The header's text over `field`."""
        column = self.mapping.column(field)
        return self.mapping.header[column] if column is not None else field

    def given(self, field: str) -> str:
        """The text of a field, "" for none."""
        return self.values.get(field, "")

    def text(self, field: str, limit: int = texts.NOTE_LIMIT) -> str:
        """The text of a field as it may be stored."""
        raw = self.values.get(field)
        return texts.clean(raw, limit) if raw else ""

    def code(self, field: str) -> str:
        """An id or a number kept as text, guards and full-width digits undone."""
        raw = self.values.get(field)
        return texts.clean(folded(raw)) if raw else ""

    def number(self) -> str:
        """The order's number. Raises `BadInput` where there is none, or where a spreadsheet has cut it."""
        text = self.code("order_no")
        if not text:
            raise BadInput("there is no order number")
        if _SCIENTIFIC.fullmatch(text) or _SHORTENED.fullmatch(text):
            raise BadInput("the spreadsheet has shortened the order number to {value}", hint=_RETYPE, value=text)
        whole = _POINT_ZERO.fullmatch(text)
        return whole.group(1) if whole else text

    def money(self, field: str) -> int | None:
        """Money in fen, None for an empty cell. Raises `BadInput` for what is none, negative, or beyond `MAX_FEN`."""
        raw = self.given(field)
        if not raw:
            return None
        head = self.head(field)
        if field == "refund" and folded(raw) in _NO_REFUND:
            return 0
        try:
            fen = money_cell(raw)
        except BadInput as error:
            raise BadInput("{column}: {problem}", column=head, problem=error) from error
        if fen < 0:
            raise BadInput("{column}: {value} is less than nothing", column=head, value=folded(raw)[:40])
        if fen > MAX_FEN:
            raise BadInput("{column}: {value} cannot be one order", column=head, value=folded(raw)[:40])
        return fen

    def moment(self, field: str) -> datetime | None:
        """The moment on the wall clock, midnight where only the day is told, None for an empty cell; or `BadInput`."""
        raw = self.given(field)
        if not raw:
            return None
        try:
            day, clock = datetime_cell(raw)
        except BadInput as error:
            raise BadInput("{column}: {problem}", column=self.head(field), problem=error) from error
        if day.year not in _YEARS:
            raise BadInput("{column}: {value} cannot be its day", column=self.head(field), value=code_cell(raw)[:40])
        return datetime.combine(day, clock or time())

    def quantity(self) -> int:
        """How many pieces the row is about, 1 where it does not say. Raises `BadInput` for 0 and absurdly many."""
        raw = self.given("quantity")
        if not raw:
            return 1
        try:
            count = int_cell(re.sub(r"\D+$", "", folded(raw)) or raw, largest=MAX_QUANTITY)
        except BadInput as error:
            raise BadInput("{column}: {problem}", column=self.head("quantity"), problem=error) from error
        if count < 1:
            raise BadInput("{column}: {value} is no quantity", column=self.head("quantity"), value=folded(raw)[:40])
        return count
