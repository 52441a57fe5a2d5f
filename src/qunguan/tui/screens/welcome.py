"""The first start: without a database there is nothing to show, so the group is asked for and the file is made."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from qunguan.i18n import _
from qunguan.tui.widgets.dialogs import Field, Form

if TYPE_CHECKING:
    from qunguan.tui.app import QunguanApp


class WelcomeScreen(Form):
    """Asks what the group is called; Enter makes the database."""

    def __init__(self) -> None:
        field = Field("name", _("group name"), hint=_("my community"))
        super().__init__(_("Welcome to qunguan"), [field], self._make)

    async def _make(self, values: dict[str, str]) -> None:
        from qunguan.services import groups

        room = cast("QunguanApp", self.app)
        await room.desk.open(create=True)
        await room.desk.write(groups.create, values["name"] or _("my community"))
        await room.opened()
