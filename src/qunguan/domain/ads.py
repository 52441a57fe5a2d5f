"""The ad book: an ad as it was booked, its runs, what the brand reported and paid, what is due (S3-30, S3-31, C28).

A run is one announcement: a post of the calendar. Its price is due once it is out; a share of the deals is due on the
day they were reported. Money is integer fen, shares are basis points.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Final, Literal

from qunguan.domain.content import TITLE_LIMIT, suggested_disclosure
from qunguan.domain.content_mix import Kind
from qunguan.domain.errors import BadInput
from qunguan.domain.fees import Account, Paid, account, checked_fen, checked_share, share_of
from qunguan.domain.names import typed_name
from qunguan.domain.rosters import Reason
from qunguan.domain.text import NOTE_LIMIT, clean, clean_lines
from qunguan.i18n import N_
from qunguan.values import frozen

BRAND_LIMIT: Final = 200
MOST_DEALS: Final = 1_000_000

Fit = Literal["good", "fair", "poor"]
FITS: Final[Mapping[str, str]] = {
    "good": N_("it fits"), "fair": N_("it fits more or less"), "poor": N_("it does not fit"),
}  # fmt: skip
"""Whether a brand goes with the group (S3-31)."""
Invoice = Literal["none", "asked", "sent"]
INVOICES: Final[Mapping[Invoice, str]] = {
    "none": N_("no invoice"), "asked": N_("invoice asked for"), "sent": N_("invoice sent"),
}  # fmt: skip
State = Literal["booked", "running", "owed", "settled", "cancelled"]
STATES: Final[Mapping[State, str]] = {
    "booked": N_("booked"), "running": N_("partly out"), "owed": N_("to be paid"), "settled": N_("paid up"),
    "cancelled": N_("called off"),
}  # fmt: skip


@frozen
class AdDraft:
    """An ad as the owner books it. `disclosure` "" takes the words suggested for the brand (C28)."""

    brand: str
    price_fen: int = 0
    share_bp: int = 0
    fit: Fit = "fair"
    fit_note: str = ""
    disclosure: str = ""
    note: str = ""


@frozen
class RunDraft:
    """One announcement as it is planned. "" takes the title suggested for the brand; `at_minute` None: some time."""

    day: date
    at_minute: int | None = None
    title: str = ""
    text: str = ""
    kind: Kind = "benefit"


@frozen
class Run:
    """One announcement of an ad. `day` is that of its post; `out_on` the day it went out, None while it has not."""

    id: int
    post_id: int
    day: date
    at_minute: int | None
    title: str
    state: Literal["planned", "posted", "dropped"]
    out_on: date | None = None


@frozen
class Reported:
    """Deals the brand told of: how many they were and what they were worth together."""

    id: int
    day: date
    deals: int
    amount_fen: int
    note: str = ""


@frozen
class Ad:
    """An ad with all that was noted of it up to a day."""

    id: int
    group_id: int
    draft: AdDraft
    invoice: Invoice
    cancelled_on: date | None
    booked_on: date
    runs: tuple[Run, ...] = ()
    reports: tuple[Reported, ...] = ()
    payments: tuple[Paid, ...] = ()

    @property
    def brand(self) -> str:
        """Who pays for it."""
        return self.draft.brand

    @property
    def out(self) -> tuple[Run, ...]:
        """The runs that went out."""
        return tuple(run for run in self.runs if run.out_on is not None)

    @property
    def ahead(self) -> tuple[Run, ...]:
        """The runs that are planned still."""
        return tuple(run for run in self.runs if run.out_on is None and run.state != "dropped")

    @property
    def deals(self) -> int:
        """Deals reported."""
        return sum(each.deals for each in self.reports)

    @property
    def deals_fen(self) -> int:
        """What the deals were worth."""
        return sum(each.amount_fen for each in self.reports)

    @property
    def share_fen(self) -> int:
        """The share of all deals together, rounded once."""
        return share_of(self.deals_fen, self.draft.share_bp)

    @property
    def account(self) -> Account:
        """What is due and paid: runs that are out × price + deals × share."""
        earned = [(run.out_on, self.draft.price_fen) for run in self.runs if run.out_on is not None]
        sold = 0
        for each in self.reports:
            before, sold = sold, sold + each.amount_fen
            part = share_of(sold, self.draft.share_bp) - share_of(before, self.draft.share_bp)
            earned.append((each.day, part))
        return account(earned, sum(each.fen for each in self.payments))

    @property
    def state(self) -> State:
        """Where it stands."""
        if self.account.open_fen and not self.ahead:
            return "owed"
        if self.cancelled_on is not None:
            return "cancelled"
        if not self.out:
            return "booked"
        return "running" if self.ahead else "settled"

    @property
    def goes_on(self) -> bool:
        """Whether something is left to do: a run, money, an invoice that was asked for."""
        return self.state not in ("settled", "cancelled") or self.invoice == "asked"


@frozen
class Change:
    """A figure of the days after a run and of the days before it; None is not known."""

    before: float | None
    after: float | None

    @property
    def ratio(self) -> float | None:
        """After ÷ before; None where either is not known, or before there was nothing."""
        return self.after / self.before if self.before and self.after is not None else None


@frozen
class Effect:
    """What a group did in the `days` after a run, against the days before it.

    `speakers` and `messages` are means of a day; `exits` and `orders` counts, `net_fen` their worth. `why` says what is
    not known; `warnings` what is alarming (S3-44).
    """

    run: Run
    days: int
    speakers: Change
    messages: Change
    exits: Change
    orders: Change
    net_fen: Change
    members: int | None
    why: tuple[Reason, ...] = ()
    warnings: tuple[Reason, ...] = ()


@frozen
class Booked:
    """An ad that was booked or changed, what is to be said of it, and what the owner passed over."""

    ad: Ad
    warnings: tuple[Reason, ...] = ()
    accepted: tuple[Reason, ...] = ()


@frozen
class Quota:
    """The ads of a group in a calendar month, planned and posted; `limit` None: they are not counted (S3-31)."""

    month: date
    used: int
    limit: int | None


def checked_ad(draft: AdDraft) -> AdDraft:
    """A booking as it may be stored, its texts clean and its disclosure filled in. Raises BadInput."""
    brand = typed_name(draft.brand, limit=BRAND_LIMIT)
    if draft.fit not in FITS:
        raise BadInput("{text} is no fit", hint="say one of: {known}", text=draft.fit, known=", ".join(FITS))
    checked_fen(draft.price_fen)
    checked_share(draft.share_bp)
    disclosure = clean(draft.disclosure, TITLE_LIMIT) or suggested_disclosure(brand)
    return replace(
        draft, brand=brand, disclosure=disclosure[:TITLE_LIMIT], fit_note=clean(draft.fit_note, NOTE_LIMIT),
        note=clean_lines(draft.note, NOTE_LIMIT),
    )  # fmt: skip


def checked_deals(deals: int, amount_fen: int) -> None:
    """Deals as they may be reported. Raises BadInput."""
    if not 0 < deals <= MOST_DEALS:
        raise BadInput("{n} is no number of deals", hint="write how many there were, at least 1", n=deals)
    checked_fen(amount_fen)


def misfit(draft: AdDraft) -> tuple[Reason, ...]:
    """What is to be said of a brand that does not fit (S3-31)."""
    if draft.fit != "poor":
        return ()
    if draft.fit_note:
        return (Reason.of(N_("the brand does not fit the group: {note} (S3-31)"), note=draft.fit_note),)
    return (Reason.of(N_("the brand does not fit the group (S3-31)")),)
