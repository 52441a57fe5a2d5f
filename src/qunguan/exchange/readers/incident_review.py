"""The review of an incident as a text file has it: a heading for each part, a dash before each thing to do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from qunguan.domain.errors import BadInput
from qunguan.domain.incidents import ActionDraft, Review
from qunguan.domain.tasks import HATS, Hat
from qunguan.domain.text import match_key, show
from qunguan.exchange.readers.cells import date_cell, day_to_come
from qunguan.i18n import N_, _

PARTS: Final[dict[str, tuple[str, tuple[str, ...], str]]] = {
    "cause": (N_("Cause"), ("原因", "起因", "根因", "root cause", "why"), N_("What made it happen; not who.")),
    "impact": (N_("Impact"), ("影响", "损失", "影响与数字"), N_("How many people, how much money, how many left.")),
    "went_well": (N_("What went well"), ("做得好", "做得好的", "做得对的", "亮点", "well", "went well"),
                  N_("What to do the same way the next time.")),
    "went_badly": (N_("What went badly"), ("做得不好", "做得不好的", "不足", "badly", "went badly"),
                   N_("Where time was lost, what was said wrongly.")),
    "actions": (N_("What is to be done"), ("行动", "改进", "改进措施", "要做的事", "待办", "actions", "action items"),
                N_("- one thing a line | by which day | whose hat")),
    "message": (N_("What the group is told"), ("给群里的话", "告诉群里", "对群里说", "致歉", "message"),
                N_("May stay empty.")),
}  # fmt: skip
"""The parts in order: what each is called, how it may also be called, and what belongs into it."""

_PASSED_OVER = ("时间线", "经过", "timeline")  # the program keeps it itself
_HEADING = re.compile(r"\s*(?:#{1,6}\s*(?P<marks>.+?)\s*#*|【(?P<box>[^】]+)】|(?P<bare>[^:：]{1,16})[:：])\s*$")
_NUMBER = re.compile(r"^[一二三四五六七八九十\d]+[.、)）．]\s*")
_ITEM = re.compile(r"\s*(?:[-*•·]|\d{1,2}[.、)）])\s*(?:\[[ xX]\]\s*)?(?P<words>.+)$")
_DAY = re.compile(r"\d{4}\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}\s*日?")
_OF_YEAR = re.compile(r"\d{1,2}\s*(?:月\s*\d{1,2}\s*[日号]?|[-/.]\s*\d{1,2})")
_IN_DAYS = re.compile(r"(?:\+|in )?(?P<n>\d{1,3})\s*(?:天内|天后|天|days?)")
_HATS: Final[dict[Hat, tuple[str, ...]]] = {
    "owner": ("群主", "店主"),
    "content": ("内容官", "文案"),
    "service": ("客服",),
    "analyst": ("分析师",),
}
_NOTHING = {"无", "没有", "暂无", "none", "nothing", "n/a"}


def template() -> str:
    """An empty review, in the language in force: what stands behind > is passed over when it is read."""
    lines = []
    for name, _also, about in PARTS.values():
        lines += [f"# {_(name)}", *(f"> {line}" for line in _(about).split("\n")), "", ""]
    return "\n".join(lines).rstrip("\n") + "\n"


def read_review(text: str, today: date, where: str = "") -> Review:
    """The review a text holds. Things to do have a day each, `today` is what "3 days" counts from; "none" says that
    nothing is to be done. Raises BadInput with the line.
    """
    parts = _parts(text, where)
    for part in ("cause", "impact", "went_well", "went_badly", "actions"):
        if not any(line.strip() for _number, line in parts.get(part, [])):
            name = _(PARTS[part][0])
            raise BadInput("the review says nothing under “{part}”", where=where,
                           hint="write a heading # {part} with text below; qunguan incident review-template shows all",
                           part=name)  # fmt: skip
    words = {part: _joined(parts.get(part, [])) for part in PARTS if part != "actions"}
    return Review(actions=tuple(_actions(parts["actions"], today, where)), **words)


def _joined(lines: list[tuple[int, str]]) -> str:
    return "\n".join(line for _number, line in lines).strip()


def _parts(text: str, where: str) -> dict[str, list[tuple[int, str]]]:
    """The lines of each part with their numbers; the first heading may be the title of all."""
    parts: dict[str, list[tuple[int, str]]] = {}
    here: list[tuple[int, str]] | None = None
    for number, line in enumerate(text.splitlines(), start=1):
        heading, rest = _heading(line)
        part = _part(heading) if heading is not None else None
        if part is not None:
            here = parts.setdefault(part, [])
            here += [(number, rest)] if rest else []
        elif heading is not None and parts and line.lstrip().startswith("#"):
            raise BadInput("“{heading}” is no part of a review", where=f"{where}:{number}",
                           hint="the parts are: {known}", heading=show(heading[:40]),
                           known=_(", ").join(_(name) for name, _also, _about in PARTS.values()))  # fmt: skip
        elif here is not None and not line.lstrip().startswith(">"):
            here.append((number, line.rstrip()))
        elif here is None and line.strip() and heading is None:
            raise BadInput("a review begins with a heading", where=f"{where}:{number}",
                           hint="like # {part}; qunguan incident review-template shows all",
                           part=_(PARTS["cause"][0]))  # fmt: skip
    return parts


def _heading(line: str) -> tuple[str | None, str]:
    """The heading a line is, None for none, and what stands behind it on the line."""
    found = _HEADING.match(line)
    if found is not None:
        return _NUMBER.sub("", next(told for told in found.groups() if told)), ""
    name, colon, rest = line.replace(":", "：", 1).partition("：")
    if colon and _part(_NUMBER.sub("", name.strip())) is not None:
        return _NUMBER.sub("", name.strip()), rest.strip()
    return None, ""


def _part(heading: str) -> str | None:
    wanted = match_key(heading)
    for part, (name, also, _about) in PARTS.items():
        if wanted in {match_key(each) for each in (name, _(name), *also)}:
            return part
    return "timeline" if wanted in {match_key(each) for each in _PASSED_OVER} else None


def _actions(lines: list[tuple[int, str]], today: date, where: str) -> Iterator[ActionDraft]:
    for number, line in lines:
        found = _ITEM.match(line)
        words = (found["words"] if found else line).strip()
        if not words or match_key(words) in _NOTHING:
            continue
        yield _action(words, today, f"{where}:{number}")


def _action(words: str, today: date, where: str) -> ActionDraft:
    """A thing to do: its words, its day and the hat, apart by | or with the day anywhere and the hat in brackets."""
    day: date | None = None
    hat: Hat = "owner"
    titles = []
    for piece in re.split(r"[|｜]", words):
        kept, found = _without_day(piece, today, where)
        day = found or day
        kept, named = _without_hat(kept, alone="|" in words or "｜" in words)
        hat = named or hat
        if kept.strip(" ，,;；:：()（）"):
            titles.append(kept.strip(" ，,;；:："))
    if day is None:
        raise BadInput("“{words}” has no day", where=where, hint="write it like: - {example}", words=show(words[:40]),
                       example=_("look for a second supplier | 2026-03-08 | owner"))  # fmt: skip
    if day < today:
        raise BadInput("{day} is past", where=where, hint="say by which day it will be done", day=day)
    if not titles:
        raise BadInput("what is to be done by {day} is missing", where=where, hint="write it before the day", day=day)
    return ActionDraft(" ".join(titles), day, hat)


def _without_day(piece: str, today: date, where: str) -> tuple[str, date | None]:
    if found := _DAY.search(piece):
        try:
            day = date_cell(re.sub(r"\s", "", found[0]), serials=False)
        except BadInput as error:
            raise BadInput(error.what, where=where, hint=error.hint, **error.values) from None
        return piece[: found.start()] + piece[found.end() :], day
    if _OF_YEAR.fullmatch(piece.strip()):
        return "", day_to_come(piece, today, where)
    if found := _IN_DAYS.fullmatch(piece.strip()):
        return "", today + timedelta(days=int(found["n"]))
    return piece, None


def _without_hat(piece: str, *, alone: bool) -> tuple[str, Hat | None]:
    """The words without a hat in brackets, or (None of them) when the piece is a hat and nothing else."""
    for found in re.finditer(r"[(（](?P<hat>[^()（）]{1,20})[)）]", piece):
        if (hat := _hat(found["hat"])) is not None:
            return piece[: found.start()] + piece[found.end() :], hat
    if alone and (hat := _hat(piece)) is not None:
        return "", hat
    return piece, None


def _hat(text: str) -> Hat | None:
    """A hat by its code or its name; in Chinese whatever the language in force, as the file may be older."""
    wanted = match_key(text)
    for hat, name in HATS.items():
        if wanted in {match_key(each) for each in (hat, name, _(name), *_HATS[hat])}:
            return hat
    return None
