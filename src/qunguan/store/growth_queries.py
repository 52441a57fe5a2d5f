"""What ticks the boxes of the growth plan: for each check the rows that count, in the order they came about (S4-27).

A row has `at` (a business day, or a moment), `row_id`, `name` and `group_id` (None: of no group). One statement a
check; those of SOPs read the marks once for both of theirs.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Integer, Row, Select, bindparam, func, literal, null, select, union_all

from qunguan.store import tasks as sops
from qunguan.store.activity import chat_import, question
from qunguan.store.alerts import alert_note
from qunguan.store.campaigns import campaign, campaign_cost, campaign_review
from qunguan.store.cleaning import wake
from qunguan.store.content import content_column, post, post_result, post_segment
from qunguan.store.experiments import experiment
from qunguan.store.goals import channel_cost, goal
from qunguan.store.groups import chat_group
from qunguan.store.growth import case_note, growth_mark, growth_plan
from qunguan.store.incidents import incident, incident_review
from qunguan.store.members import member
from qunguan.store.orders import shop_order
from qunguan.store.positioning import house_rule
from qunguan.store.products import product
from qunguan.store.reach import contact
from qunguan.store.referrals import invite
from qunguan.store.relations import introduction
from qunguan.store.segments import scheme, scheme_lock, tag_rule
from qunguan.store.session import Session

_NO_GROUP = null().cast(Integer)
Rows = Sequence[Row[Any]]


def plan(session: Session) -> Row[Any] | None:
    """The start the owner chose; None before they did."""
    return session.first(select(growth_plan).order_by(growth_plan.c.id.desc()).limit(1))


def first_group(session: Session) -> Row[Any] | None:
    """The group that was made first, with the moment it was."""
    return session.first(select(chat_group).order_by(chat_group.c.id).limit(1))


def marks(session: Session) -> Rows:
    """What was ticked by hand."""
    return session.rows(select(growth_mark).order_by(growth_mark.c.id))


def cases(session: Session, last: date | None = None) -> Rows:
    """The notebook, newest first; up to a day, or all of it."""
    found = select(case_note).order_by(case_note.c.biz_date.desc(), case_note.c.id.desc())
    return session.rows(found if last is None else found.where(case_note.c.biz_date <= last))


def counting(session: Session, check: str, need: int) -> Rows:
    """The first `need` rows of a check, in the order they came about; fewer where there are fewer."""
    return session.rows(_statement(check), {"need": need})


def first_result(session: Session) -> Row[Any] | None:
    """The first time somebody counted what came of a post."""
    found = select(post_result.c.counted_at).order_by(post_result.c.counted_at).limit(1)
    return session.first(found)


def ticked_steps(session: Session) -> Rows:
    """Steps of SOPs that were ticked off, in that order: the mark's id, key, member and moment."""
    mark = sops.task_mark.c
    return session.rows(
        select(mark.id, mark.key, mark.member_id, mark.marked_at)
        .where(mark.state == "done", mark.key.startswith("sop:"))
        .order_by(mark.marked_at, mark.id)
    )


def step_rows(session: Session) -> Rows:
    """Every step SOPs ever had, with the SOP's name, group and what starts it."""
    step, of = sops.sop_step.c, sops.sop.c
    return session.rows(
        select(
            step.id, step.sop_id, step.day, step.hat, step.from_day, step.ended_on, of.name, of.group_id, of.starts_by
        ).join_from(sops.sop_step, sops.sop)
    )


@cache
def _statement(check: str) -> Select[Any]:
    return _CHECKS[check]().limit(bindparam("need"))


def _rows(
    at: ColumnElement[Any], row_id: ColumnElement[int], name: ColumnElement[Any], group: ColumnElement[Any] = _NO_GROUP
) -> Select[Any]:
    return select(at.label("at"), row_id.label("row_id"), name.label("name"), group.label("group_id"))


