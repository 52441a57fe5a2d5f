"""What the owner should know of a 接龙 before it is recorded: another challenge or another day than its own, people who
left, odd times.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import func, select

from qunguan.domain.challenges import Challenge
from qunguan.domain.clock import DayRule
from qunguan.domain.jielong import Jielong, JielongItem, Note, note
from qunguan.domain.jielong_dates import stated_day, stated_number
from qunguan.domain.text import match_key
from qunguan.i18n import N_
from qunguan.services import challenges, groups, members
from qunguan.store.member_queries import IDS, in_chunks
from qunguan.store.members import membership
from qunguan.store.session import Session


def about(session: Session, challenge: Challenge, jielong: Jielong, day: date, to_record: set[int]) -> tuple[Note, ...]:
    """The notes on a 接龙 for a day of a challenge, warnings first; `to_record` are the members it checks in."""
    rule = groups.day_rule(session, challenge.group_id)
    return (
        *_another_challenge(session, challenge, jielong, day),
        *_another_day(jielong, day, rule),
        *_another_number(challenge, jielong, day),
        *_left(session, challenge.group_id, day, to_record),
        *jielong.notes,
        *_times(challenge, jielong.items, day, rule),
    )


def _another_challenge(session: Session, challenge: Challenge, jielong: Jielong, day: date) -> list[Note]:
    """The title names another challenge that runs on the day, and not this one.

    Of 早起 and 早起打卡 the longer counts.
    """
    title = match_key(jielong.title or "")
    known = challenges.all_challenges(session, challenge.group_id)
    running = [each for each in known if each.starts_on <= day and each.is_open(day)]
    named = {word: each.name for each in running if (word := match_key(each.name)) in title}
    meant = [name for word, name in named.items() if not any(word in other and word != other for other in named)]
    if not meant or challenge.name in meant:
        return []
    told, other = N_("the 接龙 says “{other}”, its check-ins go to “{challenge}”"), "、".join(meant)
    return [note("another_challenge", told, other=other, challenge=challenge.name)]


def _another_day(jielong: Jielong, day: date, rule: DayRule) -> list[Note]:
    """The date in the title is not the day, or, where it names none, the client says it was begun on another."""
    begun = min((item.at for item in jielong.items if item.at is not None), default=None)
    stated = stated_day(jielong.title or "", day)
    if stated is None and begun is not None:
        own = rule.biz_date(begun)
        stated = (_short(own, day), own)
    if stated is None or stated[1] == day:
        return []
    written = stated[0] if stated[1].year == day.year else str(stated[1])
    told = N_("the 接龙 says {written}, its check-ins go to {day}")
    return [note("another_day", told, written=written, day=_short(day, stated[1]))]


def _another_number(challenge: Challenge, jielong: Jielong, day: date) -> list[Note]:
    """The title says 第3天 and the day is another one of the challenge."""
    stated = stated_number(jielong.title or "")
    number = challenge.number(day)
    if stated is None or stated == number or challenge.cadence.times:
        return []
    told = N_("the 接龙 says it is day {stated}, its check-ins go to day {number}, {day}")
    return [note("another_number", told, stated=stated, number=number, day=_short(day, day))]


def _short(day: date, other: date) -> str:
    return f"{day:%m-%d}" if day.year == other.year else str(day)


def _left(session: Session, group_id: int, day: date, member_ids: set[int]) -> list[Note]:
    """Who is checked in for a day on which they were no longer in the group."""
    stays = select(membership.c.member_id, func.max(membership.c.left_on).label("day")).where(
        membership.c.group_id == group_id, membership.c.member_id.in_(IDS)
    )
    # max() passes over the stay that has no end; who has one is there.
    closed = stays.group_by(membership.c.member_id).having(func.count() == func.count(membership.c.left_on))
    gone = {row.member_id: row.day for row in in_chunks(session, closed, sorted(member_ids)) if row.day <= day}
    names = members.names(session, list(gone))
    people = "、".join(f"{names[key]} ({since})" for key, since in gone.items())
    told = N_("{people} left the group; the check-in is recorded all the same")
    return [note("left", told, people=people)] if people else []


def _times(challenge: Challenge, items: Sequence[JielongItem], day: date, rule: DayRule) -> list[Note]:
    """Lines whose own time lies on another day or outside the daily window."""
    found = []
    begin, end = challenge.window_from, challenge.window_to
    for item in items:
        if item.at is None:
            continue
        local = rule.local(item.at)
        minute = local.hour * 60 + local.minute
        if rule.biz_date(item.at) != day:
            told = N_("line {number} was written on {day}")
            found.append(note("other_day", told, number=item.number, day=str(rule.biz_date(item.at))))
        elif begin is not None and end is not None and not begin <= minute < end:
            told = N_("line {number} was written at {time}, outside the daily window")
            found.append(note("outside_window", told, number=item.number, time=f"{local:%H:%M}"))
    return found
