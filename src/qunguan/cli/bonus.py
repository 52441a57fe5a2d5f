"""`qunguan bonus`: the days that multiply points."""

from __future__ import annotations

import argparse
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from qunguan.cli.command import Context, columns, known, verbs
from qunguan.cli.parser import day
from qunguan.domain.earning import MULTIPLIED, BonusDay, BonusPreset, parse_multiplier, times_text
from qunguan.domain.recurrence import Recurrence
from qunguan.domain.sources import Brief
from qunguan.i18n import _

if TYPE_CHECKING:
    from qunguan.services.desk import Desk


def register(parser: argparse.ArgumentParser, noun: str) -> None:
    """The verbs of `bonus`."""
    verb = verbs(parser)
    verb("list", listing, _("the days that multiply points, and the shipped ones you can add"), as_of=True)
    new = verb("add", add, _("add a day that multiplies points"), writes=True)
    new.add_argument("name", metavar="NAME", help=_("its name; that of a shipped day is enough"))
    new.add_argument("--every", metavar="WHEN", help=_("like 每月8日, 每周五, 11-11, 农历正月初一 or 2026-03-08"))
    _terms(new)
    change = verb("edit", edit, _("change a bonus day; what is booked stays"), writes=True)
    _bonus_argument(change)
    change.add_argument("--name", metavar="NAME")
    change.add_argument("--every", metavar="WHEN", help=_("like 每月8日, 每周五, 11-11, 农历正月初一 or 2026-03-08"))
    _terms(change)
    turn = verb("switch", switch, _("switch a bonus day on or off"), writes=True)
    _bonus_argument(turn)
    turn.add_argument("state", choices=("on", "off"))
    gone = verb("remove", remove, _("remove a bonus day; what it gave stays"), writes=True)
    _bonus_argument(gone)
    asked = verb("why", why, _("what points are multiplied by on a day, and why"))
    asked.add_argument("day", nargs="?", type=day, metavar="DATE", help=_("without it today"))


