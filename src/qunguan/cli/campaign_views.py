"""Campaigns as documents and as lines for people."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from qunguan.cli.command import columns, jsonable, known
from qunguan.domain.campaign_draw import Draw
from qunguan.domain.campaign_gate import Asked
from qunguan.domain.campaign_sheet import Entry, Team
from qunguan.domain.campaign_views import Card, Cost, Figures, FormSum, Line, Outlook, Review, Share, percent, said
from qunguan.domain.campaigns import GOALS, KINDS, Campaign, CampaignTask, clock_text
from qunguan.domain.money import short_yuan
from qunguan.i18n import _, labelled

MARKS = {"warning": "!", "notice": "·", "good": "✓"}
_ANSWERS = {"yes": "是", "no": "否", "not_so": "不适用"}


def campaign(one: Campaign) -> dict[str, Any]:
    """A campaign."""
    return {
        "id": one.id,
        "group_id": one.group_id,
        "name": one.name,
        "form": one.form,
        "goal": one.goal,
        "goal_value": one.goal_value,
        "from": one.from_day,
        "to": one.to_day,
        "starts_at": one.starts_at,
        "ends_at": one.ends_at,
        "scheme": one.scheme,
        "bucket": one.bucket,
        "occasion": one.occasion,
        "offer": one.offer,
        "budget_fen": one.budget_fen,
        "carrier": one.carrier,
        "started_at": one.started_at,
        "closed_on": one.closed_on,
        "cancelled_on": one.cancelled_on,
        "note": one.note,
    }


def share(one: Share | None) -> dict[str, Any] | None:
    """A share with its base; null where it is not known."""
    return None if one is None or one.value is None else {"value": one.value, "n": one.n}


def figures(one: Figures) -> dict[str, Any]:
    """What a campaign brought."""
    return {
        "participants": one.participants,
        "entries": one.entries,
        "attend": one.attend,
        "buyers": one.buyers,
        "orders": one.orders,
        "pieces": one.pieces,
        "revenue_fen": one.revenue_fen,
        "cost_fen": one.cost_fen,
        "handed_fen": one.handed_fen,
        "cost_per_fen": one.cost_per,
        "share": share(one.share),
        "conversion": share(one.conversion),
        "by_attendance": one.by_attendance,
    }


def line(one: Line) -> dict[str, Any]:
    """A campaign of the list."""
    return {
        **campaign(one.campaign),
        "state": one.state,
        "audience": one.audience,
        "reached": one.reached,
        "done": one.done,
        "figures": figures(one.figures),
    }


def form(one: FormSum) -> dict[str, Any]:
    """The runs of a form together."""
    return {
        "form": one.form,
        "runs": one.runs,
        "participants": one.participants,
        "revenue_fen": one.revenue_fen,
        "cost_fen": one.cost_fen,
        "conversion": share(one.conversion),
    }


def task(one: CampaignTask) -> dict[str, Any]:
    """A task."""
    return {
        "key": one.key,
        "step": one.step,
        "day": one.day,
        "at": clock_text(one.at_minute),
        "hat": one.hat,
        "title": one.title,
        "text": one.text,
    }


def outlook(one: Outlook) -> dict[str, Any]:
    """A plan."""
    cautions = [{"level": each.level, "text": str(each.reason), "source": each.source} for each in one.cautions]
    return {
        "audience": one.people,
        "present": one.here,
        "warnings": cautions,
        "tasks": [task(each) for each in one.tasks],
    }


def entry(one: Entry) -> dict[str, Any]:
    """A line of a sheet."""
    return {
        "id": one.id,
        "member_id": one.member_id,
        "name": one.who or one.name,
        "kind": one.kind,
        "team": one.team,
        "helper": one.name if one.key.startswith("vote:") and one.member_id and one.name else "",
        "qty": one.qty,
        "amount_fen": one.amount_fen,
        "code": one.code,
        "note": one.note,
        "day": one.biz_date,
        "void_on": one.void_on,
        "void_reason": one.void_reason,
    }


def team(one: Team) -> dict[str, Any]:
    """A team."""
    return {
        "name": one.name,
        "people": one.people,
        "members": one.members,
        "complete": one.complete,
        "missing": one.missing,
        "qty": one.qty,
        "amount_fen": one.amount_fen,
    }


def asked(one: Asked) -> dict[str, Any]:
    """A question of the gate."""
    return {
        "question": one.question.code,
        "text": one.question.text,
        "answer": one.answer,
        "note": one.note,
        "right": one.question.right,
        "stops": one.stops,
        "why": one.question.why,
        "source": one.question.source,
    }


def draw(one: Campaign, done: Draw) -> dict[str, Any]:
    """A draw, with all it takes to repeat it."""
    return {
        "campaign": one.name,
        "seed": done.seed,
        "pool": done.pool,
        "pool_digest": done.digest,
        "method": "sha256(seed:key)",
        "winners": [
            {"rank": place, "member_id": each.member_id, "name": each.name, "key": each.key, "lot": each.lot}
            for place, each in enumerate(done.winners, 1)
        ],
        "keys": [each.key for each in done.lots],
    }


def card(one: Card) -> dict[str, Any]:
    """One campaign whole."""
    return {
        **line(one.line),
        "terms": one.terms,
        "stock_left": one.left,
        "tasks": [task(each) for each in one.tasks],
        "entries": [entry(each) for each in one.entries],
        "teams": [team(each) for each in one.teams],
        "due": jsonable(one.dues),
        "costs": jsonable(one.costs),
        "gate": [asked(each) for each in one.gate],
        "codes": [{"code": code, "lines": n, "amount_fen": fen} for code, n, fen in one.codes],
        "draws": [draw(one.campaign, each) for each in one.draws],
    }


def review(one: Review) -> dict[str, Any]:
    """A review."""
    talk = one.slump
    return {
        **line(one.card.line),
        "new_members": one.new_members,
        "exit_days": one.exit_days,
        "exits": share(one.exits),
        "slump": {"before": talk.before, "after": talk.after, "ratio": talk.ratio, "slumped": talk.slumped},
        "past": [line(each) for each in one.past],
        "usual": None if one.usual is None else form(one.usual),
        "written": jsonable(one.written),
        "verdict": [str(each) for each in one.verdict],
    }


# -- lines for people


def listing(found: Sequence[Line], sums: Iterable[FormSum]) -> list[str]:
    """The campaigns, then the forms held against each other."""
    if not found:
        return [
            _("No campaign yet. Next: qunguan campaign add NAME --form FORM, qunguan campaign forms lists the forms")
        ]
    rows = [
        (
            each.campaign.id,
            each.campaign.name,
            each.campaign.playbook.name,
            _(each.standing),
            each.campaign.from_day,
            each.campaign.to_day,
            said(each.campaign.goal, each.reached),
            said(each.campaign.goal, each.campaign.goal_value),
            each.figures.participants,
            percent(each.figures.conversion),
        )
        for each in found
    ]
    header = (
        _("id"),
        _("name of the campaign"),
        _("form"),
        _("state"),
        _("from"),
        _("to"),
        _("actual"),
        _("wanted"),
        _("people"),
        _("conversion"),
    )
    lines = columns(header, rows, right=(0, 6, 7, 8))
    told = [(_form_name(each.form), each.runs, each.participants, percent(each.conversion)) for each in sums]
    if len(told) > 1:
        lines += ["", *columns((_("form"), _("times run"), _("people"), _("conversion")), told, right=(1, 2))]
    return lines


def _form_name(code: str) -> str:
    from qunguan.domain.campaigns import playbooks

    return playbooks()[code].name


def planned(one: Campaign, found: Outlook) -> list[str]:
    """What was planned, and what speaks against it."""
    head = _(
        "#{id} {name}: {form}, {first} to {last}, for {people} people",
        id=one.id,
        name=one.name,
        form=one.playbook.name,
        first=one.from_day,
        last=one.to_day,
        people=found.people,
    )
    goal = _(GOALS[one.goal][0])
    if one.goal_value is None:
        aim = _("goal: {goal}, without a number", goal=goal)
    else:
        aim = _("goal: {goal} {wanted}", goal=goal, wanted=said(one.goal, one.goal_value))
    return [head, aim, *_cautions(found)]


def plan(found: Outlook) -> list[str]:
    """A plan with its tasks."""
    return [
        _("for {people} of {here} people", people=found.people, here=found.here),
        *_cautions(found),
        "",
        *tasks(found.tasks),
    ]


def _cautions(found: Outlook) -> list[str]:
    return [f"{MARKS[each.level]} {each.reason} ({each.source})" for each in found.cautions]


def tasks(found: Iterable[CampaignTask]) -> list[str]:
    """Tasks by day and time."""
    rows = [(each.key, each.day, clock_text(each.at_minute), each.title) for each in found]
    return columns((_("id"), _("day"), _("time"), _("what to do")), rows)


def card_lines(one: Card) -> list[str]:
    """One campaign whole, for people."""
    found, told = one.campaign, one.line.figures
    lines = [
        f"#{found.id} {found.name} · {found.playbook.name} · {_(one.line.standing)}",
        f"{found.from_day} – {found.to_day}",
        _(
            "goal: {goal} {reached} of {wanted}",
            goal=_(GOALS[found.goal][0]),
            reached=said(found.goal, one.line.reached),
            wanted=said(found.goal, found.goal_value),
        ),
        _("{people} took part, {share} of those it was for", people=told.participants, share=percent(told.share)),
        "、".join(f"{found.playbook.term(name).label} {value}" for name, value in one.terms.items()),
    ]
    lines += [_team(each) for each in one.teams]
    if one.left is not None:
        lines.append(_("left of the stock: {left}", left=one.left))
    lines += [_("due: {name} — {what}", name=each.name, what=each.what) for each in one.dues]
    return [*lines, "", *tasks(one.tasks), "", *sheet(found, one.entries)]


def _team(one: Team) -> str:
    mark = "●" if one.complete else "○" if one.missing is not None else "·"
    missing = "" if not one.missing else _(" ({n} missing)", n=one.missing)
    return f"{mark} " + labelled(one.name, f"{'、'.join(one.people)}{missing}")


def sheet(one: Campaign, found: Iterable[Entry]) -> list[str]:
    """A sheet, lines taken out marked."""
    rows = [
        (
            each.id,
            each.who or each.name or "—",
            _(KINDS[each.kind]),
            each.team,
            each.qty,
            short_yuan(each.amount_fen),
            each.code,
            each.biz_date,
            each.note if each.void_on is None else f"✗ {each.void_reason}",
        )
        for each in found
    ]
    if not rows:
        return [_("The sheet is empty")]
    header = (_("line"), _("who"), _("kind"), _("team"), _("pieces"), _("amount"), _("code"), _("day"), _("note"))
    return columns(header, rows, right=(0, 4, 5))


def gate_lines(found: Sequence[Asked]) -> list[str]:
    """The questions with their answers."""
    rows = [
        (
            "!" if each.stops else "✓",
            each.question.code,
            each.question.text,
            known(_ANSWERS.get(each.answer or "")),
            each.note,
        )
        for each in found
    ]
    left = sum(each.stops for each in found)
    end = _("{n} still keep it from starting", n=left) if left else _("nothing keeps it from starting")
    return [*columns(("", _("question"), _("what is asked"), _("answer"), _("note")), rows), end]


def costs(found: Sequence[Cost]) -> list[str]:
    """Costs and their sum."""
    rows = [(each.id, each.what, short_yuan(each.cost_fen), each.day) for each in found]
    total = _("together ¥{cost}", cost=short_yuan(sum(each.cost_fen for each in found)))
    return [*columns((_("id"), _("what"), _("yuan"), _("day")), rows, right=(0, 2)), total]
