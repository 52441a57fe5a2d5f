"""Who brought whom: a table 邀请人, 被邀请人, 时间, or lines such as `阿梨 邀请 小满` and what WeChat itself says."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from qunguan.domain.errors import BadInput
from qunguan.domain.referrals import InviteRow
from qunguan.domain.rosters import Reason, RowNote
from qunguan.domain.text import clean, is_blank
from qunguan.exchange.readers import headers, words
from qunguan.exchange.readers.cells import datetime_cell, is_nothing, text_cell
from qunguan.exchange.readers.data_rows import read_rows
from qunguan.exchange.readers.decode import decode
from qunguan.exchange.readers.headers import Mapping
from qunguan.exchange.readers.sheets import Row, Sheet, sheet_from_bytes
from qunguan.i18n import N_
from qunguan.values import frozen

_NEEDED = ("inviter", "invitee")
_LONGEST = 200
# “阿梨”邀请“小满”加入了群聊 · 阿梨 邀请 小满 2026-03-01 · 阿梨 -> 小满
_LINE = re.compile(r"^(?P<inviter>.+?)\s*(?:邀请了?|拉来了?|带来了?|->|→|=>)\s*(?P<invitee>.+?)(?:加入了?群聊)?$")
_WHEN = re.compile(r"[\s,，(（]+(?P<when>\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?(?:\s+\d{1,2}:\d{2}(?::\d{2})?)?)[)）]?$")
_QUOTES = "\"'“”‘’「」"


@frozen
class InviteSheet:
    """The invitations of a file, and the rows that could not be read."""

    rows: tuple[InviteRow, ...]
    rejected: tuple[RowNote, ...]


def invites_of(data: bytes, name: str, zone: str) -> InviteSheet:
    """The invitations of a table, or of lines where no header names both people. Raises BadInput, NeedsMapping."""
    sheet = sheet_from_bytes(data, name)
    return lines_in(data, sheet, zone) or read_invites(sheet, zone)


def lines_in(data: bytes, sheet: Sheet, zone: str) -> InviteSheet | None:
    """The invitations of a file of lines, `sheet` being the same data as a table; None where it is a table, a workbook,
    or no line is an invitation."""
    if is_table(sheet) or sheet.format == "xlsx":
        return None
    return lines_of(decode(data, words.KNOWN, sheet.name).text, zone)


def is_table(sheet: Sheet) -> bool:
    """Whether a header names the inviter and the invitee."""
    fields = headers.find(sheet, words.INVITES, needed=())[1].fields
    return all(field in fields for field in _NEEDED)


def read_invites(sheet: Sheet, zone: str, mapping: Mapping | None = None) -> InviteSheet:
    """The invitations of a table; times are of the clock of `zone`. Raises NeedsMapping when the two names are not
    recognised.
    """
    if mapping:
        top, columns = headers.find_mapped(sheet, mapping, _NEEDED), mapping
    else:
        top, columns = headers.find(sheet, words.INVITES, needed=_NEEDED)
    rows, rejected, _totals = read_rows(sheet, top, lambda row: _row(row, columns, zone))
    return InviteSheet(rows, rejected)


def _row(row: Row, columns: Mapping, zone: str) -> InviteRow:
    def told(field: str) -> str:
        place = columns.column(field)
        return row.cell(place) if place is not None else ""

    inviter, invitee = (clean(text_cell(told(field)), _LONGEST) for field in _NEEDED)
    if is_blank(inviter) or is_blank(invitee):
        raise BadInput("the row does not name both people", hint="Give the inviter and the invitee.")
    day, at = (None, None) if is_nothing(told("joined")) else _moment(told("joined"), zone)
    return InviteRow(row.number, inviter, invitee, day, at)


def _moment(text: str, zone: str) -> tuple[date | None, datetime | None]:
    """The day, and the moment where a time is told: then the group's own day follows from it."""
    day, at = datetime_cell(text)
    if at is None or at == time():
        return day, None
    return None, datetime.combine(day, at, ZoneInfo(zone))


def lines_of(text: str, zone: str) -> InviteSheet | None:
    """The invitations of lines; None when no line is one."""
    rows, rejected = [], []
    for number, line in enumerate(text.splitlines(), start=1):
        if is_blank(line):
            continue
        told = unicodedata.normalize("NFC", line.strip())
        when = _WHEN.search(told)
        found = _LINE.match(told[: when.start()] if when else told)
        names = [clean(found[name].strip().strip(_QUOTES), _LONGEST) for name in _NEEDED] if found else []
        if not names or any(is_blank(name) for name in names):
            rejected.append(RowNote(number, Reason.of(N_("the line does not say who invited whom"))))
            continue
        try:
            day, at = _moment(when["when"], zone) if when else (None, None)
        except BadInput as error:
            rejected.append(RowNote(number, Reason.of("{problem}", problem=error)))
            continue
        rows.append(InviteRow(number, names[0], names[1], day, at))
    return InviteSheet(tuple(rows), tuple(rejected)) if rows else None
