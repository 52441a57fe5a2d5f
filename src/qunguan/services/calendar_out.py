"""The calendar for a phone: what is still to be done, at its hour, and the campaigns around it."""

from __future__ import annotations

from datetime import date, timedelta

from qunguan.domain.calendar_events import Event
from qunguan.domain.campaigns import Campaign
from qunguan.domain.clock import Clock
from qunguan.domain.errors import BadInput
from qunguan.domain.groups import Group
from qunguan.domain.tasks import Task, due_at, gapped
from qunguan.i18n import _
from qunguan.services import campaigns, groups, tasks
from qunguan.store.session import Session

_MINUTES = 15  # the length of a task in the calendar
_MOST_DAYS = 366


def events(
    session: Session, clock: Clock, first: date | None = None, last: date | None = None, group_id: int | None = None
) -> tuple[Event, ...]:
    """What is to be done from a day (None: today) to a day (None: 30 days on), in a group or in all, by its time.

    What was done, skipped or moved away is left out. Raises BadInput for more than a year, or days the wrong way round.
    """
    start = first or clock.today(groups.day_rule(session, group_id))
    end = last or start + timedelta(days=30)
    if not 0 <= (end - start).days < _MOST_DAYS:
        raise BadInput("from {first} to {last} is no span of days up to a year", first=start, last=end)
    known = {group.id: group for group in groups.all_groups(session)}
    asked = known if group_id is None else {group_id: groups.get(session, group_id)}
    several = len(known) > 1
    found = [
        _of_task(task, known[task.group_id], several)
        for task in tasks.between(session, clock, start, end, group_id)
        if task.state == "todo"
    ]
    found += [
        _of_campaign(each, known[each.group_id], several)
        for each in campaigns.all_campaigns(session, group_id)
        if each.group_id in asked and each.cancelled_on is None and each.from_day <= end and each.to_day >= start
    ]
    return tuple(found)


def _of_task(task: Task, group: Group, several: bool) -> Event:
    people = _(", ").join(person.name for person in task.people)
    text = "\n".join(part for part in (people, gapped(task.text, task.missing)) if part)
    title = _named(task.title, group, several)
    uid = f"{task.key}:{task.day}@qunguan"
    if task.on_minute is None:
        return Event(uid, title, task.on_day, text=text, kind=_("task"))
    starts = due_at(task.on_day, task.on_minute, group.day_rule)
    return Event(uid, title, starts, _MINUTES, text=text, kind=_("task"))


def _of_campaign(found: Campaign, group: Group, several: bool) -> Event:
    title = _("Campaign {name}", name=_named(found.name, group, several))
    minutes = int((found.ends_at - found.starts_at).total_seconds() // 60)
    return Event(f"campaign:{found.id}@qunguan", title, found.starts_at, minutes, text=found.offer, kind=_("campaign"))


def _named(title: str, group: Group, several: bool) -> str:
    return f"{title} · {group.name}" if several else title
