"""Bonus days: what points are multiplied by on a day, and the owner's list of such days (C22, S0-21, S4-13)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from qunguan.domain.clock import Clock
from qunguan.domain.earning import (
    MULTIPLIED,
    BonusDay,
    BonusPreset,
    DueBonus,
    Multiplier,
    checked_applies,
    checked_multiplier,
    presets,
    stacked,
    times_text,
)
from qunguan.domain.errors import BadInput, NotFound
from qunguan.domain.names import meant, typed_name
from qunguan.domain.recurrence import Recurrence
from qunguan.domain.rosters import Reason
from qunguan.domain.rules import preset as rule_preset
from qunguan.domain.sources import Brief
from qunguan.domain.text import NOTE_LIMIT, clean, match_key, show
from qunguan.i18n import N_
from qunguan.services import rules
from qunguan.services.groups import day_rule
from qunguan.store.earning import bonus_day
from qunguan.store.earning_queries import bonus_rows
from qunguan.store.session import Session

_STACKING = "points.stacking"


def multipliers(session: Session, rule_id: str, days: Iterable[date]) -> dict[date, int]:
    """What points of a rule are multiplied by on each of these days, in percent: 100 where no bonus day falls on it.

    Several on one day are stacked by the rule points.stacking. The bonus days are read once, however many days.
    """
    bonus = _in_force(session, rule_id)
    if not bonus:
        return dict.fromkeys(days, 100)
    how = rules.value(session, _STACKING)
    return {day: stacked((each for each in bonus if each.falls_on(day)), how) for day in set(days)}


def multiplier(session: Session, rule_id: str, day: date) -> int:
    """What points of a rule are multiplied by on one day, in percent."""
    return multipliers(session, rule_id, (day,))[day]


def why_multiplier(session: Session, rule_id: str, day: date) -> Multiplier:
    """The bonus days that fall on a day for a rule, and how they are stacked."""
    parts = tuple(each for each in _in_force(session, rule_id) if each.falls_on(day))
    how = rules.value(session, _STACKING)
    return Multiplier(day, rule_id, stacked(parts, how), how, parts)


def why_lines(found: Multiplier) -> tuple[Reason, ...]:
    """A multiplier in words: each day with its recurrence and source, then how several are stacked."""
    lines = [
        Reason.of(N_("{name} {times} ({source})"), name=show(each.name), times=times_text(each.multiplier_pct),
                  source=Brief(each.source or "—"))
        for each in found.parts
    ]  # fmt: skip
    if not lines:
        lines.append(Reason.of(N_("no bonus day falls on {day}"), day=found.day))
    if len(found.parts) > 1:
        label = N_("the largest of them holds: {times} ({source})")
        if found.stacking == "product":
            label = N_("they multiply each other: {times} ({source})")
        source = rule_preset(_STACKING).source
        lines.append(Reason.of(label, times=times_text(found.percent), source=Brief(source)))
    return tuple(lines)


def bonus_days(session: Session) -> tuple[BonusDay, ...]:
    """Every bonus day the owner has, the oldest first."""
    return session.settled(bonus_day, None, lambda: tuple(_bonus(row) for row in bonus_rows(session)))


def presets_left(session: Session) -> tuple[BonusPreset, ...]:
    """The shipped bonus days the owner has not added."""
    taken = {each.preset for each in bonus_days(session)}
    return tuple(found for preset_id, found in presets().items() if preset_id not in taken)


def coming(session: Session, clock: Clock, days: int = 31) -> tuple[DueBonus, ...]:
    """The bonus days that fall on today or one of the `days` days after it, the nearest first; each once."""
    today = clock.today(day_rule(session))
    last = today + timedelta(days=days)
    due = [DueBonus(day, each) for each in bonus_days(session) if (day := each.next(today)) and day <= last]
    return tuple(sorted(due, key=lambda found: (found.day, found.bonus.id)))


def find_bonus_day(session: Session, text: str) -> BonusDay:
    """The bonus day that is meant, by id ("3", "#3") or name. Raises NotFound."""
    found = meant(bonus_days(session), text)
    if not found:
        raise NotFound("there is no bonus day {text}", hint="see the list: qunguan bonus list", text=show(text[:40]))
    return found[0]


def add_bonus_day(
    session: Session,
    clock: Clock,
    name: str,
    recurs: str,
    *,
    multiplier_pct: int = 200,
    applies: Iterable[str] = (),
    perk: str = "",
    from_day: date | None = None,
    to_day: date | None = None,
) -> BonusDay:
    """Add a bonus day. `recurs` is written or in words, `multiplier_pct` 200 doubles, `applies` () is every rule.

    Points that are booked already stay as they were booked. Raises BadInput for the first value that does not fit.
    """
    when = Recurrence.parse(recurs)
    made = BonusDay(0, name, when, multiplier_pct, tuple(applies), perk, from_day, to_day)
    return _insert(session, clock, made)


def add_preset(session: Session, clock: Clock, preset_id: str) -> BonusDay:
    """Add a shipped bonus day by id or name, and switch it on. Raises NotFound for an unknown one, BadInput for one
    that is there.
    """
    key = match_key(preset_id)
    found = next((each for each in presets().values() if key in (each.id, match_key(each.name))), None)
    if found is None:
        known = "、".join(each.name for each in presets_left(session))
        raise NotFound("there is no shipped day {text}", hint="say when it is (--every), or use one of: {known}",
                       text=show(preset_id[:40]), known=known)  # fmt: skip
    when = Recurrence.parse(found.recurs)
    made = BonusDay(0, found.name, when, found.multiplier_pct, perk=found.perk, source=found.source, preset=found.id)
    return _insert(session, clock, made)


def edit_bonus_day(session: Session, clock: Clock, changed: BonusDay) -> BonusDay:
    """Write a bonus day as given: take it as stored, `dataclasses.replace` what changes, hand it back here.

    What is booked stays as it is. Raises BadInput and NotFound.
    """
    before = _get(session, changed.id)
    values = _values(session, changed)
    session.step(N_("Changed the bonus day {name}"), name=before.name)
    session.update(bonus_day, changed.id, **values)
    return _get(session, changed.id)


def switch_bonus_day(session: Session, clock: Clock, bonus_id: int, *, enabled: bool) -> BonusDay:
    """Switch a bonus day on or off. Raises NotFound."""
    before = _get(session, bonus_id)
    label = N_("Switched on the bonus day {name}") if enabled else N_("Switched off the bonus day {name}")
    session.step(label, name=before.name)
    session.update(bonus_day, bonus_id, enabled=enabled)
    return _get(session, bonus_id)


def remove_bonus_day(session: Session, clock: Clock, bonus_id: int) -> BonusDay:
    """Remove a bonus day; what it gave stays. Raises NotFound."""
    before = _get(session, bonus_id)
    session.step(N_("Removed the bonus day {name}"), name=before.name)
    session.delete(bonus_day, bonus_id)
    return before


def _in_force(session: Session, rule_id: str) -> tuple[BonusDay, ...]:
    return tuple(each for each in bonus_days(session) if each.enabled and each.counts_for(rule_id))


def _insert(session: Session, clock: Clock, made: BonusDay) -> BonusDay:
    values = _values(session, made)
    session.step(N_("Added the bonus day {name}"), name=values["name"])
    return _get(session, session.insert(bonus_day, **values, preset=made.preset, created_at=clock.now()))


def _values(session: Session, told: BonusDay) -> dict[str, Any]:
    """The columns of a bonus day an owner may set, checked."""
    name = typed_name(told.name)
    if any(each.id != told.id and match_key(each.name) == match_key(name) for each in bonus_days(session)):
        raise BadInput("there is already a bonus day {name}", hint="choose another name", name=show(name))
    if told.from_day and told.to_day and told.to_day < told.from_day:
        raise BadInput("{last} is before {first}", hint="give the first day, then the last", first=told.from_day,
                       last=told.to_day)  # fmt: skip
    return {
        "name": name,
        "recurs": str(told.recurs),
        "multiplier_pct": checked_multiplier(told.multiplier_pct),
        "applies": ",".join(checked_applies(told.applies)),
        "perk": clean(told.perk, NOTE_LIMIT),
        "from_day": told.from_day,
        "to_day": told.to_day,
        "source": clean(told.source),
        "enabled": told.enabled,
    }


def _get(session: Session, bonus_id: int) -> BonusDay:
    for each in bonus_days(session):
        if each.id == bonus_id:
            return each
    raise NotFound("there is no bonus day {text}", hint="see the list: qunguan bonus list", text=f"#{bonus_id}")


def _bonus(row: Any) -> BonusDay:
    applies = tuple(rule_id for rule_id in row.applies.split(",") if rule_id in MULTIPLIED)
    return BonusDay(
        row.id, row.name, Recurrence.parse(row.recurs), row.multiplier_pct, applies, row.perk, row.from_day, row.to_day,
        row.source, row.enabled, row.preset,
    )  # fmt: skip
