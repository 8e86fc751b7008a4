"""Home to the scores that indices weigh countries and elements with, as known on a day, with their spreads.

Governance (`governance.csv`), recycling and substitution (`substitution.csv`) and trade factors (`trade.csv`) stand in
`data/indices`; of several editions the newest that was known counts. What is from memory is marked as assumed.
"""

from __future__ import annotations

import csv
import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from ytterby.terms.errors import BadValue, UnknownName

Floats = NDArray[np.float64]
Z95 = 1.6448536269514722
"""Standard normal 95 % point: a range of 5 to 95 % is this many deviations to either side."""


@dataclass(frozen=True, slots=True)
class Score:
    """A score with its spread, and whether it is assumed."""

    value: float
    low: float
    high: float
    assumed: bool
    source: str

    def drawn(self, z: Floats) -> Floats:
        """The score at standard normal deviates, its two sides each with their own spread."""
        side = np.where(z < 0.0, self.value - self.low, self.high - self.value)
        return np.asarray(self.value + side * z / Z95)


@cache
def rows(name: str) -> tuple[Mapping[str, str], ...]:
    """Lines of ``data/indices/<name>.csv`` as text by column."""
    text = files("ytterby").joinpath("data", "indices", f"{name}.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))


def governance(country: str, score: str, day: datetime.date) -> Score | None:
    """``stability`` or ``overall`` of a country, -2.5 to 2.5, as known on a day; None where it has none.

    Raises:
        BadValue: no score of any country was known on that day.
    """
    known = [line for line in rows("governance") if line["score"] == score and line["known"] <= day.isoformat()]
    if not known:
        first = min(line["known"] for line in rows("governance") if line["score"] == score)
        raise BadValue(f"no governance score was known on {day}", place="known", remedy=f"give a day from {first} on")
    line = max((one for one in known if one["country"] == country), key=lambda one: one["known"], default=None)
    if line is None:
        return None
    value, error = float(line["value"]), float(line["error"])
    return Score(value, value - Z95 * error, value + Z95 * error, _assumed(line), line["source_title"])


def of_element(element: str, what: str, day: datetime.date) -> Score:
    """``recycled`` (end-of-life recycling input rate) or ``substitution`` (SI of supply risk) of an element.

    Raises:
        UnknownName: nothing was known of that element on that day.
    """
    known = [line for line in rows("substitution") if line["what"] == what and line["known"] <= day.isoformat()]
    line = max((one for one in known if one["element"] == element), key=lambda one: one["known"], default=None)
    if line is None:
        raise UnknownName(element, [one["element"] for one in known], what=f"element with a figure for '{what}'")
    return Score(float(line["value"]), float(line["low"]), float(line["high"]), _assumed(line), line["source_title"])


def trade_factor(countries: Sequence[str], union: Sequence[str], stage: str, day: datetime.date) -> Floats:
    """(country,) what trade measures do to a supplier in the eyes of the EU: 1 usual, 0.8 within, above 1 held back."""
    told = [line for line in rows("trade") if line["stage"] in ("", stage) and line["known"] <= day.isoformat()]
    found = np.ones(len(countries))
    for line in told:
        for at, country in enumerate(countries):
            if country == line["country"] or (line["country"] == "EU" and country in union):
                found[at] = float(line["factor"])
    return found


def _assumed(line: Mapping[str, str]) -> bool:
    return line["access"] == "recall" or line["confidence"] == "C"
