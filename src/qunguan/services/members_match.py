"""Who the rows of a roster are: by account id, then by phone, then by a name only one person can mean.

Nobody is guessed. A stronger sign goes first over the whole file, so that a row with an id is never taken for
somebody because an earlier row has the same name.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Row

from qunguan.domain.members import ID_KINDS, NAME_KINDS, label
from qunguan.domain.rosters import Reason, RosterEntry, RowNote
from qunguan.domain.text import match_key, show
from qunguan.i18n import N_
from qunguan.store.member_queries import (
    ALIASES,
    ALIASES_BY_KEY,
    MEMBERS,
    MEMBERS_BY_PHONE,
    STAYS,
    TAGS,
    in_chunks,
)
from qunguan.store.session import Session

_CURRENT_NAME, _CURRENT, _FORMER = range(3)


@dataclass(slots=True)
class Person:
    """A known member as far as a roster is concerned: `row` is the member's, `aliases` are rows of names and IDs."""

    row: Any
    aliases: list[Any] = field(default_factory=list)
    tags: set[tuple[str, str]] = field(default_factory=set)
    stay: Row[Any] | None = None

    def accounts(self, kind: str) -> set[str]:
        """The keys of the account ids of one kind."""
        return {row.key for row in self.aliases if row.kind == kind}


@dataclass(slots=True)
class Known:
    """Everybody a row of the file may be, and how they are found."""

    people: dict[int, Person]
    by_account: dict[str, set[int]]
    by_phone: dict[str, set[int]]
    by_name: dict[str, dict[int, int]]  # key → member id → how current the name is, lowest first

    @classmethod
    def of(cls, people: dict[int, Person]) -> Known:
        """These people, found by all that is known of them."""
        known = cls(people, defaultdict(set), defaultdict(set), defaultdict(dict))
        for member_id, person in people.items():
            if person.row.phone:
                known.by_phone[person.row.phone].add(member_id)
            for alias in person.aliases:
                known.index(member_id, alias)
        return known

    def index(self, member_id: int, alias: Any) -> None:
        """Let a member be found by a name or an account ID."""
        if alias.kind in ID_KINDS:
            self.by_account[alias.key].add(member_id)
        if alias.kind in NAME_KINDS:
            rank = _FORMER if alias.valid_to else _CURRENT_NAME if alias.kind == "name" else _CURRENT
            ranks = self.by_name[alias.key]
            ranks[member_id] = min(rank, ranks.get(member_id, rank))

    def named(self, key: str, allowed: Callable[[int], bool] = lambda _: True) -> list[int]:
        """The allowed members of that name: those who bear it now, or else those who once did."""
        ranks = {member_id: rank for member_id, rank in self.by_name.get(key, {}).items() if allowed(member_id)}
        best = min(ranks.values(), default=0)
        return sorted(member_id for member_id, rank in ranks.items() if rank == best)


@dataclass(slots=True)
class Identities:
    """The answer: entry number → member id, and the rows that cannot be told. The other entries are new people.

    `by_name` are the entries that have nothing but a name: they do not say what a member is called now. One with an ID
    or a phone does, because the next file will know the member by that.
    """

    found: dict[int, int] = field(default_factory=dict)
    by_name: set[int] = field(default_factory=set)
    rejected: dict[int, RowNote] = field(default_factory=dict)


def load(session: Session, entries: Sequence[RosterEntry], group_id: int) -> Known:
    """Everybody the entries may be or were invited by, in a handful of set-based reads."""
    keys = {match_key(entry.name) for entry in entries}
    keys.update(match_key(text) for entry in entries for text in (*accounts(entry), entry.inviter) if text)
    known = Known({}, defaultdict(set), defaultdict(set), defaultdict(dict))
    for row in in_chunks(session, ALIASES_BY_KEY, sorted(keys)):
        known.index(row.member_id, row)
    for row in in_chunks(session, MEMBERS_BY_PHONE, sorted({entry.phone for entry in entries if entry.phone})):
        known.by_phone[row.phone].add(row.id)
    sources: tuple[Iterable[Iterable[int]], ...] = (
        known.by_account.values(), known.by_phone.values(), known.by_name.values()
    )  # fmt: skip
    ids = sorted({member_id for source in sources for found in source for member_id in found})
    known.people = {row.id: Person(row) for row in in_chunks(session, MEMBERS, ids)}
    for row in in_chunks(session, ALIASES, ids):
        known.people[row.member_id].aliases.append(row)
    for row in in_chunks(session, TAGS, ids):
        known.people[row.member_id].tags.add((row.category, row.name))
    for row in in_chunks(session, STAYS, ids):
        person = known.people[row.member_id]
        if row.group_id == group_id and (person.stay is None or person.stay.left_on is not None):
            person.stay = row
    return known


def accounts(entry: RosterEntry) -> tuple[str, ...]:
    """The account ids an entry names."""
    return tuple(text for text in (entry.wxid, entry.wechat_id) if text)


def searched(entries: Sequence[RosterEntry], known: Known, doubts: Mapping[int, RowNote]) -> Identities:
    """Say of each entry which member it is, that it is new, or why that cannot be told; `doubts` are told already."""
    search = _Search(entries, known)
    search.result.rejected.update(doubts)
    for by in (
        search.by_account, search.by_phone_and_present_name, search.by_phone_and_name, search.by_phone,
        search.by_present_name, search.by_name,
    ):  # fmt: skip
        for number, entry in enumerate(entries):
            if number not in search.result.found and number not in search.result.rejected:
                by(number, entry)
    return search.result


