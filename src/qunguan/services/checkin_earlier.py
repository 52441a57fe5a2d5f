"""What a line of a 接龙 says of another day, and what an earlier snapshot of the same 接龙 says of the line."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from qunguan.domain.checkin_outcomes import Decision, Decisions
from qunguan.domain.jielong import plain
from qunguan.domain.matching import Candidate, Match
from qunguan.store.checkin_queries import earlier_items
from qunguan.store.session import Session

_MAKES_UP = re.compile(r"补\s*(?:上|打|了|一下)?\s*(?:昨|前)[天日]|(?:昨|前)[天日][^\n]{0,6}补")


def of_its_day(match: Match) -> Match:
    """A line that says it makes up another day is no check-in of this one unless the owner says so."""
    if match.member_id is None or not _MAKES_UP.search(match.rest):
        return match
    theirs = Candidate(match.member_id, match.name, "makes_up")
    return replace(match, status="ambiguous", member_id=None, candidates=(theirs,))


def settled_before(
    session: Session, challenge_id: int, day: date, series: str, texts: Sequence[str], matches: Sequence[Match]
) -> Decisions:
    """The doubtful lines that the owner settled when an earlier snapshot of this 接龙 was pasted for the day.

    `texts` are the lines as a snapshot keeps them, one for each of `matches`. Lines that say the same stand for the
    same people in the same order, and only as long as there are as many of them.
    """
    doubtful: defaultdict[str, list[int]] = defaultdict(list)
    for index, (text, match) in enumerate(zip(texts, matches, strict=True)):
        if match.status != "matched":
            doubtful[plain(text)].append(index)
    if not doubtful:
        return {}
    known: dict[str, list[int | None]] = {}
    for snapshot in earlier_items(session, challenge_id, day, series):
        owners: defaultdict[str, list[int | None]] = defaultdict(list)
        for text, member_id in snapshot:
            owners[plain(text)].append(member_id)
        known |= {text: told for text, told in owners.items() if None not in told}
    return {
        index: Decision(member_id=member_id)
        for text, lines in doubtful.items()
        if len(told := known.get(text, ())) == len(lines)
        for index, member_id in zip(lines, told, strict=True)
    }
