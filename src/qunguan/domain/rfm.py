"""RFM: how long ago, how often, how much; scores 1 to 5 and what a combination of them is called (semantics 3.5).

The scores themselves are `rfm_scores`; here is what they are of, and what a combination of them is called.
"""

from __future__ import annotations

import tomllib
from array import array
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final, Literal

from qunguan.domain.rosters import Reason
from qunguan.values import frozen

_PRESET = Path(__file__).parents[1] / "presets" / "rfm.toml"

Method = Literal["fixed", "quintile"]
Bars = tuple[int, int, int, int]
"""The least value of the scores 2, 3, 4 and 5, ascending."""
SCORES: Final = 5


@frozen
class Segment:
    """A named combination: lowest and highest score of each axis, and of the days ever bought on (None: any).

    `service` is what an owner may do for these people: a message ID.
    """

    id: str
    name: str
    service: str
    r: tuple[int, int] = (1, SCORES)
    f: tuple[int, int] = (1, SCORES)
    m: tuple[int, int] = (1, SCORES)
    bought: tuple[int, int] | None = None

    def holds(self, r: int, f: int, m: int, purchase_days: int) -> bool:
        """Whether these scores are inside."""
        ranges = ((self.r, r), (self.f, f), (self.m, m), *(((self.bought, purchase_days),) if self.bought else ()))
        return all(low <= value <= high for (low, high), value in ranges)


@frozen
class Terms:
    """What was counted: how many days of purchases and money (0: all so far), and whether a day is one purchase."""

    frequency_days: int
    money_days: int
    merge: bool


@frozen
class Cuts:
    """The bars of the three axes: recency in negative days, purchases, fen."""

    r: Bars
    f: Bars
    m: Bars


def _numbers() -> array[int]:
    return array("q")


@frozen
class Spent:
    """What buyers bought, a column each, one place a buyer: member ids, the last day, and sums of everything so far;
    `frequency` and `money` are purchases and fen in their windows.

    `strangers` are the names of buyers who are nobody's member yet; they stand last, with the id 0.
    """

    ids: array[int] = field(default_factory=_numbers)
    last: list[date] = field(default_factory=list)
    orders: array[int] = field(default_factory=_numbers)
    days: array[int] = field(default_factory=_numbers)
    fen: array[int] = field(default_factory=_numbers)
    frequency: array[int] = field(default_factory=_numbers)
    money: array[int] = field(default_factory=_numbers)
    strangers: list[str] = field(default_factory=list)


@frozen
class RfmLine:
    """One buyer. `orders`, `purchase_days` and `net_fen` are everything so far; `frequency` and `money_fen` are what
    F and M are scores of, in their windows. `key` is the buyer's name as it was imported; `member_id` None is nobody's.
    """

    member_id: int | None
    key: str
    name: str
    recency_days: int
    orders: int
    purchase_days: int
    net_fen: int
    frequency: int
    money_fen: int
    r: int
    f: int
    m: int
    segment: str


@frozen
class RfmBook:
    """Every buyer as of a day, a column each. `method` is the one used, `fallback` why it is not the one asked for."""

    as_of: date
    method: Method
    fallback: Reason | None
    terms: Terms
    bars: Cuts
    spent: Spent
    recency: array[int]
    r: bytes
    f: bytes
    m: bytes

    def __len__(self) -> int:
        return len(self.spent.ids)

    def segment(self, place: int) -> Segment:
        """What the buyer at this place is called."""
        return segment_of(self.r[place], self.f[place], self.m[place], min(self.spent.days[place], _REGULAR))

    def labels(self) -> Iterator[tuple[int, str]]:
        """Member id and name of the segment, of every member."""
        named: dict[tuple[int, int, int, int], str] = {}
        for member_id, *scores in zip(self.spent.ids, self.r, self.f, self.m, self.spent.days, strict=True):
            if not member_id:
                break
            key = (scores[0], scores[1], scores[2], min(scores[3], _REGULAR))
            if key not in named:
                named[key] = segment_of(*key).name
            yield member_id, named[key]

    def counts(self) -> dict[str, int]:
        """Segment id → how many buyers, every segment in the order of the rules."""
        found = {each.id: 0 for each in segments()}
        places = Counter(zip(self.r, self.f, self.m, (min(days, _REGULAR) for days in self.spent.days), strict=True))
        for key, number in places.items():
            found[segment_of(*key).id] += number
        return found

    def stranger(self, place: int) -> str:
        """The name of a buyer who is nobody's member yet, "" for a member."""
        number = place - len(self.spent.ids) + len(self.spent.strangers)
        return self.spent.strangers[number] if number >= 0 else ""

    def line(self, place: int, key: str = "", name: str = "") -> RfmLine:
        """The buyer at this place."""
        spent = self.spent
        return RfmLine(
            spent.ids[place] or None, self.stranger(place) or key, name, self.recency[place], spent.orders[place],
            spent.days[place], spent.fen[place], spent.frequency[place], spent.money[place], self.r[place],
            self.f[place], self.m[place], self.segment(place).name,
        )  # fmt: skip


_REGULAR = 2  # days ever bought on: no segment tells more apart


@cache
def _preset() -> Mapping[str, object]:
    return tomllib.loads(_PRESET.read_text(encoding="utf-8"))


@cache
def segments() -> tuple[Segment, ...]:
    """The named segments in the order in which they are tried; the last one takes what is left (其他)."""
    told: list[dict[str, object]] = _preset()["segment"]  # type: ignore[assignment]
    return tuple(
        Segment(**{name: tuple(value) if isinstance(value, list) else value for name, value in each.items()})  # type: ignore[arg-type]
        for each in told
    )


def outside() -> str:
    """What those are called who never bought (未消费, C05)."""
    return str(_preset()["outside"])


def service_of(name: str) -> str:
    """What an owner may do for the people of a segment, "" for a name that is none."""
    return next((each.service for each in segments() if each.name == name), "")


@cache
def segment_of(r: int, f: int, m: int, purchase_days: int) -> Segment:
    """The first segment these scores are inside of."""
    return next(each for each in segments() if each.holds(r, f, m, purchase_days))


@frozen
class Social:
    """What a member does for the community in a window (S4-02): `interaction` is the weighted sum of messages,
    check-ins and deeds, `spread` valid invitations and good shares. `messages` None: nobody told who spoke.
    """

    messages: int | None
    checkins: int
    deeds: int
    invites: int
    shares: int
    interaction: int

    @property
    def spread(self) -> int:
        """Valid invitations and good shares."""
        return self.invites + self.shares
