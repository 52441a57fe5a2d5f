"""Messages out of the compiled catalogue: what gettext would say, read where it lies (i18n.py)."""

from __future__ import annotations

import gettext
import io
import re
import struct
from pathlib import Path

import pytest

from qunguan import i18n

COMPILED = Path(i18n.__file__).parent / "locale" / "zh_CN" / "qunguan.mo"


@pytest.fixture(autouse=True)
def _tongue():
    yield
    i18n.set_language(None)


def packed(order: str, *pairs: tuple[str, str]) -> bytes:
    """A catalogue of these messages in the byte order given."""
    texts = [text.encode() for column in zip(*sorted(pairs), strict=True) for text in column]
    start, tables = 28 + 8 * len(texts), b""
    for text in texts:
        tables += struct.pack(f"{order}2I", len(text), start)
        start += len(text) + 1
    head = struct.pack(f"{order}7I", 0x950412DE, 0, len(pairs), 28, 28 + 8 * len(pairs), 0, 0)
    return head + tables + b"".join(text + b"\0" for text in texts)


def test_every_message_is_said_as_gettext_says_it():
    i18n.set_language("zh")
    known = gettext.GNUTranslations(io.BytesIO(COMPILED.read_bytes()))
    messages = [message for message in known._catalog if message]  # type: ignore[attr-defined]
    assert len(messages) > 5000
    assert [one for one in messages if i18n._(one) != known.gettext(one)] == []


@pytest.mark.parametrize("message", ["", "\x01", "no such message", "今日", "\U0010ffff"])
def test_what_the_catalogue_has_not_is_said_as_it_stands(message):
    i18n.set_language("zh")
    assert i18n._(message) == message


def test_english_is_what_the_code_says():
    i18n.set_language("en")
    assert i18n._("Today") == "Today"
    assert i18n.ngettext("{n} thing", "{n} things", 2) == "2 things"


@pytest.mark.parametrize("order", "<>")
def test_a_catalogue_of_either_byte_order_is_read(order):
    made = i18n._Catalogue(packed(order, ("", "Project-Id-Version: 0\n"), ("one", "一"), ("two", "二")))
    assert [made.say(word) for word in ("one", "two", "three")] == ["一", "二", "three"]


def test_chinese_is_written_with_its_own_marks():
    """Half a character wide they stand only in what somebody types: 方案:层级, name=列名,phone=列名."""
    sentences = gettext.GNUTranslations(io.BytesIO(COMPILED.read_bytes()))._catalog  # type: ignore[attr-defined]
    han = "[\u4e00-\u9fff]"
    foreign = re.compile(f"{han}[,;!?()](?![a-z]+=)|[,;!?()]{han}|{han}\\.($|\\s)|{han}: ")
    assert [said for asked, said in sentences.items() if asked and foreign.search(said)] == []
