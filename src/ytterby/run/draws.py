"""Home to the draws: uncertain parameters and how a world's values are drawn from them.

Common random numbers: the uniforms of a parameter depend on the seed and on its *name* only, so two scenarios that
share a parameter share its draws, whatever else either of them has. Within one parameter the draws are a Latin
hypercube (one value per 1/n quantile band), which lowers the noise of every metric.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from ytterby.terms.errors import BadValue

Z95 = 1.6448536269514722
"""Standard normal quantile of 95 %: `low` and `high` are the 5 % and 95 % points."""

CHUNK = 32
"""Draws simulated at once: with some thousands of links a state of a megabyte an array, held in the cache of a core."""

KINDS = ("point", "normal", "lognormal", "beta", "uniform", "triangular")


@dataclass(frozen=True)
class Parameter:
    """One uncertain number with its median and its 5 % and 95 % points.

    `kind`: ``lognormal`` and ``normal`` are two-piece (each side its own spread), ``beta`` is that on the logit of a
    share, ``uniform`` and ``triangular`` run from `low` to `high`, ``point`` is certain.
    """

    name: str
    median: float
    low: float
    high: float
    unit: str = ""
    kind: str = "point"
    assumed: bool = False
    claims: tuple[tuple[str, float], ...] = ()

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise BadValue(
                f"{self.kind!r} is no distribution", place=self.name, remedy=f"use one of {', '.join(KINDS)}"
            )
        if not (np.isfinite(self.median) and self.low <= self.median <= self.high):
            raise BadValue(
                f"low {self.low:g}, median {self.median:g}, high {self.high:g} are not in order",
                place=self.name,
                remedy="give low <= median <= high",
            )

    def quantile(self, u: NDArray[np.float64]) -> NDArray[np.float64]:
        """Value at each probability of `u`, same shape."""
        if self.kind == "point" or self.low == self.high:
            return np.full_like(u, self.median)
        if self.kind == "uniform":
            return self.low + (self.high - self.low) * u
        if self.kind == "triangular":
            return _triangular(u, self.low, self.median, self.high)
        return self.from_normal(np.clip(ndtri(u), -3.0, 3.0))

    def from_normal(self, z: NDArray[np.float64]) -> NDArray[np.float64]:
        """Value at each standard normal score: how a fit moves a parameter without leaving its range."""
        if self.kind == "point" or self.low == self.high:
            return np.full_like(z, self.median)
        if self.kind in ("uniform", "triangular"):
            from scipy.special import ndtr

            return self.quantile(ndtr(z))
        if self.kind == "normal":
            return _two_piece(z, self.low, self.median, self.high)
        if self.kind == "lognormal":
            floor = 1e-9 * max(abs(self.median), 1e-300)
            return np.exp(_two_piece(z, *(float(np.log(max(v, floor))) for v in (self.low, self.median, self.high))))
        edge = 1e-6
        low, mid, high = (float(np.clip(v, edge, 1.0 - edge)) for v in (self.low, self.median, self.high))
        scores = _two_piece(z, *(float(np.log(v / (1.0 - v))) for v in (low, mid, high)))
        return 1.0 / (1.0 + np.exp(-scores))


def _two_piece(z: NDArray[np.float64], low: float, mid: float, high: float) -> NDArray[np.float64]:
    return mid + z * np.where(z < 0.0, mid - low, high - mid) / Z95


def _triangular(u: NDArray[np.float64], low: float, mode: float, high: float) -> NDArray[np.float64]:
    split = (mode - low) / (high - low)
    left = low + np.sqrt(u * (high - low) * (mode - low))
    right = high - np.sqrt((1.0 - u) * (high - low) * (high - mode))
    return np.where(u < split, left, right)


def generator(seed: int, name: str) -> np.random.Generator:
    """The random stream that belongs to a name under a seed, the same on every machine."""
    key = int.from_bytes(hashlib.sha256(f"{seed}\x00{name}".encode()).digest()[:16], "big")
    return np.random.Generator(np.random.Philox(key=key))


def uniforms(seed: int, name: str, draws: int) -> NDArray[np.float64]:
    """Latin hypercube uniforms of one parameter, (draw,)."""
    stream = generator(seed, name)
    return (stream.permutation(draws) + stream.random(draws)) / draws


def draw(parameters: Iterable[Parameter], seed: int, draws: int) -> dict[str, NDArray[np.float64]]:
    """Values of every parameter, each (draw,).

    Raises BadValue for fewer than one draw.
    """
    enough(draws)
    return {p.name: p.quantile(uniforms(seed, p.name, draws)) for p in parameters}


def enough(draws: int) -> None:
    """Raises BadValue for fewer than one draw."""
    if draws < 1:
        raise BadValue(f"{draws} draws", place="draws", remedy="ask for at least 1")


def slice_of(drawn: Mapping[str, NDArray[np.float64]], first: int, last: int) -> dict[str, NDArray[np.float64]]:
    """The draws from `first` up to `last` (not included)."""
    return {name: values[first:last] for name, values in drawn.items()}


def edges(draws: int, chunk: int) -> list[tuple[int, int]]:
    """First draw and end (not included) of each chunk of an ensemble."""
    return [(first, min(first + chunk, draws)) for first in range(0, draws, chunk)]
