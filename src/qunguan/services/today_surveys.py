"""The agenda's line about newcomers whose answers say that they are serious, or that they only look in (S3-37)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from qunguan.domain.clock import Clock
from qunguan.domain.surveys import INTENT_DAYS, INTENT_HIGH, INTENT_LOW
from qunguan.domain.today import Evidence, Line, Names, Said, Target, plural
from qunguan.i18n import N_
from qunguan.services import groups, rules
from qunguan.store import survey_queries as queries
from qunguan.store.session import Session


def lines(session: Session, clock: Clock) -> Iterator[Line]:
    """One line for all surveys of newcomers: whom to speak with, the serious ones first. Answers of the last days count
    until the owner has noted that they were spoken with.
    """
    days = rules.limit(session, INTENT_DAYS)
    if days is None:
        return
    first = clock.today(groups.day_rule(session)) - timedelta(days=days)
    asked = queries.newcomers_since(session, first)
    if not asked:
        return
    from qunguan.services.survey_views import voices  # nothing of it is needed before there is one

    found = [
        (row.id, each)
        for row in asked
        for each in voices(session, clock, row.id, since=first)
        if each.level in ("high", "low") and each.settled_on is None
    ]
    if not found:
        return
    found.sort(key=lambda one: one[1].level != "high")  # stable: the newest of each first
    high = sum(each.level == "high" for _survey, each in found)
    said = plural(
        N_("{n} newcomer to speak with, {high} serious, {low} only looking in: {names}"),
        N_("{n} newcomers to speak with, {high} serious, {low} only looking in: {names}"),
        len(found),
        high=high,
        low=len(found) - high,
        names=Names(tuple(each.name or each.number for _survey, each in found)),
    )
    evidence = []
    for level, rule_id, count in (("high", INTENT_HIGH, high), ("low", INTENT_LOW, len(found) - high)):
        if not count:
            continue
        state = rules.state(session, rule_id)
        told = [f"{each.name or each.number} {each.intent}" for _survey, each in found if each.level == level]
        met = Said(N_("the answers add up: {people}"), {"people": Names(tuple(told))})
        evidence.append(Evidence(met, state.rule.source, rule_id, state.value))
    yield Line(
        kind="newcomer",
        key="intent",
        text=said,
        target=Target("surveys", found[0][0]),
        evidence=tuple(evidence),
        count=len(found),
    )
