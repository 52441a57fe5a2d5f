"""The bad day: incidents with their clocks, what was told, gauges, review. The one door; rooms are `incident_*`."""

from __future__ import annotations

from qunguan.services.incident_book import all_incidents, correct_t0, find, get, grade, start
from qunguan.services.incident_close import close, review
from qunguan.services.incident_roles import assign, roles
from qunguan.services.incident_running import limits, running
from qunguan.services.incident_stages import check, check_all, log, stages, tick, told, uncheck, update
from qunguan.services.incident_statements import handover, statement
from qunguan.services.incident_view import gauges, view

__all__ = [
    "all_incidents",
    "assign",
    "check",
    "check_all",
    "close",
    "correct_t0",
    "find",
    "gauges",
    "get",
    "grade",
    "handover",
    "limits",
    "log",
    "review",
    "roles",
    "running",
    "stages",
    "start",
    "statement",
    "tick",
    "told",
    "uncheck",
    "update",
    "view",
]
