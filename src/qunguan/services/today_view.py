"""One group as the agenda looks at it: its day, its challenges, the rules in force, rolls read once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import cached_property
from typing import Any

from qunguan.domain.challenges import Challenge
from qunguan.domain.clock import Clock
from qunguan.domain.groups import Group
from qunguan.domain.rules import RuleState
from qunguan.domain.today import Evidence, Said
from qunguan.services import challenges
from qunguan.services.checkin_due import Expected, roll
from qunguan.store.checkin_queries import nicks, present
from qunguan.store.session import Session

Rules = Mapping[str, RuleState]


class Thresholds:
    """The rules in force, as the lines of the agenda ask for them."""

    def __init__(self, in_force: Rules) -> None:
        self._rules = in_force

    def limit(self, rule_id: str) -> int | None:
        """The value of a rule, None while it is switched off."""
        rule = self._rules[rule_id]
        return int(rule.value) if rule.enabled else None

    @property
    def text_limit(self) -> int:
        """The most characters of a text for the group, whether or not the rule is switched on."""
        return int(self._rules["board.text_limit"].value)

    def evidence(self, rule_id: str, met: Said, value: Any = None) -> Evidence:
        """What met a rule; `value` None is the rule's own."""
        rule = self._rules[rule_id]
        return Evidence(met, rule.rule.source, rule_id, rule.value if value is None else value)


class View(Thresholds):
    """A group on its own today. `name` is the group's, or "" where there is only one group."""

    def __init__(self, session: Session, clock: Clock, group: Group, in_force: Rules, *, named: bool) -> None:
        super().__init__(in_force)
        self.session, self.clock, self.group = session, clock, group
        self.name = group.name if named else ""
        self.local: datetime = group.day_rule.local(clock.now())
        self.today: date = clock.today(group.day_rule)
        self._rolls: dict[tuple[int, date], list[Expected]] = {}

    @cached_property
    def challenges(self) -> tuple[Challenge, ...]:
        """The challenges of the group that have begun, those that began last first."""
        found = challenges.all_challenges(self.session, self.group.id)
        return tuple(each for each in found if each.starts_on <= self.today)

    @property
    def running(self) -> list[Challenge]:
        """Those of them whose check-ins of today count."""
        return [found for found in self.challenges if found.is_open(self.today)]

    @cached_property
    def here(self) -> Mapping[int, date | None]:
        """The members in the group now, with the day they joined."""
        return present(self.session, self.group.id)

    def roll(self, found: Challenge, day: date) -> list[Expected]:
        """Everybody enrolled in a challenge on a day."""
        key = found.id, day
        if key not in self._rolls:
            self._rolls[key] = roll(self.session, found, day)
        return self._rolls[key]

    def called(self, people: Iterable[tuple[int, str]]) -> list[str]:
        """What members (id, name) are called in the group: the nickname where there is one."""
        found = list(people)
        known = nicks(self.session, [member_id for member_id, _name in found])
        return [known.get(member_id) or name for member_id, name in found]
