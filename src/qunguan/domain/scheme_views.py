"""What the program answers about schemes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from qunguan.domain.conditions import Condition
from qunguan.domain.schemes import Bucket, Scheme
from qunguan.values import frozen

Person = tuple[int, str]
"""A member's id and name."""


@frozen
class Filled:
    """A bucket with who is in it."""

    bucket: Bucket
    members: tuple[Person, ...]


@frozen
class Shown:
    """A scheme at the end of a day; stages in the order of a life. `unknown` are those of whom too little is known."""

    scheme: Scheme
    day: date
    buckets: tuple[Filled, ...]
    unknown: tuple[Person, ...]


@frozen
class Cross:
    """Two schemes at once: `cells` counts (code of a, code of b), "" for who is in no bucket."""

    a: Scheme
    b: Scheme
    day: date
    rows: tuple[Bucket, ...]
    columns: tuple[Bucket, ...]
    cells: Mapping[tuple[str, str], int]


@frozen
class Change:
    """A label that began on a day; None: in no bucket. `was` None at the beginning of what was asked, too."""

    day: date
    was: Bucket | None
    now: Bucket | None


@frozen
class Mover:
    """Somebody whose bucket new terms would change."""

    member_id: int
    name: str
    was: Bucket | None
    now: Bucket | None


@frozen
class Moves:
    """What new terms would do on a day: how many in each bucket, and who moves."""

    scheme: Scheme
    day: date
    counts: tuple[tuple[Bucket, int], ...]
    movers: tuple[Mover, ...]


@frozen
class TagRule:
    """A tag by rule: whoever meets the condition has it."""

    id: int
    category: str
    name: str
    when: Condition
    enabled: bool = True

    @property
    def label(self) -> str:
        """The tag as it is written: 学员等级:VIP."""
        return f"{self.category}:{self.name}" if self.category else self.name
