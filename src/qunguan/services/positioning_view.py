"""The profile of a group as it is shown: card, rules, violations, sizes and the timetable, read at once."""

from __future__ import annotations

from qunguan.domain.business import presets
from qunguan.domain.clock import Clock
from qunguan.domain.positioning import advice, platforms, too_many
from qunguan.domain.positioning_view import Profile
from qunguan.services import content_columns, groups, positioning, rules
from qunguan.store.session import Session


def profile(session: Session, clock: Clock, group_id: int) -> Profile:
    """The profile of a group as it is today. Raises NotFound."""
    group = groups.get(session, group_id)
    card = positioning.card(session, group_id)
    used = (each.platform for each in groups.all_groups(session))
    spread = too_many(used, rules.limit(session, "group.platforms"))
    today = clock.today(group.day_rule)
    places = (each for each in content_columns.columns(session, group_id, today) if each.from_day <= today)
    business = presets().get(card.business)
    return Profile(
        group, card, business.name if business else "", platforms()[group.platform],
        positioning.size(session, group_id), (*advice(card), *((spread,) if spread else ())),
        positioning.rules_of(session, group_id), positioning.ladder(session),
        positioning.violations(session, group_id), tuple(places),
    )  # fmt: skip
