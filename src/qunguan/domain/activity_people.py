"""Who speaks in a chat: what an export tells of somebody, and what comes of asking the roster.

A name is somebody's for some days, so it is read day by day; an id is somebody's for good. Nobody is guessed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Literal, NamedTuple

from qunguan.domain.activity import IdKind
from qunguan.domain.text import match_key
from qunguan.i18n import N_
from qunguan.values import frozen

MatchedBy = Literal["id", "alias", "hand", "new", "dated", "doubtful", "unknown", "nobody"]
"""How it is known who a speaker is. `dated`: different people on different days; `hand`: the owner said it;
`nobody`: the owner said that it is none of the members."""

Key = tuple[str, str]
"""What a speaker is known by within a group: the kind, and the id or, for a name, how names are compared."""

Span = tuple[date | None, date | None, int]
"""From a day, until the day before another, somebody; None is an open end."""

WAITING: frozenset[MatchedBy] = frozenset({"doubtful", "unknown"})
SETTLED_BY_HAND: frozenset[MatchedBy] = frozenset({"hand", "nobody"})

MATCHED_BY: dict[MatchedBy, str] = {
    "id": N_("by account ID"),
    "alias": N_("by the name"),
    "hand": N_("you said so"),
    "new": N_("added from the chat"),
    "dated": N_("by the name of each day"),
    "doubtful": N_("somebody may be meant"),
    "unknown": N_("not known yet"),
    "nobody": N_("set aside"),
}

SPEAKER_KINDS: dict[IdKind, str] = {
    "wxid": N_("wxid"),
    "qq": N_("QQ"),
    "email": N_("email"),
    "uid": N_("account"),
    "name": N_("name"),
    "self": N_("whoever made the export"),
}


@frozen
class Told:
    """Somebody as one file tells of them: `name` is shown last, `names` are all with the days they were shown on.

    `messages` may be 0: who only joined, or invited, is told of too. Days are business days, None where the file has
    none.
    """

    kind: IdKind
    id: str
    name: str = ""
    names: tuple[tuple[str, date | None, date | None], ...] = ()
    first_day: date | None = None
    last_day: date | None = None
    messages: int = 0

    @property
    def key(self) -> Key:
        """What they are remembered by."""
        return speaker_key(self.kind, self.id or self.name)

    @property
    def shown(self) -> tuple[tuple[str, date | None, date | None], ...]:
        """Every name with its days; the one shown last where the file tells no more."""
        return self.names or (((self.name, self.first_day, self.last_day),) if self.name else ())


def speaker_key(kind: str, text: str) -> Key:
    """The key of a speaker: an id as it is, a name as names are compared."""
    return kind, (match_key(text) or text) if kind == "name" else text


@frozen
class Resolution:
    """Who a speaker is: one member, or by the day (`dated`), or nobody knows yet. `fresh`: the member was added."""

    speaker_id: int
    by: MatchedBy
    member_id: int | None = None
    dated: tuple[Span, ...] = ()
    fresh: bool = False

    def member_on(self, day: date | None) -> int | None:
        """Whose words of a day they are; None while nobody knows."""
        return self.member_id if self.member_id is not None or day is None else whose(self.dated, day)


def whose(spans: Iterable[Span], day: date) -> int | None:
    """Who had it on a day."""
    return next((who for first, end, who in spans if _within(first, end, day)), None)


@frozen
class JoinTold:
    """A line of the app: `who` joined, invited by `inviter` where it says so. `day` is a business day."""

    at: datetime | None
    day: date | None
    who: Key
    inviter: Key | None = None


@frozen
class LeaveTold:
    """A line of the app: `who` was removed or left."""

    at: datetime | None
    day: date | None
    who: Key


@frozen
class Moved:
    """What lines about joining and leaving changed: days of joining learned, people who came back, inviters learned,
    people who left."""

    dated: int = 0
    returned: int = 0
    invited: int = 0
    left: int = 0


@frozen
class Bearing:
    """A member called by a name, from a day until the day before another, and their stays in the group.

    `elsewhere`: they were in groups, but never in this one. Somebody in no group at all may be anywhere.
    """

    member_id: int
    valid_from: date | None = None
    valid_to: date | None = None
    stays: tuple[tuple[date | None, date | None], ...] = ()
    elsewhere: bool = False

    def rank(self, day: date | None) -> int | None:
        """How well a name of that day fits, 0 best; None where it only may be theirs.

        A day of joining, and the first day of a name, are often later than the truth: they are when somebody noticed.
        The end of either is not.
        """
        if day is None:
            there = not self.elsewhere and (not self.stays or any(left is None for _joined, left in self.stays))
            return 0 if there and self.valid_to is None else None
        if (self.valid_to is not None and day >= self.valid_to) or self.elsewhere:
            return None
        if self.stays and not any(left is None or day < left for _joined, left in self.stays):
            return None
        if self.valid_from is not None and day < self.valid_from:
            return 2
        return 0 if not self.stays or any(_within(joined, left, day) for joined, left in self.stays) else 1


class Piece(NamedTuple):
    """Some days of a name: from `first` until before `end`, whose it was (None: nobody's for certain)."""

    first: date | None
    end: date | None
    member_id: int | None


def read_days(bearings: Sequence[Bearing], first: date | None, last: date | None) -> tuple[Piece, ...]:
    """Whose a name was from `first` to `last`, in pieces that follow one another; the outer ends are open.

    A piece is somebody's only if one member fits it better than any other.
    """
    if first is None or last is None:
        return (Piece(None, None, _one(bearings, last)),)
    turns = {
        day for one in bearings for day in (one.valid_from, one.valid_to, *(d for stay in one.stays for d in stay))
    }
    starts = [first, *sorted(day for day in turns if day is not None and first < day <= last)]
    pieces: list[Piece] = []
    for start in starts:
        who = _one(bearings, start)
        if pieces and pieces[-1].member_id == who:
            continue
        if pieces:
            pieces[-1] = pieces[-1]._replace(end=start)
        pieces.append(Piece(start if pieces else None, None, who))
    return tuple(pieces)


def _one(bearings: Sequence[Bearing], day: date | None) -> int | None:
    ranks = [(rank, one.member_id) for one in bearings if (rank := one.rank(day)) is not None]
    best = {who for rank, who in ranks if rank == min(ranks)[0]}
    return best.pop() if len(best) == 1 else None


def _within(first: date | None, end: date | None, day: date) -> bool:
    return (first is None or first <= day) and (end is None or day < end)


@frozen
class KnownName:
    """A name a member has, as stored; `id` is None for one that is to be added."""

    id: int | None
    kind: str
    text: str
    valid_from: date | None = None
    valid_to: date | None = None


def learned_names(
    known: Sequence[KnownName], shown: Sequence[tuple[str, date | None, date | None]]
) -> tuple[KnownName, ...]:
    """What must be added or changed so that a member has every name shown on the days it was shown.

    New names are nicknames of the group (`nick`). The nickname that held until then ends when the new one begins; a
    file older than what is known adds names that have ended. Names are given clean.
    """
    now = list(known)
    turns = sorted(shown, key=lambda one: (one[1] is not None, one[1] or date.min, one[2] or date.min))
    for place, (text, first, last) in enumerate(turns):
        key = match_key(text)
        same = [one for one in now if match_key(one.text) == key]
        if not key or any(_covers(one, first, last) for one in same):
            continue
        following = next((begun for _text, begun, _end in turns[place + 1 :] if begun), None)
        _learn(now, next((one for one in same if one.kind == "nick"), None), text, first, last, following)
    before = {one.id: one for one in known}
    return tuple(one for one in now if one.id is None or one != before[one.id])


def _learn(
    now: list[KnownName],
    same: KnownName | None,
    text: str,
    first: date | None,
    last: date | None,
    following: date | None,
) -> None:
    """Put a nickname of these days among the names, in order with the others."""
    others = [one for one in now if one.kind == "nick" and one is not same]
    later = [one.valid_from for one in others if one.valid_from and first and one.valid_from > first]
    end = min([*later, *([following] if following else [])], default=None)
    if end is not None and last is not None and last >= end:
        end = last + timedelta(days=1)
    start = first
    if same is not None:
        start = None if same.valid_from is None or first is None else min(same.valid_from, first)
        if end is not None and (same.valid_to is None or same.valid_to > end):
            end = same.valid_to
        now[now.index(same)] = replace(same, valid_from=start, valid_to=end)
    else:
        now.append(KnownName(None, "nick", text, start, end))
    if end is None and first is not None:
        for one in others:
            begun = one.valid_from is None or one.valid_from < first
            if begun and (one.valid_to is None or one.valid_to > first):
                now[now.index(one)] = replace(one, valid_to=first)


def given_name(known: Sequence[KnownName], text: str, first: date | None, end: date | None) -> KnownName | None:
    """The nickname to add or change so that the owner's word holds: this name from `first` until before `end`.

    None where the member has it anyway. Other names stay as they are.
    """
    key = match_key(text)
    same = [one for one in known if match_key(one.text) == key]
    if any(one.valid_from in (None, first) and one.valid_to in (None, end) for one in same):
        return None
    nick = next((one for one in same if one.kind == "nick"), None)
    if nick is None:
        return KnownName(None, "nick", text, first, end)
    start = None if first is None or nick.valid_from is None else min(first, nick.valid_from)
    stop = None if end is None or nick.valid_to is None else max(end, nick.valid_to)
    return replace(nick, valid_from=start, valid_to=stop)


def _covers(one: KnownName, first: date | None, last: date | None) -> bool:
    if first is None or last is None:
        return True
    return (one.valid_from is None or one.valid_from <= first) and (one.valid_to is None or last < one.valid_to)


@frozen
class Suggestion:
    """Somebody a speaker may be, and why: a message ID of `WHYS`."""

    member_id: int
    name: str
    why: str


WHYS: dict[str, str] = {
    "same_name": N_("has this name"),
    "two_accounts": N_("has this name, as another account does"),
    "then": N_("had this name at another time"),
    "left": N_("had this name, and had left the group"),
    "elsewhere": N_("has this name in another group"),
    "same_id": N_("has this ID, as somebody else does"),
    "like": N_("has a name like this"),
    "sound": N_("has a name that sounds like this"),
    "longer_name": N_("has a name this one begins with"),
}
"""Why a member is suggested, in the order of what speaks for it."""


@frozen
class Waiting:
    """A speaker nobody knows, or knows only for some days: what they wrote that is nobody's yet, and who it may be."""

    speaker_id: int
    group_id: int
    group: str
    kind: IdKind
    key: str
    name: str
    by: MatchedBy
    messages: int
    first_day: date | None
    last_day: date | None
    suggestions: tuple[Suggestion, ...] = ()


@frozen
class SpeakerSettled:
    """What settling a speaker changed; `member_id` None: set aside. `messages` found their owner."""

    speaker_id: int
    member_id: int | None
    name: str
    messages: int
    changed: bool


@frozen
class WhySpeaker:
    """Who a speaker is, and what says so: each line is a sentence."""

    speaker_id: int
    name: str
    by: MatchedBy
    member_id: int | None
    member: str
    lines: tuple[str, ...]


SpeakerList = Literal["matched", "aside"]


@frozen
class SpeakerRow:
    """A speaker who waits no longer: everything they ever wrote, and whose it is. `member` is "" for one set aside, and
    where the name was several people's."""

    speaker_id: int
    kind: IdKind
    key: str
    name: str
    by: MatchedBy
    member_id: int | None
    member: str
    messages: int
    first_day: date | None
    last_day: date | None
