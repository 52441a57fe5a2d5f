"""`qunguan experiment` as it is typed."""

from __future__ import annotations

import pytest

KEYS = {
    "p_a", "p_b", "z", "p_value", "test", "ci_diff", "wilson_a", "wilson_b", "p_b_beats_a", "expected_loss", "srm_p",
    "verdict",
}  # fmt: skip


def test_two_counts_are_compared_without_a_database(blank):
    told = blank("experiment", "evaluate", "--a", "120/1000", "--b", "150/1000", "--json").json
    assert told.keys() >= KEYS
    assert (round(told["z"], 3), round(told["p_value"], 4), told["verdict"]) == (1.963, 0.0496, "leaning")
    assert [round(end, 4) for end in told["ci_diff"]] == [0.0001, 0.0599]
    said = blank("--lang", "en", "experiment", "evaluate", "--a", "120/1000", "--b", "150/1000")
    assert "borderline" in said.out


def test_the_plan_needs_no_database(blank):
    assert blank("experiment", "plan", "--base", "10%", "--lift", "2%", "--json").json == {"per_arm": 3839}
    told = blank("experiment", "plan", "--base", ".1", "--people", "100", "--json").json
    assert round(told["detectable"], 3) == 0.247
    assert blank("experiment", "plan", "--base", ".1", "--lift", ".1", "--power", "90%", "--json").json["per_arm"] > 197


@pytest.mark.parametrize(
    "arguments",
    [
        ("evaluate", "--a", "5/3", "--b", "1/2"),
        ("plan", "--base", "10%", "--lift", "95%"),
        ("plan", "--base", "10%"),
        ("show", "没有"),
        ("split", "没有", "--arms", "A,B"),
    ],
)
def test_bad_input_is_one_line(shell, arguments):
    shell("experiment", *arguments).refused(1)


def test_an_experiment_from_plan_to_verdict(shell, tmp_path):
    made = shell(
        "experiment", "add", "海报", "--outcome", "预约", "--arms", "旧,新", "--base", "20%", "--lift", "60%", "--json"
    )
    assert made.json["experiment"]["per_arm"] == 7
    folder = tmp_path / "名单"
    rehearsed = shell("experiment", "split", "海报", "--to", folder, "--dry-run", "--json").json
    assert rehearsed["new"] > 0
    assert not folder.exists()
    done = shell("experiment", "split", "海报", "--to", folder, "--json").json
    assert len(done["files"]) == 2
    names = [row["name"] for arm in done["arms"] for row in arm["members"]]
    listed = "".join((folder / path.rpartition("/")[2]).read_text("utf-8-sig") for path in done["files"])
    assert all(name in listed for name in names)
    shell("experiment", "count", "海报", "旧", "1/40")
    told = shell("experiment", "count", "海报", "新", "30/40", "--json").json
    assert told["results"][1]["judgement"]["verdict"] == "won"
    assert told["results"][0]["judgement"] is None
    assert shell("experiment", "list", "--json").json["experiments"][0]["experiment"]["name"] == "海报"
    assert "新" in shell("experiment", "show", "1").out
    shell("experiment", "close", "海报", "--decision", "用新的")
    assert shell("experiment", "list", "--json").json["experiments"] == []


def test_a_list_of_names_says_who_did_it(shell, tmp_path):
    shell("experiment", "add", "海报", "--outcome", "预约", "--arms", "A=2,B=1")
    done = shell("experiment", "split", "海报", "--json").json
    name = next(row["name"] for arm in done["arms"] for row in arm["members"])
    told = shell("experiment", "done", "海报", "-", "--json", stdin=f"{name}\n没有的人\n".encode()).json
    assert told == {"noted": 1, "already": 0, "outside": ["没有的人"]}
    assert shell("experiment", "done", "海报", tmp_path / "没有.txt").refused(1)


def test_what_a_plan_cannot_reach_and_counts_that_cannot_be_are_told(shell):
    said = shell(
        "--lang", "en", "experiment", "add", "小", "--outcome", "x", "--arms", "A,B", "--base", "10%", "--lift", "1%"
    )
    assert "the arms need" in said.out
    shell("experiment", "split", "小")
    told = shell("--lang", "en", "experiment", "count", "小", "A", "20/2000").out
    assert "A: 20/2000" in told
    assert "more than the" in told


def test_a_split_no_chance_makes_is_said_so(blank):
    told = blank("--lang", "en", "experiment", "evaluate", "--a", "1/9000", "--b", "1/100").out
    assert "no chance makes" in told
