"""Who is due for cleaning: silent and empty-handed for long, here that long, and not decided about yet (S4-33)."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from qunguan.domain.cleaning import Answers, Candidate, Entry, Queue, counted, number, said
from qunguan.domain.clock import Clock
from qunguan.domain.conditions import Fact, Value, facts_of, truths
from qunguan.domain.errors import NotFound
from qunguan.domain.money import yuan
from qunguan.domain.rosters import Reason
from qunguan.domain.rules import preset
from qunguan.i18n import N_
from qunguan.services import facts, groups, members, rules
from qunguan.services.cleaning_cases import resting
from qunguan.store.session import Session

_PRESET = Path(__file__).parents[1] / "presets" / "cleaning.toml"
_FEN = 100
_LAST_ORDER, _JOINED = Fact("last_order"), Fact("joined")
_ORDERS, _SPENT, _CHECKINS, _DEEDS, _MESSAGES = (
    Fact("orders"), Fact("spent"), Fact("checkins"), Fact("deeds"), Fact("messages")
)  # fmt: skip


@cache
def shipped() -> dict[str, Any]:
    """The tags and the letter cleaning comes with."""
    return tomllib.loads(_PRESET.read_text(encoding="utf-8"))


def entry(session: Session) -> Entry:
    """The rule of the queue as it is in force."""
    return Entry(rules.value(session, "clean.silent_days"), rules.value(session, "clean.purchase"))


def queue(session: Session, clock: Clock, group_id: int, as_of: date | None = None) -> Queue:
    """Everybody who is due in a group at the end of a day (None: today).

    Newcomers are not silent yet. Whom no chat tells of is counted as unknown and is no candidate: what is not known is
    not silence.
    """
    day = as_of or clock.today(groups.day_rule(session, group_id))
    rule = entry(session)
    there = facts.collect(session, clock, day, [Fact("present")], None, group_id)[Fact("present")]
    here = [who for who, is_there in there.values.items() if is_there is True]
    told = facts.collect(session, clock, day, facts_of(rule.condition), here, group_id)
    verdicts = dict(zip(here, truths(rule.condition, told, here), strict=True))
    silent = [who for who, truth in verdicts.items() if truth is True]
    known = resting(session, group_id, day)
    due = [who for who in silent if who not in known]
    found = sorted(_candidates(session, clock, group_id, day, due), key=_longest)
    return Queue(day, rule, tuple(found), len(here), sum(truth is None for truth in verdicts.values()),
                 len(silent) - len(due))  # fmt: skip


def candidate(session: Session, clock: Clock, group_id: int, member_id: int, as_of: date | None = None) -> Candidate:
    """The three questions about one member, due or not. Raises NotFound."""
    members.get(session, member_id)
    day = as_of or clock.today(groups.day_rule(session, group_id))
    return _candidates(session, clock, group_id, day, [member_id])[0]


def why_due(
    session: Session, clock: Clock, group_id: int, member_id: int, as_of: date | None = None
) -> tuple[Reason, ...]:
    """Why somebody is in the queue, the answers to the three questions, and what is suggested, each with its source."""
    rule, one = entry(session), candidate(session, clock, group_id, member_id, as_of)
    answers = one.answers
    high = rules.value(session, "clean.high_yuan")
    silent = N_("no sign of life for {n} days; due from {bar} ({source})")
    unknown = N_("no chat tells how long; due from {bar} days of silence ({source})")
    purchase = (
        N_("no purchase in {bar} days ({source})") if rule.purchase == "window" else N_("no purchase ever ({source})")
    )
    lines = [
        Reason.of(unknown if one.silent is None else silent, n=said(one.silent), bar=rule.silent_days,
                  source=preset("clean.silent_days").source),
        Reason.of(purchase, bar=rule.silent_days, source=preset("clean.purchase").source),
        *questions(answers),
        Reason.of(
            N_("wake one by one from {yuan} yuan ever spent, else the slow group ({source})"), yuan=high,
            source=preset("clean.high_yuan").source,
        ),
    ]  # fmt: skip
    return tuple(lines)


def questions(answers: Answers) -> tuple[Reason, ...]:
    """The three questions with their answers (S4-34)."""
    bought = N_("1 ever bought? yes: {orders} orders, {yuan} yuan") if answers.bought else N_("1 ever bought? no")
    joined = {
        True: N_("2 ever joined in? yes: {messages} messages, {checkins} check-ins, {deeds} deeds"),
        False: N_("2 ever joined in? no"),
        None: N_("2 ever joined in? unknown: no chat tells of it"),
    }[answers.joined_in]
    follows = N_("3 follows the brand? yes, by a tag") if answers.follows else N_(
        "3 follows the brand? unknown: the tag {tag} says so where you know it"
    )  # fmt: skip
    return (
        Reason.of(bought, orders=answers.orders, yuan=yuan(answers.net_fen)),
        Reason.of(joined, messages=said(answers.messages), checkins=answers.checkins, deeds=answers.deeds),
        Reason.of(follows, tag=shipped()["follow_tags"][0]),
    )


def _longest(one: Candidate) -> tuple[int, int]:
    return -(number(one.silent) or 0), one.member_id


def _candidates(session: Session, clock: Clock, group_id: int, day: date, ids: Sequence[int]) -> list[Candidate]:
    tags = [Fact("tag", name=name) for name in shipped()["follow_tags"]]
    silent = entry(session).silent.fact
    wanted = [silent, _LAST_ORDER, _JOINED, _ORDERS, _SPENT, _CHECKINS, _DEEDS, _MESSAGES, *tags]
    told = facts.collect(session, clock, day, wanted, list(ids), group_id)
    names = members.names(session, ids)
    high = rules.value(session, "clean.high_yuan") * _FEN
    found = []
    for who in ids:
        follows = True if any(told[fact].of(who) is True for fact in tags) else None
        orders, spent, checkins, deeds, last_order = (
            number(counted(told[fact].of(who))) for fact in (_ORDERS, _SPENT, _CHECKINS, _DEEDS, _LAST_ORDER)
        )
        messages = counted(told[_MESSAGES].of(who))
        answers = Answers(orders or 0, spent or 0, checkins or 0, deeds or 0, messages, follows)
        found.append(
            Candidate(who, names[who], _joined(told[_JOINED].of(who), day), counted(told[silent].of(who)), last_order,
                      answers, answers.suggestion(high))
        )  # fmt: skip
    return found


def _joined(value: Value, day: date) -> date | None:
    days = None if value != value else counted(value)
    return date.fromordinal(day.toordinal() - days) if isinstance(days, int) else None


def check_here(session: Session, clock: Clock, group_id: int, ids: Sequence[int]) -> None:
    """Raises NotFound for somebody who is not in the group today."""
    day = clock.today(groups.day_rule(session, group_id))
    here = facts.collect(session, clock, day, [Fact("present")], list(ids), group_id)[Fact("present")]
    for who in ids:
        if here.of(who) is not True:
            raise NotFound("{name} is not in the group", name=members.get(session, who).name)
