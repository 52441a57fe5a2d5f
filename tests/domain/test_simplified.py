"""Traditional characters simplified: by word where a word says so, else by character."""

from __future__ import annotations

import pytest

from qunguan.domain.simplified import is_traditional, simplified


@pytest.mark.parametrize(
    ("traditional", "expected"),
    [
        ("社群運營與變現", "社群运营与变现"),
        ("乾淨的乾坤", "干净的乾坤"),
        ("著名的專著，看著", "著名的专著，看着"),
        ("頭髮發現，後面的皇后", "头发发现，后面的皇后"),
        ("瞭解瞭望", "了解瞭望"),
        ("社群运营, ok 💪 𠮷", "社群运营, ok 💪 𠮷"),
        ("", ""),
    ],
)
def test_words_come_before_characters(traditional: str, expected: str) -> None:
    assert simplified(traditional) == expected
    assert simplified(expected) == expected


def test_a_character_of_simplified_writing_is_not_traditional_though_it_may_be_simplified_further() -> None:
    assert all(map(is_traditional, "運營優質們"))
    assert not any(map(is_traditional, "运社着著乾A，💪"))
