"""A draw anyone can repeat: a seed told beforehand, a list with a fingerprint, and one rule (S3-23, S0-22).

Everyone in the pot has a key. The lot of a key is SHA-256 of "seed:key" in hexadecimal; the smallest lots win. The
fingerprint is SHA-256 of all keys in their order, one a line.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256

from qunguan.values import frozen


@frozen
class Lot:
    """Somebody in the pot: key (m12 for a member, else the name as it is compared), name, the lot drawn."""

    key: str
    name: str
    member_id: int | None
    lot: str = ""


@frozen
class Draw:
    """A draw that was made. `pool` is how many were in the pot, `digest` the fingerprint of their keys."""

    id: int
    seed: str
    pool: int
    digest: str
    winners: tuple[Lot, ...]
    lots: tuple[Lot, ...]
    drawn_at: datetime | None = None


def lot(seed: str, key: str) -> str:
    """What a key draws."""
    return sha256(f"{seed}:{key}".encode()).hexdigest()


def ordered(pool: Iterable[Lot]) -> tuple[Lot, ...]:
    """The pot in the order it is published: members by their id, then everybody else by name."""
    return tuple(sorted(pool, key=lambda each: (each.member_id is None, each.member_id or 0, each.key)))


def digest(pool: Iterable[Lot]) -> str:
    """The fingerprint of a pot in its order."""
    return sha256("\n".join(each.key for each in pool).encode()).hexdigest()


def drawn(seed: str, pool: Iterable[Lot], winners: int) -> tuple[Lot, ...]:
    """Who wins, in order: the smallest lots."""
    told = (Lot(each.key, each.name, each.member_id, lot(seed, each.key)) for each in pool)
    return tuple(sorted(told, key=lambda each: each.lot)[:winners])
