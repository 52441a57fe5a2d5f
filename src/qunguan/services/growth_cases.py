"""The notebook of cases: what happened elsewhere, what was learned of it, what to try next (S4-28)."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Row

from qunguan.domain.clock import Clock
from qunguan.domain.documents import Block, Document, Heading, Paragraph
from qunguan.domain.errors import NotFound
from qunguan.domain.growth import Case, CaseDraft, case_parts, checked_case
from qunguan.domain.text import match_key, show
from qunguan.i18n import N_, _, ngettext
from qunguan.services import groups
from qunguan.store import growth_queries as queries
from qunguan.store.growth import case_note
from qunguan.store.session import Session


def cases(session: Session, search: str = "", as_of: date | None = None) -> tuple[Case, ...]:
    """The notebook, newest first: all of it, or those with every one of these words; up to a day."""
    words = match_key(search).split()
    found = map(_case, queries.cases(session, as_of))
    return tuple(each for each in found if all(word in _searched(each) for word in words))


def case(session: Session, text: str) -> Case:
    """The case that is meant, by number or title. Raises NotFound."""
    number = text.strip().removeprefix("#")
    row = session.get(case_note, int(number[:18])) if number.isdecimal() else None
    if row is not None:
        return _case(row)
    wanted = match_key(text)
    found = next((each for each in map(_case, queries.cases(session)) if match_key(each.draft.title) == wanted), None)
    if found is None:
        raise NotFound("there is no case {text} in the notebook", hint="qunguan growth case list shows them",
                       text=show(text[:40]))  # fmt: skip
    return found


def add_case(session: Session, clock: Clock, draft: CaseDraft) -> Case:
    """Write a case down, as of today. Raises BadInput without a title."""
    made = checked_case(draft)
    session.step(N_("Wrote down the case {title}"), title=made.title)
    today = clock.today(groups.day_rule(session))
    row_id = session.insert(case_note, **_columns(made), biz_date=today, made_at=clock.now())
    return case(session, str(row_id))


def edit_case(session: Session, clock: Clock, case_id: int, draft: CaseDraft) -> Case:
    """Change a case; the day it was written down stays. Raises NotFound, BadInput."""
    old, made = case(session, str(case_id)), checked_case(draft)
    if made != old.draft:
        session.step(N_("Changed the case {title}"), title=made.title)
        session.update(case_note, case_id, **_columns(made))
    return case(session, str(case_id))


def remove_case(session: Session, clock: Clock, case_id: int) -> Case:
    """Take a case out of the notebook. Raises NotFound."""
    old = case(session, str(case_id))
    session.step(N_("Removed the case {title}"), title=old.draft.title)
    session.delete(case_note, case_id)
    return old


def notebook(session: Session, search: str = "") -> Document:
    """The notebook as a document, one case after the other."""
    found = cases(session, search)
    blocks: list[Block] = []
    for each in found:
        blocks.append(Heading(each.draft.title))
        blocks.append(Paragraph(" · ".join(filter(None, (each.day.isoformat(), each.draft.place)))))
        for label, text in case_parts(each.draft):
            if text:
                blocks += [Paragraph(label), Paragraph(text, quoted=True)]
    subtitle = ngettext("{n} case", "{n} cases", len(found))
    return Document(_("Cases taken apart"), subtitle, tuple(blocks))


def _searched(found: Case) -> str:
    draft = found.draft
    return match_key("\n".join((draft.title, draft.place, draft.happened, draft.learned, draft.try_next)))


def _columns(draft: CaseDraft) -> dict[str, Any]:
    return {
        "title": draft.title, "place": draft.place, "happened": draft.happened, "learned": draft.learned,
        "try_next": draft.try_next,
    }  # fmt: skip


def _case(row: Row[Any]) -> Case:
    return Case(row.id, row.biz_date, CaseDraft(row.title, row.place, row.happened, row.learned, row.try_next))
