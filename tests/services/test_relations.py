"""Skills, needs, matches, introductions, partners, the tree and thanks owed, on a desk."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from qunguan.domain.errors import BadInput, NotFound, Refused
from qunguan.domain.feedback import FeedbackDraft
from qunguan.domain.relations import INTRODUCE, THANK
from qunguan.exchange.readers.headers import NeedsMapping
from qunguan.exchange.readers.relations import read_notes
from qunguan.exchange.readers.sheets import sheet_from_text
from qunguan.exchange.writers import relations as tables
from qunguan.services import (
    earning,
    feedback,
    groups,
    history,
    members,
    orders,
    relation_matches,
    relation_thanks,
    relation_tree,
    relations,
    rules,
    scripts,
    today,
)
from qunguan.services.desk import Desk
from tests.services.checkin_kit import TODAY, day, go, people
from tests.services.test_history import picture

SHEET = "昵称,技能,需求,备注\n阿梨,摄影、剪辑,找设计,x\n小满,平面设计;摄影,,\n没有这人,唱歌,,\n老陈,,,\n合计,,,\n"


def bring(desk: Desk, inviter: str | None, name: str, joined: date) -> int:
    who = desk.write(members.add, name).id
    by = desk.read(members.resolve, inviter) if inviter else None
    desk.write(members.join, who, 1, joined, inviter_id=by)
    return who


@pytest.fixture
def three(desk: Desk) -> tuple[int, int, int]:
    one, two, other = people(desk, "阿梨", "小满", "老陈")
    return one, two, other


class TestNotes:
    def test_noted_once_with_more_said_and_taken_out(self, desk, three):
        one, *_ = three
        made = desk.write(relations.note, one, "skill", " 亲子摄影 ")
        before = picture(desk)
        assert desk.write(relations.note, one, "skill", "亲子摄影") == made
        assert picture(desk) == before
        assert desk.write(relations.note, one, "skill", "亲子摄影", "周末有空").note == "周末有空"
        assert desk.write(relations.note, one, "need", "亲子摄影").id != made.id
        assert desk.write(relations.drop, made.id).text == "亲子摄影"
        with pytest.raises(NotFound):
            desk.write(relations.drop, made.id)
        with pytest.raises(NotFound):
            desk.write(relations.note, 99, "skill", "摄影")
        assert [each.kind for each in desk.read(relations.notes, desk.clock)] == ["need"]
        assert desk.read(relations.notes, desk.clock, as_of=TODAY - timedelta(days=1)) == ()

    def test_a_list_is_one_step_and_the_same_list_changes_nothing(self, desk, three):
        found = read_notes(sheet_from_text(SHEET))
        assert [row.who for row in found.rows] == ["阿梨", "小满", "没有这人"]
        assert len(found.skipped) == 2
        done = desk.write(relations.import_notes, found.rows)
        assert (done.added, done.already, [each.row for each in done.unresolved]) == (5, 0, [4])
        before = picture(desk)
        again = desk.write(relations.import_notes, found.rows)
        assert (again.added, again.already) == (0, 5)
        assert picture(desk) == before
        table = tables.notes_table(desk.read(relations.notes, desk.clock))
        assert ("阿梨", "摄影、剪辑", "找设计") in [row[1:] for row in table.rows]
        desk.write(history.undo)
        assert desk.read(relations.notes, desk.clock) == ()

    def test_a_table_that_says_nothing_of_it_asks(self):
        with pytest.raises(NeedsMapping):
            read_notes(sheet_from_text("昵称,年龄\n阿梨,3\n"))


class TestMatches:
    def test_who_is_here_can_and_was_not_introduced(self, desk, three):
        one, two, other = three
        desk.write(relations.note, one, "need", "设计")
        desk.write(relations.note, two, "skill", "平面设计")
        desk.write(relations.note, other, "skill", "设计")
        (found,) = desk.read(relation_matches.matches, desk.clock, 1)
        assert [each.member_id for each in found.candidates] == [other, two]
        desk.write(rules.change, "relations.matches", 1)
        (found,) = desk.read(relation_matches.matches, desk.clock)
        assert [each.member_id for each in found.candidates] == [other]
        made = desk.write(relations.introduce, one, other, "设计")
        (found,) = desk.read(relation_matches.matches, desk.clock)
        assert ([each.member_id for each in found.candidates], found.introduced) == ([two], 1)
        desk.write(members.leave, two, 1, TODAY)
        (found,) = desk.read(relation_matches.matches, desk.clock)
        assert found.candidates == ()
        desk.write(relations.settle, made.id, "成了")
        assert desk.read(relation_matches.matches, desk.clock) == ()
        assert len(tables.matches_table([found]).rows) == 1

    def test_the_words_name_both_and_what_it_is_about(self, desk, three):
        one, two, _other = three
        told = desk.read(relations.text, desk.clock, one, two, "设计", "平面设计", 1)
        assert told.missing == ()
        for word in ("阿梨", "小满", "「设计」", "「平面设计」"):
            assert word in told.text
        desk.write(scripts.edit, INTRODUCE, text="{nick} 和 {other}：{need}")
        assert desk.read(relations.text, desk.clock, one, two, "设计", "平面设计").text == "阿梨 和 小满：设计"


class TestIntroductions:
    def test_made_once_and_settled_on_a_day(self, desk, three):
        one, two, _other = three
        made = desk.write(relations.introduce, one, two, "设计", TODAY - timedelta(days=3))
        assert desk.write(relations.introduce, one, two, " 设计") == made
        done = desk.write(relations.settle, made.id, "worked", TODAY - timedelta(days=1))
        assert (done.state, done.outcome_on) == ("帮上了", TODAY - timedelta(days=1))
        assert desk.write(relations.settle, made.id, "worked") == done
        (then,) = desk.read(relations.introductions, desk.clock, as_of=TODAY - timedelta(days=2))
        assert then.outcome == ""
        assert desk.read(relations.introductions, desk.clock, member_id=two) == (done,)
        assert desk.read(relations.introductions, desk.clock, as_of=TODAY - timedelta(days=4)) == ()
        assert desk.write(relations.settle, made.id, "").outcome_on is None
        assert len(tables.introductions_table([done]).rows) == 1

    def test_what_cannot_be_is_refused(self, desk, three):
        one, two, _other = three
        with pytest.raises(Refused):
            desk.write(relations.introduce, one, one, "设计")
        with pytest.raises(BadInput):
            desk.write(relations.introduce, one, two, "设计", TODAY + timedelta(days=1))
        made = desk.write(relations.introduce, one, two, "设计")
        for bad in (TODAY - timedelta(days=1), TODAY + timedelta(days=1)):
            with pytest.raises(BadInput):
                desk.write(relations.settle, made.id, "worked", bad)
        with pytest.raises(NotFound):
            desk.write(relations.settle, 99, "worked")


class TestTree:
    def test_who_brought_whom_who_stayed_and_who_bought(self, desk):
        top = bring(desk, None, "阿梨", day(1))
        one = bring(desk, "阿梨", "小满", day(2))
        two = bring(desk, "小满", "老陈", day(3))
        bring(desk, "阿梨", "Tom", day(10))
        desk.write(members.leave, one, 1, day(15))
        desk.write(orders.add_order, two, 100_00, day=day(12))
        found = desk.read(relation_tree.trees, desk.clock, 1)
        assert (found.brought, found.inviters, found.cut) == (3, 2, 0)
        (tree,) = found.trees
        assert (tree.name, tree.people, tree.direct, tree.depth, tree.here, tree.bought) == ("阿梨", 3, 2, 2, 2, 1)
        assert (found.share.joined, found.share.brought, str(found.share.rate)) == (4, 3, "75.0% (n=4)")
        then = desk.read(relation_tree.trees, desk.clock, 1, day(9))
        assert [(each.people, each.here, each.bought) for each in then.trees] == [(2, 2, 0)]
        told = desk.read(relation_tree.tree, desk.clock, top)
        assert [(each.name, each.level, each.here, each.bought) for each in told] == [
            ("阿梨", 0, True, False), ("小满", 1, False, False), ("老陈", 2, True, True), ("Tom", 1, True, False),
        ]  # fmt: skip
        assert [each.name for each in desk.read(relation_tree.tree, desk.clock, top, None, day(2))] == ["阿梨", "小满"]
        assert len(tables.trees_table(found.trees).rows) == 1
        with pytest.raises(NotFound):
            desk.read(relation_tree.tree, desk.clock, 99)

    def test_who_came_back_is_not_new_and_nobody_is_a_share_of_nothing(self, desk):
        desk.write(rules.change, "relations.share_days", 10)
        assert desk.read(relation_tree.share, desk.clock, 1).rate is None
        back = bring(desk, None, "阿梨", day(1))
        desk.write(members.leave, back, 1, day(5))
        desk.write(members.join, back, 1, day(15))
        bring(desk, "阿梨", "小满", day(16))
        found = desk.read(relation_tree.share, desk.clock, 1)
        assert (found.joined, found.brought, found.first, found.last) == (1, 1, day(11), TODAY)


class TestPartners:
    def test_the_role_and_what_they_did(self, desk):
        who = bring(desk, None, "阿梨", day(1))
        bring(desk, "阿梨", "小满", day(2))
        desk.write(members.set_role, who, 1, "共创合伙人")
        desk.write(earning.record_deed, "share", [who], day=day(5))
        desk.write(feedback.add, 1, FeedbackDraft("suggestion", "做个小程序", who))
        made = desk.write(relations.introduce, 2, who, "设计")
        desk.write(relations.settle, made.id, "worked")
        (found,) = desk.read(relations.partners, desk.clock)
        assert (found.name, found.brought, found.shares, found.helped, found.suggestions) == ("阿梨", 1, 1, 1, 1)
        assert (found.posts, found.campaigns, found.deeds) == (0, 0, 4)
        (then,) = desk.read(relations.partners, desk.clock, 1, day(4))
        assert then.deeds == 0
        assert len(tables.partners_table([found]).rows) == 1
        desk.write(members.leave, who, 1, TODAY)
        assert desk.read(relations.partners, desk.clock) == ()


class TestThanks:
    def test_noted_deeds_and_said(self, desk):
        who = bring(desk, None, "阿梨", day(1))
        bring(desk, "阿梨", "小满", day(2))
        desk.write(earning.record_deed, "share", [who], day=day(12))
        assert [each.n for each in desk.read(relation_thanks.owed, desk.clock)[0].reasons] == [1, 1]
        owed = desk.write(relation_thanks.owe, who, "帮忙整理了书单")
        assert desk.write(relation_thanks.owe, who, "帮忙整理了书单") == owed
        (found,) = desk.read(relation_thanks.owed, desk.clock, 1)
        assert found.why == "帮忙整理了书单；带来 1 位新朋友；1 次好分享"
        words = desk.read(relation_thanks.words, desk.clock, who, [found.why], 1)
        assert "阿梨" in words.text
        assert "帮忙整理了书单" in words.text
        before = picture(desk)
        done = desk.write(relation_thanks.thank, who, "私聊", group_id=1)
        assert {(each.reason, each.how) for each in done} == {
            ("帮忙整理了书单", "私聊"), ("带来 1 位新朋友；1 次好分享", "私聊"),
        }  # fmt: skip
        assert desk.read(relation_thanks.owed, desk.clock) == ()
        with pytest.raises(Refused):
            desk.write(relation_thanks.thank, who)
        assert desk.write(relation_thanks.thank, who, "直播里", "一直在")[0].reason == "一直在"
        assert len(desk.read(relation_thanks.thanked, desk.clock)) == 3
        assert len(desk.read(relation_thanks.owed, desk.clock, None, TODAY - timedelta(days=1))) == 1
        desk.write(history.undo)
        desk.write(history.undo)
        assert picture(desk) == before
        assert len(tables.owed_table([found]).rows) == 1

    def test_one_line_on_today_for_all_of_them(self, desk, three):
        def line():
            found = [each for each in desk.read(today.care, desk.clock, 1) if each.kind == "thanks"]
            return found[0] if found else None

        one, two, _other = three
        assert line() is None
        desk.write(relation_thanks.owe, one, "整理书单")
        told = line()
        assert (str(told.text), told.target.screen, told.target.subject) == ("该谢谢阿梨：整理书单", "relations", one)
        assert "整理书单" in told.ready_text
        desk.write(relation_thanks.owe, two, "接龙帮忙", 1)
        assert (line().count, str(line().text)) == (2, "有 2 位该谢：阿梨、小满")
        assert len(line().evidence) == 2

    def test_only_the_last_days_and_whoever_is_here(self, desk):
        who = bring(desk, None, "阿梨", day(1))
        desk.write(earning.record_deed, "share", [who], day=day(12))
        desk.write(rules.change, "relations.thanks_days", 5)
        assert desk.read(relation_thanks.owed, desk.clock) == ()
        desk.write(rules.change, "relations.thanks_days", 9)
        assert desk.read(relation_thanks.of_member, desk.clock, who) is not None
        desk.write(members.set_role, who, 1, "群主")
        assert desk.read(relation_thanks.of_member, desk.clock, who) is None, "the owner is not thanked by the owner"
        desk.write(history.undo)
        desk.write(members.leave, who, 1, TODAY)
        assert desk.read(relation_thanks.of_member, desk.clock, who) is None
        desk.write(history.undo)
        desk.write(rules.switch, "relations.thanks_days", enabled=False)
        assert desk.read(relation_thanks.owed, desk.clock) == ()

    def test_a_review_changed_after_amends_and_help_that_worked(self, desk, three):
        one, two, _other = three
        said = desk.write(feedback.add, 1, FeedbackDraft("review", "花蔫了", one))
        desk.write(feedback.offer, said.id, "补一束")
        desk.write(feedback.make_good, said.id, "补了一束")
        desk.write(feedback.turned, said.id)
        made = desk.write(relations.introduce, one, two, "设计")
        desk.write(relations.settle, made.id, "worked")
        found = {each.member_id: each.why for each in desk.read(relation_thanks.owed, desk.clock)}
        assert found == {one: "补好之后改了差评", two: "帮了 1 位群友"}
        desk.write(relation_thanks.thank, two)
        go(desk, TODAY + timedelta(days=2))
        assert [each.member_id for each in desk.read(relation_thanks.owed, desk.clock)] == [one]
        assert desk.read(groups.get, 1).name


def test_the_scripts_are_shipped(desk):
    assert {desk.read(scripts.find, name).kind for name in (INTRODUCE, THANK)} == {"care"}
