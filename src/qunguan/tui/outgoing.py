"""Texts that go out to the group: copied like any other, and what is doubtful in them is told with it (C28 to C30)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.content import Content

from qunguan.domain.lint import GRAVE, LEVELS, Facts, Finding, Level, findings
from qunguan.domain.scripts import blanks, blanks_said
from qunguan.i18n import _, ngettext
from qunguan.tui.clipboard import copy_out
from qunguan.tui.flow import begin
from qunguan.tui.text import joined, notice

if TYPE_CHECKING:
    from qunguan.tui.app import QunguanApp

_STYLES: dict[Level, str] = {
    "error": "$text-error", "forbidden": "$text-error", "warn": "$text-warning", "note": "$text-muted",
}  # fmt: skip
_NAMED = 3


async def send_out(
    app: QunguanApp, text: str, name: str, facts: Facts | None = None, *, asked: bool = False
) -> tuple[Finding, ...]:
    """Copy a text for the group (`clipboard.copy_out`) and tell how many places in it are to be looked at. Where it has
    blanks left, the owner is asked first, by name, unless they were `asked` to fill them: only yes copies it, then.
    """
    if not asked and blanks(text):
        begin(app.screen, _once_agreed(app, text, name, facts))  # a key's own turn cannot wait for an answer
        return ()
    await copy_out(app, text, name)
    found = findings(text, facts)
    if found:
        grave = any(one.level in GRAVE for one in found)
        notice(app, summed_up(found), "warning" if grave else "information")
    return found


async def _once_agreed(app: QunguanApp, text: str, name: str, facts: Facts | None) -> None:
    if await agreed(app, text):
        await send_out(app, text, name, facts, asked=True)


async def agreed(app: QunguanApp, text: str) -> bool:
    """Whether a text may go out: nothing in it is open, or the owner says yes to what is."""
    found = blanks(text)
    if not found:
        return True
    from qunguan.tui.widgets.dialogs import Confirm

    asked = ngettext("{n} place in it is still open. Copy it all the same?",
                     "{n} places in it are still open. Copy it all the same?", len(found))  # fmt: skip
    yes = await app.push_screen_wait(Confirm(asked, [blanks_said(found)]))
    return bool(yes)


def summed_up(found: Sequence[Finding]) -> str:
    """How many places are to be looked at, the gravest of them named."""
    ranks = list(LEVELS)
    words = list(
        dict.fromkeys(one.text or _(LEVELS[one.level]) for one in sorted(found, key=lambda one: ranks.index(one.level)))
    )
    named = _(", ").join(words[:_NAMED])
    return ngettext("{n} place is to be looked at before it goes out: {words}",
                    "{n} places are to be looked at before it goes out: {words}", len(found), words=named)  # fmt: skip


def told(found: Sequence[Finding]) -> list[Content]:
    """A line for each finding: how grave, which words, why."""
    return [
        joined((f"{_(LEVELS[one.level])}  ", _STYLES[one.level]), (f"{one.text or '—'}  ", "bold"), str(one.why))
        for one in found
    ]
