"""`qunguan level`: who stands where and who moves, ladders of one's own, levels set by hand, benefits."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from qunguan.cli import level_benefits
from qunguan.cli import level_views as views
from qunguan.cli.command import Context, verbs
from qunguan.cli.level_benefits import ladder_argument, member_argument, today
from qunguan.cli.parser import day
from qunguan.domain.sources import Brief
from qunguan.i18n import _

if TYPE_CHECKING:
    from qunguan.domain.level_views import Draft, Ladder
    from qunguan.services.desk import Desk


def register(parser: argparse.ArgumentParser, noun: str) -> None:
    """The verbs of `level`."""
    verb = verbs(parser)
    ladder_argument(verb("show", show, _("members by level, and who rose and fell lately"), as_of=True))
    ahead = verb("preview", preview, _("what saving a file or a preset would do; nothing is saved"), as_of=True)
    ahead.add_argument("file", metavar="FILE", nargs="?", help=_("a ladder in .toml or .json; without it the terms of "
                       "the ladder, or a preset named with --ladder"))  # fmt: skip
    ladder_argument(ahead)
    verb("list", listing, _("the ladders and the presets that can be taken"))
    take = verb("preset", use_preset, _("take a ladder that is shipped, with its benefits"), writes=True)
    take.add_argument("preset", metavar="PRESET", help=_("card (普通/银卡/金卡/钻石) or medal (青铜/白银/黄金/钻石)"))
    take.add_argument("--name", default="", metavar="NAME", help=_("what to call it"))
    _from_day(take)
    put = verb("set", put_terms, _("save a ladder of your own, or new terms of one"), writes=True)
    put.add_argument("file", metavar="FILE", help=_("a ladder in .toml or .json"))
    ladder_argument(put)
    put.add_argument("--reason", default="", metavar="TEXT", help=_("why; needed when terms change"))
    _from_day(put)
    ladder_argument(verb("choose", choose, _("show this ladder on the screens"), writes=True), needed=True)
    one = verb("member", member, _("one member: level, why, what is missing, benefits"), as_of=True)
    member_argument(one)
    ladder_argument(one)
    fix = verb("lock", lock, _("set a member's level by hand"), writes=True)
    member_argument(fix)
    fix.add_argument("level", metavar="LEVEL", help=_("a level by name or number"))
    fix.add_argument("--reason", required=True, metavar="TEXT")
    fix.add_argument("--until", type=day, metavar="DATE", help=_("the last day; without it until taken off"))
    ladder_argument(fix)
    free = verb("unlock", unlock, _("let a member's level follow the terms again"), writes=True)
    member_argument(free)
    ladder_argument(free)
    benefits = verb("benefit", show, _("benefits of the levels: list, add, use, close"))
    level_benefits.register(benefits)


def _from_day(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--from", type=day, metavar="DATE", dest="from_day", help=_("the first day; without it today"))


def show(context: Context) -> None:
    """Print members by level and the moves of the last days."""
    from qunguan.services import levels

    with context.desk() as desk:
        found = desk.read(levels.overview, context.clock, context.as_of, context.options.ladder)
        ladder = desk.read(levels.find, context.options.ladder)
    context.answer(views.overview(found, ladder), views.overview_lines(found))


def preview(context: Context) -> None:
    """Print what saving would do."""
    from qunguan.services import levels

    with context.desk() as desk:
        draft, ladder = _meant(context, desk)
        found = desk.read(
            levels.preview,
            context.clock,
            draft.terms,
            ladder.id if ladder else None,
            day=context.as_of,
            name=draft.name or context.options.ladder or "",
            benefits=draft.benefits,
        )
    context.answer(views.preview(found), views.preview_lines(found))


def _meant(context: Context, desk: Desk) -> tuple[Draft, Ladder | None]:
    """What a preview is of: the file for the ladder it names, a preset, or a ladder's own terms saved anew.

    Where there is no ladder yet it is of the first preset: who would stand where if it were taken.
    """
    from qunguan.domain.errors import NotFound
    from qunguan.domain.level_files import preset, presets
    from qunguan.domain.level_views import Draft
    from qunguan.services import levels

    wanted = context.options.ladder
    if context.options.file is not None:
        draft = _read(context, desk)
        return draft, _changed(desk, draft, wanted)
    try:
        ladder = desk.read(levels.find, wanted)
    except NotFound:
        return preset(wanted or next(iter(presets())))[1], None
    return Draft(ladder.name, ladder.terms(today(context, desk))), ladder


def _changed(desk: Desk, draft: Draft, wanted: str | None) -> Ladder | None:
    """The ladder that a file changes: the one told, or the one of the file's name; None is a new one."""
    from qunguan.domain.text import match_key
    from qunguan.services import levels

    if wanted is not None or not draft.name:
        return desk.read(levels.find, wanted)
    known = desk.read(levels.all_ladders)
    return next((each for each in known if match_key(each.name) == match_key(draft.name)), None)


