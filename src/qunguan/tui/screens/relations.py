"""Relations: who can help whom, introductions, who brought whom, partners, thanks owed (S2-04, S2-23, S4-42)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from textual.content import Content

from qunguan.domain.relation_answers import Answers
from qunguan.domain.relation_tree import Trees
from qunguan.domain.text import match_key, show
from qunguan.exchange.writers.tables import Table
from qunguan.i18n import N_, _
from qunguan.tui.bindings import bindings
from qunguan.tui.clipboard import copy_out
from qunguan.tui.flow import begin
from qunguan.tui.outgoing import send_out
from qunguan.tui.screens import relations_lines as drawing
from qunguan.tui.screens import relations_talk as talk
from qunguan.tui.screens.listing import Lines, Listing, ListScreen
from qunguan.tui.screens.people import open_card
from qunguan.tui.text import literal
from qunguan.tui.turns import next_of
from qunguan.tui.widgets.dialogs import Confirm, TextView

_TREES = 200


class RelationsScreen(ListScreen):
    """Ties between the members of the group in hand, one view at a time."""

    noun = "relations"
    OF_GROUP = True
    KEEPS = ("_view",)
    BINDINGS = bindings("relations")
    SEARCH_HINT: ClassVar[str] = N_("a member, a skill, a need")

    def __init__(self) -> None:
        super().__init__()
        self._view: drawing.View = "needs"
        self._at: drawing.View = "needs"  # whose things are shown, while another view is still being read
        self._trees: Trees | None = None
        self._answers: Answers | None = None
        self._shown: dict[int, Any] = {}

    def aim(self, subject: int | None = None, day: Any = None) -> None:
        """Come to somebody who is to be thanked: that is what Today leads here for."""
        super().aim(subject, day)
        if subject is not None:
            self._view = "thanks"

    # -- what is shown

    async def listing(self) -> Listing:
        """The view that is asked for."""
        view = self._view
        found = await self._read(view)
        key, cells, said = _KINDS[view]
        wanted = match_key(self.search)
        shown = [one for one in found if wanted in match_key(said(one))] if wanted else list(found)
        self._at, self._shown = view, {key(one): one for one in shown}
        helped = sum(bool(one.candidates) for one in shown) if view == "needs" else 0
        if view == "answers" and self._answers is not None:
            head = talk.headline(_(drawing.VIEWS[view]), self._answers)
            return Listing(talk.columns(), Lines(shown, key, cells), head, talk.empty_text(self._answers))
        head = drawing.headline(view, len(shown), self._trees, helped)
        return Listing(drawing.columns(view), Lines(shown, key, cells), head, drawing.empty_text(view))

    async def _read(self, view: drawing.View) -> Sequence[Any]:
        from qunguan.services import relation_answers, relation_matches, relation_thanks, relation_tree, relations

        group, clock = self.room.group, self.room.clock
        assert group is not None  # without one `without_group` is shown
        match view:
            case "needs":
                return await self.desk.read(relation_matches.matches, clock, group.id)
            case "notes":
                return await self.desk.read(relations.notes, clock, group.id)
            case "introductions":
                return await self.desk.read(relations.introductions, clock)
            case "tree":
                self._trees = await self.desk.read(relation_tree.trees, clock, group.id, None, _TREES)
                return self._trees.trees
            case "answers":
                self._answers = await self.desk.read(relation_answers.answers, clock, group.id)
                return self._answers.people
            case "partners":
                return await self.desk.read(relations.partners, clock, group.id)
            case _:
                return await self.desk.read(relation_thanks.owed, clock, group.id)

    async def without_group(self) -> None:
        """Nothing to show."""
        self._shown = {}
        await super().without_group()

    async def beside(self, key: int) -> Content:
        """What the line is about, and what can be done."""
        one = self._shown.get(key)
        if one is None:
            return Content("")
        match self._at:
            case "needs":
                return drawing.match_side(one)
            case "notes":
                own = [each for each in self._shown.values() if each.member_id == one.member_id]
                return drawing.note_side(one.name, own)
            case "introductions":
                return drawing.introduction_side(one)
            case "tree":
                return drawing.tree_side(one)
            case "answers":
                return talk.side(one)
            case "partners":
                return drawing.partner_side(one)
            case _:
                return drawing.owed_side(one, await self._words())

    @property
    def current(self) -> Any:
        """The thing under the cursor; which kind it is the view says."""
        return None if self.key is None else self._shown.get(self.key)

    # -- actions

    def blocked(self, verb: str) -> str:
        """Everything is about a group; what cannot be done in a view says why."""
        if self.room.group is None:
            return _("choose a group first: g")
        if verb == "add" and self._at == "tree":
            return _("who brought somebody is told by the roster, the chats and the fission book")
        if verb == "add" and self._at == "answers":
            return _("who answers whom is told by the chats")
        if verb in ("open", "copy") and self.current is None:
            return _("no line is chosen")
        if verb == "copy" and self._at in ("notes", "partners", "answers"):
            return _("there are no words to copy here: f leads to needs, introductions and thanks")
        if verb == "copy" and self._at == "needs" and not self.current.candidates:
            return _("nobody is known who may help")
        if verb == "remove" and (self._at not in ("needs", "notes") or self.current is None):
            return _("only skills and needs are taken out here")
        return _("there is nothing to write") if verb == "export" and not self._shown else ""

    async def do_open(self) -> None:
        """Introduce, note what came of it, open the tree or the page, thank."""
        from qunguan.tui.screens import relations_forms as forms

        one = self.current
        match self._at:
            case "needs":
                best = next(iter(one.candidates), None)
                giver = f"#{best.member_id}" if best else ""
                self.app.push_screen(forms.introduce(self, f"#{one.need.member_id}", giver, one.need.text))
            case "introductions":
                self.app.push_screen(forms.outcome(self, one))
            case "tree":
                title = _("Who came by {name}", name=show(one.name))
                told = await self._tree_lines()
                await self.app.push_screen(TextView(title, [literal(line) for line in told]))
            case "thanks":
                self.app.push_screen(forms.thank(self, one))
            case _:
                open_card(self, one.member_id)

    async def do_add(self) -> None:
        """Note what belongs to the view: a skill or need, an introduction, a partner, thanks owed."""
        from qunguan.tui.screens import relations_forms as forms

        match self._at:
            case "introductions":
                self.app.push_screen(forms.introduce(self))
            case "partners":
                self.app.push_screen(forms.partner(self))
            case "thanks":
                self.app.push_screen(forms.owe(self))
            case view:
                self.app.push_screen(forms.note(self, "need" if view == "needs" else "skill"))

    async def do_import(self) -> None:
        """Take in a table."""
        from qunguan.tui.screens.relations_forms import take_in

        begin(self, take_in(self))

    async def do_copy(self) -> None:
        """The words that introduce, the words of thanks; the tree as text."""
        if self._at == "tree":
            await copy_out(self.room, "\n".join(await self._tree_lines()), "relations-tree")
            return
        await send_out(self.room, await self._words(), f"relations-{self._at}-{self.key}")

    async def _words(self) -> str:
        from qunguan.services import relation_thanks, relations

        one, group, clock = self.current, self.room.group, self.room.clock
        assert group is not None
        if one is None:
            return ""
        if self._at == "thanks":
            reasons = [str(each) for each in one.reasons]
            return (await self.desk.read(relation_thanks.words, clock, one.member_id, reasons, group.id)).text
        if self._at == "needs":
            best = one.candidates[0]
            return (
                await self.desk.read(relations.text, clock, one.need.member_id, best.member_id, one.need.text,
                                     best.skill, group.id)
            ).text  # fmt: skip
        return (
            await self.desk.read(relations.text, clock, one.seeker_id, one.giver_id, one.about, "", group.id)
        ).text  # fmt: skip

    async def _tree_lines(self) -> list[str]:
        from qunguan.services import relation_tree

        group = self.room.group
        assert group is not None
        lines = await self.desk.read(relation_tree.tree, self.room.clock, self.current.member_id, group.id)
        return drawing.tree_text(lines)

    async def do_remove(self) -> None:
        """The skill or need does not hold any more."""
        note = self.current.need if self._at == "needs" else self.current
        begin(self, self._remove(note))

    async def _remove(self, note: Any) -> None:
        from qunguan.services import relations

        title = _("Take out “{text}” of {name}?", text=show(note.text), name=show(note.name))
        if await self.app.push_screen_wait(Confirm(title, [_("Introductions that were made stay in the log.")])):
            await self.desk.write(relations.drop, note.id)
            await self.room.changed()

    async def do_filter(self) -> None:
        """The next view."""
        self._view = next_of(drawing.VIEWS, self._view)
        await self.show(keep=False)

    async def do_export(self) -> None:
        """The view as a file."""
        from qunguan.exchange.writers import relations as tables
        from qunguan.tui.export import export

        make: dict[drawing.View, Callable[[Any], Table]] = {
            "needs": tables.matches_table, "notes": tables.notes_table, "tree": tables.trees_table,
            "introductions": tables.introductions_table, "answers": tables.answers_table,
            "partners": tables.partners_table,
            "thanks": tables.owed_table,
        }  # fmt: skip
        view, shown = self._at, list(self._shown.values())

        async def made() -> Table:
            return make[view](shown)

        export(self.room, _(drawing.VIEWS[view]), f"relations-{view}", made)

    async def do_why(self) -> None:
        """How matches, trees and thanks come about, with the rules and their sources."""
        from qunguan.domain import relation_answers as answers
        from qunguan.domain.relations import MATCHES, SHARE_DAYS, THANKS_DAYS
        from qunguan.tui.screens.rule_lines import rule_lines

        told = [
            _("A skill fits a need where one is the other or stands in it; the nearest first, then who was asked "
              "least. Suggested are members present, never to whom they were introduced before."),
            _("An introduction that helped settles the need, and asks for thanks to who helped."),
            _("Who brought somebody is what their first stay says; a circle is cut at who came first. ¥ bought, ● is "
              "still here."),
            _("Thanks are owed for what you noted, for a friend who stayed, a good share, a bad review that was "
              "changed after you made it good, and help that came to something, until you thanked them."),
            _("Who answers whom is counted where the chat tells whose message is answered; the words are not kept. Who "
              "answers most people, you aside, connects; nobody answers who wrote much and never got an answer."),
        ]  # fmt: skip
        limits = await rule_lines(
            self.desk, (MATCHES, SHARE_DAYS, THANKS_DAYS, answers.DAYS, answers.NAMED, answers.SPOKE),
            "S2-04, S2-23, S2-25, S4-42, S1-22, S2-19, S2-02",
        )  # fmt: skip
        await self.app.push_screen(TextView(_("Relations"), [*map(literal, told), *limits]))


_KINDS: dict[drawing.View, tuple[Callable[[Any], int], Callable[[Any], drawing.Cells], Callable[[Any], str]]] = {
    "needs": (lambda one: one.need.id, drawing.match_cells,
              lambda one: f"{one.need.name} {one.need.text} {' '.join(each.name for each in one.candidates)}"),
    "notes": (lambda one: one.id, drawing.note_cells, lambda one: f"{one.name} {one.text} {one.note}"),
    "introductions": (lambda one: one.id, drawing.introduction_cells,
                      lambda one: f"{one.seeker} {one.giver} {one.about} {one.state}"),
    "tree": (lambda one: one.member_id, drawing.tree_cells, lambda one: one.name),
    "answers": (lambda one: one.member_id, talk.cells, lambda one: f"{one.name} {one.why}"),
    "partners": (lambda one: one.member_id, drawing.partner_cells, lambda one: one.name),
    "thanks": (lambda one: one.member_id, drawing.owed_cells, lambda one: f"{one.name} {one.why}"),
}  # fmt: skip

SCREEN = RelationsScreen
