"""How the profile of a group is drawn: one list in sections, and beside it what the line under the cursor means."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Literal

from textual.content import Content

from qunguan.domain.business import PARTS, STATES, Diff
from qunguan.domain.content import ContentColumn, clock_said, weekdays_said
from qunguan.domain.positioning import kinds_said, platforms, welcome_text
from qunguan.domain.positioning_house import STEPS, HouseRule, Violation
from qunguan.domain.positioning_view import Profile
from qunguan.domain.sources import cited
from qunguan.i18n import N_, _, ngettext
from qunguan.tui.text import joined, lines, literal
from qunguan.tui.widgets.meter import gauge
from qunguan.tui.widgets.paged_table import Cell, Column
from qunguan.tui.widgets.table_cells import CellStyle
from qunguan.values import frozen

Kind = Literal["heading", "card", "welcome", "advice", "size", "platform", "rule", "violation", "place"]
_METER = 20
_EXAMPLE = N_(
    "For example\nfor whom: women of 25 to 35 in offices, with stiff necks\n"
    "gives: ten minutes to follow a day, recipes of the week, meeting in town\nkind: interest + product"
)
_MOST = 50  # violations that are listed; the newest


@frozen
class Line:
    """One line of the profile; `thing` is what it is about."""

    key: int
    kind: Kind
    label: str
    text: str
    thing: Any = None
    style: CellStyle = ""


def columns() -> tuple[Column, ...]:
    """What it is, and what is said of it."""
    return Column(_("group profile"), width=14), Column("", flex=1, minimum=30)


def cells(line: Line) -> tuple[Cell | str, ...]:
    """A line of the list."""
    if line.kind == "heading":
        return Cell(line.label, "strong"), Cell(line.text, "dim")
    return Cell(line.label, "dim"), Cell(line.text, line.style)


def profile(found: Profile) -> tuple[Line, ...]:
    """Every line in order; keys stay the same while the thing does."""
    sections = (
        (N_("── Profile"), N_("e edit · p business preset"), _card(found)),
        (N_("── Size"), N_("w where the numbers come from"), _size(found)),
        (N_("── House rules"), N_("a add · [ ] move · Del remove · y copy"), _rules(found.rules)),
        (N_("── Violations"), N_("v note one"), _violations(found)),
        (N_("── Timetable"), N_("changed in the calendar: 5, then p"), _timetable(found.timetable)),
    )
    told = []
    for place, (title, keys, inside) in enumerate(sections):
        told.append(Line(-1 - place, "heading", _(title), _(keys)))
        told.extend(inside)
    return tuple(told)


def _card(found: Profile) -> Iterator[Line]:
    card = found.card
    told = (
        (_("business"), found.business), (_("kind of group"), kinds_said(card.kinds)),
        (_("whom it is for"), card.persona), (_("what it gives"), card.core_value),
        (_("product behind it"), card.product),
    )  # fmt: skip
    for place, (label, text) in enumerate(told):
        yield Line(-10 - place, "card", label, text or "—", style="" if text else "dim")
    welcome = welcome_text(card, found.group.name)
    yield Line(-19, "welcome", _("welcome"), " ⏎ ".join(welcome.splitlines()) or "—", style="" if welcome else "dim")
    for place, each in enumerate(found.advice):
        yield Line(-20 - place, "advice", "!", str(each.reason), each, "warn")


def _size(found: Profile) -> Iterator[Line]:
    meter, capacity = found.meter, found.meter.capacity
    most = capacity.hard or capacity.present or 1
    marks = [] if capacity.soft is None else [(float(capacity.soft), capacity.present > capacity.soft)]
    bar = gauge(capacity.present, most, marks, _METER)
    parts = [_("{n} of {most}", n=capacity.present, most=capacity.hard or "—")]
    if capacity.soft is not None:
        parts.append(_("suggested {soft}", soft=capacity.soft))
    yield Line(-40, "size", _("people"), f"{bar}  {' · '.join(parts)}",
               style="warn" if capacity.verdict != "ok" else "")  # fmt: skip
    if meter.ahead is not None:
        left = meter.ahead.people - capacity.present
        yield Line(-41, "size", _("in {n} people", n=left), meter.ahead.note)
    if meter.friends is not None and meter.friend_cap is not None:
        yield Line(-42, "size", _("friends"), _("friends: {n} of {cap} at the most", n=meter.friends,
                                               cap=meter.friend_cap))  # fmt: skip
    yield Line(-43, "platform", found.platform.name, found.platform.suits)


def _rules(rules: Sequence[HouseRule]) -> Iterator[Line]:
    for rule in rules:
        yield Line(rule.id * 10 + 1, "rule", f"{rule.place}.", rule.text, rule)
    if not rules:
        yield Line(-50, "heading", "", _("three rules are enough to begin with: a writes one, p brings some"))


def _violations(found: Profile) -> Iterator[Line]:
    for each in found.violations[:_MOST]:
        said = " · ".join(part for part in (each.name, _(STEPS[each.step]), each.rule, each.note) if part)
        style: CellStyle = "bad" if each.step == "removal" else "warn"
        yield Line(each.id * 10 + 2, "violation", each.day.isoformat(), said, each, style)
    if not found.violations:
        yield Line(-60, "heading", "", _("nobody broke a rule"))


def _timetable(places: Sequence[ContentColumn]) -> Iterator[Line]:
    for each in places:
        last = "" if each.until_minute is None else f"–{clock_said(each.until_minute)}"
        yield Line(each.id * 10 + 3, "place", f"{clock_said(each.at_minute)}{last}",
                   f"{each.name} · {weekdays_said(each.weekdays)}", each)  # fmt: skip
    if not places:
        yield Line(-70, "heading", "", _("nothing comes again yet"))


def headline(found: Profile) -> Content:
    """The group in a line."""
    kind = kinds_said(found.card.kinds)
    told = [part for part in (found.platform.name, found.business, kind) if part]
    missing = len(found.advice)
    parts = [literal(found.group.name, "bold"), literal(" · ".join(told), "$text-muted")]
    if missing:
        parts.append(literal(ngettext("{n} thing to see to", "{n} things to see to", missing), "$text-warning"))
    return Content("   ").join(parts)


def side(line: Line, found: Profile) -> Content:
    """What the line means, with its whole text."""
    return Content("\n").join([joined((line.label.strip("─ "), "bold")), Content(""), *_told(line, found)])


def _told(line: Line, found: Profile) -> Iterator[Content]:
    match line.kind:
        case "welcome":
            yield lines(welcome_text(found.card, found.group.name))
            yield literal(_("{group} stands for the group's name; {nick} is for you to fill in"), "$text-muted")
        case "advice":
            yield literal(line.text)
            yield from (literal(each, "$text-muted") for each in cited(line.thing.source))
        case "size":
            yield from _steps(found)
        case "platform":
            for each in platforms().values():
                yield joined((each.name, "bold"), "  ", each.suits)
        case "rule":
            yield from _under(line.thing, found)
        case "violation":
            yield from violation_told(line.thing)
        case "place":
            yield literal(line.text)
            yield literal(line.thing.prompt, "$text-muted")
        case "card":
            yield literal(line.text)
            yield from (literal(each, "$text-muted") for each in _(_EXAMPLE).splitlines())
        case _:
            yield literal(line.text, "$text-muted")


def _steps(found: Profile) -> Iterator[Content]:
    for step in found.platform.steps:
        passed = found.meter.capacity.present >= step.people
        yield joined((f"{'●' if passed else '○'} {step.people:>4}  ", "" if passed else "$text-muted"), step.note)
    yield literal(_("the sizes are the platform's and change; the limits are yours to set"), "$text-muted")


def _under(rule: HouseRule, found: Profile) -> Iterator[Content]:
    yield literal(rule.text)
    broken = [each for each in found.violations if each.rule_id == rule.id]
    yield literal(ngettext("{n} violation", "{n} violations", len(broken)), "$text-muted")
    for each in broken[:_MOST]:
        yield joined((f"{each.day}  {_(STEPS[each.step])}  ", "$text-muted"), each.name)


def violation_told(each: Violation) -> Iterator[Content]:
    """A violation, with what was noted."""
    yield joined((each.name, "bold"), f"  {each.day}  {_(STEPS[each.step])}")
    if each.rule:
        yield literal(each.rule)
    if each.note:
        yield lines(each.note)


def why(found: Profile) -> list[str]:
    """Where the profile and its numbers come from."""
    capacity, ladder = found.meter.capacity, found.ladder
    told = [f"· {each.reason}" for each in found.advice]
    sizes = _("suggested size {soft}, largest {hard}: rules group.capacity_soft and group.capacity_hard",
              soft=capacity.soft or "—", hard=capacity.hard or "—")  # fmt: skip
    steps = _("{warnings} warnings within {days} days, then removal: rules group.warnings and group.violation_days",
              warnings=ladder.warnings, days=ladder.days)  # fmt: skip
    friends = _("friends: everybody in your groups of such platforms, each once; the cap is the rule group.friend_cap")
    return [*told, "", sizes, steps, friends, "", *cited("S3-02, S3-03, S2-20, S2-22, S4-05, C09, S3-06, S3-07, S3-08")]


def diff_told(diff: Diff) -> list[Content]:
    """What a preset would do, a line each; what is so already comes last, as a count."""
    told = []
    for each in diff.of("new", "change", "kept"):
        mark, colour = {"new": ("+", "$text-success"), "change": ("~", "$text-warning")}.get(each.state, ("=", ""))
        new, old = (" ".join(text.split("\n")) for text in (each.new, each.old))
        words = {"new": new, "change": f"{old} → {new}", "kept": f"{old}（{_(STATES['kept'])}）"}[each.state]
        told.append(
            joined((f"{mark} ", colour), (f"{_(PARTS[each.part])} ", "$text-muted"), each.name or "", "  ", words)
        )
    if same := len(diff.of("same")):
        told.append(literal(ngettext("{n} line is so already", "{n} lines are so already", same), "$text-muted"))
    return told


def empty_text(group: bool) -> str:
    """What an empty room says."""
    return _("nothing here yet") if group else _("Choose a group first: g.\nIts profile, rules and sizes are here.")
