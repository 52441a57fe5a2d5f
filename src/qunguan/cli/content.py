"""`qunguan content`: the calendar — posts, the mix, the timetable, what came of posts, who should see them."""

from __future__ import annotations

import argparse
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from qunguan.cli import content_columns, content_results
from qunguan.cli.command import Context, verbs
from qunguan.cli.content_views import (
    finding_lines,
    mix_document,
    mix_lines,
    post_document,
    post_line,
    shared_document,
    shared_lines,
    week_lines,
)
from qunguan.cli.parser import day, whole
from qunguan.cli.sources import read_text
from qunguan.domain.content import NEEDS, Post, PostDraft, choice_typed, kind_typed, minute_typed, sub_kind_typed
from qunguan.domain.content_plan import WEEK, DayPlan, Scheduled, days_of, monday_of
from qunguan.domain.errors import BadInput
from qunguan.i18n import _, ngettext

if TYPE_CHECKING:
    from qunguan.domain.groups import Group
    from qunguan.services.desk import Desk


def register(parser: argparse.ArgumentParser, noun: str) -> None:
    """The verbs of `content`."""
    verb = verbs(parser)
    make = verb("add", add, _("plan a post"), writes=True)
    make.add_argument("title", metavar="TITLE")
    make.add_argument(
        "--kind", required=True, metavar="KIND", help=_("value, interactive or benefit, as any source calls it")
    )
    make.add_argument("--day", type=day, metavar="DATE", help=_("without it today"))
    make.add_argument("--posted", action="store_true", help=_("it stands in the group already"))
    _told(make)
    change = verb("edit", edit, _("change a post: what is given; the rest stays"), writes=True)
    _post(change)
    change.add_argument("--title", metavar="TITLE")
    change.add_argument("--kind", metavar="KIND")
    change.add_argument("--day", type=day, metavar="DATE")
    _told(change)
    lists = verb("list", listing, _("the calendar: posts and the places nothing fills"))
    lists.add_argument("--dropped", action="store_true", help=_("what was dropped as well"))
    meter = verb("mix", mix, _("what was posted and is planned against the mix"), as_of=True)
    for each in (lists, meter):
        each.add_argument("--from", dest="first", type=day, metavar="DATE", help=_("the first day"))
        each.add_argument("--to", dest="last", type=day, metavar="DATE", help=_("the last day"))
    done = verb("post", posted, _("note that a post stands in the group"), writes=True)
    _post(done)
    done.add_argument("--take-back", action="store_true", help=_("it does not after all"))
    gone = verb("drop", drop, _("drop a planned post"), writes=True)
    _post(gone)
    gone.add_argument("--bring-back", action="store_true", help=_("plan it again"))
    _accept(gone)
    shift = verb("move", move, _("move a planned post"), writes=True)
    _post(shift)
    shift.add_argument("day", type=day, metavar="DATE")
    shift.add_argument("at", nargs="?", default="", metavar="TIME", help=_("without it the time it had"))
    _accept(shift)
    again = verb("copy", copy_week, _("plan the posts of a week again in another"), writes=True)
    again.add_argument("source", type=day, metavar="FROM", help=_("any day of the week to copy"))
    again.add_argument("target", type=day, metavar="TO", help=_("any day of the week to fill"))
    shared = verb("pick-up", pick_up, _("what members handed in and is no post yet"))
    content_columns.register(verb)
    content_results.register(verb)
    for each in (make, lists, meter, again, shared):
        group_argument(each)


def group_argument(parser: argparse.ArgumentParser) -> None:
    """--group."""
    parser.add_argument("--group", metavar="GROUP", help=_("without it the current group"))


