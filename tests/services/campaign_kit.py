"""What tests of campaigns share: a community, a campaign that runs."""

from __future__ import annotations

from datetime import date

from qunguan.domain.campaigns import Campaign, Draft
from qunguan.services import campaigns, members
from qunguan.services.desk import Desk

TODAY = date(2026, 3, 20)
NAMES = ("阿梨", "小王", "老陈", "团团妈", "二宝", "晓彤", "阿明", "小五")


def people(desk: Desk, *names: str) -> dict[str, int]:
    """Members of the group, by name."""
    return {name: desk.write(members.add, name, group_id=1, joined_on=date(2026, 1, 1)).id for name in names or NAMES}


def running(
    desk: Desk, form: str, name: str = "活动", *, first: date = TODAY, last: date | None = None, **more: object
) -> Campaign:
    """A campaign of today whose gate is answered and which has started."""
    terms = more.pop("terms", {})
    draft = Draft(name, form, first, 9 * 60, last or first, 24 * 60, terms=terms, **more)  # type: ignore[arg-type]
    made = desk.write(campaigns.add, 1, draft)
    let_go(desk, made.id)
    return desk.read(campaigns.find_by_id, made.id)


def let_go(desk: Desk, campaign_id: int) -> None:
    """Answer every question rightly and start."""
    for each in desk.read(campaigns.gate, campaign_id):
        desk.write(campaigns.answer, campaign_id, each.question.code, each.question.right)
    desk.write(campaigns.start, campaign_id)
