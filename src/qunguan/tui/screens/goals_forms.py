"""What goals ask the owner: a shipped one or one's own, then figure, target, baseline and days."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from qunguan.domain.errors import BadInput
from qunguan.domain.goals import KINDS, METRICS, Goal, GoalPreset, Kind, as_typed, presets, typed
from qunguan.domain.sources import Brief
from qunguan.exchange.readers.cells import date_cell
from qunguan.i18n import _, ngettext
from qunguan.tui.widgets.choose import Choice, Choose
from qunguan.tui.widgets.dialogs import Field, Form

if TYPE_CHECKING:
    from qunguan.tui.screens.goals import GoalsScreen

_OWN = "+"
_HERE, _ALL = "here", "all"
_DAYS = 30


async def new_goal(screen: GoalsScreen) -> None:
    """A shipped goal or one's own; both are told in the same form, the shipped one filled in."""
    from qunguan.services import goals

    choices = [Choice(each.id, each.name, _about(each)) for each in presets().values()]
    chosen = await screen.app.push_screen_wait(Choose(_("Which goal?"), [*choices, Choice(_OWN, _("one of my own"))]))
    if chosen is None:
        return
    shipped = presets().get(chosen)

    async def save(values: dict[str, str]) -> None:
        first, last = (date_cell(values[name]) if values[name] else None for name in ("first", "last"))
        made = await screen.desk.write(
            goals.add, values["metric"], values["target"], kind=_kind(values["kind"]), name=values["name"],
            baseline=values["baseline"] or None, from_day=first, to_day=last, group_id=_group_id(screen, values),
            source=shipped.source if shipped else "",
        )  # fmt: skip
        screen.say(_("The goal {name} is set", name=made.name))
        screen.aim(made.id)
        await screen.room.changed()

    title = shipped.name if shipped else _("A goal of my own")
    await screen.app.push_screen_wait(_form(screen, title, _of_preset(screen, shipped), save))


async def edit_goal(screen: GoalsScreen, goal: Goal) -> None:
    """Change what a goal says."""
    from qunguan.services import goals

    async def save(values: dict[str, str]) -> None:
        kind, metric = _kind(values["kind"]), values["metric"]
        baseline = typed(metric, "value", values["baseline"]) if values["baseline"] else None
        changed = replace(
            goal, name=values["name"], metric=metric, kind=kind, target=typed(metric, kind, values["target"]),
            baseline=baseline, from_day=date_cell(values["first"]), to_day=date_cell(values["last"]),
            group_id=_group_id(screen, values),
        )  # fmt: skip
        done = await screen.desk.write(goals.edit, changed)
        screen.say(_("The goal {name} is changed", name=done.name))
        await screen.room.changed()

    await screen.app.push_screen_wait(_form(screen, _("Change {name}", name=goal.name), _of_goal(goal), save))


def _about(shipped: GoalPreset) -> str:
    """What a shipped goal is about, how its target is meant, the time it is given, and where it comes from."""
    days = ngettext("{n} day", "{n} days", shipped.days)
    return " · ".join((_(METRICS[shipped.metric][0]), _(KINDS[shipped.kind]), days, str(Brief(shipped.source))))


def _of_preset(screen: GoalsScreen, shipped: GoalPreset | None) -> dict[str, str]:
    today = screen.room.today
    told = {"first": str(today), "last": str(today + timedelta(days=shipped.days if shipped else _DAYS))}
    if shipped is None:
        return told
    return told | {"name": shipped.name, "metric": shipped.metric, "kind": shipped.kind, "target": shipped.target}


def _of_goal(goal: Goal) -> dict[str, str]:
    return {
        "name": goal.name, "metric": goal.metric, "kind": goal.kind, "scope": _HERE if goal.group_id else _ALL,
        "target": as_typed(goal.unit, goal.kind, goal.target),
        "baseline": "" if goal.baseline is None else as_typed(goal.unit, "value", goal.baseline),
        "first": str(goal.from_day), "last": str(goal.to_day),
    }  # fmt: skip


def _form(
    screen: GoalsScreen, title: str, told: dict[str, str], save: Callable[[dict[str, str]], Awaitable[None]]
) -> Form:
    metrics = tuple((metric, _(name)) for metric, (name, _unit) in METRICS.items())
    kinds = tuple((kind, _(words)) for kind, words in KINDS.items())
    group = screen.room.group
    scopes = ((_HERE, group.name), (_ALL, _("all groups together"))) if group else ((_ALL, _("all groups together")),)
    fields = [
        Field("metric", _("figure"), told.get("metric", "active_rate"), choices=metrics),
        Field("kind", _("target is"), told.get("kind", "value"), choices=kinds),
        Field("target", _("target"), told.get("target", ""), _("60 for 60 %, yuan for money, else a number")),
        Field("baseline", _("baseline"), told.get("baseline", ""), _("empty: measured on the first day")),
        Field("first", _("from day"), told["first"], day="near"),
        Field("last", _("to day"), told["last"], day="near"),
        Field("scope", _("group"), told.get("scope", scopes[0][0]), choices=scopes),
        Field("name", _("name"), told.get("name", ""), _("empty: what the figure is called")),
    ]
    return Form(title, fields, save)


def _kind(text: str) -> Kind:
    if text not in KINDS:
        raise BadInput("{text} does not say how the target is meant", hint="F3 shows the choices", text=text)
    return text


def _group_id(screen: GoalsScreen, values: dict[str, str]) -> int | None:
    if values["scope"] == _ALL:
        return None
    if values["scope"] != _HERE or screen.room.group is None:
        raise BadInput("{text} is no group of this goal", hint="F3 shows the choices", text=values["scope"])
    return screen.room.group.id
