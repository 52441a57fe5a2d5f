"""Amends: what was promised whom for an incident, and whether they have it (S4-20, semantics 3.17).

A promise is made once: by the list's own number, or else by its kind and its words. Money is in fen.
"""

from __future__ import annotations

from datetime import datetime
from hashlib import blake2b
from typing import Final, Literal, get_args

from qunguan.domain.errors import BadInput
from qunguan.domain.money import yuan
from qunguan.domain.points import MAX_AMOUNT
from qunguan.domain.rosters import Reason, RowNote
from qunguan.domain.text import NOTE_LIMIT, clean, match_key, show
from qunguan.i18n import N_, _
from qunguan.values import frozen

Kind = Literal["points", "coupon", "money", "goods"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
KIND_NAMES: Final[dict[Kind, str]] = {
    "points": N_("amends: points"),
    "coupon": N_("amends: coupon"),
    "money": N_("amends: money"),
    "goods": N_("amends: goods"),
}
Hand = Literal["own", "all", "none"]
"""What a list hands over of the lines that do not say it themselves: what the program can give, which is points; all,
because they have it already; nothing.
"""
HANDS: Final[tuple[Hand, ...]] = get_args(Hand)
MAX_FEN: Final = 100_000_000_000
SOURCE: Final = "incident"
"""The source type of the ledger's entries; the source id is "<incident>.<compensation>"."""
_KEY_LIMIT = 200


@frozen
class Amends:
    """What one member is to get: points, or something worth `fen` (None: not said). `what` is the coupon's code, the
    goods, how the money went; `key` the number the owner's own list gives it, "" for none.
    """

    kind: Kind
    points: int | None = None
    fen: int | None = None
    what: str = ""
    key: str = ""

    def __str__(self) -> str:
        size = "" if self.fen is None else f"¥{yuan(self.fen)}"
        if self.kind == "points":
            return _("{n} points", n=self.points)
        return " ".join(part for part in (_(KIND_NAMES[self.kind]), size, self.what) if part)


@frozen
class Compensation:
    """A promise to a member; `key` is what makes it one, `delivered_at` None while they wait."""

    id: int
    incident_id: int
    member_id: int
    name: str
    key: str
    kind: Kind
    points: int | None
    fen: int | None
    what: str
    promised_at: datetime
    delivered_at: datetime | None

    @property
    def amends(self) -> Amends:
        """What was promised."""
        return Amends(self.kind, self.points, self.fen, self.what, voucher(self.key))


@frozen
class CompensationSum:
    """All promises of an incident; `promised` and `delivered` count them, money is in fen."""

    promised_fen: int = 0
    delivered_fen: int = 0
    promised_points: int = 0
    delivered_points: int = 0
    promised: int = 0
    delivered: int = 0


@frozen
class CompensationRow:
    """A line of a list: who as it is written there, and what. `given`: whether the list says that they have it, None
    where it says nothing.
    """

    row: int
    who: str
    amends: Amends
    given: bool | None = None

    def hands_over(self, hand: Hand) -> bool:
        """Whether taking this line in hands it over: money, coupons and goods are with somebody only when that is
        told, points when they are booked.
        """
        if hand == "none" or self.given is False:
            return False
        return bool(self.given) or hand == "all" or self.amends.kind == "points"


@frozen
class CompensationSheet:
    """A list as read; every row below the header is in `rows`, `rejected` or `skipped`."""

    encoding: str
    rows: tuple[CompensationRow, ...]
    rejected: tuple[RowNote, ...] = ()
    skipped: tuple[RowNote, ...] = ()
    notes: tuple[Reason, ...] = ()


@frozen
class Delivered:
    """What handing over did: the promises handed over now, and how many had been before. `points` are those booked,
    `waived` those that a taking back did not find any more.
    """

    done: tuple[Compensation, ...]
    already: int = 0
    points: int = 0
    waived: int = 0


@frozen
class CompensationLine:
    """A line that was taken and changed something: `given` when they have it now, `left` when they are not in the
    group any more.
    """

    row: int
    member_id: int
    name: str
    amends: Amends
    given: bool
    left: bool


@frozen
class CompensationOutcome:
    """What an import did: promised and delivered now, known `already`; `unresolved` are rows whose name is nobody's or
    several people's, `rejected` the other rows that were not taken. `sums` are the incident's afterwards, `lines` who
    got what, in the order of the list.
    """

    promised: int
    delivered: int
    already: int
    unresolved: tuple[RowNote, ...]
    rejected: tuple[RowNote, ...]
    sums: CompensationSum
    lines: tuple[CompensationLine, ...] = ()


def checked(amends: Amends) -> Amends:
    """Amends as they are stored. Raises BadInput for an amount that cannot be, and for goods without a word."""
    what, key = clean(amends.what, NOTE_LIMIT), clean(amends.key, _KEY_LIMIT)
    if amends.kind not in KINDS:
        raise BadInput("{text} is no kind of amends", hint="choose points, coupon, money or goods",
                       text=show(str(amends.kind)[:20]))  # fmt: skip
    if amends.kind == "points":
        points = _within(amends.points or 0, MAX_AMOUNT, str(amends.points or 0))
        return Amends("points", points, None, what, key)
    fen = amends.fen
    if fen is not None or amends.kind == "money":
        fen = _within(fen or 0, MAX_FEN, f"¥{yuan(fen or 0)}")
    if fen is None and not (what or key):
        raise BadInput("nobody can tell what is promised", hint="write the coupon's code, or what the goods are")
    return Amends(amends.kind, None, fen, what, key)


def key_of(amends: Amends) -> str:
    """What makes a promise one with itself: its number in the list, or else its kind and words, not its amount: a list
    that comes again with another amount is asked about, not paid twice. The words are a digest: they can be forgotten.
    """
    if amends.key:
        return f"no:{amends.key}"
    return f"{amends.kind}:{blake2b(match_key(amends.what).encode(), digest_size=8).hexdigest() if amends.what else ''}"


def voucher(key: str) -> str:
    """The list's own number in a key, "" where it had none."""
    return key.removeprefix("no:") if key.startswith("no:") else ""


def same(kept: Compensation, amends: Amends) -> bool:
    """Whether a promise that is kept says what is told again."""
    return (kept.kind, kept.points, kept.fen, match_key(kept.what)) == (
        amends.kind, amends.points, amends.fen, match_key(amends.what),
    )  # fmt: skip


def source_id(incident_id: int, compensation_id: int) -> str:
    """What the ledger knows a promise by."""
    return f"{incident_id}.{compensation_id}"


def _within(amount: int, most: int, shown: str) -> int:
    if not 1 <= amount <= most:
        raise BadInput("{number} cannot be given to anybody", hint="write a number above 0", number=shown[:40])
    return amount
