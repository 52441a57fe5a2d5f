"""What is asked before a campaign starts, and whether it may (C28 to C30, S1-11)."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Literal

from qunguan.domain.campaigns import Campaign, CampaignTask
from qunguan.domain.lint import Finding, findings
from qunguan.values import frozen

_PRESET = Path(__file__).parents[1] / "presets" / "gate.toml"
Answer = Literal["yes", "no", "not_so"]
WORDING = "wording"
"""The question whether the words were looked through: who answers no and says why lets a forbidden one stand."""


@frozen
class Question:
    """Something to be sure of. `right` is the answer that needs no words, `open` that it may not apply."""

    code: str
    text: str
    right: Answer
    why: str
    source: str
    open: bool = False
    forms: tuple[str, ...] = ()
    carriers: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()

    def concerns(self, campaign: Campaign, terms: Mapping[str, str]) -> bool:
        """Whether a campaign is asked it."""
        return (
            (not self.forms or campaign.form in self.forms)
            and (not self.carriers or campaign.carrier in self.carriers)
            and (not self.terms or any(terms.get(name) for name in self.terms))
        )


@frozen
class Asked:
    """A question with what was answered; `note` is what the owner says to a wrong answer."""

    question: Question
    answer: Answer | None = None
    note: str = ""
    answered_at: datetime | None = None

    @property
    def right(self) -> bool:
        """Whether the answer needs no words."""
        return self.answer == self.question.right or (self.answer == "not_so" and self.question.open)

    @property
    def stops(self) -> bool:
        """Whether it keeps the campaign from starting: open, or wrong and nothing said to it."""
        return self.answer is None or not (self.right or self.note)


@cache
def questions() -> Mapping[str, Question]:
    """Every question by code, in the order of the file."""
    document = tomllib.loads(_PRESET.read_text(encoding="utf-8"))
    lists = ("forms", "carriers", "terms")
    found = {}
    for code, fields in document.items():
        values: dict[str, Any] = {name: tuple(told) if name in lists else told for name, told in fields.items()}
        found[code] = Question(code, **values)
    return found


def forbidden(campaign: Campaign, tasks: Iterable[CampaignTask]) -> tuple[Finding, ...]:
    """What a law or a platform forbids in the texts of a campaign: its name, its offer, what its tasks send out (C30).
    Each wording once, in the order it is met.
    """
    texts = (campaign.name, campaign.offer, *(task.text for task in tasks))
    met = (found for text in texts for found in findings(text) if found.level == "forbidden")
    return tuple({found.text or found.rule: found for found in met}.values())
