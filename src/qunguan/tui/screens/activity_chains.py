"""接龙 found in a chat: which of them are check-ins, of which challenge; recorded with what stayed doubtful."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from textual.content import Content

from qunguan.domain.activity_chains import ChainFound
from qunguan.domain.activity_outcomes import ChainRecorded
from qunguan.domain.challenges import Challenge
from qunguan.domain.text import match_key
from qunguan.i18n import _, ngettext
from qunguan.tui.text import literal
from qunguan.tui.widgets.choose import Choice, Choose
from qunguan.tui.widgets.dialogs import TextView

if TYPE_CHECKING:
    from qunguan.tui.app import QunguanApp

_DATED = re.compile(
    r"(?:\d{4}[-/.年])?\d{1,2}[-/.月]\d{1,2}[日号]?|第\s*\d+\s*[天日期]|day\s*\d+|(?:周|星期)[一二三四五六日天]",
    re.IGNORECASE,
)
_NO = "no"


async def offer_chains(room: QunguanApp, chains: Sequence[ChainFound]) -> None:
    """Ask which of these to record, one heading after the other, until Esc or until none is left. In a worker only."""
    from qunguan.services import checkins

    left = by_heading(chains)
    challenges = await room.desk.read(checkins.all_challenges)
    if not challenges:
        room.push_screen(TextView(_("接龙 in this chat"), [*_headings(left), *_no_challenge()]))
        return
    while left:
        choices = [_choice(place, those) for place, those in enumerate(left)]
        told = await room.push_screen_wait(Choose(_asked(left), choices))
        if told is None:
            return
        those = left.pop(int(told))
        challenge_id = await _challenge(room, those, challenges)
        if challenge_id is not None:
            await _record(room, those, challenge_id)


def by_heading(chains: Sequence[ChainFound]) -> list[list[ChainFound]]:
    """The lists of each heading, whatever day it names, in the order they were sent; the newest heading first."""
    found: dict[str, list[ChainFound]] = defaultdict(list)
    for chain in chains:
        found[match_key(_DATED.sub("", chain.title))].append(chain)
    return list(reversed(found.values()))


def _asked(left: Sequence[Sequence[ChainFound]]) -> str:
    n = sum(map(len, left))
    told = ngettext("{n} 接龙 stands in this chat.", "{n} 接龙 stand in this chat.", n)
    return f"{told} {_('Which is a check-in? Esc: none of them')}"


def _choice(place: int, chains: Sequence[ChainFound]) -> Choice:
    days = sorted(chain.day for chain in chains if chain.day)
    when = _("{first} to {last}", first=days[0], last=days[-1]) if len(days) > 1 else str(days[0]) if days else "—"
    items = ngettext("{n} line in it", "{n} lines in it", sum(chain.items for chain in chains))
    lists = ngettext("{n} copy of it", "{n} copies of it", len(chains))
    return Choice(str(place), chains[-1].title or _("no heading"), f"{lists} · {items} · {when}")


async def _challenge(room: QunguanApp, chains: Sequence[ChainFound], challenges: Sequence[Challenge]) -> int | None:
    """The challenge these are recorded for, those whose name stands in the heading first; None for none."""
    title = chains[-1].title
    key = match_key(title)
    here = room.group.id if room.group else None

    def place(one: Challenge) -> tuple[bool, bool]:
        return match_key(one.name) not in key, one.group_id != here

    choices = [Choice(str(one.id), one.name, _about(one)) for one in sorted(challenges, key=place)]
    choices.append(Choice(_NO, _("don't record it")))
    asked = _("Record “{title}” for which challenge?", title=title or _("no heading"))
    told = await room.push_screen_wait(Choose(asked, choices))
    return None if told in (None, _NO) else int(str(told))


def _about(one: Challenge) -> str:
    return _("{first} to {last}", first=one.starts_on, last=one.ends_on or _("open end"))


async def _record(room: QunguanApp, chains: Sequence[ChainFound], challenge_id: int) -> None:
    from qunguan.services.activity_chains import record_all

    done = await room.desk.write(record_all, chains, challenge_id)
    await room.changed()
    await room.push_screen_wait(TextView(_("Recorded"), [*recorded(done)]))


def recorded(done: Sequence[ChainRecorded]) -> Iterator[Content]:
    """What became of each list, with the lines nobody was recorded for."""
    doubtful = 0
    for one in done:
        title, day = one.chain.title or _("no heading"), str(one.chain.day or "—")
        if one.outcome is None:
            text = _("接龙 {title}, {day}: not recorded ({why})", title=title, day=day, why=one.refused)
            yield literal(text, "$text-warning")
            continue
        doubts = (*one.outcome.new, *one.outcome.ambiguous)
        doubtful += len(doubts)
        yield literal(
            _("接龙 {title}, {day}: {n} check-ins recorded, {already} were there, {open} open", title=title, day=day,
              n=len(one.outcome.recorded), already=len(one.outcome.already), open=len(doubts))
        )  # fmt: skip
        yield from (literal(f"  ? {doubt.text}", "$text-warning") for doubt in doubts)
    yield Content("")
    if doubtful:
        yield literal(_("Lines with ? name nobody for certain: paste that 接龙 in Check-ins (3, i) to settle them."))
    yield literal(_("u takes it back."), "dim")


def _headings(found: Sequence[Sequence[ChainFound]]) -> Iterator[Content]:
    for place, those in enumerate(found):
        choice = _choice(place, those)
        yield literal(f"{choice.label}  {choice.note}")


def _no_challenge() -> Iterator[Content]:
    yield Content("")
    text = _("There is no challenge yet to record them for: 3, then a makes one. Then import the chat again.")
    yield literal(text, "dim")
