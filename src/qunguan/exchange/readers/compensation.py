"""A list of amends: 昵称 or 编号, 类型 (积分, 券, 现金, 实物), 数值 (points, or yuan), 说明, 凭证号, 状态 (S4-20)."""

from __future__ import annotations

from typing import Final

from qunguan.domain.errors import BadInput
from qunguan.domain.incident_compensation import Amends, CompensationRow, CompensationSheet, Kind
from qunguan.domain.rosters import Reason, RowNote
from qunguan.domain.text import NAME_LIMIT, NOTE_LIMIT, clean, is_blank
from qunguan.exchange.readers import headers, words
from qunguan.exchange.readers.cells import code_cell, folded, int_cell, is_nothing, money_cell, text_cell
from qunguan.exchange.readers.headers import Mapping, NeedsMapping
from qunguan.exchange.readers.sheets import Row, Sheet
from qunguan.i18n import N_

_KINDS: Final[dict[str, Kind]] = {
    **dict.fromkeys(("积分", "分", "积分补偿", "补积分", "送积分", "points", "point"), "points"),
    **dict.fromkeys(
        ("券", "优惠券", "代金券", "抵扣券", "无门槛券", "满减券", "红包券", "coupon", "voucher"), "coupon"
    ),
    **dict.fromkeys(("现金", "红包", "转账", "微信转账", "退款", "返现", "钱", "money", "cash", "refund"), "money"),
    **dict.fromkeys(
        ("实物", "礼品", "礼物", "赠品", "商品", "补发", "补货", "重发", "goods", "gift", "replacement"), "goods"
    ),
}
_WAITING: Final = frozenset(
    ("待发", "未发", "待发放", "未发放", "待兑现", "未兑现", "待补", "承诺", "已承诺", "promised", "waiting", "pending")
)
_GIVEN: Final = frozenset(
    (
        "已发",
        "已发放",
        "已兑现",
        "已转",
        "已转账",
        "已补",
        "已寄",
        "已完成",
        "完成",
        "delivered",
        "paid",
        "done",
        "sent",
    )
)
_NO_WHO: Final = N_("the row does not say whom it is for")


def read_compensation(sheet: Sheet, mapping: Mapping | None = None) -> CompensationSheet:
    """The lines of a list. Amounts of money are in yuan, exact to the fen; a column 积分 of numbers needs no 类型.

    Raises NeedsMapping when the people, or the kind and the points, are not recognised.
    """
    top, columns = _header(sheet, mapping)
    rows: list[CompensationRow] = []
    rejected: list[RowNote] = []
    skipped: list[RowNote] = []
    for row in sheet.rows[top + 1 :]:
        nobody = headers.not_data(row, sheet.rows[top])
        if nobody:
            skipped.append(RowNote(row.number, nobody))
            continue
        try:
            rows.append(_read(row, columns))
        except BadInput as error:
            rejected.append(RowNote(row.number, Reason.of("{problem}", problem=error)))
    return CompensationSheet(sheet.encoding, tuple(rows), tuple(rejected), tuple(skipped), sheet.notes)


def _header(sheet: Sheet, mapping: Mapping | None) -> tuple[int, Mapping]:
    """The header and its columns; a member's number may stand in the place of the name."""
    if mapping is not None:
        return headers.find_mapped(sheet, mapping, _needed(mapping)), mapping
    refusal: NeedsMapping | None = None
    for vocabulary in (words.AMENDS, words.AMENDS_POINTS):
        top = headers.find(sheet, vocabulary, needed=())[0]
        found = headers.recognise(sheet.rows[top].cells, words.AMENDS_POINTS)
        for column, head in enumerate(sheet.rows[top].cells):
            if words.plain(head) in words.OWN_SIGN:  # a list of ours: this column is who is meant
                found = found.told(column, "member")
        try:
            headers.find_mapped(sheet, found, _needed(found))
        except NeedsMapping as error:
            refusal = refusal or error
        else:
            return top, found
    assert refusal is not None
    raise refusal


def _needed(found: Mapping) -> tuple[str, str]:
    return (
        "member" if "member" in found.fields else "name",
        "change" if "change" in found.fields and "kind" not in found.fields else "kind",
    )


def _read(row: Row, columns: Mapping) -> CompensationRow:
    def told(field: str) -> str:
        place = columns.column(field)
        value = row.cell(place) if place is not None else ""
        return "" if is_nothing(value) else value

    amends = _amends(told("kind"), told("amount"), told("change"))
    what, key = clean(text_cell(told("reason")), NOTE_LIMIT), clean(code_cell(told("key")))
    return CompensationRow(
        row.number, _who(told("member"), told("name")), Amends(amends.kind, amends.points, amends.fen, what, key),
        _waits(told("state")),
    )  # fmt: skip


def _who(number: str, name: str) -> str:
    """Whom a row means: `#12` for a member's number, else the name."""
    code = folded(number).removeprefix("#")
    if code.isdecimal() and code.isascii():
        return f"#{int(code)}" if len(code) < 18 else f"#{code}"
    who = clean(text_cell(name) or text_cell(number), NAME_LIMIT)
    if is_blank(who):
        raise BadInput(_NO_WHO, hint="give the name or the member's number")
    return who


def _amends(kind: str, amount: str, points: str) -> Amends:
    if not kind and points:
        return Amends("points", int_cell(points))
    word = folded(kind).casefold()
    found = _KINDS.get(word)
    if found is None:
        hint = N_("write 积分, 券, 现金 or 实物")
        raise BadInput("“{value}” is no kind of amends", hint=hint, value=word[:40] or "—")
    if found == "points":
        return Amends("points", int_cell(amount or points))
    fen = money_cell(amount) if amount else None
    if fen is None and found == "money":
        raise BadInput("the row does not say how much", hint="write the amount in yuan")
    return Amends(found, None, fen)


def _waits(state: str) -> bool:
    """Whether a line says that it was promised only. Raises BadInput for a word nobody can be sure of."""
    word = "".join(folded(state).casefold().split())
    if not word or word in _GIVEN:
        return False
    if word in _WAITING:
        return True
    hint = N_("write 已发 or 待发, or leave the cell empty")
    raise BadInput("“{value}” does not say whether it was handed over", hint=hint, value=word[:40])
