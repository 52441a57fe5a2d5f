"""The three lines of defence: better answers when complaints grow, no promotion while too many leave, ways of one's own
for the day the platform closes (S4-29, S4-30, S4-31)."""

from __future__ import annotations

from typing import Final, Literal

from qunguan.domain.rosters import Reason
from qunguan.i18n import N_, ngettext
from qunguan.values import frozen

State = Literal["holds", "fires", "answered", "unknown", "off"]
STATES: Final[dict[State, str]] = {
    "holds": N_("the line holds"),
    "fires": N_("is broken: act"),
    "answered": N_("broken, and you are on it"),
    "unknown": N_("cannot be told yet"),
    "off": N_("switched off"),
}
MARKS: Final[dict[State, str]] = {"holds": "●", "fires": "!", "answered": "◐", "unknown": "·", "off": "○"}
NAMES: Final[dict[str, str]] = {
    "complaints": N_("complaints"),
    "exits": N_("people who leave"),
    "reach": N_("ways of one's own"),
}
DOES: Final[dict[str, str]] = {
    "complaints": N_("the answers are rewritten: a task"),
    "exits": N_("promotion rests in the calendar and in campaigns until you say known to the alert"),
    "reach": N_("ask for numbers and addresses now, while the group is there"),
    "ban": N_("write to everybody by the ways that stand, from the reach list"),
}


@frozen
class Line:
    """One line of defence of a group. `value` against `threshold` are shares, 0 to 1 (None: unknown), `op` says when it
    breaks; `now` and `before` are counts where it is a change, `n` the base of a share. `rule` and `source` say where
    the threshold comes from, `said` is the figure in words, `does` what the line does when it breaks. `holds_back`:
    promotion rests now. `incident_id` is an open incident this line is for. `today` is how many came or left on the day
    that is not over: no verdict counts them yet.
    """

    number: int
    id: str
    state: State
    value: float | None
    op: str
    threshold: float | None
    n: int | None
    rule: str
    source: str
    said: Reason
    does: str
    holds_back: bool = False
    incident_id: int | None = None
    now: float | None = None
    before: float | None = None
    today: int = 0

    @property
    def today_said(self) -> str:
        """What the day that is not over brought so far; "" for nothing."""
        if not self.today:
            return ""
        if self.id == "complaints":
            return ngettext("{n} more today, which counts from tomorrow on",
                            "{n} more today, which count from tomorrow on", self.today)  # fmt: skip
        return ngettext("{n} more left today, which counts from tomorrow on",
                        "{n} more left today, which count from tomorrow on", self.today)  # fmt: skip
