"""A document as text for a group chat, in one message."""

from __future__ import annotations

from collections.abc import Iterator

from qunguan.domain.documents import Block, Chart, Document, Figures, Heading, Items, Paragraph
from qunguan.domain.text import show
from qunguan.exchange.writers.charts import spark
from qunguan.exchange.writers.text import MESSAGE_LIMIT, fit_text
from qunguan.i18n import _, ngettext


def plain(document: Document, limit: int = MESSAGE_LIMIT) -> str:
    """The document in at most `limit` characters: what does not fit goes from the end, line by line, and is counted."""
    title = show(document.title)
    head = [_("【{mark}】{title}", mark=show(document.mark), title=title) if document.mark else title]
    if document.subtitle:
        head.append(show(document.subtitle))
    foot = ["", show(document.foot)] if document.foot else []
    lines = [line for block in document.blocks for line in _block(block)]
    return fit_text(lines, limit, head=head, foot=foot, more=_more)


def _more(count: int) -> str:
    return ngettext("…and {n} more line", "…and {n} more lines", count)


def _block(block: Block) -> Iterator[str]:
    if isinstance(block, Heading):
        yield from ("", _("【{heading}】", heading=show(block.text)))
    elif isinstance(block, Paragraph):
        yield from map(show, block.text.splitlines())
    elif isinstance(block, Items):
        for n, line in enumerate(block.lines, 1):
            yield f"{n}. {show(line)}" if block.numbered else f"· {show(line)}"
    elif isinstance(block, Figures):
        for each in block.figures:
            value = (
                _("{value} ({note})", value=show(each.value), note=show(each.note)) if each.note else show(each.value)
            )
            yield _("{label}: {value}", label=show(each.label), value=value)
    elif isinstance(block, Chart):
        yield spark(block)
    else:
        yield from (" · ".join(show(str(cell)) for cell in row) for row in block.rows)
