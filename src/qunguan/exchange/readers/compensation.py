"""A list of amends: 昵称 or 编号, 类型 (积分, 券, 现金, 实物), 数值 (points, or yuan), 说明, 凭证号, 状态 (S4-20).

The everyday list has no 类型: its column 积分 is points, its column 金额 or 元 is money.
"""

from __future__ import annotations

from functools import partial
from itertools import chain
from typing import Final

from qunguan.domain.errors import BadInput
from qunguan.domain.incident_compensation import Amends, CompensationRow, CompensationSheet, Kind
from qunguan.domain.text import NAME_LIMIT, NOTE_LIMIT, clean, is_blank
from qunguan.exchange.readers import headers, words
from qunguan.exchange.readers.cells import code_cell, folded, int_cell, is_money, money_cell, text_cell
from qunguan.exchange.readers.data_rows import read_rows, said_in
from qunguan.exchange.readers.headers import Mapping
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
_NO_AMOUNT: Final = N_("the row does not say how much")
_NO_WHO: Final = N_("the row does not say whom it is for")


def read_compensation(sheet: Sheet, mapping: Mapping | None = None) -> CompensationSheet:
    """The lines of a list. Amounts of money are in yuan, exact to the fen; columns 积分 and 金额 need no 类型, and a
    row that fills both is two lines.

    Raises NeedsMapping when the people, or what they get, are not recognised.
    """
    tries = (words.AMENDS, words.AMENDS_POINTS)
    top, columns = headers.find_people(sheet, mapping, tries, words.AMENDS_POINTS, _needed)
    rows, rejected, skipped = read_rows(sheet, top, lambda row: _read(row, columns))
    return CompensationSheet(sheet.encoding, tuple(chain.from_iterable(rows)), rejected, skipped, sheet.notes)


def _needed(found: Mapping) -> tuple[str, str]:
    what = "kind"
    if "kind" not in found.fields:
        what = "change" if "change" in found.fields else "amount" if _of_money(found) else "kind"
    return "member" if "member" in found.fields else "name", what


def _of_money(columns: Mapping) -> bool:
    """Whether the amounts are yuan by what stands above them."""
    place = columns.column("amount")
    return place is not None and words.plain(columns.header[place]) in words.AMENDS_MONEY


def _read(row: Row, columns: Mapping) -> list[CompensationRow]:
    told = partial(said_in, row, columns)
    who, given = _who(told("member"), told("name")), _given(told("state"))
    what, key = clean(text_cell(told("reason"))), clean(code_cell(told("key")))
    if "kind" in columns.fields:
        found = [_amends(told("kind"), told("amount"), told("change"))]
    else:
        found = _by_column(told("amount") if _of_money(columns) else "", told("change"))
    return [
        CompensationRow(
            row.number, who, Amends(each.kind, each.points, each.fen, clean(f"{each.what} {what}", NOTE_LIMIT), key),
            given,
        )
        for each in found
    ]  # fmt: skip


def _who(number: str, name: str) -> str:
    """Whom a row means: `#12` for a member's number, else the name."""
    code = folded(number).removeprefix("#")
    if code.isdecimal() and code.isascii():
        return f"#{int(code)}" if len(code) < 18 else f"#{code}"
    who = clean(text_cell(name) or text_cell(number), NAME_LIMIT)
    if is_blank(who):
        raise BadInput(_NO_WHO, hint="give the name or the member's number")
    return who


def _by_column(money: str, points: str) -> list[Amends]:
    """What a row gives by the columns it fills, where no column tells kinds."""
    found = [Amends("points", int_cell(points))] if points else []
    if money:
        found.append(Amends("money", None, money_cell(money)))
    if not found:
        raise BadInput(_NO_AMOUNT, hint="write the amount in yuan, or the points")
    return found


def worth(kind: Kind, amount: str) -> tuple[int | None, str]:
    """What an amount that is not points says: fen, or for a coupon or goods the words it consists of (满50减10).

    Raises BadInput for money that is no sum, and for a sum that cannot be.
    """
    if amount and kind != "money" and not is_money(amount):
        return None, clean(text_cell(amount), NOTE_LIMIT)
    return (money_cell(amount) if amount else None), ""


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
    fen, what = worth(found, amount)
    if fen is None and found == "money":
        raise BadInput(_NO_AMOUNT, hint="write the amount in yuan")
    return Amends(found, None, fen, what)


def _given(state: str) -> bool | None:
    """Whether a line says that they have it, None where it says nothing. Raises BadInput for a word nobody can be sure
    of.
    """
    word = "".join(folded(state).casefold().split())
    if not word:
        return None
    if word in _GIVEN or word in _WAITING:
        return word in _GIVEN
    hint = N_("write 已发 or 待发, or leave the cell empty")
    raise BadInput("“{value}” does not say whether it was handed over", hint=hint, value=word[:40])
