"""The profile of a group as it is shown, all at once."""

from __future__ import annotations

from qunguan.domain.content import ContentColumn
from qunguan.domain.groups import Group
from qunguan.domain.positioning import Advice, Card, Meter, Platform
from qunguan.domain.positioning_house import HouseRule, Ladder, Violation
from qunguan.values import frozen


@frozen
class Profile:
    """Everything about what a group is for. `advice` is of the card, and of platforms where they are too many;
    `timetable` its places that come again, by time; `violations` newest first; `business` the name of the preset."""

    group: Group
    card: Card
    business: str
    platform: Platform
    meter: Meter
    advice: tuple[Advice, ...]
    rules: tuple[HouseRule, ...]
    ladder: Ladder
    violations: tuple[Violation, ...]
    timetable: tuple[ContentColumn, ...]
