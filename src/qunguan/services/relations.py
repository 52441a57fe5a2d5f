"""Ties between members: what they can do and need, introductions and what came of them (S2-04, S2-23, S4-42).

One door: who suits whom is in `relation_matches`, who brought whom in `relation_tree`, thanks in `relation_thanks`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from qunguan.domain.clock import Clock
from qunguan.domain.errors import Ambiguous, BadInput, NotFound, Refused, UserError
from qunguan.domain.relations import (
    CO_CREATOR,
    INTRODUCE,
    Introduction,
    Kind,
    Note,
    NoteRow,
    NotesTaken,
    Partner,
    checked_text,
    kin,
    outcome_typed,
)
from qunguan.domain.rosters import Reason, RowNote
from qunguan.domain.scripts import Filled, everyday
from qunguan.domain.text import NOTE_LIMIT, clean, match_key, show
from qunguan.i18n import N_
from qunguan.services import groups, members, scripts
from qunguan.services.earning_referrals import referrals
from qunguan.store import relation_queries as queries
from qunguan.store.checkin_queries import nicks
from qunguan.store.relations import introduction, member_skill
from qunguan.store.session import Session

_STEPS: dict[Kind, str] = {"skill": N_("Noted what {name} can do"), "need": N_("Noted what {name} needs")}


def note(session: Session, clock: Clock, member_id: int, kind: Kind, text: str, more: str = "") -> Note:
    """Note what a member can do or needs; the same text again is the note there is, with `more` said of it where
    something is said. Raises NotFound, BadInput.
    """
    name = members.get(session, member_id).name
    body, said = checked_text(text), clean(more.strip(), NOTE_LIMIT)
    today = clock.today(groups.day_rule(session))
    old = next((each for each in of_member(session, clock, member_id, kind) if each.key == match_key(body)), None)
    if old is not None and said in ("", old.note):
        return old
    session.step(_STEPS[kind], name=name)
    if old is not None:
        session.update(member_skill, old.id, note=said)
        return _note_of(session, clock, member_id, kind, old.id)
    made = session.insert(
        member_skill, member_id=member_id, kind=kind, text=body, key=match_key(body), note=said, noted_on=today
    )
    return _note_of(session, clock, member_id, kind, made)


def drop(session: Session, clock: Clock, note_id: int) -> Note:
    """Take a skill or need out: it does not hold any more. Raises NotFound."""
    row = session.get(member_skill, note_id)
    if row is None:
        raise NotFound("there is no skill or need #{id}", hint="see the list: qunguan relation list", id=note_id)
    name = members.get(session, row.member_id).name
    session.step(N_("Took out a skill or need of {name}"), name=name)
    session.delete(member_skill, note_id)
    return Note(row.id, row.member_id, name, row.kind, row.text, row.key, row.note, row.noted_on)


def notes(
    session: Session, clock: Clock, group_id: int | None = None, *, kind: Kind | None = None, as_of: date | None = None
) -> tuple[Note, ...]:
    """Skills and needs noted by a day (None: today) of who was present then, by name; in a group or in any."""
    rows = queries.notes(session, _day(session, clock, group_id, as_of), kind=kind, group_id=group_id)
    return tuple(map(_note, rows))


def of_member(
    session: Session, clock: Clock, member_id: int, kind: Kind | None = None, as_of: date | None = None
) -> tuple[Note, ...]:
    """What one member can do and needs on a day (None: today), present or not; what they can do first."""
    day = _day(session, clock, None, as_of)
    return tuple(map(_note, queries.notes(session, day, kind=kind, member_id=member_id, everybody=True)))


def import_notes(session: Session, clock: Clock, rows: Sequence[NoteRow]) -> NotesTaken:
    """Note the skills and needs of a list, as one step; the same list again changes nothing. Rows whose name is
    nobody's or several people's are in the outcome.
    """
    resolve = members.resolver(session, (row.who for row in rows))
    today = clock.today(groups.day_rule(session))
    known = {(each.member_id, each.kind, each.key) for each in queries.notes(session, today, everybody=True)}
    unresolved, rejected = list[RowNote](), list[RowNote]()
    new: list[dict[str, Any]] = []
    already = 0
    for row in rows:
        try:
            who = resolve(row.who)
        except (NotFound, Ambiguous) as error:
            unresolved.append(_refusal(row, error))
            continue
        for kind, text in row.notes:
            try:
                body = checked_text(text)
            except BadInput as error:
                rejected.append(_refusal(row, error))
                continue
            place = (who, kind, match_key(body))
            already += place in known
            if place not in known:
                known.add(place)
                new.append({"member_id": who, "kind": kind, "text": body, "key": place[2], "noted_on": today})
    if new:
        session.step(N_("Noted skills and needs of {n} members"), n=len({each["member_id"] for each in new}))
        session.insert_many(member_skill, new)
    return NotesTaken(len(new), already, tuple(unresolved), tuple(rejected))


def introduce(
    session: Session, clock: Clock, seeker_id: int, giver_id: int, about: str, day: date | None = None
) -> Introduction:
    """Note that somebody who needs was introduced to somebody who can, today or on a day. The same two about the same
    again is the introduction there is. Raises NotFound, BadInput, and Refused for one and the same member.
    """
    seeker, giver = members.get(session, seeker_id), members.get(session, giver_id)
    body = checked_text(about)
    today = clock.today(groups.day_rule(session))
    when = day or today
    if seeker_id == giver_id:
        raise Refused("{name} cannot be introduced to themselves", name=show(seeker.name))
    if when > today:
        raise BadInput("{day} has not come yet", hint="today is {today}", day=when, today=today)
    for each in introductions(session, clock, member_id=seeker_id):
        if (each.seeker_id, each.giver_id, match_key(each.about)) == (seeker_id, giver_id, match_key(body)):
            return each
    session.step(N_("Introduced {giver} to {seeker}"), giver=giver.name, seeker=seeker.name)
    made = session.insert(
        introduction, seeker_id=seeker_id, giver_id=giver_id, about=body, biz_date=when, occurred_at=clock.now()
    )
    return get(session, clock, made)


def settle(session: Session, clock: Clock, introduction_id: int, outcome: str, day: date | None = None) -> Introduction:
    """Say what became of an introduction, by code or name of OUTCOMES or in own words; "" is not known any more. Raises
    NotFound, BadInput for a day before the introduction or one that has not come.
    """
    found = get(session, clock, introduction_id)
    today = clock.today(groups.day_rule(session))
    told, when = outcome_typed(outcome), day or max(today, found.day)
    if when > today and day is not None:
        raise BadInput("{day} has not come yet", hint="today is {today}", day=when, today=today)
    if when < found.day:
        raise BadInput("they were introduced on {day} only", hint="say a later day", day=found.day)
    if (told, when if told else None) == (found.outcome, found.outcome_on) or (day is None and told == found.outcome):
        return found
    session.step(N_("Noted what came of introducing {giver} to {seeker}"), giver=found.giver, seeker=found.seeker)
    session.update(introduction, introduction_id, outcome=told, outcome_on=when if told else None)
    return get(session, clock, introduction_id)


def get(session: Session, clock: Clock, introduction_id: int) -> Introduction:
    """One introduction. Raises NotFound."""
    rows = queries.introductions(session, clock.today(groups.day_rule(session)), one=introduction_id)
    if not rows:
        raise NotFound("there is no introduction #{id}", hint="see the list: qunguan relation log", id=introduction_id)
    return _introduction(rows[0], date.max)


def introductions(
    session: Session, clock: Clock, *, member_id: int | None = None, as_of: date | None = None
) -> tuple[Introduction, ...]:
    """The introductions made by a day (None: today) with what was known of them then, newest first; of a member on
    either side, or all.
    """
    day = _day(session, clock, None, as_of)
    return tuple(_introduction(row, day) for row in queries.introductions(session, day, member_id=member_id))


def text(
    session: Session, clock: Clock, seeker_id: int, giver_id: int, need: str, skill: str = "",
    group_id: int | None = None,
) -> Filled:  # fmt: skip
    """The words that bring two members together, as the script 牵线介绍 has them; without a `skill` they name what the
    giver can do that is nearest to the need. Raises NotFound.
    """
    people = [members.get(session, each) for each in (seeker_id, giver_id)]
    called = nicks(session, [each.id for each in people])
    seeker, giver = (called.get(each.id) or each.name for each in people)
    group = groups.get(session, group_id).name if group_id is not None else ""
    values = everyday(group, clock.today(groups.day_rule(session, group_id))) if group else {}
    skill = skill or _nearest(of_member(session, clock, giver_id, "skill"), need)
    return scripts.fill(session, INTRODUCE, {**values, "nick": seeker, "other": giver, "need": need, "skill": skill})


def partners(
    session: Session, clock: Clock, group_id: int | None = None, as_of: date | None = None
) -> tuple[Partner, ...]:
    """Who is a co-creation partner on a day (None: today), in a group or in any, and what they did by then (S2-02)."""
    day = _day(session, clock, group_id, as_of)
    rows = queries.with_role(session, CO_CREATOR, day, group_id)
    ids = list(dict.fromkeys(row.member_id for row in rows))
    done = queries.did(session, ids, day)
    brought: dict[int, int] = {}
    for each in referrals(session, day, group_id, inviters=ids) if ids else ():
        brought[each.inviter_id] = brought.get(each.inviter_id, 0) + 1
    what = ("share", "campaign", "posted", "worked", "suggestion")
    return tuple(
        Partner(row.member_id, row.name, row.group_name, row.joined_on, brought.get(row.member_id, 0),
                *(done.get((each, row.member_id), 0) for each in what))
        for row in rows
    )  # fmt: skip


def _nearest(skills: Sequence[Note], need: str) -> str:
    """Of some skills the text nearest to a need, else the need itself."""
    called = {each.key: each.text for each in skills}
    near = kin([match_key(need)], called).get(match_key(need), ())
    return called[near[0]] if near else need


def _day(session: Session, clock: Clock, group_id: int | None, as_of: date | None) -> date:
    return as_of or clock.today(groups.day_rule(session, group_id))


def _note_of(session: Session, clock: Clock, member_id: int, kind: Kind, note_id: int) -> Note:
    return next(each for each in of_member(session, clock, member_id, kind) if each.id == note_id)


def _note(row: Any) -> Note:
    return Note(row.id, row.member_id, row.name, row.kind, row.text, row.key, row.note, row.noted_on)


def _introduction(row: Any, day: date) -> Introduction:
    """As it was known on a day."""
    known = row.outcome_on is not None and row.outcome_on <= day
    return Introduction(
        row.id, row.seeker_id, row.seeker, row.giver_id, row.giver, row.about, row.outcome if known else "",
        row.outcome_on if known else None, row.biz_date,
    )  # fmt: skip


def _refusal(row: NoteRow, error: UserError) -> RowNote:
    return RowNote(row.row, Reason.of("{problem}", problem=error))
