"""Two entries that are one person, one entry that is two: merge and split, shown before they are done."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from qunguan.domain.errors import BadInput
from qunguan.domain.members_merge import FIELDS, THINGS, Merge
from qunguan.domain.members_split import DUPLICATE_WHYS, name_for
from qunguan.i18n import _
from qunguan.tui.screens.people import finder
from qunguan.tui.widgets.choose import Choice, Choose
from qunguan.tui.widgets.dialogs import Confirm, Field, Form
from qunguan.tui.widgets.find_member import FindMember

if TYPE_CHECKING:
    from qunguan.tui.screens.base import NounScreen

_SEARCH = "search"


async def merge(screen: NounScreen, ids: Sequence[int]) -> int | None:
    """Make one member of two: the two that are marked, or the one under the cursor and one to be chosen.

    Shows what goes over and asks which entry stays. Returns the id of who stays, None for Esc. Raises BadInput for more
    than two.
    """
    from qunguan.services import member_changes, members

    if len(ids) > 2:
        raise BadInput("more than two members are marked", hint="mark two, or put the cursor on one")
    kept = ids[0]
    gone = ids[1] if len(ids) > 1 else await _other(screen, kept)
    if gone is None:
        return None
    names = await screen.desk.read(members.names, [kept, gone])
    choices = [
        Choice(str(kept), _("{name} (#{id}) stays", name=names[kept], id=kept), _("the other goes into this entry")),
        Choice(str(gone), _("{name} (#{id}) stays", name=names[gone], id=gone), _("the other goes into this entry")),
    ]
    stays = await screen.app.push_screen_wait(Choose(_("Which entry stays?"), choices))
    if stays is None:
        return None
    if int(stays) == gone:
        kept, gone = gone, kept
    found = await screen.desk.read(member_changes.preview_merge, screen.room.clock, kept, gone)
    title = _("Make {gone} (#{gone_id}) and {kept} (#{kept_id}) one member?", gone=found.gone, gone_id=gone,
              kept=found.kept, kept_id=kept)  # fmt: skip
    if not await screen.app.push_screen_wait(Confirm(title, _outlook(found))):
        return None
    done = await screen.desk.write(member_changes.merge, kept, gone, "")
    screen.say(_("{gone} is {kept} now (u takes it back)", gone=done.gone, kept=done.kept))
    return kept


async def _other(screen: NounScreen, member_id: int) -> int | None:
    """The other entry: one that may be the same person, or anybody."""
    from qunguan.services import member_changes

    pairs = [
        one for one in await screen.desk.read(member_changes.duplicates) if member_id in (one.kept_id, one.gone_id)
    ]
    choices = []
    for one in pairs:
        other, name = (one.gone_id, one.gone) if one.kept_id == member_id else (one.kept_id, one.kept)
        choices.append(Choice(str(other), f"{name} (#{other})", _(DUPLICATE_WHYS[one.why], detail=one.detail)))
    if choices:
        chosen = await screen.app.push_screen_wait(
            Choose(_("Who is the same person?"), [*choices, Choice(_SEARCH, _("somebody else"))])
        )
        if chosen is None:
            return None
        if chosen != _SEARCH:
            return int(chosen)
    return await screen.app.push_screen_wait(FindMember(_("Who is the same person?"), finder(screen, member_id)))


def _outlook(found: Merge) -> list[str]:
    """What goes over, what both had, what differs, and what it does to the points."""
    lines = [_("goes over: {what}", what=_counts(found.moved)) if found.moved else _("nothing goes over")]
    if found.dropped:
        lines.append(_("both had: {what}", what=_counts(found.dropped)))
    lines += [
        _("{field}: {kept} stays, {gone} is kept too", field=_(FIELDS.get(one.field, one.field)), kept=one.kept,
          gone=one.gone)
        for one in found.conflicts
    ]  # fmt: skip
    if found.points:
        lines.append(_("{n} points went over; the balance is {balance}", n=found.points, balance=found.balance))
    return [*lines, _("u takes it back, whole.")]


def _counts(things: dict[str, int]) -> str:
    return "、".join(f"{_(THINGS[name])} {n}" for name, n in things.items())


async def split(screen: NounScreen, member_id: int) -> int | None:
    """Take names or accounts out of a member into a new one. Returns the new member's id, None for Esc."""
    from qunguan.services import member_changes, members

    card = await screen.desk.read(members.card, member_id)
    known = [alias.text for alias in card.aliases]
    taken: list[str] = []
    while True:
        free = [text for text in dict.fromkeys(known) if text not in taken]
        choices = [Choice(text, text) for text in free]
        if taken:
            choices.insert(0, Choice("", _("enough: {names} go", names="、".join(taken))))
        title = _("{name} is two people: which names or IDs are the other's?", name=card.member.name)
        chosen = await screen.app.push_screen_wait(Choose(title, choices))
        if chosen is None:
            return None
        if not chosen:
            break
        taken.append(chosen)
    called = name_for(
        card.member.name, [(one.kind, one.text) for text in taken for one in card.aliases if one.text == text]
    )
    made: list[int] = []

    async def save(values: dict[str, str]) -> None:
        done = await screen.desk.write(
            member_changes.split, member_id, taken, name=values["name"], phone=values["phone"]
        )
        made.append(done.member_id)
        screen.say(_("{name} (#{id}): {messages} messages and {orders} orders went along; check-ins, points and tags "
                     "stayed (u takes it back)", name=done.name, id=done.member_id, messages=done.messages,
                     orders=done.orders))  # fmt: skip

    fields = [
        Field("name", _("name"), called, _("what the new member is called")),
        Field("phone", _("phone"), "", _("only orders with this phone go along")),
    ]
    await screen.app.push_screen_wait(Form(_("A member of their own"), fields, save))
    return made[0] if made else None
