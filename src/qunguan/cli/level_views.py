"""What the level commands answer: documents for JSON, lines for people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from qunguan.cli.command import columns, known
from qunguan.domain.level_views import (
    Benefit,
    BenefitUsed,
    Draft,
    Ladder,
    LevelCard,
    LevelCount,
    MemberLevel,
    Move,
    Overview,
    Preview,
)
from qunguan.domain.level_words import CAUSES, kept_said, quota_said, ways_said
from qunguan.domain.levels import Measured, Terms, quantity, to_json
from qunguan.domain.rosters import Reason
from qunguan.domain.sources import Brief
from qunguan.i18n import _, labelled


def overview(found: Overview, made: Ladder) -> dict[str, Any]:
    """Members by level and the moves of the last days, with the terms in force."""
    return {
        "ladder": found.ladder,
        "day": found.day,
        "levels": _levels(found.levels),
        "since": found.moves.first,
        "rises": [_move(each) for each in found.moves.rises],
        "falls": [_move(each) for each in found.moves.falls],
        "terms": to_json(made.terms(found.day)),
    }


def overview_lines(found: Overview) -> list[str]:
    """The same for people."""
    head = _("{ladder} on {day}", ladder=found.ladder, day=found.day)
    moved = _("Since {day}: {rises} rose, {falls} fell", day=found.moves.first, rises=len(found.moves.rises),
              falls=len(found.moves.falls))  # fmt: skip
    lines = [head, *_level_lines(found.levels), "", moved]
    return [*lines, *_move_lines(found.moves.rises), *_move_lines(found.moves.falls)]


def preview(found: Preview) -> dict[str, Any]:
    """What saving would do."""
    return {
        "ladder": found.ladder,
        "day": found.day,
        "levels": _levels(found.levels),
        "rises": [_move(each) for each in found.rises],
        "falls": [_move(each) for each in found.falls],
    }


def preview_lines(found: Preview) -> list[str]:
    """The same for people."""
    head = _("If {ladder} were saved so on {day}: {rises} rise, {falls} fall", ladder=found.ladder, day=found.day,
             rises=len(found.rises), falls=len(found.falls))  # fmt: skip
    told = _("Nothing was saved; qunguan level set or level preset does it")
    return [head, *_level_lines(found.levels), "", *_move_lines(found.rises), *_move_lines(found.falls), told]


def ladder(found: Ladder, day: date) -> dict[str, Any]:
    """A ladder with its terms of a day and its history."""
    versions = [{"from_day": each.from_day, "reason": each.reason} for each in found.versions]
    return {
        "id": found.id,
        "name": found.name,
        "preset": found.preset,
        "current": found.current,
        "terms": to_json(found.terms(day)),
        "versions": versions,
    }


def ladders(found: Iterable[Ladder], shipped: Mapping[str, Draft], day: date) -> dict[str, Any]:
    """The ladders, and the presets that can be taken."""
    return {
        "ladders": [ladder(each, day) for each in found],
        "presets": [
            {"id": preset_id, "name": draft.name, "source": draft.source, "terms": to_json(draft.terms)}
            for preset_id, draft in shipped.items()
        ],
    }


def ladder_lines(found: Sequence[Ladder], shipped: Mapping[str, Draft], day: date) -> list[str]:
    """The same for people: every ladder with what its levels ask for."""
    lines: list[str] = []
    for each in found:
        mark = _("shown on the screens") if each.current else ""
        lines += [f"{each.name} (#{each.id}) {mark}".rstrip(), *_terms_lines(each.terms(day)), ""]
    lines.append(_("Presets, taken with qunguan level preset ID:"))
    for preset_id, draft in shipped.items():
        lines += [
            labelled(preset_id, f"{draft.name} ({Brief(draft.source)})"),
            *_terms_lines(draft.terms),
        ]
    return lines


def stands(found: MemberLevel, name: str) -> dict[str, Any]:
    """Where a member stands."""
    return {
        "member_id": found.member_id,
        "name": name,
        "level": found.level,
        "rank": found.rank,
        "since": found.since,
        "until": found.standing.until,
        "cause": found.standing.cause,
        "reason": found.standing.reason,
    }


def card(found: LevelCard, why: Iterable[Reason]) -> dict[str, Any]:
    """One member's level: why, the way there, what is missing, benefits."""
    ahead = found.next
    return {
        "ladder": found.ladder,
        "day": found.day,
        **stands(found.now, found.name),
        "why": [str(line) for line in why],
        "next": None if ahead is None else {
            "level": ahead.level,
            "rank": ahead.rank,
            "any": [[_measured(each) for each in way] for way in ahead.ways],
        },
        "benefits": [
            {**_benefit(each.benefit), "used": each.used, "left": each.left} for each in found.benefits
        ],
        "history": [
            {"day": each.from_day, "level": level, "rank": each.rank, "cause": each.cause, "until": each.until,
             "reason": each.reason}
            for level, each in found.path
        ],
    }  # fmt: skip


