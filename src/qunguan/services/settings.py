"""Settings: everything that screen shows, read at once; and what going back to a moment would lose."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from qunguan.domain.clock import Clock
from qunguan.i18n import LANGUAGES
from qunguan.services import groups, rules
from qunguan.services.memory import recall, remember
from qunguan.store.session import Session

if TYPE_CHECKING:  # the language is asked for before the first rows, and undo knows every noun
    from qunguan.domain.history import Step
    from qunguan.domain.settings import SettingsView

_LANGUAGE = "language"
STEPS = 20
"""Undo steps shown: more than anybody takes back by hand."""


def view(session: Session) -> SettingsView:
    """Groups with their capacity, rules in force, the newest steps."""
    from qunguan.domain.settings import SettingsView
    from qunguan.services import history

    found = sorted(groups.all_groups(session, archived=True), key=lambda group: group.archived_on is not None)
    current = groups.current(session)
    return SettingsView(
        tuple((group, groups.capacity(session, group)) for group in found),
        current.id if current else None,
        rules.states(session),
        history.recent(session, STEPS),
    )


def language(session: Session) -> str | None:
    """The language the owner chose for the screens, "zh" or "en"; None before they did."""
    tongue = recall(session, _LANGUAGE)
    return tongue if tongue in LANGUAGES else None


def speak(session: Session, clock: Clock, tongue: str) -> None:
    """Remember the language of the screens, "zh" or "en", for the next start. No step: undo leaves it alone."""
    remember(session, _LANGUAGE, tongue)


def since(session: Session, moment: datetime) -> tuple[Step, ...]:
    """The steps made after `moment` that stand, newest first: what a backup of that moment does not have."""
    from qunguan.services import history
    from qunguan.store.history import RECENT

    return tuple(step for step in history.recent(session, RECENT) if step.at > moment)
