"""Home to the verdict: the one finding a run is headed with, computed from its draws, and the number it is about.

Which number that is, the scenario's first target says: the day the first lines stop, the share that is not built, the
first short year of an element, or a region's own supply.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np

from ytterby.findings import wording
from ytterby.findings.ground import Floats, Ground, Key, points
from ytterby.findings.selfmade import supply
from ytterby.findings.shortyear import first_short
from ytterby.report import KeyFigure

MOST = 0.5
"""Share of the draws above which something is said to happen."""
LONG = 1000
"""Days of run after which the share not built says more than the first day."""


@dataclass(frozen=True)
class Verdict:
    """What was found, how sure that is, and the number behind it in every draw."""

    headline: str
    sure: str
    """A sentence on what the other draws say."""
    metric: str
    """The number in words."""
    unit: str
    values: Floats
    """(draw,), infinite where it never comes."""
    scale: float = 1.0
    """What `values` are multiplied by to stand in `unit`."""
    keys: tuple[KeyFigure, ...] = ()
    key: Key | None = None
    kind: Literal["calm", "first_stop", "whole", "not_built", "short_year", "own_supply"] = "first_stop"
    """Which finding it is, for those who say it in another language."""
    about: str = ""
    """The element or region it is about, where it is about one."""


def verdict(ground: Ground) -> Verdict:
    """The finding of a run."""
    target = str((ground.plan.get("targets") or ("line_stops",))[0])
    if target.startswith("shortage:") and first_short(ground, target.partition(":")[2]) is not None:
        return _short_year(ground, target.partition(":")[2])
    known = ground.world is not None
    if target.startswith("self_sufficiency:") and known and supply(ground, target.partition(":")[2]) is not None:
        return _own_supply(ground, target.partition(":")[2])
    if (ground.end - ground.start).days < LONG and ground.controls and ground.turn is None:
        return _first_stop(ground)
    return _not_built(ground)


# the day the first lines stop


def hardest(ground: Ground) -> Key | None:
    """The civil lines outside China that slow in most draws and lose most rare earths by worth; None where none do."""
    best: tuple[float, Key] | None = None
    for key in ground.families:
        if key[0] == "defence" or key[1] == "CN" or np.mean(np.isfinite(ground.first(key))) < MOST:
            continue
        lost = float(np.median(ground.missed(key)[1]))
        best = max(best, (lost, key)) if best else (lost, key)
    return best[1] if best else None


def soonest(ground: Ground) -> list[tuple[float, Key]]:
    """Civil lines by the median day on which they slow, those that do in most draws."""
    found = [(points(ground.first(k))["median"], k) for k in ground.families if k[0] != "defence"]
    return sorted(pair for pair in found if np.isfinite(pair[0]))


def _first_stop(ground: Ground) -> Verdict:
    controls = ground.controls
    assert controls is not None
    key = hardest(ground)
    if key is None:
        share, nearest = max((float(np.mean(np.isfinite(ground.first(k)))), k) for k in ground.families)
        return Verdict(
            f"Licences of {wording.day(controls)} stop no lines in most draws",
            f"The nearest are {wording.lines(nearest[0])} in {wording.place(nearest[1])}, which slow in "
            f"{wording.percent(share)} of {wording.count(ground.run.draws)} draws.",
            f"day on which {wording.lines(nearest[0])} in {wording.place(nearest[1])} slow",
            "days",
            ground.first(nearest),
            keys=(KeyFigure("Draws in which they slow", wording.percent(share)),),
            key=nearest,
            kind="calm",
        )
    first = ground.first(key)
    at, when = points(first), controls.year
    band = wording.span(ground.told(at["p05"], when), ground.told(at["p95"], when))
    what = f"{wording.lines(key[0])} in {wording.place(key[1])}"
    sooner = [k for _, k in soonest(ground) if k[0] == key[0] and k[1] != key[1]][:3]
    others = [f"{wording.place(k[1])} {ground.told(points(ground.first(k))['median'], when)}" for k in sooner]
    return Verdict(
        f"Licences of {wording.day(controls)} stop the first {what} on {ground.told(at['median'], when)} {band}",
        _sure(ground, first, "slow")
        + (f" Medians elsewhere: {wording.several(others)}." if others else "")
        + " Of the lines that slow these lose most, by the worth of the rare earths they go without.",
        f"day on which the first {what} slow",
        "days",
        first,
        keys=_stop_keys(ground, key, at),
        key=key,
    )


def _stop_keys(ground: Ground, key: Key, at: dict[str, float]) -> tuple[KeyFigure, ...]:
    slow, (share, _) = points(ground.slow_days(key)), ground.missed(key, ground.controls)
    half = np.isfinite(ground.first(key, "first_half"))
    lost = points(share)
    low, high = (wording.amount(at[q] - ground.offset) for q in ("p05", "p95"))
    return (
        KeyFigure(
            f"From licences to the first slow {wording.lines(key[0])}, {wording.short_place(key[1])}",
            wording.amount(at["median"] - ground.offset),
            "days",
            f"5–95 %: {low}–{high}".replace("––", "– never"),
        ),
        KeyFigure(
            "Days on which they run slow",
            wording.amount(slow["median"]),
            "days",
            f"5–95 %: {wording.amount(slow['p05'])}–{wording.amount(slow['p95'])}",
        ),
        KeyFigure(
            "Not built since the licences",
            wording.percent(lost["median"]),
            "",
            f"5–95 %: {wording.percent(lost['p05'])} to {wording.percent(lost['p95'])} of what was wanted",
        ),
        KeyFigure("Draws in which half of them stop", wording.percent(float(half.mean()))),
    )


def _sure(ground: Ground, values: Floats, verb: str) -> str:
    share, draws = float(np.mean(np.isfinite(values))), ground.run.draws
    said = (
        f"all {wording.count(draws)} draws"
        if share == 1.0
        else f"{wording.percent(share)} of {wording.count(draws)} draws"
    )
    return f"They {verb} in {said} of the uncertain inputs."


# the share that is not built


def worst(ground: Ground) -> Key | None:
    """The lines that lose most rare earths by worth since the turn of the scenario; None where nothing is lost."""
    lost = {key: float(np.median(ground.missed(key, since(ground))[1])) for key in ground.families}
    key = max(lost, key=lambda k: (lost[k], k))
    return key if lost[key] > 0.0 else None


def since(ground: Ground) -> date | None:
    """The day from which a long scenario is judged: where it parts from things as they stand, else the licences."""
    return ground.turn or ground.controls


def _not_built(ground: Ground) -> Verdict:
    begin, name = ground.turn or ground.controls or ground.start, ground.plan["title"]["en"]
    key = worst(ground)
    if key is None:
        return Verdict(
            f"{name}: nothing runs short in most draws",
            f"In {wording.count(ground.run.draws)} draws up to {wording.day(ground.end)} the median of every "
            "product is built "
            "in full.",
            "share of all rare-earth products not built",
            "percentage points",
            _all_missed(ground),
            100.0,
            kind="whole",
        )
    share, _ = ground.missed(key, since(ground))
    at, what = points(share), f"{wording.lines(key[0])} in {wording.place(key[1])}"
    verb = "go without" if key[0].startswith(("use.", "industry")) else "do not build"
    band = wording.span(wording.percent(at["p05"]), wording.percent(at["p95"]))
    last = max(0, len(ground.periods) - 1)
    late = points(_missing(ground, key, last))
    much = float(np.mean(share > 0.05))
    return Verdict(
        f"{name}: from {wording.day(begin)} to {wording.day(ground.end)}, {what} {verb} "
        f"{wording.percent(at['median'])} of what is wanted {band}",
        "They lose most, by the worth of the rare earths they go without. More than 5 % is lost in "
        f"{wording.percent(much)} of "
        f"{wording.count(ground.run.draws)} draws; "
        f"in {wording.period(ground.periods[last])} the median is {wording.percent(late['median'])}.",
        f"share of output that {what} lose",
        "percentage points",
        share,
        100.0,
        keys=(
            KeyFigure(
                f"Not built, {wording.lines(key[0])}, {wording.short_place(key[1])}",
                wording.percent(at["median"]),
                "",
                f"5–95 %: {wording.percent(at['p05'])} to {wording.percent(at['p95'])}",
            ),
            KeyFigure(f"Not built in {wording.period(ground.periods[last])}", wording.percent(late["median"])),
            KeyFigure(
                "All products, all countries",
                wording.percent(points(_all_missed(ground))["median"]),
                "",
                "of the rare earths wanted in products, by worth",
            ),
        ),
        key=key,
        kind="not_built",
    )


def _missing(ground: Ground, key: Key, period: int) -> Floats:
    rows = ground.families[key]
    weight = ground.worth[rows][:, None]
    wanted, built = (np.asarray((a[rows][:, period] * weight).sum(axis=0)) for a in (ground.demand, ground.output))
    return np.asarray(np.divide(np.maximum(wanted - built, 0.0), wanted, out=np.zeros_like(wanted), where=wanted > 0))


def _all_missed(ground: Ground) -> Floats:
    weight = ground.worth[:, None]
    wanted, built = ((a.sum(axis=1) * weight).sum(axis=0) for a in (ground.demand, ground.output))
    return np.asarray(np.divide(np.maximum(wanted - built, 0.0), wanted, out=np.zeros_like(wanted), where=wanted > 0))


# a first short year, and a region's own supply


def _short_year(ground: Ground, element: str) -> Verdict:
    found = first_short(ground, element)
    assert found is not None
    at, never = points(found.first), float(np.mean(~np.isfinite(found.first)))
    last = found.years[-1]
    if not np.isfinite(at["median"]):
        head = f"{element} runs short by {last} in {wording.percent(1.0 - never)} of the draws"
    else:
        ends = [str(int(at[q])) if np.isfinite(at[q]) else f"not by {last}" for q in ("p05", "p95")]
        head = f"{element} runs short first in {int(at['median'])} {wording.span(*ends)}"
    final = points(found.gap[-1])
    missing = f"{wording.percent(final['median'])}"
    return Verdict(
        head,
        f"Short means that more than 5 % of the {element} wanted in products is not built in. "
        f"In {wording.percent(never)} of {wording.count(ground.run.draws)} draws that does not come by {last}.",
        f"first year in which {element} is short",
        "years",
        found.first,
        keys=(
            KeyFigure(f"First short year of {element}", _year(at["median"], last), "", _year_band(at, last)),
            KeyFigure("Draws without a short year", wording.percent(never)),
            KeyFigure(f"Not built in {last}", missing, "", f"of the {element} wanted in products"),
        ),
        kind="short_year",
        about=element,
    )


def _year(value: float, last: int) -> str:
    return str(int(value)) if np.isfinite(value) else f"after {last}"


def _year_band(at: dict[str, float], last: int) -> str:
    return f"5–95 %: {_year(at['p05'], last)} to {_year(at['p95'], last)}"


def _own_supply(ground: Ground, region: str) -> Verdict:
    found = supply(ground, region)
    assert found is not None
    place, last, begin = wording.place(region), found.years[-1], found.years[0]
    own, reach = points(found.whole[-1]), points(found.first)
    share = float(np.mean(np.isfinite(found.first)))
    if np.isfinite(reach["median"]):
        head = f"Plants in {place} can cover 20 % of its magnets from mine to magnet "
        head += f"in {begin} already" if reach["p95"] <= begin else f"from {int(reach['median'])}"
        head += (
            "" if reach["p95"] <= begin else f" {wording.span(_year(reach['p05'], last), _year(reach['p95'], last))}"
        )
    else:
        head = (
            f"Plants in {place} cover {wording.percent(own['median'])} of its magnets from mine to magnet by {last}, "
            f"reaching 20 % in {wording.percent(share)} of the draws"
        )
    china = points(found.chinese[-1])
    return Verdict(
        head,
        f"That is what the plants in the tables can make when all run full; the narrowest stage in {last} is "
        f"{found.narrowest(-1)}. {wording.percent(share)} of {wording.count(ground.run.draws)} draws reach 20 "
        f"% by {last}, "
        "when the ceiling "
        f"is {wording.percent(own['median'])} (90\u00a0%: {wording.percent(own['p05'])} – "
        f"{wording.percent(own['p95'])}), "
        f"and yet magnets shipped from China are {wording.percent(china['median'])} of what makers there build in.",
        f"ceiling of a mine-to-magnet chain in {place} in {last}",
        "percentage points",
        found.whole[-1],
        100.0,
        keys=(
            KeyFigure(
                f"Mine to magnet at home, ceiling in {last}", wording.percent(own["median"]), "", "of magnets wanted"
            ),
            KeyFigure("20 % reached", _year(reach["median"], last), "", _year_band(reach, last)),
            KeyFigure(f"Shipped from China in {last}", wording.percent(china["median"]), "", "of magnets built in"),
        ),
        kind="own_supply",
        about=region,
    )
