"""What the settings screen shows of the database, in one piece."""

from __future__ import annotations

from qunguan.domain.groups import Capacity, Group
from qunguan.domain.history import Step
from qunguan.domain.rules import RuleState
from qunguan.values import frozen


@frozen
class SettingsView:
    """Every group with how full it is, put-away ones last; every rule in force; the newest steps, newest first.

    `current` is the id of the group in hand, None when there is none.
    """

    groups: tuple[tuple[Group, Capacity], ...]
    current: int | None
    rules: tuple[RuleState, ...]
    steps: tuple[Step, ...]
