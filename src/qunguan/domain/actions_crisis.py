"""The part of the table of actions for the bad day: the 3T room, what members said, who can be reached."""

from __future__ import annotations

from qunguan.domain.action import Action
from qunguan.i18n import N_

CRISIS: tuple[Action, ...] = (
    # Incidents
    Action("incidents.open", ("enter",), N_("tell"), N_("Tell the stage: its statement, then where and when it went")),
    Action("incidents.tick", ("space",), N_("tick off"), N_("Tick the point of the checklist; amends: handed over")),
    Action("incidents.copy", ("y",), N_("copy"), N_("Copy the statement of the stage, filled in")),
    Action("incidents.update", ("n",), N_("next notice"), N_("Tell how it goes; the next notice counts from it")),
    Action("incidents.amends", ("c",), N_("amends"), N_("Take in a list of amends; what it would do is shown first")),
    Action("incidents.view", ("v",), N_("who gets what"), N_("The steps, or what was promised whom"), footer=False),
    Action("incidents.log", ("l",), N_("note it"), N_("Write a line into the timeline")),
    Action("incidents.edit", ("e",), N_("correct"), N_("Correct title, severity, playbook, T0 (once) and the hats")),
    Action("incidents.review", ("r",), N_("review"), N_("Write the review: cause, impact, what to do about it")),
    Action(
        "incidents.close",
        ("delete",),
        N_("close it"),
        N_("Close the incident: its clocks stop; it needs its review"),
        destructive=True,
    ),
    Action("incidents.report", ("x",), N_("report"), N_("Write the report: Markdown, HTML, or a text for the group")),
    Action("incidents.handover", ("h",), N_("hand over"), N_("Copy how it stands, for whoever takes it on")),
    Action("incidents.prev", ("[",), N_("earlier one"), N_("The incident before this one"), footer=False),
    Action("incidents.next", ("]",), N_("later one"), N_("The incident after this one"), footer=False),
    Action("incidents.list", ("f",), N_("all of them"), N_("Choose among all incidents and drills"), footer=False),
    Action("incidents.start", ("a",), N_("new one"), N_("Start an incident; ! does it from any screen"), footer=False),
    Action("incidents.drill", ("d",), N_("drill"), N_("Start a drill: nothing outside the drill changes")),
    Action("incidents.why", ("w",), N_("why"), N_("The times, the gauges and how bad is how bad, with their sources")),
    # What members said
    Action("feedback.open", ("enter", "r"), N_("answer"), N_("Choose a ready text, note what was answered, copy it")),
    Action("feedback.add", ("a",), N_("write down"), N_("Write down what somebody said")),
    Action("feedback.amends", ("m",), N_("make good"), N_("Offer amends, deliver them, then the review")),
    Action("feedback.settle", ("space",), N_("settle it"), N_("It is settled; again: it is open")),
    Action("feedback.copy", ("y",), N_("copy"), N_("Copy the text to answer with, its places filled")),
    Action("feedback.filter", ("f",), N_("which"), N_("Who waits, what is not settled, all of it")),
    Action("feedback.kind", ("s",), N_("kind"), N_("Complaints, reviews, questions, suggestions, praise")),
    Action(
        "feedback.import", ("i",), N_("import"), N_("Take in a sheet: who, when, kind, words, category"), footer=False
    ),
    Action("feedback.search", ("/",), N_("search"), N_("Find somebody or what they said"), footer=False),
    Action("feedback.export", ("x",), N_("export"), N_("Write the list to a file"), footer=False),
    Action("feedback.why", ("w",), N_("why"), N_("How long an answer may take, and what grew by how much")),
    # Reach
    Action("reach.open", ("enter",), N_("open"), N_("The ways of the channel; of somebody without one, note it")),
    Action("reach.filter", ("f",), N_("who has none"), N_("The channels, who cannot be reached at all, every way")),
    Action("reach.add", ("a",), N_("note one"), N_("Note a way to a member")),
    Action("reach.import", ("i",), N_("import"), N_("Take in a table of numbers and accounts")),
    Action("reach.export", ("x",), N_("export"), N_("Write the reach list: only ways that were not refused")),
    Action("reach.copy", ("y",), N_("ask for it"), N_("Copy a text that asks those who cannot be reached")),
    Action("reach.refuse", ("n",), N_("not this way"), N_("Note that they do not want to be written to this way")),
    Action("reach.remove", ("delete",), N_("take out"), N_("The way does not work any more"), destructive=True),
    Action("reach.search", ("/",), N_("search"), N_("Find a member, a channel or a number"), footer=False),
    Action("reach.why", ("w",), N_("why"), N_("What counts, the target, and the three lines of defence")),
)
