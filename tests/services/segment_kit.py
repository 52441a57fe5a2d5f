"""A small community made of dice, and what is known of it counted the slow way, member by member."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from qunguan.domain.clock import Clock
from qunguan.domain.conditions import NEVER, AtLeast, Fact, Value
from qunguan.domain.text import match_key
from qunguan.services import challenges, checkin_standing, members
from qunguan.services.desk import Desk
from qunguan.store.activity import chat_import, speaker, speech
from qunguan.store.checkins import challenge, checkin, enrolment
from qunguan.store.earning import deed
from qunguan.store.members import alias, member, member_tag, membership, tag
from qunguan.store.orders import order_line, order_refund, shop_order
from qunguan.store.session import Session
from tests.conftest import NOW

TODAY = date(2026, 3, 20)
CHANNELS = (None, "小红书", "抖音", "")
FIELDS = (None, "2026-06-01", "2025年9月20日", "2025-10-31", "不知道")


@dataclass(slots=True)
class People:
    """Everything the community did, as plain rows."""

    ids: list[int] = field(default_factory=list)
    members: dict[int, dict[str, Any]] = field(default_factory=dict)
    stays: list[dict[str, Any]] = field(default_factory=list)
    speech: list[tuple[int, date, int]] = field(default_factory=list)
    checkins: list[tuple[int, date, str]] = field(default_factory=list)
    deeds: list[tuple[int, date, str]] = field(default_factory=list)
    orders: list[dict[str, Any]] = field(default_factory=list)
    tags: set[int] = field(default_factory=set)
    chat: tuple[date, date] | None = None


def moment(day: date, hour: int = 12) -> datetime:
    """Noon in Shanghai on a day."""
    return datetime.combine(day, time(hour - 8 if hour >= 8 else 0), UTC)


def community(desk: Desk, seed: int, many: int, *, chat_days: int | None = 200) -> People:
    """So many members in group 1 with a random past; the chat covers the last `chat_days` days (None: no chat)."""
    dice = random.Random(seed)
    people = People()
    if chat_days is not None:
        people.chat = (TODAY - timedelta(days=chat_days), TODAY)
    desk.write(_make, people, dice, many)
    return people


def _ago(dice: random.Random, most: int) -> date:
    return TODAY - timedelta(days=dice.choice((dice.randrange(8), dice.randrange(most), dice.randrange(most))))


def _make(session: Session, clock: Clock, people: People, dice: random.Random, many: int) -> None:
    session.step("made of dice")
    first = session.insert_many(
        member,
        [
            {"name": f"成员{number}", "sort_key": f"c{number:05}", "channel": dice.choice(CHANNELS), "created_at": NOW,
             "extra": {"宝宝生日": told} if (told := dice.choice(FIELDS)) else {}}
            for number in range(many)
        ],
    )  # fmt: skip
    people.ids = list(first)
    for row in session.rows(member.select()):
        people.members[row.id] = {"channel": row.channel, "extra": row.extra}
    session.insert_many(alias, [{"member_id": who, "kind": "name", "text": f"成员{who}", "key": match_key(f"成员{who}"),
                                 "valid_from": None, "valid_to": None} for who in people.ids])  # fmt: skip
    for who in people.ids:
        people.stays += _stays(dice, who, people.ids)
    session.insert_many(membership, people.stays)
    _talk(session, people, dice)
    _shop(session, people, dice)
    tag_id = session.insert(tag, category="学员等级", name="VIP")
    people.tags = {who for who in people.ids if dice.random() < 0.2}
    session.insert_many(member_tag, [{"member_id": who, "tag_id": tag_id} for who in sorted(people.tags)])
    for found in challenges.all_challenges(session):
        checkin_standing.refresh(session, found)
    members.reindex_all(session)


def _stays(dice: random.Random, who: int, ids: list[int]) -> Iterable[dict[str, Any]]:
    kind = dice.random()
    if kind < 0.08:
        return []  # nobody said anything of a group
    joined = None if kind < 0.15 else _ago(dice, 300)
    left = None
    if dice.random() < 0.25:
        left = max(joined or date.min, _ago(dice, 120))
    inviter = dice.choice([None, None, dice.choice(ids)])
    own = [{"member_id": who, "group_id": 1, "joined_on": joined, "left_on": left, "role": None, "inviter_id": inviter,
            "left_reason": dice.choice((None, "广告")) if left else None}]  # fmt: skip
    if left and left < TODAY and dice.random() < 0.4:  # came back
        back = left + timedelta(days=dice.randrange((TODAY - left).days + 1))
        own.append({**own[0], "joined_on": back, "left_on": None, "left_reason": None})
    return own


def _talk(session: Session, people: People, dice: random.Random) -> None:
    if people.chat:
        first, last = people.chat
        told = session.insert(chat_import, group_id=1, format="generic", name="聊天.csv", first_at=moment(first),
                              last_at=moment(last), messages=1, system=0, recalled=0, joins=0, leaves=0, duplicates=0,
                              imported_at=NOW)  # fmt: skip
        speakers = session.insert_many(speaker, [
            {"group_id": 1, "kind": "wxid", "key": f"wx{who}", "name": "", "member_id": who, "matched_by": "id"}
            for who in people.ids
        ])  # fmt: skip
        for who, row_id in zip(people.ids, speakers, strict=True):
            days = {day for _each in range(dice.randrange(9)) if (day := _ago(dice, 150)) >= first}
            people.speech += [(who, day, dice.randrange(1, 5)) for day in days]
            session.insert_many(speech, [
                {"import_id": told, "group_id": 1, "speaker_id": row_id, "member_id": who, "day": day, "messages": many}
                for _who, day, many in people.speech if _who == who
            ])  # fmt: skip
    began = TODAY - timedelta(days=40)
    camp = session.insert(challenge, group_id=1, name="早起", template="daily", starts_on=began, ends_on=None,
                          cadence="daily", makeup_days=3, makeup_quota=2, makeup_cost=0, makeup_counts=True, points=0,
                          created_at=NOW)  # fmt: skip
    for who in people.ids:
        session.insert(enrolment, challenge_id=camp, member_id=who, from_day=began)
        days = {_ago(dice, 40) for _each in range(dice.randrange(6))}
        people.checkins += [(who, day, dice.choice(("done", "makeup", "frozen"))) for day in days]
    session.insert_many(checkin, [
        {"challenge_id": camp, "member_id": who, "day": day, "state": state, "occurred_at": moment(day),
         "source": "hand", "earns": False}
        for who, day, state in people.checkins
    ])  # fmt: skip
    people.deeds = [
        (who, _ago(dice, 90), dice.choice(("share", "campaign"))) for who in people.ids if dice.random() < 0.3
    ]
    session.insert_many(deed, [
        {"member_id": who, "kind": kind, "biz_date": day, "occurred_at": moment(day), "points": 0}
        for who, day, kind in people.deeds
    ])  # fmt: skip


def _shop(session: Session, people: People, dice: random.Random) -> None:
    for who in people.ids:
        for _each in range(dice.choice((0, 0, 1, 2, 5))):
            amount = dice.choice((0, 4_999, 50_000, 99_999, 100_000, 600_000))
            freight = min(amount, dice.choice((0, 0, 1_000)))
            paid, counts = _ago(dice, 400), dice.random() < 0.9
            back = []
            if counts and amount and dice.random() < 0.3:
                back.append((min(TODAY, paid + timedelta(days=dice.randrange(30))),
                             dice.choice((amount, max(1, amount // 2)))))  # fmt: skip
            order = {"member_id": who, "amount_fen": amount, "freight_fen": freight, "biz_date": paid, "counts": counts}
            people.orders.append({**order, "back": back, "item": dice.choice(("面霜", "大米"))})
    people.orders.sort(key=lambda each: each["biz_date"])
    for number, each in enumerate(people.orders):
        order_id = session.insert(
            shop_order, shop="hand", series="", number=str(number), buyer="买家", buyer_key="买家", matched_by="hand",
            status="paid" if each["counts"] else "pending", created_at=NOW, member_id=each["member_id"],
            amount_fen=each["amount_fen"], freight_fen=each["freight_fen"], biz_date=each["biz_date"],
            counts=each["counts"],
        )  # fmt: skip
        session.insert(order_line, order_id=order_id, item=each["item"], quantity=1)
        for day, fen in each["back"]:
            session.insert(order_refund, order_id=order_id, amount_fen=fen, biz_date=day, occurred_at=moment(day))


def heard(session: Session, clock: Clock, group_id: int, first: date, last: date) -> None:
    """A chat of a group that tells of these days, and of nobody."""
    session.step("told")
    session.insert(chat_import, group_id=group_id, format="generic", name="", first_at=moment(first),
                   last_at=moment(last), messages=0, system=0, recalled=0, joins=0, leaves=0, duplicates=0,
                   imported_at=NOW)  # fmt: skip


# --- the slow way -----------------------------------------------------------------------------------------------------


def known(people: People, who: int, fact: Fact, day: date) -> Value:
    """One fact of one member at the end of a day, from the plain rows (freight counted)."""
    last = day - timedelta(days=fact.before)
    first = date.min if fact.days is None else last - timedelta(days=fact.days - 1)

    def inside(when: date) -> bool:
        return first <= when <= last

    talk = [(when, many) for own, when, many in people.speech if own == who]
    present = [when for own, when, state in people.checkins if own == who and state != "frozen"]
    deeds = [(when, kind) for own, when, kind in people.deeds if own == who]
    bought = [(each, left) for each in people.orders if each["member_id"] == who and each["counts"]
              and each["biz_date"] <= day and (left := _left(each, day)) is not None]  # fmt: skip
    counted: dict[str, int] = {
        "messages": sum(many for when, many in talk if inside(when)),
        "checkins": sum(map(inside, present)),
        "deeds": sum(inside(when) for when, _kind in deeds),
        "shares": sum(inside(when) for when, kind in deeds if kind == "share"),
        "campaigns": sum(inside(when) for when, kind in deeds if kind == "campaign"),
        "orders": sum(inside(each["biz_date"]) for each, _left in bought),
        "purchase_days": len({each["biz_date"] for each, _left in bought if inside(each["biz_date"])}),
        "spent": sum(left for each, left in bought if inside(each["biz_date"])),
        "active_days": len(
            set(filter(inside, [*(when for when, _n in talk), *present, *(when for when, _k in deeds)]))
        ),
    }
    counted["interactions"] = counted["messages"] + counted["checkins"] + counted["deeds"]
    if fact.kind in ("messages", "interactions", "active_days") and not _heard(people, fact, day, who):
        return AtLeast(counted[fact.kind])
    if fact.kind in counted:
        return counted[fact.kind]
    days = {
        "last_message": [when for when, _many in talk],
        "last_checkin": present,
        "last_interaction": [*(when for when, _many in talk), *present, *(when for when, _kind in deeds)],
        "last_order": [each["biz_date"] for each, _left in bought],
    }
    if fact.kind == "silent":
        since = [each["joined_on"] for each in people.stays if each["member_id"] == who and each["joined_on"]
                 and each["joined_on"] <= day and (each["left_on"] is None or each["left_on"] > day)]  # fmt: skip
        spoken = [when for when in days["last_interaction"] if when <= day]
        return _age([*spoken, *([min(since)] if since else [])], day, fact, people, who)
    if fact.kind in days:
        return _age([when for when in days[fact.kind] if when <= day], day, fact, people, who)
    return _of_roster(people, who, fact, day)


def _left(order: dict[str, Any], day: date) -> int | None:
    back = sum(fen for when, fen in order["back"] if when <= day)
    left = order["amount_fen"] - back
    return None if back > 0 and left <= 0 else max(0, left)


def _age(days: list[date], day: date, fact: Fact, people: People, who: int) -> Value:
    since = (day - max(days)).days if days else NEVER
    if fact.kind in ("last_checkin", "last_order") or (fact.days and since < fact.days):
        return since
    told = max(0, (day - people.chat[0]).days + 1) if people.chat else 0
    if fact.days and _heard(people, fact, day, who):
        told = max(told, fact.days)
    if since <= told:
        return since
    if not told:
        return None
    if days:
        return AtLeast(told)
    begun = [each["joined_on"] or date.min for each in people.stays
             if each["member_id"] == who and (each["joined_on"] or date.min) <= day]  # fmt: skip
    return NEVER if not begun or (day - min(begun)).days < told else AtLeast(told)


def _heard(people: People, fact: Fact, day: date, who: int) -> bool:
    """Whether the chat covers 70 % of the window; who was not in the group then need not be heard there."""
    if people.chat is None:
        return False
    last = day - timedelta(days=fact.before)
    first = people.chat[0] if fact.days is None else last - timedelta(days=fact.days - 1)
    covered = sum(people.chat[0] <= first + timedelta(days=n) <= people.chat[1] for n in range((last - first).days + 1))
    return last >= first and covered * 100 >= 70 * ((last - first).days + 1)


def _of_roster(people: People, who: int, fact: Fact, day: date) -> Value:
    begun = [each for each in people.stays if each["member_id"] == who and (each["joined_on"] or date.min) <= day]
    there = [each for each in begun if each["left_on"] is None or each["left_on"] > day]
    if fact.kind == "present":
        return bool(there) or not begun
    if fact.kind == "left":
        return bool(begun) and not there
    if fact.kind == "outside":
        return not begun
    if fact.kind == "tag":
        return who in people.tags
    if fact.kind == "channel":
        return people.members[who]["channel"] or None
    if fact.kind == "known":
        return bool(people.members[who]["extra"].get(fact.name))
    if fact.kind == "bought":
        first = date.min if fact.days is None else day - timedelta(days=fact.days - 1)
        return any(each["member_id"] == who and each["counts"] and fact.name in each["item"]
                   and first <= each["biz_date"] <= day and _left(each, day) is not None
                   for each in people.orders)  # fmt: skip
    raise KeyError(fact.kind)
