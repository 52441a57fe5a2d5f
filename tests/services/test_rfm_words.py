"""What helps the people of a segment is said in the language in force, as every preset is."""

from __future__ import annotations

from qunguan.domain.rfm import segments
from qunguan.i18n import _, set_language


def test_services_of_segments_are_translated():
    try:
        set_language("en")
        assert all(_(each.service).isascii() for each in segments())
        set_language("zh")
        assert not any(_(each.service).isascii() for each in segments())
    finally:
        set_language(None)
