"""`qunguan segment tag`: tags that follow from a condition."""

from __future__ import annotations

import argparse
from typing import Any

from qunguan.cli.command import Context, columns, verbs
from qunguan.domain.condition_words import written
from qunguan.domain.errors import BadInput
from qunguan.domain.scheme_views import TagRule
from qunguan.i18n import _


def register(parser: argparse.ArgumentParser) -> None:
    """The verbs of `segment tag`."""
    verb = verbs(parser)
    verb("list", listing, _("tags by rule and how many have each"), as_of=True)
    more = verb("add", add, _("a tag that whoever meets the condition has"), writes=True)
    _tag(more)
    more.add_argument("condition", metavar="CONDITION", help=_("such as 打卡≥3/7天 或 买过 面霜"))
    change = verb("edit", edit, _("change the condition of a tag by rule, or switch it"), writes=True)
    _tag(change)
    change.add_argument("condition", metavar="CONDITION", nargs="?")
    change.add_argument("--enabled", action=argparse.BooleanOptionalAction, default=None, help=_("whether it is given"))
    _tag(verb("remove", remove, _("no longer give a tag by rule"), writes=True))


def _tag(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("tag", metavar="TAG", help=_("a tag, or 分组:标签 with its group"))


def listing(context: Context) -> None:
    """Print the tags by rule with their carriers."""
    from qunguan.services import segments

    with context.desk() as desk:
        found = desk.read(segments.carriers, context.clock, context.as_of)
    document = [
        {**_document(rule), "n": len(who), "members": [{"member_id": one, "name": name} for one, name in who]}
        for rule, who in found
    ]
    rows = [(rule.label, written(rule.when), len(who) if rule.enabled else _("off")) for rule, who in found]
    lines = columns([_("tag"), _("condition"), _("members")], rows, right=(2,))
    context.answer({"tags": document}, lines if rows else [_("No tag follows from a rule yet")])


def add(context: Context) -> None:
    """Make a tag by rule."""
    from qunguan.services import segments

    category, _colon, name = context.options.tag.replace("：", ":").rpartition(":")
    with context.desk() as desk:
        made = context.write(desk, segments.add_tag_rule, name, context.options.condition, category=category)
        _told(context, made, len(dict(desk.read(segments.carriers, context.clock)).get(made, ())))


def edit(context: Context) -> None:
    """Change a tag by rule."""
    from qunguan.services import segments

    options = context.options
    if options.condition is None and options.enabled is None:
        raise BadInput("nothing was said that should change", hint="give a condition, --enabled or --no-enabled")
    with context.desk() as desk:
        made = context.write(desk, segments.edit_tag_rule, options.tag, when=options.condition, enabled=options.enabled)
        _told(context, made, len(dict(desk.read(segments.carriers, context.clock)).get(made, ())))


def remove(context: Context) -> None:
    """Remove a tag by rule."""
    from qunguan.services import segments

    with context.desk() as desk:
        gone = context.write(desk, segments.remove_tag_rule, context.options.tag)
    context.answer(_document(gone), [_("Nobody has the tag {tag} by rule any more", tag=gone.label)])


def _told(context: Context, rule: TagRule, many: int) -> None:
    lines = [_("{tag}: {condition}", tag=rule.label, condition=written(rule.when))]
    if not context.dry_run:
        lines.append(_("{n} members have it now", n=many))
    context.answer({**_document(rule), "n": many}, lines)


def _document(rule: TagRule) -> dict[str, Any]:
    return {"tag": rule.label, "category": rule.category, "name": rule.name, "when": written(rule.when),
            "enabled": rule.enabled}  # fmt: skip
