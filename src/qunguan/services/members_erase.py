"""Forgetting a person (个人信息保护法): what they did stays in the numbers, who they were does not.

This is the one change that is no step and cannot be undone: the images undo would need are what must go. Backups made
before still hold the person until they are thinned out, and so does a reason written into the points ledger; the face
that asks says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Column, Select, delete, select, update

from qunguan.domain.clock import Clock
from qunguan.domain.members import Member
from qunguan.services import groups, presence
from qunguan.services.activity_forget import forget_speakers
from qunguan.services.members_edit import columns, get
from qunguan.services.members_erase_rows import ANSWERED, BLANKED, GONE
from qunguan.services.members_index import reindex
from qunguan.services.survey_forget import forget_replies
from qunguan.store import search as index
from qunguan.store.checkins import chain, chain_item, checkin
from qunguan.store.journal import change, step
from qunguan.store.member_queries import IDS, in_chunks
from qunguan.store.members import alias, member, member_merge, member_tag, membership
from qunguan.store.points_queries import merged
from qunguan.store.reach import contact
from qunguan.store.relations import member_skill
from qunguan.store.session import Session
from qunguan.store.surveys import survey_reply

_TAKEN = (alias, member_tag, contact, member_skill)  # rows that say nothing but who somebody is
_WORDS = {"text", "reason", "left_reason"}  # what else journal images may say of a person


def erase(session: Session, clock: Clock, member_id: int) -> Member:
    """Forget who a member was; returns the empty member "#12", whose check-ins and points still count.

    Names, account ids, phone, contacts, birthday, note, free fields, tags, reasons, the words of their check-ins, their
    lines in 接龙, their names in chats and their questions, the pieces they wrote, what deeds, badges, locks and
    redemptions say of them, what they complained of and what was answered, what they can do and need, whom they were
    brought together with and why, their own words in surveys, and the buyer's name and phone on their orders go, from
    the tables, the journal, the labels of past steps and the search index. They leave every group
    today. Raises NotFound.
    """
    person = get(session, member_id)
    people = {member_id, *_merged_into(session, member_id)}
    own_aliases = session.rows(select(alias.c.id, alias.c.text).where(alias.c.member_id == member_id))
    texts = {person.name, person.phone, *(row.text for row in own_aliases), *forget_speakers(session, people)} - {""}
    _forget_images(session, people, {row.id for row in own_aliases})
    _forget_labels(session, texts)
    _forget_lines(session, member_id)
    _forget_answers(session, people)
    forget_replies(session, _ids(session, survey_reply.c.member_id, people))
    _forget_words(session, member_id, people)
    session.rewrite(update(member_merge).where(member_merge.c.gone_id.in_(people)).values(reason=""))
    for table in _TAKEN:
        session.rewrite(delete(table).where(table.c.member_id == member_id))
    nobody = columns(Member(member_id, f"#{member_id}"))
    session.rewrite(update(member).where(member.c.id == member_id).values(nobody))
    here = membership.c.member_id == member_id
    today = clock.today(groups.day_rule(session))
    session.rewrite(update(membership).where(here).values(left_reason=None, role=None))
    session.rewrite(update(membership).where(here, membership.c.left_on.is_(None)).values(left_on=today))
    session.rewrite(update(checkin).where(checkin.c.member_id == member_id).values(text=None, reason=None))
    for row in session.rows(select(membership.c.group_id).where(here).distinct()):
        presence.refresh(session, row.group_id, member_ids=[member_id])  # nothing here is journalled
    reindex(session, [member_id])
    index.compact(session.conn)
    return get(session, member_id)


def _merged_into(session: Session, member_id: int) -> set[int]:
    """The empty rows of those who turned out to be this member."""
    return {gone_id for gone_id, kept_id in merged(session).items() if kept_id == member_id}


def _forget_images(session: Session, people: set[int], alias_ids: Iterable[int]) -> None:
    """Remove the journal's images of the person and their names; other images lose only their words."""
    kept = select(change).where(change.c.op != "insert")
    own = {
        "member": people,
        "alias": set(alias_ids),
        **{table.name: _ids(session, table.c.member_id, people) for table in _TAKEN if table is not alias},
    }
    worded = {table.name: _ids(session, table.c.member_id, people) for table in (membership, checkin)}
    gone = []
    for row in session.rows(kept.where(change.c.tbl.in_([*own, *worded]))):
        is_theirs = row.before.get("member_id") in people or row.first_id in {**own, **worded}[row.tbl]
        if is_theirs and row.tbl in own:
            gone.append(row.id)
        elif is_theirs and _WORDS & row.before.keys():
            image = {name: None if name in _WORDS else value for name, value in row.before.items()}
            session.rewrite(update(change).where(change.c.id == row.id).values(before=image))
    session.rewrite(delete(change).where(change.c.id.in_(IDS)), {"ids": gone})


def _forget_labels(session: Session, texts: set[str]) -> None:
    """Blank the names in the labels of past steps; a namesake's are blanked too, because a label knows no ids."""
    for row in session.rows(select(step.c.id, step.c.params)):
        named: Mapping[str, Any] = {name: GONE for name, value in row.params.items() if value in texts}
        if named:
            session.rewrite(update(step).where(step.c.id == row.id).values(params={**row.params, **named}))


def _forget_lines(session: Session, member_id: int) -> None:
    """Blank their lines in the 接龙 they signed."""
    items = session.rows(select(chain_item).where(chain_item.c.member_id == member_id))
    raws = {row.id: row.raw for row in in_chunks(session, _CHAINS, {item.chain_id for item in items})}
    for item in items:
        raws[item.chain_id] = raws[item.chain_id].replace(item.text, GONE)
        session.rewrite(update(chain_item).where(chain_item.c.id == item.id).values(text=GONE))
    for chain_id, raw in raws.items():
        session.rewrite(update(chain).where(chain.c.id == chain_id).values(raw=raw))


def _forget_words(session: Session, member_id: int, people: set[int]) -> None:
    """Blank who bought on their orders, and what was written about them; the numbers stay in the sums."""
    for whose, blank in BLANKED:
        table, own = whose.table, _ids(session, whose, people)
        session.rewrite(update(table).where(whose == member_id).values(blank))
        for row in session.rows(_images(table.name)):
            if row.first_id in own or row.before.get(whose.name) in people:
                _blank_image(session, row, blank)


def _forget_answers(session: Session, people: set[int]) -> None:
    """Blank what was noted beside what they said, paid and asked for; when and how much stays."""
    for whose, of, blank in ANSWERED:
        said = _ids(session, of, people)
        session.rewrite(update(whose.table).where(whose.in_(IDS)).values(blank), {"ids": list(said)})
        for row in session.rows(_images(whose.table.name)):
            if row.before.get(whose.name) in said:
                _blank_image(session, row, blank)


def _images(name: str) -> Select[Any]:
    """What the journal holds of a table's rows as they were before."""
    return select(change).where(change.c.tbl == name, change.c.op != "insert")


def _blank_image(session: Session, row: Any, blank: Mapping[str, Any]) -> None:
    image = {name: blank.get(name, value) for name, value in row.before.items()}
    session.rewrite(update(change).where(change.c.id == row.id).values(before=image))


_CHAINS = select(chain.c.id, chain.c.raw).where(chain.c.id.in_(IDS))


def _ids(session: Session, whose: Column[Any], people: set[int]) -> set[int]:
    return {row.id for row in session.rows(select(whose.table.c.id).where(whose.in_(people)))}
