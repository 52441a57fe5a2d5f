"""Texts of a campaign: a draw with the way to count it again, the text of its stage, its result, a review."""

from __future__ import annotations

from collections.abc import Iterator

from qunguan.domain.campaign_draw import Draw
from qunguan.domain.campaign_views import Card, Review, percent, said, said_unit
from qunguan.domain.campaigns import CampaignTask
from qunguan.domain.money import short_yuan
from qunguan.domain.text import show
from qunguan.i18n import _, ngettext


def draw_text(name: str, draw: Draw) -> str:
    """Who won, and how anybody can count it again."""
    lines = [_("{name}: the draw", name=show(name)), ""]
    lines += [f"{place}. {show(each.name)}（{each.key}）" for place, each in enumerate(draw.winners, 1)]
    lines += [
        "",
        _("Seed: {seed}", seed=show(draw.seed)),
        ngettext("In the pot: {n} person", "In the pot: {n} people", draw.pool),
        _("Fingerprint of the list: {digest}", digest=draw.digest),
        _("Count it again: SHA-256 of seed:number for everybody on the list; the smallest win. "
          "The fingerprint is SHA-256 of all numbers, one a line."),
    ]  # fmt: skip
    return "\n".join(lines)


def pool_text(name: str, draw: Draw) -> str:
    """Everybody in the pot with the key they are drawn by, in the order the fingerprint is taken of."""
    told = (f"{each.key}  {show(each.name)}" for each in draw.lots)
    return "\n".join([_("{name}: who is in the pot", name=show(name)), *told])


def stage_text(whole: Card, task: CampaignTask | None) -> str:
    """What to post now: the ready text of the task, else how it went."""
    if task is not None and task.text:
        return task.text
    return result_text(whole)


def result_text(whole: Card) -> str:
    """How a campaign went, for the group: no figures of money, names of complete teams and winners."""
    lines = [_("{name} is over, thank you all!", name=show(whole.campaign.name))]
    figures = whole.line.figures
    lines.append(ngettext("{n} person took part.", "{n} people took part.", figures.participants))
    for team in whole.teams:
        if whole.campaign.playbook.teams == "sides":
            lines.append(_("{side}: {n} votes", side=show(team.name), n=len(team.people)))
        elif team.complete:
            lines.append(f"✓ {show(team.name)}：{'、'.join(map(show, team.people))}")
    for draw in whole.draws:
        lines.append(_("Winners: {names}", names="、".join(show(each.name) for each in draw.winners)))
    return "\n".join(lines)


def review_text(found: Review) -> str:
    """A review as text, for the owner's own files."""
    return "\n".join(_review_lines(found))


def _review_lines(found: Review) -> Iterator[str]:
    whole, figures = found.card, found.card.line.figures
    campaign = whole.campaign
    yield _("{name} · {form} · {first} to {last}", name=show(campaign.name), form=campaign.playbook.name,
            first=campaign.from_day, last=campaign.to_day)  # fmt: skip
    yield _("goal: {reached} of {wanted}", reached=said(campaign.goal, whole.line.reached),
            wanted=said(campaign.goal, campaign.goal_value))  # fmt: skip
    yield _(
        "{people} took part, {share} of those it was for", people=figures.participants, share=percent(figures.share)
    )
    yield _("{orders} orders, {revenue}, conversion {conversion}", orders=figures.orders,
            revenue=said_unit("fen", figures.revenue_fen), conversion=percent(figures.conversion))  # fmt: skip
    cost = "—" if figures.cost_per is None else f"¥{short_yuan(figures.cost_per)}"
    yield _("cost ¥{cost}, a head {per}", cost=short_yuan(figures.cost_fen), per=cost)
    yield from map(str, found.verdict)
    for label, text in ((_("went well"), found.written.well), (_("went badly"), found.written.badly),
                        (_("next time"), found.written.next_time)):  # fmt: skip
        if text:
            yield f"{label}：{text}"
