"""The clocks of an open incident in the top line of every screen (semantics 3.17).

They are worked out from the file and the clock at each tick, so neither a restart nor sleep changes them. The timer is
there only while an incident is open.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from textual.content import Content
from textual.timer import Timer

from qunguan.domain.errors import UserError
from qunguan.domain.incident_clock import STAGES, UPDATE, Due, Running
from qunguan.i18n import N_, _
from qunguan.tui.flow import run
from qunguan.tui.text import joined, notice
from qunguan.tui.widgets.bars import TopBar

if TYPE_CHECKING:
    from qunguan.tui.app import QunguanApp

TICK_SECONDS = 1.0
SET_BACK = timedelta(seconds=5)  # a clock that is put right by less is not worth a word
_HOUR, _MINUTE = 3600, 60
_SHORT: dict[str, str] = {"tell": N_("Tl"), "time": N_("Tm"), "trust": N_("Tr"), UPDATE: N_("Up")}
_NAMES: dict[str, str] = {**{str(name): words for name, words in STAGES.items()}, UPDATE: N_("Update")}


class IncidentClocks:
    """What runs now, the timer that draws it, and whether the clock of the machine goes on as time does."""

    def __init__(self, app: QunguanApp, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._app, self._monotonic = app, monotonic
        self._timer: Timer | None = None
        self._running: tuple[Running, ...] = ()
        self._last: tuple[datetime, float] | None = None
        self._late: frozenset[tuple[int, str]] = frozenset()
        self._held: tuple[datetime, float] | None = None  # by what to go on since the clock was set back

    @property
    def running(self) -> tuple[Running, ...]:
        """The open incidents of all groups, as they were read last."""
        return self._running

    @property
    def foremost(self) -> Running | None:
        """The one to look at, None where none is open."""
        return foremost(self._running, self.now) if self._running else None

    async def read(self) -> None:
        """Read what is open, draw it, and let the timer run for as long as something is."""
        from qunguan.services.incident_running import running

        self._running = await self._app.desk.read(running, self._app.clock)
        if self._running and self._timer is None:
            self._timer = self._app.set_interval(TICK_SECONDS, self.tick)
        elif not self._running and self._timer is not None:
            self._timer.stop()
            self._timer = self._last = self._held = None
        self._late = late(self._running, self.now)
        self.draw()

    @property
    def now(self) -> datetime:
        """The moment it is: by the clock, but not before what went by since it was set back."""
        now = self._app.clock.now()
        if self._held is None:
            return now
        moment, then = self._held
        held = moment + timedelta(seconds=int(self._monotonic() - then))
        if now >= held:
            self._held = None
        return max(now, held)

    def tick(self) -> None:
        """A second went by: look at the clock again."""
        self._watch_clock()
        self.draw()
        if late(self._running, self.now) != self._late:
            run(self._app, self._app.changed)  # what is late stands in lists too

    def _watch_clock(self) -> None:
        """Notice a clock that was set back, once: the seconds that went by know better."""
        now, at = self._app.clock.now(), self._monotonic()
        before, self._last = self._last, (now, at)
        if before is None or self._app.clock.frozen is not None:
            return
        believed = before[0] + timedelta(seconds=int(at - before[1]))
        if believed - now > SET_BACK:
            self._held = (max(believed, self.now), at)
            run(self._app, self._tell_set_back)

    async def _tell_set_back(self) -> None:
        from qunguan.services import incident_watch

        notice(self._app, _("The clock of this computer was set back; the clocks of the incident go on."), "warning")
        try:
            if await self._app.desk.write(incident_watch.set_back, self.now):
                await self._app.changed()
        except UserError as error:
            notice(self._app, str(error), "error")

    def draw(self) -> None:
        """Write the clocks into the top line of every open screen, those beneath a dialog too."""
        forms = told(self._running, self.now)
        for screen in self._app.screen_stack:
            for bar in screen.query(TopBar):
                bar.tell(middle=forms)
            ticked = getattr(screen, "ticked", None)
            if ticked is not None:
                ticked()


def told(running: Sequence[Running], now: datetime) -> tuple[Content, ...]:
    """The clocks in a line, from the whole to the nearest one alone; nothing where no incident is open.

    Of several incidents it is the one that is due next, a real one before a drill, and how many others there are.
    """
    if not running:
        return ()
    first = foremost(running, now)
    head = (_("Crisis drill") if first.drill else _("Crisis"), "bold $text-error" if not first.drill else "bold")
    others = (f" +{len(running) - 1}", "") if len(running) > 1 else ("", "")
    dues = first.clocks(now)
    if not dues:
        return (joined(head, " ", _("all told: review it, then close it"), others), joined(head, others))
    stages = [_piece(due) for due in dues if due.name != UPDATE]
    update = [_piece(due) for due in dues if due.name == UPDATE]
    nearest = _piece(min(dues, key=lambda due: due.left))
    chain = Content(" ▸ ").join(stages)
    whole = Content(" · ").join([*([chain] if stages else []), *update])
    short = [_piece(due, _SHORT) for due in dues]
    all_short, stages_short = Content(" · ").join(short), Content(" · ").join(short[: len(stages)] or short)
    return tuple(joined(head, " ", part, others) for part in (whole, all_short, stages_short, nearest))


def foremost(running: Sequence[Running], now: datetime) -> Running:
    """Of the open incidents the one to look at: a real one before a drill, then what is due next."""

    def rank(each: Running) -> tuple[bool, bool, int]:
        dues = each.clocks(now)
        return each.drill, not dues, min((due.left for due in dues), default=0)

    return min(running, key=rank)


def late(running: Sequence[Running], now: datetime) -> frozenset[tuple[int, str]]:
    """Which clocks of which incidents have run out."""
    return frozenset((each.id, due.name) for each in running for due in each.clocks(now) if due.left < 0)


def _piece(due: Due, names: Mapping[str, str] = _NAMES) -> Content:
    style = "bold $text-error" if due.left < 0 else ""
    return joined((f"{_(names[due.name])} {span(due.left)}", style))


def span(left: int) -> str:
    """Seconds as a clock shows them: 08:21, 23:53:21, and +02:10 for what is late by so much."""
    minutes, seconds = divmod(abs(left), _MINUTE)
    hours, minutes = divmod(minutes, _MINUTE)
    sign = "+" if left < 0 else ""
    return f"{sign}{hours}:{minutes:02}:{seconds:02}" if hours else f"{sign}{minutes:02}:{seconds:02}"
