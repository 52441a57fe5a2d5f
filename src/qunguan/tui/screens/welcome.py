"""The guided start where there is no database yet: the group, its people, a first challenge. Every step can be skipped.

Nothing is written before the first step is answered; the sample community is one key away.
"""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from qunguan.domain.errors import UserError
from qunguan.i18n import _
from qunguan.tui.screens.settings_lines import PLATFORMS
from qunguan.tui.text import joined, literal, notice
from qunguan.tui.widgets.choose import Choice, Choose
from qunguan.tui.widgets.dialogs import Dialog

if TYPE_CHECKING:
    from qunguan.tui.app import QunguanApp

_DEMO = "qunguan.services.demo"


async def guide(room: QunguanApp) -> None:
    """Lead through the steps, one dialog each; between them keys wait. Must run in a worker (`flow.begin`)."""
    asked = await _first(room)
    try:
        if asked and room.group is not None:
            await _people(room, room.group.id)
            await _challenge(room)
    except UserError as error:
        notice(room, str(error), "error")
    await room.changed()


async def _first(room: QunguanApp) -> bool:
    """The group, or the sample; asked again until a database is open. Returns whether to go on asking."""
    while True:
        way = await room.push_screen_wait(Begin())
        try:
            if way == "sample":
                await _sample(room)
                return False
            answer = await room.push_screen_wait(FirstGroup()) if way == "own" else None
            name, platform = answer or (_("my community"), next(iter(PLATFORMS)))
            await _make(room, name, platform)
            return way == "own"
        except UserError as error:
            notice(room, str(error), "error")


async def _make(room: QunguanApp, name: str, platform: str) -> None:
    from qunguan.services import groups

    if not room.desk.ready:
        await room.desk.open(create=True)
    await room.desk.write(groups.create, name, platform=platform)
    await room.opened()


async def _sample(room: QunguanApp) -> None:
    """Open a fresh copy of the sample community, beside the owner's own place; an earlier copy is replaced."""
    from qunguan.services import demo

    desk = room.desk
    desk.path = await desk.call(demo.make_copy, demo.default_path(), room.clock, replace=True)
    await desk.open()
    await room.opened()


async def _people(room: QunguanApp, group_id: int) -> None:
    from qunguan.tui.screens.members_import import import_roster

    try:
        await import_roster(room, group_id, step=_("Step 2 of 3 · who is in the group? Esc skips it"))
    except UserError as error:
        notice(room, str(error), "error")


async def _challenge(room: QunguanApp) -> None:
    from qunguan.domain.challenges import templates
    from qunguan.services import checkins

    choices = [Choice(each.id, _(each.label)) for each in templates().values()]
    title = _("Step 3 of 3 · a first challenge for everybody, from today on? Esc skips it")
    template_id = await room.push_screen_wait(Choose(title, choices))
    if template_id is not None:
        await room.desk.write(checkins.start, who="all", template_id=template_id)


class Begin(Dialog[str]):
    """Own group, sample, or skip: gives back "own", "sample" or None."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("d,ｄ,D", "sample", show=False),
        Binding("q,ｑ", "quit", show=False),
        Binding("enter", "take", show=False, priority=True),  # at once: the next key is for what comes after
    ]

    def __init__(self) -> None:
        super().__init__(_("Welcome to qunguan"), _("↑ ↓ Enter choose · Esc skip everything · q quit"))
        self._has_sample = find_spec(_DEMO) is not None

    def contents(self) -> ComposeResult:
        """What the program is, in one line, and the ways to begin."""
        yield Static(literal(_("Your community on one screen: who is there, who checked in, what they earned.")))
        yield Static(literal(_("Everything stays in one file on this computer.")), classes="muted")
        yield Static("")
        options = [Option(joined(_("Start with my own group: three short steps")), id="own")]
        if self._has_sample:
            options.append(Option(joined(_("Look around in the sample community first: press d")), id="sample"))
        yield OptionList(*options, markup=False)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """A click."""
        self.dismiss(event.option_id)

    def action_take(self) -> None:
        """Enter takes the highlighted one."""
        listing = self.query_one(OptionList)
        self.dismiss(listing.get_option_at_index(listing.highlighted or 0).id)

    async def action_quit(self) -> None:
        """Leave the program; nothing was written."""
        self.app.exit(0)

    def action_sample(self) -> None:
        """The sample."""
        if self._has_sample:
            self.dismiss("sample")


class FirstGroup(Dialog[tuple[str, str] | None]):
    """The group's name and platform; Enter makes the database. Gives back both, or None for Esc."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", show=False, priority=True),
        Binding("down", "move(1)", show=False, priority=True),
        Binding("enter", "take", show=False, priority=True),  # at once: the next key is for what comes after
    ]

    def __init__(self) -> None:
        title = _("Step 1 of 3 · what is your group called, and where does it live?")
        super().__init__(title, _("type the name · ↑ ↓ platform · Enter goes on · Esc skips"))

    def contents(self) -> ComposeResult:
        """A line for the name, the platforms below."""
        yield Input(placeholder=_("my community"), compact=True)
        yield OptionList(*(Option(joined(_(name)), id=key) for key, name in PLATFORMS.items()), markup=False)

    def on_mount(self) -> None:
        listing = self.query_one(OptionList)
        listing.can_focus = False
        listing.highlighted = 0

    def action_move(self, step: int) -> None:
        """Another platform, while the cursor stays in the name."""
        listing = self.query_one(OptionList)
        listing.highlighted = ((listing.highlighted or 0) + step) % listing.option_count

    def on_option_list_option_selected(self, _event: OptionList.OptionSelected) -> None:
        """A click chooses the platform; typing goes on."""
        self.set_focus(self.query_one(Input))

    def action_take(self) -> None:
        """Enter takes both, once the name can be a name."""
        from qunguan.domain.groups import checked_group

        platform = list(PLATFORMS)[self.query_one(OptionList).highlighted or 0]
        name = self.query_one(Input).value.strip() or _("my community")
        try:
            checked_group(name, platform)
        except UserError as error:
            self.wrong(str(error))
        else:
            self.dismiss((name, platform))
