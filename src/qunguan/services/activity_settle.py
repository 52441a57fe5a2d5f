"""The owner's word on a speaker: a member, somebody new, or none of them.

A settled speaker takes what was said along, teaches the roster the id or the name with its days, and is known from then
on. Each answer is one step, and the same answer again changes nothing.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from qunguan.domain.activity_people import KnownName, SpeakerSettled, Told, given_name
from qunguan.domain.clock import Clock
from qunguan.domain.errors import BadInput, NotFound
from qunguan.domain.members import NAME_KINDS
from qunguan.domain.names import typed_name
from qunguan.domain.text import clean, is_blank, match_key, show
from qunguan.i18n import N_
from qunguan.services.activity_learning import learn, place
from qunguan.services.activity_roster import Answer, Roster
from qunguan.services.members_edit import add, get
from qunguan.services.members_index import reindex
from qunguan.store import activity_people as queries
from qunguan.store.activity import SIDES, chat_answer, speaker, speech
from qunguan.store.member_queries import ALIASES
from qunguan.store.members import alias
from qunguan.store.session import Session


def assign(
    session: Session,
    clock: Clock,
    speaker_id: int,
    member_id: int,
    from_day: date | None = None,
    to_day: date | None = None,
) -> SpeakerSettled:
    """Say that a speaker is a member; a bare name may be theirs from a day to a day, both among them.

    Without days everything they ever said moves; of a name that was several people's, what nobody knows. Raises
    NotFound for either, BadInput for days that cannot be.
    """
    row, person = speaker_row(session, speaker_id), get(session, member_id)
    if (from_day or to_day) and row.kind != "name":
        raise BadInput(
            "only a name can be somebody's for some days", hint="an account is one person's: leave the days out"
        )
    if from_day and to_day and to_day < from_day:
        raise BadInput("{day} is before {other}", day=to_day, other=from_day)
    session.step(N_("Settled who {name} is"), name=_shown(row))
    only_open = row.matched_by == "dated" and not (from_day or to_day)
    moved, theirs = _move(session, row, member_id, from_day, to_day, only_open=only_open)
    if only_open and not theirs:
        return SpeakerSettled(speaker_id, member_id, person.name, 0, changed=False)
    partly = to_day is not None or (row.kind == "name" and _is_shared(session, speaker_id, member_id))
    if partly:
        session.update(speaker, speaker_id, member_id=None, matched_by="dated")
    else:
        session.update(speaker, speaker_id, member_id=member_id, matched_by="hand")
    _teach(session, row, member_id, from_day or min(theirs, default=None), to_day, theirs)
    if from_day is not None:
        _end_elsewhere(session, row.key, member_id, from_day)
    place(session, row.group_id, [member_id])
    return SpeakerSettled(speaker_id, member_id, person.name, moved, session.changed)


def assign_new(session: Session, clock: Clock, speaker_id: int) -> SpeakerSettled:
    """Make a member of a speaker, called as they were shown last. Raises NotFound, BadInput for no name at all."""
    row = speaker_row(session, speaker_id)
    session.step(N_("Settled who {name} is"), name=_shown(row))
    name = row.name if not is_blank(row.name) else row.key
    person = add(session, clock, typed_name(clean(name)), group_id=row.group_id)
    return assign(session, clock, speaker_id, person.id)


def set_aside(session: Session, clock: Clock, speaker_id: int) -> SpeakerSettled:
    """Say that a speaker is none of the members: a bot, a stranger. They wait no longer and stay in the sums.

    Raises NotFound.
    """
    row = speaker_row(session, speaker_id)
    session.step(N_("Settled who {name} is"), name=_shown(row))
    moved, _theirs = _move(session, row, None, None, None)
    session.update(speaker, speaker_id, member_id=None, matched_by="nobody")
    return SpeakerSettled(speaker_id, None, "", moved, session.changed)


def speaker_row(session: Session, speaker_id: int) -> Any:
    """A speaker by id. Raises NotFound."""
    row = session.get(speaker, speaker_id)
    if row is None:
        hint = N_("see who waits: qunguan activity waiting")
        raise NotFound("there is no speaker #{speaker}", hint=hint, speaker=speaker_id)
    return row


def _move(
    session: Session,
    row: Any,
    member_id: int | None,
    first: date | None,
    last: date | None,
    *,
    only_open: bool = False,
) -> tuple[int, set[date]]:
    """Give what a speaker said on these days to a member; returns the messages that changed hands, and the days."""
    messages, days = 0, set()
    for side in SIDES:
        updates = []
        for one in session.rows(queries.said(side), {"speaker": row.id}):
            if (only_open and one.whose is not None) or not _between(one.day, first, last):
                continue
            if side.table is not chat_answer:
                days |= {one.day} - {None}
            if one.whose != member_id:
                updates.append({"id": one.id, side.member.name: member_id})
                messages += one.messages if side.table is speech else 0
        session.update_many(side.table, updates)
    return messages, days


def _between(day: date | None, first: date | None, last: date | None) -> bool:
    if day is None:
        return first is None and last is None
    return (first is None or first <= day) and (last is None or day <= last)


def _is_shared(session: Session, speaker_id: int, member_id: int) -> bool:
    """Whether somebody else, or nobody, said something of what was said under this name."""
    return any(one.whose != member_id for one in session.rows(queries.said(SIDES[0]), {"speaker": speaker_id}))


def _teach(session: Session, row: Any, member_id: int, first: date | None, last: date | None, days: set[date]) -> None:
    """Let the roster know the id, or the name with its days."""
    name = clean(row.name or (row.key if row.kind == "name" else ""))
    if row.kind != "name":
        shown = ((name, first, max(days, default=None)),) if name else ()
        told = Told(row.kind, row.key, name, shown)
        learn(session, row.group_id, [Answer(told, "hand", member_id)], Roster(session, row.group_id, [told]))
        return
    if is_blank(name):
        return
    known = [
        KnownName(one.id, one.kind, one.text, one.valid_from, one.valid_to)
        for one in session.rows(ALIASES, {"ids": [member_id]})
        if one.kind in NAME_KINDS
    ]
    new = given_name(known, name, first, last + timedelta(days=1) if last else None)
    if new is None:
        return
    if new.id is not None:
        session.update(alias, new.id, valid_from=new.valid_from, valid_to=new.valid_to)
    else:
        values = {"kind": new.kind, "text": new.text, "key": match_key(new.text)}
        session.insert(alias, member_id=member_id, **values, valid_from=new.valid_from, valid_to=new.valid_to)
        reindex(session, [member_id])


def _end_elsewhere(session: Session, key: str, member_id: int, day: date) -> None:
    """Let a nickname that is somebody else's now end for those who had it before; what the roster calls them stays."""
    for one in queries.named(session, [key]):
        before = one.valid_from is None or one.valid_from < day
        if (
            one.kind == "nick"
            and one.member_id != member_id
            and before
            and (one.valid_to is None or one.valid_to > day)
        ):
            session.update(alias, one.id, valid_to=day)


def _shown(row: Any) -> str:
    return show((row.name or row.key)[:40])
