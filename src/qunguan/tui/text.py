"""The only door for foreign text into widgets.

Textual reads a plain `str` as markup: a member called `[/]` ends the program, `[red]` vanishes, `[@click=…]` becomes
a live link; and it sends escape sequences on to the terminal (quality 2.3.8). What goes through here is literal, every
control is a visible picture, and every terminal gives it the same width. A test holds all screens to it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from textual.content import Content

from qunguan.domain.text import screen
from qunguan.late import pattern
from qunguan.tui import wrapping

if TYPE_CHECKING:
    from rich.text import Text
    from textual.app import App

Severity = Literal["information", "warning", "error"]
Part = str | Content | tuple[str, str]

_TAB = 4
_OBEYED = pattern("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


wrapping.install()


def literal(s: str, style: str = "") -> Content:
    """`s` on one line as widgets take it: Static, Label, Button, Option, titles, tooltips. `style` is ours."""
    return Content.styled(screen(s), style) if style else Content(screen(s))


def lines(s: str, style: str = "") -> Content:
    """Like `literal`, but line ends stay line ends and tabs are blanks: notes, scripts, reports."""
    safe = "\n".join(screen(line.expandtabs(_TAB)) for line in s.splitlines())
    return Content.styled(safe, style) if style else Content(safe)


def joined(*parts: Part) -> Content:
    """One line of parts: foreign strings, `(foreign string, style)` pairs, and what came from this door before."""
    return Content.assemble(*(_part(part) for part in parts))


def _part(part: Part) -> Content | tuple[str, str]:
    if isinstance(part, Content):
        return part
    if isinstance(part, str):
        return literal(part)
    return screen(part[0]), part[1]


def plain(s: str) -> Text:
    """`s` for the widgets that take Rich text: DataTable, Tree, RichLog."""
    from rich.text import Text

    return Text(screen(s))


def pasted(s: str) -> str:
    """Pasted text without what a terminal would obey: an input line draws what it holds as it is. Tabs and line ends
    stay, because rows are made of them; `domain.text.clean` drops the rest on the way in anyway."""
    return _OBEYED().sub("", s)


def notice(app: App[Any], text: str, severity: Severity = "information") -> None:
    """Show `text` for a few seconds: what was done, or an error's own line (`hints.in_keys`). Line ends stay."""
    from qunguan.tui.hints import in_keys

    app.notify("\n".join(map(screen, in_keys(text).splitlines())), severity=severity, markup=False)
