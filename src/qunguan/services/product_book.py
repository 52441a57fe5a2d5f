"""The catalogue as the owner writes it: products, the articles they go by, parts, topics."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from qunguan.domain.clock import Clock
from qunguan.domain.content import Post, sub_kind_name
from qunguan.domain.errors import BadInput, NotFound, Refused
from qunguan.domain.products import (
    MOST_PIECES,
    NAME_LIMIT,
    ArticlesTaken,
    Part,
    Product,
    checked,
    found,
    pieces_typed,
)
from qunguan.domain.text import clean, is_blank, match_key, show
from qunguan.i18n import N_
from qunguan.services import groups
from qunguan.store import product_queries as queries
from qunguan.store.products import product, product_article, product_part, product_topic
from qunguan.store.session import Session
from qunguan.values import names

_TOPIC_LIMIT = 60


def products(session: Session, group_id: int | None = None) -> tuple[Product, ...]:
    """Every product, retired ones too; of a group those that are for every group with its own."""
    return tuple(
        as_product(row) for row in queries.products(session) if group_id is None or row.group_id in (None, group_id)
    )


def get(session: Session, product_id: int) -> Product:
    """One product. Raises NotFound."""
    row = session.get(product, product_id)
    if row is None:
        raise NotFound("there is no product {text}", hint="see the catalogue: qunguan product list",
                       text=f"#{product_id}")  # fmt: skip
    return as_product(row)


def find(session: Session, text: str) -> Product:
    """The product that is meant by name or id. Raises NotFound."""
    return found(products(session), text)


def add(
    session: Session, clock: Clock, new: Product, articles: Sequence[str] = (), parts: Mapping[int, int] | None = None
) -> Product:
    """Put a product into the catalogue; its `id` is not looked at. It goes by its own name, unless another product
    does, and by `articles`; a bundle holds `parts` (product → pieces). Raises BadInput, NotFound for a group, Refused.
    """
    made = _fitting(session, replace(new, id=0, retired_on=None))
    session.step(N_("Added the product {name}"), name=made.name)
    product_id = session.insert(product, **_columns(made), created_at=clock.now())
    if queries.article(session, match_key(made.name)) is None:
        session.insert(product_article, product_id=product_id, item=made.name, key=match_key(made.name))
    if articles:
        take_articles(session, clock, product_id, articles)
    if parts:
        set_parts(session, clock, product_id, parts)
    return get(session, product_id)


def edit(session: Session, clock: Clock, changed: Product) -> Product:
    """Write a product as it is given: take it as stored, `dataclasses.replace` what changes, hand it back here.

    Under a new name it goes by that one too. Raises BadInput, NotFound, Refused where it is a bundle or in one.
    """
    now = get(session, changed.id)
    made = _fitting(session, replace(changed, retired_on=now.retired_on))
    if made.kind != now.kind:
        _refuse_kind(session, now, made)
    if made != now:
        session.step(N_("Changed the product {name}"), name=made.name)
        session.update(product, made.id, **_columns(made))
        key = match_key(made.name)
        if key != match_key(now.name) and queries.article(session, key) is None:
            session.insert(product_article, product_id=made.id, item=made.name, key=key)
    return get(session, made.id)


def retire(session: Session, clock: Clock, product_id: int) -> Product:
    """Offer a product no more from today on; what was sold of it stays. Raises NotFound."""
    one = get(session, product_id)
    if one.retired_on is None:
        session.step(N_("Took the product {name} out of the offer"), name=one.name)
        session.update(product, product_id, retired_on=clock.today(groups.day_rule(session, one.group_id)))
    return get(session, product_id)


def reopen(session: Session, clock: Clock, product_id: int) -> Product:
    """Offer a product again. Raises NotFound."""
    one = get(session, product_id)
    if one.retired_on is not None:
        session.step(N_("Took the product {name} back into the offer"), name=one.name)
        session.update(product, product_id, retired_on=None)
    return get(session, product_id)


# -- what it goes by


def take_articles(session: Session, clock: Clock, product_id: int, items: Sequence[str]) -> ArticlesTaken:
    """Say that these articles of orders are the product; one that was another product's is this one's from now on.
    Raises BadInput for an empty name, NotFound.
    """
    one = get(session, product_id)
    wanted = {match_key(item): clean(item, NAME_LIMIT) for item in items}
    if not wanted or any(is_blank(item) for item in wanted.values()):
        raise BadInput("an article has a name")
    names_of = {each.id: each.name for each in products(session)}
    added, moved, already = [], [], []
    session.step(N_("Said by which articles {name} goes"), name=one.name)
    for key, item in wanted.items():
        row = queries.article(session, key)
        if row is None:
            session.insert(product_article, product_id=product_id, item=item, key=key)
            added.append(item)
        elif row.product_id == product_id:
            already.append(row.item)
        else:
            session.update(product_article, row.id, product_id=product_id)
            moved.append((row.item, names_of[row.product_id]))
    return ArticlesTaken(tuple(added), tuple(moved), tuple(already))


def whose_article(session: Session, item: str) -> Product | None:
    """The product that goes by an article; None where none does."""
    row = queries.article(session, match_key(item))
    return None if row is None else get(session, row.product_id)


def drop_articles(session: Session, clock: Clock, product_id: int, items: Sequence[str]) -> tuple[str, ...]:
    """The product does not go by these articles any more; returns them. Raises NotFound."""
    one = get(session, product_id)
    session.step(N_("Said by which articles {name} goes"), name=one.name)
    gone = []
    for item in items:
        row = queries.article(session, match_key(item))
        if row is None or row.product_id != product_id:
            raise NotFound("{name} does not go by the article {item}", name=one.name, item=show(item[:40]))
        session.delete(product_article, row.id)
        gone.append(row.item)
    return tuple(gone)


# -- bundles


def parts_typed(session: Session, texts: Sequence[str]) -> dict[int, int]:
    """Product → pieces, of parts as they are typed: 书签*2. Raises BadInput, NotFound."""
    known = products(session)
    told: dict[int, int] = {}
    for text in texts:
        whole = next((each for each in known if match_key(each.name) == match_key(text)), None)
        name, pieces = (text, 1) if whole else pieces_typed(text)
        one = whole or found(known, name)
        told[one.id] = told.get(one.id, 0) + pieces
    return told


def set_parts(session: Session, clock: Clock, product_id: int, parts: Mapping[int, int]) -> tuple[Part, ...]:
    """Say what a bundle holds: product → pieces; nothing else is in it. Raises BadInput, NotFound, Refused."""
    one = get(session, product_id)
    if one.kind != "bundle":
        raise Refused("{name} is no bundle: it has no parts", hint="make it one first: kind bundle", name=one.name)
    for part_id, pieces in parts.items():
        part = get(session, part_id)
        if part.kind == "bundle":
            raise BadInput("{name} is a bundle itself", hint="name its parts", name=part.name)
        if not 1 <= pieces <= MOST_PIECES:
            raise BadInput("{value} is out of range", hint="use {least} to {most}", value=pieces, least=1,
                           most=MOST_PIECES)  # fmt: skip
    before = {row.part_id: row for row in queries.parts(session) if row.product_id == product_id}
    session.step(N_("Said what is in {name}"), name=one.name)
    for part_id, pieces in parts.items():
        if part_id not in before:
            session.insert(product_part, product_id=product_id, part_id=part_id, quantity=pieces)
        else:
            session.update(product_part, before[part_id].id, quantity=pieces)
    for part_id, row in before.items():
        if part_id not in parts:
            session.delete(product_part, row.id)
    return parts_of(session, product_id)


def parts_of(session: Session, product_id: int) -> tuple[Part, ...]:
    """What a bundle holds."""
    known = {each.id: each for each in products(session)}
    rows = (row for row in queries.parts(session) if row.product_id == product_id)
    return tuple(Part(known[row.part_id], row.quantity) for row in rows)


# -- topics


def add_topics(session: Session, clock: Clock, product_id: int, topics: Sequence[str]) -> tuple[str, ...]:
    """After these have been talked about, that is what to offer (S3-25); returns them. Raises BadInput, NotFound."""
    one = get(session, product_id)
    session.step(N_("Said after which topics to offer {name}"), name=one.name)
    told = []
    for topic in topics:
        text = clean(topic, _TOPIC_LIMIT)
        if is_blank(text):
            raise BadInput("the topic is empty", hint="write what is talked about, such as 换季护肤")
        if queries.topic(session, product_id, match_key(text)) is None:
            session.insert(product_topic, product_id=product_id, topic=text, key=match_key(text))
        told.append(text)
    return tuple(told)


def drop_topics(session: Session, clock: Clock, product_id: int, topics: Sequence[str]) -> tuple[str, ...]:
    """These topics lead to the product no more; returns them. Raises NotFound."""
    one = get(session, product_id)
    session.step(N_("Said after which topics to offer {name}"), name=one.name)
    gone = []
    for topic in topics:
        row = queries.topic(session, product_id, match_key(topic))
        if row is None:
            raise NotFound("{name} has no topic {topic}", name=one.name, topic=show(topic[:40]))
        session.delete(product_topic, row.id)
        gone.append(row.topic)
    return tuple(gone)


def suggested(
    session: Session, group_id: int | None, texts: Sequence[str], day: date
) -> tuple[tuple[Product, str], ...]:
    """(product, topic) for what is talked about in one of these texts (S3-25): those offered on the day, one line for
    each product, the longest topic first.
    """
    told = [match_key(text) for text in texts]
    meant = [row for row in queries.topics(session) if any(row.key in text for text in told)]
    if not meant:
        return ()
    known = {each.id: each for each in products(session, group_id) if each.offered(day)}
    hits: dict[int, tuple[Product, str]] = {}
    for row in sorted(meant, key=lambda row: -len(row.key)):
        if row.product_id in known:
            hits.setdefault(row.product_id, (known[row.product_id], row.topic))
    return tuple(hits.values())


def after(session: Session, post: Post) -> tuple[tuple[Product, str], ...]:
    """(product, topic) for what a post talks about, by its title, sub-kind and tags (S3-25)."""
    draft = post.draft
    return suggested(session, post.group_id, (draft.title, sub_kind_name(draft.sub_kind), *draft.tags), post.day)


def as_product(row: Any) -> Product:
    """A row of the table as a value."""
    return Product(**{name: getattr(row, name) for name in names(Product)})


def _columns(made: Product) -> dict[str, Any]:
    told = {name: getattr(made, name) for name in names(Product) if name != "id"}
    return {**told, "key": match_key(made.name)}


def _fitting(session: Session, new: Product) -> Product:
    """The product as it is stored, its name and group looked at. Raises BadInput, NotFound."""
    made = checked(new)
    if made.group_id is not None:
        groups.get(session, made.group_id)
    twin = queries.by_key(session, match_key(made.name))
    if twin is not None and twin.id != made.id:
        raise BadInput("there is already a product {name}", hint="choose another name", name=twin.name)
    return made


def _refuse_kind(session: Session, now: Product, made: Product) -> None:
    rows = queries.parts(session)
    if now.kind == "bundle" and any(row.product_id == now.id for row in rows):
        raise Refused("{name} is a bundle with parts", hint="take the parts out first", name=now.name)
    if made.kind == "bundle" and any(row.part_id == now.id for row in rows):
        raise Refused("{name} is a part of a bundle: it cannot be one", name=now.name)
