"""What goes to the calendar of a phone, which reminds when the terminal is closed."""

from __future__ import annotations

from datetime import date, datetime

from qunguan.values import frozen


@frozen
class Event:
    """One entry. `uid` stays the same from export to export, so that a calendar replaces what it has.

    `starts` is an aware moment with `minutes` of length, or the first of `days` whole days. `reminds` rings at the
    start. `kind` is for people: task, post, campaign.
    """

    uid: str
    title: str
    starts: datetime | date
    minutes: int = 0
    days: int = 1
    text: str = ""
    kind: str = ""
    reminds: bool = True
