"""The care list: members to congratulate, to give something, to keep. Worked out when somebody looks; set-based."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import cached_property
from itertools import groupby
from operator import attrgetter

from qunguan.domain.badges import Holding
from qunguan.domain.clock import Clock
from qunguan.domain.earning import times_text
from qunguan.domain.level_terms import quantity
from qunguan.domain.level_views import AtRisk, Move, Survey
from qunguan.domain.rewards import BirthdayGift, Redemption
from qunguan.domain.today import Evidence, Kind, Line, Names, Said, Target, near, plural
from qunguan.exchange.writers import care as texts
from qunguan.i18n import N_
from qunguan.services import badge_news, earning_days, earning_referrals, level_moves, reward_gifts, rewards
from qunguan.services.groups import day_rule
from qunguan.services.today_view import Rules, Thresholds, View
from qunguan.store.order_queries import waiting_orders
from qunguan.store.session import Session

_TOLD = 30  # people whose numbers are told one by one; the room the line leads to has all


class Care(Thresholds):
    """What concerns the persons, whatever group they are in: read once for all groups."""

    def __init__(self, session: Session, clock: Clock, in_force: Rules) -> None:
        super().__init__(in_force)
        self.session, self.clock = session, clock
        self.today = clock.today(day_rule(session))

    @cached_property
    def survey(self) -> Survey | None:
        """The ladder the screens show, with who moved and who is about to; None without one."""
        return level_moves.survey(self.session, self.clock)

    @cached_property
    def risen(self) -> tuple[Move, ...]:
        """Who rose in the last days."""
        days = self.limit("care.congratulate_days")
        if days is None or self.survey is None:
            return ()
        return tuple(each for each in self.survey.moves.rises if each.day >= self.today - timedelta(days=days))

    @cached_property
    def badges(self) -> tuple[Holding, ...]:
        """What was reached in the last days."""
        days = self.limit("care.congratulate_days")
        return () if days is None else badge_news.news(self.session, self.today - timedelta(days=days), self.today)

    @cached_property
    def waiting(self) -> tuple[Redemption, ...]:
        """The rewards that wait to be handed out, the oldest first; birthday gifts have a line of their own."""
        gifts = {each.id for gift in self.gifts for each in gift.given}
        found = reversed(rewards.redemptions(self.session, state="requested"))
        return tuple(each for each in found if each.id not in gifts)

    @cached_property
    def gifts(self) -> tuple[BirthdayGift, ...]:
        """The birthday rewards of the next days."""
        days = self.limit("care.gift_days")
        return () if days is None else reward_gifts.due(self.session, self.clock, days)


def rises(view: View, care: Care) -> Iterator[Line]:
    """Who of the group rose a level, to be congratulated at once (S4-37)."""
    found = [each for each in care.risen if each.member_id in view.here]
    if not found:
        return
    names = view.called((each.member_id, each.name) for each in found)
    one, many = N_("{names} rose to {level}"), N_("{n} people rose a level: {names}")
    met = (
        Said(
            N_("{name}: {before} → {level}, {day}; {why}"),
            {"name": name, "before": each.from_level, "level": each.to_level, "day": near(each.day, view.today),
             "why": _ground(each)},
        )
        for name, each in zip(names, found, strict=True)
    )  # fmt: skip
    yield Line(
        kind="rise",
        key=f"rise:{view.group.id}",
        text=plural(one, many, len(found), names=Names(tuple(names)), level=found[0].to_level),
        target=Target("levels", found[0].member_id),
        evidence=tuple(view.evidence("care.congratulate_days", said) for said in list(met)[:_TOLD]),
        group_id=view.group.id,
        group=view.name,
        count=len(found),
        ready_text=texts.rise_post(
            [(name, each.to_level) for name, each in zip(names, found, strict=True)], view.text_limit
        ),
    )


def new_badges(view: View, care: Care) -> Iterator[Line]:
    """Who of the group has a new badge or title."""
    here = sorted((each for each in care.badges if each.member_id in view.here), key=attrgetter("member_id"))
    earned = {member_id: list(own) for member_id, own in groupby(here, key=attrgetter("member_id"))}
    if not earned:
        return
    names = view.called((member_id, own[0].name) for member_id, own in earned.items())
    won = {name: "、".join(each.badge.name for each in own) for name, own in zip(names, earned.values(), strict=True)}
    yield Line(
        kind="badge",
        key=f"badge:{view.group.id}",
        text=plural(
            N_("{names} has a new badge: {badges}"),
            N_("{n} people have new badges: {names}"),
            len(earned),
            names=Names(tuple(names)),
            badges=next(iter(won.values())),
        ),
        target=Target("members", next(iter(earned))),
        evidence=tuple(
            view.evidence("care.congratulate_days", Said(N_("{name}: {badges}"), {"name": name, "badges": badges}))
            for name, badges in list(won.items())[:_TOLD]
        ),
        group_id=view.group.id,
        group=view.name,
        count=len(earned),
        ready_text=texts.badge_post(list(won.items()), view.text_limit),
    )


def falls(care: Care) -> Iterator[Line]:
    """Whose level is about to be lost if nothing comes in (semantics 3.4)."""
    risks = care.survey.risks if care.survey is not None and care.limit("level.soon_days") is not None else ()
    if not risks:
        return
    values = {
        "names": Names(tuple(each.name for each in risks)), "level": risks[0].level, "lower": risks[0].to_level,
        "day": near(risks[0].last_day, care.today),
    }  # fmt: skip
    one = N_("{names}: {level} is held through {day}, then {lower}")
    many = N_("{n} people are about to lose their level, the first after {day}: {names}")
    yield Line(
        kind="falling",
        key="falling",
        text=plural(one, many, len(risks), **values),
        target=Target("levels", risks[0].member_id),
        evidence=tuple(care.evidence("level.soon_days", _risk(care, each)) for each in risks[:_TOLD]),
        count=len(risks),
        ready_text=texts.fall_note(risks, care.today),
    )


def handing_out(care: Care) -> Iterator[Line]:
    """Rewards that wait to be handed out, those whose code is about to run out on their own."""
    code_days, wait_days = care.limit("care.code_days"), care.limit("care.waiting_days")
    last = None if code_days is None else care.today + timedelta(days=code_days)
    ending = [each for each in care.waiting if last and each.expires_on and each.expires_on <= last]
    rest = [each for each in care.waiting if each not in ending]
    one, many = N_("{reward} of {names}: the code ends {day}"), N_("{n} codes end soon, the first {day}: {names}")
    ending.sort(key=lambda each: each.expires_on or care.today)
    days = [each.expires_on or care.today for each in ending]
    yield from _redemptions(care, "code", "care.code_days", ending, (one, many, days))
    if wait_days is None:
        return
    late = [each for each in rest if (care.today - each.day).days >= wait_days]
    one = N_("{reward} waits for {names} since {day}")
    many = N_("{n} rewards wait to be handed out, the first since {day}: {names}")
    yield from _redemptions(care, "reward", "care.waiting_days", late, (one, many, [each.day for each in late]))


def birthday_gifts(care: Care) -> Iterator[Line]:
    """生日券: to whom it is due, and the wishes with the codes of those who have it (S1-27, S0-22)."""
    for gift in care.gifts:
        names = [each.name for each in gift.to_give]
        values = {"day": near(gift.day, care.today), "reward": gift.reward.name}
        target = Target("rewards", gift.reward.id, gift.day)
        key = f"gift:{gift.reward.id}:{gift.day}"
        if names:
            text = Said(N_("{names}: birthday {day}, give {reward}"), {**values, "names": Names(tuple(names))})
            yield Line(
                "gift", key, text, target, (care.evidence("care.gift_days", text),), count=len(names),
                ready_text=texts.gift_wish(names, gift.reward.name, gift.day, care.today), does="give",
            )  # fmt: skip
        if gift.given:
            who = Names(tuple(each.name for each in gift.given))
            text = Said(N_("{names}: {reward} for the birthday {day} is ready to send"), {**values, "names": who})
            yield Line(
                "gift", f"{key}:given" if names else key, text, target, (care.evidence("care.gift_days", text),),
                count=len(gift.given), does="nothing",
                ready_text=texts.gift_notes(gift.given, gift.day, care.today, care.text_limit),
            )  # fmt: skip


def bonus_days(care: Care) -> Iterator[Line]:
    """The bonus days of today and of the next days (C22, S0-21, S4-13)."""
    days = care.limit("care.bonus_days")
    for found in earning_days.coming(care.session, care.clock, days) if days is not None else ():
        bonus = found.bonus
        what = times_text(bonus.multiplier_pct) if bonus.multiplier_pct > 100 else bonus.perk
        text = Said(
            N_("{day}: {bonus}, {what}"), {"day": near(found.day, care.today), "bonus": bonus.name, "what": what}
        )
        source = Said(N_("it comes {when}"), {"when": bonus.recurs.text()})
        yield Line(
            kind="bonus" if found.day == care.today else "ahead",
            key=f"bonus:{bonus.id}:{found.day}",
            text=text,
            target=Target("points"),
            evidence=(care.evidence("care.bonus_days", text), Evidence(source, bonus.source or "own choice")),
            ready_text=texts.bonus_post(bonus, found.day, care.today),
        )


def referrals(care: Care) -> Iterator[Line]:
    """Invitations that count and were not rewarded yet, and rewarded ones whose ground is gone (semantics 3.11)."""
    found = earning_referrals.referrals_due(care.session, care.clock)
    if not (found.due or found.lost):
        return
    met = [
        Said(N_("{inviter} brought {invitee}, who stayed"), {"inviter": each.inviter, "invitee": each.invitee})
        for each in found.due
    ]
    met += [
        Said(N_("{inviter}: {n} points to be taken back, the friend did not stay"), {"inviter": each.inviter,
             "n": each.points}) for each in found.lost
    ]  # fmt: skip
    inviters = [*(each.inviter for each in found.due), *(each.inviter for each in found.lost)]
    names = Names(tuple(dict.fromkeys(inviters)))
    n = len(met)
    yield Line(
        kind="referral",
        key="referral",
        text=plural(N_("{n} invitation to settle: {names}"), N_("{n} invitations to settle: {names}"), n, names=names),
        target=Target("members", found.due[0].referral.inviter_id if found.due else found.lost[0].inviter_id),
        evidence=tuple(care.evidence("earning.referral_days", said) for said in met[:_TOLD]),
        count=n,
        ready_text=texts.referral_post([(each.inviter, each.invitee) for each in found.due], care.text_limit)
        if found.due
        else "",
        does="thank",
    )


def buyers(care: Care) -> Iterator[Line]:
    """Orders whose buyer nobody has named yet: until then they count for nobody."""
    rows = waiting_orders(care.session, care.today)
    names = tuple(dict.fromkeys(row.buyer for row in rows))
    if not names:
        return
    values = {"names": Names(names), "orders": len(rows)}
    one = N_("{n} buyer to be named ({orders} orders): {names}")
    many = N_("{n} buyers to be named ({orders} orders): {names}")
    text = plural(one, many, len(names), **values)
    why = Said(N_("{orders} orders of names that fit nobody, or several members: they earn no points"), values)
    yield Line(
        "buyers", "buyers", text, Target("orders", day=care.today), (Evidence(why, "formats 11"),), count=len(names)
    )


def _redemptions(
    care: Care, kind: Kind, rule_id: str, found: Sequence[Redemption], said: tuple[str, str, Sequence[date]]
) -> Iterator[Line]:
    """A line about redemptions: the messages for one and for several, and the day that is told of each."""
    if not found:
        return
    one, many, days = said
    values = {
        "names": Names(tuple(each.name for each in found)),
        "reward": found[0].reward,
        "day": near(days[0], care.today),
    }
    met = (
        Said(N_("{name}: {reward}, code {code}, {day}"), {"name": each.name, "reward": each.reward, "code": each.code,
             "day": near(day, care.today)}) for each, day in zip(found, days, strict=True)
    )  # fmt: skip
    yield Line(
        kind=kind,
        key=kind,
        text=plural(one, many, len(found), **values),
        target=Target("rewards", found[0].id),
        evidence=tuple(care.evidence(rule_id, each) for each in list(met)[:_TOLD]),
        count=len(found),
        ready_text=texts.code_notes(found, care.text_limit),
    )


def _ground(move: Move) -> Said:
    """Why somebody rose: the conditions with their numbers, else the owner's reason."""
    if move.why:
        parts = "、".join(f"{quantity(one.condition.metric, one.value)} ≥ {quantity(one.condition.metric, one.needed)}"
                         for one in move.why)  # fmt: skip
        return Said("{parts}", {"parts": parts})
    return Said("{parts}", {"parts": move.reason}) if move.reason else Said(N_("as the ladder has it"))


def _risk(care: Care, risk: AtRisk) -> Said:
    """One level at risk with the numbers it is missing."""
    missing = "、".join(str(quantity(one.condition.metric, one.missing)) for one in risk.why if one.missing)
    return Said(
        N_("{name}: {level} through {day}, then {lower}; missing: {missing}"),
        {"name": risk.name, "level": risk.level, "day": near(risk.last_day, care.today), "lower": risk.to_level,
         "missing": missing or "—"},
    )  # fmt: skip


FOR_GROUPS = (rises, new_badges)
FOR_ALL = (birthday_gifts, bonus_days, handing_out, buyers, referrals, falls)
