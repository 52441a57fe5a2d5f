"""Badges by hand: given with a reason, taken with a reason. A rule's badge that is taken is withheld from then on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from qunguan.domain.badges import Badge, BadgeChange, ruling_on
from qunguan.domain.clock import Clock
from qunguan.domain.errors import BadInput, NotFound
from qunguan.domain.points import checked_days
from qunguan.domain.text import NOTE_LIMIT, clean
from qunguan.i18n import N_
from qunguan.services.badge_facts import grounds
from qunguan.services.badge_holders import holders
from qunguan.services.badge_rules import get_badge
from qunguan.services.groups import day_rule
from qunguan.services.members import names
from qunguan.store import badge_queries as queries
from qunguan.store.badges import badge_award
from qunguan.store.session import Session

_Days = tuple[date, date | None]


def award(
    session: Session,
    clock: Clock,
    badge_id: int,
    member_ids: Sequence[int],
    *,
    reason: str = "",
    day: date | None = None,
    until: date | None = None,
) -> tuple[BadgeChange, ...]:
    """Give a badge by hand from `day` on (None: today), through `until` (None: for good).

    Who has it already keeps it as it is; where it was withheld and the rule stands, the withholding ends. Raises
    NotFound, and BadInput for a day that has not come or an end before it.
    """
    badge, when, known = _asked(session, clock, badge_id, member_ids, day)
    if until is not None and until < when:
        raise BadInput("{last} is before {first}", hint="give the first day, then the last", first=when, last=until)
    held = _holding(session, badge, when, list(known))
    new = [each for each in known if each not in held]
    if new:
        if len(new) == 1:
            session.step(N_("Gave {badge} to {name}"), badge=badge.name, name=known[new[0]])
        session.step(N_("Gave {badge} to {n} members"), badge=badge.name, n=len(new))
    by_rule = grounds(session, [badge], when, new).get(badge_id, {})
    said = queries.rulings(session, new)
    for member_id in new:
        ground = by_rule.get(member_id)
        rulings = said.get((badge_id, member_id), [])
        if ground and ground.since and until is None:
            while (word := ruling_on(rulings, when)) and not word.given:
                _end(session, word.id, word.from_day, when)
                rulings.remove(word)
        else:
            _write(session, clock, badge_id, member_id, "given", (when, until), reason)
    return tuple(BadgeChange(badge, each, known[each], held=True, changed=each in new) for each in known)


def revoke(
    session: Session,
    clock: Clock,
    badge_id: int,
    member_ids: Sequence[int],
    *,
    reason: str = "",
    day: date | None = None,
) -> tuple[BadgeChange, ...]:
    """Take a badge away from `day` on (None: today); it stays away, whatever its rule says, until it is given again.

    Who does not have it is left alone. Raises NotFound, and BadInput for a day that has not come.
    """
    badge, when, known = _asked(session, clock, badge_id, member_ids, day)
    held = _holding(session, badge, when, list(known))
    if held:
        if len(held) == 1:
            session.step(N_("Took {badge} from {name}"), badge=badge.name, name=known[min(held)])
        session.step(N_("Took {badge} from {n} members"), badge=badge.name, n=len(held))
    for member_id in known:
        if member_id in held:
            _write(session, clock, badge_id, member_id, "withheld", (when, None), reason)
    return tuple(BadgeChange(badge, each, known[each], held=False, changed=each in held) for each in known)


def _asked(
    session: Session, clock: Clock, badge_id: int, member_ids: Sequence[int], day: date | None
) -> tuple[Badge, date, dict[int, str]]:
    badge = get_badge(session, badge_id)
    today = clock.today(day_rule(session))
    checked_days(day or today, None, today)
    found = names(session, list(member_ids))
    for member_id in member_ids:
        if member_id not in found:
            raise NotFound("there is no member {text}", hint="see the list of members", text=f"#{member_id}")
    return badge, day or today, {member_id: found[member_id] for member_id in dict.fromkeys(member_ids)}


def _holding(session: Session, badge: Badge, when: date, ids: list[int]) -> set[int]:
    if not badge.enabled:
        raise BadInput("the badge {badge} is switched off", hint="switch it on first", badge=badge.name)
    return {each.member_id for each in holders(session, when, ids=ids, badge_id=badge.id)}


def _write(
    session: Session,
    clock: Clock,
    badge_id: int,
    member_id: int,
    kind: str,
    days: tuple[date, date | None],
    reason: str,
) -> None:
    session.insert(
        badge_award, badge_id=badge_id, member_id=member_id, kind=kind, from_day=days[0], to_day=days[1],
        occurred_at=clock.now(), reason=clean(reason, NOTE_LIMIT),
    )  # fmt: skip


def _end(session: Session, ruling_id: int, from_day: date, when: date) -> None:
    """Let a ruling end the day before; one that began no earlier never was."""
    if from_day >= when:
        session.delete(badge_award, ruling_id)
    else:
        session.update(badge_award, ruling_id, to_day=when - timedelta(days=1))
