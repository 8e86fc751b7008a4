"""Home to prices: NdPr, Dy, Tb and Y in both zones, beside what was quoted."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np

from ytterby.evidence.claims import Claim
from ytterby.figures import Caption, fan
from ytterby.findings import wording
from ytterby.findings.ground import Floats, Ground, both, fan_rows, points
from ytterby.report import Section, Table

SHOWN = ("NdPr", "Dy", "Tb", "Y")
ABROAD = ("CIF Europe", "Rotterdam ask", "Europe")
AT_HOME = ("China domestic",)
HOME, REST = "CN", "XX"


def sections(ground: Ground) -> list[Section]:
    """A fan of the price outside China for each oxide, the Chinese one as a line."""
    made = [_section(ground, element) for element in SHOWN]
    return [section for section in made if section is not None]


def _section(ground: Ground, element: str) -> Section | None:
    labels = ground.run.labels("prices")
    wanted = [f"oxide.{element}|{zone}" for zone in (HOME, REST)]
    if any(name not in labels for name in wanted):
        return None
    home, rest = (ground.series("prices")[labels.index(name)] for name in wanted)
    ratio = [points(rest[k] / np.maximum(home[k], 1e-12)) for k in range(len(ground.periods))]
    top = max(range(len(ratio)), key=lambda k: ratio[k]["median"])
    at = ratio[top]
    when = wording.period(ground.periods[top])
    title = f"{element} oxide outside China costs at most {_times(at['median'])} times the Chinese price, in {when}"
    abroad, chinese = _quoted(ground, element, ABROAD), _quoted(ground, element, AT_HOME)
    used = [claim for _, claim in abroad + chinese]
    caption = Caption(
        title,
        f"USD per kg of oxide, outside China · {wording.count(ground.run.draws)} draws",
        ground.cite(used) or (ground.by_itself,),
        note="Points are quotes in Europe; the lines are the Chinese price, from the run and as quoted.",
        bare=ground.bare,
    )
    lines = [
        {"name": "China, median", "rows": _line(ground, home)},
        {"name": "China, quoted", "rows": [row for row, _ in chinese]},
    ]
    drawn = both(
        lambda width: fan(
            fan_rows(ground.periods, rest),
            caption,
            observed=[row for row, _ in abroad],
            references=[line for line in lines if line["rows"]],
            width=width,
        )
    )
    rows = []
    for k, period in enumerate(ground.periods):
        inside, outside = points(home[k]), points(rest[k])
        rows.append((period, inside["median"], outside["p05"], outside["median"], outside["p95"], ratio[k]["median"]))
    head = ("Period", "China, median", "Rest 5 %", "Rest, median", "Rest 95 %", "Ratio, median")
    return Section(
        title,
        f"{_times(at['p05'])} to {_times(at['p95'])} times in 90 % of the draws. "
        f"{_inside(ground, rest, abroad)}Prices move with what buyers lack; {_fitted(ground, element)}.",
        *drawn,
        Table(head, rows, "USD per kg of oxide"),
        (ground.by_itself, *ground.cite(used)),
        anchor=f"price-{element.lower()}",
    )


def _times(ratio: float) -> str:
    return f"{ratio:.1f}" if ratio < 10 else f"{ratio:.0f}"


def _fitted(ground: Ground, element: str) -> str:
    """Which quotes of the oxide the fit saw."""
    about = ground.run.info.get("fit_about") or {}
    seen = [
        o["last"] for o in about.get("observations", ()) if o["kind"] == "price" and o["place"] == f"oxide.{element}"
    ]
    if not seen:
        return "no quote of this oxide was fitted"
    days = " and ".join(wording.day(date.fromisoformat(day)) for day in seen)
    return f"of the quotes the fit saw that of {days} only"


def _inside(ground: Ground, values: Floats, quotes: list[tuple[dict[str, Any], Claim]]) -> str:
    """How many quotes the band holds."""
    if not quotes:
        return "No quote from outside China is kept for these days. "
    held = 0
    for row, _ in quotes:
        day = f"{row['period']}-01"[:10]
        at = points(values[max(k for k, first in enumerate(ground.starts) if first.isoformat() <= day)])
        held += at["p05"] <= row["value"] <= at["p95"]
    return f"{held} of {len(quotes)} quotes from Europe fall into the 90 % band. "


def _line(ground: Ground, values: np.ndarray) -> list[dict[str, Any]]:
    return [{"period": label, "value": points(values[k])["median"]} for k, label in enumerate(ground.periods)]


def _quoted(ground: Ground, element: str, bases: tuple[str, ...]) -> list[tuple[dict[str, Any], Claim]]:
    found = []
    for basis in bases:
        for claim in ground.starting(f"price:{element} oxide:{basis}:"):
            dollars = claim.unit == "USD/kg" and claim.value is not None
            if dollars and len(claim.period) >= 7 and f"{ground.start}" <= f"{claim.period}-01"[:10] <= f"{ground.end}":
                found.append(
                    ({"period": claim.period, "value": float(claim.value or 0.0), "assumed": claim.assumed}, claim)
                )
    return found
