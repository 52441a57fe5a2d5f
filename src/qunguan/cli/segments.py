"""`qunguan segment`: who is in which bucket of which scheme and why, buckets by hand, schemes of one's own."""

from __future__ import annotations

import argparse
from pathlib import Path

from qunguan.cli import segment_tags
from qunguan.cli import segment_views as views
from qunguan.cli.command import Context, group_argument, verbs
from qunguan.cli.level_benefits import member_argument
from qunguan.cli.parser import day, whole
from qunguan.cli.table_file import write_out
from qunguan.domain.errors import BadInput
from qunguan.i18n import _


def register(parser: argparse.ArgumentParser, noun: str) -> None:
    """The verbs of `segment`."""
    verb = verbs(parser)
    verb("list", listing, _("the schemes: their buckets, what each asks for, where it comes from"), as_of=True)
    for name, command, text in (
        ("show", show, _("who is in which bucket of a scheme")),
        ("export", export, _("a scheme as a file, a member a row")),
    ):
        look = verb(name, command, text, as_of=True)
        _scheme(look)
        _group(look)
        if name == "export":
            _to(look)
    both = verb("cross", cross, _("how many are in each pair of buckets of two schemes"), as_of=True)
    both.add_argument("a", metavar="A", help=_("a scheme by code or name"))
    both.add_argument("b", metavar="B", help=_("a scheme by code or name"))
    _group(both)
    _one(verb("why", why, _("why a member is in their bucket, number by number"), as_of=True))
    past = _one(verb("history", history, _("how a member's bucket changed, day by day"), as_of=True))
    past.add_argument("--days", type=whole, default=30, metavar="N", help=_("how many days back"))
    fix = _one(verb("lock", lock, _("put a member into a bucket by hand"), writes=True))
    fix.add_argument("bucket", metavar="BUCKET", help=_("a bucket by name or code"))
    fix.add_argument("--reason", required=True, metavar="TEXT")
    fix.add_argument("--until", type=day, metavar="DATE", help=_("the last day; without it until taken off"))
    _one(verb("unlock", unlock, _("let a member follow the conditions again"), writes=True))
    _terms(verb)
    segment_tags.register(verb("tag", listing, _("tags by rule: list, add, edit, remove")))


def _terms(verb: views.Verb) -> None:
    put = verb("set", put_terms, _("change what a bucket asks for; says who moves"), writes=True)
    _scheme(put)
    put.add_argument("bucket", metavar="BUCKET", help=_("a bucket by name or code"))
    put.add_argument(
        "condition", metavar="CONDITION", nargs="?", default="", help=_("such as 消费≥1000/365天 且 非 已退款")
    )
    put.add_argument("--name", default="", metavar="NAME", help=_("another name for the bucket"))
    put.add_argument("--service", default="", metavar="TEXT", help=_("what to do for these people"))
    put.add_argument("--reason", default="", metavar="TEXT")
    put.add_argument("--from", type=day, metavar="DATE", dest="from_day", help=_("the first day; without it today"))
    new = verb("new", create, _("a scheme of your own"), writes=True)
    new.add_argument("name", metavar="NAME")
    told = _("buckets in the order they are asked: 核心 = 发言≥5/7天; the last may be a name alone")
    new.add_argument("bucket", metavar="BUCKET", nargs="+", help=told)
    _scheme(verb("reset", reset, _("back to the buckets as shipped"), writes=True))
    _scheme(verb("remove", remove, _("remove a scheme of your own"), writes=True))
    turn = verb("switch", switch, _("switch a scheme on or off"), writes=True)
    _scheme(turn)
    turn.add_argument("state", choices=("on", "off"))


def _to(parser: argparse.ArgumentParser) -> None:
    told = _("a file that ends in .csv, .xlsx, .json or .md; one that is there is replaced")
    parser.add_argument("--to", required=True, type=Path, metavar="FILE", help=told)


