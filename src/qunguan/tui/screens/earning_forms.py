"""Earning by key: add and change bonus days, record deeds, reward invitations."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from qunguan.domain.earning import (
    DEED_RULES,
    DEEDS,
    MULTIPLIED,
    BonusDay,
    DeedKind,
    ReferralOutcome,
    parse_multiplier,
    times_text,
)
from qunguan.domain.errors import BadInput
from qunguan.domain.recurrence import Recurrence
from qunguan.domain.text import match_key, show
from qunguan.exchange.readers.cells import date_cell, int_cell
from qunguan.i18n import _, ngettext
from qunguan.tui.screens.people import several
from qunguan.tui.widgets.choose import Choice, Choose
from qunguan.tui.widgets.dialogs import Confirm, Field, Form

if TYPE_CHECKING:
    from qunguan.tui.screens.earning import EarningScreen

_OWN = "own"
_MONTHLY = Recurrence("monthly", (8,))
_NEW = BonusDay(0, "", _MONTHLY, 200)
_NAMED = 15  # invitations named before they are rewarded; more are counted


async def add(screen: EarningScreen) -> None:
    """Choose a shipped day, or say when one of your own is."""
    from qunguan.services import earning

    left = await screen.desk.read(earning.presets_left)
    shipped = [
        Choice(each.id, each.name,
               f"{Recurrence.parse(each.recurs).text()} · {times_text(each.multiplier_pct)} {each.perk}".rstrip())
        for each in left
    ]  # fmt: skip
    own = Choice(_OWN, _("a day of your own"), _("like 每月8日, 每周五, 11-11, 农历正月初一 or 2026-03-08"))
    chosen = await screen.app.push_screen_wait(Choose(_("Which day?"), [*shipped, own]))
    if chosen == _OWN:
        screen.app.push_screen(bonus_form(screen, None))
    elif chosen is not None:
        await _tell(screen, await screen.desk.write(earning.add_preset, chosen))


async def _tell(screen: EarningScreen, made: BonusDay) -> None:
    day = made.next(screen.room.today)
    values = {"name": made.name, "when": made.recurs.text(), "times": times_text(made.multiplier_pct)}
    screen.say(_("{name}: {when}, points {times}; next on {day}", day=day, **values) if day else
               _("{name}: {when}, points {times}", **values))  # fmt: skip
    screen.aim(made.id)
    await screen.room.changed()


def bonus_form(screen: EarningScreen, bonus: BonusDay | None) -> Form:
    """The terms of a bonus day; None adds a new one."""
    now = bonus or _NEW

    async def save(values: dict[str, str]) -> None:
        from qunguan.services import earning

        told = _typed(now, values)
        if bonus:
            made = await screen.desk.write(earning.edit_bonus_day, told)
        else:
            made = await screen.desk.write(
                earning.add_bonus_day, told.name, str(told.recurs), multiplier_pct=told.multiplier_pct,
                applies=told.applies, perk=told.perk, from_day=told.from_day, to_day=told.to_day,
            )  # fmt: skip
        await _tell(screen, made)

    words = "、".join(_(MULTIPLIED[rule_id]) for rule_id in now.applies)
    fields = [
        Field("name", _("name"), now.name, _("like 会员日")),
        Field("when", _("when"), now.recurs.text() if bonus else "",
              _("like 每月8日, 每周五, 11-11, 农历正月初一 or 2026-03-08")),
        Field("times", _("points times"), f"{now.multiplier_pct / 100:g}", _("2 doubles; 1 is only the perk")),
        Field("applies", _("for"), words, _("empty: all points; else some of them with 、 between"),
              tuple((rule_id, _(name)) for rule_id, name in MULTIPLIED.items())),
        Field("perk", _("perk"), now.perk, _("what else the day gives, in words")),
        Field("from_day", _("from"), str(now.from_day or ""), _("empty: from now on"), day="near"),
        Field("to_day", _("closes"), str(now.to_day or ""), _("empty: no end"), day="next"),
    ]  # fmt: skip
    notes = [_("Points that are booked already stay as they are.")] if bonus else []
    return Form(_("Change {name}", name=now.name) if bonus else _("A new bonus day"), fields, save, notes)


def _typed(now: BonusDay, values: dict[str, str]) -> BonusDay:
    """The form's lines as the bonus day has them. Raises BadInput."""
    same = values["when"] == now.recurs.text()
    return replace(
        now,
        name=values["name"],
        recurs=now.recurs if same and now.id else Recurrence.parse(values["when"]),
        multiplier_pct=parse_multiplier(values["times"]),
        applies=_rules(values["applies"]),
        perk=values["perk"],
        from_day=date_cell(values["from_day"], serials=False) if values["from_day"] else None,
        to_day=date_cell(values["to_day"], serials=False) if values["to_day"] else None,
    )


