"""The part of the table of actions for what the community earns, what its people say, and the owner's own growth."""

from __future__ import annotations

from qunguan.domain.action import Action

EARN: tuple[Action, ...] = ()
