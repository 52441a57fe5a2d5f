"""`qunguan activity waiting | settle | who`: speakers nobody knows yet, and the owner's word on them."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from qunguan.cli.command import Context, columns, known
from qunguan.cli.parser import day, whole
from qunguan.domain.activity_people import MATCHED_BY, SPEAKER_KINDS, WHYS, SpeakerSettled, Waiting
from qunguan.i18n import _

Verb = Callable[..., argparse.ArgumentParser]
_NEW, _NOBODY = "new", "nobody"


def register(verb: Verb) -> None:
    """These verbs of `activity`."""
    queue = verb("waiting", waiting, _("speakers nobody knows yet, and whom they may be"))
    queue.add_argument("--group", metavar="GROUP", help=_("only this group, by id or name"))
    one = verb("settle", settle, _("say who a speaker is"), writes=True)
    one.add_argument("speaker", type=whole, metavar="SPEAKER", help=_("its id in the list of those who wait"))
    one.add_argument("who", metavar="WHO", help=_("a member by id, name or alias; new for somebody new; nobody"))
    one.add_argument("--from", dest="first", type=day, metavar="DATE", help=_("the first day the name was theirs"))
    one.add_argument("--to", dest="last", type=day, metavar="DATE", help=_("the last day the name was theirs"))
    again = verb("recognise", recognise, _("ask the roster again about everybody who waits"), writes=True)
    again.add_argument("--group", metavar="GROUP", help=_("a group by id or name; without it the current one"))
    why = verb("who", who, _("who a speaker is, and what says so"))
    why.add_argument("speaker", type=whole, metavar="SPEAKER", help=_("its id in the list of those who wait"))


def waiting(context: Context) -> None:
    """Print who waits, those with most messages first."""
    from qunguan.services import activity_queue

    with context.desk() as desk:
        group = context.group_id(desk)
        found = desk.read(activity_queue.waiting, group)
    context.answer({"waiting": [_document(one) for one in found]}, _lines(found))


def settle(context: Context) -> None:
    """Say who a speaker is: a member, somebody new, or nobody of them."""
    from qunguan.services import activity_queue, members

    options = context.options
    with context.desk() as desk:
        if options.who == _NEW:
            done: SpeakerSettled = context.write(desk, activity_queue.assign_new, options.speaker)
        elif options.who == _NOBODY:
            done = context.write(desk, activity_queue.set_aside, options.speaker)
        else:
            member_id = desk.read(members.resolve, options.who)
            done = context.write(desk, activity_queue.assign, options.speaker, member_id, options.first, options.last)
    document = {
        "speaker": done.speaker_id, "member_id": done.member_id, "name": done.name or None, "messages": done.messages,
        "changed": done.changed,
    }  # fmt: skip
    if done.member_id is None:
        line = _("Set aside: they wait no longer, their messages stay in the sums")
    else:
        line = _("They are {name} (#{id}); {n} messages went over", name=done.name, id=done.member_id, n=done.messages)
    context.answer(document, [line, _("Who else waits: qunguan activity waiting")])


def recognise(context: Context) -> None:
    """Ask the roster again, for after members were imported."""
    from qunguan.services import activity_queue, groups

    with context.desk() as desk:
        group = desk.read(groups.find, context.options.group)
        known_now = context.write(desk, activity_queue.look_again, group.id)
        left = len(desk.read(activity_queue.waiting, group.id))
    line = _("{n} are known now, {left} still wait", n=known_now, left=left)
    context.answer({"group": group.name, "recognised": known_now, "waiting": left}, [line])


def who(context: Context) -> None:
    """Print why a speaker is taken for whom."""
    from qunguan.services import activity_queue

    with context.desk() as desk:
        found = desk.read(activity_queue.why_speaker, context.options.speaker)
    document = {
        "speaker": found.speaker_id, "name": found.name, "by": found.by, "member_id": found.member_id,
        "member": found.member or None, "because": list(found.lines),
    }  # fmt: skip
    head = f"{found.name} → {found.member or _('not known yet')}"
    context.answer(document, [head, *(f"  {line}" for line in found.lines)])


def _document(one: Waiting) -> dict[str, Any]:
    return {
        "speaker": one.speaker_id,
        "group": one.group,
        "kind": one.kind,
        "key": one.key,
        "name": one.name,
        "by": one.by,
        "messages": one.messages,
        "first": one.first_day,
        "last": one.last_day,
        "suggestions": [{"member_id": each.member_id, "name": each.name, "why": each.why} for each in one.suggestions],
    }


def _lines(found: Sequence[Waiting]) -> Iterator[str]:
    if not found:
        yield _("Everybody who speaks is known.")
        return
    rows = [
        (
            one.speaker_id, one.name or one.key, _(SPEAKER_KINDS[one.kind]), one.messages, known(one.first_day),
            known(one.last_day), _(MATCHED_BY[one.by]),
            " / ".join(f"{each.name} (#{each.member_id}) {_(WHYS[each.why])}" for each in one.suggestions[:2]),
        )
        for one in found
    ]  # fmt: skip
    heads = (_("id"), _("name"), _("known as"), _("messages"), _("first"), _("last"), _("state"), _("perhaps"))
    yield from columns(heads, rows, right=(0, 3))
    yield _("Say who it is: qunguan activity settle ID MEMBER (or new, or nobody)")
