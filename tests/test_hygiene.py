"""What must agree with what: actions with keys and screens, the key sheets, messages, rules, README and CI."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter
from importlib import import_module
from pathlib import Path

import pytest
from textual.binding import Binding

from qunguan.cli.keys import lines
from qunguan.domain.actions import ACTIONS, nouns, of, twins
from qunguan.domain.rules import presets
from qunguan.i18n import set_language
from qunguan.tui.app import QunguanApp
from qunguan.tui.bindings import bindings, key_names

ROOT = Path(__file__).parents[1]
NOUNS = [noun for noun, _name in nouns()]


@pytest.mark.parametrize("noun", NOUNS)
def test_every_action_of_a_screen_is_bound_and_done(noun):
    screen = import_module(f"qunguan.tui.screens.{noun}").SCREEN
    assert screen.noun == noun
    for action in of(noun):
        assert callable(getattr(screen, f"do_{action.verb}", None)), action.id
    bound = {binding.id for binding in bindings(noun) if isinstance(binding, Binding)}
    assert bound == {action.id for action in of(noun)}


def test_every_action_everywhere_is_done_by_the_app():
    for action in of("app"):
        assert action.verb.startswith("go_") or callable(getattr(QunguanApp, f"do_{action.verb}", None)), action.id


@pytest.mark.parametrize("noun", NOUNS)
def test_no_key_means_two_things_on_one_screen(noun):
    keys = Counter(name for action in (*of(noun), *of("app")) for name in key_names(action).split(","))
    assert [key for key, count in keys.items() if count > 1] == []


def test_every_single_character_key_has_its_full_width_twin():
    for action in ACTIONS:
        for key in action.keys:
            if len(key) == 1:
                assert chr(ord(key) + 0xFEE0) in twins(key), action.id


def test_actions_say_what_they_do():
    assert len({action.id for action in ACTIONS}) == len(ACTIONS)
    for action in ACTIONS:
        assert action.label, action.id
        assert action.help, action.id


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_printed_key_sheet_is_the_table(language):
    set_language(language)
    try:
        sheet = "\n".join(lines())
    finally:
        set_language(None)
    path = ROOT / "docs" / f"keys.{language}.md"
    assert path.read_text(encoding="utf-8").rstrip() == sheet.rstrip(), f"qunguan --lang {language} keys > {path.name}"


def test_every_message_has_its_chinese():
    done = subprocess.run(
        [sys.executable, "scripts/messages.py", "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


def test_every_rule_names_its_source():
    for rule in presets().values():
        assert rule.source, rule.id
        assert rule.label, rule.id


def test_ci_runs_the_test_command_of_the_readme():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    command = re.search(r"-m (pytest .*)", readme)
    assert command
    assert f"python -m {command[1]}" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


def test_readme_shows_pictures_that_are_there():
    for picture in re.findall(r"!\[[^]]*\]\(([^)]+)\)", (ROOT / "README.md").read_text(encoding="utf-8")):
        assert (ROOT / picture).is_file(), picture


def test_documents_name_files_that_are_there():
    for page in ("README.md", "docs/architecture.md"):
        for link in re.findall(r"\]\(([^)#:]+)\)", (ROOT / page).read_text(encoding="utf-8")):
            assert ((ROOT / page).parent / link).exists(), link


def test_the_page_on_architecture_names_files_and_nouns_that_are_there():
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    package = ROOT / "src" / "qunguan"
    files = re.findall(r"`([a-z_]+(?:/[a-zA-Z_]+)+\.[a-z]+)`", page)
    assert files
    assert not [path for path in files if not (package / path).is_file() and not (ROOT / path).is_file()]
    table = page[page.index("| noun |") : page.index("**Derived, not cached.**")]
    told = [noun for first in re.findall(r"^\| ([a-z, ]+) \|", table, re.MULTILINE)[1:] for noun in first.split(", ")]
    modules = {path.stem for floor in ("domain", "services") for path in (package / floor).glob("*.py")}
    assert {noun for noun, count in Counter(told).items() if count > 1} == set()
    assert [noun for noun in told if not any(name.startswith(noun) for name in modules)] == []
    assert set(NOUNS) - set(told) == {"speakers"}  # whose words they are belongs to activity


def test_every_reference_in_the_code_is_explained():
    words = r"\b(?:(?:semantics|quality|speed|formats|field) \d+(?:\.\d+)*|S[0-4]-\d\d|C[0-3]\d)\b"
    files = [*(ROOT / "src").rglob("*.py"), *(ROOT / "src").rglob("*.toml")]
    used = {found for path in files for found in re.findall(words, path.read_text(encoding="utf-8"))}
    explained = set(re.findall(words, (ROOT / "docs" / "references.md").read_text(encoding="utf-8")))
    assert used <= explained, sorted(used - explained)
