"""Rosters in: a spreadsheet of members, the WeCom customer list, WeChatMsg's `contacts.csv` (formats 3.7, 12, 13).

Nobody is lost on the way: every row below the header becomes part of an entry, or is listed with the reason.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from qunguan.domain.errors import BadInput
from qunguan.domain.rosters import Reason, Roster, RosterEntry, RosterFormat, RowNote
from qunguan.exchange.readers import headers, words
from qunguan.exchange.readers.headers import IGNORED, Mapping
from qunguan.exchange.readers.people import People, merge_followers
from qunguan.exchange.readers.persons import person
from qunguan.exchange.readers.sheets import HEAD_ROWS, Row, Sheet
from qunguan.i18n import N_
from qunguan.values import frozen

# fmt: off
_SYSTEM_ACCOUNTS = frozenset((
    "weixin", "filehelper", "fmessage", "medianote", "floatbottle", "newsapp", "qmessage", "qqmail", "tmessage",
    "qqsync", "mphelper", "notifymessage", "brandsessionholder", "exmail_tool", "officialaccounts",
    "notification_messages", "helper_entry",
))
# fmt: on


@frozen
class _Kind:
    """One format: the header words that give it away, its vocabulary, and which of its rows are nobody."""

    format: RosterFormat
    signs: tuple[str, ...]
    vocabulary: words.Vocabulary
    nobody: Callable[[Row, Mapping], Reason | None] = lambda row, mapping: None


def _no_contact(row: Row, mapping: Mapping) -> Reason | None:
    """WeChatMsg lists chat rooms, public accounts and WeChat's own helpers among the contacts."""
    column = mapping.column("wxid")
    account = row.cell(column).strip() if column is not None else ""
    if account.endswith("@chatroom"):
        return Reason(N_("a group chat, not a person"))
    if account.startswith("gh_"):
        return Reason(N_("a public account, not a person"))
    if account in _SYSTEM_ACCOUNTS or account.endswith("@app"):
        return Reason(N_("one of WeChat's own accounts"))
    return None


_GENERIC = _Kind("generic", (), words.ROSTER)
_KINDS = (
    _Kind("wecom_customers", words.WECOM_SIGNS, words.WECOM),
    _Kind("wechatmsg_contacts", words.WECHATMSG_SIGNS, words.WECHATMSG, _no_contact),
)


def read_roster(sheet: Sheet, mapping: Mapping | None = None) -> Roster:
    """The people in `sheet`. `mapping` says what its columns mean where the owner has been asked.

    Raises `NeedsMapping` when no column is the name, `BadInput` when `mapping` is for another header.
    """
    kind = _kind(sheet)
    if mapping:
        top = headers.find_mapped(sheet, mapping)
    else:
        top, mapping = headers.find(sheet, kind.vocabulary)
    rejected: list[RowNote] = []
    skipped: list[RowNote] = []
    found: list[RosterEntry] = []
    for row in sheet.rows[top + 1 :]:
        nobody = headers.not_data(row, sheet.rows[top]) or kind.nobody(row, mapping)
        if nobody:
            skipped.append(RowNote(row.number, nobody))
            continue
        try:
            found.append(person(row, mapping, kind.format))
        except BadInput as error:
            rejected.append(RowNote(row.number, Reason.of("{problem}", problem=error)))
    entries, doubled = _together(kind.format, found)
    return Roster(
        format=kind.format,
        encoding=sheet.encoding,
        header=mapping.header,
        columns=mapping.columns(),
        unmapped=mapping.unmapped(),
        entries=entries,
        rejected=tuple(sorted((*rejected, *doubled), key=lambda note: note.row)),
        skipped=tuple(skipped),
        notes=sheet.notes,
    )


def vocabulary(sheet: Sheet) -> words.Vocabulary:
    """The words that head the columns of such a file."""
    return _kind(sheet).vocabulary


def mapping_of(roster: Roster) -> Mapping:
    """What the columns of a roster were taken for."""
    other = dict.fromkeys(roster.unmapped, "")
    return Mapping(roster.header, tuple((roster.columns | other).get(head, IGNORED) for head in roster.header))


def _kind(sheet: Sheet) -> _Kind:
    for row in sheet.rows[:HEAD_ROWS]:
        cells = {words.plain(cell) for cell in row.cells}
        for kind in _KINDS:
            if cells.issuperset(kind.signs):
                return kind
    return _GENERIC


def _together(kind: RosterFormat, found: Iterable[RosterEntry]) -> tuple[tuple[RosterEntry, ...], list[RowNote]]:
    if kind == "wecom_customers":
        return merge_followers(found)
    people = People()
    for entry in found:
        people.add(entry)
    return people.entries(), people.doubled
