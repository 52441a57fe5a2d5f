"""What the owner changes about members: add, edit, tag, leave, come back, forget, export. All by dialogs.

Each is a coroutine to run in a worker; it raises what is to be said to the owner.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from qunguan.domain.errors import BadInput
from qunguan.domain.members import ROLES
from qunguan.domain.tags import join_tags
from qunguan.domain.text import match_key, show
from qunguan.i18n import _, ngettext
from qunguan.tui.widgets.choose import Choice, Choose
from qunguan.tui.widgets.dialogs import Confirm, Field, Form

if TYPE_CHECKING:
    from qunguan.tui.app import QunguanApp

_NAMED = 5  # members named one by one where many are meant


async def add(room: QunguanApp) -> int | None:
    """Ask for a new member and add them to the group in hand. Returns their id, None for Esc."""
    from qunguan.services import members_typed

    group_id = room.group.id if room.group else None
    added: list[int] = []

    async def save(values: dict[str, str]) -> None:
        person = await room.desk.write(members_typed.add_typed, values, group_id)
        added.append(person.id)

    fields = [*_names(), _field("joined_on", room.today.isoformat()), *_facts(), _field("tags")]
    await room.push_screen_wait(Form(_("Add a member"), fields, save))
    return added[0] if added else None


async def edit(room: QunguanApp, member_id: int) -> bool:
    """Change a member's particulars. Returns whether anything was saved."""
    from qunguan.services import members, members_typed

    group_id = room.group.id if room.group else None
    values = members_typed.typed(await room.desk.read(members.card, member_id), group_id)

    async def save(typed: dict[str, str]) -> None:
        await room.desk.write(members_typed.edit_typed, member_id, typed, group_id)

    ids = ("name", "nick", "wechat_id", "phone", "birthday", "joined_on", "role", "channel", "note", "extra")
    fields = [_field(name, values[name]) for name in ids if name != "role" or group_id is not None]
    title = _("Change {name}", name=show(values["name"]))
    return await room.push_screen_wait(Form(title, fields, save)) is not None


async def tag(room: QunguanApp, member_ids: Sequence[int]) -> str:
    """Give a tag to members, or take it off where all of them carry it. Returns what was done, "" for nothing."""
    from qunguan.services import members, members_typed

    carried = [set((await room.desk.read(members.card, member_id)).tags) for member_id in member_ids[:1]]
    if len(member_ids) > 1:
        rows = await room.desk.read(members.rows_by_ids, member_ids)
        carried = [set(row.tags) for row in rows]
    shared = set.intersection(*carried) if carried else set()
    known = await room.desk.read(members.tags)
    choices = []
    for each in known:
        pair = (each.category, each.name)
        some = sum(pair in tags for tags in carried)
        note = _("all carry it: Enter takes it off") if pair in shared else _("{n} of them carry it", n=some)
        label = f"✓ {join_tags([pair])}" if pair in shared else join_tags([pair])
        choices.append(Choice(f"{'-' if pair in shared else '='}{join_tags([pair])}", label, note if some else ""))
    title = ngettext("Tag the member: choose, or type a new one", "Tag {n} members: choose, or type a new one",
                     len(member_ids))  # fmt: skip
    chosen = await room.push_screen_wait(Choose(title, choices, other=_("new tag")))
    if not chosen:
        return ""
    sign, text = chosen[0], chosen[1:]
    if sign == "+":
        await room.desk.write(members_typed.tag_typed, member_ids, text)
        return _("Tagged {tag}: {n}", tag=show(text), n=len(member_ids))
    category, name = next(
        (each.category, each.name) for each in known if join_tags([(each.category, each.name)]) == text
    )
    change = members.untag if sign == "-" else members.tag
    done = await room.desk.write(change, member_ids, name, category)
    said = _("Took off {tag}: {n}", tag=show(text), n=done)
    return said if sign == "-" else _("Tagged {tag}: {n}", tag=show(text), n=done)


async def leave(room: QunguanApp, member_ids: Sequence[int]) -> bool:
    """Note that members left the group in hand: day and reason, then the question. Returns whether it was done."""
    from qunguan.services import members, members_typed

    group = room.group
    assert group is not None
    names = await room.desk.read(members.labels, list(member_ids))
    fields = [
        Field("day", _("left on"), room.today.isoformat(), day="past"),
        Field("reason", _("reason"), hint=_("moved, silent, broke the rules …")),
    ]

    async def check(values: dict[str, str]) -> None:
        await room.desk.rehearse(members_typed.leave_many, member_ids, group.id, values["day"], values["reason"])

    place = show(group.name)
    title = ngettext("{who} left {group}", "{n} members left {group}", len(names), who=names[0], group=place)
    values = await room.push_screen_wait(Form(title, fields, check, notes=_some(names)))
    if values is None or not await room.push_screen_wait(Confirm(_question(names, place), _some(names))):
        return False
    await room.desk.write(members_typed.leave_many, member_ids, group.id, values["day"], values["reason"])
    return True