def _bonus_argument(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("bonus", metavar="DAY", help=_("a bonus day by id or name"))


def _terms(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--times", type=parse_multiplier, metavar="N", help=_("2 doubles; 1 is only the perk"))
    parser.add_argument("--rule", action="append", metavar="RULE", help=_("only points of this rule; may be repeated"))
    parser.add_argument("--perk", metavar="TEXT", help=_("what else the day gives, in words"))
    parser.add_argument("--from", type=day, metavar="DATE", dest="from_day", help=_("the first day it holds"))
    parser.add_argument("--to", type=day, metavar="DATE", dest="to_day", help=_("the last day it holds"))


def _given(options: argparse.Namespace) -> dict[str, Any]:
    told = {
        "multiplier_pct": options.times,
        "applies": None if options.rule is None else tuple(options.rule),
        "perk": options.perk,
        "from_day": options.from_day,
        "to_day": options.to_day,
    }
    return {name: value for name, value in told.items() if value is not None}


def listing(context: Context) -> None:
    """Print the bonus days."""
    from qunguan.services import earning

    with context.desk() as desk:
        found, left = desk.read(earning.bonus_days), desk.read(earning.presets_left)
        today = context.as_of or _today(context, desk)
    document = {"bonus_days": [{**_bonus(each), "next": each.next(today)} for each in found],
                "presets": [_preset(each) for each in left]}  # fmt: skip
    header = (_("id"), _("name"), _("when"), _("points"), _("next day"), _("for"), _("source"))
    rows = [
        (each.id, each.name, each.recurs.text(), times_text(each.multiplier_pct), known(each.next(today)), _for(each),
         Brief(each.source or "—"))
        for each in found
    ]  # fmt: skip
    lines = columns(header, rows, right=(0,)) if rows else [_("No day multiplies points yet")]
    if left:
        shipped = [
            (each.name, Recurrence.parse(each.recurs).text(), times_text(each.multiplier_pct), Brief(each.source))
            for each in left
        ]
        head = _("Shipped days you can add: qunguan bonus add NAME")
        lines += ["", head, *columns((_("name"), _("when"), _("points"), _("source")), shipped)]
    context.answer(document, lines)


def add(context: Context) -> None:
    """Add a bonus day: a shipped one by its name alone, any other with --every."""
    from qunguan.services import earning

    options = context.options
    given = _given(options)

    def put(session: Any, clock: Any) -> BonusDay:
        """The bonus day of a rule as it was typed, or the preset of that name with what was typed over it."""
        if options.every is not None:
            return earning.add_bonus_day(session, clock, options.name, options.every, **given)
        made = earning.add_preset(session, clock, options.name)
        return earning.edit_bonus_day(session, clock, replace(made, **given)) if given else made

    with context.desk() as desk:
        _tell(context, desk, context.write(desk, put))


def edit(context: Context) -> None:
    """Change a bonus day."""
    from qunguan.services import earning

    options = context.options
    given = _given(options)
    if options.name is not None:
        given["name"] = options.name
    if options.every is not None:
        given["recurs"] = Recurrence.parse(options.every)
    with context.desk() as desk:
        found = desk.read(earning.find_bonus_day, options.bonus)
        _tell(context, desk, context.write(desk, earning.edit_bonus_day, replace(found, **given)))


def switch(context: Context) -> None:
    """Switch a bonus day on or off."""
    from qunguan.services import earning

    options = context.options
    with context.desk() as desk:
        found = desk.read(earning.find_bonus_day, options.bonus)
        _tell(context, desk, context.write(desk, earning.switch_bonus_day, found.id, enabled=options.state == "on"))


def remove(context: Context) -> None:
    """Remove a bonus day."""
    from qunguan.services import earning

    with context.desk() as desk:
        found = desk.read(earning.find_bonus_day, context.options.bonus)
        context.write(desk, earning.remove_bonus_day, found.id)
    context.answer({"bonus_day": _bonus(found)}, [_("Removed {name}; what it gave stays", name=found.name)])


def why(context: Context) -> None:
    """Print the multiplier of a day for every rule it is for."""
    from qunguan.services import earning

    with context.desk() as desk:
        when = context.options.day or _today(context, desk)
        found = [desk.read(earning.why_multiplier, rule_id, when) for rule_id in MULTIPLIED]
    document = [
        {"rule": each.rule_id, "percent": each.percent, "why": [str(line) for line in earning.why_lines(each)]}
        for each in found
    ]
    rows = [
        (_(MULTIPLIED[each.rule_id]), times_text(each.percent), _("; ").join(map(str, earning.why_lines(each))))
        for each in found
    ]
    context.answer({"day": when, "multipliers": document}, columns((_("rule"), _("points"), _("why")), rows))


def _tell(context: Context, desk: Desk, made: BonusDay) -> None:
    after = made.next(_today(context, desk))
    values = {"name": made.name, "times": times_text(made.multiplier_pct), "when": made.recurs.text()}
    line = _("{name}: {when}, points {times}", **values)
    if not made.enabled:
        line = _("{name} is off now; what it gave stays", name=made.name)
    elif after:
        line = _("{name}: {when}, points {times}; next on {day}", day=after, **values)
    context.answer({"bonus_day": {**_bonus(made), "next": after}}, [line])


def _today(context: Context, desk: Desk) -> date:
    from qunguan.services import groups

    return context.clock.today(desk.read(groups.day_rule))


def _for(bonus: BonusDay) -> str:
    text = "、".join(_(MULTIPLIED[rule_id]) for rule_id in bonus.applies) or _("all points")
    return text if bonus.enabled else _("{value} (off)", value=text)


def _bonus(bonus: BonusDay) -> dict[str, Any]:
    return {
        "id": bonus.id, "name": bonus.name, "recurs": str(bonus.recurs), "multiplier_pct": bonus.multiplier_pct,
        "applies": bonus.applies, "perk": bonus.perk, "from_day": bonus.from_day, "to_day": bonus.to_day,
        "source": bonus.source, "enabled": bonus.enabled, "preset": bonus.preset,
    }  # fmt: skip


def _preset(each: BonusPreset) -> dict[str, Any]:
    return {"id": each.id, "name": each.name, "recurs": each.recurs, "multiplier_pct": each.multiplier_pct,
            "perk": each.perk, "source": each.source}  # fmt: skip
