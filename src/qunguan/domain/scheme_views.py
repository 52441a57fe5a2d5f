"""What the program answers about schemes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from qunguan.domain.condition_words import written
from qunguan.domain.conditions import Condition
from qunguan.domain.schemes import Bucket, Scheme
from qunguan.i18n import _
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
    """A scheme at the end of a day; stages in the order of a life. `unknown` are those of whom too little is known.

    `base` is the scheme whose conditions are asked: itself, or the one it merges.
    """

    scheme: Scheme
    day: date
    buckets: tuple[Filled, ...]
    unknown: tuple[Person, ...]
    base: Scheme


@frozen
class Cross:
    """Two schemes at once: `cells` counts (code of a, code of b), "" for who is in no bucket."""

    a: Scheme
    b: Scheme
    day: date
    rows: tuple[Bucket, ...]
    columns: tuple[Bucket, ...]
    cells: Mapping[tuple[str, str], int]

    def count(self, row: Bucket | None, column: Bucket | None) -> int:
        """How many are in a bucket of each scheme; None: in none of it."""
        return self.cells.get((row.code if row else "", column.code if column else ""), 0)

    @property
    def shown_rows(self) -> tuple[Bucket | None, ...]:
        """Every bucket of `a`, and None last where somebody is in none of them."""
        return (*self.rows, None) if any(many for (row, _column), many in self.cells.items() if not row) else self.rows

    @property
    def shown_columns(self) -> tuple[Bucket | None, ...]:
        """Every bucket of `b`, and None last where somebody is in none of them."""
        lost = any(many for (_row, column), many in self.cells.items() if not column)
        return (*self.columns, None) if lost else self.columns


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


def asked(scheme: Scheme, bucket: Bucket, base: Scheme, day: date) -> str:
    """What a bucket asks for on a day; of one that merges, the names of what it is made of. `base` is the scheme whose
    conditions are asked (C14)."""
    if bucket.when is not None:
        return written(bucket.when)
    if bucket.merges:
        names = {each.code: each.name for each in base.buckets(day)}
        made_of = "、".join(names.get(code, code) for code in bucket.merges)
        return _("from {buckets} of {scheme}", buckets=made_of, scheme=base.name)
    return _("by its scores") if scheme.kind == "rfm" else _("everybody else")
