"""Insights: the door to a group's health, its hours, its people, and what followed its campaigns. Nothing here writes
but what the owner typed (the number online)."""

from __future__ import annotations

from qunguan.services.insight_health import health, online, set_online
from qunguan.services.insight_hours import hours
from qunguan.services.insight_people import people
from qunguan.services.insight_slump import slump, slumps

__all__ = ["health", "hours", "online", "people", "set_online", "slump", "slumps"]
