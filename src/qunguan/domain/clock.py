"""Now, the zone and the day boundary. Nothing else in the program asks for the time.

A business day starts at `day_start` o'clock local time: before it, a moment still belongs to the day before
(semantics 3.1). `QUNGUAN_NOW=2026-03-01T20:00+08:00` freezes the clock for tests, demos and screenshots.
"""

from __future__ import annotations

import os
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from qunguan.domain.errors import BadInput
from qunguan.i18n import N_
from qunguan.values import frozen

DEFAULT_ZONE = "Asia/Shanghai"
WEEKDAYS = (N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"), N_("Fri"), N_("Sat"), N_("Sun"))  # Monday is 0


@frozen
class DayRule:
    """Where a business day begins: an IANA zone name and the hour (0-23) at which the day changes."""

    zone: str = DEFAULT_ZONE
    day_start: int = 0

    def biz_date(self, moment: datetime) -> date:
        """The business day an aware moment belongs to: date(local - day_start hours)."""
        local = moment.astimezone(ZoneInfo(self.zone)).replace(tzinfo=None)
        return (local - timedelta(hours=self.day_start)).date()

    def local(self, moment: datetime) -> datetime:
        """The moment on the wall clock of the zone (aware)."""
        return moment.astimezone(ZoneInfo(self.zone))


@frozen
class Clock:
    """Gives now (aware, UTC). `frozen` fixes it; None reads the system clock."""

    frozen: datetime | None = None

    @classmethod
    def from_environment(cls) -> Clock:
        """The clock `QUNGUAN_NOW` asks for, or the system's. Raises BadInput when the variable is not a moment."""
        text = os.environ.get("QUNGUAN_NOW")
        if not text:
            return cls()
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            raise BadInput(
                "QUNGUAN_NOW is not a date and time: {text}", hint="write it like 2026-03-01T20:00+08:00", text=text
            ) from None
        return cls(moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(DEFAULT_ZONE)))

    def now(self) -> datetime:
        """The present moment, aware, in UTC, whole seconds."""
        return (self.frozen or datetime.now(UTC)).astimezone(UTC).replace(microsecond=0)

    def today(self, rule: DayRule) -> date:
        """The business day it is now under `rule`."""
        return rule.biz_date(self.now())
