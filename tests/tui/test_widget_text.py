"""No foreign text reaches a widget but through `tui/text.py` (quality R32), and what passes it is literal."""

from __future__ import annotations

import ast
import unicodedata
from pathlib import Path

import pytest
from textual.app import App
from textual.content import Content
from textual.widgets import Static

import qunguan.tui
from qunguan.tui.text import joined, lines, literal, notice, plain
from tests.tui.test_table_cells import HOSTILE
from tests.tui.text_lint import exported, makers, unsafe_places

TUI = Path(qunguan.tui.__file__).parent
DOOR = TUI / "text.py"
FUNCTIONS = exported(DOOR) | {"meter"}


def test_no_screen_draws_text_that_did_not_pass_the_door():
    trees = {path: ast.parse(path.read_text(encoding="utf-8")) for path in sorted(TUI.rglob("*.py"))}
    calls = FUNCTIONS | makers(list(trees.values()))
    found = [
        f"{path.relative_to(TUI)}:{line}: {source}"
        for path, tree in trees.items()
        if path != DOOR
        for line, source in unsafe_places(tree, calls)
    ]
    assert not found, "wrap with a function of qunguan.tui.text:\n" + "\n".join(found)


BAD = [
    "Static(name)",
    "Static(member.name, markup=False)",
    "Label(f'{name}')",
    "Static(f'[b]{name}[/b]')",
    "Label(_('Hello {name}', name=name))",
    "Static(escape(name))",
    "Static(content=name)",
    "self.notify(str(error))",
    "self.app.notify(_('Saved'), title=name)",
    "table.add_row('1', name)",
    "table.add_row(*cells)",
    "Button(name)",
    "Option(name, id='x')",
    "Hit(1, name, run)",
    "Static('x', tooltip=name)",
    "widget.tooltip = name",
    "self.border_title = f'{name}'",
    "self.query_one(Static).update(name)",
    "Static(literal(a) if a else b)",
    "Static('a' + name)",
    "Static('%s' % name)",
    "Static('{}'.format(name))",
    "Static(', '.join(names))",
    "Content(name)",
    "Content.from_markup(name)",
    "Text.from_markup(name)",
    "Static(x)\nx = name",
    "def f(name: str):\n    return Static(name)",
    "def f(lines: list[str]):\n    for line in lines:\n        yield Static(line)",
    "def f():\n    x = literal(a)\n    if b:\n        x = a\n    return Static(x)",
    "class S:\n    def __init__(self, t):\n        self.t = t\n    def compose(self):\n        yield Static(self.t)",
    "Static(f'{n:>5}')",
    "Static(x if isinstance(x, str) else literal(x))",
]
GOOD = [
    "Static()",
    "Static('fixed')",
    "Static(_('Saved'))",
    "Static(ngettext('{n} member', '{n} members', n))",
    "Static(literal(name))",
    "Static(text.literal(name))",
    "Label(joined('昵称 ', (name, 'bold')))",
    "self.notify(_('Saved'), severity='warning')",
    "notice(self.app, name, 'error')",
    "table.add_row('1', plain(name), f'{n:,}')",
    "table.add_row(*[plain(cell) for cell in cells])",
    "Static(f'{share:.0%}')",
    "Static(f'{len(rows)}')",
    "Static(literal(a) if a else '')",
    "Static(literal(a) + joined(b))",
    "Static(meter(part, whole))",
    "widget.tooltip = literal(name)",
    "self.tooltip = None",
    "seen.update({name: 1})",
    "seen.update(name=1)",
    "seen.update((name, 1) for name in names)",
    "Content(' ')",
    "def f(line: Content):\n    return Static(line)",
    "def f(line: Content | None = None):\n    return Static(line or '')",
    "def f():\n    x = literal(a)\n    x = x + literal(b)\n    return Static(x)",
    "def f():\n    for label in ('a', 'b'):\n        yield Static(label)",
    "class S:\n    def __init__(self, t):\n        self.t = literal(t)\n    def f(self):\n        yield Static(self.t)",
    "class S:\n    def __init__(self, t: Content):\n        self.t = t\n    def f(self):\n        yield Static(self.t)",
    "Static(' ' * width)",
    "class S:\n    t: Content\n    def compose(self):\n        yield Static(self.t)",
    "def card(m) -> Content:\n    return literal(m)\nStatic(card(m))",
    "Static(x if isinstance(x, Content) else literal(x))",
]


@pytest.mark.parametrize("source", BAD)
def test_text_that_went_round_the_door_is_found(source):
    tree = ast.parse(source)
    assert list(unsafe_places(tree, FUNCTIONS | makers([tree])))


@pytest.mark.parametrize("source", GOOD)
def test_text_that_is_safe_is_left_alone(source):
    tree = ast.parse(source)
    assert list(unsafe_places(tree, FUNCTIONS | makers([tree]))) == []


@pytest.mark.parametrize("text", HOSTILE)
async def test_hostile_text_is_drawn_literally_and_without_controls(text):
    class Page(App[None]):
        def compose(self):
            yield Static(literal(text))
            yield Static(joined("〔", (text, "bold"), literal(text, "italic"), "〕"))
            yield Static(lines(f"{text}\n{text}"))

        def on_mount(self):
            self.query_one(Static).tooltip = literal(text)
            notice(self, text, "warning")

    app = Page()
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await pilot.pause()
        strips = app.screen._compositor.render_strips()
        drawn = "".join(strip.text for strip in strips)
        assert not any(unicodedata.category(ch) in ("Cc", "Cs", "Cf") for ch in drawn)
        assert not any("@click" in segment.style.meta for strip in strips for segment in strip if segment.style)
    assert not any(unicodedata.category(ch) in ("Cc", "Cs", "Cf") for ch in plain(text).plain)


def test_markup_is_text_and_line_ends_are_kept_only_where_they_are_meant():
    assert literal("[red]甲[/red]").plain == "[red]甲[/red]"
    assert literal("a\nb").plain == "a␊b"
    assert lines("a\tb\r\n[/]\n\x1bc").plain == "a   b\n[/]\n␛c"
    assert joined("[b]", ("[i]", "bold"), Content("x")).plain == "[b][i]x"
    assert plain("[/]:smile:").plain == "[/]:smile:"
