"""A list of contacts: a line each (昵称, 渠道, 联系方式, 同意), or a column for each channel (手机号, 邮箱, QQ号 …)."""

from __future__ import annotations

import re
from functools import partial
from typing import Final

from qunguan.domain.errors import BadInput
from qunguan.domain.reach import Channel, ContactRow, ContactSheet, channel_typed, channels
from qunguan.domain.rosters import Reason, RowNote
from qunguan.exchange.readers import headers, words
from qunguan.exchange.readers.cells import code_cell, folded, phone_cell, text_cell, tick_cell
from qunguan.exchange.readers.data_rows import read_rows, said_in, whose
from qunguan.exchange.readers.headers import Mapping
from qunguan.exchange.readers.sheets import Row, Sheet
from qunguan.i18n import N_

_SEVERAL: Final = re.compile("[；;]")
_YES: Final = frozenset(("同意", "已同意", "可以", "可联系", "授权", "已授权", "agreed"))
_NO: Final = frozenset(("不同意", "拒绝", "已拒绝", "勿扰", "不可以", "不可联系", "未同意", "未授权", "refused"))


def vocabulary() -> words.Vocabulary:
    """What heads the columns of a list, the channels' own columns among them."""
    return {**words.REACH, **{each.id: each.words for each in channels().values()}}


def read_contacts(sheet: Sheet, mapping: Mapping | None = None) -> ContactSheet:
    """The contacts of a list. An empty consent is a yes: who gave a number meant it; a no is kept as a no.

    Raises NeedsMapping when neither the people nor any way is recognised.
    """
    known = vocabulary()  # channels head columns as well as they stand in one: that one is looked for first
    top, columns = headers.find_people(sheet, mapping, (words.REACH, known), known, _needed)
    found, rejected, nobody = read_rows(sheet, top, lambda row: _read(row, columns))
    no_way = [RowNote(each.row, Reason(N_("no way is given"))) for each in found if not each.ways]
    skipped = sorted((*nobody, *no_way), key=lambda note: note.row)
    rows = tuple(each for each in found if each.ways)
    return ContactSheet(sheet.encoding, rows, rejected, tuple(skipped), sheet.notes)


def _needed(found: Mapping) -> tuple[str, ...]:
    who = "member" if "member" in found.fields else "name"
    wide = [each for each in channels() if each in found.fields]
    return (who,) if wide and "channel" not in found.fields else (who, "channel", "value")


def _read(row: Row, columns: Mapping) -> ContactRow:
    told = partial(said_in, row, columns)
    who = whose(told("member"), told("name"))
    ways = [
        (each.id, _value(each, part))
        for each in channels().values()
        for part in _SEVERAL.split(told(each.id))
        if part.strip()
    ]
    if told("channel"):
        channel = channel_typed(text_cell(told("channel")))
        if not told("value"):
            raise BadInput("there is nothing to write to", hint="give the number, address or account")
        ways.append((channel.id, _value(channel, told("value"))))
    return ContactRow(row.number, who, tuple(dict.fromkeys(ways)), _agreed(told("agreed")))


def _value(channel: Channel, told: str) -> str:
    if channel.form == "phone":
        return phone_cell(told)
    return code_cell(told) if channel.form != "digits" else folded(told)


def _agreed(told: str) -> bool:
    word = "".join(folded(told).casefold().split())
    if not word or word in _YES:
        return True
    return False if word in _NO else tick_cell(word)
