"""The profile of the group in hand: what it is for, how full it is, its rules, who broke them, its timetable."""

from __future__ import annotations

from typing import ClassVar

from textual.content import Content

from qunguan.domain.positioning import welcome_text
from qunguan.domain.positioning_house import HouseRule, Violation, spoken
from qunguan.domain.positioning_view import Profile
from qunguan.i18n import _
from qunguan.tui.bindings import bindings
from qunguan.tui.flow import begin
from qunguan.tui.outgoing import send_out
from qunguan.tui.screens import positioning_lines as drawing
from qunguan.tui.screens.listing import Lines, Listing, ListScreen
from qunguan.tui.text import literal
from qunguan.tui.widgets.dialogs import Confirm, TextView

_OF_RULE: frozenset[str] = frozenset({"remove", "up", "down"})


class PositioningScreen(ListScreen):
    """One list in sections; what Enter, y and Del do depends on the line under the cursor."""

    noun = "positioning"
    KEEPS: ClassVar[tuple[str, ...] | None] = ()
    BINDINGS = bindings("positioning")

    def __init__(self) -> None:
        super().__init__()
        self._found: Profile | None = None
        self._lines: dict[int, drawing.Line] = {}
        self._seen_once = False

    # -- what is shown

    async def listing(self) -> Listing:
        """The profile of the group in hand, line by line."""
        from qunguan.services import positioning_view

        group = self.room.group
        self._found = None if group is None else await self.desk.read(
            positioning_view.profile, self.room.clock, group.id
        )  # fmt: skip
        told = () if self._found is None else drawing.profile(self._found)
        self._lines = {line.key: line for line in told}
        if not self._seen_once and told:
            self._seen_once, self._aimed = True, told[1].key  # below the first heading
        head = Content("") if self._found is None else drawing.headline(self._found)
        source = Lines(told, lambda line: line.key, drawing.cells)
        return Listing(drawing.columns(), source, head, drawing.empty_text(group is not None))

    async def beside(self, key: int) -> Content:
        """What the line means."""
        line = self._lines.get(key)
        return Content("") if line is None or self._found is None else drawing.side(line, self._found)

    def come_to_rule(self, rule_id: int) -> None:
        """Stand on this rule when the list is read again."""
        self._aimed = rule_id * 10 + 1

    @property
    def found(self) -> Profile:
        """The profile that is shown."""
        assert self._found is not None
        return self._found

    @property
    def line(self) -> drawing.Line | None:
        """The line under the cursor."""
        return None if self.key is None else self._lines.get(self.key)

    @property
    def rule(self) -> HouseRule | None:
        """The rule under the cursor."""
        line = self.line
        return line.thing if line is not None and line.kind == "rule" else None

    # -- actions

    def blocked(self, verb: str) -> str:
        """Everything is of a group; some of a rule."""
        if self._found is None:
            return _("choose a group first: g")
        if verb in _OF_RULE and self.rule is None:
            return _("choose a rule of the house")
        if verb == "copy" and not self._text():
            return _("there is nothing to copy yet: write rules (a) or a welcome (e)")
        return ""

    async def do_open(self) -> None:
        """Change what the line says, or read it whole."""
        line = self.line
        if line is not None and line.kind in ("violation", "size", "platform", "place"):
            told = drawing.side(line, self.found)
            await self.app.push_screen(TextView(line.label, [told]))
        else:
            await self.do_edit()

    async def do_edit(self) -> None:
        """The rule under the cursor, the welcome, else the card."""
        from qunguan.tui.screens import positioning_forms as forms

        group_id, line = self.found.group.id, self.line
        if self.rule is not None:
            begin(self, forms.edit_rule(self, group_id, self.rule))
        elif line is not None and line.kind == "welcome":
            begin(self, forms.edit_welcome(self, group_id))
        else:
            begin(self, forms.edit_card(self, group_id))

    async def do_add(self) -> None:
        """A rule of the house."""
        from qunguan.tui.screens import positioning_forms as forms

        begin(self, forms.edit_rule(self, self.found.group.id, None))

    async def do_up(self) -> None:
        """Announce the rule earlier."""
        await self._move(-1)

    async def do_down(self) -> None:
        """Announce the rule later."""
        await self._move(1)

    async def _move(self, step: int) -> None:
        from qunguan.services import positioning

        rule = self.rule
        assert rule is not None
        await self.desk.write(positioning.move_rule, self.found.group.id, rule.id, rule.place + step)
        self.come_to_rule(rule.id)
        await self.room.changed()

    async def do_remove(self) -> None:
        """Take the rule out."""
        assert self.rule is not None
        begin(self, self._remove(self.rule))

    async def _remove(self, rule: HouseRule) -> None:
        from qunguan.services import positioning

        details = [rule.text, _("What was noted under it stays; u brings it back.")]
        if await self.app.push_screen_wait(Confirm(_("Remove rule {n}?", n=rule.place), details)):
            await self.desk.write(positioning.remove_rule, self.found.group.id, rule.id)
            await self.room.changed()

    async def do_violation(self) -> None:
        """Note who broke a rule."""
        from qunguan.tui.screens import positioning_forms as forms

        begin(self, forms.note_violation(self, self.found.group.id, self.found.rules))

    async def do_preset(self) -> None:
        """Begin by trade."""
        from qunguan.tui.screens import positioning_forms as forms

        begin(self, forms.take_preset(self, self.found.group.id))

    async def do_copy(self) -> None:
        """The announcement of the rules, the welcome, or what to say of a violation: by the line."""
        await send_out(self.room, self._text(), f"group-{self.found.group.id}")

    def _text(self) -> str:
        from qunguan.domain.positioning_house import announcement

        found, line = self.found, self.line
        if line is not None and line.kind == "violation":
            each: Violation = line.thing
            return spoken(each.step, each.name, found.group.name, each.rule)
        welcome = welcome_text(found.card, found.group.name)
        rules = announcement(found.group.name, found.rules, found.ladder) if found.rules else ""
        return rules or welcome if line is not None and line.kind == "rule" else welcome or rules

    async def do_why(self) -> None:
        """Where the profile and its numbers come from."""
        await self.app.push_screen(TextView(self.found.group.name, [literal(each) for each in drawing.why(self.found)]))


SCREEN = PositioningScreen
