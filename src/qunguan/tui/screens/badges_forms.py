"""Badges by key: add a shipped one or a rule of one's own, change it with a preview by name, give and take by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from qunguan.domain.badges import METRICS, Badge, BadgeOutlook, Holding
from qunguan.domain.errors import BadInput
from qunguan.domain.money import yuan
from qunguan.domain.text import show
from qunguan.exchange.readers.cells import int_cell, money_cell
from qunguan.exchange.writers.badges import asks_text
from qunguan.i18n import _, ngettext
from qunguan.tui.screens.people import several
from qunguan.tui.widgets.choose import Choice, Choose
from qunguan.tui.widgets.dialogs import Confirm, Field, Form

if TYPE_CHECKING:
    from qunguan.tui.screens.badges import BadgesScreen

_NEW = Badge(0, "", "best_streak")
_OWN, _ALL = "own", "all"
_NAMED = 60  # names in a preview; more are counted


async def add(screen: BadgesScreen) -> None:
    """Choose a shipped badge, all of them, or make a rule of one's own."""
    from qunguan.services import badges

    left = await screen.desk.read(badges.presets_left)
    shipped = [
        Choice(each.id, each.name, each.note or asks_text(Badge(0, each.name, each.metric, each.at_least)))
        for each in left
    ]
    every = [Choice(_ALL, _("all of these"), _("{n} badges", n=len(left)))] if len(left) > 1 else []
    own = Choice(_OWN, _("a rule of your own"), _("say what it asks for, or give it by hand"))
    chosen = await screen.app.push_screen_wait(Choose(_("Which badge?"), [*shipped, *every, own]))
    if chosen == _OWN:
        await change(screen, None)
    elif chosen == _ALL:
        made = await screen.desk.write(badges.add_presets)
        screen.say(ngettext("{n} badge is there now", "{n} badges are there now", len(made)))
        await screen.room.changed()
    elif chosen is not None:
        await _added(screen, await screen.desk.write(badges.add_preset, chosen))


async def _added(screen: BadgesScreen, made: Badge) -> None:
    from qunguan.services import badges

    held = await screen.desk.read(badges.holders, screen.room.today, badge_id=made.id)
    screen.say(ngettext("{badge} is there: {n} member has it already", "{badge} is there: {n} members have it already",
                        len(held), badge=made.name))  # fmt: skip
    screen.aim(made.id)
    await screen.room.changed()


async def change(screen: BadgesScreen, badge: Badge | None) -> None:
    """The form of a badge, then by name who gains or loses it; None makes a new one. A no goes back to the form."""
    from qunguan.services import badges, checkins

    challenges = {each.id: each.name for each in await screen.desk.read(checkins.all_challenges)}
    now = badge or _NEW

    async def check(values: dict[str, str]) -> None:
        if badge:
            await screen.desk.rehearse(badges.edit_badge, _typed(now, values))
        else:
            await screen.desk.rehearse(badges.add_badge, *_terms(_typed(now, values)), **_more(_typed(now, values)))

    title = _("Change {badge}", badge=badge.name) if badge else _("A new badge")
    fields = _fields(now, challenges)
    while (values := await screen.app.push_screen_wait(Form(title, fields, check))) is not None:
        fields = [replace(field, value=values[field.id]) for field in fields]
        told = _typed(now, values)
        seen = await screen.desk.read(badges.outlook, told, screen.room.today)
        if (seen.gains or seen.losses) and not await screen.app.push_screen_wait(_preview(told, seen)):
            continue
        if badge is None:
            await _added(screen, await screen.desk.write(badges.add_badge, *_terms(told), **_more(told)))
        else:
            stored = await screen.desk.write(badges.edit_badge, told)
            screen.say(_("{badge} is changed: {gained} gained it, {lost} lost it", badge=stored.name,
                         gained=len(seen.gains), lost=len(seen.losses)))  # fmt: skip
            await screen.room.changed()
        return


def _preview(told: Badge, seen: BadgeOutlook) -> Confirm:
    title = _("Save {badge}? {n} would have it", badge=told.name, n=len(seen.holders))
    details = []
    if seen.gains:
        details.append(_("Gain it ({n}): {names}", n=len(seen.gains), names=_named(seen.gains)))
    if seen.losses:
        details.append(_("Lose it ({n}): {names}", n=len(seen.losses), names=_named(seen.losses)))
    return Confirm(title, details)


