"""Who speaks: by id, by what the owner said, then by the name somebody had on those days. Nobody is guessed.

An id is learned with the name it came with only where one member alone can be meant; two ids are two people, whatever
they call themselves. Thousands of speakers take a handful of statements.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from qunguan.domain.activity_people import (
    SETTLED_BY_HAND,
    WAITING,
    Key,
    Resolution,
    Span,
    Told,
)
from qunguan.domain.clock import Clock
from qunguan.domain.text import match_key
from qunguan.i18n import N_
from qunguan.services import groups, rules
from qunguan.services.activity_learning import add_people, catch_up, learn, remember
from qunguan.services.activity_roster import ALIAS_KINDS, Answer, Roster
from qunguan.store import activity_people as queries
from qunguan.store.session import Session


def adds_new(session: Session) -> bool:
    """Whether somebody nobody is like becomes a member at once (rule activity.new_members)."""
    return bool(rules.value(session, "activity.new_members") == "add")


def resolve(
    session: Session, clock: Clock, group_id: int, told: Sequence[Told], *, add_new: bool
) -> dict[Key, Resolution]:
    """Who these speakers of a group are, by their key; learned ids, names and new people are written.

    What earlier imports left open of them is settled too. `told` has one entry for each key. Raises NotFound for the
    group. Statements do not grow with the number of speakers.
    """
    group = groups.get(session, group_id)
    session.step(N_("Recognised who speaks in {group}"), group=group.name)
    known = {(row.kind, row.key): row for row in queries.speakers(session, group_id, {one.key[1] for one in told})}
    open_days = queries.open_days(session, [row.id for row in known.values()])
    wide = [_widened(one, known.get(one.key), open_days) for one in told]
    answers = [Answer(one) for one in wide]
    roster = Roster(session, group_id, wide)
    by_name = [one for one in answers if one.told.kind == "name"]
    by_id = [one for one in answers if one.told.kind != "name"]
    _remembered(by_id, known, roster)
    _by_shown_names(by_id, roster)
    add_people(session, clock, group_id, _strangers(by_id, roster, add_new=add_new), roster)
    learn(session, group_id, by_id, roster)
    _remembered(by_name, known, roster)
    for one in by_name:
        if not one.settled:
            _by_name(one, known.get(one.told.key), roster)
    add_people(session, clock, group_id, _strangers(by_name, roster, add_new=add_new), roster)
    learn(session, group_id, by_name, roster)
    found = remember(session, group_id, answers, known)
    catch_up(session, found.values(), {row.id for row in known.values()} - open_days.keys())
    return found


def quoted(session: Session, group_id: int, told: Sequence[Told]) -> tuple[list[Told], dict[Key, Resolution]]:
    """Those of these who are answered and told of by nothing else, where anything is known of them: whom to `resolve`,
    and speakers who still wait, as they are. Nobody becomes a speaker, or a member, for having been answered.
    """
    if not told:
        return [], {}
    known = {(row.kind, row.key): row for row in queries.speakers(session, group_id, {one.key[1] for one in told})}
    accounts = {match_key(one.id) for one in told if one.kind in ALIAS_KINDS}
    owned = {(row.kind, row.key) for row in queries.named(session, sorted(accounts))}
    waiting = {key: Resolution(row.id, row.matched_by) for key, row in known.items() if row.matched_by in WAITING}
    sure = [
        one for one in told
        if one.key not in waiting
        and (one.key in known or any((kind, match_key(one.id)) in owned for kind in ALIAS_KINDS.get(one.kind, ())))
    ]  # fmt: skip
    return sure, waiting


def _widened(told: Told, row: Any, open_days: dict[int, tuple[date, date, int]]) -> Told:
    """What is told, with the days earlier files left open."""
    if row is None or row.id not in open_days:
        return told
    first, last, _messages = open_days[row.id]
    ends = (min(first, told.first_day or first), max(last, told.last_day or last))
    shown = told.shown
    if told.kind == "name":
        shown = ((told.name or told.id, *ends),)
    return replace(told, names=shown, first_day=ends[0], last_day=ends[1])


def _remembered(answers: Iterable[Answer], known: dict[Key, Any], roster: Roster) -> None:
    """What the owner said, then whose id it is, then what was found out before; a name is read by its days again."""
    for one in answers:
        row = known.get(one.told.key)
        if row is not None and row.matched_by in SETTLED_BY_HAND:
            one.by, one.member_id, one.settled = row.matched_by, row.member_id, True
        elif one.told.kind != "name":
            owners = roster.owners(one.told)
            if len(owners) == 1:
                one.by, one.member_id, one.settled = "id", owners[0], True
                if row is not None and row.member_id == owners[0]:
                    one.by = row.matched_by
            elif not owners and row is not None and row.member_id is not None:
                one.by, one.member_id, one.settled = row.matched_by, row.member_id, True
            elif owners:
                one.by, one.settled = "doubtful", True
    roster.claim((one.told, one.member_id) for one in answers if one.member_id is not None)


def _by_shown_names(answers: Iterable[Answer], roster: Roster) -> None:
    """Ids that nobody knows, by the one member of the group who had their names and has no such id."""
    claims: dict[tuple[str, int], list[Answer]] = defaultdict(list)
    for one in answers:
        if one.settled:
            continue
        pieces = [piece for name, first, last in one.told.shown for piece in roster.read(name, first, last, one.told)]
        people = {piece.member_id for piece in pieces}
        if len(people) == 1 and (who := people.pop()) is not None:
            claims[one.told.kind, who].append(one)
        elif pieces or people:
            one.by, one.settled = "doubtful", True
    for (_kind, who), those in claims.items():
        for one in those:
            one.by, one.settled = "alias" if len(those) == 1 else "doubtful", True
            one.member_id = who if len(those) == 1 else None
    roster.claim((one.told, one.member_id) for one in answers if one.member_id is not None)


def _by_name(one: Answer, row: Any, roster: Roster) -> None:
    """A bare name, day by day. Once it was several people's it stays so."""
    told = one.told
    pieces = roster.read(told.name or told.id, told.first_day, told.last_day, told)
    spans: tuple[Span, ...] = tuple((p.first, p.end, p.member_id) for p in pieces if p.member_id is not None)
    before = row.member_id if row is not None else None
    was_dated = row is not None and row.matched_by == "dated"
    if not pieces and not was_dated:
        if before is not None:  # the alias went, what was found out stays
            one.by, one.member_id, one.settled = row.matched_by, before, True
        return
    whole = spans[0][2] if len(pieces) == 1 and spans else None
    one.settled = True
    if whole is not None and not was_dated and before in (None, whole):
        one.by, one.member_id = row.matched_by if before else "alias", whole
    elif spans or was_dated or before is not None:
        one.by, one.dated = "dated", spans
    else:
        one.by = "doubtful"


def _strangers(answers: Iterable[Answer], roster: Roster, *, add_new: bool) -> list[Answer]:
    """Those nobody is like, who are to be added; who is like somebody waits."""
    new = []
    for one in answers:
        if one.settled:
            continue
        one.settled = True
        if one.told.kind == "self" or not match_key(roster.called(one.told)):
            one.by = "unknown"
        elif roster.like(one.told):
            one.by = "doubtful"
        elif add_new:
            new.append(one)
        else:
            one.by = "unknown"
    return new
