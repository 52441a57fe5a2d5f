"""`qunguan group preset`: business presets; what one would change is shown before it applies."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator

from qunguan.cli.command import Context, columns, jsonable, known, verbs
from qunguan.cli.positioning import group_argument
from qunguan.domain.business import PARTS, STATES, Diff, preset, presets
from qunguan.i18n import _, ngettext

_LINE = 48  # characters of a text in the table; --json has all of it


def register(verb: Callable[..., argparse.ArgumentParser]) -> None:
    """The verbs of `group preset`."""
    child = verbs(verb("preset", listing, _("begin by trade: rules, SOPs, timetable, goals, house rules, welcome")))
    child("list", listing, _("the shipped presets"))
    look = child("show", show, _("what a preset would change in a group"))
    use = child("apply", use_preset, _("put a preset in force; what you wrote is kept"), writes=True)
    use.add_argument("--force", action="store_true", help=_("change what you wrote too"))
    for each in (look, use):
        each.add_argument("name", metavar="NAME", help=", ".join(each.name for each in presets().values()))
        group_argument(each)


def listing(context: Context) -> None:
    """Print the shipped presets."""
    rows = [(each.id, each.name, each.about, each.source) for each in presets().values()]
    lines = columns((_("id"), _("preset"), _("what it is good for"), _("source")), rows)
    context.answer({"presets": jsonable(list(presets().values()))}, lines)


def show(context: Context) -> None:
    """Print what a preset would change. Raises NotFound."""
    from qunguan.services import business, groups

    with context.desk() as desk:
        group = desk.read(groups.find, context.options.group)
        found = desk.read(business.preview, context.clock, group.id, context.options.name)
    _tell(context, found, _("Next: qunguan group preset apply {name}", name=found.business.id))


def use_preset(context: Context) -> None:
    """Put a preset in force. Raises NotFound."""
    from qunguan.services import business, groups

    preset(context.options.name)
    with context.desk() as desk:
        group = desk.read(groups.find, context.options.group)
        done = context.write(desk, business.apply, group.id, context.options.name, force=context.options.force)
    many = len(done.of("new", "change"))
    told = ngettext("{n} change; undo takes all of it back", "{n} changes; undo takes all of it back", many)
    _tell(context, done, told if many else _("Nothing had to change."))


def _tell(context: Context, diff: Diff, last: str) -> None:
    document = {
        "preset": diff.business.id, "group_id": diff.group_id, "changes": jsonable(diff.changes),
        "new": len(diff.of("new")), "changed": len(diff.of("change")), "kept": len(diff.of("kept")),
    }  # fmt: skip
    context.answer(document, [*diff_lines(diff), last])


def diff_lines(diff: Diff) -> Iterator[str]:
    """What a preset does, line by line, what is so already left out."""
    rows = [
        (_(STATES[each.state]), _(PARTS[each.part]), each.name, _line(each.old), _line(each.new))
        for each in diff.of("new", "change", "kept")
    ]
    if rows:
        yield from columns(("", _("part"), _("name"), _("now"), diff.business.name), rows)


def _line(text: str) -> str:
    line = " ⏎ ".join(text.splitlines())
    return known(line if len(line) <= _LINE else line[: _LINE - 1] + "…")
