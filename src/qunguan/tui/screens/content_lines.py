"""How the calendar is drawn: a line for each post and empty place, the meter of the mix, what one post is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from textual.content import Content

from qunguan.domain import festivals
from qunguan.domain.clock import WEEKDAYS
from qunguan.domain.content import (
    AUTHORS,
    NEEDS,
    STATES,
    ContentColumn,
    Post,
    clock_said,
    ready_text,
    sub_kind_name,
    weekdays_said,
)
from qunguan.domain.content_mix import KINDS, Kind, Mix, MixPreset, percent
from qunguan.domain.content_plan import DayPlan, Outlook, Slot, Week
from qunguan.domain.content_results import Outcome
from qunguan.i18n import _, ngettext
from qunguan.tui.text import joined, lines, literal
from qunguan.tui.widgets.meter import gauge
from qunguan.tui.widgets.paged_table import Cell, Column
from qunguan.tui.widgets.table_cells import CellStyle
from qunguan.values import frozen

_BAR, _SHORT = 24, 14
_DAY_KEYS = 1_000_000
KIND_MARKS: Mapping[Kind, str] = {"value": "■", "interactive": "◆", "benefit": "▲"}
_KIND_STYLES: Mapping[Kind, CellStyle] = {"value": "good", "interactive": "", "benefit": "warn"}
KIND_COLOURS: Mapping[Kind, str] = {"value": "$text-success", "interactive": "$foreground", "benefit": "$text-warning"}


@frozen
class Line:
    """A line of the calendar: a post, an empty place, or a day with neither. `head`: the first of its day."""

    day: date
    entry: Post | Slot | None
    head: bool = True

    @property
    def key(self) -> int:
        """What the line is known by: the post's id, else a number below 0 made of day and place."""
        if isinstance(self.entry, Post):
            return self.entry.id
        place = self.entry.column.id if self.entry else 0
        return -(self.day.toordinal() * _DAY_KEYS + place)


@frozen
class Now:
    """Today and the minute of the day it is."""

    today: date
    minute: int


def plan_lines(days: Iterable[DayPlan], today: date, kind: str = "") -> list[Line]:
    """The lines of these days. Empty places of days that are over are not shown; `kind` leaves the others out."""
    found: list[Line] = []
    for plan in days:
        entries = [
            each for each in plan.entries if (isinstance(each, Post) or plan.day >= today) and kind in ("", _kind(each))
        ]
        if entries:
            found += [Line(plan.day, each, not number) for number, each in enumerate(entries)]
        elif not kind:
            found.append(Line(plan.day, None))
    return found


def post_lines(posts: Sequence[Post]) -> list[Line]:
    """Posts of any days, each day headed once."""
    days: set[date] = set()
    found = []
    for post in posts:
        found.append(Line(post.day, post, post.day not in days))
        days.add(post.day)
    return found


def _kind(entry: Post | Slot) -> str:
    return entry.kind if isinstance(entry, Post) else entry.column.kind


def columns(preset: MixPreset) -> tuple[Column, ...]:
    """Day and time, whether it is out, its kind, what it is, and how many opened it."""
    return (
        Column(_("day"), width=10), Column(_("at"), width=5), Column("", width=1),
        Column(_("kind"), width=kind_width(preset)), Column(_("title"), flex=1, minimum=24),
        Column(_("sub-kind"), width=10, drop=1), Column(_("by"), width=8, drop=3),
        Column(_("opened %"), width=8, right=True, drop=2),
    )  # fmt: skip


def cells(line: Line, preset: MixPreset, opened: Mapping[int, Outcome], now: Now) -> tuple[Cell | str, ...]:
    """A line of the calendar."""
    here: CellStyle = "strong" if line.day == now.today else "dim" if line.day < now.today else ""
    day = Cell(day_said(line.day) if line.head else "", here)
    entry = line.entry
    if entry is None:
        return day, "", "", "", Cell(_("nothing planned"), "dim"), "", "", ""
    if isinstance(entry, Slot):
        place = entry.column
        return (
            day, Cell(clock_said(place.at_minute), "dim"), Cell("·", "dim"),
            Cell(kind_said(preset, place.kind), "dim"), Cell(_("{name}: to fill", name=place.name), "dim"),
            Cell(sub_kind_name(place.sub_kind), "dim"), "", "",
        )  # fmt: skip
    mark, style = state_mark(entry, now)
    gone = entry.state == "dropped"
    result = opened.get(entry.id)
    rate = result.counted.open_rate if result else None
    return (
        day, clock_said(entry.at_minute), Cell(mark, style),
        Cell(kind_said(preset, entry.kind), "dim" if gone else _KIND_STYLES[entry.kind]),
        Cell(_("[ad] {title}", title=entry.title) if entry.draft.is_ad else entry.title, "dim" if gone else ""),
        Cell(sub_kind_name(entry.draft.sub_kind), "dim"), Cell(entry.author_name, "dim"),
        percent(rate.value) if rate else "",
    )  # fmt: skip


