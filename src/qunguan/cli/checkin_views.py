"""Check-ins as the command line prints them: JSON documents with stable keys, and lines for people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from qunguan.cli.command import columns, known
from qunguan.cli.sources import rejected, rejected_lines
from qunguan.domain.checkin_outcomes import Board, Doubt, HistoryOutcome, MarkOutcome, Person, Recorded, RecordOutcome
from qunguan.domain.checkins import Mark
from qunguan.domain.jielong import Jielong, mask_phones
from qunguan.i18n import N_, _, labelled

if TYPE_CHECKING:
    from qunguan.exchange.readers.history import CheckinHistory

MARKS: dict[Mark, str] = {"done": "●", "makeup": "◐", "frozen": "❄", "excused": "○", "none": "·"}
STATES: dict[Mark, str] = {
    "done": N_("checked in"),
    "makeup": N_("made up"),
    "frozen": N_("frozen"),
    "excused": N_("excused"),
    "none": N_("no check-in"),
}
_SHOWN = 60  # characters of an item's text


def parsed(found: Jielong) -> dict[str, Any]:
    """A 接龙 as it is read."""
    return {
        "is_jielong": found.is_jielong,
        "title": found.title,
        "example": found.example,
        "tail": found.tail,
        "items": [{"number": item.number, "text": item.text} for item in found.items],
        "notes": [{"code": note.code, "text": str(note)} for note in found.notes],
    }


def parsed_lines(found: Jielong) -> list[str]:
    """The same for people."""
    heads = ((_("title"), found.title), (_("example"), found.example), (_("tail"), found.tail))
    lines = [labelled(name, _line(text)) for name, text in heads if text]
    lines += columns((_("no."), _("text")), [(item.number, _line(item.text)) for item in found.items], right=(0,))
    return [*lines, *map(str, found.notes)]


def recorded(done: RecordOutcome, names: Mapping[int, str], *, rehearsed: bool) -> dict[str, Any]:
    """What a 接龙 recorded. `new` are the unknown names; those that were created carry their id."""
    new = [{**_doubt(doubt, names), "member_id": None} for doubt in done.new]
    new += [
        {"line": person.index + 1, "text": person.text, "name": person.name, "candidates": [],
         "member_id": None if rehearsed else person.member_id}
        for person in done.created
    ]  # fmt: skip
    return {
        "day": done.day,
        "recorded": [_recorded(each) for each in done.recorded],
        "already": [_recorded(each) for each in done.already],
        "new": sorted(new, key=itemgetter("line")),
        "ambiguous": [_doubt(doubt, names) for doubt in done.ambiguous],
        "duplicate": [_recorded(each) for each in done.duplicate],
        "missing": people(done.missing),
        "vanished": people(done.vanished),
        "enrolled": people(done.enrolled),
        "points": done.points,
        "learnt": [{"member_id": each.member_id, "name": each.name, "text": each.text} for each in done.learnt],
        "notes": [{"code": note.code, "text": str(note)} for note in done.notes],
    }


def recorded_lines(done: RecordOutcome, names: Mapping[int, str], challenge: str) -> list[str]:
    """The same for people: what needs a hand is listed line by line."""
    lines = [
        _(
            "{challenge} {day}: recorded {recorded}, already there {already}, points {points}",
            challenge=challenge,
            day=done.day,
            recorded=len(done.recorded),
            already=len(done.already),
            points=f"{done.points:+d}",
        )
    ]
    if done.created:
        lines.append(_("New members: {names}", names="、".join(person.name for person in done.created)))
    if done.learnt:
        words = "、".join(_("“{text}” is {name}", text=_line(each.text), name=each.name) for each in done.learnt)
        lines.append(_("Remembered names: {names}", names=words))
    for title, doubts in ((_("Nobody is known by this name"), done.new), (_("Not clear who"), done.ambiguous)):
        if doubts:
            rows = [(doubt.index + 1, _line(doubt.text), _candidates(doubt, names)) for doubt in doubts]
            lines += ["", title, *columns((_("line"), _("text"), _("perhaps")), rows, right=(0,))]
    if done.duplicate:
        lines.append(_("Twice in the list: {names}", names="、".join(each.name for each in done.duplicate)))
    if done.vanished:
        lines.append(_("No longer in the list: {names}", names="、".join(each.name for each in done.vanished)))
    lines += map(str, done.notes)
    lines.append(_("{n} have not checked in", n=len(done.missing)))
    if done.new or done.ambiguous:
        lines.append(_("Next: the same command with --settle LINE=MEMBER, LINE=new or LINE=skip"))
    return lines


def told(done: HistoryOutcome, history: CheckinHistory) -> dict[str, Any]:
    """What a spreadsheet of check-ins did."""
    return {
        "recorded": done.recorded,
        "already": done.already,
        "rejected": rejected(done.rejected),
        "enrolled": done.enrolled,
        "layout": history.layout,
        "encoding": history.encoding,
        "skipped": rejected(history.skipped),
    }


def told_lines(done: HistoryOutcome, challenge: str, *, award: bool) -> list[str]:
    """The same for people; without `award` what was told earned nothing."""
    line = _(
        "{challenge}: recorded {recorded}, already there {already}, not taken {rejected}",
        challenge=challenge,
        recorded=done.recorded,
        already=done.already,
        rejected=len(done.rejected),
    )
    note = [] if award or not done.recorded else [_("They earned no points; import with --points to give them")]
    return [line, *note, *rejected_lines(done.rejected)]


def marked(done: MarkOutcome) -> dict[str, Any]:
    """A member's day after a mark."""
    return {
        "member_id": done.member_id,
        "name": done.name,
        "day": done.day,
        "state": done.state,
        "changed": done.changed,
        "streak": done.streak,
        "points": done.points,
        "enrolled": done.enrolled,
    }


