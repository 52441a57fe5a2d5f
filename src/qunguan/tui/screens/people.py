"""Who is offered to choose from: members as they are told apart, and how they are found."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

from qunguan.domain.members import MemberRow
from qunguan.i18n import _
from qunguan.tui.widgets.find_member import Find

if TYPE_CHECKING:
    from qunguan.tui.screens.base import NounScreen
    from qunguan.tui.screens.members import MembersScreen

_OFFERED = 30
_NAMED = 4


async def told_apart(screen: NounScreen, ids: Sequence[int]) -> list[tuple[int, str, str]]:
    """Members by id, name, and what tells namesakes apart: nickname, phone, day of joining, tags."""
    from qunguan.services import members

    group = screen.room.group
    rows = await screen.desk.read(members.rows_by_ids, list(ids), group_id=group.id if group else None)
    return [(row.id, row.name, _about(row)) for row in rows]


def finder(screen: NounScreen, without: int | None = None) -> Find:
    """Searches the group in hand, those who left included; `without` is one who is not offered."""

    async def find(text: str) -> list[tuple[int, str, str]]:
        """(id, name, what tells them apart) of the members a search means; without a text those present."""
        from qunguan.services import members

        group = screen.room.group
        ids = await screen.desk.read(
            members.view_ids, group_id=group.id if group else None, search=text, present=None if text else True
        )
        return await told_apart(screen, [one for one in ids[: _OFFERED + 1] if one != without][:_OFFERED])

    return find


async def several(screen: NounScreen, title: str) -> dict[int, str]:
    """Members by id with their names, chosen one after the other until Esc; the title says who is chosen already."""
    from qunguan.services import members
    from qunguan.tui.widgets.find_member import FindMember

    chosen: dict[int, str] = {}
    said = title
    while (member_id := await screen.app.push_screen_wait(FindMember(said, finder(screen)))) is not None:
        chosen |= await screen.desk.read(members.names, [member_id])
        names = "、".join(list(chosen.values())[-_NAMED:])
        said = _("{title} {n} so far: {names}. One more, or Esc to go on", title=title, n=len(chosen), names=names)
    return chosen


def open_card(screen: NounScreen, member_id: int) -> None:
    """Show a member's card, on the screen of the members; Esc leads back to this one."""
    cast("MembersScreen", screen.room.noun_screen("members")).send(member_id, screen.noun)
    screen.room.go("members", member_id)


def _about(row: MemberRow) -> str:
    joined_on = _("joined {day}", day=row.joined_on) if row.joined_on else ""
    gone = _("left {day}", day=row.left_on) if row.left_on else ""
    nick = row.nick if row.nick != row.name else ""
    tags = " ".join(name for _category, name in row.tags[:3])
    return " · ".join(filter(None, (f"#{row.id}", nick, row.phone, joined_on, gone, tags)))
