"""Who holds which badge on a day, since when and why, and what is missing to the next: all of it worked out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from qunguan.domain.badges import (
    HAND,
    METRICS,
    Badge,
    BadgeCount,
    BadgeOutlook,
    By,
    Ground,
    Holding,
    Progress,
    Ruling,
    ruling_on,
)
from qunguan.domain.rosters import Reason
from qunguan.domain.text import show
from qunguan.i18n import N_
from qunguan.services import challenges
from qunguan.services.badge_facts import grounds
from qunguan.services.badge_rules import badges, get_badge
from qunguan.services.members_find import names
from qunguan.store import badge_queries as queries
from qunguan.store.session import Session

_NOTHING = Ground(0, None)
Said = Mapping[tuple[int, int], Sequence[Ruling]]
_Told = tuple[date, By, int, str, date | None]  # since, by, value, reason, until


def holders(
    session: Session, as_of: date, *, ids: Sequence[int] | None = None, badge_id: int | None = None
) -> tuple[Holding, ...]:
    """Who holds what at the end of `as_of`: of these members (None: of all), of one badge or of every one.

    Badges in their order, in each the earliest first. Set-based, and the same for today and for any past day.
    """
    wanted = [each for each in badges(session) if each.enabled and badge_id in (None, each.id)]
    return _holdings(session, wanted, as_of, ids)


def outlook(session: Session, changed: Badge, as_of: date) -> BadgeOutlook:
    """Who would have a badge at the end of a day were it as `changed` says (id 0: were it added), and whom that would
    give it to or take it from. Nothing is written.
    """
    after = _holdings(session, [changed] if changed.enabled else [], as_of, None)
    before = holders(session, as_of, badge_id=changed.id) if changed.id else ()
    had, has = {each.member_id for each in before}, {each.member_id for each in after}
    gains = tuple(each for each in after if each.member_id not in had)
    return BadgeOutlook(after, gains, tuple(each for each in before if each.member_id not in has))


def held_by(session: Session, member_id: int, as_of: date) -> tuple[Holding, ...]:
    """What one member holds at the end of a day."""
    return holders(session, as_of, ids=[member_id])


def titles_of(session: Session, ids: Sequence[int], as_of: date) -> dict[int, tuple[str, ...]]:
    """Member → the titles that stand behind their name; who has none is left out."""
    found: dict[int, tuple[str, ...]] = {}
    for each in holders(session, as_of, ids=ids):
        if each.badge.title:
            found[each.member_id] = (*found.get(each.member_id, ()), each.badge.name)
    return found


def badge_counts(session: Session, as_of: date) -> tuple[BadgeCount, ...]:
    """Every badge with how many hold it at the end of a day; 0 for one that is off."""
    held = [each.badge.id for each in holders(session, as_of)]
    return tuple(BadgeCount(each, held.count(each.id)) for each in badges(session))


def new_badges(session: Session, since: date, as_of: date, *, ids: Sequence[int] | None = None) -> tuple[Holding, ...]:
    """What was earned or given from `since` on and is held at the end of `as_of`, the newest first."""
    found = [each for each in holders(session, as_of, ids=ids) if each.since >= since]
    return tuple(sorted(found, key=lambda each: (-each.since.toordinal(), each.badge.id, each.member_id)))


def progress(session: Session, member_id: int, as_of: date) -> tuple[Progress, ...]:
    """The badges with a rule a member does not hold, the nearest first: by the share of the bar that is reached."""
    held = {each.badge.id for each in held_by(session, member_id, as_of)}
    said = queries.rulings(session, [member_id])
    wanted = [
        each
        for each in badges(session)
        if each.enabled and each.metric != HAND and each.id not in held
        and ruling_on(said.get((each.id, member_id), ()), as_of) is None
    ]  # fmt: skip
    found = grounds(session, wanted, as_of, [member_id])
    steps = []
    for each in wanted:
        value = found[each.id].get(member_id, _NOTHING).value
        steps.append(Progress(each, value, max(1, (each.at_least or 1) - value)))
    return tuple(sorted(steps, key=lambda one: (one.missing / (one.badge.at_least or 1), one.missing, one.badge.id)))


def why_badge(session: Session, badge_id: int, member_id: int, as_of: date) -> tuple[Reason, ...]:
    """Why a member has a badge at the end of a day, or has not: the rule, the numbers, its source, the owner's word."""
    badge = get_badge(session, badge_id)
    lines = []
    if not badge.enabled:
        lines.append(Reason.of(N_("{badge} is switched off: nobody has it"), badge=show(badge.name)))
    if badge.metric != HAND:
        ground = grounds(session, [badge], as_of, [member_id])[badge_id].get(member_id, _NOTHING)
        lines.append(_rule_line(session, badge, ground))
        lines.append(
            Reason.of(N_("reached on {day}"), day=ground.since)
            if ground.since
            else Reason.of(N_("{n} missing"), n=badge.said(max(0, (badge.at_least or 1) - ground.value)))
        )
    said = ruling_on(queries.rulings(session, [member_id]).get((badge_id, member_id), ()), as_of)
    if said:
        label = N_("given by hand on {day}: {reason}") if said.given else N_("withheld by hand on {day}: {reason}")
        lines.append(Reason.of(label, day=said.from_day, reason=show(said.reason) or "—"))
    elif badge.metric == HAND:
        lines.append(Reason.of(N_("it is given by hand, and was not")))
    return tuple(lines)


