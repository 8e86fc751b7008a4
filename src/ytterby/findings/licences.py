"""Home to licences: what was applied for, granted, refused and is waiting, beside the shares that were told."""

from __future__ import annotations

from typing import Any

import numpy as np

from ytterby.evidence.claims import Claim
from ytterby.figures import Caption, fan
from ytterby.findings import wording
from ytterby.findings.ground import Floats, Ground, both, fan_rows, points
from ytterby.report import Section, Table
from ytterby.run.observations import inside

PLACE = "EU"
"""Where approval shares were told most often."""


def section(ground: Ground) -> Section | None:
    """Share granted of what was applied for, so far; None where the run has no licences."""
    if ground.controls is None:
        return None
    share, labels = granted_share(ground, PLACE), ground.run.labels("applied")
    begun = [k for k, p in enumerate(ground.periods) if np.median(_sofar(ground, "applied", PLACE)[k]) > 0]
    if not begun:
        return None
    told = [c for c in ground.starting("licence:") if c.kind == "share" or c.parameter.endswith("_share")]
    told = [
        c for c in told if (c.parameter.endswith("_share") and c.value is not None and "clepa" in c.parameter) or _eu(c)
    ]
    observed = _observed(ground, told)
    last = points(share[-1])
    title = (
        f"By the end of {wording.period(ground.periods[-1])} {wording.percent(last['median'])} of what the EU "
        "applied for is granted "
        f"{wording.span(wording.percent(last['p05']), wording.percent(last['p95']))}"
    )
    caption = Caption(
        title,
        f"% of tonnes applied for since {wording.day(ground.controls)}, EU27 · {wording.count(ground.run.draws)} draws",
        ground.cite(told),
        note="What was told counts files of one association's members, the run tonnes of all: they need not agree.",
        bare=ground.bare,
    )
    periods = [ground.periods[k] for k in begun]
    drawn = both(lambda width: fan(fan_rows(periods, 100 * share[begun]), caption, observed=observed, width=width))
    rows = [_line(ground, region) for region in labels if ground.series("applied")[labels.index(region)].any()]
    head = ("Destination", "Applied, t", "Granted, t", "Refused, t", "Waiting at the end, t", "Granted")
    return Section(
        title,
        "Sums over the run, medians of the draws. What is neither granted nor refused is under review or was "
        "withdrawn.",
        *drawn,
        Table((*head, "5–95 %"), sorted(rows, key=lambda r: -float(r[1] or 0.0))),
        (ground.by_itself, *ground.cite(told)),
        anchor="licences",
    )


def _eu(claim: Claim) -> bool:
    return claim.counterpart == PLACE and claim.parameter.endswith("_share") and "stop" not in claim.parameter


def _sofar(ground: Ground, series: str, place: str) -> Floats:
    rows = [k for k, region in enumerate(ground.run.labels(series)) if inside(place, region)]
    return np.asarray(ground.series(series)[rows].sum(axis=0).cumsum(axis=0))


def granted_share(ground: Ground, place: str) -> Floats:
    """Granted over applied for, both summed up to the end of each period (period, draw)."""
    applied, granted = _sofar(ground, "applied", place), _sofar(ground, "granted", place)
    return np.divide(granted, applied, out=np.zeros_like(granted), where=applied > 0)


def _observed(ground: Ground, told: list[Claim]) -> list[dict[str, Any]]:
    about = ground.run.info.get("fit_about") or {}
    fitted = {o["name"] for o in about.get("observations", ())}
    rows = []
    for claim in told:
        if claim.counterpart == PLACE and claim.unit == "share" and f"{ground.start}" <= claim.as_of <= f"{ground.end}":
            share = 100 * float(claim.value or 0.0)
            rows.append({"period": claim.as_of, "value": share, "fitted": claim.parameter in fitted})
    return rows


def _line(ground: Ground, region: str) -> tuple[str | float | None, ...]:
    row = ground.run.labels("applied").index(region)
    applied, granted, refused = (ground.series(name)[row].sum(axis=0) for name in ("applied", "granted", "refused"))
    waiting = ground.series("waiting")[row][-1]
    share = points(np.divide(granted, applied, out=np.zeros_like(granted), where=applied > 0))
    return (
        wording.short_place(region),
        *(points(v)["median"] for v in (applied, granted, refused, waiting)),
        wording.percent(share["median"]),
        f"{wording.percent(share['p05'])} to {wording.percent(share['p95'])}",
    )