def _ordered(found: Select[Any]) -> Select[Any]:
    inner = found.subquery()
    return select(inner).order_by(inner.c.at, inner.c.row_id)


def _members() -> Select[Any]:
    """In the order they were entered: the roster may be long, and its ids stand in that order."""
    return _rows(member.c.created_at, member.c.id, member.c.name).order_by(member.c.id)


def _house_rules() -> Select[Any]:
    rule = house_rule.c
    return _ordered(_rows(rule.created_at, rule.id, rule.text, rule.group_id).where(rule.removed_on.is_(None)))


def _sops_on() -> Select[Any]:
    span, of = sops.sop_span.c, sops.sop.c
    return _ordered(_rows(span.from_day, span.id, of.name, of.group_id).join_from(sops.sop_span, sops.sop))


def _imports() -> Select[Any]:
    """The first chat and the first order that came with a file."""
    chat = _rows(chat_import.c.imported_at, chat_import.c.id, chat_import.c.name, chat_import.c.group_id).where(
        chat_import.c.id == select(func.min(chat_import.c.id)).scalar_subquery()
    )
    oldest = select(func.min(shop_order.c.id)).where(shop_order.c.shop != "hand").scalar_subquery()
    order = _rows(shop_order.c.created_at, shop_order.c.id, shop_order.c.number).where(shop_order.c.id == oldest)
    both = union_all(
        chat.add_columns(literal("chat_import").label("tbl")), order.add_columns(literal("shop_order").label("tbl"))
    ).subquery()
    return select(both).order_by(both.c.at, both.c.row_id)


def _goals() -> Select[Any]:
    return _ordered(_rows(goal.c.created_at, goal.c.id, goal.c.name, goal.c.group_id))


def _alerts() -> Select[Any]:
    note = alert_note.c
    return _ordered(_rows(note.biz_date, note.id, note.rule, note.group_id))


def _segments() -> Select[Any]:
    own = _rows(scheme.c.created_at, scheme.c.id, scheme.c.name).add_columns(literal("scheme").label("tbl"))
    tags = _rows(tag_rule.c.created_at, tag_rule.c.id, tag_rule.c.name).add_columns(literal("tag_rule").label("tbl"))
    held = _rows(scheme_lock.c.created_at, scheme_lock.c.id, scheme_lock.c.reason)
    all_of_them = union_all(own, tags, held.add_columns(literal("scheme_lock").label("tbl"))).subquery()
    return select(all_of_them).order_by(all_of_them.c.at, all_of_them.c.row_id)


def _used() -> Select[Any]:
    """For one bucket: a campaign, an experiment, a post that went out; or a wake list."""
    sent = (
        _rows(post.c.posted_at, post.c.id, post.c.title, post.c.group_id)
        .where(post.c.state == "posted", post.c.id.in_(select(post_segment.c.post_id)))
        .add_columns(literal("post").label("tbl"))
    )
    aimed = [
        _rows(each.c.created_at, each.c.id, each.c.name, each.c.group_id)
        .where(each.c.bucket != "")
        .add_columns(literal(each.name).label("tbl"))
        for each in (campaign, experiment)
    ]
    woken = _rows(wake.c.created_at, wake.c.id, wake.c.name, wake.c.group_id).add_columns(literal("wake").label("tbl"))
    all_of_them = union_all(sent, *aimed, woken).subquery()
    return select(all_of_them).order_by(all_of_them.c.at, all_of_them.c.row_id)


def _columns() -> Select[Any]:
    column = content_column.c
    return _ordered(_rows(column.created_at, column.id, column.name, column.group_id))


def _wakes() -> Select[Any]:
    return _ordered(_rows(wake.c.sent_on, wake.c.id, wake.c.name, wake.c.group_id).where(wake.c.sent_on.is_not(None)))


def _answers() -> Select[Any]:
    asked = question.c
    return _ordered(_rows(asked.state_on, asked.id, asked.text, asked.group_id).where(asked.state == "answered"))


