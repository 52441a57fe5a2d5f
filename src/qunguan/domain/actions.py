"""Every action of the screens in one table.

It feeds the bindings, the footer, help, the palette and the printed key sheet; a test holds them to each other.
Keys are written as the characters they are; each gets the full-width twin an input method sends instead.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from qunguan.domain.action import NAMED as NAMED
from qunguan.domain.action import Action as Action
from qunguan.domain.actions_crisis import CRISIS
from qunguan.domain.actions_earn import EARN
from qunguan.domain.actions_know import KNOW
from qunguan.domain.actions_plan import PLAN
from qunguan.i18n import N_, _

# What a Chinese input method types for these keys besides their full-width forms.
_PUNCTUATION = {".": "。", "/": "、", "[": "【", "]": "】", "\\": "、"}
_FULL_WIDTH = 0xFEE0  # from "!" (U+0021) to "！" (U+FF01), and so on to "~"

SCREENS = (
    ("today", "1", N_("Today")),
    ("members", "2", N_("Members")),
    ("checkins", "3", N_("Check-ins")),
    ("points", "4", N_("Points")),
    ("content", "5", N_("Content")),
    ("campaigns", "6", N_("Campaigns")),
    ("revenue", "7", N_("Revenue")),
    ("insights", "8", N_("Insights")),
    ("crisis", "9", N_("Crisis")),
    ("settings", "0", N_("Settings")),
)

# Rooms of a screen that carries several nouns, in the order Tab goes through them. A screen without an entry is one
# room of its own name.
ROOMS: dict[str, tuple[tuple[str, str], ...]] = {
    "members": (
        ("members", N_("Roster")), ("segments", N_("Segments")), ("speakers", N_("Who is who")),
        ("cleaning", N_("Silent members")), ("surveys", N_("Surveys")), ("relations", N_("Relations")),
    ),
    "points": (
        ("points", N_("Balances")), ("levels", N_("Levels")), ("badges", N_("Badges")), ("rewards", N_("Rewards")),
        ("boards", N_("Boards")), ("earning", N_("Bonus days and deeds")),
    ),
    "content": (
        ("content", N_("Calendar")), ("scripts", N_("Scripts")), ("sops", N_("SOPs")), ("questions", N_("Questions")),
    ),
    "campaigns": (
        ("campaigns", N_("Campaigns")), ("referrals", N_("Fission")), ("experiments", N_("Experiments")),
    ),
    "revenue": (
        ("orders", N_("Orders")), ("products", N_("Products")), ("plans", N_("Memberships")), ("ads", N_("Ads")),
        ("deals", N_("Brokering")), ("revenue", N_("Money")),
    ),
    "insights": (
        ("insights", N_("Overview")), ("activity", N_("Talk")), ("retention", N_("Retention")),
        ("trade", N_("Buying")), ("goals", N_("Goals")), ("alerts", N_("Alerts")),
        ("reports", N_("Reports")),
    ),
    "crisis": (("incidents", N_("3T room")), ("feedback", N_("Feedback")), ("reach", N_("Reach"))),
    "settings": (
        ("settings", N_("Settings")), ("positioning", N_("Group profile")), ("growth", N_("Growth plan")),
        ("handbook", N_("Handbook")),
    ),
}  # fmt: skip


def _go() -> Iterator[Action]:
    for noun, key, label in SCREENS:
        yield Action(f"app.go_{noun}", (key,), label, label, footer=False)


ACTIONS: tuple[Action, ...] = (
    *_go(),
    Action("app.next_room", ("tab",), N_("next room"), N_("Go to the next room of this screen"), footer=False),
    Action("app.last_room", ("shift+tab",), N_("room before"), N_("Go to the room before"), footer=False),
    Action("app.group", ("g",), N_("switch group"), N_("Switch to another group"), footer=False),
    Action("app.undo", ("u",), N_("undo"), N_("Take back the newest change")),
    Action("app.redo", ("ctrl+r",), N_("redo"), N_("Do what was undone again"), footer=False),
    Action("app.crisis", ("!",), N_("crisis"), N_("Start an incident, or go to the one that is open"), footer=False),
    Action("app.help", ("?", "f1"), N_("help"), N_("Everything that can be done here")),
    Action("app.palette", ("ctrl+p",), N_("all commands"), N_("Find any action by its name"), footer=False),
    Action("app.back", ("escape",), N_("back"), N_("Leave what is open; clear the search"), footer=False),
    Action("app.quit", ("q",), N_("quit"), N_("Close the program"), footer=False),
    # Today
    Action("today.open", ("enter",), N_("open"), N_("Go to what the line is about")),
    Action("today.tick", ("space",), N_("tick off"), N_("Tick the task, for all it is for; again: to be done")),
    Action("today.copy", ("y",), N_("copy"), N_("Copy the ready text of the line")),
    Action("today.postpone", ("p",), N_("move it"), N_("Move the task: in an hour, tonight, tomorrow, another day")),
    Action("today.skip", ("n",), N_("leave out"), N_("Leave the task out, with a reason")),
    Action("today.add", ("a",), N_("new task"), N_("Write a task down"), footer=False),
    Action("today.why", ("w",), N_("why"), N_("The rule behind the line, and the numbers that met it")),
    # Members
    Action("members.open", ("enter",), N_("card"), N_("Open the member's card")),
    Action("members.search", ("/",), N_("search"), N_("Find by name, alias, pinyin, initials, phone tail or tag")),
    Action("members.add", ("a",), N_("add"), N_("Add a member")),
    Action("members.edit", ("e",), N_("edit"), N_("Change the member's particulars")),
    Action("members.tag", ("t",), N_("tag"), N_("Give or take tags")),
    Action("members.mark", ("space",), N_("mark"), N_("Mark the member for a tag or an export"), footer=False),
    Action("members.filter", ("f",), N_("filter"), N_("Present members, those who left, or all")),
    Action("members.sort", ("s",), N_("sort"), N_("Sort by the next column"), footer=False),
    Action("members.import", ("i",), N_("import"), N_("Import a roster: CSV, XLSX or pasted rows")),
    Action("members.export", ("x",), N_("export"), N_("Write the roster to a file"), footer=False),
    Action(
        "members.copy", ("y",), N_("copy"), N_("Copy a private text for the member: level, points, badges"),
        footer=False,
    ),
    Action("members.why", ("w",), N_("why"), N_("How full the group is, and by which rule"), footer=False),
    Action(
        "members.remove", ("delete",), N_("left"), N_("Note that the member left the group"),
        destructive=True, footer=False,
    ),
    Action("members.diff", ("d",), N_("compare"), N_("Compare with today's member list: joined, left, renamed")),
    Action("members.merge", ("m",), N_("merge"), N_("Two entries are one person: bring them together"), footer=False),
    Action("members.split", ("b",), N_("split"), N_("One entry is two people: take them apart"), footer=False),
    Action("members.rejoin", ("r",), N_("back again"), N_("Note that the member is back in the group"), footer=False),
    Action(
        "members.erase", ("X",), N_("forget"), N_("Forget who the member was, for good"),
        destructive=True, footer=False,
    ),
    # Check-ins
    Action("checkins.tick", ("space",), N_("tick"), N_("Check the member in, or take the check-in back")),
    Action("checkins.import", ("i",), N_("paste 接龙"), N_("Paste a 接龙 (or open a file), settle its doubts, save")),
    Action("checkins.search", ("/",), N_("quick tick"), N_("Type initials, Enter ticks, type the next")),
    Action("checkins.prev", ("[",), N_("day before"), N_("Show the day before")),
    Action("checkins.next", ("]",), N_("day after"), N_("Show the day after")),
    Action("checkins.now", (".",), N_("today"), N_("Back to today"), footer=False),
    Action("checkins.makeup", ("m",), N_("make up"), N_("Make up a missed day, within its window and quota")),
    Action("checkins.excuse", ("f",), N_("freeze"), N_("Freeze or excuse a range of days")),
    Action("checkins.copy", ("y",), N_("copy board"), N_("Copy the board as text for the group")),
    Action("checkins.copy_missing", ("Y",), N_("copy missing"), N_("Copy the @-list of who is missing")),
    Action("checkins.copy_prompt", ("p",), N_("copy prompt"), N_("Copy the prompt of the day"), footer=False),
    Action("checkins.mark", ("insert",), N_("mark"), N_("Mark several members for a freeze"), footer=False),
    Action("checkins.open", ("enter",), N_("calendar"), N_("The member's month, day by day")),
    Action("checkins.challenge", ("c",), N_("challenge"), N_("Switch to another challenge, or start one")),
    Action("checkins.add", ("a",), N_("new challenge"), N_("Start a challenge from a template"), footer=False),
    Action("checkins.edit", ("e",), N_("edit"), N_("Change the challenge: window, make-ups, prompts"), footer=False),
    Action("checkins.enrol", ("t",), N_("enrol"), N_("Enrol by hand, by tag, or everyone"), footer=False),
    Action("checkins.sort", ("s",), N_("sort"), N_("Missing first, by streak, or by name"), footer=False),
    Action("checkins.grid", ("v",), N_("grid"), N_("The month of everyone, or the board"), footer=False),
    Action("checkins.export", ("x",), N_("export"), N_("Write the board to a file"), footer=False),
    Action("checkins.why", ("w",), N_("why"), N_("How this streak is counted, day by day")),
    Action(
        "checkins.remove", ("delete",), N_("remove"), N_("Take the day's record of the member away"),
        destructive=True, footer=False,
    ),
    # Points
    Action("points.open", ("enter",), N_("statement"), N_("The member's statement with running balance")),
    Action("points.search", ("/",), N_("search"), N_("Find a member")),
    Action(
        "points.mark", ("space",), N_("mark"), N_("Mark members: a grant or a spend is for all marked at once"),
        footer=False,
    ),
    Action("points.add", ("a",), N_("grant"), N_("Grant points with a reason")),
    Action("points.spend", ("e",), N_("spend"), N_("Spend points with a reason")),
    Action(
        "points.remove", ("delete",), N_("reverse"), N_("Reverse an entry of the statement"),
        destructive=True,
    ),
    Action("points.filter", ("f",), N_("expiring"), N_("Balances, or points about to expire")),
    Action("points.reconcile", ("r",), N_("reconcile"), N_("Recompute everything from the entries")),
    Action("points.import", ("i",), N_("import"), N_("Import a spreadsheet of points"), footer=False),
    Action("points.sort", ("s",), N_("sort"), N_("By balance or by name"), footer=False),
    Action("points.prev", ("[",), N_("day before"), N_("Balances at the end of the day before"), footer=False),
    Action("points.next", ("]",), N_("day after"), N_("Balances at the end of the day after"), footer=False),
    Action("points.now", (".",), N_("today"), N_("Back to today"), footer=False),
    Action("points.copy", ("y",), N_("copy"), N_("Copy the statement as text"), footer=False),
    Action("points.export", ("x",), N_("export"), N_("Write the ledger to a file"), footer=False),
    Action("points.why", ("w",), N_("why"), N_("Where this balance comes from, lot by lot")),
    # Levels
    Action("levels.open", ("enter",), N_("card"), N_("The member's level: the way there, what is missing, benefits")),
    Action("levels.filter", ("f",), N_("moves"), N_("Everyone, who moved, whose level is about to be lost, benefits")),
    Action("levels.choose", ("c",), N_("ladder"), N_("Choose a ladder, take a preset, or start one's own")),
    Action("levels.edit", ("e",), N_("terms"), N_("Change what levels ask for, and see who moves; or the benefit")),
    Action("levels.lock", ("l",), N_("set by hand"), N_("Set the member's level by hand, with a reason")),
    Action(
        "levels.remove", ("delete",), N_("take off"),
        N_("Let a level set by hand follow the terms again; close the benefit"), destructive=True,
    ),
    Action("levels.use", ("b",), N_("use benefit"), N_("Note that the member used a benefit")),
    Action("levels.add", ("a",), N_("new benefit"), N_("Give a level a benefit")),
    Action(
        "levels.copy", ("y",), N_("copy"), N_("Copy a private text to the member: level, what is missing, benefits"),
    ),
    Action("levels.search", ("/",), N_("search"), N_("Find a member"), footer=False),
    Action("levels.export", ("x",), N_("export"), N_("Write the members with their levels to a file"), footer=False),
    Action("levels.why", ("w",), N_("why"), N_("Why the member is on this level: rule, numbers, source")),
    # Badges
    Action("badges.open", ("enter",), N_("who holds it"), N_("Who holds this badge; the member's card")),
    Action("badges.filter", ("f",), N_("newly earned"), N_("The badges, or what was newly earned")),
    Action("badges.award", ("r",), N_("give"), N_("Give the badge to members, with the reason")),
    Action("badges.add", ("a",), N_("add badge"), N_("Add a shipped badge, or a rule of your own")),
    Action("badges.edit", ("e",), N_("edit"), N_("Change the badge; who gains or loses it is shown first")),
    Action("badges.switch", ("space",), N_("on/off"), N_("Switch the badge on or off")),
    Action(
        "badges.remove", ("delete",), N_("remove badge"), N_("Remove the badge, or take it from the member"),
        destructive=True,
    ),
    Action("badges.copy", ("y",), N_("congratulate"), N_("Copy congratulations for the group")),
    Action("badges.search", ("/",), N_("search"), N_("Find a badge or a member"), footer=False),
    Action("badges.export", ("x",), N_("export"), N_("Write the badges to a file"), footer=False),
    Action("badges.why", ("w",), N_("why"), N_("What the badge asks for and why the member has it")),
    # Rewards
    Action("rewards.open", ("enter",), N_("who has it"), N_("Who has had this reward; the story of a redemption")),
    Action("rewards.redeem", ("r",), N_("redeem"), N_("Redeem the reward for a member")),
    Action("rewards.filter", ("f",), N_("who waits"), N_("The catalogue, who waits, every redemption")),
    Action("rewards.tick", ("space",), N_("handed out"), N_("Note that it was handed out")),
    Action("rewards.add", ("a",), N_("new reward"), N_("Put a reward on the shelf")),
    Action("rewards.edit", ("e",), N_("edit"), N_("Change the reward: price, stock, limits, days")),
    Action(
        "rewards.remove", ("delete",), N_("off the shelf"),
        N_("Take the reward off the shelf or put it back; cancel a redemption"), destructive=True,
    ),
    Action("rewards.give", ("p",), N_("as a gift"), N_("Give the reward without points"), footer=False),
    Action("rewards.search", ("/",), N_("search"), N_("Find a reward, a member or a code"), footer=False),
    Action("rewards.copy", ("y",), N_("copy"), N_("Copy the catalogue for the group, or the code for its owner")),
    Action("rewards.export", ("x",), N_("export"), N_("Write the list to a file"), footer=False),
    Action("rewards.why", ("w",), N_("why"), N_("What stands behind the line")),
    # Boards
    Action("boards.open", ("enter",), N_("open"), N_("The member's statement or card")),
    Action("boards.sort", ("s",), N_("figure"), N_("By points, check-ins, streaks, referrals")),
    Action("boards.filter", ("f",), N_("period"), N_("Today, the week, the month, the challenge, all time")),
    Action("boards.prev", ("[", "left"), N_("earlier"), N_("The day, week or month before")),
    Action("boards.next", ("]", "right"), N_("later"), N_("The day, week or month after")),
    Action("boards.now", (".",), N_("now"), N_("Back to the newest board"), footer=False),
    Action("boards.copy", ("y",), N_("copy"), N_("Copy the board for the group; in quiet mode its top only")),
    Action("boards.copy_own", ("Y",), N_("own place"), N_("Copy the member's own place as a private text")),
    Action("boards.quiet", ("p",), N_("quiet mode"), N_("Show the group the top only, or everyone: a rule")),
    Action("boards.challenge", ("c",), N_("challenge"), N_("The board of a challenge"), footer=False),
    Action("boards.search", ("/",), N_("search"), N_("Find a member"), footer=False),
    Action("boards.export", ("x",), N_("export"), N_("Write the leaderboard to a file"), footer=False),
    Action("boards.why", ("w",), N_("why"), N_("What counts, over which days, how equals are ranked")),
    # Earning
    Action("earning.open", ("enter",), N_("open"),
           N_("Why for a day, the statement for a deed, points for invitations")),
    Action("earning.filter", ("f",), N_("other list"), N_("Bonus days, good deeds, invitations")),
    Action("earning.record", ("r",), N_("record"), N_("Record a deed of members; reward the invitations that are due")),
    Action("earning.add", ("a",), N_("add day"), N_("Add a bonus day, shipped or your own")),
    Action("earning.edit", ("e",), N_("edit"), N_("Change the bonus day: when, how much, for what")),
    Action("earning.switch", ("space",), N_("on/off"), N_("Switch the bonus day on or off")),
    Action("earning.remove", ("delete",), N_("take back"), N_("Remove the bonus day, or take the deed back"),
           destructive=True),
    Action("earning.copy", ("y",), N_("announce"), N_("Copy the announcement of the next bonus day")),
    Action("earning.search", ("/",), N_("search"), N_("Find a day, a member or a note"), footer=False),
    Action("earning.export", ("x",), N_("export"), N_("Write the list to a file"), footer=False),
    Action("earning.why", ("w",), N_("why"), N_("Which days count, how they are stacked, why points were booked")),
    *PLAN,
    # Orders
    Action(
        "orders.open", ("enter",), N_("open"), N_("The order and why it counts; for a buyer who waits: say who it is"),
    ),
    Action("orders.import", ("i",), N_("import"), N_("Import an export of a shop, or any sheet of orders")),
    Action("orders.add", ("a",), N_("new order"), N_("Enter an order by hand")),
    Action("orders.refund", ("r",), N_("money back"), N_("Give money back, all or a part; the points follow")),
    Action("orders.filter", ("f",), N_("who waits"), N_("Orders, money gone back, buyers who wait")),
    Action("orders.search", ("/",), N_("search"), N_("Find a buyer, a member, a number or an article")),
    Action("orders.who", ("m",), N_("whose"), N_("Say whose order this is"), footer=False),
    Action("orders.remove", ("delete",), N_("cancel it"), N_("Cancel the order; what was paid goes back"),
           destructive=True),
    Action("orders.copy", ("y",), N_("copy sums"), N_("Copy the sums of the book as text"), footer=False),
    Action("orders.export", ("x",), N_("export"), N_("Write the list to a file"), footer=False),
    Action("orders.why", ("w",), N_("why"), N_("Why the order counts and earns as it does")),
    *KNOW,
    *CRISIS,
    *EARN,
    # The profile of a group
    Action("positioning.open", ("enter",), N_("open"), N_("Change what the line says, or read it whole")),
    Action("positioning.edit", ("e",), N_("edit"), N_("Change the profile, the welcome or the rule")),
    Action("positioning.preset", ("p",), N_("begin by trade"), N_("A business preset; its changes are shown first")),
    Action("positioning.add", ("a",), N_("add rule"), N_("Add a rule of the house")),
    Action("positioning.up", ("[",), N_("move up"), N_("Announce the rule one place earlier"), footer=False),
    Action("positioning.down", ("]",), N_("move down"), N_("Announce the rule one place later"), footer=False),
    Action("positioning.remove", ("delete",), N_("remove"), N_("Take the rule out"), destructive=True),
    Action("positioning.violation", ("v",), N_("note violation"), N_("Note who broke a rule: a warning, then removal")),
    Action("positioning.copy", ("y",), N_("copy"), N_("Copy the rules to announce, the welcome, or what to say")),
    Action("positioning.why", ("w",), N_("why"), N_("What is missing, and where each number comes from")),
    # Settings
    Action("settings.open", ("enter",), N_("open"), N_("Change what the line is about")),
    Action("settings.search", ("/",), N_("search"), N_("Find a rule by its name, what it is about, or pinyin")),
    Action("settings.add", ("a",), N_("new group"), N_("Add a group")),
    Action("settings.edit", ("e",), N_("edit"), N_("Change the rule or the group")),
    Action("settings.switch", ("space",), N_("on/off"), N_("Switch the rule on or off")),
    Action("settings.reset", ("delete",), N_("reset"), N_("Back to the preset"), destructive=True),
    Action("settings.backup", ("b",), N_("back up"), N_("Make a verified backup now")),
    Action("settings.archive", ("x",), N_("everything out"), N_("Write everything to one file of open tables"),
           footer=False),
    Action("settings.doctor", ("d",), N_("doctor"), N_("Check the file, the ledger and every cache")),
    Action("settings.language", ("l",), N_("中文 / English"), N_("Switch the language of the screens"), footer=False),
    Action("settings.why", ("w",), N_("why"), N_("Where the number comes from, and its history")),
    # Handbook
    Action("handbook.open", ("enter",), N_("open"), N_("Read the whole page, and what it rests on")),
    Action("handbook.search", ("/",), N_("search"), N_("Find pages by words or by a code")),
)  # fmt: skip

# While a line of a screen is typed into, letters are text: these are what is left, after what Enter does there.
TYPING = (
    Action("typing.move", ("↑ ↓",), N_("pick"), N_("Move in the list while typing goes on")),
    Action("typing.leave", ("escape",), N_("back to the list"), N_("Leave the line that is typed into")),
    Action("typing.help", ("f1",), N_("help"), N_("Everything that can be done here")),
)


def of(screen: str) -> tuple[Action, ...]:
    """The actions of one screen ("app" for those that work everywhere), in the order of the table."""
    return tuple(action for action in ACTIONS if action.screen == screen)


def home(noun: str) -> str:
    """The screen a noun has its room on."""
    return next((screen for screen, rooms in ROOMS.items() if noun in dict(rooms)), noun)


def rooms(screen: str) -> tuple[tuple[str, str], ...]:
    """The rooms of a screen: nouns with the message ID of their names. One without a name where there is but one."""
    return ROOMS.get(screen, ((screen, ""),))


def nouns() -> Iterator[tuple[str, str]]:
    """Every noun that has actions of its own, screen by screen and room by room, with its full name in the language
    in force.
    """
    for screen, _key, label in SCREENS:
        for noun, name in rooms(screen):
            yield noun, _(label) if len(rooms(screen)) == 1 else f"{_(label)} · {_(name)}"


def twins(key: str) -> tuple[str, ...]:
    """The key and what an input method sends in its place: `?` and `？`, `.` and `．` and `。`."""
    if len(key) != 1 or not "!" <= key <= "~":
        return (key,)
    others = [chr(ord(key) + _FULL_WIDTH)]
    if key in _PUNCTUATION:
        others.append(_PUNCTUATION[key])
    return (key, *others)


def shown(keys: Iterable[str]) -> str:
    """The first of the keys as people read it, in the language in force: 空格, Ctrl+R, F1, m, ?. What is typed as one
    character is never looked up: the mark `?` elsewhere is 「？」 in Chinese, the key is not."""
    names = {"space": _("Space"), "enter": "Enter", "escape": "Esc", "delete": "Del", "insert": "Ins",
             "tab": "Tab", "shift+tab": "Shift+Tab", "left": "←", "right": "→"}  # fmt: skip
    first = next(iter(keys))
    if first in NAMED:
        return names.get(first) or first.upper().replace("CTRL+", "Ctrl+")
    return first
