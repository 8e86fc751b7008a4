"""Home to who is who: what the addresses in events stand for, kept by the user in ``custody/registry.yaml``.

A facility says where it is, what it runs and how much it can; a party who it is and who owns it; a material which lots
it has. What nobody told is unknown and is said so; nothing here is needed to capture events.
"""

from __future__ import annotations

import datetime
from collections import Counter
from functools import cached_property
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from ytterby.custody.epcis.identifiers import address as spelled
from ytterby.terms.elements import INDEX
from ytterby.terms.errors import shown

BASE = "https://ytterby.org/world/facility/"
"""Addresses of the world's facilities begin so; nothing answers there."""

Share = Annotated[float, Field(ge=0, le=1)]


class Entry(BaseModel):
    """One record of the registry."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Facility(Entry):
    """A place of business that holds, changes or uses material."""

    id: str
    """A facility of the world, or a name of the user's own."""
    addresses: tuple[str, ...] = Field(min_length=1)
    """The locations (SGLN, digital link, any address) that are this facility."""
    name: str = ""
    name_zh: str = ""
    place: str = ""
    """ISO 3166 alpha-2."""
    lat: Annotated[float, Field(ge=-90, le=90)] | None = None
    lon: Annotated[float, Field(ge=-180, le=180)] | None = None
    stage: str = ""
    recipes: tuple[str, ...] = ()
    """Recipes it runs; their yields and losses bound what may come out."""
    party: str = ""
    """Who runs it."""
    capacity_kg_month: Annotated[float, Field(gt=0)] | None = None
    """What it can make in a month."""
    arisings_kg_month: Annotated[float, Field(ge=0)] | None = None
    """Scrap that can come to it from outside the books in a month."""


class Party(Entry):
    """A firm."""

    id: str
    addresses: tuple[str, ...] = ()
    name: str = ""
    name_zh: str = ""
    place: str = ""
    owners: dict[str, Share] = Field(default_factory=dict)
    end_use: str = ""
    needs_kg_month: dict[str, float] = Field(default_factory=dict)
    """Element or material -> kilograms a month it can use: more than that is asked after."""


class Lots(Entry):
    """Lots of one material: every lot whose address begins so."""

    prefix: str
    material: str
    composition: dict[str, Share] = Field(default_factory=dict)
    """Mass fractions, where lots have no assay of their own."""


def _wrong(text: str) -> PydanticCustomError:
    return PydanticCustomError("registry", "{text}", {"text": text})


def _twice(names: list[str]) -> str | None:
    counted = Counter(names)
    return next((name for name in names if counted[name] > 1), None)


class Recipe(Entry):
    """What a process makes of what, by element: the yield it should have."""

    id: str
    yields: dict[str, tuple[Share, Share]] = Field(default_factory=dict)
    """Element -> (least, most) of what went in that comes out; "" = all elements."""
    assumed: bool = False

    @model_validator(mode="after")
    def _ordered(self) -> Recipe:
        for element, (least, most) in self.yields.items():
            if element and element not in INDEX:
                raise _wrong(f"'{shown(element)}' is no rare earth: write its symbol")
            if least > most:
                raise _wrong(f"the yield of {element or 'all'} is from {least:g} to {most:g}: write the lesser first")
        return self


def _written(day: object) -> object:
    """A day that YAML took for one, as text."""
    return day.isoformat() if isinstance(day, datetime.date) else day


class Count(Entry):
    """A declared inventory: so much of a material or lot lay at a facility at the end of a day."""

    facility: str
    day: Annotated[str, BeforeValidator(_written), Field(pattern=r"^\d{4}-\d{2}-\d{2}$")]
    """ISO, UTC."""
    material: str = ""
    lot: str = ""
    kg: Annotated[float, Field(ge=0)]
    sigma_kg: Annotated[float, Field(ge=0)] = 0.0
    """Standard uncertainty; 0 = not told."""

    @model_validator(mode="after")
    def _told(self) -> Count:
        try:
            datetime.date.fromisoformat(self.day)
        except ValueError as error:
            raise _wrong(f"'{shown(self.day)}' is no day: write 2026-01-31") from error
        if self.lot and self.material:
            raise _wrong("a count is of a lot or of a material: leave one of them out")
        return self


class Registry(Entry):
    """All of it."""

    facilities: tuple[Facility, ...] = ()
    parties: tuple[Party, ...] = ()
    lots: tuple[Lots, ...] = ()
    recipes: tuple[Recipe, ...] = ()
    counts: tuple[Count, ...] = ()

    @model_validator(mode="after")
    def _sound(self) -> Registry:
        """Every id once, every address one firm's, every count of a facility there is."""
        for what, entries in (("facility", self.facilities), ("party", self.parties)):
            owner: dict[str, str] = {}
            for one in entries:
                for name in dict.fromkeys((one.id, *map(spelled, one.addresses))):
                    if owner.setdefault(name, one.id) != one.id:
                        raise _wrong(f"'{shown(name)}' is two of {what}: {owner[name]} and {one.id}")
            ids = [one.id for one in entries]
            twice = _twice(ids)
            if twice is not None:
                raise _wrong(f"{what} '{shown(twice)}' twice: give each its own id")
        recipes = [one.id for one in self.recipes]
        twice = _twice(recipes)
        if twice is not None:
            raise _wrong(f"recipe '{shown(twice)}' twice: give each its own id")
        return self

    def facility(self, address: str) -> Facility | None:
        """The facility an address belongs to, in any of its spellings."""
        return self._facilities.get(address) or self._facilities.get(spelled(address))

    def party(self, address: str) -> Party | None:
        """The party an address belongs to, in any of its spellings."""
        return self._parties.get(address) or self._parties.get(spelled(address))

    @cached_property
    def _facilities(self) -> dict[str, Facility]:
        return {name: one for one in self.facilities for name in (one.id, *map(spelled, one.addresses))}

    @cached_property
    def _parties(self) -> dict[str, Party]:
        return {name: one for one in self.parties for name in (one.id, *map(spelled, one.addresses))}
