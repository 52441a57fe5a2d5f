"""Ties between members as tables: skills and needs (an import reads them back), matches, introductions, trees …"""

from __future__ import annotations

from collections.abc import Iterable

from qunguan.domain.relation_answers import Talker
from qunguan.domain.relation_tree import Tree
from qunguan.domain.relations import KINDS, Introduction, Match, Note, Owed, Partner
from qunguan.exchange.writers.tables import Column, Table, Value
from qunguan.i18n import _


def notes_table(notes: Iterable[Note]) -> Table:
    """A line for each member with what they can do and need, several as 甲、乙."""
    people: dict[int, tuple[str, dict[str, list[str]]]] = {}
    for each in notes:
        people.setdefault(each.member_id, (each.name, {}))[1].setdefault(each.kind, []).append(each.text)
    columns = (Column("id", _("member id"), "int"), Column("name", _("name")), Column("skill", _(KINDS["skill"])),
               Column("need", _(KINDS["need"])))  # fmt: skip
    rows: list[tuple[Value, ...]] = [
        (who, name, "、".join(own.get("skill", ())), "、".join(own.get("need", ())))
        for who, (name, own) in people.items()
    ]
    return Table(_("Skills and needs"), columns, rows)


def matches_table(matches: Iterable[Match]) -> Table:
    """A line for each need and somebody who may help; needs nobody can help with have one, too."""
    columns = (Column("member", _("who needs")), Column("need", _("need")), Column("helper", _("who may help")),
               Column("skill", _("skill")), Column("why", _("why")))  # fmt: skip
    rows: list[tuple[Value, ...]] = []
    for each in matches:
        found = [(one.name, one.skill, one.why) for one in each.candidates] or [("", "", "")]
        rows += [(each.need.name, each.need.text, *one) for one in found]
    return Table(_("Needs and matches"), columns, rows)


def introductions_table(introductions: Iterable[Introduction]) -> Table:
    """The log of introductions."""
    columns = (Column("day", _("day"), "date"), Column("seeker", _("who needs")), Column("giver", _("who may help")),
               Column("about", _("what it was about")), Column("outcome", _("what came of it")),
               Column("outcome_on", _("known on"), "date"))  # fmt: skip
    rows: list[tuple[Value, ...]] = [
        (each.day, each.seeker, each.giver, each.about, each.state, each.outcome_on) for each in introductions
    ]
    return Table(_("Introductions"), columns, rows)


def trees_table(trees: Iterable[Tree]) -> Table:
    """The biggest trees."""
    columns = (Column("member", _("who began")), Column("people", _("came by them"), "int"),
               Column("direct", _("themselves"), "int"), Column("depth", _("steps deep"), "int"),
               Column("here", _("still here"), "int"), Column("bought", _("bought"), "int"))  # fmt: skip
    rows: list[tuple[Value, ...]] = [
        (each.name, each.people, each.direct, each.depth, each.here, each.bought) for each in trees
    ]
    return Table(_("Who brought whom"), columns, rows)


def answers_table(talkers: Iterable[Talker]) -> Table:
    """A line for each who answered whom how often; who was never answered and answers nobody has one, too."""
    columns = (Column("who", _("who answers")), Column("whom", _("whom")), Column("times", _("times"), "int"),
               Column("last_day", _("last day"), "date"), Column("why", _("what they are")))  # fmt: skip
    rows: list[tuple[Value, ...]] = []
    for each in talkers:
        rows += [(each.name, tie.name, tie.times, tie.last, each.why) for tie in each.given]
        if not each.given and not each.got:
            rows.append((each.name, "", 0, None, each.why))
    return Table(_("Who answers whom"), columns, rows)


def partners_table(partners: Iterable[Partner]) -> Table:
    """Co-creation partners with what they did."""
    counted = {
        "brought": _("friends brought"), "shares": _("good shares"), "campaigns": _("campaigns"),
        "posts": _("pieces written"), "helped": _("members helped"), "suggestions": _("suggestions"),
    }  # fmt: skip
    columns = (
        Column("member", _("partner")), Column("group", _("group")), Column("since", _("in the group since"), "date"),
        *(Column(name, label, "int") for name, label in counted.items()),
    )  # fmt: skip
    rows: list[tuple[Value, ...]] = [
        (each.name, each.group, each.since, each.brought, each.shares, each.campaigns, each.posts, each.helped,
         each.suggestions)
        for each in partners
    ]  # fmt: skip
    return Table(_("Co-creation partners"), columns, rows)


def owed_table(owed: Iterable[Owed]) -> Table:
    """Who is to be thanked for what."""
    columns = (Column("member", _("member")), Column("why", _("thanked for")), Column("since", _("since when"), "date"))
    rows: list[tuple[Value, ...]] = [(each.name, each.why, each.since) for each in owed]
    return Table(_("Thanks owed"), columns, rows)
