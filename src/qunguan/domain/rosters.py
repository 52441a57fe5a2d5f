"""The words of a roster on its way in: people as a file names them, before they are anybody in the database."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, Literal

from qunguan.i18n import N_, _
from qunguan.values import frozen

if TYPE_CHECKING:
    from qunguan.domain.members import Birthday

RosterFormat = Literal["generic", "wecom_customers", "wechatmsg_contacts"]


@frozen
class Reason:
    """A sentence about one row, kept as message ID and values: `str()` says it in the language then in force.

    Values may be reasons or errors themselves.
    """

    what: str
    values: tuple[tuple[str, object], ...] = ()

    @classmethod
    def of(cls, what: str, /, **values: object) -> Reason:
        """The reason with its named places filled."""
        return cls(what, tuple(values.items()))

    def __str__(self) -> str:
        return _(self.what, **dict(self.values))


@frozen
class RowNote:
    """What is said about one row of a file: why it was refused, or why it was passed over. Rows count from 1.

    `str()` says the row with it.
    """

    row: int
    reason: Reason

    def __str__(self) -> str:
        return _("row {row}: {reason}", row=self.row, reason=self.reason)


@frozen
class CellWarning:
    """A cell that was not taken, while its row was: the field stays as it was. `column` is the header's text, `name`
    whose row it is, "" until they are looked up.
    """

    row: int
    column: str
    value: str
    reason: Reason
    name: str = ""


@frozen
class RosterEntry:
    """One person of a roster file. All texts are clean; "" and None mean the file does not say.

    `rows` are the file's rows that speak of this person (several when identical, or one per WeCom follower).
    `tags` are (group, name), the group "" when there is none. `joined_on` and `left_on` are ISO dates. `extra`
    holds the columns that are no field of ours, by header. `notes` say what was changed on the way in, `warnings` which
    cells were not taken.
    """

    name: str
    rows: tuple[int, ...]
    wechat_id: str = ""
    wxid: str = ""
    phone: str = ""
    joined_on: str | None = None
    left_on: str | None = None
    channel: str = ""
    birthday: Birthday | None = None
    note: str = ""
    tags: tuple[tuple[str, str], ...] = ()
    remark: str = ""
    inviter: str = ""
    extra: dict[str, str] = field(default_factory=dict)
    notes: tuple[Reason, ...] = ()
    warnings: tuple[CellWarning, ...] = ()

    @property
    def row(self) -> int:
        """The first row of the file that names this person, counted from 1."""
        return self.rows[0]


@frozen
class Roster:
    """A roster file as read. Every row below the header is in an entry, in `rejected` or in `skipped`.

    `columns` is header → field for the columns understood, `unmapped` the headers kept as free extra fields.
    """

    format: RosterFormat
    encoding: str
    header: tuple[str, ...]
    columns: dict[str, str]
    unmapped: tuple[str, ...]
    entries: tuple[RosterEntry, ...]
    rejected: tuple[RowNote, ...] = ()
    skipped: tuple[RowNote, ...] = ()
    notes: tuple[Reason, ...] = ()


FIELDS: dict[str, str] = {
    "name": N_("nickname"),
    "wechat_id": N_("WeChat ID"),
    "wxid": N_("wxid"),
    "phone": N_("phone"),
    "joined_on": N_("joined on"),
    "left_on": N_("left on"),
    "channel": N_("channel"),
    "birthday": N_("birthday"),
    "note": N_("note"),
    "tags": N_("tags"),
    "remark": N_("remark"),
    "inviter": N_("invited by"),
}
"""The fields a roster's columns can be mapped to, with the message ID of each one's name."""
