"""`qunguan keys`: the key sheet, out of the same table the screens are bound by."""

from __future__ import annotations

import argparse

from qunguan.cli.command import Context
from qunguan.domain.actions import Action, nouns, of, shown
from qunguan.i18n import _


def register(parser: argparse.ArgumentParser, noun: str) -> None:
    """No arguments."""
    parser.set_defaults(command=sheet)


def sheet(context: Context) -> None:
    """Print the key sheet as Markdown."""
    context.answer({"actions": [_document(action) for action in _all()]}, lines())


def lines() -> list[str]:
    """The key sheet as lines of Markdown, in the language in force."""
    found = [f"# {_('Keys')}", ""]
    for noun, title in (("app", _("Everywhere")), *nouns()):
        actions = of(noun)
        if actions:
            found += [f"## {title}", "", f"| {_('key')} | {_('does')} |", "|---|---|"]
            found += [f"| {_keys(action)} | {_(action.help)} |" for action in actions]
            found.append("")
    return found


def _keys(action: Action) -> str:
    return " ".join(f"`{shown((key,))}`" for key in action.keys)


def _all() -> list[Action]:
    return [action for noun in ("app", *dict(nouns())) for action in of(noun)]


def _document(action: Action) -> dict[str, object]:
    return {"id": action.id, "keys": action.keys, "help": _(action.help), "destructive": action.destructive}
