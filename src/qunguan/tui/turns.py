"""Views, filters and orders that one key goes through: one after the other, and round again."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

T = TypeVar("T")


def next_of(options: Iterable[T], now: T) -> T:
    """The option after `now`, the first one after the last; also the first where `now` is none of them."""
    each = list(options)
    return each[(each.index(now) + 1) % len(each)] if now in each else each[0]
