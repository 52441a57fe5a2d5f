"""`qunguan calendar export` as it is typed."""

from __future__ import annotations

import pytest
import vobject


def test_the_calendar_is_written_and_replaced(shell, tmp_path):
    shell("task", "add", "发早报", "--day", "2026-03-21")
    path = tmp_path / "日历.ics"
    told = shell("calendar", "export", "--to", path, "--from", "2026-03-21", "--to", "2026-03-21", "--json").json
    whole = vobject.readOne(path.read_text("utf-8"))
    assert [event.summary.value for event in whole.vevent_list] == ["发早报"]
    assert (told["events"], told["replaced"]) == (1, False)
    assert shell("calendar", "export", "--to", path, "--json").json["replaced"]


@pytest.mark.parametrize("given", [["--to", "a.txt"], ["--to", "a.ics", "--to", "b.ics"], ["--to", "/没有/a.ics"]])
def test_a_calendar_that_cannot_be_written_is_one_line(shell, given):
    shell("calendar", "export", *given).refused(1)
