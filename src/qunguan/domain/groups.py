"""Groups: a community on one platform, its day, and how many people it holds."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from qunguan.domain.clock import DEFAULT_ZONE, DayRule
from qunguan.domain.errors import BadInput
from qunguan.domain.names import typed_name
from qunguan.domain.text import show
from qunguan.i18n import N_
from qunguan.values import frozen

PLATFORMS = ("wechat", "wecom", "qq", "zsxq", "app", "other")
MAX_CAPACITY = 1_000_000


@frozen
class Group:
    """One community. `day_start` is the hour (0-23) its day begins; a capacity of None means the rule's value."""

    id: int
    name: str
    platform: str
    timezone: str
    day_start: int
    capacity_soft: int | None
    capacity_hard: int | None
    created_at: datetime
    archived_on: date | None = None

    @property
    def day_rule(self) -> DayRule:
        """Where this group's business day begins (semantics 3.1)."""
        return DayRule(self.timezone, self.day_start)


@frozen
class Capacity:
    """How full a group is.

    `soft` and `hard` are the bounds in force, None where nothing bounds. `verdict` is "ok", "notice" (above the
    suggested size) or "warning" (above the largest); `rule` and `source` name the rule that spoke, empty when ok.
    """

    present: int
    soft: int | None
    hard: int | None
    verdict: str = "ok"
    rule: str = ""
    source: str = ""


def checked_group(
    name: str,
    platform: str = "wechat",
    timezone: str = DEFAULT_ZONE,
    day_start: Any = 0,
    capacity_soft: Any = None,
    capacity_hard: Any = None,
) -> dict[str, Any]:
    """The columns of a group as they are stored. Raises BadInput, one line, for the first that does not fit."""
    if platform not in PLATFORMS:
        raise BadInput(
            "there is no platform {platform}",
            hint="use one of: {known}",
            platform=show(platform[:40]),
            known=", ".join(PLATFORMS),
        )
    hour = _whole(day_start, N_("{value} is not an hour of the day"), N_("use a whole hour from 0 to 23"), 0, 23)
    soft, hard = _bound(capacity_soft), _bound(capacity_hard)
    if soft is not None and hard is not None and hard < soft:
        raise BadInput("the largest size {hard} is below the suggested size {soft}", hard=hard, soft=soft)
    return {
        "name": typed_name(name),
        "platform": platform,
        "timezone": checked_zone(timezone),
        "day_start": hour,
        "capacity_soft": soft,
        "capacity_hard": hard,
    }


def checked_zone(name: str) -> str:
    """`name` when it is an IANA time zone this machine knows. Raises BadInput."""
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # unknown; not a zone's name at all; a folder of zones such as "Asia"
        raise BadInput(
            "there is no time zone {zone}", hint="write it like Asia/Shanghai", zone=show(name[:40])
        ) from None
    return name


def _bound(value: Any) -> int | None:
    if value is None:
        return None
    hint = N_("use a whole number from 1 to {most}")
    return _whole(value, N_("{value} is not a size of a group"), hint, 1, MAX_CAPACITY)


def _whole(value: Any, what: str, hint: str, least: int, most: int) -> int:
    try:
        number = int(str(value))
    except ValueError:
        number = least - 1
    if not least <= number <= most:
        raise BadInput(what, hint=hint, value=show(str(value)[:40]), most=most)
    return number
