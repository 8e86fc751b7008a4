"""Home to sequential tests: a small steady change in a stream of figures, found as early as can be.

A stream's own past says what is usual: each figure is set against the mean and spread of those before it and turned
into a standard normal deviate by its t distribution (Hawkins, Self-starting CUSUM charts, The Statistician 36, 1987),
so the false-alarm rate holds from the third figure on, without a period of calibration. The deviates are summed (Page,
Continuous inspection schemes, Biometrika 41, 1954):

    S+ = max(0, S+ + w - k),   S- = max(0, S- - w - k),   alarm when either passes h

`k` is half the change, in standard deviations, that is to be found fastest. The mean number of figures between false
alarms of one side is, after Siegmund (Sequential Analysis, 1985), (exp(2 k b) - 2 k b - 1) / (2 k²) with b = h + 1.166.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, special

Floats = NDArray[np.float64]
OVERSHOOT = 1.166
REFERENCE = 0.5
LEAST = 3
"""Figures before the first deviate."""
WIDEST = 8.0
"""No deviate counts for more: one gross error is no drift."""
LOUD = 3.5
"""A figure farther out goes into the past as if it lay there: what is rare and gross is not taken for usual."""


@dataclass(frozen=True, slots=True)
class Drift:
    """What a stream did."""

    at: int
    """Row at which it was called; -1: never."""
    since: int
    """Row from which on the sum rose: where the change began, as far as it can be told."""
    sign: int
    """+1: figures rose, -1: they fell."""
    peak: float
    """Largest sum reached."""


def mean_length(h: float, k: float = REFERENCE) -> float:
    """Figures between two false alarms of a two-sided test."""
    b = h + OVERSHOOT
    return 0.5 * (math.exp(2.0 * k * b) - 2.0 * k * b - 1.0) / (2.0 * k * k)


def limit(rate: float, k: float = REFERENCE) -> float:
    """The `h` at which a stream gives `rate` false alarms per figure."""
    return float(optimize.brentq(lambda h: 1.0 / mean_length(h, k) - rate, 0.1, 80.0))


def deviates(values: Floats) -> Floats:
    """Standard normal deviates of a stream against its own past, 0 for the first ones (row,)."""
    found = _against(values, values)
    loud = np.flatnonzero(np.abs(found) > LOUD)
    if not len(loud):
        return found
    kept = values.astype(np.float64, copy=True)
    while len(loud):
        row = int(loud[0])
        mean, spread = float(np.mean(kept[:row])), float(np.std(kept[:row], ddof=1))
        reach = -float(special.stdtrit(row - 1, special.ndtr(-LOUD))) * spread * math.sqrt((row + 1) / row)
        kept[row] = min(max(kept[row], mean - reach), mean + reach)
        found = _against(values, kept)
        loud = np.flatnonzero(np.abs(found) > LOUD)
        loud = loud[loud > row]
    return found


def _against(values: Floats, past_values: Floats) -> Floats:
    """Deviates of figures against the mean and spread of `past_values` before each."""
    count = len(values)
    found = np.zeros(count)
    if count <= LEAST:
        return found
    n = np.arange(1, count + 1)
    # sums about the first figure: their squares lose no digits
    centred, past_of = values - values[0], past_values - values[0]
    mean = np.cumsum(past_of) / n
    square = np.cumsum(past_of**2)
    spread = np.sqrt(np.maximum(square - n * mean**2, 0.0) / np.maximum(n - 1, 1))
    before = np.arange(LEAST, count)
    past_mean, past_spread, past = mean[before - 1], spread[before - 1], n[before - 1]
    floor = 1e-12 * np.maximum(np.abs(values[before]), 1e-300)
    with np.errstate(over="ignore"):  # beyond all bounds is cut to `WIDEST` below
        t = (centred[before] - past_mean) / np.maximum(past_spread, floor) * np.sqrt(past / (past + 1.0))
    tail = special.stdtr(past - 1, -np.abs(t))
    found[before] = np.sign(t) * np.minimum(-special.ndtri(np.maximum(tail, 1e-300)), WIDEST)
    return found


def drift(values: Floats, h: float, k: float = REFERENCE) -> Drift:
    """Whether and when a stream drifted from what it was before.

    From the alarm on, its past is left as it was before the change, so that a change is not taken for usual; the first
    alarm ends the test.
    """
    return sums(deviates(values), h, k)


def sums(deviations: Floats, h: float, k: float = REFERENCE) -> Drift:
    """The same of figures that are standard normal deviates already."""
    up = down = peak = 0.0
    up_since = down_since = 0
    for row, w in enumerate(deviations.tolist()):
        up, up_since = (up + w - k, up_since) if up + w - k > 0.0 else (0.0, row + 1)
        down, down_since = (down - w - k, down_since) if down - w - k > 0.0 else (0.0, row + 1)
        peak = max(peak, up, down)
        if up > h or down > h:
            rising = up > h
            return Drift(row, up_since if rising else down_since, 1 if rising else -1, peak)
    return Drift(-1, -1, 0, peak)
