"""Conditions: what schemes, tags by rule, clean-up and campaigns ask of a member, and whether somebody meets it.

One language for all of them; `condition_words` reads and writes it. A leaf looks at one fact, or at two in a row;
leaves are joined with and, or, not, in any depth. What is not known makes a leaf unknown, never false: somebody meets a
condition only if it is true for sure (`evaluate`), and `explain` shows which number decided, or was missing.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Final, Literal, NamedTuple, TypeAlias
from unicodedata import normalize

from qunguan.values import frozen

Kind = Literal[
    "messages", "active_days", "checkins", "deeds", "shares", "campaigns", "interactions", "orders", "purchase_days",
    "spent", "invites",
    "last_message", "last_checkin", "last_interaction", "last_order", "silent", "joined", "gone", "camp",
    "points", "streak", "best_streak", "level",
    "since", "until",
    "channel", "left_reason", "field",
    "present", "left", "outside", "refunded", "tag", "bought", "known",
]  # fmt: skip
"""What can be known of a member.

Counted, ever or over a window of days: messages; active_days (days with an interaction); checkins (done or made up);
deeds (shares and campaigns); interactions (messages, check-ins and deeds); orders and purchase_days (what was given
back whole is none); spent (net fen); invites (referrals that count). Ages in days, 0 is the day itself: last_…; silent
(since the last interaction, or since they joined if that is later); joined (days in the group); gone (days since they
left); camp (days since the newest challenge they are in began for them). Plain numbers: points, streaks (of all
challenges the best), level (its rank, and its name). Days or whole months since or until a date in the owner's own
field. Words: channel, left_reason, an own field. Yes or no: present, left, outside (known, but never in a group),
refunded (the last order was given back whole), a tag, an article bought, whether something is known.
"""
Op = Literal[">=", ">", "<", "<=", "="]
Unit = Literal["d", "m"]
Truth: TypeAlias = "bool | None"

WINDOWED: Final[frozenset[Kind]] = frozenset(
    {"messages", "active_days", "checkins", "deeds", "shares", "campaigns", "interactions", "orders", "purchase_days",
     "spent", "invites", "bought"}
)  # fmt: skip
AGES: Final[frozenset[Kind]] = frozenset(
    {"last_message", "last_checkin", "last_interaction", "last_order", "silent", "joined", "gone", "camp"}
)
SPOKEN: Final[frozenset[Kind]] = frozenset(
    {"messages", "active_days", "interactions", "last_message", "last_interaction", "silent"}
)
"""The facts that chats tell: unknown where no chat is."""
DATED: Final[frozenset[Kind]] = frozenset({"since", "until"})
WORDS: Final[frozenset[Kind]] = frozenset({"channel", "left_reason", "field", "level"})
FLAGS: Final[frozenset[Kind]] = frozenset({"present", "left", "outside", "refunded"})
NAMED_FLAGS: Final[frozenset[Kind]] = frozenset({"tag", "bought", "known"})
OF_LEAVERS: Final[frozenset[Kind]] = frozenset({"left", "left_reason", "gone"})
"""Whoever asks for one of these means those who left, too."""
KNOWABLE: Final = ("@birthday", "@channel", "@phone")
"""What `known` can ask for beside the owner's own fields, which go by their names."""
MOST_DAYS: Final = 3660
NEVER: Final = math.inf
"""The age of what never happened."""


class AtLeast(NamedTuple):
    """A number of which only the lower bound is known: some of it may have happened where nobody looked."""

    low: int


class Rank(NamedTuple):
    """A level: its rank and its name."""

    rank: int
    name: str


Value: TypeAlias = "int | float | AtLeast | Rank | str | bool | None"
"""What a fact comes to; None is unknown."""


@frozen
class Fact:
    """One thing to know of a member.

    `days` is the window, today included (None: ever); `before` is how many days before today it ends. An age that
    chats tell carries in `days` what it is compared with: that far back a chat has to be known. `name` is the field,
    the tag (`VIP` of any category, `学员等级:VIP` of one), the word looked for. `unit` of since and until.
    """

    kind: Kind
    days: int | None = None
    before: int = 0
    name: str = ""
    unit: Unit = "d"


@frozen
class Column:
    """A fact of many members: `rest` is what it is for everyone without an entry of their own."""

    values: Mapping[int, Value]
    rest: Value = None

    def of(self, member_id: int) -> Value:
        """What the fact comes to for one member."""
        return self.values.get(member_id, self.rest)


Facts: TypeAlias = "Mapping[Fact, Column]"


@frozen
class Measure:
    """A number held against a bar: spent in fen, ages in days, since and until in their unit."""

    fact: Fact
    op: Op
    bar: int


@frozen
class Growth:
    """The last `days` against `pct` percent of the `past` days before them, both by the day.

    Two empty windows grew and fell by nothing: that is false, whatever the sign.
    """

    kind: Kind
    days: int
    op: Op
    pct: int
    past: int

    @property
    def now(self) -> Fact:
        """The last days."""
        return Fact(self.kind, self.days)

    @property
    def then(self) -> Fact:
        """The days before them."""
        return Fact(self.kind, self.past, before=self.days)


@frozen
class Named:
    """A word that is this one; case and width do not matter."""

    fact: Fact
    word: str


@frozen
class Holds:
    """A yes."""

    fact: Fact


@frozen
class Not:
    """The opposite; of what is unknown it is unknown."""

    part: Condition


@frozen
class Both:
    """All of two or more."""

    parts: tuple[Condition, ...]


@frozen
class Either:
    """Any of two or more."""

    parts: tuple[Condition, ...]


Leaf: TypeAlias = "Measure | Growth | Named | Holds"
Condition: TypeAlias = "Leaf | Not | Both | Either"


