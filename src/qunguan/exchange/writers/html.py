"""A document as one HTML file: nothing outside it is needed or asked for, it prints on A4, and no text in it runs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from qunguan.domain.documents import Block, Cell, Chart, Document, Figures, Grid, Heading, Items, Paragraph
from qunguan.domain.text import show
from qunguan.exchange.writers.cells import guarded
from qunguan.exchange.writers.charts import svg
from qunguan.i18n import language

_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
_STYLE = """
:root { color-scheme: light; }
body { margin: 0; background: #f4f4f2; color: #222;
  font: 16px/1.65 "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Source Han Sans SC", "WenQuanYi Micro Hei",
  system-ui, sans-serif; }
main { max-width: 46rem; margin: 2rem auto; padding: 2rem 2.5rem; background: #fff; overflow-wrap: anywhere; }
h1 { margin: 0; font-size: 1.6rem; line-height: 1.3; }
h2 { margin: 2rem 0 .5rem; padding-bottom: .2rem; border-bottom: 1px solid #ccc; font-size: 1.15rem; }
p, ul, ol, blockquote { margin: .5rem 0; }
.sub, footer, dt, small { color: #666; }
.mark { display: inline-block; margin: 0 0 .8rem; padding: .1rem .8rem; border: 2px solid #b00; color: #b00;
  font-weight: bold; }
blockquote { padding: .3rem 1rem; border-left: 4px solid #9ab; background: #f6f8fa; }
dl { display: flex; flex-wrap: wrap; gap: .8rem; margin: .8rem 0; }
dl > div { flex: 1 1 9rem; padding: .6rem .9rem; border: 1px solid #ddd; }
dt { font-size: .85rem; }
dd { margin: 0; font-size: 1.35rem; font-weight: bold; }
small { display: block; font-size: .8rem; font-weight: normal; }
table { width: 100%; margin: .8rem 0; border-collapse: collapse; font-size: .93rem; }
th, td { padding: .3rem .6rem; border-bottom: 1px solid #ddd; text-align: left; vertical-align: top; }
th { background: #f0f0ee; }
.n { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
footer { margin-top: 2rem; padding-top: .5rem; border-top: 1px solid #ccc; font-size: .85rem; }
@page { size: A4; margin: 18mm; }
@media print {
  body { background: none; font-size: 11pt; }
  main { max-width: none; margin: 0; padding: 0; }
  h2 { break-after: avoid; }
  tr, dl > div, blockquote { break-inside: avoid; }
}
"""
_CHARTS = """
figure { margin: .8rem 0; break-inside: avoid; }
figcaption { font-size: .9rem; color: #666; }
svg { display: block; width: 100%; height: auto; font: 11px system-ui, sans-serif; }
"""


def html(document: Document) -> str:
    """The document as an HTML page in the language in force."""
    return "\n".join(_page(document)) + "\n"


def _page(document: Document) -> Iterator[str]:
    yield "<!DOCTYPE html>"
    yield f'<html lang="{"zh-CN" if language() == "zh" else "en"}">'
    yield '<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
    yield f"<title>{_text(document.title)}</title>"
    charts = _CHARTS if any(isinstance(block, Chart) for block in document.blocks) else ""
    yield f"<style>{_STYLE}{charts}</style></head>"
    yield "<body><main>"
    if document.mark:
        yield f'<p class="mark">{_text(document.mark)}</p>'
    yield f"<h1>{_text(document.title)}</h1>"
    if document.subtitle:
        yield f'<p class="sub">{_text(document.subtitle)}</p>'
    for block in document.blocks:
        yield from _block(block)
    if document.foot:
        yield f"<footer>{_text(document.foot)}</footer>"
    yield "</main></body></html>"


def _block(block: Block) -> Iterator[str]:
    if isinstance(block, Heading):
        yield f"<h2>{_text(block.text)}</h2>"
    elif isinstance(block, Paragraph):
        told = f"<p>{'<br>'.join(map(_text, block.text.splitlines()))}</p>"
        yield f"<blockquote>{told}</blockquote>" if block.quoted else told
    elif isinstance(block, Items):
        tag = "ol" if block.numbered else "ul"
        yield f"<{tag}>{''.join(f'<li>{_text(line)}</li>' for line in block.lines)}</{tag}>"
    elif isinstance(block, Figures):
        yield "<dl>"
        for each in block.figures:
            note = f"<small>{_text(each.note)}</small>" if each.note else ""
            yield f"<div><dt>{_text(each.label)}</dt><dd>{_text(each.value)}{note}</dd></div>"
        yield "</dl>"
    elif isinstance(block, Chart):
        yield f"<figure><figcaption>{_text(block.title)}</figcaption>{svg(block, _text)}</figure>"
    else:
        yield from _table(block)


def _table(grid: Grid) -> Iterator[str]:
    yield f"<table><thead>{_row('th', grid.heads, grid.numbers)}</thead><tbody>"
    yield from (_row("td", row, grid.numbers) for row in grid.rows)
    yield "</tbody></table>"


def _row(tag: str, cells: Sequence[Cell], numbers: frozenset[int]) -> str:
    told = "".join(
        f'<{tag} class="n">{_cell(cell)}</{tag}>' if place in numbers else f"<{tag}>{_cell(cell)}</{tag}>"
        for place, cell in enumerate(cells)
    )
    return f"<tr>{told}</tr>"


def _cell(cell: Cell) -> str:
    """A cell of a page that is opened in a spreadsheet runs no more than elsewhere; a number is ours."""
    return _text(guarded(cell) if isinstance(cell, str) else str(cell))


def _text(text: str) -> str:
    return escape(show(text))
