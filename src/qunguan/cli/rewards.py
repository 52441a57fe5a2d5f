"""`qunguan reward`, `redeem` and `redemption`: the catalogue, and what becomes of each redemption."""

from __future__ import annotations

import argparse
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from qunguan.cli.command import Context, columns, known, rehearsable, verbs
from qunguan.cli.parser import day, whole
from qunguan.domain.errors import BadInput
from qunguan.domain.rewards import KINDS, OCCASIONS, STATES, RedeemOutcome, Redemption, Reward, RewardRow
from qunguan.i18n import _
from qunguan.values import names

if TYPE_CHECKING:
    from qunguan.services.desk import Desk

_ID_DIGITS = 18


def register(parser: argparse.ArgumentParser, noun: str) -> None:
    """The arguments of `noun`."""
    {"reward": _reward, "redeem": _redeem, "redemption": _redemption}[noun](parser)


def _reward(parser: argparse.ArgumentParser) -> None:
    verb = verbs(parser)
    new = verb("add", add, _("put a reward into the catalogue"), writes=True)
    new.add_argument("name", metavar="NAME")
    new.add_argument("--price", type=whole, required=True, metavar="POINTS", help=_("0 gives it away"))
    _terms(new)
    change = verb("edit", edit, _("change a reward; what was redeemed keeps its price"), writes=True)
    _which(change)
    change.add_argument("--name", metavar="NAME")
    change.add_argument("--price", type=whole, metavar="POINTS")
    _terms(change)
    shelf = verb("list", listing, _("the catalogue with what is left"))
    shelf.add_argument("--all", action="store_true", help=_("those off the shelf too"))
    _which(verb("close", close, _("take a reward off the shelf"), writes=True))
    _which(verb("reopen", reopen, _("put a reward back on the shelf"), writes=True))


