"""Who may help whom: the open needs with those present who can, derived when somebody looks (S2-23)."""

from __future__ import annotations

from datetime import date

from qunguan.domain.clock import Clock
from qunguan.domain.relations import MATCHES, Match, matched
from qunguan.services import relations, rules
from qunguan.store.session import Session


def matches(
    session: Session, clock: Clock, group_id: int | None = None, *, member_id: int | None = None,
    as_of: date | None = None,
) -> tuple[Match, ...]:  # fmt: skip
    """The needs open on a day (None: today) of who was present then, each with the best few who can help: as many as
    the rule relations.matches says, all while it is off. Needs that somebody can help with come first, by name; of one
    member, or of all. Nothing is stored; an introduction that helped settles the need.
    """
    known = relations.notes(session, clock, group_id, as_of=as_of)
    needs = [each for each in known if each.kind == "need" and member_id in (None, each.member_id)]
    skills = [each for each in known if each.kind == "skill"]
    made = relations.introductions(session, clock, as_of=as_of)
    most = rules.limit(session, MATCHES)
    found = matched(needs, skills, made, len(skills) if most is None else most)
    return tuple(sorted(found, key=lambda one: not one.candidates))
