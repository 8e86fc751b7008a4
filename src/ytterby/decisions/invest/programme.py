"""Home to the flow programme of a region: plants with their capacity year by year, recipes, and what is wanted at home.

Plain data, so a case of three plants can be written by hand and worked out on paper. Amounts are tonnes a year of the
material as traded; a plant's load is in the units its capacity is counted in.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from ytterby.terms.errors import BadValue, UnknownName

STAGES = ("mine", "separation", "recycling", "metal", "alloy", "magnet")


@dataclass(frozen=True, slots=True)
class Plant:
    """A plant, or one that could be built."""

    id: str
    stage: str
    region: str
    capacity: tuple[float, ...]
    """(year,) load units it can run in each year, ramps and controls included."""
    capex: float = math.inf
    """USD per load unit a year; infinite where money builds nothing."""
    ready: tuple[float, ...] = (0.0, 1.0)
    """Share of an order that runs in the year of the order, the next one, and so on; the last holds from then on."""
    most: float = math.inf
    """Load units a year that may be added in all."""
    least: float = 0.0
    """Smallest order worth building, load units a year; 0 builds any size."""
    yields: tuple[float, ...] = ()
    """(year,) factor on what its recipes give; 1 where empty."""
    assumed: bool = False
    new: bool = False
    """Whether it does not stand yet, not even as an announcement."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """One way to run a plant: tonnes in and out for each unit of activity."""

    id: str
    plant: str
    load: float
    inputs: Mapping[str, float]
    outputs: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Programme:
    """What can be made and what is wanted, year by year."""

    years: tuple[int, ...]
    plants: tuple[Plant, ...]
    recipes: tuple[Recipe, ...]
    needs: Mapping[str, tuple[float, ...]]
    """Material -> (year,) t wanted at home."""
    given: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    """Material -> (year,) t that come without a plant, such as scrap that is collected."""
    stock: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    """Want -> (year,) t of it that makers hold: it carries them when imports stop; none where it is not named."""
    price: Mapping[str, float] = field(default_factory=dict)
    """Want -> USD per t, when it is bought for a stockpile; 0 where it is not named."""
    home: str = ""
    """Region whose makers want it."""
    first: int = 0
    """First year in which something may be ordered; 0 is the first of `years`."""

    @property
    def materials(self) -> tuple[str, ...]:
        """Everything that is made, used or wanted, in order of name."""
        named: set[str] = set(self.needs) | set(self.given)
        for recipe in self.recipes:
            named |= set(recipe.inputs) | set(recipe.outputs)
        return tuple(sorted(named))

    def wanted(self, year: int) -> float:
        """All that is wanted at home in a year, t."""
        at = self.at(year)
        return sum(row[at] for row in self.needs.values())

    def held(self, want: str, year: int) -> float:
        """What makers hold of a want in a year, t."""
        return self.stock[want][self.at(year)] if want in self.stock else 0.0

    def at(self, year: int) -> int:
        """Row of a year.

        Raises:
            BadValue: a year the programme does not cover.
        """
        if year not in self.years:
            raise BadValue(
                f"the year {year} lies outside what is planned",
                place="goal",
                remedy=f"name a year from {self.years[0]} to {self.years[-1]}",
            )
        return self.years.index(year)

    def checked(self) -> Programme:
        """The programme itself, found sound.

        Raises:
            UnknownName: a recipe of a plant that is not there.
            BadValue: rows that do not fit the years, a negative amount, nothing wanted.
        """
        if not self.years or list(self.years) != list(range(self.years[0], self.years[0] + len(self.years))):
            raise BadValue("the years are not in a row", place="programme", remedy="give every year once, in order")
        _rows(((f"capacity of {p.id}", p.capacity) for p in self.plants), len(self.years))
        _rows(((f"yields of {p.id}", p.yields) for p in self.plants if p.yields), len(self.years))
        _rows(((f"need of {m}", row) for m, row in self.needs.items()), len(self.years))
        _rows(((f"supply of {m}", row) for m, row in self.given.items()), len(self.years))
        _rows(((f"stock of {m}", row) for m, row in self.stock.items()), len(self.years))
        _rows([("prices", tuple(self.price.values()))], len(self.price))
        known = {plant.id for plant in self.plants}
        for recipe in self.recipes:
            if recipe.plant not in known:
                raise UnknownName(recipe.plant, known, what="plant", place=f"recipe {recipe.id}")
            amounts = (*recipe.inputs.values(), *recipe.outputs.values(), recipe.load)
            _rows([(f"recipe {recipe.id}", amounts)], len(amounts))
        for plant in self.plants:
            sizes = (plant.most, plant.least, plant.capex, *plant.ready)
            if min(sizes) < 0 or any(math.isnan(size) for size in sizes) or max(plant.ready, default=0) > 1:
                raise BadValue(f"plant {plant.id} has a size below zero", place="programme", remedy="give 0 or more")
        return self


def _rows(named: Iterable[tuple[str, tuple[float, ...]]], length: int) -> None:
    for place, row in named:
        if len(row) != length:
            raise BadValue(f"{len(row)} values for {length} years", place=place, remedy="give one for each year")
        if not all(math.isfinite(value) and value >= 0 for value in row):
            raise BadValue("a value is negative or not finite", place=place, remedy="give numbers of 0 or more")
