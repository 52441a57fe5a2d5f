"""Members as the command line prints them."""

from __future__ import annotations

from typing import Any

from qunguan.cli.command import columns, jsonable, known
from qunguan.cli.sources import cell_warning_lines, cell_warnings, rejected, rejected_lines
from qunguan.domain.member_import import RosterPreview
from qunguan.domain.members import ALIAS_KINDS, MemberCard, MemberListing, birthday_text
from qunguan.domain.rosters import FIELDS, Roster, join_tags
from qunguan.i18n import _

_SHOWN = 20  # new and changed members printed one by one; --json has them all


def listing_document(listing: MemberListing) -> dict[str, Any]:
    """One member of a list as JSON."""
    return {
        "id": listing.id,
        "name": listing.name,
        "aliases": listing.aliases,
        "joined_on": listing.joined_on,
        "left_on": listing.left_on,
        "tags": [join_tags([tag]) for tag in listing.tags],
    }


def import_document(preview: RosterPreview, roster: Roster, group: str) -> dict[str, Any]:
    """What a roster did, or would do, as JSON."""
    return {
        "group": group,
        "format": preview.format,
        "encoding": preview.encoding,
        "created": len(preview.new),
        "updated": len(preview.changed),
        "unchanged": preview.same,
        "rejected": rejected(preview.rejected),
        "warnings": cell_warnings(preview.warnings),
        "skipped": rejected(roster.skipped),
        "notes": [str(note) for note in preview.notes],
        "row_notes": rejected(preview.row_notes),
        "new": jsonable(preview.new),
        "changed": jsonable(preview.changed),
        "columns": roster.columns,
        "unmapped": roster.unmapped,
    }


def import_lines(preview: RosterPreview, dry_run: bool) -> list[str]:
    """What a roster did, or would do, for people."""
    lines = [
        _(
            "New {new}, changed {changed}, same {same}, not taken {rejected} ({format}, {encoding})",
            new=len(preview.new),
            changed=len(preview.changed),
            same=preview.same,
            rejected=len(preview.rejected),
            format=preview.format,
            encoding=preview.encoding,
        ),
        *map(str, preview.notes),
    ]
    if dry_run:
        lines += [f"+ {each.name}" for each in preview.new[:_SHOWN]]
        for each in preview.changed[:_SHOWN]:
            changes = "; ".join(
                f"{_(FIELDS[change.field]) if change.field in FIELDS else change.field}: "
                f"{known(change.old)} → {known(change.new)}"
                for change in each.changes
            )
            lines.append(f"~ {each.name} (#{each.member_id})  {changes}")
    lines += [f"{note.row}: {note.reason}" for note in preview.row_notes[:_SHOWN]]
    lines += cell_warning_lines(preview.warnings)
    lines += rejected_lines(preview.rejected)
    if not dry_run and (preview.new or preview.changed):
        lines.append(_("Next: qunguan challenge add NAME --enrol all. qunguan undo takes the import back."))
    return lines


def card_document(card: MemberCard) -> dict[str, Any]:
    """One member in full as JSON."""
    return {
        **jsonable(card.member),
        "aliases": jsonable(card.aliases),
        "stays": jsonable(card.stays),
        "tags": [join_tags([tag]) for tag in card.tags],
    }


def card_lines(card: MemberCard) -> list[str]:
    """One member in full for people."""
    person = card.member
    facts = [
        (_("name"), f"{person.name} (#{person.id})"),
        (_("phone"), person.phone),
        (_("birthday"), birthday_text(person.birthday)),
        (_("channel"), person.channel),
        (_("tags"), join_tags(card.tags)),
        (_("note"), person.note),
        *person.extra.items(),
    ]
    lines = columns(("", ""), [(name, value) for name, value in facts if value])[1:]
    also = [(_(ALIAS_KINDS[a.kind]), a.text, known(a.valid_from), a.valid_to or "") for a in card.aliases]
    lines += ["", *columns((_("kind"), _("also"), _("since"), _("until")), also)]
    stays = [(s.group, known(s.joined_on), s.left_on or "", s.inviter, s.left_reason) for s in card.stays]
    header = (_("group"), _("joined on"), _("left on"), _("invited by"), _("reason"))
    return [*lines, "", *columns(header, stays)] if stays else lines
