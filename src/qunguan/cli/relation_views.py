"""Ties between members as documents and as lines for people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from qunguan.cli.command import columns, jsonable, known
from qunguan.domain.orders import Rate
from qunguan.domain.relation_tree import TreeLine, Trees
from qunguan.domain.relations import KINDS, Introduction, Match, Note, Owed, Partner, ReferralShare, Thanked
from qunguan.domain.scripts import Filled
from qunguan.i18n import _, labelled, ngettext


def note(one: Note) -> dict[str, Any]:
    """A skill or a need."""
    return {
        "id": one.id, "member": _member(one.member_id, one.name), "kind": one.kind, "text": one.text,
        "note": one.note, "noted_on": one.noted_on,
    }  # fmt: skip


def note_lines(notes: Sequence[Note]) -> list[str]:
    """Skills and needs, one a line."""
    if not notes:
        return [_("Nothing is noted yet: qunguan relation skill MEMBER TEXT")]
    header = ("#", _("member"), _("kind"), _("what is noted"), _("note"), _("noted on"))
    rows = [
        (one.id, one.name, _(KINDS[one.kind]), one.text, known(one.note), known(one.noted_on))
        for one in notes
    ]  # fmt: skip
    return columns(header, rows, right=(0,))


def match(one: Match) -> dict[str, Any]:
    """A need and who may help."""
    return {
        "need": note(one.need),
        "introduced": one.introduced,
        "candidates": [
            {"member": _member(each.member_id, each.name), "skill": each.skill, "same": each.same,
             "asked": each.asked, "why": each.why}
            for each in one.candidates
        ],
    }  # fmt: skip


def match_lines(matches: Iterable[Match]) -> Iterator[str]:
    """Each need with those who may help below it."""
    empty = True
    for one in matches:
        empty = False
        told = _("{name} needs {need}", name=one.need.name, need=one.need.text)
        if one.introduced:
            told += " · " + ngettext("{n} introduction made", "{n} introductions made", one.introduced)
        yield told
        for each in one.candidates:
            yield "  → " + labelled(each.name, each.why)
        if not one.candidates:
            yield "  " + _("nobody here is known who can")
    if empty:
        yield _("No need is open")


def introduction(one: Introduction) -> dict[str, Any]:
    """An introduction."""
    return {
        "id": one.id, "seeker": _member(one.seeker_id, one.seeker), "giver": _member(one.giver_id, one.giver),
        "about": one.about, "outcome": one.outcome, "outcome_on": one.outcome_on, "day": one.day,
    }  # fmt: skip


def introduction_lines(made: Sequence[Introduction]) -> list[str]:
    """The log, one a line."""
    if not made:
        return [_("Nobody was introduced yet")]
    header = ("#", _("day"), _("who needs"), _("who may help"), _("what it was about"), _("what came of it"))
    rows = [(one.id, one.day, one.seeker, one.giver, one.about, one.state) for one in made]
    return columns(header, rows, right=(0,))


def words(found: Filled) -> Iterator[str]:
    """A text to copy, and what is still to be filled in."""
    yield ""
    yield from found.text.splitlines()
    if found.missing:
        yield _("still to be filled in: {places}", places=_(", ").join(found.missing))


def trees(found: Trees) -> dict[str, Any]:
    """The biggest trees."""
    return {
        "day": found.day,
        "brought": found.brought,
        "inviters": found.inviters,
        "cut": found.cut,
        "share": share(found.share),
        "trees": [
            {"member": _member(one.member_id, one.name), "people": one.people, "direct": one.direct,
             "depth": one.depth, "here": one.here, "bought": one.bought}
            for one in found.trees
        ],
    }  # fmt: skip


def share(one: ReferralShare) -> dict[str, Any]:
    """The share of new members somebody brought."""
    return {
        "from": one.first, "to": one.last, "joined": one.joined, "brought": one.brought,
        "rate": None if one.rate is None else one.rate.value,
    }  # fmt: skip


def share_line(one: ReferralShare) -> str:
    """The share with what it is of."""
    return _("{first} to {last}: {brought} of {joined} new members were brought by a member ({rate})",
             first=one.first, last=one.last, brought=one.brought, joined=one.joined, rate=_rate(one.rate))  # fmt: skip


def tree_lines(found: Trees) -> Iterator[str]:
    """The trees, one a line, with the share of those who are new."""
    if not found.trees:
        yield _("Nobody is known to have brought somebody")
    else:
        header = (_("who began"), _("came by them"), _("themselves"), _("steps deep"), _("still here"), _("bought"))
        rows = [(one.name, one.people, one.direct, one.depth, one.here, one.bought) for one in found.trees]
        yield from columns(header, rows, right=range(1, 6))
    yield share_line(found.share)
    if found.cut:
        yield ngettext("{n} invitation went in a circle and is left out",
                       "{n} invitations went in a circle and are left out", found.cut)  # fmt: skip


def branch(line: TreeLine) -> dict[str, Any]:
    """A member of a tree."""
    return {
        "member": _member(line.member_id, line.name), "level": line.level, "direct": line.direct,
        "people": line.people, "here": line.here, "bought": line.bought,
    }  # fmt: skip


def branch_lines(lines: Iterable[TreeLine]) -> Iterator[str]:
    """A tree, a step to the right for each step down: ● is here, ○ has left, ¥ bought."""
    for line in lines:
        below = f" ({line.people})" if line.people else ""
        yield f"{'  ' * line.level}{'●' if line.here else '○'} {line.name}{below}{' ¥' if line.bought else ''}"


def partner(one: Partner) -> dict[str, Any]:
    """A partner with what they did."""
    told: dict[str, Any] = jsonable(one)
    del told["member_id"], told["name"]
    return {"member": _member(one.member_id, one.name), **told}


def partner_lines(found: Sequence[Partner]) -> list[str]:
    """The partners, one a line."""
    if not found:
        return [_("No co-creation partner yet: qunguan member edit MEMBER --role co_creator")]
    header = (_("partner"), _("group"), _("friends brought"), _("good shares"), _("campaigns"), _("pieces written"),
              _("members helped"), _("suggestions"))  # fmt: skip
    rows = [
        (one.name, one.group, one.brought, one.shares, one.campaigns, one.posts, one.helped, one.suggestions)
        for one in found
    ]
    return columns(header, rows, right=range(2, 8))


def owed(one: Owed) -> dict[str, Any]:
    """Somebody to be thanked."""
    reasons = [
        {"kind": each.kind, "n": each.n, "day": each.day, "text": str(each), "source": each.source}
        for each in one.reasons
    ]
    return {"member": _member(one.member_id, one.name), "since": one.since, "why": one.why, "reasons": reasons}


def owed_lines(found: Sequence[Owed]) -> list[str]:
    """Who is to be thanked, one a line."""
    if not found:
        return [_("Nobody waits for thanks")]
    rows = [(one.name, one.why, one.since) for one in found]
    return columns((_("member"), _("thanked for"), _("since when")), rows)


def thanked(one: Thanked) -> dict[str, Any]:
    """A thank-you that was said."""
    return {
        "id": one.id, "member": _member(one.member_id, one.name), "reason": one.reason, "how": one.how,
        "said_on": one.said_on,
    }  # fmt: skip


def thanked_lines(found: Sequence[Thanked]) -> list[str]:
    """Thanks that were said, one a line."""
    if not found:
        return [_("Nobody was thanked yet")]
    rows = [(one.said_on, one.name, one.reason, known(one.how)) for one in found]
    return columns((_("said on"), _("member"), _("thanked for"), _("in what way")), rows)


def _member(member_id: int, name: str) -> dict[str, Any]:
    return {"id": member_id, "name": name}


def _rate(rate: Rate | None) -> str:
    return "—" if rate is None else str(rate)
