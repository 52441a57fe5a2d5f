"""A report as JSON: stable keys, money in fen, a rate as `{"value", "n"}`, unknown null."""

from __future__ import annotations

from typing import Any

from qunguan.domain.report_words import cause_said, label
from qunguan.domain.reports import Figure, Listing, Report


def as_json(report: Report) -> dict[str, Any]:
    """A report as JSON has it: stable keys, money in fen, a rate as `{"value", "n"}`, unknown null."""
    period = report.period
    return {
        "kind": report.kind, "group_id": report.group_id, "group": report.group, "of": report.of or None,
        "first": period.first.isoformat(), "last": period.last.isoformat(), "until": period.until.isoformat(),
        "over": period.over, "as_of": (report.as_of or period.until).isoformat(),
        "before": None if report.before is None else
                  {"first": report.before.first.isoformat(), "until": report.before.until.isoformat()},
        "outcomes": dict(map(_figure_json, report.outcomes)),
        "leading": dict(map(_figure_json, report.leading)),
        "happened": [
            {"kind": each.kind, "day": each.day.isoformat(), "name": each.name, "text": str(each.text)}
            for each in report.happened
        ],
        "causes": [
            {"kind": each.fact.kind, "day": each.fact.day.isoformat(), "before": each.fact.before,
             "figures": [{"key": code, "way": way} for code, way in each.figures], "text": cause_said(each)}
            for each in report.causes
        ],
        "unexplained": [_key(each.code, each.unit) for each in report.unexplained],
        "suggestions": [
            {"key": each.key, "severity": each.severity, "do": str(each.do), "because": str(each.because),
             "rule": each.rule or None, "source": each.source}
            for each in report.suggestions
        ],
        "keep": [str(each) for each in report.keep],
        "plan": [
            {"kind": each.kind, "day": each.day.isoformat(), "title": each.title,
             "note": None if each.note is None else str(each.note)}
            for each in report.plan
        ],
        "daily_steps": report.more,
        "hats": [
            {"hat": each.hat, "planned": each.tally.planned, "done": each.tally.done, "late": each.tally.late,
             "skipped": each.tally.skipped, "missed": each.tally.missed, "open": each.tally.open}
            for each in report.hats
        ],
        "curves": [
            {"key": _key(each.code, each.unit), "labels": each.labels, "now": each.now, "before": each.before or None}
            for each in report.curves
        ],
        "listings": {each.key: _rows_json(each) for each in report.listings},
    }  # fmt: skip


def _key(code: str, unit: str) -> str:
    return f"{code}_fen" if unit == "fen" else code


def _figure_json(each: Figure) -> tuple[str, dict[str, Any]]:
    bars = [
        {"rule": bar.rule, "value": bar.value, "source": bar.source, "applies": bar.applies, "met": bar.met}
        for bar in each.bars
    ]
    return _key(each.code, each.unit), {
        "label": label(each), "span_days": each.span, "unit": each.unit, "now": _value(each.unit, each.value, each.n),
        "before": _value(each.unit, each.before, each.before_n), "change": each.change, "better": each.better,
        "bars": bars, "why": [str(line) for line in each.why],
    }  # fmt: skip


def _value(unit: str, value: float | None, n: int | None) -> Any:
    return {"value": value, "n": n} if unit == "share" and value is not None else value


def _rows_json(listing: Listing) -> list[dict[str, Any]]:
    return [
        {column.key: str(value) if column.unit == "text" and value is not None else value
         for column, value in zip(listing.columns, row, strict=True)}
        for row in listing.rows
    ]  # fmt: skip
