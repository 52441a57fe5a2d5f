"""Products, as everything above sees them: catalogue, figures, ladder, topics, claims. One door, four rooms."""

from __future__ import annotations

from qunguan.services.product_book import (
    add,
    add_claim,
    add_topic,
    drop_article,
    drop_claim,
    drop_topic,
    edit,
    find,
    get,
    parts_of,
    parts_typed,
    products,
    reopen,
    retire,
    set_parts,
    suggested,
    take_articles,
)
from qunguan.services.product_ladder import ladder
from qunguan.services.product_view import catalogue, judged, loose, page

__all__ = [
    "add",
    "add_claim",
    "add_topic",
    "catalogue",
    "drop_article",
    "drop_claim",
    "drop_topic",
    "edit",
    "find",
    "get",
    "judged",
    "ladder",
    "loose",
    "page",
    "parts_of",
    "parts_typed",
    "products",
    "reopen",
    "retire",
    "set_parts",
    "suggested",
    "take_articles",
]