def _terms(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--kind", choices=list(KINDS))
    parser.add_argument("--stock", type=whole, metavar="N", help=_("pieces in all; without it as many as are wanted"))
    parser.add_argument("--limit", type=whole, metavar="N", help=_("the most for one member"))
    parser.add_argument("--from", type=day, metavar="DATE", dest="valid_from")
    parser.add_argument("--to", type=day, metavar="DATE", dest="valid_to")
    parser.add_argument("--code-days", type=whole, metavar="N", help=_("how many days a code is good for"))
    parser.add_argument("--occasion", choices=[name for name in OCCASIONS if name], help=_("offer it on the care list"))
    parser.add_argument("--note", metavar="TEXT")


def _which(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("reward", metavar="REWARD", help=_("id or name"))


def _redeem(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("member", metavar="MEMBER", help=_("id, name or alias"))
    _which(parser)
    parser.add_argument("--key", default="", metavar="KEY", help=_("the same key twice redeems once"))
    parser.add_argument("--gift", action="store_true", help=_("nothing is paid"))
    parser.add_argument("--reason", default="", metavar="TEXT")
    rehearsable(parser)
    parser.set_defaults(command=redeem)


def _redemption(parser: argparse.ArgumentParser) -> None:
    verb = verbs(parser)
    for name, command, text in (
        ("fulfil", fulfil, _("note that it was handed out")),
        ("cancel", cancel, _("take it back; the points return")),
    ):
        one = verb(name, command, text, writes=True)
        one.add_argument("id", type=_redemption_id, metavar="ID", help=_("its number or its code"))
        if name == "cancel":
            one.add_argument("--reason", default="", metavar="TEXT")
    found = verb("list", redemptions, _("redemptions, the newest first"))
    found.add_argument("--state", choices=list(STATES))
    found.add_argument("--member", metavar="MEMBER", help=_("id, name or alias"))


def _redemption_id(text: str) -> int | str:
    number = text.strip().removeprefix("#")
    if number.isdecimal() and len(number) <= _ID_DIGITS:
        return int(number)
    if number.isalnum() and number.isascii() and number:
        return number.upper()
    raise BadInput("{text} is neither the number nor the code of a redemption", text=text[:40],
                   hint="see the list: qunguan redemption list")  # fmt: skip


def add(context: Context) -> None:
    """Put a reward into the catalogue."""
    from qunguan.services import rewards

    new = Reward(0, context.options.name, "goods", context.options.price)
    with context.desk() as desk:
        made = context.write(desk, rewards.add, _changed(context, new))
    line = _("Added {name} (#{id}) for {price} points", name=made.name, id=made.id, price=made.price)
    hint = _("Next: qunguan redeem MEMBER {id}", id=made.id)
    context.answer({"reward": _document(RewardRow(made, 0, 0))}, [line, hint])


def edit(context: Context) -> None:
    """Change a reward."""
    from qunguan.services import rewards

    with context.desk() as desk:
        found = desk.read(rewards.find, context.options.reward)
        made = context.write(desk, rewards.edit, _changed(context, found))
    context.answer({"reward": _document(RewardRow(made, 0, 0))}, [_("{name} is changed", name=made.name)])


def _changed(context: Context, before: Reward) -> Reward:
    """The reward with what the options say put over it."""
    told = vars(context.options)
    names = ("name", "price", "kind", "stock", "valid_from", "valid_to", "code_days", "occasion", "note")
    values = {name: told[name] for name in names if told.get(name) is not None}
    if told.get("limit") is not None:
        values["member_limit"] = told["limit"]
    return replace(before, **values)


def close(context: Context) -> None:
    """Take a reward off the shelf."""
    from qunguan.services import rewards

    with context.desk() as desk:
        made = context.write(desk, rewards.close, desk.read(rewards.find, context.options.reward).id)
    context.answer({"reward": made}, [_("{name} is off the shelf", name=made.name)])


def reopen(context: Context) -> None:
    """Put a reward back on the shelf."""
    from qunguan.services import rewards

    with context.desk() as desk:
        made = context.write(desk, rewards.reopen, desk.read(rewards.find, context.options.reward).id)
    context.answer({"reward": made}, [_("{name} is on the shelf again", name=made.name)])


def listing(context: Context) -> None:
    """Print the catalogue."""
    from qunguan.services import rewards

    with context.desk() as desk:
        found = desk.read(rewards.catalogue, closed=context.options.all)
    header = (_("id"), _("reward"), _("kind"), _("points"), _("remaining"), _("waiting"), _("from"), _("to"))
    rows = [
        (r.reward.id, r.reward.name, _(KINDS[r.reward.kind]), r.reward.price,
         _("any number") if r.left is None else r.left, r.waiting,
         known(r.reward.valid_from), known(r.reward.valid_to))
        for r in found
    ]  # fmt: skip
    lines = columns(header, rows, right=(0, 3, 4, 5)) if rows else [_("The catalogue is empty: qunguan reward add")]
    context.answer({"rewards": [_document(row) for row in found]}, lines)


def _document(row: RewardRow) -> dict[str, Any]:
    found = {name: getattr(row.reward, name) for name in names(Reward)}
    return found | {"taken": row.taken, "waiting": row.waiting, "left": row.left}


def redeem(context: Context) -> None:
    """Give a member a reward for points, or as a gift."""
    from qunguan.services import members, rewards

    options = context.options
    with context.desk() as desk:
        member_id = desk.read(members.resolve, options.member)
        reward_id = desk.read(rewards.find, options.reward).id
        if options.gift:
            done = context.write(desk, rewards.give, member_id, reward_id, reason=options.reason, key=options.key)
        else:
            done = context.write(desk, rewards.redeem, member_id, reward_id, key=options.key)
    found = done.redemption
    values = {"name": found.name, "reward": found.reward, "code": found.code, "balance": done.balance, "id": found.id}
    line = _("{name} has {reward}: code {code}, {balance} points left (redemption #{id})", **values)
    if done.already:
        line = _("Redeemed before under this key: {name} has {reward}, code {code} (redemption #{id})", **values)
    _answer(context, done, [line, _("Next, when it is handed out: qunguan redemption fulfil {id}", id=found.id)])


def fulfil(context: Context) -> None:
    """Note that a reward was handed out."""
    from qunguan.services import rewards

    with context.desk() as desk:
        done = context.write(desk, rewards.fulfil, _meant(desk, context.options.id))
    found = done.redemption
    line = _("{reward} is with {name} since {day}", reward=found.reward, name=found.name, day=found.fulfilled_on)
    _answer(context, done, [line])


def cancel(context: Context) -> None:
    """Take a redemption back."""
    from qunguan.services import rewards

    with context.desk() as desk:
        done = context.write(desk, rewards.cancel, _meant(desk, context.options.id), reason=context.options.reason)
    found = done.redemption
    line = _("Cancelled: {reward} of {name}; {n} points went back, balance {balance}", reward=found.reward,
             name=found.name, n=done.returned, balance=done.balance)  # fmt: skip
    lines = [_("It was cancelled before") if done.already else line]
    if found.fulfilled_on and not done.already:
        lines.append(_("It was handed out on {day}: ask for it back yourself", day=found.fulfilled_on))
    if done.lapsed:
        lines.append(_("{n} points had expired meanwhile and stay expired", n=done.lapsed))
    _answer(context, done, lines)


def _meant(desk: Desk, told: int | str) -> int:
    """The redemption of a number or of a code. Raises BadInput."""
    from qunguan.services import rewards

    if isinstance(told, int):
        return told
    found = desk.read(rewards.redemptions, code=told)
    if not found:
        raise BadInput(
            "no redemption has the code {code}", hint="see the list: qunguan redemption list", code=told[:40]
        )
    return found[0].id


def _answer(context: Context, done: RedeemOutcome, lines: list[str]) -> None:
    document = {name: getattr(done, name) for name in ("balance", "left", "already", "returned", "lapsed")}
    context.answer({"redemption": _paper(done.redemption)} | document, lines)


def _paper(found: Redemption) -> dict[str, Any]:
    return {name: getattr(found, name) for name in names(Redemption)}


def redemptions(context: Context) -> None:
    """Print the redemptions."""
    from qunguan.services import members, rewards

    options = context.options
    with context.desk() as desk:
        member_id = desk.read(members.resolve, options.member) if options.member else None
        found = desk.read(rewards.redemptions, state=options.state or "", member_id=member_id)
    header = (_("id"), _("day"), _("member"), _("reward"), _("points"), _("code"), _("state"), _("good through"))
    rows = [(r.id, r.day, r.name, r.reward, r.price, r.code, _(STATES[r.state]), known(r.expires_on)) for r in found]
    lines = columns(header, rows, right=(0, 4)) if rows else [_("Nothing was redeemed")]
    context.answer({"redemptions": [_paper(each) for each in found]}, lines)
