"""Today's list of a group against the roster: who came, who left, who has another name (field U4, S4-30, S1-21)."""

from __future__ import annotations

from typing import Literal

from qunguan.domain.rosters import Reason, RowNote
from qunguan.i18n import N_, _
from qunguan.values import frozen

DiffKind = Literal["joined", "left", "renamed", "same", "unclear", "suggested"]

LEFT_REASONS: dict[str, str] = {
    "quality": N_("quality was not what it should be"),
    "dull": N_("the content was dull"),
    "interaction": N_("too little interaction"),
    "competitor": N_("went to a competitor"),
    "removed": N_("was removed"),
    "other": N_("another reason"),
    "unknown": N_("nobody knows why"),
}
"""Why people leave (S1-21), by the code that is stored; an owner's own words may stand there instead."""


def left_reason_text(stored: str) -> str:
    """Why somebody left, as people are told."""
    return _(LEFT_REASONS[stored]) if stored in LEFT_REASONS else stored


@frozen
class DiffEntry:
    """One difference. `key` names it among all of them; `name` is what they are called in the list, or in the roster
    for those who left; `was` the name before. `row` is the list's, None for who is not in it; of one who `left` it
    is the row that has the day they left.

    `joined` with a `member_id` is somebody known who comes back, or from another group; `suggested` is a pair of one
    who left and one who came that may be one person, `other_key` and `key` theirs.
    """

    kind: DiffKind
    key: str
    name: str
    evidence: Reason
    member_id: int | None = None
    was: str = ""
    row: int | None = None
    other_key: str = ""


@frozen
class RosterDiff:
    """What a list says. `listed` (without those who left, by the list) and `present` count people; `partial`: it is far
    too short to be the whole group.
    """

    group_id: int
    group: str
    listed: int
    present: int
    partial: bool
    joined: tuple[DiffEntry, ...]
    left: tuple[DiffEntry, ...]
    renamed: tuple[DiffEntry, ...]
    same: tuple[DiffEntry, ...]
    unclear: tuple[DiffEntry, ...] = ()
    suggested: tuple[DiffEntry, ...] = ()
    rejected: tuple[RowNote, ...] = ()

    @property
    def changes(self) -> tuple[DiffEntry, ...]:
        """What can be accepted without further ado."""
        return (*self.joined, *self.left, *self.renamed)


@frozen
class DiffApplied:
    """What accepting differences changed."""

    joined: int
    left: int
    renamed: int