def card_lines(found: LevelCard, why: Iterable[Reason]) -> list[str]:
    """The same for people."""
    lines = [f"{found.name} (#{found.member_id}): {found.now.level}", *(f"  {line}" for line in why)]
    if found.next is not None:
        lines.append(_("To {level}:", level=found.next.level))
        for way in found.next.ways:
            needs = [
                _("{missing} missing of {bar}", missing=quantity(each.condition.metric, each.missing),
                  bar=each.condition.said())
                for each in way if each.missing
            ]  # fmt: skip
            lines.append("  " + (_(" and ").join(needs)))
    for each in found.benefits:
        lines.append("  " + labelled(each.benefit.name, quota_said(each.benefit)) + (
            "" if each.left is None else _(", {n} left", n=each.left)
        ))  # fmt: skip
    rows = [(each.from_day, level, _(CAUSES[each.cause]), known(each.until), each.reason) for level, each in found.path]
    header = (_("from"), _("level"), _("why"), _("held through"), _("reason"))
    return [*lines, "", *columns(header, rows)]


def benefit(found: Benefit, terms: Terms) -> dict[str, Any]:
    """A benefit with the level it begins at."""
    return {**_benefit(found), "level": terms.name(found.rank), "rank": found.rank, "closed_on": found.closed_on}


def benefit_lines(found: Iterable[Benefit], terms: Terms) -> list[str]:
    """Benefits by level."""
    rows = [(each.id, terms.name(each.rank), each.name, quota_said(each), known(each.closed_on), each.note)
            for each in found]  # fmt: skip
    return columns((_("id"), _("from level"), _("benefit"), _("how often"), _("closed"), _("note")), rows, right=(0,))


def used(done: BenefitUsed) -> dict[str, Any]:
    """What came of using a benefit."""
    return {
        "member_id": done.member_id,
        "name": done.name,
        "benefit_id": done.benefit.id,
        "benefit": done.benefit.name,
        "quantity": done.quantity,
        "day": done.day,
        "left": done.left,
    }


def _levels(found: Iterable[LevelCount]) -> list[dict[str, Any]]:
    return [{"name": each.name, "rank": each.rank, "members": each.members} for each in found]


def _level_lines(found: Iterable[LevelCount]) -> list[str]:
    return columns((_("level"), _("members")), [(each.name, each.members) for each in found], right=(1,))


def _move(found: Move) -> dict[str, Any]:
    return {
        "member_id": found.member_id,
        "name": found.name,
        "day": found.day,
        "from": found.from_level,
        "to": found.to_level,
        "cause": found.cause,
        "reason": found.reason,
        "why": [_measured(each) for each in found.why],
        "benefits_lost": list(found.lost),
    }


def _move_lines(found: Iterable[Move]) -> list[str]:
    lines = []
    for each in found:
        mark = "↑" if each.up else "↓"
        line = f"{mark} {each.day} {each.name} (#{each.member_id}) {each.from_level} → {each.to_level}, "
        line += _(CAUSES[each.cause])
        if each.lost:
            line += _("; loses {benefits}", benefits=_(", ").join(each.lost))
        lines.append(line)
    return lines


def _measured(found: Measured) -> dict[str, Any]:
    return {
        "metric": found.condition.metric,
        "days": found.condition.days,
        "value": found.value,
        "needed": found.needed,
        "missing": found.missing,
    }


def _benefit(found: Benefit) -> dict[str, Any]:
    return {"benefit_id": found.id, "name": found.name, "quota": found.quota, "period": found.period,
            "note": found.note}  # fmt: skip


def _terms_lines(terms: Terms) -> list[str]:
    """What each level asks for, and how it is kept."""
    lines = [f"  {rank}. " + labelled(level.name, ways_said(level)) for rank, level in enumerate(terms.levels, 1)]
    return [*lines, f"  {kept_said(terms)}"]
