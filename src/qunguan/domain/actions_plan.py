"""The part of the table of actions that plans and runs: content, campaigns and what belongs to them."""

from __future__ import annotations

from qunguan.domain.action import Action
from qunguan.i18n import N_

PLAN: tuple[Action, ...] = (
    # Content
    Action("content.open", ("enter",), N_("open"), N_("The post with its text and results; an empty place is filled")),
    Action("content.tick", ("space",), N_("it is out"), N_("Note that the post is in the group, or take that back")),
    Action("content.add", ("a",), N_("plan"), N_("Plan a post, with the mix as it would be")),
    Action("content.edit", ("e",), N_("edit"), N_("Change the post: day, time, kind, for whom, sponsor")),
    Action("content.text", ("t",), N_("write text"), N_("Write what goes into the group")),
    Action("content.copy", ("y",), N_("copy"), N_("Copy the ready text, or the prompt of the empty place")),
    Action("content.prev", ("[",), N_("week before"), N_("Show the week before")),
    Action("content.next", ("]",), N_("week after"), N_("Show the week after")),
    Action("content.now", (".",), N_("this week"), N_("Back to this week"), footer=False),
    Action("content.month", ("m",), N_("month grid"), N_("The month as a grid; Enter goes to a week")),
    Action("content.columns", ("p",), N_("timetable"), N_("Places that come again: add, change, end")),
    Action("content.filter", ("f",), N_("one kind"), N_("One kind after the other, then all")),
    Action("content.result", ("r",), N_("result"), N_("Note what came of the post: reached, read, clicked")),
    Action("content.compare", ("v",), N_("compare"), N_("What came of posts, by kind, campaign or hour"), footer=False),
    Action("content.import", ("i",), N_("import"), N_("Take in a table of what came of posts"), footer=False),
    Action("content.audience", ("A",), N_("for whom"), N_("Who should see the post, as a list to copy"), footer=False),
    Action("content.copy_week", ("c",), N_("copy week"), N_("Plan the posts of the week before again"), footer=False),
    Action("content.search", ("/",), N_("search"), N_("Find a post by title, text, tag or sponsor")),
    Action("content.why", ("w",), N_("why"), N_("What is said of the post, the mix, and the rules behind them")),
    Action(
        "content.remove",
        ("delete",),
        N_("drop"),
        N_("Drop the planned post, or plan it again"),
        destructive=True,
        footer=False,
    ),
    # Scripts
    Action("scripts.copy", ("y",), N_("copy"), N_("Fill the places of the script and copy it")),
    Action("scripts.open", ("enter",), N_("read"), N_("The whole text")),
    Action("scripts.add", ("a",), N_("write one"), N_("Write a script of your own")),
    Action("scripts.edit", ("e",), N_("edit"), N_("Change the text; a changed shipped one is your own")),
    Action("scripts.terms", ("t",), N_("what for"), N_("Change what it is for and when it is sent"), footer=False),
    Action("scripts.filter", ("f",), N_("one kind"), N_("One kind after the other, then all")),
    Action("scripts.search", ("/",), N_("search"), N_("Find a script by name, pinyin or words of its text")),
    Action("scripts.why", ("w",), N_("words"), N_("What is doubtful in its words, and by which rule")),
    Action(
        "scripts.remove",
        ("delete",),
        N_("take off"),
        N_("Take off a script of your own, or go back to the shipped text"),
        destructive=True,
        footer=False,
    ),
    # Questions
    Action("questions.pick", ("p",), N_("pick for today"), N_("Pick the question for today, or put it back")),
    Action("questions.open", ("enter",), N_("answer"), N_("Write the answer")),
    Action("questions.copy", ("y",), N_("copy"), N_("Copy question and answer")),
    Action("questions.post", ("c",), N_("make a post"), N_("Plan question and answer as a post")),
    Action("questions.add", ("a",), N_("write one"), N_("Write a question down")),
    Action("questions.import", ("i",), N_("paste 接龙"), N_("Take in the questions of a 接龙")),
    Action("questions.filter", ("f",), N_("which"), N_("Those that wait, those answered, all")),
    Action("questions.search", ("/",), N_("search"), N_("Find a question by its words or who asked"), footer=False),
    Action("questions.why", ("w",), N_("why"), N_("How many a day, and by which rule"), footer=False),
    Action("questions.drop", ("delete",), N_("drop"), N_("It needs no answer; again: it waits"), footer=False),
)
