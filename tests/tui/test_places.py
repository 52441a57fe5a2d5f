"""A room that was left for long is closed, and opens where it was left (tui/places.py)."""

from __future__ import annotations

from functools import partial
from random import Random

import pytest
from textual import events

from qunguan.domain.actions import SCREENS, of, rooms
from qunguan.services import checkins, groups, members, questions
from qunguan.services.desk import Desk
from qunguan.tui import app as app_module
from qunguan.tui.app import STAYING, QunguanApp
from qunguan.tui.places import at_rest
from tests.services.campaign_kit import running
from tests.services.chat_kit import ago, span, spread, tell
from tests.tui.desk_app import Room, room

STAYS = {"today": "every way leads back to it, and what to care for takes long to read in a large community"}
"""Rooms that are never closed, and why."""


@pytest.fixture
def file(tmp_path, clock):
    path = tmp_path / "q.db"
    with Desk(path, clock, create=True) as desk:
        group = desk.write(groups.create, "早起读书群")
        for n in range(80):
            desk.write(members.add, f"成员{n:02}", group_id=group.id)
        desk.write(checkins.start, "早起", who="all")
    return path


@pytest.fixture
def busy(file, clock):
    """The same with two campaigns, questions and four months of talk."""
    with Desk(file, clock) as desk:
        for form, name in (("group_buy", "拼好物"), ("debate", "辩一辩")):
            running(desk, form, name)
        for n in range(4):
            asked = desk.write(questions.add, 1, f"第 {n} 问？")
            desk.write(questions.settle_question, asked.id, ("open", "picked", "dropped")[n % 3])
        tell(desk, ago(130), ago(1), spread(range(1, 9), span(ago(130), ago(1)), 2))
    return file


OPENS = {"3": "checkins", "4": "points", "9": "incidents", "0": "settings"}


def showing(room: Room, noun: str) -> bool:
    return getattr(room.app.screen, "noun", "") == noun and room.top._loaded


async def away_to(room: Room, *keys: str) -> None:
    """Go through screens by their numbers, each when the one before it is there."""
    for key in keys:
        await room.press(key)
        await room.until(partial(showing, room, OPENS[key]))


async def away(room: Room) -> None:
    """Go through other rooms until no more than those left last are open."""
    await away_to(room, "4", "0", "9")
    await room.until(lambda: "members" not in room.app._nouns)


async def to_members(room: Room) -> None:
    await room.press("2")
    await room.until(partial(showing, room, "members"))


async def test_a_room_left_for_long_is_closed_and_opens_where_it_was(file, clock):
    async with room(file, clock, "2") as here:
        await here.press("f", "f", *["pagedown"] * 2, "up", "up")
        before = here.top
        await here.until(lambda: before.table.current is not None and before.table.cursor_row > 20)
        at, top = before.table.current.key, before.table.top
        await away(here)
        await to_members(here)
        now = here.top
        assert now is not before
        await here.until(lambda: now.table.current is not None and now.table.size)
        assert (now.table.current.key, now.table.top, now._filter) == (at, top, "all")


async def test_the_rooms_left_last_stay_as_they_are(file, clock):
    async with room(file, clock, "2") as here:
        before = here.top
        for key in "49"[:STAYING]:
            await here.press(key)
        await to_members(here)
        assert here.app.screen is before


async def test_what_is_marked_or_half_typed_is_not_closed(file, clock):
    async with room(file, clock, "2") as here:
        before = here.top
        await here.press("space")
        await here.until(lambda: before.table.marked)
        await away_to(here, "4", "0", "9", "3")
        await here.until(lambda: "points" not in here.app._nouns)
        assert here.app._nouns["members"] is before


async def test_somebody_looked_for_is_found_in_a_room_opened_anew(file, clock):
    async with room(file, clock, "2") as here:
        await away(here)
        here.app.go("members", subject=70)
        await here.until(partial(showing, here, "members"))
        await here.until(lambda: here.top.table.current and here.top.table.current.key == 70)


def every_room() -> list[str]:
    return [noun for screen, _key, _label in SCREENS for noun, _name in rooms(screen)]


