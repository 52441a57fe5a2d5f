"""The form of a reward."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from qunguan.domain.money import yuan
from qunguan.domain.rewards import KINDS, OCCASIONS, Reward
from qunguan.exchange.readers.cells import date_cell, int_cell, money_cell
from qunguan.i18n import _
from qunguan.tui.widgets.dialogs import Field, Form

if TYPE_CHECKING:
    from qunguan.tui.screens.rewards import RewardsScreen

_NEW = Reward(0, "", "goods", 0)
_NUMBERS = ("stock", "member_limit", "code_days")
_DAYS = ("valid_from", "valid_to")


def reward_form(screen: RewardsScreen, found: Reward | None) -> Form:
    """The terms of a reward; None puts a new one on the shelf."""

    async def save(values: dict[str, str]) -> None:
        from qunguan.services import rewards

        made = replace(found or _NEW, **_typed(values))
        stored = await screen.desk.write(rewards.edit if found else rewards.add, made)
        told = _("{name} is changed", name=stored.name) if found else _("{name} is on the shelf", name=stored.name)
        screen.say(told)
        await screen.room.changed()

    def shown(value: object) -> str:
        return "" if value is None else str(value)

    now = found or _NEW
    worth = "" if now.value_fen is None else yuan(now.value_fen)
    fields = [
        Field("name", _("reward"), now.name, _("as the members know it")),
        Field("price", _("points"), str(now.price) if found else "", _("0 gives it away")),
        Field("kind", _("kind"), now.kind, choices=tuple((key, _(name)) for key, name in KINDS.items())),
        Field("stock", _("stock"), shown(now.stock), _("pieces in all; empty: any number")),
        Field("member_limit", _("each member"), shown(now.member_limit), _("at most so many; empty: any number")),
        Field("valid_from", _("from"), shown(now.valid_from), _("empty: from now on"), day="near"),
        Field("valid_to", _("closes"), shown(now.valid_to), _("empty: no end"), day="next"),
        Field("code_days", _("code good for"), shown(now.code_days), _("days; empty: no end")),
        Field("value", _("worth (yuan)"), worth, _("what it costs you; may stay empty")),
        Field("occasion", _("given for"), now.occasion, choices=tuple((key, _(n)) for key, n in OCCASIONS.items())),
    ]
    return Form(_("Change {name}", name=now.name) if found else _("A new reward"), fields, save)


def _typed(values: dict[str, str]) -> dict[str, Any]:
    """The form's lines as the reward has them. Raises BadInput."""
    numbers = {name: int_cell(values[name]) if values[name] else None for name in _NUMBERS}
    days = {name: date_cell(values[name]) if values[name] else None for name in _DAYS}
    return {
        "name": values["name"],
        "price": int_cell(values["price"] or "0"),
        "kind": values["kind"],
        "occasion": values["occasion"],
        "value_fen": money_cell(values["value"]) if values["value"] else None,
        **numbers,
        **days,
    }
