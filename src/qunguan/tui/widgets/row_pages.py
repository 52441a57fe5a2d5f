"""The rows of a long list, a page at a time: what is near the eye is held, the rest stays in the database."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Collection, Sequence
from typing import Protocol, runtime_checkable

from qunguan.tui.widgets.table_cells import Row

PAGE = 128
"""Rows asked for at a time: one costs the database about what 40 do."""
MAX_PAGES = 16
"""Pages held; two thousand rows, whatever the list's length."""


class RowSource(Protocol):
    """A sorted, filtered view of a list. It does not change: another order or filter is another source."""

    @property
    def count(self) -> int:
        """How many rows the view has."""
        ...

    async def fetch(self, start: int, size: int) -> Sequence[Row]:
        """Rows `start` to `start + size`, fewer at the end; the work is done on the database thread."""
        ...


@runtime_checkable
class KeyedSource(RowSource, Protocol):
    """A source that can tell where a row is, so that the cursor finds it again anywhere in the list."""

    async def find(self, key: int) -> int | None:
        """The index of the row with this key, or None."""
        ...


class RowPages:
    """The pages of one source that are held or on their way. Belongs to the event loop; never blocks it."""

    def __init__(
        self,
        source: RowSource,
        arrived: Callable[[RowPages, Sequence[int]], None],
        failed: Callable[[BaseException], None],
    ) -> None:
        self.source = source
        self._arrived, self._failed = arrived, failed
        self._pages: OrderedDict[int, tuple[Row, ...]] = OrderedDict()
        self._stale: set[int] = set()
        self._coming: dict[int, asyncio.Task[None]] = {}

    def row(self, index: int) -> Row | None:
        """The row at `index`, or None while it is not here. A changed row is the old one until the new one comes."""
        number, offset = divmod(index, PAGE)
        page = self._pages.get(number)
        if page is None:
            return None
        self._pages.move_to_end(number)
        return page[offset] if offset < len(page) else None

    def indexes_of(self, keys: Collection[int]) -> list[int]:
        """Where the rows with these keys are, among the rows held."""
        return [
            number * PAGE + offset
            for number, page in self._pages.items()
            for offset, row in enumerate(page)
            if row.key in keys
        ]

    def want(self, first: int, end: int) -> list[asyncio.Task[None]]:
        """Ask for every missing page of rows `first` to `end`; the tasks still under way for them."""
        last = min(end, self.source.count) - 1
        tasks = []
        for number in range(max(0, first) // PAGE, last // PAGE + 1):
            if number in self._pages and number not in self._stale:
                continue
            if number not in self._coming:
                task = self._coming[number] = asyncio.create_task(self._load(number))
                task.add_done_callback(self._done)
            tasks.append(self._coming[number])
        return tasks

    async def ready(self, first: int, end: int, patience: float) -> None:
        """Wait for rows `first` to `end`, at most `patience` seconds; no wait at all when they are here."""
        if tasks := self.want(first, end):
            await asyncio.wait(tasks, timeout=patience)

    def outdate(self, keys: Collection[int] | None) -> None:
        """Mark the pages with these rows (None: all) as to be fetched again; what is under way is too old."""
        for number, page in self._pages.items():
            if keys is None or any(row.key in keys for row in page):
                self._stale.add(number)
        self.close()

    def close(self) -> None:
        """Forget what is under way: its rows are dropped when they come."""
        for task in self._coming.values():
            task.cancel()
        self._coming.clear()

    async def _load(self, number: int) -> None:
        rows = tuple(await self.source.fetch(number * PAGE, PAGE))
        del self._coming[number]
        self._stale.discard(number)
        old = self._pages.get(number, ())
        self._pages[number] = rows
        self._pages.move_to_end(number)
        if len(self._pages) > MAX_PAGES:
            self._stale.discard(self._pages.popitem(last=False)[0])
        self._arrived(self, [number * PAGE + n for n, row in enumerate(rows) if n >= len(old) or row != old[n]])

    def _done(self, task: asyncio.Task[None]) -> None:
        if task.cancelled() or (error := task.exception()) is None:
            return
        for number in [n for n, coming in self._coming.items() if coming is task]:
            del self._coming[number]
        self._failed(error)
