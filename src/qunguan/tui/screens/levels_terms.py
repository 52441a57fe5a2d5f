"""Ladders by key: choose one, take a preset, start one's own, change the terms; who would move is shown first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import VerticalScroll

from qunguan.domain.errors import BadInput
from qunguan.domain.level_files import preset, presets
from qunguan.domain.level_terms import MOST_LEVELS, Terms
from qunguan.domain.level_views import Benefit, Ladder
from qunguan.domain.level_words import POLICIES, terms_typed, written
from qunguan.exchange.readers.cells import date_cell, int_cell
from qunguan.i18n import _
from qunguan.tui.screens.levels_preview import LadderPreview
from qunguan.tui.widgets.choose import Choice, Choose
from qunguan.tui.widgets.dialogs import Field, Form
from qunguan.values import frozen

if TYPE_CHECKING:
    from qunguan.tui.screens.levels import LevelsScreen

_LINES = 5
"""Lines for levels that a form has at least; there is always an empty one more to go on."""
_OWN = "own"
_TICKS = (("yes", "yes"), ("no", "no"))


@frozen
class _Plan:
    """A ladder as it would be saved: new terms of one there is, or a new one with its name."""

    ladder: Ladder | None
    name: str
    terms: Terms
    from_day: date | None = None
    preset_id: str = ""
    benefits: tuple[Benefit, ...] = ()


class TermsForm(Form):
    """The form of a ladder's terms; a long ladder scrolls."""

    DEFAULT_CSS = """
    TermsForm {
        & > .box { width: 100; }
        & VerticalScroll { max-height: 14; scrollbar-size: 0 1; }
    }
    """

    def contents(self) -> ComposeResult:
        """The fields, scrolling."""
        with VerticalScroll(can_focus=False):
            yield from super().contents()


async def choose_ladder(screen: LevelsScreen) -> None:
    """Choose a ladder there is, take a preset, or start one's own."""
    from qunguan.services import levels

    known = await screen.desk.read(levels.all_ladders)
    choices = [
        Choice(f"#{each.id}", each.name, _("shown on the screens") if each.current else _("show this one"))
        for each in known
    ]
    choices += [
        Choice(preset_id, _("preset: {name}", name=draft.name), " / ".join(each.name for each in draft.terms.levels))
        for preset_id, draft in presets().items()
    ]
    choices.append(Choice(_OWN, _("one of my own"), _("levels and conditions as you like")))
    told = await screen.app.push_screen_wait(Choose(_("Which ladder?"), choices))
    if told is None:
        return
    if told == _OWN:
        await edit_terms(screen, None)
    elif told.startswith("#"):
        chosen = await screen.desk.write(levels.choose, int(told[1:]))
        screen.say(_("The screens show {ladder}", ladder=chosen.name))
        await screen.room.changed()
    else:
        preset_id, draft = preset(told)
        plan = _Plan(None, draft.name, draft.terms, preset_id=preset_id, benefits=draft.benefits)
        await _preview(screen, plan, draft.source)


async def edit_terms(screen: LevelsScreen, ladder: Ladder | None) -> None:
    """Change the terms of a ladder (None: one of one's own): form, preview, and back to the form for Esc."""
    typed: dict[str, str] = {}
    while True:
        planned: list[_Plan] = []

        async def check(values: dict[str, str], planned: list[_Plan] = planned) -> None:
            planned.append(_plan(ladder, values))

        title = _("Change {name}", name=ladder.name) if ladder else _("A ladder of your own")
        form = TermsForm(title, await _fields(screen, ladder, typed), check, [_(
            "A line a level, the lowest first: 银卡 = 消费≥1000/365天 或 订单≥6 且 连续≥7",
        )])  # fmt: skip
        found = await screen.app.push_screen_wait(form)
        if found is None:
            return
        typed = found
        if await _preview(screen, planned[-1], ""):
            return


