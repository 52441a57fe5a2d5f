"""The rules of a group and who broke them (S3-07, S3-08). The step of the ladder follows from what was noted before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from qunguan.domain.clock import Clock
from qunguan.domain.errors import BadInput, NotFound, Refused
from qunguan.domain.positioning_house import (
    STEPS,
    HouseRule,
    Ladder,
    NextStep,
    Noted,
    Step,
    Violation,
    announcement,
    checked_rule,
    spoken,
)
from qunguan.domain.positioning_house import next_step as following
from qunguan.domain.text import NOTE_LIMIT, clean, match_key, show
from qunguan.i18n import N_, _
from qunguan.services import groups, members, rules
from qunguan.store import positioning_queries as queries
from qunguan.store.positioning import house_rule, violation
from qunguan.store.session import Session

# -- the rules


def rules_of(session: Session, group_id: int) -> tuple[HouseRule, ...]:
    """The rules of a group in the order they are announced, numbered from 1."""
    rows = queries.house_rules(session, group_id)
    return tuple(HouseRule(row.id, row.group_id, place, row.text) for place, row in enumerate(rows, start=1))


def find_rule(session: Session, group_id: int, text: str) -> HouseRule:
    """The rule that is meant, by its number in the announcement or its words. Raises NotFound."""
    wanted = text.strip().removeprefix("#")
    for rule in rules_of(session, group_id):
        if wanted == str(rule.place) or match_key(wanted) == match_key(rule.text):
            return rule
    raise NotFound("there is no rule {rule} in this group", hint="see the list: qunguan group rules list",
                   rule=show(wanted[:40]))  # fmt: skip


def add_rule(session: Session, clock: Clock, group_id: int, text: str) -> HouseRule:
    """Add a rule behind the others. Raises BadInput for one without words or one that is there, NotFound."""
    group, wanted = groups.get(session, group_id), checked_rule(text)
    _refuse_twin(session, group_id, wanted)
    session.step(N_("Added a rule to {name}"), name=group.name)
    known = rules_of(session, group_id)
    rule_id = session.insert(
        house_rule, group_id=group_id, place=len(known) + 1, text=wanted, created_at=clock.now()
    )  # fmt: skip
    return _get(session, group_id, rule_id)


def edit_rule(session: Session, clock: Clock, group_id: int, rule_id: int, text: str) -> HouseRule:
    """Write a rule in other words. Raises as `add_rule`."""
    found, wanted = _get(session, group_id, rule_id), checked_rule(text)
    if wanted == found.text:
        return found
    _refuse_twin(session, group_id, wanted, rule_id)
    session.step(N_("Changed a rule of {name}"), name=groups.get(session, group_id).name)
    session.update(house_rule, rule_id, text=wanted)
    return _get(session, group_id, rule_id)


def move_rule(session: Session, clock: Clock, group_id: int, rule_id: int, place: int) -> tuple[HouseRule, ...]:
    """Put a rule at another place, from 1; beyond the ends it is the first or the last. Raises NotFound."""
    found = _get(session, group_id, rule_id)
    known = [rule for rule in rules_of(session, group_id) if rule.id != rule_id]
    known.insert(min(max(place, 1), len(known) + 1) - 1, found)
    if [rule.id for rule in known] != [rule.id for rule in rules_of(session, group_id)]:
        session.step(N_("Moved a rule of {name}"), name=groups.get(session, group_id).name)
        _number(session, known)
    return rules_of(session, group_id)


def remove_rule(session: Session, clock: Clock, group_id: int, rule_id: int) -> tuple[HouseRule, ...]:
    """Take a rule out; what was noted under it keeps it. Raises NotFound."""
    _get(session, group_id, rule_id)
    group = groups.get(session, group_id)
    session.step(N_("Removed a rule of {name}"), name=group.name)
    session.update(house_rule, rule_id, removed_on=clock.today(group.day_rule))
    _number(session, rules_of(session, group_id))
    return rules_of(session, group_id)


def rules_text(session: Session, group_id: int) -> str:
    """The rules as they are put into the group, in the language in force. Raises Refused while there are none."""
    group, known = groups.get(session, group_id), rules_of(session, group_id)
    if not known:
        raise Refused("{name} has no rules yet", hint="add one first", name=show(group.name))
    return announcement(group.name, known, ladder(session))


def _number(session: Session, known: Sequence[HouseRule]) -> None:
    session.update_many(house_rule, [{"id": rule.id, "place": place} for place, rule in enumerate(known, start=1)])


def _get(session: Session, group_id: int, rule_id: int) -> HouseRule:
    for rule in rules_of(session, group_id):
        if rule.id == rule_id:
            return rule
    raise NotFound("there is no rule {rule} in this group", hint="see the list: qunguan group rules list",
                   rule=f"#{rule_id}")  # fmt: skip


def _refuse_twin(session: Session, group_id: int, text: str, own_id: int = 0) -> None:
    if any(match_key(rule.text) == match_key(text) and rule.id != own_id for rule in rules_of(session, group_id)):
        raise BadInput("this group has that rule already", hint="see the list: qunguan group rules list")


# -- violations


def ladder(session: Session) -> Ladder:
    """How many warnings are given within how many days."""
    return Ladder(int(rules.value(session, "group.warnings")), int(rules.value(session, "group.violation_days")))


def violations(session: Session, group_id: int, member_id: int | None = None) -> tuple[Violation, ...]:
    """What was noted in a group, or of one member there, newest first."""
    return tuple(_violation(row) for row in queries.violations(session, group_id, member_id))


def next_step(session: Session, clock: Clock, group_id: int, member_id: int, day: date | None = None) -> NextStep:
    """What one more violation on a day (None: today) would bring, and why. Raises NotFound."""
    members.get(session, member_id)
    on = day or clock.today(groups.get(session, group_id).day_rule)
    return following(violations(session, group_id, member_id), on, ladder(session))


def note_violation(
    session: Session,
    clock: Clock,
    group_id: int,
    member_id: int,
    rule_id: int | None = None,
    *,
    step: str = "",
    note: str = "",
    day: date | None = None,
) -> Noted:
    """Note that a member broke a rule on a day (None: today). `step` "" is the one the ladder suggests.

    A removal ends their stay as of that day. Raises NotFound, BadInput for a step or a day that is no such, Refused
    when they are not in the group.
    """
    group, person = groups.get(session, group_id), members.get(session, member_id)
    today = clock.today(group.day_rule)
    on = day or today
    if on > today:
        raise BadInput("{day} has not come yet", hint="today is {today}", day=on, today=today)
    rule = None if rule_id is None else _get(session, group_id, rule_id)
    told = next_step(session, clock, group_id, member_id, on)
    taken = _step(step) or told.step
    _refuse_gone(session, group_id, member_id)
    label = N_("Warned {name} in {group}") if taken == "warning" else N_("Removed {name} from {group}")
    session.step(label, name=person.name, group=group.name)
    made = session.insert(
        violation, member_id=member_id, group_id=group_id, house_rule_id=rule_id, step=taken, day=on,
        occurred_at=clock.now(), note=clean(note, NOTE_LIMIT),
    )  # fmt: skip
    if taken == "removal":
        words = rule.text if rule else note
        reason = _("broke a rule: {rule}", rule=words) if words else _("broke the rules")
        members.leave(session, clock, member_id, group_id, on, reason)
    found = next(each for each in violations(session, group_id, member_id) if each.id == made)
    return Noted(found, told, spoken(taken, show(person.name), group.name, rule.text if rule else ""))


def _step(text: str) -> Step | None:
    for step, label in STEPS.items():
        if match_key(text) in (step, match_key(_(label))):
            return step
    if text:
        raise BadInput("{text} is no step", hint="say warning or removal", text=show(text[:40]))
    return None


def _refuse_gone(session: Session, group_id: int, member_id: int) -> None:
    if member_id not in queries.present(session, group_id, [member_id]):
        raise Refused("{name} is not in {group}", name=show(members.get(session, member_id).name),
                      group=show(groups.get(session, group_id).name))  # fmt: skip


def _violation(row: Any) -> Violation:
    return Violation(row.id, row.group_id, row.member_id, row.name, row.step, row.day, row.house_rule_id,
                     row.rule or "", row.note)  # fmt: skip
