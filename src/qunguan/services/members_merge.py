"""Merging two entries of one person: everything one has becomes the other's, in one step that undo takes back whole.

Who goes stays as an empty row in no group and under no name, because the ledger is for ever; what it held is handed
over lot by lot, with every end kept.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy import or_, select

from qunguan.domain.clock import Clock
from qunguan.domain.errors import Refused
from qunguan.domain.members import Member, birthday_text
from qunguan.domain.members_merge import FIELDS, Conflict, Merge
from qunguan.domain.points_merge import awards_of
from qunguan.domain.text import NOTE_LIMIT, clean, clean_lines, show
from qunguan.i18n import N_, _, labelled
from qunguan.services import groups
from qunguan.services.members_edit import columns, get
from qunguan.services.members_index import reindex
from qunguan.services.members_merge_rows import Plan, plan, recount
from qunguan.services.points_posting import Posting
from qunguan.store import points_queries
from qunguan.store.members import member, member_merge
from qunguan.store.session import Session

_FIELDS = ("phone", "birthday", "channel", "note")


def preview_merge(session: Session, clock: Clock, kept_id: int, gone_id: int) -> Merge:
    """What `merge` would do; writes nothing. Raises as it does."""
    kept, gone = _both(session, kept_id, gone_id)
    made = plan(session, kept_id, gone_id)
    today = clock.today(groups.day_rule(session))
    return _outcome(
        kept,
        gone,
        made,
        points_queries.balance(session, gone_id, today),
        points_queries.balance(session, kept_id, today),
    )


def merge(session: Session, clock: Clock, kept_id: int, gone_id: int, reason: str = "") -> Merge:
    """Make one of two members: all that `gone_id` has becomes `kept_id`'s, who keeps name, phone and birthday.

    What both know differently stays as it is with `kept_id`, and the other value is written into the note. Points go
    over with what they were given for, so nothing is given twice; the sum of both is what it was, on every day. Raises
    NotFound, and Refused for one and the same member and for one that was merged before.
    """
    kept, gone = _both(session, kept_id, gone_id)
    made = plan(session, kept_id, gone_id)
    today = clock.today(groups.day_rule(session))
    session.step(N_("Merged {gone} into {kept}"), gone=gone.name, kept=kept.name)
    made.write(session)
    session.update(member, kept_id, **columns(_filled(kept, gone)))
    session.update(member, gone_id, **columns(Member(gone_id, f"#{gone_id}")))
    recount(session, made, kept_id)
    points = _hand_points(session, clock, kept_id, gone_id)
    session.insert(member_merge, kept_id=kept_id, gone_id=gone_id, merged_on=today, reason=clean(reason, NOTE_LIMIT))
    reindex(session, [kept_id, gone_id])
    return _outcome(kept, gone, made, points, points_queries.balance(session, kept_id, today))


def _both(session: Session, kept_id: int, gone_id: int) -> tuple[Member, Member]:
    kept, gone = get(session, kept_id), get(session, gone_id)
    if kept_id == gone_id:
        raise Refused("{name} cannot be merged with themselves", name=show(kept.name))
    before = select(member_merge).where(or_(member_merge.c.gone_id == kept_id, member_merge.c.gone_id == gone_id))
    if (row := session.first(before)) is not None:
        raise Refused("#{gone} was merged into #{kept} already", gone=row.gone_id, kept=row.kept_id)
    return kept, gone


def _hand_points(session: Session, clock: Clock, kept_id: int, gone_id: int) -> int:
    posting = Posting(session, clock)
    posting.open((kept_id, gone_id))
    moved = posting.hand_over(gone_id, kept_id, awards_of(points_queries.given(session, gone_id)))
    if posting.sheet.entries:
        posting.write()
    return moved


def _filled(kept: Member, gone: Member) -> Member:
    """The one who stays, with what only the other knew; what both know differently is noted."""
    extra = {**gone.extra, **kept.extra}
    filled = replace(
        kept,
        phone=kept.phone or gone.phone,
        birthday=kept.birthday or gone.birthday,
        channel=kept.channel or gone.channel,
        extra=extra,
    )
    lines = [
        labelled(_(FIELDS.get(one.field, one.field)), one.gone)
        for one in _conflicts(kept, gone)
        if one.field not in ("note", "name")
    ]
    if not lines and (not gone.note or gone.note == kept.note):
        return filled
    told = [_("Merged with {name}", name=gone.name), *lines]
    texts = [kept.note, *([gone.note] if gone.note != kept.note else []), " · ".join(told) if lines else ""]
    return replace(filled, note=clean_lines("\n".join(text for text in texts if text)))


def _conflicts(kept: Member, gone: Member) -> tuple[Conflict, ...]:
    pairs = [("name", kept.name, gone.name), *((name, _text(kept, name), _text(gone, name)) for name in _FIELDS)]
    pairs += [(head, kept.extra.get(head, ""), text) for head, text in gone.extra.items()]
    return tuple(Conflict(name, mine, other) for name, mine, other in pairs if mine and other and mine != other)


def _text(person: Member, name: str) -> str:
    value: Any = getattr(person, name)
    return birthday_text(value) if name == "birthday" else value


def _outcome(kept: Member, gone: Member, made: Plan, points: int, balance: int) -> Merge:
    moved = {name: n for name, n in made.counts.items() if n and not name.startswith("both ")}
    both = {name.removeprefix("both "): n for name, n in made.counts.items() if n and name.startswith("both ")}
    return Merge(kept.id, kept.name, gone.id, gone.name, moved, both, _conflicts(kept, gone), points, balance)
