"""`qunguan script list|show|copy|add|edit|reset|remove`: ready texts, shipped and one's own."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Sequence
from typing import Any

from qunguan.cli.command import Context, columns, jsonable, verbs
from qunguan.cli.lint import document as lint_document
from qunguan.domain import lint
from qunguan.domain.errors import BadInput
from qunguan.domain.scripts import KINDS, Script, everyday, fill, place_said, typed_kind
from qunguan.i18n import _, ngettext

_KINDS = ", ".join(KINDS)


def register(parser: argparse.ArgumentParser, noun: str) -> None:
    """The verbs of scripts."""
    verb = verbs(parser)
    lists = verb("list", listing, _("the scripts, by what they are for"))
    lists.add_argument(
        "search", metavar="TEXT", nargs="?", default="", help=_("in name and text, or pinyin of the name")
    )
    lists.add_argument("--kind", metavar="KIND", help=_KINDS)
    _named(verb("show", show, _("a script with its places, and what is to be said of its words")))
    copy = _named(verb("copy", copy_text, _("the text with its places filled, to be sent")))
    copy.add_argument("--set", dest="values", metavar="PLACE=WORDS", action="append", default=[],
                      help=_("what belongs into a place; as often as there are places"))  # fmt: skip
    copy.add_argument("--group", metavar="GROUP", help=_("fills {group}: by id or name; without it the one in hand"))
    make = verb("add", add, _("write a script of your own"), writes=True)
    make.add_argument("name", metavar="NAME")
    _terms(make)
    change = _named(verb("edit", edit, _("change a script; a changed shipped one is your own"), writes=True))
    change.add_argument("--name", dest="new_name", metavar="NAME", help=_("another name"))
    _terms(change)
    _named(verb("reset", reset, _("back to the shipped text"), writes=True))
    _named(verb("remove", remove, _("take off a script of your own"), writes=True))


def _named(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    parser.add_argument("name", metavar="NAME", help=_("its name, or what finds only this one"))
    return parser


def _terms(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--kind", metavar="KIND", help=_KINDS)
    parser.add_argument("--title", metavar="TEXT", help=_("when it is sent"))
    parser.add_argument("--text", metavar="TEXT", help=_("the text; - reads it from standard input"))


def listing(context: Context) -> None:
    """Print the scripts."""
    from qunguan.services import scripts

    kind = typed_kind(context.options.kind) if context.options.kind else None
    with context.desk() as desk:
        found = desk.read(scripts.library, kind=kind, search=context.options.search)
    rows = [(_(KINDS[each.kind]), each.name, _whose(each), each.title) for each in found]
    lines = columns((_("for"), _("name"), _("from"), _("when it is sent")), rows) if found else [
        _("No script is found. Next: qunguan script add NAME --text TEXT writes one")
    ]  # fmt: skip
    context.answer({"scripts": [_document(each) for each in found]}, lines)


def show(context: Context) -> None:
    """Print a script. Raises NotFound, Ambiguous."""
    from qunguan.services import scripts

    with context.desk() as desk:
        found = desk.read(scripts.find, context.options.name)
    doubts = lint.findings(found.text)
    lines = [f"{found.name} · {_(KINDS[found.kind])} · {_whose(found)}", *([found.title] if found.title else []), "",
             *found.text.splitlines(), ""]  # fmt: skip
    if found.places:
        lines.append(_("Places: {places}", places=places_said(found.places)))
    lines.append(_("Next: qunguan script copy {name} --set PLACE=WORDS", name=found.name))
    context.answer({"script": _document(found), "findings": lint_document(doubts)}, [*lines, *_doubts(doubts)])


def copy_text(context: Context) -> None:
    """Print the filled text. Raises NotFound, Ambiguous, BadInput."""
    from qunguan.services import groups, scripts

    values = dict(place_value(each) for each in context.options.values)
    with context.desk() as desk:
        found = desk.read(scripts.find, context.options.name)
        group = desk.read(groups.find, context.options.group)
    known = everyday(group.name, context.clock.today(group.day_rule))
    filled = fill(found.text, known | values)
    doubts = lint.findings(filled.text)
    idle = [name for name in values if fill(found.text, {name: name}).text == found.text]
    document = {"name": found.name, "text": filled.text, "missing": list(filled.missing), "unused": idle,
                "findings": lint_document(doubts)}  # fmt: skip
    context.answer(document, filled.text.splitlines())
    if not context.json:
        if filled.missing:
            context.note(_("Still to be filled: {places}", places=places_said(filled.missing)))
        if idle:
            context.note(_("The text has no such place: {places}", places=_(", ").join(idle)))
        for line in _doubts(doubts):
            context.note(line)


def add(context: Context) -> None:
    """Write a script. Raises BadInput, Refused."""
    from qunguan.services import scripts

    options = context.options
    with context.desk() as desk:
        made = context.write(desk, scripts.add, options.name, options.kind or "other", _text(options.text) or "",
                             options.title or "")  # fmt: skip
    _tell(context, made, _("Script {name} is written", name=made.name))


def edit(context: Context) -> None:
    """Change a script. Raises NotFound, Ambiguous, BadInput, Refused."""
    from qunguan.services import scripts

    options = context.options
    with context.desk() as desk:
        made = context.write(desk, scripts.edit, options.name, text=_text(options.text), kind=options.kind,
                             title=options.title, new_name=options.new_name)  # fmt: skip
    _tell(context, made, _("Script {name}: {whose}", name=made.name, whose=_whose(made)))


def reset(context: Context) -> None:
    """Back to what was shipped. Raises NotFound, Ambiguous, Refused."""
    from qunguan.services import scripts

    with context.desk() as desk:
        made = context.write(desk, scripts.reset, context.options.name)
    _tell(context, made, _("Script {name}: {whose}", name=made.name, whose=_whose(made)))


def remove(context: Context) -> None:
    """Take a script off. Raises NotFound, Ambiguous, Refused."""
    from qunguan.services import scripts

    with context.desk() as desk:
        gone = context.write(desk, scripts.remove, context.options.name)
    context.answer({"script": _document(gone)}, [_("Taken off: {title}", title=gone.name),
                                                 _("Next: qunguan undo brings it back")])  # fmt: skip


def _tell(context: Context, made: Script, line: str) -> None:
    doubts = lint.findings(made.text)
    following = _("Next: qunguan script copy {name} --set PLACE=WORDS", name=made.name)
    document = {"script": _document(made), "findings": lint_document(doubts)}
    context.answer(document, [line, following, *_doubts(doubts)])


def place_value(text: str) -> tuple[str, str]:
    """A place and its words as they are typed: benefit=半价券. Raises BadInput."""
    place, sign, words = text.partition("=")
    if not sign or not place.strip():
        raise BadInput("{text} fills no place", hint="write it like --set benefit=半价券", text=text[:40])
    return place.strip().strip("{}"), words


def _text(given: str | None) -> str | None:
    return sys.stdin.read() if given == "-" else given


def _whose(script: Script) -> str:
    if not script.own:
        return _("shipped")
    return _("shipped, changed by you") if script.shipped else _("your own")


def places_said(names: Iterable[str]) -> str:
    """The names of places, each with what belongs there."""
    return _(", ").join(f"{name} ({said})" if (said := place_said(name)) != name else name for name in names)


def _doubts(found: Sequence[lint.Finding]) -> list[str]:
    if not found:
        return []
    head = ngettext(
        "{n} place in the text is to be looked at:", "{n} places in the text are to be looked at:", len(found)
    )
    return [head, *(f"  {_(lint.LEVELS[one.level])} · {one.text or '—'} · {one.why}" for one in found)]


def _document(script: Script) -> dict[str, Any]:
    document: dict[str, Any] = jsonable(script)
    return document | {"places": list(script.places), "source": script.source or None}
