"""Two entries that are one person, or one that is two: what becomes of names, stays and check-ins. Pure sums."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from qunguan.i18n import N_
from qunguan.values import frozen

STRENGTH = {"done": 3, "makeup": 2, "frozen": 1, "excused": 1}
"""Which of two check-ins of one day stands: the stronger one, of equal ones that of who stays."""

THINGS: dict[str, str] = {
    "alias": N_("names and IDs"),
    "membership": N_("stays in groups"),
    "member_tag": N_("tags"),
    "enrolment": N_("challenges"),
    "checkin": N_("check-ins"),
    "chain_item": N_("lines of 接龙"),
    "shop_order": N_("orders"),
    "deed": N_("good deeds"),
    "redemption": N_("redemptions"),
    "benefit_use": N_("uses of benefits"),
    "badge_award": N_("badges by hand"),
    "level_lock": N_("levels set by hand"),
    "scheme_lock": N_("labels set by hand"),
    "speaker": N_("speakers"),
    "speech": N_("days with messages"),
    "chat_answer": N_("days with answers"),
    "question": N_("questions"),
    "clean_case": N_("clean-up decisions"),
    "wake_member": N_("wake lists"),
    "point_cut": N_("notes of caps"),
    "inviter": N_("invitations"),
    "post": N_("posts they wrote"),
    "invite": N_("lines of a fission book"),
    "sop_run": N_("SOPs under way"),
    "task_mark": N_("marks on tasks"),
    "campaign_entry": N_("lines of a campaign's sheet"),
    "campaign_audience": N_("campaigns meant for them"),
    "violation": N_("violations"),
    "assignment": N_("arms of experiments"),
    "referral_task": N_("tasks to invite"),
    "hand_out": N_("rewards for invitations"),
    "feedback": N_("what they said"),
    "compensation": N_("amends"),
    "contact": N_("ways to reach them"),
    "subscription": N_("paid memberships"),
    "deal": N_("deals brokered"),
    "survey_reply": N_("replies to surveys"),
    "member_skill": N_("skills and needs"),
    "introduction": N_("introductions"),
    "thanks": N_("thanks owed or said"),
}
"""What moves, by table, as people are told."""

FIELDS: dict[str, str] = {
    "name": N_("name"),
    "phone": N_("phone"),
    "birthday": N_("birthday"),
    "channel": N_("channel"),
    "note": N_("note"),
}


@frozen
class Conflict:
    """A field both entries have: `kept` stays, `gone` is written into the note. `field` may be one of the owner's."""

    field: str
    kept: str
    gone: str


@frozen
class Merge:
    """What a merge does or did. `moved` is table → rows that go over, `dropped` what both had; points are signed."""

    kept_id: int
    kept: str
    gone_id: int
    gone: str
    moved: dict[str, int]
    dropped: dict[str, int]
    conflicts: tuple[Conflict, ...]
    points: int
    balance: int


@frozen
class StayRow:
    """One stay in a group as stored; `id` is the row's."""

    id: int
    member_id: int
    joined_on: date | None
    left_on: date | None
    left_reason: str | None = None
    role: str | None = None
    inviter_id: int | None = None


def united(stays: Iterable[StayRow], kept_id: int, gone_id: int) -> tuple[list[StayRow], list[int]]:
    """The stays of one person in one group: those that overlap become one. Returns the rows as they are to be, all of
    them `kept_id`'s, and the ids of the rows that go.

    Of overlapping ones the row with an inviter stays, because that is what an invitation was rewarded for; then that of
    who stays. An unknown day of joining is filled with the known one.
    """
    rows = sorted(stays, key=lambda one: (one.joined_on or date.min, one.left_on or date.max, one.id))
    runs: list[list[StayRow]] = []
    end = date.min
    for row in rows:
        if runs and (row.joined_on or date.min) < end:
            runs[-1].append(row)
        else:
            runs.append([row])
            end = date.min
        end = max(end, row.left_on or date.max)
    people = (kept_id, gone_id)
    whole = [_one_stay(run, kept_id, people) for run in runs]
    stay = {one.id for one in whole}
    return whole, [row.id for row in rows if row.id not in stay]


def _one_stay(run: Sequence[StayRow], kept_id: int, people: tuple[int, int]) -> StayRow:
    def invited(row: StayRow) -> bool:
        return row.inviter_id is not None and row.inviter_id not in people

    order = sorted(run, key=lambda row: (not invited(row), row.member_id != kept_id, row.id))
    last = max(run, key=lambda row: (row.left_on or date.max, row.member_id == kept_id))
    joined = [row.joined_on for row in run if row.joined_on is not None]
    return replace(
        order[0],
        member_id=kept_id,
        joined_on=min(joined, default=None),
        left_on=last.left_on,
        left_reason=last.left_reason if last.left_on else None,
        role=next((row.role for row in sorted(run, key=lambda row: row.member_id != kept_id) if row.role), None),
        inviter_id=order[0].inviter_id if invited(order[0]) else None,
    )


def earlier(one: date | None, other: date | None) -> date | None:
    """The earlier of two first days, where None is since always."""
    return None if one is None or other is None else min(one, other)


def later(one: date | None, other: date | None) -> date | None:
    """The later of two ends, where None is no end."""
    return None if one is None or other is None else max(one, other)
