"""Splitting an entry that is two people: names and accounts go to a new member, with what was said and bought by them.

Check-ins, points, tags and what was decided by hand stay where they are: nothing says whose they were.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from qunguan.domain.clock import Clock
from qunguan.domain.errors import BadInput, NotFound, Refused
from qunguan.domain.members import NAME_KINDS
from qunguan.domain.members_split import Split, name_for
from qunguan.domain.names import typed_name
from qunguan.domain.text import match_key, show
from qunguan.i18n import N_
from qunguan.services import order_points
from qunguan.services.members_edit import add, get
from qunguan.services.members_index import reindex
from qunguan.store.activity import SIDES, speaker, speech
from qunguan.store.member_queries import IDS
from qunguan.store.members import alias, membership
from qunguan.store.orders import shop_order
from qunguan.store.plans import subscription
from qunguan.store.session import Session
from qunguan.store.surveys import survey_reply

_BY_SPEAKER = {
    side: select(side.table, side.member.label("whose")).where(side.speaker.in_(IDS)).order_by(side.table.c.id)
    for side in SIDES
}
_PAID_BY = select(subscription.c.id).where(subscription.c.order_id.in_(IDS)).order_by(subscription.c.id)


def split(
    session: Session, clock: Clock, member_id: int, texts: Sequence[str], *, name: str = "", phone: str = ""
) -> Split:
    """Give names and account IDs of a member to a new one, called `name` (else as `name_for` says).

    Speakers known by them go along with what they said, and orders of these buyers (with `phone`: those with that
    phone only); the new member is in the groups the other is in. One step. Raises NotFound for the member and for a
    text they do not have, Refused where nothing would be left, BadInput for a name that cannot be.
    """
    person = get(session, member_id)
    own = session.rows(select(alias).where(alias.c.member_id == member_id).order_by(alias.c.id))
    taken = _chosen(own, texts)
    if len(taken) == len(own):
        raise Refused("{name} would be left without a name", hint="leave one of the names out", name=show(person.name))
    called = name or name_for(person.name, [(row.kind, row.text) for row in taken])
    session.step(N_("Split {name}"), name=person.name)
    new = add(session, clock, typed_name(called), phone=phone)
    _give_names(session, new.id, taken)
    _keep_a_name(session, person.name, member_id, taken)
    speakers, messages = _give_speakers(session, member_id, new.id, taken)
    orders = _give_orders(session, clock, member_id, new.id, taken, phone)
    _give_replies(session, member_id, new.id, taken)
    stays = _copy_stays(session, member_id, new.id)
    reindex(session, [member_id, new.id])
    texts_taken = tuple(row.text for row in taken)
    return Split(member_id, person.name, new.id, new.name, texts_taken, speakers, messages, orders, stays)


def _chosen(own: Sequence[Any], texts: Sequence[str]) -> list[Any]:
    if not texts:
        raise BadInput("say which names or IDs go", hint="use --alias TEXT, as often as needed")
    chosen: dict[int, Any] = {}
    for text in texts:
        found = [row for row in own if row.text == text] or [row for row in own if row.key == match_key(text)]
        if not found:
            known = " / ".join(dict.fromkeys(row.text for row in own))
            raise NotFound("they have no name {text}", hint=N_("they have: {known}"), text=show(text[:40]), known=known)
        chosen.update((row.id, row) for row in found)
    return list(chosen.values())


def _give_names(session: Session, new_id: int, taken: Sequence[Any]) -> None:
    """Move the names; the one the new member was made with stands already."""
    made = {(row.kind, row.key): row for row in session.rows(select(alias).where(alias.c.member_id == new_id))}
    for row in taken:
        twin = made.get((row.kind, row.key))
        if twin is not None:
            session.delete(alias, twin.id)
        session.update(alias, row.id, member_id=new_id)


def _keep_a_name(session: Session, name: str, member_id: int, taken: Sequence[Any]) -> None:
    """Who stays keeps the name they are called by, even where it goes along: both may have it."""
    for row in taken:
        if row.kind == "name" and row.key == match_key(name):
            values = {"kind": "name", "text": row.text, "key": row.key, "valid_from": row.valid_from}
            session.insert(alias, member_id=member_id, **values, valid_to=row.valid_to)


def _give_speakers(session: Session, member_id: int, new_id: int, taken: Sequence[Any]) -> tuple[int, int]:
    """Speakers known by what went, and what they said while it counted as the member's; (speakers, messages)."""
    keys = {("name" if row.kind in NAME_KINDS else row.kind, row.key) for row in taken}
    keys |= {("wxid", row.key) for row in taken if row.kind == "wechat_id"}
    known = session.rows(
        select(speaker).where(
            (speaker.c.member_id == member_id)
            | speaker.c.id.in_(select(speech.c.speaker_id).where(speech.c.member_id == member_id))
        )
    )
    theirs = [row for row in known if (row.kind, match_key(row.key)) in keys]
    session.update_many(speaker, ({"id": row.id, "member_id": new_id} for row in theirs if row.member_id == member_id))
    messages = 0
    for side, query in _BY_SPEAKER.items():
        said = [row for row in session.rows(query, {"ids": [row.id for row in theirs]}) if row.whose == member_id]
        session.update_many(side.table, ({"id": row.id, side.member.name: new_id} for row in said))
        messages += sum(row.messages for row in said) if side.table is speech else 0
    return len(theirs), messages


def _give_orders(session: Session, clock: Clock, member_id: int, new_id: int, taken: Sequence[Any], phone: str) -> int:
    """Orders of buyers called so, with their points and the memberships paid by them."""
    keys = [row.key for row in taken if row.kind in NAME_KINDS]
    theirs = select(shop_order.c.id).where(shop_order.c.member_id == member_id)
    wanted = theirs.where(shop_order.c.buyer_key.in_(keys), shop_order.c.shop != "hand")
    if phone:
        wanted = wanted.where(shop_order.c.phone == phone)
    ids = [row.id for row in session.rows(wanted.order_by(shop_order.c.id))]
    session.update_many(shop_order, ({"id": order_id, "member_id": new_id, "matched_by": "hand"} for order_id in ids))
    paid = session.rows(_PAID_BY, {"ids": ids})
    session.update_many(subscription, ({"id": row.id, "member_id": new_id} for row in paid))
    if ids:
        order_points.settle(session, clock, ids, fresh=set(ids), former=dict.fromkeys(ids, member_id))
    return len(ids)


def _give_replies(session: Session, member_id: int, new_id: int, taken: Sequence[Any]) -> None:
    """Replies to surveys that came under one of the names."""
    keys = {row.key for row in taken if row.kind in NAME_KINDS}
    replies = session.rows(select(survey_reply).where(survey_reply.c.member_id == member_id))
    theirs = [row.id for row in replies if match_key(row.name) in keys]
    session.update_many(survey_reply, ({"id": one, "member_id": new_id, "matched_by": "hand"} for one in theirs))


def _copy_stays(session: Session, member_id: int, new_id: int) -> int:
    """The new member is in every group the other is in, since nobody knows when."""
    here = select(membership.c.group_id).where(membership.c.member_id == member_id, membership.c.left_on.is_(None))
    groups = [row.group_id for row in session.rows(here.order_by(membership.c.group_id))]
    session.insert_many(
        membership, ({"member_id": new_id, "group_id": one, "joined_on": None, "left_on": None} for one in groups)
    )
    return len(groups)
