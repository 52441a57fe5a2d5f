"""The part of the table of actions for the bad day: the 3T room, what members said, who can be reached."""

from __future__ import annotations

from qunguan.domain.action import Action

CRISIS: tuple[Action, ...] = ()
