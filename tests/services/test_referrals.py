"""The fission book: the vector of semantics 3.11, who counts and why, tiers into the ledger once."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from qunguan.domain.campaigns import Draft
from qunguan.domain.clock import Clock
from qunguan.domain.errors import BadInput, NotFound, Refused
from qunguan.domain.referrals import InviteRow, dues, tiers, tree
from qunguan.services import campaigns, groups, history, members, members_merge, points, referrals
from qunguan.services.desk import Desk
from tests.conftest import NOW, assert_sound

FIRST = date(2026, 3, 20)
LATER = Clock(NOW + timedelta(days=9))


@pytest.fixture
def club(tmp_path, clock):
    """A group of forty and a drive: three invitations earn 30 points, five 60."""
    with Desk(tmp_path / "q.db", clock, create=True) as desk:
        group = desk.write(groups.create, "读书群")
        for number in range(1, 41):
            desk.write(members.add, f"老友{number:02d}", group_id=group.id, joined_on=FIRST - timedelta(days=100))
        terms = {"invite_tiers": "3、5", "tier_gifts": "书签、绘本", "tier_points": "30、60"}
        desk.write(
            campaigns.add, group.id, Draft("拉新", "fission", FIRST, 600, FIRST + timedelta(days=5), 1320, terms=terms)
        )
        yield desk


def told(club, *pairs, day=FIRST):
    rows = [InviteRow(n, who, guest, day) for n, (who, guest) in enumerate(pairs, 1)]
    return club.write(referrals.import_invites, 1, rows)


def states(club, clock=LATER):
    return {each.invite.invitee: each.state for each in club.read(referrals.book, clock, 1).invites}


def leave(club, name, day):
    club.write(members.leave, club.read(members.resolve, name), 1, day)


def test_the_vector(club):
    club.write(referrals.take, 1, [f"老友{number:02d}" for number in range(1, 41)], FIRST)
    pairs = [(f"老友{number % 40 + 1:02d}", f"新人{number:02d}") for number in range(48)]
    pairs += [(f"老友{number:02d}", f"老友{number + 1:02d}") for number in range(1, 13)]
    assert told(club, *pairs).added == 60
    for number in range(10):
        leave(club, f"新人{number:02d}", FIRST + timedelta(days=3))
    book = club.read(referrals.book, LATER, 1)
    assert (len(book.participants), book.joins, book.new, book.valid) == (40, 60, 48, 38)
    assert (book.k, round(book.keep_rate, 2)) == (0.95, 0.79)
    assert_sound(club)


def test_a_cheater_who_invited_himself_gets_nothing(club):
    told(club, ("老友01", "老友01"), ("老友01", "新甲"), ("老友01", "新乙"))
    assert states(club) == {"老友01": "self", "新甲": "valid", "新乙": "valid"}
    assert club.read(referrals.due, LATER, 1) == ()


def test_the_first_inviter_counts_and_the_second_is_told_who_it_was(club):
    club.write(referrals.import_invites, 1, [InviteRow(1, "老友01", "新甲", FIRST)])
    club.write(referrals.import_invites, 1, [InviteRow(2, "老友02", "新甲", FIRST + timedelta(days=1))])
    found = club.read(referrals.book, LATER, 1)
    assert [each.state for each in found.invites] == ["valid", "second"]
    assert "老友01" in str(found.invites[1].reason)
    assert found.joins == 1


def test_whoever_was_there_before_was_not_brought(club):
    told(club, ("老友01", "老友02"))
    found = club.read(referrals.book, LATER, 1)
    assert found.invites[0].state == "known"
    assert str(FIRST - timedelta(days=100)) in str(found.invites[0].reason)


def test_one_waits_until_the_settlement_and_leaving_before_it_voids(club, clock):
    told(club, ("老友01", "新甲"), ("老友01", "新乙"), ("老友01", "新丙"))
    leave(club, "新乙", FIRST + timedelta(days=6))
    leave(club, "新丙", FIRST + timedelta(days=8))
    assert states(club, clock) == {"新甲": "waiting", "新乙": "waiting", "新丙": "waiting"}
    assert states(club, Clock(NOW + timedelta(days=6)))["新乙"] == "left"
    assert states(club) == {"新甲": "valid", "新乙": "left", "新丙": "valid"}


def test_tiers_are_handed_out_once_and_into_the_ledger(club, clock):
    told(club, *[("老友01", f"新{n}") for n in range(5)], ("老友02", "另一位"))
    owed = club.read(referrals.due, LATER, 1)
    assert [(each.name, each.tier.invites, each.tier.what) for each in owed] == [
        ("老友01", 3, "书签"), ("老友01", 5, "绘本"),
    ]  # fmt: skip
    path = club.store.path
    club.close()
    with Desk(path, LATER) as later:
        assert len(later.write(referrals.hand_out, 1, cost_fen=500)) == 2
        assert later.write(referrals.hand_out, 1) == ()
        assert later.read(points.balance, 1, FIRST + timedelta(days=9)) == 90
        book = later.read(referrals.book, LATER, 1)
        assert (book.cost_fen, round(book.cost_per_valid_fen or 0)) == (1000, 167)
        later.write(history.undo)
        assert later.read(points.balance, 1, FIRST + timedelta(days=9)) == 0
        assert len(later.read(referrals.due, LATER, 1)) == 2
        later.write(referrals.hand_out, 1)
        assert later.read(points.balance, 1, FIRST + timedelta(days=9)) == 90
        assert_sound(later)


def test_the_same_rows_twice_change_nothing(club):
    rows = (("老友01", "新甲"), ("老友01", "新乙"))
    assert told(club, *rows).created == ("新甲", "新乙")
    steps = len(club.read(history.recent))
    again = told(club, *rows)
    assert (again.added, again.already, again.created) == (0, 2, ())
    assert len(club.read(history.recent)) == steps


def test_rows_that_cannot_be_read_are_rejected_and_nothing_of_them_is_kept(club):
    found = club.write(referrals.import_invites, 1, [InviteRow(1, "没有这人", "新甲", FIRST)], create=True)
    assert (found.added, found.created, [note.row for note in found.rejected]) == (0, (), [1])
    with pytest.raises(NotFound):
        club.read(members.resolve, "新甲")
    skipped = club.write(referrals.import_invites, 1, [InviteRow(1, "老友01", "新甲", FIRST)], create=False)
    assert (skipped.added, len(skipped.rejected)) == (0, 1)
    with pytest.raises(BadInput):
        club.write(referrals.add, 1, "没有这人", "新甲")


def test_joinings_with_an_inviter_are_gathered_once(club):
    made = club.write(members.add, "新甲", group_id=1, joined_on=FIRST)
    told(club, ("老友01", "新乙"))
    assert club.write(referrals.gather, 1).added == 1  # 新乙 joined the roster by its row, with the inviter
    assert club.write(referrals.gather, 1).added == 0
    assert states(club)["新乙"] in ("valid", "second")
    assert made.name not in states(club)


def test_the_tree_has_waves_and_ends_where_two_name_each_other(club):
    told(club, ("老友01", "甲"), ("甲", "乙"), ("乙", "丙"), ("丙", "甲"))
    book = club.read(referrals.book, LATER, 1)
    roots = tree(book.participants, book.invites)
    assert [root.name for root in roots] == ["老友01"]
    depth, node = 0, roots[0]
    while node.children:
        depth, node = depth + 1, node.children[0]
    assert depth == 4
    assert node.judged
    assert node.judged.state == "second"


def test_a_thousand_in_a_row_are_one_branch(club):
    pairs = [("老友01", "链0"), *((f"链{n}", f"链{n + 1}") for n in range(1200))]
    assert told(club, *pairs).added == 1201
    node = tree(*(lambda book: (book.participants, book.invites))(club.read(referrals.book, LATER, 1)))[0]
    depth = 0
    while node.children:
        depth, node = depth + 1, node.children[0]
    assert depth == 1201


def test_the_median_of_the_days_from_task_to_joining(club):
    club.write(referrals.take, 1, ["老友01"], FIRST)
    club.write(referrals.import_invites, 1, [
        InviteRow(n, "老友01", f"新{n}", FIRST + timedelta(days=days)) for n, days in enumerate((1, 2, 5))
    ])  # fmt: skip
    assert club.read(referrals.book, LATER, 1).cycle_days == 2
    assert club.write(referrals.take, 1, ["老友01"], FIRST) == 0


def test_a_merge_moves_the_book(club):
    told(club, ("老友01", "新甲"), ("老友02", "新乙"), ("老友02", "新丙"))
    club.write(members_merge.merge, 1, 2)
    book = club.read(referrals.book, LATER, 1)
    assert {each.invite.inviter_id for each in book.invites} == {1}
    assert [each.tier.invites for each in dues(book)] == [3]
    assert_sound(club)


@pytest.mark.parametrize(("counts", "given"), [([3, 3], []), ([5, 3], []), ([0], []), ([3, 5], [60, 30])])
def test_tiers_rise(counts, given):
    with pytest.raises(BadInput):
        tiers(counts, ["书签"], given)


def test_a_drive_that_is_put_away_takes_nothing_more(club):
    club.write(campaigns.cancel, 1)
    for call in (lambda: told(club, ("老友01", "新甲")), lambda: club.write(referrals.take, 1, ["老友01"])):
        with pytest.raises(Refused):
            call()
    with pytest.raises(NotFound, match="正在办"):
        club.read(referrals.one_drive)


def test_the_campaign_counts_who_took_part_in_its_book_and_what_it_gave(club):
    club.write(referrals.take, 1, ["老友01", "老友09"], FIRST)
    told(club, ("老友01", "甲"), ("老友01", "乙"), ("老友01", "丙"), ("甲", "丁"))
    (line,) = club.read(campaigns.lines, LATER)
    assert (line.figures.participants, line.reached) == (3, 4)
    assert line.figures.share.part == 2  # 甲 was not there when it was planned
    path = club.store.path
    club.close()
    with Desk(path, LATER) as later:
        later.write(referrals.hand_out, 1, cost_fen=700)
        (line,) = later.read(campaigns.lines, LATER)
        assert line.figures.cost_fen == 700
