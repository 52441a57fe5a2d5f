"""What can be posted in an incident, with what is known filled in; and the note to hand it over with."""

from __future__ import annotations

from datetime import datetime

from qunguan.domain import incident_clock, scripts
from qunguan.domain.clock import Clock, DayRule
from qunguan.domain.incident_clock import UPDATE
from qunguan.domain.incident_handover import note
from qunguan.domain.incident_playbooks import playbook
from qunguan.domain.incidents import Incident, ready_title, typed_stage
from qunguan.domain.scripts import Filled
from qunguan.domain.text import match_key
from qunguan.i18n import _
from qunguan.services import groups
from qunguan.services.incident_book import get, held
from qunguan.services.incident_roles import roles
from qunguan.services.incident_running import limits
from qunguan.services.incident_view import view
from qunguan.store.session import Session


def statement(session: Session, clock: Clock, incident_id: int, stage: str) -> Filled:
    """The statement of a stage, or of an "update", with what is known filled in: the group, what happened and when,
    when the next word comes, who is in charge. Raises NotFound, BadInput.
    """
    found = get(session, incident_id)
    name = UPDATE if match_key(stage) in (UPDATE, match_key(_("Update"))) else typed_stage(stage)
    group = groups.get(session, found.group_id)
    now, times = held(session, clock, incident_id), limits(session)
    today = group.day_rule.local(now).date()

    def said(moment: datetime) -> str:
        local = group.day_rule.local(moment)
        day = "" if local.date() == today else _("{month}/{day}", month=local.month, day=local.day) + " "
        return f"{day}{local:%H:%M}"

    upcoming = incident_clock.next_update(found.t0, now, now, times)
    in_charge = {role.hat: role.holder for role in roles(session, incident_id)}
    values = {
        "group": group.name,
        "what": _what(found, group.day_rule),
        "when": said(now if name == UPDATE else found.t0),
        "next": said(upcoming) if upcoming else "",
        "who": in_charge.get("service") or in_charge.get("owner") or "",
    }
    values["deadline"] = said(found.t0 + times.trust) if now < found.t0 + times.trust else ""
    return scripts.fill(playbook(found.playbook).sheet(name).statement, values)


def _what(found: Incident, rule: DayRule) -> str:
    """What happened, without the time a title ends with: the statement says when by itself. Nothing while the title is
    the ready one, which does not tell: the owner is asked.
    """
    at = rule.local(found.first_t0 or found.t0)
    if found.title in (ready_title(at), ready_title(at, drill=True)):
        return ""
    return found.title.removesuffix(f" {at:%H:%M}")


def handover(session: Session, clock: Clock, incident_id: int) -> str:
    """Everything somebody needs who takes over now, as one text in the language in force. Raises NotFound."""
    whole = view(session, clock, incident_id)
    group = groups.get(session, whole.incident.group_id)
    return note(whole, group.name, group.day_rule, playbook(whole.incident.playbook))
