"""Members as a table for a file: everything the roster knows of them, so that nobody is locked in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from operator import attrgetter
from typing import Any

from sqlalchemy import Row, Select

from qunguan.domain.members import birthday_text
from qunguan.domain.rosters import FIELDS
from qunguan.domain.tags import join_tags
from qunguan.exchange.writers.tables import Column, Table, Value
from qunguan.i18n import _
from qunguan.services.members_edit import as_member
from qunguan.services.members_find import names
from qunguan.store.member_queries import ALIASES, MEMBERS, STAYS, TAGS, in_chunks
from qunguan.store.session import Session

_FIELDS = ("name", "wechat_id", "wxid", "phone", "joined_on", "left_on", "channel", "birthday", "tags", "note",
           "remark", "inviter")  # fmt: skip


def member_table(session: Session, ids: Iterable[int], group_id: int | None = None, title: str = "") -> Table:
    """These members in the order given; the dates are those of the present or last stay, in the group if one is given.

    A roster import reads the table back. Free fields are columns of their own; names no longer in use share one.
    """
    wanted = list(ids)
    people = {row.id: as_member(row) for row in in_chunks(session, MEMBERS, wanted)}
    aliases, tags = _grouped(session, ALIASES, wanted), _grouped(session, TAGS, wanted)
    stays = _grouped(session, STAYS, wanted)
    inviters = names(session, [row.inviter_id for own in stays.values() for row in own if row.inviter_id is not None])
    free = dict.fromkeys(name for person in people.values() for name in person.extra)
    rows: list[list[Value]] = []
    for member_id in wanted:
        if (person := people.get(member_id)) is None:
            continue
        called = {row.kind: row.text for row in aliases.get(member_id, ()) if row.valid_to is None}
        stay = _shown(stays.get(member_id, ()), group_id)
        told: dict[str, Value] = {
            **{name: called.get(name, "") for name in ("wechat_id", "wxid", "remark")},
            **{name: getattr(person, name) for name in ("name", "phone", "channel", "note")},
            **{name: getattr(stay, name) if stay else None for name in ("joined_on", "left_on")},
            "birthday": birthday_text(person.birthday),
            "tags": join_tags([(row.category, row.name) for row in tags.get(member_id, ())]),
            "inviter": inviters.get(stay.inviter_id, "") if stay else "",
        }
        former = "、".join(dict.fromkeys(row.text for row in aliases.get(member_id, ()) if row.valid_to is not None))
        own = [person.extra.get(name, "") for name in free]
        rows.append([member_id, *(told[name] for name in _FIELDS), called.get("nick", ""), former, *own])
    return Table(title or _("Members"), _columns(free), rows)


def _columns(free: Iterable[str]) -> tuple[Column, ...]:
    known = [Column(key, _(FIELDS[key]), "date" if key.endswith("_on") else "text") for key in _FIELDS]
    called = [Column("nick", _("group card now")), Column("former", _("former names"))]
    return (Column("id", _("member id"), "int"), *known, *called, *(Column(f"extra.{name}", name) for name in free))


def _grouped(session: Session, statement: Select[Any], ids: Iterable[int]) -> dict[int, list[Row[Any]]]:
    rows = in_chunks(session, statement, ids)
    return {member_id: list(own) for member_id, own in groupby(rows, key=attrgetter("member_id"))}


def _shown(stays: Sequence[Row[Any]], group_id: int | None) -> Row[Any] | None:
    here = [stay for stay in stays if group_id in (None, stay.group_id)]
    return next((stay for stay in here if stay.left_on is None), here[-1] if here else None)
