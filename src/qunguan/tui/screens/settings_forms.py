"""Changing settings: the forms of a group and of a rule, and why a rule says what it says."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from textual.content import Content

from qunguan.domain import sources
from qunguan.domain.clock import DEFAULT_ZONE, DayRule
from qunguan.domain.errors import BadInput
from qunguan.domain.groups import Capacity, Group
from qunguan.domain.rule_words import rule_value
from qunguan.domain.rules import RuleChange, RuleState, preset
from qunguan.exchange.readers.cells import int_cell
from qunguan.i18n import _, labelled
from qunguan.tui.screens.settings_lines import PLATFORMS, people, platform_word
from qunguan.tui.text import joined, literal
from qunguan.tui.widgets.choose import Choice, Choose
from qunguan.tui.widgets.dialogs import Field, Form

if TYPE_CHECKING:
    from qunguan.tui.screens.settings import SettingsScreen

_COMPARATORS = {">": "＞", ">=": "≥", "<=": "≤", "<": "＜"}


def group_form(screen: SettingsScreen, group: Group | None) -> Form:
    """The particulars of a group; None makes a new one."""

    async def save(values: dict[str, str]) -> None:
        await _save_group(screen, group, values)

    def sized(bound: int | None) -> str:
        return "" if bound is None else str(bound)

    platforms = tuple((key, _(name)) for key, name in PLATFORMS.items())
    by_rule = _("empty: by the rule")
    fields = [
        Field("name", _("group name"), group.name if group else "", _("as the members know it")),
        Field("platform", _("platform"), group.platform if group else "wechat", choices=platforms),
        Field("soft", _("suggested size"), sized(group.capacity_soft) if group else "", by_rule),
        Field("hard", _("largest size"), sized(group.capacity_hard) if group else "", by_rule),
        Field("zone", _("time zone"), group.timezone if group else DEFAULT_ZONE, _("like Asia/Shanghai")),
        Field("start", _("day starts at hour"), str(group.day_start) if group else "0", "0–23"),
    ]
    notes = [_("A new zone or day start holds from now on; the past keeps its days.")] if group else []
    return Form(_("Change the group {name}", name=group.name) if group else _("New group"), fields, save, notes)


async def _save_group(screen: SettingsScreen, group: Group | None, values: dict[str, str]) -> None:
    from qunguan.services import groups

    if values["platform"] not in PLATFORMS:
        raise BadInput("there is no platform {platform}", hint="F3 shows those there are", platform=values["platform"])
    soft = int_cell(values["soft"]) if values["soft"] else None
    hard = int_cell(values["hard"]) if values["hard"] else None
    start = int_cell(values["start"] or "0")
    if group is None:
        made = await screen.desk.write(
            groups.create, values["name"], platform=values["platform"], timezone=values["zone"], day_start=start,
            capacity_soft=soft, capacity_hard=hard,
        )  # fmt: skip
        screen.say(_("Made the group {name}; g switches between groups", name=made.name))
    else:
        changed = replace(
            group, name=values["name"], platform=values["platform"], timezone=values["zone"], day_start=start,
            capacity_soft=soft, capacity_hard=hard,
        )  # fmt: skip
        await screen.desk.write(groups.update, changed)
        screen.say(_("Changed the group {name}", name=changed.name))
    await screen.room.changed()


def rule_dialog(screen: SettingsScreen, state: RuleState) -> Form:
    """A rule's value and the reason for changing it; what does not fit is said in the box."""

    async def save(values: dict[str, str]) -> None:
        await change_rule(screen, state, values["value"], values["reason"])

    shipped = _("preset {value} · source {source}", value=rule_value(state.rule, state.rule.value),
                source=sources.spoken(state.rule.source))  # fmt: skip
    tiers = _("like 7=20, 21=60: streak=points")
    fields = [
        Field("value", _("value"), _typed(state), tiers if state.rule.kind == "tiers" else _("a whole number")),
        Field("reason", _("reason"), hint=_("why you change it; it stands in the history")),
    ]
    return Form(_(state.rule.label), fields, save, [shipped])


def choice_dialog(state: RuleState) -> Choose:
    """The choices of a rule that has some."""
    choices = [Choice(each, rule_value(state.rule, each), also=each) for each in state.rule.choices]
    return Choose(_(state.rule.label), choices)


async def change_rule(screen: SettingsScreen, state: RuleState, value: str, reason: str) -> None:
    """Put a value in force and say so. Raises BadInput."""
    from qunguan.services import rules

    now = await screen.desk.write(rules.change, state.rule.id, value, reason=reason)
    label = _(now.rule.label)
    screen.say(_("{rule}: {value} from now on", rule=label, value=rule_value(now.rule, now.value)))
    await screen.room.changed()


def _typed(state: RuleState) -> str:
    """The value as it is typed."""
    if state.rule.kind == "tiers":
        return ", ".join(f"{streak}={points}" for streak, points in state.value.items())
    return str(state.value)


def rule_why(state: RuleState, changes: tuple[RuleChange, ...], day_rule: DayRule) -> list[Content]:
    """What a rule measures, from where its number comes, and every change of it."""
    rule = state.rule
    value = rule_value(rule, state.value)
    parts = [
        (_("rule"), rule.id),
        (_("measures"), _(rule.metric) if rule.metric else ""),
        (_("window"), _(rule.window) if rule.window else ""),
        (_("met when"), f"{_COMPARATORS[rule.comparator]} {value}" if rule.comparator else ""),
        (_("value in force"), value + ("" if state.enabled else f" · {_('switched off')}")),
        (_("preset"), rule_value(rule, rule.value)),
        *((_("source"), cited) for cited in sources.cited(rule.source)),
    ]
    told = [joined((f"{name}  ", "$text-muted"), text) for name, text in parts if text]
    told += [Content(""), literal(_("History"), "bold")]
    for each in changes:
        new = _("back to the preset") if each.value is None else rule_value(rule, _as_value(each.value))
        switched = "●" if each.enabled else "○"
        told.append(joined((f"{day_rule.local(each.at):%Y-%m-%d %H:%M}  ", "dim"), f"{switched} {new}  {each.reason}"))
    if not changes:
        told.append(literal(_("never changed"), "dim"))
    return told


def _as_value(stored: object) -> object:
    return {int(n): points for n, points in stored.items()} if isinstance(stored, dict) else stored


def group_why(group: Group, capacity: Capacity) -> list[Content]:
    """How full a group is, and by which rule."""
    lines = [literal(f"{platform_word(group.platform)} · {people(capacity)}")]
    for name, own, bound in (
        ("group.capacity_soft", group.capacity_soft, capacity.soft),
        ("group.capacity_hard", group.capacity_hard, capacity.hard),
    ):
        rule = preset(name)
        origin = (
            _("set for this group")
            if own
            else _("by the rule, source {source}", source="；".join(sources.cited(rule.source)))
        )
        lines.append(literal(labelled(_(rule.label), f"{'—' if bound is None else bound} · {origin}")))
    if capacity.verdict != "ok":
        rule = preset(capacity.rule)
        over = _(
            "{n} are more than that: {rule} ({source})", n=capacity.present, rule=_(rule.label),
            source=sources.spoken(rule.source),
        )  # fmt: skip
        lines.append(literal(over, "$text-warning"))
    return lines
