"""What a merge does to each table: most rows simply change hands; where both may have only one, one of them goes.

Every column that points at a member is named here, and a test fails when a new one is not.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Column, Table, or_, select

from qunguan.domain.members_merge import STRENGTH, StayRow, earlier, later, united
from qunguan.services import challenges
from qunguan.services.checkin_standing import refresh
from qunguan.store.activity import chat_answer, question, speaker, speech
from qunguan.store.badges import badge_award
from qunguan.store.campaigns import campaign_audience, campaign_entry
from qunguan.store.checkins import chain_item, checkin, enrolment
from qunguan.store.cleaning import clean_case, wake_member
from qunguan.store.content import post
from qunguan.store.deals import deal
from qunguan.store.earning import deed
from qunguan.store.experiments import assignment
from qunguan.store.feedback import feedback
from qunguan.store.incidents import compensation
from qunguan.store.levels import benefit_use, level_lock
from qunguan.store.members import alias, member_tag, membership
from qunguan.store.orders import shop_order
from qunguan.store.plans import subscription
from qunguan.store.points import point_cut
from qunguan.store.positioning import violation
from qunguan.store.reach import contact
from qunguan.store.referrals import hand_out, invite, referral_task
from qunguan.store.relations import introduction, member_skill, thanks
from qunguan.store.rewards import redemption
from qunguan.store.segments import scheme_lock
from qunguan.store.session import Session
from qunguan.store.surveys import survey_reply
from qunguan.store.tasks import sop_run, task_mark

MOVED: tuple[Table, ...] = (
    chain_item, shop_order, deed, redemption, benefit_use, badge_award, scheme_lock, speaker, speech, question,
    chat_answer,
    clean_case, point_cut, sop_run, campaign_entry, violation,
    feedback, subscription, survey_reply, thanks,
)  # fmt: skip
"""Rows that change hands as they are."""
NAMED: tuple[Column[Any], ...] = (
    post.c.author_id, invite.c.inviter_id, invite.c.invitee_id, deal.c.seeker_id, deal.c.giver_id,
    chat_answer.c.to_member_id,
)  # fmt: skip
"""Columns of another name whose rows change hands likewise."""
UNIQUE: dict[Table, tuple[str, ...]] = {
    member_tag: ("tag_id",),
    level_lock: ("ladder_id", "from_day"),
    wake_member: ("wake_id",),
    enrolment: ("challenge_id",),
    checkin: ("challenge_id", "day"),
    task_mark: ("key",),
    assignment: ("experiment_id",),
    referral_task: ("campaign_id",),
    hand_out: ("campaign_id", "tier"),
    campaign_audience: ("campaign_id",),
    contact: ("channel", "value", "told_on"),
    member_skill: ("kind", "key"),
}
"""Rows of which a member has one for each of these."""
ELSEWHERE = frozenset({
    "alias.member_id", "membership.member_id", "membership.inviter_id", "point_entry.member_id", "member_merge.kept_id",
    "member_merge.gone_id", "compensation.member_id", "introduction.seeker_id", "introduction.giver_id",
})  # fmt: skip
"""Columns seen to by hand: names and stays are united, the ledger hands over, a merge is never rewritten, two promises
to one person stay two, nobody is introduced to themselves."""


@dataclass(slots=True)
class Plan:
    """The rows a merge changes: table → the new values of rows by id, and the ids of those that go."""

    changes: dict[Table, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    gone: dict[Table, list[int]] = field(default_factory=lambda: defaultdict(list))
    counts: Counter[str] = field(default_factory=Counter)

    def write(self, session: Session) -> None:
        """Write it: what goes goes first, so that no two rows stand in one place."""
        for table, ids in self.gone.items():
            for row_id in ids:
                session.delete(table, row_id)
        for table, rows in self.changes.items():
            for names in {tuple(sorted(row)) for row in rows}:
                session.update_many(table, [row for row in rows if tuple(sorted(row)) == names])


def plan(session: Session, kept_id: int, gone_id: int) -> Plan:
    """What becomes of every row of the one who goes."""
    made = Plan()
    for table in MOVED:
        for row in session.rows(select(table.c.id).where(table.c.member_id == gone_id).order_by(table.c.id)):
            made.changes[table].append({"id": row.id, "member_id": kept_id})
            made.counts[table.name] += 1
    for table, names in UNIQUE.items():
        _plan_unique(session, made, table, names, kept_id, gone_id)
    _plan_promises(session, made, kept_id, gone_id)
    _plan_introductions(session, made, kept_id, gone_id)
    _plan_names(session, made, kept_id, gone_id)
    _plan_stays(session, made, kept_id, gone_id)
    for column in NAMED:
        for row in session.rows(select(column.table.c.id).where(column == gone_id).order_by(column.table.c.id)):
            made.changes[column.table].append({"id": row.id, column.name: kept_id})
            made.counts[column.table.name] += 1
    return made


def recount(session: Session, made: Plan, kept_id: int) -> None:
    """Count the stored standings of the challenges that were touched anew."""
    touched = {
        row.challenge_id
        for row in session.rows(select(enrolment.c.challenge_id).where(enrolment.c.member_id == kept_id))
    }
    if made.changes[checkin] or made.gone[checkin] or made.changes[enrolment] or made.gone[enrolment]:
        for challenge_id in sorted(touched):
            refresh(session, challenges.get(session, challenge_id))


def _plan_unique(
    session: Session, made: Plan, table: Table, names: tuple[str, ...], kept_id: int, gone_id: int
) -> None:
    def place(row: Any) -> Hashable:
        return tuple(getattr(row, name) for name in names)

    mine = {place(row): row for row in session.rows(select(table).where(table.c.member_id == kept_id))}
    for row in session.rows(select(table).where(table.c.member_id == gone_id).order_by(table.c.id)):
        both = mine.get(place(row))
        if both is None:
            made.changes[table].append({"id": row.id, "member_id": kept_id})
            made.counts[table.name] += 1
            continue
        made.counts[f"both {table.name}"] += 1
        stays, goes, changed = _UNITE[table](both, row) if table in _UNITE else (both, row, {})
        made.gone[table].append(goes.id)
        if stays is row:
            changed = {**changed, "member_id": kept_id}
        if changed:
            made.changes[table].append({"id": stays.id, **changed})


def _plan_promises(session: Session, made: Plan, kept_id: int, gone_id: int) -> None:
    """What both were promised under one key were two promises, perhaps both kept: the key tells them apart."""
    mine = {
        (row.incident_id, row.key)
        for row in session.rows(select(compensation).where(compensation.c.member_id == kept_id))
    }
    theirs = select(compensation).where(compensation.c.member_id == gone_id).order_by(compensation.c.id)
    for row in session.rows(theirs):
        key = f"{row.key} #{gone_id}" if (row.incident_id, row.key) in mine else row.key
        made.changes[compensation].append({"id": row.id, "member_id": kept_id, "key": key})
        made.counts[compensation.name] += 1


def _plan_introductions(session: Session, made: Plan, kept_id: int, gone_id: int) -> None:
    """Whom the one who goes was introduced to, the other was; that both were introduced to each other goes."""
    ends = (introduction.c.seeker_id, introduction.c.giver_id)
    theirs = select(introduction).where(or_(*(end == gone_id for end in ends))).order_by(introduction.c.id)
    for row in session.rows(theirs):
        if kept_id in (row.seeker_id, row.giver_id):
            made.gone[introduction].append(row.id)
            made.counts[f"both {introduction.name}"] += 1
            continue
        made.changes[introduction].extend(
            {"id": row.id, end.name: kept_id} for end in ends if getattr(row, end.name) == gone_id
        )
        made.counts[introduction.name] += 1


_United = tuple[Any, Any, dict[str, Any]]


def _unite_terms(mine: Any, other: Any) -> _United:
    days = {"from_day": min(mine.from_day, other.from_day), "to_day": later(mine.to_day, other.to_day)}
    return mine, other, days


def _stronger(mine: Any, other: Any) -> _United:
    return (other, mine, {}) if STRENGTH[other.state] > STRENGTH[mine.state] else (mine, other, {})


def _unite_wakes(mine: Any, other: Any) -> _United:
    written: list[date] = [day for day in (mine.contacted_on, other.contacted_on) if day is not None]
    return mine, other, {"contacted_on": min(written, default=None)}


def _unite_contacts(mine: Any, other: Any) -> _United:
    """A no of either is a no."""
    ends = None if mine.ended_on is None or other.ended_on is None else max(mine.ended_on, other.ended_on)
    return mine, other, {"agreed": mine.agreed and other.agreed, "ended_on": ends}


_UNITE: dict[Table, Callable[[Any, Any], _United]] = {
    enrolment: _unite_terms, checkin: _stronger, wake_member: _unite_wakes, contact: _unite_contacts,
}  # fmt: skip


def _plan_names(session: Session, made: Plan, kept_id: int, gone_id: int) -> None:
    """Names and ids go over with their days; the name of who goes becomes a nickname, because a member has one name."""
    rows = session.rows(select(alias).where(alias.c.member_id.in_((kept_id, gone_id))).order_by(alias.c.id))
    have = {(row.kind, row.key): row for row in rows if row.member_id == kept_id}
    spans = {row.id: (row.valid_from, row.valid_to) for row in rows}
    for row in sorted((row for row in rows if row.member_id == gone_id), key=lambda row: row.kind == "name"):
        kind = "nick" if row.kind == "name" and ("name", row.key) not in have else row.kind
        same = have.setdefault((kind, row.key), row)
        if same is row:
            made.changes[alias].append({"id": row.id, "member_id": kept_id, "kind": kind})
            made.counts["alias"] += 1
            continue
        first, end = spans[same.id]
        spans[same.id] = earlier(first, row.valid_from), later(end, row.valid_to)
        made.gone[alias].append(row.id)
        made.counts["both alias"] += 1
    made.changes[alias].extend(
        {"id": row.id, "valid_from": first, "valid_to": end}
        for row in rows
        for first, end in [spans[row.id]]
        if (first, end) != (row.valid_from, row.valid_to) and row.id not in made.gone[alias]
    )


def _plan_stays(session: Session, made: Plan, kept_id: int, gone_id: int) -> None:
    """Stays of both in one group become one where they overlap; whom the one invited, the other did."""
    rows = session.rows(select(membership).where(membership.c.member_id.in_((kept_id, gone_id))))
    groups: dict[int, list[StayRow]] = defaultdict(list)
    for row in rows:
        groups[row.group_id].append(
            StayRow(row.id, row.member_id, row.joined_on, row.left_on, row.left_reason, row.role, row.inviter_id)
        )
    for stays in groups.values():
        whole, gone = united(stays, kept_id, gone_id)
        theirs = [one for one in stays if one.member_id == gone_id]
        if not theirs:
            continue
        made.gone[membership].extend(gone)
        made.counts["both membership"] += len(gone)
        made.counts["membership"] += len(theirs) - len(gone)
        made.changes[membership].extend(_stay_values(one) for one in whole)
    invited = select(membership.c.id, membership.c.member_id).where(membership.c.inviter_id == gone_id)
    for row in session.rows(invited.where(membership.c.member_id.not_in((kept_id, gone_id)))):
        made.changes[membership].append({"id": row.id, "inviter_id": kept_id})
        made.counts["inviter"] += 1
    own = select(membership.c.id).where(membership.c.inviter_id == gone_id, membership.c.member_id == kept_id)
    settled = {row["id"] for row in made.changes[membership]} | set(made.gone[membership])
    for row in session.rows(own):
        if row.id not in settled:
            made.changes[membership].append({"id": row.id, "inviter_id": None})


def _stay_values(one: StayRow) -> dict[str, Any]:
    return {
        "id": one.id, "member_id": one.member_id, "joined_on": one.joined_on, "left_on": one.left_on,
        "left_reason": one.left_reason, "role": one.role, "inviter_id": one.inviter_id,
    }  # fmt: skip


def columns_seen_to() -> Iterable[str]:
    """Every column that points at a member and is seen to, as table.column."""
    yield from ELSEWHERE
    yield from (f"{column.table.name}.{column.name}" for column in NAMED)
    yield from (f"{table.name}.member_id" for table in (*MOVED, *UNIQUE))
