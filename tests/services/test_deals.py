"""The brokering book: stages with their history, fees due and received, cases that need the consent of both."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from qunguan.domain.deals import DealDraft, Party
from qunguan.domain.errors import Ambiguous, BadInput, NotFound, Refused
from qunguan.domain.fees import Payment
from qunguan.services import deals, history, members, rules
from qunguan.services.members_merge import merge

TODAY = date(2026, 3, 20)
DAY = timedelta(days=1)


@pytest.fixture
def people(desk):
    return [desk.write(members.add, name, group_id=1).id for name in ("阿梨", "小满")]


@pytest.fixture
def found(desk, people):
    """A match that has just come up: somebody needs a printer."""
    draft = DealDraft("找印刷厂", need="三千册绘本", seeker=Party(member_id=people[0]), giver=Party("老周印务"))
    return desk.write(deals.add, 1, draft, day=TODAY - 20 * DAY)


def test_a_match_takes_the_share_of_the_rule(desk, found):
    assert (found.stage, found.draft.fee_bp, found.fee_fen) == ("lead", 200, None)
    assert (found.draft.seeker.name, found.draft.giver.name) == ("阿梨", "老周印务")
    desk.write(rules.change, "deal.fee_pct", 5)
    assert desk.write(deals.add, 1, DealDraft("找仓库", seeker=Party("某厂"))).draft.fee_bp == 500


def test_a_deal_goes_from_stage_to_stage_with_its_history(desk, found):
    for back in (15, 10, 5):
        desk.write(deals.move, found.id, None, TODAY - back * DAY)
    with pytest.raises(BadInput):
        desk.write(deals.move, found.id)  # its worth is not known
    now = desk.read(deals.find, desk.clock, "找印刷厂")
    desk.write(deals.edit, found.id, replace(now.draft, worth_fen=6_000_000))
    now = desk.write(deals.move, found.id, note="签了")
    assert [each.stage for each in now.moves] == ["lead", "introduced", "talking", "agreed", "done"]
    assert (now.account.due_fen, now.account.open_fen, now.account.since) == (120_000, 120_000, TODAY)
    with pytest.raises(Refused):
        desk.write(deals.move, found.id)
    back = desk.write(deals.move, found.id, "talking")
    assert (back.stage, back.account.due_fen, len(back.moves)) == ("talking", 0, 6)
    desk.write(history.undo)
    assert desk.read(deals.find_by_id, desk.clock, found.id).stage == "done"


def test_the_same_stage_again_is_no_step(desk, found):
    before = desk.read(history.recent)
    desk.write(deals.move, found.id, "lead")
    assert desk.read(history.recent) == before
    with pytest.raises(BadInput):
        desk.write(deals.move, found.id, "talking", TODAY - 21 * DAY)
    with pytest.raises(BadInput):
        desk.write(deals.move, found.id, "talking", TODAY + DAY)


def test_fees_are_received_and_late_ones_told(desk, found):
    pack = desk.write(deals.add, 1, DealDraft("服务包", "pack", seeker=Party("某厂"), fee_fen=300_000),
                      stage="done", day=TODAY - 15 * DAY)  # fmt: skip
    assert [each.title for each in desk.read(deals.late, desk.clock)] == ["服务包"]
    desk.write(deals.pay, pack.id, 300_000, TODAY - DAY, "转账")
    desk.write(deals.pay, pack.id, -1_000)
    assert desk.read(deals.payments, TODAY - DAY, TODAY) == (
        Payment(TODAY - DAY, "服务包", 1, 300_000), Payment(TODAY, "服务包", 1, -1_000),
    )  # fmt: skip
    assert [each.account.open_fen for each in desk.read(deals.late, desk.clock)] == [1_000]
    desk.write(rules.switch, "fee.late_days", enabled=False)
    assert desk.read(deals.late, desk.clock) == ()


def test_a_past_day_knows_nothing_of_later_ones(desk, found):
    desk.write(deals.move, found.id, None, TODAY - DAY)
    assert desk.read(deals.all_deals, desk.clock, 1, TODAY - 21 * DAY) == ()
    assert desk.read(deals.all_deals, desk.clock, 1, TODAY - 2 * DAY)[0].stage == "lead"
    assert desk.read(deals.all_deals, desk.clock, 1)[0].stage == "introduced"


@pytest.mark.parametrize(
    "draft",
    [
        DealDraft(" ", seeker=Party("甲")),
        DealDraft("没有人要"),
        DealDraft("两种费用", seeker=Party("甲"), fee_bp=200, fee_fen=1),
        DealDraft("没说费用", "hiring", seeker=Party("甲")),
        DealDraft("太多", seeker=Party("甲"), fee_bp=10_001),
        DealDraft("负的", seeker=Party("甲"), worth_fen=-1),
        DealDraft("自己和自己", seeker=Party("甲"), giver=Party("甲")),
    ],
)
def test_what_cannot_be_a_deal_is_refused(desk, draft):
    with pytest.raises(BadInput):
        desk.write(deals.add, 1, draft)


def test_nobody_is_introduced_to_nobody(desk):
    made = desk.write(deals.add, 1, DealDraft("找人", seeker=Party("甲")))
    with pytest.raises(BadInput):
        desk.write(deals.move, made.id)
    assert desk.write(deals.move, made.id, "lost", note="找不到").stage == "lost"
    with pytest.raises(NotFound):
        desk.write(deals.add, 1, DealDraft("找人", seeker=Party(member_id=99)))


def test_a_case_is_shown_with_the_consent_of_both_only(desk, found):
    draft = replace(found.draft, worth_fen=6_000_000)
    desk.write(deals.edit, found.id, draft)
    with pytest.raises(Refused):
        desk.read(deals.show_case, desk.clock, found.id)
    desk.write(deals.case, found.id, consent=True)
    with pytest.raises(Refused):
        desk.read(deals.show_case, desk.clock, found.id)  # it is not done
    desk.write(deals.move, found.id, "done")
    told = desk.read(deals.show_case, desk.clock, found.id)
    assert "阿梨" in told
    assert "60000" in told
    desk.write(deals.case, found.id, text="我们自己的话")
    assert desk.read(deals.show_case, desk.clock, found.id) == "我们自己的话"
    desk.write(deals.edit, found.id, replace(draft, giver=Party("另一家印厂")))
    with pytest.raises(Refused):
        desk.read(deals.show_case, desk.clock, found.id)  # the other house was never asked


def test_a_merged_member_keeps_their_deals_and_a_forgotten_one_is_no_case(desk, found, people):
    desk.write(merge, people[1], people[0])
    now = desk.read(deals.find_by_id, desk.clock, found.id)
    assert now.draft.seeker.member_id == people[1]
    desk.write(deals.edit, found.id, replace(now.draft, worth_fen=1_000_000))
    desk.write(deals.move, found.id, "done")
    desk.write(deals.case, found.id, consent=True, text="阿梨找到了印厂")
    desk.write(members.erase, people[1])
    now = desk.read(deals.find_by_id, desk.clock, found.id)
    assert (now.consent_on, now.case_text, now.draft.need, now.account.due_fen) == (None, "", "", 20_000)


def test_a_deal_is_found_by_number_or_title(desk, found):
    assert desk.read(deals.find, desk.clock, f"#{found.id}") == found
    assert desk.read(deals.find, desk.clock, "找印刷厂") == found
    desk.write(deals.add, 1, DealDraft("找印刷厂", seeker=Party("乙")))
    with pytest.raises(Ambiguous, match=r"\(#2\) .*\(#1\)"):
        desk.read(deals.find, desk.clock, "找印刷厂")
    with pytest.raises(NotFound):
        desk.read(deals.find, desk.clock, "没有")
