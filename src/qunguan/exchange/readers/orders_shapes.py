"""Which shop an order sheet is from, which column is which, and what such a sheet cannot tell (formats 11)."""

from __future__ import annotations

import re

from qunguan.domain import text as texts
from qunguan.domain.orders import Shop
from qunguan.domain.rosters import Reason
from qunguan.exchange.readers import headers, words
from qunguan.exchange.readers.headers import Mapping, NeedsMapping
from qunguan.exchange.readers.sheets import Row, Sheet
from qunguan.i18n import N_

NEEDED = ("order_no", "buyer", "amount")
"""What a sheet of no shop known here must have; shops get along with what stands for it (`_STAND_INS`)."""

_STAND_INS = {"buyer": ("receiver",), "amount": ("goods", "item_amount")}
_SEARCHED = 30
_TELLABLE = ("buyer", "amount", "paid_at", "status", "refund", "items", "phone", "freight")
_TOTAL = re.compile(
    r"(?:本页|当页|全部)?(?:合计|总计|小计|共计|总数|订单数|订单总数|合计金额|total|sum)[:：]?\s*(?:共)?\s*[￥¥]?[\d,.]*\s*[单笔个件元]?"
    r"|共\s*\d+\s*[单笔个件].*",
    re.IGNORECASE,
)
_NO_TITLE = re.compile(
    r"(?:(?:work)?sheet|工作表|table)\s*\d*|(?:我的|全部|所有|商品|团购|接龙|跨团|快团团|群接龙|有赞)*(?:订单|商品|数据)(?:列表|明细|数据|导出|信息|详情|记录|表|汇总|报表)*"
    r"|.*导出.*|\d[\d\s./年月日:：~至-]*",
    re.IGNORECASE,
)
_TITLE_LABEL = re.compile(r"\s*(?:团|团购|接龙|活动)?(?:名称|标题|主题)\s*[:：]\s*")


def shop_of(sheet: Sheet) -> Shop:
    """The shop whose words head the columns; `generic` for everybody else's."""
    for row in sheet.rows[:_SEARCHED]:
        cells = {words.plain(cell) for cell in row.cells}
        for shop, signs in words.SHOP_SIGNS.items():
            if any(cells >= sign for sign in signs):
                return shop  # type: ignore[return-value]
    return "generic"


def find_columns(sheet: Sheet, shop: Shop, mapping: Mapping | None) -> tuple[int, Mapping]:
    """(index of the header in `sheet.rows`, what its columns mean), `mapping` as the owner told it.

    Raises `NeedsMapping` where the order number, the buyer or the amount has no column; 快团团's packing lists need no
    amount.
    """
    try:
        if mapping:
            top = headers.find_mapped(sheet, mapping, ("order_no",))
        else:
            top, mapping = headers.find(sheet, words.ORDERS, ("order_no",))
    except NeedsMapping as refusal:
        raise _asking(refusal.where, refusal.guess, refusal.sample) from None
    optional = ("amount",) if shop == "ktt" else ()
    for field in NEEDED:
        if field not in optional and not any(name in mapping.fields for name in (field, *_STAND_INS.get(field, ()))):
            sample = tuple(row.cells for row in sheet.rows[top + 1 : top + 6])
            raise _asking(sheet.at(sheet.rows[top].number), mapping, sample)
    return top, mapping


def _asking(where: str, guess: Mapping, sample: tuple[tuple[str, ...], ...]) -> NeedsMapping:
    hint = N_("Say which columns hold the order number, the buyer and the amount; it is remembered for such files.")
    return NeedsMapping("the columns are not recognised: {header}", where=where, guess=guess, sample=sample, hint=hint)


def not_an_order(row: Row, header: Row, mapping: Mapping) -> Reason | None:
    """Why a row below the header is no order: a total, or the header once more. None for a row of data."""
    if row.cells == header.cells:
        return Reason(N_("the header once more"))
    number = row.cell(mapping.column("order_no") or 0).strip()
    first = number or next(cell.strip() for cell in row.cells if cell.strip())
    return Reason(N_("a total, not an order")) if _TOTAL.fullmatch(first) else None


def lacking(mapping: Mapping) -> tuple[str, ...]:
    """The fields of an order for which the sheet has no column, nor one that stands for it."""
    stand_ins = {"amount": ("goods", "item_amount"), "paid_at": ("ordered_at",)}
    return tuple(
        field for field in _TELLABLE if not any(name in mapping.fields for name in (field, *stand_ins.get(field, ())))
    )


def numbers_begin_again(mapping: Mapping) -> bool:
    """Whether the order numbers count within one list only: 跟团号, 接龙号, 序号."""
    column = mapping.column("order_no")
    return column is not None and words.plain(mapping.header[column]) in words.LIST_NUMBERS


def title_of(sheet: Sheet, top: int) -> str:
    """The name of the 团 or list above the header or on the worksheet's tab; "" where it says nothing of its own."""
    above = [[cell.strip() for cell in row.cells if cell.strip()] for row in sheet.rows[:top]]
    titles = [cells[0] for cells in above if len(set(cells)) == 1]
    for title in (*titles, sheet.title):
        bare = texts.clean(_TITLE_LABEL.sub("", title, count=1).strip(), texts.NOTE_LIMIT)
        if bare and not _NO_TITLE.fullmatch(bare):
            return bare
    return ""
