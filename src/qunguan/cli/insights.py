"""`qunguan insight`: what the community is and where it goes. The verbs stand in `insight_*`, a room each."""

from __future__ import annotations

import argparse

from qunguan.cli import insight_goals, insight_health, insight_ladder, insight_retention, insight_revenue, insight_trade
from qunguan.cli.command import verbs


def register(parser: argparse.ArgumentParser, noun: str) -> None:
    """The verbs of `insight`, room by room."""
    verb = verbs(parser)
    insight_health.register(verb)
    insight_retention.register(verb)
    insight_trade.register(verb)
    insight_revenue.register(verb)
    insight_ladder.register(verb)
    insight_goals.register(verb)
