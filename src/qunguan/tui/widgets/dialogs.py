"""Dialogs: a box in the upper half of the screen that asks one thing and gives back an answer, or None for Esc."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import ClassVar, Literal, TypeVar

from rich.cells import cell_len
from textual._time import get_time
from textual.actions import SkipAction
from textual.app import ComposeResult
from textual.await_complete import AwaitComplete
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from qunguan.domain.errors import BadInput, UserError
from qunguan.domain.text import match_key
from qunguan.i18n import N_, _
from qunguan.tui import day_lines
from qunguan.tui.compositor import WholeNotices
from qunguan.tui.flow import Steady
from qunguan.tui.hints import in_keys
from qunguan.tui.text import joined, literal
from qunguan.tui.widgets.line_box import LineBox
from qunguan.values import frozen

T = TypeVar("T")


class Dialog(Steady, ModalScreen[T]):
    """A box with a title, its contents, and one line that says which keys do what.

    One with many keys has a SHEET: (keys as they are read, what they do) pairs of message IDs, shown for `?` and F1.
    """

    DEFAULT_CSS = """
    Dialog {
        align: center top;
        background: $background 60%;

        & > .box {  /* in the upper half, where a candidate window of an input method has room */
            margin: 3 0 0 0;
            width: 72;
            max-width: 96%;
            height: auto;
            max-height: 95%;
            background: $surface;
            border: round $primary;
            padding: 0 2;
        }
        & > .box.wide { width: 112; height: 85%; margin: 1 0 0 0; }
        & .title { height: auto; text-style: bold; margin: 0 0 1 0; }
        & .keys { height: 1; color: $text-muted; margin: 1 0 0 0; }
        & .wrong { height: auto; color: $text-error; }
        & .field { height: auto; layout: horizontal; }
        & .field > .name { width: 18; color: $text-muted; }
        & .field > Input { width: 1fr; }
        & Input { height: 1; border: none; background: $boost; padding: 0 1; }
        & Input:focus { border: none; background: $primary 30%; }
        & TextArea { height: 1fr; min-height: 8; border: none; background: $boost; }
        & TextArea:focus { border: none; }
        & VerticalScroll { height: auto; max-height: 50vh; }
        & .wide VerticalScroll { height: 1fr; max-height: 100%; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", show=False),
        Binding("question_mark,fullwidth_question_mark,f1", "sheet", show=False),
    ]
    WIDE: ClassVar[bool] = False
    SHEET: ClassVar[tuple[tuple[str, str], ...]] = ()

    def __init__(self, title: str, keys: str) -> None:
        """`title` asks; `keys` says which keys answer. Both are shown literally."""
        super().__init__()
        self._compositor = WholeNotices()
        self._title = title
        self._answered = False
        self.ready = False  # to be typed at: it is drawn, and what takes the keys has the keyboard
        self._keys = f"{keys} · {_('? keys')}" if self.SHEET else keys

    def compose(self) -> ComposeResult:
        """The box: title, contents, what is wrong, keys."""
        with Vertical(classes="box wide" if self.WIDE else "box"):
            yield Static(literal(self._title), classes="title")
            yield from self.contents()
            yield Static("", classes="wrong", markup=False)
            yield Static(literal(self._keys), classes="keys")

    def on_screen_resume(self) -> None:
        """It is on top; once the app has heard who has the keyboard, it takes keys."""
        if not self.ready:
            self.call_after_refresh(self.app.call_later, self._take_keys)

    def _take_keys(self) -> None:
        self.ready = True

    def contents(self) -> ComposeResult:
        """The widgets of the box."""
        yield from ()

    def wrong(self, text: str) -> None:
        """Say in the box what is wrong with the answer (`hints.in_keys`); "" clears it."""
        self.query_one(".wrong", Static).update(literal(in_keys(text)))

    def action_sheet(self) -> None:
        """What each key does here, where the line below has no room for it."""
        if self.SHEET:
            keys = [(_(key), _(does)) for key, does in self.SHEET]
            self.app.push_screen(TextView(_("What the keys do here"), _in_columns(keys)))

    def action_leave(self) -> None:
        """Esc: no answer."""
        self.dismiss(None)

    def dismiss(self, result: T | None = None) -> AwaitComplete:
        """Close with this answer, once: a second Enter that was on its way answers nothing, here or beneath."""
        if self._answered:
            return AwaitComplete()
        self._answered = True
        keys = getattr(self.app, "keys", None)
        if keys is not None and len(self.app.screen_stack) > 1:
            keys.closed(self.app.screen_stack[-2], get_time())
        return super().dismiss(result)


def _in_columns(pairs: Sequence[tuple[str, str]]) -> list[Content]:
    """A line for each pair, the second parts below one another."""
    room = max(cell_len(first) for first, _second in pairs) + 2
    return [joined((first + " " * (room - cell_len(first)), "bold"), second) for first, second in pairs]


class Confirm(Dialog[bool]):
    """Ask before what is hard to reverse. Only `y` (or ｙ) says yes; the key that started it does not."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y,ｙ,Y", "yes", show=False),
        Binding("n,ｎ,N,enter", "leave", show=False),
    ]

    def __init__(self, title: str, details: Sequence[str] = ()) -> None:
        """`title` names what and how many; `details` are further lines."""
        super().__init__(title, _("y yes · n or Esc no"))
        self._details = details

    def contents(self) -> ComposeResult:
        """The further lines."""
        for line in self._details:
            yield Static(literal(line))

    def action_yes(self) -> None:
        """Yes."""
        self.dismiss(True)


class TextView(Dialog[None]):
    """Lines to read: why, a statement, a report. Any of Esc, Enter or q closes it."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter,q,ｑ,w,ｗ", "leave", show=False)]

    def __init__(self, title: str, lines: Sequence[str | Content]) -> None:
        super().__init__(title, _("↑ ↓ scroll · Esc close"))
        self._lines = lines

    def contents(self) -> ComposeResult:
        """The lines, scrolling."""
        with VerticalScroll():
            for line in self._lines:
                yield Static(line if isinstance(line, Content) else literal(line))

    def on_mount(self) -> None:
        for lines in self.query(VerticalScroll):  # none when the program is being left
            self.set_focus(lines)


