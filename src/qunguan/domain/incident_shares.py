"""Who gets what out of a list of amends, told so that a slip of the pen is seen before it is written (S4-20)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from qunguan.domain.incident_compensation import KIND_NAMES, KINDS, Amends, CompensationLine, Kind
from qunguan.domain.money import yuan
from qunguan.domain.text import show
from qunguan.i18n import _, ngettext
from qunguan.values import frozen

_SHOWN: Final = 5  # of each kind; the others are as large at most


@frozen
class Share:
    """What a list gives of one kind: the largest of its `lines`, how many `more` there are, how many of all are
    `given`, and the `total`: points, or fen as far as amounts are told.
    """

    kind: Kind
    lines: tuple[CompensationLine, ...]
    more: int
    given: int
    total: int

    def __str__(self) -> str:
        n = len(self.lines) + self.more
        told = ngettext("{kind}: {n} person, {given} of {n} handed over", "{kind}: {n}, {given} of them handed over", n,
                        kind=_(KIND_NAMES[self.kind]), given=self.given)  # fmt: skip
        if not self.total:
            return told
        total = str(Amends("points", self.total)) if self.kind == "points" else f"¥{yuan(self.total)}"
        return _("{told}, {total} in all", told=told, total=total)


def shares(lines: Iterable[CompensationLine], most: int = _SHOWN) -> tuple[Share, ...]:
    """What a list gives, kind by kind, the largest first: one ¥1234.56 among many ¥12.50 leads."""
    found = tuple(lines)
    told = []
    for kind in KINDS:
        mine = sorted((line for line in found if line.amends.kind == kind), key=lambda line: -_size(line.amends))
        if mine:
            told.append(Share(kind, tuple(mine[:most]), len(mine[most:]), sum(line.given for line in mine),
                              sum(_size(line.amends) for line in mine)))  # fmt: skip
    return tuple(told)


def share_lines(lines: Iterable[CompensationLine]) -> list[str]:
    """`shares` as people read them: ✓ stands before what they have now, ○ before what waits."""
    told = []
    for share in shares(lines):
        told += [str(share), *map(_line, share.lines)]
        if share.more:
            told.append("  " + _("… and {n} others, none of them larger", n=share.more))
    return told


def left_line(lines: Sequence[CompensationLine]) -> str:
    """Who of them has left the group, "" where nobody has."""
    names = list(dict.fromkeys(show(line.name) for line in lines if line.left))
    if not names:
        return ""
    told = " / ".join(names[:_SHOWN]) + (" …" if len(names) > _SHOWN else "")
    return ngettext("{n} has left the group: {names}", "{n} have left the group: {names}", len(names), names=told)


def _line(line: CompensationLine) -> str:
    told = f"  {'✓' if line.given else '○'} {show(line.name)}  {line.amends}"
    return _("{told} (has left the group)", told=told) if line.left else told


def _size(amends: Amends) -> int:
    return amends.points or amends.fen or 0