class _Search:
    """One pass after the other over the entries, remembering who is taken."""

    def __init__(self, entries: Sequence[RosterEntry], known: Known) -> None:
        self.known, self.result = known, Identities()
        self._entries = entries
        self._taken: dict[int, int] = {}  # member id → row
        self._fresh_accounts: dict[str, int] = {}  # account key → row
        self._same_name: dict[str, list[int]] = defaultdict(list)
        for number, entry in enumerate(entries):
            self._same_name[match_key(entry.name)].append(number)

    def by_account(self, number: int, entry: RosterEntry) -> None:
        """An account ID is one person's, whoever bears the name."""
        keys = {match_key(text) for text in accounts(entry)}
        owners = sorted({member_id for key in keys for member_id in self.known.by_account.get(key, ())})
        twin = next((self._fresh_accounts[key] for key in sorted(keys) if key in self._fresh_accounts), None)
        if twin is not None:
            self._reject(number, N_("the same ID as in row {other}"), other=twin)
        elif len(owners) > 1:
            self._reject(number, N_("the ID belongs to several members: {candidates}"), owners)
        elif owners and owners[0] in self._taken:
            self._reject(number, N_("the same member as row {other}"), other=self._taken[owners[0]])
        elif owners:
            self._take(number, owners[0])
        self._fresh_accounts.update(dict.fromkeys(keys, entry.row))

    def by_phone_and_present_name(self, number: int, entry: RosterEntry) -> None:
        """Before another row of the phone is taken for them because of a remark or the name they once had."""
        self.by_phone_and_name(number, entry, _CURRENT_NAME)

    def by_phone_and_name(self, number: int, entry: RosterEntry, worst: int = _FORMER) -> None:
        """Of those who share the phone the one of that name; `worst` is the least current name that counts."""
        named = self.known.by_name.get(match_key(entry.name), {})
        ranks = {one: named[one] for one in self._phone_owners(entry) if named.get(one, _FORMER + 1) <= worst}
        best = min(ranks.values(), default=0)
        owners = [member_id for member_id, rank in ranks.items() if rank == best]
        if len(owners) == 1 and owners[0] not in self._taken:
            self._take(number, owners[0])

    def by_phone(self, number: int, entry: RosterEntry) -> None:
        """The only one who has the phone, under whatever name."""
        owners = self._phone_owners(entry)
        if len(owners) > 1:
            self._reject(number, N_("the phone belongs to several members: {candidates}"), owners)
        elif owners and owners[0] not in self._taken:
            self._take(number, owners[0])

    def by_present_name(self, number: int, entry: RosterEntry) -> None:
        """Somebody's name now counts for more than a remark about another or the name they once had."""
        ranks = self.known.by_name.get(match_key(entry.name), {})
        if any(rank == _CURRENT_NAME and self._may_be(entry, member_id) for member_id, rank in ranks.items()):
            self.by_name(number, entry)

    def by_name(self, number: int, entry: RosterEntry) -> None:
        """The only one of that name whom no account ID of their own speaks against."""
        key = match_key(entry.name)
        owners = self.known.named(key, lambda member_id: self._may_be(entry, member_id))
        twin = self._twin(number, entry)
        if len(owners) > 1:
            self._reject(number, N_("several members have this name: {candidates}"), owners)
        elif twin is not None:
            self._reject(number, N_("the same name as in row {other}, and no ID or phone tells them apart"), other=twin)
        elif owners:
            if not (accounts(entry) or entry.phone):
                self.result.by_name.add(number)
            self._take(number, owners[0])

    def _phone_owners(self, entry: RosterEntry) -> list[int]:
        """Who has the phone, taken or not: that one of them is taken does not say which of the others it is."""
        owners = self.known.by_phone.get(entry.phone, ()) if entry.phone else ()
        return sorted(member_id for member_id in owners if self._agrees(entry, member_id))

    def _may_be(self, entry: RosterEntry, member_id: int) -> bool:
        """Not taken by a row with a stronger sign, and no account id of the same kind speaks against it."""
        return member_id not in self._taken and self._agrees(entry, member_id)

    def _agrees(self, entry: RosterEntry, member_id: int) -> bool:
        person = self.known.people[member_id]
        given = {"wxid": entry.wxid, "wechat_id": entry.wechat_id}
        return all(not text or not person.accounts(kind) for kind, text in given.items())

    def _twin(self, number: int, entry: RosterEntry) -> int | None:
        """The row of another entry of this name that may be the same person: an earlier one, or one already known."""
        for other in self._same_name[match_key(entry.name)]:
            settled = other < number or other in self.result.found
            if other == number or not settled or other in self.result.rejected:
                continue
            if not _apart(self._entries[other], entry):
                return self._entries[other].row
        return None

    def _take(self, number: int, member_id: int) -> None:
        self._taken[member_id] = self._entries[number].row
        self.result.found[number] = member_id

    def _reject(self, number: int, what: str, owners: Sequence[int] = (), **values: object) -> None:
        if owners:
            people = self.known.people
            names = ((owner, people[owner].row.name) for owner in owners)
            values["candidates"] = " / ".join(label(*one) if one[0] > 0 else show(one[1]) for one in names)
        self.result.rejected[number] = RowNote(self._entries[number].row, Reason.of(what, **values))


def _apart(one: RosterEntry, other: RosterEntry) -> bool:
    """Whether two entries of one name are certainly two people: the same kind of sign, given twice, differs."""
    pairs = ((one.wxid, other.wxid), (one.wechat_id, other.wechat_id), (one.phone, other.phone))
    return any(a and b and match_key(a) != match_key(b) for a, b in pairs)