async def rejoin(room: QunguanApp, member_id: int) -> bool:
    """Note that a member is back in the group in hand, or joins it for the first time."""
    from qunguan.services import members, members_typed

    group = room.group
    assert group is not None
    name = (await room.desk.read(members.labels, [member_id]))[0]

    async def save(values: dict[str, str]) -> None:
        await room.desk.write(members_typed.rejoin_typed, member_id, group.id, values["joined_on"])

    fields = [_field("joined_on", room.today.isoformat())]
    title = _("{who} is back in {group}", who=name, group=show(group.name))
    return await room.push_screen_wait(Form(title, fields, save)) is not None


async def erase(room: QunguanApp, member_id: int) -> bool:
    """Forget a member for good; the owner types the name to say so. Returns whether it was done."""
    from qunguan.services import members

    person = await room.desk.read(members.get, member_id)

    async def save(values: dict[str, str]) -> None:
        named = match_key(values["name"]) == match_key(person.name) != ""
        if not named and values["name"] != f"#{person.id}":
            raise BadInput("that is not the name: nothing was changed", hint="type it as it stands above, or Esc")
        await room.desk.write(members.erase, member_id)

    name, number = show(person.name), person.id
    notes = [
        _("Names, phone, birthday, notes, tags and the words of their check-ins go for good, undo or not."),
        _("Check-ins and points still count, for #{id}. Older backups and exported files still name them.", id=number),
        _("To say so, type the name {name} or #{id}", name=name, id=number),
    ]
    form = Form(_("Forget {name}", name=name), [Field("name", _("name"))], save, notes)
    return await room.push_screen_wait(form) is not None


async def export(room: QunguanApp, ids: Sequence[int], what: str) -> Path | None:
    """Ask for a file's name and write these members into it; its ending says how. Returns the path, None for Esc."""
    from qunguan.exchange.writers.tables import write_table
    from qunguan.services.members_export import member_table
    from qunguan.tui.clipboard import FOLDER

    assert room.desk.path is not None
    group_id, folder = room.group.id if room.group else None, room.desk.path.parent / FOLDER
    written: list[Path] = []

    async def save(values: dict[str, str]) -> None:
        path = Path(values["file"]).expanduser()
        if path.exists() and values["file"] not in asked:
            asked.add(values["file"])
            raise BadInput("there is a file of that name", where=str(path), hint="Enter once more replaces it")
        table = await room.desk.read(member_table, ids, group_id)
        if path.parent == folder:
            await room.desk.call(folder.mkdir, mode=0o700, exist_ok=True)
        await room.desk.call(write_table, path, table)
        written.append(path)

    asked: set[str] = set()
    fields = [Field("file", _("file"), str(folder / f"{_('members')}-{room.today}.csv"), hint=".csv .xlsx .json .md")]
    notes = [what, _("The ending says how: .csv .xlsx .json .md. Phones and notes are written in full.")]
    await room.push_screen_wait(Form(_("Write the roster to a file"), fields, save, notes))
    return written[0] if written else None


def _question(names: Sequence[str], group: str) -> str:
    return ngettext("Note that {who} left {group}?", "Note that {n} members left {group}?", len(names), who=names[0],
                    group=group)  # fmt: skip


def _some(names: Sequence[str]) -> list[str]:
    if len(names) < 2:
        return []
    more = _(" and {n} more people", n=len(names) - _NAMED) if len(names) > _NAMED else ""
    return ["、".join(names[:_NAMED]) + more]


def _names() -> list[Field]:
    return [_field("name"), _field("nick"), _field("wechat_id")]


def _facts() -> list[Field]:
    return [_field("phone"), _field("birthday"), _field("channel"), _field("note")]


def _field(name: str, value: str = "") -> Field:
    labels = {
        "name": (_("name"), ""),
        "nick": (_("group nickname"), _("where it differs from the name")),
        "wechat_id": (_("WeChat ID"), ""),
        "phone": (_("phone"), ""),
        "birthday": (_("birthday"), _("1990-03-05, or lunar: 农历三月初五")),
        "joined_on": (_("joined on"), _("empty: nobody knows")),
        "role": (_("role"), _("owner, administrator, or your own words")),
        "channel": (_("channel"), _("where they came from")),
        "tags": (_("tags"), _("VIP、group:tag")),
        "note": (_("note"), ""),
        "extra": (_("free fields"), _("city=Shanghai; job=teacher")),
    }
    label, hint = labels[name]
    roles = tuple((role, _(word)) for role, word in ROLES.items()) if name == "role" else ()
    return Field(name, label, value, hint, roles, day="past" if name == "joined_on" else "")
