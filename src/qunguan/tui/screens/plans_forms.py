"""What memberships ask the owner: a sale, a renewal, a use, money back; a plan, its price, its benefits."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from qunguan.domain.money import short_yuan, yuan
from qunguan.domain.plan_words import length, price_text, used_text
from qunguan.domain.plans import Membership, Plan, PriceStep
from qunguan.domain.text import show
from qunguan.exchange.readers.cells import date_cell, int_cell, money_cell
from qunguan.i18n import _, labelled
from qunguan.tui.widgets.dialogs import Confirm, Field, Form

if TYPE_CHECKING:
    from qunguan.tui.screens.plans import PlansScreen

_GONE = "-"


def sell(screen: PlansScreen) -> Form:
    """Make somebody a member of one of the plans on sale."""

    async def save(values: dict[str, str]) -> None:
        from qunguan.services import members, plans

        member_id = await screen.desk.read(members.resolve, values["who"])
        plan = await screen.desk.read(plans.find, values["plan"])
        group = screen.room.group
        done = await screen.desk.write(
            plans.sell, member_id, plan.id, paid_fen=_money(values["price"]), day=_day(values["day"]),
            starts_on=_day(values["starts"]), order_id=int_cell(values["order"]) if values["order"] else None,
            group_id=group.id if group else None,
        )  # fmt: skip
        screen.say(_("{name}: {plan} from {first} through {last}, {yuan}", name=done.membership.name, plan=plan.name,
                     first=done.term.starts_on, last=done.term.ends_on, yuan=f"¥{short_yuan(done.fen)}"))  # fmt: skip
        if done.term.early and plan.early_gift:
            screen.say(_("One of the first: {gift} is owed.", gift=plan.early_gift))
        screen.come_to("members", done.membership.key)
        await screen.room.changed()

    shown = screen.plan if screen.plan in screen.plans else next(iter(screen.plans), None)
    notes = [f"{row.plan.name} · {length(row.plan)} · {price_text(row.price_fen)}" for row in screen.plans]
    choices = tuple((str(row.plan.id), row.plan.name) for row in screen.plans)
    fields = [
        Field("who", _("member"), "", _("id, name or alias")),
        Field("plan", _("membership"), str(shown.plan.id) if shown else "", "", choices),
        Field("price", _("paid (yuan)"), "", _("empty: the plan's price; 0: a guest")),
        Field("day", _("paid on"), "", _("empty: today"), day="past"),
        Field("starts", _("begins on"), "", _("empty: the day it is paid"), day="near"),
        Field("order", _("order"), "", _("its number in the list of orders; may stay empty")),
    ]
    return Form(_("A new member"), fields, save, notes)


async def renew(screen: PlansScreen, one: Membership) -> None:
    """The next term of a membership, with what it will be."""
    from qunguan.services import plans

    price = await screen.desk.read(plans.price_today, screen.room.clock, one.plan_id, renewal=True)

    async def save(values: dict[str, str]) -> None:
        done = await screen.desk.write(plans.renew, one.member_id, one.plan_id, paid_fen=_money(values["price"]),
                                       day=_day(values["day"]), ahead=values.get("ahead") == "yes")  # fmt: skip
        screen.say(_("{name}: {plan} from {first} through {last}, {yuan}", name=one.name, plan=one.plan,
                     first=done.term.starts_on, last=done.term.ends_on, yuan=f"¥{short_yuan(done.fen)}"))  # fmt: skip
        await screen.room.changed()

    until = one.standing.until
    notes = []
    if until is not None:
        notes.append(_("It runs through {day}: the next term continues from there.", day=until)
                     if (one.days_left or 0) >= 0 else
                     _("It ended on {day}: the next term begins with the payment.", day=until))  # fmt: skip
    fields = [
        Field("price", _("paid (yuan)"), "" if price is None else short_yuan(price), _("0: a guest")),
        Field("day", _("paid on"), "", _("empty: today"), day="past"),
    ]
    if any(term.live and term.starts_on > screen.room.today for term in one.terms):
        choices = (("no", _("no")), ("yes", _("yes")))
        fields.append(Field("ahead", _("one more"), "no", _("the next term is paid already"), choices))
    await screen.app.push_screen_wait(
        Form(_("Renew {plan} of {name}", plan=one.plan, name=one.name), fields, save, notes)
    )


def use(screen: PlansScreen, one: Membership) -> Form:
    """A benefit that was used."""
    from qunguan.services import plans

    async def save(values: dict[str, str]) -> None:
        if values["times"] == _GONE:
            done = await screen.desk.write(plans.unuse, one.member_id, one.plan_id, values["benefit"])
        else:
            done = await screen.desk.write(
                plans.use, one.member_id, one.plan_id, values["benefit"], times=int_cell(values["times"] or "1"),
                day=_day(values["day"]), note=values["note"],
            )  # fmt: skip
        screen.say(labelled(one.name, used_text(done.used)))
        await screen.room.changed()

    there = [used.benefit.name for used in one.used if used.benefit.retired_on is None]
    fields = [
        Field("benefit", _("benefit"), there[0] if there else "", "", tuple((name, name) for name in there)),
        Field("times", _("times"), "1", _("- takes the newest use of it back")),
        Field("day", _("day"), "", _("empty: today"), day="near"),
        Field("note", _("note"), "", _("may stay empty")),
    ]
    return Form(_("{name} used a benefit", name=one.name), fields, save, [used_text(used) for used in one.used])


async def refund(screen: PlansScreen, one: Membership) -> None:
    """Pay the last term back: how much, on which day, why; then it is asked about once more."""
    from qunguan.services import plans

    live = [term for term in one.terms if term.live]
    term = live[-1] if live else one.term
    plan = await screen.desk.read(plans.get, one.plan_id)
    last = term.day + timedelta(days=plan.refund_days)
    told: dict[str, Any] = {}

    async def check(values: dict[str, str]) -> None:
        told.update(amount_fen=_money(values["amount"]), day=_day(values["day"]), reason=values["reason"],
                    late=bool(values["reason"]))  # fmt: skip
        told["fen"] = (await screen.desk.rehearse(plans.refund, one.member_id, one.plan_id, **told)).fen

    late = screen.room.today > last
    fields = [
        Field("amount", _("pay back (yuan)"), short_yuan(term.paid_fen - term.back_fen)),
        Field("day", _("day"), "", _("empty: today"), day="near"),
        Field("reason", _("reason"), "", _("needed after the plan's days") if late else _("may stay empty")),
    ]
    notes = [_("paid on {day}; paid back without asking why through {last}", day=term.day, last=last)]
    title = _("Pay {plan} of {name} back", plan=one.plan, name=one.name)
    if await screen.app.push_screen_wait(Form(title, fields, check, notes)) is None:
        return
    fen = told.pop("fen")
    details = [_("{first} – {last} does not count from that day on.", first=term.starts_on, last=term.ends_on)]
    asked = _("Pay {yuan} yuan back to {name}?", yuan=yuan(-fen), name=show(one.name))
    if await screen.app.push_screen_wait(Confirm(asked, details)):
        await screen.desk.write(plans.refund, one.member_id, one.plan_id, **told)
        screen.say(_("{name}: {yuan} yuan went back", name=one.name, yuan=yuan(-fen)))
        await screen.room.changed()


async def new_plan(screen: PlansScreen) -> None:
    """A plan with its first price."""
    from qunguan.services import plans

    draft = await screen.desk.read(plans.draft, "")

    async def save(values: dict[str, str]) -> None:
        steps = (PriceStep(0, screen.room.today, None, money_cell(values["price"])),) if values["price"] else ()
        made = await screen.desk.write(plans.add, replace(_typed(draft, values), prices=steps))
        screen.say(_("Made {name}: a sells it, c gives it benefits", name=made.name))
        screen.come_to("plans", made.id)
        await screen.room.changed()

    fields = _fields(draft)
    fields.insert(2, Field("price", _("price (yuan)"), "", _("what joining costs from today on")))
    await screen.app.push_screen_wait(Form(_("A plan of paid membership"), fields, save))


def edit_plan(screen: PlansScreen, plan: Plan) -> Form:
    """Change a plan; terms that were sold keep their days."""

    async def save(values: dict[str, str]) -> None:
        from qunguan.services import plans

        await screen.desk.write(plans.edit, _typed(plan, values))
        await screen.room.changed()

    notes = [_("Terms that were sold keep their days.")]
    return Form(_("Change {name}", name=plan.name), _fields(plan), save, notes)


def _fields(plan: Plan) -> list[Field]:
    term = plan.ends_on.isoformat() if plan.ends_on else str(plan.term_days or "")
    return [
        Field("name", _("membership"), plan.name),
        Field("term", _("term"), term, _("days from joining, or a day on which it ends for all")),
        Field("early", _("early places"), str(plan.early_places or ""), _("empty: none")),
        Field("gift", _("early gift"), plan.early_gift, _("what the first so many get")),
        Field("refund", _("days to pay back"), str(plan.refund_days)),
        Field("grace", _("days of grace"), str(plan.grace_days)),
        Field("note", _("note"), plan.note, _("may stay empty")),
    ]


def _typed(plan: Plan, values: dict[str, str]) -> Plan:
    """The plan with what was typed. Raises BadInput."""
    term = values["term"].strip()
    days = int_cell(term) if term.isdecimal() and len(term) < 8 else None
    return replace(
        plan, name=values["name"], term_days=days, ends_on=None if days is not None else date_cell(term, serials=False),
        early_places=int_cell(values["early"] or "0"), early_gift=values["gift"],
        refund_days=int_cell(values["refund"] or "0"), grace_days=int_cell(values["grace"] or "0"), note=values["note"],
    )  # fmt: skip


def price(screen: PlansScreen, plan: Plan) -> Form:
    """What a plan costs from a day on, or for the first so many."""

    async def save(values: dict[str, str]) -> None:
        from qunguan.services import plans

        if values["price"] == _GONE:
            day, places = _day(values["day"]) or screen.room.today, values["places"]
            same = [each.id for each in plan.prices if each.from_day == day and (each.places is None) == (not places)]
            await screen.desk.write(plans.drop_price, plan.id, same[0] if same else 0)
        else:
            await screen.desk.write(
                plans.set_price, plan.id, money_cell(values["price"]), from_day=_day(values["day"]),
                places=int_cell(values["places"]) if values["places"] else None,
            )  # fmt: skip
        await screen.room.changed()

    notes = [
        _("from {day}: {price}", day=step.from_day, price=price_text(step.price_fen))
        + ("" if step.places is None else " · " + _("the first {n}", n=step.places))
        for step in plan.prices
    ]
    fields = [
        Field("price", _("price (yuan)"), "", _("- takes the step of that day out")),
        Field("day", _("from"), "", _("empty: today"), day="near"),
        Field("places", _("for the first"), "", _("empty: for all")),
    ]
    return Form(_("Price of {name}", name=plan.name), fields, save, notes)


def benefit(screen: PlansScreen, plan: Plan) -> Form:
    """A benefit: new, changed, or taken out."""

    async def save(values: dict[str, str]) -> None:
        from qunguan.services import plans

        if values["quota"] == _GONE:
            await screen.desk.write(plans.retire_benefit, plan.id, values["name"])
        else:
            quota = int_cell(values["quota"]) if values["quota"] else None
            await screen.desk.write(plans.set_benefit, plan.id, values["name"], scarce=values["kind"] == "scarce",
                                    quota=quota)  # fmt: skip
        await screen.room.changed()

    there = tuple((each.name, each.name) for each in plan.benefits if each.retired_on is None)
    fields = [
        Field("name", _("benefit"), "", _("one there is, or a new one"), there),
        Field("quota", _("in one term"), "", _("empty: not counted; - takes it out")),
        Field("kind", _("kind"), "basic", "", (("basic", _("basic")), ("scarce", _("scarce")))),
    ]
    return Form(_("Benefits of {name}", name=plan.name), fields, save)


def _day(text: str) -> date | None:
    return date_cell(text, serials=False) if text else None


def _money(text: str) -> int | None:
    return money_cell(text) if text else None