def _posts() -> Select[Any]:
    return _ordered(_rows(post.c.posted_at, post.c.id, post.c.title, post.c.group_id).where(post.c.state == "posted"))


def _campaigns() -> Select[Any]:
    """Let go past the gate and not called off; held on their last day, or the day they were closed."""
    each = campaign.c
    over = func.coalesce(each.closed_on, each.to_day, type_=each.to_day.type)
    held = _rows(over, each.id, each.name, each.group_id)
    return _ordered(held.where(each.started_at.is_not(None), each.cancelled_on.is_(None)))


def _reviews() -> Select[Any]:
    written = _rows(campaign_review.c.written_at, campaign_review.c.id, campaign.c.name, campaign.c.group_id)
    return _ordered(written.join_from(campaign_review, campaign))


def _cases() -> Select[Any]:
    return _ordered(_rows(case_note.c.biz_date, case_note.c.id, case_note.c.title))


def _contacts() -> Select[Any]:
    """One a member, the first there is."""
    first = select(func.min(contact.c.id)).where(contact.c.agreed).group_by(contact.c.member_id)
    found = _rows(contact.c.told_on, contact.c.id, member.c.name).join_from(contact, member)
    return _ordered(found.where(contact.c.id.in_(first)))


def _invites() -> Select[Any]:
    told = _rows(invite.c.told_at, invite.c.id, campaign.c.name, campaign.c.group_id)
    return _ordered(told.join_from(invite, campaign))


def _channel_costs() -> Select[Any]:
    cost = channel_cost.c
    return _ordered(_rows(cost.created_at, cost.id, cost.channel, cost.group_id))


def _campaign_costs() -> Select[Any]:
    cost = campaign_cost.c
    return _ordered(_rows(cost.day, cost.id, cost.what, campaign.c.group_id).join_from(campaign_cost, campaign))


def _products() -> Select[Any]:
    return _ordered(_rows(product.c.created_at, product.c.id, product.c.name, product.c.group_id))


def _experiments() -> Select[Any]:
    each = experiment.c
    decided = _rows(each.closed_on, each.id, each.name, each.group_id)
    return _ordered(decided.where(each.closed_on.is_not(None), each.decision != ""))


def _introductions() -> Select[Any]:
    return _ordered(_rows(introduction.c.biz_date, introduction.c.id, introduction.c.about))


def _drills() -> Select[Any]:
    drilled = _rows(incident.c.closed_at, incident.c.id, incident.c.title, incident.c.group_id)
    told = incident.c.id.in_(select(incident_review.c.incident_id))
    return _ordered(drilled.where(incident.c.drill, incident.c.closed_at.is_not(None), told))


_CHECKS = {
    "member": _members, "house_rule": _house_rules, "sop_on": _sops_on, "back_office": _imports, "goal": _goals,
    "alert_said": _alerts, "segment_made": _segments, "segment_used": _used, "timetable": _columns,
    "wake_sent": _wakes, "answered": _answers, "counted_posts": _posts, "campaign_held": _campaigns,
    "campaign_review": _reviews, "case_note": _cases, "contact": _contacts, "invite": _invites,
    "channel_cost": _channel_costs, "campaign_cost": _campaign_costs, "product": _products, "experiment": _experiments,
    "introduction": _introductions, "drill": _drills,
}  # fmt: skip
TABLES = {
    "member": "member", "house_rule": "house_rule", "sop_on": "sop_span", "goal": "goal", "alert_said": "alert_note",
    "timetable": "content_column", "wake_sent": "wake", "answered": "question", "counted_posts": "post",
    "campaign_held": "campaign", "campaign_review": "campaign_review", "case_note": "case_note", "contact": "contact",
    "invite": "invite", "channel_cost": "channel_cost", "campaign_cost": "campaign_cost", "product": "product",
    "experiment": "experiment", "introduction": "introduction", "drill": "incident",
}  # fmt: skip
"""The table the rows of a check are of; those of several say it in `tbl`."""
