"""What a survey says when it is counted: answers by question, and how serious who answered is."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Final

from qunguan.domain.surveys import Kind, Level, MatchedBy, Option, Question, option_key, unfilled, unlabelled
from qunguan.values import frozen

LISTED: Final = 20
"""Answers without an option that are listed of a question."""
_CHOICES = 30  # more different answers than these are no choice
_SHORT = 40
_APART = re.compile(r"[;；|]")


@frozen
class Bar:
    """An answer, how many gave it, and their share of those who answered the question (0 to 1). `by` counts them by
    bucket where that was asked.
    """

    text: str
    n: int
    share: float
    option: Option | None = None
    by: Mapping[str, int] | None = None


@frozen
class Spread:
    """The answers to a question. `n` replied to it; `more` different answers are not listed; of numbers the mean and
    the median, None elsewhere.
    """

    question: Question
    n: int
    bars: tuple[Bar, ...]
    more: int = 0
    mean: float | None = None
    median: float | None = None


@frozen
class Voice:
    """Who replied: `name` as the roster has it, or as the sheet has it of somebody who is not told. `intent` is the sum
    of what their answers say, `level` what that means; both None where no answer says anything about it.
    """

    reply_id: int
    number: str
    name: str
    member_id: int | None
    matched_by: MatchedBy
    day: date
    intent: int | None
    level: Level | None
    settled_on: date | None


def spread(question: Question, answers: Iterable[tuple[str, str, int]], replies: int) -> Spread:
    """Count (answer, bucket or "", how often) of a question; `replies` answered it. Options stand in their order, those
    nobody chose too; other answers by how many gave them, numbers by their size.
    """
    counts: Counter[str] = Counter()
    buckets: dict[str, Counter[str]] = {}
    shown: dict[str, str] = {}
    options = {option_key(each.text): each for each in question.options}
    for text, bucket, n in answers:
        key = option_key(text)
        shown.setdefault(key, unfilled(text))
        counts[key] += n
        buckets.setdefault(key, Counter())[bucket] += n

    def bar(key: str, option: Option | None) -> Bar:
        text = option.text if option else shown[key]
        return Bar(text, counts[key], counts[key] / replies if replies else 0.0, option, dict(buckets.get(key, {})))

    from statistics import fmean, median

    others = [key for key in counts if key not in options]
    sizes = {key: number_of(shown[key]) for key in others} if question.kind == "number" else {}
    if question.kind == "number":
        others.sort(key=lambda key: (sizes[key] is None, sizes[key] or 0.0))
    else:
        others.sort(key=lambda key: (-counts[key], shown[key]))
    numbers = [size for key, size in sizes.items() if size is not None for _ in range(counts[key])]
    bars = [bar(key, each) for key, each in options.items()] + [bar(key, None) for key in others[:LISTED]]
    return Spread(question, replies, tuple(bars), max(0, len(others) - LISTED),
                  fmean(numbers) if numbers else None, median(numbers) if numbers else None)  # fmt: skip


def number_of(text: str) -> float | None:
    """The number an answer is, None for none."""
    try:
        value = float(text.strip().rstrip("分岁元个次%％"))
    except ValueError:
        return None
    return value if abs(value) < 1e12 else None  # not: nan and infinities are no answers


def kind_of(values: Sequence[tuple[str, ...]]) -> Kind:
    """What kind of question has such answers: several a reply, numbers, a few that come again, or free text."""
    if any(len(each) > 1 for each in values):
        return "many"
    texts = [each[0] for each in values if each]
    if texts and all(number_of(text) is not None for text in texts):
        return "number"
    if _come_again(texts):
        return "one"
    parts = apart(values)
    several = any(len(each) > 1 for each in parts)
    return "many" if several and _come_again([text for each in parts for text in each]) else "text"


def apart(values: Iterable[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """The answers with those of one cell taken apart at its semicolons."""
    return [
        tuple(dict.fromkeys(part.strip() for text in each for part in _APART.split(text) if part.strip()))
        for each in values
    ]


def _come_again(texts: Sequence[str]) -> bool:
    """Whether these are choices: short, and few for how many they are."""
    different = {option_key(text) for text in texts}
    few = 2 * len(different) <= len(texts) or len(different) <= min(4, len(texts) - 1)
    return bool(texts) and few and len(different) <= _CHOICES and all(len(text) <= _SHORT for text in texts)


def choices(values: Iterable[tuple[str, ...]]) -> list[str]:
    """The different answers as options: in the order of their labels or numbers where each has one, else most first."""
    counts: Counter[str] = Counter()
    shown: dict[str, str] = {}
    for each in values:
        for text in each:
            key = option_key(text)
            shown.setdefault(key, text)
            counts[key] += 1
    found = list(shown.values())
    if all(text != unlabelled(text) for text in found):
        return [unlabelled(text) for text in sorted(found)][:_CHOICES]
    keys = sorted(counts, key=lambda key: (-counts[key], shown[key]))
    return [shown[key] for key in keys][:_CHOICES]


def weights(questions: Iterable[Question]) -> dict[int, dict[str, int]]:
    """Question → key of an option → what it says of how serious somebody is; only of questions that ask it."""
    return {
        each.id: {option_key(option.text): option.intent for option in each.options}
        for each in questions
        if any(option.intent for option in each.options)
    }


def intent_of(given: Iterable[tuple[int, str]], weighed: Mapping[int, Mapping[str, int]]) -> int | None:
    """The sum of what (question, answer) say of how serious somebody is (S3-37); None where no question they answered
    asks it.
    """
    said = [weighed[question].get(option_key(text), 0) for question, text in given if question in weighed]
    return sum(said) if said else None
