"""How scripts are drawn: a line each, and beside it the text with its places marked and what is doubtful in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from zlib import crc32

from textual.content import Content

from qunguan.domain.lint import findings
from qunguan.domain.scripts import KINDS, Script, pieces, place_said
from qunguan.domain.sources import cited
from qunguan.domain.text import match_key
from qunguan.i18n import _, ngettext
from qunguan.tui.outgoing import told
from qunguan.tui.text import joined, literal
from qunguan.tui.widgets.paged_table import Cell, Column


def key(one: Script) -> int:
    """A number that stays with the name: shipped scripts have no id."""
    return crc32(match_key(one.name).encode())


def columns() -> tuple[Column, ...]:
    """Whose it is, what for, its name, when it is sent."""
    return (
        Column("", width=1), Column(_("for"), width=12, drop=1), Column(_("script"), width=18),
        Column(_("when it is sent"), flex=1, minimum=16),
    )  # fmt: skip


def cells(one: Script) -> tuple[Cell | str, ...]:
    """The line of a script."""
    mark = Cell("●", "done") if one.own else Cell("○", "dim")
    return mark, Cell(_(KINDS[one.kind]), "dim"), Cell(one.name, "strong"), Cell(one.title, "dim")


def headline(found: Sequence[Script], kind: str) -> Content:
    """How many, of which kind, how many of one's own."""
    parts = [literal(ngettext("{n} script", "{n} scripts", len(found)), "bold")]
    if kind:
        parts.append(literal(_("only {kind}", kind=kind), "$text-accent"))
    if own := sum(one.own for one in found):
        parts.append(literal(f"● {_('your own')} {own}", "$text-success"))
    parts.append(literal(f"○ {_('shipped')} {sum(not one.own for one in found)}", "$text-muted"))
    return Content("   ").join(parts)


def whose(one: Script) -> str:
    """Where it comes from."""
    if not one.own:
        return _("shipped")
    return _("shipped, changed by you") if one.shipped else _("your own")


def side(one: Script) -> Content:
    """The text, its places marked, and what is doubtful in its words."""
    lines = [literal(one.name, "bold"), literal(f"{_(KINDS[one.kind])} · {whose(one)}", "$text-muted"), Content("")]
    lines += marked(one.text)
    if one.places:
        names = _(", ").join(place_said(place) for place in one.places)
        lines += [Content(""), joined((_("to be filled: "), "$text-muted"), names)]
    if found := findings(one.text):
        lines += [Content(""), *told(found)]
    return Content("\n").join(lines)


def marked(text: str) -> list[Content]:
    """The lines of a text, its places in another colour."""
    return [
        joined(*((piece, "bold $text-accent" if is_place else "") for piece, is_place in pieces(line)))
        for line in text.split("\n")
    ]


def why(one: Script) -> Iterator[Content]:
    """What is doubtful in its words, and where it comes from."""
    found = findings(one.text)
    yield from told(found) if found else [literal(_("Nothing speaks against it."))]
    for code in dict.fromkeys(each.source for each in found):
        yield from (literal(f"    {line}", "$text-muted") for line in cited(code))
    if one.source:
        yield Content("")
        yield from (literal(line, "$text-muted") for line in cited(one.source))


def empty_text() -> str:
    """What an empty list says."""
    return _("No script of this kind.\n\nf shows another kind, a writes one of your own.")
