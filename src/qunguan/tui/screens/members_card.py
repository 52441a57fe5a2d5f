"""The member's card: everything on one page, its short form beside the roster, and as text for the clipboard."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content

from qunguan.domain.actions import of, shown
from qunguan.domain.members import ALIAS_KINDS, DatedAlias, Member, Stay, birthday_text, masked_phone
from qunguan.domain.profiles import ChallengeStanding, Event, Profile
from qunguan.domain.rosters import join_tags
from qunguan.exchange.writers.points import origin_words
from qunguan.i18n import _
from qunguan.tui.bindings import key_names
from qunguan.tui.text import joined, literal
from qunguan.tui.widgets.dialogs import TextView

_MARKS = {"done": "●", "makeup": "◐", "frozen": "❄", "excused": "○"}
_VERBS = ("copy", "edit", "tag", "rejoin", "remove", "erase")
_LABEL_CELLS = 10
_SHORT_EVENTS = 6
_YEAR = len("2026-")

Entry = tuple[str, str]
"""A label ("" goes on with the one above) and what it says."""


class CardView(TextView):
    """The whole card. `y` copies it, and the keys that change the member leave the card with their verb."""

    WIDE = True
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(key_names(action), f"verb('{action.verb}')", show=False)
        for action in of("members")
        if action.verb in _VERBS
    ]

    def __init__(self, profile: Profile, today: date) -> None:
        entries = list(card(profile, today))
        super().__init__(f"{profile.card.member.name}  #{profile.card.member.id}", [_line(entry) for entry in entries])
        keys = "  ".join(f"{_(shown(a.keys))} {_(a.label)}" for a in of("members") if a.verb in _VERBS)
        self._keys = f"{keys}  Esc {_('back')}"
        self.verb = ""

    def action_verb(self, verb: str) -> None:
        """Leave, and let the roster do this with the member."""
        self.verb = verb
        self.dismiss(None)


def card(profile: Profile, today: date) -> Iterator[Entry]:
    """The card, line by line."""
    person = profile.card.member
    yield from _names(profile.card.aliases, person.name)
    yield from _known((_("phone"), person.phone), (_("birthday"), _birthday(profile, today)))
    yield from _list(_("groups"), [_stay(stay) for stay in profile.card.stays])
    tags = join_tags(profile.card.tags)
    yield from _known((_("channel"), person.channel), (_("tags"), tags), *_extra(person))
    yield from _list(_("note"), person.note.splitlines())
    yield _("points"), str(profile.points)
    yield from _list(_("Check-ins"), [_standing(each) for each in profile.standings])
    yield from _list(_("latest"), [event_text(event) for event in profile.events])


def side(profile: Profile, today: date) -> list[Content]:
    """The short form beside the roster: the phone masked, what the owner looks for first."""
    person = profile.card.member
    now = [stay for stay in profile.card.stays if stay.left_on is None] or list(profile.card.stays[-1:])
    facts = [
        (_("phone"), masked_phone(person.phone)),
        (_("birthday"), _birthday(profile, today)),
        (_("channel"), person.channel),
        (_("tags"), join_tags(profile.card.tags)),
        *_extra(person),
        (_("note"), " ".join(person.note.split())),
    ]
    lines = [joined((person.name, "bold"), (f"  #{person.id}", "dim"))]
    lines += map(_line, _known(*facts, (_("points"), str(profile.points))))
    lists = [
        (_("groups"), [_stay(stay) for stay in now]),
        (_("Check-ins"), [_standing(each) for each in profile.standings if each.open]),
        (_("latest"), [event_text(event)[_YEAR:] for event in profile.events[:_SHORT_EVENTS]]),
    ]
    for label, texts in lists:
        if texts:
            lines += [literal(""), literal(label, "$text-muted"), *map(literal, texts)]
    return lines


def card_text(profile: Profile, today: date) -> str:
    """The card as plain text, a fact a line."""
    lines = [f"{profile.card.member.name}  #{profile.card.member.id}"]
    for label, text in card(profile, today):
        lines.append(f"{label}：{text}" if label else f"  {text}")
    return "\n".join(lines) + "\n"


def event_text(event: Event) -> str:
    """One line of what happened."""
    if event.kind == "checkin":
        said = f"{_MARKS[event.state]} {event.what}"
    elif event.kind == "points":
        origin = origin_words(event.source, event.state)
        reason = f"{origin} {event.what}".rstrip() if event.state == "REVERSE" else event.what or origin
        said = _("{change} points  {reason}", change=f"{event.change:+d}", reason=reason)
    elif event.kind == "joined":
        said = _("joined {group}", group=event.what)
    elif event.kind == "left":
        said = _("left {group}", group=event.what)
    else:
        said = f"{_(ALIAS_KINDS[event.state])} {event.what}"
    return f"{event.day:%Y-%m-%d} {said}"


def _line(entry: Entry) -> Content:
    label, text = entry
    pad = " " * max(0, _LABEL_CELLS - literal(label).cell_length)
    return joined((label + pad, "$text-muted"), text)


def _known(*entries: Entry) -> Iterator[Entry]:
    yield from ((label, text) for label, text in entries if text)


def _list(label: str, texts: list[str]) -> Iterator[Entry]:
    for place, text in enumerate(texts):
        yield "" if place else label, text


def _extra(person: Member) -> list[Entry]:
    return list(person.extra.items())


def _names(aliases: tuple[DatedAlias, ...], name: str) -> Iterator[Entry]:
    """What they are called now, then what they were called, with the dates."""
    for alias in aliases:
        if alias.valid_to is None and (alias.kind, alias.text) != ("name", name):
            yield _(ALIAS_KINDS[alias.kind]), alias.text
    former = [alias for alias in aliases if alias.valid_to is not None]
    yield from _list(_("formerly"), [_former(alias) for alias in former])


def _former(alias: DatedAlias) -> str:
    start = alias.valid_from or ""
    return f"{alias.text}  ({_(ALIAS_KINDS[alias.kind])} {start} – {alias.valid_to})"


def _birthday(profile: Profile, today: date) -> str:
    text = birthday_text(profile.card.member.birthday)
    if profile.next_birthday is None:
        return text
    days = (profile.next_birthday - today).days
    when = _("today!") if not days else _("next {day}, in {n} days", day=profile.next_birthday, n=days)
    return f"{text} · {when}"


def _stay(stay: Stay) -> str:
    text = f"{stay.group}  {stay.joined_on or '—'} →"
    if stay.left_on is not None:
        text += f" {stay.left_on} {stay.left_reason}".rstrip()
    if stay.role:
        text += f"  {stay.role}"
    return text + (_("  invited by {name}", name=stay.inviter) if stay.inviter else "")


def _standing(each: ChallengeStanding) -> str:
    return _(
        "{challenge}  streak {streak}  best {best}  total {total}",
        challenge=each.challenge,
        streak=each.streak,
        best=each.best,
        total=each.total,
    )
