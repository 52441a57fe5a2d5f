"""Files made to hurt: each ends in one sentence, quickly and in little memory."""

from __future__ import annotations

import io
import random
import zipfile
from contextlib import suppress
from itertools import count
from types import SimpleNamespace

import pytest
from xlsxwriter import Workbook

from qunguan.domain.errors import BadInput, UserError
from qunguan.exchange.readers import xlsx
from qunguan.exchange.readers.limits import LIMITS, Limits
from qunguan.exchange.readers.sheets import sheet_from_bytes
from tests.exchange.hurry import hurried

NAMESPACE = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def workbook() -> bytes:
    file = io.BytesIO()
    with Workbook(file) as book:
        sheet = book.add_worksheet("成员")
        for n in range(30):
            sheet.write_row(n, 0, [f"成员{n}", 13800000000 + n, "2024-03-01"])
    return file.getvalue()


def changed(part: str, text: bytes, **extra: bytes) -> bytes:
    """A good workbook with the content of `part` replaced and parts added."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook())) as good,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as bad,
    ):
        for name in good.namelist():
            bad.writestr(name, text if name == part else good.read(name))
        for name, content in extra.items():
            bad.writestr(name, content)
    return out.getvalue()


def sheet_of(rows: str, prolog: str = "") -> bytes:
    text = f"<?xml version='1.0'?>{prolog}<worksheet {NAMESPACE}><sheetData>{rows}</sheetData></worksheet>"
    return changed("xl/worksheets/sheet1.xml", text.encode())


def inline(cell: str, text: str) -> str:
    return f'<c r="{cell}" t="inlineStr"><is><t>{text}</t></is></c>'


def refused(data: bytes, limits: Limits = LIMITS) -> UserError:
    with pytest.raises(BadInput) as refusal:
        sheet_from_bytes(data, "a.xlsx", limits=limits)
    return refusal.value


def test_a_zip_bomb_is_refused_before_it_is_unpacked():
    assert "unpacks" in refused(changed("xl/worksheets/sheet1.xml", bytes(60_000_000))).what


def test_a_zip_of_too_many_parts_is_refused():
    assert "unpacks" in refused(changed("", b"", **{f"xl/x{n}.xml": b"" for n in range(2_100)})).what


def test_one_cell_in_the_last_corner_is_not_a_million_rows():
    rows = f'<row r="1">{inline("A1", "昵称")}</row><row r="2">{inline("A2", "甲")}</row>'
    far = f'<row r="1048576">{inline("XFD1048576", "x")}</row>'
    sheet = sheet_from_bytes(sheet_of(rows + far), "a.xlsx")
    assert [row.cells for row in sheet.rows] == [("昵称",), ("甲",)]
    assert "stopped" in sheet.notes[0].what
    refused(sheet_of(far))


def test_a_claimed_size_pads_nothing():
    text = f'<worksheet {NAMESPACE}><dimension ref="A1:XFD1048576"/><sheetData><row r="1">{inline("A1", "昵称")}</row>'
    sheet = sheet_from_bytes(changed("xl/worksheets/sheet1.xml", f"{text}</sheetData></worksheet>".encode()), "a.xlsx")
    assert [row.cells for row in sheet.rows] == [("昵称",)]


def test_a_far_column_is_beyond_the_limit():
    assert "larger" in refused(sheet_of(f'<row r="1">{inline("XFD1", "x")}</row>')).what


@pytest.mark.parametrize(
    "prolog",
    [
        '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>',
        '<!DOCTYPE x [<!ENTITY c "' + "h" * 50_000 + '">]>',
        '<!DOCTYPE x [<!ENTITY c SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE x SYSTEM "http://x.test/a.dtd">',
    ],
)
def test_entities_are_refused(prolog):
    assert "damaged" in refused(sheet_of(f'<row r="1">{inline("A1", "&c;" * 50)}</row>', prolog)).what


def test_a_workbook_that_takes_too_long_is_given_up():
    assert "too long" in refused(workbook(), Limits(seconds=0)).what


def test_caps_hold_for_workbooks_too():
    assert "larger" in refused(workbook(), Limits(rows=5)).what
    assert "larger" in refused(workbook(), Limits(columns=2)).what
    assert "characters" in refused(workbook(), Limits(field_chars=4)).what


@pytest.mark.parametrize(
    ("part", "kind"),
    [("word/document.xml", "Word"), ("ppt/presentation.xml", "presentation"), ("content.xml", "ods"), ("a.csv", "ZIP")],
)
def test_other_zips_are_called_by_their_name(part, kind):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(part, "x")
    assert kind in refused(file.getvalue()).values["kind"].what


def test_a_nested_zip_is_a_zip():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a.xlsx", workbook())
    assert "not a workbook" in refused(file.getvalue()).what


def test_a_workbook_cut_short_is_refused():
    data = workbook()
    for end in range(4, len(data), len(data) // 25):
        refused(data[:end])


@pytest.mark.parametrize("files", [400, pytest.param(1200, marks=pytest.mark.long)])
def test_mutated_workbooks_are_read_or_refused_never_more(files):
    data, rnd = workbook(), random.Random(f"7-{files}")
    for _ in range(files):
        bad = bytearray(data)
        for _ in range(rnd.randint(1, 8)):
            bad[rnd.randrange(4, len(bad))] = rnd.randrange(256)
        with hurried(), suppress(UserError):
            sheet_from_bytes(bytes(bad), "a.xlsx")


PARTS = ("xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/workbook.xml", "xl/styles.xml", "[Content_Types].xml")


@pytest.mark.parametrize("files", [50, pytest.param(1300, marks=pytest.mark.long)])
def test_workbooks_mutated_inside_the_zip_are_read_or_refused_never_more(files):
    rnd = random.Random(f"8-{files}")
    with zipfile.ZipFile(io.BytesIO(workbook())) as good:
        texts = {name: good.read(name) for name in PARTS}
    for number in range(files):
        part = PARTS[number % len(PARTS)]
        bad = bytearray(texts[part])
        for _ in range(rnd.randint(1, 6)):
            place = rnd.randrange(len(bad))
            bad[place : place + rnd.randrange(4)] = rnd.choice(
                (b"<", b">", b"&", b'"', b"9" * 20, b"-1", b"\0", b"</row>")
            )
        with hurried(), suppress(UserError):
            sheet_from_bytes(changed(part, bytes(bad)), "a.xlsx")


@pytest.mark.parametrize("mark", ["", "<c/>", "<row>", '<c r="A1" t="s"><v>99999</v></c>', '<c r="ZZZZ1"><v>1</v></c>'])
def test_broken_sheet_xml_is_read_or_refused(mark):
    with suppress(UserError):
        sheet_from_bytes(sheet_of(f'<row r="1">{mark}</row>'), "a.xlsx")


def test_a_mountain_of_shared_texts_is_given_up_in_time(monkeypatch):
    """No row is reached before all of them are read, so the time is kept where the file is pulled in."""
    limits = Limits(seconds=100)
    monkeypatch.setattr(xlsx, "time", SimpleNamespace(monotonic=count().__next__))  # a second for each look
    assert sheet_from_bytes(workbook(), "a.xlsx", limits=limits).rows
    texts = "".join(f"<si><t>{n * 2654435761 % 2**32}</t></si>" for n in range(60_000))
    data = changed("xl/sharedStrings.xml", f"<sst {NAMESPACE}>{texts}</sst>".encode())
    assert "too long" in refused(data, limits).what
