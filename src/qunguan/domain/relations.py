"""Ties between members: what they can do and need, who suits whom, introductions, thanks owed (S2-04, S2-23, S4-42).

Everything here is a pure sum; matches and thanks owed are derived, only what was noted or said is stored.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Final, Literal

from qunguan.domain.errors import BadInput
from qunguan.domain.orders import Rate
from qunguan.domain.rosters import Reason, RowNote
from qunguan.domain.text import clean, is_blank, match_key
from qunguan.i18n import N_, _, ngettext
from qunguan.values import frozen

Kind = Literal["skill", "need"]
KINDS: Final[dict[Kind, str]] = {"skill": N_("can do"), "need": N_("needs")}
"""What is noted of a member, with the message ID of each."""

OUTCOMES: Final[dict[str, str]] = {
    "": N_("no word yet"), "met": N_("in touch"), "worked": N_("it helped"), "nothing": N_("nothing came of it"),
}  # fmt: skip
"""What became of an introduction; any other word is the owner's own. `worked` settles the need."""
_OUTCOME_NAMES: Final = {
    "met": ("聊上了", "认识了"), "worked": ("成了", "帮上了", "解决了"), "nothing": ("没成", "没聊起来"),
}  # fmt: skip

CO_CREATOR: Final = "co_creator"
"""The role of a co-creation partner, 共创合伙人 (S2-02)."""

MATCHES: Final = "relations.matches"
THANKS_DAYS: Final = "relations.thanks_days"
SHARE_DAYS: Final = "relations.share_days"
INTRODUCE: Final = "牵线介绍"
THANK: Final = "当面道谢"
"""The scripts that say it."""

TEXT_LIMIT: Final = 60
REASON_LIMIT: Final = 500
_SHARED: Final = 2  # characters two texts have in common at least, where one contains the other


@frozen
class Note:
    """What a member can do or needs; `key` is what it is compared by."""

    id: int
    member_id: int
    name: str
    kind: Kind
    text: str
    key: str
    note: str
    noted_on: date


@frozen
class NoteRow:
    """A line of a list: who as it is written there, what they can do and need."""

    row: int
    who: str
    notes: tuple[tuple[Kind, str], ...]


@frozen
class NoteSheet:
    """A list as read; every row below the header is in `rows`, `rejected` or `skipped`."""

    encoding: str
    rows: tuple[NoteRow, ...]
    rejected: tuple[RowNote, ...] = ()
    skipped: tuple[RowNote, ...] = ()
    notes: tuple[Reason, ...] = ()


@frozen
class NotesTaken:
    """What an import did, counted in skills and needs: new, known already; and the rows whose name is nobody's."""

    added: int
    already: int
    unresolved: tuple[RowNote, ...] = ()
    rejected: tuple[RowNote, ...] = ()


@frozen
class Candidate:
    """Somebody who may help: the skill that fits, whether it is `same` as the need or one contains the other, and how
    often they were introduced to others already.
    """

    member_id: int
    name: str
    skill: str
    same: bool
    asked: int

    @property
    def why(self) -> str:
        """Why they are suggested, in the language in force."""
        fits = _("can do just that") if self.same else _("can do {skill}", skill=self.skill)
        if not self.asked:
            return fits
        return fits + _(", ") + ngettext("asked {n} time before", "asked {n} times before", self.asked)


@frozen
class Match:
    """A need that is open, who may help, best first, and how many introductions were made for it."""

    need: Note
    candidates: tuple[Candidate, ...]
    introduced: int


@frozen
class Introduction:
    """Somebody who needs was brought together with somebody who can. `outcome` is a code of OUTCOMES or own words."""

    id: int
    seeker_id: int
    seeker: str
    giver_id: int
    giver: str
    about: str
    outcome: str
    outcome_on: date | None
    day: date

    @property
    def state(self) -> str:
        """What became of it, as people read it."""
        return outcome_said(self.outcome)


DeedKind = Literal["noted", "referral", "share", "turned", "helped"]


@frozen
class Reasons:
    """What somebody is to be thanked for: what the owner noted, or so many deeds of one kind, the newest on `day`."""

    kind: DeedKind
    n: int
    day: date
    text: str = ""
    source: str = ""

    def __str__(self) -> str:
        match self.kind:
            case "referral":
                return ngettext("brought {n} new friend", "brought {n} new friends", self.n)
            case "share":
                return ngettext("{n} good share", "{n} good shares", self.n)
            case "turned":
                return _("changed a bad review after you made it good")
            case "helped":
                return ngettext("helped {n} member", "helped {n} members", self.n)
            case _:
                return self.text


@frozen
class Owed:
    """Somebody who is to be thanked, for what, and since when."""

    member_id: int
    name: str
    reasons: tuple[Reasons, ...]
    since: date

    @property
    def why(self) -> str:
        """All reasons in a line."""
        return _("; ").join(map(str, self.reasons))


@frozen
class Thanked:
    """A thank-you that was said: for what, how and on which day."""

    id: int
    member_id: int
    name: str
    reason: str
    how: str
    said_on: date


