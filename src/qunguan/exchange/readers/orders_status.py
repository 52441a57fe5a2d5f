"""How an order stands, by the shop's own word: the table is presets/order_status.toml."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path

from qunguan.domain.errors import BadInput
from qunguan.domain.orders import OrderStatus, Shop
from qunguan.exchange.readers import words
from qunguan.exchange.readers.cells import folded
from qunguan.i18n import N_

_PRESET = Path(__file__).parents[2] / "presets" / "order_status.toml"
_SEVERAL = re.compile(r"[\s,，、;；/|+()（）]+")
_STATUSES: tuple[OrderStatus, ...] = ("pending", "paid", "refunded", "cancelled")


@cache
def status_words(shop: Shop) -> Mapping[str, OrderStatus]:
    """The words of a shop and the common ones behind them, as `words.plain` makes them (formats 11)."""
    table = tomllib.loads(_PRESET.read_text(encoding="utf-8"))
    found: dict[str, OrderStatus] = {}
    for section in ("common", shop):
        for status in _STATUSES:
            for word in table.get(section, {}).get(status, ()):
                found[words.plain(word)] = status
    return found


@lru_cache(maxsize=256)
def _word(text: str) -> str:
    return words.plain(folded(text))


def status_cell(value: str, shop: Shop, told: Mapping[str, OrderStatus]) -> OrderStatus:
    """What a status means; `told` are words the owner explained. Raises `BadInput` for one nobody knows.

    Of several words (`已支付，已退款`) the later state counts; unpaid and paid at once is no state.
    """
    own = {_word(word): status for word, status in told.items()}

    def meaning(text: str) -> OrderStatus | None:
        return own.get(_word(text)) or status_words(shop).get(_word(text))

    status = meaning(value)
    if status is None:
        parts = [meaning(part) for part in _SEVERAL.split(value) if part]
        known = [part for part in parts if part is not None]
        if len(known) == len(parts) and not {"pending", "paid"} <= set(known):
            status = max(known, key=_STATUSES.index, default=None)
    if status is None:
        hint = N_("Say what it means, or write 已支付, 待支付, 已退款 or 已取消 in its place.")
        raise BadInput("“{value}” is no status of an order known here", hint=hint, value=folded(value)[:40])
    return status