def _named(held: Sequence[Holding]) -> str:
    names = "、".join(show(each.name) for each in held[:_NAMED])
    return names if len(held) <= _NAMED else _("{names} and {n} more", names=names, n=len(held) - _NAMED)


def _fields(now: Badge, challenges: dict[int, str]) -> list[Field]:
    bar = "" if now.at_least is None else yuan(now.at_least) if now.metric == "spend" else str(now.at_least)
    any_one = ("", _("any challenge"))
    return [
        Field("name", _("badge"), now.name, _("as the members see it")),
        Field("metric", _("asks for"), now.metric, choices=tuple((key, _(name)) for key, name in METRICS.items())),
        Field("at_least", _("at least"), bar, _("how many; yuan for spending; empty by hand")),
        Field("title", _("kind"), "title" if now.title else "badge",
              choices=(("badge", _("badge")), ("title", _("title of honour")))),
        Field("challenge", _("challenge"), str(now.challenge_id or ""),
              choices=(any_one, *((str(key), name) for key, name in challenges.items()))),
        Field("note", _("note"), now.note, _("what it is for; it stands in the congratulations")),
    ]  # fmt: skip


def _typed(now: Badge, values: dict[str, str]) -> Badge:
    """The form's lines as the badge has them. Raises BadInput."""
    metric, bar, challenge = values["metric"], values["at_least"], values["challenge"]
    if metric not in METRICS:
        raise BadInput("{text} is not something a badge can ask for", hint="F3 shows those there are", text=metric)
    if values["title"] not in ("badge", "title"):
        raise BadInput("it is a badge or a title", hint="F3 shows those there are")
    if challenge and not challenge.isdecimal():
        raise BadInput("there is no challenge {text}", hint="F3 shows those there are", text=show(challenge))
    at_least = None if not bar else money_cell(bar) if metric == "spend" else int_cell(bar)
    return replace(
        now, name=values["name"], metric=metric, at_least=at_least, title=values["title"] == "title",
        challenge_id=int(challenge) if challenge else None,
        note=values["note"],
    )  # fmt: skip


def _terms(told: Badge) -> tuple[str, str, int | None]:
    return told.name, told.metric, told.at_least


def _more(told: Badge) -> dict[str, Any]:
    return {"title": told.title, "challenge_id": told.challenge_id, "note": told.note}


async def award(screen: BadgesScreen, badge: Badge) -> None:
    """Give a badge to one member or several, with the reason."""
    from qunguan.services import badges

    people = await several(screen, _("Who gets {badge}?", badge=badge.name))
    if not people:
        return

    async def save(values: dict[str, str]) -> None:
        done = await screen.desk.write(badges.award, badge.id, list(people), reason=_reason(values))
        new = [each for each in done if each.changed]
        told = ngettext("{n} member has {badge} now", "{n} members have {badge} now", len(new), badge=badge.name)
        if len(new) < len(done):
            told += _("; {n} had it already", n=len(done) - len(new))
        screen.say(told)
        await screen.room.changed()

    title = _("{badge} for {names}", badge=badge.name, names="、".join(map(show, people.values())))
    screen.app.push_screen(Form(title, [_why_field()], save))


def revoke(screen: BadgesScreen, held: Holding) -> Form:
    """Take a badge from a member, with the reason; its rule does not bring it back."""

    async def save(values: dict[str, str]) -> None:
        from qunguan.services import badges

        await screen.desk.write(badges.revoke, held.badge.id, [held.member_id], reason=_reason(values))
        screen.say(_("{name} does not have {badge} any more", name=held.name, badge=held.badge.name))
        await screen.room.changed()

    title = _("Take {badge} from {name}?", badge=held.badge.name, name=held.name)
    notes = [_("It stays away whatever its rule says, until you give it again.")]
    return Form(title, [_why_field()], save, notes)


def _why_field() -> Field:
    return Field("reason", _("reason"), hint=_("in a few words; it stands in the member's card"))


def _reason(values: dict[str, str]) -> str:
    if not values["reason"]:
        raise BadInput("say why", hint="a few words are enough")
    return values["reason"]
