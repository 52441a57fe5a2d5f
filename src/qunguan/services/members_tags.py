"""Tags: put one on members, take it off, count them, find who carries one."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import func, select

from qunguan.domain.clock import Clock
from qunguan.domain.errors import Ambiguous, NotFound
from qunguan.domain.members import TagCount
from qunguan.domain.names import typed_name
from qunguan.domain.text import show
from qunguan.i18n import N_
from qunguan.services.members_index import reindex
from qunguan.store.member_queries import IDS, in_chunks
from qunguan.store.members import member_tag, tag
from qunguan.store.session import Session


def add_tag(session: Session, clock: Clock, member_ids: Iterable[int], name: str, category: str = "") -> int:
    """Put a tag on members; makes the tag when it is new. Returns how many did not have it. Raises BadInput."""
    shown = typed_name(name)
    group = typed_name(category) if category else ""
    session.step(N_("Tagged members {tag}"), tag=shown)
    fresh = link_tags(session, [(member_id, group, shown) for member_id in dict.fromkeys(member_ids)])
    reindex(session, fresh)
    return len(fresh)


def remove_tag(session: Session, clock: Clock, member_ids: Iterable[int], name: str, category: str = "") -> int:
    """Take a tag off members; returns how many had it. The tag itself stays. Raises NotFound for an unknown tag."""
    tag_id = _tag_id(session, name, category)
    session.step(N_("Took the tag {tag} off members"), tag=name)
    carried = select(member_tag.c.id, member_tag.c.member_id)
    carried = carried.where(member_tag.c.tag_id == tag_id, member_tag.c.member_id.in_(IDS))
    rows = list(in_chunks(session, carried, set(member_ids)))
    for row in rows:
        session.delete(member_tag, row.id)
    reindex(session, (row.member_id for row in rows))
    return len(rows)


def tags(session: Session) -> tuple[TagCount, ...]:
    """Every tag with the number of members that carry it, by category and name."""
    carriers = func.count(member_tag.c.id).label("carriers")
    query = select(tag.c.category, tag.c.name, carriers).join_from(tag, member_tag, isouter=True)
    rows = session.rows(query.group_by(tag.c.id).order_by(tag.c.category, tag.c.name))
    return tuple(TagCount(row.category, row.name, row.carriers) for row in rows)


def tagged_ids(session: Session, text: str) -> list[int]:
    """Ids of the members with a tag, given as `VIP`, `学员等级:VIP` or, for the one without a category, `:VIP`.

    Raises NotFound, or Ambiguous when a bare name is in several categories.
    """
    group, colon, name = text.strip().replace("：", ":").rpartition(":")
    tag_id = _tag_id(session, name, group if colon else None)
    query = select(member_tag.c.member_id).where(member_tag.c.tag_id == tag_id).order_by(member_tag.c.member_id)
    return [row.member_id for row in session.rows(query)]


def link_tags(session: Session, wanted: Iterable[tuple[int, str, str]]) -> list[int]:
    """Add (member id, category, name) links that are not there yet and the tags they need; returns the members changed.

    Does not touch the search index: the caller reindexes once.
    """
    links = list(dict.fromkeys(wanted))
    known = {(row.category, row.name): row.id for row in session.rows(select(tag))}
    fresh = sorted({(category, name) for _, category, name in links} - known.keys())
    added = session.insert_many(tag, ({"category": category, "name": name} for category, name in fresh))
    known.update(zip(fresh, added, strict=True))
    carried = select(member_tag.c.member_id, member_tag.c.tag_id).where(member_tag.c.member_id.in_(IDS))
    have = {(row.member_id, row.tag_id) for row in in_chunks(session, carried, {link[0] for link in links})}
    pairs = [(member_id, known[category, name]) for member_id, category, name in links]
    missing = [pair for pair in pairs if pair not in have]
    session.insert_many(member_tag, ({"member_id": member_id, "tag_id": tag_id} for member_id, tag_id in missing))
    return sorted({member_id for member_id, _ in missing})


def _tag_id(session: Session, name: str, category: str | None) -> int:
    query = select(tag).where(tag.c.name == name).order_by(tag.c.category)
    rows = session.rows(query if category is None else query.where(tag.c.category == category))
    if not rows:
        raise NotFound("there is no tag {tag}", hint="see the list of tags", tag=show(name[:40]))
    if len(rows) > 1:
        names = tuple(f"{row.category}:{row.name}" for row in rows)
        raise Ambiguous(
            "{tag} is a tag of several categories", hint="say which one: {candidates}", candidates=names, tag=show(name)
        )
    return int(rows[0].id)