def _rule_line(session: Session, badge: Badge, ground: Ground) -> Reason:
    values = {
        "metric": Reason.of(METRICS[badge.metric]),
        "value": badge.said(ground.value),
        "bar": badge.said(badge.at_least or 1),
        "source": badge.source or "—",
    }
    if badge.challenge_id is None:
        return Reason.of(N_("{metric}: {value}, it takes {bar} ({source})"), **values)
    name = challenges.get(session, badge.challenge_id).name
    label = N_("{metric} in {challenge}: {value}, it takes {bar} ({source})")
    return Reason.of(label, challenge=show(name), **values)


def _holdings(session: Session, wanted: Sequence[Badge], as_of: date, ids: Sequence[int] | None) -> tuple[Holding, ...]:
    found = _held(session, wanted, as_of, ids)
    known = names(session, sorted({each[1] for each in found}))
    place = {each.id: number for number, each in enumerate(wanted)}
    held = [
        Holding(badge, member_id, known.get(member_id, f"#{member_id}"), *told)
        for badge, member_id, told in found
    ]  # fmt: skip
    return tuple(sorted(held, key=lambda each: (place[each.badge.id], each.since, each.member_id)))


def _held(
    session: Session, wanted: Sequence[Badge], as_of: date, ids: Sequence[int] | None
) -> list[tuple[Badge, int, _Told]]:
    by_rule = grounds(session, wanted, as_of, ids)
    said = queries.rulings(session, ids)
    found = []
    for badge in wanted:
        own = by_rule.get(badge.id, {})
        for member_id in sorted(own.keys() | _named(said, badge.id)):
            ground = own.get(member_id, _NOTHING)
            word = ruling_on(said.get((badge.id, member_id), ()), as_of)
            if told := _told(ground, word):
                found.append((badge, member_id, told))
    return found


def _named(said: Said, badge_id: int) -> Iterable[int]:
    return {member_id for of_badge, member_id in said if of_badge == badge_id}


def _told(ground: Ground, word: Ruling | None) -> _Told | None:
    """What is told of somebody who has a badge, None for who has not: the owner's word decides, then the rule.

    What both say holds since the earlier day.
    """
    if word is None:
        return None if ground.since is None else (ground.since, "rule", ground.value, "", None)
    if not word.given:
        return None
    if ground.since is not None and ground.since <= word.from_day:
        return ground.since, "rule", ground.value, word.reason, None
    return word.from_day, "hand", ground.value, word.reason, None if ground.since else word.to_day
