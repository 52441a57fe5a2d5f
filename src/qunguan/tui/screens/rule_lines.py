"""The rules behind what a screen shows, as its `why` lists them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.content import Content

from qunguan.domain.rule_words import rule_line
from qunguan.domain.sources import cited, codes
from qunguan.services import rules
from qunguan.tui.text import literal

if TYPE_CHECKING:
    from qunguan.services.desk import DeskThread


async def rule_lines(desk: DeskThread, rule_ids: Sequence[str], sources: str = "") -> list[Content]:
    """The rules as they are in force, one on each line; then what their sources say, and `sources` ("S3-30, C28") of
    what is no rule: each once."""
    states = [await desk.read(rules.state, rule_id) for rule_id in rule_ids]
    known = dict.fromkeys(code for each in (*(state.rule.source for state in states), sources) for code in codes(each))
    lines = [*map(rule_line, states), "", *cited(", ".join(known))]
    return [literal(line) for line in lines]
