"""The ad book: who booked what, when it ran, what it brought, what is due and paid (S3-30, S3-31). One door; the rooms
are `ad_*`."""

from __future__ import annotations

from qunguan.services.ad_book import book, cancel, edit, invoice
from qunguan.services.ad_effect import effects
from qunguan.services.ad_money import pay, payments, report, take_back_report
from qunguan.services.ad_read import all_ads, find, find_by_id, late, quota
from qunguan.services.ad_runs import link, out, run

__all__ = [
    "all_ads",
    "book",
    "cancel",
    "edit",
    "effects",
    "find",
    "find_by_id",
    "invoice",
    "late",
    "link",
    "out",
    "pay",
    "payments",
    "quota",
    "report",
    "run",
    "take_back_report",
]
