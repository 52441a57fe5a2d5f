"""The part of the table of actions for what the community earns, what its people say, and the owner's own growth."""

from __future__ import annotations

from qunguan.domain.action import Action
from qunguan.i18n import N_

EARN: tuple[Action, ...] = (
    # Products
    Action("products.open", ("enter",), N_("open"), N_("All of the product; of an article, which product it is")),
    Action("products.add", ("a",), N_("add"), N_("Write a product down; on an article, make one of it")),
    Action("products.edit", ("e",), N_("edit"), N_("Change the product: name, rung, price, kind, category")),
    Action("products.articles", ("m",), N_("articles"), N_("By which articles of orders it goes")),
    Action("products.topic", ("t",), N_("topic"), N_("After which topics to offer it")),
    Action("products.claim", ("c",), N_("claim"), N_("What somebody says was sold of it, and whether that can be")),
    Action("products.parts", ("b",), N_("bundle"), N_("What is in the bundle"), footer=False),
    Action("products.filter", ("f",), N_("which"), N_("What is offered, retired ones too, articles that are none yet")),
    Action("products.copy", ("y",), N_("copy"), N_("Copy the offer for the group")),
    Action("products.search", ("/",), N_("search"), N_("Find a product"), footer=False),
    Action("products.prev", ("[",), N_("day before"), N_("As of the day before"), footer=False),
    Action("products.next", ("]",), N_("day after"), N_("As of the day after"), footer=False),
    Action("products.now", (".",), N_("today"), N_("Back to today"), footer=False),
    Action("products.export", ("x",), N_("export"), N_("Write the products to a file"), footer=False),
    Action("products.retire", ("delete",), N_("retire"), N_("Offer it no more; again: offer it"), footer=False),
    Action("products.why", ("w",), N_("why"), N_("How the ladder is counted, and by which rules")),
    # The ad book
    Action("ads.open", ("enter",), N_("open"), N_("The ad whole, and what the group did after each run")),
    Action("ads.add", ("a",), N_("book one"), N_("Book an ad, with the mix and the quota as they would be")),
    Action("ads.edit", ("e",), N_("edit"), N_("Change what was agreed: price, share, words, fit")),
    Action("ads.plan", ("n",), N_("next run"), N_("Plan another announcement of the ad")),
    Action("ads.out", ("space",), N_("it is out"), N_("The next planned run stands in the group")),
    Action("ads.report", ("r",), N_("deals"), N_("Note the deals the brand reported")),
    Action("ads.pay", ("p",), N_("paid"), N_("Note what the brand paid")),
    Action("ads.invoice", ("i",), N_("invoice"), N_("The invoice: none, asked for, sent"), footer=False),
    Action("ads.filter", ("f",), N_("which"), N_("What is going on, what is to be paid, all")),
    Action("ads.copy", ("y",), N_("copy"), N_("Copy the reckoning for the brand")),
    Action("ads.search", ("/",), N_("search"), N_("Find a brand"), footer=False),
    Action("ads.export", ("x",), N_("export"), N_("Write the ad book to a file"), footer=False),
    Action("ads.why", ("w",), N_("why"), N_("How many a month, what is due, and by which rules")),
    Action(
        "ads.remove",
        ("delete",),
        N_("call off"),
        N_("Call the ad off; again: take it up"),
        destructive=True,
        footer=False,
    ),
    # The brokering book
    Action("deals.open", ("enter",), N_("open"), N_("The deal whole, with its history")),
    Action("deals.add", ("a",), N_("note one"), N_("Note who needs what, and who has it")),
    Action("deals.edit", ("e",), N_("edit"), N_("Change the deal: parties, need, fee, worth")),
    Action("deals.next", ("space",), N_("next stage"), N_("On to the next stage; done asks what it is worth")),
    Action("deals.move", ("m",), N_("any stage"), N_("To a stage you name, on a day, with a note")),
    Action("deals.pay", ("p",), N_("fee came in"), N_("Note what was received")),
    Action("deals.consent", ("c",), N_("may be shown"), N_("Whether both let it be shown as a case, and its text")),
    Action("deals.copy", ("y",), N_("copy case"), N_("Copy the case; only with the consent of both")),
    Action("deals.filter", ("f",), N_("which"), N_("Those under way, fees to be paid, done, all")),
    Action("deals.search", ("/",), N_("search"), N_("Find a deal, a need or a name"), footer=False),
    Action("deals.export", ("x",), N_("export"), N_("Write the brokering book to a file"), footer=False),
    Action("deals.why", ("w",), N_("why"), N_("Which fee, when it is due, and what a case needs")),
    Action(
        "deals.remove",
        ("delete",),
        N_("lost"),
        N_("It came to nothing; its history stays"),
        destructive=True,
        footer=False,
    ),
)