def day_said(day: date) -> str:
    """03-20 Fri."""
    return f"{day:%m-%d} {_(WEEKDAYS[day.weekday()])}"


def kind_said(preset: MixPreset, kind: Kind) -> str:
    """A kind with its mark, as the mix in force calls it (C02)."""
    return f"{KIND_MARKS[kind]} {preset.called(kind)}"


def kind_width(preset: MixPreset) -> int:
    """The cells the longest name of a kind takes, with its mark."""
    return max(literal(kind_said(preset, kind)).cell_length for kind in KINDS)


def state_mark(post: Post, now: Now) -> tuple[str, CellStyle]:
    """● posted, ○ planned, ! should be out by now, ✗ dropped."""
    if post.state == "posted":
        return "●", "done"
    if post.state == "dropped":
        return "✗", "dim"
    late = post.at_minute is not None and post.day == now.today and post.at_minute < now.minute
    return ("!", "warn") if late or post.day < now.today else ("○", "")


def headline(week: Week, kind: Kind | None, found: int | None) -> Content:
    """Which week, what to add next, ads, the lock, days without a topic; of a search how many are found."""
    if found is not None:
        return joined((ngettext("{n} post found", "{n} posts found", found), "bold"))
    last = week.days[-1].day
    mix = week.mix
    parts = [literal(_("{first} – {last}", first=day_said(week.monday), last=day_said(last)), "bold")]
    if kind:
        parts.append(literal(_("only {kind}", kind=mix.preset.called(kind)), "$text-muted"))
    if week.lock.locked:
        parts.append(literal(_("promotion rests"), "$text-error"))
    if mix.kept:
        parts.append(literal(_("✓ the mix is kept"), "$text-success"))
    parts.append(
        joined(
            (_("next best:"), "$text-muted"), " ", (kind_said(mix.preset, mix.suggestion), KIND_COLOURS[mix.suggestion])
        )
    )
    ads = _("ads of the month {n}", n=week.ads) if week.quota is None else _("ads of the month {n}/{quota}", n=week.ads,
                                                                             quota=week.quota)  # fmt: skip
    over = week.quota is not None and week.ads > week.quota
    parts.append(literal(f"{ads} !" if over else ads, "$text-error" if over else "$text-muted"))
    if week.quiet:
        days = " ".join(_(WEEKDAYS[day.weekday()]) for day in week.quiet)
        parts.append(literal(_("no topic: {days}", days=days), "$text-warning"))
    return Content("   ").join([*parts, *_festivals(week.monday, last)])


def _festivals(first: date, last: date) -> list[Content]:
    """The festivals of a week, with what to do about each (C24)."""
    found = [each for each in festivals.between(first, last) if first <= each.day <= last]
    return [
        joined(
            (f"{each.name} {_(WEEKDAYS[each.day.weekday()])} ", "$text-accent"),
            (_(festivals.STANCES[each.stance]), "$text-muted"),
        )
        for each in found
    ]


def meter_lines(mix: Mix) -> Content:
    """A bar for each kind: what is posted and what it comes to with what is planned, against the target."""
    told = []
    for kind in KINDS:
        share, off, style = _forecast(mix, kind)
        told.append(joined(
            (f"{_named(mix, kind)} ", style), (gauge(share, 1, [(mix.target[kind], True)], _BAR), style),
            (f"  {_('posted')} ", "$text-muted"), f"{_percent(mix.actual[kind] if mix.actual else None):<7}",
            (f"{_('with plans')} ", "$text-muted"), (f"{_percent(share):<7}", f"bold {style}" if off else "bold"),
            (f"{_('target')} {_percent(mix.target[kind])}  ", "$text-muted"), (off, style),
        ))  # fmt: skip
    return Content("\n").join(told)


def change_lines(before: Mix, after: Mix) -> Content:
    """The same where there is little room: what the forecast was, and what a post makes of it."""
    told = []
    for kind in KINDS:
        share, off, style = _forecast(after, kind)
        was = _percent(before.forecast[kind] if before.forecast else None)
        told.append(joined(
            (f"{_named(after, kind)} ", style), (gauge(share, 1, [(after.target[kind], True)], _SHORT), style),
            f"  {was} → ", (f"{_percent(share):<7}", f"bold {style}" if off else "bold"),
            (f"{_('target')} {_percent(after.target[kind])}  ", "$text-muted"), (off, style),
        ))  # fmt: skip
    return Content("\n").join(told)


