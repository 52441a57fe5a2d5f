"""Paid membership of the sample community: a yearly card with early birds, and a season of readers."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from qunguan.domain.plans import Benefit, PriceStep
from qunguan.services import members, plans
from qunguan.services.desk import Desk

_AGO = (424, 414, 393, 380, 370, 364, 363, 356, 335, 121, 77, 19, 4, 1)
"""How many days before the last day somebody took the yearly card."""
_RENEWED = ((393, 33), (414, 9))
"""Who took it so many days before renewed so many days before: one early, one late."""
_BACK, _GUEST = 4, 121  # who was paid back, and who is a guest
_USED = ((393, "主题课", 12, 40), (393, "主题课", 2, 12), (370, "主题课", 9, 30), (364, "主题课", 11, 8),
         (364, "作者沙龙", 2, 60), (356, "主题课", 7, 15), (335, "作者沙龙", 3, 50), (77, "主题课", 3, 5),
         (19, "主题课", 1, 2))  # fmt: skip
"""Who took it so many days before used what, how often, so many days before."""


def bring(desk: Desk, group_id: int, last: date) -> None:
    """Two plans and who has them, entered by the owner on the last day out of a notebook."""
    ids = list(desk.read(members.view_ids, group_id=group_id, present=True, sort="joined"))
    yearly(desk, group_id, ids[: len(_AGO)], last)
    season(desk, group_id, ids[len(_AGO) : len(_AGO) + 4], last)


def yearly(desk: Desk, group_id: int, ids: list[int], last: date) -> None:
    """The card: twelve lessons, three evenings with authors, a book for the first hundred."""
    first = last - timedelta(days=430)
    card = replace(
        desk.read(plans.draft, "共读年卡"), group_id=group_id, early_places=100, early_gift="一本共读书",
        prices=(PriceStep(0, first, 10, 19900), PriceStep(0, first, None, 29900)),
        benefits=(
            Benefit(0, "主题课", False, 12), Benefit(0, "优先答疑", False, None), Benefit(0, "作者沙龙", True, 3),
        ),
    )  # fmt: skip
    plan_id = desk.write(plans.add, card).id
    holders = dict(zip(_AGO, ids, strict=True))
    for ago, member_id in holders.items():
        paid = 0 if ago == _GUEST else None
        done = desk.write(plans.sell, member_id, plan_id, day=last - timedelta(days=ago), paid_fen=paid)
        if done.term.early and ago > 30:
            desk.write(plans.hand_over, member_id, plan_id, day=last - timedelta(days=ago - 7))
    for ago, since in _RENEWED:
        desk.write(plans.renew, holders[ago], plan_id, day=last - timedelta(days=since))
    for ago, benefit, times, since in _USED:
        day = last - timedelta(days=since)
        desk.write(plans.use, holders[ago], plan_id, benefit, times=times, day=day)
    desk.write(plans.refund, holders[_BACK], plan_id, day=last - timedelta(days=2), reason="换城市，来不了沙龙")


def season(desk: Desk, group_id: int, ids: list[int], last: date) -> None:
    """A season that ends for all on one day."""
    spring = replace(
        desk.read(plans.draft, "春季共读营"), group_id=group_id, term_days=None, ends_on=last + timedelta(days=42),
        prices=(PriceStep(0, last - timedelta(days=48), None, 9900),), benefits=(Benefit(0, "直播共读", False, 8),),
    )  # fmt: skip
    plan_id = desk.write(plans.add, spring).id
    for member_id, ago, times in zip(ids, (40, 33, 31, 5), (4, 3, 4, 1), strict=True):
        desk.write(plans.sell, member_id, plan_id, day=last - timedelta(days=ago))
        desk.write(plans.use, member_id, plan_id, "直播共读", times=times)
