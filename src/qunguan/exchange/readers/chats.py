"""Chat exports of every tool owners use, recognised by what is in them, read as a stream (formats 2-10).

The rooms beside this door know one exporter each; here is only who is asked, in which order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from datetime import date
from types import TracebackType

from qunguan.domain.activity import ChatEvent, ChatFormat, ChatInfo, ChatItem, one_by_one
from qunguan.domain.errors import BadInput
from qunguan.domain.rosters import Reason
from qunguan.exchange.readers import chats_chatlog as chatlog
from qunguan.exchange.readers import chats_documents as documents
from qunguan.exchange.readers import chats_mail as mail
from qunguan.exchange.readers import chats_qce as qce
from qunguan.exchange.readers import chats_qq as qq
from qunguan.exchange.readers import chats_stamped as stamped
from qunguan.exchange.readers import chats_tables as tables
from qunguan.exchange.readers.chats_columns import packed
from qunguan.exchange.readers.chats_source import Place, Source, Step, open_source
from qunguan.exchange.readers.chats_teller import Teller
from qunguan.exchange.readers.chats_text import Lines
from qunguan.i18n import N_

_HEAD_LINES = 400
_Fits = Callable[[list[str]], bool]
_ReadText = Callable[[Lines, Teller], Iterator[ChatEvent]]

# The more particular first: a head of WeFlow is one of WeChatMsg too, and QQ's may stand in anybody's text.
_TEXTS: tuple[tuple[ChatFormat, _Fits], ...] = (
    ("wechat_share", mail.fits),
    ("qce_txt", qce.fits),
    ("weflow_txt", stamped.fits_weflow),
    ("qq_txt", qq.fits),
    ("chatlog_txt", chatlog.fits),
    ("wechatmsg_txt", stamped.fits_wechatmsg),
)
_READ_TEXT: dict[ChatFormat, _ReadText] = {
    "wechat_share": mail.read,
    "qce_txt": qce.read_txt,
    "weflow_txt": stamped.read_weflow,
    "wechatmsg_txt": stamped.read_wechatmsg,
}
_TEXT_FORMATS = frozenset(form for form, _fits in _TEXTS)


class ChatReading:
    """What one export tells, once, in the order of the file. Use as a context manager: the file is open in it.

    Leaving early, by an error of the caller's or of `progress`, closes the file and leaves nothing behind.
    """

    def __init__(self, path: Place, form: ChatFormat | None, begins: date | None, progress: Step | None) -> None:
        self._opened: AbstractContextManager[Source] = open_source(path, progress)
        self._form, self._begins = form, begins
        self._teller: Teller | None = None
        self._notes: list[Reason] = []
        self._items: Iterator[ChatItem] = iter(())

    def __enter__(self) -> ChatReading:
        with ExitStack() as opening:
            self._begin(opening.enter_context(self._opened))
            opening.pop_all()  # it stays open: `__exit__` closes it
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._opened.__exit__(None, None, None)

    def __iter__(self) -> Iterator[ChatItem]:
        return self._items

    def events(self) -> Iterator[ChatEvent]:
        """What it tells, one by one: for whoever does not count by the thousand."""
        return one_by_one(self._items)

    @property
    def info(self) -> ChatInfo:
        """What is known of the file by now; complete after the last event."""
        assert self._teller is not None, "the reading has not begun"
        for reason in self._notes:
            self._teller.note(reason)
        return self._teller.info()

    def _begin(self, source: Source) -> None:
        found = _table(source, self._notes, self._form)
        form = found.room.format if found else _without_header(source, self._form)
        self._teller = Teller(form, source.encoding or "xlsx")
        if found:
            self._items = tables.read(source, found, self._teller)
        elif form == "chatlog_txt":
            self._items = packed(chatlog.read_txt(source.lines(), self._teller, self._begins, source.name))
        elif form == "qq_txt":
            self._items = qq.read(source, self._teller)
        elif form in _READ_TEXT:
            self._items = packed(_READ_TEXT[form](source.lines(), self._teller))
        else:
            self._items = packed(documents.read(source, form, self._teller))


def recognise(path: Place) -> ChatFormat:
    """Which exporter wrote the export at `path`, by what is in it.

    Raises `NotFound`, or `BadInput` for what is no chat export, no text, or damaged.
    """
    with open_source(path) as source:
        found = _table(source, [], None)
        return found.room.format if found else _without_header(source, None)


def read_chat(
    path: Place,
    format: ChatFormat | None = None,  # noqa: A002 - what an owner calls it
    *,
    begins: date | None = None,
    progress: Step | None = None,
) -> ChatReading:
    """What a chat export of any size tells, gzipped or not, in bounded memory (workbooks: 100 MB at most).

    `format` overrules what the content looks like. `begins` is the day of the first message, asked by `NeedsDay` for
    texts that tell no year. `progress` is called with (bytes read, bytes in all) now and then; what it raises stops
    the reading. Entering the reading raises as `recognise`, the iteration `BadInput` for JSON that breaks off.
    """
    return ChatReading(path, format, begins, progress)


def _table(source: Source, notes: list[Reason], wanted: ChatFormat | None) -> tables.Found | None:
    if wanted in _TEXT_FORMATS:
        return None
    if not source.is_workbook and source.head.lstrip()[:1] in ("{", "["):
        return None
    found = tables.find(source, notes, wanted)
    if found is None and source.is_workbook:
        raise _unknown(source)
    return found


def _without_header(source: Source, wanted: ChatFormat | None) -> ChatFormat:
    """The format of JSON or plain text."""
    head = source.head.lstrip()
    if head[:1] in ("{", "[") or (head[:1] == "#" and "\n{" in head):
        found = _json(source)
        if found and wanted in (None, found):
            return found
    if wanted in _TEXT_FORMATS:
        return wanted
    lines = source.head.splitlines()[:_HEAD_LINES]
    form = next((form for form, fits in _TEXTS if fits(lines)), None)
    if form is None or wanted not in (None, form):
        raise _unknown(source)
    return form


def _json(source: Source) -> ChatFormat | None:
    """The format of JSON. A text may begin with [ too, so its complaints count only where nothing else fits."""
    try:
        return documents.recognise(source)
    except BadInput:
        lines = source.head.splitlines()[:_HEAD_LINES]
        if any(fits(lines) for _form, fits in _TEXTS):
            return None
        raise


def _unknown(source: Source) -> BadInput:
    hint = N_("Tell which exporter it is from (--format), or make a table with the columns who and when.")
    return BadInput("this is no chat export known here", where=source.name, hint=hint)
