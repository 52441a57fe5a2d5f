"""Charts by hand: an SVG that is sound, bars and a spark line; unknown is no bar, and no text runs."""

from __future__ import annotations

from html import escape
from xml.etree import ElementTree

import pytest

from qunguan.domain.documents import Chart, Document, Grid, Heading, Items, Line, Number, Paragraph
from qunguan.exchange.writers.charts import bar_of, spark, svg
from qunguan.exchange.writers.html import html
from qunguan.exchange.writers.markdown import markdown
from qunguan.exchange.writers.plain import plain
from qunguan.exchange.writers.worksheet import write_worksheet
from qunguan.i18n import set_language

EVIL = "=1+1<script>|`x`"


@pytest.fixture(autouse=True)
def english():
    set_language("en")
    yield
    set_language(None)


def chart(*values: float | None, then: tuple[float | None, ...] = (), kind="int", title="talk") -> Chart:
    lines = [Line("now", values)]
    if then:
        lines.append(Line("before", then))
    return Chart(title, tuple(f"03-{n:02}" for n in range(1, len(values) + 1)), tuple(lines), kind)


def parts(told: str, tag: str) -> list[dict[str, str]]:
    return [each.attrib for each in ElementTree.fromstring(told).iter(tag)]


def test_an_svg_has_a_bar_for_what_is_known_and_points_for_what_it_is_held_against():
    told = svg(chart(3, None, 0, 9, then=(1, 2, None, 4)), escape)
    bars = [each for each in parts(told, "rect") if each["width"] != "10"]  # two of the legend beside them
    heights = [float(each["height"]) for each in bars]
    assert len(bars) == 3
    assert heights[1] == 1  # nought is a line on the ground
    assert heights[2] == pytest.approx(3 * heights[0], rel=0.01)
    assert len(parts(told, "circle")) == 3
    assert any("M" in each["d"][1:] for each in parts(told, "path") if each.get("fill") == "none")  # broken at a gap


@pytest.mark.parametrize("values", [(), (None, None), (0, 0), (-5, 5), (0.001,), (1e9, 2)])
def test_an_svg_of_odd_numbers_is_sound(values):
    told = svg(chart(*values), escape)
    for each in parts(told, "rect"):
        assert 0 <= float(each["y"]) <= 190
        assert 0 <= float(each["height"]) <= 190


def test_labels_are_thinned_and_foreign_text_does_not_run():
    told = svg(Chart(EVIL, tuple([EVIL] * 31), (Line(EVIL, tuple(range(31))), Line(EVIL, tuple(range(31))))), escape)
    assert "<script" not in told
    middles = [each for each in parts(told, "text") if each.get("text-anchor") == "middle"]
    assert len(middles) <= 12


def test_bars_and_the_spark_line_of_text():
    assert list(bar_of(chart(6, None, 0, 12, -3))) == ["██████", "", "", "████████████", ""]
    assert spark(chart(1, None, 0, 8)) == "talk 03-01…03-04: ▂·▁█ most 8"
    assert spark(chart(None)) == "talk 03-01…03-01: · most —"
    assert spark(chart(0.25, 0.5, kind="rate")).endswith("most 50.0 %")


def whole() -> Document:
    grid = Grid(("who", "money"), ((EVIL, Number("-¥3.00", -300, "money")), ("x", Number("—", None))), frozenset({1}))
    blocks = (Heading(EVIL), Paragraph("long " * 60), Items((EVIL,)), grid, chart(1, 2, then=(3, 4), title=EVIL))
    return Document(EVIL, "sub", blocks, "Drill", "foot")


def test_a_document_with_a_chart_in_every_form(tmp_path):
    from openpyxl import load_workbook

    page = html(whole())
    assert "<svg" in page
    assert "<script" not in page
    assert '<td class="n">-¥3.00</td>' in page  # a number of ours is no formula
    assert "<td>&#x27;=1+1&lt;script&gt;|`x`</td>" in page
    assert "http" not in page.replace("http-equiv", "")
    assert "| 03-02 | 2 | 4 | ████████████ |" in markdown(whole())
    assert "▅█" in plain(whole())
    path = tmp_path / "a.xlsx"
    with path.open("wb") as file:
        write_worksheet(whole(), file)
    book = load_workbook(path)
    first, data = book.worksheets
    texts = {each.value: each for row in first.iter_rows() for each in row if each.value is not None}
    assert texts[-3].number_format == "0.00"
    assert "—" in texts
    assert not any(each.data_type == "f" for each in texts.values())
    assert [(type(each).__name__, each.anchor._from.row > 0) for each in vars(first)["_charts"]] == [("BarChart", True)]
    assert [[cell.value for cell in row] for row in data.iter_rows()][1:3] == [["03-01", 1, 3], ["03-02", 2, 4]]


def test_equal_documents_are_equal_files(tmp_path):
    for name in ("a", "b"):
        with (tmp_path / name).open("wb") as file:
            write_worksheet(whole(), file)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
