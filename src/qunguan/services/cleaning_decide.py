"""A decision about silent members, one or many at once: wake, slow group, keep, remove, do not write (S4-35)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Row, select

from qunguan.domain.cleaning import Decided, Decision
from qunguan.domain.clock import Clock
from qunguan.domain.errors import BadInput, NotFound, Refused
from qunguan.domain.names import typed_name
from qunguan.domain.text import NOTE_LIMIT, clean, clean_lines, show
from qunguan.i18n import N_, language
from qunguan.services import groups, members, rules
from qunguan.services.cleaning_cases import left_alone
from qunguan.services.cleaning_queue import check_here, shipped
from qunguan.store.cleaning import clean_case, wake, wake_member
from qunguan.store.session import Session

_LABELS: dict[Decision, str] = {
    "wake": N_("Put {n} members on the wake list {wake}"),
    "slow": N_("Moved {n} members to the slow group"),
    "keep": N_("Kept {n} silent members"),
    "remove": N_("Removed {n} silent members"),
    "no_contact": N_("Noted that {n} members are not written to"),
}


def decide(
    session: Session,
    clock: Clock,
    group_id: int,
    member_ids: Sequence[int],
    decision: Decision,
    *,
    reason: str = "",
    wake_name: str = "",
) -> Decided:
    """Decide about members of a group, today. Whoever is on the list already is not put there twice.

    `wake_name` is the wake list they go to (None yet of that name: it is made; "": the one of today). Removing notes
    that they left the group, with the reason. Raises NotFound for somebody who is not in the group, Refused for one who
    is not to be written to, BadInput for nobody at all.
    """
    who = list(dict.fromkeys(member_ids))
    if not who:
        raise BadInput("nobody is chosen", hint="mark members, or put the cursor on one")
    check_here(session, clock, group_id, who)
    now = clock.today(groups.day_rule(session, group_id))
    names = members.names(session, who)
    list_name = _list_name(wake_name, now) if decision == "wake" else ""
    if decision == "wake":
        _refuse_left_alone(session, group_id, who, names, now)
    onto: dict[str, Any] = {"wake": list_name} if list_name else {}
    session.step(_LABELS[decision], n=len(who), **onto)
    wake_id = _onto(session, clock, group_id, list_name, who) if list_name else None
    review = now + timedelta(days=rules.value(session, "clean.keep_days")) if decision == "keep" else None
    why = clean(reason, NOTE_LIMIT)
    row = {"group_id": group_id, "decision": decision, "decided_on": now, "decided_at": clock.now(),
           "review_on": review, "reason": why, "wake_id": wake_id}  # fmt: skip
    fresh = [each for each in who if not _said_today(session, group_id, each, decision, wake_id, now)]
    session.insert_many(clean_case, [{"member_id": each, **row} for each in fresh])
    if decision == "remove":
        for each in who:
            members.leave(session, clock, each, group_id, now, why)
    elif decision == "slow":
        members.tag(session, clock, who, shipped()["slow_tag"])
    return Decided(decision, tuple(names[each] for each in who), wake_id, list_name)


def _list_name(name: str, now: date) -> str:
    if name.strip():
        return typed_name(name)
    return f"{now:%m-%d} 唤醒" if language() == "zh" else f"wake {now:%m-%d}"


def _refuse_left_alone(session: Session, group_id: int, who: Sequence[int], names: dict[int, str], now: date) -> None:
    told = left_alone(session, group_id, now)
    alone = [names[each] for each in who if each in told]
    if alone:
        raise Refused("{name} is not to be written to", name=show(alone[0]),
                      hint="decide anew about them first: keep, or slow group")  # fmt: skip


def _onto(session: Session, clock: Clock, group_id: int, name: str, who: Sequence[int]) -> int:
    """The wake list of that name with these members on it; made where there is none."""
    known = session.first(select(wake.c.id).where(wake.c.group_id == group_id, wake.c.name == name))
    wake_id = known.id if known else session.insert(
        wake, group_id=group_id, name=name, text=shipped()["letter"][language()], created_at=clock.now()
    )  # fmt: skip
    there = {row.member_id for row in session.rows(
        select(wake_member.c.member_id).where(wake_member.c.wake_id == wake_id))}  # fmt: skip
    fresh = [{"wake_id": wake_id, "member_id": each, "contacted_on": None} for each in who if each not in there]
    session.insert_many(wake_member, fresh)
    return int(wake_id)


def _said_today(
    session: Session, group_id: int, member_id: int, decision: Decision, wake_id: int | None, now: date
) -> bool:
    """Whether the newest decision about the member says just this, today."""
    mine = select(clean_case).where(clean_case.c.member_id == member_id, clean_case.c.group_id == group_id)
    newest = session.first(mine.order_by(clean_case.c.decided_on.desc(), clean_case.c.id.desc()))
    return newest is not None and (newest.decision, newest.decided_on, newest.wake_id) == (decision, now, wake_id)


def edit_wake(session: Session, clock: Clock, wake_id: int, *, name: str, text: str) -> None:
    """Change the name and the letter of a wake list. Raises NotFound, BadInput for a name that is taken."""
    row = get_wake(session, wake_id)
    shown = typed_name(name)
    taken = select(wake.c.id).where(wake.c.group_id == row.group_id, wake.c.name == shown, wake.c.id != wake_id)
    if session.first(taken) is not None:
        raise BadInput("there is already a wake list {name}", hint="choose another name", name=show(shown))
    session.step(N_("Changed the wake list {wake}"), wake=shown)
    session.update(wake, wake_id, name=shown, text=clean_lines(text))


def mark_sent(session: Session, clock: Clock, wake_id: int, member_ids: Sequence[int] | None = None) -> int:
    """Note that the letter went out today, to these members (None: to everybody it had not gone to). Returns how many.

    Those are the base of the wake rate (F-10); whoever was written to before stays as noted. Raises NotFound.
    """
    row = get_wake(session, wake_id)
    now = clock.today(groups.day_rule(session, row.group_id))
    waiting = select(wake_member.c.id, wake_member.c.member_id).where(
        wake_member.c.wake_id == wake_id, wake_member.c.contacted_on.is_(None)
    )
    asked = None if member_ids is None else set(member_ids)
    rows = [one for one in session.rows(waiting) if asked is None or one.member_id in asked]
    if not rows:
        return 0
    session.step(N_("Wrote to {n} members of the wake list {wake}"), n=len(rows), wake=row.name)
    session.update_many(wake_member, [{"id": one.id, "contacted_on": now} for one in rows])
    if row.sent_on is None:
        session.update(wake, wake_id, sent_on=now)
    return len(rows)


def get_wake(session: Session, wake_id: int) -> Row[Any]:
    """The row of a wake list. Raises NotFound."""
    row = session.get(wake, wake_id)
    if row is None:
        raise NotFound("there is no wake list {text}", hint="see the wake lists", text=f"#{wake_id}")
    return row
