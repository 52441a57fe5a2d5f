"""chatlog: CSV, JSON, and a text whose heads may lack the year or the whole date (formats 5)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from qunguan.domain.activity import ChatEvent, Speaker
from qunguan.domain.errors import BadInput
from qunguan.exchange.readers.chats_columns import Columns, Said, each, moments
from qunguan.exchange.readers.chats_json import field
from qunguan.exchange.readers.chats_media import Nature, by_number
from qunguan.exchange.readers.chats_system import SELF
from qunguan.exchange.readers.chats_teller import Events, Teller, moment, unix, wechat_id
from qunguan.exchange.readers.chats_text import Lines, blocks, share
from qunguan.i18n import N_

APP = "系统消息"
_TIME = r"(?P<day>(?:\d{4}-)?\d\d-\d\d )?(?P<clock>\d\d:\d\d:\d\d)"
_HEAD = re.compile(
    r"(?:(?P<name>.*)\((?P<id>[^()\s]{1,64})\)|(?P<bare>系统消息|我|[A-Za-z][\w@-]{3,40}))"
    r"(?: \[(?P<chat>[^\n]*)\])? " + _TIME
)
_QUOTED = re.compile(r"> (?P<name>[^\n]*)\((?P<id>[^()\s]{1,64})\) [\d: -]{5,20}(?:\n|$)")
_ROOM = re.compile(r"(?P<name>.*)\((?P<id>[^()]+)\)")
_NO_YEAR = N_("the text does not tell the year of its messages")
_NO_DAY = N_("the text does not tell the day of its messages")
_SAY_DAY = N_("say on which day it begins, such as --day 2026-03-01")
_YEAR_GOES_BACK = timedelta(days=180)


class NeedsDay(BadInput):
    """The text tells no year, or no day at all: the owner says on which day it begins."""

    code = "needs_day"


def fits(lines: list[str]) -> bool:
    """Whether the beginning of a text is chatlog's: heads that end in a time."""
    return share(lines, _head) > 0


def _head(line: str, above: str) -> re.Match[str] | None:
    return None if above.strip() or not line[-1:].isdecimal() else _HEAD.fullmatch(line)


def read_txt(lines: Lines, teller: Teller, begins: date | None, name: str) -> Iterator[ChatEvent]:
    """The messages of the text; `begins` is the day of the first one, where the heads do not tell it all.

    Raises `NeedsDay` where they do not and nobody says.
    """
    last: datetime | None = None
    for block in blocks(lines, _head):
        head = block.head
        day = (head["day"] or "").strip()
        if len(day) < 10 and begins is None:
            raise NeedsDay(_NO_YEAR if day else _NO_DAY, where=f"{name}:{block.line}", hint=_SAY_DAY)
        try:
            at = last = _at(day, head["clock"], last or _midnight(begins))
        except BadInput as error:
            teller.reject(block.line, error)
            continue
        if head["chat"]:
            room = _ROOM.fullmatch(head["chat"])
            teller.within(room["name"] if room else head["chat"], room["id"] if room else "")
        answered = _quoted(block.body)
        yield from teller.told(
            at, _speaker(head), _unquoted(block.body), "system" if head["bare"] == APP else None,
            reply_to=answered.id if answered else None, answered=answered,
        )  # fmt: skip


def _midnight(day: date | None) -> datetime | None:
    return datetime.combine(day, datetime.min.time()) if day else None


def _at(day: str, clock: str, last: datetime | None) -> datetime:
    """A full time; a missing year is that of the message before, the next one after 31 December."""
    if len(day) == 10 or last is None:
        return moment(f"{day} {clock}")[0]
    if not day:
        return moment(f"{last.date()} {clock}")[0]
    year = last.year + (1 if day == "02-29" and not _leap(last.year) and _leap(last.year + 1) else 0)
    at = moment(f"{year}-{day} {clock}")[0]
    return at if last - at < _YEAR_GOES_BACK else at.replace(year=year + 1)


def _leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def _speaker(head: re.Match[str]) -> Speaker | None:
    who, name = head["id"] or head["bare"], (head["name"] or "").strip()
    if who == APP:
        return None
    return Speaker("self", "我", name) if who == "我" else wechat_id(who, name)


def _unquoted(body: str) -> str:
    """Without the `> ` lines of what is answered: they are somebody else's words."""
    return "\n".join(line for line in body.split("\n") if not line.startswith("> ")) if "> " in body else body


def _quoted(body: str) -> Speaker | None:
    """Who said what is answered: the head of it stands in the first line, `> 小红(wxid_b) 03-01 08:00:00`."""
    head = _QUOTED.match(body) if body.startswith("> ") else None
    return _person(head["id"], head["name"]) if head else None


def _person(who: str, name: str) -> Speaker | None:
    """Somebody whom a message answers. A quote without its sender names the chat."""
    return _sender(who, name) if who and not who.endswith("@chatroom") else None


def row(cells: dict[str, str], teller: Teller) -> Events:
    """One row of the CSV."""
    at, whole_day = moment(cells["time"])
    teller.within(cells["talkername"], cells["talker"])
    speaker = _sender(cells["sender"], cells["sendername"])
    text, answered = _unquoted(cells["content"]), _quoted(cells["content"])
    return teller.told(
        at, speaker, text, None if speaker else "system", whole_day=whole_day,
        reply_to=answered.id if answered else None, answered=answered,
    )  # fmt: skip


def columns(cells: Columns, _teller: Teller) -> Said:
    """Rows of the CSV: whom the app names is nobody, so its lines are read by `row`."""
    bodies = cells["content"]
    answered = [_quoted(body) if body.startswith("> ") else None for body in bodies]
    return Said(
        at=moments(cells["time"]), speaker=each(_sender, cells["sender"], cells["sendername"]),
        text=[_unquoted(body) if "> " in body else body for body in bodies], nature=[None] * len(bodies),
        chat=list(zip(cells["talkername"], cells["talker"], strict=True)),
        reply_to=[one.id if one else None for one in answered] if any(answered) else (),
        answered=answered if any(answered) else (),
    )  # fmt: skip


def _sender(who: str, name: str) -> Speaker | None:
    who = who.strip()
    return None if who == APP else SELF if who == "我" else wechat_id(who, name.strip())


def item(told: dict[str, Any], teller: Teller) -> Events:
    """One message of the JSON. Its `seq` stays with the message; `isSelf` may be wrong and is not asked."""
    at = moment(field(told, "time"))[0] if field(told, "time") else unix(told.get("createTime"))
    teller.within(field(told, "talkerName"), field(told, "talker"))
    number, subtype = told.get("type"), told.get("subType")
    nature: Nature | None = None
    if isinstance(number, int):
        nature = by_number(number, subtype if isinstance(subtype, int) else 0)
    app = field(told, "sender") == APP
    speaker = None if app else wechat_id(field(told, "sender"), field(told, "senderName"))
    contents = told.get("contents")
    refer = contents.get("refer") if isinstance(contents, dict) else None
    refer = refer if isinstance(refer, dict) else {}
    answered = _person(field(refer, "sender"), field(refer, "senderName"))
    return teller.told(
        at, speaker, field(told, "content"), "system" if app else nature, source_id=field(told, "seq"),
        reply_to=field(refer, "seq") or field(refer, "senderName") or None, answered=answered,
    )  # fmt: skip
