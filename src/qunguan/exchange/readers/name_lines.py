"""A list of members that is nothing but names, one a line, as it is copied from a chat's member list."""

from __future__ import annotations

from pathlib import Path

from qunguan.domain.errors import BadInput
from qunguan.domain.rosters import Reason, Roster, RosterEntry, RowNote
from qunguan.domain.text import NAME_LIMIT, clean, is_blank
from qunguan.exchange.readers import headers, words
from qunguan.exchange.readers.decode import decode, read_bytes
from qunguan.exchange.readers.rosters import vocabulary
from qunguan.exchange.readers.sheets import Sheet, sheet_from_bytes
from qunguan.i18n import N_

_BOOK = b"PK\x03\x04"


def read_list(path: str) -> Sheet | Roster:
    """What stands in a file (`-`: standard input): a table where it has a header, else a name on each line.

    Raises BadInput as `read_sheet` does.
    """
    data = read_bytes(path)
    name = "-" if path == "-" else Path(path).name
    if data.startswith(_BOOK):
        return sheet_from_bytes(data, name)
    decoded = decode(data, words.KNOWN, name)
    lines = [line for line in decoded.text.splitlines() if not is_blank(line)]
    if not lines:
        raise BadInput("the table is empty", where=name, hint="Check that it is the right file and was saved.")
    return _table(data, name) or names_from(decoded.text, decoded.encoding)


def list_from(text: str, name: str = "") -> Sheet | Roster:
    """What was pasted, likewise. Raises BadInput when nothing was."""
    if is_blank(text):
        raise BadInput("the table is empty", where=name, hint="Check that it is the right file and was saved.")
    return _table(text.encode(), name) or names_from(text)


def _table(data: bytes, name: str) -> Sheet | None:
    """The table, where it has a header that is understood or could be explained."""
    try:
        sheet = sheet_from_bytes(data, name)
        headers.find(sheet, vocabulary(sheet))
    except BadInput:
        return None
    return sheet


def names_from(text: str, encoding: str = "utf-8") -> Roster:
    """Pasted names, one a line; blank lines are passed over, what is too long for a name is refused."""
    entries: list[RosterEntry] = []
    rejected: list[RowNote] = []
    for number, line in enumerate(text.splitlines(), 1):
        if is_blank(line):
            continue
        name = clean(line, len(line))
        if len(name) > NAME_LIMIT or is_blank(name):
            reason = Reason.of(N_("longer than a name may be: {length} characters"), length=len(name))
            rejected.append(RowNote(number, reason))
        else:
            entries.append(RosterEntry(name, (number,)))
    return Roster("generic", encoding, (), {}, (), tuple(entries), tuple(rejected))