def _rules(text: str) -> tuple[str, ...]:
    """The rules that words with 、 between name; what is not one is left for the service to refuse."""
    known = {match_key(_(name)): rule_id for rule_id, name in MULTIPLIED.items()}
    words = [word.strip() for word in re.split("[、,，;；]", text) if word.strip()]
    return tuple(known.get(match_key(word), word) for word in words)


async def record(screen: EarningScreen) -> None:
    """Record a good share or a campaign of one member or several, and book the points."""
    from qunguan.services import rules

    limits = {kind: await screen.desk.read(rules.limit, rule_id) for kind, rule_id in DEED_RULES.items()}
    choices = [
        Choice(kind, _(name), _("no points: the rule is off") if limits[kind] is None else
               ngettext("{n} point", "{n} points", limits[kind] or 0))
        for kind, name in DEEDS.items()
    ]  # fmt: skip
    chosen = await screen.app.push_screen_wait(Choose(_("What did they do?"), choices))
    kind = next((kind for kind in DEEDS if kind == chosen), None)
    if kind is None:
        return
    people = await several(screen, _("{kind}: whose?", kind=_(DEEDS[kind])))
    if people:
        screen.app.push_screen(_deed_form(screen, kind, people, limits[kind] or 0))


def _deed_form(screen: EarningScreen, kind: DeedKind, people: dict[int, str], points: int) -> Form:
    async def save(values: dict[str, str]) -> None:
        from qunguan.services import earning

        if not values["note"]:
            raise BadInput("say what it was", hint="a few words are enough")
        done = await screen.desk.write(
            earning.record_deed, kind, list(people), note=values["note"],
            amount=int_cell(values["points"]) if values["points"] else None,
            day=date_cell(values["day"], serials=False) if values["day"] else None,
        )  # fmt: skip
        told = _("{kind} of {n} recorded: {points} points booked", kind=_(DEEDS[kind]), n=len(done),
                 points=sum(each.amount for each in done))  # fmt: skip
        if cut := sum(each.cut for each in done):
            told += _("; {n} were cut off by a cap of the day", n=cut)
        screen.say(told)
        screen.turn_to("deeds", done[0].deed.id)
        await screen.room.changed()

    fields = [
        Field("note", _("note"), hint=_("what it was, in a few words")),
        Field("points", _("points each"), hint=_("{n} by the rule, times the day's multiplier", n=points)),
        Field("day", _("day"), hint=_("today, {day}", day=screen.room.today), day="near"),
    ]
    names = "、".join(map(show, people.values()))
    return Form(_("{kind} of {names}", kind=_(DEEDS[kind]), names=names), fields, save)


async def reward(screen: EarningScreen) -> None:
    """Reward every invitation that is due, after showing whom, and from whom points go back."""
    from qunguan.services import earning

    seen = await screen.desk.rehearse(earning.reward_referrals)
    if not (seen.due or seen.lost):
        screen.say(_("No invitation is waiting for its points: the list says why"), "warning")
        return
    title = _("Book {n} points for {due} invitations?", n=seen.amount, due=len(seen.due))
    if not seen.due:
        title = _("Take back the points of {n} invitations?", n=len(seen.lost))
    if await screen.app.push_screen_wait(Confirm(title, _outlook(seen))):
        done = await screen.desk.write(earning.reward_referrals)
        told = _("Booked {n} points for {due} invitations", n=done.amount, due=len(done.due))
        if done.lost:
            told += _("; taken back: {n}", n=sum(each.points for each in done.lost))
        screen.say(told)
        await screen.room.changed()


def _outlook(seen: ReferralOutcome) -> list[str]:
    """Whom rewarding gives points and for whom, whom it takes some from, and what the caps cut off."""
    told = [
        _("{inviter} +{n}: brought {invitee}", inviter=each.inviter, invitee=each.invitee,
          n=each.points * each.multiplier_pct // 100)
        for each in seen.due
    ]  # fmt: skip
    told += [_("{name} −{n}: who they invited did not stay", name=each.inviter, n=each.points) for each in seen.lost]
    if len(told) > _NAMED:
        told = [*told[:_NAMED], ngettext("…and {n} more", "…and {n} more", len(told) - _NAMED)]
    if seen.cut:
        told.append(_("{n} points were cut off by a cap of the day", n=seen.cut))
    return told
