"""Entries and what reverses what: the parts `points_book` asks about reversals of reversals. No SQL, no clock, no lots.

An entry, what reverses it, what reverses that, and so on, are its tree: together they say what of it stands.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from qunguan.domain.points_lots import Entry


class EntryTree:
    """The entries of a member by id; `children` are the ids of what reverses an entry, in the order they were made."""

    def __init__(self) -> None:
        self.entries: dict[int, Entry] = {}
        self.children: dict[int, list[int]] = {}

    def effective(self, entry: Entry) -> int:
        """What of an entry stands: its amount without what was reversed and not restored."""
        children = self.children.get(entry.id, ())
        return entry.amount - sum(self.effective(self.entries[child]) for child in children)

    def is_own(self, entry: Entry) -> bool:
        """Whether the book itself posted the entry: an expiry, or what followed from it."""
        return self._root(entry).kind == "EXPIRE"

    def changed_on(self, entry: Entry) -> date:
        """The last day on which the entry, or anything it reverses or is reversed by, took or gave points."""
        parts = list(self._tree(self._root(entry)))
        return max(
            *(part.day for part in parts), entry.day, *(day for part in parts for _lot, _amount, day in part.allocs)
        )

    def _add(self, entry: Entry) -> Entry:
        self.entries[entry.id] = entry
        if entry.reverses_id is not None:
            self.children.setdefault(entry.reverses_id, []).append(entry.id)
        return entry

    def _tree(self, entry: Entry) -> Iterator[Entry]:
        """The entry, what reverses it, what reverses that, and so on; oldest first within each branch."""
        yield entry
        for child in self.children.get(entry.id, ()):
            yield from self._tree(self.entries[child])

    def _root(self, entry: Entry) -> Entry:
        while entry.reverses_id is not None:
            entry = self.entries[entry.reverses_id]
        return entry

    def _line(self, entry: Entry) -> Iterator[Entry]:
        """The entry, then what it restores by reversing a reversal of it, and so on up."""
        yield entry
        while entry.reverses_id is not None and (entry := self.entries[entry.reverses_id]).reverses_id is not None:
            entry = self.entries[entry.reverses_id]
            yield entry

    def _taken(self, entry: Entry) -> dict[int, int]:
        """Lot id -> what the tree of an entry takes from the lot in sum, in the order in which it came to the lots;
        negative is given.
        """
        taken: dict[int, int] = {}
        for part in self._tree(entry):
            for lot_id, amount, _day in part.allocs:
                taken[lot_id] = taken.get(lot_id, 0) + amount
        return taken

    def _net(self, entry: Entry) -> dict[int, int]:
        """`_taken`, with a lot that a reversal in the tree reinstated as given."""
        net = self._taken(entry)
        for part in self._tree(entry):
            if part.is_lot:
                net[part.id] = net.get(part.id, 0) - part.amount
        return net
