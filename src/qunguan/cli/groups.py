"""`qunguan init` and `qunguan group`: start a database, and the groups in it with what each is for."""

from __future__ import annotations

import argparse
from dataclasses import replace
from typing import Any

from qunguan.cli import positioning, positioning_presets
from qunguan.cli.command import Context, columns, verbs
from qunguan.domain.groups import PLATFORMS, Group, checked_group
from qunguan.i18n import _


def register(parser: argparse.ArgumentParser, noun: str) -> None:
    """Arguments of `init`, or the verbs of `group`."""
    if noun == "init":
        _particulars(parser, name="--group")
        parser.set_defaults(command=init)
        return
    verb = verbs(parser)
    verb("list", listing, _("the groups and how full they are"))
    _particulars(verb("add", add, _("make a group"), writes=True), name="name")
    edit_parser = verb("edit", edit, _("change a group"), writes=True)
    edit_parser.add_argument("group", metavar="GROUP")
    edit_parser.add_argument("--name")
    _particulars(edit_parser, name=None)
    use_parser = verb("use", use, _("work in this group from now on"), writes=True)
    use_parser.add_argument("group", metavar="GROUP")
    positioning.register(verb)
    positioning_presets.register(verb)


def _particulars(parser: argparse.ArgumentParser, *, name: str | None) -> None:
    if name == "--group":
        parser.add_argument("--group", required=True, metavar="NAME", help=_("name of the group"), dest="name")
    elif name:
        parser.add_argument("name", metavar="NAME")
    parser.add_argument("--platform", choices=PLATFORMS)
    parser.add_argument("--timezone", metavar="TZ", help=_("like Asia/Shanghai"))
    parser.add_argument("--day-start", metavar="H", help=_("hour at which a new day begins, 0 to 23"))
    parser.add_argument("--capacity-soft", metavar="N")
    parser.add_argument("--capacity-hard", metavar="N")


def _given(context: Context) -> dict[str, Any]:
    names = ("platform", "timezone", "day_start", "capacity_soft", "capacity_hard")
    given = {name: getattr(context.options, name) for name in names}
    return {name: value for name, value in given.items() if value is not None}


def init(context: Context) -> None:
    """Make the database if there is none, and its first group."""
    from qunguan.services import groups

    checked_group(context.options.name, **_given(context))  # a refused name leaves no file behind
    with context.desk(create=True) as desk:
        group = context.write(desk, groups.create, context.options.name, **_given(context))
        document = {"path": str(desk.path), "group": group}
        made = _("Made the group {name} in {path}", name=group.name, path=desk.path)
    context.answer(document, [made, _("Next: qunguan member import FILE, or qunguan to open the screens")])


def listing(context: Context) -> None:
    """Print every group with its size."""
    from qunguan.services import groups

    with context.desk() as desk:
        found = desk.read(groups.all_groups)
        sizes = {group.id: desk.read(groups.capacity, group) for group in found}
    header = (_("id"), _("group"), _("platform"), _("people"), _("time zone"), _("day starts"))
    rows = [(g.id, g.name, g.platform, sizes[g.id].present, g.timezone, f"{g.day_start}:00") for g in found]
    document = [{"group": group, "capacity": sizes[group.id]} for group in found]
    context.answer({"groups": document}, columns(header, rows, right=(0, 3, 5)))


def add(context: Context) -> None:
    """Make another group."""
    from qunguan.services import groups

    with context.desk() as desk:
        group = context.write(desk, groups.create, context.options.name, **_given(context))
    _tell(context, group, _("Made the group {name} (#{id})", name=group.name, id=group.id))


def edit(context: Context) -> None:
    """Change what is given of a group; the rest stays."""
    from qunguan.services import groups

    changes = _given(context) | ({"name": context.options.name} if context.options.name else {})
    with context.desk() as desk:
        group = desk.read(groups.find, context.options.group)
        changed = context.write(desk, groups.update, replace(group, **changes))
    _tell(context, changed, _("Changed the group {name}", name=changed.name))


def use(context: Context) -> None:
    """Make a group the current one."""
    from qunguan.services import groups

    with context.desk() as desk:
        group = desk.read(groups.find, context.options.group)
        context.write(desk, groups.set_current, group.id)
    _tell(context, group, _("Working in {name} now", name=group.name))


def _tell(context: Context, group: Group, line: str) -> None:
    context.answer({"group": group}, [line])
