"""What a settled line of a 接龙 teaches: a name its member is known by tomorrow, if it is certainly a whole one."""

from __future__ import annotations

import re
from collections.abc import Iterable

from qunguan.domain.checkin_outcomes import Learnt
from qunguan.domain.clock import Clock
from qunguan.domain.matching import Match, Matcher
from qunguan.domain.text import match_key
from qunguan.services import members
from qunguan.store.session import Session

_IN_PLACE_OF = ("代", "替", "帮")  # 代冰冰: somebody checks in for 冰冰, and who that is changes from day to day
_LATIN = re.compile(r"[^\W\d_]+", re.ASCII)


def may_be_learnt(match: Match, member_id: int, matcher: Matcher) -> bool:
    """Whether the name a line was taken to begin with stands for its member from now on (semantics 3.18).

    Not a single character, nor the first word of what may be a longer Latin name (Tom Lee); not a name with somebody
    else's whole name in it, nor one that says for whom it signs: such a line is settled for this once.
    """
    key = match_key(match.name)
    if len(key) < 2:
        return False
    if _LATIN.fullmatch(key) and _LATIN.match(match.rest):
        return False
    return not any(
        owner != member_id or key in (f"{word}{name}" for word in _IN_PLACE_OF)
        for name, owner in matcher.names_inside(match.name)
    )


def learn(session: Session, clock: Clock, words: Iterable[tuple[int, str, str]]) -> tuple[Learnt, ...]:
    """Remember (member, new name, other way to write their name) and say what was remembered; "" is nothing."""
    learnt = []
    for member_id, name, variant in words:
        if not (name or variant):
            continue
        if variant or members.called_in(session, member_id, name):
            members.also_signs(session, clock, member_id, variant or name)
        else:
            members.set_alias(session, clock, member_id, "nick", name)
        learnt.append((member_id, variant or name))
    called = members.names(session, sorted({member_id for member_id, _text in learnt}))
    return tuple(Learnt(member_id, called[member_id], text) for member_id, text in learnt)
