"""Whose replies these are: told by account, phone and the exact name of the day, or by the owner; never guessed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Literal

from qunguan.domain.clock import Clock
from qunguan.domain.errors import NotFound
from qunguan.domain.members import masked_phone
from qunguan.domain.surveys import WAITING, MatchedBy, SheetReply
from qunguan.domain.text import match_key
from qunguan.i18n import N_
from qunguan.services import members_edit, members_find
from qunguan.services.order_match import Buyer, Matching
from qunguan.store import survey_queries as queries
from qunguan.store.session import Session
from qunguan.store.surveys import survey_reply
from qunguan.values import frozen


@frozen
class Whose:
    """A reply whose person is to be told: `name` as the sheet has it, and the members it may be as (id, name),
    likeliest first.
    """

    reply_id: int
    number: str
    name: str
    day: date
    candidates: tuple[tuple[int, str], ...]


@frozen
class Told:
    """What came of the owner's word: `replies` by this name got their person; `member` is None for nobody."""

    name: str
    member_id: int | None
    member: str
    replies: int


class People:
    """Everybody the replies of a sheet may be of, read in a few statements."""

    def __init__(self, session: Session, replies: Iterable[SheetReply]) -> None:
        asked = list(replies)
        self._matching = Matching(session, map(_signs, asked))
        self._told = {match_key(row.name): row.member_id for row in queries.told_by_hand(session)}

    def find(self, reply: SheetReply, day: date) -> tuple[MatchedBy, int | None]:
        """How the person of a reply is told, and who it is."""
        if not (reply.name or reply.phone or reply.account):
            return "anonymous", None
        found = self._matching.find(_signs(reply), day)
        if found.member_id is None and (who := self._told.get(match_key(reply.name))) is not None:
            return "hand", who
        return found.by, found.member_id


def called(reply: SheetReply) -> str:
    """What a reply is known by: the name, else the account, else the phone with its middle hidden."""
    return reply.name or reply.account or (masked_phone(reply.phone) if reply.phone else "")


def _signs(reply: SheetReply) -> Buyer:
    return Buyer("survey", reply.name or reply.account, reply.phone, reply.account)


def waiting(session: Session, clock: Clock, survey_id: int | None = None) -> tuple[Whose, ...]:
    """The replies (of a survey, or of all) whose person could not be told, each with whom it may be by what is known
    now, the oldest first.
    """
    rows = queries.still_waiting(session, WAITING, survey_id)
    matching = Matching(session, [Buyer("survey", row.name) for row in rows])
    told = [(row, matching.find(Buyer("survey", row.name), row.biz_date)) for row in rows]
    maybe = [(row, tuple(who for who in (one.member_id, *one.candidates) if who is not None)) for row, one in told]
    names = members_find.names(session, sorted({who for _row, ids in maybe for who in ids}))
    return tuple(
        Whose(row.id, row.number, row.name, row.biz_date, tuple((who, names[who]) for who in ids)) for row, ids in maybe
    )


def match(session: Session, clock: Clock, reply_id: int, who: int | Literal["nobody"]) -> Told:
    """Say whose a reply is; every other that waits under the same name is theirs, too, and so is the next one of that
    name. "nobody": it is no member's, and is not asked about again. Raises NotFound.
    """
    row = next(iter(queries.reply_rows(session, [reply_id])), None)
    if row is None:
        raise NotFound("there is no reply #{id}", hint="see who is waited for: qunguan survey match NAME", id=reply_id)
    member_id = None if who == "nobody" else members_edit.get(session, who).id
    by: MatchedBy = "nobody" if member_id is None else "hand"
    key = match_key(row.name)
    same = [each.id for each in queries.still_waiting(session, WAITING) if key and match_key(each.name) == key]
    ids = list(dict.fromkeys((reply_id, *same)))
    session.step(N_("Said whose {n} replies to a survey are"), n=len(ids))
    session.update_many(survey_reply, [{"id": each, "member_id": member_id, "matched_by": by} for each in ids])
    name = members_edit.get(session, member_id).name if member_id is not None else ""
    return Told(row.name, member_id, name, len(ids))
