"""Speakers nobody knows yet: whom they may be, and the owner's word on it.

The suggestions are made when they are read, from the roster as it is now.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from typing import Any

from qunguan.domain.activity_people import (
    MATCHED_BY,
    SPEAKER_KINDS,
    WAITING,
    WHYS,
    MatchedBy,
    SpeakerList,
    SpeakerRow,
    Suggestion,
    Told,
    Waiting,
    WhySpeaker,
)
from qunguan.domain.clock import Clock
from qunguan.domain.text import show
from qunguan.i18n import N_, _
from qunguan.services import groups
from qunguan.services.activity_identity import resolve
from qunguan.services.activity_roster import Roster
from qunguan.services.activity_settle import assign, assign_new, set_aside, speaker_row
from qunguan.services.members_find import labels, names
from qunguan.store import activity_people as queries
from qunguan.store.session import Session

__all__ = ["assign", "assign_new", "look_again", "set_aside", "settled", "waiting", "why_speaker"]

_SETTLED: dict[SpeakerList, tuple[MatchedBy, ...]] = {
    "matched": ("id", "alias", "hand", "new", "dated"),
    "aside": ("nobody",),
}


def waiting(
    session: Session, group_id: int | None = None, *, only: Collection[int] | None = None, suggest: bool = True
) -> tuple[Waiting, ...]:
    """Who waits to be known, in one group or in all: most messages first, each with whom it may be, likeliest first.

    Who joined or invited without a word waits too, with 0 messages. Who was set aside does not. `only` are ids of the
    speakers that are asked for; without `suggest` nobody is looked for, which is what takes the time.
    """
    rows = [row for row in session.rows(queries.waiting(group_id)) if only is None or row.id in only]
    if not suggest:
        return tuple(_waiting(row, ()) for row in rows)
    by_group: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        by_group[row.group_id].append(row)
    maybe: dict[int, list[tuple[int, str]]] = {}
    for number, those in by_group.items():
        told = [_told(row, row.first_day, row.last_day, row.messages) for row in those]
        roster = Roster(session, number, told)
        maybe.update((row.id, roster.suggestions(one)) for row, one in zip(those, told, strict=True))
    called = names(session, sorted({who for found in maybe.values() for who, _why in found}))
    return tuple(_waiting(row, tuple(Suggestion(who, called[who], why) for who, why in maybe[row.id])) for row in rows)


def _waiting(row: Any, maybe: tuple[Suggestion, ...]) -> Waiting:
    return Waiting(
        row.id, row.group_id, row.group, row.kind, row.key, row.name, row.matched_by, row.messages, row.first_day,
        row.last_day, maybe,
    )  # fmt: skip


def settled(session: Session, group_id: int, which: SpeakerList) -> tuple[SpeakerRow, ...]:
    """The speakers of a group whose member is known, or those who were set aside; most messages first."""
    return tuple(
        SpeakerRow(
            row.id, row.kind, row.key, row.name, row.matched_by, row.member_id, row.member or "", row.messages,
            row.first_day, row.last_day,
        )
        for row in session.rows(queries.settled(group_id, _SETTLED[which]))
    )  # fmt: skip


def look_again(session: Session, clock: Clock, group_id: int) -> int:
    """Ask the roster as it is now about everybody who waits in a group; returns how many are known at last.

    For after a list of members was imported. Nobody is added. Raises NotFound.
    """
    group = groups.get(session, group_id)
    rows = session.rows(queries.waiting(group_id))
    told = [_told(row, row.first_day, row.last_day, row.messages) for row in rows]
    session.step(N_("Recognised who speaks in {group}"), group=group.name)
    found = resolve(session, clock, group_id, told, add_new=False)
    left = {row.id for row in session.rows(queries.waiting(group_id))}
    return sum(1 for one in found.values() if one.speaker_id not in left)


def why_speaker(session: Session, speaker_id: int) -> WhySpeaker:
    """Who a speaker is and why: how it was found out, the days of each, and whom else it may be. Raises NotFound."""
    row = speaker_row(session, speaker_id)
    spans = session.rows(queries.SPEAKER_DAYS, {"speaker": speaker_id})
    who = sorted({one.member_id for one in spans if one.member_id is not None} | ({row.member_id} - {None}))
    called = dict(zip(who, labels(session, who), strict=True))
    lines = [_("{kind}: {key}", kind=_(SPEAKER_KINDS[row.kind]), key=show(row.key)), _(MATCHED_BY[row.matched_by])]
    for one in spans:
        whose = called[one.member_id] if one.member_id is not None else _("not known yet")
        lines.append(
            _("{first} to {last}: {who}, {n} messages", first=one.first, last=one.last, who=whose, n=one.messages)
        )
    open_days = [one for one in spans if one.member_id is None]
    first = min((one.first for one in open_days), default=None)
    last = max((one.last for one in open_days), default=None)
    told = _told(row, first, last, 0)
    if (open_days and row.matched_by != "nobody") or row.matched_by in WAITING:
        maybe = Roster(session, row.group_id, [told]).suggestions(told)
        names_of = labels(session, [who for who, _why in maybe])
        lines.extend(f"{name} {_(WHYS[why])}" for name, (_who, why) in zip(names_of, maybe, strict=True))
    member = called.get(row.member_id, "")
    return WhySpeaker(speaker_id, row.name, row.matched_by, row.member_id, member, tuple(lines))


def _told(row: Any, first: date | None, last: date | None, messages: int) -> Told:
    """What is remembered of a speaker, as a file would tell it."""
    name = row.name or (row.key if row.kind == "name" else "")
    return Told(row.kind, row.key, name, ((name, first, last),) if name else (), first, last, messages)
