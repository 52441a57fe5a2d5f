"""Groups: make one, change it, find the one that is meant, and tell how full it is."""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam, func, select

from qunguan.domain.clock import DEFAULT_ZONE, Clock, DayRule
from qunguan.domain.errors import BadInput, NotFound
from qunguan.domain.groups import Capacity, Group, checked_group
from qunguan.domain.names import meant, only
from qunguan.domain.text import show
from qunguan.i18n import N_
from qunguan.services.memory import recall, remember
from qunguan.store.groups import chat_group
from qunguan.store.members import membership
from qunguan.store.session import Session

_CURRENT = "group.current"
_ALL = select(chat_group).order_by(chat_group.c.id)
_OPEN = _ALL.where(chat_group.c.archived_on.is_(None))
_PRESENT = select(func.count()).where(membership.c.group_id == bindparam("group"), membership.c.left_on.is_(None))
_EDITABLE = ("name", "platform", "timezone", "day_start", "capacity_soft", "capacity_hard")


def create(
    session: Session,
    clock: Clock,
    name: str,
    *,
    platform: str = "wechat",
    timezone: str = DEFAULT_ZONE,
    day_start: int = 0,
    capacity_soft: int | None = None,
    capacity_hard: int | None = None,
) -> Group:
    """Make a group; it becomes the current one when none is. Raises BadInput for a value that does not fit."""
    values = checked_group(name, platform, timezone, day_start, capacity_soft, capacity_hard)
    _refuse_duplicate(session, values["name"])
    session.step(N_("Made the group {name}"), name=values["name"])
    first = current(session) is None
    group_id = session.insert(chat_group, **values, created_at=clock.now())
    if first:
        remember(session, _CURRENT, group_id)
    return get(session, group_id)


def update(session: Session, clock: Clock, group: Group) -> Group:
    """Write `group` as it is given: take the group as stored, `dataclasses.replace` what changes, hand it back here.

    A new zone or day start holds for what is recorded from now on; the past keeps its days (semantics 3.1).
    """
    values = checked_group(*(getattr(group, field) for field in _EDITABLE))
    _refuse_duplicate(session, values["name"], group.id)
    session.step(N_("Changed the group {name}"), name=values["name"])
    session.update(chat_group, group.id, **values)
    return get(session, group.id)


def archive(session: Session, clock: Clock, group_id: int, *, archived: bool = True) -> Group:
    """Put a group away, or bring it back. Nothing in it is lost; it is no longer offered."""
    group = get(session, group_id)
    label = N_("Put away the group {name}") if archived else N_("Brought back the group {name}")
    session.step(label, name=group.name)
    session.update(chat_group, group_id, archived_on=clock.today(group.day_rule) if archived else None)
    return get(session, group_id)


def get(session: Session, group_id: int) -> Group:
    """One group by id. Raises NotFound."""
    row = session.settled(chat_group, group_id, lambda: session.get(chat_group, group_id))
    if row is None:
        raise NotFound("there is no group {text}", hint="see the list of groups in Settings", text=f"#{group_id}")
    return _group(row)


def all_groups(session: Session, *, archived: bool = False) -> tuple[Group, ...]:
    """The groups in the order they were made; those put away only when `archived`."""
    query = _ALL if archived else _OPEN
    return session.settled(chat_group, ("all", archived), lambda: tuple(_group(row) for row in session.rows(query)))


def find(session: Session, text: str | None = None) -> Group:
    """The group that is meant: by id ("3", "#3"), by name, by the name without regard to case, width and emoji.

    A number is an id where there is such a group, and a name otherwise. None means the current group, or the only one.
    Raises NotFound, or Ambiguous with the groups to choose from.
    """
    groups = all_groups(session, archived=text is not None)
    if text is None:
        return current(session) or _only(groups)
    found = only(meant(groups, text), N_("{text} means several groups"), text)
    if found is None:
        raise NotFound("there is no group {text}", hint="see the list of groups in Settings", text=show(text[:40]))
    return found


def current(session: Session) -> Group | None:
    """The group the owner works in: the one chosen last, else the only one; None when that is not clear."""
    groups = all_groups(session)
    chosen = recall(session, _CURRENT)
    for group in groups:
        if group.id == chosen:
            return group
    return groups[0] if len(groups) == 1 else None


def set_current(session: Session, clock: Clock, group_id: int) -> Group:
    """Work in this group from now on. Raises NotFound."""
    group = get(session, group_id)
    remember(session, _CURRENT, group_id)
    return group


def day_rule(session: Session, group_id: int | None = None) -> DayRule:
    """Where the day begins in a group; for None in the current one, else the oldest, else the default day."""
    if group_id is not None:
        return get(session, group_id).day_rule
    group = current(session) or next(iter(all_groups(session)), None)
    return group.day_rule if group else DayRule()


def present(session: Session, group: Group) -> int:
    """How many members the group has now."""
    return int(session.scalar(_PRESENT, {"group": group.id}))


def capacity(session: Session, group: Group, *, joining: int = 0) -> Capacity:
    """How full the group is, or would be with `joining` more.

    Judged by its own sizes, else by the rules S2-22 (suggested) and S4-05 (largest).
    """
    from qunguan.domain.rules import preset  # the first rows of the roster ask for no rule
    from qunguan.services import rules

    inside = present(session, group) + joining
    soft = group.capacity_soft or rules.limit(session, "group.capacity_soft")
    hard = group.capacity_hard or rules.limit(session, "group.capacity_hard")
    for bound, rule_id in ((hard, "group.capacity_hard"), (soft, "group.capacity_soft")):
        if bound is not None and inside > bound:
            rule = preset(rule_id)
            return Capacity(inside, soft, hard, rule.severity, rule.id, rule.source)
    return Capacity(inside, soft, hard)


def _group(row: Any) -> Group:
    return Group(**row._mapping)


def _refuse_duplicate(session: Session, name: str, own_id: int = 0) -> None:
    taken = select(chat_group.c.id).where(chat_group.c.name == name, chat_group.c.id != own_id)
    if session.scalar(taken) is not None:
        raise BadInput("there is already a group {name}", hint="choose another name", name=show(name))


def _only(groups: tuple[Group, ...]) -> Group:
    found = only(groups, N_("there are several groups"))
    if found is None:
        raise NotFound("there is no group yet", hint="make one: qunguan init --group NAME")
    return found