_WORTH_ASKING = 2  # lines that were changed


@frozen
class Field:
    """One line of a form. `hint` stands in the empty line; `value` is what is there at first.

    `choices` are (value, words for it): the line shows the words and answers with the value; other text stays as typed.
    `day` makes it a line for a day, which may be typed without its year: the nearest such day, the last ("past") or the
    next one is meant (`day_lines`), said beside the line; the form answers with the whole day.
    """

    id: str
    label: str
    value: str = ""
    hint: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    day: Literal["", "near", "past", "next"] = ""

    @property
    def shown(self) -> str:
        """What the line shows at first."""
        return dict(self.choices).get(self.value, self.value)

    @property
    def takes(self) -> str:
        """What can stand in the line: its hint, and the words of its choices."""
        words = " / ".join(words for _value, words in self.choices)
        return " · ".join(each for each in (self.hint, words) if each)

    def answer(self, typed: str) -> str:
        """The value that what was typed stands for."""
        key = match_key(typed)
        return next((value for value, words in self.choices if key in (match_key(words), match_key(value))), typed)


@contextmanager
def of_line(label: str) -> Iterator[None]:
    """What is wrong in here is wrong in the line of this label."""
    try:
        yield
    except BadInput as error:
        error.where = error.where or label
        raise


class Form(Dialog[dict[str, str]]):
    """A few lines to fill in. Enter goes on to the next and on the last saves; what is wrong is said in the box.

    `save` gets the values and may raise a UserError: the box then stays open with everything typed still there.
    Where the error names the label of a line, that line has the cursor then (`of_line`).
    F1 tells the keys, and what each line takes: its hint is gone once something stands in the line.
    """

    SHEET = (
        ("Enter", N_("On to the next line; on the last one it saves")),
        ("↑  ↓", N_("Another line")),
        ("F3", N_("What can stand in the line")),
        ("F2", N_("Save from any line")),
        ("Esc", N_("Leave; nothing is saved")),
    )

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "app.focus_previous", show=False, priority=True),  # lines that scroll would scroll instead
        Binding("down", "app.focus_next", show=False, priority=True),
        Binding("ctrl+s,f2", "save", show=False),
        Binding("enter", "advance", show=False, priority=True),
        Binding("f3", "choose", show=False),
    ]
    DEFAULT_CSS = "Form .pick { width: auto; color: $text-muted; padding: 0 0 0 1; }"

    def __init__(
        self,
        title: str,
        fields: Sequence[Field],
        save: Callable[[dict[str, str]], Awaitable[None]],
        notes: Sequence[str] = (),
        said: str = "",
    ) -> None:
        """`said` is what was wrong with these values when they were given before."""
        super().__init__(title, "")
        keys = _("Enter next, saves on the last · F2 save · Esc leave")
        self._keys = f"{_('F3 choices')} · {keys}" if any(field.choices for field in fields) else keys
        self._fields, self._save, self._notes, self._said = fields, save, notes, said
        self._busy = False
        self._asked: list[str] = []  # what the lines said when it was asked whether to leave

    def on_mount(self) -> None:
        self.wrong(self._said)

    def contents(self) -> ComposeResult:
        """The fields, a line each."""
        for note in self._notes:
            yield Static(literal(note), classes="muted")
        for field in self._fields:
            with Horizontal(classes="field"):
                yield Static(literal(field.label), classes="name")
                yield LineBox(field.shown, placeholder=field.hint, id=f"field-{field.id}")
                if field.choices:
                    yield Static("▾ F3", classes="pick")
                elif field.day:
                    yield Static("", classes="pick", id=f"day-{field.id}")

    def on_input_changed(self, event: Input.Changed) -> None:
        """A day typed short is said in full beside its line."""
        for field in self._fields:
            if field.day and event.input.id == f"field-{field.id}":
                said = day_lines.said(event.value, field.day, day_lines.today_of(self.app))
                self.query_one(f"#day-{field.id}", Static).update(literal(said))

    def action_sheet(self) -> None:
        """The keys, then what each line takes."""
        chosen = any(field.choices for field in self._fields)
        keys = [(_(key), _(does)) for key, does in self.SHEET if chosen or key != "F3"]
        takes = [(field.label, field.takes) for field in self._fields if field.takes]
        lines = [*_in_columns(keys), *([Content(""), *_in_columns(takes)] if takes else [])]
        self.app.push_screen(TextView(_("What the keys do here"), lines))

    def action_choose(self) -> None:
        """What can stand in the line of the cursor, or else in the first line that has choices."""
        lines = {f"field-{field.id}": field for field in self._fields if field.choices}
        here = self.focused.id if self.focused is not None else None
        place = here if here in lines else next(iter(lines), None)
        if place is None:
            return
        line = self.query_one(f"#{place}", Input)

        def chosen(words: str | None) -> None:
            if words is not None:
                line.value = words
                self.set_focus(line)

        from qunguan.tui.widgets.choose import Choice, Choose

        choices = [Choice(words, words, also=value) for value, words in lines[place].choices]
        self.app.push_screen(Choose(lines[place].label, choices), chosen)

    def action_leave(self) -> None:
        """Esc: nothing is saved. Where several lines were filled in, only a second Esc throws them away."""
        said = [self.query_one(f"#field-{field.id}", Input).value for field in self._fields]
        changed = sum(text != field.shown for text, field in zip(said, self._fields, strict=True))
        if changed >= _WORTH_ASKING and said != self._asked:
            self._asked = said
            self.wrong(_("{n} lines are not saved: F2 saves them, Esc once more leaves", n=changed))
        else:
            super().action_leave()

    async def action_advance(self) -> None:
        """Enter: on to the next line, from the last one saved; at once, so that what is typed ahead is in no line that
        is being saved.
        """
        lines = list(self.query(Input))
        if self.focused not in lines:
            raise SkipAction
        if self.focused is lines[-1]:
            await self.action_save()
        else:
            self.set_focus(lines[lines.index(self.focused) + 1])

    async def action_save(self) -> None:
        """Save once, however often Enter is pressed."""
        if self._busy:
            return
        self._busy = True
        typed = {field.id: self.query_one(f"#field-{field.id}", Input).value.strip() for field in self._fields}
        values = {field.id: field.answer(typed[field.id]) for field in self._fields}
        try:
            for field in self._fields:
                if field.day and values[field.id]:
                    day = day_lines.read(values[field.id], field.day, day_lines.today_of(self.app), field.label)
                    values[field.id] = day.isoformat()
            await self._save(values)
        except UserError as error:
            self.wrong(str(error))
            self._busy = False
            if line := self._line_of(error, typed):
                self.set_focus(self.query_one(f"#field-{line}", Input))
        else:
            self.dismiss(values)

    def _line_of(self, error: UserError, typed: Mapping[str, str]) -> str:
        """The line an error is about: the one it names, or the only one in which stands what it quotes; "" for none."""
        named = [field.id for field in self._fields if field.label == error.where]
        told = {match_key(told) for told in error.values.values() if isinstance(told, str) and told}
        quoted = [line for line, text in typed.items() if text and match_key(text) in told]
        return named[0] if named else quoted[0] if len(quoted) == 1 else ""
