"""Why somebody is in their bucket: each condition that was asked, with the number that met it or not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from qunguan.domain.clock import Clock
from qunguan.domain.condition_words import Written
from qunguan.domain.conditions import Fact, Value, explain
from qunguan.domain.fact_words import Said, verdict
from qunguan.domain.rosters import Reason
from qunguan.domain.schemes import Bucket, Lock, Scheme
from qunguan.domain.sources import Brief
from qunguan.i18n import N_
from qunguan.services import facts, members_edit
from qunguan.services.segment_labels import base_of, buckets_of, placed, wanted_of
from qunguan.services.segment_schemes import by_code, find, today
from qunguan.store.session import Session


def why(session: Session, clock: Clock, code: str, member_id: int, as_of: date | None = None) -> tuple[Reason, ...]:
    """The label, the lock if there is one, then bucket by bucket what was asked and what there was; source and service.

    Raises NotFound for the member or the scheme.
    """
    name = members_edit.get(session, member_id).name
    found = find(session, code)
    day = as_of or today(session, clock)
    told = placed(session, clock, found, day, ids=[member_id])
    here = next((each for each in buckets_of(found, day) if each.code == told.codes.get(member_id)), None)
    lines = [_head(name, found, here, day)]
    lines += _locked(told.locks.get(member_id))
    if found.kind == "rfm":
        from qunguan.services.rfm_why import why_rfm

        lines += why_rfm(session, clock, member_id, day)
    else:
        known = by_code(session)
        columns = facts.collect(session, clock, day, wanted_of(known, found, day), [member_id])
        values = facts.of_member(columns, member_id)
        lines += _asked(base_of(known, found).buckets(day), values)
    if here and here.service and found.kind != "rfm":  # RFM has said what helps
        lines.append(Reason.of(N_("what to do: {service}"), service=Reason(here.service)))
    if found.source:
        lines.append(Reason.of(N_("source: {source}"), source=Brief(found.source)))
    if found.note:
        lines.append(Reason(found.note))
    return tuple(lines)


def _head(name: str, scheme: Scheme, here: Bucket | None, day: date) -> Reason:
    if here is None:
        return Reason.of(N_("{name} is in no bucket of {scheme} on {day}"), name=name, scheme=scheme.name, day=day)
    return Reason.of(N_("{name} is {bucket}·{scheme} on {day}"), name=name, bucket=here.name, scheme=scheme.name,
                     day=day)  # fmt: skip


def _locked(lock: Lock | None) -> list[Reason]:
    if lock is None:
        return []
    return [Reason.of(N_("put there by hand on {day}: {reason}"), day=lock.from_day, reason=lock.reason)]


def _asked(buckets: tuple[Bucket, ...], values: Mapping[Fact, Value]) -> Iterator[Reason]:
    """The buckets in the order they are asked, up to the one that holds."""
    for bucket in buckets:
        if bucket.when is None:
            yield Reason.of(N_("{bucket} takes everybody else"), bucket=bucket.name)
            return
        looked = explain(bucket.when, values)
        held = verdict(bucket.when, values)
        yield Reason.of(N_("{bucket} asks {condition}: {verdict}"), bucket=bucket.name,
                        condition=Written(bucket.when), verdict=Reason(held))  # fmt: skip
        for each in looked:
            yield Reason.of(N_("  {condition}: there is {value}"), condition=Written(each.leaf), value=Said(each))
        if held == N_("holds"):
            return
