"""The sheet: iron rules of each form, pasted lines, orders, hand-outs, costs."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qunguan.domain.campaign_sheet import Entry, Sheet, Wanted, teams
from qunguan.domain.campaigns import playbooks
from qunguan.domain.errors import BadInput, NotFound, Refused
from qunguan.i18n import set_language
from qunguan.services import campaigns, history, members_erase, members_merge, orders, segments
from tests.conftest import NOW
from tests.services.campaign_kit import TODAY, people, running


@pytest.fixture(autouse=True)
def english():
    set_language("en")
    yield
    set_language(None)


def standing(desk, campaign_id):
    return [each for each in desk.read(campaigns.entries, campaign_id) if each.void_on is None]


def test_a_team_is_complete_only_with_its_size_and_nobody_is_in_two(desk):
    people(desk)
    made = running(desk, "group_buy")
    done = desk.write(campaigns.paste, made.id, "#接龙\n周末拼团\n1. A团：阿梨、小王、老陈\n2. B团：团团妈、二宝")
    assert (len(done.added), done.refused, done.again) == (5, (), 0)
    full, waiting = desk.read(campaigns.card, desk.clock, made.id).teams
    assert (full.name, full.complete, full.people) == ("A团", True, ("阿梨", "小王", "老陈"))
    assert (waiting.complete, waiting.missing) == (False, 1)
    again = desk.write(campaigns.paste, made.id, "A团：阿梨、小王、老陈\nB团：团团妈、二宝")
    assert (len(again.added), again.refused, again.again) == (0, (), 5)
    other = desk.write(campaigns.paste, made.id, "B团：阿梨\nA团：晓彤")
    assert not other.added
    assert len(other.refused) + other.again == 2
    assert "is full" in str(next(each.reason for each in other.refused if each.name == "晓彤"))
    with pytest.raises(Refused):
        desk.write(campaigns.add_entry, made.id, "晓彤", team="A团")
    desk.write(campaigns.add_entry, made.id, "晓彤", team="B团")
    assert all(each.complete for each in desk.read(campaigns.card, desk.clock, made.id).teams)


def test_what_stock_there_is_cannot_be_sold_twice(desk):
    people(desk)
    made = running(desk, "flash", terms={"stock": "3", "per_member": "2"})
    desk.write(campaigns.add_entry, made.id, "阿梨", qty=2)
    with pytest.raises(Refused):
        desk.write(campaigns.add_entry, made.id, "小王", qty=2)
    desk.write(campaigns.add_entry, made.id, "小王")
    assert desk.read(campaigns.card, desk.clock, made.id).left == 0
    with pytest.raises(Refused):
        desk.write(campaigns.add_entry, made.id, "老陈")
    with pytest.raises(Refused):
        desk.write(campaigns.add_entry, made.id, "阿梨")
    entry = standing(desk, made.id)[0]
    desk.write(campaigns.void, entry.id, "退了")
    assert desk.read(campaigns.card, desk.clock, made.id).left == 2
    desk.write(campaigns.add_entry, made.id, "阿梨", qty=2)
    with pytest.raises(Refused):
        desk.write(campaigns.void, entry.id)
    with pytest.raises(NotFound):
        desk.write(campaigns.void, 999)


def test_who_wants_too_many_or_stands_twice_in_a_list_is_named(desk):
    people(desk)
    made = running(desk, "flash", terms={"stock": "9", "per_member": "1"})
    text = "1. 阿梨\n2. 小王 2份\n3. 阿梨"
    done = desk.write(campaigns.paste, made.id, text)
    assert len(done.added) == 1
    assert [(each.number, each.name, str(each.reason)) for each in done.refused] == [
        (2, "小王", "1 for each member, 2 are wanted"), (3, "阿梨", "stands in this list twice: counted once"),
    ]  # fmt: skip
    again = desk.write(campaigns.paste, made.id, text)
    assert (again.added, again.again, [each.name for each in again.refused]) == ((), 2, ["小王"])


def test_a_team_for_which_there_is_not_enough_is_left_out_whole_and_strangers_are_named(desk):
    people(desk)
    made = running(desk, "group_buy", terms={"team_size": "3", "stock": "5"})
    done = desk.write(campaigns.paste, made.id, "A团：阿梨、小王、路人😀\nB团：团团妈、二宝、晓彤")
    assert [each.who or each.name for each in standing(desk, made.id)] == ["阿梨", "小王", "路人😀"]
    assert done.strangers == ("路人😀",)
    (no,) = done.refused
    assert (no.number, no.name) == (2, "B团")
    assert str(no.reason) == "the team needs 3, only 2 of 5 are left: left out whole"
    again = desk.write(campaigns.paste, made.id, "A团：阿梨、小王、路人😀\nB团：团团妈、二宝")
    assert (len(again.added), again.again, again.refused, again.strangers) == (2, 3, (), ())


def test_a_debate_takes_one_vote_each_for_a_side_there_is(desk):
    people(desk)
    made = running(desk, "debate", terms={"sides": "合理、不合理"})
    done = desk.write(campaigns.paste, made.id, "阿梨 合理 有加班费\n小王 不合理\n老陈\n阿梨 不合理\n外人 合理")
    assert len(done.added) == 3
    assert [(each.name, each.number) for each in done.refused] == [("老陈", 3), ("阿梨", 4)]
    assert done.again == 0
    assert {each.name: len(each.people) for each in desk.read(campaigns.card, desk.clock, made.id).teams} == {
        "合理": 2,
        "不合理": 1,
    }
    assert standing(desk, made.id)[0].note == "有加班费"


def test_a_helper_helps_once_and_nobody_themselves(desk):
    people(desk)
    made = running(desk, "help_draw", terms={"helpers": "2", "prize": "婴儿车"})
    desk.write(campaigns.paste, made.id, "阿梨\n小王", kind="join")
    done = desk.write(
        campaigns.paste, made.id, "阿梨：路人甲、路人乙、阿梨\n小王：路人甲、老陈\n二宝：路人丙\n没这人：路人丁"
    )
    assert len(done.added) == 3
    assert len(done.refused) == 4
    first, second = desk.read(campaigns.card, desk.clock, made.id).teams
    assert (first.name, first.complete, second.missing) == ("阿梨", True, 1)
    assert (first.people, second.people) == (("路人甲", "路人乙"), ("老陈",))
    assert [each.name for each in desk.read(campaigns.pool, made.id)] == ["阿梨"]


def test_only_what_was_bought_for_enough_counts_and_codes_are_those_of_the_campaign(desk):
    people(desk)
    made = running(desk, "full_off", terms={"threshold": "199", "off": "30", "codes": "梨子、小王", "per_member": ""})
    with pytest.raises(Refused):
        desk.write(campaigns.add_entry, made.id, "阿梨", amount_fen=16_800)
    desk.write(campaigns.add_entry, made.id, "阿梨", amount_fen=16_900, code="梨子")
    desk.write(campaigns.add_entry, made.id, "阿梨", amount_fen=20_000, code="梨子")
    with pytest.raises(Refused):
        desk.write(campaigns.add_entry, made.id, "小王", amount_fen=20_000, code="假的")
    assert desk.read(campaigns.card, desk.clock, made.id).codes == (("梨子", 2, 36_900),)


def test_where_nothing_is_due_it_is_said_why_not(desk):
    people(desk)
    made = running(desk, "group_buy", terms={"team_size": "2"})
    assert "成团每人多送" in str(desk.read(campaigns.why_nothing_due, made.id))
    change = desk.read(campaigns.draft_of, made)
    desk.write(campaigns.edit, made.id, replace(change, terms={**change.terms, "gift": "毛巾"}))
    desk.write(campaigns.paste, made.id, "A团：阿梨")
    assert str(desk.read(campaigns.why_nothing_due, made.id)) == "no team is complete yet"
    desk.write(campaigns.paste, made.id, "A团：小王")
    assert len(desk.write(campaigns.hand_out, made.id).added) == 2
    assert str(desk.read(campaigns.why_nothing_due, made.id)) == "everybody has theirs"


def test_each_gets_each_thing_once_and_only_complete_teams_get_money_back(desk):
    people(desk)
    made = running(desk, "group_cashback", terms={"cashback": "20", "team_size": "2"})
    desk.write(campaigns.paste, made.id, "A团：阿梨、小王\nB团：老陈")
    owed = desk.read(campaigns.due, made.id)
    assert [(each.name, each.what, each.amount_fen) for each in owed] == [
        ("阿梨", "返现", 2000),
        ("小王", "返现", 2000),
    ]
    assert len(desk.write(campaigns.hand_out, made.id).added) == 2
    assert desk.read(campaigns.due, made.id) == ()
    assert len(desk.write(campaigns.hand_out, made.id).added) == 0
    desk.write(campaigns.add_cost, made.id, "快递", 1_000)
    assert desk.read(campaigns.card, desk.clock, made.id).line.figures.cost_fen == 5_000
    desk.write(campaigns.remove_cost, made.id, 1)
    assert desk.read(campaigns.card, desk.clock, made.id).line.figures.cost_fen == 4_000
    desk.write(history.undo)
    desk.write(history.undo)
    desk.write(history.undo)
    assert len(desk.read(campaigns.due, made.id)) == 2


def test_what_is_returned_for_showing_stays_under_the_cap(desk):
    people(desk)
    made = running(desk, "show_order", terms={"cashback": "60", "cap": "50"})
    desk.write(campaigns.add_entry, made.id, "阿梨", note="洗衣液")
    with pytest.raises(Refused):
        desk.write(campaigns.add_entry, made.id, "阿梨")
    assert [each.amount_fen for each in desk.read(campaigns.due, made.id)] == [5_000]


def test_orders_come_in_once_with_what_went_back_and_give_their_amount_to_who_stood_there(desk):
    ids = people(desk)
    made = running(desk, "group_buy", first=TODAY - timedelta(days=2), last=TODAY, terms={"team_size": "2"})
    desk.write(campaigns.paste, made.id, "A团：阿梨、小王")
    before = desk.read(campaigns.card, desk.clock, made.id).line.figures
    assert (before.orders, before.revenue_fen) == (2, None)  # nobody said what they paid
    for name, fen, day in (("阿梨", 9_900, 1), ("老陈", 5_000, 1), ("二宝", 7_000, 5)):
        desk.write(orders.add_order, ids[name], fen, day=TODAY - timedelta(days=day))
    done = desk.write(campaigns.import_orders, made.id)
    assert len(done.added) == 2
    told = {each.who: each for each in standing(desk, made.id)}
    assert (told["阿梨"].team, told["阿梨"].amount_fen) == ("A团", 9_900)
    assert (told["老陈"].team, told["老陈"].amount_fen) == ("", 5_000)
    assert "二宝" not in told
    assert len(desk.write(campaigns.import_orders, made.id).added) == 0
    desk.write(orders.refund_order, 1, 900, day=TODAY)
    assert len(desk.write(campaigns.import_orders, made.id).added) == 0, "what goes back is read of the order"
    desk.write(campaigns.paste, made.id, "B团：老陈、晓彤")
    told = {each.who: each for each in standing(desk, made.id)}
    assert (told["阿梨"].amount_fen, told["老陈"].team, told["老陈"].amount_fen) == (9_000, "B团", 5_000)
    assert desk.read(campaigns.card, desk.clock, made.id).line.figures.revenue_fen == 14_000


def test_an_order_given_back_whole_is_out_of_the_sheet_and_undo_brings_it_in_again(desk):
    ids = people(desk)
    made = running(desk, "group_buy", terms={"team_size": "2", "stock": "2", "gift": "书签"})
    desk.write(campaigns.paste, made.id, "A团：阿梨、小王")
    for name in ("阿梨", "小王"):
        desk.write(orders.add_order, ids[name], 9_900, day=TODAY)
    desk.write(campaigns.import_orders, made.id)
    desk.write(orders.refund_order, 1, 9_900, day=TODAY)
    card = desk.read(campaigns.card, desk.clock, made.id)
    assert (card.line.figures.orders, card.line.figures.revenue_fen, card.line.figures.participants) == (1, 9_900, 1)
    assert [(team.people, team.missing) for team in card.teams] == [(("小王",), 1)]
    assert (card.dues, card.left) == ((), 1)
    (gone,) = [each for each in card.entries if each.void_on is not None]
    assert (gone.who, gone.void_on, gone.amount_fen) == ("阿梨", TODAY, 0)
    (line,) = desk.read(campaigns.lines, desk.clock, 1)
    assert line.figures == card.line.figures
    desk.write(history.undo)
    assert desk.read(campaigns.card, desk.clock, made.id).line.figures.revenue_fen == 19_800


def test_a_past_day_tells_the_sheet_as_it_was_then(desk):
    ids = people(desk)
    first, before = TODAY - timedelta(days=2), TODAY - timedelta(days=1)
    made = running(desk, "group_buy", first=first, last=TODAY, terms={"team_size": "2"}, goal="orders", goal_value=2)
    for name, fen, day in (("阿梨", 9_900, 2), ("小王", 5_000, 0)):
        desk.write(orders.add_order, ids[name], fen, day=TODAY - timedelta(days=day))
    desk.write(campaigns.import_orders, made.id)
    desk.write(orders.refund_order, 1, 900, day=TODAY)
    desk.write(campaigns.add_cost, made.id, "海报", 1_000, TODAY)
    (line,) = desk.read(campaigns.lines, desk.clock, 1, before)
    assert (line.figures.revenue_fen, line.figures.cost_fen, line.reached) == (9_900, 0, 1)
    card = desk.read(campaigns.card, desk.clock, made.id, before)
    assert [(each.who, each.amount_fen) for each in card.entries] == [("阿梨", 9_900)]
    assert card.costs == ()
    told = desk.read(campaigns.review, desk.clock, made.id, before)
    assert told.card.line.figures == line.figures
    assert desk.read(campaigns.lines, desk.clock, 1, first - timedelta(days=1)) == ()
    with pytest.raises(Refused, match="not planned yet"):
        desk.read(campaigns.card, desk.clock, made.id, first - timedelta(days=1))
    (now,) = desk.read(campaigns.lines, desk.clock, 1)
    assert (now.figures.revenue_fen, now.figures.cost_fen, now.reached) == (14_000, 1_000, 2)


def test_how_many_came_can_be_told_as_a_bare_count(desk):
    people(desk)
    made = running(desk, "live")
    desk.write(campaigns.add_entry, made.id, "", kind="attend", qty=40)
    desk.write(campaigns.add_entry, made.id, "阿梨", amount_fen=100)
    with pytest.raises(Refused):
        desk.write(campaigns.add_entry, made.id, "", kind="attend", qty=50)
    figures = desk.read(campaigns.card, desk.clock, made.id).line.figures
    assert (figures.attend, figures.conversion.value, figures.conversion.n) == (40, 1 / 40, 40)


def test_a_sheet_is_open_between_start_and_close_and_on_the_campaigns_days(desk):
    people(desk)
    made = running(desk, "flash")
    with pytest.raises(BadInput):
        desk.write(campaigns.add_entry, made.id, "阿梨", day=TODAY - timedelta(days=1))
    with pytest.raises(BadInput):
        desk.write(campaigns.add_entry, made.id, "阿梨", kind="dance")
    with pytest.raises(Refused):
        desk.write(campaigns.add_entry, made.id, "阿梨", kind="vote")
    with pytest.raises(BadInput):
        desk.write(campaigns.paste, made.id, " \n\n")
    desk.write(campaigns.close, made.id)
    with pytest.raises(Refused):
        desk.write(campaigns.add_entry, made.id, "阿梨")
    desk.write(campaigns.close, made.id, reopen=True)
    desk.write(campaigns.add_entry, made.id, "阿梨")


def test_two_entries_of_one_person_count_once_after_a_merge(desk):
    ids = people(desk)
    made = running(desk, "group_buy")
    desk.write(campaigns.paste, made.id, "A团：阿梨、小王、老陈")
    desk.write(members_merge.merge, ids["阿梨"], ids["小王"])
    assert desk.read(campaigns.card, desk.clock, made.id).line.figures.participants == 2
    assert desk.read(campaigns.card, desk.clock, made.id).teams[0].missing == 1


@given(
    st.sampled_from(["group_buy", "flash", "full_off", "debate", "gift", "show_order"]),
    st.lists(
        st.tuples(
            st.integers(1, 5), st.sampled_from(["order", "vote", "submit", "gift"]),
            st.sampled_from(["", "甲", "乙", "正方"]), st.integers(1, 4), st.sampled_from([0, 10_000, 30_000]),
        ),
        max_size=25,
    ),
)  # fmt: skip
def test_whatever_is_told_the_iron_rules_hold(form, told):
    """However lines come, what was let in never breaks a rule, counted here anew from the lines alone."""
    terms = {"team_size": "2", "stock": "6", "per_member": "2", "threshold": "200", "sides": "正方、反方", "cap": "100"}
    sheet = Sheet(playbooks()[form], terms)
    for who, kind, team, qty, fen in told:
        new = Wanted(who, "", kind, team, qty, fen, note="礼")
        if sheet.refusal(new) is None:
            key = sheet.key(new)
            assert key not in {each.key for each in sheet.entries}
            sheet.add(Entry(0, 1, who, "", kind, key, team, qty, fen, "", "礼", TODAY, NOW, who=str(who)))
    book = sheet.playbook
    assert {each.kind for each in sheet.entries} <= set(book.kinds)
    if form != "debate":
        assert sum(each.qty for each in sheet.entries if each.kind == book.entry) <= 6
    for who in range(1, 6):
        own = [each for each in sheet.entries if each.member_id == who]
        assert sum(each.qty for each in own if each.kind == "order") <= 2
        assert len([each for each in own if each.kind in ("vote", "gift")]) <= (2 if form == "debate" else 1)
        if form == "group_buy":
            assert len({each.team for each in own if each.kind == "order"}) <= 1
    if form == "group_buy":
        assert all(len(each.people) <= 2 for each in teams(book, terms, sheet.entries))


def test_a_line_taken_out_frees_its_place_and_an_order_taken_out_stays_out(desk):
    ids = people(desk)
    made = running(desk, "flash", terms={"per_member": "3"})
    for _each in range(2):
        desk.write(campaigns.add_entry, made.id, "阿梨")
    desk.write(campaigns.void, standing(desk, made.id)[0].id)
    desk.write(campaigns.add_entry, made.id, "阿梨")
    desk.write(campaigns.add_entry, made.id, "阿梨")
    assert len({each.key for each in standing(desk, made.id)}) == 3
    desk.write(orders.add_order, ids["小王"], 9_900, day=TODAY)
    (line,) = desk.write(campaigns.import_orders, made.id).added
    desk.write(campaigns.void, line.id, "刷单")
    again = desk.write(campaigns.import_orders, made.id)
    assert not again.added
    assert [str(each.reason) for each in again.refused] == ["you took it out of the sheet"]


def test_whom_it_is_for_is_frozen_anew_when_that_changes(desk):
    people(desk)
    made = running(desk, "flash")
    draft = desk.read(campaigns.draft_of, made)
    schemes = desk.read(segments.all_schemes)
    bucket = desk.read(segments.show, desk.clock, schemes[0].code, None, 1).buckets[0].bucket.name
    desk.write(campaigns.edit, made.id, replace(draft, scheme=schemes[0].code, bucket=bucket))
    assert len(desk.read(campaigns.audience, made.id)) < 8
    desk.write(history.undo)
    assert len(desk.read(campaigns.audience, made.id)) == 8


def test_who_is_forgotten_is_forgotten_in_sheets_too(desk):
    ids = people(desk)
    made = running(desk, "help_draw", terms={"helpers": "1"})
    desk.write(campaigns.paste, made.id, "阿梨\n小王", kind="join")
    desk.write(campaigns.paste, made.id, "阿梨：老陈")
    desk.write(members_erase.erase, ids["老陈"])
    desk.write(members_erase.erase, ids["阿梨"])
    kept = desk.read(campaigns.entries, made.id)
    assert not [each for each in kept if "老陈" in f"{each.name}{each.who}" or "阿梨" in f"{each.name}{each.who}"]
    assert desk.read(campaigns.card, desk.clock, made.id).line.figures.participants == 2