@frozen
class Looked:
    """A leaf with what was found: one value, or of a growth the two."""

    leaf: Leaf
    values: tuple[Value, ...]
    truth: Truth


def facts_of(condition: Condition) -> frozenset[Fact]:
    """Everything that has to be known to judge by a condition."""
    return frozenset(fact for leaf in leaves(condition) for fact in leaf_facts(leaf))


def leaves(condition: Condition) -> Iterator[Leaf]:
    """The leaves in the order they are written."""
    if isinstance(condition, Both | Either):
        for part in condition.parts:
            yield from leaves(part)
    elif isinstance(condition, Not):
        yield from leaves(condition.part)
    else:
        yield condition


def leaf_facts(leaf: Leaf) -> tuple[Fact, ...]:
    """The one fact of a leaf, or the two of a growth."""
    return (leaf.now, leaf.then) if isinstance(leaf, Growth) else (leaf.fact,)


def evaluate(condition: Condition, facts: Mapping[Fact, Value]) -> bool:
    """Whether a member meets the condition for sure. `facts` has everything `facts_of` names."""
    return truth(condition, facts) is True


def explain(condition: Condition, facts: Mapping[Fact, Value]) -> tuple[Looked, ...]:
    """Each leaf with the numbers that met it or not, in the order they are written."""
    found = []
    for leaf in leaves(condition):
        values = tuple(facts[fact] for fact in leaf_facts(leaf))
        found.append(Looked(leaf, values, _test(leaf)(*values)))
    return tuple(found)


def truths(condition: Condition, facts: Facts, ids: Sequence[int]) -> list[Truth]:
    """For each of these members whether the condition holds: as `evaluate`, a column at a time, with None kept."""
    if isinstance(condition, Both | Either):
        rows = zip(*(truths(part, facts, ids) for part in condition.parts), strict=True)
        join = _all if isinstance(condition, Both) else _any
        return [join(row) for row in rows]
    if isinstance(condition, Not):
        return [None if one is None else not one for one in truths(condition.part, facts, ids)]
    test = _test(condition)
    columns = [facts[fact] for fact in leaf_facts(condition)]
    rest = test(*(column.rest for column in columns))
    if len(columns) == 1:
        values = columns[0].values
        return [test(values[who]) if who in values else rest for who in ids]
    return [test(*(column.of(who) for column in columns)) for who in ids]


def same_word(one: str) -> str:
    """What two words are compared by."""
    return normalize("NFKC", one).casefold().strip()


def whole_months(first: date, last: date) -> int:
    """Whole months from one day to another; negative, and rounded down, when the other is earlier.

    A month that has no such day is full on the first day of the next: from 31 August, six months on 1 March.
    """
    return (last.year - first.year) * 12 + last.month - first.month - (last.day < first.day)


def truth(condition: Condition, facts: Mapping[Fact, Value]) -> Truth:
    """Whether a member meets the condition, None while that is not known."""
    if isinstance(condition, Both):
        return _all([truth(part, facts) for part in condition.parts])
    if isinstance(condition, Either):
        return _any([truth(part, facts) for part in condition.parts])
    if isinstance(condition, Not):
        inner = truth(condition.part, facts)
        return None if inner is None else not inner
    return _test(condition)(*(facts[fact] for fact in leaf_facts(condition)))


def _all(row: Sequence[Truth]) -> Truth:
    return False if False in row else None if None in row else True


def _any(row: Sequence[Truth]) -> Truth:
    return True if True in row else None if None in row else False


def _test(leaf: Leaf) -> Callable[..., Truth]:
    if isinstance(leaf, Measure):
        return _measured(leaf.op, leaf.bar)
    if isinstance(leaf, Growth):
        return _grown(leaf)
    if isinstance(leaf, Named):
        word = same_word(leaf.word)
        return lambda value: None if value is None else same_word(_word(value)) == word
    return lambda value: None if value is None else bool(value)


def _word(value: Value) -> str:
    return value.name if isinstance(value, Rank) else str(value)


_EXACT: Final[dict[Op, Callable[[float, int], bool]]] = {
    ">=": lambda value, bar: value >= bar,
    ">": lambda value, bar: value > bar,
    "<": lambda value, bar: value < bar,
    "<=": lambda value, bar: value <= bar,
    "=": lambda value, bar: value == bar,
}
_BOUNDED: Final[dict[Op, Callable[[int, int], Truth]]] = {  # something may come on top
    ">=": lambda low, bar: True if low >= bar else None,
    ">": lambda low, bar: True if low > bar else None,
    "<": lambda low, bar: False if low >= bar else None,
    "<=": lambda low, bar: False if low > bar else None,
    "=": lambda low, bar: False if low > bar else None,
}


def _measured(op: Op, bar: int) -> Callable[[Value], Truth]:
    exact, bounded = _EXACT[op], _BOUNDED[op]

    def test(value: Value) -> Truth:
        """Whether a value is what the leaf asks for; None where that cannot be known."""
        if isinstance(value, AtLeast):
            return bounded(value.low, bar)
        if isinstance(value, Rank):
            return exact(value.rank, bar)
        return exact(value, bar) if isinstance(value, int | float) else None

    return test


def _grown(leaf: Growth) -> Callable[[Value, Value], Truth]:
    compare = _EXACT[leaf.op]

    def test(now: Value, then: Value) -> Truth:
        """Whether the last days are above the usual by the per cent; None unless both counts are known."""
        if not (isinstance(now, int) and isinstance(then, int)):
            return None
        if now == then == 0:
            return False
        return compare(now * 100 * leaf.past, then * leaf.pct * leaf.days)

    return test
