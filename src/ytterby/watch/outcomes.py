"""Home to outcomes: one figure of a run before and after, and whether it moved further than it may in silence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from ytterby.terms.errors import BadValue, UnknownName
from ytterby.watch.workflows import Outcome

Rows = Sequence[Mapping[str, Any]]
DATES = ("first_slow", "first_stop")


@dataclass(frozen=True)
class Band:
    """A figure of a run: median and 90 % band; dates are ISO text, None where that share of draws never gets there."""

    median: float | str | None
    p05: float | str | None
    p95: float | str | None
    unit: str
    share: float | None = None
    """Of dates: how many of the draws get there at all."""


@dataclass(frozen=True)
class Change:
    """An outcome before and after."""

    outcome: str
    scenario: str
    metric: str
    where: Mapping[str, str | bool]
    of: str
    before: Band
    after: Band
    days: float | None
    """Days moved, later above 0; None where it is no matter of days or one side never gets there."""
    percent: float | None
    """Change in percent of before; None where it is none or before was 0."""
    exceeded: bool
    """Whether it moved by more than its threshold."""
    words: str
    """What moved, in one line."""

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values by field name."""
        return {**asdict(self), "where": dict(self.where)}


def band(rows: Rows, outcome: Outcome) -> Band:
    """The figure of an outcome in the rows of its metric.

    Raises:
        UnknownName: no row has a value that `where` names.
        BadValue: several rows fit.
    """
    row = _row(rows, outcome)
    of = outcome.measured
    if outcome.metric == "line-stops":
        if of in ("slows", "stops"):
            return Band(row[of], None, None, "share of draws")
        got = {q: row[f"{of}_{q}"] for q in ("median", "p05", "p95")}
        if of in DATES:
            return Band(**got, unit="date", share=row["slows" if of == "first_slow" else "stops"])
        return Band(**got, unit=str(row["unit"]) if of == "missed" else "day")
    if of == "share":
        return Band(row["share"], None, None, "share of demand")
    return Band(row["median"], row["p05"], row["p95"], str(row["unit"]))


def compare(outcome: Outcome, before: Rows, after: Rows) -> Change:
    """An outcome before and after; raises as `band`."""
    old, new = band(before, outcome), band(after, outcome)
    days = percent = None
    if outcome.measured in DATES:
        if old.median is not None and new.median is not None:
            days = float((_day(new.median) - _day(old.median)).days)
        came_or_went = (old.median is None) != (new.median is None)
        exceeded = came_or_went or abs(days or 0.0) > (outcome.days or 0.0)
    else:
        exceeded, days, percent = _moved(outcome, old, new)
    return Change(
        outcome=outcome.label,
        scenario=outcome.scenario,
        metric=outcome.metric,
        where=outcome.where,
        of=outcome.measured,
        before=old,
        after=new,
        days=days,
        percent=percent,
        exceeded=exceeded,
        words=_words(outcome, old, new, days, percent),
    )


def _moved(outcome: Outcome, old: Band, new: Band) -> tuple[bool, float | None, float | None]:
    if old.median is None or new.median is None:
        return old.median != new.median, None, None
    was, now = float(old.median), float(new.median)
    if outcome.days is not None:
        return abs(now - was) > outcome.days, now - was, None
    if was == 0.0:
        return now != 0.0, None, None
    percent = 100.0 * (now / was - 1.0)
    return abs(percent) > (outcome.percent or 0.0), None, percent


def _row(rows: Rows, outcome: Outcome) -> Mapping[str, Any]:
    left = list(rows)
    for key, value in outcome.where.items():
        fits = [row for row in left if row.get(key) == value]
        if not fits:
            known = {str(row[key]) for row in left if key in row}
            raise UnknownName(str(value), known, key, f"outcome {outcome.label}")
        left = fits
    if len(left) != 1:
        free = sorted(
            key
            for key in ("period", "product", "region", "military", "destination", "material", "zone", "what")
            if key not in outcome.where and len({str(row.get(key)) for row in left}) > 1
        )
        raise BadValue(
            f"{len(left)} rows of {outcome.metric} fit the outcome",
            place=f"outcome {outcome.label}",
            remedy=f"name one under 'where' by {', '.join(free)}",
        )
    return left[0]


def _words(outcome: Outcome, old: Band, new: Band, days: float | None, percent: float | None) -> str:
    row = ", ".join(str(value) for value in outcome.where.values())
    head = f"{outcome.scenario}, {outcome.metric} ({row}), {outcome.measured.replace('_', ' ')}"
    said = f"{_figure(old)} → {_figure(new)}"
    if days is not None:
        unit = "days later" if days > 0 else "days earlier"
        if outcome.measured not in DATES:
            unit = "days more" if days > 0 else "days fewer"
        return f"{head}: {said} ({abs(days):g} {unit})" if days else f"{head}: {said} (unmoved)"
    return f"{head}: {said}" + (f" ({percent:+.1f} %)" if percent is not None else "")


def _figure(one: Band) -> str:
    if one.unit == "date":
        share = f", in {one.share:.0%} of draws" if one.share is not None else ""
        return f"{one.median or 'not in most draws'} [{one.p05 or 'never'} to {one.p95 or 'never'}{share}]"
    spread = "" if one.p05 is None and one.p95 is None else f" [{_short(one.p05)} to {_short(one.p95)}]"
    return f"{_short(one.median)}{spread} {one.unit}"


def _short(value: float | str | None) -> str:
    return "never" if value is None else f"{value:.4g}" if isinstance(value, (int, float)) else value


def _day(text: float | str) -> date:
    return date.fromisoformat(str(text)[:10])
