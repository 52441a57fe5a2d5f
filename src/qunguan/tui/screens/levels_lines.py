"""How levels are drawn: the four lists, what stands beside them, a member's card."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

from textual.content import Content

from qunguan.domain.level_views import AtRisk, Benefit, LevelCard, LevelLine, Move, Survey
from qunguan.domain.level_words import CAUSES, kept_said, missing_said, nearest_said, quota_said, ways_said
from qunguan.domain.levels import Cause, Measured, Standing, Terms, quantity
from qunguan.i18n import N_, _, ngettext
from qunguan.tui.text import joined, lines, literal
from qunguan.tui.turns import next_of
from qunguan.tui.widgets.paged_table import Cell, Column, Row
from qunguan.tui.widgets.table_cells import CellStyle

View = Literal["ladder", "moves", "soon", "benefits"]
VIEWS: dict[View, str] = {
    "ladder": N_("everyone on the ladder"),
    "moves": N_("who moved"),
    "soon": N_("about to be lost"),
    "benefits": N_("benefits"),
}
LOCKED = "⚑"
_DAY = 10
_NEWEST = 6


def next_view(view: View) -> View:
    """What `f` shows after this."""
    return next_of(VIEWS, view)


def headline(found: Survey | None, view: View, search: str) -> Content:
    """The ladder, who stands where from the top, who moved lately, how many are about to fall."""
    if found is None:
        return literal(_("no ladder yet"), "bold")
    moves = found.moves
    parts = [joined((found.ladder.name, "bold"), f" · {_(VIEWS[view])}")]
    parts.append(literal(" / ".join(f"{each.name} {each.members}" for each in reversed(found.levels))))
    parts.append(literal(_("{n} days: ▲{rises} ▼{falls}", n=found.back, rises=len(moves.rises),
                           falls=len(moves.falls)), "$text-muted"))  # fmt: skip
    if found.risks:
        told = ngettext("{n} about to be lost", "{n} about to be lost", len(found.risks))
        parts.append(literal(told, "$text-warning"))
    if search:
        parts.append(literal(_("search: {text}", text=search), "$text-muted"))
    return Content("   ").join(parts)


# -- the lists


def ladder_columns() -> tuple[Column, ...]:
    """Level, member, since, held until, why, what is missing."""
    return (
        Column(_("level"), width=8),
        Column(_("member"), flex=2, minimum=12),
        Column(_("since"), width=_DAY, drop=3),
        Column(_("held through"), width=_DAY, drop=1),
        Column(_("why"), flex=3, minimum=14, drop=2),
        Column(_("missing to the next"), flex=3, minimum=18),
    )


def ladder_cells(line: LevelLine) -> tuple[Cell | str, ...]:
    """A member on the ladder; a level set by hand carries a flag."""
    at, standing = line.stands, line.stands.standing
    base = at.rank == 1
    mark = LOCKED if standing.cause == "lock" else ""
    return (
        Cell(f"{mark}{at.level}", "dim" if base else "strong"), Cell(line.name, "" if base else "strong"),
        Cell(at.since.isoformat(), "dim"), Cell(standing.until.isoformat() if standing.until else "—", "dim"),
        Cell("" if base and standing.cause == "start" else short_why(standing), "dim"), nearest_said(line.next) or "—",
    )  # fmt: skip


def short_why(standing: Standing) -> str:
    """Why a standing began, in a few words: what was there for it, and the cause."""
    return _because(standing.reason or met(standing.why), standing.cause)


def _because(told: str, cause: Cause) -> str:
    return " · ".join(filter(None, (told, _(CAUSES[cause]))))


def met(why: Sequence[Measured]) -> str:
    """What was there when a level was judged: 1200 yuan, 3 orders."""
    return _(", ").join(str(quantity(each.condition.metric, each.value)) for each in why)


def ladder_row(line: LevelLine) -> Row:
    """The same with its member as the key."""
    return Row(line.stands.member_id, ladder_cells(line))


def move_columns(*, dated: bool = True) -> tuple[Column, ...]:
    """Up or down, member, from and to, day (where there are several), why, what goes with it."""
    day = (Column(_("day"), width=_DAY),) if dated else ()
    return (
        Column("", width=2),
        Column(_("member"), flex=2, minimum=12),
        Column(_("from"), width=8, drop=1),
        Column(_("to"), width=8),
        *day,
        Column(_("why"), flex=3, minimum=16, drop=3),
        Column(_("benefits lost"), flex=2, minimum=10, drop=2),
    )


def move_cells(move: Move, *, dated: bool = True) -> tuple[Cell | str, ...]:
    """Somebody who rose or fell."""
    style: CellStyle = "good" if move.up else "bad"
    told = _because(move.reason or met(move.why), move.cause)
    return (
        Cell("▲" if move.up else "▼", style), move.name, Cell(move.from_level, "dim"), Cell(move.to_level, style),
        *((Cell(move.day.isoformat(), "dim"),) if dated else ()), Cell(told, "dim"),
        Cell(_(", ").join(move.lost), "warn"),
    )  # fmt: skip


def risk_columns() -> tuple[Column, ...]:
    """Member, level, last day, what follows, what there is of what keeps it."""
    return (
        Column(_("member"), flex=2, minimum=12),
        Column(_("level"), width=8),
        Column(_("last day"), width=_DAY),
        Column(_("then"), width=8, drop=1),
        Column(_("what keeps it"), flex=3, minimum=20),
    )


def risk_cells(risk: AtRisk) -> tuple[Cell | str, ...]:
    """Somebody whose level is about to be lost, and what of it would keep it."""
    return (
        Cell(risk.name, "strong"), risk.level, Cell(risk.last_day.isoformat(), "warn"), Cell(risk.to_level, "dim"),
        keeps(risk.why) or _(CAUSES[risk.cause]),
    )  # fmt: skip


def keeps(why: Sequence[Measured]) -> str:
    """What is there against what is needed: 300 yuan of 1000 yuan."""
    told = [
        _("{have} of {need}", have=quantity(each.condition.metric, each.value),
          need=quantity(each.condition.metric, each.needed))
        for each in why
    ]  # fmt: skip
    return _(", ").join(told)


def benefit_columns() -> tuple[Column, ...]:
    """From which level, the benefit, how often, a note, since when closed."""
    return (
        Column(_("from level"), width=9),
        Column(_("benefit"), flex=2, minimum=12),
        Column(_("how often"), width=12),
        Column(_("note"), flex=2, minimum=10, drop=1),
        Column(_("closed"), width=_DAY, drop=2),
    )


def benefit_cells(found: Benefit, terms: Terms) -> tuple[Cell | str, ...]:
    """A benefit of a level; a closed one is dim."""
    style: CellStyle = "dim" if found.closed_on else ""
    closed = found.closed_on.isoformat() if found.closed_on else "—"
    return (
        Cell(terms.name(found.rank), style), Cell(found.name, style or "strong"), Cell(quota_said(found), style),
        Cell(found.note, "dim"), Cell(closed, "dim"),
    )  # fmt: skip


# -- beside the list, and the card


def terms_lines(terms: Terms) -> Iterator[Content]:
    """What each level asks for, and how it is kept."""
    for level in terms.levels:
        yield joined((f"{level.name} ", "bold"), ways_said(level))
    yield literal(kept_said(terms), "$text-muted")


def card_head(card: LevelCard) -> Iterator[Content]:
    """Where a member stands, what is missing, what they have."""
    now = card.now
    mark = f"{LOCKED} " if now.standing.cause == "lock" else ""
    yield literal(card.name, "bold")
    yield joined(mark, (now.level, "bold $text-success"), (f"  {_('since {day}', day=now.since)}", "$text-muted"))
    if now.standing.until:
        yield literal(_("held through {until}, reviewed the day after", until=now.standing.until), "$text-muted")
    if card.next is not None:
        yield Content("")
        yield literal(_("To {level}:", level=card.next.level), "$text-muted")
        for way in card.next.ways:
            bars = _(" and ").join(str(each.condition.said()) for each in way)
            yield joined(("○ ", "$text-warning"), missing_said(way) or "—", (f"  ({bars})", "$text-muted"))
    yield Content("")
    yield literal(_("Benefits"), "$text-muted")
    for each in card.benefits:
        yield joined(
            (each.benefit.name, "dim" if each.left == 0 else ""), (f"  {quota_said(each.benefit)}", "$text-muted")
        )
        if each.left is not None:
            yield literal("  " + _("used {used}, {n} left", used=each.used, n=each.left), "$text-muted")
    if not card.benefits:
        yield literal(_("none: a gives the level one"), "dim")


def path_lines(card: LevelCard, most: int | None = None) -> Iterator[Content]:
    """The way a member came, newest first, each step with its reason; the newest `most` alone."""
    yield literal(_("The way here"), "$text-muted")
    for level, each in card.path[:most]:
        sign = "▲" if each.rank > max(1, each.was) else "▼" if each.rank < each.was else "·"
        yield joined(f"{each.from_day} {sign} ", (level, "bold"), (f"  {short_why(each)}", "$text-muted"))


def side(card: LevelCard) -> Content:
    """A member beside the list."""
    return Content("\n").join([*card_head(card), Content(""), *path_lines(card, _NEWEST)])


def benefit_side(found: Benefit, terms: Terms) -> Content:
    """A benefit beside the list, and what its level asks for."""
    level = terms.levels[min(found.rank, len(terms.levels)) - 1]
    told = [literal(found.name, "bold"), literal(quota_said(found))]
    if found.note:
        told.append(lines(found.note))
    told += [Content(""), joined((_("from level"), "$text-muted"), f" {level.name}"), literal(ways_said(level))]
    told += [Content(""), literal(_("Levels above have it too, unless they have their own of this name."), "dim")]
    return Content("\n").join(told)


def empty_text(found: Survey | None, view: View) -> str:
    """What an empty list says: what it is for, and which key to press."""
    if found is None:
        return _(
            "Levels thank those who come back: what they buy, earn and check in lifts them, and each level gives more."
            "\nc takes a ready ladder (银卡金卡, 青铜白银) or starts one of your own.\n"
            "Who would stand where is shown before anything is saved."
        )
    if found.day < found.ladder.first_day:
        return _("{ladder} begins on {day}.\ne changes its terms, c takes another ladder.", ladder=found.ladder.name,
                 day=found.ladder.first_day)  # fmt: skip
    if view == "moves":
        return _("Nobody rose or fell in the last {n} days.\nf goes on.", n=found.back)
    if view == "soon":
        return _("No level is lost within {n} days.\nf goes on to the benefits.", n=found.ahead)
    if view == "benefits":
        return _("No level gives anything yet.\na gives one a benefit: a discount, first pick, a small present.")
    return _("Nobody is here yet.\nMembers stand on the ladder as soon as there are any (screen 2).")
