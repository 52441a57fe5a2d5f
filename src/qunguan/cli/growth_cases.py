"""`qunguan growth case list|show|add|edit|remove|export`: the notebook of cases taken apart."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from qunguan.cli.command import Context, columns, known, verbs
from qunguan.domain.errors import BadInput
from qunguan.domain.growth import Case, CaseDraft, Prompt, begun, case_parts, prompt, prompts
from qunguan.i18n import _, ngettext

_FIELDS = ("place", "happened", "learned", "next")


def register(verb: Callable[..., argparse.ArgumentParser]) -> None:
    """The verbs of `growth case`."""
    child = verbs(verb("case", listing, _("cases taken apart: list, show, add, edit, remove, export")))
    lists = child("list", listing, _("the notebook, newest first, and the shipped cases"), as_of=True)
    lists.add_argument("--search", metavar="TEXT", default="", help=_("only those with these words"))
    _which(child("show", show, _("a case, or a shipped one with what to ask of it")))
    new = child("add", add, _("write a case down"), writes=True)
    new.add_argument("title", metavar="TITLE", nargs="?", help=_("what it is called"))
    new.add_argument("--from", dest="shipped", metavar="CODE", help=_("begin with a shipped case"))
    _told(new)
    change = _which(child("edit", edit, _("change a case; what is not said stays"), writes=True))
    change.add_argument("--title", metavar="TITLE", help=_("what it is called"))
    _told(change)
    _which(child("remove", remove, _("take a case out of the notebook"), writes=True))
    out = child("export", export, _("write the notebook to a file"))
    out.add_argument("--search", metavar="TEXT", default="", help=_("only those with these words"))
    out.add_argument("--to", type=Path, metavar="FILE", required=True, help=_("a file that ends in .md, .html or .txt"))


def _which(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    parser.add_argument("case", metavar="CASE", help=_("its number or title"))
    return parser


def _told(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--place", metavar="TEXT", help=_("where you read or heard it"))
    parser.add_argument("--happened", metavar="TEXT", help=_("what happened"))
    parser.add_argument("--learned", metavar="TEXT", help=_("what you learned of it"))
    parser.add_argument("--next", metavar="TEXT", help=_("what you try next"))


def listing(context: Context) -> None:
    """Print the notebook and the shipped cases."""
    from qunguan.services import growth

    with context.desk() as desk:
        found = desk.read(growth.cases, context.options.search, context.past(desk))
    shipped = [] if context.options.search else list(prompts())
    rows = [(f"#{each.id}", str(each.day), each.draft.title, known(each.draft.place)) for each in found]
    rows += [(each.code, "—", _(each.title), _("shipped case {code}", code=each.source)) for each in shipped]
    lines = (
        columns((_("case"), _("day"), _("title"), _("where it is from")), rows)
        if rows
        else [_("No case has these words.")]
    )
    context.answer(
        {"cases": [_document(each) for each in found], "shipped": [_shipped(each) for each in shipped]},
        [*lines, _("Next: qunguan growth case add --from CODE, or case add TITLE")],
    )


def show(context: Context) -> None:
    """Print one case. Raises NotFound."""
    from qunguan.services import growth

    shipped = next((each for each in prompts() if each.code == context.options.case), None)
    if shipped is not None:
        context.answer({"shipped": _shipped(shipped)}, _prompt_lines(shipped))
        return
    with context.desk() as desk:
        found = desk.read(growth.case, context.options.case)
    context.answer({"case": _document(found)}, _lines(found))


def add(context: Context) -> None:
    """Write one down, from nothing or from a shipped one. Raises BadInput, NotFound."""
    from qunguan.services import growth

    options = context.options
    if options.shipped is None and options.title is None:
        raise BadInput("the case has no title", hint="give it one, or begin with a shipped case: --from CODE")
    draft = CaseDraft(options.title) if options.shipped is None else begun(prompt(options.shipped))
    with context.desk() as desk:
        found = context.write(desk, growth.add_case, _draft(options, draft))
    _tell(context, _("Case #{id} is in the notebook: {title}", id=found.id, title=found.draft.title), found)


def edit(context: Context) -> None:
    """Change one. Raises NotFound, BadInput."""
    from qunguan.services import growth

    with context.desk() as desk:
        old = desk.read(growth.case, context.options.case)
        found = context.write(desk, growth.edit_case, old.id, _draft(context.options, old.draft))
    _tell(context, _("Case #{id} is changed: {title}", id=found.id, title=found.draft.title), found)


def remove(context: Context) -> None:
    """Take one out. Raises NotFound."""
    from qunguan.services import growth

    with context.desk() as desk:
        old = desk.read(growth.case, context.options.case)
        context.write(desk, growth.remove_case, old.id)
    _tell(context, _("Case #{id} is out of the notebook: {title}", id=old.id, title=old.draft.title), old)


def export(context: Context) -> None:
    """Write the notebook to a file. Raises BadInput for another kind of file, and what writing raises."""
    from qunguan.exchange.writers.documents import suffix_of, write_document
    from qunguan.services import growth

    path: Path = context.options.to
    suffix_of(path)
    with context.desk() as desk:
        found = desk.read(growth.cases, context.options.search)
        made = desk.read(growth.notebook, context.options.search)
    write_document(path, made)
    told = ngettext("{n} case is in {path}", "{n} cases are in {path}", len(found), path=path)
    context.answer({"cases": len(found), "path": str(path)}, [told])


def _draft(options: argparse.Namespace, old: CaseDraft) -> CaseDraft:
    """What was said, the rest as it was."""
    said = [getattr(options, name) for name in ("title", *_FIELDS)]
    kept = (old.title, old.place, old.happened, old.learned, old.try_next)
    return CaseDraft(*(before if now is None else now for now, before in zip(said, kept, strict=True)))


def _tell(context: Context, line: str, found: Case) -> None:
    context.answer({"case": _document(found)}, [line])


def _document(found: Case) -> dict[str, Any]:
    draft = found.draft
    return {
        "id": found.id, "day": found.day, "title": draft.title, "place": draft.place, "happened": draft.happened,
        "learned": draft.learned, "next": draft.try_next,
    }  # fmt: skip


def _shipped(each: Prompt) -> dict[str, Any]:
    return {
        "code": each.code, "title": _(each.title), "told": _(each.note), "ask": _(each.why), "doubt": _(each.doubt),
        "source": each.source,
    }  # fmt: skip


def _lines(found: Case) -> Iterator[str]:
    yield found.draft.title
    yield " · ".join(filter(None, (found.day.isoformat(), found.draft.place)))
    for label, text in case_parts(found.draft):
        yield ""
        yield f"{label}:"
        yield from known(text).splitlines()


def _prompt_lines(each: Prompt) -> Iterator[str]:
    from qunguan.domain.sources import cited

    yield _(each.title)
    for text in (each.note, each.why, each.doubt):
        yield ""
        yield _(text)
    yield ""
    yield from cited(each.source)
