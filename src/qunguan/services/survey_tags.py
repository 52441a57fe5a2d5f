"""Answers as tags: an option has one, and who chose it gets it, once the owner has seen who that is."""

from __future__ import annotations

from sqlalchemy import select

from qunguan.domain.clock import Clock
from qunguan.domain.surveys import Tagging, tag_parts
from qunguan.i18n import N_
from qunguan.services import members_find
from qunguan.services.members_index import reindex
from qunguan.services.members_tags import link_tags
from qunguan.store import survey_queries as queries
from qunguan.store.member_queries import IDS, in_chunks
from qunguan.store.members import member_tag, tag
from qunguan.store.session import Session

_CARRIED = (
    select(member_tag.c.member_id, tag.c.category, tag.c.name)
    .join(tag, tag.c.id == member_tag.c.tag_id)
    .where(member_tag.c.member_id.in_(IDS))
)


def tagging(session: Session, clock: Clock, survey_id: int) -> tuple[Tagging, ...]:
    """Which tags the answers to a survey give, in the order of the options: who gets each, and who has it already. Of
    a member who replied again the newest reply counts; replies that are nobody's give none. Raises NotFound.
    """
    from qunguan.services import surveys

    surveys.get(session, survey_id)
    newest = {row.member_id: row.id for row in queries.replies(session, survey_id) if row.member_id is not None}
    whose = {reply_id: member_id for member_id, reply_id in newest.items()}
    asked = {each.id: each for each in surveys.questions(session, survey_id)}
    wanted: dict[str, dict[int, None]] = {
        option.tag: {} for each in asked.values() for option in each.options if option.tag
    }
    for row in queries.answers_of(session, sorted(whose)):
        option = asked[row.question_id].option(row.text)
        if option is not None and option.tag:
            wanted[option.tag][whose[row.reply_id]] = None
    have = {(row.member_id, row.category, row.name) for row in in_chunks(session, _CARRIED, sorted(newest))}
    names = members_find.names(session, sorted(newest))
    found = []
    for each, ids in wanted.items():
        parts = tag_parts(each)
        known = {who for who in ids if (who, *parts) in have}
        found.append(Tagging(each, tuple((who, names[who]) for who in ids if who not in known),
                             tuple((who, names[who]) for who in ids if who in known)))  # fmt: skip
    return tuple(found)


def apply(session: Session, clock: Clock, survey_id: int) -> tuple[Tagging, ...]:
    """Give the tags, as one step; returns who got which. Tags given before stay, whatever is answered later. Raises
    NotFound.
    """
    from qunguan.services import surveys

    found = tagging(session, clock, survey_id)
    session.step(N_("Tags by the survey {name}"), name=surveys.get(session, survey_id).name)
    wanted = [(who, *tag_parts(each.tag)) for each in found for who, _name in each.new]
    reindex(session, link_tags(session, wanted))
    return found
