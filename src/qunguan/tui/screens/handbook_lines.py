"""How a page of the handbook is drawn."""

from __future__ import annotations

from textual.content import Content

from qunguan.domain.handbook import Page
from qunguan.domain.sources import cited
from qunguan.tui.text import literal


def written(page: Page, *, whole: bool = False) -> list[Content]:
    """The title and the paragraphs; `whole` says under each what it carries, in words."""
    lines = [literal(page.title, "bold"), Content("")]
    for paragraph in page.paragraphs:
        lines.append(literal(paragraph.text))
        if whole:
            lines += [literal(f"  {line}", "dim") for line in cited(", ".join(paragraph.sources))]
        lines.append(Content(""))
    return lines
