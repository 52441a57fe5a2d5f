"""The bad day: incidents with their clocks, what was told, gauges, review. The one door; rooms are `incident_*`."""

from __future__ import annotations

from qunguan.services.incident_book import all_incidents, correct_t0, find, get, grade, limits, start
from qunguan.services.incident_running import running
from qunguan.services.incident_stages import check, log, stages, tick, told, uncheck, update
from qunguan.services.incident_view import view

__all__ = [
    "all_incidents",
    "check",
    "correct_t0",
    "find",
    "get",
    "grade",
    "limits",
    "log",
    "running",
    "stages",
    "start",
    "tick",
    "told",
    "uncheck",
    "update",
    "view",
]
