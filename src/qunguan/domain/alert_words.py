"""Alerts in words: what each is called, what it measured, and what to do about it. Message IDs."""

from __future__ import annotations

from qunguan.domain.alerts import Alert, State
from qunguan.domain.rosters import Reason
from qunguan.i18n import N_

TITLES = {
    "quiet": N_("quiet days"),
    "exits": N_("many leave"),
    "complaints": N_("complaints grow"),
    "active": N_("few are active"),
    "active_usual": N_("fewer active than usual"),
    "slump": N_("slump after a campaign"),
    "exit_spike": N_("many leave after a campaign"),
    "top_ten": N_("carried by few"),
    "ltv": N_("buyers do not come back"),
    "repurchase": N_("few buy again"),
    "full": N_("group is full"),
    "crowded": N_("group outgrows its size"),
    "expiring": N_("points about to expire"),
    "coupon_open": N_("coupons are not opened"),
    "content_open": N_("content is not opened"),
    "live": N_("few buy in the live"),
    "touches": N_("too many posts"),
    "ads": N_("too many ads"),
    "waited": N_("the group waited too long"),
}
"""What each alert is called."""

SUGGESTIONS = {
    "quiet": N_("start a topic day: one easy question, the owner answers first"),
    "exits": N_("stop promoting, turn to content, and ask those who left why"),
    "complaints": N_("read the complaints again and rewrite what is answered: a task is made of it"),
    "active": N_("open a wake list: write to the silent ones one by one"),
    "active_usual": N_("look at the health card: who fell silent, and since when"),
    "slump": N_("start a topic day: after the offers something of value without one"),
    "exit_spike": N_("stop promoting for now: who came for the offer leaves with it"),
    "top_ten": N_("call on others by name and give them a part: the group hangs on too few"),
    "ltv": N_("look after those who bought: a second reason to buy comes before a new buyer"),
    "repurchase": N_("write to those who bought once: ask how it went, then offer what goes with it"),
    "full": N_("open a second group before the next campaign"),
    "crowded": N_("clean up the silent ones, or split the group by topic"),
    "expiring": N_("tell members in time what they can still get for their points"),
    "coupon_open": N_("write the coupon anew, or send it less often"),
    "content_open": N_("send less, and what was asked for"),
    "live": N_("look at the scene: was it announced, do the functions work, is the offer clear"),
    "touches": N_("post less: every touch adds trust or noise"),
    "ads": N_("no more ads this month"),
    "waited": N_("keep the statements ready and drill it once: the first minutes decide"),
}
"""What to do about each."""

STATES: dict[State, str] = {
    "fired": N_("fired"),
    "known": N_("seen"),
    "handling": N_("being handled"),
    "closed": N_("closed by you"),
    "recovered": N_("recovered"),
}
"""What the states are called."""

SEVERITIES = {"alarm": N_("alarm"), "warning": N_("warning"), "notice": N_("notice")}

_SAID = {
    "quiet": N_("{days} days below {threshold} messages, {value} on the last of them"),
    "exits": N_("{value} left in {days} days, the bar is {threshold}"),
    "complaints": N_("{now} complaints, {before} before: {value} more"),
    "active": N_("{value} active, {threshold} is healthy"),
    "active_usual": N_("{value} active, {threshold} is what most stay below"),
    "slump": N_("{now} messages a day after the campaign, {before} before it: {value}"),
    "exit_spike": N_("{value} left in {days} days after a campaign, the bar is {threshold}"),
    "top_ten": N_("ten people write {value} of all, above {threshold} is fragile"),
    "ltv": N_("on {day} a buyer of all so far had brought {value} average orders, {threshold} is healthy"),
    "repurchase": N_("{value} of the buyers bought again, the bar is {threshold}"),
    "full": N_("{value} members, the most is {threshold}"),
    "crowded": N_("{value} members, suggested are {threshold}"),
    "expiring": N_("{value} points expire soon"),
    "waited": N_("{value} stages of an incident were late or never told"),
}
_NEW = {"complaints": N_("{now} complaints, none before: new")}
_PLAIN = N_("{value} against {threshold}")


def said(alert: Alert) -> Reason:
    """What an alert measured, in a sentence."""
    return Reason.of(
        _NEW[alert.rule] if alert.before == 0 and alert.rule in _NEW else _SAID.get(alert.rule, _PLAIN),
        value=quantity(alert.value, alert.unit),
        threshold=quantity(alert.threshold, alert.unit),
        day=alert.last,
        days=(alert.last - alert.first).days + 1,
        now=quantity(alert.now, "count"),
        before=quantity(alert.before, "count"),
    )


def quantity(value: float | None, unit: str) -> str:
    """A value as people read it: 12.5 %, 3.1, 48; — where it is unknown."""
    if value is None:
        return "—"
    if unit == "share":
        return f"{round(100 * value, 1):g} %"
    return f"{round(value, 1 if unit == 'count' else 2):g}"
