"""Members who may be one person: the same phone, the same account, the same name with nothing against it."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise

from sqlalchemy import func, select

from qunguan.domain.members import ID_KINDS, NAME_KINDS
from qunguan.domain.members_split import Duplicate
from qunguan.services.members_find import names
from qunguan.store.member_queries import IDS, in_chunks
from qunguan.store.members import alias, member
from qunguan.store.session import Session

_ACCOUNTS = (*ID_KINDS, "email")
_SHARED = (
    select(alias.c.key)
    .where(alias.c.key != "")
    .group_by(alias.c.key)
    .having(func.count(alias.c.member_id.distinct()) > 1)
)
_BEARERS = (
    select(alias.c.member_id, alias.c.kind, alias.c.key, alias.c.text, alias.c.valid_to)
    .where(alias.c.key.in_(_SHARED))
    .order_by(alias.c.key, alias.c.member_id)
)
_PHONES = select(member.c.phone).where(member.c.phone.is_not(None)).group_by(member.c.phone).having(func.count() > 1)
_CALLED = select(member.c.id, member.c.phone).where(member.c.phone.in_(_PHONES)).order_by(member.c.phone, member.c.id)
_THEIR_ACCOUNTS = select(alias.c.member_id, alias.c.kind, alias.c.key).where(
    alias.c.member_id.in_(IDS), alias.c.kind.in_(_ACCOUNTS)
)


def duplicates(session: Session) -> tuple[Duplicate, ...]:
    """Pairs who may be one person, the surest first; who has been here longer is the one to keep.

    Two accounts of one kind speak against a name, so such a pair is offered for a phone or an account only. Statements
    do not grow with members.
    """
    found: dict[tuple[int, int], tuple[str, str]] = {}
    by_account: dict[tuple[str, str], list[int]] = defaultdict(list)
    by_name: dict[str, list[int]] = defaultdict(list)
    texts: dict[str, str] = {}
    for row in session.rows(_BEARERS):
        texts[row.key] = row.text
        if row.kind in _ACCOUNTS:
            by_account[row.kind, row.key].append(row.member_id)
        elif row.kind in NAME_KINDS and row.valid_to is None:
            by_name[row.key].append(row.member_id)
    by_phone: dict[str, list[int]] = defaultdict(list)
    for row in session.rows(_CALLED):
        by_phone[row.phone].append(row.id)
    for (_kind, key), who in by_account.items():
        _pair(found, who, "account", texts[key])
    for phone, who in by_phone.items():
        _pair(found, who, "phone", phone[-4:])
    people = sorted({one for who in by_name.values() for one in who})
    accounts = {(row.member_id, row.kind): row.key for row in in_chunks(session, _THEIR_ACCOUNTS, people)}
    for key, who in by_name.items():
        for one, other in pairwise(dict.fromkeys(who)):
            apart = any(
                accounts.get((one, kind))
                and accounts.get((other, kind))
                and accounts[one, kind] != accounts[other, kind]
                for kind in _ACCOUNTS
            )
            if not apart:
                _pair(found, [one, other], "name", texts[key])
    called = names(session, sorted({one for pair in found for one in pair}))
    order = ("account", "phone", "name")
    return tuple(
        Duplicate(kept, called[kept], gone, called[gone], why, detail)
        for (kept, gone), (why, detail) in sorted(found.items(), key=lambda item: (order.index(item[1][0]), item[0]))
    )


def _pair(found: dict[tuple[int, int], tuple[str, str]], who: list[int], why: str, detail: str) -> None:
    for one, other in pairwise(sorted(set(who))):
        found.setdefault((one, other), (why, detail))