def _scheme(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("scheme", metavar="SCHEME", help=_("a scheme by code or name"))


def _group(parser: argparse.ArgumentParser) -> None:
    group_argument(parser, _("only this group"))


def _one(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    _scheme(parser)
    member_argument(parser)
    return parser


def listing(context: Context) -> None:
    """Print the schemes with their buckets."""
    from qunguan.services import segment_schemes, segments

    with context.desk() as desk:
        found = desk.read(segments.all_schemes)
        now = context.as_of or desk.read(segment_schemes.today, context.clock)
    context.answer(views.schemes(found, now), views.scheme_lines(found, now))


def show(context: Context) -> None:
    """Print the buckets of a scheme with their members."""
    from qunguan.services import segments

    with context.desk() as desk:
        found = desk.read(segments.show, context.clock, context.options.scheme, context.as_of, context.group_id(desk))
    context.answer(views.shown(found), views.shown_lines(found))


def export(context: Context) -> None:
    """Write a scheme to a file."""
    from qunguan.exchange.writers.segments import segments_table
    from qunguan.services import segments

    with context.desk() as desk:
        found = desk.read(segments.show, context.clock, context.options.scheme, context.as_of, context.group_id(desk))
    write_out(context, segments_table(found))


def cross(context: Context) -> None:
    """Print two schemes crossed."""
    from qunguan.services import segments

    options = context.options
    with context.desk() as desk:
        group_id = context.group_id(desk)
        found = desk.read(segments.cross, context.clock, options.a, options.b, context.as_of, group_id)
    context.answer(views.crossed(found), views.crossed_lines(found))


def why(context: Context) -> None:
    """Print why a member is in their bucket."""
    from qunguan.services import members, segments

    with context.desk() as desk:
        member_id = desk.read(members.resolve, context.options.member)
        scheme = desk.read(segments.find, context.options.scheme)
        told = desk.read(segments.labels, context.clock, context.as_of, [member_id]).get(member_id, ())
        lines = desk.read(segments.why, context.clock, scheme.code, member_id, context.as_of)
    here = next((each for each in told if each.scheme.code == scheme.code), None)
    told_lines = [str(line) for line in lines]
    document = {
        "scheme": scheme.code,
        "member_id": member_id,
        "bucket": here.bucket.name if here else None,
        "locked": bool(here and here.locked),
        "why": told_lines,
    }
    context.answer(document, told_lines)


def history(context: Context) -> None:
    """Print the changes of a member's bucket."""
    from qunguan.services import members, segments

    options = context.options
    with context.desk() as desk:
        member_id = desk.read(members.resolve, options.member)
        found = desk.read(segments.history, context.clock, options.scheme, member_id, options.days, context.as_of)
    context.answer(views.changes(found), views.change_lines(found))


def lock(context: Context) -> None:
    """Put a member into a bucket by hand."""
    from qunguan.services import members, segments

    options = context.options
    with context.desk() as desk:
        member_id = desk.read(members.resolve, options.member)
        found = desk.read(segments.find, options.scheme)
        bucket = context.write(
            desk, segments.lock, found.code, member_id, options.bucket, reason=options.reason, until=options.until
        )
        name = desk.read(members.get, member_id).name
    label = f"{bucket.name}·{found.name}"
    lines = [
        _("{name} is {label} by hand", name=name, label=label),
        _("Next: qunguan segment unlock {scheme} {id} takes it off", scheme=found.code, id=member_id),
    ]
    context.answer(views.held(found, member_id, bucket, locked=True), lines)


def unlock(context: Context) -> None:
    """Let a member follow the conditions again."""
    from qunguan.services import members, segments

    with context.desk() as desk:
        member_id = desk.read(members.resolve, context.options.member)
        found = desk.read(segments.find, context.options.scheme)
        bucket = context.write(desk, segments.unlock, found.code, member_id)
        name = desk.read(members.get, member_id).name
    label = f"{bucket.name}·{found.name}" if bucket else f"—·{found.name}"
    context.answer(
        views.held(found, member_id, bucket, locked=False),
        [_("{name} follows the conditions again: {label}", name=name, label=label)],
    )


def put_terms(context: Context) -> None:
    """Change one bucket of a scheme, and say who moves by it."""
    from qunguan.domain.condition_reader import condition_typed
    from qunguan.domain.schemes import changed_bucket
    from qunguan.services import segment_schemes, segments

    options = context.options
    if not (options.condition or options.name or options.service):
        raise BadInput("nothing was said that should change", hint="give a condition, --name or --service")
    when = condition_typed(options.condition) if options.condition else None
    with context.desk() as desk:
        scheme = desk.read(segments.find, options.scheme)
        first = options.from_day or desk.read(segment_schemes.today, context.clock)
        meant = scheme.bucket(options.bucket, first)
        buckets = changed_bucket(
            scheme.buckets(first), meant.code, when=when, name=options.name, service=options.service
        )
        moves = desk.read(segments.preview, context.clock, scheme.code, buckets)
        saved = context.write(
            desk, segments.save_scheme, scheme.code, buckets, from_day=options.from_day, reason=options.reason
        )
    lines = [*views.move_lines(moves), _("Next: qunguan segment show {scheme}", scheme=saved.code)]
    context.answer({"scheme": saved.code, "from_day": first, **views.moves(moves)}, lines)


def create(context: Context) -> None:
    """Make a scheme of one's own."""
    from qunguan.domain.schemes import own_buckets
    from qunguan.services import segments

    options = context.options
    buckets = own_buckets(options.bucket)
    with context.desk() as desk:
        moves = desk.read(segments.preview, context.clock, "", buckets)
        made = context.write(desk, segments.create, options.name, buckets)
    lines = [
        _("The scheme {scheme} is {code}", scheme=made.name, code=made.code),
        *views.count_lines(moves),
        _("Next: qunguan segment show {scheme}", scheme=made.code),
    ]
    context.answer({"scheme": made.code, "name": made.name, **views.moves(moves)}, lines)


def reset(context: Context) -> None:
    """Go back to the buckets as shipped."""
    from qunguan.services import segments

    with context.desk() as desk:
        found = context.write(desk, segments.reset, context.options.scheme)
    context.answer({"scheme": found.code}, [_("{scheme} is as shipped from today on", scheme=found.name)])


def remove(context: Context) -> None:
    """Remove a scheme of one's own."""
    from qunguan.services import segments

    with context.desk() as desk:
        found = context.write(desk, segments.remove, context.options.scheme)
    context.answer({"scheme": found.code}, [_("{scheme} is gone; qunguan undo brings it back", scheme=found.name)])


def switch(context: Context) -> None:
    """Switch a scheme on or off."""
    from qunguan.services import segments

    enabled = context.options.state == "on"
    with context.desk() as desk:
        found = context.write(desk, segments.switch, context.options.scheme, enabled=enabled)
    line = _("{scheme} is on", scheme=found.name) if enabled else _("{scheme} is off", scheme=found.name)
    context.answer({"scheme": found.code, "enabled": found.enabled}, [line])
