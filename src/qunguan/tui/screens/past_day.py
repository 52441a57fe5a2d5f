"""Rooms that are one list of a day: today's, or that of a day before."""

from __future__ import annotations

from datetime import date, timedelta

from qunguan.i18n import _
from qunguan.tui.screens.listing import ListScreen

_DAY = timedelta(days=1)


class PastDayScreen(ListScreen):
    """A list as of today; `[` and `]` lead to the days before, `.` leads back."""

    past_day: date | None = None
    """The day looked at, None where it follows the clock."""

    @property
    def day(self) -> date:
        """The day looked at."""
        return self.past_day or self.room.today

    def blocked(self, verb: str) -> str:
        """The day after today is not there yet."""
        return _("this is today already") if verb in ("next", "now") and self.past_day is None else ""

    async def turned(self) -> None:
        """Show the other day."""
        await self.show()

    async def do_prev(self) -> None:
        """As of the day before."""
        self.past_day = self.day - _DAY
        await self.turned()

    async def do_next(self) -> None:
        """As of the day after."""
        after = self.day + _DAY
        self.past_day = after if after < self.room.today else None
        await self.turned()

    async def do_now(self) -> None:
        """Back to today."""
        self.past_day = None
        await self.turned()
