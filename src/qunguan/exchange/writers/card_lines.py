"""A member's page in words, section by section: for the screen, the terminal and Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby
from operator import attrgetter
from typing import cast

from qunguan.domain.feedback import KINDS, Kind
from qunguan.domain.level_views import LevelCard, NextLevel
from qunguan.domain.level_words import missing_said
from qunguan.domain.members import ALIAS_KINDS, DatedAlias, Stay, birthday_text, masked_phone, role_said
from qunguan.domain.members_roster_diff import left_reason_text
from qunguan.domain.money import yuan
from qunguan.domain.plan_words import membership_text
from qunguan.domain.profiles import ChallengeStanding, Complaints, Event, MemberPage
from qunguan.domain.relations import KINDS as TIES
from qunguan.domain.relations import Note
from qunguan.domain.tags import join_tags
from qunguan.exchange.writers.points import origin_words
from qunguan.i18n import N_, _, ngettext

CHECKIN_MARKS = {"done": "●", "makeup": "◐", "frozen": "❄", "excused": "○"}
_CODE = re.compile(r"^S\d+\s*")  # S0价值: which text the scheme is from says nothing here
_NEAR = 2  # badges somebody is on the way to that are told
_MOVES = {"up": N_("rose to {level}"), "down": N_("fell to {level}")}
_REWARDS = {
    "redeemed": N_("redeemed {reward}"),
    "handed": N_("{reward} was handed out"),
    "cancelled": N_("{reward} was cancelled"),
}

Entry = tuple[str, str]
"""A label ("" goes on with the one above) and what it says."""
Section = tuple[str, tuple[Entry, ...]]
"""A heading ("" for who they are) and its entries."""


def sections(page: MemberPage, *, reveal: bool = True) -> Iterator[Section]:
    """The page but its timeline. Foreign text is as it was stored; the phone is masked without `reveal`."""
    yield "", tuple(_identity(page, reveal=reveal))
    if page.level is not None:
        yield _("Level"), tuple(_level(page.level))
    yield _("Points"), tuple(_points(page))
    if page.badges or page.near:
        yield _("Badges"), tuple(_badges(page))
    if page.standings:
        yield _("Check-ins"), tuple(("", standing_text(each)) for each in page.standings)
    yield _("Orders"), tuple(_orders(page))
    if page.memberships:
        yield _("Memberships"), tuple((each.plan, membership_text(each)) for each in page.memberships)
    if page.ties:
        yield _("Relations"), tuple(_ties(page.ties))
    if page.complaints:
        yield _("Feedback"), ((_("complaints"), _complaints(page.complaints)),)
    if page.waiting:
        yield _("Rewards waiting"), tuple(_waiting(page))
    if page.labels or page.talk:
        yield _("Segments"), tuple(_labels(page))


def timeline(page: MemberPage) -> Iterator[tuple[date, tuple[str, ...]]]:
    """What happened on each day, the newest day first."""
    for day, events in groupby(page.events, key=attrgetter("day")):
        yield day, tuple(dict.fromkeys(map(said, events)))


def said(event: Event) -> str:
    """What happened, without the day."""
    if event.kind == "checkin":
        return f"{CHECKIN_MARKS[event.state]} {event.what}"
    if event.kind == "points":
        origin = origin_words(event.source, event.state)
        reason = f"{origin} {event.what}".rstrip() if event.state == "REVERSE" else event.what or origin
        return _("{change} points  {reason}", change=f"{event.change:+d}", reason=reason)
    if event.kind == "alias":
        return f"{_(ALIAS_KINDS[event.state])} {event.what}"
    if event.kind == "feedback":
        return _("{kind}: {text}", kind=_(KINDS[cast("Kind", event.state)]), text=event.what)
    return _(_message(event), **_places(event))


def _ties(ties: Sequence[Note]) -> Iterator[tuple[str, str]]:
    """What they can do, what they need: a line each."""
    for kind, label in TIES.items():
        if own := [each.text for each in ties if each.kind == kind]:
            yield _(label), _(", ").join(own)


def _complaints(told: Complaints) -> str:
    text = ngettext("{n} complaint", "{n} complaints", told.told)
    return text if not told.open else f"{text}  {_('{n} not settled', n=told.open)}"


def _message(event: Event) -> str:
    known = {
        "joined": N_("joined {group}"),
        "left": N_("left {group}"),
        "order": N_("bought for {yuan} yuan: {items}"),
        "refund": N_("{yuan} yuan went back, order {items}"),
        "badge": N_("badge {name}"),
        "benefit": N_("used {name} ×{n}"),
        "level": _MOVES.get(event.state, ""),
    }
    return known.get(event.kind) or _REWARDS[event.kind]


def _places(event: Event) -> dict[str, object]:
    return {"group": event.what, "items": event.what, "name": event.what, "level": event.what, "reward": event.what,
            "yuan": yuan(abs(event.fen)), "n": event.change}  # fmt: skip


def way_text(ahead: NextLevel) -> str:
    """What is missing to the next level, the nearest way there; "" when a lock alone keeps them from it."""
    return missing_said(ahead.ways[0])


def standing_text(each: ChallengeStanding) -> str:
    """Where somebody stands in a challenge."""
    return _(
        "{challenge}  streak {streak}  best {best}  total {total}",
        challenge=each.challenge,
        streak=each.streak,
        best=each.best,
        total=each.total,
    )


def stay_text(stay: Stay) -> str:
    """A stay in a group with its days, and who invited them."""
    text = f"{stay.group}  {stay.joined_on or '—'} →"
    if stay.left_on is not None:
        text += f" {stay.left_on} {left_reason_text(stay.left_reason)}".rstrip()
    if stay.role:
        text += f"  {role_said(stay.role)}"
    return text + (_("  invited by {name}", name=stay.inviter) if stay.inviter else "")


def known(*entries: Entry) -> Iterator[Entry]:
    """The entries that say something."""
    yield from ((label, text) for label, text in entries if text)


def listed(label: str, texts: list[str]) -> Iterator[Entry]:
    """Several texts under one label."""
    for place, text in enumerate(texts):
        yield "" if place else label, text


def _identity(page: MemberPage, *, reveal: bool) -> Iterator[Entry]:
    card = page.card
    person = card.member
    for alias in card.aliases:
        if alias.valid_to is None and (alias.kind, alias.text) != ("name", person.name):
            yield _(ALIAS_KINDS[alias.kind]), alias.text
    yield from listed(_("formerly"), [_former(alias) for alias in card.aliases if alias.valid_to is not None])
    born = birthday_text(person.birthday)
    phone = person.phone if reveal else masked_phone(person.phone)
    yield from known((_("phone"), phone), (_("birthday"), with_next(born, page.next_birthday, page.day)))
    yield from listed(_("groups"), [stay_text(stay) for stay in card.stays])
    tags = join_tags([*card.tags, *page.rule_tags])
    yield from known((_("channel"), person.channel), (_("tags"), tags), *person.extra.items())
    yield from listed(_("note"), person.note.splitlines())


def _labels(page: MemberPage) -> Iterator[Entry]:
    """The label in every scheme, a line each that the scheme leads (C31); what they wrote in chats."""
    for each in page.labels:
        yield _CODE.sub("", each.scheme.name) or each.scheme.name, each.bucket.name
    if page.talk:
        yield _("wrote"), _("{n} messages on {days} days, last on {day}", n=page.talk.messages, days=page.talk.days,
                            day=page.talk.last)  # fmt: skip
        if page.talk.answers or page.talk.answered_by:
            yield _("answers"), _("answered {n} members, was answered by {by}", n=page.talk.answers,
                                  by=page.talk.answered_by)  # fmt: skip


def with_next(born: str, coming: date | None, day: date) -> str:
    """A birthday in words with the next day it is kept."""
    if coming is None:
        return born
    days = (coming - day).days
    when = _("today!") if not days else _("next {day}, in {n} days", day=coming, n=days)
    return f"{born} · {when}"


def _former(alias: DatedAlias) -> str:
    start = alias.valid_from or ""
    return f"{alias.text}  ({_(ALIAS_KINDS[alias.kind])} {start} – {alias.valid_to})"


def _level(level: LevelCard) -> Iterator[Entry]:
    now = level.now
    parts = [now.level, _("since {day}", day=now.since)]
    if now.standing.until:
        parts.append(_("held through {day}", day=now.standing.until))
    yield _("now"), " · ".join(parts)
    if level.next is not None:
        missing = way_text(level.next)
        label = _("{level}: {missing} missing") if missing else _("{level}: reached, but the level is set by hand")
        yield _("next"), label.format(level=level.next.level, missing=missing)
    gifts = []
    for each in level.benefits:
        left = "" if each.left is None else _(", {n} left", n=each.left)
        gifts.append(f"{each.benefit.name}{left}")
    yield from listed(_("benefits"), gifts)


def _points(page: MemberPage) -> Iterator[Entry]:
    yield _("now"), str(page.points)
    ends = [(day, amount) for day, amount in page.lots if day is not None]
    yield from listed(_("through"), [f"{day}  {amount}" for day, amount in ends])


def _badges(page: MemberPage) -> Iterator[Entry]:
    for titles, label in ((True, _("titles")), (False, _("held"))):
        own = []
        for each in page.badges:
            if each.badge.title is titles:
                until = _(" through {day}", day=each.until) if each.until else ""
                own.append(_("{name}  since {day}", name=each.badge.name, day=each.since) + until)
        yield from listed(label, own)
    near = []
    for step in page.near[:_NEAR]:
        missing = yuan(step.missing) if step.badge.metric == "spend" else str(step.missing)
        near.append(_("{name}: {n} missing", name=step.badge.name, n=missing))
    yield from listed(_("next"), near)


def _orders(page: MemberPage) -> Iterator[Entry]:
    found = page.spending
    if found is None:
        yield "", _("nothing bought yet")
        return
    one = N_("{n} order, net {net} yuan (lifetime value so far)")
    many = N_("{n} orders, net {net} yuan (lifetime value so far)")
    yield _("in all"), ngettext(one, many, found.orders, net=yuan(found.net_fen))
    yield _("each"), _("{aov} yuan an order on average", aov=yuan(found.aov_fen))
    yield _("last"), f"{found.last_day}  {yuan(found.last_fen)}"


def _waiting(page: MemberPage) -> Iterator[Entry]:
    for each in page.waiting:
        until = _(" through {day}", day=each.expires_on) if each.expires_on else ""
        yield "", _("{reward}  {code}  since {day}", reward=each.reward, code=each.code, day=each.day) + until
