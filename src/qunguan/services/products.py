"""Products, as everything above sees them: catalogue, figures, ladder, topics, claims. One door, five rooms."""

from __future__ import annotations

from qunguan.services.product_book import (
    add,
    add_topics,
    after,
    drop_articles,
    drop_topics,
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
    whose_article,
)
from qunguan.services.product_claims import add_claim, drop_claim
from qunguan.services.product_ladder import ladder
from qunguan.services.product_view import catalogue, loose, page

__all__ = [
    "add",
    "add_claim",
    "add_topics",
    "after",
    "catalogue",
    "drop_articles",
    "drop_claim",
    "drop_topics",
    "edit",
    "find",
    "get",
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
    "whose_article",
]
