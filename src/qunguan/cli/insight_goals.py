"""`qunguan insight goals | goal add|edit|close|show`: what should be reached by when, and how far it got."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from qunguan.cli.command import Context, columns, jsonable, verbs
from qunguan.cli.parser import day, whole
from qunguan.domain.errors import BadInput
from qunguan.domain.goals import KINDS, METRICS, STATES, Goal, Progress, presets, said, target_said, typed
from qunguan.i18n import _

if TYPE_CHECKING:
    from qunguan.services.desk import Desk


def register(verb: Callable[..., argparse.ArgumentParser]) -> None:
    """The verbs of goals."""
    lists = verb("goals", listing, _("every goal and how far it got"), as_of=True)
    lists.add_argument("--group", metavar="GROUP", help=_("a group by id or name; without it all goals"))
    lists.add_argument("--open", action="store_true", help=_("only those that are not closed"))
    child = verbs(verb("goal", listing, _("set, change or close a goal")))
    make = child("add", add, _("set a goal"), writes=True)
    make.add_argument(
        "metric", choices=(*METRICS, *presets()), metavar="METRIC", help=_("what it is about, or a preset")
    )
    make.add_argument("target", nargs="?", metavar="TARGET", help=_("60% or 3000; a preset has its own"))
    make.add_argument("--kind", choices=tuple(KINDS), help=_("a value, percent of the baseline, percentage points"))
    make.add_argument("--group", metavar="GROUP", help=_("a group by id or name; without it the one in hand"))
    make.add_argument("--everybody", action="store_true", help=_("of all groups together"))
    _told(make)
    change = child("edit", edit, _("change a goal"), writes=True)
    _goal(change)
    change.add_argument("--target", metavar="TARGET")
    _told(change)
    stop = child("close", close, _("put a goal aside"), writes=True)
    _goal(stop)
    stop.add_argument("--reopen", action="store_true", help=_("take it up again"))
    _goal(child("show", show, _("one goal and why it stands where it does"), as_of=True))


def _told(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--name", metavar="NAME")
    parser.add_argument(
        "--baseline", metavar="VALUE", help=_("where it stood; without it it is measured on the first day")
    )
    parser.add_argument("--from", dest="first", type=day, metavar="DATE", help=_("without it today"))
    parser.add_argument("--to", dest="last", type=day, metavar="DATE", help=_("without it 30 days later"))


def _goal(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("goal", type=whole, metavar="ID", help=_("its id in the list"))


def listing(context: Context) -> None:
    """Print the goals."""
    from qunguan.services import goals

    options = context.options
    with context.desk() as desk:
        group_id = context.group_id(desk)
        found = desk.read(goals.progresses, context.clock, context.as_of, group_id, closed=not options.open)
    context.answer({"goals": [_document(each) for each in found]}, _lines(found))


def show(context: Context) -> None:
    """Print one goal."""
    from qunguan.services import goals

    with context.desk() as desk:
        found = desk.read(goals.progress, context.clock, desk.read(goals.get, context.options.goal), context.as_of)
    context.answer(_document(found), [*_lines([found]), *map(str, found.why)])


def add(context: Context) -> None:
    """Set a goal. Raises BadInput, NotFound."""
    from qunguan.services import goals

    options = context.options
    preset = presets().get(options.metric)
    if options.target is None and preset is None:
        raise BadInput("{metric} needs a target", hint="write it like 60% or 3000", metric=options.metric)
    with context.desk() as desk:
        group_id = _meant(options, desk)
        if preset and options.target is None:
            made = context.write(desk, goals.add_preset, preset.id, from_day=options.first, group_id=group_id,
                                 points=options.kind == "points")  # fmt: skip
        else:
            made = context.write(
                desk, goals.add, preset.metric if preset else options.metric, options.target,
                kind=options.kind or (preset.kind if preset else "value"), name=options.name or "",
                baseline=options.baseline, from_day=options.first, to_day=options.last, group_id=group_id,
            )  # fmt: skip
    _tell(context, made)


def _meant(options: Any, desk: Desk) -> int | None:
    from qunguan.services import groups

    return None if options.everybody else desk.read(groups.find, options.group).id


def edit(context: Context) -> None:
    """Change what was given; the rest stays. Raises BadInput, NotFound."""
    from qunguan.services import goals

    options = context.options
    with context.desk() as desk:
        now = desk.read(goals.get, options.goal)
        new = replace(
            now, name=options.name or now.name, from_day=options.first or now.from_day,
            to_day=options.last or now.to_day,
            target=typed(now.metric, now.kind, options.target) if options.target else now.target,
            baseline=typed(now.metric, "value", options.baseline) if options.baseline else now.baseline,
        )  # fmt: skip
        _tell(context, context.write(desk, goals.edit, new))


def close(context: Context) -> None:
    """Close a goal, or take it up again."""
    from qunguan.services import goals

    with context.desk() as desk:
        _tell(context, context.write(desk, goals.close, context.options.goal, reopen=context.options.reopen))


def _tell(context: Context, goal: Goal) -> None:
    line = _("Goal #{id} {name}: {metric} {target} by {last}", id=goal.id, name=goal.name,
             metric=_(METRICS[goal.metric][0]), target=target_said(goal), last=goal.to_day)  # fmt: skip
    if goal.closed_on:
        line = _("Goal #{id} {name} is closed", id=goal.id, name=goal.name)
    context.answer({"goal": jsonable(goal)}, [line, _("Next: qunguan insight goals tells how far it got")])


def _document(each: Progress) -> dict[str, Any]:
    goal = each.goal
    return {
        "id": goal.id, "name": goal.name, "group_id": goal.group_id, "metric": goal.metric, "unit": goal.unit,
        "kind": goal.kind, "target": goal.target, "from": goal.from_day, "to": goal.to_day, "source": goal.source,
        "closed_on": goal.closed_on, "as_of": each.as_of, "baseline": each.baseline, "wanted": each.wanted,
        "expected": each.expected, "actual": each.actual, "n": each.n, "done": each.done, "state": each.state,
        "why": [str(reason) for reason in each.why],
    }  # fmt: skip


def _lines(found: Sequence[Progress]) -> list[str]:
    if not found:
        known = ", ".join(presets())
        return [_("No goal yet. Next: qunguan insight goal add METRIC TARGET, or one of {presets}", presets=known)]
    rows = []
    for each in found:
        goal, unit = each.goal, each.goal.unit
        values = (said(unit, value) for value in (each.baseline, each.expected, each.actual, each.wanted))
        rows.append((goal.id, goal.name, _(METRICS[goal.metric][0]), *values, goal.to_day, _(STATES[each.state])))
    header = (
        _("id"),
        _("goal"),
        _("what is measured"),
        _("baseline"),
        _("by now"),
        _("actual"),
        _("wanted"),
        _("until"),
        _("state"),
    )
    return columns(header, rows, right=(0, 3, 4, 5, 6))
