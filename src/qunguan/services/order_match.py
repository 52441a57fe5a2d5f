"""Who bought: by id, then by full phone, then by the name somebody had on that day. Nobody is guessed.

A name that two people had is settled by a masked phone that fits only one of them; else it waits, as does one that
is only like a known name. What the owner said of a buyer before is remembered by the orders themselves.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from functools import cached_property
from typing import Any, Literal

from sqlalchemy import select

from qunguan.domain import pinyin
from qunguan.domain.matching import Matcher
from qunguan.domain.members import ID_KINDS, NAME_KINDS
from qunguan.domain.orders import MatchedBy, OrderEntry, Shop, Unmatched
from qunguan.domain.text import match_key
from qunguan.services.members_find import alias_rows, names
from qunguan.store import order_queries as queries
from qunguan.store.member_queries import IDS, MEMBERS_BY_PHONE, in_chunks
from qunguan.store.members import member
from qunguan.store.session import Session
from qunguan.values import frozen

_PHONES = select(member.c.id, member.c.phone).where(member.c.id.in_(IDS))
_DIGITS = re.compile(r"\d+")
_FULL_PHONE = re.compile(r"\+?\d{7,20}")
_ID_DIGITS = 18


@frozen
class Buyer:
    """A buyer as a shop names them; `phone` may be masked."""

    shop: Shop | Literal["survey"]  # who replies to a survey is told by the same signs
    name: str
    phone: str = ""
    ref: str = ""

    @classmethod
    def of(cls, entry: OrderEntry) -> Buyer:
        """The buyer of an order of a sheet."""
        return cls(entry.shop, entry.buyer, entry.phone, entry.member_ref)

    @property
    def key(self) -> str:
        """What the name is compared by."""
        return match_key(self.name)


@frozen
class Found:
    """Who a buyer is: `member_id` where that is certain, else `candidates`, likeliest first."""

    by: MatchedBy
    member_id: int | None = None
    candidates: tuple[int, ...] = ()


def full_phone(text: str) -> str:
    """The phone where it is whole, "" where it is masked or none."""
    return text if _FULL_PHONE.fullmatch(text) else ""


def phone_fits(shown: str, phone: str) -> bool:
    """Whether `138****0001` may be the number; the stars may stand for more or fewer digits than they are."""
    parts = [re.escape(part) for part in re.split(r"[*xX]+", shown)]
    return len(parts) > 1 and re.fullmatch(r"\d+".join(parts), phone) is not None


class Matching:
    """Everybody some buyers may be, read in a few statements; then asked for one order after the other."""

    def __init__(self, session: Session, buyers: Iterable[Buyer]) -> None:
        self._session = session
        asked = set(buyers)
        keys = {key for buyer in asked for key in (buyer.key, match_key(buyer.ref)) if key}
        self._names: dict[str, list[Any]] = defaultdict(list)
        self._accounts: dict[str, set[int]] = defaultdict(set)
        for row in queries.named(session, sorted(keys)):
            if row.kind in ID_KINDS:
                self._accounts[row.key].add(row.member_id)
            elif row.kind in NAME_KINDS:
                self._names[row.key].append(row)
        self._by_phone: dict[str, list[int]] = defaultdict(list)
        phones = sorted({phone for buyer in asked if (phone := full_phone(buyer.phone))})
        for row in in_chunks(session, MEMBERS_BY_PHONE, phones):
            self._by_phone[row.phone].append(row.id)
        named = {row.member_id for rows in self._names.values() for row in rows}
        numbers = {number for buyer in asked if (number := _number(buyer.ref)) is not None}
        self._phones = {row.id: row.phone or "" for row in in_chunks(session, _PHONES, sorted(named | numbers))}
        self._told: dict[tuple[str, str], list[Any]] = defaultdict(list)
        for row in queries.remembered(session, sorted(keys)):
            self._told[row.shop, row.buyer_key].append(row)
        self._kept: dict[tuple[Buyer, date | None], Found] = {}
        self._like: dict[str, Found] = {}

    def find(self, buyer: Buyer, day: date | None) -> Found:
        """Who the buyer of an order of that day is (None: a day nobody told)."""
        place = (buyer, day)
        if place not in self._kept:
            self._kept[place] = self._find(buyer, day)
        return self._kept[place]

    def _find(self, buyer: Buyer, day: date | None) -> Found:
        return (
            self._by_account(buyer)
            or self._by_memory(buyer)
            or self._by_phone_number(buyer)
            or self._by_name(buyer, day)
            or self._by_likeness(buyer)
        )

    def _by_account(self, buyer: Buyer) -> Found | None:
        """By an id of the platform, or by ours: `#12` says it, a bare 12 only beside a name of that member."""
        for key in dict.fromkeys((match_key(buyer.ref), buyer.key)):
            if owners := self._accounts.get(key):
                return _one_of(sorted(owners), "id")
        number = _number(buyer.ref)
        if number in self._phones and (buyer.ref.startswith("#") or number in self._bearers(buyer)):
            return Found("id", number)
        return None

    def _by_memory(self, buyer: Buyer) -> Found | None:
        """What the owner said of a buyer of this name in this shop, unless the phone speaks against it."""
        rows = self._told.get((buyer.shop, buyer.key), ())
        told = [row for row in rows if not (row.phone and buyer.phone and row.phone != buyer.phone)]
        if len({row.member_id for row in told}) != 1:
            return None
        return Found(told[-1].matched_by, told[-1].member_id)

    def _by_phone_number(self, buyer: Buyer) -> Found | None:
        owners = self._by_phone.get(full_phone(buyer.phone), [])
        bearers = self._bearers(buyer)
        both = [owner for owner in owners if owner in bearers]
        if len(both) == 1:
            return Found("phone", both[0])
        if len(owners) == 1 and bearers:  # the receiver's phone may be another member's
            return Found("doubtful", None, (*owners, *sorted(bearers)))
        return _one_of(owners, "phone") if owners else None

    def _by_name(self, buyer: Buyer, day: date | None) -> Found | None:
        rows = self._names.get(buyer.key, ())
        then = {row.member_id for row in rows if _bore(row, day)}
        bearers = sorted(then or self._bearers(buyer))
        if len(bearers) > 1:
            fitting = [owner for owner in bearers if phone_fits(buyer.phone, self._phones.get(owner, ""))]
            bearers = fitting if len(fitting) == 1 else bearers
        return _one_of(bearers, "alias") if bearers else None

    def _by_likeness(self, buyer: Buyer) -> Found:
        """Somebody new, unless the name is like a known one; numbers in names are no slips of the pen."""
        if buyer.key in self._like:
            return self._like[buyer.key]
        match = self._matcher.match(buyer.name)
        like = [one for one in match.candidates if one.why == "longer_name" or _same_digits(one.text, buyer.name)]
        ids = [*([match.member_id] if match.member_id is not None else []), *(one.member_id for one in like)]
        found = Found("doubtful", None, tuple(dict.fromkeys(ids))) if ids else Found("unknown")
        return self._like.setdefault(buyer.key, found)

    def _bearers(self, buyer: Buyer) -> set[int]:
        return {row.member_id for row in self._names.get(buyer.key, ())}

    @cached_property
    def _matcher(self) -> Matcher:
        return Matcher(alias_rows(self._session), pinyin.sound)


def _one_of(owners: list[int], by: MatchedBy) -> Found:
    return Found(by, owners[0]) if len(owners) == 1 else Found("doubtful", None, tuple(owners))


def _bore(row: Any, day: date | None) -> bool:
    """Whether a name was somebody's on a day."""
    if day is None:
        return row.valid_to is None
    return (row.valid_from is None or row.valid_from <= day) and (row.valid_to is None or day < row.valid_to)


def _number(ref: str) -> int | None:
    digits = ref.removeprefix("#")
    return int(digits) if digits.isascii() and digits.isdecimal() and len(digits) <= _ID_DIGITS else None


def _same_digits(one: str, other: str) -> bool:
    return _DIGITS.findall(one) == _DIGITS.findall(other)


def gathered(session: Session, waiting: Iterable[tuple[str, str, Found, int]]) -> tuple[Unmatched, ...]:
    """One line for each buyer and phone, from (buyer, phone, who it may be, net) of every order that waits."""
    lines: dict[tuple[str, str], list[tuple[str, str, Found, int]]] = {}
    for one in waiting:
        lines.setdefault((match_key(one[0]), one[1]), []).append(one)
    told = []
    for those in lines.values():
        maybe = dict.fromkeys(who for one in those for who in (one[2].member_id, *one[2].candidates))
        told.append((those, [who for who in maybe if who is not None]))
    called = names(session, sorted({who for _those, ids in told for who in ids}))
    return tuple(
        Unmatched(
            those[0][0], those[0][1], len(those), sum(one[3] for one in those),
            any(one[2].by == "doubtful" for one in those), tuple((who, called[who]) for who in ids),
        )
        for those, ids in told
    )  # fmt: skip