def _read(context: Context, desk: Desk) -> Draft:
    """The ladder in the file. Raises BadInput."""
    from qunguan.exchange.readers.decode import decode, read_bytes
    from qunguan.services import levels

    path = context.options.file
    text = decode(read_bytes(path), where=path).text
    return desk.read(levels.draft, text, toml=not path.lower().endswith(".json"))


def listing(context: Context) -> None:
    """Print the ladders and the presets."""
    from qunguan.domain.level_files import presets
    from qunguan.services import levels

    with context.desk() as desk:
        found = desk.read(levels.all_ladders)
        now = today(context, desk)
    context.answer(views.ladders(found, presets(), now), views.ladder_lines(found, presets(), now))


def use_preset(context: Context) -> None:
    """Take a preset."""
    from qunguan.services import levels

    options = context.options
    with context.desk() as desk:
        made = context.write(desk, levels.use_preset, options.preset, name=options.name, from_day=options.from_day)
    _saved(context, made)


def put_terms(context: Context) -> None:
    """Save a ladder of one's own: a new one, or new terms of one that is there."""
    from qunguan.services import levels

    options = context.options
    with context.desk() as desk:
        draft = _read(context, desk)
        ladder = _changed(desk, draft, options.ladder)
        if ladder is None:
            made = context.write(
                desk, levels.create, draft.name, draft.terms, benefits=draft.benefits, from_day=options.from_day,
                reason=options.reason or str(Brief(draft.source)),
            )  # fmt: skip
        else:
            made = context.write(
                desk, levels.save_version, ladder.id, draft.terms, from_day=options.from_day, reason=options.reason
            )
    _saved(context, made)


def choose(context: Context) -> None:
    """Show another ladder."""
    from qunguan.services import levels

    with context.desk() as desk:
        found = desk.read(levels.find, context.options.ladder)
        _saved(context, context.write(desk, levels.choose, found.id))


def _saved(context: Context, made: Ladder) -> None:
    lines = [
        _("The ladder {ladder} is in force from {day}", ladder=made.name, day=made.versions[-1].from_day),
        _("Next: qunguan level show"),
    ]
    context.answer({"ladder": views.ladder(made, made.versions[-1].from_day)}, lines)


def member(context: Context) -> None:
    """Print one member's level with its reasons."""
    from qunguan.services import levels, members

    with context.desk() as desk:
        member_id = desk.read(members.resolve, context.options.member)
        card = desk.read(levels.member, context.clock, member_id, context.as_of, context.options.ladder)
        why = desk.read(levels.why_member, context.clock, member_id, context.as_of, context.options.ladder)
    context.answer(views.card(card, why), views.card_lines(card, why))


def lock(context: Context) -> None:
    """Set a level by hand."""
    from qunguan.domain.level_files import rank_named
    from qunguan.services import levels, members

    options = context.options
    with context.desk() as desk:
        member_id = desk.read(members.resolve, options.member)
        ladder = desk.read(levels.find, options.ladder)
        rank = rank_named(ladder.terms(today(context, desk)), options.level)
        stands = context.write(
            desk, levels.lock, ladder.id, member_id, rank, reason=options.reason, until=options.until
        )
        name = desk.read(members.get, member_id).name
    line = _("{name} is {level} by hand until it is taken off", name=name, level=stands.level)
    if stands.standing.until:
        line = _("{name} is {level} by hand through {until}", name=name, level=stands.level,
                 until=stands.standing.until)  # fmt: skip
    context.answer(views.stands(stands, name), [line, _("Next: qunguan level unlock {id} takes it off", id=member_id)])


def unlock(context: Context) -> None:
    """Take a lock off."""
    from qunguan.services import levels, members

    options = context.options
    with context.desk() as desk:
        member_id = desk.read(members.resolve, options.member)
        ladder = desk.read(levels.find, options.ladder)
        stands = context.write(desk, levels.unlock, ladder.id, member_id)
        name = desk.read(members.get, member_id).name
    line = _("{name} follows the terms again: {level}", name=name, level=stands.level)
    context.answer(views.stands(stands, name), [line])
