"""The badges an owner has: add them, change them, switch them off. Who holds one is worked out, so a new rule holds for
the past at once."""

from __future__ import annotations

from typing import Any

from qunguan.domain.badges import METRICS, Badge, BadgePreset, checked_terms, presets
from qunguan.domain.clock import Clock
from qunguan.domain.errors import BadInput, NotFound
from qunguan.domain.names import meant, typed_name
from qunguan.domain.text import NOTE_LIMIT, clean, match_key, show
from qunguan.i18n import N_
from qunguan.services import challenges
from qunguan.store import badge_queries as queries
from qunguan.store.badges import badge, badge_award
from qunguan.store.session import Session


def badges(session: Session) -> tuple[Badge, ...]:
    """Every badge, then every title, the oldest first."""
    return session.settled(badge, None, lambda: tuple(_badge(row) for row in queries.badge_rows(session)))


def presets_left(session: Session) -> tuple[BadgePreset, ...]:
    """The shipped badges the owner has not added."""
    taken = {each.preset for each in badges(session)}
    return tuple(found for preset_id, found in presets().items() if preset_id not in taken)


def get_badge(session: Session, badge_id: int) -> Badge:
    """One badge by id. Raises NotFound."""
    for each in badges(session):
        if each.id == badge_id:
            return each
    raise NotFound("there is no badge {text}", hint="see the list: qunguan badge list", text=f"#{badge_id}")


def find_badge(session: Session, text: str) -> Badge:
    """The badge that is meant, by id ("3", "#3") or name. Raises NotFound."""
    found = meant(badges(session), text)
    if not found:
        raise NotFound("there is no badge {text}", hint="see the list: qunguan badge list", text=show(text[:40]))
    return found[0]


def add_badge(
    session: Session,
    clock: Clock,
    name: str,
    metric: str,
    at_least: int | None = None,
    *,
    title: bool = False,
    challenge_id: int | None = None,
    note: str = "",
) -> Badge:
    """Add a badge or a title. `metric` is one of METRICS, `at_least` its bar (fen for spend; None for "hand").

    Raises BadInput for the first value that does not fit, NotFound for an unknown challenge.
    """
    checked_terms(metric, at_least, challenge_id)
    return _insert(session, clock, Badge(0, name, metric, at_least, title, challenge_id, note))  # type: ignore[arg-type]


def add_preset(session: Session, clock: Clock, preset_id: str) -> Badge:
    """Add a shipped badge by id or name. Raises NotFound for an unknown one, BadInput for one that is there."""
    key = match_key(preset_id)
    found = next((each for each in presets().values() if key in (each.id, match_key(each.name))), None)
    if found is None:
        known = "、".join(each.name for each in presets_left(session))
        raise NotFound(
            "there is no shipped badge {text}",
            hint="say what it asks for (--metric), or use one of: {known}",
            text=show(preset_id[:40]),
            known=known,
        )
    return _insert(session, clock, _of_preset(found))


def add_presets(session: Session, clock: Clock) -> tuple[Badge, ...]:
    """Add every shipped badge that is not there, as one step; one whose name is taken is passed over."""
    taken = {match_key(each.name) for each in badges(session)}
    wanted = [each for each in presets_left(session) if match_key(each.name) not in taken]
    if wanted:
        session.step(N_("Added {n} badges"), n=len(wanted))
    return tuple(_insert(session, clock, _of_preset(each)) for each in wanted)


def edit_badge(session: Session, clock: Clock, changed: Badge) -> Badge:
    """Write a badge as given: take it as stored, `dataclasses.replace` what changes, hand it back here.

    Who holds it follows at once, for the past too. Raises BadInput and NotFound.
    """
    before = get_badge(session, changed.id)
    checked_terms(changed.metric, changed.at_least, changed.challenge_id)
    values = _values(session, changed)
    session.step(N_("Changed the badge {badge}"), badge=before.name)
    session.update(badge, changed.id, **values)
    return get_badge(session, changed.id)


def switch_badge(session: Session, clock: Clock, badge_id: int, *, enabled: bool) -> Badge:
    """Switch a badge on, or off: nobody has it then. Raises NotFound."""
    before = get_badge(session, badge_id)
    label = N_("Switched on the badge {badge}") if enabled else N_("Switched off the badge {badge}")
    session.step(label, badge=before.name)
    session.update(badge, badge_id, enabled=enabled)
    return get_badge(session, badge_id)


def remove_badge(session: Session, clock: Clock, badge_id: int) -> Badge:
    """Remove a badge with everything said about it by hand. Raises NotFound."""
    before = get_badge(session, badge_id)
    session.step(N_("Removed the badge {badge}"), badge=before.name)
    for (of_badge, _member_id), said in queries.rulings(session).items():
        if of_badge == badge_id:
            for each in said:
                session.delete(badge_award, each.id)
    session.delete(badge, badge_id)
    return before


def _of_preset(found: BadgePreset) -> Badge:
    return Badge(
        0, found.name, found.metric, found.at_least, found.title, None, found.note, found.source, preset=found.id
    )


def _insert(session: Session, clock: Clock, made: Badge) -> Badge:
    values = _values(session, made)
    session.step(N_("Added the badge {badge}"), badge=values["name"])
    return get_badge(session, session.insert(badge, **values, preset=made.preset, created_at=clock.now()))


def _values(session: Session, told: Badge) -> dict[str, Any]:
    """The columns of a badge an owner may set, checked."""
    name = typed_name(told.name)
    if any(each.id != told.id and match_key(each.name) == match_key(name) for each in badges(session)):
        raise BadInput("there is already a badge {badge}", hint="choose another name", badge=show(name))
    if told.challenge_id is not None:
        challenges.get(session, told.challenge_id)
    return {
        "name": name,
        "title": told.title,
        "metric": told.metric,
        "at_least": told.at_least,
        "challenge_id": told.challenge_id,
        "note": clean(told.note, NOTE_LIMIT),
        "source": clean(told.source),
        "enabled": told.enabled,
    }


def _badge(row: Any) -> Badge:
    assert row.metric in METRICS
    return Badge(
        row.id, row.name, row.metric, row.at_least, row.title, row.challenge_id, row.note, row.source, row.enabled,
        row.preset,
    )  # fmt: skip