def marked_lines(done: MarkOutcome) -> list[str]:
    """The same for people."""
    values = {"name": done.name, "day": done.day, "state": _(STATES[done.state]), "streak": done.streak}
    if not done.changed:
        return [_("{name} {day}: {state}, as before", **values)]
    return [_("{name} {day}: {state}; streak {streak}, points {points}", **values, points=f"{done.points:+d}")]


def board(found: Board, text: str | None) -> dict[str, Any]:
    """The board of a day; `text` is what would be posted, when that was asked for."""
    return {
        "challenge": {"id": found.challenge.id, "name": found.challenge.name},
        "day": found.day,
        "day_no": found.day_no,
        "due": found.due,
        "done": found.done,
        "rate": found.rate,
        "rows": [
            {
                "member_id": row.member_id,
                "name": row.name,
                "state": row.state,
                "due": row.due,
                "streak": row.streak,
                "best": row.best,
                "total": row.total,
            }
            for row in found.rows
        ],
        **({} if text is None else {"text": text}),
    }


def board_lines(found: Board) -> list[str]:
    """The board as a table."""
    rate = "—" if found.rate is None else f"{found.rate.value:.0%} (n={found.rate.n})"
    head = f"{found.challenge.name} {found.day} {found.done} / {found.due} {rate}"
    header = (_("id"), _("name"), _("today"), _("streak"), _("best"), _("total"))
    rows = [(row.member_id, row.name, MARKS[row.state], row.streak, row.best, row.total) for row in found.rows]
    return [head, *columns(header, rows, right=(0, 3, 4, 5))]


def missing(found: Board, text: str | None) -> dict[str, Any]:
    """Who is due and has not checked in."""
    return {"day": found.day, "missing": people(found.missing), **({} if text is None else {"text": text})}


def missing_lines(found: Board) -> list[str]:
    """The same for people."""
    rows = [(person.member_id, person.name, known(person.nick)) for person in found.missing]
    head = _("{challenge} {day}: {n} have not checked in", challenge=found.challenge.name, day=found.day, n=len(rows))
    return [head, *columns((_("id"), _("name"), _("group nickname")), rows, right=(0,))]


def people(found: Iterable[Person]) -> list[dict[str, Any]]:
    """Members by id and name."""
    return [{"member_id": person.member_id, "name": person.name} for person in found]


def _recorded(each: Recorded) -> dict[str, Any]:
    return {"member_id": each.member_id, "name": each.name, "text": each.text}


def _doubt(doubt: Doubt, names: Mapping[int, str]) -> dict[str, Any]:
    candidates = [
        {"member_id": c.member_id, "name": names.get(c.member_id, c.text), "alias": c.text, "why": c.why}
        for c in doubt.candidates
    ]
    return {"line": doubt.index + 1, "text": doubt.text, "name": doubt.name, "candidates": candidates}


def _candidates(doubt: Doubt, names: Mapping[int, str]) -> str:
    return " / ".join(f"{names.get(c.member_id, c.text)} (#{c.member_id})" for c in doubt.candidates)


def _line(text: str) -> str:
    """A text of several lines on one, cut, its phone numbers masked (semantics 3.18)."""
    flat = mask_phones(" ".join(text.split()))
    return flat if len(flat) <= _SHOWN else flat[: _SHOWN - 1] + "…"
