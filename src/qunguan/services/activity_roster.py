"""The roster as far as some speakers may be on it: whose ids and names they are, read in a few statements."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from qunguan.domain import pinyin
from qunguan.domain.activity_people import Bearing, MatchedBy, Piece, Span, Told, read_days
from qunguan.domain.matching import Match, Matcher
from qunguan.domain.members import NAME_KINDS
from qunguan.domain.text import clean, is_blank, match_key
from qunguan.services.members_find import alias_rows
from qunguan.store import activity_people as queries
from qunguan.store.session import Session

ALIAS_KINDS = {"wxid": ("wxid", "wechat_id"), "qq": ("qq",), "email": ("email",)}
"""The kinds of alias an id of a chat may be; what is learned is the first of them. Old WeChat accounts have no other
wxid than the WeChat ID they chose."""
_DIGITS = re.compile(r"\d+")
_SHOWN = 5


@dataclass(slots=True)
class Answer:
    """Who one speaker is, while it is being found out."""

    told: Told
    by: MatchedBy = "unknown"
    member_id: int | None = None
    dated: tuple[Span, ...] = ()
    fresh: bool = False
    settled: bool = False


class Roster:
    """Everybody these speakers may be."""

    def __init__(self, session: Session, group_id: int, told: Sequence[Told]) -> None:
        self._session, self._group_id = session, group_id
        names = {match_key(name) for one in told for name, _first, _last in one.shown}
        ids = {match_key(one.id) for one in told if one.kind in ALIAS_KINDS}
        ids.update(match_key(one.id) for one in told if one.kind == "name")
        self._owners: dict[tuple[str, str], set[int]] = defaultdict(set)
        rows = list(queries.named(session, sorted((names | ids) - {""})))
        for row in rows:
            self._owners[row.kind, row.key].add(row.member_id)
        for row in queries.speakers_elsewhere(session, sorted(one.id for one in told if one.kind in ("uid", "self"))):
            if row.kind == "uid" or row.matched_by == "hand":
                self._owners[row.kind, row.key].add(row.member_id)
        bearers = sorted({row.member_id for row in rows if row.kind in NAME_KINDS})
        self._stays: dict[int, list[tuple[date | None, date | None]]] = defaultdict(list)
        self._placed: set[int] = set()
        for row in queries.stays(session, bearers):
            self._placed.add(row.member_id)
            if row.group_id == group_id:
                self._stays[row.member_id].append((row.joined_on, row.left_on))
        self._accounts: dict[tuple[int, str], set[str]] = defaultdict(set)
        for member_id, kind, key in queries.accounts(session, bearers):
            self._accounts[member_id, kind].add(key)
        self._bearings: dict[str, list[Bearing]] = defaultdict(list)
        for row in rows:
            if row.kind in NAME_KINDS:
                self.bear(row.key, row.member_id, row.valid_from, row.valid_to)

    def owners(self, told: Told) -> list[int]:
        """The members an id is known to be of; a name is nobody's for good."""
        if told.kind == "name":
            return []
        kinds = ALIAS_KINDS.get(told.kind)
        if kinds is None:
            return sorted(self._owners.get((told.kind, told.id), ()))
        key = match_key(told.id)
        return next((sorted(found) for kind in kinds if (found := self._owners.get((kind, key)))), [])

    def bear(self, key: str, member_id: int, first: date | None, end: date | None) -> None:
        """Take note of a name a member has."""
        stays = tuple(self._stays.get(member_id, ()))
        elsewhere = not stays and member_id in self._placed
        self._bearings[key].append(Bearing(member_id, first, end, stays, elsewhere))

    def claim(self, found: Iterable[tuple[Told, int | None]]) -> None:
        """Take note of whose ids these are, so that nobody is given two by their name."""
        for told, member_id in found:
            if member_id is not None and told.kind != "name":
                self._accounts[member_id, told.kind].add(_id_key(told))

    def has_other_id(self, member_id: int, told: Told) -> bool:
        """Whether the member is known by another id of this kind: then this one is somebody else."""
        return told.kind != "name" and bool(self._accounts.get((member_id, told.kind), set()) - {_id_key(told)})

    def read(self, name: str, first: date | None, last: date | None, told: Told) -> tuple[Piece, ...]:
        """Whose a name was on these days; () when it can be nobody's."""
        key = match_key(name)
        bearings = [one for one in self._bearings.get(key, ()) if not self.has_other_id(one.member_id, told)]
        return read_days(bearings, first, last) if bearings else ()

    def called(self, told: Told) -> str:
        """What a new member is called: the name shown last, or else the id."""
        return next((name for text in (told.name, told.id) if not is_blank(text) and (name := clean(text))), "")

    def like(self, told: Told) -> list[tuple[int, str]]:
        """Members of the group whose names are like one of these, and why; numbers in names are no slips."""
        found: dict[int, str] = {}
        for name, _first, _last in told.shown or ((told.id, None, None),):
            for member_id, why in self._like(clean(name)):
                if not self.has_account(member_id, told):
                    found.setdefault(member_id, why)
        return list(found.items())

    def has_account(self, member_id: int, told: Told) -> bool:
        """Like `has_other_id`, for anybody of the group."""
        return told.kind != "name" and (member_id, told.kind) in self._with_account

    def suggestions(self, told: Told) -> list[tuple[int, str]]:
        """Members it may be, likeliest first, each with its why."""
        found: dict[int, str] = {}
        found.update((owner, "same_id") for owner in self.owners(told))
        exact: list[tuple[int, int, str]] = []
        for name, first, last in told.shown:
            for one in self._bearings.get(match_key(name), ()):
                why = self._why(one, told, first, last)
                exact.append((_ORDER.index(why), one.member_id, why))
        for _place, member_id, why in sorted(exact):
            found.setdefault(member_id, why)
        for member_id, why in self.like(told):
            found.setdefault(member_id, why)
        return list(found.items())[:_SHOWN]

    def _why(self, one: Bearing, told: Told, first: date | None, last: date | None) -> str:
        if self.has_other_id(one.member_id, told):
            return "two_accounts"
        if one.elsewhere:
            return "elsewhere"
        if one.rank(first) is not None or one.rank(last) is not None:
            return "same_name"
        ended = one.valid_to is not None and (first is None or one.valid_to <= first)
        return "then" if ended else "left"

    def _like(self, name: str) -> Iterator[tuple[int, str]]:
        if not name or self._matcher is None:
            return
        match: Match = self._matcher.match(name)
        if match.member_id is not None and match.rest:
            yield match.member_id, "longer_name"
        for one in match.candidates:
            if one.why == "longer_name":
                yield one.member_id, "longer_name"
            elif one.why != "same_name" and _DIGITS.findall(one.text) == _DIGITS.findall(name):
                yield one.member_id, "sound" if one.why == "sound" else "like"

    @cached_property
    def _matcher(self) -> Matcher | None:
        rows = alias_rows(self._session, self._group_id)
        return Matcher(rows, pinyin.sound) if rows else None

    @cached_property
    def _with_account(self) -> set[tuple[int, str]]:
        return queries.with_account(self._session, self._group_id) | {
            place for place, ids in self._accounts.items() if ids
        }


_ORDER = ("same_name", "then", "left", "elsewhere", "two_accounts")


def _id_key(told: Told) -> str:
    return match_key(told.id) if told.kind in ALIAS_KINDS else told.id
