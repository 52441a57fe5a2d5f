"""`qunguan handbook`: how a community is run, by subject or by word. Needs no database."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from qunguan.cli.command import Context, columns
from qunguan.domain import handbook
from qunguan.domain.errors import NotFound
from qunguan.domain.sources import cited
from qunguan.i18n import _

_EXCERPT = 40  # characters


def register(parser: argparse.ArgumentParser, noun: str) -> None:
    """What to look for."""
    about = _("a page, words of its text, or a code such as S4-30")
    parser.add_argument("words", metavar="WORD", nargs="*", help=about)
    parser.set_defaults(command=show)


def show(context: Context) -> None:
    """Print the list of pages, the one page that is meant, or where the words stand. Raises NotFound."""
    words = " ".join(context.options.words)
    pages = handbook.found(words)
    if not pages:
        raise NotFound("the handbook says nothing of {words}", words=words, hint="qunguan handbook lists its pages")
    context.answer({"pages": [_document(page) for page in pages]}, _told(pages, words))


def _document(page: handbook.Page) -> dict[str, object]:
    paragraphs = [{"text": one.text, "sources": one.sources} for one in page.paragraphs]
    return {"page": page.key, "title": page.title, "rooms": page.rooms, "paragraphs": paragraphs}


def _told(pages: tuple[handbook.Page, ...], words: str) -> Iterator[str]:
    if len(pages) > 1:
        rows = [(page.key, page.title, handbook.excerpt(page, words, _EXCERPT)) for page in pages]
        heads = (_("page"), _("subject"), _("says") if words else "")
        yield from columns(heads, rows)
        yield ""
        yield _("Next: qunguan handbook PAGE reads one")
        return
    yield pages[0].title
    for paragraph in pages[0].paragraphs:
        yield ""
        yield paragraph.text
        yield from (f"  {line}" for line in cited(", ".join(paragraph.sources)))
