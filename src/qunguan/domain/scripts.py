"""Scripts: ready texts by the occasion they are for, with places to be filled (S0-26, S1-12, S1-13, S1-29)."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final, Literal, get_args

from qunguan.domain.clock import WEEKDAYS
from qunguan.domain.errors import BadInput
from qunguan.domain.names import typed_name
from qunguan.domain.search import document
from qunguan.domain.tasks import GAP, TEXT_LIMIT, filled, places
from qunguan.domain.text import clean, clean_lines, match_key, show
from qunguan.i18n import N_, _
from qunguan.late import pattern
from qunguan.values import frozen

_PRESET = Path(__file__).parents[1] / "presets" / "scripts.toml"
TITLE_LIMIT: Final = 200
_OPEN = pattern(r"_{3,}|＿{2,}|[{｛][^{}｛｝\n]{0,40}[}｝]")
_BESIDE: Final = 8  # characters told of what stands beside a gap
_NAMED: Final = 3

Kind = Literal[
    "welcome", "daily", "topic", "checkin", "wake", "campaign", "referral", "birthday", "rules", "care", "shop",
    "moments", "survey", "sponsor", "other",
]  # fmt: skip
KINDS: Final[Mapping[Kind, str]] = {
    "welcome": N_("newcomers"),
    "daily": N_("every day"),
    "topic": N_("topics"),
    "checkin": N_("check-in reminders"),
    "wake": N_("waking up"),
    "campaign": N_("campaign texts"),
    "referral": N_("inviting"),
    "birthday": N_("birthdays"),
    "rules": N_("house rules"),
    "care": N_("answers and apologies"),
    "shop": N_("in the shop"),
    "moments": N_("Moments and profile"),
    "survey": N_("asking"),
    "sponsor": N_("paid for"),
    "other": N_("other"),
}
"""What a script is for, with the message ID of each, in the order of the list."""

PLACES: Final[Mapping[str, str]] = {
    "group": N_("group"),
    "nick": N_("nickname"),
    "names": N_("names"),
    "n": N_("how many people"),
    "today": N_("today's date"),
    "weekday": N_("day of the week"),
    "benefit": N_("what they get"),
    "benefit3": N_("what three bring"),
    "deadline": N_("until when"),
    "stock": N_("how many are left"),
    "points": N_("points"),
    "days": N_("how many days"),
    "when": N_("when"),
    "whom": N_("for whom"),
    "except": N_("for whom not"),
    "campaign": N_("name of the campaign"),
    "topic": N_("topic"),
    "one": N_("the one side"),
    "other": N_("the other side"),
    "own": N_("my own answer"),
    "what": N_("what it is about"),
    "reason": N_("reason"),
    "question": N_("question"),
    "answer": N_("answer"),
    "product": N_("what is sold"),
    "price": N_("price"),
    "sponsor": N_("who pays"),
    "quote": N_("words to quote"),
    "keyword": N_("keyword"),
    "learned": N_("what I learnt"),
    "good": N_("what is good"),
    "bad": N_("what is not"),
    "tip": N_("tip"),
    "news1": N_("news 1"),
    "news2": N_("news 2"),
    "news3": N_("news 3"),
    "facts": N_("what is known so far"),
    "doing": N_("what is being done"),
    "next": N_("when the next word comes"),
    "plan1": N_("first step, and by when"),
    "plan2": N_("second step, and by when"),
    "plan3": N_("third step, and by when"),
    "amends": N_("what everybody gets for it"),
    "who": N_("who is in charge"),
    "done": N_("what was done"),
    "cause": N_("what caused it"),
    "change": N_("what will be different"),
    "batch": N_("which batch"),
    "phone": N_("your phone"),
    "scope": N_("whom it affects"),
    "items": N_("what was seen"),
    "backup": N_("the way in meanwhile"),
    "fact1": N_("first fact"),
    "fact2": N_("second fact"),
    "mine": N_("what I say to it"),
    "asker": N_("who asked"),
    "question1": N_("question 1"),
    "answer1": N_("answer 1"),
    "question2": N_("question 2"),
    "answer2": N_("answer 2"),
    "question3": N_("question 3"),
    "answer3": N_("answer 3"),
    "thanks": N_("whom to thank, and for what"),
    "tomorrow": N_("what tomorrow is about"),
    "link": N_("where to find it"),
    "need": N_("what they need"),
    "skill": N_("what they can do"),
    "plan": N_("what we are planning"),
    "plans": N_("three things for next year"),
    "material": N_("name of the material"),
    "day_of_arrival": N_("the day it arrives"),
    "activity": N_("what is going on"),
    "joined": N_("how many took part"),
    "result": N_("how it ended"),
    "stories": N_("stories of members"),
    "album": N_("where the pictures are"),
}
"""Places the shipped texts have, with the message ID of what belongs there. A place may also be written with its name
in the language in force: {昵称} is {nick}."""


@frozen
class Script:
    """A ready text. `own` is one the owner wrote, `shipped` that there is one of this name to begin with."""

    name: str
    kind: Kind
    text: str
    title: str = ""
    source: str = ""
    own: bool = False
    shipped: bool = True

    @property
    def places(self) -> tuple[str, ...]:
        """The names of its places, each once, as they are written."""
        return tuple(dict.fromkeys(places(self.text)))


@frozen
class Filled:
    """A text with its places filled; `missing` are those nobody filled, which stay in it."""

    text: str
    missing: tuple[str, ...] = ()


@frozen
class Blank:
    """A place in a text that nobody filled: code points `start` to before `end`, and how it is told to the owner."""

    start: int
    end: int
    said: str


class Unfilled(BadInput):
    """A text that cannot go out yet: something in it was never filled in."""

    def __init__(self, open_: Sequence[Blank]) -> None:
        what, hint = N_("this is still open in the text: {blanks}"), N_("fill it in or take it out")
        super().__init__(what, hint=hint, blanks=blanks_said(open_))


@cache
def shipped() -> Mapping[str, Script]:
    """The shipped scripts by the key of their name."""
    told = tomllib.loads(_PRESET.read_text(encoding="utf-8"))
    return {
        match_key(name): Script(name, each["kind"], each["text"].strip("\n"), each["title"], each["source"])
        for name, each in told.items()
    }


def place_said(place: str) -> str:
    """What belongs into a place, in the language in force; an unknown one is its own name."""
    return _(PLACES[place]) if place in PLACES else place


def blanks(text: str) -> tuple[Blank, ...]:
    """What is still open in a text: every GAP (also a longer one) and every {place}, in the order of the text."""
    return tuple(Blank(*found.span(), _told(text, found)) for found in _OPEN().finditer(text))


def blanks_said(found: Sequence[Blank]) -> str:
    """These places in words, each once, the first few of them."""
    named = list(dict.fromkeys(each.said for each in found))
    return _(", ").join(named[:_NAMED]) + ("…" if len(named) > _NAMED else "")


def whole(text: str) -> str:
    """The text, which is ready to go out. Raises Unfilled."""
    if found := blanks(text):
        raise Unfilled(found)
    return text


def _told(text: str, found: re.Match[str]) -> str:
    """A place by what belongs there, a gap by what stands beside it."""
    if found[0][0] in "{｛":
        return place_said(found[0][1:-1].strip()) or found[0]
    before = text[: found.start()].rsplit("\n", 1)[-1].strip()[-_BESIDE:]
    after = text[found.end() :].split("\n", 1)[0].strip()[:_BESIDE]
    return f"{before}{GAP}" if before else f"{GAP}{after}"


def in_words(text: str) -> str:
    """A text to be looked at, not sent: what belongs into a place stands there in words, 〔until when〕."""
    return filled(text, {place: f"〔{place_said(place)}〕" for place in places(text)})[0]


def fill(text: str, values: Mapping[str, str]) -> Filled:
    """A text with its places filled from `values`, by name or by what they are called; empty values fill nothing."""
    known = {name: value for name, value in values.items() if value}
    for name, words in PLACES.items():
        for called in (words, _(words)):
            if called in known:
                known.setdefault(name, known[called])
            if name in known:
                known.setdefault(called, known[name])
    return Filled(*filled(text, known))


def everyday(group: str, day: date) -> dict[str, str]:
    """What every text can say: the group by name, the day."""
    today = _("{month}/{day}", month=day.month, day=day.day)
    return {"group": group, "today": today, "weekday": _(WEEKDAYS[day.weekday()])}


def checked(name: str, kind: str, text: str, title: str = "") -> Script:
    """A script as it may be stored. Raises BadInput."""
    body = clean_lines(text, TEXT_LIMIT + 1)
    if not body.strip():
        raise BadInput("the text is empty", hint="write what is to be sent")
    if len(body) > TEXT_LIMIT:
        raise BadInput("the text is too long: {length} characters", hint="use {limit} characters at most",
                       length=len(text), limit=TEXT_LIMIT)  # fmt: skip
    return Script(typed_name(name), typed_kind(kind), body, clean(title, TITLE_LIMIT), own=True)


def typed_kind(text: str) -> Kind:
    """The kind that is meant, by its code or its name. Raises BadInput."""
    wanted = match_key(text)
    for kind in get_args(Kind):
        if wanted in {match_key(each) for each in (kind, KINDS[kind], _(KINDS[kind]))}:
            return kind  # type: ignore[no-any-return]
    known = ", ".join(f"{kind} ({_(name)})" for kind, name in KINDS.items())
    raise BadInput("{text} is no kind of script", hint="use one of: {known}", text=show(text[:40]), known=known)


def searcher(typed: str, *, names_only: bool = False) -> Callable[[Script], bool]:
    """Whether a script is meant by what was typed: in its name, the pinyin of its name, and unless `names_only` in what
    it is for and in its text.
    """
    wanted = match_key(typed)
    words = wanted.split()

    def meant(script: Script) -> bool:
        also = () if names_only else (_(KINDS[script.kind]), script.title, script.text)
        told = match_key(" ".join((script.name, *also)))
        return all(word in told for word in words) or any(token.startswith(wanted) for token in _sounds(script.name))

    return meant


def order(script: Script) -> tuple[int, bool]:
    """Where a script stands in the list: by its kind, the owner's first."""
    return list(KINDS).index(script.kind), not script.own


def pieces(text: str) -> Iterator[tuple[str, bool]]:
    """The text in pieces, each with whether it is a place."""
    rest = text
    for place in places(text):
        before, _found, rest = rest.partition("{" + place + "}")
        if before:
            yield before, False
        yield "{" + place + "}", True
    if rest:
        yield rest, False


def _sounds(name: str) -> list[str]:
    return [token for token in document([name]).split() if token.isascii()]
