"""Business presets: what one would change, and the change itself, in one step (S0-03 to S0-06, S1-04, S2-24)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from qunguan.domain import goals as goal_terms
from qunguan.domain import sops as sop_terms
from qunguan.domain.business import Business, Change, Diff, Part, State, preset, presets
from qunguan.domain.clock import Clock
from qunguan.domain.content import clock_said, column_preset, column_presets, minute_typed, weekdays_said
from qunguan.domain.goals import Goal
from qunguan.domain.positioning import Card, kinds_said
from qunguan.domain.rule_words import rule_value
from qunguan.domain.scripts import Script
from qunguan.domain.text import match_key
from qunguan.i18n import N_, _
from qunguan.services import content_columns, goals, groups, positioning, rules, scripts, sops
from qunguan.store.session import Session


def preview(session: Session, clock: Clock, group_id: int, name: str, *, force: bool = False) -> Diff:
    """What a preset would change in a group, line by line. Raises NotFound.

    What the owner wrote is kept, and said to be; with `force` it is changed too.
    """
    return _Plan(session, clock, group_id, preset(name), force).diff()


def apply(session: Session, clock: Clock, group_id: int, name: str, *, force: bool = False) -> Diff:
    """Change it, in one step; the second time nothing is left to change. Raises NotFound."""
    group = groups.get(session, group_id)
    plan = _Plan(session, clock, group_id, preset(name), force)
    session.step(N_("Applied the preset {preset} to {name}"), preset=plan.business.name, name=group.name)
    for move in plan.moves:
        if move.change.state in ("new", "change"):
            move.carry_out()
    return plan.diff()


@dataclass(slots=True)
class _Move:
    change: Change
    carry_out: Callable[[], object]


class _Plan:
    """The moves of one preset, read before anything is written."""

    def __init__(self, session: Session, clock: Clock, group_id: int, business: Business, force: bool) -> None:
        self.session, self.clock, self.group_id = session, clock, group_id
        self.business, self.force = business, force
        self.card = positioning.card(session, group_id)
        self.before = presets().get(self.card.business)  # the preset in use: what it set is nobody's own
        self.today = clock.today(groups.get(session, group_id).day_rule)
        parts = (self._card, self._rules, self._sops, self._scripts, self._columns, self._goals, self._house)
        self.moves = [move for part in parts for move in part()]

    def diff(self) -> Diff:
        """What comes of it."""
        return Diff(self.group_id, self.business, tuple(move.change for move in self.moves))

    def _move(
        self, part: Part, name: str, values: tuple[str, str], own: bool, carry_out: Callable[[], object]
    ) -> _Move:
        """One move from the old value to the new; `own` says that the owner wrote the old one."""
        old, new = values
        state: State = "same" if old == new else "new" if not old else "kept" if own and not self.force else "change"
        return _Move(Change(part, name, old, new, state), carry_out)

    # -- the parts

    def _card(self) -> Iterator[_Move]:
        """The card is read anew by each move: another may have changed it."""
        told = self.business
        if told.of == "trade":
            old = self.before.name if self.before else self.card.business
            yield self._move("card", _("business"), (old, told.name), False, self._putter(business=told.id))
        kinds = kinds_said(self.card.kinds), kinds_said(told.kinds)
        own = told.of == "owner" or not self.before or self.card.kinds != self.before.kinds
        yield self._move("card", _("kind of group"), kinds, own, self._putter(kinds=told.kinds))
        if told.welcome:
            own = not self.before or self.card.welcome != self.before.welcome
            yield self._move("card", _("welcome"), (self.card.welcome, told.welcome), own,
                             self._putter(welcome=told.welcome))  # fmt: skip

    def _putter(self, **changes: object) -> Callable[[], Card]:
        def put() -> Card:
            """The card as it is by then, with the changes."""
            now = positioning.card(self.session, self.group_id)
            return positioning.set_card(self.session, self.clock, replace(now, **changes))  # type: ignore[arg-type]

        return put

    def _rules(self) -> Iterator[_Move]:
        set_before: Mapping[str, object] = self.before.rules if self.before else {}
        for rule_id, value in self.business.rules.items():
            now = rules.state(self.session, rule_id)
            own = now.changed and now.value != set_before.get(rule_id)
            told = rule_value(now.rule, now.value), rule_value(now.rule, value)
            yield self._move("rule", _(now.rule.label), told, own, self._rule(rule_id, value))

    def _rule(self, rule_id: str, value: object) -> Callable[[], object]:
        return lambda: rules.change(self.session, self.clock, rule_id, value, reason=self.business.name)

    def _sops(self) -> Iterator[_Move]:
        known = sops.all_sops(self.session, self.group_id)
        for preset_id in self.business.sops:
            told = sop_terms.preset(preset_id)
            found = next(
                (each for each in known if told.id == each.preset or match_key(each.name) == match_key(told.name)), None
            )
            old = "" if found is None else _("on") if found.on else _("off")
            yield self._move("sop", told.name, (old, _("on")), True, self._sop(told.id, found.id if found else None))

    def _sop(self, preset_id: str, sop_id: int | None) -> Callable[[], object]:
        if sop_id is None:
            return lambda: sops.use(self.session, self.clock, preset_id, self.group_id)
        return lambda: sops.switch(self.session, self.clock, sop_id, enabled=True)

    def _scripts(self) -> Iterator[_Move]:
        known = {match_key(each.name): each for each in scripts.library(self.session)}
        for told in self.business.scripts:
            found = known.get(match_key(told.name))
            yield self._move(
                "script", told.name, (found.text if found else "", told.text), True, self._script(told, found)
            )

    def _script(self, told: Script, found: Script | None) -> Callable[[], object]:
        if found is None:
            return lambda: scripts.add(self.session, self.clock, told.name, told.kind, told.text, told.title)
        return lambda: scripts.edit(self.session, self.clock, told.name, text=told.text)

    def _columns(self) -> Iterator[_Move]:
        known = content_columns.columns(self.session, self.group_id, self.today)
        for preset_id in self.business.columns:
            told = column_presets()[preset_id]
            found = next((each for each in known if match_key(each.name) == match_key(told.name)), None)
            old = f"{weekdays_said(found.weekdays)} {clock_said(found.at_minute)}" if found else ""
            new = f"{weekdays_said(told.weekdays)} {told.at}"
            yield self._move(
                "column", told.name, (old, new), True, self._column(preset_id, found.id if found else None)
            )

    def _column(self, preset_id: str, column_id: int | None) -> Callable[[], object]:
        def put() -> object:
            """The column of the preset: a new one, or the one that is there brought to what the preset says."""
            if column_id is None:
                return content_columns.add_column_preset(self.session, self.clock, self.group_id, preset_id)
            known = content_columns.columns(self.session, self.group_id, self.today)
            found = next(each for each in known if each.id == column_id)
            told = column_preset(preset_id)
            at, until = minute_typed(told.at), minute_typed(told.until)
            assert at is not None
            changed = replace(found, weekdays=told.weekdays, at_minute=at, until_minute=until)
            return content_columns.edit_column(self.session, self.clock, changed)

        return put

    def _goals(self) -> Iterator[_Move]:
        open_goals = goals.all_goals(self.session, self.group_id, closed=False)
        for preset_id in self.business.goals:
            told = goal_terms.preset(preset_id)
            found = next(
                (each for each in open_goals if each.metric == told.metric and each.to_day >= self.today), None
            )
            wanted = replace(_NO_GOAL, metric=told.metric, kind=told.kind,
                             target=goal_terms.typed(told.metric, told.kind, told.target))  # fmt: skip
            old = goal_terms.target_said(found) if found else ""
            yield self._move("goal", told.name, (old, goal_terms.target_said(wanted)), True,
                             self._goal(preset_id, found, wanted))  # fmt: skip

    def _goal(self, preset_id: str, found: Goal | None, wanted: Goal) -> Callable[[], object]:
        if found is None:
            return lambda: goals.add_preset(self.session, self.clock, preset_id, group_id=self.group_id)
        changed = replace(found, kind=wanted.kind, target=wanted.target)
        return lambda: goals.edit(self.session, self.clock, changed)

    def _house(self) -> Iterator[_Move]:
        known = {match_key(rule.text) for rule in positioning.rules_of(self.session, self.group_id)}
        for text in self.business.house:
            old = text if match_key(text) in known else ""
            yield self._move("house", "", (old, text), False, self._house_rule(text))

    def _house_rule(self, text: str) -> Callable[[], object]:
        return lambda: positioning.add_rule(self.session, self.clock, self.group_id, text)


_NO_GOAL = Goal(0, None, "", "", "value", None, 0, date.min, date.min)
