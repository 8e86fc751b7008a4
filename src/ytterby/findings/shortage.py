"""Home to the shortage: which lines slow, when after the licences, for how long, and what is not built."""

from __future__ import annotations

import numpy as np

from ytterby.evidence.claims import Claim
from ytterby.figures import Caption, ranges
from ytterby.findings import wording
from ytterby.findings.ground import WIDE, Ground, Key, both, points
from ytterby.report import Section, Table

LEAST = 0.05
"""Share of draws that must slow for a row to be worth a place."""


def section(ground: Ground) -> Section:
    """Days until the first lines slow, by product and country."""
    found = sorted(
        (points(ground.first(key))["median"], -float(np.isfinite(ground.first(key)).mean()), key)
        for key in ground.families
    )
    shown = [key for _, share, key in found if -share >= LEAST]
    title = _title(ground, [key for median, _, key in found if np.isfinite(median)])
    begin = f"the licences of {wording.day(ground.controls)}" if ground.controls else wording.day(ground.start)
    caption = Caption(
        title,
        f"days from {begin} until the first lines slow (below 95 % of what is wanted) · "
        f"{wording.count(ground.run.draws)} draws",
        (ground.by_itself,),
        note="A row is all makers of a product in a country. Whiskers without an end run on beyond the run.",
        bare=ground.bare,
    )
    rows = [_range(ground, key) for key in shown]
    drawn = both(lambda width: ranges(rows, caption, most=30 if width == WIDE else 18, width=width))
    table = [_line(ground, key) for key in shown]
    head = (
        "Lines",
        "Country",
        "Slow in",
        "Half stop in",
        "5 %, days",
        "Median, days",
        "95 %, days",
        "Days slow",
        "Not built",
    )
    return Section(
        title,
        f"{len(shown)} of {len(found)} kinds of lines slow in at least {wording.percent(LEAST)} of the draws. "
        "Where a draw never slows, the day is left open: it lies beyond the run. Not built is the median share of all "
        "that is wanted in the run.",
        *drawn,
        Table(head, table, assumed=frozenset(k for k, key in enumerate(shown) if assumed(ground, key))),
        (ground.by_itself, *ground.cite(_stock_claims(ground))),
        anchor="line-stops",
        note="Assumed rows rest on a stock of parts or a demand that nobody published.",
    )


def _title(ground: Ground, stopping: list[Key]) -> str:
    if not stopping:
        return "No lines slow in most draws"
    at = days(ground, stopping[0])
    where = f"{wording.lines(stopping[0][0])} in {wording.place(stopping[0][1])}"
    after_days = wording.amount(at["median"])
    after = "after the licences" if ground.controls else "after the start"
    countries = len({key[1] for key in stopping})
    return (
        f"First to slow are {where}, {after_days} days {after}; "
        f"in most draws lines slow in {countries} of {_regions(ground)} regions"
    )


def _regions(ground: Ground) -> int:
    return len({key[1] for key in ground.families})


def _range(ground: Ground, key: Key) -> dict[str, object]:
    at = days(ground, key)
    return {
        "label": f"{wording.label(key[0])} · {wording.short_place(key[1])}",
        **{q: wording.known(at[q]) for q in ("p05", "median", "p95")},
        "share": float(np.isfinite(ground.first(key)).mean()),
        "assumed": assumed(ground, key),
    }


def days(ground: Ground, key: Key) -> dict[str, float]:
    """Days after the licences; the step that holds their first day counts as none."""
    return {q: max(0.0, v - ground.offset) for q, v in points(ground.first(key)).items()}


def _line(ground: Ground, key: Key) -> tuple[str | float | None, ...]:
    first = ground.first(key)
    at = days(ground, key)
    return (
        wording.product(key[0]),
        wording.short_place(key[1]),
        wording.percent(float(np.isfinite(first).mean())),
        wording.percent(float(np.isfinite(ground.first(key, "first_half")).mean())),
        *(wording.known(at[q]) for q in ("p05", "median", "p95")),
        points(ground.slow_days(key))["median"],
        wording.percent(points(ground.missed(key)[0])["median"]),
    )


def assumed(ground: Ground, key: Key) -> bool:
    """Whether the stock or the demand of a family rests on an assumed figure."""
    n = ground.network
    groups = {g["id"] for g in (ground.run.info["groups"][row] for row in ground.families[key])}
    rows = np.flatnonzero(np.isin(np.array(n.groups), list(groups)))
    if not rows.size:
        return False
    doubt = np.array([u.assumed for u in n.uncertainty], dtype=bool)
    activities = n.terminal_activity[np.isin(n.terminal_group, rows)]
    slots = n.input_slot[np.isin(n.input_activity, activities)]
    return bool(doubt[n.demand_by[rows]].any() or doubt[n.cover_by[slots]].any())


def _stock_claims(ground: Ground) -> list[Claim]:
    names = {u.name for u in ground.network.uncertainty if u.name.startswith(("recipe:inv_", "recipe:lt_", "demand:"))}
    return [claim for name in sorted(names) for claim in ground.by_parameter.get(name, ())]
