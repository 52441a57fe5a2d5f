"""Who is meant: a member by id, name or alias, by search, by tag; and the names a 接龙 is matched against."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache, partial
from types import MappingProxyType
from typing import TYPE_CHECKING

from sqlalchemy import select

from qunguan.domain.errors import Ambiguous, NotFound
from qunguan.domain.members import NAME_KINDS, label
from qunguan.domain.text import match_key, show
from qunguan.i18n import N_
from qunguan.store import search as index
from qunguan.store.member_queries import ALIASES_BY_KEY, IDS, driver_rows, in_chunks
from qunguan.store.members import alias, member, membership
from qunguan.store.session import Session

if TYPE_CHECKING:  # finding somebody needs nothing of matching a 接龙
    from qunguan.domain.matching import AliasRow

_SUGGESTIONS = 3
_ID_DIGITS = 18
_HINT = N_("say which one: {candidates}")
_RAISED = frozenset("¹²³⁴⁵⁶⁷⁸⁹")


Named = Mapping[str, Sequence[tuple[int, str]]]
"""Key of a name → (member, the name as it is written) of everybody who has it; a key that is missing was not read."""


def resolve(session: Session, text: str, *, bare_ids: bool = True, known: Named = MappingProxyType({})) -> int:
    """The id of the member that `text` means.

    "#12" is the member with that id, where there is one; so is "12", unless it is also what somebody else is called
    (that is for the owner to settle), and without `bare_ids` it is a name only. Then a name or alias, former ones
    included, that is exactly `text`; then one that is the same but for case, width, emoji and invisible marks, where
    nobody is told from it by a raised number alone: 一苇 may be 一苇🌿 or 一苇². Raises Ambiguous with the candidates
    when several people answer, NotFound with near names when nobody does. `known` is what was read ahead.
    """
    wanted = text.strip()
    number = wanted.removeprefix("#")
    numbered = number.isdecimal() and len(number) <= _ID_DIGITS and session.get(member, int(number)) is not None
    if numbered and number != wanted:
        return int(number)
    key = match_key(wanted)
    rows = (known[key] if key in known else _named(session, key)) if key else ()
    found = {member_id for member_id, called in rows if called == wanted}
    if rows and not found:
        found = {member_id for member_id, _called in rows} | _twins(session, key)
    if numbered and bare_ids:
        found.add(int(number))
    if len(found) > 1:
        raise Ambiguous(
            "{text} means several members", hint=_HINT, candidates=labels(session, sorted(found)), text=_shown(wanted)
        )
    if not found:
        raise _nobody(session, wanted)
    return found.pop()


def resolver(session: Session, ahead: Iterable[str] = ()) -> Callable[[str], int]:
    """`resolve` for a file that names the same people many times: each name is looked up once, and those told `ahead`
    all in one.

    In a file `7` is what somebody is called, never the member with that id.
    """
    known: dict[str, list[tuple[int, str]]] = {match_key(name.strip()): [] for name in ahead}
    for row in in_chunks(session, ALIASES_BY_KEY, known):
        known[row.key].append((row.member_id, row.text))
    return cache(partial(resolve, session, bare_ids=False, known=known))


def labels(session: Session, member_ids: Sequence[int]) -> tuple[str, ...]:
    """Members as they are offered to choose from, in the order given: 张三 (#12)."""
    names = {row.id: row.name for row in in_chunks(session, _NAMES, member_ids)}
    return tuple(label(member_id, names[member_id]) for member_id in member_ids if member_id in names)


def names(session: Session, member_ids: Sequence[int]) -> dict[int, str]:
    """The present name of each of these members."""
    return {row.id: row.name for row in in_chunks(session, _NAMES, member_ids)}


def search(session: Session, text: str, limit: int = 50) -> list[int]:
    """Ids of the members `text` finds: by name, alias, pinyin, initials, phone tail or tag, best first."""
    return index.find(session.conn, text, limit)


def alias_rows(session: Session, group_id: int | None = None) -> tuple[AliasRow, ...]:
    """Every name somebody may sign with, of a group's members or of all; account ids and addresses are left out.

    Those who left are among them, because people come back and past 接龙 name them: `absent` tells who they are.
    """
    from qunguan.domain.matching import AliasRow

    query = select(alias.c.member_id, alias.c.text, alias.c.kind, alias.c.key).where(alias.c.kind.in_(NAME_KINDS))
    if group_id is not None:
        inside = select(membership.c.member_id).where(membership.c.group_id == group_id)
        query = query.where(alias.c.member_id.in_(inside))
    return tuple(map(AliasRow._make, driver_rows(session, query.order_by(alias.c.member_id, alias.c.id))))


def absent(session: Session, group_id: int | None = None) -> frozenset[int]:
    """The members who have left the group and are not back (for None: have left every group they were in)."""
    stays = select(membership.c.member_id, membership.c.left_on)
    if group_id is not None:
        stays = stays.where(membership.c.group_id == group_id)
    rows = session.rows(stays)
    return frozenset(row.member_id for row in rows) - {row.member_id for row in rows if row.left_on is None}


_NAMES = select(member.c.id, member.c.name).where(member.c.id.in_(IDS))


def _named(session: Session, key: str) -> list[tuple[int, str]]:
    """Whoever has a name, by its key."""
    query = select(alias.c.member_id, alias.c.text).where(alias.c.key == key).order_by(alias.c.member_id)
    return [(row.member_id, row.text) for row in session.rows(query)]


def _twins(session: Session, key: str) -> set[int]:
    """Whoever has this name with a raised number behind it, as group nicknames tell two of a name apart."""
    query = select(alias.c.member_id, alias.c.text).where(alias.c.key.in_([f"{key}{each}" for each in range(1, 10)]))
    return {row.member_id for row in session.rows(query) if not _RAISED.isdisjoint(row.text)}


def _nobody(session: Session, wanted: str) -> NotFound:
    near = _near(session, wanted)
    if near:
        hint = N_("did you mean: {near}")
        return NotFound("there is no member {text}", hint=hint, text=_shown(wanted), near=" / ".join(near))
    return NotFound("there is no member {text}", hint="see the list of members", text=_shown(wanted))


def _near(session: Session, wanted: str) -> tuple[str, ...]:
    """Members that the text, or else its first half, or its first character finds."""
    key = match_key(wanted)
    for part in dict.fromkeys((key, key[: (len(key) + 1) // 2], key[:1])):
        found = search(session, part, _SUGGESTIONS) if part else []
        if found:
            return labels(session, found)
    return ()


def _shown(text: str) -> str:
    return show(text[:40])
