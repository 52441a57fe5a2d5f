"""Scores 1 to 5 from bars (semantics 3.5).

Every axis is a number of which more is better (days since the last order count negative), and both methods are four
bars: a score is 1 + the number of bars that the value reaches. So equal values always have equal scores.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from qunguan.domain.rfm import SCORES, Bars
from qunguan.i18n import N_

_UNREACHED = 1 << 60
_FEN = 100
_FEW = 4

TIE_RULE: Final = N_(
    "fifths: score = 1 + ⌊5 × worse buyers ÷ buyers⌋, so equal values share the lowest score of the tie"
)


def scores(values: Sequence[int], bars: Bars) -> bytes:
    """The score of every value."""
    if len(known := set(values)) < len(values) // _FEW:  # days and purchases: the same ones again and again
        of = {value: 1 + bisect_right(bars, value) for value in known}
        return bytes(map(of.__getitem__, values))
    return bytes(1 + bisect_right(bars, value) for value in values)


def upwards(tiers: Mapping[int, int]) -> Bars:
    """The bars of purchases from {least purchases: score}."""
    return _bars(lambda score: min((bar for bar, to in tiers.items() if to >= score), default=_UNREACHED))


def of_days(tiers: Mapping[int, int]) -> Bars:
    """The bars of recency from {most days: score}: days count negative, the fewer the better."""
    return _bars(lambda score: -max((bar for bar, to in tiers.items() if to >= score), default=-_UNREACHED))


def of_money(tiers: Mapping[int, int]) -> Bars:
    """The bars of money in fen from {least yuan: score}: whatever was paid is at least a 2."""
    second, *higher = upwards({bar * _FEN: score for bar, score in tiers.items()})
    return (min(second, 1), *higher)  # type: ignore[return-value]


def _bars(least: Callable[[int], int]) -> Bars:
    return tuple(least(score) for score in range(2, SCORES + 1))  # type: ignore[return-value]


def fifths(values: Sequence[int], least_values: int) -> Bars | None:
    """The bars that cut values into fifths; None where there are fewer than `least_values` different ones.

    A value's score is 1 + ⌊5 × (number of values below it) ÷ (number of values)⌋: equal values share the score of the
    lowest place of their tie. It reaches score s when at least n (s - 1) / 5 values are below it, that is when it is
    more than the value at that place of the sorted ones.
    """
    in_order = sorted(values)
    if len(set(in_order)) < least_values:
        return None
    places = (-(-len(in_order) * score // SCORES) for score in range(1, SCORES))  # rounded up
    return tuple(in_order[place - 1] + 1 for place in places)  # type: ignore[return-value]