def _post(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("post", type=whole, metavar="ID", help=_("see: qunguan content list"))


def _accept(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--accept", action="store_true", help=_("plan it although it is one too many"))
    parser.add_argument("--reason", default="", metavar="TEXT", help=_("why; it is kept with the step"))


def _told(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--at", metavar="TIME", help=_("19:30; without it some time that day"))
    parser.add_argument("--sub-kind", metavar="WORDS", help=_("news, howto, topic, vote, coupon … or your own words"))
    parser.add_argument("--need", metavar="NEED", help=_("information, social or benefit"))
    parser.add_argument("--text", metavar="TEXT", help=_("what goes into the group"))
    parser.add_argument("--text-file", metavar="FILE", help=_("the same from a file; - is standard input"))
    parser.add_argument("--author", metavar="MEMBER", help=_("the member who wrote it; without it you"))
    parser.add_argument("--tag", action="append", metavar="TAG", help=_("whom it is for: members with the tag"))
    parser.add_argument("--segment", action="append", metavar="SCHEME:BUCKET", help=_("whom it is for: a bucket"))
    parser.add_argument("--sponsor", metavar="NAME", help=_("who pays for it: then it is an ad"))
    parser.add_argument("--disclosure", metavar="WORDS", help=_("the words that say it is an ad"))
    parser.add_argument("--column", metavar="COLUMN", help=_("the place of the timetable it fills"))
    parser.add_argument("--campaign", metavar="CAMPAIGN", help=_("the campaign it belongs to"))
    _accept(parser)


def in_hand(context: Context, desk: Desk) -> Group:
    """The group meant."""
    from qunguan.services import groups

    return desk.read(groups.find, context.options.group)


def add(context: Context) -> None:
    """Plan a post. Raises Refused, Stopped, BadInput, NotFound."""
    from qunguan.domain.products import offer_line
    from qunguan.services import content, products

    options = context.options
    with context.desk() as desk:
        group = in_hand(context, desk)
        kind = kind_typed(options.kind)
        draft = PostDraft(options.title, kind, options.day or context.clock.today(group.day_rule))
        draft = _changed(context, desk, group.id, draft)
        done = context.write(
            desk, content.schedule, group.id, draft, accept=options.accept, reason=options.reason, posted=options.posted
        )
        after = None if context.dry_run else desk.read(content.mix, context.clock, group.id, done.post.day)
        idle = desk.read(content.idle_tags, context.clock, group.id, done.post.draft.tags)
        fitting = desk.read(products.after, done.post)
    document = {**_document(done), "mix": mix_document(after) if after else None, "idle_tags": list(idle),
                "products": [each.name for each, _topic in fitting]}  # fmt: skip
    lines = [*_scheduled_lines(done), *filter(None, [offer_line(fitting)])]
    lines += [_("Nobody carries the tag {tag} yet", tag=tag) for tag in idle]
    if after and after.off:
        lines.append(_("Next, to come closer to the mix: {kind}", kind=after.preset.called(after.suggestion)))
    context.answer(document, lines)


def edit(context: Context) -> None:
    """Change what was given. Raises as `add`."""
    from qunguan.services import content

    options = context.options
    with context.desk() as desk:
        found = desk.read(content.get, options.post)
        draft = found.draft
        kind = kind_typed(options.kind) if options.kind else draft.kind
        if kind != draft.kind:
            draft = replace(draft, kind=kind, sub_kind="", need="")
        draft = replace(draft, title=options.title or draft.title, day=options.day or draft.day)
        draft = _changed(context, desk, found.group_id, draft)
        done = context.write(
            desk, content.edit, replace(found, draft=draft), accept=options.accept, reason=options.reason
        )
    context.answer(_document(done), _scheduled_lines(done))


def _changed(context: Context, desk: Desk, group_id: int, draft: PostDraft) -> PostDraft:
    """The draft with what the options say of it."""
    from qunguan.services import campaigns, content, members

    told = context.options
    changes: dict[str, Any] = {}
    if told.at is not None:
        changes["at_minute"] = minute_typed(told.at)
    if told.sub_kind is not None:
        changes["sub_kind"] = sub_kind_typed(told.sub_kind, draft.kind)
    if told.need:
        changes["need"] = choice_typed(told.need, NEEDS, "{text} is no need a post serves")
    if told.text is not None or told.text_file:
        changes["text"] = read_text(told.text_file) if told.text_file else told.text
    if told.author is not None:
        changes["author_id"] = desk.read(members.resolve, told.author) if told.author else None
        changes["author"] = "member" if told.author else "owner"
    if told.tag is not None:
        changes["tags"] = tuple(told.tag)
    if told.segment is not None:
        changes["segments"] = tuple(map(segment_typed, told.segment))
    if told.campaign is not None:
        changes["campaign_id"] = desk.read(campaigns.find, told.campaign).id if told.campaign else None
    for name in ("sponsor", "disclosure"):
        if getattr(told, name) is not None:
            changes[name] = getattr(told, name)
    if told.column is not None:
        place = desk.read(content.find_column, context.clock, group_id, told.column) if told.column else None
        changes["column_id"] = place.id if place else None
        if place and told.at is None and draft.at_minute is None:
            changes["at_minute"] = place.at_minute
    return replace(draft, **changes)


def segment_typed(text: str) -> tuple[str, str]:
    """Scheme and bucket from `生命周期:新人`. Raises BadInput."""
    scheme, colon, bucket = text.replace("：", ":").partition(":")
    if not colon or not scheme.strip() or not bucket.strip():
        raise BadInput("{text} is not a scheme and a bucket", hint="write it like SCHEME:BUCKET", text=text[:40])
    return scheme.strip(), bucket.strip()


def listing(context: Context) -> None:
    """Print the posts and empty places of some days."""
    from qunguan.services import content

    options = context.options
    with context.desk() as desk:
        group = in_hand(context, desk)
        today = context.clock.today(group.day_rule)
        first = options.first or (monday_of(today) if options.last is None else monday_of(options.last))
        last = options.last or first + timedelta(days=WEEK - 1)
        if last < first:
            raise BadInput("{last} is before {first}", hint="give the first day, then the last", first=first, last=last)
        posts = desk.read(content.posts_between, [group.id], first, last, dropped=options.dropped)
        places = desk.read(content.columns, group.id)
    days = days_of(first, posts, places, (last - first).days + 1)
    document = {
        "group_id": group.id, "from": first, "to": last, "posts": [post_document(each) for each in posts],
        "slots": [slot for each in days if each.day >= today for slot in _slots(each)],
    }  # fmt: skip
    context.answer(document, week_lines(days, today))


def _slots(plan: DayPlan) -> list[dict[str, Any]]:
    return [
        {"day": plan.day, "at_minute": each.column.at_minute, "column_id": each.column.id, "name": each.column.name,
         "kind": each.column.kind}
        for each in plan.slots
    ]  # fmt: skip


def mix(context: Context) -> None:
    """Print the mix: of the days given, else as of today."""
    from qunguan.services import content

    options = context.options
    with context.desk() as desk:
        group = in_hand(context, desk)
        first, last = options.first, options.last
        if first is None and last is None:
            found = desk.read(content.mix, context.clock, group.id, context.as_of)
        else:
            span = timedelta(days=desk.read(content.mix_terms).days - 1)
            first, last = first or last - span, last or first + span
            found = desk.read(content.mix_between, context.clock, group.id, first, last)
    context.answer(mix_document(found), mix_lines(found))


def posted(context: Context) -> None:
    """Note that a post stands in the group, or take it back."""
    from qunguan.services import content

    service = content.unpost if context.options.take_back else content.mark_posted
    with context.desk() as desk:
        _tell(context, context.write(desk, service, context.options.post))


def drop(context: Context) -> None:
    """Drop a post, or plan it again."""
    from qunguan.services import content

    options = context.options
    with context.desk() as desk:
        done = context.write(desk, content.drop, options.post, bring_back=options.bring_back, accept=options.accept,
                             reason=options.reason)  # fmt: skip
    _tell(context, done)


def move(context: Context) -> None:
    """Move a post. Raises as `add`."""
    from qunguan.services import content

    options = context.options
    with context.desk() as desk:
        done = context.write(
            desk, content.move, options.post, options.day, minute_typed(options.at), accept=options.accept,
            reason=options.reason,
        )  # fmt: skip
    context.answer(_document(done), _scheduled_lines(done))


def copy_week(context: Context) -> None:
    """Plan a week again."""
    from qunguan.services import content

    options = context.options
    with context.desk() as desk:
        made = context.write(desk, content.copy_week, in_hand(context, desk).id, options.source, options.target)
    line = ngettext("{n} post planned", "{n} posts planned", len(made))
    context.answer({"posts": [_document(each) for each in made]}, [line, *(post_line(each.post) for each in made)])


def pick_up(context: Context) -> None:
    """Print what members handed in that is no post yet."""
    from qunguan.services import content

    with context.desk() as desk:
        found = desk.read(content.to_pick_up, context.clock, in_hand(context, desk).id)
    context.answer({"shared": [shared_document(each) for each in found]}, shared_lines(found))


def _tell(context: Context, post: Post) -> None:
    context.answer({"post": post_document(post)}, [post_line(post), _("Next: qunguan content list")])


def _document(done: Scheduled) -> dict[str, Any]:
    return {
        "post": post_document(done.post),
        "warnings": [str(each) for each in done.warnings],
        "accepted": [str(each) for each in done.accepted],
    }


def _scheduled_lines(done: Scheduled) -> list[str]:
    return [post_line(done.post), *finding_lines(done), _("Next: qunguan content mix tells where the mix stands")]
