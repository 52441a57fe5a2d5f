"""Today's list of a group against the roster: what differs, why that is thought, and what of it the owner accepts.

A person is known by account ID, then by phone, then by a name of now. A name that changed with nothing else to go by is
one who left and one who came: it may be offered as one person, and is never taken for it. Each leave counts once.
A row with a day of leaving that has come is of somebody who is gone: it dates their leave, and nobody joins by it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy import func, select

from qunguan.domain import pinyin
from qunguan.domain.clock import Clock
from qunguan.domain.errors import BadInput, NotFound, UserError
from qunguan.domain.matching import AliasRow, Matcher
from qunguan.domain.members import NAME_KINDS, label
from qunguan.domain.members_roster_diff import DiffApplied, DiffEntry, RosterDiff
from qunguan.domain.rosters import Reason, Roster, RosterEntry
from qunguan.domain.text import match_key, show
from qunguan.i18n import N_
from qunguan.services import groups, rules
from qunguan.services.members_edit import add, edit, get, join, leave, set_alias
from qunguan.services.members_match import Person, accounts, load
from qunguan.store.member_queries import ALIASES, MEMBERS, in_chunks
from qunguan.store.members import membership
from qunguan.store.session import Session


def diff(session: Session, clock: Clock, roster: Roster, group_id: int, *, day: date | None = None) -> RosterDiff:
    """What a list of the group's members, made on `day` (None: today), says against the roster; writes nothing.

    Raises NotFound for the group.
    """
    group = groups.get(session, group_id)
    found = _Diff(session, roster.entries, group_id, day or clock.today(group.day_rule))
    entries = list(found.entries())
    by_kind = {kind: tuple(one for one in entries if one.kind == kind) for kind in _KINDS}
    listed, present = len(found.listed), len(found.present)
    share = int(rules.value(session, "member.diff_partial"))
    partial = 100 * listed < share * present
    return RosterDiff(group_id, group.name, listed, present, partial, **by_kind, rejected=roster.rejected)


_KINDS = ("joined", "left", "renamed", "same", "unclear", "suggested")


def apply_diff(
    session: Session,
    clock: Clock,
    roster: Roster,
    group_id: int,
    chosen: Collection[str] | None = None,
    *,
    day: date | None = None,
    reason: str = "unknown",
) -> DiffApplied:
    """Accept the differences with these keys (None: all but suggestions), one step; twice changes nothing.

    Who joined is in the group from `day` on (None: today), who left is not, for `reason` (a code of LEFT_REASONS or the
    owner's words); where the list has a day for it, that day counts. A suggestion accepted is a new name. Raises
    NotFound for a key that is none, BadInput with the person and the row for what cannot be.
    """
    found = diff(session, clock, roster, group_id, day=day)
    by_key = {one.key: one for one in (*found.changes, *found.suggested)}
    wanted = dict.fromkeys([one.key for one in found.changes] if chosen is None else chosen)
    for key in wanted:
        if key not in by_key:
            raise NotFound("there is no difference {key}", hint="look at the list again", key=show(key[:40]))
    taken = [by_key[key] for key in wanted]
    covered = {part for one in taken if one.kind == "suggested" for part in one.other_key.split(",")}
    taken = [one for one in taken if one.key not in covered]
    when = day or clock.today(groups.get(session, group_id).day_rule)
    session.step(N_("Took the list of {group} over: {n} differences"), group=found.group, n=len(taken))
    entries = {entry.row: entry for entry in roster.entries}
    for one in taken:
        entry = entries.get(one.row or 0)
        try:
            if one.kind == "left" and one.member_id is not None:
                left_on = _day_left(session, one.member_id, group_id, entry, when)
                leave(session, clock, one.member_id, group_id, left_on, reason)
            elif one.kind == "joined" and entry is not None:
                _join(session, clock, one, entry, group_id, when)
            elif one.member_id is not None:
                edit(session, clock, replace(get(session, one.member_id), name=one.name))
        except UserError as problem:
            if one.row is None:
                raise BadInput("{name}: {problem}", name=show(one.name), problem=problem) from problem
            raise BadInput(
                "row {row}, {name}: {problem}", row=one.row, name=show(one.name), problem=problem
            ) from problem
    return DiffApplied(
        sum(one.kind == "joined" for one in taken),
        sum(one.kind == "left" for one in taken),
        sum(one.kind in ("renamed", "suggested") for one in taken),
    )


def _join(session: Session, clock: Clock, one: DiffEntry, entry: RosterEntry, group_id: int, day: date) -> None:
    joined = date.fromisoformat(entry.joined_on) if entry.joined_on else day
    if one.member_id is not None:
        left_on = session.scalar(
            select(func.max(membership.c.left_on)).where(
                membership.c.member_id == one.member_id, membership.c.group_id == group_id
            )
        )
        # a day before they left is of the stay that is over: when they came back, the list does not say
        join(session, clock, one.member_id, group_id, day if left_on is not None and joined < left_on else joined)
        return
    person = add(session, clock, entry.name, group_id=group_id, joined_on=joined, phone=entry.phone)
    for kind, text in (("wxid", entry.wxid), ("wechat_id", entry.wechat_id), ("remark", entry.remark)):
        if text:
            set_alias(session, clock, person.id, kind, text)


def _day_left(session: Session, member_id: int, group_id: int, entry: RosterEntry | None, day: date) -> date:
    """The list's day for it, else `day`, or the one they joined on where that is later: who left has joined before."""
    if entry is not None and entry.left_on:
        day = date.fromisoformat(entry.left_on)
    open_stay = select(membership.c.joined_on).where(
        membership.c.member_id == member_id, membership.c.group_id == group_id, membership.c.left_on.is_(None)
    )
    joined = session.scalar(open_stay)
    return max(day, joined) if joined else day


def _is_over(entry: RosterEntry, day: date) -> bool:
    """Whether they had left by `day`, and have not joined since."""
    if not entry.left_on or entry.left_on > day.isoformat():
        return False
    return not entry.joined_on or entry.joined_on <= entry.left_on


class _Diff:
    """Who the entries of a list are, strongest sign first."""

    def __init__(self, session: Session, entries: Sequence[RosterEntry], group_id: int, day: date) -> None:
        self._session, self._entries = session, entries
        self._over = [number for number, entry in enumerate(entries) if _is_over(entry, day)]
        self.listed = [number for number, entry in enumerate(entries) if not _is_over(entry, day)]
        here = select(membership.c.member_id, membership.c.joined_on).where(membership.c.group_id == group_id)
        open_stays = session.rows(here.where(membership.c.left_on.is_(None)))
        self._joined_on: dict[int, date | None] = {row.member_id: row.joined_on for row in open_stays}
        self.present = set(self._joined_on)
        self._gone = {row.member_id for row in session.rows(here)} - self.present
        self._known = load(session, entries, group_id)
        self._load_present(group_id)
        self._found: dict[int, tuple[int, Reason]] = {}
        self._unclear: set[int] = set()

    def entries(self) -> Iterator[DiffEntry]:
        """Every difference, and who is as they were."""
        self._by_sign(self.listed)
        self._by_sign(self._over)
        self._by_name(self.present, self.listed)
        self._by_name(self._gone, self.listed, sure=True)
        self._by_name(self.present | self._gone, self._over, sure=True)
        dated = {self._found[number][0]: number for number in self._over if number in self._found}
        dated = {who: number for who, number in dated.items() if self._leaves(who, self._entries[number])}
        matched = {self._found[number][0] for number in self.listed if number in self._found}
        left = sorted(self.present - matched - self._unclear, key=lambda who: (self._people[who].row.sort_key, who))
        for number in self.listed:
            yield self._is_listed(number, self._entries[number])
        for who in sorted(self._unclear):
            name = self._people[who].row.name
            why = Reason.of(N_("several members are called {name}, and the list has fewer"), name=show(name))
            yield DiffEntry("unclear", f"?{who}", name, why, who)
        for who in left:
            why, row = Reason(N_("is not in the list")), None
            if who in dated:
                entry = self._entries[dated[who]]
                why, row = Reason.of(N_("left on {day}, the list says"), day=entry.left_on), entry.row
            yield DiffEntry("left", f"-{who}", self._people[who].row.name, why, who, row=row)
        yield from self._pairs([who for who in left if who not in dated])

    def _leaves(self, who: int, entry: RosterEntry) -> bool:
        """Whether the entry's day of leaving is of the stay they are in, and not of one before it."""
        joined_on = self._joined_on.get(who)
        return who in self.present and (joined_on is None or joined_on.isoformat() <= (entry.left_on or ""))

    def _load_present(self, group_id: int) -> None:
        """Everybody in the group, with their names."""
        self._people: dict[int, Person] = dict(self._known.people)
        missing = sorted(self.present - self._people.keys())
        self._people.update({row.id: Person(row) for row in in_chunks(self._session, MEMBERS, missing)})
        for row in in_chunks(self._session, ALIASES, missing):
            self._people[row.member_id].aliases.append(row)

    def _names(self, who: int) -> set[str]:
        """What somebody is called now."""
        person = self._people[who]
        names = {row.key for row in person.aliases if row.kind in NAME_KINDS and row.valid_to is None}
        return names | {match_key(person.row.name)}

    def _by_sign(self, numbers: Iterable[int]) -> None:
        taken = {who for who, _why in self._found.values()}
        for number in numbers:
            entry = self._entries[number]
            keys = {match_key(text) for text in accounts(entry)}
            owners = {who for key in keys for who in self._known.by_account.get(key, ())}
            why = Reason(N_("has the same account ID"))
            if not owners and entry.phone:
                owners = {
                    who for who in self._known.by_phone.get(entry.phone, ()) if not self._other_account(who, entry)
                }
                why = Reason(N_("has the same phone"))
            if len(owners) == 1 and not owners & taken:
                taken |= owners
                self._found[number] = (next(iter(owners)), why)

    def _other_account(self, who: int, entry: RosterEntry) -> bool:
        person = self._people[who]
        return any(text and person.accounts(kind) - {match_key(text)} for kind, text in
                   (("wxid", entry.wxid), ("wechat_id", entry.wechat_id)))  # fmt: skip

    def _by_name(self, among: set[int], those: Iterable[int], *, sure: bool = False) -> None:
        """Equal names, as many of them as there are; where the list has fewer nobody knows who is missing.

        `sure` takes a name only where one person alone has it.
        """
        taken = {who for who, _why in self._found.values()} | self._unclear
        bearers: dict[str, list[int]] = defaultdict(list)
        for who in sorted((among & self._people.keys()) - taken):
            for key in self._names(who):
                bearers[key].append(who)
        asked: dict[str, list[int]] = defaultdict(list)
        for number in those:
            if number not in self._found:
                entry = self._entries[number]
                key = match_key(entry.name)
                asked[key if key in bearers else match_key(entry.remark)].append(number)
        for key, numbers in asked.items():
            free = [who for who in bearers.get(key, ()) if who not in taken]
            free = [who for who in free if not any(self._other_account(who, self._entries[n]) for n in numbers)]
            if sure and len(free) != 1:
                continue
            for number, who in zip(numbers, free, strict=False):
                taken.add(who)
                self._found[number] = (who, Reason(N_("has the same name")))
            self._unclear |= set(free[len(numbers) :]) & self.present

    def _is_listed(self, number: int, entry: RosterEntry) -> DiffEntry:
        who, why = self._found.get(number, (None, Reason(N_("nobody of the group is called so"))))
        if who is None:
            others = sorted(self._known.by_name.get(match_key(entry.name), {}))
            if others:
                names = " / ".join(label(other, self._known.people[other].row.name) for other in others)
                why = Reason.of(N_("nobody of the group is called so; elsewhere: {names}"), names=names)
            return DiffEntry("joined", f"+{entry.row}", entry.name, why, row=entry.row)
        was = self._people[who].row.name
        if who not in self.present:
            return DiffEntry("joined", f"+{entry.row}", entry.name, why, who, was, entry.row)
        if match_key(entry.name) in self._names(who) or match_key(entry.remark) in self._names(who):
            return DiffEntry("same", f"={who}", entry.name, why, who, was, entry.row)
        return DiffEntry("renamed", f"~{who}", entry.name, why, who, was, entry.row)

    def _pairs(self, left: Sequence[int]) -> Iterator[DiffEntry]:
        """Those who left and those who came with a name that is like theirs."""
        rows = [AliasRow(who, row.text, row.kind, row.key) for who in left for row in self._people[who].aliases]
        if not rows:
            return
        matcher = Matcher(rows, pinyin.sound)
        for number in self.listed:
            if number in self._found:
                continue
            entry = self._entries[number]
            match = matcher.match(entry.name)
            likely = [match.member_id] if match.member_id is not None else [one.member_id for one in match.candidates]
            for who in dict.fromkeys(one for one in likely if one is not None):
                was = self._people[who].row.name
                why = Reason.of(N_("{was} is gone and {name} has come: the names are alike"), was=show(was),
                                name=show(entry.name))  # fmt: skip
                pair = f"-{who},+{entry.row}"
                yield DiffEntry("suggested", f"{who}:{entry.row}", entry.name, why, who, was, entry.row, pair)