def _forecast(mix: Mix, kind: Kind) -> tuple[float | None, str, str]:
    """The share of a kind, how far it is off in words, and the colour of its line: green within the band. Of too few
    posts to judge neither is said."""
    share = mix.forecast[kind] if mix.forecast else None
    if kind in mix.off:
        return share, _off(mix, kind), "$text-error"
    return (share, "✓", "$text-success") if mix.judged else (share, "", "$foreground")


def _named(mix: Mix, kind: Kind) -> str:
    text = kind_said(mix.preset, kind)
    return text + " " * (kind_width(mix.preset) - literal(text).cell_length)


def _percent(share: float | None) -> str:
    return "—" if share is None else f"{percent(share)} %"


def _off(mix: Mix, kind: Kind) -> str:
    points = mix.deviation[kind] if mix.deviation else 0.0
    many = _("▲ {points} too many", points=percent(points))
    return many if points > 0 else _("▼ {points} too few", points=percent(-points))


def outlook_lines(found: Outlook) -> Content:
    """The meter as it would be, and what speaks against it, the heaviest first."""
    marks = {"lock": ("✗ ", "$text-error"), "stop": ("✗ ", "$text-error"), "warning": ("! ", "$text-warning")}
    told = [change_lines(found.before, found.after)]
    told += [joined(marks[each.force], (str(each.why), marks[each.force][1])) for each in found.findings[:2]]
    return Content("\n").join(told)


def side(line: Line, preset: MixPreset, result: Outcome | None, now: Now) -> Content:
    """What the line is, beside the list."""
    entry = line.entry
    if entry is None:
        return literal(_("Nothing is planned for {day}. a plans a post.", day=day_said(line.day)), "$text-muted")
    if isinstance(entry, Slot):
        return Content("\n").join(column_lines(entry.column, preset))
    return Content("\n").join(post_story(entry, preset, result, now))


def column_lines(place: ContentColumn, preset: MixPreset) -> list[Content]:
    """A place of the timetable."""
    until = "" if place.until_minute is None else f"–{clock_said(place.until_minute)}"
    told = [
        literal(place.name, "bold"),
        literal(f"{weekdays_said(place.weekdays)} {clock_said(place.at_minute)}{until}"),
        literal(f"{kind_said(preset, place.kind)}  {sub_kind_name(place.sub_kind)}", KIND_COLOURS[place.kind]),
    ]
    if place.prompt:
        told += [Content(""), lines(place.prompt)]
    return [*told, Content(""), literal(_("Enter fills the place."), "$text-muted")]


def post_story(post: Post, preset: MixPreset, result: Outcome | None, now: Now) -> list[Content]:
    """A post: when, what, for whom, its text, and what came of it."""
    draft = post.draft
    mark, _style = state_mark(post, now)
    told = [
        literal(post.title, "bold"),
        literal(f"{mark} {_(STATES[post.state])}  {day_said(post.day)} {clock_said(post.at_minute)}"),
        joined((f"{kind_said(preset, post.kind)}  {sub_kind_name(draft.sub_kind)}", KIND_COLOURS[post.kind])),
        literal(_("serves: {need}", need=_(NEEDS[draft.need])) if draft.need else "", "$text-muted"),
        literal(post.author_name or _(AUTHORS[draft.author]), "$text-muted"),
    ]
    if draft.is_ad:
        told.append(literal(_("ad of {sponsor}", sponsor=draft.sponsor), "$text-warning"))
    whom = [*draft.tags, *(f"{scheme}:{bucket}" for scheme, bucket in draft.segments)]
    told.append(literal(_("for: {whom}", whom=_(", ").join(whom) or _("all members")), "$text-muted"))
    if result is not None and result.counted.known:
        told += [Content(""), *result_lines(result)]
    return [*told, Content(""), lines(ready_text(draft))]


def result_lines(result: Outcome) -> list[Content]:
    """What came of a post: the counts that are known, and their rates with the base."""
    told = result.counted
    counts = (
        (_("reached"), told.audience), (_("read"), told.reads), (_("clicked"), told.clicks),
        (_("answers"), told.replies), (_("orders"), told.orders),
    )  # fmt: skip
    found = [literal("  ".join(f"{name} {n}" for name, n in counts if n is not None))]
    rates = ((_("opened"), told.open_rate), (_("clicked of those reached"), told.ctr),
             (_("clicked of those who read"), told.ctor))  # fmt: skip
    found += [
        literal(f"{name} {percent(rate.value)} % (n={rate.n})", "$text-muted")
        for name, rate in rates
        if rate is not None
    ]
    return found


def empty_text() -> str:
    """What an empty calendar says."""
    return _("Nothing of this kind this week.\n\na plans a post, p sets up the timetable, f shows every kind again.")
