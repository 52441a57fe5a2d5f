"""`qunguan insight retention`: the documents other programs read, and the table people read."""

from __future__ import annotations

from datetime import date

import pytest

from qunguan.domain.clock import Clock
from qunguan.services import groups, members
from qunguan.services.desk import Desk
from tests.services.test_presence import tell

CLOCK = Clock.from_environment


@pytest.fixture
def four(shell, monkeypatch):
    """Four who joined on a Friday, three of whom spoke."""
    monkeypatch.setenv("QUNGUAN_NOW", "2025-08-20T20:00+08:00")
    first = date(2025, 8, 1)
    with Desk(shell.db, CLOCK()) as desk:
        group = desk.write(groups.create, "新群").id
        a, b, c, _d = desk.write(members.add_many, ["一一", "二二", "三三", "四四"], group_id=group, joined_on=first)
        desk.write(members.add_many, ["五五"], group_id=group)
        desk.write(tell, [(a, date(2025, 8, 2), 1), (b, date(2025, 8, 8), 1), (c, date(2025, 8, 9), 1)], group)
    return lambda *words: shell(*words, "--group", "新群")


def test_the_document(four):
    found = four("insight", "retention", "--json").json
    assert found["cohorts"] == [
        {
            "start": "2025-08-01",
            "size": 4,
            "cells": {
                "1": {"value": 0.25, "n": 4},
                "3": {"value": 0.0, "n": 4},
                "7": {"value": 0.25, "n": 4},
                "14": {"value": 0.0, "n": 4},
                "30": None,
            },
        }
    ]
    assert found["overall"] == found["cohorts"][0]["cells"]
    assert (found["kind"], found["as_of"], found["outside"]) == ("classic", "2025-08-20", 1)
    assert found["told"] == {"from": "2025-08-02", "to": "2025-08-09"}
    rolling = four("insight", "retention", "--kind", "rolling", "--json").json
    assert rolling["overall"]["1"] == {"value": 0.75, "n": 4}
    assert rolling["overall"]["7"] == {"value": 0.5, "n": 4}


def test_by_week_and_of_a_past_day(four):
    found = four("insight", "retention", "--cohort", "week", "--as-of", "2025-08-09", "--json").json
    (line,) = found["cohorts"]
    assert (line["start"], line["size"]) == ("2025-07-28", 4)
    assert line["cells"]["7"] == {"value": 0.25, "n": 4}
    assert line["cells"]["14"] is None
    assert line["weeks"]["1"] is None, "the week is not over"
    later = four("insight", "retention", "--cohort", "week", "--as-of", "2025-08-10", "--json").json
    assert later["weeks"]["1"] == {"value": 0.5, "n": 4}


def test_the_table(four):
    said = four("insight", "retention").out
    assert "2025-08-01" in said
    assert "25% (4)" in said
    assert "—" in said
    assert "W1" in four("insight", "retention", "--cohort", "week").out


def test_who_stands_behind_a_cell(four):
    found = four("insight", "retention", "--why", "2025-08-01:7", "--json").json
    assert [len(found[name]) for name in ("active", "not_active", "waiting")] == [1, 3, 0]
    assert found["rate"] == {"value": 0.25, "n": 4}
    said = four("insight", "retention", "--why", "2025-07-28:w1", "--cohort", "week").out
    assert "二二、三三" in said
    four("insight", "retention", "--why", "2025-08-01").refused()
    four("insight", "retention", "--why", "2025-08-01:2").refused()


def test_nobody(shell):
    with Desk(shell.db, CLOCK()) as desk:
        desk.write(groups.create, "新群")
    found = shell("insight", "retention", "--group", "新群", "--json").json
    assert (found["cohorts"], found["overall"]["1"]) == ([], None)
    assert shell("insight", "retention", "--group", "新群").out
