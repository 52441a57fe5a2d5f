"""The fission book: which invitations count, how far they carry, and what is owed for them (semantics 3.11, S3-21).

Whether an invitation counts follows from the stays in the group: the first ever, of somebody else, brought by one
person, and still there when it is settled.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from statistics import median
from typing import Literal

from qunguan.domain.earning import Invited, is_there
from qunguan.domain.errors import BadInput
from qunguan.domain.rosters import Reason, RowNote
from qunguan.i18n import N_
from qunguan.values import frozen

State = Literal["valid", "waiting", "left", "known", "self", "second"]

STATES: dict[State, str] = {
    "valid": N_("counts"),
    "waiting": N_("waits for the settlement"),
    "left": N_("left again"),
    "known": N_("was a member already"),
    "self": N_("invited themselves"),
    "second": N_("somebody else was first"),
}
"""The message ID of what became of an invitation."""

_REASONS: dict[State, str] = {
    "valid": N_("first stay ever, still there on {day} (semantics 3.11)"),
    "waiting": N_("settled on {day}, {days} days after joining (semantics 3.11)"),
    "left": N_("no longer there on {day}, {days} days after joining (semantics 3.11)"),
    "known": N_("was in a group since {since}, so nobody brought them (semantics 3.11)"),
    "self": N_("inviter and invitee are one person (semantics 3.11)"),
    "second": N_("the first inviter counts, and that is {first} (semantics 3.11)"),
}
_LONG_AGO = "—"


@frozen
class Invite:
    """An invitation as it was told. `joined_on` and `joined_at` are when the invitee came."""

    id: int
    inviter_id: int
    inviter: str
    invitee_id: int
    invitee: str
    joined_on: date
    joined_at: datetime


@frozen
class Participant:
    """Somebody who took the task; `started_at` None where nobody noted when."""

    member_id: int
    name: str
    started_at: datetime | None = None


@frozen
class Judged:
    """An invitation with what became of it, and why. `settled_on` is the day it is decided."""

    invite: Invite
    state: State
    settled_on: date
    reason: Reason


@frozen
class Node:
    """Somebody in the tree: who they brought that counts for them, and what became of it. `judged` is how they came
    themselves, None for who was there before. `valid` is how many of their own count.
    """

    member_id: int
    name: str
    judged: Judged | None
    valid: int
    children: tuple[Node, ...]


@frozen
class Handed:
    """What was handed out: to whom, for which tier, on which day."""

    member_id: int
    tier: int
    what: str
    points: int
    cost_fen: int
    given_on: date


@frozen
class Tier:
    """So many invitations that count earn this."""

    invites: int
    what: str
    points: int = 0
    cost_fen: int = 0


@frozen
class Due:
    """Something earned and not handed out yet."""

    member_id: int
    name: str
    tier: Tier
    valid: int


@frozen
class Book:
    """A fission drive as of a day. `joins` are people who came by an invitation, `new` those who never were in a group
    before, `valid` those who stayed, `waiting` those not settled yet. `kept` of `settled` new ones stayed.

    `cost_fen` is what it cost so far; `cycle_days` the median from taking the task to an invitee's joining. Both None
    where nothing is known.
    """

    campaign_id: int
    name: str
    as_of: date
    participants: tuple[Participant, ...]
    invites: tuple[Judged, ...]
    tiers: tuple[Tier, ...]
    handed: tuple[Handed, ...]
    cost_fen: int | None
    cycle_days: float | None

    def count(self, *states: State) -> int:
        """How many invitations are in one of these states."""
        return sum(each.state in states for each in self.invites)

    @property
    def joins(self) -> int:
        """People who came by an invitation, whatever became of it."""
        return len({each.invite.invitee_id for each in self.invites})

    @property
    def new(self) -> int:
        """Those who never were in a group before."""
        return self.count("valid", "waiting", "left")

    @property
    def valid(self) -> int:
        """Those that count."""
        return self.count("valid")

    @property
    def k(self) -> float | None:
        """Valid new members ÷ participants; None without any."""
        return self.valid / len(self.participants) if self.participants else None

    @property
    def settled(self) -> int:
        """New ones whose day of settlement is over."""
        return self.count("valid", "left")

    @property
    def keep_rate(self) -> float | None:
        """Share of the settled new ones who stayed: below it is "拉新即流失" (S3-24). None while none is settled."""
        return self.valid / self.settled if self.settled else None

    @property
    def cost_per_valid_fen(self) -> float | None:
        """Cost of one that counts; None while the cost is not known or none counts."""
        return self.cost_fen / self.valid if self.cost_fen is not None and self.valid else None


@frozen
class InviteRow:
    """A row of a file: names or ids as written; `joined_at` None where the file says no time."""

    row: int
    inviter: str
    invitee: str
    joined_on: date | None = None
    joined_at: datetime | None = None


@frozen
class Told:
    """What came of a file: rows that are new, rows known before, members added to the roster, rows refused."""

    added: int
    already: int
    created: tuple[str, ...]
    rejected: tuple[RowNote, ...]


def judged(
    invites: Sequence[Invite], stays: Mapping[int, Sequence[Invited]], as_of: date, days: int
) -> tuple[Judged, ...]:
    """What became of each invitation by the end of `as_of`, in the order they came. `stays` are all stays of each
    invitee, in every group; an invitation is settled `days` days after the joining.
    """
    firsts: dict[int, Invite] = {}
    found = []
    for invite in sorted(invites, key=lambda each: (each.joined_at, each.id)):
        settled_on = invite.joined_on + timedelta(days=days)
        state, values = _state(invite, stays.get(invite.invitee_id, ()), firsts, settled_on, as_of)
        if state != "self":
            firsts.setdefault(invite.invitee_id, invite)
        found.append(Judged(invite, state, settled_on, Reason.of(_REASONS[state], day=settled_on, days=days, **values)))
    return tuple(found)


def _state(
    invite: Invite, stays: Sequence[Invited], firsts: Mapping[int, Invite], settled_on: date, as_of: date
) -> tuple[State, dict[str, object]]:
    if invite.inviter_id == invite.invitee_id:
        return "self", {}
    first = firsts.get(invite.invitee_id)
    if first is not None:
        return "second", {"first": first.inviter}
    earlier = [stay.joined_on for stay in stays if stay.joined_on is None or stay.joined_on < invite.joined_on]
    if earlier:
        return "known", {"since": _LONG_AGO if None in earlier else min(day for day in earlier if day)}
    if settled_on > as_of:
        gone = stays and not any(is_there(stay, as_of) for stay in stays) and as_of >= invite.joined_on
        return ("left" if gone else "waiting"), {}
    return ("valid" if any(is_there(stay, settled_on) for stay in stays) else "left"), {}


def tree(participants: Sequence[Participant], invites: Sequence[Judged]) -> tuple[Node, ...]:
    """Who brought whom, those nobody brought on top, each by how many count for them. Invitations that count for
    nobody ("self", "second", "known") hang where they were told, so that the owner sees them.
    """
    below: dict[int, list[Judged]] = defaultdict(list)
    brought: dict[int, Judged] = {}
    for each in invites:
        below[each.invite.inviter_id].append(each)
        if each.state not in ("self", "second", "known") and not _is_above(each.invite, brought):
            brought[each.invite.invitee_id] = each
    names = {each.member_id: each.name for each in participants}
    names |= {each.invite.inviter_id: each.invite.inviter for each in invites}
    roots = [who for who in names if who not in brought]
    order = list(roots)  # everybody after the one who brought them
    for who in order:
        order += [each.invite.invitee_id for each in below.get(who, ()) if brought.get(each.invite.invitee_id) is each]
    grown: dict[int, Node] = {}
    for who in reversed(order):
        children = []
        for each in below.get(who, ()):
            guest = each.invite.invitee_id
            own = brought.get(guest) is each
            children.append(grown[guest] if own else Node(guest, each.invite.invitee, each, 0, ()))
        came = brought.get(who)
        name = came.invite.invitee if came else names[who]
        valid = sum(each.state == "valid" for each in below.get(who, ()))
        grown[who] = Node(who, name, came, valid, _by_valid(children))
    return _by_valid(grown[who] for who in roots)


def _is_above(invite: Invite, brought: Mapping[int, Judged]) -> bool:
    """Whether the invitee stands above the inviter already: two people cannot have brought each other."""
    who = invite.inviter_id
    while who != invite.invitee_id:
        if who not in brought:
            return False
        who = brought[who].invite.inviter_id
    return True


def _by_valid(nodes: Iterable[Node]) -> tuple[Node, ...]:
    return tuple(sorted(nodes, key=lambda node: (-node.valid, node.name, node.member_id)))


def dues(book: Book) -> tuple[Due, ...]:
    """What was earned and not handed out: each tier of each inviter once. Whoever is settled later may earn more."""
    counts: dict[int, int] = defaultdict(int)
    names: dict[int, str] = {}
    for each in book.invites:
        if each.state == "valid":
            counts[each.invite.inviter_id] += 1
            names[each.invite.inviter_id] = each.invite.inviter
    done = {(each.member_id, each.tier) for each in book.handed}
    return tuple(
        Due(who, names[who], tier, n)
        for who, n in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        for tier in book.tiers
        if n >= tier.invites and (who, tier.invites) not in done
    )


def tiers(counts: Sequence[int], what: Sequence[str], points: Sequence[int]) -> tuple[Tier, ...]:
    """The tiers of a drive: how many invitations, and what each gives; one gift for all is given at each. They rise,
    and points never fall from one to the next (S0-18, C21). Raises BadInput.
    """
    if any(number < 1 for number in counts) or sorted(set(counts)) != list(counts):
        raise BadInput("the tiers have to rise", hint="write them like 3、5、10")
    gifts = list(what) if len(what) == len(counts) else [what[0] if what else ""] * len(counts)
    given = list(points) if len(points) == len(counts) else [points[0] if points else 0] * len(counts)
    if sorted(given) != given:
        raise BadInput("a higher tier gives fewer points than one below it", hint="write the points in rising order")
    return tuple(Tier(*each) for each in zip(counts, gifts, given, strict=True))


def cycle_days(participants: Sequence[Participant], invites: Sequence[Judged]) -> float | None:
    """Median of the days from taking the task to the joining of an invitee who counts or waits; None of none."""
    began = {each.member_id: each.started_at for each in participants}
    spans = []
    for each in invites:
        start = began.get(each.invite.inviter_id)
        if each.state in ("valid", "waiting", "left") and start is not None:
            spans.append(max(0.0, (each.invite.joined_at - start).total_seconds() / 86_400))
    return median(spans) if spans else None
