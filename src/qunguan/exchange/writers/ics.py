"""Events out as an iCalendar file (RFC 5545), for the calendar of a phone or a mail program."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from qunguan import __version__
from qunguan.domain.calendar_events import Event
from qunguan.domain.errors import BadInput
from qunguan.domain.text import show
from qunguan.exchange.writers.atomic import atomic_write

if TYPE_CHECKING:
    from icalendar import Component


def write_calendar(path: str | Path, name: str, events: Sequence[Event], now: datetime) -> None:
    """Write the events to `path`, whole or not at all. Raises BadInput for a name that does not end in .ics, and what
    `atomic_write` raises.
    """
    if Path(path).suffix.lower() != ".ics":
        raise BadInput("cannot write this kind of file", where=str(path), hint="End the name with .ics.")
    atomic_write(path, calendar_bytes(name, events, now))


def calendar_bytes(name: str, events: Sequence[Event], now: datetime) -> bytes:
    """The file as bytes. `name` is what the calendar is called, `now` when it was made."""
    from icalendar import Calendar

    made = Calendar()
    made.add("prodid", f"-//qunguan//qunguan {__version__}//ZH")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", show(name))
    for each in events:
        made.add_component(_component(each, now.astimezone(UTC)))
    return bytes(made.to_ical())


def _component(event: Event, now: datetime) -> Component:
    from icalendar import Alarm
    from icalendar import Event as Entry

    made = Entry()
    made.add("uid", event.uid)
    made.add("dtstamp", now)
    made.add("summary", show(event.title))
    if isinstance(event.starts, datetime):
        starts = event.starts.astimezone(UTC)
        made.add("dtstart", starts)
        made.add("dtend", starts + timedelta(minutes=event.minutes))
    else:
        made.add("dtstart", event.starts)
        made.add("dtend", event.starts + timedelta(days=event.days))
        made.add("transp", "TRANSPARENT")
    if event.text:
        made.add("description", "\n".join(map(show, event.text.splitlines())))
    if event.kind:
        made.add("categories", [event.kind])
    if event.reminds and isinstance(event.starts, datetime):
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", show(event.title))
        alarm.add("trigger", timedelta(0))
        made.add_component(alarm)
    return made
