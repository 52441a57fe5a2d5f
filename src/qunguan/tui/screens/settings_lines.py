"""The one list of the settings: groups, rules, backups, the file, undo history, language and version."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Literal

from qunguan import __version__
from qunguan.domain import sources
from qunguan.domain.backups import Backup, FileFacts
from qunguan.domain.clock import DayRule
from qunguan.domain.groups import Capacity, Group
from qunguan.domain.pinyin import sounds_like
from qunguan.domain.rule_words import rule_value
from qunguan.domain.rules import RuleState
from qunguan.domain.settings import SettingsView
from qunguan.domain.text import match_key
from qunguan.i18n import N_, _, language, ngettext
from qunguan.tui.widgets.paged_table import Cell, Column, Row
from qunguan.tui.widgets.table_cells import CellStyle
from qunguan.values import frozen

Kind = Literal["heading", "group", "rule", "backup", "file", "step", "language", "version"]

PLATFORMS = {
    "wechat": N_("WeChat"),
    "wecom": N_("WeCom"),
    "qq": N_("QQ groups"),
    "zsxq": N_("Zhishi Xingqiu"),
    "app": N_("an app"),
    "other": N_("another platform"),
}
REASONS = {
    "manual": N_("by hand"),
    "import": N_("before an import"),
    "restore": N_("before a restore"),
    "migrate": N_("before an update"),
}


@frozen
class Line:
    """One line: what kind of thing, the thing itself, and how it is drawn. `id` stays the same over reloads."""

    kind: Kind
    id: str
    cells: tuple[Cell | str, ...]
    thing: Any = None


def columns() -> tuple[Column, ...]:
    """A mark, what it is, its value, where it comes from."""
    return (
        Column("", width=2),
        Column(_("setting"), flex=10, minimum=20),
        Column(_("value"), flex=5, minimum=14),
        Column(_("source"), flex=6, minimum=20, drop=1),
    )


def lines(view: SettingsView, backups: Sequence[Backup], facts: FileFacts, day_rule: DayRule) -> list[Line]:
    """Every line in order. Times are shown on the clock of `day_rule`."""
    return [
        *_section(N_("Groups"), N_("a new group · Enter edit · Del put away"), _groups(view)),
        *_section(
            N_("Rules"), N_("Enter edit · Space on/off · Del back to the preset · w why"), map(_rule, view.rules)
        ),
        *_section(N_("Backups"), N_("b back up now · Enter restore"), _backups(backups, day_rule)),
        *_section(N_("The file"), N_("d doctor"), _file(facts)),
        *_section(N_("Undo"), N_("u takes the newest step back · Ctrl+R redoes"), _steps(view, day_rule)),
        *_section(N_("The program"), N_("l switches the language"), _program()),
    ]


def found(given: Sequence[Line], search: str) -> list[Line]:
    """The lines a search means: each of its words is in the name, the section or the value of the line, in what its
    source speaks of, or in the pinyin or the initials of one of these. Headings go; without words all stay."""
    words = [match_key(word) for word in search.split()]
    if not words:
        return list(given)
    section, kept = "", []
    for line in given:
        if line.kind == "heading":
            section = str(line.thing or "")
        elif all(_meant(line, section, word) for word in words):
            kept.append(line)
    return kept


def _meant(line: Line, section: str, word: str) -> bool:
    texts = [section, *(cell.text if isinstance(cell, Cell) else cell for cell in line.cells[1:])]
    if line.kind == "rule":
        texts.append(line.thing.rule.id)
    return any(word in match_key(text) for text in texts) or any(sounds_like(text, word) for text in texts)


def _section(title: str, keys: str, inside: Iterator[Line]) -> Iterator[Line]:
    yield _said(f"heading:{title}", f"── {_(title)} · {_(keys)}", "strong", _(title))
    yield from inside


def _said(name: str, text: str, style: CellStyle, thing: Any = None) -> Line:
    """A line that only says something, over all columns."""
    return Line("heading", name, ("", Cell(text, style, runs_on=True), "", ""), thing)


def _groups(view: SettingsView) -> Iterator[Line]:
    for group, capacity in view.groups:
        gone = group.archived_on is not None
        mark = "·" if gone else "●" if group.id == view.current else "○"
        style: CellStyle = "dim" if gone else "warn" if capacity.verdict != "ok" else ""
        value = f"{platform_word(group.platform)} · {people(capacity)}"
        where = _("put away") if gone else f"{group.timezone} {group.day_start:02d}:00"
        cells = (mark, Cell(group.name, "dim" if gone else ""), Cell(value, style), Cell(where, "dim"))
        yield Line("group", f"group:{group.id}", cells, (group, capacity))
    if not view.groups:
        yield _said("group:none", _("no group yet: press a"), "dim")


def people(capacity: Capacity) -> str:
    """How many are there, of how many at most: `312 / 500 people`."""
    if capacity.hard is None:
        return ngettext("{n} person", "{n} people", capacity.present)
    return _("{n} of {most} people", n=capacity.present, most=capacity.hard)


def platform_word(platform: str) -> str:
    """What people call a platform."""
    return _(PLATFORMS[platform])


def _rule(state: RuleState) -> Line:
    value = rule_value(state.rule, state.value) + (" *" if state.changed else "")
    style: CellStyle = "dim" if not state.enabled else "strong" if state.changed else ""
    mark = Cell("●" if state.enabled else "○", "done" if state.enabled else "dim")
    cells = (mark, Cell(_(state.rule.label), "" if state.enabled else "dim"), Cell(value, style))
    said = (sources.spoken(state.rule.source), sources.numbered(state.rule.source))
    source = Cell("  ".join(filter(None, said)), "dim")
    return Line("rule", f"rule:{state.rule.id}", (*cells, source), state)


def _backups(backups: Sequence[Backup], day_rule: DayRule) -> Iterator[Line]:
    for backup in backups:
        mark = Cell("✓", "done") if backup.verified else Cell("?", "warn")
        at = f"{day_rule.local(backup.at):%Y-%m-%d %H:%M}"
        cells = (mark, at, reason_word(backup.reason), Cell(size(backup.size), "dim"))
        yield Line("backup", f"backup:{backup.path}", cells, backup)
    if not backups:
        yield _said("backup:none", _("no backup yet: press b"), "dim")


def reason_word(reason: str) -> str:
    """Why a backup was made."""
    return _(REASONS[reason]) if reason in REASONS else reason


def size(amount: int) -> str:
    """Bytes as people read them: 384 KB, 2.1 MB."""
    return f"{amount / 1024:.0f} KB" if amount < 1024 * 1024 else f"{amount / 1024 / 1024:.1f} MB"


def _file(facts: FileFacts) -> Iterator[Line]:
    cells = ("", str(facts.path), size(facts.size), Cell(_("d: all checks"), "dim"))
    yield Line("file", "file", cells, facts)
    for place, notice in enumerate(facts.notices):
        yield Line("file", f"file:{place}", (Cell("!", "warn"), Cell(notice, "warn"), "", ""), facts)


def _steps(view: SettingsView, day_rule: DayRule) -> Iterator[Line]:
    for place, step in enumerate(view.steps):
        at = f"{day_rule.local(step.at):%m-%d %H:%M}"
        mark = Cell("u" if place == 0 else "", "strong")
        yield Line("step", f"step:{step.id}", (mark, str(step), Cell(at, "dim"), ""), step)
    if not view.steps:
        yield _said("step:none", _("nothing to take back yet"), "dim")


def _program() -> Iterator[Line]:
    speaks = {"zh": "中文", "en": "English"}[language()]
    yield Line("language", "language", ("", _("Language of the screens"), speaks, Cell("l", "dim")))
    yield Line("version", "version", ("", "群管 qunguan", __version__, ""))


def group_of(line: Line) -> Group:
    """The group of a group's line."""
    group: Group = line.thing[0]
    return group


class LineSource:
    """The lines as a table takes them; `keys` gives each id its number, the same over reloads."""

    def __init__(self, given: Sequence[Line], keys: dict[str, int]) -> None:
        self.lines = tuple(given)
        self._keys = [keys.setdefault(line.id, len(keys)) for line in given]

    @property
    def count(self) -> int:
        """How many lines."""
        return len(self.lines)

    async def fetch(self, start: int, size: int) -> list[Row]:
        """The lines of a page."""
        numbered = zip(self._keys[start : start + size], self.lines[start : start + size], strict=True)
        return [Row(key, line.cells) for key, line in numbered]

    async def find(self, key: int) -> int | None:
        """Where a line is."""
        return self._keys.index(key) if key in self._keys else None
