"""How the people of chats are drawn: who waits, who was matched, who was set aside, and the words for them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Literal

from textual.content import Content

from qunguan.domain.activity_people import (
    MATCHED_BY,
    SPEAKER_KINDS,
    WHYS,
    SpeakerRow,
    Waiting,
    WhySpeaker,
)
from qunguan.domain.members import label
from qunguan.domain.text import match_key
from qunguan.i18n import N_, _, ngettext
from qunguan.tui.text import joined, literal
from qunguan.tui.turns import next_of
from qunguan.tui.widgets.paged_table import Cell, Column, Row

View = Literal["waiting", "matched", "aside"]
VIEWS: dict[View, str] = {
    "waiting": N_("speakers who wait"),
    "matched": N_("speakers who are known"),
    "aside": N_("speakers set aside"),
}


def next_view(view: View) -> View:
    """What `f` shows after this."""
    return next_of(VIEWS, view)


def headline(view: View, found: Sequence[Waiting | SpeakerRow], waiting: int, elsewhere: int, search: str) -> Content:
    """Which list it is, how many, and who waits here and in the other groups."""
    parts = [
        literal(_(VIEWS[view]), "bold"),
        literal(ngettext("{n} speaker", "{n} speakers", len(found))),
        literal(ngettext("{n} message", "{n} messages", sum(one.messages for one in found)), "$text-muted"),
    ]
    if view != "waiting" and waiting:
        parts.append(literal(ngettext("{n} waits", "{n} wait", waiting), "$text-warning"))
    if elsewhere:
        told = ngettext("{n} waits in another group (g)", "{n} wait in other groups (g)", elsewhere)
        parts.append(literal(told, "$text-warning"))
    if search:
        parts.append(literal(_("search: {text}", text=search), "$text-muted"))
    return Content("   ").join(parts)


def columns(view: View) -> tuple[Column, ...]:
    """Name, what they are known as, messages, days, and who it may be or is."""
    last = _("may be") if view == "waiting" else _("member")
    return (
        Column(_("name"), flex=1, minimum=12),
        Column(_("known as"), width=18, drop=2),
        Column(_("messages"), width=8, right=True),
        Column(_("written on"), width=14, drop=3),
        Column(last, flex=4, minimum=24),
        *((Column(_("state"), width=16, drop=1),) if view == "matched" else ()),
    )


def waiting_row(one: Waiting) -> Row:
    """The line of somebody who waits, with the likeliest of those it may be."""
    maybe = [f"{label(each.member_id, each.name)} {_(WHYS[each.why])}" for each in one.suggestions]
    more = _(" · {n} more are like it", n=len(maybe) - 1) if len(maybe) > 1 else ""
    told = Cell(maybe[0] + more, "warn") if maybe else Cell(_("nobody like it"), "dim")
    return Row(one.speaker_id, (*_begin(one), told))


def settled_row(one: SpeakerRow) -> Row:
    """The line of a speaker whose member is known, or who is nobody's."""
    if one.member_id is not None:
        who = Cell(label(one.member_id, one.member))
    else:
        who = Cell(_("several people, by the day") if one.by == "dated" else "—", "dim")
    cells: tuple[Cell | str, ...] = (*_begin(one), who)
    return Row(one.speaker_id, cells if one.by == "nobody" else (*cells, Cell(_(MATCHED_BY[one.by]), "dim")))


def _begin(one: Waiting | SpeakerRow) -> tuple[Cell | str, ...]:
    kind = _(SPEAKER_KINDS[one.kind])
    known = kind if one.kind in ("name", "self") else f"{kind} {one.key}"
    if one.key.startswith("wxid_"):
        known = one.key
    return (
        Cell(one.name or one.key, "strong"), Cell(known, "dim"), Cell(str(one.messages or "·")),
        Cell(days(one.first_day, one.last_day), "dim"),
    )  # fmt: skip


def days(first: date | None, last: date | None) -> str:
    """The days somebody wrote on: of one year without the year a second time."""
    if first is None or last is None:
        return "—"
    if first == last:
        return first.isoformat()
    return f"{first:%y-%m-%d}…{last:%m-%d}" if first.year == last.year else f"{first:%y-%m-%d}…{last:%y-%m}"


def finds(search: str, one: Waiting | SpeakerRow) -> bool:
    """Whether the search means this speaker."""
    texts = (one.name, one.key, one.member if isinstance(one, SpeakerRow) else "")
    return any(match_key(search) in match_key(text) for text in texts)


def side(found: WhySpeaker, view: View) -> Content:
    """A speaker: who it is taken for and what says so, and which key settles it."""
    told = [literal(found.name or "—", "bold"), joined("→ ", (found.member or _("not known yet"), "$text-primary"))]
    told += [Content(""), *why(found), Content(""), literal(_(_KEYS[view]), "dim")]
    return Content("\n").join(told)


_KEYS: dict[View, str] = {
    "waiting": N_("Enter: say who it is. What they wrote follows at once, and from then on they are known."),
    "matched": N_("Enter: say that it is somebody else. What they wrote goes along."),
    "aside": N_("Enter: say who it is after all."),
}


def why(found: WhySpeaker) -> list[Content]:
    """How it is known, and whom else it may be."""
    return [literal(line, "$text-muted") for line in found.lines]


def empty_text(view: View) -> str:
    """What an empty list says: what it is for, and which key to press."""
    if view == "matched":
        return _("No speaker is known yet.\nf goes on to who was set aside, i imports a chat.")
    if view == "aside":
        return _("Nobody was set aside: robots and guests whose words are no member's.\nf shows who waits.")
    return _(
        "Here wait the people of a chat whom nobody on the roster is for certain.\n"
        "i imports a chat; f shows who is known."
    )
