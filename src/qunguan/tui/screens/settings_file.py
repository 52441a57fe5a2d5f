"""The file: back up, go back to a backup, look whether everything is sound."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from textual.content import Content

from qunguan.domain.backups import Backup
from qunguan.domain.history import Step
from qunguan.i18n import _, ngettext
from qunguan.tui.clipboard import FOLDER
from qunguan.tui.screens.settings_lines import reason_word, size
from qunguan.tui.text import joined
from qunguan.tui.widgets.dialogs import Confirm, Field, Form, TextView

if TYPE_CHECKING:
    from qunguan.tui.screens.settings import SettingsScreen

_NAMED = 5  # steps that a restore would take away or bring back, named one by one


async def back_up(screen: SettingsScreen) -> None:
    """Make a verified backup now, and say where."""
    made = await screen.desk.backup()
    screen.say(_("Backed up and checked: {name} ({size})", name=made.path.name, size=size(made.size)))
    await screen.load()


def archive(screen: SettingsScreen) -> None:
    """Ask for a file's name and write everything there, as tables any program can read."""
    from qunguan.services import archive as archives

    path = screen.desk.path
    assert path is not None
    folder = path.parent / FOLDER

    async def save(values: dict[str, str]) -> None:
        target = Path(values["path"]).expanduser()
        if target.parent == folder:
            await screen.desk.call(folder.mkdir, mode=0o700, exist_ok=True)
        made = await screen.desk.read(archives.write, target)
        screen.say(_("Wrote {n} rows to {path}", n=made.rows, path=target))

    notes = [
        _("Everything you ever wrote down, a table each, for any program to read; qunguan unarchive brings it back."),
        _("It holds everybody's data in the clear: keep it where only you can read it"),
    ]
    name = f"qunguan-{screen.room.today:%Y-%m-%d}.zip"
    field = Field("path", _("file"), str(folder / name))
    screen.app.push_screen(Form(_("Everything to one file"), [field], save, notes))


async def restore(screen: SettingsScreen, backup: Backup) -> None:
    """Go back to a backup, after naming what would be lost."""
    from qunguan.services import settings

    await screen.desk.require_restorable(backup.path)
    change = await screen.desk.read(settings.going_back, backup.path)
    at = f"{screen.room.day_rule.local(backup.at):%Y-%m-%d %H:%M}"
    details = []
    if change.lost:
        told = ngettext("{n} step made since then is lost:", "{n} steps made since then are lost:", len(change.lost))
        details += [told, *_some(change.lost)]
    if change.returning:
        told = ngettext("{n} step comes back:", "{n} steps come back:", len(change.returning))
        details += [told, *_some(change.returning)]
    if not details:
        details.append(_("Nothing was changed since then."))
    details.append(
        _("The present file is kept as a backup first: go back to that one, and everything is as it is now.")
    )
    title = _("Go back to the backup of {at} ({reason})?", at=at, reason=reason_word(backup.reason))
    if await screen.app.push_screen_wait(Confirm(title, details)):
        kept = await screen.desk.restore(backup.path)
        await screen.room.changed()
        screen.say(_("Restored. What was there is kept as {name}", name=kept.name if kept else "—"))


def _some(steps: Sequence[Step]) -> list[str]:
    return [f"  {step}" for step in steps[:_NAMED]] + (["  …"] if len(steps) > _NAMED else [])


async def examine(screen: SettingsScreen) -> None:
    """Every check of the doctor."""
    from qunguan.services import doctor

    checks = await screen.desk.read(doctor.check, deep=True)
    wrong = sum(not check.ok for check in checks)
    title = ngettext("{n} check failed", "{n} checks failed", wrong) if wrong else _("Everything is sound")
    lines: list[str | Content] = []
    for check in checks:
        mark = ("✓", "$text-success") if check.ok else ("✗", "$text-error")
        lines.append(joined(mark, (f" {check.title}", "bold"), f"  {check.detail}"))
    screen.app.push_screen(TextView(title, lines))
