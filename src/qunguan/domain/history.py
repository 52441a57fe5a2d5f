"""Vocabulary of undo: the steps an owner took."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from qunguan.i18n import N_, _
from qunguan.values import frozen

FORMER_LABELS = (N_("Recorded {n} check-ins in {challenge}"),)
"""Labels of steps in files of earlier versions, which are still told in the owner's language."""


@frozen
class Step:
    """One thing the owner did. `label` is a message ID, `params` fill its places."""

    id: int
    at: datetime
    label: str
    params: Mapping[str, Any]

    def __str__(self) -> str:
        values = {name: _(value) if isinstance(value, str) and value else value for name, value in self.params.items()}
        return _(self.label, **values)


@frozen
class Weight:
    """What taking a step back touches: how many rows, and whose: a group's id and name, or None when of no group.

    `large` says that these are more than the rule undo.ask_rows takes back without a question; `incident`, that it was
    the start or the end of an incident, or what the group was told in it.
    """

    step: Step
    rows: int
    large: bool
    group_id: int | None
    group: str | None
    incident: bool = False
