"""What is shown of campaigns: a plan's outlook, the sheet, figures, past runs, the review (S0-34, S1-31)."""

from __future__ import annotations

from datetime import date, datetime

from qunguan.domain.campaign_draw import Draw
from qunguan.domain.campaign_gate import Asked
from qunguan.domain.campaign_sheet import HELPER, Due, Entry, Team
from qunguan.domain.campaigns import GOALS, STATES, TO_OPEN, Campaign, CampaignTask, Caution, State, Unit
from qunguan.domain.clock import DayRule
from qunguan.domain.insights import Slump
from qunguan.domain.money import short_yuan
from qunguan.domain.rosters import Reason
from qunguan.i18n import N_
from qunguan.values import frozen

FIGURES: dict[str, str] = {
    "participants": N_("people who take part"),
    "share": N_("of those it is for"),
    "teams": N_("teams complete"),
    "sides": N_("by side"),
    "attend": N_("people who came"),
    "entries": N_("lines of the sheet"),
    "orders": N_("campaign orders"),
    "revenue": N_("revenue"),
    "conversion": N_("conversion"),
    "codes": N_("by code"),
    "cost": N_("cost"),
    "cost_per": N_("cost a head"),
    "new_members": N_("new members"),
    "exits": N_("exits in the days after"),
    "slump": N_("talk in the week after"),
}


@frozen
class Outlook:
    """A plan: `people` it is for, of `here` in the group; its tasks; what speaks against it first, then for it."""

    people: int
    here: int
    tasks: tuple[CampaignTask, ...]
    cautions: tuple[Caution, ...]


@frozen
class Share:
    """A share with its base: `value` None where the base is 0 or not known."""

    part: int
    n: int | None

    @property
    def value(self) -> float | None:
        """Part ÷ base."""
        return self.part / self.n if self.n else None


@frozen
class Figures:
    """What a campaign brought, from its sheet. Money in fen; `share` is of those it is for; `conversion` is buyers ÷
    people who came where their coming was counted (`by_attendance`), else ÷ those it is for. `handed_fen` is what was
    handed out, a part of `cost_fen`. `cost_per` None without anybody, `revenue_fen` where there are orders and none of
    them says an amount."""

    participants: int
    entries: int
    attend: int
    buyers: int
    orders: int
    pieces: int
    revenue_fen: int | None
    cost_fen: int
    handed_fen: int
    share: Share
    conversion: Share
    by_attendance: bool

    @property
    def cost_per(self) -> int | None:
        """Cost of each who took part, in fen, half up."""
        n = self.participants
        return (self.cost_fen * 2 + n) // (2 * n) if n else None

    def of(self, goal: str) -> int | None:
        """The figure a goal is about, in its unit; None for new members, which no sheet tells, and unknown shares."""
        if goal == "conversion":
            value = self.conversion.value
            return None if value is None else round(value * 10_000)
        return {"participants": self.participants, "entries": self.entries, "orders": self.orders,
                "revenue": self.revenue_fen, "attend": self.attend}.get(goal)  # fmt: skip


@frozen
class Line:
    """A campaign in the list: where it stands, what it brought, how far the goal is (`reached`, in its unit).

    `to_open`: it was started, and its first day has not come.
    """

    campaign: Campaign
    state: State
    figures: Figures
    reached: int | None
    audience: int
    to_open: bool = False

    @property
    def standing(self) -> str:
        """Where it stands, in words: a message ID."""
        return TO_OPEN if self.to_open else STATES[self.state]

    @property
    def done(self) -> float | None:
        """The share of the goal that is reached; None without a number."""
        wanted = self.campaign.goal_value
        return self.reached / wanted if wanted and self.reached is not None else None


@frozen
class FormSum:
    """The runs of one form together (S0-34): conversion over all of them, revenue over those whose it is known of (None
    where there are none)."""

    form: str
    runs: int
    participants: int
    revenue_fen: int | None
    cost_fen: int
    conversion: Share


@frozen
class Cost:
    """Something a campaign cost."""

    id: int
    what: str
    cost_fen: int
    day: date


@frozen
class Card:
    """One campaign whole. `entries` are all lines, those taken out too, `codes` are (code, lines, fen), `left` is what
    is left of the stock (None: no limit)."""

    line: Line
    terms: dict[str, str]
    tasks: tuple[CampaignTask, ...]
    entries: tuple[Entry, ...]
    teams: tuple[Team, ...]
    dues: tuple[Due, ...]
    costs: tuple[Cost, ...]
    gate: tuple[Asked, ...]
    draws: tuple[Draw, ...]
    codes: tuple[tuple[str, int, int], ...]
    left: int | None

    @property
    def campaign(self) -> Campaign:
        """The campaign."""
        return self.line.campaign

    def stage(self, now: datetime, rule: DayRule) -> CampaignTask | None:
        """The task it stands at: the last of today whose hour has come, else the next one; None after the last."""
        today, local = rule.biz_date(now), rule.local(now)
        minute = local.hour * 60 + local.minute
        begun = [each for each in self.tasks if each.day == today and each.at_minute <= minute and each.text]
        ahead = [each for each in self.tasks if (each.day, each.at_minute) > (today, minute) and each.text]
        return begun[-1] if begun else next(iter(ahead), None)


@frozen
class NotAdded:
    """A line that was left out, and why; `again`: it is there already. `number` counts the lines from 1."""

    number: int
    name: str
    reason: Reason
    again: bool = False


@frozen
class Added:
    """What came of adding lines: those added, those left out with the reason, how many were there already."""

    added: tuple[Entry, ...]
    refused: tuple[NotAdded, ...]
    again: int

    @property
    def strangers(self) -> tuple[str, ...]:
        """Who was added and is not in the roster, helpers too, each once, as written."""
        names = (each.name for each in self.added if each.member_id is None or not HELPER.fullmatch(each.name))
        return tuple(dict.fromkeys(filter(None, names)))


@frozen
class Written:
    """What the owner wrote about a campaign."""

    well: str = ""
    badly: str = ""
    next_time: str = ""


@frozen
class Review:
    """A campaign against its goal and past runs of its form. `new_members` joined on its days; `exits` are those who
    left in the `exit_days` after it ÷ the members at its end, None while those days are not over; `slump` is the talk.

    `verdict` says in words how it went, each a sentence with its numbers.
    """

    card: Card
    new_members: int
    exit_days: int
    exits: Share | None
    slump: Slump
    past: tuple[Line, ...]
    usual: FormSum | None
    written: Written
    verdict: tuple[Reason, ...]


def said(goal: str, value: int | None) -> str:
    """A goal's value as people read it: 30, ¥1200, 25%; — where it is not known."""
    return said_unit(GOALS[goal][1], value)


def said_typed(goal: str, value: int | None) -> str:
    """A goal's value the way it is typed: 30, 1200, 25%; "" for none."""
    return "" if value is None else said_unit(GOALS[goal][1], value).removeprefix("¥")


def said_unit(unit: Unit, value: int | None) -> str:
    """A value of a unit as people read it."""
    if value is None:
        return "—"
    if unit == "fen":
        return f"¥{short_yuan(value)}"
    return f"{value / 100:g}%" if unit == "percent" else str(value)


def percent(share: Share | None) -> str:
    """A share as people read it, with its part and base: 25.0% 30/120; — where it is not known."""
    if share is None or share.value is None:
        return "—"
    return f"{share.value * 100:.1f}% {share.part}/{share.n}"
