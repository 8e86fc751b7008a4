"""Home to the composing of a report: every finding of a run in its order, with its sources and what is assumed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from ytterby.evidence.claims import Claim
from ytterby.evidence.sources import sources as listed
from ytterby.findings import (
    answers,
    drivers,
    economic,
    exports,
    licences,
    matter,
    naming,
    plants,
    prices,
    selfmade,
    shortage,
    shortyear,
    wording,
)
from ytterby.findings.ground import Ground
from ytterby.findings.verdict import Verdict, soonest, verdict
from ytterby.report import Report, Section, Source, Table
from ytterby.rules.calendar import EPOCH
from ytterby.run.fits import Fitted
from ytterby.run.record import Run
from ytterby.world.network import Network

if TYPE_CHECKING:
    from ytterby.run.hindcast import Hindcast

FOLLOWED = "NdPr"
LONG_YEARS = 3
"""Whole years after the licences from which demand is set against supply by year."""
MOST_LINES = 8
"""Sentences for a terminal, without that of the economy."""


def compose(
    run: Run,
    claims: Iterable[Claim],
    network: Network,
    hindcast: Hindcast | None = None,
    *,
    hindcast_run: Run | None = None,
    fitted: Fitted | None = None,
    bare: bool = True,
) -> Report:
    """A run as a report.

    Args:
        run: what is reported.
        claims: every claim; those behind the run's parameters and figures are cited.
        network: the world the run ran on.
        hindcast: predicted against observed months, from a run made as known on the day of the fit.
        hindcast_run: that run.
        fitted: the fit the run used; without it fitted inputs are left out of the drivers.
        bare: whether figures leave their title to the page; False for figures that stand alone.
    """
    ground = Ground(run, tuple(claims), network, hindcast, hindcast_run, fitted, bare)
    found = verdict(ground)
    sections = _sections(ground, found)
    return Report(
        headline=found.headline,
        standfirst=_standfirst(ground, found),
        run=run.id,
        created=str(run.info["created"])[:16].replace("T", " ") + " UTC",
        figures=(*found.keys, *economic.key(ground)),
        sections=sections,
        sources=(*_sources(ground), *economic.source(ground)),
        assumptions=_assumptions(ground),
        method=_method(ground),
    )


def headline(
    run: Run,
    claims: Iterable[Claim] = (),
    network: Network | None = None,
    hindcast: Hindcast | None = None,
    *,
    fitted: Fitted | None = None,
) -> list[str]:
    """What was found, in short sentences for a terminal; without `network` what the run alone can say."""
    ground = Ground(run, tuple(claims), network, hindcast, None, fitted)
    found = verdict(ground)
    lines = [f"{found.headline}.", found.sure]
    lines += [_key(k.label, k.value, k.unit, k.note) for k in found.keys[1:3]]
    lines += _first_lines(ground)
    if ground.controls:
        lines.append(f"{exports.title(ground)}.")
    if hindcast is not None:
        lines.append(
            exports.scored(hindcast.scores, [r for r in hindcast.rows if r["destination"] == "WLD"], short=True)
        )
    lines.append(_basis(ground))
    lines, cost = lines[:MOST_LINES], economic.finding(ground)
    return lines if cost is None else [*lines[:-1], cost, lines[-1]]


def _key(label: str, value: Any, unit: str, note: str) -> str:
    told = f"{label}: {value}{' ' + unit if unit else ''}"
    return f"{told} ({note})." if note else f"{told}."


def _first_lines(ground: Ground) -> list[str]:
    found = soonest(ground)[:3]
    if not found or not ground.controls:
        return []
    told = [
        f"{wording.lines(k[0])} in {wording.place(k[1])} {ground.told(day, ground.controls.year)}" for day, k in found
    ]
    return [f"Soonest to slow: {wording.several(told)} (medians)."]


def _sections(ground: Ground, found: Verdict) -> tuple[Section, ...]:
    years = shortyear.first_short(ground, FOLLOWED)
    long = years is not None and len(years.years) >= LONG_YEARS
    targets = [str(t) for t in ground.plan.get("targets") or ()]
    regions = [t.partition(":")[2] for t in targets if t.startswith("self_sufficiency:")]
    makers: list[Callable[[], Section | None]] = []
    if long:
        makers.append(lambda: shortyear.section(ground, FOLLOWED))
    if long and any(t.startswith("shortage:") for t in targets):
        makers.append(lambda: shortyear.what_would_have_to_be_true(ground, FOLLOWED))
    makers += [lambda r=r: selfmade.section(ground, r) for r in regions]  # type: ignore[misc]
    makers += [
        lambda: exports.section(ground),
        lambda: exports.tested(ground),
        lambda: shortage.section(ground),
        lambda: licences.section(ground),
        lambda: plants.plants(ground),
        lambda: plants.mine_to_magnet(ground),
    ]
    made = [make() for make in makers]
    made += [*prices.sections(ground), *economic.sections(ground)]
    made += [drivers.section(ground, found), answers.section(ground), matter.section(ground)]
    return tuple(section for section in made if section is not None)


def _standfirst(ground: Ground, found: Verdict) -> str:
    assumed = sum(p.assumed for p in ground.parameters.values())
    told = f"{assumed} of the {len(ground.parameters)} uncertain inputs are assumed" if ground.parameters else ""
    about = ground.run.info.get("fit_about")
    fit = f"the licensing is fitted on figures up to {_day(about)}" if about else "nothing is fitted"
    rests = f"It rests on {wording.count(len(ground.claims))} sourced figures" if ground.claims else ""
    parts = wording.several([part for part in (rests, fit, told) if part])
    return f"{found.sure} {parts[:1].upper()}{parts[1:]}."


def _basis(ground: Ground) -> str:
    about = ground.run.info.get("fit_about")
    fit = f"licensing fitted on figures up to {_day(about)}" if about else "no fit"
    return f"{wording.count(ground.run.draws)} draws, {fit}; assumed inputs are marked in the report."


def _day(about: Mapping[str, Any]) -> str:
    return wording.day(date.fromisoformat(str(about["until"])[:10]))


def _assumptions(ground: Ground) -> Table | None:
    names = sorted(name for name, p in ground.parameters.items() if p.assumed)
    rows: list[tuple[str | float | None, ...]] = []
    for name in names:
        p = ground.parameters[name]
        drawn = ground.drawn.get(name)
        low, mid, high = np.quantile(drawn, [0.05, 0.5, 0.95]) if drawn is not None else (p.low, p.median, p.high)
        rows.append(
            (
                naming.parameter(ground, name),
                float(mid),
                f"{wording.amount(float(low))}–{wording.amount(float(high))}",
                p.unit,
                naming.source(ground, name),
            )
        )
    rows += economic.assumptions(ground)
    if not rows:
        return None
    head = ("Input", "Median", "5–95 %", "Unit", "Why")
    return Table(head, rows, assumed=frozenset(range(len(rows))))


def _sources(ground: Ground) -> tuple[Source, ...]:
    """Every source behind a parameter of the run or a figure of the report."""
    cited = {claim_id for p in ground.parameters.values() for claim_id, _ in p.claims}
    used = [c for c in ground.claims if c.id in cited or _shown(c)]
    found = []
    for use in listed(used):
        address = use.url if use.url.lower().startswith(("https://", "http://")) else ""
        found.append(
            Source(use.title or use.publisher, use.publisher, str(use.year or ""), address, use.assumed == use.claims)
        )
    return tuple(found)


def _shown(claim: Claim) -> bool:
    return claim.parameter.startswith(("trade:export:CN:", "licence:", "price:", "press:", "robots:", "event:"))


def _method(ground: Ground) -> tuple[str, ...]:
    info, run = ground.run.info, ground.run
    about = info.get("fit_about")
    said = [
        f"Scenario {run.scenario}: {ground.plan['question']} Steps of {run.info['step_days']:g} days from "
        f"{wording.day(ground.start)} to {wording.day(ground.end)}; {wording.count(run.draws)} draws of "
        f"{info.get('links')} "
        "links between "
        f"{info.get('facilities')} plants and their makers, in the world as known on {info['world_known']}.",
        "Every quantile is taken over the draws' own values, never from a median path. Each draw takes every uncertain "
        "input from its own spread; the equations stand in docs/model.md of the source, the tables in "
        "docs/data.md. First "
        "lines slow on the day the joint output of a product's makers in a country falls below 95 % of what is wanted; "
        "half of them stop below 50 %.",
        f"Run {run.id}: seed {info['seed']}, code {info['code']}, network {info['network']}, claims "
        f"{info.get('claims') or 'not kept'}; unexplained mass at most {run.mass_residual:.1g} of an element's "
        "flow. The "
        "same scenario, seed and code give the same numbers to the bit.",
    ]
    if about:
        seen = [f"{o['name']} ({_told(o)})" for o in about.get("observations", ())]
        said.append(
            f"The fit of the licensing ({info['fit']}): {about.get('members')} members, {about.get('rounds')} "
            "rounds, on "
            f"figures up to {about['until']} only, with {wording.percent(float(about.get('discrepancy', 0.0)))} "
            "of a month "
            f"left unexplained: {'; '.join(seen)}."
        )
    return (*said, *economic.method(ground))


def _told(observation: dict[str, Any]) -> str:
    after = observation["posterior"]
    if observation["kind"] == "stop":
        days = [EPOCH + timedelta(days=v) for v in (observation["value"], after["median"])]
        return f"observed {wording.day(days[0])}, fitted {wording.day(days[1])}"
    if observation["kind"] == "share":
        return f"observed {wording.percent(observation['value'])}, fitted {wording.percent(after['median'])}"
    return f"observed {wording.amount(observation['value'])}, fitted {wording.amount(after['median'])}"
