"""`qunguan badge`: badges and titles: who holds them and why, add, give and take by hand."""

from __future__ import annotations

import argparse
from datetime import date
from typing import TYPE_CHECKING, Any

from qunguan.cli.command import Context, columns, known, verbs
from qunguan.cli.parser import day, whole
from qunguan.domain.badges import METRICS, Badge, BadgeChange, Holding, Progress
from qunguan.domain.errors import BadInput
from qunguan.domain.sources import Brief
from qunguan.exchange.writers.badges import HOW, asks_text, kind_text
from qunguan.i18n import _

if TYPE_CHECKING:
    from qunguan.services.desk import Desk


def register(parser: argparse.ArgumentParser, noun: str) -> None:
    """The verbs of `badge`."""
    verb = verbs(parser)
    lists = verb("list", listing, _("the badges and how many hold them, or those of one member"), as_of=True)
    lists.add_argument("--member", metavar="MEMBER", help=_("what this member holds, and what is missing to the next"))
    lists.add_argument("--since", type=day, metavar="DATE", help=_("who earned one from this day on"))
    held = verb("show", show, _("who holds a badge, since when"), as_of=True)
    _badge_argument(held)
    new = verb("add", add, _("add a badge or a title; it holds for the past at once"), writes=True)
    new.add_argument("name", nargs="?", metavar="NAME", help=_("its name; that of a shipped one is enough"))
    new.add_argument("--all", action="store_true", help=_("every shipped badge that is not there yet"))
    new.add_argument("--metric", choices=tuple(METRICS), help=_("what it asks for; hand is given by hand"))
    new.add_argument("--at-least", metavar="N", help=_("how many it takes; yuan for spend"))
    new.add_argument("--challenge", metavar="C", help=_("only this challenge, by id or name"))
    new.add_argument("--title", action="store_true", help=_("a title, which stands behind the name"))
    new.add_argument("--note", default="", metavar="TEXT", help=_("what it is for"))
    for name, command, text in (
        ("award", award, _("give a badge by hand, with the reason")),
        ("revoke", revoke, _("take a badge away, with the reason; its rule does not bring it back")),
    ):
        hand = verb(name, command, text, writes=True)
        hand.add_argument("members", nargs="+", metavar="MEMBER", help=_("id, name or alias"))
        _badge_argument(hand)
        hand.add_argument("--reason", required=True, metavar="TEXT")
        hand.add_argument("--day", type=day, metavar="DATE", help=_("without it today"))
        if name == "award":
            hand.add_argument("--until", type=day, metavar="DATE", help=_("the last day they have it"))
    turn = verb("switch", switch, _("switch a badge on or off"), writes=True)
    _badge_argument(turn)
    turn.add_argument("state", choices=("on", "off"))
    _badge_argument(verb("remove", remove, _("remove a badge and what was said about it by hand"), writes=True))
    asked = verb("why", why, _("why a member has a badge, or has not"), as_of=True)
    asked.add_argument("member", metavar="MEMBER", help=_("id, name or alias"))
    _badge_argument(asked)


