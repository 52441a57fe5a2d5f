"""Every report word for word, in both languages and every form; of worksheets cell by cell.

`QUNGUAN_GOLDEN=1 python -m pytest tests/services/test_reports_golden.py` writes tests/golden/reports anew, those of the
shipped sample too (its folder is left out with `-k "not sample"`): read what changed before you commit it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl import load_workbook

from qunguan.domain.clock import Clock
from qunguan.exchange.writers.reports import SUFFIXES, write_report
from qunguan.i18n import set_language
from qunguan.services import reports, rules
from qunguan.services.desk import Desk
from tests.conftest import NOW
from tests.services.report_kit import CAMPAIGN, CHALLENGE, CRISIS, EVIL, community, march

GOLDEN = Path(__file__).parents[1] / "golden" / "reports"
WRITES = bool(os.environ.get("QUNGUAN_GOLDEN"))
ASKED = {
    "daily": (march(10), None),
    "weekly": (march(10), None),
    "monthly": (march(10), None),
    "money": (march(10), None),
    "challenge": (march(12), CHALLENGE),
    "campaign": (None, CAMPAIGN),
    "crisis": (None, CRISIS),
    "member": (march(10), EVIL),
}
"""Kind → the day and the name it is asked of."""
OF_SAMPLE = {
    "daily": (None, None),
    "weekly": (None, None),
    "monthly": (None, None),
    "money": (march(19), None),
    "challenge": (march(19), "#2"),
    "campaign": (None, "三人共读绘本"),
    "crisis": (None, "#1"),
    "member": (march(19), "#2"),
}
"""The same of the sample, whose last day is 2026-03-19."""


@pytest.fixture(scope="module")
def small(tmp_path_factory, memory) -> Iterator[Desk]:
    """The small community, opened once for all of them; nothing here writes."""
    from qunguan.services import groups

    path = tmp_path_factory.mktemp("reports") / "qunguan.db"
    with Desk(path, Clock(NOW), create=True) as desk:
        desk.write(groups.create, "早起读书群")
        community(desk)
        yield desk


@pytest.fixture(params=["zh", "en"])
def language(request):
    set_language(request.param)
    yield request.param
    set_language(None)


@pytest.fixture(scope="module")
def sample(tmp_path_factory) -> Iterator[Desk]:
    """A copy of the shipped sample."""
    from qunguan.services.demo import make_copy

    with Desk(make_copy(tmp_path_factory.mktemp("sample") / "demo.db", Clock(NOW)), Clock(NOW)) as desk:
        yield desk


@pytest.mark.parametrize("kind", list(ASKED))
def test_a_report_is_as_it_was(small, tmp_path, language, kind):
    compare(small, tmp_path, language, kind, GOLDEN, ASKED[kind])


@pytest.mark.skipif(not (WRITES or (GOLDEN / "sample").is_dir()), reason="the sample has no reports written yet")
@pytest.mark.parametrize("kind", list(OF_SAMPLE))
def test_a_report_of_the_sample_is_as_it_was(sample, tmp_path, language, kind):
    compare(sample, tmp_path, language, kind, GOLDEN / "sample", OF_SAMPLE[kind])


def compare(desk, tmp_path, language, kind, folder, asked):
    """The report in every form against the one that is kept."""
    day, of = asked
    found = desk.read(reports.report, desk.clock, kind, day, of=of)
    limit = desk.read(rules.value, "board.text_limit")
    for suffix in SUFFIXES:
        path = tmp_path / f"{kind}{suffix}"
        write_report(path, found, limit)
        told = cells(path) if suffix == ".xlsx" else path.read_text(encoding="utf-8")
        golden = folder / f"{kind}.{language}{suffix.replace('.xlsx', '.xlsx.txt')}"
        if WRITES:
            folder.mkdir(parents=True, exist_ok=True)
            golden.write_text(told, encoding="utf-8")
        assert told == golden.read_text(encoding="utf-8"), golden.name
        if suffix == ".txt":
            assert len(told) <= limit + 1


def cells(path: Path) -> str:
    """A workbook as lines: each sheet, its cells with type, number format and value, and its charts."""
    lines = []
    for sheet in load_workbook(path).worksheets:
        lines.append(f"# {sheet.title}")
        for row in sheet.iter_rows():
            lines += [
                f"{each.coordinate}\t{each.data_type}\t{each.number_format}\t{each.value!r}"
                for each in row if each.value is not None
            ]  # fmt: skip
        lines += [f"chart\t{type(each).__name__}\t{len(each.series)}" for each in vars(sheet)["_charts"]]
    return "\n".join(lines) + "\n"
