"""Home to the first short year: when more of an element is wanted in products than is built in, draw by draw."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ytterby.figures import Caption, fan
from ytterby.findings import naming, wording
from ytterby.findings.ground import Floats, Ground, both, fan_rows, points
from ytterby.report import Cell, Section, Table
from ytterby.terms.elements import RECORDS

SHORT = 0.05
"""Share of what is wanted that must be missing for a year to count as short."""
ASKED = 2037
"""The year of the press claim that the scenario answers to."""
NEAR = 2
FEWEST = 5
"""Draws that both sides of a comparison need."""
SURE = 3.0
"""Times what chance gives a single input: among hundreds, some reach twice."""
PAIRS = {"NdPr": ("Nd", "Pr")}


@dataclass(frozen=True)
class FirstShort:
    """By year and draw; t of contained element."""

    years: tuple[int, ...]
    wanted: Floats  # (year, draw)
    built: Floats
    gap: Floats  # share of what was wanted
    first: Floats  # (draw,) the first short year, inf where there is none
    made: Floats  # (year, draw) oxide made, t of contained element; 0 columns where it is not traded as such


def first_short(ground: Ground, element: str) -> FirstShort | None:
    """The first short year of `element` (``NdPr`` or a symbol); None without a whole year after the licences.

    The year in which licences begin is left out: what is short then is held up, not missing.
    """
    symbols = PAIRS.get(element, (element,))
    weight = ground.contained(symbols)
    if not weight.any():
        return None
    wanted, built = (
        ground.by_year(np.einsum("g,gpd->pd", weight, values)) for values in (ground.demand, ground.output)
    )
    keep = [k for k, year in enumerate(ground.years) if not ground.controls or year > ground.controls.year]
    if not keep:
        return None
    years = tuple(ground.years[k] for k in keep)
    wanted, built = wanted[keep], built[keep]
    gap = np.divide(wanted - built, wanted, out=np.zeros_like(wanted), where=wanted > 0)
    short = gap > SHORT
    first = np.where(short.any(axis=0), np.array(years, dtype=float)[np.argmax(short, axis=0)], np.inf)
    return FirstShort(years, wanted, built, gap, first, _made(ground, symbols)[keep])


def _made(ground: Ground, symbols: tuple[str, ...]) -> Floats:
    labels = ground.run.labels("production")
    made = ground.series("production")
    total = np.zeros_like(made[0])
    n = ground.network
    columns = [n.elements.index(s) for s in symbols if s in n.elements]
    for row, label in enumerate(labels):
        if label.startswith("oxide.") and label in n.materials:
            total += made[row] * float(n.composition[n.materials.index(label), columns].sum())
    return ground.by_year(total)


def section(ground: Ground, element: str) -> Section | None:
    """Demand against supply by year."""
    found = first_short(ground, element)
    if found is None:
        return None
    at, never = points(found.first), float(np.mean(~np.isfinite(found.first)))
    when = f"{int(at['median'])}" if np.isfinite(at["median"]) else f"after {found.years[-1]}"
    title = f"{element}: wanted {_spell(found.wanted, -1)} t in {found.years[-1]}, built in {_spell(found.built, -1)} t"
    labels = [str(year) for year in found.years]
    caption = Caption(
        title,
        f"t of contained {element} a year · what makers want to build, after prices · "
        f"{wording.count(ground.run.draws)} draws",
        (ground.by_itself,),
        bare=ground.bare,
    )
    others = [
        {"name": "built, median", "rows": _line(labels, found.built)},
        {"name": "oxide made, median", "rows": _line(labels, found.made)},
    ]
    drawn = both(lambda width: fan(fan_rows(labels, found.wanted), caption, references=others, width=width))
    rows: list[tuple[Cell, ...]] = []
    for k, year in enumerate(found.years):
        want, have, gap = points(found.wanted[k]), points(found.built[k]), points(found.gap[k])
        rows.append(
            (
                str(year),
                *(at["median"] for at in (want, have, points(found.made[k]))),
                *(wording.percent(gap[q]) for q in ("p05", "median", "p95")),
                wording.percent(float(np.mean(found.first <= year))),
            )
        )
    lead = (
        f"The first short year is {when} in the median draw (5–95 %: {_or(at['p05'], found)} to "
        f"{_or(at['p95'], found)}); "
        f"{wording.percent(never)} of the draws have none by {found.years[-1]}. Demand is what makers want at "
        "the prices "
        "of the day: dear magnets have already shrunk it. Oxide made also goes into stocks and uses outside magnets."
    )
    head = ("Year", f"Wanted {element}, t", "Built in, t", "Oxide made, t")
    return Section(
        title,
        lead,
        *drawn,
        Table((*head, "Missing 5 %", "median", "95 %", "Draws short by then"), rows),
        (ground.by_itself, *ground.cite(ground.starting("robots:"))),
        anchor="by-year",
        note=f"Oxide in t of contained {'+'.join(PAIRS.get(element, (element,)))}, all oxides; "
        f"t of oxide are {_ratio(PAIRS.get(element, (element,))):.2f} times that.",
    )


def what_would_have_to_be_true(ground: Ground, element: str, year: int = ASKED) -> Section | None:
    """How the draws whose first short year lies near `year` differ from the others in their inputs."""
    found = first_short(ground, element)
    if found is None or not ground.drawn or not found.years[0] <= year <= found.years[-1]:
        return None
    inside = np.abs(found.first - year) <= NEAR
    count = int(inside.sum())
    if min(count, len(inside) - count) < FEWEST:
        return Section(
            f"For {year}: {count} of {wording.count(ground.run.draws)} draws come near it, too few to say "
            "what sets them apart",
            f"At least {FEWEST} draws within {NEAR} years and {FEWEST} outside are needed; run with more draws.",
            sources=(ground.by_itself,),
            anchor="for-the-year",
        )
    ranked = []
    for name, values in ground.drawn.items():
        spread = float(values.std())
        if spread > 0.0:
            gap = (float(values[inside].mean()) - float(values[~inside].mean())) / spread
            ranked.append((abs(gap), gap, name))
    top = sorted(ranked, reverse=True)[:5]
    noise = float(np.sqrt(1.0 / count + 1.0 / (len(inside) - count)))
    sure = [(gap, name) for size, gap, name in top if size > SURE * noise]
    words = [f"{naming.parameter(ground, name)} {'higher' if gap > 0 else 'lower'}" for gap, name in sure]
    rows = [_compared(ground, inside, gap, name, sure=size > SURE * noise) for size, gap, name in top]
    return Section(
        f"For {year} to be the first short year: {words[0]}" if words else f"Nothing sets the draws of {year} apart",
        f"{count} of {wording.count(ground.run.draws)} draws run short first within {NEAR} years of {year}. "
        + (f"Against the others they have: {wording.several(words)}. " if words else "")
        + f"Named are differences above {SURE * noise:.2f} standard deviations; below that, chance among "
        f"{len(ranked)} inputs gives as much.",
        table=Table(
            ("Input", f"Median, short near {year}", "Median, others", "Difference, sd", "Beyond chance", "Unit"),
            rows,
            assumed=frozenset(k for k, (_, _, name) in enumerate(top) if ground.parameters[name].assumed),
        ),
        sources=(ground.by_itself,),
        anchor="for-the-year",
    )


def _compared(ground: Ground, inside: NDArray[np.bool_], gap: float, name: str, *, sure: bool) -> tuple[Cell, ...]:
    values = ground.drawn[name]
    medians = (float(np.median(values[part])) for part in (inside, ~inside))
    return (naming.parameter(ground, name), *medians, gap, "yes" if sure else "no", ground.parameters[name].unit)


def _line(labels: list[str], values: Floats) -> list[dict[str, object]]:
    return [{"period": label, "value": points(values[k])["median"]} for k, label in enumerate(labels)]


def _spell(values: Floats, k: int) -> str:
    return wording.amount(points(values[k])["median"])


def _or(value: float, found: FirstShort) -> str:
    return str(int(value)) if np.isfinite(value) else f"none by {found.years[-1]}"


def _ratio(symbols: tuple[str, ...]) -> float:
    return float(np.mean([1.0 / RECORDS[s].metal_in_oxide for s in symbols]))
