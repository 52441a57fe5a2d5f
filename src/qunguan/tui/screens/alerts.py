"""Alerts: what fires, what the owner said to it, what has recovered; every rule with the number it waits for."""

from __future__ import annotations

from textual.content import Content

from qunguan.domain.alert_words import SUGGESTIONS, TITLES
from qunguan.domain.alerts import Alert, AlertRule, State, at, place
from qunguan.exchange.writers.alerts import alerts_text, topic_day_text
from qunguan.i18n import _
from qunguan.tui.bindings import bindings
from qunguan.tui.clipboard import copy_out
from qunguan.tui.flow import begin
from qunguan.tui.screens import alerts_lines as drawing
from qunguan.tui.screens.listing import Lines, Listing
from qunguan.tui.screens.past_day import PastDayScreen
from qunguan.tui.text import literal
from qunguan.tui.widgets.dialogs import Confirm, Field, Form, TextView

_OF_FIRING = {"tick", "handle", "close"}
_ROOMS = {
    "open_wake_list": "cleaning", "open_health": "insights", "open_trade": "trade", "open_people": "activity",
    "open_roster": "members", "open_points": "points", "open_content": "content",
    "open_live_checklist": "campaigns", "open_incident": "incidents",
}  # fmt: skip
"""The room where an action is carried out, where it is one."""


class AlertsScreen(PastDayScreen):
    """What fires now; `f` shows what has recovered too, then every rule. `[` and `]` ask a past day."""

    noun = "alerts"
    KEEPS = ("_view", "past_day")
    BINDINGS = bindings("alerts")

    def __init__(self) -> None:
        super().__init__()
        self._view: drawing.View = "firing"
        self._alerts: tuple[Alert, ...] = ()
        self._rules: tuple[AlertRule, ...] = ()

    # -- what is shown

    async def listing(self) -> Listing:
        """The alerts, or the rules."""
        from qunguan.services import alerts

        group = self.room.group
        self._alerts = await self.desk.read(alerts.alerts, self.room.clock, group.id if group else None, self.past_day)
        self._rules = await self.desk.read(alerts.alert_rules)
        headline = drawing.headline(self._view, self._alerts, self._rules, self.day, today=self.past_day is None)
        empty = drawing.empty_text(self._view)
        if self._view == "rules":
            rules = Lines(self._rules, lambda one: place(one.shipped.id), drawing.rule_cells)
            return Listing(drawing.rule_columns(), rules, headline, empty)
        shown = [one for one in self._alerts if self._view == "all" or one.state in drawing.FIRING]
        source = Lines(shown, lambda one: place(one.rule), drawing.alert_cells)
        return Listing(drawing.alert_columns(), source, headline, empty)

    def _alert(self) -> Alert | None:
        if self._view == "rules":
            return None
        return next((one for one in self._alerts if place(one.rule) == self.key), None)

    @property
    def rule_id(self) -> str:
        """The alert under the cursor."""
        assert self.key is not None
        return at(self.key)

    async def beside(self, key: int) -> Content:
        """What was measured and what to do about it; of a rule, what it waits for."""
        alert = self._alert()
        if alert is not None:
            return drawing.alert_side(alert)
        rule = next((one for one in self._rules if place(one.shipped.id) == key), None)
        return drawing.rule_side(rule) if rule else Content("")

    # -- actions

    def blocked(self, verb: str) -> str:
        """What is said is said to something that fires, today."""
        if told := super().blocked(verb):
            return told
        if verb in _OF_FIRING | {"open"}:
            alert = self._alert()
            if alert is None:
                return _("nothing fires here: f shows another list")
            if self.past_day is not None:
                return _("this is a past day: . goes back to today")
            if verb in _OF_FIRING and alert.state == "recovered":
                return _("it has recovered: there is nothing to say to it")
        if verb == "why" and self.key is None:
            return _("nothing fires here: f shows another list")
        return ""

    async def do_filter(self) -> None:
        """What fires, what has recovered, every rule."""
        self._view = drawing.next_view(self._view)
        await self.show(keep=False)

    async def do_open(self) -> None:
        """Do what the alert suggests: a text to copy, promotion that rests, or the room where it is done."""
        alert = self._alert()
        assert alert is not None
        if alert.action == "start_topic_day":
            await copy_out(self.room, topic_day_text(self.day), f"topic-day-{self.day}")
            await self._say(alert, "handling", _("topic day"))
        elif alert.action == "lock_promo":
            begin(self, self._hold_back(alert))
        elif alert.action == "upgrade_scripts" and alert.group_id is not None:
            await self._upgrade(alert.group_id)
        else:
            self.room.go(_ROOMS.get(alert.action, "insights"))

    async def _hold_back(self, alert: Alert) -> None:
        """Promotion rests as long as nobody says that the alert is seen."""
        details = [
            _("Promotion rests in this group while the alert stands as fired: post content, ask those who left why."),
            _("y: it is seen and handled, promotion may go on."),
        ]
        if await self.app.push_screen_wait(
            Confirm(_("Handle the alert: {alert}?", alert=_(TITLES[alert.rule])), details)
        ):
            await self._say(alert, "handling")

    async def _upgrade(self, group_id: int) -> None:
        """The texts that answer complaints are to be rewritten: a task says which, and the room of texts opens."""
        from qunguan.services import feedback

        task = await self.desk.write(feedback.upgrade_scripts, group_id)
        self.say(_("A task for {day}: {title}", day=task.on_day, title=task.title))
        await self.room.changed()
        self.room.go("scripts")

    async def do_tick(self) -> None:
        """It is seen."""
        alert = self._alert()
        assert alert is not None
        await self._say(alert, "known")

    async def do_handle(self) -> None:
        """It is being handled: how?"""
        await self._ask("handling", _("How is it being handled?"))

    async def do_close(self) -> None:
        """It is settled: why?"""
        await self._ask("closed", _("Why is it settled?"))

    async def _ask(self, state: State, question: str) -> None:
        alert = self._alert()
        assert alert is not None

        async def save(values: dict[str, str]) -> None:
            await self._say(alert, state, values["note"])

        title = f"{_(TITLES[alert.rule])} · {question}"
        await self.app.push_screen(Form(title, [Field("note", _("note"), alert.note)], save))

    async def _say(self, alert: Alert, state: State, note: str = "") -> None:
        from qunguan.services import alerts

        done = await self.desk.write(alerts.mark, alert.rule, alert.group_id, state, note)
        self.say(drawing.said_text(done))
        await self.room.changed()

    async def do_copy(self) -> None:
        """The alerts as text."""
        shown = [one for one in self._alerts if one.state in drawing.FIRING]
        await copy_out(self.room, alerts_text(shown, self.day), f"alerts-{self.day}")

    async def do_why(self) -> None:
        """The rule, and its verdict on each of the last days with the numbers."""
        from qunguan.services import alerts

        group = self.room.group
        told = await self.desk.read(
            alerts.why_alert, self.room.clock, self.rule_id, group.id if group else None, self.past_day
        )
        lines = [literal(str(one)) for one in told]
        await self.app.push_screen(TextView(_(TITLES[self.rule_id]), [*lines, literal(_(SUGGESTIONS[self.rule_id]))]))


SCREEN = AlertsScreen
