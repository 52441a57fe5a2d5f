"""What scripts ask the owner: what belongs into the places, and the texts of one's own."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from qunguan.domain.lint import GRAVE, LEVELS, findings
from qunguan.domain.names import typed_name
from qunguan.domain.scripts import KINDS, Kind, Script, Unfilled, blanks, everyday, fill, place_said, typed_kind
from qunguan.i18n import _
from qunguan.tui.outgoing import send_out
from qunguan.tui.screens.scripts_lines import key
from qunguan.tui.widgets.dialogs import Confirm, Field, Form
from qunguan.tui.widgets.text_box import TextBox

if TYPE_CHECKING:
    from qunguan.tui.screens.scripts import ScriptsScreen

_NOTE = "{group} {nick} {n} {today} {weekday}"


async def copy(screen: ScriptsScreen, one: Script) -> None:
    """Ask for what is missing, warn of what should not go out, copy."""
    room = screen.room
    known = everyday(room.group.name, room.today) if room.group else {}
    told = fill(one.text, known)
    values: dict[str, str] | None = {}
    if told.missing:
        fields = [Field(str(number), place_said(place)) for number, place in enumerate(told.missing)]
        notes = [_("What is left empty stays in braces.")]
        values = await screen.app.push_screen_wait(Form(_("Fill in {name}", name=one.name), fields, _kept, notes))
    if values is None:
        return
    filled = {place: values[str(number)] for number, place in enumerate(told.missing)}
    text = fill(one.text, known | filled).text
    open_ = blanks(text)
    grave = [found for found in findings(text) if found.level in GRAVE]
    if grave or open_:
        details = [str(Unfilled(open_))] if open_ else []
        details += [f"{_(LEVELS[found.level])} · {found.text or '—'} · {found.why}" for found in grave]
        if not await screen.app.push_screen_wait(Confirm(_("Copy it all the same?"), details)):
            return
    await send_out(room, text, f"script-{key(one):08x}", asked=True)


async def _kept(values: dict[str, str]) -> None:
    """Nothing is saved: the values go into the text."""


async def _named(values: dict[str, str]) -> None:
    typed_name(values["name"])
    typed_kind(values["kind"])


async def add(screen: ScriptsScreen, kind: Kind | None) -> None:
    """A script of one's own: its name and what it is for, then its text; it is kept with the text."""
    fields = _fields("", kind or "other", "")
    values = await screen.app.push_screen_wait(Form(_("A script of my own"), fields, _named))
    if values is None:
        return

    async def save(text: str) -> None:
        from qunguan.services import scripts

        made = await screen.desk.write(scripts.add, values["name"], values["kind"], text, values["title"])
        screen.say(_("Script {name} is written", name=made.name))
        screen.aim(key(made))
        await screen.room.changed()

    await _write(screen, values["name"], "", save)


async def write_text(screen: ScriptsScreen, one: Script) -> None:
    """Change the text."""
    from qunguan.services import scripts

    async def save(text: str) -> None:
        made = await screen.desk.write(scripts.edit, one.name, text=text)
        screen.say(_("The text of {name} is kept", name=made.name))
        screen.aim(key(made))
        await screen.room.changed()

    await _write(screen, one.name, one.text, save)


async def terms(screen: ScriptsScreen, one: Script) -> None:
    """Change what it is for and when it is sent; the name too where it is one's own."""
    from qunguan.services import scripts

    async def save(values: dict[str, str]) -> None:
        made = await screen.desk.write(
            scripts.edit, one.name, kind=values["kind"], title=values["title"], new_name=values.get("name")
        )
        screen.aim(key(made))
        await screen.room.changed()

    fields = _fields(one.name, one.kind, one.title)
    await screen.app.push_screen_wait(Form(one.name, fields[1:] if one.shipped else fields, save))


async def take_off(screen: ScriptsScreen, one: Script) -> None:
    """Take off one's own, or the changes to a shipped one."""
    from qunguan.services import scripts

    title = _("Go back to the shipped text of {name}?", name=one.name) if one.shipped else _("Take off {name}?",
                                                                                            name=one.name)  # fmt: skip
    if not await screen.app.push_screen_wait(Confirm(title, [_("u brings it back.")])):
        return
    await screen.desk.write(scripts.reset if one.shipped else scripts.remove, one.name)
    screen.say(_("{name} is as it was shipped", name=one.name) if one.shipped else _("{name} is taken off",
                                                                                    name=one.name))  # fmt: skip
    await screen.room.changed()


def _fields(name: str, kind: Kind, title: str) -> list[Field]:
    kinds = tuple((each, _(words)) for each, words in KINDS.items())
    return [Field("name", _("name"), name), Field("kind", _("for"), kind, choices=kinds),
            Field("title", _("when it is sent"), title)]  # fmt: skip


async def _write(screen: ScriptsScreen, name: str, text: str, save: Callable[[str], Awaitable[None]]) -> None:
    notes = [_("Filled in by themselves: {known}. Other places in braces are yours to fill.", known=_NOTE)]
    await screen.app.push_screen_wait(TextBox(_("Text of {name}", name=name), text, save, notes))
