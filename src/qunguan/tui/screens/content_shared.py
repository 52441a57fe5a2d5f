"""What members handed in, to be picked up: one is chosen, and the form of a post begins with it (S3-12)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qunguan.i18n import _
from qunguan.tui.screens import content_lines as drawing
from qunguan.tui.screens.content_forms import new_post
from qunguan.tui.widgets.choose import Choice, Choose

if TYPE_CHECKING:
    from qunguan.tui.screens.content import ContentScreen


async def pick_up(screen: ContentScreen) -> None:
    """Choose a piece; Enter plans it in the week that is shown, its member the author."""
    from qunguan.services import content

    found = await screen.desk.read(content.to_pick_up, screen.room.clock, screen.group.id)
    if not found:
        screen.say(_("Nothing waits: here stands what members hand in to a campaign, and check-ins with words"))
        return
    choices = [
        Choice(str(at), f"{each.name} {each.title}", f"{drawing.day_said(each.day)} {each.place}")
        for at, each in enumerate(found)
    ]
    title = _("Members' own: Enter makes a post of one; drop that post, and it stays away")
    chosen = await screen.app.push_screen_wait(Choose(title, choices))
    if chosen is not None:
        piece = found[int(chosen)]
        await new_post(screen, piece.draft("value", screen.day_to_fill), piece.name)
