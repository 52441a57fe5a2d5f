"""Any table with who and when, and where it has them what kind and how many: activity nobody has an exporter for."""

from __future__ import annotations

from qunguan.domain.activity import EventKind, Speaker
from qunguan.domain.errors import BadInput
from qunguan.exchange.readers import words
from qunguan.exchange.readers.cells import int_cell, is_nothing
from qunguan.exchange.readers.chats_columns import Columns, Said, each, moments, unixes
from qunguan.exchange.readers.chats_media import Nature, by_label
from qunguan.exchange.readers.chats_teller import Events, Teller, by_any_id, moment, unix

_WHO = ("who", *words.NAME, "发言人", "发送人", "发送者", "作者", "用户", "speaker", "sender", "author", "user")
_WHEN = ("when", "时间", "发送时间", "发言时间", "消息时间", "日期时间", "ts", "timestamp", "datetime", *words.DATE)
_KIND = ("kind", "类型", "消息类型", "事件", "type", "event")
_COUNT = ("count", "条数", "数量", "次数", "消息数", "发言数", "messages", "n")
_ID = ("id", "wxid", "qq号", "qq", "微信id", "用户id", "userid", "user_id")
_TEXT = ("text", "内容", "消息内容", "消息", "content", "message", "body")
_CHAT = ("chat", "群", "群名", "群名称", "group", "room")
_FIELDS = {"who": _WHO, "when": _WHEN, "kind": _KIND, "count": _COUNT, "id": _ID, "text": _TEXT, "chat": _CHAT}

_KINDS: dict[str, EventKind] = {
    "": "message", "message": "message", "msg": "message", "消息": "message", "发言": "message",
    "join": "join", "joined": "join", "加入": "join", "入群": "join", "进群": "join",
    "leave": "leave", "left": "leave", "part": "leave", "quit": "leave", "离开": "leave", "退群": "leave",
    "退出": "leave", "recall": "recall", "recalled": "recall", "撤回": "recall", "system": "system", "系统": "system",
    "系统消息": "system",
}  # fmt: skip
_LARGEST = 1_000_000


def columns(names: tuple[str, ...]) -> tuple[str, ...] | None:
    """The names of the columns as this reader calls them, "" for others; None where who or when is missing."""
    fields: dict[int, str] = {}
    for field, synonyms in _FIELDS.items():
        place = next((names.index(word) for word in synonyms if word in names), None)
        if place is not None:
            fields.setdefault(place, field)
    found = tuple(fields.get(place, "") for place in range(len(names)))
    return found if "who" in found and "when" in found else None


def row(cells: dict[str, str], teller: Teller) -> Events:
    """One row. Several messages of a day stand in one row with their count. Raises `BadInput` for what is unclear."""
    name = cells["who"].strip()
    if not name:
        raise BadInput("nobody is named here")
    stamp = cells["when"].strip()
    at, whole_day = (unix(stamp), False) if _is_unix(stamp) else moment(stamp)
    number = cells.get("id", "").strip()
    teller.within(cells.get("chat", "").strip())
    word = cells.get("kind", "").strip().casefold()
    kind = _KINDS.get(word)
    count = 1 if is_nothing(cells.get("count", "")) else int_cell(cells["count"], largest=_LARGEST)
    if count < 0:
        raise BadInput("{count} messages cannot be", count=count)
    if count == 0:
        return ()
    speaker = _speaker(number, name)
    text = cells.get("text", "")
    if kind in ("join", "leave"):
        return (teller.happened(at, kind, speaker, whole_day=whole_day, count=count),)
    nature: Nature | None = "recall" if kind == "recall" else "system" if kind == "system" else None
    if kind is None:
        nature = by_label(word)
        if nature == "other":
            raise BadInput("“{kind}” is no kind of event known here", hint="write message, join, leave or recall",
                           kind=word[:40])  # fmt: skip
    return teller.told(at, speaker, text, nature, whole_day=whole_day, count=count)


def read_columns(cells: Columns, _teller: Teller) -> Said:
    """Many rows, but for those that are no message, or several, or tell no clock."""
    empty = [""] * len(cells["who"])
    speakers = each(_one_speaker, cells["who"], cells.get("id", empty), cells.get("count", empty))
    natures = each(_speech, cells.get("kind", empty))
    stamps = list(map(str.strip, cells["when"]))
    unix_times = [stamp if _is_unix(stamp) else None for stamp in stamps]
    return Said(
        at=unixes(unix_times) if any(unix_times) else moments(stamps), speaker=speakers, nature=natures,
        text=cells.get("text", empty), chat=[(chat.strip(), "") for chat in cells.get("chat", empty)],
    )  # fmt: skip


def _is_unix(stamp: str) -> bool:
    return len(stamp) == 10 and stamp.isdecimal()


def _one_speaker(name: str, number: str, count: str) -> Speaker | None:
    """None where the row names nobody, or does not tell one message."""
    name = name.strip()
    return _speaker(number.strip(), name) if name and (is_nothing(count) or count.strip() == "1") else None


def _speech(word: str) -> Nature | None:
    """As `Said.nature`; "system" for all that is no speech."""
    word = word.strip().casefold()
    if word in _KINDS:
        return None if _KINDS[word] == "message" else "system"
    nature = by_label(word)
    return "system" if nature == "other" else nature


def _speaker(number: str, name: str) -> Speaker:
    if number.isdecimal() and 5 <= len(number) <= 11:
        return Speaker("qq", number, name)
    if number:
        return Speaker("wxid" if number.startswith("wxid_") else "uid", number, name)
    return by_any_id(name)
