"""What is due on which days, derived set-based: SOPs, posts, campaigns, what the owner wrote; what became of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta

from sqlalchemy import Table

from qunguan.domain import sops, tasks
from qunguan.domain.clock import Clock
from qunguan.domain.groups import Group
from qunguan.domain.members import next_birthday
from qunguan.domain.tasks import Mark, Person, State, Task
from qunguan.i18n import _, ngettext
from qunguan.services import rules
from qunguan.services.campaign_book import tasks_between
from qunguan.store import task_queries as queries
from qunguan.store.campaigns import campaign
from qunguan.store.checkin_queries import nicks
from qunguan.store.content import post as post_table
from qunguan.store.content_queries import between as posts_between
from qunguan.store.session import Session

_NAMED = 30  # names in one text; more of them no group message takes
_DAY = timedelta(days=1)
_ASKS = "{question1}"
_POST: dict[str, State] = {"planned": "todo", "posted": "done", "dropped": "skipped"}
Pieces = dict[tuple[object, ...], list[Person]]


class Due:
    """The tasks of some groups that are due, or were moved to, days `first` to `last`.

    `tasks` are as they stand now; `marks` are by (key, member id) what the owner said of them. The number of statements
    does not grow with groups, steps or members.
    """

    def __init__(self, session: Session, clock: Clock, groups: Sequence[Group], first: date, last: date) -> None:
        self.session, self.now = session, clock.now()
        self.groups: Mapping[int, Group] = {group.id: group for group in groups}
        self.grace = int(rules.value(session, "task.grace_minutes"))
        self._ids = list(self.groups)
        self._today = {group.id: clock.today(group.day_rule) for group in groups}
        said = queries.marks(session, self._ids, first, last)
        self.marks: dict[tuple[str, int | None], Mark] = {(mark.key, mark.member_id): mark for mark in said}
        window = {first + _DAY * number for number in range((last - first).days + 1)}
        self._days = sorted(window | {mark.day for mark in said})
        self._wanted = frozenset(self._days)
        found = [*self._steps(), *self._posts(), *self._campaigns(), *self._singles()]
        self.tasks = [task for task in found if task.day in window or task.on_day in window]

    # -- the ways a task comes to be

    def _steps(self) -> Iterator[Task]:
        keys = {key for key, _member in self.marks}
        known = queries.sops(self.session, self._ids, self._days[0])
        dues = [due for sop in known for due in sops.due(sop, self._days, keys)]
        self._scripts = self._texts(due.step.script for due in dues if due.step.script)
        asking = {due.day for due in dues if due.sop.trigger == "daily" and _ASKS in due.step.text}
        self._asked = queries.taken_up(self.session, self._ids, asking)
        people = self._people([due for due in dues if due.sop.trigger in sops.PERSONAL])
        called = nicks(self.session, {due.run.member_id for due in dues if due.run and due.run.member_id is not None})
        for due in dues:
            if due.sop.trigger not in sops.PERSONAL:
                whom = None if due.run is None else due.run.member_id
                one = () if whom is None else (Person(whom, called.get(whom, due.run.name if due.run else "")),)
                yield self._step(due, one, self.marks.get((due.key, None)))
                continue
            pieces: Pieces = defaultdict(list)
            said: dict[tuple[object, ...], Mark | None] = {}
            for person, left in people.get((due.sop.group_id, due.sop.trigger, due.anchor), ()):
                mark = self.marks.get((due.key, person.member_id))
                if left is not None and (mark is None or left <= due.day):
                    continue  # nobody owes those anything who have left
                piece: tuple[object, ...] = (mark.state, mark.to_day, mark.to_minute, mark.reason) if mark else ()
                pieces[piece].append(person)
                said.setdefault(piece, mark)
            for piece, whom_all in pieces.items():
                yield self._step(due, tuple(whom_all), said[piece])

    def _step(self, due: sops.Due, people: tuple[Person, ...], mark: Mark | None) -> Task:
        step, group = due.step, self.groups[due.sop.group_id]
        body = self._scripts.get(step.script, step.text)
        if step.private and due.day < self._today[group.id]:
            body = sops.said_late(body)
        asked = self._asked.get((group.id, due.day), ()) if due.sop.trigger == "daily" else ()
        text, missing = _ready(body, group, due.day, people, private=step.private, asked=asked)
        made = Task(
            due.key, "sop", group.id, group.name, due.day, step.at_minute, step.title, step.hat, due.day,
            step.at_minute, text, missing, due.sop.name, due.sop.id, step.source or due.sop.source,
            due.sop.trigger == "daily", people,
        )  # fmt: skip
        return tasks.marked(made, mark, group.day_rule, self.grace, self.now)

    def _texts(self, names: Iterable[str]) -> Mapping[str, str]:
        """The texts of scripts by name, where a step has one of the library."""
        wanted = frozenset(names)
        if not wanted:
            return {}
        from qunguan.services import scripts

        return scripts.texts(self.session, wanted)

    def _people(self, dues: Sequence[sops.Due]) -> dict[tuple[int, str, date], list[tuple[Person, date | None]]]:
        """(group, trigger, anchor) → whose day it is, each with the day they left."""
        found: dict[tuple[int, str, date], list[tuple[Person, date | None]]] = defaultdict(list)
        rows: list[tuple[int, str, date, int, str, date | None]] = []
        if joins := {due.anchor for due in dues if due.sop.trigger == "join"}:
            for row in queries.joined(self.session, self._ids, min(joins), max(joins)):
                if row.joined_on in joins:
                    rows.append((row.group_id, "join", row.joined_on, row.member_id, row.name, row.left_on))
        if births := {due.anchor for due in dues if due.sop.trigger == "birthday"}:
            for one in queries.born(self.session, self._ids, {day.month for day in births}):
                day = next_birthday(one.birthday, min(births))
                while day <= max(births):
                    if day in births:
                        rows.append((one.group_id, "birthday", day, one.member_id, one.name, None))
                    day = next_birthday(one.birthday, day + _DAY)
        called = nicks(self.session, {row[3] for row in rows})
        for group_id, trigger, day, member_id, name, left in dict.fromkeys(rows):
            found[group_id, trigger, day].append((Person(member_id, called.get(member_id, name)), left))
        return found

    def _planned(self, of: Table, when: Iterable[tuple[int, int, date]]) -> Mapping[int, date]:
        """The days things came about, of those (id, group id, day) whose day is over: of others it says nothing."""
        over = {one: self.groups[group] for one, group, day in when if day < self._today[group]}
        made = queries.made_at(self.session, of, over)
        return {one: over[one].day_rule.biz_date(at) for one, at in made.items()}

    def _posts(self) -> Iterator[Task]:
        found = posts_between(self.session, self._ids, self._days[0], self._days[-1], dropped=True)
        planned = self._planned(post_table, ((post.id, post.group_id, post.day) for post in found))
        for post in found:
            group, state = self.groups[post.group_id], _POST[post.state]
            key = f"post:{post.id}"
            if post.day not in self._wanted or (state == "skipped" and (key, None) not in self.marks):
                continue  # dropped in the calendar it is no task
            text, missing = tasks.filled(post.draft.text or post.title, _everyday(group, post.day))
            made = Task(
                key, "post", group.id, group.name, post.day, post.at_minute, post.title, "content", post.day,
                post.at_minute, text, missing, subject=post.id, state=state, settled_at=post.posted_at,
                planned_on=planned.get(post.id),
            )  # fmt: skip
            said = self.marks.get((key, None)) if state == "skipped" else None  # of a dropped one, why
            yield tasks.marked(made, said, group.day_rule, self.grace, self.now)

    def _campaigns(self) -> Iterator[Task]:
        found = tasks_between(self.session, self._ids, self._days[0], self._days[-1])
        planned = self._planned(campaign, ((step.campaign_id, step.group_id, step.day) for step in found))
        for step in found:
            if step.day in self._wanted:
                group = self.groups[step.group_id]
                text, missing = tasks.filled(step.text, _everyday(group, step.day))
                made = Task(
                    step.key, "campaign", group.id, group.name, step.day, step.at_minute, step.title, step.hat,
                    step.day, step.at_minute, text, missing, step.campaign, step.campaign_id, "S0-28",
                    planned_on=planned.get(step.campaign_id),
                )  # fmt: skip
                yield tasks.marked(made, self.marks.get((made.key, None)), group.day_rule, self.grace, self.now)

    def _singles(self) -> Iterator[Task]:
        for row in queries.singles(self.session, self._ids, self._days[0], self._days[-1]):
            if row.day in self._wanted:
                group = self.groups[row.group_id]
                text, missing = tasks.filled(row.text, _everyday(group, row.day))
                made = Task(
                    f"task:{row.id}", "task", group.id, group.name, row.day, row.at_minute, row.title, row.hat,
                    row.day, row.at_minute, text, missing, subject=row.id,
                    planned_on=group.day_rule.biz_date(row.created_at),
                )  # fmt: skip
                yield tasks.marked(made, self.marks.get((made.key, None)), group.day_rule, self.grace, self.now)


def _everyday(group: Group, day: date) -> dict[str, str]:
    """What every text can say."""
    from qunguan.domain.scripts import everyday  # not before there is a text

    return everyday(group.name, day)


def _ready(
    body: str,
    group: Group,
    day: date,
    people: Sequence[Person],
    *,
    private: bool,
    asked: Iterable[tuple[str, str]] = (),
) -> tuple[str, tuple[str, ...]]:
    """A text with its places filled, and what nobody could fill. A private one is written to each apart; `asked` are
    the questions taken up that day with their answers (S3-38)."""
    values = _everyday(group, day) | {"n": str(len(people))}
    for number, (question, answer) in enumerate(asked, 1):
        values |= {f"question{number}": question} | ({f"answer{number}": answer} if answer else {})
    if not people:
        return tasks.filled(body, values)
    if not private or len(people) == 1:
        return tasks.filled(body, values | {"nick": _names(people)})
    each = [tasks.filled(body, values | {"nick": person.name}) for person in people[:_NAMED]]
    letters = [
        _("[to {name}]", name=one.name) + "\n" + text for one, (text, _missing) in zip(people, each, strict=False)
    ]
    return "\n\n".join(letters), each[0][1]


def _names(people: Sequence[Person]) -> str:
    named = _(", ").join(person.name for person in people[:_NAMED])
    more = len(people) - _NAMED
    return named if more <= 0 else ngettext("{names} and {n} other", "{names} and {n} others", more, names=named)