async def test_every_room_says_what_it_keeps(file, clock):
    async with room(file, clock, "2") as here:
        for noun in every_room():
            found = here.app.noun_screen(noun)
            assert (found.KEEPS is None) == (noun in STAYS), noun
            for name in found.KEEPS or ():
                assert hasattr(found, name), f"{noun}.{name}"


def looks(here: Room, seen: list[str]) -> bool:
    """Whether it looks so."""
    return here.lines() == seen


LOOKS = ("filter", "list", "grid", "sort", "prev", "down")
LOOKED_AT = ["activity", "campaigns", "checkins", "insights", "questions", "scripts", "sops", "trade"]


@pytest.mark.parametrize("noun", LOOKED_AT)
async def test_a_room_opened_anew_looks_as_it_did(noun, busy, clock):
    """After each key that changes what is looked at."""
    keys = {action.verb: action.keys[0] for action in of(noun)} | {"down": "down"}
    async with room(busy, clock, "2") as here:
        await here.turn_to(noun)
        for verb in ("", *(verb for verb in LOOKS if verb in keys)):
            await here.until(lambda: at_rest(here.top))
            await here.press(*filter(None, [keys.get(verb, "")]))
            await here.pilot.pause()
            await here.until(lambda: at_rest(here.top))
            before, seen = here.top, here.lines()
            await here.turn_to("today")
            await here.app._close(before)
            await here.turn_to(noun)
            await here.until(partial(showing, here, noun))
            assert here.app.screen is not before
            await here.until(partial(looks, here, seen))


async def test_keys_that_come_before_the_file_is_open_are_no_harm(file, clock):
    """A room opened then is filled once the group in hand is known."""
    app = QunguanApp(file, clock)
    async with app.run_test(size=(120, 40)) as pilot:
        here = Room(app, pilot)
        for noun in every_room():
            app.go(noun)
        await here.until(partial(showing, here, every_room()[-1]))


async def test_esc_typed_right_behind_the_key_of_a_room_waits_until_it_is_built(file, clock):
    """The room is on top at once, and its widgets come later: there was no list yet to go back to."""
    async with room(file, clock, "2") as here:
        for noun in every_room()[:12]:
            here.app.go(noun)
            await here.app.on_event(events.Key("escape", None))
            await here.until(partial(showing, here, noun))


async def test_two_rooms_that_are_both_asked_to_close_what_was_left_do_not_wait_for_each_other(
    file, clock, monkeypatch
):
    """A screen that waits in its own queue until another is gone is never gone itself: the program stood still."""
    async with room(file, clock, "2") as here:
        with monkeypatch.context() as patch:
            patch.setattr(app_module, "STAYING", 9)
            await away_to(here, "4", "0", "9", "3")
        first, one, other = (here.app._nouns[noun] for noun in ("members", "points", "settings"))
        for screen in (one, other):  # while one of them waits for the first, the other begins with that one
            screen.call_later(here.app._close_later)
        await here.until(lambda: not any(screen.is_attached for screen in (first, one, other)))
        await to_members(here)


@pytest.mark.parametrize("seed", range(2))
async def test_whatever_rooms_are_opened_while_others_fill(seed, file, clock):
    """Keys faster than rooms are read, and slower, in any order: the program goes on and shows what was asked for."""
    dice, keys = Random(seed), (*"1234567890", *["tab", "shift+tab"] * 4, "down", "escape")
    async with room(file, clock, "2") as here:
        for _ in range(30):
            await here.burst(*dice.choices(keys, k=dice.randint(1, 9)))
            if dice.random() < 0.3:
                await here.until(lambda: showing(here, here.noun))
        await here.until(lambda: showing(here, here.noun))
        await here.until(
            lambda: all(at_rest(screen) for screen in here.app._nouns.values() if screen.KEEPS is not None)
        )
        await here.turn_to("today")
        await here.until(
            lambda: (
                len(here.app._nouns) <= STAYING + 1 + sum(screen.KEEPS is None for screen in here.app._nouns.values())
            )
        )
