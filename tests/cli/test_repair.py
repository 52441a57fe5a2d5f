"""`qunguan repair`: files and pipes, what is printed where, and what is refused."""

from __future__ import annotations

import codecs
from pathlib import Path

import pytest

from qunguan.exchange.readers.limits import Limits
from tests.cli.shell import Shell


def file(folder: Path, data: str | bytes) -> Path:
    path = folder / "坏字.txt"
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


def test_the_text_is_printed_and_the_report_stands_beside_it(blank: Shell, tmp_path: Path) -> None:
    said = blank("repair", file(tmp_path, "社群運(yùn)營\n质量?;活动\n浣犲ソ\n"))
    assert said.code == 0
    assert said.out == "社群运营\n质量?;活动\n你好\n"
    assert said.err.splitlines() == [
        "line 1: pinyin taken out, traditional characters made simplified",
        "line 3: it was UTF-8 and had been read as GBK",
        "line 2: “质量?;活动” — characters were torn here: look at the original",
        "2 lines repaired, 1 place left for you to look at",
    ]


def test_it_needs_no_database_and_makes_none(blank: Shell) -> None:
    assert blank("repair", "-", stdin="浣犲ソ".encode()).out == "你好"
    assert not blank.db.exists()


def test_sound_text_comes_out_byte_for_byte(blank: Shell, tmp_path: Path) -> None:
    text = "早上好\r\nZoë 打卡💪\n\n社群運營\r"
    said = blank("repair", "-", stdin=text.encode())
    assert (said.out, said.err) == (text, "Nothing is broken\n")
    text = "早上好\r\n打卡第 3 天💪\n\n都来了\r"
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "gb18030"):
        source, target = file(tmp_path, text.encode(encoding)), tmp_path / "out.txt"
        assert blank("repair", source, "--to", target).code == 0
        assert target.read_bytes() == source.read_bytes()


def test_json_has_every_change_and_every_doubt(blank: Shell) -> None:
    text = "".join(f"{n} 浣犲ソ\n" for n in range(30))
    found = blank("repair", "-", "--json", stdin=text.encode()).json
    assert found["encoding"] == "utf-8"
    assert found["text"] == text.replace("浣犲ソ", "你好")
    assert len(found["changes"]) == 30
    assert found["changes"][2] == {"line": 3, "before": "2 浣犲ソ", "after": "2 你好", "why": ["utf8_as_gbk"]}
    said = blank("repair", "-", stdin=text.encode())
    assert len(said.err.splitlines()) == 21
    assert said.err.endswith("30 lines repaired, 0 places left for you to look at (--json lists all of them)\n")
    found = blank("repair", "-", "--json", stdin="质量?;活动".encode()).json
    assert found["doubts"] == [{"line": 1, "text": "质量?;活动", "why": "torn"}]


def test_a_file_is_written_and_another_one_there_is_replaced(blank: Shell, tmp_path: Path) -> None:
    source, target = file(tmp_path, codecs.BOM_UTF8 + "浣犲ソ\r\n".encode()), tmp_path / "好.txt"
    found = blank("repair", source, "--to", target, "--json").json
    assert (found["path"], found["replaced"], found["encoding"]) == (str(target), False, "utf-8-sig")
    assert "text" not in found
    assert target.read_bytes() == codecs.BOM_UTF8 + "你好\r\n".encode()
    assert "the file that was there is replaced" in blank("repair", source, "--to", target).out


@pytest.mark.parametrize("link", [False, True])
def test_its_own_input_is_written_over_only_when_told(blank: Shell, tmp_path: Path, link: bool) -> None:
    source = target = file(tmp_path, "浣犲ソ")
    if link:
        target = tmp_path / "link.txt"
        target.symlink_to(source)
    assert "--yes" in blank("repair", source, "--to", target).refused()
    assert source.read_text(encoding="utf-8") == "浣犲ソ"
    assert blank("repair", source, "--to", target, "--yes").code == 0
    assert target.read_text(encoding="utf-8") == "你好"


def test_western_nonsense_that_is_valid_in_both_encodings_is_read_by_what_it_says(blank: Shell) -> None:
    assert blank("repair", "-", stdin="ä½\xa0å¥½".encode()).out == "你好"
    assert "encoding cannot be told" in blank("repair", "-", stdin=b"\xc2\xa1\xc2\xa2\xc4\xa3").refused()


@pytest.mark.parametrize(
    "data", [b"", b"\x89PNG\r\n", b"a\0b", b"\xff\xfe\x00\xd8", "浣犲ソ".encode()[:-1], "社群運營".encode("big5") * 9]
)
def test_what_is_no_text_is_refused_in_one_line(blank: Shell, tmp_path: Path, data: bytes) -> None:
    blank("repair", file(tmp_path, data)).refused()
    blank("repair", "-", stdin=data).refused()


def test_folders_missing_files_and_huge_ones_are_refused_in_one_line(
    blank: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blank("repair", tmp_path).refused()
    blank("repair", tmp_path / "none.txt").refused()
    source = file(tmp_path, "浣犲ソ")
    blank("repair", source, "--to", tmp_path).refused()
    blank("repair", source, "--to", tmp_path / "none" / "out.txt").refused()
    blank("repair").refused(2)
    with source.open("r+b") as huge:
        huge.truncate(Limits().file_bytes + 1)
    assert "50 MB" in blank("repair", source).refused()
