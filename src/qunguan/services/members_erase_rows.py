"""What is blanked where somebody is forgotten: which columns of which rows say anything of a person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Column

from qunguan.domain.orders_book import FORGOTTEN
from qunguan.store.activity import question
from qunguan.store.badges import badge_award
from qunguan.store.campaigns import campaign_entry
from qunguan.store.cleaning import clean_case
from qunguan.store.content import post
from qunguan.store.deals import deal, deal_move, deal_payment
from qunguan.store.earning import deed
from qunguan.store.feedback import feedback, feedback_step
from qunguan.store.incidents import compensation
from qunguan.store.levels import benefit_use, level_lock
from qunguan.store.orders import shop_order
from qunguan.store.plans import plan_use, subscription, subscription_refund
from qunguan.store.positioning import violation
from qunguan.store.relations import introduction, thanks
from qunguan.store.rewards import redemption
from qunguan.store.segments import scheme_lock
from qunguan.store.surveys import survey_reply
from qunguan.store.tasks import task_mark

GONE = "—"
_NOBODY = {"buyer": FORGOTTEN, "buyer_key": FORGOTTEN, "phone": None, "note": ""}
_NO_DEAL = {"title": GONE, "need": "", "case_text": "", "consent_on": None}
BLANKED: tuple[tuple[Column[Any], Mapping[str, Any]], ...] = (
    (shop_order.c.member_id, _NOBODY),
    (redemption.c.member_id, {"reason": GONE}),
    (benefit_use.c.member_id, {"note": ""}),
    (level_lock.c.member_id, {"reason": GONE}),
    (scheme_lock.c.member_id, {"reason": GONE}),
    (badge_award.c.member_id, {"reason": GONE}),
    (deed.c.member_id, {"note": ""}),
    (clean_case.c.member_id, {"reason": ""}),
    (question.c.member_id, {"text": GONE, "answer": ""}),
    (campaign_entry.c.member_id, {"name": "", "note": ""}),
    (post.c.author_id, {"title": GONE, "text": ""}),
    (task_mark.c.member_id, {"reason": ""}),
    (violation.c.member_id, {"note": ""}),
    (feedback.c.member_id, {"who": "", "text": GONE}),
    (compensation.c.member_id, {"what": ""}),
    (subscription.c.member_id, {"note": ""}),
    (deal.c.seeker_id, {**_NO_DEAL, "seeker": ""}),
    (deal.c.giver_id, {**_NO_DEAL, "giver": ""}),
    (survey_reply.c.member_id, {"name": GONE}),
    (introduction.c.seeker_id, {"about": GONE, "outcome": ""}),
    (introduction.c.giver_id, {"about": GONE, "outcome": ""}),
    (thanks.c.member_id, {"reason": GONE, "how": ""}),
)
"""Columns that say whose a row is, with what is said of them there from then on."""
ANSWERED: tuple[tuple[Column[Any], Column[Any], Mapping[str, Any]], ...] = (
    (feedback_step.c.feedback_id, feedback.c.member_id, {"text": ""}),
    (subscription_refund.c.subscription_id, subscription.c.member_id, {"reason": ""}),
    (plan_use.c.subscription_id, subscription.c.member_id, {"note": ""}),
    *(
        (table.c.deal_id, whose, {"note": ""})
        for table in (deal_move, deal_payment)
        for whose in (deal.c.seeker_id, deal.c.giver_id)
    ),
)
"""Rows noted beside those: what points at them, whose they are, what they say from then on."""
