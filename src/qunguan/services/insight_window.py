"""What every insight begins with: the group, its last complete day, the days whose chats are known, the rules."""

from __future__ import annotations

from datetime import date, timedelta

from qunguan.domain.clock import Clock
from qunguan.domain.groups import Group
from qunguan.domain.insights import DAY, Bar, Coverage
from qunguan.services import groups, rules
from qunguan.store import insight_queries as queries
from qunguan.store import presence_reads
from qunguan.store.session import Session
from qunguan.values import frozen


@frozen
class Frame:
    """A group as of a day. `last` is the last day that is over; of the chats only known days count."""

    session: Session
    clock: Clock
    group: Group
    as_of: date
    last: date
    coverage: Coverage

    @property
    def group_id(self) -> int:
        """The group's id."""
        return self.group.id

    def days(self, rule_id: str) -> int:
        """A rule that is a number of days; at least one."""
        return max(int(rules.value(self.session, rule_id)), 1)

    def speech_days(self, first: date, last: date) -> dict[date, tuple[int, int]]:
        """Day → (messages, people who spoke); known days on which nobody did are left out."""
        return presence_reads.days(self.session, self.group_id, first, last)

    def chat_last(self) -> date | None:
        """The last day of the chats, as long as it is not older than the rule lets figures be; None otherwise."""
        found = self.coverage.last_before(self.last)
        fresh = int(rules.value(self.session, "alert.fresh_days"))
        return found if found is not None and (self.last - found).days <= fresh else None


def frame(session: Session, clock: Clock, group_id: int | None = None, as_of: date | None = None) -> Frame:
    """The group meant (None: the one in hand) as of a day (None: today). Raises NotFound, Ambiguous."""
    group = groups.find(session) if group_id is None else groups.get(session, group_id)
    day = as_of or clock.today(group.day_rule)
    return Frame(session, clock, group, day, complete(clock, group, day), coverage(session, group))


def complete(clock: Clock, group: Group, as_of: date) -> date:
    """The last day that is over as of a day: today is not."""
    return min(as_of, clock.today(group.day_rule) - DAY)


def coverage(session: Session, group: Group) -> Coverage:
    """The days whose chats are known whole.

    An export tells of the days from its first event to its last; a last day on which the export was taken in was not
    over then.
    """
    rule = group.day_rule
    return Coverage.of(
        (rule.biz_date(row.first_at), min(rule.biz_date(row.last_at), rule.biz_date(row.imported_at) - DAY))
        for row in queries.imports(session, group.id)
    )


def window(last: date, days: int) -> tuple[date, date]:
    """The first and last of so many days that end with `last`."""
    return last - timedelta(days=days - 1), last


def bar(session: Session, rule_id: str, value: float | None, *, least: bool, applies: bool = True) -> Bar:
    """A figure held against a rule: at `least` its value, or at most. Percent rules are shares."""
    state = rules.state(session, rule_id)
    line = state.value / 100 if state.rule.kind == "percent" else float(state.value)
    met = None if value is None else value >= line if least else value <= line
    return Bar(rule_id, line, state.rule.source, applies, met)
