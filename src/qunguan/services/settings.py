"""Settings: everything that screen shows, read at once; and what going back to a backup would change."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from qunguan.domain.clock import Clock
from qunguan.i18n import LANGUAGES
from qunguan.services import groups, rules
from qunguan.services.memory import recall, remember
from qunguan.store.session import Session

if TYPE_CHECKING:  # the language is asked for before the first rows, and undo knows every noun
    from qunguan.domain.backups import GoingBack
    from qunguan.domain.history import Step
    from qunguan.domain.settings import SettingsView
    from qunguan.store.history import Standing

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


def going_back(session: Session, source: Path) -> GoingBack:
    """What a restore of the backup at `source` would change. Raises StoreError when it cannot be read.

    The steps of the two files are compared, not their times: a backup and the import it was made for are of one
    second. Nor their names, which go when a person is forgotten.
    """
    from qunguan.domain.backups import GoingBack
    from qunguan.store.history import standings, standings_in

    here = _standing(standings(session, None))
    there = _standing(standings_in(source))
    return GoingBack(
        tuple(step for key, step in here.items() if key not in there),
        tuple(step for key, step in there.items() if key not in here),
    )


def _standing(found: Iterable[Standing]) -> dict[tuple[object, ...], Step]:
    return {(each.step.id, each.step.at, each.step.label): each.step for each in found if not each.undone}
