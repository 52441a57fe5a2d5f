"""The agenda's line about those who are to be thanked, with a text ready to send to the first (S1-22)."""

from __future__ import annotations

from collections.abc import Iterator

from qunguan.domain.clock import Clock
from qunguan.domain.relations import THANKS_DAYS
from qunguan.domain.today import Evidence, Line, Names, Said, Target, plural
from qunguan.i18n import N_
from qunguan.services import relation_thanks, rules
from qunguan.store.session import Session

_TOLD = 30  # people told one by one; the room the line leads to has all


def lines(session: Session, clock: Clock, group_id: int | None) -> Iterator[Line]:
    """One line for all who are to be thanked, in whatever group, who waits longest first."""
    found = relation_thanks.owed(session, clock)
    if not found:
        return
    state = rules.state(session, THANKS_DAYS)
    first = found[0]
    words = relation_thanks.words(session, clock, first.member_id, [str(each) for each in first.reasons], group_id)
    names = Names(tuple(each.name for each in found))
    yield Line(
        kind="thanks",
        key="thanks",
        text=plural(N_("{names} is to be thanked: {why}"), N_("{n} people are to be thanked: {names}"), len(found),
                    names=names, why=first.why),
        target=Target("relations", first.member_id),
        evidence=tuple(
            Evidence(Said(N_("{name}: {why}"), {"name": each.name, "why": each.why}), state.rule.source, THANKS_DAYS,
                     state.value)
            for each in found[:_TOLD]
        ),
        count=len(found),
        ready_text=words.text,
        missing=words.missing,
    )  # fmt: skip