@frozen
class Partner:
    """A co-creation partner of a group and what they did there by a day: members brought that count, good shares,
    campaigns taken part in, pieces written that went out, introductions in which they helped, suggestions made.
    """

    member_id: int
    name: str
    group: str
    since: date | None
    brought: int
    shares: int
    campaigns: int
    posts: int
    helped: int
    suggestions: int

    @property
    def deeds(self) -> int:
        """All of it together."""
        return self.brought + self.shares + self.campaigns + self.posts + self.helped + self.suggestions


@frozen
class ReferralShare:
    """How many of those who joined from `first` to `last` were brought by a member (S2-19); `rate` is None of none."""

    first: date
    last: date
    joined: int
    brought: int
    source: str

    @property
    def rate(self) -> Rate | None:
        """The share with what it is of."""
        return Rate(self.brought / self.joined, self.joined) if self.joined else None


def checked_text(text: str) -> str:
    """A skill or need as it is stored. Raises BadInput."""
    body = clean(text.strip(), TEXT_LIMIT + 1)
    if is_blank(body) or not match_key(body):
        raise BadInput("this says nothing", hint="name what they can do or need in a few words")
    if len(body) > TEXT_LIMIT:
        raise BadInput("too long to be matched: {length} characters", hint="a few words, {limit} characters at most",
                       length=len(text), limit=TEXT_LIMIT)  # fmt: skip
    return body


def checked_reason(text: str) -> str:
    """What somebody is thanked for, as it is stored. Raises BadInput."""
    body = clean(text.strip(), REASON_LIMIT)
    if is_blank(body):
        raise BadInput("the reason is empty", hint="write what you want to say thank you for")
    return body


def outcome_typed(text: str) -> str:
    """The outcome that is meant, by code or in any of its names; other words stay, cleaned."""
    key = match_key(text)
    for code, label in OUTCOMES.items():
        if code and key in {code, match_key(label), match_key(_(label)), *_OUTCOME_NAMES[code]}:
            return code
    return clean(text.strip(), TEXT_LIMIT)


def outcome_said(outcome: str) -> str:
    """An outcome as people read it."""
    return _(OUTCOMES[outcome]) if outcome in OUTCOMES else outcome


def kin(needs: Iterable[str], skills: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Need → the skills (keys both) that are the same, stand in it, or have it in them; the nearest first.

    Every part of a text is looked up, so the work grows with the texts and not with needs × skills. A part of Latin
    letters must be a whole word.
    """
    wanted, offered = set(needs), set(skills)
    found: dict[str, dict[str, int]] = {need: {} for need in wanted}
    for need in wanted:
        if need in offered:
            found[need][need] = len(need) + 1
        for part in _parts(need):
            if part in offered:
                found[need].setdefault(part, len(part))
    for skill in offered:
        for part in _parts(skill):
            if part in wanted:
                found[part].setdefault(skill, len(part))
    return {
        need: tuple(sorted(near, key=lambda skill: (-near[skill], len(skill), skill)))
        for need, near in found.items()
        if near
    }


def _parts(key: str) -> set[str]:
    """What is shorter than the key and could be a text of its own."""
    size = len(key)
    edges = [
        place for place in range(size + 1) if place in (0, size) or not (_latin(key[place - 1]) and _latin(key[place]))
    ]
    return {
        part
        for start in edges
        for end in edges
        if _SHARED <= end - start < size
        for part in [key[start:end]]
        if part == part.strip()
    }  # fmt: skip


def _latin(char: str) -> bool:
    return char.isascii() and char.isalnum()


def matched(
    needs: Sequence[Note], skills: Iterable[Note], introduced: Iterable[Introduction], most: int
) -> Iterator[Match]:
    """For each need that no introduction settled the best `most` who can help: the nearest text first, then who was
    asked least. Nobody is suggested to themselves, or to somebody they were introduced to.
    """
    asked: dict[int, int] = {}
    known: set[tuple[int, int]] = set()
    made: dict[tuple[int, str], list[Introduction]] = {}
    for each in introduced:
        asked[each.giver_id] = asked.get(each.giver_id, 0) + 1
        known.add((each.seeker_id, each.giver_id))
        made.setdefault((each.seeker_id, match_key(each.about)), []).append(each)
    can: dict[str, list[Note]] = {}
    for skill in skills:
        can.setdefault(skill.key, []).append(skill)
    for own in can.values():
        own.sort(key=lambda one: (asked.get(one.member_id, 0), one.id))
    near = kin((need.key for need in needs), can)
    for need in needs:
        before = made.get((need.member_id, need.key), [])
        if any(each.outcome == "worked" for each in before):
            continue
        found = _best(need, near.get(need.key, ()), can, lambda who, need=need: (need.member_id, who) in known, most)  # type: ignore[misc]
        chosen = tuple(
            Candidate(one.member_id, one.name, one.text, one.key == need.key, asked.get(one.member_id, 0))
            for one in found
        )
        yield Match(need, chosen, len(before))


def _best(
    need: Note, near: Iterable[str], can: Mapping[str, Sequence[Note]], met: Callable[[int], bool], most: int
) -> list[Note]:
    found: dict[int, Note] = {}
    for key in near:
        for skill in can[key]:
            if len(found) >= most:
                return list(found.values())
            if skill.member_id != need.member_id and skill.member_id not in found and not met(skill.member_id):
                found[skill.member_id] = skill
    return list(found.values())
