"""Every line of a pasted 接龙 before it is saved: whose it is, what is doubtful, and the owner's word about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Static

from qunguan.domain.checkin_outcomes import Decision, PreviewLine, RecordOutcome, RecordPreview
from qunguan.domain.errors import UserError
from qunguan.i18n import N_, _
from qunguan.tui.screens.checkins_board import day_text
from qunguan.tui.screens.checkins_lines import (
    DOUBTFUL,
    REASONS,
    Lines,
    columns,
    counts,
    doubtful_first,
    keys_line,
    on_one_line,
    row,
    signed_elsewhere,
)
from qunguan.tui.screens.people import finder, told_apart
from qunguan.tui.text import joined, literal
from qunguan.tui.widgets.choose import Choice, Choose
from qunguan.tui.widgets.dialogs import Confirm, Dialog
from qunguan.tui.widgets.find_member import FindMember
from qunguan.tui.widgets.paged_table import PagedTable

if TYPE_CHECKING:
    from qunguan.tui.screens.checkins_desk import BoardScreen
    from qunguan.tui.screens.checkins_paste import Chain


class ChainPreview(Dialog[RecordOutcome]):
    """Doubtful lines first. Digits, n, s and m settle a line; Enter saves once; Esc leaves with nothing saved."""

    AUTO_FOCUS = ".main"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,f2,ctrl+s", "save", show=False, priority=True),
        *(Binding(f"{n},{chr(ord('０') + n)}", f"take({n})", show=False) for n in range(1, 10)),
        Binding("right", "options", show=False, priority=True),
        Binding("n,ｎ,f5", "create", show=False),
        Binding("N,Ｎ,f6", "create_all", show=False),
        Binding("s,ｓ,space", "skip", show=False),
        Binding("m,ｍ,f3", "find", show=False),
        Binding("backspace,delete", "undecide", show=False),
    ]
    SHEET = (
        ("Enter · F2", N_("Save: settled and recognised lines are recorded, undecided ones are passed over")),
        ("1-9", N_("The line is this one of the members offered below")),
        ("n · F5", N_("The line is somebody new: a member is made")),
        ("N · F6", N_("All unknown names that resemble nobody are new members")),
        (N_("s · Space"), N_("The line is not recorded")),
        ("m · F3", N_("Search whose line it is")),
        ("→", N_("Choose one of all this from a list, with the arrows")),
        ("⌫ · Del", N_("Take back what was said about the line")),
        ("↑ ↓", N_("From line to line, the doubtful ones first")),
        ("Esc", N_("Leave; nothing is saved")),
    )
    DEFAULT_CSS = """
    ChainPreview {
        & > .box {
            width: 100%;
            max-width: 100%;
            height: 100%;
            max-height: 100%;
            margin: 0;
            border: none;
            padding: 0 1;
        }
        & .title, & .keys { margin: 0; }
        & .keys, & .counts { height: auto; }
        & .doubt { height: auto; min-height: 4; max-height: 9; background: $boost; padding: 0 1; }
    }
    """

    def __init__(self, screen: BoardScreen, chain: Chain) -> None:
        title = " ".join((chain.jielong.title or "").split())[:200]
        where = (f"→ {screen.in_hand.name}", day_text(chain.preview.day), title)
        super().__init__(" · ".join(filter(None, where)), "")
        self._board, self._chain = screen, chain
        self._preview = chain.preview
        self._order = [line.index for line in sorted(chain.preview.lines, key=doubtful_first)]
        self._decisions: dict[int, Decision] = {}
        self._said: list[tuple[int, ...]] = []  # the lines of each decision, the last one last
        self._offered: dict[int, list[tuple[int, str, str]]] = {}
        self._busy = False

    def contents(self) -> ComposeResult:
        """Counts, the lines, and what the line under the cursor may mean."""
        yield Static("", classes="counts", markup=False)
        yield PagedTable(columns(), classes="main")
        yield Static("", classes="doubt", markup=False)

    async def on_mount(self) -> None:
        await self._draw(self._preview)
        self.set_focus(self.table)

    # -- what is shown

    @property
    def table(self) -> PagedTable:
        """The lines."""
        return self.query_one(PagedTable)

    @property
    def line(self) -> PreviewLine | None:
        """The line under the cursor."""
        return self._preview.lines[self.table.current.key] if self.table.current else None

    @property
    def open_lines(self) -> list[PreviewLine]:
        """The doubtful lines nobody has said anything about; saving skips them."""
        return [line for line in self._preview.lines if self._is_open(line)]

    def _is_open(self, line: PreviewLine) -> bool:
        return line.status in DOUBTFUL and line.index not in self._decisions

    async def _draw(self, preview: RecordPreview) -> None:
        self._preview = preview
        self.query_one(".counts", Static).update(counts(preview))
        shown = [row(preview.lines[index], settled=index in self._decisions) for index in self._order]
        await self.table.set_source(Lines(shown))
        self._tell_keys()
        await self._tell_doubt()

    def _tell_keys(self) -> None:
        ready = sum(line.status == "matched" or (line.status == "new" and line.index in self._decisions)
                    for line in self._preview.lines)  # fmt: skip
        text = _("Enter saves {n} check-ins", n=ready)
        if self.open_lines:
            text += _(" ({n} undecided are skipped)", n=len(self.open_lines))
        keys = _("1-9 take · n new · N all new · s skip · m find · ⌫ undecide · → choose · Esc leave, nothing saved")
        room = self.query_one(".keys", Static).size.width or self.app.size.width - 2
        self.query_one(".keys", Static).update(keys_line(text, f"{_('? keys')} · {keys}", room))

    async def on_paged_table_row_highlighted(self, event: PagedTable.RowHighlighted) -> None:
        """Say whom the line may mean."""
        event.stop()
        await self._tell_doubt()

    async def on_paged_table_row_selected(self, event: PagedTable.RowSelected) -> None:
        """A click offers the choices; Enter never comes here, it saves."""
        event.stop()
        await self.action_options()

    async def _tell_doubt(self) -> None:
        line = self.line
        if line is None:
            return
        offered = await self._candidates(line)
        if line is not self.line:
            return
        panel = self.query_one(".doubt", Static)
        if not self._doubtful(line):
            panel.update(literal(on_one_line(line)[:400], "$text-muted"))
            return
        head = _("Whose line is it? {text}", text=on_one_line(line)[:200])
        taken = signed_elsewhere(self._preview, line)
        keys = [
            joined((f" {n} ", "bold"), name, (f"  {note}", "$text-muted"), (taken.get(key, ""), "$text-warning"))
            for n, (key, name, note) in enumerate(offered, 1)
        ]
        others = (("n", _("new member {name}", name=line.name)), ("s", _("skip")), ("m", _("find somebody")))
        keys.append(Content("  ").join(joined((f" {key} ", "bold"), label) for key, label in others))
        drawn: Content = Content("\n").join([literal(head), *keys])
        panel.update(drawn)

    def _doubtful(self, line: PreviewLine) -> bool:
        return line.status in DOUBTFUL or line.index in self._decisions

    async def _candidates(self, line: PreviewLine) -> list[tuple[int, str, str]]:
        if not line.candidates:
            return []
        if line.index not in self._offered:
            why = {each.member_id: _(REASONS[each.why]) for each in line.candidates}
            people = await told_apart(self._board, list(why))
            self._offered[line.index] = [(key, name, f"{why[key]} · {note}") for key, name, note in people]
        return self._offered[line.index]

    # -- the owner's word

    async def action_take(self, number: int) -> None:
        """Take the nth candidate."""
        line = self.line
        offered = await self._candidates(line) if line else []
        if line is not None and number <= len(offered):
            await self._decide({line.index: Decision(member_id=offered[number - 1][0])})

    async def action_create(self) -> None:
        """It is somebody new."""
        if self.line is not None and self._doubtful(self.line):
            await self._decide({self.line.index: Decision(create=True)})

    async def action_create_all(self) -> None:
        """All unknown names without a candidate are new members; look-alikes stay to be settled one by one."""
        plain = {line.index: Decision(create=True) for line in self.open_lines
                 if line.status == "new" and not line.candidates}  # fmt: skip
        if plain:
            await self._decide(plain)

    async def action_skip(self) -> None:
        """The line is not recorded."""
        if self.line is not None:
            await self._decide({self.line.index: Decision(skip=True)})

    async def action_undecide(self) -> None:
        """Take back what was said about the line; where nothing was, what was said last, and go there."""
        said = [lines for lines in self._said if any(index in self._decisions for index in lines)]
        here = self.line.index if self.line is not None else -1
        lines = (here,) if here in self._decisions else said.pop() if said else ()
        for index in lines:
            self._decisions.pop(index, None)
        self._said = said
        if lines:
            await self._refresh()
            await self.table.move_to(self._order.index(lines[0]))

    def action_find(self) -> None:
        """Search whose line it is."""
        line = self.line
        if line is None:
            return

        async def found(member_id: int | None) -> None:
            if member_id is not None:
                await self._decide({line.index: Decision(member_id=member_id)})

        self.app.push_screen(FindMember(_("Whose line is it? {text}", text=line.name), finder(self._board)), found)

    async def action_options(self) -> None:
        """All choices of the line, for those who do without letters."""
        line = self.line
        if line is None:
            return
        people = [Choice(f"take {n}", name, note) for n, (_id, name, note)
                  in enumerate(await self._candidates(line), 1)]  # fmt: skip
        others = [
            Choice("create", _("new member {name}", name=line.name)),
            Choice("skip", _("skip")),
            Choice("find", _("find somebody")),
            Choice("undecide", _("undecide")),
        ]

        async def chosen(verb: str | None) -> None:
            if verb is not None and verb.startswith("take"):
                await self.action_take(int(verb[5:]))
            elif verb is not None:
                await self.run_action(verb)

        self.app.push_screen(Choose(_("Whose line is it? {text}", text=line.name), [*people, *others]), chosen)

    async def _decide(self, decisions: dict[int, Decision]) -> None:
        """Keep the owner's word, and go on to the next line that needs one."""
        self._decisions |= decisions
        self._said.append(tuple(decisions))
        await self._refresh()
        places = [place for place, index in enumerate(self._order) if self._is_open(self._preview.lines[index])]
        here = self.table.cursor_row
        if places:
            await self.table.move_to(next((place for place in places if place > here), places[0]))

    async def _refresh(self) -> None:
        from qunguan.services import checkins

        screen = self._board
        try:
            preview = await screen.desk.read(
                checkins.preview, screen.desk.clock, screen.in_hand.id, self._chain.jielong, self._preview.day,
                decisions=dict(self._decisions),
            )  # fmt: skip
        except UserError as error:
            self.wrong(str(error))
        else:
            self.wrong("")
            await self._draw(preview)

    def action_leave(self) -> None:
        """Esc: nothing is saved. What was settled line by line is not thrown away without asking."""

        def answered(sure: bool | None) -> None:
            if sure:
                self.dismiss(None)

        if self._decisions:
            details = [_("Nothing of this 接龙 is recorded; the lines would have to be settled again.")]
            title = _("Leave? {n} settled lines are lost", n=len(self._decisions))
            self.app.push_screen(Confirm(title, details), answered)
        else:
            self.dismiss(None)

    async def action_save(self) -> None:
        """Save once, however often Enter is pressed."""
        from qunguan.services import checkins

        if self._busy:
            return
        self._busy = True
        screen = self._board
        try:
            outcome = await screen.desk.write(
                checkins.record, screen.in_hand.id, self._chain.jielong, self._preview.day,
                decisions=dict(self._decisions), raw=self._chain.raw,
            )  # fmt: skip
        except UserError as error:
            self.wrong(str(error))
            self._busy = False
        else:
            self.dismiss(outcome)
