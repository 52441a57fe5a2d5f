"""群管 — the offline, keyboard-first desk of a solo community owner."""

from __future__ import annotations

__version__ = "0.1.0"
