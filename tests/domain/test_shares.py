"""Shares as they are said and typed."""

from __future__ import annotations

import pytest

from qunguan.domain import shares
from qunguan.domain.errors import BadInput


def test_what_is_not_known_is_a_dash():
    assert shares.percent(None) == shares.with_base(None, 12) == "—"


def test_a_share_is_said_with_one_decimal_or_with_its_base():
    assert shares.percent(0.125) == "12.5 %"
    assert shares.with_base(0.417, 12) == "42 % (n=12)"


@pytest.mark.parametrize(("text", "value"), [("0.1", 0.1), (".1", 0.1), ("10%", 0.1), ("12.5%", 0.125)])
def test_a_share_is_typed_as_a_part_or_as_per_cent(text, value):
    assert shares.typed(text) == shares.typed(text, loose=True) == value


@pytest.mark.parametrize(("text", "value"), [("10", 0.1), (" 10 % ", 0.1), ("１０％", 0.1), ("0.5%", 0.005)])
def test_a_form_takes_bare_per_cent_and_blanks(text, value):
    assert shares.typed(text, loose=True) == value


@pytest.mark.parametrize("text", ["", "%", "10", "10 %", "abc", "-5%", "0", "100%", "nan", "1e-2"])
def test_anything_else_is_refused(text):
    with pytest.raises(BadInput):
        shares.typed(text)


@pytest.mark.parametrize("text", ["", "％", "0", "100", "abc", "-5", "5%%"])
def test_a_form_refuses_what_is_no_share(text):
    with pytest.raises(BadInput):
        shares.typed(text, loose=True)