async def _fields(screen: LevelsScreen, ladder: Ladder | None, typed: Mapping[str, str]) -> list[Field]:
    """The lines of the form: what was typed before, else the ladder's terms, else the rules."""
    from qunguan.services import rules

    terms = ladder.terms(screen.room.today) if ladder else None
    lines = [written(each) for each in terms.levels] if terms else []
    many = max(_LINES, len(lines) + 1, sum(name.startswith("level") for name in typed))
    lines += [""] * (min(many, MOST_LEVELS) - len(lines))
    held = terms.hold_days if terms else await screen.desk.read(rules.value, "level.hold_days")
    low = terms.low_water_pct if terms else await screen.desk.read(rules.value, "level.low_water_pct")
    policy = terms.policy if terms else "by_value"
    strict = "yes" if terms and terms.strict else "no"
    told = [] if ladder else [Field("name", _("ladder"), "", _("what you call it"))]
    hints = ["普通", "银卡 = 消费≥1000/365天 或 订单≥6"] if not ladder else []
    told += [
        Field(f"level{number}", _("level {n}", n=number), line, hints[number - 1] if number <= len(hints) else "")
        for number, line in enumerate(lines, 1)
    ]
    told += [
        Field("policy", _("when it lapses"), policy, choices=tuple((key, _(words)) for key, words in POLICIES.items())),
        Field("hold", _("held for (days)"), str(held)),
        Field("low", _("keeps it at (%)"), str(low), _("the share of the bar that is enough at the review")),
        Field("strict", _("refunds cost it"), strict, _("yes: at once; no: at the review"),
              choices=tuple((key, _(words)) for key, words in _TICKS)),
        Field("from", _("in force from"), "", _("empty: today"), day="near"),
    ]  # fmt: skip
    return [_again(field, typed) for field in told]


def _again(field: Field, typed: Mapping[str, str]) -> Field:
    """The field with what was typed into it before."""
    if field.id not in typed:
        return field
    return Field(field.id, field.label, typed[field.id], field.hint, field.choices)


def _plan(ladder: Ladder | None, values: Mapping[str, str]) -> _Plan:
    """What the form says. Raises BadInput."""
    strict = values["strict"]
    if strict not in dict(_TICKS):
        raise BadInput("write yes or no", where=_("refunds cost it"))
    terms = terms_typed(
        (line for name, line in values.items() if name.startswith("level")),
        hold_days=_whole(values["hold"], _("held for (days)")),
        low_water_pct=_whole(values["low"], _("keeps it at (%)")),
        policy=values["policy"],
        strict=strict == "yes",
    )
    name = ladder.name if ladder else values["name"]
    if not name:
        raise BadInput("the ladder has no name yet", hint="give it one, like 银卡金卡")
    return _Plan(ladder, name, terms, date_cell(values["from"]) if values["from"] else None)


def _whole(text: str, where: str) -> int:
    if not text:
        raise BadInput("this is empty", where=where, hint="write a whole number")
    return int_cell(text)


async def _preview(screen: LevelsScreen, plan: _Plan, reason: str) -> bool:
    """Show who would move; save with the reason given there. False when the owner goes back."""
    from qunguan.services import levels

    room = screen.room
    first = plan.from_day or room.today
    found = await screen.desk.read(
        levels.preview, room.clock, plan.terms, plan.ladder.id if plan.ladder else None,
        day=max(first, room.today), first=first, name=plan.name, benefits=plan.benefits,
    )  # fmt: skip

    async def save(why: str) -> None:
        made = await _saved(screen, plan, why)
        if plan.ladder is not None and len(made.versions) == len(plan.ladder.versions):
            screen.say(_("These terms are in force already; nothing changed"))
        else:
            screen.say(_("{ladder} is in force from {day}", ladder=made.name, day=made.versions[-1].from_day))

    before = await _before(screen, plan)
    done = await screen.app.push_screen_wait(LadderPreview(found, before, save, reason))
    if done:
        await room.changed()
    return bool(done)


async def _saved(screen: LevelsScreen, plan: _Plan, why: str) -> Ladder:
    from qunguan.services import levels

    write = screen.desk.write
    if plan.ladder is not None:
        return await write(levels.save_version, plan.ladder.id, plan.terms, from_day=plan.from_day, reason=why)
    if plan.preset_id:
        return await write(levels.use_preset, plan.preset_id, reason=why)
    return await write(levels.create, plan.name, plan.terms, from_day=plan.from_day, reason=why)


async def _before(screen: LevelsScreen, plan: _Plan) -> Sequence[tuple[str, int]]:
    """The levels as they are now with their members, of the ladder that changes."""
    from qunguan.services import levels

    if plan.ladder is None or screen.room.today < plan.ladder.first_day:
        return ()
    counted = await screen.desk.read(levels.counts, screen.room.clock, ladder_id=plan.ladder.id)
    return [(each.name, each.members) for each in counted]
