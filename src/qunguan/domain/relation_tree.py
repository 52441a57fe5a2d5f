"""Who brought whom, as trees: how many came by somebody, how deep it goes, who is still here and who bought (S4-42)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date

from qunguan.domain.relations import ReferralShare
from qunguan.values import frozen


@frozen
class Tree:
    """Somebody nobody brought, and all that came by them. `people` are those below, `direct` whom they brought
    themselves, `depth` the longest way down; of the people below `here` are still present and `bought` did buy.
    """

    member_id: int
    name: str
    people: int
    direct: int
    depth: int
    here: int
    bought: int


@frozen
class TreeLine:
    """One member of a tree: how far below its top, whom they brought, whether they are here and bought."""

    member_id: int
    name: str
    level: int
    direct: int
    people: int
    here: bool
    bought: bool


@frozen
class Trees:
    """The biggest trees by a day, with how many people somebody brought in all, and by how many; `cut` invitations went
    round in a circle and were left out where the circle began.
    """

    day: date
    trees: tuple[Tree, ...]
    brought: int
    inviters: int
    cut: int
    share: ReferralShare


class Forest:
    """Invitations as trees. Counted from the bottom, without recursion: a chain may be as long as the roster."""

    def __init__(self, invited: Mapping[int, tuple[int, date | None]]) -> None:
        """`invited` is guest → (inviter, the day they joined)."""
        cut = _circles(invited)
        self.cut = len(cut)
        self.parent = {guest: inviter for guest, (inviter, _day) in invited.items() if guest not in cut}
        self.children: dict[int, list[int]] = {}
        for guest, inviter in self.parent.items():
            self.children.setdefault(inviter, []).append(guest)
        self.roots = [one for one in self.children if one not in self.parent]
        self.order = [one for root in self.roots for one, _level in self.walk(root)]

    def walk(self, top: int) -> Iterator[tuple[int, int]]:
        """(member, how far below) of a tree, each before those they brought."""
        todo = [(top, 0)]
        while todo:
            one, level = todo.pop()
            yield one, level
            todo.extend((guest, level + 1) for guest in reversed(self.children.get(one, ())))

    def below(self, among: Collection[int] | None = None) -> dict[int, int]:
        """Member → how many came by them, directly or not; of these only (None: of all)."""
        found = dict.fromkeys(self.order, 0)
        for one in reversed(self.order):
            if (inviter := self.parent.get(one)) is not None:
                found[inviter] += found[one] + (among is None or one in among)
        return found

    def depth(self) -> dict[int, int]:
        """Member → the longest way down from them."""
        found = dict.fromkeys(self.order, 0)
        for one in reversed(self.order):
            if (inviter := self.parent.get(one)) is not None:
                found[inviter] = max(found[inviter], found[one] + 1)
        return found


def _circles(invited: Mapping[int, tuple[int, date | None]]) -> set[int]:
    """Of each circle the one who joined first: they cannot have come by one who came by them."""
    seen: dict[int, int] = {}
    found: set[int] = set()
    for turn, start in enumerate(invited):
        path: list[int] = []
        one = start
        while one in invited and one not in seen:
            seen[one] = turn
            path.append(one)
            one = invited[one][0]
        if seen.get(one) == turn:
            circle = path[path.index(one) :]
            found.add(min(circle, key=lambda each: (invited[each][1] or date.min, each)))
    return found


def biggest(
    forest: Forest, names: Mapping[int, str], here: Collection[int], bought: Collection[int], most: int
) -> tuple[Tree, ...]:
    """The trees with most people, `most` of them at most; names need to be there of their tops only."""
    people, depth = forest.below(), forest.depth()
    tops = sorted(forest.roots, key=lambda one: (-people[one], one))[:most]
    stayed, buyers = forest.below(here), forest.below(bought)
    return tuple(
        Tree(top, names.get(top, f"#{top}"), people[top], len(forest.children[top]), depth[top], stayed[top],
             buyers[top])
        for top in tops
    )  # fmt: skip


def lines(
    forest: Forest, tops: Sequence[tuple[int, int]], names: Mapping[int, str], here: Collection[int],
    bought: Collection[int],
) -> tuple[TreeLine, ...]:  # fmt: skip
    """The lines of a tree, of (member, how far below) as `walk` gives them."""
    people = forest.below()
    return tuple(
        TreeLine(one, names.get(one, f"#{one}"), level, len(forest.children.get(one, ())), people.get(one, 0),
                 one in here, one in bought)
        for one, level in tops
    )  # fmt: skip
