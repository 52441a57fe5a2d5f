"""The sheet of a campaign and its iron rules: stock, teams, sides, helpers, once per member, codes, who got what."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Final

from qunguan.domain.campaign_terms import count_of, fen_of, names_of
from qunguan.domain.campaigns import KINDS, Kind, Playbook
from qunguan.domain.money import short_yuan
from qunguan.domain.rosters import Reason
from qunguan.domain.text import match_key
from qunguan.i18n import N_
from qunguan.values import frozen

HELPER: Final = re.compile(r"#\d{1,18}")
"""How a helper who is a member is kept: by id, so that their name is forgotten with them."""
CASHBACK: Final = "返现"
"""What a hand-out of money is called in the sheet."""


@frozen
class Entry:
    """A line of the sheet. `member_id` None: somebody who is not in the roster, or (no name either) a bare count.

    `amount_fen` is what was paid (orders) or handed out (gifts). With helpers `member_id` is who was helped and `name`
    the helper. `who` is the name to show.
    """

    id: int
    campaign_id: int
    member_id: int | None
    name: str
    kind: Kind
    key: str
    team: str
    qty: int
    amount_fen: int
    code: str
    note: str
    biz_date: date
    occurred_at: datetime
    void_on: date | None = None
    void_reason: str = ""
    who: str = ""

    @property
    def person(self) -> str:
        """Who it is about; "" for a bare count."""
        return person(self.member_id, self.name)


@frozen
class Wanted:
    """A line that is to be added; `name` as it was written where it is no member."""

    member_id: int | None
    name: str
    kind: Kind
    team: str = ""
    qty: int = 1
    amount_fen: int = 0
    code: str = ""
    note: str = ""
    helper: str = ""

    @property
    def person(self) -> str:
        """Who it is about; "" for a bare count."""
        return person(self.member_id, self.name)


@frozen
class Refusal:
    """Why a line cannot stand in the sheet. `again`: it stands there already."""

    reason: Reason
    again: bool = False


@frozen
class Team:
    """A team, a side, or somebody and their helpers. `missing` is how many are wanting, None where sizes do not count.

    `people` are names as shown; `members` the ids of those who are members.
    """

    name: str
    people: tuple[str, ...]
    members: tuple[int, ...]
    qty: int
    amount_fen: int
    missing: int | None

    @property
    def complete(self) -> bool:
        """Whether it has reached its size."""
        return self.missing == 0


@frozen
class Due:
    """Something somebody has earned and was not given yet."""

    member_id: int | None
    name: str
    what: str
    amount_fen: int


def person(member_id: int | None, name: str) -> str:
    """Who somebody is among the lines: m12 for a member, the name as it is compared for anybody else."""
    return f"m{member_id}" if member_id is not None else f"={match_key(name)}" if name else ""


class Sheet:
    """What stands in a sheet now (lines taken out do not), and whether another line may join it.

    Lines are found by key and by person, so that a sheet of thousands is filled in one go.
    """

    def __init__(self, playbook: Playbook, terms: Mapping[str, str], entries: Iterable[Entry] = ()) -> None:
        self.playbook, self.terms = playbook, terms
        self._by_key: dict[str, Entry] = {}
        self._by_person: dict[tuple[str, str], dict[str, Entry]] = {}
        self._inside: dict[str, Counter[str]] = {}
        self._used: Counter[str] = Counter()
        for each in entries:
            self.add(each)

    @property
    def entries(self) -> list[Entry]:
        """The lines, in the order they came."""
        return list(self._by_key.values())

    def at(self, key: str) -> Entry | None:
        """The line of a key."""
        return self._by_key.get(key)

    def of(self, kind: str, person: str) -> list[Entry]:
        """Somebody's lines of a kind."""
        return list(self._by_person.get((kind, person), {}).values())

    def add(self, entry: Entry) -> None:
        """A line that has come in."""
        self._count(entry, 1)
        self._by_key[entry.key] = entry
        self._by_person.setdefault((entry.kind, entry.person), {})[entry.key] = entry

    def remove(self, entry: Entry) -> None:
        """A line that has gone, or is about to be another."""
        self._count(entry, -1)
        del self._by_key[entry.key], self._by_person[entry.kind, entry.person][entry.key]

    def _count(self, entry: Entry, sign: int) -> None:
        self._used[entry.kind] += sign * entry.qty
        if entry.kind == self.playbook.entry and entry.team:
            self._inside.setdefault(match_key(entry.team), Counter())[entry.person] += sign

    def refusal(self, new: Wanted) -> Refusal | None:
        """Why a line may not be added; None when it may."""
        for rule in (self._kind, self._side, self._team, self._person, self._helper, self._stock, self._money,
                     self._code):  # fmt: skip
            found = rule(new)
            if found is not None:
                return found if isinstance(found, Refusal) else Refusal(found)
        return None

    def key(self, new: Wanted) -> str:
        """What may stand there once. Raises nothing: asked after `refusal`."""
        if new.helper:
            return f"vote:{new.helper}"
        who = new.person or "count"
        if new.kind == "gift":
            return f"gift:{who}:{match_key(new.note)}"
        key = f"{new.kind}:{who}"
        place = 1
        while (found := key if place == 1 else f"{key}:{place}") in self._by_key:
            place += 1
        return found

    def limit(self, kind: Kind) -> int | None:
        """How often a member may have a line of a kind, of orders how many pieces; None: as often as they like."""
        if kind in ("order", "submit"):
            return count_of(self.terms, "per_member") or (None if kind == "order" else 1)
        return 1

    def _kind(self, new: Wanted) -> Reason | None:
        if new.kind in self.playbook.kinds:
            return None
        return Reason.of(N_("this form has no lines of the kind {kind}"), kind=Reason.of(KINDS[new.kind]))

    def _person(self, new: Wanted) -> Refusal | None:
        own = self.of(new.kind, new.person)
        if not new.person:
            return Refusal(Reason.of(N_("the count stands there already: take it out first")), True) if own else None
        if new.kind == "gift":
            same = [each for each in own if match_key(each.note) == match_key(new.note)]
            return Refusal(Reason.of(N_("was given {what} already"), what=new.note), True) if same else None
        if new.helper:
            return None
        most = self.limit(new.kind)
        had = sum(each.qty for each in own) if new.kind == "order" else len(own)
        more = new.qty if new.kind == "order" else 1
        if most is None or had + more <= most:
            return None
        if had and most == 1:
            return Refusal(Reason.of(N_("is on the sheet already")), True)
        if not had:
            return Refusal(Reason.of(N_("{most} for each member, {more} are wanted"), most=most, more=more))
        return Refusal(Reason.of(N_("{most} for each member, {had} are there"), most=most, had=had), had >= most)

    def _side(self, new: Wanted) -> Reason | None:
        if self.playbook.teams != "sides" or new.kind != "vote":
            return None
        sides = names_of(self.terms, "sides")
        known = "、".join(sides)
        if not new.team:
            return Reason.of(N_("say which side: {known}"), known=known)
        if match_key(new.team) not in map(match_key, sides):
            return Reason.of(N_("there is no side {team}: {known}"), team=new.team, known=known)
        return None

    def _team(self, new: Wanted) -> Reason | None:
        if self.playbook.teams != "size" or new.kind != self.playbook.entry or not new.person:
            return None
        key, size = match_key(new.team), count_of(self.terms, "team_size") or 2
        mine = {match_key(each.team): each.team for each in self.of(new.kind, new.person)}
        if mine and key not in mine:
            return Reason.of(N_("is in the team {team} already"), team=next(iter(mine.values())) or "—")
        inside = +self._inside.get(key, Counter()) if key else Counter()
        if new.person not in inside and len(inside) >= size:
            return Reason.of(N_("the team {team} is full: {size}"), team=new.team, size=size)
        return None

    def _helper(self, new: Wanted) -> Refusal | Reason | None:
        if self.playbook.teams != "helpers" or new.kind != "vote":
            return None
        if not new.helper:
            return Reason.of(N_("say who helped: name: helper, helper"))
        if new.helper == new.person:
            return Reason.of(N_("nobody helps themselves"))
        if not self.of("join", new.person):
            return Reason.of(N_("has not signed up yet"))
        helped = self.at(f"vote:{new.helper}")
        if helped is not None:
            return Refusal(Reason.of(N_("has helped {name} already"), name=helped.who), helped.person == new.person)
        return None

    def short(self, team: Iterable[Wanted]) -> Refusal | None:
        """Why the people of one team may not join together: there is not enough for all of them; those who are on the
        sheet already need nothing. None when there is."""
        stock, kind = count_of(self.terms, "stock"), self.playbook.stocked or self.playbook.entry
        fresh = {each.person: each.qty for each in team if each.kind == kind and not self.of(kind, each.person)}
        needed = sum(fresh.values())
        if stock is None or needed <= (left := stock - self._used[kind]):
            return None
        return Refusal(Reason.of(N_("the team needs {needed}, only {left} of {stock} are left: left out whole"),
                                 needed=needed, left=left, stock=stock))  # fmt: skip

    def _stock(self, new: Wanted) -> Reason | None:
        stock, kind = count_of(self.terms, "stock"), self.playbook.stocked or self.playbook.entry
        if stock is None or new.kind != kind:
            return None
        left = stock - self._used[kind]
        return Reason.of(N_("only {left} of {stock} are left"), left=left, stock=stock) if new.qty > left else None

    def _money(self, new: Wanted) -> Reason | None:
        least = fen_of(self.terms, "threshold")
        if new.kind == "order" and least is not None and new.amount_fen > 0:
            paid = least - (fen_of(self.terms, "off") or 0)
            if new.amount_fen < paid:
                return Reason.of(N_("paid ¥{paid}, it takes ¥{least}"), paid=short_yuan(new.amount_fen),
                                 least=short_yuan(paid))  # fmt: skip
        cap = fen_of(self.terms, "cap")
        if new.kind in ("submit", "gift") and cap is not None:
            had = sum(each.amount_fen for each in self.of(new.kind, new.person))
            if had + new.amount_fen > cap:
                return Reason.of(N_("¥{cap} for each member at most"), cap=short_yuan(cap))
        return None

    def _code(self, new: Wanted) -> Reason | None:
        codes = names_of(self.terms, "codes")
        if new.code and codes and match_key(new.code) not in map(match_key, codes):
            return Reason.of(N_("{code} is no code of this campaign: {known}"), code=new.code, known="、".join(codes))
        return None


