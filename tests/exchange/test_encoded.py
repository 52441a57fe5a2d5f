"""Text goes back in the encoding it came in."""

from __future__ import annotations

from pathlib import Path

import pytest

from qunguan.exchange.readers.decode import Encoding, decode
from qunguan.exchange.writers.encoded import write_text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16-le", "utf-16-be", "gb18030"])
def test_what_was_written_is_read_again_in_its_encoding(tmp_path: Path, encoding: Encoding) -> None:
    path = tmp_path / "字.txt"
    write_text(path, "今天打卡💪\r\n都来了\n", encoding)
    found = decode(path.read_bytes())
    assert (found.text, found.encoding) == ("今天打卡💪\r\n都来了\n", encoding)
