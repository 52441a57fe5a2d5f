"""Experiments: what is tried, who is in which arm, and what the numbers allow to be said."""

from __future__ import annotations

from textual.content import Content

from qunguan.domain.experiment_book import Standing
from qunguan.domain.text import match_key
from qunguan.i18n import N_, _
from qunguan.tui.bindings import bindings
from qunguan.tui.clipboard import FOLDER, copy_out
from qunguan.tui.flow import begin
from qunguan.tui.screens import experiments_lines as drawing
from qunguan.tui.screens.listing import Lines, Listing, ListScreen
from qunguan.tui.widgets.choose import Choice, Choose
from qunguan.tui.widgets.dialogs import Confirm, TextView


class ExperimentsScreen(ListScreen):
    """The experiments of the group in hand, the newest on top, those put away at the end."""

    noun = "experiments"
    KEEPS = ()
    BINDINGS = bindings("experiments")
    SEARCH_HINT = N_("experiment or arm · ↑ ↓ choose · Enter opens · Esc done")

    def __init__(self) -> None:
        super().__init__()
        self._all: tuple[Standing, ...] = ()

    @property
    def group_id(self) -> int:
        """The group in hand."""
        return self.room.group.id if self.room.group else 0

    @property
    def _current(self) -> Standing | None:
        """The experiment under the cursor; None before it is read."""
        return next((each for each in self._all if each.experiment.id == self.key), None)

    @property
    def here(self) -> Standing:
        """The experiment under the cursor."""
        assert self._current is not None
        return self._current

    async def listing(self) -> Listing:
        """The experiments with where each stands."""
        from qunguan.services import experiments

        found = await self.desk.read(experiments.standings, self.room.clock, self.group_id)
        self._all = tuple(sorted(found, key=lambda each: each.experiment.closed_on is not None))
        wanted = match_key(self.search)
        seen = [each for each in self._all if any(wanted in match_key(text) for text in drawing.names(each))]
        source = Lines(seen, lambda each: each.experiment.id, drawing.cells)
        return Listing(drawing.columns(), source, drawing.headline(self._all), drawing.empty_text())

    async def beside(self, key: int) -> Content:
        """The arms, the verdict and why."""
        return drawing.side(next(each for each in self._all if each.experiment.id == key))

    def blocked(self, verb: str) -> str:
        """Most keys are for an experiment that is open."""
        if verb == "add" and not self.room.group:
            return _("there is no group yet")
        if verb in {"add", "sums", "search"}:
            return ""
        if self._current is None:
            return _("the list is empty: a plans an experiment")
        if verb in {"split", "count", "import"} and self.here.experiment.closed_on is not None:
            return _("it was put away: c takes it up again")
        if verb in {"copy", "import"} and not any(arm.people for arm in self.here.experiment.arms):
            return _("nobody is in an arm yet: s splits")
        return ""

    async def do_open(self) -> None:
        """The whole of it."""
        await self.app.push_screen(TextView(self.here.experiment.name, [drawing.side(self.here)]))

    async def do_why(self) -> None:
        """The verdict, number by number."""
        await self.app.push_screen(TextView(_("Why this verdict"), drawing.why(self.here)))

    async def do_add(self) -> None:
        """Plan one."""
        from qunguan.tui.screens import experiments_forms as forms

        begin(self, forms.plan(self))

    async def do_sums(self) -> None:
        """How many people it takes."""
        from qunguan.tui.screens import experiments_forms as forms

        self.app.push_screen(forms.planner(self))

    async def do_count(self) -> None:
        """Note what was counted."""
        from qunguan.tui.screens import experiments_forms as forms

        self.app.push_screen(forms.counted(self, self.here))

    async def do_import(self) -> None:
        """Note who did it, from a list."""
        from qunguan.tui.screens import experiments_forms as forms

        begin(self, forms.who_did_it(self, self.here.experiment))

    async def do_split(self) -> None:
        """Put everybody into an arm, after asking, and write the lists."""
        begin(self, self._split())

    async def _split(self) -> None:
        from qunguan.exchange.writers.experiments import write_lists
        from qunguan.services import experiments

        found = self.here.experiment
        would = await self.desk.rehearse(experiments.split, found.id)
        sizes = would.sizes
        details = [sizes, _("Who is in an arm stays there; a list of each arm is written for you.")]
        asked = _("Split {n} people for {name}?", n=would.new, name=found.name)
        if not would.new:
            asked = _("Nobody is new. Write the lists of {name} again?", name=found.name)
        if not await self.app.push_screen_wait(Confirm(asked, details)):
            return
        done = await self.desk.write(experiments.split, found.id)
        assert self.desk.path is not None
        folder = self.desk.path.parent / FOLDER
        await self.desk.call(write_lists, folder, done.experiment, done.members)
        self.say(_("{sizes} · lists in {folder}", sizes=sizes, folder=folder))
        await self.room.changed()

    async def do_copy(self) -> None:
        """The names of an arm."""
        begin(self, self._copy())

    async def _copy(self) -> None:
        from qunguan.exchange.writers.experiments import names_text
        from qunguan.services import experiments

        found = self.here.experiment
        members = await self.desk.read(experiments.lists, found)
        offered = [
            Choice(str(place), arm.name, _("{n} people", n=len(people)))
            for place, (arm, people) in enumerate(zip(found.arms, members, strict=True))
        ]
        chosen = await self.app.push_screen_wait(Choose(_("Which arm?"), offered))
        if chosen is not None:
            place = int(chosen)
            await copy_out(self.room, names_text(found.arms[place].name, members[place]), f"arm-{found.id}-{place + 1}")

    async def do_close(self) -> None:
        """Put it away, or take it up again."""
        from qunguan.services import experiments
        from qunguan.tui.screens import experiments_forms as forms

        found = self.here.experiment
        if found.closed_on is None:
            self.app.push_screen(forms.decision(self, found))
            return
        await self.desk.write(experiments.close, found.id, reopen=True)
        self.say(_("{name} is open again", name=found.name))
        await self.room.changed()


SCREEN = ExperimentsScreen