def teams(playbook: Playbook, terms: Mapping[str, str], entries: Iterable[Entry]) -> tuple[Team, ...]:
    """The teams of a sheet: of a size, by side, or people with their helpers; the fullest first, of a size those that
    are complete first. Lines without a team are in none."""
    standing = [each for each in entries if each.void_on is None]
    if playbook.teams == "helpers":
        return _helped(terms, standing)
    if not playbook.teams:
        return ()
    kind: Kind = playbook.entry
    size = count_of(terms, "team_size") if playbook.teams == "size" else None
    names = {match_key(each): each for each in names_of(terms, "sides")} if playbook.teams == "sides" else {}
    found: dict[str, list[Entry]] = {key: [] for key in names}
    for each in standing:
        if each.kind == kind and each.team:
            names.setdefault(match_key(each.team), each.team)
            found.setdefault(match_key(each.team), []).append(each)
    told = [_team(names[key], those, size) for key, those in found.items()]
    return tuple(sorted(told, key=lambda each: (not each.complete, -len(each.people))))


def _team(name: str, those: list[Entry], size: int | None) -> Team:
    people = {each.person: each.who for each in those}
    members = dict.fromkeys(each.member_id for each in those if each.member_id is not None)
    missing = None if size is None else max(size - len(people), 0)
    return Team(name, tuple(people.values()), tuple(members), sum(each.qty for each in those),
                sum(each.amount_fen for each in those), missing)  # fmt: skip


