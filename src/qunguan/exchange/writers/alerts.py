"""Alerts as text, and the text that starts a topic day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from qunguan.domain.alert_words import STATES, SUGGESTIONS, TITLES, said
from qunguan.domain.alerts import Alert
from qunguan.domain.text import show
from qunguan.i18n import N_, _

_TOPICS = (
    N_("Which small thing made you happy this week?"),
    N_("What would you do differently if you started again?"),
    N_("One thing you bought and would buy again: what, and why?"),
    N_("Whom in this group did you learn something from? Say thank you here."),
    N_("What are you stuck with right now? Say it, somebody has been there."),
    N_("Two choices: get up early, or stay up late? Pick a side and say why."),
    N_("Show a photo of what is on your table just now."),
)
"""Easy questions: anybody can answer them in a line. One a day, by the day, so that the same day gives the same one."""


def alerts_text(found: Sequence[Alert], day: date) -> str:
    """What fires, for a note to oneself or a colleague."""
    if not found:
        return _("No alert fires on {day}.", day=day)
    lines = [_("Alerts as of {day}", day=day)]
    for one in found:
        lines.append(f"- {_(TITLES[one.rule])}{'：' if one.group else ''}{show(one.group)} {said(one)}"
                     f"（{_(STATES[one.state])}）")  # fmt: skip
        lines.append(f"  {_(SUGGESTIONS[one.rule])}")
    return "\n".join(lines)


def topic_day_text(day: date) -> str:
    """The announcement of a topic day (S4-25): one easy question, and the owner answers first."""
    question = _(_TOPICS[day.toordinal() % len(_TOPICS)])
    return "\n".join([
        _("【Topic of the day】{question}", question=question),
        _("A line is enough. I begin:"),
    ])  # fmt: skip
