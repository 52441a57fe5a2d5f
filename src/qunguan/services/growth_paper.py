"""The growth plan as a document: what is done and by what, what is late, what comes next (S4-27)."""

from __future__ import annotations

from datetime import date

from qunguan.domain.clock import Clock
from qunguan.domain.documents import Block, Document, Heading, Items
from qunguan.domain.growth import MARKS, STAGES, BoxState, headline
from qunguan.i18n import _
from qunguan.services.growth import plan
from qunguan.store.session import Session


def plan_document(session: Session, clock: Clock, as_of: date | None = None) -> Document:
    """The plan as of a day, a stage under its heading, a box a line with its mark."""
    found = plan(session, clock, as_of)
    blocks: list[Block] = []
    for stage, about in STAGES.items():
        lines = tuple(_line(each) for each in found.boxes if each.box.stage == stage)
        blocks += [Heading(_(about)), Items(lines)]
    return Document(_("My ninety days"), headline(found), tuple(blocks))


def _line(each: BoxState) -> str:
    said = str(each.evidence) if each.evidence else each.note
    told = " · ".join(filter(None, (_(each.box.title), str(each.done_on or ""), said)))
    due = "" if each.done_on else _("by {day}", day=each.due)
    return " ".join(filter(None, (MARKS[each.mark], told, due)))
