"""What a roster file would do to the members, and what it did."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from qunguan.domain.rosters import CellWarning, Reason, RowNote
from qunguan.values import frozen


@frozen
class FieldChange:
    """One field of a known member: `field` is one of `rosters.FIELDS` or the header of a free column."""

    field: str
    old: str
    new: str


@frozen
class NewMember:
    """A row of the file that is nobody yet."""

    row: int
    name: str


@frozen
class ChangedMember:
    """A row that changes a known member, field by field. `renamed`: the ID or phone matches, the name does not."""

    row: int
    member_id: int
    name: str
    changes: tuple[FieldChange, ...]
    renamed: bool = False


@frozen
class RosterPreview:
    """What applying a roster would do. `same` counts the rows that change nothing; rows count from 1.

    `row_notes` say what was changed of a row on the way in, `warnings` which of its cells were not taken, `notes` what
    concerns the whole.
    """

    format: str
    encoding: str
    new: tuple[NewMember, ...]
    changed: tuple[ChangedMember, ...]
    same: int
    rejected: tuple[RowNote, ...]
    notes: tuple[Reason, ...] = ()
    row_notes: tuple[RowNote, ...] = ()
    warnings: tuple[CellWarning, ...] = ()


@frozen
class RosterOutcome:
    """What applying a roster did, in numbers of members; `created_ids` are the new ones in the order of the file."""

    format: str
    encoding: str
    created: int
    updated: int
    unchanged: int
    rejected: tuple[RowNote, ...]
    notes: tuple[Reason, ...] = ()
    created_ids: tuple[int, ...] = ()
    warnings: tuple[CellWarning, ...] = ()


@dataclass(slots=True)
class MemberEdit:
    """The row changes that bring one member in line with a roster entry; empty when the member already is.

    `columns` are values of the member row; `aliases` are (kind, text) to open, `alias_updates` (alias id, text,
    valid_to); `tags` (category, name) to add. `stay` are values of a membership: the row `stay_id`, or a new one. An
    inviter below zero is the new member number -inviter - 1 of the same file.
    """

    changes: list[FieldChange] = field(default_factory=list)
    columns: dict[str, Any] = field(default_factory=dict)
    aliases: list[tuple[str, str]] = field(default_factory=list)
    alias_updates: list[tuple[int, str, date | None]] = field(default_factory=list)
    tags: list[tuple[str, str]] = field(default_factory=list)
    stay_id: int | None = None
    stay: dict[str, Any] = field(default_factory=dict)

    @property
    def needed(self) -> bool:
        """Whether anything changes."""
        return bool(self.columns or self.aliases or self.alias_updates or self.tags or self.stay)
