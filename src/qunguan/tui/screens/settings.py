"""Settings: groups, rules with their sources, backups, the file, what undo would take back, the language."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.widgets import Static
from textual.worker import Worker

from qunguan.domain.rule_words import rule_value
from qunguan.domain.rules import RuleState
from qunguan.i18n import _, language, ngettext
from qunguan.tui.bindings import bindings
from qunguan.tui.flow import begin, run, unless_gone
from qunguan.tui.screens.searched import SearchedScreen
from qunguan.tui.screens.settings_lines import (
    Line,
    LineSource,
    columns,
    found,
    group_of,
    lines,
    people,
)
from qunguan.tui.text import literal
from qunguan.tui.widgets.dialogs import Confirm, TextView
from qunguan.tui.widgets.paged_table import PagedTable
from qunguan.tui.widgets.search_box import SearchBox, nothing_found


class SettingsScreen(SearchedScreen):
    """One list with sections; what a key does depends on the line under the cursor. `/` leaves the lines it finds."""

    noun = "settings"
    KEEPS = ("_keys", "_source")
    BINDINGS = bindings("settings")

    def __init__(self) -> None:
        super().__init__()
        self._source = LineSource((), {})
        self._lines: list[Line] = []
        self._keys: dict[str, int] = {}

    def body(self) -> ComposeResult:
        """A line of figures, the search line and the list."""
        yield Static("", classes="headline", markup=False)
        box = SearchBox(_("a rule, what it is about, or its pinyin"), self._typed)
        box.display = False
        yield box
        yield PagedTable(columns(), classes="main")

    @property
    def table(self) -> PagedTable:
        """The list."""
        return self.query_one(PagedTable)

    @property
    def line(self) -> Line | None:
        """The line under the cursor."""
        return self._source.lines[self.table.cursor_row] if self._source.lines else None

    def _rule(self) -> RuleState:
        assert self.line is not None
        state: RuleState = self.line.thing
        return state

    async def load(self) -> None:
        """Read everything again; the cursor stays on its line."""
        from qunguan.services import settings

        first = not self._source.lines
        view = await self.desk.read(settings.view)
        backups, facts = await self.desk.backups(), await self.desk.facts()
        if not self.is_attached:  # the program was left meanwhile
            return
        own = sum(state.changed or state.enabled != state.rule.enabled for state in view.rules)
        parts = [
            ngettext("{n} group", "{n} groups", len(view.groups)),
            ngettext("{n} rule", "{n} rules", len(view.rules)),
            _("{n} of them yours (*)", n=own),
            ngettext("{n} backup", "{n} backups", len(backups)),
        ]
        self.query_one(".headline", Static).update(literal(" · ".join(parts)))
        self._lines = lines(view, backups, facts, self.room.day_rule)
        await self._show()
        if first and self.is_attached:
            await self.table.move_to(1)  # the first line that can be opened
            self.table.show_from(0)  # and the heading above it, whatever height the list has by now

    async def _show(self, *, keep: bool = True) -> None:
        """The lines the search finds; without `keep` the cursor goes to the first."""
        search = self.query_one(SearchBox).value
        self._source = LineSource(found(self._lines, search), self._keys)
        self.table.configure(columns=columns(), empty=nothing_found(search) if search else "")
        await self.table.set_source(self._source, keep=keep)
        self.offer()

    def _typed(self, _text: str) -> Worker[None]:
        async def look() -> None:
            with unless_gone(self):
                await self._show(keep=False)

        return run(self, look, group="search", exclusive=True)

    async def do_search(self) -> None:
        """Search as you type."""
        box = self.query_one(SearchBox)
        box.display = True
        self.set_focus(box)

    async def leave(self) -> None:
        """Esc: every line again, the cursor on the one it was on."""
        box, table = self.query_one(SearchBox), self.table
        here = table.current.key if table.current else None
        box.value = ""
        box.display = False
        self.set_focus(table)
        await box.answered()
        place = None if here is None else await self._source.find(here)
        if place is not None and self.is_attached:
            await table.move_to(place)

    def on_paged_table_row_highlighted(self) -> None:
        """Other lines offer other keys."""
        self.offer()

    async def on_paged_table_row_selected(self) -> None:
        """Enter."""
        await self.action_do("open")

    # -- actions

    def blocked(self, verb: str) -> str:
        """What the line under the cursor does not know."""
        kind = self.line.kind if self.line else "heading"
        if verb in ("search", "add", "backup", "doctor", "language"):
            return ""
        if verb == "switch" and kind != "rule":
            return _("only a rule can be switched on and off")
        if verb == "reset" and kind not in ("rule", "group"):
            return _("this line has nothing to go back to: choose a rule, or a group to put away")
        if verb == "edit" and kind not in ("rule", "group"):
            return _("choose a rule or a group to change")
        if verb == "why" and kind not in ("rule", "group"):
            return _("choose a rule or a group: w tells where its number comes from")
        if verb == "open" and kind == "heading":
            return _("this is a heading; ↓ goes on")
        if verb == "open" and kind in ("step", "version"):
            return _("there is nothing to open here; u takes the newest step back")
        return ""

    async def do_open(self) -> None:
        """Edit, restore, look at the file, switch the language: by the line."""
        from qunguan.tui.screens import settings_file

        assert self.line is not None
        match self.line.kind:
            case "group" | "rule":
                await self.do_edit()
            case "backup":
                begin(self, settings_file.restore(self, self.line.thing))
            case "file":
                await self.do_doctor()
            case "language":
                await self.do_language()

    async def do_add(self) -> None:
        """A new group."""
        from qunguan.tui.screens import settings_forms

        await self.app.push_screen(settings_forms.group_form(self, None))

    async def do_edit(self) -> None:
        """The form of the rule or the group."""
        from qunguan.tui.screens import settings_forms

        assert self.line is not None
        if self.line.kind == "group":
            await self.app.push_screen(settings_forms.group_form(self, group_of(self.line)))
        elif self._rule().rule.kind == "choice":
            begin(self, self._choose(self._rule()))
        else:
            await self.app.push_screen(settings_forms.rule_dialog(self, self._rule()))

    async def _choose(self, state: RuleState) -> None:
        from qunguan.tui.screens import settings_forms

        chosen = await self.app.push_screen_wait(settings_forms.choice_dialog(state))
        if chosen is not None:
            await settings_forms.change_rule(self, state, chosen, "")

    async def do_switch(self) -> None:
        """Switch the rule on or off."""
        from qunguan.services import rules

        state = await self.desk.write(rules.switch, self._rule().rule.id, enabled=not self._rule().enabled)
        word = _("on") if state.enabled else _("off")
        self.say(_("{rule}: {state}", rule=_(state.rule.label), state=word))
        await self.room.changed()

    async def do_reset(self) -> None:
        """Back to the preset, or a group put away; both ask."""
        assert self.line is not None
        begin(self, self._put_away() if self.line.kind == "group" else self._reset(self._rule()))

    async def _reset(self, state: RuleState) -> None:
        from qunguan.services import rules

        if not state.changed and state.enabled == state.rule.enabled:
            self.say(_("this rule is as it was shipped"))
            return
        title = _("Back to the preset: {rule}?", rule=_(state.rule.label))
        now, shipped = (rule_value(state.rule, each) for each in (state.value, state.rule.value))
        if await self.app.push_screen_wait(Confirm(title, [_("from {now} to {preset}", now=now, preset=shipped)])):
            await self.desk.write(rules.reset, state.rule.id)
            await self.room.changed()

    async def _put_away(self) -> None:
        from qunguan.services import groups

        assert self.line is not None
        group, capacity = self.line.thing
        away = group.archived_on is None
        details = [people(capacity), _("Nothing in it is lost; Del brings it back.")]
        if away and not await self.app.push_screen_wait(Confirm(_("Put away {name}?", name=group.name), details)):
            return
        await self.desk.write(groups.archive, group.id, archived=away)
        self.say(_("Put away: {name}", name=group.name) if away else _("Brought back: {name}", name=group.name))
        await self.room.changed()

    async def do_backup(self) -> None:
        """A verified backup, now."""
        from qunguan.tui.screens import settings_file

        await settings_file.back_up(self)

    async def do_archive(self) -> None:
        """Everything, to one file."""
        from qunguan.tui.screens import settings_file

        settings_file.archive(self)

    async def do_doctor(self) -> None:
        """Every check."""
        from qunguan.tui.screens import settings_file

        await settings_file.examine(self)

    async def do_language(self) -> None:
        """Chinese or English, from now on; `--lang` says otherwise for one run."""
        from qunguan.services import settings

        tongue = "en" if language() == "zh" else "zh"
        await self.desk.write(settings.speak, tongue)
        await self.room.speak(tongue)
        self.say(_("The screens speak English now"))

    async def do_why(self) -> None:
        """Where a number comes from, and its history."""
        from qunguan.services import rules
        from qunguan.tui.screens import settings_forms

        assert self.line is not None
        if self.line.kind == "group":
            group, capacity = self.line.thing
            await self.app.push_screen(TextView(group.name, settings_forms.group_why(group, capacity)))
            return
        state = self._rule()
        changes = await self.desk.read(rules.history, state.rule.id)
        told = settings_forms.rule_why(state, changes, self.room.day_rule)
        await self.app.push_screen(TextView(_(state.rule.label), told))


SCREEN = SettingsScreen
