"""`qunguan relation answers`: who answers whom, as a document and as lines for people."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from qunguan.cli.command import Context, columns
from qunguan.domain.relation_answers import Answers, Role, Talker, Tie
from qunguan.i18n import _, labelled, ngettext

if TYPE_CHECKING:
    from qunguan.domain.orders import Rate

_LISTS: dict[Role, str] = {"connector": "connectors", "heard": "most_answered", "unheard": "unanswered"}


def answers(context: Context) -> None:
    """Print who answers whom, or with whom one member talks. Raises NotFound, Ambiguous."""
    from qunguan.services import members, relation_answers

    options = context.options
    with context.desk() as desk:
        group_id = context.group_id(desk)
        who = desk.read(members.resolve, options.member) if options.member else None
        as_of = context.past(desk, group_id)
        found = desk.read(relation_answers.answers, context.clock, group_id, as_of, days=options.days)
    if who is None:
        lines = _pairs if options.pairs else _lines
        context.answer(_document(found, options.limit), lines(found, options.limit or 10**9))
        return
    one = next((each for each in found.people if each.member_id == who), None)
    context.answer(_head(found) | {"member": None if one is None else _talker(one) | _ties(one)}, _of(found, one))


def _document(found: Answers, most: int) -> dict[str, Any]:
    pairs = found.pairs[: most or None]
    return _head(found) | {
        "people": [_talker(one) for one in found.people[: most or None]],
        "pairs": [
            {"who": _named(one), "whom": _named(tie), "times": tie.times, "last_day": tie.last, "back": back}
            for one, tie, back in pairs
        ],
        **{name: list(map(_named, found.of(role))) for role, name in _LISTS.items()},
    }  # fmt: skip


def _head(found: Answers) -> dict[str, Any]:
    tells = found.messages is not None
    return {
        "from": found.first, "to": found.last, "messages": found.messages,
        "answers": found.answers if tells else None, "outside": found.outside if tells else None,
        "heard": _rate(found.heard), "owner_share": _rate(found.own), "least_messages": found.least,
    }  # fmt: skip


def _talker(one: Talker) -> dict[str, Any]:
    return {
        "member": _named(one), "here": one.here, "owner": one.owner, "messages": one.messages,
        "answers_people": len(one.given), "answers": one.answers, "answered_by_people": len(one.got),
        "answered": one.answered, "both_ways": len(one.mutual), "roles": list(one.roles), "why": one.why,
    }  # fmt: skip


def _ties(one: Talker) -> dict[str, Any]:
    return {
        name: [{"member": _named(tie), "times": tie.times, "last_day": tie.last} for tie in ties]
        for name, ties in (("whom", one.given), ("by_whom", one.got))
    }


def _lines(found: Answers, most: int) -> Iterator[str]:
    """Those who answer most people first, with what they are; the sums below."""
    if found.messages is None:
        yield _unknown()
        return
    if found.people:
        header = (_("member"), _("answers people"), _("times"), _("answered by"), _("times"), _("both ways"),
                  _("messages"), _("why"))  # fmt: skip
        rows = [
            (one.name, len(one.given), one.answers, len(one.got), one.answered, len(one.mutual), one.messages, one.why)
            for one in found.people[:most]
        ]
        yield from columns(header, rows, right=range(1, 7))
    yield from _sums(found)
    more = len(found.people) - most
    if more > 0:
        yield ngettext("{n} more member: --limit 0", "{n} more members: --limit 0", more)


def _pairs(found: Answers, most: int) -> Iterator[str]:
    """Who answered whom, how often, and how often it came back."""
    if found.messages is None:
        yield _unknown()
        return
    rows = [(one.name, tie.name, tie.times, back or "—", tie.last) for one, tie, back in found.pairs[:most]]
    if rows:
        header = (_("who answers"), _("whom"), _("times"), _("times back"), _("last day"))
        yield from columns(header, rows, right=(2, 3))
    yield from _sums(found)
    more = len(found.pairs) - most
    if more > 0:
        yield ngettext("{n} more pair: --limit 0", "{n} more pairs: --limit 0", more)


def _sums(found: Answers) -> Iterator[str]:
    yield _("{first} to {last}: {answers} answers between members in {n} messages, {outside} of or to people who are "
            "not in the roster", first=found.first, last=found.last, answers=found.answers, n=found.messages,
            outside=found.outside)  # fmt: skip
    yield _("of those who wrote {least} messages or more, were answered: {rate}", least=found.least,
            rate=found.heard or "—")  # fmt: skip
    yield _("answers that are the owner's: {rate}", rate=found.own or "—")


def _of(found: Answers, one: Talker | None) -> Iterator[str]:
    if found.messages is None:
        yield _unknown()
        return
    if one is None:
        yield _("They answered nobody and nobody answered them from {first} to {last}",
                first=found.first, last=found.last)  # fmt: skip
        return
    if one.why:
        yield labelled(one.name, one.why)
    for title, ties in ((_("whom they answer"), one.given), (_("who answers them"), one.got)):
        rows = [(tie.name, tie.times, tie.last) for tie in ties]
        if not rows:
            continue
        yield from columns((title, _("times"), _("last day")), rows, right=(1,))


def _unknown() -> str:
    return _("No export of a chat tells yet who answers whom: qq-chat-exporter, ChatLab and chatlog do")


def _named(one: Talker | Tie) -> dict[str, Any]:
    return {"id": one.member_id, "name": one.name}


def _rate(rate: Rate | None) -> dict[str, Any] | None:
    return None if rate is None else {"value": rate.value, "n": rate.n}
