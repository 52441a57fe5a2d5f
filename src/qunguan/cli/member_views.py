"""Members as the command line prints them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from qunguan.cli import level_views, plan_views
from qunguan.cli.command import columns, jsonable, known
from qunguan.cli.sources import cell_warning_lines, cell_warnings, rejected, rejected_lines
from qunguan.domain.badges import Holding
from qunguan.domain.member_import import RosterPreview
from qunguan.domain.members import MemberListing, masked_phone
from qunguan.domain.profiles import MemberPage, PageReasons
from qunguan.domain.rosters import FIELDS, Reason, Roster
from qunguan.domain.tags import join_tags
from qunguan.exchange.writers.card_lines import sections, timeline
from qunguan.i18n import _, labelled, ngettext

_SHOWN = 20  # new and changed members, or days, printed one by one; --json has them all


def listing_document(listing: MemberListing, by_rule: Sequence[tuple[str, str]] = ()) -> dict[str, Any]:
    """One member of a list as JSON; `rule_tags` are those a rule gives on the day."""
    return {
        "id": listing.id,
        "name": listing.name,
        "aliases": listing.aliases,
        "joined_on": listing.joined_on,
        "left_on": listing.left_on,
        "tags": [join_tags([tag]) for tag in listing.tags],
        "rule_tags": [join_tags([tag]) for tag in by_rule],
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
            changes = _("; ").join(
                labelled(
                    _(FIELDS[change.field]) if change.field in FIELDS else change.field,
                    f"{known(change.old)} → {known(change.new)}",
                )
                for change in each.changes
            )
            lines.append(f"~ {each.name} (#{each.member_id})  {changes}")
    lines += map(str, preview.row_notes[:_SHOWN])
    lines += cell_warning_lines(preview.warnings)
    lines += rejected_lines(preview.rejected)
    if not dry_run and (preview.new or preview.changed):
        lines.append(_("Next: qunguan challenge add NAME --enrol all. qunguan undo takes the import back."))
    return lines


def page_document(page: MemberPage, why: PageReasons, *, reveal: bool) -> dict[str, Any]:
    """One member on one page as JSON, every part of it; the phone is masked without `reveal`."""
    person = page.card.member
    bought = page.spending
    return {
        **jsonable(person),
        "phone": person.phone if reveal else masked_phone(person.phone),
        "as_of": page.day,
        "next_birthday": page.next_birthday,
        "aliases": jsonable(page.card.aliases),
        "stays": jsonable(page.card.stays),
        "tags": [join_tags([tag]) for tag in page.card.tags],
        "rule_tags": [join_tags([tag]) for tag in page.rule_tags],
        "level": None if page.level is None else level_views.card(page.level, why.level),
        "points": {
            "balance": page.points,
            "debt": page.account.debt,
            "lots": [{"expires_on": day, "left": left} for day, left in page.lots],
        },
        "badges": [_badge(each, dict(why.badges)[each.badge.name]) for each in page.badges],
        "next_badges": [{"badge": each.badge.name, "metric": each.badge.metric, "value": each.value,
                         "missing": each.missing} for each in page.near],
        "streaks": jsonable(page.standings),
        "orders": None if bought is None else {
            "count": bought.orders, "net_fen": bought.net_fen, "aov_fen": bought.aov_fen, "ltv_fen": bought.net_fen,
            "first_day": bought.first_day, "last_day": bought.last_day, "last_fen": bought.last_fen,
        },
        "redemptions_waiting": [{"id": each.id, "reward": each.reward, "code": each.code, "day": each.day,
                                 "expires_on": each.expires_on} for each in page.waiting],
        "memberships": [plan_views.membership(each) for each in page.memberships],
        "skills": [each.text for each in page.ties if each.kind == "skill"],
        "needs": [each.text for each in page.ties if each.kind == "need"],
        "timeline": jsonable(page.events),
    }  # fmt: skip


def _badge(held: Holding, why: Sequence[Reason]) -> dict[str, Any]:
    return {"badge": held.badge.name, "title": held.badge.title, "since": held.since, "until": held.until,
            "by": held.by, "value": held.value, "why": [str(line) for line in why]}  # fmt: skip


def page_lines(page: MemberPage, *, reveal: bool) -> list[str]:
    """The page for the owner: its sections, then the newest days of what happened."""
    person = page.card.member
    lines = [f"{person.name} (#{person.id})  {_('as of {day}', day=page.day)}"]
    for title, entries in sections(page, reveal=reveal):
        if entries:
            lines += ["", *([title] if title else []), *columns(("", ""), entries)[1:]]
    days = list(timeline(page))
    lines += ["", _("Timeline"), *(f"{day}  {' · '.join(told)}" for day, told in days[:_SHOWN])]
    if len(days) > _SHOWN:
        more = len(days) - _SHOWN
        lines.append(ngettext("…and {n} earlier day: --json and --markdown have all",
                              "…and {n} earlier days: --json and --markdown have all", more))  # fmt: skip
    return lines
