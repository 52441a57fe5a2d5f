"""A document as Markdown, HTML and text: what was typed stays text, nothing outside the file is asked for."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from qunguan.domain.documents import Document, Figure, Figures, Grid, Heading, Items, Paragraph
from qunguan.domain.errors import BadInput
from qunguan.exchange.writers.documents import SUFFIXES, write_document
from qunguan.exchange.writers.html import html
from qunguan.exchange.writers.markdown import markdown
from qunguan.exchange.writers.plain import plain
from qunguan.i18n import set_language

HOSTILE = [
    "<script>alert(1)</script>", "</style><img src=x onerror=alert(1)>", '"><a href="javascript:alert(1)">点我</a>',
    "[点我](http://x.test)", "![](http://x.test/a.png)", "<http://x.test>", "# 标题", "- 一", "+ 一", "1. 一", "2) 二",
    "=====", "---", "> 引", "    code", "\tcode", "```", "~~~", "a|b", "&lt;b&gt;", "&#60;b&#62;", "\\", "*粗*",
    "__粗__", "=1+1", "@SUM(1)", "\x1b[2Jx", "\u202egpj.exe", "a\r\nb", "[^1]: x", "[x]: http://x.test", ": 定义",
    "$1$",
]  # fmt: skip


class Reader(HTMLParser):
    """What a browser makes of a page: its tags with their attributes, and its text."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.text: list[str] = []

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes |= {f"{tag}.{name}" for name, _value in attrs}

    def handle_data(self, data):
        self.text.append(data)


def document(*texts: str) -> Document:
    """Every text at every place there is."""
    word = texts[0] if texts else "x"
    return Document(
        word,
        word,
        (
            Heading(word),
            *(Paragraph(text) for text in texts),
            *(Paragraph(text, quoted=True) for text in texts),
            Items(texts),
            Items(texts, numbered=True),
            Figures(tuple(Figure(text, text, text) for text in texts)),
            Grid((word, word), tuple((text, text) for text in texts), frozenset({1})),
        ),
        mark=word,
        foot=word,
    )


def read(page: str) -> Reader:
    reader = Reader()
    reader.feed(page)
    return reader


def test_a_page_holds_our_tags_alone_and_asks_for_nothing():
    ours = read(html(document("x")))
    found = read(html(document(*HOSTILE)))
    assert found.tags - {"br"} == ours.tags
    assert found.attributes == ours.attributes
    assert not {"script", "link", "img", "a", "iframe", "base", "object"} & found.tags
    style = html(document("x")).split("<style>")[1].split("</style>")[0]
    assert "url(" not in style
    assert "@import" not in style
    assert "default-src 'none'" in html(document("x"))


def test_a_page_says_what_was_typed():
    told = read(html(document(*HOSTILE))).text
    for text in ("<script>alert(1)</script>", "[点我](http://x.test)", "&lt;b&gt;", "a|b"):
        assert text in told
    assert "'=1+1" in told  # a cell, as a spreadsheet would open it
    assert "=1+1" in told  # the same in a paragraph
    assert not any(set("\x1b\u202e") & set(text) for text in told)


@pytest.mark.parametrize("text", HOSTILE)
def test_markdown_has_no_line_that_is_something_else(text):
    """Every line is one of those the writer makes: what was typed begins none of its own."""
    plainly = markdown(document("x" if "\r" not in text else "x\ny")).splitlines()
    for line, model in zip(markdown(document(text)).splitlines(), plainly, strict=True):
        mark = model.partition("x")[0].partition("y")[0]
        assert line.startswith(mark)
        rest = line[len(mark) :]
        if mark != "| ":  # nothing begins within a row
            assert not re.match(r"\s*([-+>#=:]|\d+[.)]|```|~~~)|    ", rest)
        assert not re.search(r"(?<!\\)[<`*\[\]]", rest.replace("**", ""))


def test_line_ends_stay_in_words_and_none_in_cells():
    told = markdown(Document("题", "", (Paragraph("一\n二"), Grid(("列",), (("一\n二",),)))))
    assert "一  \n二" in told
    assert "| 一 二 |" in told
    assert "<p>一<br>二</p>" in html(Document("题", "", (Paragraph("一\n二"),)))


def test_the_text_fits_one_message_and_counts_what_did_not_fit():
    set_language("zh")
    long = Document("题", "副题", (Items(tuple(f"第 {n} 行" for n in range(400))),), mark="演练", foot="尾")
    told = plain(long, 300)
    assert len(told) <= 300
    assert told.startswith("【演练】题\n副题\n· 第 0 行")
    assert re.search(r"……还有 3\d\d 行\n\n尾$", told)
    assert len(plain(long)) <= 2000


def test_text_shows_every_block():
    set_language("zh")
    figures = Figures((Figure("退群率", "2.0%", "2/100"), Figure("投诉", "—")))
    whole = Document("题", "", (Heading("头"), figures, Grid(("a", "b"), (("1", "2"),))))
    assert plain(whole) == "题\n\n【头】\n退群率：2.0%（2/100）\n投诉：—\n1 · 2"


def test_a_file_is_written_as_its_name_asks(tmp_path):
    for suffix in SUFFIXES:
        path = tmp_path / f"报告{suffix.upper()}"
        write_document(path, document("题"))
        assert "题" in path.read_text(encoding="utf-8")
    with pytest.raises(BadInput, match="pdf"):
        write_document(tmp_path / "x.pdf", document("题"))
    assert not (tmp_path / "x.pdf").exists()
