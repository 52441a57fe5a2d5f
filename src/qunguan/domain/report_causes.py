"""Why figures may have changed: which facts move which of them, and which way. A pure table; it proves nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from qunguan.domain.reports import Cause, Fact, Figure

_BOTH: Final = (1, -1)
_UP: Final = (1,)
_DOWN: Final = (-1,)
Ways = tuple[int, ...]

_BOUGHT: Final[Mapping[str, Ways]] = dict.fromkeys(("net", "payments", "buyers", "gross"), _UP)
_TALK: Final = ("messages", "speakers", "active_rate")
MOVES: Final[Mapping[str, Mapping[str, Ways]]] = {
    "campaign": {**_BOUGHT, **dict.fromkeys((*_TALK, "joined", "new_members", "members"), _UP)},
    "bonus": {"checkin_rate": _UP, **dict.fromkeys(_TALK, _UP)},
    "shopping": _BOUGHT,
    "holiday": dict.fromkeys(("checkin_rate", *_TALK), _BOTH),
    "incident": {**dict.fromkeys(("left", "exit_rate", "complaints"), _UP),
                 **dict.fromkeys(("net", "payments", "buyers", "members", "checkin_rate"), _DOWN),
                 **dict.fromkeys(_TALK, _BOTH)},
    "incident_late": {**dict.fromkeys(("left", "exit_rate", "complaints"), _UP),
                      **dict.fromkeys(("net", "payments", "buyers", "members"), _DOWN)},
    "challenge_began": dict.fromkeys(("checkin_rate", *_TALK), _UP),
    "challenge_ended": dict.fromkeys(("checkin_rate", *_TALK), _DOWN),
    "challenge_gone": dict.fromkeys(("checkin_rate", *_TALK), _UP),
    "exits_after": {**dict.fromkeys(("left", "exit_rate"), _UP), "members": _DOWN},
    "slump": dict.fromkeys(_TALK, _DOWN),
    "refund": {"net": _DOWN, "aov": _DOWN},
    "ad": {**dict.fromkeys(("left", "exit_rate"), _UP), **dict.fromkeys(("open_rate", *_TALK), _DOWN)},
    "gap": dict.fromkeys(_TALK, (0,)),
}  # fmt: skip
"""Kind of fact → the figures it may move: 1 up, -1 down; 0 it makes them unknown."""


def notable(figure: Figure, percent: float, points: float) -> bool:
    """Whether a change is worth a word: `percent` of what it was, of shares `points` percentage points; what was
    nothing before always is.
    """
    if not figure.moved:
        return False
    change = figure.change
    if change is None:
        return True
    return abs(change) * 100 >= (points if figure.unit == "share" else percent)


def causes(facts: Iterable[Fact], figures: Iterable[Figure], percent: float, points: float) -> tuple[Cause, ...]:
    """The facts that may be why figures moved; a fact that moved none is left out. A fact of the period before moves
    them the other way round: it is gone now.
    """
    told = tuple(figures)
    ways = {each.code: each.moved for each in told if notable(each, percent, points)}
    unknown = {each.code for each in told if each.value is None or each.before is None}
    found = (Cause(fact, tuple(_moved(fact, ways, unknown))) for fact in facts)
    return tuple(each for each in found if each.figures)


def unexplained(figures: Iterable[Figure], found: Iterable[Cause], percent: float, points: float) -> tuple[Figure, ...]:
    """The figures whose change is worth a word and for which nothing on hand may be the reason."""
    told = {code for each in found for code, _way in each.figures}
    return tuple(each for each in figures if each.code not in told and notable(each, percent, points))


def _moved(fact: Fact, ways: Mapping[str, int], unknown: set[str]) -> Iterator[tuple[str, int]]:
    for code, those in MOVES.get(fact.kind, {}).items():
        if 0 in those:
            if code in unknown:
                yield code, 0
            continue
        way = ways.get(code, 0)
        if way and (-way if fact.before else way) in those:
            yield code, way
