"""How a page of the handbook is drawn."""

from __future__ import annotations

from textual.content import Content

from qunguan.domain.handbook import Page, hits
from qunguan.domain.sources import cited
from qunguan.tui.text import literal


def written(page: Page, *, whole: bool = False, words: str = "") -> list[Content]:
    """The title and the paragraphs, those with the `words` that were looked for first and marked; `whole` says under
    each what it carries, in words.
    """
    found = hits(page, words)
    lines = [literal(page.title, "bold"), Content("")]
    for paragraph in (*found, *(each for each in page.paragraphs if each not in found)):
        lines.append(literal(f"▸ {paragraph.text}", "bold") if paragraph in found else literal(paragraph.text))
        if whole:
            lines += [literal(f"  {line}", "dim") for line in cited(", ".join(paragraph.sources))]
        lines.append(Content(""))
    return lines
