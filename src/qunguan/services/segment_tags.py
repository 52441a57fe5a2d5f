"""Tags by rule: whoever meets the condition has the tag, evaluated when it is read and written onto nobody (S0-09).

A rule looks at tags put on by hand, never at those of other rules: so none can look at itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from qunguan.domain.clock import Clock
from qunguan.domain.condition_reader import condition_typed
from qunguan.domain.condition_words import written
from qunguan.domain.conditions import facts_of, truths
from qunguan.domain.errors import BadInput, NotFound
from qunguan.domain.names import typed_name
from qunguan.domain.scheme_views import Person, TagRule
from qunguan.domain.text import match_key, show
from qunguan.i18n import N_
from qunguan.services import facts
from qunguan.services.segment_schemes import today
from qunguan.store import segment_queries as queries
from qunguan.store.segments import tag_rule
from qunguan.store.session import Session

Tag = tuple[str, str]
"""Category ("" for none) and name."""


def tag_rules(session: Session) -> tuple[TagRule, ...]:
    """Every tag by rule, by category and name."""
    return tuple(
        TagRule(row.id, row.category, row.name, condition_typed(row.when, where=row.name), row.enabled)
        for row in queries.tag_rules(session)
    )


def rule_tags(
    session: Session, clock: Clock, as_of: date | None = None, ids: Sequence[int] | None = None
) -> dict[int, tuple[Tag, ...]]:
    """Member → the tags they have by rule at the end of a day (None: today); who has none is left out."""
    found: dict[int, list[Tag]] = {}
    for rule, who in _carried(session, clock, as_of, ids):
        for member_id in who:
            found.setdefault(member_id, []).append((rule.category, rule.name))
    return {member_id: tuple(tags) for member_id, tags in found.items()}


def carriers(
    session: Session, clock: Clock, as_of: date | None = None
) -> tuple[tuple[TagRule, tuple[Person, ...]], ...]:
    """Every tag by rule with who has it at the end of a day (None: today), by id; one switched off has nobody."""
    names = queries.people(session, as_of or today(session, clock), None, leavers=True)
    held = {rule.id: who for rule, who in _carried(session, clock, as_of, None)}
    return tuple((rule, tuple((who, names[who]) for who in held.get(rule.id, ()))) for rule in tag_rules(session))


def add_tag_rule(session: Session, clock: Clock, name: str, when: str, *, category: str = "") -> TagRule:
    """Make a tag by rule. Raises BadInput for a name that is taken or a condition that cannot be read."""
    shown, group = typed_name(name), typed_name(category) if category else ""
    condition = condition_typed(when)
    if any((each.category, match_key(each.name)) == (group, match_key(shown)) for each in tag_rules(session)):
        raise BadInput("there is already a tag by rule {name}", hint="change that one", name=show(shown))
    session.step(N_("Made the tag {tag} by rule"), tag=shown)
    session.insert(tag_rule, category=group, name=shown, when=written(condition, "zh"), enabled=True,
                   created_at=clock.now())  # fmt: skip
    return find_tag_rule(session, f"{group}:{shown}" if group else shown)


def edit_tag_rule(
    session: Session, clock: Clock, text: str, *, when: str | None = None, enabled: bool | None = None
) -> TagRule:
    """Change the condition of a tag by rule, or switch it. Raises NotFound, BadInput."""
    found = find_tag_rule(session, text)
    condition = found.when if when is None else condition_typed(when)
    session.step(N_("Changed the tag {tag} by rule"), tag=found.name)
    session.update(tag_rule, found.id, when=written(condition, "zh"),
                   enabled=found.enabled if enabled is None else enabled)  # fmt: skip
    return find_tag_rule(session, found.label)


def remove_tag_rule(session: Session, clock: Clock, text: str) -> TagRule:
    """Remove a tag by rule; returns what it was. Raises NotFound."""
    found = find_tag_rule(session, text)
    session.step(N_("Removed the tag {tag} by rule"), tag=found.name)
    session.delete(tag_rule, found.id)
    return found


def find_tag_rule(session: Session, text: str) -> TagRule:
    """The tag by rule that is meant: by name, or `学员等级:活跃`. Raises NotFound."""
    wanted = match_key(text.replace("：", ":"))
    known = tag_rules(session)
    for each in known:
        if wanted in (match_key(each.label), match_key(each.name), f"#{each.id}"):
            return each
    names = " / ".join(show(each.label) for each in known)
    hint = N_("there are: {known}") if names else N_("make one: qunguan segment tag add NAME CONDITION")
    raise NotFound("there is no tag {tag} by rule", hint=hint, tag=show(text[:40]), known=names)


def _carried(
    session: Session, clock: Clock, as_of: date | None, ids: Sequence[int] | None
) -> list[tuple[TagRule, list[int]]]:
    rules = [each for each in tag_rules(session) if each.enabled]
    if not rules:
        return []
    day = as_of or today(session, clock)
    who = list(queries.people(session, day, None, leavers=True)) if ids is None else list(ids)
    wanted = frozenset(fact for each in rules for fact in facts_of(each.when))
    columns = facts.collect(session, clock, day, wanted, ids)
    return [
        (each, [one for one, truth in zip(who, truths(each.when, columns, who), strict=True) if truth])
        for each in rules
    ]
