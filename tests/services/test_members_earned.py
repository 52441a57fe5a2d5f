"""What merging, splitting and forgetting a person does to memberships, deals, replies, skills and thanks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import Table, select

from qunguan.domain.clock import Clock
from qunguan.services import history, members, orders
from qunguan.services.desk import Desk
from qunguan.services.members_merge import merge
from qunguan.services.members_split import split
from qunguan.store.deals import deal, deal_move
from qunguan.store.journal import change, step
from qunguan.store.plans import plan, plan_benefit, plan_use, subscription, subscription_refund
from qunguan.store.relations import introduction, member_skill, thanks
from qunguan.store.session import Session
from qunguan.store.surveys import survey, survey_answer, survey_option, survey_question, survey_reply
from tests.services.checkin_kit import TODAY, people
from tests.services.test_history import picture

SECRET = "秘密"


def rows(desk: Desk, table: Table) -> Sequence[Any]:
    return desk.read(lambda session: session.rows(select(table).order_by(table.c.id)))


def put(session: Session, clock: Clock, /, table: Table, **values: Any) -> int:
    session.step("x")
    return session.insert(table, **values)


def add(desk: Desk, table: Table, **values: Any) -> int:
    moment = {"occurred_at": desk.clock.now()} if "occurred_at" in table.c else {}
    made = {"created_at": desk.clock.now()} if "created_at" in table.c else {}
    dated = {"biz_date": TODAY} if "biz_date" in table.c else {}
    return desk.write(put, table, **{**moment, **made, **dated, **values})


def skill(desk: Desk, member_id: int, text: str, kind: str = "skill") -> int:
    return add(desk, member_skill, member_id=member_id, kind=kind, text=text, key=text, noted_on=TODAY)


def paid(desk: Desk, member_id: int, order_id: int | None = None, note: str = "") -> int:
    year = rows(desk, plan)[0].id if rows(desk, plan) else add(
        desk, plan, name="年卡", key="年卡", term_days=365, refund_days=7, grace_days=7
    )  # fmt: skip
    return add(
        desk, subscription, plan_id=year, member_id=member_id, starts_on=TODAY, ends_on=TODAY, paid_fen=36500,
        order_id=order_id, note=note,
    )  # fmt: skip


def met(desk: Desk, seeker: int, giver: int, about: str = "设计", outcome: str = "") -> int:
    return add(desk, introduction, seeker_id=seeker, giver_id=giver, about=about, outcome=outcome)


def deal_of(desk: Desk, asks: int | None, has: int | None, **values: Any) -> int:
    said = {"group_id": 1, "title": "找房", "kind": "match", "fee_fen": 100, **values}
    return add(desk, deal, seeker_id=asks, giver_id=has, **said)


def asked(desk: Desk, member_id: int, name: str, number: str = "1") -> int:
    of = rows(desk, survey)[0].id if rows(desk, survey) else add(
        desk, survey, name="入群问卷", key="入群问卷", purpose="newcomer"
    )  # fmt: skip
    told = {"number": number, "name": name, "member_id": member_id, "matched_by": "name"}
    return add(desk, survey_reply, survey_id=of, **told)


@pytest.fixture
def pair(desk: Desk) -> tuple[int, int, int]:
    one, two, three = people(desk, "李雷", "小雷", "小红")
    return one, two, three


class TestMerge:
    def test_everything_goes_over_and_comes_back(self, desk, pair):
        kept, gone, guest = pair
        skill(desk, kept, "设计")
        skill(desk, gone, "设计")
        skill(desk, gone, "摄影")
        paid(desk, gone)
        met(desk, guest, gone)
        met(desk, gone, guest)
        met(desk, kept, gone)
        deal_of(desk, gone, guest)
        deal_of(desk, guest, gone)
        asked(desk, gone, "小雷")
        add(desk, thanks, member_id=gone, reason="带了朋友来")
        before = picture(desk)
        done = desk.write(merge, kept, gone)
        assert {name: done.moved[name] for name in (
            "member_skill", "subscription", "introduction", "deal", "survey_reply", "thanks"
        )} == {
            "member_skill": 1, "subscription": 1, "introduction": 2, "deal": 2, "survey_reply": 1, "thanks": 1
        }  # fmt: skip
        assert (done.dropped["member_skill"], done.dropped["introduction"]) == (1, 1)
        assert [(row.member_id, row.key) for row in rows(desk, member_skill)] == [(kept, "设计"), (kept, "摄影")]
        assert [(row.seeker_id, row.giver_id) for row in rows(desk, introduction)] == [(guest, kept), (kept, guest)]
        assert [(row.seeker_id, row.giver_id) for row in rows(desk, deal)] == [(kept, guest), (guest, kept)]
        for table in (subscription, survey_reply, thanks):
            assert {row.member_id for row in rows(desk, table)} == {kept}
        desk.write(history.undo)
        assert picture(desk) == before


def test_a_split_takes_replies_under_the_name_and_what_its_orders_paid(desk: Desk, pair):
    kept, *_ = pair
    desk.write(members.set_alias, kept, "nick", "雷子")
    asked(desk, kept, "雷子 ")
    asked(desk, kept, "李雷", "2")
    mine, by_hand = paid(desk, kept), desk.write(orders.add_order, kept, 100_00).id
    paid(desk, kept, by_hand)
    before = picture(desk)
    done = desk.write(split, kept, ["雷子"])
    assert [row.member_id for row in rows(desk, survey_reply)] == [done.member_id, kept]
    assert {row.id: row.member_id for row in rows(desk, subscription)}[mine] == kept
    desk.write(history.undo)
    assert picture(desk)["survey_reply"] == before["survey_reply"]


def test_who_is_forgotten_leaves_numbers_and_no_word(desk: Desk, pair):
    gone, _other, guest = pair
    desk.write(put, member_skill, member_id=gone, kind="need", text=SECRET, key=SECRET, noted_on=TODAY)
    term = paid(desk, gone, note=SECRET)
    add(desk, subscription_refund, subscription_id=term, amount_fen=100, reason=SECRET)
    lessons = add(desk, plan_benefit, plan_id=1, name="课", quota=12)
    add(desk, plan_use, subscription_id=term, benefit_id=lessons, times=1, note=SECRET)
    for seeker, giver in ((gone, guest), (guest, gone)):
        met(desk, seeker, giver, SECRET, SECRET)
        told = {"title": SECRET, "need": SECRET, "case_text": SECRET, "consent_on": TODAY}
        names = {"seeker": SECRET if seeker == gone else "客", "giver": SECRET if giver == gone else "客"}
        one = deal_of(desk, seeker, giver, **told, **names)
        add(desk, deal_move, deal_id=one, stage="lead", note=SECRET)
    add(desk, thanks, member_id=gone, reason=SECRET, how=SECRET)
    reply = asked(desk, gone, SECRET)
    chosen = add(desk, survey_question, survey_id=1, position=1, text="城市", key="城市", kind="one")
    add(desk, survey_option, question_id=chosen, position=1, text="上海", key="上海")
    free = add(desk, survey_question, survey_id=1, position=2, text="想说", key="想说", kind="text")
    add(desk, survey_answer, reply_id=reply, question_id=chosen, text="上海")
    add(desk, survey_answer, reply_id=reply, question_id=free, text=SECRET)

    def change_both(session: Session, clock: Clock) -> None:
        session.step("x")
        session.update(thanks, 1, how=SECRET + "2")
        session.delete(survey_answer, 2)

    desk.write(change_both)
    desk.write(history.undo)
    desk.write(members.erase, gone)
    everything = [change, step, member_skill, subscription, subscription_refund, plan_use, introduction, deal,
                  deal_move, thanks, survey_reply, survey_answer]  # fmt: skip
    assert not [row for table in everything for row in rows(desk, table) if SECRET in str(row)]
    assert [row.text for row in rows(desk, survey_answer)] == ["上海"]
    assert [(row.seeker, row.giver) for row in rows(desk, deal)] == [("", "客"), ("客", "")]
    assert rows(desk, subscription)[0].paid_fen == 36500
    assert rows(desk, member_skill) == []
