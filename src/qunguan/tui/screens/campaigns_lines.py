"""How campaigns, their sheets and their cards are drawn, and the words for them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Literal

from textual.content import Content

from qunguan.domain.campaign_sheet import Entry, Team
from qunguan.domain.campaign_views import Card, Figures, Line, Outlook, Review, percent, said, said_unit
from qunguan.domain.campaigns import GOALS, KINDS, Campaign, CampaignTask, State, clock_text
from qunguan.domain.money import short_yuan
from qunguan.domain.sources import Brief
from qunguan.domain.tasks import HATS
from qunguan.domain.text import match_key
from qunguan.i18n import _, ngettext
from qunguan.tui.text import joined, lines, literal
from qunguan.tui.widgets.meter import meter
from qunguan.tui.widgets.paged_table import Cell, Column
from qunguan.tui.widgets.table_cells import CellStyle

View = Literal["list", "sheet"]
ORDER: tuple[State, ...] = ("running", "review", "planned", "over", "cancelled")
_MARKS: dict[State, tuple[str, CellStyle]] = {
    "running": ("●", "good"), "review": ("◐", "warn"), "planned": ("○", ""), "over": ("✓", "dim"),
    "cancelled": ("·", "missed"),
}  # fmt: skip
CAUTIONS = {"warning": ("! ", "$text-warning"), "notice": ("· ", "$text-muted"), "good": ("✓ ", "$text-success")}
_METER = 8
_SIDE_TASKS, _SIDE_TEAMS = 4, 6
UNKNOWN = "—"


def ordered(found: Sequence[Line], search: str) -> list[Line]:
    """What runs first, then what waits to open or for its review, what is prepared, what is over; each newest first."""
    key = match_key(search)
    met = [each for each in found if key in match_key(f"{each.campaign.name} {each.campaign.playbook.name}")]
    return sorted(met, key=lambda each: (ORDER.index(each.state), each.to_open))


def headline(found: Sequence[Line], search: str) -> Content:
    """How many stand where."""
    counts = Counter((_mark(each)[0], each.standing) for each in ordered(found, ""))
    parts = [literal(_("Campaigns"), "bold")]
    parts += [literal(f"{mark} {_(standing)} {n}") for (mark, standing), n in counts.items()]
    if search:
        parts.append(literal(_("search: {text}", text=search), "$text-muted"))
    return Content("   ").join(parts)


def _mark(one: Line) -> tuple[str, CellStyle]:
    return _MARKS["planned"] if one.to_open else _MARKS[one.state]


def columns() -> tuple[Column, ...]:
    """Which campaign, its form, its days, how far the goal is, what it brought."""
    return (
        Column(_("name of the campaign"), flex=2, minimum=12), Column(_("form"), width=10), Column(_("state"), width=8),
        Column(_("dates"), width=11), Column(_("goal"), width=14), Column(_("people"), width=4, right=True),
        Column(_("conversion"), width=14, drop=1),
    )  # fmt: skip


def cells(one: Line) -> tuple[Cell | str, ...]:
    """The line of a campaign."""
    mark, style = _mark(one)
    found = one.campaign
    return (
        Cell(f"{mark} {found.name}", "strong" if style != "dim" else "dim"), found.playbook.name,
        Cell(_(one.standing), style), days(found), goal_bar(one), str(one.figures.participants or UNKNOWN),
        Cell(percent(one.figures.conversion), "dim"),
    )  # fmt: skip


def days(one: Campaign) -> str:
    """Its days, short: 11-27–29."""
    first, last = one.from_day, one.to_day
    if first == last:
        return first.strftime("%m-%d")
    return f"{first:%m-%d}–{last:%d}" if first.month == last.month else f"{first:%m-%d}–{last:%m-%d}"


def goal_bar(one: Line) -> Cell:
    """How far the goal is."""
    if one.campaign.goal_value is None or one.reached is None:
        return Cell(said(one.campaign.goal, one.reached), "dim")
    return Cell(meter(one.reached, one.campaign.goal_value, _METER), "good" if (one.done or 0) >= 1 else "")


def empty_text(view: View, form: str = "") -> str:
    """What a list without lines teaches."""
    if view == "sheet":
        return _("The sheet of {name} is empty.\n\ni pastes lines, takes orders in, or notes how many came", name=form)
    return _("A campaign goes from a goal to its review: team buys, flash sales, draws, debates, lives …\n\n"
             "a plans one step by step: what for, which form, for whom, when, on which terms")  # fmt: skip


# -- beside the list


def side(one: Card, today: date) -> Content:
    """What a campaign stands at: the goal, what to do next, its teams, what is missing."""
    found, told = one.campaign, one.line.figures
    parts = [joined((found.name, "bold"), "  ", found.playbook.name), *_times(found)]
    parts.append(literal(_goal(one.line)))
    if one.line.state == "planned":
        stops = sum(each.stops for each in one.gate)
        style = "$text-warning" if stops else "$text-success"
        parts.append(literal(_gate_words(stops), style))
    if told.entries:
        parts += map(literal, figures(found, told))
    if one.left is not None:
        parts.append(literal(_("left of the stock: {left}", left=one.left)))
    parts += [Content(""), *(_team(each) for each in one.teams[:_SIDE_TEAMS])]
    parts += [
        literal(_("due: {name} — {what}", name=each.name, what=each.what), "$text-warning") for each in one.dues[:3]
    ]
    if len(one.dues) > 3:
        parts.append(literal(_("… and {n} more", n=len(one.dues) - 3), "$text-warning"))
    coming = [each for each in one.tasks if each.day >= today][:_SIDE_TASKS]
    if coming:
        parts += [Content(""), literal(_("to do"), "$text-muted"), *map(_task, coming)]
    return Content("\n").join(parts)


def _gate_words(stops: int) -> str:
    if not stops:
        return _("s starts it: every question is answered")
    return ngettext("s: {n} question before it starts", "s: {n} questions before it starts", stops)


def _times(one: Campaign) -> Iterator[Content]:
    yield literal(f"{one.from_day} – {one.to_day}", "$text-muted")
    if one.offer:
        yield lines(one.offer)


def _goal(one: Line) -> str:
    name, wanted = _(GOALS[one.campaign.goal][0]), said(one.campaign.goal, one.campaign.goal_value)
    return _(
        "goal: {goal} {reached} of {wanted}", goal=name, reached=said(one.campaign.goal, one.reached), wanted=wanted
    )


def figures(one: Campaign, told: Figures) -> Iterator[str]:
    """What a campaign brought, line by line."""
    yield _("{people} took part, {share} of those it was for", people=told.participants, share=percent(told.share))
    if told.orders or "order" in one.playbook.kinds:
        yield _("{orders} orders, {revenue}, conversion {conversion}", orders=told.orders,
                revenue=said_unit("fen", told.revenue_fen), conversion=percent(told.conversion))  # fmt: skip
    if told.cost_fen:
        per = UNKNOWN if told.cost_per is None else f"¥{short_yuan(told.cost_per)}"
        yield _("cost ¥{cost}, a head {per}", cost=short_yuan(told.cost_fen), per=per)


def _team(one: Team) -> Content:
    mark, style = ("●", "$text-success") if one.complete else ("○", "") if one.missing is not None else ("·", "")
    people = "、".join(one.people)
    missing = "" if not one.missing else _(" ({n} missing)", n=one.missing)
    return joined((f"{mark} {one.name} {len(one.people)}  ", style), people, missing)


def _task(one: CampaignTask) -> Content:
    return joined((f"{one.day:%m-%d} {clock_text(one.at_minute)} ", "$text-muted"), one.title)


# -- the card


def card(one: Card) -> list[Content | str]:
    """A campaign whole: tasks with their hats, terms, figures, teams, sheet, questions, draws."""
    found = one.campaign
    told: list[Content | str] = [*_times(found), literal(_goal(one.line))]
    terms = [f"{found.playbook.term(name).label} {value}" for name, value in one.terms.items()]
    told += _section(_("terms"), [literal(each) for each in terms])
    told += _section(_("to do"), [joined(_task(each), (f"  {_(HATS[each.hat])}", "$text-muted")) for each in one.tasks])
    told += _section(_("figures"), [literal(each) for each in figures(found, one.line.figures)])
    told += _section(_("teams"), [_team(each) for each in one.teams])
    told += _section(_("by code"), [literal(f"{code}  {n}  ¥{short_yuan(fen)}") for code, n, fen in one.codes])
    told += _section(_("to hand out"), [literal(f"{each.name}  {each.what}") for each in one.dues])
    told += _section(
        _("costs"), [literal(f"{each.day}  {each.what}  ¥{short_yuan(each.cost_fen)}") for each in one.costs]
    )
    told += _section(_("the sheet"), [_line(each) for each in one.entries])
    asked = [joined("! " if each.stops else "✓ ", each.question.text, f"  {each.note}") for each in one.gate]
    told += _section(_("before the start"), asked)
    drawn = [literal(f"{each.seed} → {'、'.join(lot.name for lot in each.winners)}") for each in one.draws]
    return told + _section(_("draws"), drawn)


def _section(title: str, told: Sequence[Content]) -> list[Content | str]:
    return [Content(""), literal(title, "bold"), *told] if told else []


def _line(one: Entry) -> Content:
    amount = f"  ¥{short_yuan(one.amount_fen)}" if one.amount_fen else ""
    parts = "  ".join(each for each in (one.team, f"×{one.qty}" if one.qty > 1 else "", one.code, one.note) if each)
    gone = "✗ " if one.void_on else ""
    return joined(
        f"{gone}{one.who or one.name or UNKNOWN}  ", (f"{_(KINDS[one.kind])}  ", "$text-muted"), parts, amount
    )


# -- the sheet


def sheet_columns(one: Campaign) -> tuple[Column, ...]:
    """The columns of a sheet as its form has them."""
    heads = one.playbook.columns
    return (
        Column(heads.get("who", _("who")), flex=2, minimum=10), Column(_("kind"), width=8),
        Column(heads.get("team", _("team")), width=10), Column(heads.get("qty", _("pieces")), width=5, right=True),
        Column(heads.get("amount", _("amount")), width=9, right=True),
        Column(heads.get("code", _("code")), width=8, drop=2),
        Column(_("day"), width=5), Column(heads.get("note", _("note")), flex=2, minimum=6, drop=1),
    )  # fmt: skip


def finds(search: str, one: Entry) -> bool:
    """Whether the search means this line: who it is about, their team, the note."""
    return match_key(search) in match_key(f"{one.who} {one.name} {one.team} {one.note}")


def sheet_cells(one: Entry) -> tuple[Cell | str, ...]:
    """A line of a sheet."""
    style: CellStyle = "" if one.void_on is None else "missed"
    note = one.note if one.void_on is None else f"✗ {one.void_reason}"
    helped = one.name if one.kind == "vote" and one.member_id is not None else one.team
    return (
        Cell(one.who or one.name or UNKNOWN, style or "strong"), Cell(_(KINDS[one.kind]), "dim"), Cell(helped, style),
        Cell(str(one.qty), style), Cell(short_yuan(one.amount_fen) if one.amount_fen else UNKNOWN, style),
        Cell(one.code, "dim"), one.biz_date.strftime("%m-%d"), Cell(note, "dim"),
    )  # fmt: skip


def sheet_headline(one: Card) -> Content:
    """Whose sheet it is and what stands in it."""
    told = one.line.figures
    parts = [
        literal(one.campaign.name, "bold"),
        literal(ngettext("{n} line in the sheet", "{n} lines in the sheet", told.entries)),
    ]
    if one.campaign.playbook.teams == "size":
        full = sum(each.complete for each in one.teams)
        parts.append(literal(_("{full} of {all} teams are complete", full=full, all=len(one.teams))))
    if one.left is not None:
        parts.append(literal(_("left of the stock: {left}", left=one.left)))
    parts.append(literal(_("Esc: all campaigns"), "$text-muted"))
    return Content("   ").join(parts)


# -- a plan, a review


def outlook(one: Outlook) -> Content:
    """What speaks against a plan and for it."""
    told = [literal(_("for {people} of {here} people", people=one.people, here=one.here), "bold")]
    for each in one.cautions:
        mark, style = CAUTIONS[each.level]
        told.append(joined((mark, style), str(each.reason), (f" ({Brief(each.source)})", "$text-muted")))
    return Content("\n").join(told)


def tasks(found: Sequence[CampaignTask]) -> Content:
    """Tasks by day."""
    return Content("\n").join(map(_task, found))


def review(one: Review) -> list[Content | str]:
    """A review: figures, the verdict in words, past runs beside it."""
    found = one.card.line
    told: list[Content | str] = [literal(_goal(found)), *map(literal, figures(found.campaign, found.figures))]
    told.append(literal(_("{n} joined on its days", n=one.new_members)))
    told += _section(_("how it went"), [literal(str(each)) for each in one.verdict])
    runs = [
        literal(f"{each.campaign.from_day}  {each.campaign.name}  {each.figures.participants}  "
                f"{percent(each.figures.conversion)}  {said_unit('fen', each.figures.revenue_fen)}")
        for each in one.past
    ]  # fmt: skip
    told += _section(_("runs before: people, conversion, revenue"), runs)
    written = [
        (_("went well"), one.written.well),
        (_("went badly"), one.written.badly),
        (_("next time"), one.written.next_time),
    ]
    return told + _section(
        _("what you wrote"), [joined((f"{name}  ", "$text-muted"), text) for name, text in written if text]
    )
