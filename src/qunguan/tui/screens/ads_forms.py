"""What the ad book asks: an ad with the mix as it would be, another run, deals the brand reported, what it paid."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, cast

from textual.content import Content
from textual.widgets import Input

from qunguan.domain.ads import FITS, Ad, AdDraft, Booked, Fit, RunDraft
from qunguan.domain.campaign_terms import fen_typed
from qunguan.domain.content import PostDraft, choice_typed, kind_typed, minute_typed, suggested_disclosure
from qunguan.domain.content_mix import KINDS
from qunguan.domain.content_plan import Outlook, Stopped
from qunguan.domain.errors import BadInput, Refused, UserError
from qunguan.domain.fees import share_said, share_typed
from qunguan.domain.money import short_yuan, yuan
from qunguan.exchange.readers.cells import date_cell, int_cell, money_cell
from qunguan.i18n import _
from qunguan.tui.screens.ads_lines import quota_meter
from qunguan.tui.screens.content_forms import PostForm
from qunguan.tui.widgets.dialogs import Field, Form, of_line

if TYPE_CHECKING:
    from datetime import date

    from qunguan.tui.screens.ads import AdsScreen
    from qunguan.tui.screens.base import NounScreen

Pay = Callable[[int, "date", str], Awaitable[None]]


class AdForm(PostForm):
    """A run of an ad; above its lines the quota of its month with it, then the mix (C27)."""

    def drawn(self, found: Outlook) -> Content:
        """The quota and the mix as they would be."""
        return Content("\n").join([quota_meter(found.ads, found.quota), super().drawn(found)])


async def book(screen: AdsScreen) -> None:
    """Book an ad; a day plans its first run at once."""
    from qunguan.services import ads

    async def save(values: dict[str, str]) -> None:
        runs = [_run(values)] if values["day"] else []
        try:
            done = await screen.desk.write(
                ads.book, screen.group.id, _drafted(AdDraft(values["brand"]), values), runs,
                accept=bool(values["reason"]), reason=values["reason"],
            )  # fmt: skip
        except Stopped:
            raise _stopped(screen) from None
        await _told(screen, done)

    tomorrow = screen.room.today + timedelta(days=1)
    fields = [*_terms(AdDraft("")), *_when(screen, str(tomorrow), _("empty: no run is planned yet")), _reason()]
    await screen.app.push_screen_wait(AdForm(_("Book an ad"), fields, save, partial(_outlook, screen, None)))


async def edit(screen: AdsScreen, one: Ad) -> None:
    """Change what was agreed."""
    from qunguan.services import ads

    async def save(values: dict[str, str]) -> None:
        draft = replace(one.draft, brand=values["brand"])
        await _told(screen, await screen.desk.write(ads.edit, one.id, _drafted(draft, values)))

    notes = [_("A new price holds for every run of this ad.")]
    await screen.app.push_screen_wait(Form(_("Change the ad of {name}", name=one.brand), _terms(one.draft), save,
                                           notes))  # fmt: skip


async def plan(screen: AdsScreen, one: Ad) -> None:
    """Plan another run."""
    from qunguan.services import ads

    async def save(values: dict[str, str]) -> None:
        try:
            done = await screen.desk.write(
                ads.run, one.id, _run(values), accept=bool(values["reason"]), reason=values["reason"]
            )
        except Stopped:
            raise _stopped(screen) from None
        await _told(screen, done)

    tomorrow = screen.room.today + timedelta(days=1)
    fields = [*_when(screen, str(tomorrow), ""), _reason()]
    title = _("Another run of {name}", name=one.brand)
    await screen.app.push_screen_wait(AdForm(title, fields, save, partial(_outlook, screen, one)))


async def report(screen: AdsScreen, one: Ad) -> None:
    """Note what the brand reported."""
    from qunguan.services import ads

    async def save(values: dict[str, str]) -> None:
        with of_line(_("deals")):
            deals = int_cell(values["deals"])
        with of_line(_("worth of the deals")):
            fen = fen_typed(values["amount"])
        with of_line(_("day")):
            day = date_cell(values["day"], serials=False)
        now = await screen.desk.write(ads.report, one.id, deals, fen, day, values["note"])
        screen.say(_("Noted: ¥{fen} is due for {n} deals", fen=short_yuan(now.share_fen), n=now.deals))
        await screen.room.changed()

    fields = [
        Field("deals", _("deals"), "", _("how many since the last report")),
        Field("amount", _("worth of the deals"), "", _("together, in yuan")),
        Field("day", _("day"), str(screen.room.today), day="near"), Field("note", _("note")),
    ]  # fmt: skip
    share = [_("{share} of it is yours", share=share_said(one.draft.share_bp))]
    await screen.app.push_screen_wait(Form(_("Deals of {name}", name=one.brand), fields, save, share))


async def pay(screen: NounScreen, name: str, open_fen: int, save_paid: Pay) -> None:
    """Note what was paid; what is open stands there at first."""

    async def save(values: dict[str, str]) -> None:
        with of_line(_("received")):
            fen = money_cell(values["amount"])
        with of_line(_("day")):
            day = date_cell(values["day"], serials=False)
        await save_paid(fen, day, values["note"])
        screen.say(_("Noted: {name}, ¥{fen}", name=name, fen=short_yuan(fen)))
        await screen.room.changed()

    fields = [
        Field("amount", _("received"), yuan(open_fen) if open_fen else "",
              _("in yuan; with a minus what was paid back")),
        Field("day", _("day"), str(screen.room.today), day="near"), Field("note", _("note")),
    ]  # fmt: skip
    await screen.app.push_screen_wait(Form(_("Payment of {name}", name=name), fields, save))


async def _told(screen: AdsScreen, done: Booked) -> None:
    screen.aim(done.ad.id)
    screen.say(_("{brand} is in the book", brand=done.ad.brand))
    for warning in done.warnings[:2]:
        screen.say(str(warning), "warning")
    await screen.room.changed()


def _stopped(screen: AdsScreen) -> UserError:
    """What to do with one too many; why it is stands above the lines. The line that lets it pass has the cursor."""
    screen.app.screen.set_focus(screen.app.screen.query_one("#field-reason", Input))
    return Refused("one too many: take another kind or a later day, or write below why it goes out all the same")


def _terms(draft: AdDraft) -> list[Field]:
    fits = tuple((fit, _(words)) for fit, words in FITS.items())
    said = suggested_disclosure(draft.brand or _("name of the sponsor"))
    return [
        Field("brand", _("brand"), draft.brand),
        Field("price", _("price of a run"), short_yuan(draft.price_fen) if draft.brand else "", _("in yuan")),
        Field("share", _("share of deals"), share_said(draft.share_bp) if draft.brand else "", _("in per cent: 20")),
        Field("fit", _("fits the group"), draft.fit, choices=fits),
        Field("fit_note", _("why"), draft.fit_note, _("who of the group would use it")),
        Field("disclosure", _("says it is an ad"), draft.disclosure, said),
        Field("note", _("note"), " ".join(draft.note.split())),
    ]


def kept(told: str, typed: str) -> str:
    """What was typed; the lines of what stood there stay where it was left as it was."""
    return told if " ".join(told.split()) == typed else typed


def _when(screen: AdsScreen, day: str, hint: str) -> list[Field]:
    kinds = tuple((kind, screen.kind_called(kind)) for kind in KINDS)
    return [
        Field("day", _("day"), day, hint, day="near"),
        Field("at", _("time"), "", _("19:30; empty: some time that day")),
        Field("kind", _("kind"), "benefit", choices=kinds),
        Field("title", _("title"), "", _("empty: Ad: and the brand")),
    ]


def _reason() -> Field:
    return Field("reason", _("all the same"), "", _("only when it is one too many: why you plan it"))


def _drafted(draft: AdDraft, values: dict[str, str]) -> AdDraft:
    if not values["brand"]:
        raise BadInput("who pays for it is missing", where=_("brand"), hint="write the name of the brand")
    with of_line(_("price of a run")):
        price = fen_typed(values["price"] or "0")
    with of_line(_("share of deals")):
        share = share_typed(values["share"] or "0")
    with of_line(_("fits the group")):
        fit = cast("Fit", choice_typed(values["fit"] or draft.fit, FITS, "{text} is no fit"))
    return replace(
        draft, price_fen=price, share_bp=share, fit=fit,
        fit_note=values["fit_note"], disclosure=values["disclosure"], note=kept(draft.note, values["note"]),
    )  # fmt: skip


def _run(values: dict[str, str]) -> RunDraft:
    with of_line(_("day")):
        day = date_cell(values["day"], serials=False)
    with of_line(_("time")):
        at = minute_typed(values["at"])
    with of_line(_("kind")):
        kind = kind_typed(values["kind"])
    return RunDraft(day, at, values["title"], kind=kind)


async def _outlook(screen: AdsScreen, one: Ad | None, values: dict[str, str]) -> Outlook | None:
    """What the run would do to the mix and the quota as it stands in the lines. Raises BadInput while they cannot be
    read."""
    from qunguan.services import content

    if not values["day"]:
        return None
    run = _run(values)
    brand = one.brand if one else values["brand"] or "…"
    draft = PostDraft(run.title or brand, run.kind, run.day, run.at_minute, sponsor=brand)
    return await screen.desk.read(content.outlook, screen.room.clock, screen.group.id, draft)