def _helped(terms: Mapping[str, str], standing: list[Entry]) -> tuple[Team, ...]:
    size = count_of(terms, "helpers") or 1
    helpers: dict[str, list[str]] = {}
    for each in standing:
        if each.kind == "vote":
            helpers.setdefault(each.person, []).append(each.name)
    told = []
    for each in standing:
        if each.kind == "join":
            own = tuple(helpers.get(each.person, ()))
            members = () if each.member_id is None else (each.member_id,)
            told.append(Team(each.who, own, members, len(own), 0, max(size - len(own), 0)))
    return tuple(sorted(told, key=lambda each: -len(each.people)))


def dues(playbook: Playbook, terms: Mapping[str, str], entries: Iterable[Entry]) -> tuple[Due, ...]:
    """What was earned and not handed out yet, each person each thing once: cashback and gifts of complete teams, gifts
    and cashback of a form without teams, prizes of winners."""
    standing = [each for each in entries if each.void_on is None]
    given = {(each.person, match_key(each.note)) for each in standing if each.kind == "gift"}
    found: dict[tuple[str, str], Due] = {}
    for each, what, fen in _earned(playbook, terms, standing):
        place = (each.person, match_key(what))
        if place not in given:
            found.setdefault(place, Due(each.member_id, each.who or each.name, what, fen))
    return tuple(found.values())


def nothing_due(playbook: Playbook, terms: Mapping[str, str], entries: Iterable[Entry]) -> Reason:
    """Why nothing is due: the form gives nothing of itself, no term says what, no team is complete, or all is given."""
    standing = [each for each in entries if each.void_on is None]
    names = [name for name in ("gift", "cashback", "prize") if any(each.name == name for each in playbook.terms)]
    if not names:
        return Reason.of(N_("this form hands nothing out of itself"))
    if not any(terms.get(name) for name in names):
        labels = "、".join(playbook.term(name).label for name in names)
        return Reason.of(N_("nothing is promised: fill in {terms} first (e changes the plan)"), terms=labels)
    if playbook.teams == "size" and not any(each.complete for each in teams(playbook, terms, standing)):
        return Reason.of(N_("no team is complete yet"))
    if any(each.kind == "gift" for each in standing):
        return Reason.of(N_("everybody has theirs"))
    return Reason.of(N_("nobody has earned anything yet"))


def _earned(playbook: Playbook, terms: Mapping[str, str], standing: list[Entry]) -> Iterator[tuple[Entry, str, int]]:
    prize, gift, back = terms.get("prize", ""), terms.get("gift", ""), fen_of(terms, "cashback")
    for each in standing:
        if each.kind == "win" and prize:
            yield each, prize, 0
    if playbook.teams not in ("", "size") or playbook.entry not in ("order", "submit"):
        return
    full = {match_key(each.name) for each in teams(playbook, terms, standing) if each.complete}
    cap = fen_of(terms, "cap")
    for each in standing:
        if each.kind != playbook.entry or not each.person or (playbook.teams and match_key(each.team) not in full):
            continue
        if gift and playbook.form != "live":
            yield each, gift, 0
        if back is not None:
            yield each, CASHBACK, back if cap is None else min(back, cap)
