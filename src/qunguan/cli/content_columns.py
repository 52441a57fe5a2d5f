"""`qunguan content column`: the places of the timetable."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from qunguan.cli.command import Context, columns, jsonable, known, verbs
from qunguan.cli.content_views import kind_said
from qunguan.cli.parser import day
from qunguan.domain.content import (
    ContentColumn,
    clock_said,
    column_presets,
    kind_typed,
    minute_typed,
    sub_kind_name,
    sub_kind_typed,
    weekdays_said,
    weekdays_typed,
)
from qunguan.domain.errors import BadInput
from qunguan.domain.text import match_key
from qunguan.i18n import _


def register(verb: Callable[..., argparse.ArgumentParser]) -> None:
    """The verbs of columns."""
    child = verbs(verb("column", listing, _("the timetable: places that come again")))
    make = child("add", add, _("add a place; a shipped one by its name alone"), writes=True)
    make.add_argument("name", metavar="NAME", help=", ".join(column_presets()))
    _told(make)
    lists = child("list", listing, _("the places of the timetable"), as_of=True)
    change = child("edit", edit, _("change a place from today on"), writes=True)
    change.add_argument("column", metavar="COLUMN", help=_("by id or name"))
    change.add_argument("--name", metavar="NAME")
    _told(change)
    stop = child("end", end, _("end a place; past weeks keep it"), writes=True)
    stop.add_argument("column", metavar="COLUMN", help=_("by id or name"))
    stop.add_argument("--day", type=day, metavar="DATE", help=_("its first day without; without it today"))
    for each in (make, lists, change, stop):
        each.add_argument("--group", metavar="GROUP", help=_("without it the current group"))


def _told(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--on", metavar="DAYS", help=_("135 (1 is Monday), weekdays, every day"))
    parser.add_argument("--at", metavar="TIME", help=_("when it begins, 19:00"))
    parser.add_argument("--until", metavar="TIME", help=_("when hours of talk end, 21:00"))
    parser.add_argument("--kind", metavar="KIND", help=_("value, interactive or benefit, as any source calls it"))
    parser.add_argument("--sub-kind", metavar="WORDS", help=_("news, howto, topic, vote, coupon … or your own words"))
    parser.add_argument("--prompt", metavar="TEXT", help=_("what to write there"))
    parser.add_argument("--script", metavar="SCRIPT", help=_("the ready text to begin with, by name"))
    parser.add_argument("--from", dest="first", type=day, metavar="DATE", help=_("without it today"))


def add(context: Context) -> None:
    """Add a place. Raises BadInput, NotFound."""
    from qunguan.services import content, groups

    options = context.options
    shipped = {match_key(each) for preset in column_presets().values() for each in (preset.id, preset.name)}
    with context.desk() as desk:
        group = desk.read(groups.find, options.group)
        if match_key(options.name) in shipped and not (options.on or options.at or options.kind):
            _tell(context, context.write(desk, content.add_column_preset, group.id, options.name))
            return
        at = minute_typed(options.at or "")
        if at is None or not options.kind:
            raise BadInput("a place needs a time and a kind", hint="say --at 10:00 --kind value, and --on 135")
        column = ContentColumn(0, group.id, options.name, "1234567", at, kind_typed(options.kind),
                               options.first or context.clock.today(group.day_rule))  # fmt: skip
        _tell(context, context.write(desk, content.add_column, _changed(options, column)))


def edit(context: Context) -> None:
    """Change a place. Raises BadInput, NotFound."""
    from qunguan.services import content, groups

    options = context.options
    with context.desk() as desk:
        group = desk.read(groups.find, options.group)
        now = desk.read(content.find_column, context.clock, group.id, options.column)
        at = minute_typed(options.at or "")
        kind = kind_typed(options.kind) if options.kind else now.kind
        changed = replace(
            now, name=options.name or now.name, at_minute=now.at_minute if at is None else at, kind=kind,
            sub_kind=now.sub_kind if kind == now.kind else "", need=now.need if kind == now.kind else "",
            from_day=options.first or now.from_day,
        )  # fmt: skip
        _tell(context, context.write(desk, content.edit_column, _changed(options, changed)))


def _changed(options: Any, column: ContentColumn) -> ContentColumn:
    changes: dict[str, Any] = {}
    if options.on:
        changes["weekdays"] = weekdays_typed(options.on)
    if options.until is not None:
        changes["until_minute"] = minute_typed(options.until)
    if options.sub_kind is not None:
        changes["sub_kind"] = sub_kind_typed(options.sub_kind, column.kind)
    for name in ("prompt", "script"):
        if getattr(options, name) is not None:
            changes[name] = getattr(options, name)
    return replace(column, **changes)


def end(context: Context) -> None:
    """End a place. Raises NotFound, Refused."""
    from qunguan.services import content, groups

    options = context.options
    with context.desk() as desk:
        group = desk.read(groups.find, options.group)
        found = desk.read(content.find_column, context.clock, group.id, options.column)
        _tell(context, context.write(desk, content.end_column, group.id, found.id, options.day))


def listing(context: Context) -> None:
    """Print the places that have not ended."""
    from qunguan.services import content, groups

    with context.desk() as desk:
        group = desk.read(groups.find, context.options.group)
        when = context.as_of or context.clock.today(group.day_rule)
        found = desk.read(content.columns, group.id, when)
    rows = [
        (each.id, each.name, weekdays_said(each.weekdays), _times(each), kind_said(each.kind),
         known(sub_kind_name(each.sub_kind)), each.from_day, known(each.ended_on))
        for each in found
    ]  # fmt: skip
    header = (_("id"), _("place"), _("days"), _("at"), _("kind"), _("sub-kind"), _("since"), _("until"))
    empty = _("No place yet. Next: qunguan content column add NAME, with a shipped one: {names}",
              names=", ".join(column_presets()))  # fmt: skip
    lines = columns(header, rows, right=(0,)) if rows else [empty]
    context.answer({"columns": [jsonable(each) for each in found]}, lines)


def _times(column: ContentColumn) -> str:
    last = "" if column.until_minute is None else f"–{clock_said(column.until_minute)}"
    return f"{clock_said(column.at_minute)}{last}"


def _tell(context: Context, column: ContentColumn) -> None:
    line = _("Column #{id} {name}: {days} {at}", id=column.id, name=column.name, days=weekdays_said(column.weekdays),
             at=_times(column))  # fmt: skip
    if column.ended_on:
        line = _("Column #{id} {name} ends on {day}", id=column.id, name=column.name, day=column.ended_on)
    context.answer({"column": jsonable(column)}, [line, _("Next: qunguan content list shows its places")])
