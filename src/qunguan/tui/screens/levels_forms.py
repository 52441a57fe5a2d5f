"""What is done with a member's level and with benefits: set by hand, taken off, used, added, changed, closed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from qunguan.domain.errors import BadInput, Refused
from qunguan.domain.level_files import rank_named
from qunguan.domain.level_terms import Terms
from qunguan.domain.level_views import Benefit, BenefitLeft, LevelCard
from qunguan.domain.level_words import PERIODS, quota_said
from qunguan.exchange.readers.cells import date_cell, int_cell
from qunguan.i18n import _
from qunguan.tui.widgets.choose import Choice, Choose
from qunguan.tui.widgets.dialogs import Confirm, Field, Form

if TYPE_CHECKING:
    from qunguan.tui.screens.levels import LevelsScreen

_NEW = Benefit(0, 0, "", None, "once", "")


def lock_form(screen: LevelsScreen, card: LevelCard, ladder_id: int, terms: Terms) -> Form:
    """Set a member's level by hand."""

    async def save(values: dict[str, str]) -> None:
        from qunguan.services import levels

        until = date_cell(values["until"]) if values["until"] else None
        done = await screen.desk.write(levels.lock, ladder_id, card.member_id, rank_named(terms, values["level"]),
                                       reason=values["reason"], until=until)  # fmt: skip
        told = _("{name} is {level} by hand until it is taken off", name=card.name, level=done.level)
        if until:
            told = _("{name} is {level} by hand through {until}", name=card.name, level=done.level, until=until)
        screen.say(told)
        await screen.room.changed()

    fields = [
        _level_field(terms, card.now.rank),
        Field("reason", _("reason"), hint=_("you will want to know later")),
        Field("until", _("last day"), hint=_("the last day; empty: until it is taken off"), day="next"),
    ]
    return Form(_("Set the level of {name} by hand", name=card.name), fields, save)


async def unlock(screen: LevelsScreen, card: LevelCard, ladder_id: int) -> None:
    """Let a member's level follow the terms again, after asking what that means."""
    from qunguan.services import levels

    then = await screen.desk.rehearse(levels.unlock, ladder_id, card.member_id)
    details = [_("{level} is set by hand: {reason}", level=card.now.level, reason=card.now.standing.reason),
               _("By the terms it is {level}.", level=then.level)]  # fmt: skip
    title = _("Let the level of {name} follow the terms again?", name=card.name)
    if await screen.app.push_screen_wait(Confirm(title, details)):
        done = await screen.desk.write(levels.unlock, ladder_id, card.member_id)
        screen.say(_("{name} follows the terms again: {level}", name=card.name, level=done.level))
        await screen.room.changed()


async def use(screen: LevelsScreen, card: LevelCard) -> None:
    """Note that a member used one of the benefits of their level."""
    from qunguan.services import levels

    if not card.benefits:
        raise Refused("{level} gives nothing yet", hint="a gives a level a benefit", level=card.now.level)
    choices = [Choice(str(each.benefit.id), each.benefit.name, _left(each)) for each in card.benefits]
    told = await screen.app.push_screen_wait(Choose(_("Which benefit does {name} use?", name=card.name), choices))
    if told is None:
        return
    done = await screen.desk.write(levels.use_benefit, card.member_id, int(told))
    left = _("any number") if done.left is None else str(done.left)
    screen.say(_("{name} used {benefit} on {day}, left: {left}", name=done.name, benefit=done.benefit.name,
                 day=done.day, left=left))  # fmt: skip
    await screen.room.changed()


def benefit_form(screen: LevelsScreen, ladder_id: int, terms: Terms, found: Benefit | None, rank: int) -> Form:
    """A benefit of a level; None gives one to a level, `rank` at first."""

    async def save(values: dict[str, str]) -> None:
        from qunguan.services import levels

        wanted = _typed(terms, values)
        if found is None:
            made = await screen.desk.write(levels.add_benefit, ladder_id, wanted.rank, wanted.name,
                                           quota=wanted.quota, period=wanted.period, note=wanted.note)  # fmt: skip
            screen.say(_("{level} gives {benefit}", level=terms.name(made.rank), benefit=made.name))
        else:
            made = await screen.desk.write(levels.edit_benefit, replace(wanted, id=found.id, closed_on=found.closed_on))
            screen.say(_("{name} is changed", name=made.name))
        await screen.room.changed()

    now = found or replace(_NEW, rank=rank)
    fields = [
        Field("name", _("benefit"), now.name, _("as the members know it")),
        _level_field(terms, now.rank),
        Field("quota", _("how often"), "" if now.quota is None else str(now.quota), _("a number; empty: any number")),
        Field("period", _("counted"), now.period, choices=tuple((key, _(words)) for key, words in PERIODS.items())),
        Field("note", _("note"), now.note),
    ]
    return Form(_("Change {name}", name=now.name) if found else _("A new benefit"), fields, save)


async def close(screen: LevelsScreen, found: Benefit, terms: Terms) -> None:
    """Close a benefit, after asking."""
    from qunguan.services import levels

    if found.closed_on is not None:
        raise Refused("{benefit} is closed since {day}", benefit=found.name, day=found.closed_on)
    details = [_("{level}: {quota}", level=terms.name(found.rank), quota=quota_said(found)),
               _("What was used of it stays noted.")]  # fmt: skip
    if await screen.app.push_screen_wait(Confirm(_("No longer give {benefit}?", benefit=found.name), details)):
        done = await screen.desk.write(levels.close_benefit, found.id)
        screen.say(_("{benefit} is no longer given from {day}", benefit=done.name, day=done.closed_on))
        await screen.room.changed()


def _level_field(terms: Terms, rank: int) -> Field:
    names = tuple((level.name, level.name) for level in terms.levels)
    return Field("level", _("level"), terms.name(max(rank, 1)), choices=names)


def _left(found: BenefitLeft) -> str:
    quota = quota_said(found.benefit)
    return quota if found.left is None else _("{quota}, {n} left", quota=quota, n=found.left)


def _typed(terms: Terms, values: dict[str, str]) -> Benefit:
    """The form's lines as the benefit has them. Raises BadInput, NotFound."""
    if values["period"] not in PERIODS:
        raise BadInput("{value} is not a choice", hint="choose one of: {choices}", value=values["period"][:40],
                       choices=" / ".join(_(words) for words in PERIODS.values()))  # fmt: skip
    quota = int_cell(values["quota"]) if values["quota"] else None
    return Benefit(0, rank_named(terms, values["level"]), values["name"], quota, values["period"],
                   values["note"])  # fmt: skip
