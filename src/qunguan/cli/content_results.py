"""`qunguan content result|import|results|audience`: what came of posts, and who should see them."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from typing import Any

from qunguan.cli.command import Context, columns, jsonable, known
from qunguan.cli.content_views import kind_said
from qunguan.cli.parser import day, whole
from qunguan.cli.sources import Kind, file_argument, map_argument, read_table, rejected, rejected_lines
from qunguan.domain.content import sub_kind_name
from qunguan.domain.content_mix import KINDS, percent
from qunguan.domain.content_results import BYS, Compared, Counted, Outcome
from qunguan.domain.orders import Rate
from qunguan.i18n import _, labelled, ngettext

_NUMBERS = ("audience", "reads", "clicks", "replies", "orders")


def register(verb: Callable[..., argparse.ArgumentParser]) -> None:
    """The verbs of results."""
    told = verb("result", record, _("note what came of a post"), writes=True)
    told.add_argument("post", type=whole, metavar="ID", help=_("see: qunguan content list"))
    helps = (_("people it reached"), _("people who read it"), _("people who clicked"), _("answers"), _("orders"))
    for name, text in zip(_NUMBERS, helps, strict=True):
        told.add_argument(f"--{name}", type=whole, metavar="N", help=text)
    told.add_argument("--day", type=day, metavar="DATE", help=_("the day it was counted; without it today"))
    take = verb("import", take_in, _("what came of posts, from a table: day, title, reached, read …"), writes=True)
    file_argument(take)
    map_argument(take)
    take.add_argument(
        "--new", action="store_true", help=_("note posts that are not there as posted: with day and kind")
    )
    take.add_argument("--day", type=day, metavar="DATE", help=_("the day it was counted; without it today"))
    sums = verb("results", compare, _("what came of posts, compared"), as_of=True)
    sums.add_argument("--by", choices=tuple(BYS), default="kind")
    sums.add_argument("--from", dest="first", type=day, metavar="DATE", help=_("without it 90 days back"))
    sums.add_argument("--to", dest="last", type=day, metavar="DATE", help=_("without it today"))
    for each in (take, sums):
        each.add_argument("--group", metavar="GROUP", help=_("without it the current group"))
    who = verb("audience", audience, _("who should see a post: its tags and buckets"), as_of=True)
    who.add_argument("post", type=whole, metavar="ID", help=_("see: qunguan content list"))


def record(context: Context) -> None:
    """Note what came of a post. Raises BadInput, NotFound, Refused."""
    from qunguan.services import content

    options = context.options
    told = Counted(*(getattr(options, name) for name in _NUMBERS))
    with context.desk() as desk:
        done = context.write(desk, content.record, options.post, told, options.day)
    lines = columns(_header(), [_row(done)], right=(3, 4, 5, 6, 7, 8))
    context.answer(outcome_document(done), [*lines, _("Next: qunguan content results compares it with the others")])


def _header() -> tuple[str, ...]:
    return (_("id"), _("day"), _("title"), _("reached"), _("read"), _("opened %"), _("clicked"), _("answers"),
            _("orders"))  # fmt: skip


def _row(one: Outcome) -> tuple[object, ...]:
    told = one.counted
    return (one.post_id, one.day, one.title, known(told.audience), known(told.reads), rate_said(told.open_rate),
            known(told.clicks), known(told.replies), known(told.orders))  # fmt: skip


def rate_said(rate: Rate | None) -> str:
    """A rate as percent, `—` without a base."""
    return "—" if rate is None else percent(rate.value)


def outcome_document(one: Outcome) -> dict[str, Any]:
    """What came of a post as JSON has it."""
    told = one.counted
    return {
        "post_id": one.post_id, "day": one.day, "title": one.title, "kind": one.kind, "sub_kind": one.sub_kind,
        "counted_on": one.counted_on, "source_of_count": one.source,
        **{name: getattr(told, name) for name in _NUMBERS},
        "open_rate": jsonable(told.open_rate), "ctr": jsonable(told.ctr),
        "ctor": jsonable(told.ctor),
    }  # fmt: skip


def take_in(context: Context) -> None:
    """Import results. Raises BadInput, NotFound."""
    from qunguan.exchange.readers import words
    from qunguan.exchange.readers.content_results import read_results
    from qunguan.exchange.readers.sheets import read_sheet
    from qunguan.services import content, groups

    options = context.options
    with context.desk() as desk:
        group = desk.read(groups.find, options.group)
        kind = Kind("content_results", words.RESULTS, ("title",))
        sheet = read_table(context, desk, read_sheet(options.file), kind, read_results)
        done = context.write(desk, content.take_in, group.id, sheet, make=options.new, day=options.day)
    document = {
        "added": done.added, "changed": done.changed, "same": done.same, "made": done.made,
        "rejected": rejected(done.rejected), "skipped": rejected(done.skipped),
    }  # fmt: skip
    head = ngettext("{n} post counted", "{n} posts counted", done.added + done.changed)
    more = _("{same} as before, {made} noted as posted, {rejected} rows not taken", same=done.same, made=done.made,
             rejected=len(done.rejected))  # fmt: skip
    lines = [f"{head}; {more}", *rejected_lines(done.rejected)]
    context.answer(document, [*lines, _("Next: qunguan content results")])


def compare(context: Context) -> None:
    """Print posts added up."""
    from qunguan.services import content, groups

    options = context.options
    with context.desk() as desk:
        group = desk.read(groups.find, options.group)
        span = (options.first, options.last, context.as_of)
        sums = desk.read(content.compare, context.clock, group.id, options.by, *span)
        posts = desk.read(content.outcomes, context.clock, group.id, *span)
    document = {
        "by": options.by,
        "results": [_sum(each) for each in sums],
        "posts": [outcome_document(each) for each in posts],
    }
    header = (_(BYS[options.by]), _("posts"), _("counted"), _("read"), _("opened %"), _("bar %"), _("clicked %"),
              _("answers"), _("orders"))  # fmt: skip
    rows = [
        (key_said(options.by, each.key), each.n, each.counted, known(each.reads), rate_said(each.open_rate),
         _bar(each), rate_said(each.ctr), known(each.replies), known(each.orders))
        for each in sums
    ]  # fmt: skip
    lines = columns(header, rows, right=range(1, 9)) if rows else [_("Nothing was posted in these days")]
    if posts:
        lines += ["", *columns(_header(), map(_row, posts), right=(0, 3, 4, 5, 6, 7, 8))]
    context.answer(document, lines)


def key_said(by: str, key: str) -> str:
    """What posts that were added up have in common, in words."""
    if by == "kind" and key in KINDS:
        return kind_said(key)
    return known(f"{key}:00" if by == "hour" and key else sub_kind_name(key) if by == "sub_kind" else key)


def _bar(each: Compared) -> str:
    if each.bar is None:
        return "—"
    mark = {True: "✓", False: "✗", None: ""}[each.bar.met]
    return f"{percent(each.bar.value)}{mark}"


def _sum(each: Compared) -> dict[str, Any]:
    rates: Sequence[tuple[str, Rate | None]] = (
        ("open_rate", each.open_rate), ("ctr", each.ctr), ("ctor", each.ctor)
    )  # fmt: skip
    return {
        "key": each.key, "posts": each.n, "counted": each.counted, "reads": each.reads, "clicks": each.clicks,
        "replies": each.replies, "orders": each.orders, **{name: jsonable(rate) for name, rate in rates},
        "bar": None if each.bar is None else {"rule": each.bar.rule, "value": each.bar.value, "met": each.bar.met,
                                              "source": each.bar.source},
    }  # fmt: skip


def audience(context: Context) -> None:
    """Print who should see a post."""
    from qunguan.services import content

    with context.desk() as desk:
        found = desk.read(content.audience, context.clock, context.options.post, context.as_of)
    document = {
        "post_id": found.post.id, "everyone": found.everyone, "present": found.present,
        "parts": [{"name": name, "members": n} for name, n in found.parts],
        "members": [{"member_id": member_id, "name": name} for member_id, name in found.members],
    }  # fmt: skip
    head = _("{title} is for {n} of {present} members", title=found.post.title, n=len(found.members),
             present=found.present)  # fmt: skip
    lines = [head, *(labelled(name, n) for name, n in found.parts), ""]
    if found.everyone:
        lines = [_("{title} names no tag and no bucket: it is for everybody, {present} members",
                   title=found.post.title, present=found.present), ""]  # fmt: skip
    context.answer(document, [*lines, *(name for _id, name in found.members)])