def _badge_argument(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("badge", metavar="BADGE", help=_("a badge by id or name"))


def listing(context: Context) -> None:
    """Print the badges; of one member what they hold; or what is new."""
    from qunguan.services import badges

    options = context.options
    with context.desk() as desk:
        when = _when(context, desk)
        if options.member is not None:
            _of_member(context, desk, when)
            return
        if options.since is not None:
            _holdings(context, desk.read(badges.new_badges, options.since, when))
            return
        counts, left = desk.read(badges.badge_counts, when), desk.read(badges.presets_left)
    document = {
        "badges": [{**_badge(each.badge), "holders": each.holders} for each in counts],
        "presets": [{"id": each.id, "name": each.name, "metric": each.metric, "at_least": each.at_least,
                     "title": each.title, "note": each.note, "source": each.source} for each in left],
    }  # fmt: skip
    rows = [
        (each.badge.id, each.badge.name, kind_text(each.badge), _asks(each.badge), each.holders,
         Brief(each.badge.source or "—"))
        for each in counts
    ]  # fmt: skip
    header = (_("id"), _("name"), _("kind"), _("asks for"), _("holders"), _("source"))
    lines = columns(header, rows, right=(0, 4)) if rows else [_("No badge yet; qunguan badge add --all adds our own")]
    if rows and left:
        lines += ["", _("Shipped, not added: {names}", names="、".join(each.name for each in left))]
    context.answer(document, lines)


def _of_member(context: Context, desk: Desk, when: date) -> None:
    from qunguan.services import badges, members

    member_id = desk.read(members.resolve, context.options.member)
    name = desk.read(members.get, member_id).name
    held, missing = desk.read(badges.held_by, member_id, when), desk.read(badges.progress, member_id, when)
    document = {"member_id": member_id, "name": name, "held": [_held(each) for each in held],
                "next": [_progress(each) for each in missing]}  # fmt: skip
    lines = [_("{name} holds {n} badges", name=name, n=len(held))]
    if held:
        rows = [(each.badge.name, kind_text(each.badge), each.since, _(HOW[each.by]), each.reason) for each in held]
        lines += columns((_("badge"), _("kind"), _("since"), _("how"), _("reason")), rows)
    if missing:
        rows_left = [(each.badge.name, _asks(each.badge), each.badge.said(each.value),
                      each.badge.said(each.missing)) for each in missing]  # fmt: skip
        header = (_("badge"), _("asks for"), _("now"), _("missing"))
        lines += ["", _("Next"), *columns(header, rows_left, right=(2, 3))]
    context.answer(document, lines)


def show(context: Context) -> None:
    """Print who holds a badge."""
    from qunguan.services import badges

    with context.desk() as desk:
        found = desk.read(badges.find_badge, context.options.badge)
        held = desk.read(badges.holders, _when(context, desk), badge_id=found.id)
    _holdings(context, held, badge=_badge(found))


def _holdings(context: Context, held: tuple[Holding, ...], **more: Any) -> None:
    header = (_("badge"), _("id"), _("name"), _("since"), _("how"), _("reason"))
    rows = [
        (each.badge.name, each.member_id, each.name, each.since, _(HOW[each.by]), each.reason) for each in held
    ]  # fmt: skip
    lines = columns(header, rows, right=(1,)) if rows else [_("Nobody")]
    context.answer({**more, "holders": [_held(each) for each in held]}, lines)


def add(context: Context) -> None:
    """Add a badge: a shipped one by its name alone, any other with --metric."""
    from qunguan.services import badges, checkins

    options = context.options
    if options.all == (options.name is not None):
        raise BadInput("name one badge, or say --all", hint="qunguan badge list shows the shipped ones")
    with context.desk() as desk:
        if options.all:
            made = context.write(desk, badges.add_presets)
        elif options.metric is None:
            made = (context.write(desk, badges.add_preset, options.name),)
        else:
            found = desk.read(checkins.find, context.clock, options.challenge) if options.challenge else None
            made = (
                context.write(
                    desk, badges.add_badge, options.name, options.metric, _bar(options.metric, options.at_least),
                    title=options.title, challenge_id=found.id if found else None, note=options.note,
                ),
            )  # fmt: skip
        counts = {} if context.dry_run else {each.badge.id: each.holders for each in _counts(context, desk)}
    document = {"badges": [{**_badge(each), "holders": counts.get(each.id)} for each in made]}
    lines = [_("Added {badge}: {asks}; {n} have it", badge=each.name, asks=_asks(each), n=known(counts.get(each.id)))
             for each in made]  # fmt: skip
    context.answer(document, lines or [_("Every shipped badge is there already")])


def award(context: Context) -> None:
    """Give a badge by hand."""
    _by_hand(context, "award", until=context.options.until)


def revoke(context: Context) -> None:
    """Take a badge away."""
    _by_hand(context, "revoke")


def _by_hand(context: Context, service: str, **more: Any) -> None:
    from qunguan.services import badges, members

    options = context.options
    with context.desk() as desk:
        found = desk.read(badges.find_badge, options.badge)
        ids = [desk.read(members.resolve, text) for text in options.members]
        done: tuple[BadgeChange, ...] = context.write(
            desk, getattr(badges, service), found.id, ids, reason=options.reason, day=options.day, **more
        )
    document = {
        "badge": _badge(found),
        "members": [
            {"member_id": each.member_id, "name": each.name, "held": each.held, "changed": each.changed}
            for each in done
        ],
    }
    context.answer(document, [_change_line(each) for each in done])


def _change_line(done: BadgeChange) -> str:
    values = {"name": done.name, "badge": done.badge.name}
    if done.held:
        return _("{name} has {badge} now", **values) if done.changed else _("{name} had {badge} already", **values)
    if done.changed:
        return _("{name} does not have {badge} any more", **values)
    return _("{name} did not have {badge}", **values)


def switch(context: Context) -> None:
    """Switch a badge on or off."""
    from qunguan.services import badges

    options = context.options
    with context.desk() as desk:
        found = desk.read(badges.find_badge, options.badge)
        done = context.write(desk, badges.switch_badge, found.id, enabled=options.state == "on")
    line = _("{badge} is on", badge=done.name) if done.enabled else _("{badge} is off: nobody has it", badge=done.name)
    context.answer({"badge": _badge(done)}, [line])


def remove(context: Context) -> None:
    """Remove a badge."""
    from qunguan.services import badges

    with context.desk() as desk:
        found = desk.read(badges.find_badge, context.options.badge)
        context.write(desk, badges.remove_badge, found.id)
    context.answer({"badge": _badge(found)}, [_("Removed {badge}; qunguan undo brings it back", badge=found.name)])


def why(context: Context) -> None:
    """Print why a member has a badge, or has not."""
    from qunguan.services import badges, members

    options = context.options
    with context.desk() as desk:
        found = desk.read(badges.find_badge, options.badge)
        member_id = desk.read(members.resolve, options.member)
        lines = [str(line) for line in desk.read(badges.why_badge, found.id, member_id, _when(context, desk))]
    context.answer({"badge": _badge(found), "member_id": member_id, "why": lines}, lines)


def _counts(context: Context, desk: Desk) -> Any:
    from qunguan.services import badges

    return desk.read(badges.badge_counts, _when(context, desk))


def _when(context: Context, desk: Desk) -> date:
    from qunguan.services import groups

    return context.as_of or context.clock.today(desk.read(groups.day_rule))


def _bar(metric: str, text: str | None) -> int | None:
    """The bar as it is stored: yuan become fen for spending. Raises BadInput."""
    from qunguan.exchange.readers.cells import money_cell

    if text is None:
        return None
    return money_cell(text) if metric == "spend" else whole(text)


def _asks(badge: Badge) -> str:
    text = asks_text(badge)
    return text if badge.enabled or badge.at_least is None else _("{value} (off)", value=text)


def _badge(badge: Badge) -> dict[str, Any]:
    return {
        "id": badge.id, "name": badge.name, "title": badge.title, "metric": badge.metric, "at_least": badge.at_least,
        "challenge_id": badge.challenge_id, "note": badge.note, "source": badge.source, "enabled": badge.enabled,
        "preset": badge.preset,
    }  # fmt: skip


def _held(each: Holding) -> dict[str, Any]:
    return {
        "badge_id": each.badge.id, "badge": each.badge.name, "title": each.badge.title, "member_id": each.member_id,
        "name": each.name, "since": each.since, "by": each.by, "value": each.value, "reason": each.reason,
        "until": each.until,
    }  # fmt: skip


def _progress(each: Progress) -> dict[str, Any]:
    return {"badge_id": each.badge.id, "badge": each.badge.name, "metric": each.badge.metric, "value": each.value,
            "at_least": each.badge.at_least, "missing": each.missing}  # fmt: skip
