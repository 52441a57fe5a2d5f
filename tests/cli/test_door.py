"""The door: common options anywhere, help for everything, one-line usage errors, nothing heavy before it is needed."""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
from importlib import import_module

import pytest

from qunguan.cli.door import NOUNS, split
from qunguan.cli.parser import Parser

_LOADED = """
import sys
from qunguan.cli.door import run
run({arguments!r}, lambda db, clock: 0)
loaded = {{name.split(".")[0] for name in sys.modules}}
heavy = sorted(loaded & {{"textual", "sqlalchemy", "openpyxl", "xlsxwriter", "rich"}})
sys.exit(f"loaded {{heavy}}" if heavy else 0)
"""


def parser_of(noun: str) -> Parser:
    """The parser of a noun with all its verbs."""
    parser = Parser(prog=noun)
    import_module(f"qunguan.cli.{NOUNS[noun][0]}").register(parser, noun)
    return parser


def verbs_of(parser: argparse.ArgumentParser) -> dict[tuple[str, ...], argparse.ArgumentParser]:
    """The verbs of a noun and the verbs of those ("tag", "add"), empty where it has none."""
    found: dict[tuple[str, ...], argparse.ArgumentParser] = {}
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, inner in action.choices.items():
                found |= {(name,): inner} | {(name, *more): each for more, each in verbs_of(inner).items()}
    return found


@pytest.mark.parametrize("arguments", [["--version"], ["--help"], ["member", "--help"], ["points", "grant", "--help"]])
def test_help_and_version_load_neither_screens_nor_store(arguments):
    done = subprocess.run([sys.executable, "-c", _LOADED.format(arguments=arguments)], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("noun", NOUNS)
def test_every_noun_and_verb_tells_what_it_is_for(blank, noun, language):
    said = blank("--lang", language, noun, "--help")
    assert (said.code, said.err) == (0, "")
    for verb, parser in verbs_of(parser_of(noun)).items():
        assert parser.description, (noun, verb)
        said = blank(noun, *verb, "--help", "--lang", language)
        assert (said.code, said.err) == (0, "")
        assert re.search("[一-鿿]" if language == "zh" else "usage: qunguan", said.out)


def test_the_help_says_each_heading_once_in_marks_of_its_language(blank):
    chinese = blank("--lang", "zh", "member", "--help").out
    assert chinese.count("动作") == 2  # of the line of usage, and above the verbs
    assert re.findall(r"(?m)^\S.*[:：]$", chinese) == ["选项：", "动作："]
    assert "\n动作：\n  import " in chinese
    assert re.findall(r"(?m)^\S.*[:：]$", blank("--lang", "en", "member", "--help").out) == ["options:", "verbs:"]


def test_the_overview_names_every_noun(blank):
    said = blank("--help")
    assert said.code == 0
    assert all(f"  {noun} " in said.out for noun in NOUNS)


def test_options_stand_before_the_noun_or_after_it(shell):
    assert shell("member", "list", "--json").out == shell("--json", "member", "list").out
    assert shell("member", "--json", "list").json["members"]


def test_options_with_values_are_not_taken_for_the_noun():
    assert split(["--db", "x", "--json", "member", "list"]) == (["--db", "x", "--json"], "member", ["list"])
    assert split(["--version"]) == (["--version"], None, [])


@pytest.mark.parametrize(
    "line",
    [
        ["membre"],
        ["member"],
        ["member", "lst"],
        ["member", "show"],
        ["member", "show", "阿梨", "--frobnicate"],
        ["member", "show", "阿梨", "extra"],
        ["points", "grant", "阿梨", "5"],
        ["points", "grant", "阿梨", "5", "--reason", "-x"],
        ["checkin", "mark", "阿梨", "--state", "sideways"],
        ["checkin", "mark", "阿梨", "--state", "\x1b]0;pwned\x07"],
        ["--lang", "fr", "doctor"],
        ["--db"],
        ["undo", "0"],
        ["undo", "many"],
        ["challenge", "list", "--as-of", "2026-03-01"],
        ["points", "grant", "阿梨", "5", "--reason", "x", "--as-of", "2026-03-01"],
        ["member", "list\nsecond line"],
    ],
)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_wrong_usage_is_one_line_and_exit_2(shell, line, language, monkeypatch):
    monkeypatch.setenv("QUNGUAN_LANG", language)
    before = shell.digest()
    said = shell(*line).refused(2)
    assert "\x1b" not in said
    assert shell.digest() == before


def test_the_language_of_a_usage_error_is_the_one_asked_for_behind_it(blank):
    assert "少了 FILE" in blank("member", "import", "--lang", "zh").refused(2)
    assert "FILE is missing" in blank("member", "import", "--lang=en").refused(2)


def test_a_database_that_is_not_there_is_not_made_by_reading(blank):
    blank("member", "list").refused()
    assert not blank.db.exists()


def test_an_option_of_other_commands_is_none_of_this_one(blank):
    told = blank("calendar", "export", "--to", "a.ics", "--dry-run", "--lang", "zh").refused(2)
    assert "这条命令没有 --dry-run 这个选项" in told
    assert "以 - 开头" not in told
    assert "以 - 开头" in blank("member", "add", "小明", "-明", "--lang", "zh").refused(2)


def test_options_of_which_one_is_needed_are_asked_for_in_the_language_in_force(blank):
    update = ("incident", "update", "--lang", "zh")
    assert "这些里少了一个：--text-file --text" in blank(*update).refused(2)
    assert "--text 和 --text-file 只能用一个" in blank(*update, "--text-file", "a", "--text", "b").refused(2)


def test_a_name_that_begins_with_a_dash_goes_behind_two(shell):
    assert shell("member", "add", "--", "-小明").code == 0
    assert "-小明" in shell("member", "show", "--", "-小明").out
